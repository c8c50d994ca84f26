//! The alert, as the interface promises it (section 3).

use std::collections::BTreeMap;

use jiff::Timestamp;
use roundsman_ingest::Event;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Most records that an alert quotes; `count` counts all.
pub const MAX_EVIDENCE: usize = 10;

/// How much it matters. The order is the order of urgency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Counted.
    Informational,
    /// Counted.
    Low,
    /// For the meeting.
    Medium,
    /// Act today.
    High,
    /// Act tonight.
    Critical,
}

impl Severity {
    /// All levels, the least urgent first.
    pub const ALL: [Severity; 5] =
        [Severity::Informational, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// The word that stands in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Informational => "informational",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// One step more urgent, at most critical.
    pub fn raised(self) -> Severity {
        Severity::ALL[(self as usize + 1).min(4)]
    }
}

impl std::str::FromStr for Severity {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        Severity::ALL
            .into_iter()
            .find(|s| s.as_str() == word)
            .ok_or_else(|| format!("unknown level `{word}` (available: informational, low, medium, high, critical)"))
    }
}

/// Where the SOC stands with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Nobody has looked yet.
    New,
    /// Somebody is at it.
    Acknowledged,
    /// Decided.
    Closed,
}

/// The rule that spoke.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleRef {
    /// Sigma's id, or `PV01` … `PV27`.
    pub id: String,
    /// Its title.
    pub name: String,
    /// Tags such as `attack.t1110`.
    pub tags: Vec<String>,
}

/// A record that the alert quotes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// [`evidence_id`]
    pub id: String,
    /// When we received it.
    #[schemars(with = "String")]
    pub received: Timestamp,
    /// The host that reported.
    pub host: Option<String>,
    /// The record; bytes that are no UTF-8 are replaced.
    pub raw: String,
}

impl Evidence {
    /// This event as evidence. The id does not depend on the way that the record came, so a replay finds the same.
    pub fn of(event: &Event) -> Evidence {
        let host = event.host();
        let path = event.origin.path.as_deref().unwrap_or_default();
        Evidence {
            id: evidence_id(host.as_deref().unwrap_or_default(), path, &event.raw, event.at()),
            received: event.received,
            host: host.map(|host| host.into_owned()),
            raw: String::from_utf8_lossy(&event.raw).into_owned(),
        }
    }
}

/// Something that a person should know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Alert {
    /// Always `alert`.
    pub kind: String,
    /// [`alert_id`]: the same input gives the same ids.
    pub id: String,
    /// The rule that spoke.
    pub rule: RuleRef,
    /// How much it matters.
    pub severity: Severity,
    /// Where the SOC stands with it.
    pub status: Status,
    /// One line for the queue.
    pub title: String,
    /// The group that it is about: field names and values.
    pub key: BTreeMap<String, String>,
    /// The assets that it is about, by their inventory names.
    pub hosts: Vec<String>,
    /// How many records it counts.
    pub count: u64,
    /// Event time of the first record.
    #[schemars(with = "String")]
    pub first: Timestamp,
    /// Event time of the last record.
    #[schemars(with = "String")]
    pub last: Timestamp,
    /// When the pipeline knew.
    #[schemars(with = "String")]
    pub raised: Timestamp,
    /// When the pipeline knew that it is over.
    #[schemars(with = "Option<String>")]
    pub cleared: Option<Timestamp>,
    /// The patch case that it belongs to.
    pub case: Option<String>,
    /// First, last, and at most [`MAX_EVIDENCE`].
    pub evidence: Vec<Evidence>,
    /// One sentence with the figures.
    pub why: String,
    /// What to do first.
    pub next: String,
}

/// An alert's id: 16 hex digits of a hash of rule, key and first event.
pub fn alert_id(rule: &str, key: &BTreeMap<String, String>, first_event: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(rule);
    for (name, value) in key {
        hash.update([0]);
        hash.update(name);
        hash.update([1]);
        hash.update(value);
    }
    hash.update([2]);
    hash.update(first_event);
    hex16(&hash.finalize())
}

/// A record's id as evidence: 16 hex digits of a hash of sender, source, raw bytes and time.
pub fn evidence_id(host: &str, source: &str, raw: &[u8], time: Timestamp) -> String {
    let mut hash = Sha256::new();
    for part in [host.as_bytes(), source.as_bytes(), raw] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.update(time.as_nanosecond().to_le_bytes());
    hex16(&hash.finalize())
}

/// A stable 64-bit hash of several values, for counting different ones.
pub(crate) fn value_hash<'v>(values: impl Iterator<Item = &'v [u8]>) -> u64 {
    let mut hash = Sha256::new();
    for value in values {
        hash.update((value.len() as u64).to_le_bytes());
        hash.update(value);
    }
    hash.finalize().iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

fn hex16(digest: &[u8]) -> String {
    digest.iter().take(8).map(|b| format!("{b:02x}")).collect()
}
