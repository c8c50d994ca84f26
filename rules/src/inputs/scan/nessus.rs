//! [Nessus v2 XML](https://docs.tenable.com/nessus/Content/NessusFileFormat.htm): hosts with their items. An item is a
//! finding, informational ones too (severity `none`).

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::{
    Finding, Outline, Report, Tool, behind, update_in,
    xml::{self, Attributes, Path, Visit},
};

/// The plugin whose output tells how the scan was done.
const SCAN_INFORMATION: &str = "19506";
/// Tags that name the host, the most telling first.
const NAMES: &[&str] = &["hostname", "host-fqdn", "netbios-name", "host-rdns", "host-ip"];

pub struct Nessus;

impl Tool for Nessus {
    fn name(&self) -> &'static str {
        "nessus"
    }

    fn how(&self) -> &'static str {
        "Nessus (export as `.nessus`)"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.root(&["NessusClientData_v2"])
    }

    fn read(&self, text: &str, report: &mut Report) -> Result<(), (usize, String)> {
        let mut reader = Reading { report, host: Host::default(), tag: String::new(), item: Item::default() };
        xml::walk(text, &mut reader)
    }
}

struct Reading<'r> {
    report: &'r mut Report,
    host: Host,
    tag: String,
    item: Item,
}

#[derive(Default)]
struct Host {
    names: Vec<(usize, String)>,
    at: Option<Timestamp>,
    authenticated: bool,
    database: Option<Timestamp>,
    findings: Vec<Finding>,
}

#[derive(Default)]
struct Item {
    plugin: String,
    title: String,
    severity: String,
    flaws: Vec<String>,
    update: Option<String>,
    output: String,
}

impl Visit for Reading<'_> {
    fn enters(&mut self, path: &Path, attributes: &Attributes) {
        let get = |name: &str| attributes.get(name).unwrap_or_default();
        if path.ends(&["ReportHost"]) {
            self.host = Host { names: vec![(NAMES.len(), get("name"))], ..Host::default() };
        } else if path.ends(&["HostProperties", "tag"]) {
            self.tag = get("name");
        } else if path.ends(&["ReportHost", "ReportItem"]) {
            let severity = match get("severity").as_str() {
                "4" => "critical",
                "3" => "high",
                "2" => "medium",
                "1" => "low",
                _ => "none",
            };
            let (plugin, title) = (get("pluginID"), get("pluginName"));
            self.item = Item { plugin, title, severity: severity.to_owned(), ..Item::default() };
        }
    }

    fn leaves(&mut self, path: &Path, text: &str) {
        if path.ends(&["HostProperties", "tag"]) {
            self.property(text);
        } else if path.ends(&["ReportItem", "cve"]) {
            self.item.flaws.push(text.to_owned());
        } else if path.ends(&["ReportItem", "xref"]) {
            let update = text.strip_prefix("MSKB:").map(|number| format!("KB{number}"));
            self.item.update = self.item.update.take().or(update);
        } else if path.ends(&["ReportItem", "plugin_output"]) {
            self.item.output = text.to_owned();
        } else if path.ends(&["ReportHost", "ReportItem"]) {
            let item = std::mem::take(&mut self.item);
            self.host.take(item);
        } else if path.ends(&["ReportHost"]) {
            self.finish_host();
        }
    }
}

impl Reading<'_> {
    fn property(&mut self, text: &str) {
        let host = &mut self.host;
        match self.tag.as_str() {
            "HOST_START_TIMESTAMP" => {
                host.at = text.parse().ok().and_then(|s| Timestamp::from_second(s).ok()).or(host.at);
            }
            // without a zone: the scanner's clock is taken for UTC
            "HOST_START" => {
                let read = DateTime::strptime("%a %b %e %H:%M:%S %Y", text).ok();
                let at = read.and_then(|at| at.to_zoned(TimeZone::UTC).ok()).map(|at| at.timestamp());
                host.at = host.at.or(at);
            }
            "Credentialed_Scan" => host.authenticated |= text.eq_ignore_ascii_case("true"),
            tag => {
                let rank = NAMES.iter().position(|name| *name == tag);
                host.names.extend(rank.map(|rank| (rank, text.to_owned())));
            }
        }
    }

    fn finish_host(&mut self) {
        let mut host = std::mem::take(&mut self.host);
        host.names.sort_by_key(|(rank, _)| *rank);
        let names: Vec<&str> = host.names.iter().map(|(_, name)| name.as_str()).collect();
        let scan = self.report.of(&names);
        (scan.at, scan.database) = (host.at.unwrap_or(scan.received), host.database);
        // with credentials it looks at every package and update of the host
        (scan.authenticated, scan.whole) = (host.authenticated, true);
        scan.findings.append(&mut host.findings);
        if !host.authenticated {
            let who = names.first().copied().unwrap_or("the host").to_owned();
            let help = "give the scanner credentials: from outside it neither closes nor reopens a case";
            self.report.doubt(format!("{who} was scanned without credentials"), help);
        }
    }
}

impl Host {
    fn take(&mut self, item: Item) {
        if item.plugin == SCAN_INFORMATION {
            let said = |label: &str| behind(&item.output, &[label]);
            self.authenticated |= said("Credentialed checks").is_some_and(|how| how.starts_with("yes"));
            self.database = said("Plugin feed version").and_then(feed_date).or(self.database);
        }
        let (package, installed) = installed(&item);
        let plugin = format!("nessus-{}", item.plugin);
        let names = item.flaws.iter().map(String::as_str).chain([plugin.as_str()]);
        let mut finding = Finding::of(names, &package, &installed);
        finding.severity = item.severity;
        self.findings.push(finding);
    }
}

/// `202411220000`
fn feed_date(version: &str) -> Option<Timestamp> {
    let read = DateTime::strptime("%Y%m%d%H%M", version.get(..12)?).ok()?;
    Some(read.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// The package or update that an item is about, and the version that was found.
fn installed(item: &Item) -> (String, String) {
    if let Some(update) = item.update.clone().or_else(|| update_in(&item.title)) {
        return (update, String::new());
    }
    let package = behind(&item.output, &["Remote package installed", "Installed package"]);
    if let Some(package) = package {
        // `openssl_3.0.20-1~deb12u2`, or `openssl-1:3.0.7-27.el9`
        let by_release = |text: &str| text.rmatch_indices('-').nth(1).map(|(at, _)| at);
        let (name, version) = match package.split_once('_').filter(|(_, v)| v.starts_with(|c: char| c.is_ascii_digit()))
        {
            Some(parts) => parts,
            None => by_release(package).map_or((package, ""), |at| (&package[..at], &package[at + 1..])),
        };
        return (name.to_owned(), version.to_owned());
    }
    let version = behind(&item.output, &["Installed version", "Remote version", "Version"]);
    (String::new(), version.unwrap_or_default().to_owned())
}
