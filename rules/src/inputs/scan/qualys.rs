//! Qualys CSV: [scan reports](https://docs.qualys.com/en/vm/latest/reports/) and asset lists of VMDR. Lines about the
//! report stand before the header.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::{Finding, Outline, Report, Tool, severity, update_in};

/// Columns that name the host, the most telling first.
const NAMES: &[&str] = &["asset name", "dns", "netbios", "ip", "asset ipv4", "asset ipv6"];

pub struct Qualys;

impl Tool for Qualys {
    fn name(&self) -> &'static str {
        "qualys"
    }

    fn how(&self) -> &'static str {
        "Qualys (CSV)"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        matches!(outline, Outline::Lines(lines) if lines.lines().any(is_header))
    }

    fn read(&self, text: &str, report: &mut Report) -> Result<(), (usize, String)> {
        let before = text.split_inclusive('\n').take_while(|line| !is_header(line));
        let (lines, bytes) = before.fold((0, 0), |(lines, bytes), line| (lines + 1, bytes + line.len()));
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&text.as_bytes()[bytes..]);
        let header: Vec<String> = match reader.headers() {
            Ok(header) => header.iter().map(|name| name.trim().to_lowercase()).collect(),
            Err(e) => return Err((lines + 1, format!("the header cannot be read: {e}"))),
        };
        for row in reader.records() {
            match row {
                Ok(row) => take(&Cells { header: &header, row: &row }, report),
                Err(e) => {
                    let line = e.position().map_or(0, |at| at.line() as usize + lines);
                    report.doubt(format!("line {line} cannot be read: {e}"), "it is left out; check its quotes");
                }
            }
        }
        Ok(())
    }
}

fn is_header(line: &str) -> bool {
    let line = line.to_lowercase();
    line.contains("qid") && line.contains("cve") && line.contains("title")
}

struct Cells<'c> {
    header: &'c [String],
    row: &'c csv::StringRecord,
}

impl<'c> Cells<'c> {
    /// The first of these columns that is there and not empty.
    fn get(&self, columns: &[&str]) -> &'c str {
        let cell = |column: &&str| {
            let at = self.header.iter().position(|name| name == column)?;
            // Qualys writes '- where there is nothing
            self.row.get(at).map(str::trim).filter(|cell| !cell.is_empty() && *cell != "'-")
        };
        columns.iter().find_map(cell).unwrap_or_default()
    }
}

fn take(cells: &Cells, report: &mut Report) {
    let (qid, title) = (cells.get(&["qid"]), cells.get(&["title"]));
    let names: Vec<&str> = NAMES.iter().flat_map(|name| cells.get(&[name]).split(',')).map(str::trim).collect();
    if qid.is_empty() || names.iter().all(|name| name.is_empty()) {
        return;
    }
    let scan = report.of(&names);
    let detected = time(cells.get(&["last detected", "date last detected"]));
    // the newest detection is when the host was looked at; until one is read, it counts from when the file came
    if let Some(at) = detected {
        scan.at = if scan.findings.is_empty() { at } else { scan.at.max(at) };
    }
    // the agent looks from inside; a scan over the network does not say whether signing in worked
    let tracking = cells.get(&["tracking method", "detection source"]).to_lowercase();
    scan.authenticated |= tracking.contains("agent");
    scan.whole = true;
    let id = format!("qid-{qid}");
    let flaws = cells.get(&["cve", "cve id"]).split([',', ';']).map(str::trim);
    let update = update_in(cells.get(&["vendor reference", "solution"])).or_else(|| update_in(title));
    let mut finding = Finding::of(flaws.chain([id.as_str()]), &update.unwrap_or_default(), "");
    finding.severity = match cells.get(&["severity", "severity level"]) {
        "5" => "critical".to_owned(),
        "4" => "high".to_owned(),
        "3" => "medium".to_owned(),
        "2" | "1" => "low".to_owned(),
        word => severity(word),
    };
    finding.resolved = cells.get(&["status", "vuln status"]).eq_ignore_ascii_case("fixed");
    scan.findings.push(finding);
}

/// `Feb 03, 2026 07:00 AM` or `02/03/2026 07:00:00`, taken for UTC.
fn time(text: &str) -> Option<Timestamp> {
    let forms = ["%b %d, %Y %I:%M %p", "%m/%d/%Y %H:%M:%S"];
    let read = forms.iter().find_map(|form| DateTime::strptime(form, text).ok())?;
    Some(read.to_zoned(TimeZone::UTC).ok()?.timestamp())
}
