//! Files that pages refer to, from the binary itself.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};

use super::{fault::Fault, secrets::digest};

const STYLE: &str = include_str!("static/style.css");
const ICON: &str = include_str!("static/icon.svg");

/// The style sheet's address; it changes with its text, so browsers may keep it.
pub(super) static STYLE_PATH: LazyLock<String> =
    LazyLock::new(|| format!("/assets/style.css?v={}", &digest(STYLE)[..8]));

/// An asset by name.
pub(super) async fn asset(Path(name): Path<String>) -> Result<Response, Fault> {
    let (kind, text) = match name.as_str() {
        "style.css" => ("text/css; charset=utf-8", STYLE),
        "icon.svg" => ("image/svg+xml", ICON),
        _ => return Err(Fault::Unknown(format!("asset `{name}`"))),
    };
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=86400")], text).into_response())
}
