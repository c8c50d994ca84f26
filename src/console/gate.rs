//! Who may pass. Every route goes through [`gate`], with what the route's own entry says it needs.

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use roundsman_sinks::store::Role;

use super::{
    fault::Fault,
    pages,
    secrets::{digest, form_token, same},
    server::App,
};
pub(super) use crate::serve::Peer;

/// The cookie that holds a session's secret.
pub(super) const COOKIE: &str = "roundsman_session";
/// The field in which a form carries its session's token.
pub(super) const FORM_FIELD: &str = "form";
/// Bytes of a form or an API request.
pub(super) const MAX_BODY: usize = 64 * 1024;

/// What a route asks of those it serves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Needs {
    /// Nothing: health, the way in, and what the sign-in page looks like.
    Nothing,
    /// Nothing from this machine, elsewhere the role.
    RoleUnlessLocal(Role),
    /// The role, by session or token.
    Role(Role),
}

/// Somebody who was let in.
#[derive(Clone, Debug)]
pub(super) struct Who {
    /// A person's name or a token's.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The session, where a browser asks.
    pub session: Option<BrowserSession>,
}

/// The session of a browser.
#[derive(Clone, Debug)]
pub(super) struct BrowserSession {
    /// As the store keeps it.
    pub hash: String,
    /// What its forms must carry.
    pub form: String,
}

impl Who {
    /// What a form on a page for them carries.
    pub fn form(&self) -> &str {
        self.session.as_ref().map_or("", |s| &s.form)
    }

    /// Whether they may do what `needed` may.
    pub fn may(&self, needed: Role) -> bool {
        covers(self.role, needed)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Who {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        parts.extensions.get::<Who>().cloned().ok_or(Fault::SignedOut)
    }
}

/// Each role may do what those before it may; only that nobody hands in records who just reads.
fn covers(role: Role, needed: Role) -> bool {
    role == Role::Admin || role == needed || (needed != Role::Sender && role > needed)
}

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        parts.extensions.get::<Peer>().copied().ok_or(Fault::Protocol(StatusCode::INTERNAL_SERVER_ERROR))
    }
}

/// Lets a request pass to its route, or says why not.
pub(super) async fn gate(State((app, needs)): State<(App, Needs)>, mut request: Request, next: Next) -> Response {
    let who = match identify(&app, request.headers()).await {
        Ok(who) => who,
        Err(fault) => return fault.into_response(),
    };
    let local = is_local(&request);
    let passes = match (needs, &who) {
        (Needs::Nothing, _) => Ok(()),
        (Needs::RoleUnlessLocal(_), _) if local => Ok(()),
        (Needs::Role(role) | Needs::RoleUnlessLocal(role), Some(who)) if who.may(role) => Ok(()),
        (Needs::Role(role) | Needs::RoleUnlessLocal(role), Some(_)) => Err(Fault::Role(role)),
        (_, None) => Err(Fault::SignedOut),
    };
    if let Err(fault) = passes {
        return refuse(fault, &request);
    }
    if !request.method().is_safe() {
        request = match from_our_form(request, who.as_ref(), needs).await {
            Ok(request) => request,
            Err(fault) => return fault.into_response(),
        };
    }
    if let Some(who) = who {
        request.extensions_mut().insert(who);
    }
    next.run(request).await
}

/// Who asks: by bearer token (RFC 6750), else by session cookie.
async fn identify(app: &App, headers: &HeaderMap) -> Result<Option<Who>, Fault> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let Some(token) = value.to_str().ok().and_then(|v| v.strip_prefix("Bearer ")) else { return Ok(None) };
        return token_holder(app, digest(token.trim())).await;
    }
    let Some(secret) = cookie(headers) else { return Ok(None) };
    let hash = digest(secret);
    let Some(session) = app.store().session(&hash, Timestamp::now()).await? else { return Ok(None) };
    let form = form_token(secret);
    Ok(Some(Who { name: session.user, role: session.role, session: Some(BrowserSession { hash, form }) }))
}

/// Whose a token is.
async fn token_holder(app: &App, hash: String) -> Result<Option<Who>, Fault> {
    let token = app.store().token(&hash).await?;
    Ok(token.map(|t| Who { name: t.name, role: t.role, session: None }))
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|v| v.split(';')).find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == COOKIE).then_some(value)
    })
}

/// From this machine, and not on behalf of another: a proxy here says for whom it asks.
fn is_local(request: &Request) -> bool {
    let peer = request.extensions().get::<Peer>().is_some_and(|p| p.0.is_loopback());
    peer && !["forwarded", "x-forwarded-for"].iter().any(|name| request.headers().contains_key(*name))
}

/// A page's reader is shown the way in; a program gets the fault.
fn refuse(fault: Fault, request: &Request) -> Response {
    let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
    let page = request.method() == Method::GET && !is_program(request.uri().path());
    if !page || !matches!(fault, Fault::SignedOut) {
        return fault.into_response();
    }
    // SameSite=Strict keeps the cookie back when a link in a chat leads here; a page of ours that asks once more
    // brings it along.
    if request.headers().get("sec-fetch-site").is_some_and(|v| v == "cross-site") {
        return Html(pages::once_more(path).into_string()).into_response();
    }
    Redirect::to(&format!("/sign-in?next={}", pages::encode(path))).into_response()
}

/// Whether programs, not people, ask for this path.
pub(super) fn is_program(path: &str) -> bool {
    path.starts_with("/api/") || ["/metrics", "/healthz", "/readyz", "/ingest"].contains(&path)
}

/// Checks that a browser sends what a page of ours asked for. A bearer token is never sent by itself, so it passes.
async fn from_our_form(request: Request, who: Option<&Who>, needs: Needs) -> Result<Request, Fault> {
    let session = match who {
        Some(Who { session: Some(session), .. }) => session,
        Some(_) => return Ok(request),
        None => return if same_origin(request.headers()) { Ok(request) } else { Err(Fault::Form) },
    };
    if !same_origin(request.headers()) {
        return Err(Fault::Form);
    }
    if needs == Needs::Nothing {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, MAX_BODY).await.map_err(|_| Fault::Protocol(StatusCode::PAYLOAD_TOO_LARGE))?;
    let fits = form_urlencoded::parse(&bytes).any(|(name, value)| name == FORM_FIELD && same(&value, &session.form));
    if !fits {
        return Err(Fault::Form);
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// Fetch metadata where the browser sends it, else `Origin` against `Host`. Other clients send neither.
fn same_origin(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let text = |name| headers.get(name).and_then(|v: &header::HeaderValue| v.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, authority)| authority == host),
        (Some(_), None) => false,
    }
}
