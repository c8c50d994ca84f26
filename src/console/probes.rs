//! Health and metrics, for programs that watch this one.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use prometheus::{Encoder, IntGaugeVec, Opts, Registry, TextEncoder};

use super::{fault::Fault, server::App};

/// `/healthz`: the process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// `/readyz`: it can do its work, or 503 and a line for each thing that is missing.
pub(super) async fn ready(State(app): State<App>) -> Response {
    match app.console().health.ready().await {
        Ok(()) => "ok\n".into_response(),
        Err(missing) => (StatusCode::SERVICE_UNAVAILABLE, missing.join("\n") + "\n").into_response(),
    }
}

/// `/metrics` in the Prometheus text format 0.0.4.
pub(super) async fn metrics(State(app): State<App>) -> Result<Response, Fault> {
    let encoder = TextEncoder::new();
    let mut text = Vec::new();
    encoder.encode(&app.console().metrics.gather(), &mut text).map_err(|error| {
        tracing::error!(%error, "metrics could not be written");
        Fault::Protocol(StatusCode::INTERNAL_SERVER_ERROR)
    })?;
    Ok(([(header::CONTENT_TYPE, encoder.format_type().to_owned())], text).into_response())
}

/// `roundsman_build_info{version}`, unless somebody has registered it already.
pub(super) fn register_build_info(registry: &Registry) {
    let opts = Opts::new("roundsman_build_info", "Which build runs; always 1.");
    if let Ok(gauge) = IntGaugeVec::new(opts, &["version"]) {
        gauge.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        // Fails only where the name is taken: then it is there.
        let _ = registry.register(Box::new(gauge));
    }
}
