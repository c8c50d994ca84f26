//! Zscaler: Internet Access (NSS, Cloud NSS) and Private Access as JSON.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Account, Is, Outcome, Peer},
        },
    },
    table::verdict,
};

/// Zscaler Internet Access and Private Access.
pub static ZSCALER: JsonFormat = JsonFormat {
    name: "zscaler",
    category: "firewall",
    product: "Zscaler",
    about: "web, firewall, DNS, tunnel and audit logs of NSS and Cloud NSS, and ZPA's log streaming (help.zscaler.com)",
    logsource: LogSource { category: "proxy", product: "zscaler", services: &["zscaler"] },
    keys: &[
        // Cloud NSS's events, once they are out of their Splunk envelope
        &["reqmethod", "eurl", "cip", "sip"],
        &["event_id", "urlcategory", "serverip", "requestmethod"],
        &["csip", "cdip", "sdip", "action"],
        &["Recordtype", "tunneltype"],
        &["recordid", "auditlogtype", "adminid"],
        &["dnsgw_flags", "clt_sip"],
        &["dnsreq", "reqaction"],
        &["sourcetype=zscaler*", "event"],
        &["LogTimestamp", "Customer", "ZEN"],
        &["LogTimestamp", "ConnectionID", "Exporter"],
        &["LogTimestamp", "Customer", "SessionID"],
        &["ModifiedTime", "CreationTime", "AuditOldValue"],
    ],
    own: "zscaler.",
    always: &[("observer.vendor", "Zscaler")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("datetime", Is("@timestamp")),
    ("time", Is("@timestamp")),
    ("LogTimestamp", Is("@timestamp")),
    ("CreationTime", Is("@timestamp")),
    ("action", Is("event.action")),
    ("reason", Is("event.reason")),
    ("result", Outcome),
    ("errorcode", Is("error.code")),
    ("clientip", Peer("source")),
    ("csip", Peer("source")),
    ("sourceip", Peer("source")),
    ("cip", Peer("source")),
    ("ClientIP", Peer("source")),
    ("PublicIP", Peer("source")),
    ("ClientPublicIP", Peer("source")),
    ("csport", Is("source.port")),
    ("sourceport", Is("source.port")),
    ("sdip", Peer("destination")),
    ("destinationip", Peer("destination")),
    ("sip", Peer("destination")),
    ("serverip", Peer("destination")),
    ("sdport", Is("destination.port")),
    ("destinationport", Is("destination.port")),
    ("inbytes", Is("destination.bytes")),
    ("outbytes", Is("source.bytes")),
    ("user", Account("user")),
    ("login", Account("user")),
    ("adminid", Account("user")),
    ("User", Account("user")),
    ("Username", Account("user")),
    ("ModifiedBy", Is("user.id")),
    ("devicehostname", Is("host.hostname")),
    ("Hostname", Is("host.hostname")),
    ("deviceowner", Is("source.user.name")),
    ("eurl", Is("url.original")),
    ("url", Is("url.original")),
    ("hostname", Is("url.domain")),
    ("reqmethod", Is("http.request.method")),
    ("requestmethod", Is("http.request.method")),
    ("respcode", Is("http.response.status_code")),
    ("status", Is("http.response.status_code")),
    ("reqsize", Is("http.request.bytes")),
    ("requestsize", Is("http.request.bytes")),
    ("respsize", Is("http.response.bytes")),
    ("responsesize", Is("http.response.bytes")),
    ("contenttype", Is("http.response.mime_type")),
    ("eua", Is("user_agent.original")),
    ("useragent", Is("user_agent.original")),
    ("ereferer", Is("http.request.referrer")),
    ("refererURL", Is("http.request.referrer")),
    ("proto", Is("network.protocol")),
    ("protocol", Is("network.protocol")),
    ("nwsvc", Is("network.protocol")),
    ("nwapp", Is("network.application")),
    ("appname", Is("network.application")),
    ("rulelabel", Is("rule.name")),
    ("ruletype", Is("rule.ruleset")),
    ("urlcategory", Is("rule.category")),
    ("dnsreq", Is("dns.question.name")),
    ("reqtype", Is("dns.question.type")),
    ("bamd5", Is("file.hash.md5")),
    ("filename", Is("file.name")),
];

fn settle(event: &mut Event<'_>) {
    let has = |name: &str| crate::json::format::said(event, name).is_some();
    let audited = has("zscaler.auditlogtype") || has("zscaler.AuditOldValue");
    let action = event.bytes(field::EVENT_ACTION).unwrap_or_default().to_ascii_uppercase();
    if audited {
        return match &*action {
            b"SIGN_IN" => event.classify("authentication", "start", "", ""),
            b"SIGN_OUT" => event.classify("authentication", "end", "", ""),
            _ => event.classify("configuration", "change", "", ""),
        };
    }
    let verdict = event.bytes(field::EVENT_ACTION).map_or("", |action| verdict(&action));
    if event.get(field::DNS_QUESTION_NAME).is_some() {
        event.classify("network", "protocol", "", "");
    } else if event.get(field::HTTP_METHOD).is_some() {
        event.classify("web", "access", "", "");
    } else {
        event.classify("network", "connection", "", "");
    }
    if !verdict.is_empty() {
        event.set_static(field::EVENT_TYPE, verdict);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"sourcetype":"zscalernss-web","event":{"time":"2026-11-22 09:14:07","login":"ann@example.com","proto":"HTTPS","eurl":"www.example/pqr","action":"Blocked","reqsize":"600","respsize":"65","cip":"192.0.2.17","sip":"198.51.100.80","reqmethod":"GET","respcode":"403","eua":"curl/8.0","ruletype":"FwFilter","rulelabel":"proxy"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "Blocked"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("user.name", "ann"),
            ("user.domain", "example.com"),
            ("user.email", "ann@example.com"),
            ("url.original", "www.example/pqr"),
            ("http.request.method", "GET"),
            ("http.response.status_code", "403"),
            ("http.request.bytes", "600"),
            ("http.response.bytes", "65"),
            ("user_agent.original", "curl/8.0"),
            ("network.protocol", "https"),
            ("rule.name", "proxy"),
            ("rule.ruleset", "FwFilter"),
            ("observer.vendor", "Zscaler"),
            ("event.category", "web"),
            ("event.type", "access"),
            ("event.type", "denied"),
        ],
    },
    Example {
        raw: r#"{"datetime":"Sun Nov 22 09:15:00 2026","csip":"192.0.2.17","csport":"51515","cdip":"198.51.100.80","cdport":"443","sdip":"198.51.100.80","sdport":"443","action":"Allow","nwapp":"http","inbytes":"19052","outbytes":"1734","rulelabel":"default","user":"ann@example.com"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:15:00Z"),
            ("zscaler.cdip", "198.51.100.80"),
            ("zscaler.cdport", "443"),
            ("event.action", "Allow"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("source.port", "51515"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("destination.port", "443"),
            ("destination.bytes", "19052"),
            ("source.bytes", "1734"),
            ("user.name", "ann"),
            ("user.domain", "example.com"),
            ("user.email", "ann@example.com"),
            ("network.application", "http"),
            ("rule.name", "default"),
            ("observer.vendor", "Zscaler"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
        ],
    },
    Example {
        raw: r#"{"time":"2026-11-22 09:16:00","recordid":"1","action":"SIGN_IN","adminid":"admin@example.com","clientip":"203.0.113.5","result":"SUCCESS","auditlogtype":"ZIA"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:16:00Z"),
            ("zscaler.recordid", "1"),
            ("zscaler.auditlogtype", "ZIA"),
            ("event.action", "SIGN_IN"),
            ("event.outcome", "success"),
            ("source.address", "203.0.113.5"),
            ("source.ip", "203.0.113.5"),
            ("user.name", "admin"),
            ("user.domain", "example.com"),
            ("user.email", "admin@example.com"),
            ("observer.vendor", "Zscaler"),
            ("event.category", "authentication"),
            ("event.type", "start"),
        ],
    },
    Example {
        raw: r#"{"LogTimestamp":"Sun Nov 22 09:17:00 2026","Customer":"Example","Username":"ann@example.com","SessionID":"s1","SessionStatus":"ZPN_STATUS_AUTHENTICATED","ZEN":"zen1","PublicIP":"203.0.113.5","Hostname":"laptop7"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:17:00Z"),
            ("zscaler.Customer", "Example"),
            ("zscaler.SessionID", "s1"),
            ("zscaler.SessionStatus", "ZPN_STATUS_AUTHENTICATED"),
            ("zscaler.ZEN", "zen1"),
            ("source.address", "203.0.113.5"),
            ("source.ip", "203.0.113.5"),
            ("user.name", "ann"),
            ("user.domain", "example.com"),
            ("user.email", "ann@example.com"),
            ("host.hostname", "laptop7"),
            ("observer.vendor", "Zscaler"),
            ("event.category", "network"),
            ("event.type", "connection"),
        ],
    },
    Example { raw: r#"{"LogTimestamp":"Sun Nov 22 09:17:00 2026","Customer":"Example","ZEN":"#, expect: &[] },
];
