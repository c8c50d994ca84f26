//! Reports of vulnerability scanners, and lists of packages (SBOMs). Each tool has a file here; which one wrote a report
//! is told by its content. A report is about one asset or many, and each gets a [`Scan`] of its own.
//!
//! Readers keep what cases need and nothing else: a report of many megabytes costs what it finds and lists.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Advisory, Target, error, warning};
use crate::Problem;

mod cyclonedx;
mod defender;
mod grype;
mod nessus;
mod openvas;
mod osv_scanner;
mod qualys;
mod spdx;
#[cfg(test)]
mod tests;
mod trivy;
mod wazuh;
mod xml;

/// Most packages that one report may list.
pub const MAX_PACKAGES: usize = 50_000;
/// Most findings of one report; further ones are counted in a warning.
pub const MAX_FINDINGS: usize = 200_000;
/// Most assets that one report may be about.
pub const MAX_ASSETS: usize = 20_000;

/// The tools, in the order in which they are asked whether a report is theirs.
const TOOLS: &[&dyn Tool] = &[
    &trivy::Trivy,
    &grype::Grype,
    &osv_scanner::OsvScanner,
    &cyclonedx::CycloneDx,
    &spdx::Spdx,
    &wazuh::Wazuh,
    &defender::Defender,
    &nessus::Nessus,
    &openvas::OpenVas,
    &qualys::Qualys,
];

/// A scanner whose reports can be read.
trait Tool: Sync {
    /// Its name, in lower case.
    fn name(&self) -> &'static str;
    /// How to get a report that can be read, for whoever has one that cannot.
    fn how(&self) -> &'static str;
    /// Whether a document of this outline is its report.
    fn recognises(&self, outline: &Outline) -> bool;
    /// Reads the report.
    ///
    /// # Errors
    /// Line (0: unknown) and what is wrong with the whole report.
    fn read(&self, text: &str, report: &mut Report) -> Result<(), (usize, String)>;
}

/// A scanner's report on one asset.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scan {
    /// The report's file.
    pub file: String,
    /// `trivy`
    pub tool: String,
    /// What the report calls the asset: the first of its names.
    pub asset: String,
    /// All names that the asset may be found by, the most telling first.
    #[serde(default)]
    pub names: Vec<String>,
    /// It lists packages and does not look for flaws.
    #[serde(default)]
    pub inventory: bool,
    /// When it began, as far as the report says.
    pub at: Timestamp,
    /// When it became known.
    pub received: Timestamp,
    /// The date of the scanner's database, where the report has one.
    pub database: Option<Timestamp>,
    /// It looked from inside.
    pub authenticated: bool,
    /// It looks at everything on the host, and its report lists only what is wrong.
    #[serde(default)]
    pub whole: bool,
    /// What it looked at: versions by package, with their architecture.
    pub packages: BTreeMap<String, Vec<(String, String)>>,
    /// The source packages behind them, where they are called otherwise.
    #[serde(default)]
    pub sources: BTreeMap<String, String>,
    /// What it found.
    pub findings: Vec<Finding>,
}

/// A flaw that a scanner reports.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// `CVE-2026-9001`; where it names none, the tool's own id.
    pub cve: String,
    /// Its other names, and further flaws that the same finding is about.
    #[serde(default)]
    pub also: Vec<String>,
    /// The package or update that it is in; empty: the tool does not say.
    pub package: String,
    /// The version that was found; empty: the tool does not say.
    pub installed: String,
    /// `critical`, `high`, `medium`, `low`, `none`; empty: unknown.
    #[serde(default)]
    pub severity: String,
    /// The report says that it is mended, or that it does not apply.
    #[serde(default)]
    pub resolved: bool,
}

impl Finding {
    /// A finding by its names, CVE numbers first.
    fn of<'n>(names: impl IntoIterator<Item = &'n str>, package: &str, installed: &str) -> Self {
        let mut ids: Vec<String> = Vec::new();
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            if ids.iter().all(|id| id != name) {
                ids.push(name.to_owned());
            }
        }
        ids.sort_by_key(|id| !id.starts_with("CVE-"));
        let mut ids = ids.into_iter();
        let cve = ids.next().unwrap_or_default();
        Finding {
            cve,
            also: ids.collect(),
            package: package.to_owned(),
            installed: installed.to_owned(),
            ..Finding::default()
        }
    }

    /// Whether it is about a flaw of this advisory in what this target patches. A tool that names no package is taken
    /// at its word about the flaw.
    pub fn concerns(&self, advisory: &Advisory, target: &Target) -> bool {
        let flaw = || {
            let mut ids = std::iter::once(&self.cve).chain(&self.also);
            ids.any(|id| *id == advisory.id || advisory.cves.contains(id))
        };
        let package = self.package.as_str();
        !self.resolved && (package.is_empty() || target.is_about(package) || self.is_update()) && flaw()
    }

    /// It names an update that is missing (`KB5043050`), not what is wrong with what is there.
    pub fn is_update(&self) -> bool {
        self.package.strip_prefix("KB").is_some_and(|number| number.bytes().all(|c| c.is_ascii_digit()))
    }
}

