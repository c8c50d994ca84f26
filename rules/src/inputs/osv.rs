//! Advisories of [OSV](https://ossf.github.io/osv-schema/): Debian, Ubuntu, AlmaLinux, Rocky, SUSE, Alpine, Red Hat and the
//! ecosystems of languages.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Advisory, Target,
    advisory::{Range, merged},
    cvss, package, platform, scan, sources,
};
use crate::version::Scheme;

/// Longest title that is kept, in characters.
const MAX_TITLE: usize = 160;

/// What is kept of a record: enough to make the advisory of it, a small part of the whole.
#[derive(Deserialize, Serialize)]
pub struct Record {
    id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    summary: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    withdrawn: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    aliases: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    related: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    upstream: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    severity: Vec<Severity>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    affected: Vec<Affected>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    database_specific: Option<Specific>,
}

#[derive(Deserialize, Serialize)]
struct Severity {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    score: String,
}

#[derive(Deserialize, Serialize)]
struct Affected {
    #[serde(default)]
    package: Option<Package>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    severity: Vec<Severity>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ranges: Vec<Ranges>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ecosystem_specific: Option<Specific>,
}

#[derive(Deserialize, Serialize)]
struct Package {
    ecosystem: String,
    name: String,
}

#[derive(Deserialize, Serialize)]
struct Ranges {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    events: Vec<Event>,
}

#[derive(Deserialize, Serialize)]
struct Event {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    introduced: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fixed: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_affected: Option<String>,
}

/// What databases add: severities in words; the binary packages of a source.
#[derive(Deserialize, Serialize)]
struct Specific {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    severity: Option<serde_json::Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    urgency: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    binaries: Option<serde_json::Value>,
}

/// A record's advisory.
///
/// # Errors
/// Why it cannot be used.
pub fn advisory(record: &Record) -> Result<Advisory, String> {
    if record.id.is_empty() || record.id.contains('/') {
        return Err(format!("`{}` is no id", record.id));
    }
    let time = |text: &Option<String>| text.as_deref().and_then(|t| t.parse::<Timestamp>().ok());
    // some databases write year 1 where they do not know
    let known = |at: &Timestamp| at.as_second() > 0;
    let published = time(&record.published).filter(known).or_else(|| time(&record.modified).filter(known));
    let published = published.ok_or("no time of publication")?;
    let targets = merged(record.affected.iter().flat_map(targets).collect());
    Ok(Advisory {
        title: record.summary.chars().take(MAX_TITLE).collect(),
        published,
        cves: cves(record),
        class: None,
        severity: severity(record),
        activation: None,
        known_issues: Vec::new(),
        supersedes: Vec::new(),
        workaround: None,
        withdrawn: record.withdrawn.is_some(),
        targets,
        id: record.id.clone(),
    })
}

/// The CVE numbers among its names; those that are only related count where it has no other.
fn cves(record: &Record) -> Vec<String> {
    let number = |id: &String| id.find("CVE-").map(|at| id[at..].to_owned());
    let own = std::iter::once(&record.id).chain(&record.aliases).chain(&record.upstream);
    let mut cves: Vec<String> = own.filter_map(number).collect();
    if cves.is_empty() {
        cves = record.related.iter().filter_map(number).collect();
    }
    cves.sort();
    cves.dedup();
    cves
}

/// In words: as the database says, else by the highest score, else the word before the title's colon.
fn severity(record: &Record) -> Option<String> {
    let said = record.database_specific.as_ref().and_then(|s| s.severity.as_ref()?.as_str());
    let specific = record.affected.iter().filter_map(|a| a.ecosystem_specific.as_ref());
    let urgency = specific.filter_map(|s| s.urgency.as_deref().or_else(|| s.severity.as_ref()?.as_str()));
    let words = said.into_iter().chain(urgency).map(scan::severity).find(|word| !word.is_empty());
    let scores = record.severity.iter().chain(record.affected.iter().flat_map(|a| &a.severity));
    let rated = |s: &Severity| match s.kind.as_str() {
        "CVSS_V3" => cvss::score(&s.score).map(|score| (score, scan::rated(score))),
        _ => Some((0.0, scan::severity(&s.score))).filter(|(_, word)| !word.is_empty()),
    };
    let scored = || scores.filter_map(rated).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, word)| word);
    let title = || record.summary.split_once(':').map(|(word, _)| scan::severity(word)).filter(|w| !w.is_empty());
    words.or_else(scored).or_else(title)
}

/// What one affected package means on its platform.
fn targets(affected: &Affected) -> Vec<Target> {
    let Some(named) = &affected.package else { return Vec::new() };
    let Some((platform, scheme)) = platform::of_osv(&named.ecosystem) else { return Vec::new() };
    let kind = named.ecosystem.split(':').next().unwrap_or_default();
    let product = package::name(kind, &named.name);
    let ranges: Vec<Range> = affected.ranges.iter().filter(|r| r.kind != "GIT").flat_map(spans).collect();
    let fixed = ranges.iter().find_map(|range| range.fixed.clone());
    let plain = ranges.len() <= 1 && ranges.iter().all(|r| r.introduced.is_none() && r.last_affected.is_none());
    let binaries = affected.ecosystem_specific.as_ref().and_then(|s| s.binaries.as_ref()).map(binaries);
    let target = |packages: Vec<String>, fixed: Option<String>, ranges: Vec<Range>| Target {
        platform: platform.clone(),
        product: product.clone(),
        packages,
        scheme,
        fixed,
        ranges,
    };
    match binaries.filter(|binaries| !binaries.is_empty()) {
        // each binary package has a version of its own
        Some(binaries) => {
            let each = binaries.into_iter();
            each.map(|(name, version)| {
                target(vec![name], Some(version).filter(|v| !v.is_empty()).or(fixed.clone()), Vec::new())
            })
            .collect()
        }
        None => {
            let known = if scheme == Scheme::Deb { sources::shipped(&product) } else { &[] };
            let mut packages = vec![product.clone()];
            packages.extend(known.iter().filter(|name| **name != product).map(|name| (*name).to_owned()));
            if packages.iter().any(|name| name.contains('*')) {
                // a kernel's source package is installed nowhere
                packages.retain(|name| name.contains('*'));
            }
            vec![target(packages, fixed, if plain { Vec::new() } else { ranges })]
        }
    }
}

/// `[{"libssl3": "3.0.2-0ubuntu1.20"}]` or `[{"binary_name": …, "binary_version": …}]`.
fn binaries(value: &serde_json::Value) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for entry in value.as_array().into_iter().flatten().filter_map(|entry| entry.as_object()) {
        let word = |key: &str| entry.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        if entry.contains_key("binary_name") {
            names.insert(word("binary_name"), word("binary_version"));
        } else {
            names.extend(entry.keys().map(|name| (name.clone(), word(name))));
        }
    }
    names.retain(|name, _| {
        !name.is_empty() && !["-dbg", "-dbgsym", "-debuginfo", "-debugsource"].iter().any(|end| name.ends_with(end))
    });
    names
}

/// The vulnerable spans between a range's events.
fn spans(range: &Ranges) -> Vec<Range> {
    let mut spans: Vec<Range> = Vec::new();
    for event in &range.events {
        if let Some(from) = &event.introduced {
            spans.push(Range { introduced: Some(from.clone()).filter(|v| v != "0"), ..Range::default() });
        }
        if let Some(span) = spans.last_mut() {
            span.fixed = span.fixed.take().or(event.fixed.clone());
            span.last_affected = span.last_affected.take().or(event.last_affected.clone());
        }
    }
    spans
}
