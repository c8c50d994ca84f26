//! What apt and dpkg print: errors and steps, on a console, in the journal or under a program's name.

use memchr::memmem;

use crate::formats::{Example, Format, LogSource, Reject, Structure};
use crate::{
    Event,
    envelope::Line,
    field,
    scan::{first_word, reject, set_some, split},
};

/// apt's output line by line.
pub struct Apt;

impl Format for Apt {
    fn name(&self) -> &'static str {
        "apt"
    }
    fn category(&self) -> &'static str {
        "patch"
    }
    fn product(&self) -> &'static str {
        "Debian"
    }
    fn about(&self) -> &'static str {
        "Lines that apt and dpkg print: errors, downloads, steps (apt-private/acqprogress.cc, dpkg(1))"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["apt"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["apt", "apt-get", "apt.systemd.daily", "apt-helper", "apt-check", "aptitude"]
    }
    fn structure(&self) -> Structure {
        Structure::Shape
    }
    fn recognises(&self, message: &[u8]) -> bool {
        match message.first() {
            Some(b'E' | b'W') if matches!(message.get(1..3), Some(b": ")) => telling(&message[3..]),
            Some(b'E' | b'G' | b'H' | b'I') => item(message).is_some(),
            Some(b'0'..=b'9') => summary(message),
            _ => {
                step(message).is_some()
                    || LOCKED.contains(&message.trim_ascii_end())
                    || PROGRESS.iter().any(|(begin, end)| message.starts_with(begin) && message.ends_with(end))
            }
        }
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = line.message.trim_ascii_end();
        if let Some(error) = text.strip_prefix(b"E: ").or(LOCKED.contains(&text).then_some(text)) {
            complaint("error", error, event);
        } else if let Some(warning) = text.strip_prefix(b"W: ") {
            complaint("warning", warning, event);
        } else if let Some((action, url)) = item(text) {
            event.set(field::URL_ORIGINAL, url);
            event.classify("package", "info", action, if action == "fetch_failed" { "failure" } else { "" });
        } else if let Some(step) = step(text) {
            step.describe(event);
        } else if !text.is_empty() {
            event.set(field::EVENT_REASON, text);
            event.classify("package", "info", "apt_message", "");
        } else {
            return Err(reject("apt_message"));
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// What apt and dpkg print on their way: how it begins and how it ends.
const PROGRESS: &[(&[u8], &[u8])] = &[
    (b"(Reading database ... ", b"currently installed.)"),
    (b"Reading package lists...", b""),
    (b"Building dependency tree...", b""),
    (b"Reading state information...", b""),
    (b"Calculating upgrade...", b""),
    (b"The following ", b"packages will be installed:"),
    (b"The following ", b"packages will be upgraded:"),
    (b"The following ", b"packages will be REMOVED:"),
    (b"The following ", b"packages have been kept back:"),
    (b"The following ", b"automatically installed and are no longer required:"),
    (b"Suggested packages:", b""),
    (b"Recommended packages:", b""),
    (b"Need to get ", b"of archives."),
    (b"After this operation, ", b"will be used."),
    (b"After this operation, ", b"will be freed."),
    (b"Fetched ", b"/s)"),
    (b"Preparing to unpack ", b" ..."),
    (b"Selecting previously unselected package ", b"."),
    (b"Errors were encountered while processing:", b""),
    (b"debconf: ", b""),
    (b"dpkg: warning: ", b""),
    (b"dpkg: dependency problems ", b":"),
    (b"Removing ", b") ..."),
    (b"Purging configuration files for ", b") ..."),
    (b"update-alternatives: ", b""),
];

/// What unattended-upgrade prints where another one is at work.
const LOCKED: &[&[u8]] =
    &[b"Lock could not be acquired (another package manager running?)", b"Cache lock can not be acquired, exiting"];

/// `4 upgraded, 1 newly installed, 0 to remove and 2 not upgraded.`
fn summary(text: &[u8]) -> bool {
    memmem::find(text, b" upgraded, ").is_some() && text.ends_with(b" not upgraded.")
}

/// apt's own complaints; a bare `E: ` or `W: ` begins many other programs' lines.
fn telling(text: &[u8]) -> bool {
    let words: [&[u8]; 12] = [
        b"Could not get lock",
        b"Could not open lock",
        b"Unable to ",
        b"Sub-process ",
        b"Failed to fetch",
        b"Some index files failed",
        b"The repository ",
        b"The package ",
        b"Package ",
        b"Version ",
        b"dpkg was interrupted",
        b"GPG error",
    ];
    words.iter().any(|word| text.starts_with(word))
}

fn complaint<'r>(level: &'static str, text: &'r [u8], event: &mut Event<'r>) {
    event.set_static(field::LOG_LEVEL, level);
    event.set(field::ERROR_MESSAGE, text);
    let action = match text {
        _ if text.starts_with(b"Could not get lock") || text.starts_with(b"Unable to acquire the dpkg") => {
            "lock_failed"
        }
        _ if text.starts_with(b"Unable to lock") || text.starts_with(b"Could not open lock") => "lock_failed",
        _ if LOCKED.contains(&text) => "lock_failed",
        _ if text.starts_with(b"Sub-process ") || text.starts_with(b"dpkg was interrupted") => "dpkg_failed",
        _ if text.starts_with(b"Failed to fetch") || text.starts_with(b"Some index files failed") => "fetch_failed",
        _ if text.starts_with(b"Unable to fetch") || text.starts_with(b"The repository ") => "fetch_failed",
        _ if text.starts_with(b"GPG error") || memmem::find(text, b"NO_PUBKEY").is_some() => "signature_failed",
        _ if text.starts_with(b"Unable to locate package") => "package_not_found",
        _ if text.starts_with(b"Unable to correct problems") => "dependencies_broken",
        _ if level == "error" => "apt_error",
        _ => "apt_warning",
    };
    if let Some(address) = text.strip_prefix(b"Failed to fetch ") {
        set_some(event, field::URL_ORIGINAL, first_word(address).0);
    }
    event.classify("package", "error", action, "failure");
}

/// `Err:1 http://deb.example.net/debian bookworm InRelease`, `Get:2 …`, `Hit:3 …`, `Ign:4 …`
fn item(text: &[u8]) -> Option<(&'static str, &[u8])> {
    let (action, rest) = match text.split_at_checked(4)? {
        (b"Err:", rest) => ("fetch_failed", rest),
        (b"Get:", rest) => ("fetched", rest),
        (b"Hit:", rest) => ("fetch_unchanged", rest),
        (b"Ign:", rest) => ("fetch_ignored", rest),
        _ => return None,
    };
    let (number, rest) = first_word(rest);
    let url = first_word(rest).0;
    (!url.is_empty() && number.iter().all(u8::is_ascii_digit)).then_some((action, url))
}

/// A step of dpkg for one package.
struct Step<'r> {
    action: &'static str,
    package: &'r [u8],
    version: &'r [u8],
    previous: &'r [u8],
}

