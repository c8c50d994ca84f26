//! Vectra Detect.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    json::table::{Row, Table, To},
    scan::reject,
    signin,
};

/// Vectra: a JSON object behind the name of its kind.
pub struct Vectra;

impl Format for Vectra {
    fn name(&self) -> &'static str {
        "vectra"
    }
    fn category(&self) -> &'static str {
        "security"
    }
    fn product(&self) -> &'static str {
        "Vectra AI Detect"
    }
    fn about(&self) -> &'static str {
        "detections, scores, audit, campaigns and health as JSON over syslog (Vectra: Syslog/Kafka Event Formats)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "vectra", services: &["detect"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["\"headend_addr\"", "\"vectra_timestamp\"", "vectra_json_"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        object(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let object = object(line.message).ok_or(reject("vectra_object"))?;
        event.set_static(field::OBSERVER_VENDOR, "Vectra");
        event.set_static(field::OBSERVER_PRODUCT, "Detect");
        event.set_static(field::OBSERVER_TYPE, "sensor");
        TABLE.read(object, "vectra.detect.", event)?;
        // audited sign-ins are sentences
        if event
            .bytes(field::MESSAGE)
            .is_some_and(|said| said.starts_with(b"invalid authentication") || signin::is_failed(&said))
        {
            event.set_static(field::EVENT_CATEGORY, "authentication");
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The object behind `vectra_json_v2 -: ` or `- :`, or alone.
fn object(message: &[u8]) -> Option<&[u8]> {
    let at = memchr::memchr(b'{', &message[..message.len().min(64)])?;
    let head = message[..at].trim_ascii();
    let known = head.is_empty() || head.starts_with(b"vectra_") || matches!(head, b"-:" | b"- :" | b":-");
    let object = message[at..].trim_ascii_end();
    (known
        && memchr::memmem::find(object, b"\"version\"")
            .or(memchr::memmem::find(object, b"\"alert_signature\""))
            .is_some())
    .then_some(object)
}

static TABLE: Table = Table::new(ROWS);

const ROWS: &[Row] = &[
    ("vectra_timestamp", To::Is("@timestamp")),
    ("timestamp", To::Is("@timestamp")),
    ("event_timestamp", To::Is("@timestamp")),
    ("category", To::Is("event.action")),
    ("action", To::Is("event.action")),
    ("result", To::Outcome),
    ("reason", To::Is("event.reason")),
    ("alert_severity", To::Is("event.severity")),
    ("message", To::Is("message")),
    ("headend_addr", To::Is("observer.ip")),
    ("dvchost", To::All(&["observer.hostname", "observer.name"])),
    ("version", To::Is("observer.version")),
    ("sensor", To::Is("observer.serial_number")),
    ("host_name", To::Is("host.name")),
    ("host_ip", To::All(&["host.ip", "source.ip"])),
    ("src_ip", To::Is("source.ip")),
    ("src_port", To::Is("source.port")),
    ("src_name", To::Is("source.address")),
    ("source_ip", To::Is("source.ip")),
    ("dest_ip", To::Peer("destination")),
    ("dest_port", To::Is("destination.port")),
    ("dest_name", To::Is("destination.domain")),
    ("dd_dst_ip", To::Peer("destination")),
    ("dd_dst_port", To::Is("destination.port")),
    ("dd_dst_dns", To::Is("destination.domain")),
    ("dd_bytes_sent", To::Is("source.bytes")),
    ("dd_bytes_rcvd", To::Is("destination.bytes")),
    ("dd_proto", To::Is("network.transport")),
    ("proto", To::Is("network.transport")),
    ("href", To::Url),
    ("campaign_link", To::Url),
    ("user", To::Is("user.name")),
    ("role", To::Is("user.roles")),
    ("account_uid", To::Is("user.id")),
    ("account_id", To::Is("vectra.detect.account_id")),
    ("quadrant", To::Is("user.risk.static_level")),
    ("service_name", To::Is("service.name")),
    ("alert_signature", To::Is("rule.name")),
    ("alert_signature_id", To::Is("rule.id")),
    ("http_method", To::Is("http.request.method")),
    ("user_agent", To::Is("user_agent.original")),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"vectra_json_v2 -: {"version": "9.1", "detection_id": 3, "category": "RECONNAISSANCE", "severity": 2, "threat": 40, "certainty": 50, "d_type": "port_scan", "triaged": false, "headend_addr": "192.0.2.12", "dvchost": "brain.example.com", "href": "https://brain.example.com/detections/3?detail_id=841", "dd_dst_ip": "198.51.100.7", "dd_dst_port": 443, "dd_proto": "tcp", "host_name": "desk7", "host_ip": "203.0.113.66", "vectra_timestamp": "1795338847"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("destination.address", "198.51.100.7"),
            ("destination.ip", "198.51.100.7"),
            ("destination.port", "443"),
            ("event.action", "RECONNAISSANCE"),
            ("host.ip", "203.0.113.66"),
            ("host.name", "desk7"),
            ("network.transport", "tcp"),
            ("observer.hostname", "brain.example.com"),
            ("observer.ip", "192.0.2.12"),
            ("observer.name", "brain.example.com"),
            ("observer.product", "Detect"),
            ("observer.type", "sensor"),
            ("observer.vendor", "Vectra"),
            ("observer.version", "9.1"),
            ("source.ip", "203.0.113.66"),
            ("url.domain", "brain.example.com"),
            ("url.original", "https://brain.example.com/detections/3?detail_id=841"),
            ("url.path", "/detections/3"),
            ("url.query", "detail_id=841"),
            ("url.scheme", "https"),
            ("vectra.detect.certainty", "50"),
            ("vectra.detect.d_type", "port_scan"),
            ("vectra.detect.detection_id", "3"),
            ("vectra.detect.severity", "2"),
            ("vectra.detect.threat", "40"),
            ("vectra.detect.triaged", "false"),
        ],
    },
    Example {
        raw: r#"- :{"user": "b.jones", "role": "Admin", "source_ip": "203.0.113.66", "headend_addr": "192.0.2.12", "dvchost": "brain.example.com", "version": "9.1", "result": "failure", "message": "login as b.jones", "vectra_timestamp": "1795338847"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.outcome", "failure"),
            ("message", "login as b.jones"),
            ("observer.hostname", "brain.example.com"),
            ("observer.ip", "192.0.2.12"),
            ("observer.name", "brain.example.com"),
            ("observer.product", "Detect"),
            ("observer.type", "sensor"),
            ("observer.vendor", "Vectra"),
            ("observer.version", "9.1"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "b.jones"),
            ("user.roles", "Admin"),
        ],
    },
    Example { raw: r#"vectra_json_v2 -: {"version": "9.1", "headend_addr": "192.0.2"#, expect: &[] },
];
