//! apt's history.log: one transaction per record, of several lines (see [`crate::join`]).
//!
//! `Upgrade:` stands there although the transaction failed; only `Error:` tells. Packages are listed as they were
//! planned.
//!
//! For each package one value of each of [`field::APT_OPERATION`], [`field::PACKAGE_NAME`],
//! [`field::PACKAGE_ARCHITECTURE`], [`field::PACKAGE_PREVIOUS_VERSION`] and [`field::PACKAGE_VERSION`] is pushed, empty
//! where there is none: the values of the same rank belong together. A removed package has only a previous version.

use crate::formats::{Example, Format, LogSource, Reject, Structure};
use crate::{
    Event,
    envelope::{Line, Stamp, iso_stamp},
    field,
    scan::{reject, rsplit, set_some, split},
};

/// apt's history.log, joined, from its file or forwarded under the tag `apt-history`.
pub struct AptHistory;

/// Most packages of one transaction that become fields.
pub const MAX_PACKAGES: usize = 800;

const LISTS: [(&[u8], &str); 6] = [
    (b"Install", "install"),
    (b"Reinstall", "reinstall"),
    (b"Upgrade", "upgrade"),
    (b"Downgrade", "downgrade"),
    (b"Remove", "remove"),
    (b"Purge", "purge"),
];

impl Format for AptHistory {
    fn name(&self) -> &'static str {
        "apt_history"
    }
    fn category(&self) -> &'static str {
        "patch"
    }
    fn product(&self) -> &'static str {
        "Debian"
    }
    fn about(&self) -> &'static str {
        "apt's history.log, one transaction per record (apt-pkg/deb/dpkgpm.cc)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["apt"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["apt-history"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/apt/history.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["Start-Date: "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        message.starts_with(b"Start-Date: ")
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let mut known = 0;
        let mut left = MAX_PACKAGES;
        for text in line.message.split(|b| *b == b'\n') {
            if let Some((key, value)) = split(text, b": ") {
                known += usize::from(entry(key, value.trim_ascii(), &mut left, event));
            }
        }
        if known == 0 {
            return Err(reject("apt_history_keys"));
        }
        let failed = event.get(field::ERROR_MESSAGE).is_some();
        let ended = event.stamps().iter().any(|(field, _)| *field == field::EVENT_END);
        let outcome = match (failed, ended) {
            (true, _) => "failure",
            (false, true) => "success",
            (false, false) => "unknown",
        };
        event.classify("package", "change", "apt_transaction", outcome);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// One line; whether it is of history.log.
fn entry<'r>(key: &[u8], value: &'r [u8], left: &mut usize, event: &mut Event<'r>) -> bool {
    match key {
        b"Start-Date" | b"End-Date" => {
            let Some(stamp) = date(value) else { return false };
            if key == b"Start-Date" {
                event.set_stamp(field::TIMESTAMP, stamp);
            }
            event.set_stamp(if key == b"End-Date" { field::EVENT_END } else { field::EVENT_START }, stamp);
        }
        b"Commandline" => event.set(field::PROCESS_COMMAND_LINE, value),
        b"Requested-By" => {
            let (name, id) = rsplit(value, b" (").unwrap_or((value, b""));
            set_some(event, field::USER_NAME, name);
            set_some(event, field::USER_ID, id.strip_suffix(b")").unwrap_or(id));
        }
        b"Error" => event.set(field::ERROR_MESSAGE, value),
        b"Comment" => event.set(field::EVENT_REASON, value),
        _ => match LISTS.iter().find(|(name, _)| *name == key) {
            Some((_, operation)) => packages(operation, value, left, event),
            None => return false,
        },
    }
    true
}

/// `2026-11-22  01:55:49`
pub(super) fn date(text: &[u8]) -> Option<Stamp> {
    iso_stamp(text).map(|(_, stamp, _)| stamp)
}

/// `libssl3:amd64 (3.0.20-1~deb12u2, 3.0.22-1~deb12u2), …`, `cowsay:all (3.03, automatic)`
fn packages<'r>(operation: &'static str, mut list: &'r [u8], left: &mut usize, event: &mut Event<'r>) {
    while let Some((package, rest)) = split(list, b" (")
        && let Some((versions, rest)) = split(rest, b")")
        && *left > 0
    {
        *left -= 1;
        list = rest.strip_prefix(b", ").unwrap_or(rest);
        let (name, architecture) = split(package, b":").unwrap_or((package, b""));
        let (first, second) = split(versions, b", ").unwrap_or((versions, b""));
        let (previous, version): (&[u8], &[u8]) = match operation {
            "upgrade" | "downgrade" => (first, second),
            "remove" | "purge" => (first, b""),
            "reinstall" => (first, first),
            _ => (b"", first),
        };
        event.set_static(field::APT_OPERATION, operation);
        event.set(field::PACKAGE_NAME, name);
        event.set(field::PACKAGE_ARCHITECTURE, architecture);
        event.set(field::PACKAGE_PREVIOUS_VERSION, previous);
        event.set(field::PACKAGE_VERSION, version);
    }
}

