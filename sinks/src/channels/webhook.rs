//! A webhook: the alert's JSON object, or the digest's, as the body of a POST.
//!
//! Headers: `Idempotency-Key`, the same for every attempt; `X-Roundsman-Change: raised|severity|cleared|digest`; and with
//! a secret `X-Roundsman-Timestamp`, Unix seconds, and `X-Roundsman-Signature: sha256=HEX`, the HMAC-SHA256 (RFC 2104)
//! of the timestamp, a full stop and the body. A receiver compares the signature in constant time ([`verify`]) and
//! refuses old timestamps, so that nobody can play a message again.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use reqwest::{Client, Url};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::{Channel, Delivery, DeliveryError, Settings, Surroundings, http};
use crate::notify::Message;

/// `type = "webhook"`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Its address.
    pub url: String,
    /// What messages are signed with; without one they are not signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

impl Settings for Config {
    fn open(&self, _: &Surroundings) -> Result<Arc<dyn Channel>, String> {
        if self.secret.as_deref() == Some("") {
            return Err("secret is empty: give one, or leave the key out".to_owned());
        }
        let url = http::url(&self.url)?;
        Ok(Arc::new(Webhook { client: http::client(&url)?, url, secret: self.secret.clone() }))
    }
}

struct Webhook {
    client: Client,
    url: Url,
    secret: Option<String>,
}

impl Channel for Webhook {
    fn deliver<'a>(&'a self, message: &'a Message) -> Delivery<'a> {
        Box::pin(async move {
            let body = message.to_json().map_err(|e| DeliveryError::Refused(e.to_string()))?;
            let mut request = self
                .client
                .post(self.url.clone())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", message.idempotency_key())
                .header("X-Roundsman-Change", message.change());
            if let Some(secret) = &self.secret {
                let timestamp = Timestamp::now().as_second();
                request = request
                    .header("X-Roundsman-Timestamp", timestamp)
                    .header("X-Roundsman-Signature", sign(secret, timestamp, body.as_bytes()));
            }
            http::send(request.body(body)).await
        })
    }
}

fn mac(secret: &str, timestamp: i64, body: &[u8]) -> Option<Hmac<Sha256>> {
    // HMAC takes keys of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(timestamp.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(mac)
}

/// The signature header's value.
pub fn sign(secret: &str, timestamp: i64, body: &[u8]) -> String {
    let bytes = mac(secret, timestamp, body).map(|mac| mac.finalize().into_bytes()).unwrap_or_default();
    let mut text = String::from("sha256=");
    text.extend(bytes.iter().map(|b| format!("{b:02x}")));
    text
}

/// Whether a signature header belongs to this timestamp and body; compared in constant time.
pub fn verify(secret: &str, timestamp: i64, body: &[u8], signature: &str) -> bool {
    let Some(hex) = signature.strip_prefix("sha256=").filter(|hex| hex.len() == 64 && hex.is_ascii()) else {
        return false;
    };
    let bytes: Option<Vec<u8>> = (0..32).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).ok()).collect();
    match (bytes, mac(secret, timestamp, body)) {
        (Some(bytes), Some(mac)) => mac.verify_slice(&bytes).is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_that_other_programs_compute() {
        // printf '1773140000.{"a":1}' | openssl dgst -sha256 -hmac geheim
        let expected = "sha256=959eef93e22dae3ed8a597f43c5b936ca996f20157452349db0a1854bea18006";
        let signature = sign("geheim", 1_773_140_000, br#"{"a":1}"#);
        assert_eq!(signature, expected);
    }

    #[test]
    fn a_signature_fits_its_own_message_only() {
        let signature = sign("geheim", 1_773_140_000, b"body");
        assert!(verify("geheim", 1_773_140_000, b"body", &signature));
        assert!(!verify("other", 1_773_140_000, b"body", &signature));
        assert!(!verify("geheim", 1_773_140_001, b"body", &signature));
        assert!(!verify("geheim", 1_773_140_000, b"bodY", &signature));
        for broken in ["", "sha256=", "sha256=zz", &signature[7..], &"ä".repeat(40)] {
            assert!(!verify("geheim", 1_773_140_000, b"body", broken), "{broken}");
        }
    }
}
