//! The log formats: one file each, listed in [`FORMATS`].
//!
//! To add a format, write one file with a unit struct that implements [`Format`], and add its two lines here. Its
//! name, what it recognises and its examples feed `parse --list-formats`, `roundsman test`, the fuzz seeds and the
//! documentation; nothing else is kept by hand.

use crate::{Event, envelope::Line};

pub mod apache_access;
pub mod apache_error;
pub mod apt;
pub mod apt_history;
pub mod apt_term;
pub mod cef;
pub mod check;
pub mod cisco_asa;
pub mod collectors;
pub mod cron;
pub mod dpkg;
pub mod filterlog;
pub mod fortigate;
pub mod json;
pub mod json_bunyan;
pub mod json_ecs;
pub mod kernel;
pub mod logfmt;
pub mod logind;
pub mod netfilter;
pub mod nginx_access;
pub mod nginx_error;
pub mod pam;
pub mod postgresql;
pub mod shadow;
pub mod sshd;
pub mod su;
pub mod sudo;
pub mod systemd;
pub mod unattended_upgrades;

pub use check::{Failure, check_examples};

/// A log source in Sigma's sense. Rules name any subset of the three; they match strictly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LogSource {
    /// Such as `firewall`, `webserver`, `application`; empty where Sigma has none for it.
    pub category: &'static str,
    /// Such as `linux`, `cisco`; empty where Sigma has none.
    pub product: &'static str,
    /// All service names under which rules look for it (`sshd` and `auth`).
    pub services: &'static [&'static str],
}

impl LogSource {
    /// The log source of an unknown record.
    pub const NONE: LogSource = LogSource { category: "", product: "", services: &[] };
}

/// Why a record is not of a format: a slug for metrics and the offset in the message where reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Short, lower case, with underscores.
    pub reason: &'static str,
    /// Bytes into the message.
    pub offset: usize,
}

/// One example of a format: a whole record and what must be understood of it.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The record as it arrives, header included.
    pub raw: &'static str,
    /// Dotted names and printed values; empty for a record that looks like the format and must be refused.
    pub expect: &'static [(&'static str, &'static str)],
}

/// A log format. Called by [`crate::parse::Parser`] for each record whose program or structure points to it.
///
/// An error leaves the event without the format's fields (the parser removes them), and the record stays an event with
/// its raw text and the reason.
pub trait Format: Sync {
    /// Lower case, stable: it stands in events, metrics and inventories.
    fn name(&self) -> &'static str;
    /// `firewall`, `authentication`, `web`, `database`, `application`, `system`, `patch`, …: for lists.
    fn category(&self) -> &'static str;
    /// Vendor or product in words.
    fn product(&self) -> &'static str;
    /// What it recognises, in one sentence, with the vendor page, RFC or source file that it follows.
    fn about(&self) -> &'static str;
    /// Sigma's log source, unless `parse` sets another on the event.
    fn logsource(&self) -> LogSource;
    /// Program names (the syslog tag, without its path and pid) whose records are of this format.
    fn programs(&self) -> &'static [&'static str] {
        &[]
    }
    /// Ends of the file paths whose records are of this format (`/dpkg.log`).
    fn paths(&self) -> &'static [&'static str] {
        &[]
    }
    /// Whether a message without a telling program has this structure: a cheap look at how it begins.
    fn recognises(&self, message: &[u8]) -> bool {
        let _ = message;
        false
    }
    /// The same, asked where the record names no program at all: here a format may go by words that anybody could
    /// write under another program's name.
    fn recognises_untagged(&self, message: &[u8]) -> bool {
        self.recognises(message)
    }
    /// Reads the message and sets the event's fields.
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject>;
    /// Records of the format, malformed ones included; our own lines, never copied ones.
    fn examples(&self) -> &'static [Example];
}

impl std::fmt::Debug for dyn Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Every format, in the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    // system
    &pam::Pam,
    &sshd::Sshd,
    &su::Su,
    &sudo::Sudo,
    &shadow::Shadow,
    &cron::Cron,
    &systemd::Systemd,
    &logind::Logind,
    &kernel::Kernel,
    &netfilter::Netfilter,
    // firewalls
    &cef::Cef,
    &cisco_asa::CiscoAsa,
    &filterlog::Filterlog,
    &fortigate::Fortigate,
    // the web: both servers write the same access lines, so that without a program or path they are Apache's
    &apache_error::ApacheError,
    &nginx_error::NginxError,
    &apache_access::ApacheAccess,
    &nginx_access::NginxAccess,
    // packages
    &dpkg::Dpkg,
    &apt_history::AptHistory,
    &apt_term::AptTerm,
    &unattended_upgrades::UnattendedUpgrades,
    &apt::Apt,
    &collectors::PROBE,
    &collectors::PACKAGES,
    &collectors::LOGONS,
    &collectors::DISK,
    &collectors::JOB,
    &collectors::PODS,
    &collectors::NEEDRESTART,
    &collectors::REBOOT_REQUIRED,
    // databases and applications: the more particular first, any object or pairs last
    &postgresql::Postgresql,
    &json_ecs::JsonEcs,
    &json_bunyan::JsonBunyan,
    &json::Json,
    &logfmt::Logfmt,
];

/// The format of this name.
pub fn by_name(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().find(|format| format.name() == name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Value, formats::check::with_example};

    #[test]
    fn every_example_is_understood_as_it_says() {
        let failures = check_examples();
        let text: Vec<String> = failures.iter().map(ToString::to_string).collect();
        assert!(failures.is_empty(), "{}", text.join("\n"));
    }

    #[test]
    fn every_prefix_of_every_example_is_read_and_each_span_lies_inside() {
        for format in FORMATS {
            for example in format.examples() {
                for end in 0..=example.raw.len() {
                    let raw = &example.raw.as_bytes()[..end];
                    with_example(*format, raw, |event| {
                        for (field, value) in event.fields() {
                            if let Value::Raw(from, to) = *value {
                                assert!(from <= to && to as usize <= raw.len(), "{field:?} of {:?}", example.raw);
                            }
                        }
                    });
                }
            }
        }
    }

    #[test]
    fn every_format_has_good_and_bad_examples_and_says_what_it_follows() {
        for format in FORMATS {
            assert!(format.examples().iter().any(|e| !e.expect.is_empty()), "{format:?} has no example");
            assert!(format.examples().iter().any(|e| e.expect.is_empty()), "{format:?} has no malformed example");
            assert!(!format.about().is_empty() && !format.product().is_empty(), "{format:?} says nothing of itself");
        }
    }

    #[test]
    fn the_folder_and_the_list_are_the_same() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/formats");
        let own = include_str!("mod.rs");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            if path.extension().is_none_or(|end| end != "rs") || ["mod", "check"].contains(&name.as_str()) {
                continue;
            }
            assert!(own.contains(&format!("pub mod {name};\n")), "{name}.rs has no `pub mod {name};`");
            assert!(own.contains(&format!("    &{name}::")), "{name}.rs stands in no line of FORMATS");
        }
    }

    #[test]
    fn a_format_is_found_by_its_name_and_no_name_stands_twice() {
        for format in FORMATS {
            assert_eq!(by_name(format.name()).map(Format::name), Some(format.name()));
            assert_eq!(FORMATS.iter().filter(|other| other.name() == format.name()).count(), 1);
        }
        assert!(by_name("unheard of").is_none());
    }
}
