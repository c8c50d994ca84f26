//! Reports of vulnerability scanners. For now [Trivy's JSON](https://trivy.dev/latest/docs/configuration/reporting/#json)
//! with its package list.

use std::{collections::BTreeMap, path::Path};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{error, warning};
use crate::Problem;

/// Most packages that one report may list.
pub const MAX_PACKAGES: usize = 50_000;

/// A scanner's report on one asset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scan {
    /// The report's file.
    pub file: String,
    /// `trivy`
    pub tool: String,
    /// What the report calls the asset: by the file's name up to the first `--`, else its own name for it.
    pub asset: String,
    /// When it began, as far as the report says.
    pub at: Timestamp,
    /// When it became known.
    pub received: Timestamp,
    /// The date of the scanner's database, where the report has one.
    pub database: Option<Timestamp>,
    /// It looked from inside.
    pub authenticated: bool,
    /// What it looked at: versions by package, with their architecture.
    pub packages: BTreeMap<String, Vec<(String, String)>>,
    /// What it found.
    pub findings: Vec<Finding>,
}

/// A flaw that a scanner reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// `CVE-2026-9001`
    pub cve: String,
    /// The package it is in.
    pub package: String,
    /// The version that was found.
    pub installed: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Trivy {
    schema_version: u32,
    created_at: Option<Timestamp>,
    #[serde(default)]
    artifact_name: String,
    #[serde(default)]
    results: Option<Vec<TrivyResult>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TrivyResult {
    #[serde(default)]
    packages: Option<Vec<TrivyPackage>>,
    #[serde(default)]
    vulnerabilities: Option<Vec<TrivyFinding>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TrivyPackage {
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    release: String,
    #[serde(default)]
    epoch: u64,
    #[serde(default)]
    arch: String,
}

#[derive(Deserialize)]
struct TrivyFinding {
    #[serde(rename = "VulnerabilityID")]
    id: String,
    #[serde(rename = "PkgName", default)]
    package: String,
    #[serde(rename = "InstalledVersion", default)]
    installed: String,
}

impl TrivyPackage {
    /// Epoch, version and release as the package manager writes them.
    fn full_version(&self) -> String {
        let epoch = if self.epoch > 0 { format!("{}:", self.epoch) } else { String::new() };
        let release = if self.release.is_empty() { String::new() } else { format!("-{}", self.release) };
        format!("{epoch}{}{release}", self.version)
    }
}

impl Scan {
    /// Reads a report that became known at `received`.
    pub fn read(path: &str, text: &str, received: Timestamp) -> Result<(Scan, Vec<Problem>), Problem> {
        let file = Path::new(path);
        let whole: serde_json::Value = serde_json::from_str(text)
            .map_err(|e| error(file, e.line(), format!("no JSON: {e}"), "save the scanner's report as JSON"))?;
        let database = database_date(&whole);
        let report: Trivy = serde_json::from_value(whole).map_err(|e| {
            error(
                file,
                0,
                format!("no report of a known scanner: {e}"),
                "known: Trivy (`--format json --list-all-pkgs`)",
            )
        })?;
        if report.schema_version != 2 {
            let what = format!("Trivy schema {} is not known", report.schema_version);
            return Err(error(file, 0, what, "use a current Trivy (schema 2)"));
        }
        let mut problems = Vec::new();
        if report.created_at.is_none() {
            problems.push(warning(file, 0, "the report has no `CreatedAt`", "it counts from when it became known"));
        }
        let name = file.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let asset = name.split_once("--").map_or(report.artifact_name.as_str(), |(asset, _)| asset).to_owned();
        let mut scan = Scan {
            file: path.to_owned(),
            tool: "trivy".to_owned(),
            asset,
            at: report.created_at.unwrap_or(received),
            received,
            database,
            authenticated: true,
            packages: BTreeMap::new(),
            findings: Vec::new(),
        };
        for result in report.results.unwrap_or_default() {
            for package in result.packages.unwrap_or_default() {
                if scan.packages.len() == MAX_PACKAGES {
                    problems.push(warning(
                        file,
                        0,
                        format!("more than {MAX_PACKAGES} packages"),
                        "the rest is left out",
                    ));
                    break;
                }
                let version = package.full_version();
                scan.packages.entry(package.name).or_default().push((package.arch, version));
            }
            scan.findings.extend(result.vulnerabilities.unwrap_or_default().into_iter().map(|f| Finding {
                cve: f.id,
                package: f.package,
                installed: f.installed,
            }));
        }
        if scan.packages.is_empty() {
            let help = "scan with `--list-all-pkgs`: without it nothing shows that a package was looked at";
            problems.push(warning(file, 0, "the report lists no packages", help));
        }
        Ok((scan, problems))
    }
}

/// Trivy's reports carry no database date of their own; wrappers add `VulnerabilityDB.UpdatedAt` as `trivy version` prints it.
fn database_date(report: &serde_json::Value) -> Option<Timestamp> {
    [report, &report["Trivy"], &report["Metadata"]].into_iter().find_map(|place| {
        ["VulnerabilityDB", "DB", "Database"].into_iter().find_map(|name| {
            let date = place.get(name)?;
            let date = date.get("UpdatedAt").or_else(|| date.get("updatedAt")).unwrap_or(date).as_str()?;
            date.parse().ok().or_else(|| super::time_or_date(date, false).ok())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"{"SchemaVersion":2,"CreatedAt":"2026-11-23T05:58:00Z","ArtifactName":"/",
        "VulnerabilityDB":{"UpdatedAt":"2026-11-23T00:15:00Z"},
        "Results":[{"Class":"os-pkgs","Type":"debian",
        "Packages":[{"Name":"openssh-server","Version":"9.2p1","Release":"2+deb12u9","Epoch":1,"Arch":"amd64"}],
        "Vulnerabilities":[{"VulnerabilityID":"CVE-2026-2","PkgName":"openssh-server","InstalledVersion":"1:9.2p1-2+deb12u9"}]}]}"#;

    #[test]
    fn a_trivy_report_is_bound_by_its_file_name_and_lists_full_versions() {
        let now = "2026-11-23T06:00:00Z".parse().unwrap();
        let (scan, problems) = Scan::read("scans/web1--trivy.json", REPORT, now).unwrap();
        assert_eq!(problems, []);
        assert_eq!(scan.asset, "web1");
        assert_eq!(scan.packages["openssh-server"], [("amd64".to_owned(), "1:9.2p1-2+deb12u9".to_owned())]);
        assert_eq!(scan.findings[0].cve, "CVE-2026-2");
        assert_eq!(scan.database.unwrap().to_string(), "2026-11-23T00:15:00Z");
    }

    #[test]
    fn a_report_without_packages_is_read_with_a_word_and_nonsense_is_refused() {
        let now = "2026-11-23T06:00:00Z".parse().unwrap();
        let (scan, problems) = Scan::read("web1.json", r#"{"SchemaVersion":2,"ArtifactName":"web1"}"#, now).unwrap();
        assert_eq!((scan.asset.as_str(), scan.at), ("web1", now));
        assert_eq!(problems.len(), 2);
        assert!(Scan::read("x.json", "[", now).is_err());
        assert!(Scan::read("x.json", "{\"matches\":[]}", now).is_err());
    }
}
