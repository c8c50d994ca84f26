//! dnf's, yum's and rpm's logs.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, reject, set_some, split},
};

/// dnf.log, dnf.rpm.log and yum.log: `time LEVEL Action: package`.
pub struct Rpm;

impl Format for Rpm {
    fn name(&self) -> &'static str {
        "rpm"
    }
    fn category(&self) -> &'static str {
        "patch"
    }
    fn product(&self) -> &'static str {
        "Fedora, Red Hat Enterprise Linux and kin"
    }
    fn about(&self) -> &'static str {
        "dnf.rpm.log, dnf.log and yum.log lines; failed scriptlets (dnf(8), yum(8): LOGS)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["dnf", "yum"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        PROGRAMS
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/dnf.rpm.log", "/dnf.log", "/yum.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            "Installed: ",
            "Updated: ",
            "Upgraded: ",
            "Upgrade: ",
            "Downgrade: ",
            "Reinstall: ",
            "Erased: ",
            "Removed: ",
            "Obsoleted: ",
            "Reinstalled: ",
            "Downgraded: ",
            " scriptlet in rpm package ",
            " scriptlet failed, exit status ",
            "Failed to download metadata for repo ",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let (_, text) = header(message);
        action(text).is_some() || scriptlet(text).is_some() || unreachable(text)
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        // yum.log names no host: its action stands where syslog has the program
        let own = line.program.filter(|program| !PROGRAMS[..TOOLS].iter().any(|tool| tool.as_bytes() == *program));
        if let Some(word) = own.and_then(word) {
            nevra(line.message.trim_ascii()).ok_or(reject("rpm_package"))?;
            event.remove(field::PROCESS_NAME);
            describe(word, line.message.trim_ascii(), false, event);
            return Ok(());
        }
        let (header, text) = header(line.message);
        if let Some(header) = &header {
            header.describe(event);
        }
        if let Some((word, package)) = action(text) {
            // dnf.rpm.log writes what is gone in the same words as dnf.log what has come
            let gone = matches!(word, "upgraded" | "downgraded" | "reinstalled")
                && header.is_some_and(|header| header.level == b"SUBDEBUG");
            describe(word, package, gone, event);
        } else if let Some(package) = scriptlet(text) {
            set_failed(package, event);
            event.set(field::ERROR_MESSAGE, text);
            event.classify("package", "error", "scriptlet_failed", "failure");
        } else if unreachable(text) {
            event.set(field::ERROR_MESSAGE, text);
            event.classify("package", "error", "metadata_failed", "failure");
        } else if (line.program.is_some() && own.is_none()) || header.is_some() {
            event.classify("package", "info", "", "");
        } else {
            return Err(reject("rpm_action"));
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The tools, then the actions that stand in the program's place.
const PROGRAMS: &[&str] = &[
    "yum",
    "dnf",
    "dnf-automatic",
    "packagekitd",
    "Installed",
    "Updated",
    "Erased",
    "Removed",
    "Obsoleted",
    "Upgraded",
    "Reinstalled",
    "Downgraded",
];
const TOOLS: usize = 4;

/// `2026-11-22T02:03:40+0000 SUBDEBUG text`; yum's lines have syslog's time and no level.
fn header(message: &[u8]) -> (Option<layout::Header<'_>>, &[u8]) {
    let found = layout::stamp(message).and_then(|(rest, stamp)| {
        let (level, text) = first_word(rest.strip_prefix(b" ")?);
        let known = layout::is_level(level) || matches!(level, b"SUBDEBUG" | b"DDEBUG");
        known.then_some(layout::Header { stamp: Some(stamp), level, message: text, ..layout::Header::default() })
    });
    match found {
        Some(header) => {
            let text = header.message;
            (Some(header), text)
        }
        // yum.log: `Nov 22 02:03:44 Updated: …`, where no host or program stood
        None => (None, crate::envelope::bsd_stamp(message).map_or(message, |(rest, _)| rest.trim_ascii_start())),
    }
}

/// The action in lower case and the package.
fn action(text: &[u8]) -> Option<(&'static str, &[u8])> {
    let (word_of, package) = split(text, b": ")?;
    let package = package.trim_ascii();
    let action = word(word_of)?;
    nevra(package).is_some().then_some((action, package))
}

/// The action of a word.
fn word(word: &[u8]) -> Option<&'static str> {
    Some(match word {
        b"Installed" | b"Install" => "installed",
        b"Updated" | b"Update" => "updated",
        b"Upgraded" => "upgraded",
        b"Upgrade" => "upgrade",
        b"Erased" | b"Erase" => "erased",
        b"Removed" => "removed",
        b"Obsoleted" | b"Obsoleting" => "obsoleted",
        b"Reinstalled" => "reinstalled",
        b"Reinstall" => "reinstall",
        b"Downgraded" => "downgraded",
        b"Downgrade" => "downgrade",
        b"Cleanup" => "cleanup",
        _ => return None,
    })
}

