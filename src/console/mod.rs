//! The console: pages for people, the API for programs, metrics and health.
//!
//! [`serve`] answers HTTP on one listener from a [`Console`], which holds what the pages read ([`Store`]), the way by
//! which a person's decision enters the journal ([`Intake`]) and what health and metrics report.
//!
//! Three rules hold for every answer, and each is kept in one place:
//!
//! - **Denied by default** (`gate`): a route says in [`routes`] whom it serves; what says nothing serves nobody.
//! - **Nothing that a log line holds can act** (`headers`): pages are escaped by maud and carry a policy that allows
//!   no script, no frame and no foreign origin.
//! - **A decision is on disk before it is confirmed**: pages and API hand it to [`Intake::decide`] and answer after.

mod api;
mod assets;
mod digest;
mod fault;
mod gate;
mod guesses;
mod headers;
mod pages;
mod probes;
mod query;
pub(crate) mod record;
mod routes;
mod rules;
mod secrets;
mod server;
mod sign_in;
mod sources;

#[cfg(test)]
mod tests;

use std::{future::Future, pin::Pin, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use roundsman_sinks::Store;
use serde::Serialize;
use tokio::sync::watch;

pub use server::serve;

use crate::door::Door;

/// A future that a trait object hands out.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Takes a person's decision.
///
/// The console calls it once per form or API request that passed its checks. `Ok` means that the decision is on disk
/// in the journal; what it changes shows in the store a moment later. An error is shown to the person as it is.
pub trait Intake: Send + Sync {
    /// Journals a record of interface section 5 (`{"kind":"alert","id":…}`), with `recorded_by` already set.
    fn decide(&self, decision: serde_json::Value) -> BoxFuture<'_, Result<(), String>>;
}

/// Says whether the instance can do its work.
pub trait Health: Send + Sync {
    /// `Ok` while listeners are up and store and disk are usable; otherwise what is wrong, one entry each.
    fn ready(&self) -> BoxFuture<'_, Result<(), Vec<String>>>;
}

/// Makes the digest of a period that none was sent for yet.
pub trait Digests: Send + Sync {
    /// The digest as one line of JSON, from what the store holds now; `None` where the name is no period
    /// (`2026-W47`, `2026-11`). An error is for the log.
    fn digest(&self, period: String) -> BoxFuture<'_, Result<Option<String>, String>>;

    /// The zone in which a digest's dates are told.
    fn zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}

/// A loaded rule as the console and the API show it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RuleCard {
    /// Sigma's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its level; `None` for a rule that only feeds correlations.
    pub level: Option<String>,
    /// Its log source in words: `linux/sshd`.
    pub logsource: String,
    /// Tags such as `attack.t1110`.
    pub tags: Vec<String>,
    /// Why it matters.
    pub why: Option<String>,
    /// What to do first.
    pub next: Option<String>,
    /// Alerts that it has raised, as far as the store goes back; the console counts them itself.
    pub fired: u64,
}

/// What the console serves from.
pub struct Console {
    /// What pages and API read, and where people, sessions and tokens are kept.
    pub store: Store,
    /// Where decisions go.
    pub intake: Arc<dyn Intake>,
    /// Answers `/readyz`.
    pub health: Arc<dyn Health>,
    /// Makes digests that were not sent yet.
    pub digests: Arc<dyn Digests>,
    /// Answers `/metrics`.
    pub metrics: prometheus::Registry,
    /// The doors for senders that stand on the same address; they let themselves in, by token.
    pub doors: Option<Door>,
    /// The rules that are loaded now; a reload sends the new list.
    pub rules: watch::Receiver<Arc<Vec<RuleCard>>>,
}

/// The form under which the store keeps a token.
pub(crate) fn token_hash(token: &str) -> String {
    secrets::digest(token)
}

/// Makes the one-time admin link of a first start: its path, or `None` once somebody can sign in.
///
/// An unused link of an earlier start stops working. It is valid for [`sign_in::LINK_LIFE`].
///
/// # Errors
/// When the store cannot be read or written.
pub async fn first_link(store: &Store) -> anyhow::Result<Option<String>> {
    sign_in::first_link(store, Timestamp::now()).await
}
