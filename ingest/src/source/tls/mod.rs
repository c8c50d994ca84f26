//! TLS below a listener: certificates, who must show one, and other certificates while connections stay.
//!
//! Syslog over TLS is RFC 5425; versions 1.2 and 1.3 are spoken (RFC 9662). The same settings serve RELP over TLS.
//! Connections that are open keep what they were opened with; [`Acceptor::change`] holds for the next one.

mod subjects;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
mod verifier;

use std::{
    fmt, fs, io,
    sync::{Arc, RwLock},
    time::Duration,
};

use rustls::{
    RootCertStore, ServerConfig,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{WebPkiClientVerifier, danger::ClientCertVerifier},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

pub use subjects::{Subject, SubjectError};
use verifier::{Listed, NotListed};

use super::stream::Carrier;
use crate::metrics::Refused;

/// Longest time from a connection to the end of its handshake.
const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(10);
/// Largest file of certificates or keys.
const MAX_PEM_BYTES: u64 = 4 << 20;
/// How the text of a PEM object begins.
const PEM_BEGIN: &str = "-----BEGIN ";

/// `tls = { … }` of a listener.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// This server's certificate, and the intermediate ones behind it.
    pub cert: Pem,
    /// The certificate's private key.
    pub key: Pem,
    /// The authorities that senders' certificates must come from. With it every sender must show a certificate.
    #[serde(default)]
    pub client_ca: Option<Pem>,
    /// Whose certificates are taken: names (`web1.example.net`, `*.example.net`, `192.0.2.7`), subjects
    /// (`O=Example,CN=web*`) or fingerprints (`SHA256:AB:CD:…`). A fingerprint needs no authority. Empty: all that
    /// `client_ca` vouches for.
    #[serde(default)]
    pub allowed_subjects: Vec<Subject>,
}

/// The path of a PEM file, or the text of one, as `{ credential = }` gives it.
#[derive(Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Pem(pub String);

impl Pem {
    /// It is the text itself.
    pub fn is_text(text: &str) -> bool {
        text.trim_start().starts_with(PEM_BEGIN)
    }

    fn read(&self, setting: &'static str) -> Result<String, Error> {
        if Pem::is_text(&self.0) {
            return Ok(self.0.clone());
        }
        let told = |error: io::Error| Error {
            setting,
            what: format!("cannot read `{}`: {error}", self.0),
            help: "write the path of a PEM file that this user may read".into(),
        };
        if fs::metadata(&self.0).map_err(told)?.len() > MAX_PEM_BYTES {
            return Err(told(io::Error::other("it is too large for certificates")));
        }
        fs::read_to_string(&self.0).map_err(told)
    }
}

/// Never shows a key.
impl fmt::Debug for Pem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if Pem::is_text(&self.0) { "(a PEM text)" } else { &self.0 })
    }
}

/// Why certificates or a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`tls.{setting}`: {what}; {help}")]
pub struct Error {
    /// The setting.
    pub setting: &'static str,
    /// What is wrong with it.
    pub what: String,
    /// What to do.
    pub help: String,
}

impl TlsConfig {
    /// Reads the files and checks that they fit together.
    ///
    /// # Errors
    /// Which setting cannot be used, why, and what to do.
    pub fn check(&self) -> Result<(), Error> {
        self.server().map(drop)
    }

