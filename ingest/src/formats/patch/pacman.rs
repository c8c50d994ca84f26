//! pacman's log.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, reject, split},
};

/// pacman.log: `[time] [ALPM] upgraded package (old -> new)`.
pub struct Pacman;

impl Format for Pacman {
    fn name(&self) -> &'static str {
        "pacman"
    }
    fn category(&self) -> &'static str {
        "patch"
    }
    fn product(&self) -> &'static str {
        "Arch Linux"
    }
    fn about(&self) -> &'static str {
        "pacman.log lines of ALPM, PACMAN and scriptlets (pacman(8), lib/libalpm/trans.c)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["pacman"] }
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/pacman.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["] [ALPM] ", "] [PACMAN] ", "] [ALPM-SCRIPTLET] "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let header = read(line.message).ok_or(reject("pacman_header"))?;
        header.describe(event);
        let (word, rest) = first_word(header.message);
        let (kind, action) = match word {
            b"installed" => ("installation", "installed"),
            b"upgraded" => ("change", "upgraded"),
            b"downgraded" => ("change", "downgraded"),
            b"reinstalled" => ("change", "reinstalled"),
            b"removed" => ("deletion", "removed"),
            b"transaction" => ("info", "transaction"),
            b"error:" | b"error" => {
                event.classify("package", "error", "error", "failure");
                return Ok(());
            }
            _ => ("info", ""),
        };
        if let Some((name, versions)) = split(rest, b" (").filter(|_| header.logger == b"ALPM" && kind != "info") {
            let versions = versions.strip_suffix(b")").unwrap_or(versions);
            let (old, new) = split(versions, b" -> ").map_or((None, versions), |(old, new)| (Some(old), new));
            event.set(field::PACKAGE_NAME, name);
            event.set(field::PACKAGE_VERSION, new);
            old.into_iter().for_each(|old| event.set(field::PACKAGE_PREVIOUS_VERSION, old));
            event.classify("package", kind, action, "success");
        } else {
            event.classify("package", "info", if kind == "info" { action } else { "" }, "");
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `[2026-11-22T02:05:00+0000] [ALPM] text`
fn read(text: &[u8]) -> Option<layout::Header<'_>> {
    let (time, rest) = split(text.strip_prefix(b"[")?, b"] [")?;
    let (left, stamp) = layout::stamp(time)?;
    let (logger, message) = split(rest, b"] ")?;
    left.is_empty().then(|| layout::Header { stamp: Some(stamp), logger, message, ..layout::Header::default() })
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[2026-11-22T02:05:00+0000] [PACMAN] Running 'pacman -Syu'",
        expect: &[
            ("@timestamp", "2026-11-22T02:05:00Z"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("log.logger", "PACMAN"),
            ("message", "Running 'pacman -Syu'"),
        ],
    },
    Example {
        raw: "[2026-11-22T02:05:03+0000] [ALPM] upgraded openssl (3.2.0-1 -> 3.2.1-1)",
        expect: &[
            ("@timestamp", "2026-11-22T02:05:03Z"),
            ("event.action", "upgraded"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "change"),
            ("log.logger", "ALPM"),
            ("message", "upgraded openssl (3.2.0-1 -> 3.2.1-1)"),
            ("package.name", "openssl"),
            ("package.version", "3.2.1-1"),
            ("roundsman.package.previous_version", "3.2.0-1"),
        ],
    },
    Example {
        raw: "[2026-11-22T02:05:03+0000] [ALPM] installed nano (8.2-1)",
        expect: &[
            ("@timestamp", "2026-11-22T02:05:03Z"),
            ("event.action", "installed"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "installation"),
            ("log.logger", "ALPM"),
            ("message", "installed nano (8.2-1)"),
            ("package.name", "nano"),
            ("package.version", "8.2-1"),
        ],
    },
    Example {
        raw: "[2026-11-22T02:05:04+0000] [ALPM] transaction completed",
        expect: &[
            ("@timestamp", "2026-11-22T02:05:04Z"),
            ("event.action", "transaction"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("log.logger", "ALPM"),
            ("message", "transaction completed"),
        ],
    },
    Example { raw: "[yesterday] [ALPM] upgraded openssl (3.2.0-1 -> 3.2.1-1)", expect: &[] },
];
