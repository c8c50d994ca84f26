//! [Microsoft Defender's](https://learn.microsoft.com/defender-endpoint/api/get-assessment-software-vulnerabilities)
//! vulnerabilities by machine: an answer of its API, or an export of it. Its sensor looks from inside at all software.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Finding, Outline, Report, Tool, json, severity};

pub struct Defender;

#[derive(Deserialize)]
#[serde(untagged)]
enum Document {
    Answer { value: Vec<Row> },
    List(Vec<Row>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    #[serde(default)]
    cve_id: Option<String>,
    #[serde(alias = "deviceId", default)]
    machine_id: String,
    #[serde(alias = "deviceName", alias = "machineName", default)]
    computer_dns_name: Option<String>,
    #[serde(alias = "recommendedSecurityUpdateId", default)]
    fixing_kb_id: Option<String>,
    #[serde(alias = "softwareName", default)]
    product_name: Option<String>,
    #[serde(alias = "softwareVersion", default)]
    product_version: Option<String>,
    #[serde(alias = "vulnerabilitySeverityLevel", default)]
    severity: Option<String>,
    last_seen_timestamp: Option<String>,
}

impl Tool for Defender {
    fn name(&self) -> &'static str {
        "defender"
    }

    fn how(&self) -> &'static str {
        "Microsoft Defender (vulnerabilities by machine, JSON)"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.has(&["@odata.context", "value"])
            || outline.has(&["cveId", "machineId"])
            || outline.has(&["cveId", "deviceId"])
    }

    fn read(&self, text: &str, report: &mut Report) -> Result<(), (usize, String)> {
        let (Document::Answer { value: rows } | Document::List(rows)) = json(text)?;
        for row in rows {
            let host = row.computer_dns_name.as_deref().unwrap_or_default();
            let scan = report.of(&[host, &row.machine_id]);
            (scan.authenticated, scan.whole) = (true, true);
            let seen = row.last_seen_timestamp.map(|at| at.replacen(' ', "T", 1));
            let seen: Option<Timestamp> = seen.and_then(|at| at.parse().or_else(|_| format!("{at}Z").parse()).ok());
            scan.at = seen.map_or(scan.at, |at| at.min(scan.at));
            let (name, version) = (row.product_name.unwrap_or_default(), row.product_version.unwrap_or_default());
            scan.lists(&name, "", &version);
            let Some(cve) = row.cve_id.filter(|cve| !cve.is_empty()) else { continue };
            let update = row.fixing_kb_id.filter(|kb| !kb.is_empty());
            let update = update.map(|kb| if kb.starts_with("KB") { kb } else { format!("KB{kb}") });
            let mut finding = Finding::of([cve.as_str()], update.as_deref().unwrap_or(&name), &version);
            finding.severity = severity(&row.severity.unwrap_or_default());
            scan.findings.push(finding);
        }
        Ok(())
    }
}
