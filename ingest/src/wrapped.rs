//! Documents of forwarders: JSON objects around a line that somebody else wrote.
//!
//! Filebeat, Logstash, Fluent Bit, Fluentd, Vector, rsyslog, syslog-ng and senders of Splunk's HTTP Event Collector wrap
//! what they read: the line stands in one key, its host, file, program and time in others. A [`Shape`] says for each of
//! them how its documents are told and which key is which. The parser then reads the line as if it had come by itself,
//! with the document as its envelope. The document alone decides, not the door that it came by.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use jiff::Timestamp;
use serde_json::{Map, Value};

/// Most documents inside each other.
pub const MAX_DEPTH: usize = 3;
/// Seconds since 1970 that are no seconds any more but milliseconds: the year 5138.
const NO_SECONDS: f64 = 1e11;

/// How the documents of one forwarder look. Names are dotted, and stand nested or dotted in the document.
struct Shape {
    /// Keys that are all there.
    marks: &'static [&'static str],
    /// A key that has this value, where the marks alone are not enough.
    says: Option<(&'static str, &'static str)>,
    /// Where not empty, the only keys of the document.
    only: &'static [&'static str],
    /// Keys of documents that are something else.
    unless: &'static [&'static str],
    /// Where the line stands; the first that is there counts, here and below.
    message: &'static [&'static str],
    program: &'static [&'static str],
    pid: &'static [&'static str],
    host: &'static [&'static str],
    path: &'static [&'static str],
    time: &'static [&'static str],
    /// The host is the line's, not the forwarder's own; it counts before the one in the line's header.
    vouches: bool,
    /// Beside the line there are other fields, so a line that no format understands leaves the document to be read.
    says_more: bool,
}

const ANY: Shape = Shape {
    marks: &[],
    says: None,
    only: &[],
    unless: &["winlog", "logger_name", "log.logger", "log.level"],
    message: &["message"],
    program: &[],
    pid: &[],
    host: &[],
    path: &[],
    time: &["@timestamp"],
    vouches: false,
    says_more: true,
};

