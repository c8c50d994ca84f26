//! What pages and API show.

use std::collections::BTreeSet;

use reqwest::StatusCode;
use roundsman_sinks::store::Role;
use serde_json::{Value, json};

use super::{sample::HOSTILE, served::Served};
use crate::console::{record::KINDS, routes::ROUTES};

/// Pages that a signed-in admin of the sample can open.
async fn all_pages(served: &Served) -> Vec<String> {
    let alert = served.store.alerts(&Default::default()).await.unwrap().alerts[0].id.clone();
    let mut pages: Vec<String> = [
        "/",
        "/?status=all&severity=critical,high",
        "/cases",
        "/cases?state=all",
        "/cases/web1/DSA-9104",
        "/sources",
        "/digests",
        "/digests/2026-W47",
        "/digests/2026-W48",
        "/digests/2026-11",
        "/digests/2026-W47/cases.csv",
        "/records",
        "/rules",
        "/baselines",
        "/account",
        "/people",
        "/sign-in",
        "/healthz",
        "/assets/style.css",
    ]
    .map(str::to_owned)
    .to_vec();
    pages.push(format!("/alerts/{alert}"));
    pages.extend(KINDS.iter().map(|k| format!("/records/new/{}", k.name)));
    pages
}

#[tokio::test]
async fn every_answer_carries_a_policy_that_lets_nothing_run() {
    let served = Served::sample().await;
    let anna = served.admin("anna").await;
    let mut paths = all_pages(&served).await;
    for path in &paths {
        let answer = anna.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    }
    paths.extend(
        ["/nothing", "/alerts/none", "/api/v1/alerts", "/api/v1/none", "/sign-in/once/spent", "/?page=0"]
            .map(str::to_owned),
    );
    for path in &paths {
        for answer in [anna.get(path).await, served.stranger().get(path).await] {
            let policy = answer.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{path}: {policy}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert!(
                !answer.header("referrer-policy").is_empty() && !answer.header("cache-control").is_empty(),
                "{path}"
            );
            if !answer.header("content-type").starts_with("text/html") {
                continue;
            }
            let blocked = ["<script", " style=", "<style", " onclick="].into_iter().find(|b| answer.body.contains(b));
            assert_eq!(blocked, None, "{path}: the policy would stop it");
        }
    }
}

#[tokio::test]
async fn a_line_that_would_like_to_be_a_script_stays_a_line() {
    let served = Served::sample().await;
    let anna = served.admin("anna").await;
    let alerts = served.store.alerts(&Default::default()).await.unwrap().alerts;
    let id = &alerts.iter().find(|a| a.evidence.iter().any(|e| e.raw == HOSTILE)).unwrap().id;
    let page = anna.get(&format!("/alerts/{id}")).await.body;
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("&lt;img src=x"), "{page}");
    assert!(!page.contains("<script") && !page.contains("<img"));
    let echoed = anna.get("/?text=%22%3E%3Cscript%3E").await.body;
    assert!(!echoed.contains("<script"));
}

#[tokio::test]
async fn the_queue_shows_the_most_urgent_first_and_filters() {
    let served = Served::sample().await;
    let anna = served.admin("anna").await;
    let page = anna.get("/").await.body;
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is missing"));
    assert!(place("Logon after password guessing") < place("Path traversal"));
    assert!(place("Path traversal") < place("Wrong sudo password"));
    assert!(page.contains("1 source silent"));

    let high = anna.get("/?severity=high").await.body;
    assert!(high.contains("Path traversal") && !high.contains("Wrong sudo password") && !high.contains("Logon after"));
    let none = anna.get("/?host=nowhere").await.body;
    assert!(none.contains("No alert fits this filter."));
    let wrong = anna.get("/?severity=urgent").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.body.contains("available: informational"));
}

#[tokio::test]
async fn a_case_is_found_by_its_link_whatever_it_is_called() {
    let served = Served::sample().await;
    let anna = served.admin("anna").await;
    let list = anna.get("/cases?state=all").await.body;
    let link = "/cases/lab%207%3F/IN-HOUSE%20%232%20100%25";
    assert!(list.contains(link), "{list}");
    let page = anna.get(link).await;
    assert!(page.body.contains("IN-HOUSE #2 100%"), "{}", page.status);
}

