//! What a record can say about a patch.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Evidence;

/// Longest part of a record that is kept to be quoted.
pub const MAX_QUOTE: usize = 4_096;

/// A record as evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    /// [`crate::alert::evidence_id`]
    pub id: String,
    /// When we received it.
    pub received: Timestamp,
    /// The host that reported, by its own name.
    pub host: Option<String>,
    /// 3 authenticated, 2 local or brokered, 1 anybody's word.
    pub trust: u8,
    /// The record, up to [`MAX_QUOTE`].
    pub raw: String,
}

impl Quote {
    /// A record that an alert quotes. How much it is to be trusted is not known any more.
    pub fn quoted(evidence: &Evidence) -> Quote {
        let Evidence { id, received, host, raw } = evidence.clone();
        Quote { id, received, host, trust: 1, raw }
    }

    /// As alerts show it.
    pub fn evidence(&self) -> Evidence {
        Evidence { id: self.id.clone(), received: self.received, host: self.host.clone(), raw: self.raw.clone() }
    }
}

/// How far a package's files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PackageState {
    /// Unpacked and configured.
    Installed,
    /// Unpacked, half installed or half configured.
    Partial,
    /// Not there.
    Removed,
}

/// What a transaction does to one package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// The package.
    pub package: String,
    /// Its architecture; empty: unknown.
    pub arch: String,
    /// The version before.
    pub old: Option<String>,
    /// The version after; absent: removed.
    pub new: Option<String>,
}

/// How far the system's updater is with one update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UpdateStep {
    /// It is being downloaded, or ready: nothing has changed yet.
    Ready,
    /// Its installation has begun (Windows Update 43, Setup 1).
    Started,
    /// It is installed, as far as the updater says (19, Setup 2).
    Installed,
    /// It failed (20, Setup 3).
    Failed,
    /// It is staged and wants a restart (21, 22, Setup 4).
    NeedsRestart,
    /// It was taken off again (23).
    Removed,
}

/// How a run of an updater went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Run {
    /// It ran, and reached its sources.
    Ran,
    /// It could not: a repository that is not reached, a lock, a search that failed.
    Failed,
}

