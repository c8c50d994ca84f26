//! F5 BIG-IP's telemetry streaming.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Account, Is, Peer, Url},
        },
    },
    table::verdict,
};

/// Events of F5 Telemetry Streaming.
pub static F5_TELEMETRY: JsonFormat = JsonFormat {
    name: "f5_telemetry",
    category: "firewall",
    product: "F5 BIG-IP (telemetry)",
    about: "LTM, AFM, ASM, APM and AVR events of F5 Telemetry Streaming (clouddocs.f5.com/products/extensions/f5-telemetry-streaming)",
    logsource: LogSource { category: "firewall", product: "f5", services: &["bigip"] },
    keys: &[&["telemetryEventCategory"], &["errdefs_msgno", "hostname"]],
    own: "f5.bigip.",
    always: &[("observer.vendor", "F5"), ("observer.product", "BIG-IP")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("f5telemetry_timestamp", Is("@timestamp")),
    ("event_timestamp", Is("@timestamp")),
    ("EOCTimestamp", Is("@timestamp")),
    ("epoch_time", Is("@timestamp")),
    ("hostname", Is("host.name")),
    ("application", Is("network.application")),
    ("ApplicationName", Is("network.application")),
    ("action", Is("event.action")),
    ("Action", Is("event.action")),
    ("severity", Is("event.severity")),
    ("Severity", Is("log.level")),
    ("source_ip", Peer("source")),
    ("client_ip", Peer("source")),
    ("ClientIP", Peer("source")),
    ("Client_IP", Peer("source")),
    ("SourceIP", Peer("source")),
    ("ip_client", Peer("source")),
    ("source_port", Is("source.port")),
    ("source_fqdn", Is("source.domain")),
    ("source_user", Account("source.user")),
    ("source_user_group", Is("source.user.group.name")),
    ("dest_ip", Peer("destination")),
    ("server_ip", Peer("destination")),
    ("POOLIP", Peer("destination")),
    ("dest_port", Is("destination.port")),
    ("POOLPort", Is("destination.port")),
    ("dest_fqdn", Is("destination.domain")),
    ("translated_source_ip", Is("source.nat.ip")),
    ("translated_source_port", Is("source.nat.port")),
    ("translated_dest_ip", Is("destination.nat.ip")),
    ("translated_dest_port", Is("destination.nat.port")),
    ("ip_protocol", Is("network.transport")),
    ("NetworkProtocol", Is("network.protocol")),
    ("protocol", Is("network.protocol")),
    ("acl_rule_name", Is("rule.name")),
    ("acl_policy_name", Is("rule.ruleset")),
    ("policy_name", Is("rule.ruleset")),
    ("URL", Url),
    ("http_uri", Url),
    ("uri", Url),
    ("Method", Is("http.request.method")),
    ("http_method", Is("http.request.method")),
    ("method", Is("http.request.method")),
    ("ResponseCode", Is("http.response.status_code")),
    ("response_code", Is("http.response.status_code")),
    ("User_Agent", Is("user_agent.original")),
    ("UserAgent", Is("user_agent.original")),
    ("QueryName", Is("dns.question.name")),
    ("QueryType", Is("dns.question.type")),
    ("UserName", Account("user")),
    ("username", Account("user")),
];

fn settle(event: &mut Event<'_>) {
    let said = |name: &str| crate::json::format::said(event, name).unwrap_or_default();
    let result = said("f5.bigip.Access_Policy_Result");
    if !result.is_empty() {
        let outcome = if result.ends_with(b"Deny") || result.ends_with(b"deny") { "failure" } else { "success" };
        return event.classify("authentication", "start", "", outcome);
    }
    let verdict = event.bytes(field::EVENT_ACTION).map_or("", |action| verdict(&action));
    event.classify("network", if verdict.is_empty() { "info" } else { verdict }, "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"event_source":"request_logging","event_timestamp":"2026-11-22T09:14:07.000Z","hostname":"bigip1.example.com","client_ip":"203.0.113.5","server_ip":"192.0.2.80","http_method":"GET","http_uri":"/a?b=c","virtual_name":"/Common/app","application":"app","telemetryEventCategory":"LTM"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("f5.bigip.event_source", "request_logging"),
            ("f5.bigip.virtual_name", "/Common/app"),
            ("f5.bigip.telemetryEventCategory", "LTM"),
            ("network.application", "app"),
            ("source.address", "203.0.113.5"),
            ("source.ip", "203.0.113.5"),
            ("destination.address", "192.0.2.80"),
            ("destination.ip", "192.0.2.80"),
            ("url.original", "/a?b=c"),
            ("url.path", "/a"),
            ("url.query", "b=c"),
            ("http.request.method", "GET"),
            ("observer.vendor", "F5"),
            ("observer.product", "BIG-IP"),
            ("event.category", "network"),
            ("event.type", "info"),
        ],
    },
    Example {
        raw: r#"{"hostname":"bigip1.example.com","errdefs_msgno":"01490102:5:","session_id":"acb1","Access_Policy_Result":"Logon_Deny","telemetryEventCategory":"APM","f5telemetry_timestamp":"2026-11-22T09:15:00.783Z"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:15:00.783Z"),
            ("f5.bigip.errdefs_msgno", "01490102:5:"),
            ("f5.bigip.session_id", "acb1"),
            ("f5.bigip.Access_Policy_Result", "Logon_Deny"),
            ("f5.bigip.telemetryEventCategory", "APM"),
            ("observer.vendor", "F5"),
            ("observer.product", "BIG-IP"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: r#"{"acl_policy_name":"/Common/p","acl_rule_name":"ssh","action":"Drop","hostname":"bigip1.example.com","source_ip":"203.0.113.66","source_port":"40001","dest_ip":"192.0.2.20","dest_port":"22","ip_protocol":"TCP","telemetryEventCategory":"AFM"}"#,
        expect: &[
            ("f5.bigip.telemetryEventCategory", "AFM"),
            ("event.action", "Drop"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "40001"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("destination.port", "22"),
            ("network.transport", "tcp"),
            ("rule.name", "ssh"),
            ("rule.ruleset", "/Common/p"),
            ("observer.vendor", "F5"),
            ("observer.product", "BIG-IP"),
            ("event.category", "network"),
            ("event.type", "denied"),
        ],
    },
    Example { raw: r#"{"telemetryEventCategory":"#, expect: &[] },
];