/// The particular before the general.
const SHAPES: &[Shape] = &[
    // Filebeat and Elastic Agent (elastic.co/guide, "Filebeat exported fields")
    Shape {
        marks: &["message"],
        says: Some(("agent.type", "filebeat")),
        program: &["log.syslog.appname", "process.program", "process.name"],
        pid: &["log.syslog.procid", "process.pid"],
        host: &["host.name", "host.hostname"],
        path: &["log.file.path"],
        ..ANY
    },
    // Logstash's own two keys (elastic.co/guide, "Event API")
    Shape {
        marks: &["@version", "@timestamp", "message"],
        program: &["process.name", "program"],
        pid: &["process.pid", "pid"],
        host: &["host.name", "host.hostname", "host"],
        path: &["log.file.path", "path"],
        ..ANY
    },
    // Vector (vector.dev/docs/reference/configuration/sources)
    Shape {
        marks: &["source_type", "message", "timestamp"],
        program: &["appname"],
        pid: &["procid"],
        host: &["hostname", "host"],
        path: &["file"],
        time: &["timestamp"],
        says_more: false,
        ..ANY
    },
    // rsyslog's StdJSONFmt, the default of omelasticsearch (plugins/omelasticsearch in rsyslog's source)
    Shape {
        marks: &["message", "fromhost", "timereported"],
        host: &["fromhost"],
        time: &["timereported"],
        vouches: true,
        says_more: false,
        ..ANY
    },
    // syslog-ng's format-json with its scope rfc5424, the default of elasticsearch-http
    Shape {
        marks: &["MESSAGE", "PROGRAM", "HOST"],
        message: &["MESSAGE"],
        program: &["PROGRAM"],
        pid: &["PID"],
        host: &["HOST"],
        time: &["@timestamp", "ISODATE", "DATE"],
        vouches: true,
        says_more: false,
        ..ANY
    },
    // the systemd journal by Fluent Bit, Fluentd or Vector (systemd.journal-fields(7))
    Shape {
        marks: &["MESSAGE", "_MACHINE_ID"],
        message: &["MESSAGE"],
        program: &["SYSLOG_IDENTIFIER", "_COMM"],
        pid: &["_PID", "SYSLOG_PID"],
        host: &["_HOSTNAME"],
        vouches: true,
        says_more: false,
        ..ANY
    },
    // syslog as GELF: syslog-ng's format-gelf, rsyslog's templates, NXLog
    Shape {
        marks: &["short_message", "_program"],
        message: &["short_message"],
        program: &["_program"],
        pid: &["_pid"],
        host: &["host"],
        time: &["timestamp"],
        vouches: true,
        ..ANY
    },
    // Fluentd's in_syslog (docs.fluentd.org/input/syslog)
    Shape {
        marks: &["ident", "message"],
        only: &[
            "ident",
            "message",
            "host",
            "pid",
            "msgid",
            "extradata",
            "priority",
            "facility",
            "severity",
            "time",
            "tag",
            "@timestamp",
            "@log_name",
            "source_address",
            "source_hostname",
        ],
        program: &["ident"],
        pid: &["pid"],
        host: &["host"],
        time: &["@timestamp", "time"],
        vouches: true,
        says_more: false,
        ..ANY
    },
    // Fluent Bit's tail and the container runtimes' files (docs.fluentbit.io/manual/pipeline/inputs/tail)
    Shape {
        marks: &["log"],
        only: &[
            "log",
            "@timestamp",
            "date",
            "time",
            "stream",
            "attrs",
            "logtag",
            "_p",
            "filename",
            "path",
            "file",
            "tag",
            "kubernetes",
            "docker",
            "@log_name",
        ],
        message: &["log"],
        program: &["kubernetes.container_name"],
        path: &["filename", "path", "file"],
        time: &["time", "@timestamp", "date"],
        ..ANY
    },
    // Splunk's HTTP Event Collector (docs.splunk.com, "Format events for HTTP Event Collector")
    Shape {
        marks: &["event"],
        only: &["event", "time", "host", "source", "sourcetype", "index", "fields"],
        unless: &[],
        message: &["event"],
        host: &["host"],
        path: &["source"],
        time: &["time"],
        vouches: true,
        says_more: false,
        ..ANY
    },
    // a result of a search that Splunk exported (docs.splunk.com, search/jobs/export, output_mode=json)
    Shape {
        marks: &["preview", "result._raw"],
        unless: &[],
        message: &["result._raw"],
        host: &["result.host"],
        path: &["result.source"],
        time: &[],
        vouches: true,
        says_more: false,
        ..ANY
    },
    // a container's line that Filebeat took apart, with what the cluster knows of it
    Shape { marks: &["message", "stream", "time"], program: &["kubernetes.container.name"], time: &["time"], ..ANY },
    // a line, its time, and where it was read: Fluentd's in_tail, and whoever sends as little
    Shape {
        marks: &["message", "@timestamp"],
        only: &["message", "@timestamp", "host", "hostname", "path", "file", "filename", "tag", "@log_name"],
        host: &["host", "hostname"],
        path: &["path", "file", "filename"],
        ..ANY
    },
];

/// A key that each of the shapes has, so that most records are passed over without being read.
static TELLING: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let texts = [
        "\"agent",
        "\"@version\"",
        "\"source_type\"",
        "\"fromhost\"",
        "\"PROGRAM\"",
        "\"_MACHINE_ID\"",
        "\"ident\"",
        "\"log\"",
        "\"event\"",
        "\"@timestamp\"",
        "\"_raw\"",
        "\"stream\"",
        "\"short_message\"",
    ];
    AhoCorasick::new(texts).expect("a few texts make an automaton")
});

/// A document with the line in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrapped {
    /// The line, without the line end.
    pub message: Vec<u8>,
    /// The program that wrote it.
    pub program: Option<String>,
    /// The program's process.
    pub pid: Option<String>,
    /// The host that the document names.
    pub host: Option<String>,
    /// The file or source that the line was read from.
    pub path: Option<String>,
    /// The document's time.
    pub time: Option<Timestamp>,
    /// The host is the line's own.
    pub vouches: bool,
    /// The document holds more than the line.
    pub says_more: bool,
}

impl Wrapped {
    /// Reads a document; `None` for anything else.
    pub fn read(raw: &[u8]) -> Option<Wrapped> {
        if raw.first() != Some(&b'{') || !TELLING.is_match(raw) {
            return None;
        }
        let document: Map<String, Value> = serde_json::from_slice(raw).ok()?;
        SHAPES.iter().find(|shape| shape.fits(&document))?.take(&document)
    }
}

