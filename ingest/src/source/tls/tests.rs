//! Syslog over TLS with real handshakes, up to what the journal then holds.

use std::{fs, net::SocketAddr, time::Duration};

use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    testing::{Authority, Issued, connect},
    *,
};
use crate::{
    Transport,
    journal::Options,
    source::{
        senders::Senders,
        syslog::{self, SyslogConfig},
        testing::{SOON, Set},
    },
};

fn set(tls: TlsConfig) -> Set {
    let config = SyslogConfig { tls: Some(tls), ..SyslogConfig::new("tls://127.0.0.1:0".parse().unwrap()) };
    Set::of(|journal| syslog::spawn(&config, journal.appender()), Options::default())
}

/// A server's certificate of this authority, which asks senders for one of it too.
fn asking(authority: &Authority, allowed: &[&str]) -> TlsConfig {
    TlsConfig {
        client_ca: Some(Pem(authority.cert.clone())),
        allowed_subjects: allowed.iter().map(|text| text.parse().unwrap()).collect(),
        ..authority.issue("logs.example.net", &["localhost"]).server()
    }
}

/// Sends a record; an error where it is not let in. With TLS 1.3 a sender learns only after its handshake.
async fn send(to: SocketAddr, authority: &Authority, shows: Option<&Issued>, record: &str) -> std::io::Result<()> {
    let mut stream = connect(to, authority, shows).await?;
    stream.write_all(format!("{} {record}", record.len()).as_bytes()).await?;
    stream.shutdown().await?;
    stream.read_to_end(&mut Vec::new()).await.map(drop)
}

async fn refused(set: &Set, why: Refused) {
    set.until(why.slug(), |counts| counts.refused[why as usize] == 1).await;
    assert_eq!(set.counts().journalled, 0);
}

fn fingerprint(issued: &Issued) -> String {
    let digest = Sha256::digest(issued.der());
    format!("SHA256:{}", digest.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":"))
}

#[tokio::test]
async fn records_over_tls_are_journalled_as_such() {
    let authority = Authority::new("Test CA");
    let set = set(authority.issue("logs.example.net", &["localhost"]).server());
    let address = set.handle.address().unwrap();
    assert!(set.handle.label().starts_with("tls://127.0.0.1:"));
    send(address, &authority, None, "<13>one\nrecord").await.unwrap();
    let mut stream = connect(address, &authority, None).await.unwrap();
    stream.write_all(b"<13>two\n<13>three").await.unwrap();
    stream.flush().await.unwrap();
    drop(stream);
    set.until("all", |counts| counts.journalled == 3).await;
    let (counts, seen) = set.finish(Transport::Tls).await;
    assert_eq!(counts.received(), 3);
    let texts: Vec<_> = seen.iter().map(|seen| &*seen.text).collect();
    assert_eq!(texts, ["<13>one\nrecord", "<13>two", "<13>three"], "what a connection broke off in is a record too");
}

