//! Who may come in: people by one-time links, programs by tokens.

use axum::{
    extract::{Form, State as Shared},
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use maud::{Markup, html};
use roundsman_sinks::store::{Role, Token, User};
use serde::Deserialize;

use super::{Page, form_token, shell, words};
use crate::console::{
    fault::Fault,
    gate::Who,
    secrets::{digest, secret},
    server::App,
    sign_in::{LINK_LIFE, MAX_NAME, new_link},
};

/// `GET /people`
pub(in crate::console) async fn page(Shared(app): Shared<App>, who: Who) -> Page {
    show(&app, &who, &html! {}).await
}

async fn show(app: &App, who: &Who, news: &Markup) -> Page {
    let now = Timestamp::now();
    let (people, tokens) = (app.store().users().await?, app.store().tokens().await?);
    let body = html! {
        div class="head" { h1 { "People and tokens" } p class="pulse" { "Nobody else gets in." } }
        (news)
        div class="columns even" {
            div { (people_table(&people, who, now)) (invite_form(who)) }
            div { (token_table(&tokens, who, now)) (token_form(who)) }
        }
    };
    Ok(shell(who, "/people", "People and tokens", &body))
}

fn people_table(people: &[User], who: &Who, now: Timestamp) -> Markup {
    html! {
        table class="list cards" {
            caption { "People" }
            thead { tr { th scope="col" { "Name" } th scope="col" { "Role" } th scope="col" { "Since" } th scope="col" { span class="hidden" { "Remove" } } } }
            tbody { @for person in people {
                tr {
                    th scope="row" { (person.name) }
                    td data-label="Role" { (person.role.as_str()) }
                    td data-label="Since" { (words::when(person.created, now)) }
                    td class="act" { @if person.name != who.name {
                        form method="post" action="/people/remove" {
                            (form_token(who)) input type="hidden" name="name" value=(person.name);
                            button class="danger" aria-label={ "Remove " (person.name) } { "Remove" }
                        }
                    } }
                }
            } }
        }
    }
}

fn token_table(tokens: &[Token], who: &Who, now: Timestamp) -> Markup {
    html! {
        table class="list cards" {
            caption { "Tokens" }
            thead { tr { th scope="col" { "For" } th scope="col" { "Role" } th scope="col" { "Since" } th scope="col" { span class="hidden" { "Remove" } } } }
            tbody {
                @if tokens.is_empty() { tr { td colspan="4" class="none" { "No program has a token." } } }
                @for token in tokens {
                    tr {
                        th scope="row" { (token.name) }
                        td data-label="Role" { (token.role.as_str()) }
                        td data-label="Since" { (words::when(token.created, now)) }
                        td class="act" {
                            form method="post" action="/tokens/remove" {
                                (form_token(who)) input type="hidden" name="hash" value=(token.hash);
                                button class="danger" aria-label={ "Remove the token for " (token.name) } { "Remove" }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn invite_form(who: &Who) -> Markup {
    html! {
        form method="post" action="/people/invite" class="row" {
            (form_token(who))
            label { span { "Let somebody in as" } select name="role" { (roles(&[Role::Viewer, Role::Analyst, Role::Admin])) } }
            button { "Make a one-time link" }
        }
        p class="hint" { "Viewers read; analysts decide; admins let people in. Who forgot a password is removed and let in again." }
    }
}

fn token_form(who: &Who) -> Markup {
    html! {
        form method="post" action="/tokens/make" class="row" {
            (form_token(who))
            label { span { "What for" } input name="name" required maxlength=(MAX_NAME); }
            label { span { "Role" } select name="role" { (roles(&[Role::Sender, Role::Viewer, Role::Analyst, Role::Admin])) } }
            button { "Make a token" }
        }
        p class="hint" { "Programs send it as " code { "Authorization: Bearer …" } ". Senders may only hand in records." }
    }
}

fn roles(roles: &[Role]) -> Markup {
    html! { @for role in roles { option value=(role.as_str()) { (role.as_str()) } } }
}

/// A role, and what it is for.
#[derive(Deserialize)]
pub(in crate::console) struct Wish {
    role: String,
    #[serde(default)]
    name: String,
}

impl Wish {
    fn role(&self) -> Result<Role, Fault> {
        self.role.parse().map_err(Fault::Input)
    }
}

/// `POST /people/invite`
pub(in crate::console) async fn invite(Shared(app): Shared<App>, who: Who, Form(wish): Form<Wish>) -> Page {
    let role = wish.role()?;
    if role == Role::Sender {
        return Err(Fault::Input("senders are programs: make a token for them".into()));
    }
    let path = new_link(app.store(), role, Timestamp::now()).await?;
    tracing::info!(by = who.name, role = role.as_str(), "made a one-time link");
    let hours = LINK_LIFE.as_hours();
    let news = html! {
        div class="news" role="status" {
            p { "Send this to one person. It works once, for " (hours) " hours, and is shown only now; put this console's address in front." }
            pre tabindex="0" { (path) }
        }
    };
    show(&app, &who, &news).await
}

/// `POST /tokens/make`
pub(in crate::console) async fn make_token(Shared(app): Shared<App>, who: Who, Form(wish): Form<Wish>) -> Page {
    let (role, name) = (wish.role()?, wish.name.trim());
    if name.is_empty() || name.len() > MAX_NAME {
        return Err(Fault::Input(format!("say what the token is for, in 1 to {MAX_NAME} bytes")));
    }
    let token = secret()?;
    let kept = Token { hash: digest(&token), name: name.to_owned(), role, created: Timestamp::now() };
    app.store().save_token(&kept).await?;
    tracing::info!(by = who.name, role = role.as_str(), name, "made a token");
    let news = html! {
        div class="news" role="status" {
            p { "The token for " strong { (name) } ". It is shown only now." }
            pre tabindex="0" { (token) }
        }
    };
    show(&app, &who, &news).await
}

/// What is to be removed.
#[derive(Deserialize)]
pub(in crate::console) struct Removal {
    #[serde(default)]
    name: String,
    #[serde(default)]
    hash: String,
}

/// `POST /people/remove`: their sessions end with them. Nobody removes themselves, so an admin is always left.
pub(in crate::console) async fn remove(
    Shared(app): Shared<App>,
    who: Who,
    Form(removal): Form<Removal>,
) -> Result<Response, Fault> {
    if removal.name == who.name {
        return Err(Fault::Input("you cannot remove yourself; another admin can".into()));
    }
    tracing::info!(by = who.name, name = removal.name, "removed a person from the console");
    app.store().remove_user(&removal.name).await?;
    Ok(Redirect::to("/people").into_response())
}

/// `POST /tokens/remove`
pub(in crate::console) async fn remove_token(
    Shared(app): Shared<App>,
    who: Who,
    Form(removal): Form<Removal>,
) -> Result<Response, Fault> {
    tracing::info!(by = who.name, "removed a token");
    app.store().remove_token(&removal.hash).await?;
    Ok(Redirect::to("/people").into_response())
}