impl Shape {
    fn fits(&self, document: &Map<String, Value>) -> bool {
        self.marks.iter().all(|mark| get(document, mark).is_some())
            && self.says.is_none_or(|(key, value)| get(document, key).and_then(Value::as_str) == Some(value))
            && (self.only.is_empty() || document.len() > 1 && document.keys().all(|key| self.only.contains(&&**key)))
            && !self.unless.iter().any(|key| get(document, key).is_some())
    }

    fn take(&self, document: &Map<String, Value>) -> Option<Wrapped> {
        let first = |keys: &[&str]| keys.iter().find_map(|key| get(document, key).and_then(text));
        let message = self.message.iter().find_map(|key| get(document, key))?;
        let mut message = match message {
            Value::String(text) => text.clone().into_bytes(),
            // Splunk's events may be objects
            object @ Value::Object(_) => serde_json::to_vec(object).ok()?,
            _ => return None,
        };
        let end = message.trim_ascii_end().len();
        message.truncate(end);
        Some(Wrapped {
            message,
            program: first(self.program),
            pid: first(self.pid),
            host: first(self.host),
            path: first(self.path),
            time: self.time.iter().find_map(|key| get(document, key).and_then(time)),
            vouches: self.vouches,
            says_more: self.says_more,
        })
    }
}

/// The value under a dotted name, nested or dotted.
fn get<'d>(document: &'d Map<String, Value>, name: &str) -> Option<&'d Value> {
    if let Some(value) = document.get(name) {
        return Some(value).filter(|value| !value.is_null());
    }
    let (head, rest) = name.split_once('.')?;
    get(document.get(head)?.as_object()?, rest)
}

