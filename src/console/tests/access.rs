//! Who gets in, and who does not.

use reqwest::{Method, StatusCode};
use roundsman_sinks::store::Role;
use serde_json::json;

use super::served::{PASSWORD, Served, session_of};
use crate::console::{
    first_link,
    gate::{Needs, is_program},
    routes::ROUTES,
};

/// A path that a route answers, with something in place of its parameters.
fn example(path: &str) -> String {
    let fill =
        [("{name}", "style.css"), ("{token}", "x"), ("{period}", "2026-W47"), ("{kind}", "action"), ("{*id}", "a/b")];
    let path = fill.iter().fold(path.to_owned(), |path, (from, to)| path.replace(from, to));
    path.replace("{id}", "00")
}

#[tokio::test]
async fn whoever_is_not_signed_in_gets_nothing_but_health_and_the_way_in() {
    let served = Served::sample().await;
    let stranger = served.stranger().with("x-forwarded-for", "192.0.2.9");
    for route in ROUTES.iter().filter(|r| r.needs != Needs::Nothing) {
        let path = example(route.path);
        let answer = stranger.send(route.method.as_str().parse().unwrap(), &path, "", String::new()).await;
        if is_program(&path) {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
            assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
            assert_eq!(answer.json()["status"], 401, "{path}");
        } else if route.method == Method::GET {
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
            assert!(answer.header("location").starts_with("/sign-in?next="), "{path}");
        } else {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        }
    }
    for path in ["/no/such/page", "/api/v1/nothing", "/.git/config"] {
        let status = stranger.get(path).await.status;
        assert!([StatusCode::UNAUTHORIZED, StatusCode::SEE_OTHER].contains(&status), "{path}: {status}");
    }
}

