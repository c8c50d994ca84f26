//! Listeners seen from outside: certificates that change, certificates that cannot be used.

mod support;

use std::{fs, io::Write, net::TcpStream, path::Path, sync::Arc};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, pem::PemObject},
};
use support::{Instance, call, eventually, free_port, pki::Authority, signal};

/// A source over TLS whose files are `cert.pem` and `key.pem`.
fn source(port: u16) -> String {
    let tls = "tls = { cert = \"cert.pem\", key = \"key.pem\" }";
    format!("[[source]]\ntype = \"syslog\"\nlisten = \"tls://127.0.0.1:{port}\"\n{tls}\n")
}

/// Puts a certificate of this authority where the source has its own.
fn issue(folder: &Path, authority: &Authority) {
    let server = authority.issue("localhost", &["localhost"]);
    fs::write(folder.join("cert.pem"), server.cert).unwrap();
    fs::write(folder.join("key.pem"), server.key).unwrap();
}

/// A sender that trusts this authority alone; none where the server shows the certificate of another.
fn connect(port: u16, authority: &Authority) -> Option<StreamOwned<ClientConnection, TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.cert.as_bytes()).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let session = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut stream = StreamOwned::new(session, TcpStream::connect(("127.0.0.1", port)).ok()?);
    stream.conn.complete_io(&mut stream.sock).ok()?;
    Some(stream)
}

#[test]
fn a_reload_takes_new_certificates_keeps_broken_ones_out_and_drops_no_connection() {
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let (old, new) = (Authority::new("Old CA"), Authority::new("New CA"));
    issue(folder.path(), &old);
    let instance = Instance::start(folder.path(), &source(port));
    let mut open = connect(port, &old).unwrap();

    fs::write(folder.path().join("key.pem"), "not a key").unwrap();
    signal(instance.pid(), "HUP");
    eventually("word of the key", || instance.log().contains("it holds no private key").then_some(()));
    assert!(instance.log().contains("the old one stays"), "{}", instance.log());
    assert!(connect(port, &old).is_some());

    issue(folder.path(), &new);
    signal(instance.pid(), "HUP");
    eventually("the new certificate", || connect(port, &new));
    open.write_all(b"<13>Nov 20 08:00:00 web1 app: sent over the first connection\n").unwrap();
    instance.wait_for_events(1);
    let folder = instance.folder.clone();
    instance.stop();
    assert!(support::ask(&folder, &["journal", "cat", "data"]).contains("sent over the first connection"));
}

#[test]
fn a_certificate_that_cannot_be_used_is_told_with_file_and_line_and_only_run_minds_it() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("[data]\ndir = \"data\"\n{}", source(free_port()));
    fs::write(folder.path().join("roundsman.toml"), text).unwrap();
    let checked = call(folder.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(1), "{checked:?}");
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(said.contains("roundsman.toml:6: error: `source.tls.cert`: cannot read `"), "{said}");
    assert!(said.contains("help: write the path of a PEM file that this user may read"), "{said}");
    let run = call(folder.path(), &["run"]);
    assert_eq!(run.status.code(), Some(3), "{run:?}");
    assert_eq!(call(folder.path(), &["replay", "--config", "roundsman.toml"]).status.code(), Some(0));
}
