//! unattended-upgrades.
//!
//! Its words are not results: a dry run ends with `All upgrades installed`, and `No packages found …` is also what a
//! host says whose fixes are held back. The log has no versions.

use memchr::memmem;

use crate::formats::{Example, Format, LogSource, Reject, Structure};
use crate::{
    Event,
    envelope::{Line, iso_stamp},
    field,
    scan::{first_word, reject, split},
};

/// unattended-upgrades' own log, bare or forwarded under its name.
pub struct UnattendedUpgrades;

/// Most packages of one line that become fields.
const MAX_PACKAGES: usize = 512;
const LEVELS: [&str; 5] = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

impl Format for UnattendedUpgrades {
    fn name(&self) -> &'static str {
        "unattended_upgrades"
    }
    fn category(&self) -> &'static str {
        "patch"
    }
    fn product(&self) -> &'static str {
        "Debian"
    }
    fn about(&self) -> &'static str {
        "unattended-upgrades.log (unattended-upgrade of github.com/mvo5/unattended-upgrades)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["unattended-upgrades"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["unattended-upgrade", "unattended-upgrades"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/unattended-upgrades.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["20"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        // `2026-11-22 01:52:42,316 INFO …`; other Python programs write the same, so only words of this one count
        matches!(message, [b'2', b'0', _, _, b'-', ..])
            && message.get(19) == Some(&b',')
            && message.get(24..).is_some_and(|text| telling(first_word(text).1))
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let mut text = line.message;
        if let Some((rest, stamp, _)) = iso_stamp(text) {
            event.set_stamp(field::TIMESTAMP, stamp);
            text = rest.strip_prefix(b" ").unwrap_or(rest);
        }
        let (word, rest) = first_word(text);
        if let Some(level) = LEVELS.iter().find(|level| level.as_bytes() == word) {
            event.set_static(field::LOG_LEVEL, level);
            text = rest;
        }
        if text.is_empty() {
            return Err(reject("unattended_upgrades_message"));
        }
        step(text, event);
        event.replace(field::MESSAGE, text);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

fn telling(text: &[u8]) -> bool {
    let words: [&[u8]; 10] = [
        b"Starting unattended upgrades",
        b"Allowed origins are",
        b"Initial blacklist",
        b"Initial whitelist",
        b"Packages that will be upgraded",
        b"All upgrades installed",
        b"No packages found that can be upgraded",
        b"Option --dry-run given",
        b"Writing dpkg log to",
        b"Packages with upgradable origin",
    ];
    words.iter().any(|word| text.starts_with(word)) || says(text, b"is marked to be held back")
}

/// How a message begins, what it says, its outcome. Lists of packages follow some of them.
const STEPS: [(&str, &str, &str); 19] = [
    ("Starting unattended upgrades", "started", ""),
    ("Option --dry-run given", "dry_run", ""),
    ("Packages that will be upgraded:", "will_upgrade", ""),
    ("Packages that were upgraded:", "upgraded", ""),
    ("Packages with upgradable origin but kept back:", "held_back", ""),
    ("Packages that are auto removed:", "auto_removed", ""),
    ("Packages that were successfully auto-removed:", "auto_removed", ""),
    ("All upgrades installed", "all_installed", ""),
    ("No packages found that can be upgraded", "nothing_to_do", ""),
    ("Installing the upgrades failed", "install_failed", "failure"),
    ("An error occurred", "install_failed", "failure"),
    ("error message: ", "install_failed", "failure"),
    ("dpkg returned a error! See ", "install_failed", "failure"),
    ("Unclean dpkg state", "install_failed", "failure"),
    ("Cache has broken packages", "install_failed", "failure"),
    ("Lock could not be acquired", "lock_failed", "failure"),
    ("Lock file is already taken", "lock_failed", "failure"),
    ("Shutdown msg", "reboot_scheduled", ""),
    ("Found /var/run/reboot-required", "reboot_scheduled", ""),
];

fn step<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let known = STEPS.iter().find_map(|(words, action, outcome)| {
        text.strip_prefix(words.as_bytes()).map(|rest| (*words, rest, *action, *outcome))
    });
    let of_one = text.strip_prefix(b"Package ").or(text.strip_prefix(b"package ")).and_then(|rest| split(rest, b" "));
    let (action, outcome) = match (known, of_one) {
        (Some((words, rest, action, outcome)), _) => {
            match words {
                "error message: " => event.set(field::ERROR_MESSAGE, rest),
                "dpkg returned a error! See " => event.set(field::FILE_PATH, first_word(rest).0),
                _ if words.starts_with("Packages ") => packages(rest, event),
                _ => {}
            }
            (action, outcome)
        }
        (None, Some((name, rest))) => package_step(name, rest, event),
        _ if says(text, b"could not be downloaded") || says(text, b"download failed") => ("download_failed", "failure"),
        _ if says(text, b"rebooting") => ("reboot_scheduled", ""),
        _ => ("message", ""),
    };
    event.classify("package", "info", action, outcome);
}

