//! GELF, the Graylog Extended Log Format.

use memchr::memmem;

use crate::{
    Event, Field,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    json::read_object,
    parse::SEVERITIES,
    synonyms::{self, settle},
};

/// A GELF message: `short_message`, `host`, `timestamp`, `level`, and fields of the sender's own behind a `_`.
pub struct Gelf;

const OWN: &str = "gelf.";
/// How far into a record its names are looked for.
const HEAD: usize = 64 << 10;

/// The specification's keys, and those of Docker's gelf driver (docs.docker.com, "Graylog Extended Format").
const KEYS: [(&str, Field); 13] = [
    ("short_message", field::MESSAGE),
    ("host", field::HOST_NAME),
    ("timestamp", field::TIMESTAMP),
    ("level", field::SYSLOG_SEVERITY_CODE),
    ("file", field::LOG_ORIGIN_FILE_NAME),
    ("line", field::LOG_ORIGIN_FILE_LINE),
    ("_file", field::LOG_ORIGIN_FILE_NAME),
    ("_line", field::LOG_ORIGIN_FILE_LINE),
    ("_function", field::LOG_ORIGIN_FUNCTION),
    ("_process_name", field::PROCESS_NAME),
    ("_container_id", field::CONTAINER_ID),
    ("_container_name", field::CONTAINER_NAME),
    ("_image_name", field::CONTAINER_IMAGE_NAME),
];

/// What the message itself says is not said again by a sender's own field.
const TAKEN: [Field; 4] = [field::MESSAGE, field::HOST_NAME, field::TIMESTAMP, field::PROCESS_NAME];

fn mapped(name: &str) -> Option<Field> {
    if let Some((_, known)) = KEYS.iter().find(|(key, _)| *key == name) {
        return Some(*known);
    }
    let own = name.strip_prefix('_')?;
    let known = synonyms::field(own).filter(|field| !TAKEN.contains(field));
    known.or_else(|| Field::intern(&format!("{OWN}{own}")))
}

impl Format for Gelf {
    fn name(&self) -> &'static str {
        "gelf"
    }

    fn category(&self) -> &'static str {
        "application"
    }

    fn product(&self) -> &'static str {
        "GELF"
    }

    fn about(&self) -> &'static str {
        "one GELF 1.1 message (go2docs.graylog.org, \"GELF Payload Specification\"), Docker's fields included"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "gelf", services: &[] }
    }

    fn structure(&self) -> Structure {
        Structure::Holds(&["\"short_message\"", "\"version\": \"1.1\"", "\"version\":\"1.1\""])
    }

    fn recognises(&self, message: &[u8]) -> bool {
        let head = &message[..message.len().min(HEAD)];
        let has = |name: &[u8]| memmem::find(head, name).is_some();
        message.starts_with(b"{") && has(b"\"short_message\"") && has(b"\"host\"") && has(b"\"version\"")
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        read_object(line.message, OWN, event, mapped)?;
        // a forwarder's header may have named host and program before
        for one in [field::HOST_NAME, field::PROCESS_NAME] {
            event.keep_last(one);
        }
        settle(OWN, event);
        if let Some(level) = event.int(field::SYSLOG_SEVERITY_CODE)
            && let Some(name) = usize::try_from(level).ok().and_then(|level| SEVERITIES.get(level))
        {
            event.set_static(field::SYSLOG_SEVERITY_NAME, name);
        }
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"version":"1.1","host":"app1.example.com","short_message":"payment refused","full_message":"payment refused\nat Till.pay","timestamp":1795338847.25,"level":4,"_user":"b.jones","_tenant":7,"_client_ip":"203.0.113.66","_line":356,"_file":"till.rs"}"#,
        expect: &[
            ("gelf.version", "1.1"),
            ("host.name", "app1.example.com"),
            ("message", "payment refused"),
            ("gelf.full_message", "payment refused\nat Till.pay"),
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("log.syslog.severity.code", "4"),
            ("log.syslog.severity.name", "warning"),
            ("user.name", "b.jones"),
            ("gelf.tenant", "7"),
            ("source.ip", "203.0.113.66"),
            ("log.origin.file.line", "356"),
            ("log.origin.file.name", "till.rs"),
        ],
    },
    Example {
        raw: r#"{"version":"1.1","host":"node2","short_message":"listening on :8080","timestamp":1795338848,"level":6,"_command":"/shop","_container_id":"8f2a4c0b77de","_container_name":"shop","_created":"2026-11-20T08:00:00Z","_image_name":"shop:3.1","_tag":"8f2a4c0b77de"}"#,
        expect: &[
            ("gelf.version", "1.1"),
            ("host.name", "node2"),
            ("message", "listening on :8080"),
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("log.syslog.severity.code", "6"),
            ("log.syslog.severity.name", "info"),
            ("gelf.command", "/shop"),
            ("container.id", "8f2a4c0b77de"),
            ("container.name", "shop"),
            ("gelf.created", "2026-11-20T08:00:00Z"),
            ("container.image.name", "shop:3.1"),
            ("gelf.tag", "8f2a4c0b77de"),
        ],
    },
    Example { raw: r#"{"version":"1.1","host":"app1","short_message":"cut he"#, expect: &[] },
];
