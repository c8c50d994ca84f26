//! [Wazuh](https://documentation.wazuh.com): the answers of its API on an agent (vulnerabilities up to 4.7, packages), and
//! documents of `wazuh-states-vulnerabilities` (since 4.8), as a search answer or a list. Its agent looks from inside and
//! at every package; only flaws are listed.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Finding, Outline, Report, Tool, json, severity};

pub struct Wazuh;

#[derive(Deserialize)]
#[serde(untagged)]
enum Document {
    Answer { data: Data },
    Search { hits: Hits },
    List(Vec<State>),
}

#[derive(Deserialize)]
struct Data {
    affected_items: Vec<Item>,
}

/// A flaw, or with `format` a package.
#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    cve: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    source: String,
    scan: Option<Run>,
}

#[derive(Deserialize)]
struct Run {
    time: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Hits {
    hits: Vec<Hit>,
}

#[derive(Deserialize)]
struct Hit {
    #[serde(rename = "_source")]
    source: State,
}

#[derive(Deserialize)]
struct State {
    agent: Agent,
    #[serde(default)]
    package: Package,
    vulnerability: Flaw,
}

#[derive(Deserialize)]
struct Agent {
    #[serde(default)]
    name: String,
    #[serde(default)]
    id: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Package {
    name: String,
    version: String,
    architecture: String,
}

#[derive(Deserialize)]
struct Flaw {
    id: String,
    #[serde(default)]
    severity: String,
}

impl Tool for Wazuh {
    fn name(&self) -> &'static str {
        "wazuh"
    }

    fn how(&self) -> &'static str {
        "Wazuh (API or `wazuh-states-vulnerabilities`, JSON)"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.has(&["data", "error"]) || outline.has(&["hits"]) || outline.has(&["agent", "vulnerability"])
    }

    fn read(&self, text: &str, report: &mut Report) -> Result<(), (usize, String)> {
        let states = match json(text)? {
            Document::Answer { data } => return items(data.affected_items, report),
            Document::Search { hits } => hits.hits.into_iter().map(|hit| hit.source).collect(),
            Document::List(states) => states,
        };
        for state in states {
            let scan = report.of(&[&state.agent.name, &state.agent.id]);
            (scan.authenticated, scan.whole) = (true, true);
            scan.lists(&state.package.name, &state.package.architecture, &state.package.version);
            let mut finding =
                Finding::of([state.vulnerability.id.as_str()], &state.package.name, &state.package.version);
            finding.severity = severity(&state.vulnerability.severity);
            scan.findings.push(finding);
        }
        Ok(())
    }
}

/// What an agent's page lists; it does not name the agent.
fn items(items: Vec<Item>, report: &mut Report) -> Result<(), (usize, String)> {
    let scan = report.of(&[]);
    let inventory = !items.is_empty() && items.iter().all(|item| item.cve.is_empty());
    (scan.authenticated, scan.whole, scan.inventory) = (true, !inventory, inventory);
    for item in items {
        scan.lists(&item.name, &item.architecture, &item.version);
        if inventory {
            scan.built_from(&item.name, &item.source);
            scan.at = item.scan.and_then(|run| run.time).map_or(scan.at, |at| at.min(scan.at));
            continue;
        }
        let mut finding = Finding::of([item.cve.as_str()], &item.name, &item.version);
        finding.severity = severity(&item.severity);
        finding.resolved = item.status == "SOLVED";
        scan.findings.push(finding);
    }
    Ok(())
}
