//! The API. What each path answers is described in `openapi.json`, which is served too.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use roundsman_rules::{alert::Alert, case::PatchCase};
use roundsman_sinks::store::HistoryEntry;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    RuleCard,
    digest::digest as digest_of,
    fault::Fault,
    gate::Who,
    query::{AlertQuery, CaseQuery, PageQuery},
    record,
    rules::rules as loaded,
    server::App,
    sources::{Source, sources as senders},
};

const OPENAPI: &str = include_str!("openapi.json");

type Answer<T> = Result<Json<T>, Fault>;

/// A stretch of a longer list.
#[derive(Serialize)]
pub(super) struct Slice<T> {
    /// The entries asked for.
    items: Vec<T>,
    /// How many there are in all.
    total: u64,
}

/// `GET /api/v1/openapi.json`
pub(super) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

/// `GET /api/v1/alerts`
pub(super) async fn alerts(State(app): State<App>, query: Result<Query<AlertQuery>, Rejected>) -> Answer<Slice<Alert>> {
    let (filter, offset) = query.map_err(unreadable)?.filter("all")?;
    let page = app.store().queue(&filter, offset).await?;
    Ok(Json(Slice { items: page.alerts, total: page.total }))
}

/// `GET /api/v1/alerts/{id}`
pub(super) async fn alert(State(app): State<App>, Path(id): Path<String>) -> Answer<Alert> {
    app.store().alert(&id).await?.map(Json).ok_or_else(|| Fault::Unknown(format!("alert `{id}`")))
}

/// `GET /api/v1/alerts/{id}/history`
pub(super) async fn history(State(app): State<App>, Path(id): Path<String>) -> Answer<Slice<HistoryEntry>> {
    let Json(alert) = alert(State(app.clone()), Path(id)).await?;
    Ok(whole(app.store().history(&alert.id).await?))
}

/// `GET /api/v1/cases`
pub(super) async fn cases(
    State(app): State<App>,
    query: Result<Query<CaseQuery>, Rejected>,
) -> Answer<Slice<PatchCase>> {
    let filter = query.map_err(unreadable)?.filter("all")?;
    let total = app.store().count_cases(&filter).await?;
    Ok(Json(Slice { items: app.store().cases(&filter).await?, total }))
}

/// `GET /api/v1/cases/{id}`: ids hold a slash.
pub(super) async fn case(State(app): State<App>, Path(id): Path<String>) -> Answer<PatchCase> {
    app.store().case(&id).await?.map(Json).ok_or_else(|| Fault::Unknown(format!("case `{id}`")))
}

/// `GET /api/v1/digests/{period}`
pub(super) async fn digest(State(app): State<App>, Path(period): Path<String>) -> Result<Response, Fault> {
    let digest = digest_of(&app, &period).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], digest).into_response())
}

/// `GET /api/v1/sources`
pub(super) async fn sources(State(app): State<App>) -> Answer<Slice<Source>> {
    Ok(whole(senders(app.store()).await?))
}

/// `GET /api/v1/rules`
pub(super) async fn rules(State(app): State<App>) -> Answer<Slice<RuleCard>> {
    Ok(whole(loaded(&app).await?))
}

/// `GET /api/v1/records`
pub(super) async fn records(State(app): State<App>, query: Result<Query<PageQuery>, Rejected>) -> Answer<Slice<Value>> {
    let (offset, limit) = query.map_err(unreadable)?.stretch()?;
    let (decisions, total) = app.store().decided(offset, limit).await?;
    let items = decisions.into_iter().map(|d| json!({ "at": d.at, "record": d.record })).collect();
    Ok(Json(Slice { items, total }))
}

/// `POST /api/v1/records`: 201 when the record is on disk.
pub(super) async fn record(State(app): State<App>, who: Who, body: Bytes) -> Result<Response, Fault> {
    let record = serde_json::from_slice(&body).map_err(|e| Fault::Input(format!("the body is no JSON: {e}")))?;
    let record = record::checked(record, &who.name)?;
    app.console().intake.decide(record.clone()).await.map_err(Fault::Intake)?;
    Ok((StatusCode::CREATED, Json(record)).into_response())
}

type Rejected = axum::extract::rejection::QueryRejection;

fn unreadable(rejection: Rejected) -> Fault {
    Fault::Input(rejection.body_text())
}

fn whole<T>(items: Vec<T>) -> Json<Slice<T>> {
    let total = items.len() as u64;
    Json(Slice { items, total })
}
