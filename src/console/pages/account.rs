//! One's own password.

use axum::{
    extract::{Form, State as Shared},
    http::HeaderMap,
    response::{Html, IntoResponse, Response},
};
use jiff::Timestamp;
use maud::html;
use roundsman_sinks::store::User;
use serde::Deserialize;

use super::{Page, form_token, sentence, shell};
use crate::console::{
    fault::Fault,
    gate::{Peer, Who},
    secrets::{fits, hash_password},
    server::App,
    sign_in::{MIN_PASSWORD, check_password, start_session},
};

/// `GET /account`
pub(in crate::console) async fn page(who: Who) -> Page {
    own(&who)?;
    Ok(show(&who, None))
}

/// A program has a token and no password.
fn own(who: &Who) -> Result<(), Fault> {
    if who.session.is_some() { Ok(()) } else { Err(Fault::Unknown("account behind a token".into())) }
}

fn show(who: &Who, refusal: Option<&Fault>) -> Html<String> {
    let body = html! {
        h1 { (who.name) }
        p class="lead" { "You may do what the role " strong { (who.role.as_str()) } " may." }
        @if let Some(fault) = refusal { p class="refusal" role="alert" { (sentence(&fault.to_string())) } }
        form method="post" action="/account" class="stack sheet" {
            (form_token(who))
            input type="hidden" name="name" value=(who.name) autocomplete="username";
            label for="current" { "Password" }
            input id="current" name="current" type="password" autocomplete="current-password" required;
            label for="new" { "New password" }
            input id="new" name="new" type="password" autocomplete="new-password" required minlength=(MIN_PASSWORD) aria-describedby="rule";
            p id="rule" class="hint" { "At least " (MIN_PASSWORD) " characters. You are signed out everywhere else." }
            button class="primary" { "Change it" }
        }
    };
    shell(who, "/account", "Your account", &body)
}

/// What the form sends.
#[derive(Deserialize)]
pub(in crate::console) struct Change {
    current: String,
    new: String,
}

/// `POST /account`: all sessions end, and a new one begins here.
pub(in crate::console) async fn change(
    Shared(app): Shared<App>,
    who: Who,
    Peer(peer): Peer,
    headers: HeaderMap,
    Form(form): Form<Change>,
) -> Result<Response, Fault> {
    own(&who)?;
    let now = Timestamp::now();
    let refused = |fault: Fault| Ok((fault.status(), show(&who, Some(&fault))).into_response());
    if let Err(fault) = check_password(&form.new) {
        return refused(fault);
    }
    app.guesses().attempt(peer, &who.name, now).map_err(Fault::TooOften)?;
    let user = app.store().user(&who.name).await?.ok_or(Fault::SignedOut)?;
    if !fits(form.current, Some(user.password.clone())).await? {
        return refused(Fault::WrongPassword);
    }
    app.guesses().succeeded(peer, &who.name);
    app.store().save_user(&User { password: hash_password(form.new).await?, ..user }).await?;
    tracing::info!(name = who.name, "changed a password");
    start_session(&app, (who.name, who.role), &headers, "/account", now).await
}
