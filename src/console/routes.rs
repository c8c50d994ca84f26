//! Every route: what it needs and who answers. One list, from which the router is built and the tests read.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::Method,
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodRouter, get, post},
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
    answer: fn() -> MethodRouter<App>,
}

const fn reads(path: &'static str, needs: Needs, answer: fn() -> MethodRouter<App>) -> Route {
    Route { method: Method::GET, path, needs, answer }
}

const fn acts(path: &'static str, needs: Needs, answer: fn() -> MethodRouter<App>) -> Route {
    Route { method: Method::POST, path, needs, answer }
}

const VIEWER: Needs = Needs::Role(Role::Viewer);
const ANALYST: Needs = Needs::Role(Role::Analyst);
const ADMIN: Needs = Needs::Role(Role::Admin);

/// All routes.
pub(super) const ROUTES: &[Route] = &[
    reads("/healthz", Needs::Nothing, || get(probes::alive)),
    reads("/readyz", Needs::Nothing, || get(probes::ready)),
    reads("/metrics", Needs::RoleUnlessLocal(Role::Viewer), || get(probes::metrics)),
    reads("/assets/{name}", Needs::Nothing, || get(assets::asset)),
    reads("/sign-in", Needs::Nothing, || get(sign_in::page)),
    acts("/sign-in", Needs::Nothing, || post(sign_in::sign_in)),
    reads("/sign-in/once/{token}", Needs::Nothing, || get(sign_in::link_page)),
    acts("/sign-in/once/{token}", Needs::Nothing, || post(sign_in::use_link)),
    acts("/sign-out", VIEWER, || post(sign_in::sign_out)),
    reads("/", VIEWER, || get(pages::queue::page)),
    reads("/alerts/{id}", VIEWER, || get(pages::alert::page)),
    acts("/alerts/{id}", ANALYST, || post(pages::alert::act)),
    reads("/cases", VIEWER, || get(pages::cases::page)),
    reads("/cases/{*id}", VIEWER, || get(pages::case::page)),
    reads("/sources", VIEWER, || get(pages::sources::page)),
    reads("/digests", VIEWER, || get(pages::digests::list)),
    reads("/digests/{period}", VIEWER, || get(pages::digests::page)),
    reads("/digests/{period}/cases.csv", VIEWER, || get(pages::digests::annex_csv)),
    reads("/records", VIEWER, || get(pages::records::page)),
    reads("/records/new/{kind}", ANALYST, || get(pages::records::form)),
    acts("/records/new/{kind}", ANALYST, || post(pages::records::write)),
    reads("/rules", VIEWER, || get(pages::rules::page)),
    reads("/account", VIEWER, || get(pages::account::page)),
    acts("/account", VIEWER, || post(pages::account::change)),
    reads("/people", ADMIN, || get(pages::people::page)),
    acts("/people/invite", ADMIN, || post(pages::people::invite)),
    acts("/people/remove", ADMIN, || post(pages::people::remove)),
    acts("/tokens/make", ADMIN, || post(pages::people::make_token)),
    acts("/tokens/remove", ADMIN, || post(pages::people::remove_token)),
    reads("/api/v1/openapi.json", VIEWER, || get(api::openapi)),
    reads("/api/v1/alerts", VIEWER, || get(api::alerts)),
    reads("/api/v1/alerts/{id}", VIEWER, || get(api::alert)),
    reads("/api/v1/alerts/{id}/history", VIEWER, || get(api::history)),
    reads("/api/v1/cases", VIEWER, || get(api::cases)),
    reads("/api/v1/cases/{*id}", VIEWER, || get(api::case)),
    reads("/api/v1/digests/{period}", VIEWER, || get(api::digest)),
    reads("/api/v1/sources", VIEWER, || get(api::sources)),
    reads("/api/v1/rules", VIEWER, || get(api::rules)),
    reads("/api/v1/records", VIEWER, || get(api::records)),
    acts("/api/v1/records", ANALYST, || post(api::record)),
];

/// The router of all routes. What is in no entry is denied to those who are not signed in, and unknown to the others.
pub(super) fn router(app: App) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let gated = (route.answer)().layer(from_fn_with_state((app.clone(), route.needs), gate));
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
