//! As much of Elasticsearch as forwarders need to send with `_bulk`.
//!
//! A document is a record. Index names, ids and pipelines mean nothing here; templates and life cycles, which forwarders
//! look for at their start, are said to be there, since there is nothing for them to set up. Nothing can be searched.

use std::time::Instant;

use axum::{
    Json, Router,
    extract::{FromRequestParts, Path, Request, State},
    http::{HeaderName, HeaderValue, request::Parts},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use roundsman_ingest::{
    metrics::Rejected,
    source::http::bulk::{self, Refused as BadDocument},
};
use serde_json::{Value, json};

use super::{Door, Reader, Refusal, Taken, token};

/// The version whose `_bulk` this speaks. Beats and clients of 7, 8 and 9 take it.
const VERSION: &str = "8.17.0";
/// By this header clients tell Elasticsearch from what else answers on its port.
const PRODUCT: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-elastic-product"), HeaderValue::from_static("Elasticsearch"));
/// What forwarders set up before they send.
const SET_UP: [&str; 8] = [
    "/_ilm/policy/{name}",
    "/_template/{name}",
    "/_index_template/{name}",
    "/_component_template/{name}",
    "/_ingest/pipeline/{name}",
    "/_data_stream/{name}",
    "/_alias/{name}",
    "/{index}",
];

/// The routes, each with the header that clients look for.
pub(super) fn routes() -> Router<Door> {
    let mut router = Router::new()
        .route("/", get(about))
        .route("/_license", get(license))
        .route("/_xpack", get(xpack))
        .route("/_cluster/health", get(health))
        .route("/_cat/health", get(healthy))
        .route("/_bulk", bulk_route())
        .route("/{index}/_bulk", bulk_route());
    for path in SET_UP {
        router = router.route(path, get(there).put(acknowledged).post(acknowledged));
    }
    router.layer(from_fn(name_product))
}

pub(super) fn bulk_route() -> MethodRouter<Door> {
    post(bulk).put(bulk).layer(from_fn(name_product))
}

async fn name_product(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let (name, value) = PRODUCT;
    response.headers_mut().insert(name, value);
    response
}

/// A refusal in Elasticsearch's form.
struct Refused(Refusal);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Refused(refusal) = self;
        let kind = match &refusal {
            Refusal::NoToken | Refusal::WrongToken | Refusal::Role => "security_exception",
            Refusal::Busy => "es_rejected_execution_exception",
            Refusal::Stopped(_) => "unavailable_shards_exception",
            _ => "illegal_argument_exception",
        };
        let status = refusal.status();
        let cause = json!({ "type": kind, "reason": refusal.to_string() });
        let body = json!({
            "error": { "root_cause": [cause], "type": kind, "reason": refusal.to_string() },
            "status": status.as_u16(),
        });
        refusal.dress((status, Json(body)).into_response())
    }
}

/// Somebody who showed a sender's token.
struct Sender;

impl FromRequestParts<Door> for Sender {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, door: &Door) -> Result<Sender, Refused> {
        token::check(&door.0.store, &parts.headers).await.map_err(Refused)?;
        Ok(Sender)
    }
}

/// One line of the answer to a `_bulk`.
struct Line {
    verb: &'static str,
    index: Option<String>,
    id: Option<String>,
    refused: Option<BadDocument>,
}

/// `POST /_bulk`, `POST /{index}/_bulk`
async fn bulk(State(door): State<Door>, path: Option<Path<String>>, request: Request) -> Result<Json<Value>, Refused> {
    let begun = Instant::now();
    let reader: Reader<Vec<Line>> = Box::new(|receiver, peer, _, body| {
        let (mut items, mut lines) = (Vec::new(), Vec::new());
        for action in bulk::actions(body)? {
            let refused = action.document.map(|item| items.push(item)).err();
            lines.push(Line { verb: action.verb, index: action.index, id: action.id, refused });
        }
        receiver.rejected(Rejected::Invalid, (lines.len() - items.len()) as u64);
        Ok((receiver.pack(peer, &items), lines))
    });
    let Taken { position, more: lines, .. } = door.take(request, reader).await.map_err(Refused)?;
    let errors = lines.iter().any(|line| line.refused.is_some());
    let index = path.map_or_else(|| "records".to_owned(), |Path(index)| index);
    let items: Vec<Value> = (0..).zip(lines).map(|(n, line)| answer(line, &index, position, n)).collect();
    Ok(Json(json!({ "took": begun.elapsed().as_millis() as u64, "errors": errors, "items": items })))
}

/// A record's id, where the sender gave none, is where it stands in the journal.
fn answer(line: Line, index: &str, position: u64, n: u64) -> Value {
    let index = line.index.unwrap_or_else(|| index.to_owned());
    let id = line.id.unwrap_or_else(|| format!("{position:x}-{n}"));
    let outcome = match line.refused {
        None => json!({
            "_index": index, "_id": id, "_version": 1, "result": "created", "status": 201,
            "_shards": { "total": 1, "successful": 1, "failed": 0 }, "_seq_no": position, "_primary_term": 1,
        }),
        Some(refused) => {
            let kind = match refused {
                BadDocument::Verb(_) => "action_request_validation_exception",
                BadDocument::Document { .. } => "document_parsing_exception",
            };
            json!({ "_index": index, "_id": id, "status": 400, "error": { "type": kind, "reason": refused.to_string() } })
        }
    };
    json!({ line.verb: outcome })
}

/// `GET /`: what answers here, in the form that clients look at before they send.
async fn about(_: Sender) -> Json<Value> {
    Json(json!({
        "name": "roundsman", "cluster_name": "roundsman", "cluster_uuid": "roundsman",
        "version": {
            "number": VERSION, "build_flavor": "default", "build_type": "tar",
            "build_hash": concat!("roundsman-", env!("CARGO_PKG_VERSION")), "build_snapshot": false,
            "lucene_version": "9.12.0", "minimum_wire_compatibility_version": "7.17.0",
            "minimum_index_compatibility_version": "7.0.0",
        },
        "tagline": "You Know, for Search",
    }))
}

/// `GET /_license`: Beats send to anything that is active and basic.
async fn license(_: Sender) -> Json<Value> {
    Json(json!({ "license": { "status": "active", "uid": "roundsman", "type": "basic", "mode": "basic" } }))
}

/// `GET /_xpack`
async fn xpack(_: Sender) -> Json<Value> {
    Json(json!({
        "build": {}, "features": {}, "license": { "status": "active", "uid": "roundsman", "type": "basic", "mode": "basic" },
    }))
}

/// `GET /_cluster/health`
async fn health(State(door): State<Door>, _: Sender) -> Json<Value> {
    let status = if door.0.receiver.is_healthy() { "green" } else { "red" };
    Json(json!({
        "cluster_name": "roundsman", "status": status, "timed_out": false, "number_of_nodes": 1,
        "number_of_data_nodes": 1,
    }))
}

/// `GET /_cat/health`
async fn healthy(State(door): State<Door>, _: Sender) -> &'static str {
    if door.0.receiver.is_healthy() { "roundsman green\n" } else { "roundsman red\n" }
}

/// What a sender would set up has no meaning here, so nothing of it is missing.
async fn there(_: Sender) -> Json<Value> {
    Json(json!({}))
}

async fn acknowledged(_: Sender) -> Json<Value> {
    Json(json!({ "acknowledged": true }))
}