const EXAMPLES: &[Example] = &[
    Example {
        raw: "Start-Date: 2026-11-22  01:53:01\nCommandline: /usr/bin/unattended-upgrade -v\nUpgrade: libssl3:amd64 (3.0.20-1~deb12u2, 3.0.22-1~deb12u2), openssl:amd64 (3.0.20-1~deb12u2, 3.0.22-1~deb12u2)\nEnd-Date: 2026-11-22  01:53:04",
        expect: &[
            ("process.command_line", "/usr/bin/unattended-upgrade -v"),
            ("apt.operation", "upgrade"),
            ("package.name", "libssl3"),
            ("package.architecture", "amd64"),
            ("roundsman.package.previous_version", "3.0.20-1~deb12u2"),
            ("package.version", "3.0.22-1~deb12u2"),
            ("apt.operation", "upgrade"),
            ("package.name", "openssl"),
            ("package.architecture", "amd64"),
            ("roundsman.package.previous_version", "3.0.20-1~deb12u2"),
            ("package.version", "3.0.22-1~deb12u2"),
            ("event.category", "package"),
            ("event.type", "change"),
            ("event.action", "apt_transaction"),
            ("event.outcome", "success"),
            ("event.start", "2026-11-22T01:53:01Z"),
            ("event.end", "2026-11-22T01:53:04Z"),
        ],
    },
    Example {
        raw: "Start-Date: 2026-11-22  01:55:49\nCommandline: apt-get install -y ./tool_1.0-2.deb\nRequested-By: ada (1000)\nInstall: libtool1:amd64 (1.0-2, automatic)\nUpgrade: tool:amd64 (1.0-1, 1.0-2)\nError: Sub-process /usr/bin/dpkg returned an error code (1)\nEnd-Date: 2026-11-22  01:55:50",
        expect: &[
            ("process.command_line", "apt-get install -y ./tool_1.0-2.deb"),
            ("user.name", "ada"),
            ("user.id", "1000"),
            ("apt.operation", "install"),
            ("package.name", "libtool1"),
            ("package.architecture", "amd64"),
            ("roundsman.package.previous_version", ""),
            ("package.version", "1.0-2"),
            ("apt.operation", "upgrade"),
            ("package.name", "tool"),
            ("package.architecture", "amd64"),
            ("roundsman.package.previous_version", "1.0-1"),
            ("package.version", "1.0-2"),
            ("error.message", "Sub-process /usr/bin/dpkg returned an error code (1)"),
            ("event.category", "package"),
            ("event.type", "change"),
            ("event.action", "apt_transaction"),
            ("event.outcome", "failure"),
            ("event.start", "2026-11-22T01:55:49Z"),
            ("event.end", "2026-11-22T01:55:50Z"),
        ],
    },
    Example {
        raw: "Start-Date: 2026-11-22  01:55:56\nCommandline: apt-get install --allow-downgrades openssl=3.0.20-1~deb12u2\nDowngrade: openssl:amd64 (3.0.22-1~deb12u2, 3.0.20-1~deb12u2)\nPurge: cowsay:amd64 (3.03+dfsg2-8)",
        expect: &[
            ("process.command_line", "apt-get install --allow-downgrades openssl=3.0.20-1~deb12u2"),
            ("apt.operation", "downgrade"),
            ("package.name", "openssl"),
            ("package.architecture", "amd64"),
            ("roundsman.package.previous_version", "3.0.22-1~deb12u2"),
            ("package.version", "3.0.20-1~deb12u2"),
            ("apt.operation", "purge"),
            ("package.name", "cowsay"),
            ("package.architecture", "amd64"),
            ("roundsman.package.previous_version", "3.03+dfsg2-8"),
            ("package.version", ""),
            ("event.category", "package"),
            ("event.type", "change"),
            ("event.action", "apt_transaction"),
            ("event.outcome", "unknown"),
            ("event.start", "2026-11-22T01:55:56Z"),
        ],
    },
    Example { raw: "nothing of apt's", expect: &[] },
];
