//! [OpenVAS's XML](https://docs.greenbone.net/API/GMP/gmp.html#type_report), as Greenbone exports it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    Finding, Outline, Report, Tool, behind, rated, update_in,
    xml::{self, Attributes, Path, Visit},
};

pub struct OpenVas;

impl Tool for OpenVas {
    fn name(&self) -> &'static str {
        "openvas"
    }

    fn how(&self) -> &'static str {
        "OpenVAS (report as XML)"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.root(&["report", "get_reports_response"])
    }

    fn read(&self, text: &str, report: &mut Report) -> Result<(), (usize, String)> {
        let mut reader = Reading {
            report,
            start: None,
            result: Entry::default(),
            hosts: BTreeMap::new(),
            address: String::new(),
            detail: Default::default(),
        };
        xml::walk(text, &mut reader)?;
        reader.finish();
        Ok(())
    }
}

struct Reading<'r> {
    report: &'r mut Report,
    start: Option<Timestamp>,
    result: Entry,
    /// Per address: when its scan began, what it is called, whether signing in worked.
    hosts: BTreeMap<String, Host>,
    /// The address and the detail of the host block that is being read.
    address: String,
    detail: (String, String),
}

#[derive(Default)]
struct Host {
    at: Option<Timestamp>,
    name: String,
    authenticated: bool,
    findings: Vec<Finding>,
}

#[derive(Default)]
struct Entry {
    address: String,
    hostname: String,
    oid: String,
    title: String,
    flaws: Vec<String>,
    severity: f64,
    description: String,
}

impl Visit for Reading<'_> {
    fn enters(&mut self, path: &Path, attributes: &Attributes) {
        if path.ends(&["results", "result"]) {
            self.result = Entry::default();
        } else if path.ends(&["result", "nvt"]) {
            self.result.oid = attributes.get("oid").unwrap_or_default();
        } else if path.ends(&["refs", "ref"]) && attributes.get("type").is_some_and(|kind| kind == "cve") {
            self.result.flaws.extend(attributes.get("id"));
        } else if path.ends(&["report", "host"]) {
            self.address.clear();
        }
    }

    fn leaves(&mut self, path: &Path, text: &str) {
        let result = &mut self.result;
        if path.ends(&["report", "scan_start"]) {
            self.start = text.parse().ok().or(self.start);
        } else if path.ends(&["result", "host"]) {
            result.address = text.to_owned();
        } else if path.ends(&["result", "host", "hostname"]) {
            result.hostname = text.to_owned();
        } else if path.ends(&["result", "nvt", "name"]) {
            result.title = text.to_owned();
        } else if path.ends(&["result", "nvt", "cve"]) {
            // before GMP 20
            result.flaws.extend(text.split(", ").filter(|cve| cve.starts_with("CVE-")).map(str::to_owned));
        } else if path.ends(&["result", "severity"]) {
            result.severity = text.parse().unwrap_or_default();
        } else if path.ends(&["result", "description"]) {
            result.description = text.to_owned();
        } else if path.ends(&["results", "result"]) {
            self.finish_result();
        } else {
            self.host_block(path, text);
        }
    }
}

impl Reading<'_> {
    /// The blocks behind the results, one per host.
    fn host_block(&mut self, path: &Path, text: &str) {
        if path.ends(&["report", "host", "ip"]) {
            self.address = text.to_owned();
        } else if path.ends(&["report", "host", "start"]) {
            self.hosts.entry(self.address.clone()).or_default().at = text.parse().ok();
        } else if path.ends(&["host", "detail", "name"]) {
            self.detail.0 = text.to_owned();
        } else if path.ends(&["host", "detail", "value"]) {
            self.detail.1 = text.to_owned();
        } else if path.ends(&["report", "host", "detail"]) {
            let (name, value) = std::mem::take(&mut self.detail);
            let host = self.hosts.entry(self.address.clone()).or_default();
            match name.as_str() {
                "hostname" => host.name = value,
                // `Auth-SSH-Success`, `Auth-SMB-Success`, …
                name if name.starts_with("Auth-") && name.ends_with("-Success") => host.authenticated = true,
                _ => {}
            }
        }
    }

    fn finish_result(&mut self) {
        let entry = std::mem::take(&mut self.result);
        let (package, installed) = found(&entry);
        let names = entry.flaws.iter().map(String::as_str).chain([entry.oid.as_str()]);
        let mut finding = Finding::of(names, &package, &installed);
        finding.severity = rated(entry.severity);
        let host = self.hosts.entry(entry.address).or_default();
        if host.name.is_empty() {
            host.name = entry.hostname;
        }
        host.findings.push(finding);
    }

    fn finish(&mut self) {
        for (address, host) in std::mem::take(&mut self.hosts) {
            let scan = self.report.of(&[&host.name, &address]);
            scan.at = host.at.or(self.start).unwrap_or(scan.received);
            // signed in, it looks at every package and update of the host
            (scan.authenticated, scan.whole) = (host.authenticated, true);
            scan.findings.extend(host.findings);
            if !host.authenticated {
                let help = "give the scanner credentials: from outside it neither closes nor reopens a case";
                self.report.doubt(format!("nothing shows that signing in to {address} worked"), help);
            }
        }
    }
}

/// The package or update that a result is about, and the version that was found.
fn found(entry: &Entry) -> (String, String) {
    if let Some(update) = update_in(&entry.title) {
        let version = behind(&entry.description, &["File version"]).unwrap_or_default();
        return (update, version.to_owned());
    }
    let version = behind(&entry.description, &["Installed version"]).unwrap_or_default();
    match behind(&entry.description, &["Vulnerable package"]) {
        // `openssl-3.0.20-1~deb12u2`
        Some(package) => {
            let version = version.strip_prefix(package).and_then(|v| v.strip_prefix('-')).unwrap_or(version);
            (package.to_owned(), version.to_owned())
        }
        None => (String::new(), version.to_owned()),
    }
}