impl Scan {
    /// Reads a report that became known at `received`: one [`Scan`] per asset that it is about.
    ///
    /// # Errors
    /// It is no report of a known scanner, or cannot be read.
    pub fn read(path: &str, text: &str, received: Timestamp) -> Result<(Vec<Scan>, Vec<Problem>), Problem> {
        let file = Path::new(path);
        let text = text.trim_start_matches('\u{feff}');
        let outline = Outline::of(text)
            .map_err(|(line, what)| error(file, line, what, "save the report anew; it may have been cut off"))?;
        let Some(tool) = TOOLS.iter().find(|tool| tool.recognises(&outline)) else {
            let known = TOOLS.iter().map(|tool| tool.how()).collect::<Vec<_>>().join(", ");
            return Err(error(file, 0, format!("no report of a known scanner: {outline}"), format!("known: {known}")));
        };
        let mut report = Report::new(path, tool.name(), received);
        tool.read(text, &mut report).map_err(|(line, what)| error(file, line, what, format!("use {}", tool.how())))?;
        Ok(report.finish(file))
    }

    /// That no asset of the inventory has any of its names.
    pub fn unbound(&self) -> Problem {
        let what = match self.names.as_slice() {
            [] => "the report names no asset".to_owned(),
            names => format!("the report is about `{}`, which is in no inventory", names.join("`, `")),
        };
        let help = "name the file ASSET--anything, or give the asset this name as an alias";
        warning(Path::new(&self.file), 0, what, help)
    }

    /// Whether it has looked at what a target patches.
    pub fn has_looked_at(&self, target: &Target) -> bool {
        (self.whole && self.authenticated)
            || self.packages.keys().any(|p| target.is_about(p))
            || self.sources.values().any(|source| *source == target.product)
    }
}

/// A report while it is read.
struct Report {
    scans: Vec<Scan>,
    /// Place of each asset's scan by its first name.
    places: BTreeMap<String, usize>,
    plain: Scan,
    doubts: Vec<(String, String)>,
    left_out: usize,
}

impl Report {
    fn new(path: &str, tool: &str, received: Timestamp) -> Self {
        let plain = Scan { file: path.to_owned(), tool: tool.to_owned(), at: received, received, ..Scan::default() };
        Report { scans: Vec::new(), places: BTreeMap::new(), plain, doubts: Vec::new(), left_out: 0 }
    }

    /// The scan of the asset of these names; none for a report that names no asset.
    fn of(&mut self, names: &[&str]) -> &mut Scan {
        let key = names.iter().find(|name| !name.is_empty()).copied().unwrap_or_default();
        let full = self.scans.len() == MAX_ASSETS;
        let place = match self.places.get(key) {
            Some(place) => *place,
            None if full => self.scans.len() - 1,
            None => {
                self.scans.push(self.plain.clone());
                self.places.insert(key.to_owned(), self.scans.len() - 1);
                self.scans.len() - 1
            }
        };
        let scan = &mut self.scans[place];
        for name in names.iter().filter(|name| !name.is_empty()) {
            if scan.names.iter().all(|known| known != name) {
                scan.names.push((*name).to_owned());
            }
        }
        scan
    }

    /// Something that can be used all the same, and what to do about it.
    fn doubt(&mut self, what: impl Into<String>, help: impl Into<String>) {
        self.doubts.push((what.into(), help.into()));
    }

    fn finish(mut self, file: &Path) -> (Vec<Scan>, Vec<Problem>) {
        if self.scans.is_empty() {
            self.scans.push(self.plain.clone());
        }
        let name = file.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let prefix = name.split_once("--").map(|(asset, _)| asset);
        let single = self.scans.len() == 1;
        for scan in &mut self.scans {
            if let Some(prefix) = prefix.filter(|_| single) {
                scan.names.push(prefix.to_owned());
            }
            scan.asset = scan.names.first().cloned().unwrap_or_default();
            if scan.findings.len() > MAX_FINDINGS {
                self.left_out += scan.findings.len() - MAX_FINDINGS;
                scan.findings.truncate(MAX_FINDINGS);
            }
            while scan.packages.len() > MAX_PACKAGES {
                self.left_out += 1;
                scan.packages.pop_last();
            }
        }
        let mut problems: Vec<_> = self.doubts.into_iter().map(|(what, help)| warning(file, 0, what, help)).collect();
        if self.left_out > 0 {
            let what = format!("{} entries beyond {MAX_FINDINGS} findings or {MAX_PACKAGES} packages", self.left_out);
            problems.push(warning(file, 0, what, "they are left out; report on fewer assets at once"));
        }
        (self.scans, problems)
    }
}

