//! Prometheus Alertmanager, API v2.
//! <https://prometheus.io/docs/alerting/latest/alerts_api/>
//!
//! Alertmanager knows an alert by its labels and forgets it at `endsAt`. So an alert that burns is told again every
//! [`RESEND`] with an end in [`LASTS`], and one that is over is told with the end that it had. Severity is a label:
//! when it changes, the alert under its other severities is over.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Url};
use roundsman_rules::{Alert, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Channel, Delivery, DeliveryError, Settings, Surroundings, http};
use crate::notify::{Change, Message};

/// How often everything that burns is told again; within Alertmanager's own `resolve_timeout` of five minutes.
const RESEND: Duration = Duration::from_secs(120);
/// How long a burning alert outlives our last word, so that a restart of ours resolves nothing.
const LASTS: SignedDuration = SignedDuration::from_mins(15);

/// `type = "alertmanager"`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Its address, without `/api/v2`: `http://127.0.0.1:9093`.
    pub url: String,
    /// Bearer token, where a proxy in front of it wants one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl Settings for Config {
    fn open(&self, around: &Surroundings) -> Result<Arc<dyn Channel>, String> {
        let mut endpoint = http::url(&self.url)?;
        endpoint.set_path(&format!("{}/api/v2/alerts", endpoint.path().trim_end_matches('/')));
        let client = http::client(&endpoint)?;
        Ok(Arc::new(Alertmanager { client, endpoint, token: self.token.clone(), console: around.console.clone() }))
    }
}

struct Alertmanager {
    client: Client,
    endpoint: Url,
    token: Option<String>,
    console: Option<String>,
}

/// An alert as the API takes it.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Post {
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<&'static str, String>,
    starts_at: Timestamp,
    ends_at: Timestamp,
    #[serde(rename = "generatorURL", skip_serializing_if = "Option::is_none")]
    generator: Option<String>,
}

impl Channel for Alertmanager {
    fn deliver<'a>(&'a self, message: &'a Message) -> Delivery<'a> {
        Box::pin(async move {
            let Message::Alert(notification) = message else {
                return Err(DeliveryError::Refused(
                    "Alertmanager takes alerts, no digests: name another channel under [digest]".to_owned(),
                ));
            };
            let now = Timestamp::now();
            let mut posts = vec![self.post(&notification.alert, now)];
            if notification.change == Change::Severity {
                posts.extend(self.other_severities(&notification.alert, now));
            }
            self.send(&posts, Some(&notification.idempotency_key)).await
        })
    }

    fn refresh_every(&self) -> Option<Duration> {
        Some(RESEND)
    }

    fn refresh<'a>(&'a self, burning: &'a [Alert]) -> Delivery<'a> {
        Box::pin(async move {
            let now = Timestamp::now();
            let posts: Vec<Post> = burning.iter().map(|alert| self.post(alert, now)).collect();
            self.send(&posts, None).await
        })
    }
}

impl Alertmanager {
    async fn send(&self, posts: &[Post], key: Option<&str>) -> Result<(), DeliveryError> {
        let body = serde_json::to_vec(posts).map_err(|e| DeliveryError::Refused(e.to_string()))?;
        let mut request = self.client.post(self.endpoint.clone()).header("Content-Type", "application/json").body(body);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        http::send(request).await
    }

    fn post(&self, alert: &Alert, now: Timestamp) -> Post {
        let mut annotations = BTreeMap::from([
            ("summary", alert.title.clone()),
            ("description", alert.why.clone()),
            ("next", alert.next.clone()),
            ("count", alert.count.to_string()),
            ("id", alert.id.clone()),
        ]);
        if let Some(case) = &alert.case {
            annotations.insert("case", case.clone());
        }
        // An end before the start is refused.
        let burning = now.checked_add(LASTS).unwrap_or(now);
        let ends_at = alert.cleared.unwrap_or(burning).max(alert.raised);
        let generator =
            self.console.as_ref().map(|console| format!("{}/alerts/{}", console.trim_end_matches('/'), alert.id));
        Post { labels: labels(alert), annotations, starts_at: alert.raised, ends_at, generator }
    }

    fn other_severities(&self, alert: &Alert, now: Timestamp) -> Vec<Post> {
        let others = Severity::ALL.into_iter().filter(|level| *level != alert.severity);
        others.map(|severity| self.post(&Alert { severity, cleared: Some(now), ..alert.clone() }, now)).collect()
    }
}

/// What Alertmanager knows the alert by. The key's fields become labels of their own, `source.ip` as `source_ip`.
fn labels(alert: &Alert) -> BTreeMap<String, String> {
    let mut labels: BTreeMap<String, String> =
        alert.key.iter().map(|(name, value)| (label_name(name), value.clone())).collect();
    let ours = [
        ("alertname", alert.rule.name.clone()),
        ("severity", alert.severity.as_str().to_owned()),
        ("rule", alert.rule.id.clone()),
        ("host", alert.hosts.join(",")),
    ];
    labels.extend(ours.map(|(name, value)| (name.to_owned(), value)));
    labels.retain(|_, value| !value.is_empty());
    labels
}

/// `[a-zA-Z_][a-zA-Z0-9_]*`
fn label_name(field: &str) -> String {
    let name: String = field.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}
