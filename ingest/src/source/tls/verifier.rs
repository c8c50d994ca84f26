//! Which client certificates are taken: those on the list.

use std::sync::Arc;

use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, OtherError, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, UnixTime},
    server::danger::{ClientCertVerified, ClientCertVerifier},
};

use super::subjects::{Identity, Subject};

/// Takes certificates whose subject is listed and that an authority vouches for, and those whose fingerprint is listed
/// (RFC 5425 section 4.2.2: then no path is checked).
#[derive(Debug)]
pub(super) struct Listed {
    pub authority: Option<Arc<dyn ClientCertVerifier>>,
    pub subjects: Vec<Subject>,
    pub algorithms: WebPkiSupportedAlgorithms,
}

/// A certificate is sound, but nobody listed it.
#[derive(Debug, thiserror::Error)]
#[error("the client certificate of {0} is not in `allowed_subjects`")]
pub(super) struct NotListed(String);

impl ClientCertVerifier for Listed {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.authority.as_ref().map_or(&[], |authority| authority.root_hint_subjects())
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let identity =
            Identity::of(end_entity).map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))?;
        if self.subjects.iter().any(|subject| subject.is_fingerprint_of(&identity)) {
            return Ok(ClientCertVerified::assertion());
        }
        if let Some(authority) = &self.authority {
            let verified = authority.verify_client_cert(end_entity, intermediates, now)?;
            if self.subjects.iter().any(|subject| subject.names(&identity)) {
                return Ok(verified);
            }
        }
        let not_listed = NotListed(identity.to_string());
        Err(Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(not_listed)))))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