/// `Error in POSTIN scriptlet in rpm package foo-db`, `warning: %post(foo-db-2:3.4-2.el9_4.noarch) scriptlet failed, exit
/// status 1`: the package by its name, or by its full name.
fn scriptlet(text: &[u8]) -> Option<&[u8]> {
    if let Some((_, package)) = split(text, b" scriptlet in rpm package ").filter(|_| text.starts_with(b"Error in ")) {
        return Some(first_word(package).0);
    }
    let (head, _) = split(text, b" scriptlet failed, exit status ")?;
    let head = head.strip_prefix(b"warning: ").or(head.strip_prefix(b"error: ")).unwrap_or(head);
    let (_, package) = split(head.strip_prefix(b"%")?, b"(")?;
    package.strip_suffix(b")")
}

/// The package whose scriptlet failed, with its version where that stands there.
fn set_failed<'r>(package: &'r [u8], event: &mut Event<'r>) {
    match nevra(package) {
        Some(_) => describe("", package, false, event),
        None => event.set(field::PACKAGE_NAME, package),
    }
}

/// `Error: Failed to download metadata for repo 'base': Cannot download repomd.xml: …`
fn unreachable(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"Error: ").unwrap_or(text);
    text.starts_with(b"Failed to download metadata for repo ")
}

/// The parts of a package's full name.
struct Nevra<'r> {
    name: &'r [u8],
    epoch: &'r [u8],
    version: &'r [u8],
    arch: &'r [u8],
}

/// Name, version with its epoch and release, architecture: `openssl-libs-1:1.0.2k-26.el7_9.x86_64`, or with the epoch in front.
fn nevra(package: &[u8]) -> Option<Nevra<'_>> {
    if package.contains(&b' ') {
        return None;
    }
    let (epoch, rest) =
        split(package, b":").filter(|(epoch, _)| epoch.iter().all(u8::is_ascii_digit)).unwrap_or((b"", package));
    let dot = rest.iter().rposition(|b| *b == b'.')?;
    let (whole, arch) = (&rest[..dot], &rest[dot + 1..]);
    let release = whole.iter().rposition(|b| *b == b'-')?;
    let version = whole[..release].iter().rposition(|b| *b == b'-')?;
    let name = &whole[..version];
    (!name.is_empty()).then_some(Nevra { name, epoch, version: &whole[version + 1..], arch })
}

