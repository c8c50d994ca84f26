//! `POST /ingest`: lines, JSON objects, and the objects that a replay reads. All of a request, or nothing.

use axum::{
    Json,
    extract::{Query, Request, State},
    http::header,
    routing::{MethodRouter, post},
};
use roundsman_ingest::source::http::{Outside, lines::Content};
use serde_json::{Value, json};

use super::{Door, Reader, Refusal, Taken};

pub(super) fn route() -> MethodRouter<Door> {
    post(ingest).fallback(|| async { Refusal::Method })
}

/// `host` and `source` in the query say of all lines what a replay's object says of one.
async fn ingest(
    State(door): State<Door>,
    Query(outside): Query<Outside>,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    let reader: Reader<()> = Box::new(move |receiver, peer, headers, body| {
        let media = headers.get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or("?"));
        let content = Content::of(media).ok_or_else(|| Refusal::Media(media.unwrap_or("").to_owned()))?;
        let mut items = content.read(body)?;
        outside.apply(&mut items);
        Ok((receiver.pack(peer, &items), ()))
    });
    let Taken { records, truncated, .. } = door.take(request, reader).await?;
    Ok(Json(json!({ "records": records, "truncated": truncated })))
}
