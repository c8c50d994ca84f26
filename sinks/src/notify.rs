//! Who is told of what: changes of alerts, and the routes that they take to channels.

use jiff::Timestamp;
use roundsman_rules::alert::{Alert, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::digest::Digest;

/// What happened to an alert that people are told of. An alert that merely counts on is told to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is new, or it is back after it had cleared.
    Raised,
    /// Its severity is another one.
    Severity,
    /// It is over.
    Cleared,
}

impl Change {
    /// The word that stands in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Change::Raised => "raised",
            Change::Severity => "severity",
            Change::Cleared => "cleared",
        }
    }
}

/// What the store knew of an alert before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Before {
    pub severity: Severity,
    pub peak: Severity,
    pub cleared: bool,
}

/// What is new about an alert, if anything is.
pub(crate) fn change(before: Option<Before>, alert: &Alert) -> Option<Change> {
    match before {
        None => Some(Change::Raised),
        Some(b) if b.cleared && alert.cleared.is_none() => Some(Change::Raised),
        Some(b) if !b.cleared && alert.cleared.is_some() => Some(Change::Cleared),
        Some(b) if b.severity != alert.severity => Some(Change::Severity),
        Some(_) => None,
    }
}

/// One message to one channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Notification {
    /// What happened.
    pub change: Change,
    /// The same for every attempt to tell this channel of this change; receivers drop what they have seen.
    pub idempotency_key: String,
    /// The alert as it was then.
    pub alert: Alert,
}

impl Notification {
    /// A message about a change of an alert.
    pub fn new(change: Change, alert: Alert) -> Self {
        Notification { change, idempotency_key: idempotency_key(change, &alert), alert }
    }
}

/// A hash of the alert's id and of what changed: the same change always has the same key.
fn idempotency_key(change: Change, alert: &Alert) -> String {
    let time = |t: Option<Timestamp>| t.map(|t| t.to_string()).unwrap_or_default();
    hash(&[&alert.id, change.as_str(), alert.severity.as_str(), &time(Some(alert.raised)), &time(alert.cleared)])
}

/// 32 hex digits of a hash of these parts.
fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect()
}

/// What a channel is given.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// A change of an alert.
    Alert(Box<Notification>),
    /// The page for the meeting.
    Digest(Box<Digest>),
}

impl Message {
    /// The same for every attempt.
    pub fn idempotency_key(&self) -> String {
        match self {
            Message::Alert(notification) => notification.idempotency_key.clone(),
            Message::Digest(digest) => {
                hash(&["digest", &digest.period.name, &digest.prepared.to_string(), &digest.to_json()])
            }
        }
    }

    /// `raised`, `severity`, `cleared` or `digest`
    pub fn change(&self) -> &'static str {
        match self {
            Message::Alert(notification) => notification.change.as_str(),
            Message::Digest(_) => "digest",
        }
    }

    /// The object itself: the alert or the digest.
    pub(crate) fn to_json(&self) -> serde_json::Result<String> {
        match self {
            Message::Alert(notification) => serde_json::to_string(&notification.alert),
            Message::Digest(digest) => serde_json::to_string(digest),
        }
    }
}

/// One `[[route]]`: alerts of this level and above go to these channels at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteConfig {
    /// This level and above.
    pub severity: Severity,
    /// Names of channels.
    pub channels: Vec<String>,
}

/// A route that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("route {index}: unknown channel `{channel}` (available: {available})")]
pub struct RouteError {
    /// Number of the route in the configuration, counted from 1.
    pub index: usize,
    /// The name that no channel has.
    pub channel: String,
    /// The names that exist.
    pub available: String,
}

/// Which channels an alert goes to at once; what no route takes waits for the digest.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    routes: Vec<(Severity, Vec<String>)>,
    channels: Vec<String>,
}

impl Routes {
    /// Routes to these channels, or, without any route, high and critical to all of them.
    ///
    /// # Errors
    /// A route that names a channel that does not exist.
    pub fn new(routes: &[RouteConfig], channels: &[String]) -> Result<Routes, RouteError> {
        for (index, route) in routes.iter().enumerate() {
            if let Some(channel) = route.channels.iter().find(|c| !channels.contains(c)) {
                let available = if channels.is_empty() { "none".to_owned() } else { channels.join(", ") };
                return Err(RouteError { index: index + 1, channel: channel.clone(), available });
            }
        }
        let routes = match routes {
            [] => vec![(Severity::High, channels.to_vec())],
            some => some.iter().map(|r| (r.severity, r.channels.clone())).collect(),
        };
        Ok(Routes { routes, channels: channels.to_vec() })
    }

    /// The channels that hear of alerts of this severity, in the order of the configuration.
    pub fn channels(&self, severity: Severity) -> Vec<&str> {
        let takes =
            |channel: &&String| self.routes.iter().any(|(level, to)| severity >= *level && to.contains(channel));
        self.channels.iter().filter(takes).map(String::as_str).collect()
    }

    /// Whether any route takes alerts of this severity.
    pub fn takes(&self, severity: Severity) -> bool {
        !self.channels(severity).is_empty()
    }
}
