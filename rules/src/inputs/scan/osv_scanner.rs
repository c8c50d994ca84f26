//! [osv-scanner's JSON](https://google.github.io/osv-scanner/output/#json). Names of one flaw are grouped: a group is one
//! finding. The report has no date.

use serde::Deserialize;

use super::{Finding, Outline, Report, Tool, json, rated};
use crate::inputs::package;

pub struct OsvScanner;

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    results: Vec<Source>,
}

#[derive(Deserialize)]
struct Source {
    #[serde(default)]
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    package: Named,
    #[serde(default)]
    vulnerabilities: Vec<Flaw>,
    #[serde(default)]
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    ecosystem: String,
}

#[derive(Deserialize)]
struct Flaw {
    id: String,
    #[serde(default)]
    aliases: Vec<String>,
}

#[derive(Deserialize)]
struct Group {
    #[serde(default)]
    ids: Vec<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    max_severity: String,
}

impl Tool for OsvScanner {
    fn name(&self) -> &'static str {
        "osv-scanner"
    }

    fn how(&self) -> &'static str {
        "osv-scanner (`--format json`)"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.has(&["results"]) && !outline.has(&["SchemaVersion"])
    }

    fn read(&self, text: &str, report: &mut Report) -> Result<(), (usize, String)> {
        let document: Document = json(text)?;
        let scan = report.of(&[]);
        scan.authenticated = true;
        for found in document.results.into_iter().flat_map(|source| source.packages) {
            let kind = found.package.ecosystem.split(':').next().unwrap_or_default();
            let (name, version) = (package::name(kind, &found.package.name), &found.package.version);
            scan.lists(&name, "", version);
            let alone = found.groups.is_empty();
            for group in found.groups {
                let mut names: Vec<&str> = group.ids.iter().chain(&group.aliases).map(String::as_str).collect();
                let flaws = found.vulnerabilities.iter().filter(|flaw| group.ids.contains(&flaw.id));
                names.extend(flaws.flat_map(|flaw| flaw.aliases.iter().map(String::as_str)));
                let mut finding = Finding::of(names, &name, version);
                finding.severity = group.max_severity.parse().map(rated).unwrap_or_default();
                scan.findings.push(finding);
            }
            for flaw in found.vulnerabilities.iter().filter(|_| alone) {
                let names = std::iter::once(flaw.id.as_str()).chain(flaw.aliases.iter().map(String::as_str));
                scan.findings.push(Finding::of(names, &name, version));
            }
        }
        Ok(())
    }
}
