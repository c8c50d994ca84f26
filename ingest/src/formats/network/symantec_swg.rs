//! Symantec Cloud SWG, once Blue Coat.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Is, Peer},
        },
    },
};

/// Symantec Cloud SWG, once Blue Coat: see the module.
pub static SYMANTEC_SWG: JsonFormat = JsonFormat {
    name: "symantec_swg",
    category: "network",
    product: "Symantec Cloud SWG, once Blue Coat",
    about: r#"access log fields as JSON (techdocs.broadcom.com, "Log Fields and CPL Substitutions")"#,
    logsource: LogSource { category: "proxy", product: "symantec", services: &["cloud_swg"] },
    keys: &[&["cs-host", "cs-method", "c-ip"], &["cs-host", "sc-status", "c-ip"]],
    own: "symantec.swg.",
    always: &[("observer.vendor", "Broadcom"), ("observer.type", "proxy")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("x-timestamp-unix", Is("@timestamp")),
    ("timestamp", Is("@timestamp")),
    ("c-ip", Peer("client")),
    ("s-ip", Peer("server")),
    ("r-ip", Peer("destination")),
    ("cs-bytes", Is("client.bytes")),
    ("sc-bytes", Is("server.bytes")),
    ("cs-method", Is("http.request.method")),
    ("sc-status", Is("http.response.status_code")),
    ("cs-userdn", Is("client.user.name")),
    ("cs-username", Is("user.name")),
    ("cs-host", Is("url.domain")),
    ("cs-uri-path", Is("url.path")),
    ("cs-uri-query", Is("url.query")),
    ("cs-uri-port", Is("url.port")),
    ("cs-uri-scheme", Is("url.scheme")),
    ("cs-uri-extension", Is("url.extension")),
    ("cs(User-Agent)", Is("user_agent.original")),
    ("cs(Referer)", Is("http.request.referrer")),
    ("rs(Content-Type)", Is("http.response.mime_type")),
    ("s-action", Is("event.action")),
    ("s-computername", Is("observer.name")),
    ("x-exception-id", Is("event.reason")),
    ("x-rs-certificate-hostname", Is("tls.server.x509.alternative_names")),
    ("application-name", Is("network.application")),
    ("x-dns-cs-dns", Is("dns.question.name")),
    ("x-dns-cs-qtype", Is("dns.question.type")),
    ("x-dns-cs-qclass", Is("dns.question.class")),
    ("x-dns-cs-opcode", Is("dns.op_code")),
];

fn settle(event: &mut Event<'_>) {
    let action = said(event, "event.action").unwrap_or_default();
    let denied = memchr::memmem::find(&action, b"DENIED").is_some();
    event.classify("web", if denied { "denied" } else { "access" }, "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"x-timestamp-unix":"1795338847","c-ip":"192.0.2.17","cs-method":"GET","cs-host":"www.example.com","cs-uri-scheme":"https","cs-uri-port":443,"cs-uri-path":"/a","cs-uri-query":"?x=1","sc-status":403,"cs-bytes":321,"sc-bytes":1250,"s-action":"TCP_DENIED","cs(User-Agent)":"curl/8.14.1","cs-userdn":"EXAMPLE\\anna"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("client.address", "192.0.2.17"),
            ("client.bytes", "321"),
            ("client.ip", "192.0.2.17"),
            ("client.user.name", "EXAMPLE\\anna"),
            ("event.action", "TCP_DENIED"),
            ("event.category", "web"),
            ("event.type", "denied"),
            ("http.request.method", "GET"),
            ("http.response.status_code", "403"),
            ("observer.type", "proxy"),
            ("observer.vendor", "Broadcom"),
            ("server.bytes", "1250"),
            ("url.domain", "www.example.com"),
            ("url.path", "/a"),
            ("url.port", "443"),
            ("url.query", "?x=1"),
            ("url.scheme", "https"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example { raw: r#"{"cs-host":"x","cs-method":"GET","c-ip":"#, expect: &[] },
];
