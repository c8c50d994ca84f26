//! The digest as the interface promises it (section 3).

use jiff::Timestamp;
use roundsman_rules::{PatchCase, alert::Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Version of the record's form.
pub const SCHEMA: u32 = 1;

/// The page for the meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Digest {
    /// Always `digest`.
    pub kind: String,
    /// [`SCHEMA`]
    pub schema: u32,
    /// The week or month.
    pub period: Span,
    /// The end of the period: all that the page says is as of then.
    #[schemars(with = "String")]
    pub prepared: Timestamp,
    /// What the page rests on.
    pub evidence: Evidence,
    /// The page in one line.
    pub headline: Headline,
    /// What the meeting has to decide.
    pub decisions: Vec<Row>,
    /// The figures, always all of them, in the same order.
    pub numbers: Vec<Number>,
    /// What must be discussed, the riskiest first; pages show the first few.
    pub discuss: Vec<Row>,
    /// Cases that were verified in the period.
    pub done: Vec<Row>,
    /// Windows, blackouts and cases that become due in the next period.
    pub next: Vec<Row>,
    /// The period's medium alerts that no route took.
    pub parked: Vec<Row>,
    /// Accounts.
    pub access: Vec<Row>,
    /// Services, configuration, platforms.
    pub hardening: Vec<Row>,
    /// Backup jobs, off-site copies, restore tests.
    pub backups: Vec<Row>,
    /// Vulnerability scans.
    pub scans: Vec<Row>,
    /// Contracts, certificates, assessments.
    pub vendors: Vec<Row>,
    /// Training and reminders.
    pub training: Vec<Row>,
    /// What auditors ask for.
    pub compliance: Vec<Row>,
    /// How the work itself went.
    pub process: Vec<Row>,
    /// Hours, typed in.
    pub resources: Vec<Row>,
    /// Actions carried over.
    pub actions: Vec<Row>,
    /// The annex: cases that are open or changed in the period.
    pub cases: Vec<PatchCase>,
}

/// A stretch of time with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    /// `2026-W47` or `2026-11`.
    pub name: String,
    /// Its first instant.
    #[schemars(with = "String")]
    pub from: Timestamp,
    /// The first instant after it.
    #[schemars(with = "String")]
    pub to: Timestamp,
}

/// What the page rests on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Share of the senders that were heard as expected, rounded down; null where there is no sender at all.
    pub complete_percent: Option<f64>,
    /// `source_silent`
    pub silent: Vec<Row>,
    /// `feed_stale`
    pub stale_feeds: Vec<Row>,
    /// `host_unknown`, `version_unknown`
    pub unknown: Vec<Row>,
}

/// The page in one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Headline {
    /// How it stands.
    pub colour: Colour,
    /// The colour and the figures in words.
    pub text: String,
}

/// How it stands. The order is the order of worry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// Nothing high is open, and the evidence is complete.
    Green,
    /// Something high or a failed verification is open, or the evidence is incomplete.
    Amber,
    /// Something critical is open, or an exploited flaw is overdue.
    Red,
}

impl Colour {
    /// The word that stands in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Colour::Green => "green",
            Colour::Amber => "amber",
            Colour::Red => "red",
        }
    }
}

/// One figure and how it went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Number {
    /// Its name, `patch_compliance`.
    pub name: String,
    /// In this period; null where unknown.
    pub this: Option<f64>,
    /// In the period before; null where unknown.
    pub last: Option<f64>,
    /// Where it should be; null where nothing is agreed.
    pub goal: Option<f64>,
    /// `percent`, `hours`, `days`, `count`
    pub unit: String,
    /// The last eight weeks, the newest last; null where unknown.
    pub trend: Vec<Option<f64>>,
}

/// One line of a section. What does not apply is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Row {
    /// What it is, a slug of interface section 3.
    pub what: String,
    /// What it is about: asset, account, job, vendor, topic, advisory, rule, source, feed, volume.
    pub subject: String,
    /// One sentence with the figures.
    pub text: String,
    /// How much it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub since: Option<Timestamp>,
    /// Until when it must be settled, or when it happens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub due: Option<Timestamp>,
    /// The figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Where the figure should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<f64>,
    /// The figure's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The patch case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// The alert's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<String>,
    /// Ids of the records that say so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

impl Row {
    /// A row with what every row has.
    pub fn new(what: &str, subject: impl Into<String>, text: impl Into<String>) -> Row {
        Row { what: what.to_owned(), subject: subject.into(), text: text.into(), ..Row::default() }
    }
}

/// The sections that other stages may add rows to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Section {
    StaleFeeds,
    Unknown,
    Decisions,
    Next,
    Access,
    Hardening,
    Backups,
    Scans,
    Vendors,
    Training,
    Compliance,
    Process,
    Resources,
    Actions,
}

impl Digest {
    /// The rows of a section.
    pub fn section_mut(&mut self, section: Section) -> &mut Vec<Row> {
        match section {
            Section::StaleFeeds => &mut self.evidence.stale_feeds,
            Section::Unknown => &mut self.evidence.unknown,
            Section::Decisions => &mut self.decisions,
            Section::Next => &mut self.next,
            Section::Access => &mut self.access,
            Section::Hardening => &mut self.hardening,
            Section::Backups => &mut self.backups,
            Section::Scans => &mut self.scans,
            Section::Vendors => &mut self.vendors,
            Section::Training => &mut self.training,
            Section::Compliance => &mut self.compliance,
            Section::Process => &mut self.process,
            Section::Resources => &mut self.resources,
            Section::Actions => &mut self.actions,
        }
    }

    /// The digest as one line of JSON.
    pub fn to_json(&self) -> String {
        // Its maps have text keys and its numbers are finite, so it always serialises.
        serde_json::to_string(self).unwrap_or_default()
    }
}
