//! The way in: a one-time link, then name and password.

use axum::{
    Form,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use jiff::{SignedDuration, Timestamp};
use roundsman_sinks::{
    Store,
    store::{Role, Session, User},
};
use serde::Deserialize;

use super::{
    fault::Fault,
    gate::{COOKIE, Peer, Who},
    pages::way_in,
    secrets::{digest, fits, hash_password, secret},
    server::App,
};

/// How long a one-time link works.
pub(super) const LINK_LIFE: SignedDuration = SignedDuration::from_hours(24);
/// How long somebody stays signed in: a working day.
const SESSION_LIFE: SignedDuration = SignedDuration::from_hours(12);
/// Fewest characters of a password (NIST SP 800-63B asks for 8, and 15 where it stands alone).
pub(super) const MIN_PASSWORD: usize = 12;
/// Most bytes of a password: longer ones only cost time.
const MAX_PASSWORD: usize = 512;
/// Most bytes of a name.
pub(super) const MAX_NAME: usize = 64;

/// See [`super::first_link`].
pub(super) async fn first_link(store: &Store, now: Timestamp) -> anyhow::Result<Option<String>> {
    if !store.users().await?.is_empty() {
        return Ok(None);
    }
    store.remove_links().await?;
    Ok(Some(new_link(store, Role::Admin, now).await?))
}

/// Makes a link for somebody with this role; gives its path, which is shown once and kept nowhere.
pub(super) async fn new_link(store: &Store, role: Role, now: Timestamp) -> Result<String, Fault> {
    let token = secret()?;
    store.save_link(&digest(&token), role, now + LINK_LIFE).await?;
    Ok(format!("/sign-in/once/{token}"))
}

/// Where to go after the sign-in.
#[derive(Deserialize)]
pub(super) struct Next {
    next: Option<String>,
}

/// `GET /sign-in`
pub(super) async fn page(Query(next): Query<Next>) -> Html<String> {
    Html(way_in::sign_in(&home_path(next.next.as_deref()), None).into_string())
}

/// What the sign-in form sends.
#[derive(Deserialize)]
pub(super) struct Credentials {
    name: String,
    password: String,
    next: Option<String>,
}

/// `POST /sign-in`
pub(super) async fn sign_in(
    State(app): State<App>,
    Peer(peer): Peer,
    headers: HeaderMap,
    Form(form): Form<Credentials>,
) -> Result<Response, Fault> {
    let now = Timestamp::now();
    let next = home_path(form.next.as_deref());
    let name: String = form.name.trim().chars().take(MAX_NAME).collect();
    app.guesses().attempt(peer, &name, now).map_err(Fault::TooOften)?;
    let user = app.store().user(&name).await?;
    let password: String = form.password.chars().take(MAX_PASSWORD).collect();
    let role = user.as_ref().map_or(Role::Viewer, |u| u.role);
    if !fits(password, user.map(|u| u.password)).await? {
        tracing::warn!(%name, %peer, "a sign-in to the console was refused");
        let page = Html(way_in::sign_in(&next, Some(&Fault::WrongPassword)).into_string());
        return Ok((StatusCode::UNAUTHORIZED, page).into_response());
    }
    app.guesses().succeeded(peer, &name);
    tracing::info!(%name, %peer, "signed in to the console");
    let session = (name, role);
    start_session(&app, session, &headers, &next, now).await
}

/// `POST /sign-out`
pub(super) async fn sign_out(State(app): State<App>, who: Who) -> Result<Response, Fault> {
    if let Some(session) = who.session {
        app.store().remove_session(&session.hash).await?;
    }
    let gone = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    Ok(([(header::SET_COOKIE, gone)], Redirect::to("/sign-in")).into_response())
}

/// `GET /sign-in/once/{token}`: shows the form and spends nothing, so that a preview of the link does no harm.
pub(super) async fn link_page(State(app): State<App>, Path(token): Path<String>) -> Result<Html<String>, Fault> {
    let role = working_link(&app, &token).await?;
    Ok(Html(way_in::once(&token, role, "", None).into_string()))
}

/// What the form behind a link sends.
#[derive(Deserialize)]
pub(super) struct Choice {
    name: String,
    password: String,
}

/// `POST /sign-in/once/{token}`: the link is spent, a person is let in and signed in.
pub(super) async fn use_link(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
    Form(form): Form<Choice>,
) -> Result<Response, Fault> {
    let now = Timestamp::now();
    let role = working_link(&app, &token).await?;
    let name = form.name.trim().to_owned();
    let mut refusal = check_choice(&name, &form.password).err();
    if refusal.is_none() && app.store().user(&name).await?.is_some() {
        refusal = Some(Fault::Input(format!("the name {name} is taken; choose another")));
    }
    if let Some(fault) = refusal {
        let page = Html(way_in::once(&token, role, &name, Some(&fault)).into_string());
        return Ok((fault.status(), page).into_response());
    }
    let password = hash_password(form.password).await?;
    let role = app.store().use_link(&digest(&token), now).await?.ok_or(Fault::Link)?;
    if !app.store().add_user(&User { name: name.clone(), role, password, created: now }).await? {
        return Err(Fault::Input(format!("the name {name} was taken a moment ago; ask an admin for another link")));
    }
    tracing::info!(%name, role = role.as_str(), "let in to the console by a one-time link");
    start_session(&app, (name, role), &headers, "/", now).await
}

async fn working_link(app: &App, token: &str) -> Result<Role, Fault> {
    app.store().link(&digest(token), Timestamp::now()).await?.ok_or(Fault::Link)
}

fn check_choice(name: &str, password: &str) -> Result<(), Fault> {
    let plain = |c: char| c.is_alphanumeric() || "._-@".contains(c);
    if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(plain) {
        return Err(Fault::Input(format!("a name has 1 to {MAX_NAME} letters, digits, dots, dashes or @")));
    }
    check_password(password)
}

/// Whether a password may be chosen.
pub(super) fn check_password(password: &str) -> Result<(), Fault> {
    if password.chars().count() < MIN_PASSWORD {
        return Err(Fault::Input(format!(
            "a password has at least {MIN_PASSWORD} characters; a few words are easy to keep"
        )));
    }
    if password.len() > MAX_PASSWORD {
        return Err(Fault::Input(format!("a password has at most {MAX_PASSWORD} bytes")));
    }
    Ok(())
}

/// Signs somebody in.
pub(super) async fn start_session(
    app: &App,
    (user, role): (String, Role),
    headers: &HeaderMap,
    next: &str,
    now: Timestamp,
) -> Result<Response, Fault> {
    let secret = secret()?;
    app.store().save_session(&Session { hash: digest(&secret), user, role, expires: now + SESSION_LIFE }).await?;
    let age = SESSION_LIFE.as_secs();
    // Behind a proxy that speaks TLS the cookie must not travel without it.
    let secure = if headers.get("x-forwarded-proto").is_some_and(|p| p == "https") { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response())
}

/// A path of this console; anything else would lead away from it.
pub(super) fn home_path(next: Option<&str>) -> String {
    let ours = |p: &&str| p.starts_with('/') && !p.starts_with("//") && !p.contains(['\\', '\r', '\n', '\t']);
    next.filter(ours).unwrap_or("/").to_owned()
}
