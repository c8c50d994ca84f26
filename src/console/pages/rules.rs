//! What is looked for.

use axum::extract::State as Shared;
use maud::html;

use super::{Page, shell, words};
use crate::console::{gate::Who, rules::rules, server::App};

/// `GET /rules`
pub(in crate::console) async fn page(Shared(app): Shared<App>, who: Who) -> Page {
    let rules = rules(&app).await?;
    let body = html! {
        div class="head" { h1 { "Rules" } p class="pulse" { (words::count(rules.len() as u64, "rule is", "rules are")) " loaded. " a href="/baselines" { "What is usual" } } }
        @if rules.is_empty() {
            div class="nothing" { p { strong { "No rule is loaded, so nothing is looked for." } } p { code { "roundsman check" } " says why." } }
        } @else {
            table class="list cards rules" {
                caption { "The most urgent first; rules without a level feed others" }
                thead { tr { th scope="col" { "Level" } th scope="col" { "Rule" } th scope="col" { "Reads" } th scope="col" class="num" { "Alerts" } } }
                tbody {
                    @for rule in rules.iter() {
                        tr id=(rule.id) {
                            td { @match &rule.level { Some(level) => (words::level_word(level)), None => span class="none" { "feeds others" } } }
                            td class="what" {
                                @if rule.fired > 0 { a href={ "/?status=all&rule=" (super::encode(&rule.id)) } { (rule.title) } } @else { strong { (rule.title) } }
                                @if let Some(why) = &rule.why { p { (why) } }
                                p { @for tag in &rule.tags { span class="tag" { (tag) } " " } }
                            }
                            td data-label="Reads" { code { (rule.logsource) } }
                            td class="num" data-label="Alerts" { @if rule.fired > 0 { (words::figure(rule.fired)) } @else { span class="none" { "never" } } }
                        }
                    }
                }
            }
        }
    };
    Ok(shell(&who, "/rules", "Rules", &body))
}
