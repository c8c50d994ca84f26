//! Santa, binary authorisation for macOS.

use crate::{
    Event,
    envelope::Line,
    envelope::iso_stamp,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{reject, set_number, set_some, split},
    table::set_lower,
};

/// Santa: `[time] I santad: action=EXEC|decision=ALLOW|…`.
pub struct Santa;

impl Format for Santa {
    fn name(&self) -> &'static str {
        "santa"
    }
    fn category(&self) -> &'static str {
        "security"
    }
    fn product(&self) -> &'static str {
        "Santa"
    }
    fn about(&self) -> &'static str {
        "santa.log lines: executions, files and disks (northpole.dev: Santa, Log format)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "process_creation", product: "macos", services: &["santa"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["santad", "com.google.santa.daemon"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/santa/santa.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" santad: action="])
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = line.message;
        let (head, _) = split(text, b"action=").ok_or(reject("santa_action"))?;
        if let Some((_, stamp, _)) = head.strip_prefix(b"[").and_then(iso_stamp) {
            event.set_stamp(field::TIMESTAMP, stamp);
        }
        let level = split(head, b"] ").and_then(|(_, rest)| split(rest, b" "));
        level.into_iter().for_each(|(level, _)| set_some(event, field::LOG_LEVEL, level));
        let mut record = Record::default();
        for pair in text[head.len()..].split(|b| *b == b'|') {
            if let Some((key, value)) = split(pair, b"=").filter(|(_, value)| !value.is_empty() && *value != b"(null)")
            {
                record.take(key, value, event);
            }
        }
        record.finish(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

#[derive(Default)]
struct Record<'r> {
    action: &'r [u8],
    decision: &'r [u8],
    path: &'r [u8],
    pid: &'r [u8],
    version: &'r [u8],
}

impl<'r> Record<'r> {
    fn take(&mut self, key: &'r [u8], value: &'r [u8], event: &mut Event<'r>) {
        match key {
            b"action" => self.action = value,
            b"decision" => self.decision = value,
            b"path" => self.path = value,
            b"pidversion" => self.version = value,
            b"pid" => {
                self.pid = value;
                event.remove(field::PROCESS_PID);
                set_number(event, field::PROCESS_PID, value);
            }
            b"ppid" => set_number(event, field::PROCESS_PARENT_PID, value),
            b"uid" => event.set(field::USER_ID, value),
            b"user" => event.set(field::USER_NAME, value),
            b"gid" => event.set(field::GROUP_ID, value),
            b"group" => event.set(field::GROUP_NAME, value),
            b"process" => event.replace(field::PROCESS_NAME, value),
            b"processpath" => event.set(field::PROCESS_EXECUTABLE, value),
            b"sha256" => event.set(field::PROCESS_HASH_SHA256, value),
            b"newpath" => event.set(field::FILE_TARGET_PATH, value),
            b"args" => event.set(field::PROCESS_COMMAND_LINE, value),
            b"reason" => event.set(field::EVENT_REASON, value),
            b"cert_cn" => crate::pairs::set_own(event, "santa.certificate.", b"common_name", value),
            b"cert_sha256" => crate::pairs::set_own(event, "santa.certificate.", b"sha256", value),
            _ => crate::pairs::set_own(event, "santa.", key, value),
        }
    }

    fn finish(&self, event: &mut Event<'r>) {
        set_lower(event, field::EVENT_ACTION, self.action);
        let executed = self.action == b"EXEC";
        if !self.path.is_empty() {
            event.set(if executed { field::PROCESS_EXECUTABLE } else { field::FILE_PATH }, self.path);
        }
        if !self.version.is_empty() && !self.pid.is_empty() {
            event.set(field::PROCESS_ENTITY_ID, &[self.pid, b"-", self.version].concat());
        }
        match (self.action, self.decision) {
            (b"EXEC", b"ALLOW") => event.classify("process", "start", "", "success"),
            (b"EXEC", _) => event.classify("process", "denied", "", "failure"),
            (b"DELETE", _) => event.classify("file", "deletion", "", ""),
            (b"WRITE" | b"RENAME" | b"LINK", _) => event.classify("file", "change", "", ""),
            _ => {}
        }
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[2026-11-22T09:14:07.250Z] I santad: action=EXEC|decision=ALLOW|reason=CERT|sha256=00aa|cert_sha256=00bb|cert_cn=Software Signing|pid=4711|pidversion=1097765|ppid=1|uid=501|user=b.jones|gid=20|group=staff|mode=M|path=/usr/bin/true|args=true",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "exec"),
            ("event.category", "process"),
            ("event.outcome", "success"),
            ("event.reason", "CERT"),
            ("event.type", "start"),
            ("group.id", "20"),
            ("group.name", "staff"),
            ("log.level", "I"),
            ("process.command_line", "true"),
            ("process.entity_id", "4711-1097765"),
            ("process.executable", "/usr/bin/true"),
            ("process.hash.sha256", "00aa"),
            ("process.parent.pid", "1"),
            ("process.pid", "4711"),
            ("santa.certificate.common_name", "Software Signing"),
            ("santa.certificate.sha256", "00bb"),
            ("santa.mode", "M"),
            ("user.id", "501"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: "[2026-11-22T09:14:07.250Z] I santad: action=DELETE|path=/private/tmp/x|pid=377|pidversion=833|ppid=1|process=syspolicyd|processpath=/usr/libexec/syspolicyd|uid=0|user=root|gid=0|group=wheel",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "delete"),
            ("event.category", "file"),
            ("event.type", "deletion"),
            ("file.path", "/private/tmp/x"),
            ("group.id", "0"),
            ("group.name", "wheel"),
            ("log.level", "I"),
            ("process.entity_id", "377-833"),
            ("process.executable", "/usr/libexec/syspolicyd"),
            ("process.name", "syspolicyd"),
            ("process.parent.pid", "1"),
            ("process.pid", "377"),
            ("user.id", "0"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "[2026-11-22T09:14:07.250Z] I santad: action=DISKAPPEAR|mount=/Volumes/Stick|volume=Stick|bsdname=disk4s2|fs=hfs|model=Disk|serial=(null)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "diskappear"),
            ("log.level", "I"),
            ("santa.bsdname", "disk4s2"),
            ("santa.fs", "hfs"),
            ("santa.model", "Disk"),
            ("santa.mount", "/Volumes/Stick"),
            ("santa.volume", "Stick"),
        ],
    },
    Example { raw: "[2026-11-22T09:14:07.250Z] I santad: nothing", expect: &[] },
];
