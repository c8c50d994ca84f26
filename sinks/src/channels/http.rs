//! What the channels over HTTP share.

use std::{sync::Once, time::Duration};

use reqwest::{Client, RequestBuilder, StatusCode, Url, redirect};

use super::DeliveryError;

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request may take in all.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
/// Bytes of a refusal that are kept for the record.
const MAX_ANSWER: usize = 300;

/// A client that follows no redirects: a message must not wander to another host.
pub(super) fn client(url: &Url) -> Result<Client, String> {
    static PROVIDER: Once = Once::new();
    // An error means that the process has a provider already, which is as good.
    PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    let mut builder = Client::builder()
        .user_agent(concat!("roundsman/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(REQUEST_TIMEOUT);
    if url.scheme() == "http" {
        // Plain HTTP must work on machines without any root certificate.
        let no_roots = rustls::ClientConfig::builder().with_root_certificates(rustls::RootCertStore::empty());
        builder = builder.tls_backend_preconfigured(no_roots.with_no_client_auth());
    }
    builder.build().map_err(|e| format!("TLS cannot be set up ({}): install the system's root certificates", chain(&e)))
}

/// Reads an `http://` or `https://` URL.
pub(super) fn url(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|e| format!("url `{text}` is no URL ({e})"))?;
    if matches!(url.scheme(), "http" | "https") && url.has_host() {
        return Ok(url);
    }
    Err(format!("url `{text}` is no HTTP address: write http://HOST:PORT/PATH or https://…"))
}

/// Sends; any 2xx answer is good. What the receiver may take later is worth another try, what it refuses is not.
pub(super) async fn send(request: RequestBuilder) -> Result<(), DeliveryError> {
    let answer = request.send().await.map_err(|e| DeliveryError::Later(chain(&e.without_url())))?;
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    let said = start_of(answer).await;
    let why = if said.is_empty() { format!("{status}") } else { format!("{status}: {said}") };
    // A redirect or a wrong address is a mistake in the settings; 408 and 429 ask for patience (RFC 9110, RFC 6585).
    let refused = status.is_redirection()
        || (status.is_client_error()
            && status != StatusCode::REQUEST_TIMEOUT
            && status != StatusCode::TOO_MANY_REQUESTS);
    Err(if refused { DeliveryError::Refused(why) } else { DeliveryError::Later(why) })
}

/// The answer's first bytes; the rest is not read.
async fn start_of(mut answer: reqwest::Response) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < MAX_ANSWER {
        match answer.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk[..chunk.len().min(MAX_ANSWER - bytes.len())]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&bytes)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// An error with what it was caused by.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |e| e.source());
    let mut said: Vec<String> = causes.map(ToString::to_string).collect();
    said.dedup();
    said.join(": ")
}
