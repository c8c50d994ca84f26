//! Why a request was not taken, in words for the one who sent it.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use roundsman_ingest::{
    journal::NotSynced,
    metrics::Rejected,
    source::http::{BadBody, lines::MEDIA_TYPES, splunk::BadEvent},
};
use roundsman_sinks::StoreError;
use serde_json::json;

/// Seconds after which a sender may come again.
const RETRY_AFTER: u64 = 5;

/// Why a request was not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("send a sender's token as `Authorization: Bearer …`; an admin makes one on the console's page `People`")]
    NoToken,
    #[error("this token is unknown or was removed; an admin makes another on the console's page `People`")]
    WrongToken,
    #[error("this token may not hand in records; an admin makes one with the role sender")]
    Role,
    #[error("media type `{0}` is not read here; send {MEDIA_TYPES}")]
    Media(String),
    #[error("content encoding `{0}` is not read here; send gzip, zstd or none")]
    Coding(String),
    #[error("the body is larger than {0} bytes, as it came or unpacked; send it in several requests")]
    TooLarge(usize),
    #[error("the body cannot be unpacked: {0}; nothing of this request was taken")]
    Packed(String),
    #[error(transparent)]
    Body(#[from] BadBody),
    #[error("event {}: {}; nothing of this request was taken", .0.code().2.map_or("?".into(), |n| n.to_string()), .0.code().1)]
    Event(BadEvent),
    #[error("the body ended early: {0}")]
    Cut(String),
    #[error("the body took longer than {0} s; nothing of this request was taken")]
    Slow(u64),
    #[error("too much is on its way to the disk; nothing of this request was taken: send it again in {RETRY_AFTER} s")]
    Busy,
    #[error("the records cannot be written: {0}")]
    Stopped(String),
    #[error("only POST is answered here")]
    Method,
}

impl Refusal {
    /// The HTTP status that says it (RFC 9110 section 15, RFC 6585).
    pub fn status(&self) -> StatusCode {
        match self {
            Refusal::NoToken | Refusal::WrongToken => StatusCode::UNAUTHORIZED,
            Refusal::Role => StatusCode::FORBIDDEN,
            Refusal::Media(_) | Refusal::Coding(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refusal::TooLarge(_) | Refusal::Body(BadBody::TooMany) | Refusal::Event(BadEvent::TooMany(_)) => {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            Refusal::Packed(_) | Refusal::Body(_) | Refusal::Event(_) | Refusal::Cut(_) => StatusCode::BAD_REQUEST,
            Refusal::Slow(_) => StatusCode::REQUEST_TIMEOUT,
            Refusal::Busy => StatusCode::TOO_MANY_REQUESTS,
            Refusal::Stopped(_) => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::Method => StatusCode::METHOD_NOT_ALLOWED,
        }
    }

    /// As what, and how many records of it, a refusal before the journal counts. What was not read counts as one.
    pub fn counted(&self) -> (Rejected, u64) {
        match self {
            Refusal::NoToken | Refusal::WrongToken | Refusal::Role => (Rejected::Unauthorized, 1),
            Refusal::TooLarge(_) => (Rejected::TooLarge, 1),
            Refusal::Body(bad @ BadBody::TooMany) => (Rejected::TooLarge, bad.records()),
            Refusal::Body(bad) => (Rejected::Invalid, bad.records()),
            Refusal::Event(bad) => (Rejected::Invalid, bad.records()),
            Refusal::Busy => (Rejected::Busy, 1),
            Refusal::Stopped(_) => (Rejected::JournalUnavailable, 1),
            _ => (Rejected::Invalid, 1),
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Refusal::NoToken | Refusal::WrongToken => "Not let in",
            Refusal::Role => "Not allowed",
            Refusal::Media(_) | Refusal::Coding(_) => "Not readable here",
            Refusal::TooLarge(_) | Refusal::Body(BadBody::TooMany) => "Too large",
            Refusal::Busy => "Come again",
            Refusal::Stopped(_) => "Cannot be written",
            Refusal::Slow(_) => "Too slow",
            Refusal::Method => "Only POST",
            _ => "Cannot be used",
        }
    }

    /// Adds what the status asks for to an answer that says this refusal in whatever dialect.
    pub fn dress(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        match self {
            Refusal::NoToken | Refusal::WrongToken => {
                let ways = "Bearer realm=\"roundsman\", Basic realm=\"roundsman\"";
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(ways));
            }
            Refusal::Busy => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
            }
            Refusal::Coding(_) => {
                headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, zstd"));
            }
            Refusal::Method => {
                headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
            }
            _ => {}
        }
        response
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a sender's token could not be looked up");
        Refusal::Stopped("the store cannot be read right now".into())
    }
}

impl From<NotSynced> for Refusal {
    fn from(error: NotSynced) -> Self {
        match error {
            NotSynced::Busy => Refusal::Busy,
            NotSynced::Stopped(error) => Refusal::Stopped(error.to_string()),
        }
    }
}

/// A problem as RFC 9457 has it; `line` names the line that is wrong.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut body = json!({
            "type": "about:blank", "title": self.title(), "status": status.as_u16(), "detail": self.to_string(),
        });
        if let Refusal::Body(BadBody::Line { line, .. }) = &self {
            body["line"] = (*line).into();
        }
        let response = (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string());
        self.dress(response.into_response())
    }
}
