//! What people decided, and the forms to decide more.

use axum::{
    extract::{Form, Path, Query, State as Shared},
    response::{Html, IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use maud::{Markup, html};
use roundsman_sinks::store::{Decision, Role};
use serde_json::Value;

use super::{Page, case_path, form_token, pager, sentence, shell, words};
use crate::console::{
    fault::Fault,
    gate::Who,
    query::PageQuery,
    record::{self, Field, Holds, KINDS, Kind},
    server::App,
};

/// Names and values, as a form sends them.
type Values = Vec<(String, String)>;

/// `GET /records`
pub(in crate::console) async fn page(Shared(app): Shared<App>, who: Who, Query(query): Query<PageQuery>) -> Page {
    let now = Timestamp::now();
    let (offset, limit) = query.stretch()?;
    let (records, total) = app.store().decided(offset, limit).await?;
    let body = html! {
        div class="head" { h1 { "Records" } p class="pulse" { "Decisions, with who and when. Each is in the journal." } }
        @if who.may(Role::Analyst) { (choose()) }
        @if records.is_empty() {
            div class="nothing" { p { strong { "Nobody has recorded a decision yet." } } }
        } @else {
            table class="list cards records" {
                caption { (words::count(total, "record", "records")) ", the newest first" }
                thead { tr { th scope="col" { "When" } th scope="col" { "What" } th scope="col" { "Content" } th scope="col" { "By" } } }
                tbody { @for row in &records { (line(row, now)) } }
            }
        }
        (pager("/records", &[], query.page.unwrap_or(1), limit, total))
    };
    Ok(shell(&who, "/records", "Records", &body))
}

fn choose() -> Markup {
    html! {
        details class="choose" {
            summary accesskey="n" { "New record" }
            ul {
                // An alert is decided on its own page.
                @for kind in KINDS.iter().filter(|k| k.name != "alert") {
                    li { a href={ "/records/new/" (kind.name) } { (kind.title) } p { (kind.help) } }
                }
            }
        }
    }
}

fn line(row: &Decision, now: Timestamp) -> Markup {
    let text = |name: &str| row.record.get(name).and_then(Value::as_str);
    let name = text("kind").unwrap_or("unknown");
    let title = KINDS.iter().find(|k| k.name == name).map_or(name, |k| k.title);
    let shown = |name: &str| !["kind", "by", "recorded_by"].contains(&name);
    html! {
        tr {
            td data-label="When" { (words::when(row.at, now)) }
            td { strong { (title) } }
            td class="what" {
                dl class="inline" {
                    @for (name, value) in row.record.as_object().into_iter().flatten().filter(|(name, _)| shown(name)) {
                        div { dt { (name) } dd { (linked(name, value)) } }
                    }
                }
            }
            td data-label="By" { (text("recorded_by").or(text("by")).unwrap_or("unknown")) }
        }
    }
}

fn linked(name: &str, value: &Value) -> Markup {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    html! {
        @if name == "case" { a href=(case_path(&text)) { (text) } }
        @else if name == "id" && text.len() == 16 { a href={ "/alerts/" (text) } { (text) } }
        @else { (text) }
    }
}

/// `GET /records/new/{kind}`: what the address says is filled in.
pub(in crate::console) async fn form(who: Who, Path(name): Path<String>, Query(values): Query<Values>) -> Page {
    let kind = record::kind(&name)?;
    Ok(form_page(kind, &who, &values, None))
}

/// `POST /records/new/{kind}`: a record that cannot be used comes back with a word, and nothing typed is lost.
pub(in crate::console) async fn write(
    Shared(app): Shared<App>,
    who: Who,
    Path(name): Path<String>,
    Form(values): Form<Values>,
) -> Result<Response, Fault> {
    let kind = record::kind(&name)?;
    let decided = match record::from_form(kind, &values, &who.name) {
        Ok(record) => app.console().intake.decide(record).await.map_err(Fault::Intake),
        Err(fault) => Err(fault),
    };
    match decided {
        Ok(()) => Ok(Redirect::to("/records").into_response()),
        Err(fault) => Ok((fault.status(), form_page(kind, &who, &values, Some(&fault))).into_response()),
    }
}

fn form_page(kind: &Kind, who: &Who, values: &Values, refusal: Option<&Fault>) -> Html<String> {
    let body = html! {
        nav class="trail" aria-label="Where you are" { a href="/records" { "Records" } }
        h1 { (kind.title) }
        p class="lead" { (kind.help) }
        @if let Some(fault) = refusal { p class="refusal" role="alert" { (sentence(&fault.to_string())) } }
        form method="post" action={ "/records/new/" (kind.name) } class="stack sheet" {
            (form_token(who))
            @for field in kind.fields {
                @let value = values.iter().find(|(name, _)| name == field.name).map_or("", |(_, value)| value);
                (input(field, value))
            }
            button class="primary" { "Record it" }
        }
    };
    shell(who, "/records", kind.title, &body)
}

fn input(field: &Field, value: &str) -> Markup {
    let (name, required) = (field.name, field.required);
    let help = format!("{name}-help");
    html! {
        label for=(name) { (sentence(&name.replace('_', " ")).trim_end_matches('.')) @if !required { " " small { "(optional)" } } }
        @match field.holds {
            Holds::Prose => { textarea id=(name) name=(name) rows="3" required[required] aria-describedby=(help) { (value) } }
            Holds::Choice(words) => { (choice(field, words, value)) }
            Holds::Flag => { (choice(field, &["true", "false"], value)) }
            Holds::Text => { input id=(name) name=(name) value=(value) required[required] aria-describedby=(help); }
            Holds::Time => { input id=(name) name=(name) type="datetime-local" value=(value) required[required] aria-describedby=(help); }
            Holds::Day => { input id=(name) name=(name) type="date" value=(value) required[required] aria-describedby=(help); }
            Holds::Number => { input id=(name) name=(name) type="number" min="0" step="any" value=(value) required[required] aria-describedby=(help); }
        }
        p class="hint" id=(help) { (field.help) }
    }
}

fn choice(field: &Field, words: &[&str], value: &str) -> Markup {
    html! {
        select id=(field.name) name=(field.name) required[field.required] aria-describedby={ (field.name) "-help" } {
            option value="" { "Choose…" }
            @for word in words { option value=(word) selected[*word == value] { (word.replace('_', " ")) } }
        }
    }
}
