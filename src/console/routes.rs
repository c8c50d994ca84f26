//! Every route: what it needs and who answers. One list, from which the router is built and the tests read.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::Method,
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodFilter, MethodRouter, get, on},
};

use roundsman_sinks::store::Role;

use super::{
    api, assets,
    fault::Fault,
    gate::{MAX_BODY, Needs, gate},
    headers::dress,
    pages, probes,
    server::App,
    sign_in,
};

/// A route.
pub(super) struct Route {
    /// The method that it answers.
    pub method: Method,
    /// Its path, as axum writes it.
    pub path: &'static str,
    /// Whom it serves.
    pub needs: Needs,
    /// Who answers.
    answer: fn(MethodFilter) -> MethodRouter<App>,
}

const fn reads(path: &'static str, needs: Needs, answer: fn(MethodFilter) -> MethodRouter<App>) -> Route {
    Route { method: Method::GET, path, needs, answer }
}

const fn acts(path: &'static str, needs: Needs, answer: fn(MethodFilter) -> MethodRouter<App>) -> Route {
    Route { method: Method::POST, path, needs, answer }
}

const VIEWER: Needs = Needs::Role(Role::Viewer);
const ANALYST: Needs = Needs::Role(Role::Analyst);
const ADMIN: Needs = Needs::Role(Role::Admin);

/// All routes.
pub(super) const ROUTES: &[Route] = &[
    reads("/healthz", Needs::Nothing, |m| on(m, probes::alive)),
    reads("/readyz", Needs::Nothing, |m| on(m, probes::ready)),
    reads("/metrics", Needs::RoleUnlessLocal(Role::Viewer), |m| on(m, probes::metrics)),
    reads("/assets/{name}", Needs::Nothing, |m| on(m, assets::asset)),
    reads("/sign-in", Needs::Nothing, |m| on(m, sign_in::page)),
    acts("/sign-in", Needs::Nothing, |m| on(m, sign_in::sign_in)),
    reads("/sign-in/once/{token}", Needs::Nothing, |m| on(m, sign_in::link_page)),
    acts("/sign-in/once/{token}", Needs::Nothing, |m| on(m, sign_in::use_link)),
    acts("/sign-out", VIEWER, |m| on(m, sign_in::sign_out)),
    reads("/", VIEWER, |m| on(m, pages::queue::page)),
    reads("/alerts/{id}", VIEWER, |m| on(m, pages::alert::page)),
    acts("/alerts/{id}", ANALYST, |m| on(m, pages::alert::act)),
    reads("/cases", VIEWER, |m| on(m, pages::cases::page)),
    reads("/cases/{*id}", VIEWER, |m| on(m, pages::case::page)),
    reads("/sources", VIEWER, |m| on(m, pages::sources::page)),
    reads("/digests", VIEWER, |m| on(m, pages::digests::list)),
    reads("/digests/{period}", VIEWER, |m| on(m, pages::digests::page)),
    reads("/digests/{period}/cases.csv", VIEWER, |m| on(m, pages::digests::annex_csv)),
    reads("/records", VIEWER, |m| on(m, pages::records::page)),
    reads("/records/new/{kind}", ANALYST, |m| on(m, pages::records::form)),
    acts("/records/new/{kind}", ANALYST, |m| on(m, pages::records::write)),
    reads("/rules", VIEWER, |m| on(m, pages::rules::page)),
    reads("/baselines", VIEWER, |m| on(m, pages::baselines::page)),
    reads("/account", VIEWER, |m| on(m, pages::account::page)),
    acts("/account", VIEWER, |m| on(m, pages::account::change)),
    reads("/people", ADMIN, |m| on(m, pages::people::page)),
    acts("/people/invite", ADMIN, |m| on(m, pages::people::invite)),
    acts("/people/remove", ADMIN, |m| on(m, pages::people::remove)),
    acts("/tokens/make", ADMIN, |m| on(m, pages::people::make_token)),
    acts("/tokens/remove", ADMIN, |m| on(m, pages::people::remove_token)),
    reads("/api/v1/openapi.json", VIEWER, |m| on(m, api::openapi)),
    reads("/api/v1/alerts", VIEWER, |m| on(m, api::alerts)),
    reads("/api/v1/alerts/{id}", VIEWER, |m| on(m, api::alert)),
    reads("/api/v1/alerts/{id}/history", VIEWER, |m| on(m, api::history)),
    reads("/api/v1/cases", VIEWER, |m| on(m, api::cases)),
    reads("/api/v1/cases/{*id}", VIEWER, |m| on(m, api::case)),
    reads("/api/v1/digests/{period}", VIEWER, |m| on(m, api::digest)),
    reads("/api/v1/sources", VIEWER, |m| on(m, api::sources)),
    reads("/api/v1/rules", VIEWER, |m| on(m, api::rules)),
    reads("/api/v1/records", VIEWER, |m| on(m, api::records)),
    acts("/api/v1/records", ANALYST, |m| on(m, api::record)),
];

/// The router of all routes. What is in no entry is denied to those who are not signed in, and unknown to the others.
pub(super) fn router(app: App) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let method = if route.method == Method::POST { MethodFilter::POST } else { MethodFilter::GET };
        let gated = (route.answer)(method).layer(from_fn_with_state((app.clone(), route.needs), gate));
        router = router.route(route.path, gated);
    }
    let unknown = get(|| async { Fault::Unknown("such page".into()) });
    let unknown = unknown.layer(from_fn_with_state((app.clone(), VIEWER), gate));
    router
        .fallback_service(unknown.with_state(app.clone()))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn(dress))
        .with_state(app)
}
