//! The pages. Each is a function from what the store answered to HTML; none needs a script.

pub(super) mod account;
pub(super) mod alert;
pub(super) mod baselines;
pub(super) mod case;
pub(super) mod cases;
pub(super) mod digests;
pub(super) mod people;
pub(super) mod queue;
pub(super) mod records;
pub(super) mod rules;
pub(super) mod sources;
pub(super) mod way_in;
pub(super) mod words;

use axum::response::Html;
use maud::{DOCTYPE, Markup, html};

use roundsman_sinks::store::Role;

use super::{
    assets::STYLE_PATH,
    fault::Fault,
    gate::{FORM_FIELD, Who},
};

/// What a page's handler answers.
pub(super) type Page = Result<Html<String>, Fault>;

/// The places that the navigation leads to, each with the key that leads there.
const PLACES: &[(&str, &str, &str)] = &[
    ("/", "Queue", "1"),
    ("/cases", "Cases", "2"),
    ("/sources", "Sources", "3"),
    ("/digests", "Digests", "4"),
    ("/records", "Records", "5"),
    ("/rules", "Rules", "6"),
];

/// A text as it may stand in an address's query.
pub(super) fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A case's address. Ids hold a slash, and whatever else an inventory or an advisory calls things.
fn case_path(id: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:@/".contains(&b);
    let byte = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    format!("/cases/{}", id.bytes().map(byte).collect::<String>())
}

/// The frame around every page for somebody who is signed in. `place` is the navigation's entry that it belongs to.
fn shell(who: &Who, place: &str, title: &str, body: &Markup) -> Html<String> {
    let page = document(
        title,
        &html! {
            header class="masthead" {
                a class="brand" href="/" { "Roundsman" }
                nav aria-label="Main" {
                    ul {
                        @for (path, name, key) in PLACES {
                            li { a href=(path) accesskey=(key) aria-current=[(*path == place).then_some("page")] { (name) } }
                        }
                        @if who.may(Role::Admin) {
                            li { a href="/people" accesskey="7" aria-current=[(place == "/people").then_some("page")] { "People" } }
                        }
                    }
                }
                form class="me" method="post" action="/sign-out" {
                    (form_token(who))
                    a href="/account" aria-current=[(place == "/account").then_some("page")] { (who.name) " " small { (who.role.as_str()) } }
                    button class="quiet" { "Sign out" }
                }
            }
            main id="main" tabindex="-1" { (body) }
            footer {
                p { "Roundsman " (env!("CARGO_PKG_VERSION")) " · times are UTC" span class="keys" { " · " kbd { "Alt" } "+" kbd { "1" } "…" kbd { "6" } " pages, "
                    kbd { "Alt" } "+" kbd { "A" } " acknowledge, " kbd { "Alt" } "+" kbd { "J" } " next alert "
                    small { "(Firefox: " kbd { "Alt" } "+" kbd { "Shift" } ", macOS: " kbd { "Ctrl" } "+" kbd { "Option" } ")" } } }
            }
        },
    );
    Html(page.into_string())
}

/// The frame around a page for somebody who is not signed in.
fn bare(title: &str, body: &Markup) -> Markup {
    document(title, &html! { main id="main" class="card" tabindex="-1" { p class="brand" { "Roundsman" } (body) } })
}

fn document(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Roundsman" }
                link rel="stylesheet" href=(*STYLE_PATH);
                link rel="icon" type="image/svg+xml" href="/assets/icon.svg";
            }
            body { a class="skip" href="#main" { "Skip to the content" } (body) }
        }
    }
}

/// The field that every form of a signed-in page carries.
fn form_token(who: &Who) -> Markup {
    html! { input type="hidden" name=(FORM_FIELD) value=(who.form()); }
}

/// What went wrong, as a page.
pub(super) fn fault(fault: &Fault) -> Markup {
    bare(
        fault.title(),
        &html! {
            h1 { (fault.title()) }
            p { (sentence(&fault.to_string())) }
            p { a href="/" { "To the queue" } }
        },
    )
}

/// A page that asks for itself again, from home.
pub(super) fn once_more(path: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="refresh" content={ "0;url=" (path) };
                title { "Roundsman" }
            }
            body { p { a href=(path) { "Go on" } } }
        }
    }
}

/// A clause as a sentence of its own.
fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    let end = if clause.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{first}{}{end}", chars.as_str())
}

/// Links to the neighbouring pages of a list. `query` is the filter without its page.
fn pager(path: &str, query: &[(&str, String)], page: u32, limit: u32, total: u64) -> Markup {
    let pages = total.div_ceil(u64::from(limit)).max(1);
    let to = |page: u32| {
        let mut address = form_urlencoded::Serializer::new(format!("{path}?"));
        query.iter().filter(|(_, value)| !value.is_empty()).for_each(|(name, value)| {
            address.append_pair(name, value);
        });
        address.append_pair("page", &page.to_string()).finish()
    };
    html! {
        @if pages > 1 {
            nav class="pager" aria-label="Pages" {
                @if page > 1 { a rel="prev" href=(to(page - 1)) { "← Previous" } } @else { span {} }
                span { "Page " (page) " of " (pages) }
                @if u64::from(page) < pages { a rel="next" href=(to(page + 1)) { "Next →" } } @else { span {} }
            }
        }
    }
}
