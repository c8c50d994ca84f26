//! The patch case as the interface promises it (section 3): an asset times an advisory.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum State {
    Open,
    Mitigated,
    Scheduled,
    Deploying,
    InstallFailed,
    Installed,
    PendingActivation,
    Verifying,
    Verified,
    VerifyFailed,
    RolledBack,
    Reopened,
    Excepted,
    NotApplicable,
    Superseded,
    Retired,
    Closed,
}

impl State {
    /// The word that stands in records.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Mitigated => "mitigated",
            State::Scheduled => "scheduled",
            State::Deploying => "deploying",
            State::InstallFailed => "install_failed",
            State::Installed => "installed",
            State::PendingActivation => "pending_activation",
            State::Verifying => "verifying",
            State::Verified => "verified",
            State::VerifyFailed => "verify_failed",
            State::RolledBack => "rolled_back",
            State::Reopened => "reopened",
            State::Excepted => "excepted",
            State::NotApplicable => "not_applicable",
            State::Superseded => "superseded",
            State::Retired => "retired",
            State::Closed => "closed",
        }
    }
}

/// How urgent the patch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Class {
    Minor,
    Important,
    Critical,
}

/// What a check found. Unknown is never shown as good: only `pass` and `waived` count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum CheckResult {
    Pass,
    Fail,
    Pending,
    Stale,
    Conflict,
    Waived,
}

/// One of the four checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// What it found.
    pub result: CheckResult,
    /// In words, with the figures.
    pub why: String,
    /// Ids of the records that say so.
    pub evidence: Vec<String>,
    /// When it must be settled; unknown before activation.
    #[schemars(with = "Option<String>")]
    pub deadline: Option<Timestamp>,
}

/// The four checks that "verified" needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Checks {
    pub health: Check,
    pub function: Check,
    pub logs: Check,
    pub closure: Check,
}

impl Checks {
    /// The four in the order in which they are told.
    pub fn four(&self) -> [&Check; 4] {
        [&self.health, &self.function, &self.logs, &self.closure]
    }

    /// The four with the names that records have for them.
    pub fn named(&self) -> [(&'static str, &Check); 4] {
        [("health", &self.health), ("function", &self.function), ("logs", &self.logs), ("closure", &self.closure)]
    }
}

/// The case's deadlines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Due {
    #[schemars(with = "Option<String>")]
    pub deploy: Option<Timestamp>,
    #[schemars(with = "Option<String>")]
    pub activate: Option<Timestamp>,
    #[schemars(with = "Option<String>")]
    pub verify: Option<Timestamp>,
}

/// A transition, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Transition {
    #[schemars(with = "String")]
    pub at: Timestamp,
    pub state: State,
    pub why: String,
    pub evidence: Vec<String>,
}

/// The triage for prior compromise that runs beside an exploited flaw's case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Triage {
    #[schemars(with = "Option<String>")]
    pub due: Option<Timestamp>,
    /// `open`, `scoped`, `preserved` or `decided`.
    pub step: String,
    pub outcome: Option<String>,
}

/// A patch case. A group's case has `members` and only some of the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct PatchCase {
    /// Always `case`.
    pub kind: String,
    /// `web1/DSA-9001`, `group:web-ha/DSA-9001`
    pub id: String,
    pub asset: Option<String>,
    pub advisory: String,
    pub state: State,
    pub class: Class,
    /// It is in CISA's catalogue of exploited flaws.
    pub kev: bool,
    /// The zero-day watch is on.
    pub watch: bool,
    #[schemars(with = "String")]
    pub opened: Timestamp,
    pub due: Due,
    #[schemars(with = "Option<String>")]
    pub installed: Option<Timestamp>,
    #[schemars(with = "Option<String>")]
    pub activated: Option<Timestamp>,
    /// Version on disk.
    pub observed: Option<String>,
    /// Version in use.
    pub running: Option<String>,
    /// `high` or `low`.
    pub trust: String,
    /// PV15 is open.
    pub overdue: bool,
    pub reopened: u32,
    /// Id of the exception in force.
    pub exception: Option<String>,
    pub checks: Checks,
    pub triage: Option<Triage>,
    pub history: Vec<Transition>,
    /// Ids of all its alerts.
    pub alerts: Vec<String>,
    /// Members of a group's case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<String>>,
    /// What the asset's advisory record adds for people: keys beyond the contract.
    #[serde(default, flatten)]
    pub more: BTreeMap<String, serde_json::Value>,
}
