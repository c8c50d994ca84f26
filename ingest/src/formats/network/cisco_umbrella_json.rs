//! Cisco Umbrella, as data lakes keep it.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Is, Peer, Url},
        },
    },
};

/// Cisco Umbrella, as data lakes keep it: see the module.
pub static CISCO_UMBRELLA_JSON: JsonFormat = JsonFormat {
    name: "cisco_umbrella_json",
    category: "network",
    product: "Cisco Umbrella, as data lakes keep it",
    about: "Umbrella's logs with their columns as keys (docs.umbrella.com, Log Formats and Versioning)",
    logsource: LogSource { category: "dns", product: "cisco", services: &["umbrella"] },
    keys: &[&["internalIp", "externalIp", "domain"], &["internalIp", "externalIp", "url"]],
    own: "cisco.umbrella.",
    always: &[("observer.vendor", "Cisco"), ("observer.product", "Umbrella")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("internalIp", Peer("source")),
    ("externalIp", Is("source.nat.ip")),
    ("destinationIp", Peer("destination")),
    ("action", Is("event.action")),
    ("verdict", Is("event.action")),
    ("domain", Is("dns.question.name")),
    ("queryType", Is("dns.question.type")),
    ("responseCode", Is("dns.response_code")),
    ("url", Url),
    ("referer", Is("http.request.referrer")),
    ("userAgent", Is("user_agent.original")),
    ("statusCode", Is("http.response.status_code")),
    ("contentType", Is("http.response.mime_type")),
    ("policyIdentity", Is("user.name")),
    ("mostGranularIdentity", Is("user.name")),
];

fn settle(event: &mut Event<'_>) {
    let action = said(event, "event.action").unwrap_or_default();
    let verdict = crate::table::verdict(&action);
    event.classify("network", if verdict.is_empty() { "connection" } else { verdict }, "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"action":"Blocked","internalIp":"192.0.2.17","externalIp":"203.0.113.9","timestamp":"2026-11-22 09:14:07.000","responseCode":"NOERROR","domain":"malware.example.net."}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("dns.question.name", "malware.example.net."),
            ("dns.response_code", "NOERROR"),
            ("event.action", "Blocked"),
            ("event.category", "network"),
            ("event.type", "denied"),
            ("observer.product", "Umbrella"),
            ("observer.vendor", "Cisco"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("source.nat.ip", "203.0.113.9"),
        ],
    },
    Example {
        raw: r#"{"action":"Blocked","internalIp":"192.0.2.17","externalIp":"203.0.113.9","domain":"#,
        expect: &[],
    },
];
