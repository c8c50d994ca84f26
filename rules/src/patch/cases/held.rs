//! What is kept of a case between two looks at it: where it stands, and what cannot be derived again from its evidence.
//!
//! The case itself is not kept. It is derived whenever somebody asks, so a million cases need little room.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    PatchCase,
    case::{Class, State},
    patch::{course::Verification, window::LATENESS},
};

/// An asset's or advisory's name, shared by all that mention it.
pub type Name = Arc<str>;
/// Asset and advisory.
pub type Key = (Name, Name);

/// Most verifications remembered per case; the oldest go first.
pub const MAX_VERIFICATIONS: usize = 16;

/// A case as it was last told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// Where it stands.
    pub state: State,
    /// How urgent.
    pub class: Class,
    /// By itself it wants the zero-day watch.
    #[serde(default)]
    pub watch: bool,
    /// The fix is on disk.
    #[serde(default)]
    pub installed: bool,
    /// It waits for a sign of life, so activity matters to it.
    #[serde(default)]
    pub listens: bool,
    /// A digest of what was told.
    pub told: u64,
    /// When it must be looked at again.
    #[serde(default)]
    pub due: Option<Timestamp>,
    /// What only few cases have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<Box<More>>,
}

/// What is kept of a case that has moved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct More {
    /// When it had been running and healthy.
    pub sound: Vec<(Timestamp, Timestamp)>,
    /// The instants about which it asks what the asset's activity said.
    pub asked: BTreeSet<Timestamp>,
    /// Verifications by the time of their activation.
    pub verified: BTreeMap<Timestamp, Settled>,
    /// Ids of evidence that its history cites.
    pub cites: BTreeSet<String>,
    /// The version that counts in its group, and since when.
    pub version: Option<(String, Timestamp)>,
}

impl More {
    /// Nothing at all takes no room.
    pub fn boxed(self) -> Option<Box<More>> {
        (self != More::default()).then(|| Box::new(self))
    }
}

/// A verification and since when it is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settled {
    /// When the pipeline knew.
    pub known: Timestamp,
    /// What it was.
    pub verification: Verification,
}

impl Settled {
    /// Whether it has been known for so long that it stands: late lines change nothing in it any more.
    pub fn stands(&self, now: Timestamp) -> bool {
        LATENESS.after(self.known) <= now
    }
}

/// A digest of a case as it is told. It tells changes, and is compared with nothing outside of this process's rows.
pub fn digest(case: &PatchCase) -> u64 {
    let mut hasher = DefaultHasher::new();
    Digest(&mut hasher).case(case);
    hasher.finish()
}

/// Hashes a case field by field, without printing it.
struct Digest<'h>(&'h mut DefaultHasher);

impl Digest<'_> {
    fn case(&mut self, case: &PatchCase) {
        let PatchCase { kind: _, id, asset: _, advisory: _, state, class, kev, watch, opened, due, .. } = case;
        (id, state, class, kev, watch, opened).hash(self.0);
        (due.deploy, due.activate, due.verify).hash(self.0);
        (case.installed, case.activated, &case.observed, &case.running, &case.trust).hash(self.0);
        (case.overdue, case.reopened, &case.exception, &case.alerts, &case.members).hash(self.0);
        for check in case.checks.four() {
            (check.result, &check.why, &check.evidence, check.deadline).hash(self.0);
        }
        for step in &case.history {
            (step.at, step.state, &step.why, &step.evidence).hash(self.0);
        }
        if let Some(triage) = &case.triage {
            (triage.due, &triage.step, &triage.outcome).hash(self.0);
        }
        for (key, value) in &case.more {
            (key, value).hash(self.0);
        }
    }
}
