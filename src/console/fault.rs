//! What can go wrong with a request, in words for the one who made it.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use roundsman_sinks::{StoreError, store::Role};

/// Why a request was not served. `headers::dress` turns it into a page or into `application/problem+json`.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("sign in, or send a token as `Authorization: Bearer …`")]
    SignedOut,
    #[error("name and password do not fit together")]
    WrongPassword,
    #[error("this needs the role {}; ask an admin for it", .0.as_str())]
    Role(Role),
    #[error(
        "this form was not sent from a page of this console, or its session has ended; reload the page and send it again"
    )]
    Form,
    #[error("there is no {0}")]
    Unknown(String),
    #[error("{0}")]
    Input(String),
    #[error("this link was used already or has expired; ask an admin for another")]
    Link,
    #[error("too many attempts to sign in; try again in {0} s")]
    TooOften(u64),
    #[error("the decision was not recorded: {0}")]
    Intake(String),
    #[error("the store cannot be used right now; the log says why")]
    Store,
    #[error("this took longer than {0} s and was given up")]
    Slow(u64),
    #[error("{0}")]
    Protocol(StatusCode),
}

impl Fault {
    /// The HTTP status that says it (RFC 9110 section 15).
    pub fn status(&self) -> StatusCode {
        match self {
            Fault::SignedOut | Fault::WrongPassword => StatusCode::UNAUTHORIZED,
            Fault::Role(_) | Fault::Form => StatusCode::FORBIDDEN,
            Fault::Unknown(_) => StatusCode::NOT_FOUND,
            Fault::Link => StatusCode::GONE,
            Fault::Input(_) => StatusCode::BAD_REQUEST,
            Fault::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Fault::Intake(_) | Fault::Store | Fault::Slow(_) => StatusCode::SERVICE_UNAVAILABLE,
            Fault::Protocol(status) => *status,
        }
    }

    /// A few words that stand over it.
    pub fn title(&self) -> &'static str {
        match self {
            Fault::SignedOut => "Not signed in",
            Fault::WrongPassword => "Not let in",
            Fault::Role(_) => "Not allowed",
            Fault::Form => "Form refused",
            Fault::Unknown(_) => "Not found",
            Fault::Link => "Link spent",
            Fault::Input(_) => "Cannot be used",
            Fault::TooOften(_) => "Too many attempts",
            Fault::Intake(_) => "Not recorded",
            Fault::Store => "Store unavailable",
            Fault::Slow(_) => "Given up",
            Fault::Protocol(status) => status.canonical_reason().unwrap_or("Refused"),
        }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the console could not read or write the store");
        Fault::Store
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