    fn server(&self) -> Result<Arc<ServerConfig>, Error> {
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("the provider knows the versions that are compiled in");
        let builder = match self.verifier(provider)? {
            Some(verifier) => builder.with_client_cert_verifier(verifier),
            None => builder.with_no_client_auth(),
        };
        let chain = certificates("cert", &self.cert)?;
        let mut config = builder.with_single_cert(chain, self.private_key()?).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => Error {
                setting: "key",
                what: "this is not the key of the certificate in `cert`".into(),
                help: "compare `openssl x509 -noout -pubkey -in CERT` with `openssl pkey -pubout -in KEY`".into(),
            },
            other => Error {
                setting: "cert",
                what: other.to_string(),
                help: "use an X.509 v3 certificate with an RSA, ECDSA or Ed25519 key".into(),
            },
        })?;
        // Many senders never read. A ticket that lies unread when they close makes their kernel reset the connection and
        // throw away what it has not sent yet; and who connects for days need not save a handshake.
        config.send_tls13_tickets = 0;
        Ok(Arc::new(config))
    }

    fn private_key(&self) -> Result<PrivateKeyDer<'static>, Error> {
        let text = self.key.read("key")?;
        PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|error| {
            let help = match text.contains("ENCRYPTED") {
                true => "a key with a passphrase cannot be used; `openssl pkey -in KEY -out NEW` takes it off",
                false => "write the file that begins with `-----BEGIN PRIVATE KEY-----`",
            };
            Error { setting: "key", what: format!("it holds no private key ({error})"), help: help.into() }
        })
    }

    /// Who asks senders for certificates; none where nobody does.
    fn verifier(&self, provider: Arc<CryptoProvider>) -> Result<Option<Arc<dyn ClientCertVerifier>>, Error> {
        let authority = self.client_ca.as_ref().map(|ca| authority(ca, &provider)).transpose()?;
        let named = self.allowed_subjects.iter().find(|subject| !matches!(subject, Subject::Fingerprint(_)));
        match (authority, named) {
            (None, Some(name)) => Err(Error {
                setting: "allowed_subjects",
                what: format!("without `client_ca` anybody can claim to be `{name}`"),
                help: "name the authority in `client_ca`, or list fingerprints (SHA256:…)".into(),
            }),
            (None, None) if self.allowed_subjects.is_empty() => Ok(None),
            (Some(authority), None) if self.allowed_subjects.is_empty() => Ok(Some(authority)),
            (authority, _) => {
                let subjects = self.allowed_subjects.clone();
                let algorithms = provider.signature_verification_algorithms;
                Ok(Some(Arc::new(Listed { authority, subjects, algorithms })))
            }
        }
    }
}

fn authority(ca: &Pem, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ClientCertVerifier>, Error> {
    let told = |error: &dyn fmt::Display| Error {
        setting: "client_ca",
        what: error.to_string(),
        help: "write the certificates of the authorities that sign your senders' certificates".into(),
    };
    let mut roots = RootCertStore::empty();
    for certificate in certificates("client_ca", ca)? {
        roots.add(certificate).map_err(|error| told(&error))?;
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider)).build();
    verifier.map_err(|error| told(&error))
}

fn certificates(setting: &'static str, pem: &Pem) -> Result<Vec<CertificateDer<'static>>, Error> {
    let text = pem.read(setting)?;
    let told = |what: String| {
        let help = "write a PEM file, which begins with `-----BEGIN CERTIFICATE-----`".into();
        Error { setting, what, help }
    };
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    match found {
        Ok(found) if found.is_empty() => Err(told("it holds no certificate".into())),
        Ok(found) => Ok(found),
        Err(error) => Err(told(format!("a certificate in it is broken ({error})"))),
    }
}

/// Speaks the handshakes of a listener.
pub(crate) struct Acceptor {
    current: RwLock<Arc<ServerConfig>>,
}

impl Acceptor {
    pub fn new(config: &TlsConfig) -> Result<Self, Error> {
        Ok(Acceptor { current: RwLock::new(config.server()?) })
    }

    /// Other certificates from the next connection on; where they cannot be used, the old ones stay. Sessions that senders
    /// keep to resume are void, so that a changed list holds for them too.
    pub fn change(&self, config: &TlsConfig) -> Result<(), Error> {
        let new = config.server()?;
        *self.current.write().expect("no code panics while it holds this lock") = new;
        Ok(())
    }

    /// The handshake; an error says under which reason to count it.
    pub async fn accept<S: Carrier>(&self, stream: S) -> Result<TlsStream<S>, (Refused, String)> {
        let config = Arc::clone(&self.current.read().expect("no code panics while it holds this lock"));
        match timeout(HANDSHAKE_PATIENCE, TlsAcceptor::from(config).accept(stream)).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) => Err((reason(&error), error.to_string())),
            Err(_) => Err((Refused::Handshake, format!("no handshake within {HANDSHAKE_PATIENCE:?}"))),
        }
    }
}

fn reason(error: &io::Error) -> Refused {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::InvalidCertificate(rustls::CertificateError::Other(other)))
            if other.0.is::<NotListed>() =>
        {
            Refused::Subject
        }
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented) => Refused::Certificate,
        _ => Refused::Handshake,
    }
}