fn describe<'r>(action: &'static str, package: &'r [u8], gone: bool, event: &mut Event<'r>) {
    let Some(Nevra { name, epoch, version, arch }) = nevra(package) else { return };
    event.set(field::PACKAGE_NAME, name);
    let field = if gone || matches!(action, "cleanup" | "obsoleted") {
        field::PACKAGE_PREVIOUS_VERSION
    } else {
        field::PACKAGE_VERSION
    };
    if epoch.is_empty() {
        event.set(field, version);
    } else {
        event.set(field, &[epoch, b":", version].concat());
    }
    set_some(event, field::PACKAGE_ARCHITECTURE, arch);
    if action.is_empty() {
        return;
    }
    let kind = match action {
        "installed" => "installation",
        "erased" | "removed" | "obsoleted" => "deletion",
        _ => "change",
    };
    event.classify("package", kind, action, "success");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22T02:03:40+0000 SUBDEBUG Upgrade: openssl-libs-1:3.0.7-29.el9_4.x86_64",
        expect: &[
            ("@timestamp", "2026-11-22T02:03:40Z"),
            ("event.action", "upgrade"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "change"),
            ("log.level", "SUBDEBUG"),
            ("message", "Upgrade: openssl-libs-1:3.0.7-29.el9_4.x86_64"),
            ("package.architecture", "x86_64"),
            ("package.name", "openssl-libs"),
            ("package.version", "1:3.0.7-29.el9_4"),
        ],
    },
    Example {
        raw: "2026-11-22T02:03:41+0000 SUBDEBUG Upgraded: openssl-libs-1:3.0.7-28.el9_4.x86_64",
        expect: &[
            ("@timestamp", "2026-11-22T02:03:41Z"),
            ("event.action", "upgraded"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "change"),
            ("log.level", "SUBDEBUG"),
            ("message", "Upgraded: openssl-libs-1:3.0.7-28.el9_4.x86_64"),
            ("package.architecture", "x86_64"),
            ("package.name", "openssl-libs"),
            ("roundsman.package.previous_version", "1:3.0.7-28.el9_4"),
        ],
    },
    Example {
        raw: "2026-11-22T02:03:47+0000 DEBUG Upgraded: foo-web-1.0-2.el9_4.noarch",
        expect: &[
            ("@timestamp", "2026-11-22T02:03:47Z"),
            ("event.action", "upgraded"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "change"),
            ("log.level", "DEBUG"),
            ("message", "Upgraded: foo-web-1.0-2.el9_4.noarch"),
            ("package.architecture", "noarch"),
            ("package.name", "foo-web"),
            ("package.version", "1.0-2.el9_4"),
        ],
    },
    Example {
        raw: "2026-11-22T02:03:40+0000 ERROR Error in POSTIN scriptlet in rpm package foo-db",
        expect: &[
            ("@timestamp", "2026-11-22T02:03:40Z"),
            ("error.message", "Error in POSTIN scriptlet in rpm package foo-db"),
            ("event.action", "scriptlet_failed"),
            ("event.category", "package"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("log.level", "ERROR"),
            ("message", "Error in POSTIN scriptlet in rpm package foo-db"),
            ("package.name", "foo-db"),
        ],
    },
    Example {
        raw: "Nov 22 02:03:44 Updated: 1:openssl-libs-1.0.2k-26.el7_9.x86_64",
        expect: &[
            ("event.action", "updated"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "change"),
            ("package.architecture", "x86_64"),
            ("package.name", "openssl-libs"),
            ("package.version", "1:1.0.2k-26.el7_9"),
        ],
    },
    Example {
        raw: "Nov 22 02:03:44 web1 yum[4711]: Installed: bash-4.2.46-35.el7_9.x86_64",
        expect: &[
            ("@timestamp", "2026-11-22T02:03:44Z"),
            ("event.action", "installed"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "installation"),
            ("host.name", "web1"),
            ("message", "Installed: bash-4.2.46-35.el7_9.x86_64"),
            ("package.architecture", "x86_64"),
            ("package.name", "bash"),
            ("package.version", "4.2.46-35.el7_9"),
            ("process.name", "yum"),
            ("process.pid", "4711"),
        ],
    },
    Example {
        raw: "2026-11-22T02:03:44+0000 SUBDEBUG Downgrade: openssl-libs-1:3.0.7-28.el9_4.x86_64",
        expect: &[
            ("@timestamp", "2026-11-22T02:03:44Z"),
            ("event.action", "downgrade"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "change"),
            ("log.level", "SUBDEBUG"),
            ("message", "Downgrade: openssl-libs-1:3.0.7-28.el9_4.x86_64"),
            ("package.architecture", "x86_64"),
            ("package.name", "openssl-libs"),
            ("package.version", "1:3.0.7-28.el9_4"),
        ],
    },
    Example {
        raw: "2026-11-22T02:03:44+0000 SUBDEBUG Downgraded: openssl-libs-1:3.0.7-29.el9_4.x86_64",
        expect: &[
            ("@timestamp", "2026-11-22T02:03:44Z"),
            ("event.action", "downgraded"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "change"),
            ("log.level", "SUBDEBUG"),
            ("message", "Downgraded: openssl-libs-1:3.0.7-29.el9_4.x86_64"),
            ("package.architecture", "x86_64"),
            ("package.name", "openssl-libs"),
            ("roundsman.package.previous_version", "1:3.0.7-29.el9_4"),
        ],
    },
    Example {
        raw: "warning: %post(shop-db-2:3.4-2.el9_4.noarch) scriptlet failed, exit status 1",
        expect: &[
            ("error.message", "warning: %post(shop-db-2:3.4-2.el9_4.noarch) scriptlet failed, exit status 1"),
            ("event.action", "scriptlet_failed"),
            ("event.category", "package"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("package.architecture", "noarch"),
            ("package.name", "shop-db"),
            ("package.version", "2:3.4-2.el9_4"),
        ],
    },
    Example {
        raw: "Error: Failed to download metadata for repo 'base': Cannot download repomd.xml: All mirrors were tried",
        expect: &[
            (
                "error.message",
                "Error: Failed to download metadata for repo 'base': Cannot download repomd.xml: All mirrors were tried",
            ),
            ("event.action", "metadata_failed"),
            ("event.category", "package"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
        ],
    },
    Example { raw: "2026-11-22T02:03:40+0000 nobody Installed: the new shelf", expect: &[] },
];
