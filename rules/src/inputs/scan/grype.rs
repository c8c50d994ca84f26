//! [Grype's JSON](https://github.com/anchore/grype). It lists matches only, so it has looked at the packages that they
//! name, and at those of an SBOM of the same asset.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Finding, Outline, Report, Tool, json, severity};
use crate::inputs::package::{self, Purl};

pub struct Grype;

#[derive(Deserialize)]
struct Document {
    matches: Vec<Match>,
    source: Option<Source>,
    descriptor: Option<Descriptor>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Match {
    vulnerability: Flaw,
    #[serde(default)]
    related_vulnerabilities: Vec<Flaw>,
    artifact: Artifact,
}

#[derive(Deserialize)]
struct Flaw {
    id: String,
    #[serde(default)]
    severity: String,
}

#[derive(Deserialize)]
struct Artifact {
    name: String,
    #[serde(default)]
    version: String,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    purl: String,
    #[serde(default)]
    upstreams: Option<Vec<Upstream>>,
}

#[derive(Deserialize)]
struct Upstream {
    name: String,
}

#[derive(Deserialize)]
struct Source {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    target: serde_json::Value,
}

#[derive(Deserialize)]
struct Descriptor {
    timestamp: Option<Timestamp>,
    db: Option<Database>,
}

/// Since version 6 the date stands one level deeper.
#[derive(Deserialize)]
struct Database {
    built: Option<Timestamp>,
    status: Option<Status>,
}

#[derive(Deserialize)]
struct Status {
    built: Option<Timestamp>,
}

impl Tool for Grype {
    fn name(&self) -> &'static str {
        "grype"
    }

    fn how(&self) -> &'static str {
        "Grype (`-o json`)"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.has(&["matches", "descriptor"])
    }

    fn read(&self, text: &str, report: &mut Report) -> Result<(), (usize, String)> {
        let document: Document = json(text)?;
        let target = document.source.as_ref().filter(|source| source.kind != "image").map(|source| &source.target);
        let scan = report.of(&[target.and_then(|target| target.as_str()).unwrap_or_default()]);
        if let Some(descriptor) = &document.descriptor {
            scan.at = descriptor.timestamp.unwrap_or(scan.received);
            let dated = |db: &Database| db.built.or(db.status.as_ref().and_then(|status| status.built));
            scan.database = descriptor.db.as_ref().and_then(dated);
        }
        scan.authenticated = true;
        for found in document.matches {
            let artifact = &found.artifact;
            let purl = Purl::read(&artifact.purl).filter(|purl| purl.kind != "generic");
            let name = purl.as_ref().map_or_else(|| package::name(&artifact.kind, &artifact.name), Purl::name);
            let arch = purl.as_ref().and_then(|purl| purl.qualifier("arch")).unwrap_or_default();
            scan.lists(&name, &arch, &artifact.version);
            let upstream = artifact.upstreams.iter().flatten().next().map(|upstream| upstream.name.clone());
            let source = upstream.or_else(|| purl.as_ref().and_then(Purl::source)).unwrap_or_default();
            scan.built_from(&name, &source);
            let related = found.related_vulnerabilities.iter().map(|flaw| flaw.id.as_str());
            let names = std::iter::once(found.vulnerability.id.as_str()).chain(related);
            let mut finding = Finding::of(names, &name, &artifact.version);
            finding.severity = severity(&found.vulnerability.severity);
            scan.findings.push(finding);
        }
        Ok(())
    }
}
