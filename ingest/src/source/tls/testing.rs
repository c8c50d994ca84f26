//! Listeners and senders with certificates that tests make for themselves.

use std::{net::SocketAddr, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{Pem, TlsConfig};

#[path = "../../../../tests/support/pki.rs"]
mod pki;

pub use pki::{Authority, Issued};

impl Issued {
    /// A listener with this certificate, which asks for none.
    pub fn server(&self) -> TlsConfig {
        TlsConfig {
            cert: Pem(self.cert.clone()),
            key: Pem(self.key.clone()),
            client_ca: None,
            allowed_subjects: Vec::new(),
        }
    }

    pub fn der(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_slice(self.cert.as_bytes()).unwrap()
    }
}

/// Connects as a sender that trusts this authority, to a server that calls itself `localhost`.
pub async fn connect(
    to: SocketAddr,
    trusts: &Authority,
    shows: Option<&Issued>,
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(trusts.cert.as_bytes()).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = match shows {
        Some(issued) => {
            let key = PrivateKeyDer::from_pem_slice(issued.key.as_bytes()).unwrap();
            builder.with_client_auth_cert(vec![issued.der()], key).unwrap()
        }
        None => builder.with_no_client_auth(),
    };
    let stream = TcpStream::connect(to).await?;
    TlsConnector::from(Arc::new(config)).connect("localhost".try_into().unwrap(), stream).await
}