/// Text that says something; numbers as they are written.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() && text != "-" => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// RFC 3339, or seconds since 1970 as a number or as text.
fn time(value: &Value) -> Option<Timestamp> {
    let seconds = match value {
        Value::String(text) => match text.parse::<Timestamp>() {
            Ok(at) => return Some(at),
            Err(_) => text.parse::<f64>().ok()?,
        },
        Value::Number(number) => number.as_f64()?,
        _ => return None,
    };
    let plausible = (1.0..NO_SECONDS).contains(&seconds);
    plausible.then(|| Timestamp::from_microsecond((seconds * 1e6).round() as i64).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, Kind, Origin, Record, Transport, parse::Parser};

    fn read(raw: &str, look: impl FnOnce(&Event<'_>)) {
        let origin = Origin { peer: Some("192.0.2.7".into()), ..Origin::new(Transport::Http, "test") };
        let received = "2026-11-22T12:00:00Z".parse().unwrap();
        let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw: raw.as_bytes() };
        look(&Parser::default().parse(&record, Event::new(&record)));
    }

    const GUESS: &str = "Failed password for root from 203.0.113.61 port 20000 ssh2";

    /// Format, host, path and time of a document.
    fn seen(raw: &str) -> (String, String, String, String) {
        let mut seen = Default::default();
        read(raw, |event| {
            let text = |name| event.text(crate::Field::intern(name).unwrap()).unwrap_or_default().into_owned();
            let time = event.time.map(|at| at.to_string()).unwrap_or_default();
            seen = (event.format_name().to_owned(), text("host.name"), text("log.file.path"), time);
            assert_eq!(&*event.raw, raw.as_bytes());
            if event.format_name() == "sshd" {
                assert_eq!((&*text("source.ip"), &*text("message")), ("203.0.113.61", GUESS), "{raw}");
            }
        });
        seen
    }

    fn all(format: &str, host: &str, path: &str, time: &str) -> (String, String, String, String) {
        (format.into(), host.into(), path.into(), time.into())
    }

    #[test]
    fn every_forwarder_s_document_gives_the_line_its_format_host_file_and_time() {
        let at = "2026-11-22T11:59:00Z";
        let header = "Nov 22 11:59:00 web1 sshd[7]: ";
        for (document, expected) in [
            (
                format!(
                    r#"{{"@timestamp":"2026-11-22T12:00:00.1Z","agent":{{"type":"filebeat"}},"log":{{"file":{{"path":"/var/log/auth.log"}}}},"message":"{header}{GUESS}","host":{{"name":"logs.example.com"}}}}"#
                ),
                all("sshd", "web1", "/var/log/auth.log", at),
            ),
            (
                format!(
                    r#"{{"@version":"1","@timestamp":"{at}","message":"{GUESS}","host":{{"name":"web1"}},"process.name":"sshd"}}"#
                ),
                all("sshd", "web1", "", at),
            ),
            (
                format!(
                    r#"{{"source_type":"syslog","appname":"sshd","procid":7,"hostname":"web1","message":"{GUESS}","timestamp":"{at}"}}"#
                ),
                all("sshd", "web1", "", at),
            ),
            (
                format!(r#"{{"message":"{header}{GUESS}","fromhost":"web9","facility":"auth","timereported":"{at}"}}"#),
                all("sshd", "web9", "", at),
            ),
            (
                format!(
                    r#"{{"PROGRAM":"sshd","PID":"7","PRIORITY":"info","MESSAGE":"{GUESS}","HOST":"web1","@timestamp":"{at}"}}"#
                ),
                all("sshd", "web1", "", at),
            ),
            (
                format!(
                    r#"{{"MESSAGE":"{GUESS}","_MACHINE_ID":"c0ffee","SYSLOG_IDENTIFIER":"sshd","_HOSTNAME":"web1","@timestamp":"{at}"}}"#
                ),
                all("sshd", "web1", "", at),
            ),
            (
                format!(r#"{{"ident":"sshd","pid":"7","host":"web1","message":"{GUESS}","@timestamp":"{at}"}}"#),
                all("sshd", "web1", "", at),
            ),
            (
                format!(r#"{{"@timestamp":"{at}","log":"{header}{GUESS}\n","filename":"/var/log/auth.log"}}"#),
                all("sshd", "web1", "/var/log/auth.log", at),
            ),
            (
                format!(r#"{{"log":"{header}{GUESS}\n","stream":"stderr","attrs":{{"tag":"x"}},"time":"{at}"}}"#),
                all("sshd", "web1", "", at),
            ),
            (
                format!(r#"{{"time":1795348740,"host":"web1","source":"sshd","event":"{GUESS}"}}"#),
                all("sshd", "web1", "", at),
            ),
            (
                format!(
                    r#"{{"time":"1795348740.000","host":"web1","event":{{"message":"{header}{GUESS}","@timestamp":"x"}}}}"#
                ),
                all("sshd", "web1", "", at),
            ),
            (format!(r#"{{"message":"{header}{GUESS}","@timestamp":"{at}"}}"#), all("sshd", "web1", "", at)),
        ] {
            assert_eq!(seen(&document), expected, "{document}");
        }
    }

    #[test]
    fn a_line_that_no_format_understands_leaves_a_document_that_says_more_to_be_read() {
        let beat = r#"{"@timestamp":"2026-11-22T12:00:00Z","ecs":{"version":"8.0.0"},"agent":{"type":"filebeat"},"message":"words of nobody","event":{"action":"login"}}"#;
        read(beat, |event| {
            assert_eq!(event.format_name(), "json_ecs");
            assert_eq!(event.text(crate::field::EVENT_ACTION).as_deref(), Some("login"));
        });
        read(r#"{"time":1795348740,"host":"web1","event":"words of nobody"}"#, |event| {
            assert_eq!((event.format_name(), event.reason), ("unknown", Some("no_format")));
            assert_eq!(event.text(crate::field::MESSAGE).as_deref(), Some("words of nobody"));
            assert_eq!(event.host().as_deref(), Some("web1"));
        });
    }

    #[test]
    fn an_application_s_own_log_is_no_forwarder_s_document() {
        for own in [
            r#"{"@version":"1","@timestamp":"2026-11-22T12:00:00Z","message":"a=b c=d","logger_name":"x.Y","level":"INFO"}"#,
            r#"{"event":"login","user":"ada"}"#,
            r#"{"event":"login"}"#,
            r#"{"log":{"level":"info"},"message":"x"}"#,
            r#"{"agent":{"type":"winlogbeat"},"winlog":{"event_id":4625},"message":"x","@timestamp":"2026-11-22T12:00:00Z"}"#,
        ] {
            assert_eq!(Wrapped::read(own.as_bytes()), None, "{own}");
        }
    }

    #[test]
    fn documents_inside_each_other_are_read_to_a_depth() {
        let mut raw = GUESS.to_owned();
        for _ in 0..40 {
            raw = serde_json::json!({ "time": 1, "source": "sshd", "event": raw }).to_string();
            if raw.len() > 1 << 16 {
                break;
            }
        }
        read(&raw, |event| assert_eq!(&*event.raw, raw.as_bytes()));
    }
}
