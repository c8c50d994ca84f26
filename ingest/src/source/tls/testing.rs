//! Certificates that tests make for themselves, and a sender that shows one.

use std::{net::SocketAddr, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{Pem, TlsConfig};

/// An authority that vouches for what it issues.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub cert: String,
}

/// A certificate and its key, as PEM.
#[derive(Clone)]
pub struct Issued {
    pub cert: String,
    pub key: String,
}

fn params(name: &str, names: &[&str]) -> CertificateParams {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::OrganizationName, "Example");
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = params(name, &[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let cert = params.self_signed(&key).unwrap().pem();
        Authority { issuer: Issuer::new(params, key), cert }
    }

    /// A certificate of this common name and these alternative names.
    pub fn issue(&self, name: &str, names: &[&str]) -> Issued {
        let key = KeyPair::generate().unwrap();
        let cert = params(name, names).signed_by(&key, &self.issuer).unwrap().pem();
        Issued { cert, key: key.serialize_pem() }
    }
}

impl Issued {
    /// Nobody vouches for it.
    pub fn self_signed(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        Issued { cert: params(name, &[]).self_signed(&key).unwrap().pem(), key: key.serialize_pem() }
    }

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
