//! apk's output.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{integer, reject, split},
};

/// apk: `(1/3) Upgrading package (old -> new)`.
pub struct Apk;

impl Format for Apk {
    fn name(&self) -> &'static str {
        "apk"
    }
    fn category(&self) -> &'static str {
        "patch"
    }
    fn product(&self) -> &'static str {
        "Alpine Linux"
    }
    fn about(&self) -> &'static str {
        "lines that apk add, upgrade and del print (apk-tools, src/print.c, src/commit.c)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["apk"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["apk"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["(", "OK: ", "ERROR: "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        step(message).is_some() || is_total(message) || script(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if is_total(line.message) {
            event.classify("package", "info", "", "success");
            return Ok(());
        }
        if let Some((name, version)) = script(line.message) {
            event.set(field::PACKAGE_NAME, name);
            event.set(field::PACKAGE_VERSION, version);
            event.set(field::ERROR_MESSAGE, line.message);
            event.classify("package", "error", "script_failed", "failure");
            return Ok(());
        }
        let Step { word, name, old, version } = step(line.message).ok_or(reject("apk_step"))?;
        event.set(field::PACKAGE_NAME, name);
        event.set(field::PACKAGE_VERSION, version);
        old.into_iter().for_each(|old| event.set(field::PACKAGE_PREVIOUS_VERSION, old));
        match word {
            b"Installing" => event.classify("package", "installation", "installed", ""),
            b"Purging" => event.classify("package", "deletion", "removed", ""),
            b"Upgrading" => event.classify("package", "change", "upgraded", ""),
            b"Downgrading" => event.classify("package", "change", "downgraded", ""),
            _ => event.classify("package", "change", "reinstalled", ""),
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

struct Step<'r> {
    word: &'r [u8],
    name: &'r [u8],
    old: Option<&'r [u8]>,
    version: &'r [u8],
}

/// `OK: 12 MiB in 20 packages`
fn is_total(text: &[u8]) -> bool {
    text.starts_with(b"OK: ") && text.ends_with(b" packages") && split(text, b"iB in ").is_some()
}

/// `ERROR: openssl-3.1.5-r0.post-upgrade: script exited with error 1`: the package and its version.
fn script(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (script, _) = split(text.strip_prefix(b"ERROR: ")?, b": script exited with error ")?;
    let (package, _) = crate::scan::rsplit(script, b".")?;
    let release = package.iter().rposition(|b| *b == b'-')?;
    let version = package[..release].iter().rposition(|b| *b == b'-')?;
    Some((&package[..version], &package[version + 1..]))
}

fn step(text: &[u8]) -> Option<Step<'_>> {
    let (counts, rest) = split(text.strip_prefix(b"(")?, b") ")?;
    let (at, of) = split(counts, b"/")?;
    let (word, rest) = split(rest, b" ")?;
    let (name, versions) = split(rest, b" (")?;
    let versions = versions.strip_suffix(b")")?;
    let (old, version) = split(versions, b" -> ").map_or((None, versions), |(old, new)| (Some(old), new));
    let known =
        matches!(word, b"Installing" | b"Purging" | b"Upgrading" | b"Downgrading" | b"Reinstalling" | b"Replacing");
    (known && integer(at.trim_ascii()).is_some() && integer(of.trim_ascii()).is_some()).then_some(Step {
        word,
        name,
        old,
        version,
    })
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "(1/2) Upgrading openssl (3.1.4-r0 -> 3.1.5-r0)",
        expect: &[
            ("event.action", "upgraded"),
            ("event.category", "package"),
            ("event.type", "change"),
            ("package.name", "openssl"),
            ("package.version", "3.1.5-r0"),
            ("roundsman.package.previous_version", "3.1.4-r0"),
        ],
    },
    Example {
        raw: "(2/2) Installing nano (8.2-r0)",
        expect: &[
            ("event.action", "installed"),
            ("event.category", "package"),
            ("event.type", "installation"),
            ("package.name", "nano"),
            ("package.version", "8.2-r0"),
        ],
    },
    Example {
        raw: "OK: 12 MiB in 20 packages",
        expect: &[("event.category", "package"), ("event.outcome", "success"), ("event.type", "info")],
    },
    Example {
        raw: "ERROR: nginx-1.26.2-r0.post-upgrade: script exited with error 1",
        expect: &[
            ("error.message", "ERROR: nginx-1.26.2-r0.post-upgrade: script exited with error 1"),
            ("event.action", "script_failed"),
            ("event.category", "package"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("package.name", "nginx"),
            ("package.version", "1.26.2-r0"),
        ],
    },
    Example { raw: "ERROR: unable to select packages", expect: &[] },
    Example { raw: "(1/2) Considering openssl (3.1.4-r0)", expect: &[] },
];