#[tokio::test]
async fn an_empty_queue_is_not_called_good_while_nobody_sends() {
    let served = Served::empty().await;
    let anna = served.admin("anna").await;
    let page = anna.get("/").await.body;
    assert!(page.contains("Nothing was received yet, so nothing can be said."), "{page}");
    assert!(!page.contains("No open alerts"));
}

#[tokio::test]
async fn closing_needs_a_reason_and_a_note_leaves_the_status() {
    let served = Served::sample().await;
    let anna = served.admin("anna").await;
    let id = served.store.alerts(&Default::default()).await.unwrap().alerts[0].id.clone();
    let path = format!("/alerts/{id}");
    let form = anna.get(&path).await.field("form");
    let act = |fields: Vec<(&'static str, &'static str)>| {
        let (anna, path, form) = (anna.clone(), path.clone(), form.clone());
        async move {
            let mut all = vec![("form", form.as_str())];
            all.extend(fields);
            anna.post_form(&path, &all).await.status
        }
    };
    assert_eq!(act(vec![("to", "closed")]).await, StatusCode::BAD_REQUEST);
    assert_eq!(act(vec![("to", "closed"), ("reason", "bored")]).await, StatusCode::BAD_REQUEST);
    assert_eq!(act(vec![("to", ""), ("note", "asked ops")]).await, StatusCode::SEE_OTHER);
    assert_eq!(act(vec![("to", "closed"), ("reason", "benign")]).await, StatusCode::SEE_OTHER);
    assert_eq!(act(vec![("to", "new")]).await, StatusCode::SEE_OTHER);
    let steps: Vec<_> = served.store.history(&id).await.unwrap().into_iter().map(|s| s.what).collect();
    assert_eq!(steps, ["raised", "note", "closed: benign", "new"]);
}

