//! What a rule says about itself, as the rest of the program sees it.

use std::{collections::BTreeMap, path::PathBuf};

use super::{
    fault::{Fault, available},
    taxonomy,
    yaml::{Node, Value},
};
use crate::Severity;

/// A loaded rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its `id`, else its `name`, else its title in lower case with hyphens.
    pub id: String,
    /// The name by which correlations may refer to it.
    pub name: Option<String>,
    /// What it finds, in one line.
    pub title: String,
    /// At greater length.
    pub description: String,
    /// How urgent its alerts are; a rule without a level only feeds others.
    pub level: Option<Severity>,
    /// `stable`, `test`, `experimental`, …
    pub status: String,
    /// Such as `attack.t1110`.
    pub tags: Vec<String>,
    /// The events that it looks at; a correlation has none of its own.
    pub logsource: RuleSource,
    /// A detection, a correlation or an anomaly.
    pub kind: RuleKind,
    /// A match of its own raises an alert: it has a level, and no correlation has taken it over.
    pub alerts: bool,
    /// Our own block.
    pub roundsman: Extra,
    /// Known reasons for alerts that mean nothing.
    pub false_positives: Vec<String>,
    /// The file.
    pub file: PathBuf,
    /// The line where it begins, counted from 1.
    pub line: usize,
}

/// Whether a rule looks at events, at other rules, or at a baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// Looks at single events.
    Detection,
    /// Looks at the matches of other rules.
    Correlation,
    /// Holds records against a baseline ([`crate::anomaly`]).
    Anomaly,
}

/// The log source that a rule names; empty parts fit any event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleSource {
    /// Such as `firewall`.
    pub category: String,
    /// Such as `linux`.
    pub product: String,
    /// Such as `sshd`.
    pub service: String,
}

/// The `roundsman:` block of a rule.
#[derive(Clone, Debug, Default)]
pub struct Extra {
    /// One sentence; `{count}`, `{distinct}`, `{timespan}`, `{duration}`, `{hosts}` and `{field.name}` are filled in.
    pub why: String,
    /// What to do first.
    pub next: String,
    /// What has turned out to be harmless here.
    pub false_positives_seen: Vec<String>,
    /// The digest's section for it.
    pub digest_section: Option<String>,
    /// The fields whose values an alert is about; absent: the host, and the user and the source where they are known.
    pub group_by: Vec<String>,
    /// The fields that name the assets that it is about; absent: the host that reported.
    pub hosts: Vec<String>,
    /// Records that must make it fire, or must not.
    pub examples: Vec<RuleExample>,
}

/// An example of a rule.
#[derive(Clone, Debug, Default)]
pub struct RuleExample {
    /// Whether the rule must raise an alert, or match where it raises none of its own.
    pub fires: bool,
    /// Raw records in their order.
    pub lines: Vec<String>,
    /// What the alert's key must hold.
    pub key: BTreeMap<String, String>,
    /// The line where it stands.
    pub line: usize,
}

/// ECS categories of events that no log source of Sigma's is called after. A rule that names one as its category looks at
/// every event of this meaning, whoever logged it: a failed login is one in the log of a mail server, too.
const MEANINGS: &[&str] =
    &["authentication", "configuration", "email", "iam", "intrusion_detection", "malware", "session"];

impl RuleSource {
    /// The `event.category` that stands for the category, where it is a meaning and no source.
    pub(super) fn meaning(&self) -> Option<&'static str> {
        MEANINGS.iter().find(|meaning| **meaning == self.category).copied()
    }

    /// Whether an event of this log source is looked at: each part that the rule gives must be the event's. A category
    /// that is a meaning is looked for in the event itself.
    pub fn fits(&self, event: &roundsman_ingest::formats::LogSource) -> bool {
        (self.category.is_empty() || taxonomy::covers(&self.category, event.category) || self.meaning().is_some())
            && (self.product.is_empty() || self.product == event.product)
            && (self.service.is_empty() || event.services.contains(&self.service.as_str()))
    }

    /// Whether a rule of this log source lies within that of a filter.
    pub(super) fn within(&self, filter: &RuleSource) -> bool {
        let given = |wanted: &str, have: &str| wanted.is_empty() || wanted == have;
        given(&filter.category, &self.category)
            && given(&filter.product, &self.product)
            && given(&filter.service, &self.service)
    }

    /// Reads `logsource:`.
    pub(super) fn read(document: &Node) -> Result<RuleSource, Fault> {
        let help = "write `logsource: {product: linux, service: sshd}`, any of category, product and service";
        let node =
            document.get("logsource").ok_or_else(|| Fault::new(document.line, "the rule has no `logsource`", help))?;
        let part = |key| word(node, key).map(Option::unwrap_or_default);
        let source = RuleSource { category: part("category")?, product: part("product")?, service: part("service")? };
        if source == RuleSource::default() {
            return Err(Fault::new(node.line, "`logsource` names no category, product or service", help));
        }
        Ok(source)
    }
}

/// Longest title, in characters: the specification's limit.
const MAX_TITLE: usize = 256;

const STATUSES: &[&str] = &["stable", "test", "experimental", "deprecated", "unsupported"];

