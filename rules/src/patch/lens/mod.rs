//! The lens: looks at every event, keeps the few that say something about patches, and counts the rest per host.
//!
//! One file per family of platforms. Each knows the formats of its platform and what their records prove: which word
//! names the old version, which success means nothing, which line is only an intention. Adding a platform is a file with
//! its [`Reader`]s and its entry in [`FAMILIES`].

use std::{collections::HashMap, sync::LazyLock};

use jiff::Timestamp;
use roundsman_ingest::{Event, Field, field};

use super::fact::{Fact, MAX_QUOTE, Operation, PackageState, Quote, Run};
use crate::alert::evidence_id;

mod alpine;
mod arch;
mod backups;
mod cef;
mod cisco;
mod debian;
mod findings;
mod fortios;
mod inventory;
mod kubernetes;
mod linux;
mod panos;
mod rpm;
mod snap;
mod suse;
mod windows;
mod words;

pub use findings::{Findings, UPDATE_LOGS};

/// Notes what a record says; nothing where it says nothing.
type Read = fn(&Event, &mut Notes);

/// What the records of some formats say about patches.
pub struct Reader {
    /// The formats by name.
    formats: &'static [&'static str],
    /// How they are read.
    read: Read,
}

/// All that is read.
static FAMILIES: &[&[Reader]] = &[
    debian::READERS,
    rpm::READERS,
    suse::READERS,
    arch::READERS,
    alpine::READERS,
    snap::READERS,
    linux::READERS,
    windows::READERS,
    fortios::READERS,
    cisco::READERS,
    panos::READERS,
    cef::READERS,
    kubernetes::READERS,
    inventory::READERS,
    backups::READERS,
];

/// Readers by format.
static READERS: LazyLock<HashMap<&'static str, Read>> = LazyLock::new(|| {
    let all = FAMILIES.iter().copied().flatten();
    all.flat_map(|reader| reader.formats.iter().map(|format| (*format, reader.read))).collect()
});

/// Looks at events. Without state, shared by all workers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lens;

impl Lens {
    /// Notes what an event says about patches, and that its host is alive.
    pub fn look(&self, event: &Event, findings: &mut Findings) {
        let Some(host) = event.host() else { return };
        findings.count(event, &host);
        if let Some(read) = READERS.get(event.format_name()) {
            let mut notes = Notes { about: host.to_string(), at: event.at(), facts: Vec::new() };
            read(event, &mut notes);
            findings.note(event, &host, notes);
        }
    }
}

/// What one record says.
pub struct Notes {
    /// The host or asset that it is about; who reported it, unless it names another.
    about: String,
    /// When it happened.
    at: Timestamp,
    facts: Vec<Fact>,
}

impl Notes {
    fn add(&mut self, fact: Fact) {
        self.facts.push(fact);
    }

    /// A package manager did this to a package, and is through with it.
    fn done(&mut self, operation: Operation) {
        let (package, arch, version) = (operation.package.clone(), operation.arch.clone(), operation.new.clone());
        self.add(Fact::Begins(operation));
        self.add(Fact::Status { package, arch, version, state: PackageState::Installed });
    }

    /// A package is gone.
    fn removed(&mut self, package: String, arch: String, version: Option<String>) {
        self.add(Fact::Status { package, arch, version, state: PackageState::Removed });
    }

    /// Notes what a record says of its package, where it names one.
    fn facts_of(&mut self, operation: Option<Operation>, note: impl FnOnce(&mut Notes, Operation)) {
        if let Some(operation) = operation {
            note(self, operation);
        }
    }

    /// An updater has run, or could not.
    fn ran(&mut self, name: &str, run: Run) {
        self.add(Fact::Updater { name: name.to_owned(), run });
    }
}

fn id(event: &Event, host: &str) -> String {
    let source = event.origin.path.as_deref().unwrap_or("");
    evidence_id(host, source, &event.raw, event.time.unwrap_or(event.received))
}

fn quote(event: &Event, host: &str) -> Quote {
    let cut = &event.raw[..event.raw.len().min(MAX_QUOTE)];
    Quote {
        id: id(event, host),
        received: event.received,
        host: Some(host.to_owned()),
        trust: event.transport().trust(),
        raw: String::from_utf8_lossy(cut).into_owned(),
    }
}

fn text(event: &Event, of: Field) -> Option<String> {
    event.text(of).map(|t| t.into_owned()).filter(|t| !t.is_empty() && t != "<none>")
}

/// A field that only its format's own names know.
fn named(event: &Event, name: &str) -> Option<String> {
    text(event, Field::intern(name)?)
}

fn values(event: &Event, of: Field) -> Vec<String> {
    event.all(of).map(|v| event.value_text(v).unwrap_or_default().into_owned()).collect()
}

fn time(event: &Event, of: Field) -> Option<Timestamp> {
    text(event, of)?.parse().ok()
}

fn action(event: &Event) -> String {
    text(event, field::EVENT_ACTION).unwrap_or_default()
}

fn message(event: &Event) -> String {
    text(event, field::MESSAGE).unwrap_or_else(|| String::from_utf8_lossy(&event.raw).into_owned())
}

/// The operation that a record's package fields name.
fn operation(event: &Event) -> Option<Operation> {
    Some(Operation {
        package: text(event, field::PACKAGE_NAME)?,
        arch: text(event, field::PACKAGE_ARCHITECTURE).unwrap_or_default(),
        old: text(event, field::PACKAGE_PREVIOUS_VERSION),
        new: text(event, field::PACKAGE_VERSION),
    })
}

#[cfg(test)]
mod tests;
