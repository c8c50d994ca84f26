//! What every answer carries, whatever route made it.

use std::time::Duration;

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use serde_json::json;

use super::{fault::Fault, gate::is_program, pages};

/// From the first byte of a request to its answer.
const DEADLINE: Duration = Duration::from_secs(30);

/// No script, no frame, no foreign origin; forms go home.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // `same-origin`, not `no-referrer`: browsers send `Origin: null` with the latter, and forms are checked by it.
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Runs the request against the clock, gives faults their form and adds the headers.
pub(super) async fn dress(request: Request, next: Next) -> Response {
    let program = is_program(request.uri().path());
    let mut response = match tokio::time::timeout(DEADLINE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Fault::Slow(DEADLINE.as_secs()).into_response(),
    };
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        let plain =
            response.headers().get(header::CONTENT_TYPE).is_none_or(|t| t.as_bytes().starts_with(b"text/plain"));
        let known = response.extensions_mut().remove::<Fault>();
        if let Some(fault) = known.or_else(|| (plain && !keeps_body(status)).then_some(Fault::Protocol(status))) {
            response = if program { problem(&fault) } else { page(&fault) };
        }
    }
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// `/readyz` says in plain text what is missing.
fn keeps_body(status: StatusCode) -> bool {
    status == StatusCode::SERVICE_UNAVAILABLE
}

fn page(fault: &Fault) -> Response {
    finish(fault, Html(pages::fault(fault).into_string()).into_response())
}

/// A problem as RFC 9457 has it.
fn problem(fault: &Fault) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": fault.title(),
        "status": fault.status().as_u16(),
        "detail": fault.to_string(),
    });
    finish(fault, ([(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response())
}

fn finish(fault: &Fault, mut response: Response) -> Response {
    *response.status_mut() = fault.status();
    let headers = response.headers_mut();
    if let Fault::SignedOut = fault {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"roundsman\""));
    }
    if let Fault::TooOften(seconds) = fault {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}