#[tokio::test]
async fn a_wrong_token_or_cookie_is_no_better_than_none() {
    let served = Served::sample().await;
    let strangers = [
        served.stranger().bearer("guess"),
        served.stranger().with("authorization", "Basic YWRtaW46YWRtaW4="),
        served.stranger().with("cookie", "roundsman_session=guess"),
        served.stranger().with("cookie", "roundsman_session="),
    ];
    for stranger in strangers {
        assert_eq!(stranger.get("/api/v1/alerts").await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn each_role_reaches_what_it_is_for_and_nothing_above() {
    let served = Served::sample().await;
    let roles = [Role::Sender, Role::Viewer, Role::Analyst, Role::Admin];
    let allowed: [(&str, Method, [bool; 4]); 4] = [
        ("/api/v1/alerts", Method::GET, [false, true, true, true]),
        ("/metrics", Method::GET, [false, true, true, true]),
        ("/records/new/action", Method::GET, [false, false, true, true]),
        ("/people", Method::GET, [false, false, false, true]),
    ];
    for (place, role) in roles.into_iter().enumerate() {
        let program = served.program(role).await.with("x-forwarded-for", "192.0.2.9");
        for (path, method, may) in &allowed {
            let expected = if may[place] { StatusCode::OK } else { StatusCode::FORBIDDEN };
            let answer = program.send(method.clone(), path, "", String::new()).await;
            assert_eq!(answer.status, expected, "{path} as {}", role.as_str());
        }
        let record = json!({"kind": "action", "text": "renew the certificate", "owner": "anna"});
        let expected = if place >= 2 { StatusCode::CREATED } else { StatusCode::FORBIDDEN };
        assert_eq!(program.post_json("/api/v1/records", &record).await.status, expected, "{}", role.as_str());
    }
}

#[tokio::test]
async fn metrics_are_open_on_this_machine_but_not_through_its_proxy() {
    let served = Served::sample().await;
    let here = served.stranger().get("/metrics").await;
    assert_eq!(here.status, StatusCode::OK);
    assert!(here.body.contains("roundsman_build_info{version="), "{}", here.body);
    let proxied = served.stranger().with("x-forwarded-for", "192.0.2.9").get("/metrics").await;
    assert_eq!(proxied.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn health_answers_everybody_and_says_what_is_missing() {
    let served = Served::empty().await;
    let stranger = served.stranger();
    assert_eq!(stranger.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(stranger.get("/readyz").await.status, StatusCode::OK);
    served.break_health("the disk is full");
    let missing = stranger.get("/readyz").await;
    assert_eq!((missing.status, missing.body.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "the disk is full\n"));
    assert_eq!(stranger.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_first_link_lets_one_person_in_and_then_nobody() {
    let served = Served::empty().await;
    let old = first_link(&served.store).await.unwrap().unwrap();
    let link = first_link(&served.store).await.unwrap().unwrap();
    let stranger = served.stranger();
    assert_eq!(stranger.get(&old).await.status, StatusCode::GONE, "an earlier link stops working");
    assert_eq!(stranger.get(&link).await.status, StatusCode::OK);
    assert_eq!(stranger.get(&link).await.status, StatusCode::OK, "a look spends nothing");

    let weak = stranger.post_form(&link, &[("name", "anna"), ("password", "short")]).await;
    assert_eq!(weak.status, StatusCode::BAD_REQUEST);
    let fields = [("name", "anna"), ("password", PASSWORD)];
    let came = stranger.post_form(&link, &fields).await;
    assert_eq!((came.status, came.header("location")), (StatusCode::SEE_OTHER, "/"));
    let anna = served.stranger().with("cookie", &session_of(&came));
    assert!(anna.get("/people").await.body.contains("anna"));

    assert_eq!(stranger.get(&link).await.status, StatusCode::GONE);
    assert_eq!(stranger.post_form(&link, &[("name", "eve"), ("password", PASSWORD)]).await.status, StatusCode::GONE);
    assert_eq!(first_link(&served.store).await.unwrap(), None, "somebody can sign in now");
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_gets_in() {
    let served = Served::empty().await;
    let link = first_link(&served.store).await.unwrap().unwrap();
    let stranger = served.stranger();
    let come = async |name| stranger.post_form(&link, &[("name", name), ("password", PASSWORD)]).await.status;
    let came = tokio::join!(come("anna"), come("eve"));
    assert!([(StatusCode::SEE_OTHER, StatusCode::GONE), (StatusCode::GONE, StatusCode::SEE_OTHER)].contains(&came));
    assert_eq!(served.store.users().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_password_signs_in_and_signing_out_ends_the_session() {
    let served = Served::sample().await;
    served.admin("anna").await;
    let stranger = served.stranger();
    let page = stranger.get("/sign-in?next=/sources").await;
    let fields = [("name", "anna"), ("password", PASSWORD), ("next", &page.field("next"))];
    let came = stranger.post_form("/sign-in", &fields).await;
    assert_eq!((came.status, came.header("location")), (StatusCode::SEE_OTHER, "/sources"));
    let anna = stranger.with("cookie", &session_of(&came));
    let page = anna.get("/sources").await;
    assert_eq!(page.status, StatusCode::OK);
    let left = anna.post_form("/sign-out", &[("form", &page.field("form"))]).await;
    assert_eq!(left.header("location"), "/sign-in");
    assert_eq!(anna.get("/sources").await.status, StatusCode::SEE_OTHER, "the session is over, not only the cookie");
}

#[tokio::test]
async fn guessing_is_answered_alike_for_known_and_unknown_names_and_then_not_at_all() {
    let served = Served::empty().await;
    served.admin("anna").await;
    let stranger = served.stranger();
    let guess = |name: &'static str| {
        let stranger = stranger.clone();
        async move { stranger.post_form("/sign-in", &[("name", name), ("password", "not the password")]).await }
    };
    let (known, unknown) = (guess("anna").await, guess("nobody").await);
    assert_eq!((known.status, &known.body), (StatusCode::UNAUTHORIZED, &unknown.body));
    for _ in 0..8 {
        guess("anna").await;
    }
    let refused = guess("anna").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
}

#[tokio::test]
async fn the_way_in_leads_nowhere_else() {
    let served = Served::empty().await;
    served.admin("anna").await;
    for next in ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"] {
        let fields = [("name", "anna"), ("password", PASSWORD), ("next", next)];
        assert_eq!(served.stranger().post_form("/sign-in", &fields).await.header("location"), "/", "{next}");
    }
}

#[tokio::test]
async fn a_form_from_elsewhere_changes_nothing() {
    let served = Served::sample().await;
    let anna = served.admin("anna").await;
    let id = served.store.alerts(&Default::default()).await.unwrap().alerts[0].id.clone();
    let path = format!("/alerts/{id}");
    let form = anna.get(&path).await.field("form");
    let other = served.stranger().get("/sign-in").await;
    assert!(!other.body.contains(&form), "the token is the session's own");

    let forged = [
        anna.post_form(&path, &[("to", "acknowledged")]).await,
        anna.post_form(&path, &[("to", "acknowledged"), ("form", "guess")]).await,
        anna.with("sec-fetch-site", "cross-site").post_form(&path, &[("to", "acknowledged"), ("form", &form)]).await,
        anna.with("origin", "https://evil.example").post_form(&path, &[("to", "acknowledged"), ("form", &form)]).await,
        anna.post_json("/api/v1/records", &json!({"kind": "alert", "id": id, "to": "acknowledged"})).await,
    ];
    for answer in forged {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    let steps = served.store.history(&id).await.unwrap();
    assert!(steps.iter().all(|s| s.what != "acknowledged"), "{steps:?}");

    let real = anna.post_form(&path, &[("to", "acknowledged"), ("form", &form)]).await;
    assert_eq!((real.status, real.header("location")), (StatusCode::SEE_OTHER, path.as_str()));
    let last = served.store.history(&id).await.unwrap().pop().unwrap();
    assert_eq!((last.what.as_str(), last.by.as_str()), ("acknowledged", "anna"));
}

#[tokio::test]
async fn a_new_password_needs_the_old_one_and_ends_the_other_sessions() {
    let served = Served::empty().await;
    let anna = served.admin("anna").await;
    let form = anna.get("/account").await.field("form");
    let change = async |current: &str, new: &str| {
        anna.post_form("/account", &[("form", &form), ("current", current), ("new", new)]).await
    };
    assert_eq!(change("not the password", "another long password").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(change(PASSWORD, "short").await.status, StatusCode::BAD_REQUEST);
    let changed = change(PASSWORD, "another long password").await;
    assert_eq!(anna.get("/").await.status, StatusCode::SEE_OTHER, "the old session is over");
    let again = served.stranger().with("cookie", &session_of(&changed));
    assert_eq!(again.get("/").await.status, StatusCode::OK);
    let sign_in =
        async |password| served.stranger().post_form("/sign-in", &[("name", "anna"), ("password", password)]).await;
    assert_eq!(sign_in(PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in("another long password").await.status, StatusCode::SEE_OTHER);
    let script = served.program(Role::Admin).await;
    assert_eq!(script.get("/account").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_removed_person_and_a_removed_token_are_out_at_once() {
    let served = Served::sample().await;
    let anna = served.admin("anna").await;
    let form = anna.get("/people").await.field("form");
    let invited = anna.post_form("/people/invite", &[("form", &form), ("role", "viewer")]).await;
    let link = &invited.body[invited.body.find("/sign-in/once/").unwrap()..];
    let link = &link[..link.find('<').unwrap()];
    let came = served.stranger().post_form(link, &[("name", "ben"), ("password", PASSWORD)]).await;
    let ben = served.stranger().with("cookie", &session_of(&came));
    assert_eq!(ben.get("/").await.status, StatusCode::OK);
    assert_eq!(ben.get("/people").await.status, StatusCode::FORBIDDEN);
    anna.post_form("/people/remove", &[("form", &form), ("name", "ben")]).await;
    assert_eq!(ben.get("/").await.status, StatusCode::SEE_OTHER);

    let made = anna.post_form("/tokens/make", &[("form", &form), ("name", "script"), ("role", "viewer")]).await;
    let token = &made.body[made.body.find("<pre tabindex=\"0\">").unwrap() + 18..];
    let script = served.stranger().bearer(&token[..token.find('<').unwrap()]);
    assert_eq!(script.get("/api/v1/alerts").await.status, StatusCode::OK);
    let hash = anna.get("/people").await.field("hash");
    anna.post_form("/tokens/remove", &[("form", &form), ("hash", &hash)]).await;
    assert_eq!(script.get("/api/v1/alerts").await.status, StatusCode::UNAUTHORIZED);

    let itself = anna.post_form("/people/remove", &[("form", &form), ("name", "anna")]).await;
    assert_eq!(itself.status, StatusCode::BAD_REQUEST, "an admin is always left");
}

#[tokio::test]
async fn a_link_from_a_chat_finds_the_session_again() {
    let served = Served::sample().await;
    let answer = served.stranger().with("sec-fetch-site", "cross-site").get("/cases?state=all").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("content=\"0;url=/cases?state=all\""), "{}", answer.body);
}
