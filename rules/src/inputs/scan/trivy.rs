//! [Trivy's JSON](https://trivy.dev/latest/docs/configuration/reporting/#json), with its package list.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Finding, Outline, Report, Tool, json, severity};
use crate::inputs::package;

/// The one schema that is known; the first, a bare list of results, has no date and no packages.
const SCHEMA: u32 = 2;

pub struct Trivy;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    schema_version: u32,
    created_at: Option<Timestamp>,
    #[serde(default)]
    artifact_name: String,
    #[serde(default)]
    artifact_type: String,
    #[serde(default)]
    metadata: Option<Metadata>,
    #[serde(default)]
    results: Option<Vec<Results>>,
    // Trivy's reports carry no database date of their own; wrappers add what `trivy version` prints.
    #[serde(rename = "VulnerabilityDB", alias = "DB", alias = "Database")]
    database: Option<Database>,
    #[serde(default)]
    trivy: Option<Wrapped>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Metadata {
    image_config: Option<serde::de::IgnoredAny>,
    #[serde(rename = "VulnerabilityDB", alias = "DB", alias = "Database")]
    database: Option<Database>,
}

#[derive(Deserialize)]
struct Wrapped {
    #[serde(rename = "VulnerabilityDB", alias = "DB", alias = "Database")]
    database: Option<Database>,
}

/// Its date, bare or in an object.
#[derive(Deserialize)]
#[serde(untagged)]
enum Database {
    Date(String),
    Status {
        #[serde(rename = "UpdatedAt", alias = "updatedAt")]
        updated: Option<String>,
    },
    Other(serde::de::IgnoredAny),
}

impl Database {
    fn date(&self) -> Option<Timestamp> {
        match self {
            Database::Date(date) => Some(date),
            Database::Status { updated } => updated.as_ref(),
            Database::Other(_) => None,
        }
        .and_then(|date| date.parse().ok().or_else(|| crate::inputs::time_or_date(date, false).ok()))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Results {
    #[serde(default)]
    class: String,
    #[serde(rename = "Type", default)]
    kind: String,
    #[serde(default)]
    packages: Option<Vec<Package>>,
    #[serde(default)]
    vulnerabilities: Option<Vec<Flaw>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Package {
    name: String,
    version: String,
    release: String,
    epoch: u64,
    arch: String,
    src_name: String,
}

#[derive(Deserialize)]
struct Flaw {
    #[serde(rename = "VulnerabilityID")]
    id: String,
    #[serde(rename = "VendorIDs", default)]
    vendors: Vec<String>,
    #[serde(rename = "PkgName", default)]
    package: String,
    #[serde(rename = "InstalledVersion", default)]
    installed: String,
    #[serde(rename = "Severity", default)]
    severity: String,
}

impl Package {
    /// Epoch, version and release as the package manager writes them.
    fn full_version(&self) -> String {
        let epoch = if self.epoch > 0 { format!("{}:", self.epoch) } else { String::new() };
        let release = if self.release.is_empty() { String::new() } else { format!("-{}", self.release) };
        format!("{epoch}{}{release}", self.version)
    }
}

impl Tool for Trivy {
    fn name(&self) -> &'static str {
        "trivy"
    }

    fn how(&self) -> &'static str {
        "Trivy (`--format json --list-all-pkgs`)"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.has(&["SchemaVersion"]) && (outline.has(&["ArtifactName"]) || outline.has(&["Results"]))
    }

    fn read(&self, text: &str, report: &mut Report) -> Result<(), (usize, String)> {
        let document: Document = json(text)?;
        if document.schema_version != SCHEMA {
            return Err((0, format!("Trivy schema {} is not known, only {SCHEMA}", document.schema_version)));
        }
        if document.created_at.is_none() {
            report.doubt("the report has no `CreatedAt`", "it counts from when it became known");
        }
        let in_metadata = document.metadata.as_ref().and_then(|m| m.database.as_ref());
        let wrapped = document.trivy.as_ref().and_then(|t| t.database.as_ref());
        let database = document.database.as_ref().or(wrapped).or(in_metadata).and_then(Database::date);
        let image = document.artifact_type == "container_image"
            || document.metadata.as_ref().is_some_and(|m| m.image_config.is_some());
        // An image's name is no asset's; what the file is called comes first there.
        let names = if image { [""] } else { [document.artifact_name.as_str()] };
        let scan = report.of(&names);
        (scan.at, scan.database) = (document.created_at.unwrap_or(scan.received), database);
        scan.authenticated = true;
        for result in document.results.unwrap_or_default() {
            let kind = if result.class == "lang-pkgs" { result.kind.as_str() } else { "" };
            for found in result.packages.unwrap_or_default() {
                let name = package::name(kind, &found.name);
                scan.lists(&name, &found.arch, &found.full_version());
                scan.built_from(&name, &package::name(kind, &found.src_name));
            }
            for flaw in result.vulnerabilities.unwrap_or_default() {
                let names = std::iter::once(flaw.id.as_str()).chain(flaw.vendors.iter().map(String::as_str));
                let mut finding = Finding::of(names, &package::name(kind, &flaw.package), &flaw.installed);
                finding.severity = severity(&flaw.severity);
                scan.findings.push(finding);
            }
        }
        if scan.packages.is_empty() {
            let help = "scan with `--list-all-pkgs`: without it nothing shows that a package was looked at";
            report.doubt("the report lists no packages", help);
        }
        if image {
            let name = document.artifact_name;
            report.of(&[""]).names.push(name);
        }
        Ok(())
    }
}