impl Rule {
    /// Reads what every kind of rule has. `level` is checked, `id` and `title` are found or made.
    pub(super) fn read(document: &Node, kind: RuleKind, file: PathBuf) -> Result<Rule, Fault> {
        let title = word(document, "title")?.filter(|t| !t.trim().is_empty());
        let title = title
            .ok_or_else(|| Fault::new(document.line, "the rule has no `title`", "say in one line what it finds"))?;
        if title.chars().count() > MAX_TITLE {
            let line = document.get("title").map_or(document.line, |n| n.line);
            let what = format!("the title is longer than {MAX_TITLE} characters");
            return Err(Fault::new(line, what, "say the rest in `description`"));
        }
        let name = word(document, "name")?;
        let status = word(document, "status")?.unwrap_or_default();
        if !status.is_empty() && !STATUSES.contains(&&*status) {
            let line = document.get("status").map_or(document.line, |n| n.line);
            return Err(Fault::new(
                line,
                format!("unknown status `{status}`"),
                available(&status, STATUSES.iter().copied()),
            ));
        }
        let level = match document.get("level") {
            None => None,
            Some(node) => {
                let text = node.text().unwrap_or_default();
                let names = Severity::ALL.map(Severity::as_str);
                let wrong = || Fault::new(node.line, format!("unknown level `{text}`"), available(text, names));
                Some(text.parse().map_err(|_| wrong())?)
            }
        };
        let id = word(document, "id")?.or_else(|| name.clone()).unwrap_or_else(|| slug(&title));
        Ok(Rule {
            id,
            name,
            description: word(document, "description")?.unwrap_or_default(),
            level,
            status,
            tags: words(document, "tags")?,
            logsource: RuleSource::default(),
            kind,
            alerts: level.is_some(),
            roundsman: Extra::read(document)?,
            false_positives: words(document, "falsepositives")?,
            file,
            line: document.line,
            title,
        })
    }
}

const EXTRA_KEYS: &[&str] = &["why", "next", "false_positives_seen", "digest_section", "group_by", "hosts", "examples"];
const EXAMPLE_KEYS: &[&str] = &["fires", "lines", "key"];

impl Extra {
    fn read(document: &Node) -> Result<Extra, Fault> {
        let Some(node) = document.get("roundsman") else { return Ok(Extra::default()) };
        only(node, EXTRA_KEYS)?;
        let examples = node.get("examples").map(Node::items).unwrap_or_default();
        Ok(Extra {
            why: word(node, "why")?.unwrap_or_default().trim().to_owned(),
            next: word(node, "next")?.unwrap_or_default().trim().to_owned(),
            false_positives_seen: words(node, "false_positives_seen")?,
            digest_section: word(node, "digest_section")?,
            group_by: words(node, "group_by")?,
            hosts: words(node, "hosts")?,
            examples: examples.iter().map(RuleExample::read).collect::<Result<_, _>>()?,
        })
    }
}

impl RuleExample {
    fn read(node: &Node) -> Result<RuleExample, Fault> {
        only(node, EXAMPLE_KEYS)?;
        let Some(Value::Bool(fires)) = node.get("fires").map(|n| &n.value) else {
            return Err(Fault::new(
                node.line,
                "an example does not say whether it fires",
                "write `fires: true` or `fires: false`",
            ));
        };
        let lines = words(node, "lines")?;
        if lines.is_empty() {
            return Err(Fault::new(node.line, "an example has no lines", "write `lines: [\"a raw record\"]`"));
        }
        let key = node.get("key").map(Node::entries).unwrap_or_default();
        let pair = |(name, value): &(Node, Node)| Some((name.word()?, value.word()?));
        Ok(RuleExample { fires: *fires, lines, key: key.iter().filter_map(pair).collect(), line: node.line })
    }
}

/// Refuses keys that mean nothing, so that a slip of the pen is not silently ignored.
pub(super) fn only(node: &Node, keys: &[&str]) -> Result<(), Fault> {
    for (key, _) in node.entries() {
        let name = key.word().unwrap_or_default();
        if !keys.contains(&&*name) {
            return Err(Fault::new(key.line, format!("unknown key `{name}`"), available(&name, keys.iter().copied())));
        }
    }
    Ok(())
}

/// The scalar under this key.
pub(super) fn word(node: &Node, key: &str) -> Result<Option<String>, Fault> {
    match node.get(key) {
        None => Ok(None),
        Some(value) if value.value == Value::Null => Ok(None),
        Some(value) => match value.word() {
            Some(word) => Ok(Some(word)),
            None => Err(Fault::new(value.line, format!("`{key}` is {}", value.kind()), "write one value")),
        },
    }
}

/// The scalars of the list (or the single scalar) under this key.
pub(super) fn words(node: &Node, key: &str) -> Result<Vec<String>, Fault> {
    let items = node.get(key).map(Node::items).unwrap_or_default();
    let word = |item: &Node| {
        item.word()
            .ok_or_else(|| Fault::new(item.line, format!("`{key}` holds {}", item.kind()), "write a list of values"))
    };
    items.iter().map(word).collect()
}

fn slug(title: &str) -> String {
    let words: Vec<String> =
        title.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    words.join("-")
}
