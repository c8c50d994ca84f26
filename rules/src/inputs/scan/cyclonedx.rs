//! [CycloneDX JSON](https://cyclonedx.org/docs/latest/json/): a list of components, with what was found in them where
//! somebody looked.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::{Finding, Outline, Report, Scan, Tool, json, severity};
use crate::inputs::package::Purl;

/// Deepest nesting of components within components that is followed.
const MAX_DEPTH: usize = 16;

pub struct CycloneDx;

#[derive(Deserialize)]
struct Document {
    metadata: Option<Metadata>,
    #[serde(default)]
    components: Vec<Component>,
    vulnerabilities: Option<Vec<Flaw>>,
}

#[derive(Deserialize)]
struct Metadata {
    timestamp: Option<Timestamp>,
    component: Option<Component>,
}

#[derive(Deserialize)]
struct Component {
    #[serde(rename = "bom-ref", default)]
    reference: String,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    purl: String,
    #[serde(default)]
    properties: Vec<Property>,
    #[serde(default)]
    components: Vec<Component>,
}

#[derive(Deserialize)]
struct Property {
    #[serde(default)]
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct Flaw {
    #[serde(default)]
    id: String,
    #[serde(default)]
    references: Vec<Reference>,
    #[serde(default)]
    ratings: Vec<Rating>,
    #[serde(default)]
    affects: Vec<Affects>,
    analysis: Option<Analysis>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default)]
    id: String,
}

#[derive(Deserialize)]
struct Rating {
    #[serde(default)]
    severity: String,
}

#[derive(Deserialize)]
struct Affects {
    #[serde(rename = "ref")]
    reference: String,
}

#[derive(Deserialize)]
struct Analysis {
    #[serde(default)]
    state: String,
}

impl Tool for CycloneDx {
    fn name(&self) -> &'static str {
        "cyclonedx"
    }

    fn how(&self) -> &'static str {
        "CycloneDX (JSON)"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.has(&["bomFormat"])
    }

    fn read(&self, text: &str, report: &mut Report) -> Result<(), (usize, String)> {
        let document: Document = json(text)?;
        let whole = document.metadata.as_ref().and_then(|metadata| metadata.component.as_ref());
        let named = whole.filter(|component| component.kind != "container").map_or("", |c| c.name.as_str());
        let scan = report.of(&[named]);
        if let Some(at) = document.metadata.as_ref().and_then(|metadata| metadata.timestamp) {
            scan.at = at;
        }
        (scan.authenticated, scan.inventory) = (true, document.vulnerabilities.is_none());
        let mut known = HashMap::new();
        components(&document.components, scan, &mut known, 0);
        for flaw in document.vulnerabilities.iter().flatten() {
            let places: Vec<&str> = flaw.affects.iter().map(|affects| affects.reference.as_str()).collect();
            for place in if places.is_empty() { vec![""] } else { places } {
                scan.findings.push(finding(flaw, place, &known));
            }
        }
        Ok(())
    }
}

/// Notes components and those within them; `known` gives name and version by reference.
fn components<'d>(
    list: &'d [Component],
    scan: &mut Scan,
    known: &mut HashMap<&'d str, (String, String)>,
    depth: usize,
) {
    for component in list {
        let purl = Purl::read(&component.purl);
        let joined = || match component.group.as_str() {
            "" => component.name.clone(),
            group => format!("{group}:{}", component.name),
        };
        let name = purl.as_ref().map_or_else(joined, Purl::name);
        let version = purl.as_ref().map(Purl::version).filter(|v| !v.is_empty()).unwrap_or(component.version.clone());
        let packaged = purl.is_some() || matches!(component.kind.as_str(), "library" | "application");
        if packaged && !version.is_empty() {
            let arch = purl.as_ref().and_then(|purl| purl.qualifier("arch")).unwrap_or_default();
            scan.lists(&name, &arch, &version);
            let noted = component.properties.iter().find(|p| p.name.ends_with(":SrcName"));
            let source = noted.map(|p| p.value.clone()).or_else(|| purl.as_ref().and_then(Purl::source));
            scan.built_from(&name, &source.unwrap_or_default());
        }
        known.insert(component.reference.as_str(), (name, version));
        if depth < MAX_DEPTH {
            components(&component.components, scan, known, depth + 1);
        }
    }
}

fn finding(flaw: &Flaw, place: &str, known: &HashMap<&str, (String, String)>) -> Finding {
    // a reference may be a link into another document: `urn:cdx:SERIAL/VERSION#REF`
    let place = place.split_once('#').filter(|_| place.starts_with("urn:cdx:")).map_or(place, |(_, place)| place);
    let by_url = || Purl::read(place).map(|purl| (purl.name(), purl.version())).unwrap_or_default();
    let (package, installed) = known.get(place).cloned().unwrap_or_else(by_url);
    let names = std::iter::once(flaw.id.as_str()).chain(flaw.references.iter().map(|r| r.id.as_str()));
    let mut finding = Finding::of(names, &package, &installed);
    finding.severity = flaw.ratings.iter().map(|r| severity(&r.severity)).find(|s| !s.is_empty()).unwrap_or_default();
    let state = flaw.analysis.as_ref().map_or("", |analysis| analysis.state.as_str());
    finding.resolved = matches!(state, "not_affected" | "false_positive" | "resolved" | "resolved_with_pedigree");
    finding
}