impl<'r> Step<'r> {
    fn describe(&self, event: &mut Event<'r>) {
        let (name, architecture) = split(self.package, b":").unwrap_or((self.package, b""));
        event.set(field::PACKAGE_NAME, name);
        set_some(event, field::PACKAGE_ARCHITECTURE, architecture);
        set_some(event, field::PACKAGE_VERSION, self.version);
        set_some(event, field::PACKAGE_PREVIOUS_VERSION, self.previous);
        let failed = self.action == "dpkg_failed";
        event.classify(
            "package",
            if failed { "error" } else { "info" },
            self.action,
            if failed { "failure" } else { "" },
        );
    }
}

/// `Setting up libssl3:amd64 (3.0.22-1~deb12u2) ...`, `Unpacking … (new) over (old) ...`, `dpkg: error processing package …`
fn step(text: &[u8]) -> Option<Step<'_>> {
    if let Some(rest) = text.strip_prefix(b"dpkg: error processing ") {
        let rest = rest.strip_prefix(b"package ").or(rest.strip_prefix(b"archive ")).unwrap_or(rest);
        return Some(Step { action: "dpkg_failed", package: first_word(rest).0, version: b"", previous: b"" });
    }
    let (action, rest) = if let Some(rest) = text.strip_prefix(b"Setting up ") {
        ("configure", rest)
    } else if let Some(rest) = text.strip_prefix(b"Unpacking ") {
        ("unpack", rest)
    } else if let Some(rest) = text.strip_prefix(b"Removing ") {
        ("remove", rest)
    } else if let Some(rest) = text.strip_prefix(b"Purging configuration files for ") {
        ("purge", rest)
    } else {
        ("trigproc", text.strip_prefix(b"Processing triggers for ")?)
    };
    let (package, rest) = split(rest, b" (")?;
    let (version, rest) = split(rest, b")")?;
    let previous = rest.strip_prefix(b" over (").and_then(|rest| split(rest, b")")).map_or(&b""[..], |(old, _)| old);
    let whole = !package.contains(&b' ') && rest.ends_with(b"...");
    whole.then_some(Step { action, package, version, previous })
}

const EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 04:00:00 web1 apt-get[900]: E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 10628 (python3)",
        expect: &[
            ("log.level", "error"),
            ("error.message", "Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 10628 (python3)"),
            ("event.category", "package"),
            ("event.type", "error"),
            ("event.action", "lock_failed"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 04:00:01 web1 apt.systemd.daily[901]: Err:1 http://deb.example.net/debian bookworm InRelease",
        expect: &[
            ("url.original", "http://deb.example.net/debian"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "fetch_failed"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 04:00:02 web1 apt.systemd.daily[901]: W: Failed to fetch http://deb.example.net/debian/dists/bookworm/InRelease  Could not connect to deb.example.net:80",
        expect: &[
            ("log.level", "warning"),
            (
                "error.message",
                "Failed to fetch http://deb.example.net/debian/dists/bookworm/InRelease  Could not connect to deb.example.net:80",
            ),
            ("url.original", "http://deb.example.net/debian/dists/bookworm/InRelease"),
            ("event.category", "package"),
            ("event.type", "error"),
            ("event.action", "fetch_failed"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "E: Sub-process /usr/bin/dpkg returned an error code (1)",
        expect: &[
            ("log.level", "error"),
            ("error.message", "Sub-process /usr/bin/dpkg returned an error code (1)"),
            ("event.category", "package"),
            ("event.type", "error"),
            ("event.action", "dpkg_failed"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Setting up libssl3:amd64 (3.0.22-1~deb12u2) ...",
        expect: &[
            ("package.name", "libssl3"),
            ("package.architecture", "amd64"),
            ("package.version", "3.0.22-1~deb12u2"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "configure"),
        ],
    },
    Example {
        raw: "Unpacking openssl (3.0.22-1~deb12u2) over (3.0.20-1~deb12u2) ...",
        expect: &[
            ("package.name", "openssl"),
            ("package.version", "3.0.22-1~deb12u2"),
            ("roundsman.package.previous_version", "3.0.20-1~deb12u2"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "unpack"),
        ],
    },
    Example {
        raw: "dpkg: error processing package tool (--configure):",
        expect: &[
            ("package.name", "tool"),
            ("event.category", "package"),
            ("event.type", "error"),
            ("event.action", "dpkg_failed"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Get:4 http://deb.example.net/debian-security bookworm-security/main amd64 Packages [300 kB]",
        expect: &[
            ("url.original", "http://deb.example.net/debian-security"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "fetched"),
        ],
    },
    Example {
        raw: "W: GPG error: http://deb.example.net/debian bookworm InRelease: NO_PUBKEY 0123456789ABCDEF",
        expect: &[
            ("log.level", "warning"),
            (
                "error.message",
                "GPG error: http://deb.example.net/debian bookworm InRelease: NO_PUBKEY 0123456789ABCDEF",
            ),
            ("event.category", "package"),
            ("event.type", "error"),
            ("event.action", "signature_failed"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Removing nano (7.2-1+deb12u1) ...",
        expect: &[
            ("package.name", "nano"),
            ("package.version", "7.2-1+deb12u1"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "remove"),
        ],
    },
    Example {
        raw: "4 upgraded, 1 newly installed, 0 to remove and 2 not upgraded.",
        expect: &[
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "apt_message"),
            ("event.reason", "4 upgraded, 1 newly installed, 0 to remove and 2 not upgraded."),
        ],
    },
    Example { raw: "The following day it rained", expect: &[] },
    Example { raw: "Setting up the meeting room for tomorrow", expect: &[] },
];
