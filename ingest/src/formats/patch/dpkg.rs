//! dpkg.log.
//!
//! A line is a step, not a result: only `status installed` says that a version is in place, and `upgrade` is also
//! written for a downgrade and for the same version again.

use crate::formats::{Example, Format, LogSource, Reject, Structure};
use crate::{
    Event,
    envelope::{Line, iso_stamp},
    field,
    scan::{first_word, reject, set_some, split},
};

/// dpkg.log, bare or forwarded under the tag `dpkg`.
pub struct Dpkg;

const ACTIONS: [(&[u8], &str); 11] = [
    (b"status", "status"),
    (b"configure", "configure"),
    (b"install", "install"),
    (b"upgrade", "upgrade"),
    (b"remove", "remove"),
    (b"purge", "purge"),
    (b"trigproc", "trigproc"),
    (b"startup", "startup"),
    (b"disappear", "disappear"),
    (b"conffile", "conffile"),
    (b"unpack", "unpack"),
];

impl Format for Dpkg {
    fn name(&self) -> &'static str {
        "dpkg"
    }
    fn category(&self) -> &'static str {
        "patch"
    }
    fn product(&self) -> &'static str {
        "Debian"
    }
    fn about(&self) -> &'static str {
        "dpkg.log (dpkg(1), option --log)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["dpkg"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["dpkg", "dpkg.log", "dpkg-log"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/dpkg.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["20"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let Some(text) = message.get(20..) else { return false };
        let first = first_word(text).0;
        matches!(message, [b'2', b'0', _, _, b'-', ..]) && ACTIONS.iter().any(|(word, _)| *word == first)
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (text, stamp, _) = iso_stamp(line.message).ok_or(reject("dpkg_stamp"))?;
        let text = text.strip_prefix(b" ").ok_or(Reject { reason: "dpkg_stamp", offset: 19 })?;
        let (word, rest) = first_word(text);
        let action = ACTIONS.iter().find(|(name, _)| *name == word).map(|(_, action)| *action);
        let action = action.ok_or(Reject { reason: "dpkg_action", offset: 20 })?;
        event.set_stamp(field::TIMESTAMP, stamp);
        steps(action, rest, event).ok_or(Reject { reason: "dpkg_package", offset: 20 + word.len() })
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

fn steps<'r>(action: &'static str, rest: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let mut rest = rest;
    match action {
        "startup" => {
            set_some(event, field::PROCESS_ARGS, rest);
            event.classify("package", "info", action, "");
            return Some(());
        }
        "conffile" => {
            let (path, decision) = first_word(rest);
            event.set(field::FILE_PATH, path);
            set_some(event, field::EVENT_REASON, decision);
            event.classify("package", "change", action, "");
            return Some(());
        }
        "status" => {
            let (state, after) = first_word(rest);
            event.set(field::PACKAGE_STATE, state);
            rest = after;
        }
        _ => {}
    }
    let (package, versions) = first_word(rest);
    let (first, second) = first_word(versions);
    if package.is_empty() || first.is_empty() {
        return None;
    }
    let (name, architecture) = split(package, b":").unwrap_or((package, b""));
    event.set(field::PACKAGE_NAME, name);
    set_some(event, field::PACKAGE_ARCHITECTURE, architecture);
    // install, upgrade: before and after; configure: being configured and configured last; others: what is there
    let (version, previous) = match action {
        "install" | "upgrade" => (second, first),
        _ => (first, second),
    };
    for (field, version) in [(field::PACKAGE_VERSION, version), (field::PACKAGE_PREVIOUS_VERSION, previous)] {
        if version != b"<none>" {
            set_some(event, field, version);
        }
    }
    event.classify("package", kind(action, event), action, "");
    Some(())
}

