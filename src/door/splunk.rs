//! Splunk's HTTP Event Collector (docs.splunk.com, "HTTP Event Collector REST API endpoints"), in its own words and codes.
//!
//! A request is taken whole or refused, and code 0 means that it is on disk. So an acknowledgement says nothing more: to a
//! sender that asks for them by naming a channel, each id that it was given is acknowledged as soon as it asks.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Query, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use roundsman_ingest::source::http::{Outside, lines::lines, splunk};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Door, Reader, Refusal, token};

/// Bytes of a question for acknowledgements.
const MAX_QUESTION: usize = 64 << 10;

pub(super) fn routes() -> Router<Door> {
    let mut router = Router::new().route("/services/collector", post(events));
    for version in ["", "/1.0"] {
        let at = |path: &str| format!("/services/collector/{path}{version}");
        router = router
            .route(&at("event"), post(events))
            .route(&at("raw"), post(raw))
            .route(&at("health"), get(health))
            .route(&at("ack"), post(acknowledged).layer(DefaultBodyLimit::max(MAX_QUESTION)));
    }
    router
}

/// A refusal in Splunk's form.
struct Refused(Refusal);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Refused(refusal) = self;
        let (status, code, text) = match &refusal {
            Refusal::NoToken => (StatusCode::UNAUTHORIZED, 2, "Token is required"),
            Refusal::WrongToken => (StatusCode::FORBIDDEN, 4, "Invalid token"),
            Refusal::Role => (StatusCode::FORBIDDEN, 4, "Invalid token: it may not hand in records"),
            Refusal::Event(bad) => (refusal.status(), bad.code().0, bad.code().1),
            // forwarders try again after a 503, not after a 429
            Refusal::Busy => (StatusCode::SERVICE_UNAVAILABLE, 9, "Server is busy"),
            Refusal::Stopped(_) => (StatusCode::SERVICE_UNAVAILABLE, 8, "Internal server error"),
            Refusal::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, 27, "Request entity too large"),
            _ => (refusal.status(), 6, "Invalid data format"),
        };
        let mut body = json!({ "text": text, "code": code });
        if let Refusal::Event(bad) = &refusal
            && let Some(number) = bad.code().2
        {
            body["invalid-event-number"] = number.into();
        }
        refusal.dress((status, Json(body)).into_response())
    }
}

/// `POST /services/collector/event`
async fn events(State(door): State<Door>, headers: HeaderMap, request: Request) -> Result<Json<Value>, Refused> {
    let reader: Reader<()> = Box::new(|receiver, peer, _, body| {
        let items = splunk::events(body).map_err(Refusal::Event)?;
        Ok((receiver.pack(peer, &items), ()))
    });
    door.take(request, reader).await.map_err(Refused)?;
    Ok(success(&headers))
}

/// `POST /services/collector/raw`: a record per line; `host` and `source` in the query say of all what they are.
async fn raw(
    State(door): State<Door>,
    Query(outside): Query<Outside>,
    headers: HeaderMap,
    request: Request,
) -> Result<Json<Value>, Refused> {
    let reader: Reader<()> = Box::new(move |receiver, peer, _, body| {
        let mut items = lines(body)?;
        if items.is_empty() {
            return Err(Refusal::Event(splunk::BadEvent::NoData));
        }
        outside.apply(&mut items);
        Ok((receiver.pack(peer, &items), ()))
    });
    door.take(request, reader).await.map_err(Refused)?;
    Ok(success(&headers))
}

fn success(headers: &HeaderMap) -> Json<Value> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut body = json!({ "text": "Success", "code": 0 });
    if headers.contains_key("x-splunk-request-channel") {
        body["ackId"] = NEXT.fetch_add(1, Ordering::Relaxed).into();
    }
    Json(body)
}

/// `GET /services/collector/health`
async fn health(State(door): State<Door>) -> Response {
    match door.0.receiver.is_healthy() {
        true => Json(json!({ "text": "HEC is healthy", "code": 17 })).into_response(),
        false => {
            let body = json!({ "text": "HEC is unhealthy, queues are full", "code": 18 });
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], Json(body)).into_response()
        }
    }
}

#[derive(Deserialize)]
struct Question {
    acks: Vec<u64>,
}

/// `POST /services/collector/ack`: an id is only given with code 0, so all of them are on disk.
async fn acknowledged(
    State(door): State<Door>,
    headers: HeaderMap,
    Json(question): Json<Question>,
) -> Result<Json<Value>, Refused> {
    token::check(&door.0.store, &headers).await.map_err(Refused)?;
    let acks: Map<String, Value> = question.acks.into_iter().map(|id| (id.to_string(), Value::Bool(true))).collect();
    Ok(Json(json!({ "acks": acks })))
}
