//! The token that a sender shows, in whichever of the ways that forwarders know.

use axum::http::{HeaderMap, header};
use base64::{Engine, prelude::BASE64_STANDARD};
use roundsman_sinks::{Store, store::Role};

use super::Refusal;
use crate::console::token_hash;

/// Whether the request's token may hand in records.
pub(super) async fn check(store: &Store, headers: &HeaderMap) -> Result<(), Refusal> {
    let shown = headers.get(header::AUTHORIZATION).ok_or(Refusal::NoToken)?;
    let secret = shown.to_str().ok().and_then(secret).ok_or(Refusal::WrongToken)?;
    match store.token(&token_hash(&secret)).await?.map(|token| token.role) {
        Some(Role::Sender | Role::Admin) => Ok(()),
        Some(_) => Err(Refusal::Role),
        None => Err(Refusal::WrongToken),
    }
}

/// The secret in an `Authorization`: `Bearer` (RFC 6750), `Splunk`, the password of `Basic` (RFC 7617), or the key of
/// Elasticsearch's `ApiKey`, which comes as `id:key` in Base64.
fn secret(value: &str) -> Option<String> {
    let (scheme, rest) = value.split_once(' ')?;
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" | "splunk" => Some(rest.trim().to_owned()),
        "basic" | "apikey" => {
            let pair = String::from_utf8(BASE64_STANDARD.decode(rest.trim()).ok()?).ok()?;
            pair.split_once(':').map(|(_, secret)| secret.to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_in_every_way_that_forwarders_show_it() {
        for value in ["Bearer s3cret", "splunk  s3cret", "Basic eDpzM2NyZXQ=", "ApiKey eDpzM2NyZXQ="] {
            assert_eq!(secret(value).as_deref(), Some("s3cret"), "{value}");
        }
        for value in ["", "s3cret", "Basic", "Basic !", "Basic czNjcmV0", "Digest s3cret"] {
            assert_eq!(secret(value), None, "{value}");
        }
    }
}
