//! What must come of a scenario: `expect.toml`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use roundsman_rules::Alert;
use serde::Deserialize;
use serde_json::Value;

use crate::run::Run;

/// The whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// One sentence.
    pub about: String,
    /// Why its lines must come in time, where they must.
    #[serde(default)]
    pub in_time: Option<String>,
    /// What holds on the way.
    #[serde(default, rename = "stage")]
    pub stages: Vec<Stage>,
    /// What holds at the end.
    pub end: Picture,
}

/// What holds once all lines up to a time have come.
#[derive(Deserialize)]
pub struct Stage {
    pub at: Timestamp,
    #[serde(flatten)]
    picture: Picture,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    #[serde(default)]
    case: BTreeMap<String, Case>,
    /// Alerts that there must be, open or not.
    #[serde(default)]
    alert: Vec<Told>,
    /// Rules of which no alert may ever have been raised.
    #[serde(default)]
    never: Vec<String>,
}

/// A case; what is not named may be anything.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    state: Option<String>,
    /// The states of the whole history.
    history: Option<Vec<String>>,
    /// Open alerts, as `PV03 high`.
    open: Option<Vec<String>>,
    /// Rules that ever raised an alert.
    raised: Option<Vec<String>>,
    #[serde(default)]
    checks: BTreeMap<String, String>,
    /// Fields by JSON pointer.
    #[serde(default)]
    fields: BTreeMap<String, toml::Value>,
    /// Texts that stand somewhere in the history.
    #[serde(default)]
    says: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    rule: String,
    case: Option<String>,
    severity: Option<String>,
    key: Option<BTreeMap<String, String>>,
    hosts: Option<Vec<String>>,
    count: Option<u64>,
    first: Option<Timestamp>,
    raised: Option<Timestamp>,
    /// Whether it is over.
    cleared: Option<bool>,
    /// Texts in `why`.
    #[serde(default)]
    why: Vec<String>,
    /// Texts in the records that it quotes.
    #[serde(default)]
    quotes: Vec<String>,
}

impl Expectation {
    pub fn read(text: &str) -> Result<Expectation, toml::de::Error> {
        toml::from_str(text)
    }
}

impl Stage {
    pub fn wrong(&self, run: &Run) -> Vec<String> {
        self.picture.wrong(run)
    }
}

impl Picture {
    /// What is not as expected.
    pub fn wrong(&self, run: &Run) -> Vec<String> {
        let mut wrong: Vec<String> = self.case.iter().flat_map(|(id, case)| case.wrong(id, run)).collect();
        for told in &self.alert {
            if !run.alerts.values().any(|alert| told.fits(alert)) {
                let alike: Vec<_> = run.alerts.values().filter(|a| a.rule.id == told.rule).collect();
                wrong.push(format!("no alert {} as expected, but {alike:#?}", told.rule));
            }
        }
        for rule in &self.never {
            let raised = run.alerts.values().filter(|a| a.rule.id == *rule);
            wrong.extend(raised.map(|a| format!("{rule} was raised: {}", a.why)));
        }
        wrong
    }
}

impl Case {
    fn wrong(&self, id: &str, run: &Run) -> Vec<String> {
        let Some(case) = run.cases.get(id) else {
            return match self.state.as_deref() {
                Some("none") => Vec::new(),
                _ => vec![format!("no case {id}; there are {:?}", run.cases.keys().collect::<Vec<_>>())],
            };
        };
        let mut wrong = Vec::new();
        let mut differs = |what: &str, wanted: String, found: String| {
            if wanted != found {
                wrong.push(format!("{id}: {what} is {found}, not {wanted}"));
            }
        };
        if let Some(state) = &self.state {
            differs("state", state.clone(), case.state.as_str().to_owned());
        }
        if let Some(history) = &self.history {
            let found: Vec<&str> = case.history.iter().map(|t| t.state.as_str()).collect();
            differs("history", format!("{history:?}"), format!("{found:?}"));
        }
        if let Some(open) = &self.open {
            differs("open alerts", format!("{open:?}"), format!("{:?}", run.open(id)));
        }
        if let Some(raised) = &self.raised {
            differs("raised alerts", format!("{raised:?}"), format!("{:?}", run.raised(id)));
        }
        let value = serde_json::to_value(case).unwrap();
        for (check, result) in &self.checks {
            let found = &value["checks"][check];
            let words = |result: &str| result.to_owned();
            differs(&format!("{check} ({})", found["why"]), words(result), words(found["result"].as_str().unwrap()));
        }
        for (pointer, wanted) in &self.fields {
            let wanted: Value = serde_json::to_value(wanted).unwrap();
            let found = value.pointer(pointer).cloned().unwrap_or(Value::Null);
            differs(pointer, wanted.to_string(), found.to_string());
        }
        for text in &self.says {
            if !case.history.iter().any(|t| t.why.contains(text)) {
                let all: Vec<&String> = case.history.iter().map(|t| &t.why).collect();
                wrong.push(format!("{id}: nothing in the history says `{text}`: {all:#?}"));
            }
        }
        wrong
    }
}

impl Told {
    fn fits(&self, alert: &Alert) -> bool {
        let is = |wanted: &Option<String>, found: Option<&str>| wanted.as_deref().is_none_or(|w| Some(w) == found);
        alert.rule.id == self.rule
            && is(&self.case, alert.case.as_deref())
            && is(&self.severity, Some(alert.severity.as_str()))
            && self.key.as_ref().is_none_or(|key| *key == alert.key)
            && self.hosts.as_ref().is_none_or(|hosts| *hosts == alert.hosts)
            && self.count.is_none_or(|count| count == alert.count)
            && self.first.is_none_or(|first| first == alert.first)
            && self.raised.is_none_or(|raised| raised == alert.raised)
            && self.cleared.is_none_or(|cleared| cleared == alert.cleared.is_some())
            && self.why.iter().all(|text| alert.why.contains(text))
            && self.quotes.iter().all(|text| alert.evidence.iter().any(|e| e.raw.contains(text)))
    }
}