impl Scan {
    /// It has looked at a package.
    fn lists(&mut self, name: &str, arch: &str, version: &str) {
        if !name.is_empty() {
            let versions = self.packages.entry(name.to_owned()).or_default();
            let entry = (arch.to_owned(), version.to_owned());
            if !versions.contains(&entry) {
                versions.push(entry);
            }
        }
    }

    /// A package was built from a source package.
    fn built_from(&mut self, name: &str, source: &str) {
        if !source.is_empty() && source != name {
            self.sources.insert(name.to_owned(), source.to_owned());
        }
    }
}

/// What a document looks like from above.
#[derive(Debug)]
enum Outline {
    /// The keys of a JSON object, or of the first object of a list of them.
    Json(BTreeSet<String>),
    /// The name of an XML document's root.
    Xml(String),
    /// A table's first lines.
    Lines(String),
}

impl Outline {
    fn of(text: &str) -> Result<Self, (usize, String)> {
        match text.trim_start().bytes().next() {
            None => Err((0, "the report is empty".to_owned())),
            Some(b'{' | b'[') => {
                let keys: Keys = serde_json::from_str(text).map_err(|e| (e.line(), format!("no JSON: {e}")))?;
                Ok(Outline::Json(keys.0))
            }
            Some(b'<') => {
                let tags = text.split('<').skip(1).filter(|tag| !tag.starts_with(['?', '!']));
                let root =
                    tags.map(|tag| tag.split([' ', '>', '/', '\n', '\r', '\t']).next().unwrap_or_default()).next();
                Ok(Outline::Xml(root.unwrap_or_default().to_owned()))
            }
            Some(_) => Ok(Outline::Lines(text.lines().take(20).collect::<Vec<_>>().join("\n"))),
        }
    }

    fn has(&self, keys: &[&str]) -> bool {
        matches!(self, Outline::Json(known) if keys.iter().all(|key| known.contains(*key)))
    }

    fn root(&self, names: &[&str]) -> bool {
        matches!(self, Outline::Xml(root) if names.contains(&root.as_str()))
    }
}

impl std::fmt::Display for Outline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Outline::Json(keys) => {
                write!(f, "JSON with {}", keys.iter().take(8).cloned().collect::<Vec<_>>().join(", "))
            }
            Outline::Xml(root) => write!(f, "XML of `{root}`"),
            Outline::Lines(lines) => {
                write!(f, "text that begins `{}`", lines.chars().take(40).collect::<String>().replace('\n', " "))
            }
        }
    }
}

/// The keys of an object, or of the first object of a list.
struct Keys(BTreeSet<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Keys;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("an object or a list of objects")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = BTreeSet::new();
                while let Some((key, _)) = map.next_entry::<String, serde::de::IgnoredAny>()? {
                    keys.insert(key);
                }
                Ok(Keys(keys))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Keys, A::Error> {
                let first = list.next_element::<Keys>()?;
                while list.next_element::<serde::de::IgnoredAny>()?.is_some() {}
                Ok(first.unwrap_or(Keys(BTreeSet::new())))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// JSON of a tool's own shape.
fn json<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, (usize, String)> {
    serde_json::from_str(text).map_err(|e| (e.line(), format!("the report cannot be read: {e}")))
}

/// A scanner's severity in our words; empty where it says none.
pub(super) fn severity(word: &str) -> String {
    match word.to_ascii_lowercase().as_str() {
        "critical" | "urgent" => "critical",
        "high" | "important" => "high",
        "medium" | "moderate" => "medium",
        "low" | "minor" => "low",
        "none" | "info" | "informational" | "negligible" | "log" => "none",
        _ => "",
    }
    .to_owned()
}

/// The severity of a CVSS score, as [its specification](https://www.first.org/cvss/specification-document) rates it.
pub(super) fn rated(score: f64) -> String {
    match score {
        s if s >= 9.0 => "critical",
        s if s >= 7.0 => "high",
        s if s >= 4.0 => "medium",
        s if s > 0.0 => "low",
        _ => "none",
    }
    .to_owned()
}

/// The knowledge base number of a missing Windows update that a title or text names.
fn update_in(text: &str) -> Option<String> {
    let at = text.match_indices("KB").find(|(at, _)| {
        let before = text[..*at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric()) && text[at + 2..].starts_with(|c: char| c.is_ascii_digit())
    })?;
    let number: String = text[at.0 + 2..].chars().take_while(char::is_ascii_digit).collect();
    (number.len() >= 6).then(|| format!("KB{number}"))
}

/// What stands behind `label:` (blanks before the colon or not) on a line of its own, the first that has it.
fn behind<'t>(text: &'t str, labels: &[&str]) -> Option<&'t str> {
    let of = |label: &&str| {
        text.lines().find_map(|line| {
            let rest = line.trim_start_matches([' ', '-', '\t']).strip_prefix(*label)?.trim_start();
            Some(rest.strip_prefix(':')?.trim()).filter(|value| !value.is_empty())
        })
    };
    labels.iter().find_map(of)
}