/// What a record says, as far as patches are concerned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fact {
    /// The package manager starts on a package.
    Begins(Operation),
    /// A package has got so far.
    Status {
        /// The package.
        package: String,
        /// Its architecture; empty: unknown.
        arch: String,
        /// The version it is about; absent where there is none, or where the line names only the one that was replaced:
        /// then what the package manager had begun is there.
        version: Option<String>,
        /// How far.
        state: PackageState,
    },
    /// A transaction with its start and end.
    Transaction {
        /// What it was to do.
        operations: Vec<Operation>,
        /// When it ended; absent: it was cut off.
        end: Option<Timestamp>,
        /// Why it failed.
        error: Option<String>,
        /// Who or what asked for it.
        command: Option<String>,
    },
    /// The package manager's terminal shows that a package could not be processed.
    Broken {
        /// The package.
        package: String,
        /// What stood before the error: the package's own words.
        words: String,
    },
    /// An unattended run begins.
    UpdaterStarts,
    /// The unattended run that began last only pretends.
    UpdaterPretends,
    /// The unattended run leaves a package as it is.
    Held {
        /// The package.
        package: String,
    },
    /// A package's own script failed although the package manager goes on (rpm's `%post`).
    ScriptFailed {
        /// The package.
        package: String,
        /// What stood before the error: the package's own words.
        words: String,
    },
    /// A vendor's patch, by its own name, is there or is not (zypper's `needed|applied`).
    Patch {
        /// `TEST-2026:0001`
        name: String,
        /// It is there.
        applied: bool,
    },
    /// One update of a system that has no packages, such as a KB.
    Update {
        /// `KB5099001`
        name: String,
        /// How far it is.
        step: UpdateStep,
        /// The error's code, where it failed.
        code: Option<String>,
    },
    /// Another image was written to the device; it runs from the next boot on.
    Firmware {
        /// The version before.
        old: Option<String>,
        /// The version after.
        new: String,
    },
    /// A line states which version is running, whatever it is about otherwise (a CEF header, a banner).
    Runs {
        /// The product as the line names it: `Fortigate`, `PAN-OS`, `Cisco IOS Software`, `windows`.
        product: String,
        /// `v7.4.5`
        version: String,
    },
    /// One instance of a rolled-out application.
    Pod {
        /// Its name.
        pod: String,
        /// What it runs: `sha256:…`, or a reference that ends with one.
        image: String,
        /// It is ready.
        ready: bool,
    },
    /// An instance does not come up.
    PodFails {
        /// Its name; empty: unknown.
        pod: String,
    },
    /// An updater's run, whatever it had to do.
    Updater {
        /// `apt`, `dnf`, `windows_update`
        name: String,
        /// How it went.
        run: Run,
    },
    /// A backup job's run.
    Backup {
        /// The job, where the line names it by itself.
        job: Option<String>,
        /// It is good.
        ok: bool,
    },
    /// The machine names itself: another id is another machine, or a restored image.
    Machine {
        /// systemd's machine id, a serial number.
        id: String,
    },
    /// A list of what is installed names a package.
    Listed {
        /// The package.
        package: String,
        /// Its architecture; empty: unknown.
        arch: String,
        /// Its version.
        version: String,
    },
    /// The system starts.
    Boot {
        /// The kernel's package version, or its release where that is one; a system's build (`17134.165`), a device's
        /// firmware (`17.9.5`); absent: unknown.
        version: Option<String>,
    },
    /// The system goes down to come back.
    Rebooting,
    /// All units that were to start at boot have.
    StartupFinished,
    /// A unit started.
    Started {
        /// Unit, and description where known.
        unit: Unit,
    },
    /// A unit failed, or failed to start.
    Failed {
        /// Unit, and description where known.
        unit: Unit,
    },
    /// A unit is started again and again.
    Looping {
        /// Unit, and description where known.
        unit: Unit,
        /// The restart counter.
        restarts: u32,
    },
    /// The kernel reports a fault: oops, out of memory, machine check.
    Crash,
    /// A needrestart report begins.
    NeedsReport,
    /// The report could tell about the kernel (KSTA 1 or above).
    NeedsKnown,
    /// The report names a service that still runs old files.
    NeedsRestart {
        /// The unit.
        unit: String,
    },
    /// A live patch is in.
    Livepatched {
        /// Its name.
        name: String,
    },
    /// A synthetic check of the asset's application.
    Probe {
        /// The probe.
        name: String,
        /// Whether it passed.
        ok: bool,
        /// Who reported it is the asset itself.
        own: bool,
    },
}

/// A unit as a line names it: Debian 12 writes `nginx.service - A web server`, older systems only the description.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unit {
    /// `nginx.service`; empty: only the description is known.
    pub name: String,
    /// `A high performance web server and a reverse proxy server`; empty: unknown.
    pub description: String,
}

impl Unit {
    /// Whether an advisory's entry means this unit.
    pub fn is(&self, listed: &str) -> bool {
        let plain = |n: &str| n.strip_suffix(".service").unwrap_or(n).to_owned();
        (!self.name.is_empty() && plain(&self.name) == plain(listed))
            || (!self.description.is_empty() && self.description == listed)
    }
}

impl Fact {
    /// Orders facts of one and the same second as they must have happened: logs of package managers have no finer
    /// clock, and their lines may arrive shuffled.
    pub fn rank(&self) -> u8 {
        match self {
            Fact::Rebooting => 0,
            Fact::Transaction { .. } | Fact::NeedsReport | Fact::UpdaterStarts => 1,
            Fact::Begins(_) => 2,
            Fact::Status { state: PackageState::Partial, .. } => 3,
            Fact::Status { state: PackageState::Installed, version: None, .. } => 7,
            Fact::Status { .. } => 4,
            Fact::Listed { .. } => 5,
            Fact::Broken { .. } | Fact::ScriptFailed { .. } => 6,
            _ => 7,
        }
    }
}

/// A fact with its evidence, on its way from the lens to the cases.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The host or asset that it is about, as the record names it.
    pub about: String,
    /// When it happened.
    pub at: Timestamp,
    /// The record.
    pub quote: Arc<Quote>,
    /// What it says.
    pub fact: Fact,
}

/// A fact among an asset's evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// When it happened.
    pub at: Timestamp,
    /// Order of arrival, where time and rank say nothing.
    pub seq: u64,
    /// The record.
    pub quote: Arc<Quote>,
    /// What it says.
    pub fact: Fact,
}