fn says(text: &[u8], words: &[u8]) -> bool {
    memmem::find(text, words).is_some()
}

/// What happens to one package.
fn package_step<'r>(name: &'r [u8], rest: &'r [u8], event: &mut Event<'r>) -> (&'static str, &'static str) {
    event.set(field::PACKAGE_NAME, name);
    event.set(field::EVENT_REASON, rest);
    match rest {
        _ if rest.starts_with(b"is marked to be held back") || rest.starts_with(b"is kept back") => ("held_back", ""),
        _ if rest.starts_with(b"has conffile prompt") => ("conffile_prompt", ""),
        _ if rest.starts_with(b"upgradable but fails to be marked for upgrade") => ("mark_failed", "failure"),
        _ if says(rest, b"blacklist") || says(rest, b"blocked") => ("held_back", ""),
        _ => ("message", ""),
    }
}

fn packages<'r>(list: &'r [u8], event: &mut Event<'r>) {
    let names = list.split(|b| matches!(b, b' ' | b',')).filter(|name| !name.is_empty());
    for name in names.take(MAX_PACKAGES) {
        event.set(field::PACKAGE_NAME, name);
    }
}

const EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 01:52:42,316 INFO Starting unattended upgrades script",
        expect: &[
            ("log.level", "INFO"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "started"),
        ],
    },
    Example {
        raw: "2026-11-22 01:51:40,753 INFO Option --dry-run given, *not* performing real actions",
        expect: &[
            ("log.level", "INFO"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "dry_run"),
        ],
    },
    Example {
        raw: "2026-11-22 01:52:59,847 INFO Packages that will be upgraded: libssl3 openssl",
        expect: &[
            ("log.level", "INFO"),
            ("package.name", "libssl3"),
            ("package.name", "openssl"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "will_upgrade"),
        ],
    },
    Example {
        raw: "2026-11-22 01:54:47,548 INFO All upgrades installed",
        expect: &[
            ("log.level", "INFO"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "all_installed"),
        ],
    },
    Example {
        raw: "2026-11-22 01:59:09,220 INFO No packages found that can be upgraded unattended and no pending auto-removals",
        expect: &[
            ("log.level", "INFO"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "nothing_to_do"),
        ],
    },
    Example {
        raw: "2026-11-22 01:59:09,657 INFO Package libssl3 is marked to be held back.",
        expect: &[
            ("log.level", "INFO"),
            ("package.name", "libssl3"),
            ("event.reason", "is marked to be held back."),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "held_back"),
        ],
    },
    Example {
        raw: "2026-11-22 01:59:10,001 WARNING package initramfs-tools upgradable but fails to be marked for upgrade (E:Error, unmet dependencies)",
        expect: &[
            ("log.level", "WARNING"),
            ("package.name", "initramfs-tools"),
            ("event.reason", "upgradable but fails to be marked for upgrade (E:Error, unmet dependencies)"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "mark_failed"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "2026-11-22 01:59:11,001 WARNING Package rsyslog has conffile prompt and needs to be upgraded manually",
        expect: &[
            ("log.level", "WARNING"),
            ("package.name", "rsyslog"),
            ("event.reason", "has conffile prompt and needs to be upgraded manually"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "conffile_prompt"),
        ],
    },
    Example {
        raw: "2026-11-22 01:59:12,001 ERROR Installing the upgrades failed!",
        expect: &[
            ("log.level", "ERROR"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "install_failed"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "2026-11-22 01:59:13,001 ERROR error message: installArchives() failed",
        expect: &[
            ("log.level", "ERROR"),
            ("error.message", "installArchives() failed"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "install_failed"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "2026-11-22 01:59:14,001 INFO Allowed origins are: origin=Debian,codename=bookworm,label=Debian-Security",
        expect: &[
            ("log.level", "INFO"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "message"),
        ],
    },
    Example {
        raw: "<30>Nov 22 01:59:15 web1 unattended-upgrade[811]: Packages with upgradable origin but kept back: nginx nginx-common",
        expect: &[
            ("package.name", "nginx"),
            ("package.name", "nginx-common"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "held_back"),
        ],
    },
    Example { raw: "2026-11-22 01:59:16,001 INFO", expect: &[] },
];
