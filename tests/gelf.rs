//! The GELF doors from outside: over UDP whole, compressed and in chunks, over TCP with a NUL behind each message.

mod support;

use std::{
    io::Write,
    net::{TcpStream, UdpSocket},
};

use support::{Instance, ask, eventually, free_port};

fn message(text: &str) -> Vec<u8> {
    format!(r#"{{"version":"1.1","host":"app1","short_message":"{text}","level":4,"_tenant":7}}"#).into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    to.write_all(bytes).unwrap();
    to.finish().unwrap()
}

fn chunk(id: u8, number: u8, count: u8, part: &[u8]) -> Vec<u8> {
    [&[0x1e, 0x0f][..], &[id; 8], &[number, count], part].concat()
}

#[test]
fn messages_come_whole_compressed_and_in_chunks_and_what_stays_incomplete_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (udp, tcp) = (free_port(), free_port());
    let source = |url: String| format!("[[source]]\ntype = \"gelf\"\nlisten = \"{url}\"\n");
    let more = source(format!("udp://127.0.0.1:{udp}")) + &source(format!("tcp://127.0.0.1:{tcp}"));
    let instance = Instance::start(folder.path(), &more);
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let send = |datagram: &[u8]| assert_eq!(socket.send_to(datagram, ("127.0.0.1", udp)).unwrap(), datagram.len());
    send(&message("plain"));
    send(&gzip(&message("packed")));
    let packed = gzip(&message("in three parts"));
    for number in [2, 0, 1] {
        let (from, to) = (usize::from(number) * packed.len() / 3, usize::from(number + 1) * packed.len() / 3);
        send(&chunk(1, number, 3, &packed[from..to]));
    }
    send(&chunk(2, 0, 2, b"the other half never comes"));
    send(&chunk(3, 5, 2, b"the sixth of two"));
    let mut stream = TcpStream::connect(("127.0.0.1", tcp)).unwrap();
    stream.write_all(&[message("first\\nline"), vec![0], message("second"), vec![0]].concat()).unwrap();
    let journalled = || instance.metric("roundsman_records_journalled_total") == 5.0;
    eventually("five messages", || journalled().then_some(()));
    eventually("what stays incomplete", || (instance.metric("roundsman_records_dropped_total") == 1.0).then_some(()));
    assert_eq!(instance.metric("roundsman_records_rejected_total"), 1.0);
    assert_eq!(instance.metric("roundsman_records_received_total"), 7.0);
    eventually("five events", || {
        let of_gelf = instance.metrics().into_iter().filter(|(series, _)| series.contains("format=\"gelf\""));
        (of_gelf.map(|(_, count)| count).sum::<f64>() == 5.0).then_some(())
    });
    let folder = instance.folder.clone();
    instance.stop();
    let kept = ask(&folder, &["journal", "cat", "data"]);
    for text in ["plain", "packed", "in three parts", "first\\nline", "second"] {
        assert!(kept.contains(&String::from_utf8(message(text)).unwrap()), "{text} in {kept}");
    }
}
