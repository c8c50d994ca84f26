//! The log formats: one file each, in the folder of its family, all in [`FORMATS`].
//!
//! To add a format, write one file with a unit struct that implements [`Format`], and add its two lines to the
//! family's `mod.rs`; a JSON product is a [`crate::json::format::JsonFormat`], data alone. Its name, what it recognises and its examples feed `parse --list-formats`, `roundsman test`, the
//! fuzz seeds and the documentation; nothing else is kept by hand.

use crate::{Event, envelope::Line};

pub mod application;
pub mod authentication;
pub mod backup;
pub mod check;
pub mod cloud;
pub mod collector;
pub mod container;
pub mod daemon;
pub mod database;
pub mod firewall;
pub mod mail;
pub mod network;
pub mod patch;
pub mod security;
mod structure;
pub mod system;
pub mod web;
pub mod windows;

pub use check::{Failure, check_examples};
pub use structure::{HEAD, Structure, by_structure};

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
    /// The family, which is the folder: `firewall`, `authentication`, `web`, …
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
    /// How a message shows this format where its program does not tell.
    fn structure(&self) -> Structure {
        Structure::None
    }
    /// Whether a message that [`Format::structure`] points to really is of this format: a cheap look.
    fn recognises(&self, message: &[u8]) -> bool {
        let _ = message;
        true
    }
    /// The same where the record names no program at all: here a format may go by words that anybody could write under
    /// another program's name.
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

/// The families, a folder each, in the order in which structure is asked. What anybody may write comes last.
const FAMILIES: &[&[&dyn Format]] = &[
    authentication::FORMATS,
    system::FORMATS,
    security::FORMATS,
    firewall::FORMATS,
    network::FORMATS,
    web::FORMATS,
    mail::FORMATS,
    cloud::FORMATS,
    windows::FORMATS,
    container::FORMATS,
    patch::FORMATS,
    backup::FORMATS,
    collector::FORMATS,
    database::FORMATS,
    application::FORMATS,
];

/// Every format, family by family.
pub static FORMATS: &[&dyn Format] = &all::<{ count() }>();

const fn count() -> usize {
    let (mut sum, mut at) = (0, 0);
    while at < FAMILIES.len() {
        sum += FAMILIES[at].len();
        at += 1;
    }
    sum
}

const fn all<const N: usize>() -> [&'static dyn Format; N] {
    let mut formats: [&'static dyn Format; N] = [FAMILIES[0][0]; N];
    let (mut family, mut filled) = (0, 0);
    while family < FAMILIES.len() {
        let mut at = 0;
        while at < FAMILIES[family].len() {
            formats[filled] = FAMILIES[family][at];
            filled += 1;
            at += 1;
        }
        family += 1;
    }
    formats
}

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
    fn each_file_of_a_family_stands_in_its_list() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/formats");
        for family in std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
            let list = std::fs::read_to_string(family.join("mod.rs")).unwrap();
            for file in std::fs::read_dir(&family).unwrap().map(|entry| entry.unwrap().path()) {
                let name = file.file_stem().unwrap().to_string_lossy().into_owned();
                if file.extension().is_some_and(|end| end == "rs") && name != "mod" {
                    assert!(list.contains(&format!("&{name}::")), "{} stands in no line of FORMATS", file.display());
                }
            }
        }
    }

    #[test]
    fn a_formats_category_is_its_folder() {
        for (folder, formats) in [
            ("authentication", authentication::FORMATS),
            ("system", system::FORMATS),
            ("security", security::FORMATS),
            ("firewall", firewall::FORMATS),
            ("network", network::FORMATS),
            ("web", web::FORMATS),
            ("mail", mail::FORMATS),
            ("cloud", cloud::FORMATS),
            ("windows", windows::FORMATS),
            ("container", container::FORMATS),
            ("patch", patch::FORMATS),
            ("backup", backup::FORMATS),
            ("collector", collector::FORMATS),
            ("database", database::FORMATS),
            ("application", application::FORMATS),
        ] {
            for format in formats {
                assert_eq!(format.category(), folder, "{format:?}");
            }
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
