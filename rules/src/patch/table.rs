//! The patch alerts PV01 … PV27: what each means, how much it matters, what to do first.

use std::sync::Arc;

use jiff::Timestamp;

use super::fact::Quote;
use crate::{Severity, alert::MAX_EVIDENCE};

/// A patch alert's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pv(pub u8);

/// One row of the table.
pub struct Meaning {
    number: u8,
    /// Its title.
    pub name: &'static str,
    /// Before the steps for exploited flaws and high-risk assets.
    pub severity: Severity,
    /// What to do first.
    pub next: &'static str,
}

const fn row(number: u8, severity: Severity, name: &'static str, next: &'static str) -> Meaning {
    Meaning { number, name, severity, next }
}

use Severity::{Critical, High, Low, Medium};

/// Every alert that this stage raises, by number.
static MEANINGS: &[Meaning] = &[
    row(1, High, "Patch could not be installed", "Read the error, mend its cause, and install again."),
    row(2, High, "Patch is only partly installed", "Finish it on the host (`dpkg --configure -a`), or roll back."),
    row(3, Medium, "Restart after a patch is overdue", "Restart the named units, or reboot, in the next window."),
    row(4, High, "Rebooted, but still the old version", "Check the boot loader's default entry, then reboot again."),
    row(5, High, "Silent after a reboot", "Look at the console: the host has not come back."),
    row(6, High, "Unhealthy after a patch", "Look at the named units; roll back if they do not come up."),
    row(7, High, "Application does not work after a patch", "Try the application by hand; roll back if it fails."),
    row(8, Medium, "Unusual logs after a patch", "Read the sample; record a known issue if it is harmless."),
    row(9, High, "Scanner still finds the flaw", "Compare the finding's version with the host's; patch again."),
    row(10, Medium, "A scan is missing or a feed is old", "Run the scan, or mend the download, and look again."),
    row(11, High, "Patched version went back", "Ask who went back and why, and plan the next attempt."),
    row(12, High, "Rolled-back version came back by automation", "Hold the package, or record that it is allowed."),
    row(13, Medium, "Production before the test ring has soaked", "Watch it closely; say why in a record."),
    row(14, Low, "Patched outside the maintenance window", "Ask who decided it; record an override if it was right."),
    row(15, High, "Patch is overdue", "Patch today, or record an exception with its approver."),
    row(16, High, "Exception has expired", "Patch, or renew the exception with its approver."),
    row(17, High, "Group is not patched as a whole", "Finish the members that lag behind, one after the other."),
    row(18, High, "Verification is overdue", "Get the missing evidence that is named, or waive it on record."),
    row(19, Medium, "Update log is silent", "Check the forwarder's file input on the host."),
    row(20, Low, "Patched host is in no inventory", "Add the host to the inventory, or find out what it is."),
    row(21, Critical, "Suspicious event on a watched asset", "Treat it as a compromise until it is explained."),
    row(22, Medium, "Evidence contradicts itself", "Find out which source is right, on the host itself."),
    row(23, Medium, "Update automation is broken", "Run the updater by hand on the host and read its error."),
    row(24, High, "Fix is held back", "Release the hold and install, or record an exception."),
    row(25, Medium, "Patched without a recent backup", "Make a backup now, before anything else is changed."),
    row(26, Critical, "Triage step is late", "Take the step that is named, and record it."),
    row(
        27,
        High,
        "Patched before evidence was kept",
        "Export what is left of the logs; ask for memory and disk images.",
    ),
];

impl Pv {
    /// `PV03`
    pub fn id(self) -> String {
        format!("PV{:02}", self.0)
    }

    /// Its row.
    pub fn meaning(self) -> &'static Meaning {
        MEANINGS.iter().find(|m| m.number == self.0).unwrap_or(&MEANINGS[0])
    }

    /// One step more for exploited flaws and one for high-risk assets, at most critical.
    pub fn severity(self, base: Option<Severity>, exploited: bool, high_risk: bool) -> Severity {
        let base = base.unwrap_or(self.meaning().severity);
        let base = if exploited { base.raised() } else { base };
        if high_risk { base.raised() } else { base }
    }
}

/// Something that a case calls for an alert about, for as long as it holds.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Evidence id, or due time, of the first event: part of the alert's id.
    pub first_event: String,
    /// Where it differs from the table.
    pub severity: Option<Severity>,
    /// When it began.
    pub first: Timestamp,
    /// Its newest event.
    pub last: Timestamp,
    /// How many events.
    pub count: u64,
    /// First, last, and at most [`MAX_EVIDENCE`].
    pub evidence: Vec<Arc<Quote>>,
    /// One sentence with the figures.
    pub why: String,
}

impl Condition {
    /// A condition that begins now.
    pub fn new(at: Timestamp, evidence: &[&Arc<Quote>], why: String) -> Self {
        let first_event = evidence.first().map_or_else(|| at.to_string(), |q| q.id.clone());
        let mut condition =
            Condition { first_event, severity: None, first: at, last: at, count: 1, evidence: Vec::new(), why };
        condition.quote(evidence);
        condition
    }

    /// One more event of the same kind; a record that is quoted already is none.
    pub fn again(&mut self, at: Timestamp, evidence: &[&Arc<Quote>], why: String) {
        self.why = why;
        if self.quote(evidence) {
            self.count += 1;
            self.last = self.last.max(at);
        }
    }

    fn quote(&mut self, evidence: &[&Arc<Quote>]) -> bool {
        let mut new = false;
        for quote in evidence {
            if self.evidence.iter().all(|known| known.id != quote.id) {
                if self.evidence.len() == MAX_EVIDENCE {
                    self.evidence.pop();
                }
                self.evidence.push(Arc::clone(quote));
                new = true;
            }
        }
        new
    }
}