fn kind(action: &str, event: &Event<'_>) -> &'static str {
    match action {
        "install" => "installation",
        "remove" | "purge" | "disappear" => "deletion",
        "upgrade" => "change",
        "status" if event.bytes(field::PACKAGE_STATE).as_deref() == Some(b"installed") => "installation",
        _ => "info",
    }
}

const EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 01:53:01 startup archives unpack",
        expect: &[
            ("process.args", "archives unpack"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "startup"),
        ],
    },
    Example {
        raw: "2026-11-22 01:53:01 upgrade libssl3:amd64 3.0.20-1~deb12u2 3.0.22-1~deb12u2",
        expect: &[
            ("package.name", "libssl3"),
            ("package.architecture", "amd64"),
            ("package.version", "3.0.22-1~deb12u2"),
            ("roundsman.package.previous_version", "3.0.20-1~deb12u2"),
            ("event.category", "package"),
            ("event.type", "change"),
            ("event.action", "upgrade"),
        ],
    },
    Example {
        raw: "2026-11-22 01:53:02 status half-configured libssl3:amd64 3.0.20-1~deb12u2",
        expect: &[
            ("roundsman.package.state", "half-configured"),
            ("package.name", "libssl3"),
            ("package.architecture", "amd64"),
            ("package.version", "3.0.20-1~deb12u2"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "status"),
        ],
    },
    Example {
        raw: "2026-11-22 01:53:04 status installed libssl3:amd64 3.0.22-1~deb12u2",
        expect: &[
            ("roundsman.package.state", "installed"),
            ("package.name", "libssl3"),
            ("package.architecture", "amd64"),
            ("package.version", "3.0.22-1~deb12u2"),
            ("event.category", "package"),
            ("event.type", "installation"),
            ("event.action", "status"),
        ],
    },
    Example {
        raw: "2026-11-22 01:53:05 configure libssl3:amd64 3.0.22-1~deb12u2 <none>",
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
        raw: "2026-11-22 01:53:06 install cowsay:all <none> 3.03+dfsg2-8",
        expect: &[
            ("package.name", "cowsay"),
            ("package.architecture", "all"),
            ("package.version", "3.03+dfsg2-8"),
            ("event.category", "package"),
            ("event.type", "installation"),
            ("event.action", "install"),
        ],
    },
    Example {
        raw: "2026-11-22 01:53:07 remove cowsay:all 3.03+dfsg2-8 <none>",
        expect: &[
            ("package.name", "cowsay"),
            ("package.architecture", "all"),
            ("package.version", "3.03+dfsg2-8"),
            ("event.category", "package"),
            ("event.type", "deletion"),
            ("event.action", "remove"),
        ],
    },
    Example {
        raw: "2026-11-22 01:53:08 trigproc libc-bin:amd64 2.36-9+deb12u14 <none>",
        expect: &[
            ("package.name", "libc-bin"),
            ("package.architecture", "amd64"),
            ("package.version", "2.36-9+deb12u14"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("event.action", "trigproc"),
        ],
    },
    Example {
        raw: "2026-11-22 01:53:09 upgrade dpkg 1.21.22 1.21.23",
        expect: &[
            ("package.name", "dpkg"),
            ("package.version", "1.21.23"),
            ("roundsman.package.previous_version", "1.21.22"),
            ("event.category", "package"),
            ("event.type", "change"),
            ("event.action", "upgrade"),
        ],
    },
    Example {
        raw: "2026-11-22 01:53:10 conffile /etc/nginx/nginx.conf keep",
        expect: &[
            ("file.path", "/etc/nginx/nginx.conf"),
            ("event.reason", "keep"),
            ("event.category", "package"),
            ("event.type", "change"),
            ("event.action", "conffile"),
        ],
    },
    Example {
        raw: "<29>Nov 22 01:53:11 web1 dpkg: 2026-11-22 01:53:11 status installed openssl:amd64 3.0.22-1~deb12u2",
        expect: &[
            ("roundsman.package.state", "installed"),
            ("package.name", "openssl"),
            ("package.architecture", "amd64"),
            ("package.version", "3.0.22-1~deb12u2"),
            ("event.category", "package"),
            ("event.type", "installation"),
            ("event.action", "status"),
        ],
    },
    Example { raw: "2026-11-22 01:53:12 status installed", expect: &[] },
    Example { raw: "2026-11-22 01:53:13 vanish cowsay:all 1", expect: &[] },
];