#[tokio::test]
async fn a_decision_that_did_not_reach_the_disk_is_not_confirmed() {
    let served = Served::sample().await;
    let anna = served.admin("anna").await;
    served.break_intake("the journal's disk is full");
    let page = anna.get("/records/new/action").await;
    let fields = [("form", page.field("form")), ("text", "renew".to_owned()), ("owner", "ben".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = anna.post_form("/records/new/action", &fields).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("disk is full") && answer.body.contains("value=\"ben\""), "nothing typed is lost");
    let script = served.program(Role::Analyst).await;
    let record = json!({"kind": "action", "text": "renew", "owner": "ben"});
    assert_eq!(script.post_json("/api/v1/records", &record).await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_record_written_by_a_form_is_listed_with_its_author() {
    let served = Served::sample().await;
    let anna = served.admin("anna").await;
    let form = anna.get("/records/new/waive?case=web1/DSA-9104").await;
    assert_eq!(form.field("case"), "web1/DSA-9104");
    let fields = [
        ("form", form.field("form")),
        ("case", "web1/DSA-9104".into()),
        ("check", "function".into()),
        ("why", "no probe".into()),
    ];
    let fields = fields.each_ref().map(|(name, value): &(&str, String)| (*name, value.as_str()));
    assert_eq!(anna.post_form("/records/new/waive", &fields).await.header("location"), "/records");
    let list = anna.get("/api/v1/records").await.json();
    let expected =
        json!({"kind":"waive","case":"web1/DSA-9104","check":"function","why":"no probe","recorded_by":"anna"});
    assert_eq!((&list["total"], &list["items"][0]["record"]), (&json!(1), &expected));
    assert!(anna.get("/records").await.body.contains("Waiver of a check"));
}

#[tokio::test]
async fn the_api_describes_every_route_that_it_has_and_no_other() {
    let served = Served::empty().await;
    let script = served.program(Role::Viewer).await;
    let described = script.get("/api/v1/openapi.json").await.json();
    let mut told = BTreeSet::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|m| *m != "parameters") {
            told.insert((method.to_uppercase(), path.clone()));
        }
    }
    let program = |path: &str| path.starts_with("/api/") || ["/healthz", "/readyz", "/metrics"].contains(&path);
    let doors = [("/ingest", "POST"), ("/_bulk", "POST")].into_iter();
    let collector = [("event", "POST"), ("raw", "POST"), ("ack", "POST"), ("health", "GET")];
    let doors = doors.map(|(path, method)| (method.to_owned(), path.to_owned()));
    let collector = collector.map(|(path, method)| (method.to_owned(), format!("/services/collector/{path}")));
    let real = ROUTES.iter().filter(|r| program(r.path)).map(|r| (r.method.to_string(), r.path.replace("{*", "{")));
    let real: BTreeSet<_> = real.chain(doors).chain(collector).collect();
    assert_eq!(told, real);
}

#[tokio::test]
async fn the_api_answers_what_the_store_holds() {
    let served = Served::sample().await;
    let script = served.program(Role::Viewer).await;
    let alerts = script.get("/api/v1/alerts?limit=2&page=2&severity=critical,high").await.json();
    assert_eq!((alerts["total"].as_u64(), alerts["items"].as_array().unwrap().len()), (Some(5), 2));
    let id = alerts["items"][0]["id"].as_str().unwrap();
    assert_eq!(script.get(&format!("/api/v1/alerts/{id}")).await.json()["id"], id);
    assert_eq!(script.get(&format!("/api/v1/alerts/{id}/history")).await.json()["items"][0]["what"], "raised");
    let cases = script.get("/api/v1/cases?overdue=true").await.json();
    assert_eq!(cases["items"][0]["id"], "mail1/DSA-9088");
    assert_eq!(script.get("/api/v1/cases/mail1/DSA-9088").await.json()["overdue"], true);
    assert_eq!(script.get("/api/v1/digests/2026-W47").await.json()["kind"], "digest");
    let sources = script.get("/api/v1/sources").await.json();
    assert_eq!((&sources["items"][0]["host"], &sources["items"][0]["silent"]), (&json!("backup1"), &json!(true)));
    let rules = script.get("/api/v1/rules").await.json();
    assert_eq!((&rules["items"][0]["id"], &rules["items"][0]["fired"]), (&json!("guessed"), &json!(1)));
}

#[tokio::test]
async fn what_the_api_cannot_do_is_a_problem_with_words() {
    let served = Served::sample().await;
    let script = served.program(Role::Analyst).await;
    let problem = |answer: super::client::Answer| {
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let body: Value = answer.json();
        assert_eq!(body["status"], answer.status.as_u16());
        (answer.status.as_u16(), body["detail"].as_str().unwrap().to_owned())
    };
    for path in ["/api/v1/alerts/none", "/api/v1/cases/no/ne", "/api/v1/digests/soon", "/api/v1/none"] {
        assert_eq!(problem(script.get(path).await).0, 404, "{path}");
    }
    for query in ["severity=urgent", "page=0", "limit=100000", "page=x", "colour=red"] {
        let (status, detail) = problem(script.get(&format!("/api/v1/alerts?{query}")).await);
        assert!(status == 400 && !detail.is_empty(), "{query}: {detail}");
    }
    let (status, detail) = problem(script.post_json("/api/v1/records", &json!({"kind": "wish"})).await);
    assert!(status == 400 && detail.contains("available: exception"), "{detail}");
    let (status, _) = problem(script.send(reqwest::Method::PUT, "/api/v1/records", "", String::new()).await);
    assert_eq!(status, 405);
    let (status, _) = problem(script.send(reqwest::Method::POST, "/api/v1/records", "", "x".repeat(70_000)).await);
    assert_eq!(status, 413);
}

#[tokio::test]
async fn stopping_lets_go_of_the_port() {
    let served = Served::empty().await;
    let address = served.base.strip_prefix("http://").unwrap().to_owned();
    served.stop().await;
    tokio::net::TcpListener::bind(&address).await.expect("the port is free again");
}
