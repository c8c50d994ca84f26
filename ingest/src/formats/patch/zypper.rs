//! zypper's and libzypp's history.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, reject, set_some, split},
};

/// zypp/history: fields between bars, and comments.
pub struct Zypper;

impl Format for Zypper {
    fn name(&self) -> &'static str {
        "zypper"
    }
    fn category(&self) -> &'static str {
        "patch"
    }
    fn product(&self) -> &'static str {
        "SUSE Linux Enterprise, openSUSE"
    }
    fn about(&self) -> &'static str {
        "/var/log/zypp/history lines: install, remove, command, patch, repositories (libzypp, zypp/HistoryLog.cc)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["zypper"] }
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/zypp/history"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            "|install|",
            "|remove |",
            "|command|",
            "|patch  |",
            "|radd   |",
            "|rremove|",
            " installed ok",
            " remove failed",
            " install failed",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        comment(message).is_some() || layout::stamp(message).is_some_and(|(rest, _)| rest.starts_with(b"|"))
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if let Some((stamp, text)) = comment(line.message) {
            event.set_stamp(field::TIMESTAMP, stamp);
            event.replace(field::MESSAGE, text);
            let (kind, outcome) = if text.ends_with(b" failed") { ("error", "failure") } else { ("info", "success") };
            let action = if text.ends_with(b" install failed") { "install_failed" } else { "" };
            if let Some((name, version, arch)) = file_name(first_word(text).0).filter(|_| kind == "error") {
                set_package(name, version, arch, event);
            }
            event.classify("package", kind, action, outcome);
            return Ok(());
        }
        let (rest, stamp) = layout::stamp(line.message).ok_or(reject("zypper_stamp"))?;
        event.set_stamp(field::TIMESTAMP, stamp);
        let mut cells =
            rest.strip_prefix(b"|").ok_or(reject("zypper_bar"))?.split(|b| *b == b'|').map(<[u8]>::trim_ascii);
        let mut cell = || cells.next().unwrap_or_default();
        match cell() {
            action @ (b"install" | b"remove") => {
                let [name, version, arch, user] = [cell(), cell(), cell(), cell()];
                set_package(name, version, arch, event);
                who(user, event);
                let removed = action == b"remove";
                event.classify(
                    "package",
                    if removed { "deletion" } else { "installation" },
                    if removed { "remove" } else { "install" },
                    "success",
                );
            }
            b"patch" => {
                let [name, version, arch] = [cell(), cell(), cell()];
                set_package(name, version, arch, event);
                let [_repository, _severity, _category, before, after] = [cell(), cell(), cell(), cell(), cell()];
                set_some(event, field::PACKAGE_PREVIOUS_STATE, before);
                set_some(event, field::PACKAGE_STATE, after);
                event.classify("package", "change", "patch", "success");
            }
            b"command" => {
                let [user, command] = [cell(), cell()];
                who(user, event);
                set_some(event, field::PROCESS_COMMAND_LINE, command);
                event.classify("package", "info", "command", "");
            }
            b"radd" | b"rremove" | b"ralias" | b"rname" | b"rurl" | b"rprio" => {
                event.classify("configuration", "change", "repository", "")
            }
            _ => return Err(reject("zypper_action")),
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `# 2026-11-22 02:04:34 openssl-3.0.8-2.1.x86_64.rpm installed ok`
fn comment(message: &[u8]) -> Option<(crate::envelope::Stamp, &[u8])> {
    let (rest, stamp) = layout::stamp(message.strip_prefix(b"# ")?)?;
    let text = rest.trim_ascii();
    let known = [&b" installed ok"[..], b" install failed", b" remove failed", b" removed ok", b" failed"];
    known.iter().any(|end| text.ends_with(end)).then_some((stamp, text))
}

/// `openssl-3-3.0.8-2.1.x86_64.rpm`: name, version with its release, architecture.
fn file_name(file: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (whole, arch) = crate::scan::rsplit(file.strip_suffix(b".rpm")?, b".")?;
    let release = whole.iter().rposition(|b| *b == b'-')?;
    let version = whole[..release].iter().rposition(|b| *b == b'-')?;
    Some((&whole[..version], &whole[version + 1..], arch))
}

fn set_package<'r>(name: &'r [u8], version: &'r [u8], arch: &'r [u8], event: &mut Event<'r>) {
    set_some(event, field::PACKAGE_NAME, name);
    set_some(event, field::PACKAGE_VERSION, version);
    set_some(event, field::PACKAGE_ARCHITECTURE, arch);
}

/// `root@web1`; empty where a dependency brought it.
fn who<'r>(text: &'r [u8], event: &mut Event<'r>) {
    if let Some((user, host)) = split(text, b"@") {
        set_some(event, field::USER_NAME, user);
        if event.get(field::HOST_NAME).is_none() {
            set_some(event, field::HOST_NAME, host);
        }
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 02:04:34|command|root@web1|'zypper' '--non-interactive' 'patch'|",
        expect: &[
            ("@timestamp", "2026-11-22T02:04:34Z"),
            ("event.action", "command"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("host.name", "web1"),
            ("process.command_line", "'zypper' '--non-interactive' 'patch'"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "2026-11-22 02:04:34|install|openssl-3|3.0.8-150400.4.54.1|x86_64|root@web1|repo-sle-update|5d1c2e|",
        expect: &[
            ("@timestamp", "2026-11-22T02:04:34Z"),
            ("event.action", "install"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "installation"),
            ("host.name", "web1"),
            ("package.architecture", "x86_64"),
            ("package.name", "openssl-3"),
            ("package.version", "3.0.8-150400.4.54.1"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "2026-11-22 02:04:34|remove |nano|5.4-1.20|x86_64|root@web1|",
        expect: &[
            ("@timestamp", "2026-11-22T02:04:34Z"),
            ("event.action", "remove"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "deletion"),
            ("host.name", "web1"),
            ("package.architecture", "x86_64"),
            ("package.name", "nano"),
            ("package.version", "5.4-1.20"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "# 2026-11-22 02:04:34 openssl-3-3.0.8-150400.4.54.1.x86_64.rpm installed ok",
        expect: &[
            ("@timestamp", "2026-11-22T02:04:34Z"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("message", "openssl-3-3.0.8-150400.4.54.1.x86_64.rpm installed ok"),
        ],
    },
    Example {
        raw: "2026-11-22 02:04:34|patch  |SUSE-2026-4711|1|noarch|sle-update|important|security|needed|applied|",
        expect: &[
            ("@timestamp", "2026-11-22T02:04:34Z"),
            ("event.action", "patch"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "change"),
            ("package.architecture", "noarch"),
            ("package.name", "SUSE-2026-4711"),
            ("package.version", "1"),
            ("roundsman.package.previous_state", "needed"),
            ("roundsman.package.state", "applied"),
        ],
    },
    Example {
        raw: "# 2026-11-22 02:04:34 openssl-3-3.0.8-150400.4.54.1.x86_64.rpm install failed",
        expect: &[
            ("@timestamp", "2026-11-22T02:04:34Z"),
            ("event.action", "install_failed"),
            ("event.category", "package"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("message", "openssl-3-3.0.8-150400.4.54.1.x86_64.rpm install failed"),
            ("package.architecture", "x86_64"),
            ("package.name", "openssl-3"),
            ("package.version", "3.0.8-150400.4.54.1"),
        ],
    },
    Example { raw: "2026-11-22 02:04:34|invent|x|", expect: &[] },
];