#[tokio::test]
async fn large_amounts_come_through_tls_unchanged() {
    let authority = Authority::new("Test CA");
    let set = set(authority.issue("logs.example.net", &["localhost"]).server());
    let many: String = (0..50_000).map(|n| format!("<13>line {n} {}\n", "z".repeat(n % 300))).collect();
    let mut stream = connect(set.handle.address().unwrap(), &authority, None).await.unwrap();
    stream.write_all(many.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    set.until("all", |counts| counts.journalled == 50_000).await;
    let (_, seen) = set.finish(Transport::Tls).await;
    assert!(seen.iter().zip(many.lines()).all(|(seen, line)| seen.text == line));
}

#[tokio::test]
async fn a_certificate_that_is_listed_is_let_in_and_all_others_are_counted_by_reason() {
    let authority = Authority::new("Test CA");
    let web = authority.issue("web1", &["web1.example.net"]);
    for allowed in [&["*.example.net"][..], &["CN=web1,O=Example"], &["other", &fingerprint(&web)], &[]] {
        let set = set(asking(&authority, allowed));
        send(set.handle.address().unwrap(), &authority, Some(&web), "<13>x").await.unwrap();
        set.until("the record", |counts| counts.journalled == 1).await;
    }
    let stranger = Authority::new("Another CA").issue("web1", &["web1.example.net"]);
    for (shown, why) in [
        (None, Refused::Certificate),
        (Some(stranger), Refused::Certificate),
        (Some(authority.issue("db1", &["db1.example.org"])), Refused::Subject),
    ] {
        let set = set(asking(&authority, &["*.example.net"]));
        let sent = send(set.handle.address().unwrap(), &authority, shown.as_ref(), "<13>x").await;
        assert!(sent.is_err(), "the sender learns of it");
        refused(&set, why).await;
    }
}

#[tokio::test]
async fn a_fingerprint_needs_no_authority() {
    let (authority, own, other) =
        (Authority::new("Test CA"), Issued::self_signed("printer"), Issued::self_signed("printer"));
    let tls = TlsConfig { client_ca: None, ..asking(&authority, &[&fingerprint(&own)]) };
    let set = set(tls);
    let address = set.handle.address().unwrap();
    assert!(send(address, &authority, Some(&other), "<13>other").await.is_err());
    refused(&set, Refused::Subject).await;
    send(address, &authority, Some(&own), "<13>own").await.unwrap();
    set.until("the record", |counts| counts.journalled == 1).await;
}

#[tokio::test]
async fn new_certificates_hold_for_the_next_connection_and_open_ones_stay() {
    let (old, new) = (Authority::new("Old CA"), Authority::new("New CA"));
    let set = set(old.issue("logs.example.net", &["localhost"]).server());
    let address = set.handle.address().unwrap();
    let mut open = connect(address, &old, None).await.unwrap();
    open.write_all(b"<13>before\n").await.unwrap();
    set.until("the first", |counts| counts.journalled == 1).await;

    let broken = TlsConfig { key: Pem("/nonexistent".into()), ..old.issue("x", &["localhost"]).server() };
    assert!(set.handle.change(&Senders::default(), Some(&broken)).is_err());
    send(address, &old, None, "<13>the old ones stay").await.unwrap();

    let next = new.issue("logs.example.net", &["localhost"]).server();
    set.handle.change(&Senders::default(), Some(&next)).unwrap();
    assert!(connect(address, &old, None).await.is_err(), "the new certificate is shown");
    send(address, &new, None, "<13>new").await.unwrap();
    open.write_all(b"<13>after\n").await.unwrap();
    set.until("all", |counts| counts.journalled == 4).await;
}

#[tokio::test]
async fn a_sender_that_speaks_no_tls_is_refused() {
    let authority = Authority::new("Test CA");
    let set = set(authority.issue("logs.example.net", &["localhost"]).server());
    let mut plain = TcpStream::connect(set.handle.address().unwrap()).await.unwrap();
    plain.write_all(b"<13>plain text\n").await.unwrap();
    refused(&set, Refused::Handshake).await;
    assert_eq!(set.counts().received(), 0);
    let silent = TcpStream::connect(set.handle.address().unwrap()).await.unwrap();
    tokio::time::timeout(SOON, set.handle.stop(Duration::from_millis(100))).await.expect("it is not waited for");
    drop(silent);
}

#[test]
fn what_cannot_be_used_is_told_with_setting_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let (authority, at) = (Authority::new("Test CA"), |name: &str| folder.path().join(name).display().to_string());
    let (one, two) = (authority.issue("a", &["localhost"]), authority.issue("b", &["localhost"]));
    fs::write(at("cert"), &one.cert).unwrap();
    fs::write(at("key"), &one.key).unwrap();
    fs::write(at("empty"), "").unwrap();
    fs::write(at("locked"), "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")
        .unwrap();
    fs::write(at("torn"), one.cert.replace("MI", "!!")).unwrap();
    let good = TlsConfig { cert: Pem(at("cert")), key: Pem(at("key")), client_ca: None, allowed_subjects: Vec::new() };
    good.check().unwrap();
    let cases = [
        (TlsConfig { cert: Pem(at("absent")), ..good.clone() }, "cert", "cannot read"),
        (TlsConfig { cert: Pem(at("empty")), ..good.clone() }, "cert", "it holds no certificate"),
        (TlsConfig { cert: Pem(at("torn")), ..good.clone() }, "cert", "a certificate in it is broken"),
        (TlsConfig { key: Pem(at("cert")), ..good.clone() }, "key", "it holds no private key"),
        (TlsConfig { key: Pem(at("locked")), ..good.clone() }, "key", "openssl pkey -in KEY -out NEW"),
        (TlsConfig { key: Pem(two.key), ..good.clone() }, "key", "this is not the key of the certificate"),
        (TlsConfig { client_ca: Some(Pem(at("key"))), ..good.clone() }, "client_ca", "it holds no certificate"),
        (
            TlsConfig { allowed_subjects: vec!["web1.example.net".parse().unwrap()], ..good.clone() },
            "allowed_subjects",
            "without `client_ca` anybody can claim to be `web1.example.net`; name the authority",
        ),
    ];
    for (config, setting, word) in cases {
        let error = config.check().expect_err(word);
        assert_eq!(error.setting, setting);
        assert!(error.to_string().contains(word), "{error}");
    }
    assert!(!format!("{:?}", one.server()).contains("PRIVATE"), "a key is not shown");
}
