//! AWS WAF: its web ACLs' logs.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Is, Named, Peer},
        },
    },
    table::verdict,
};

/// AWS WAF.
pub static AWS_WAF: JsonFormat = JsonFormat {
    name: "aws_waf",
    category: "firewall",
    product: "AWS WAF",
    about: "web ACL traffic (AWS WAF Developer Guide, Log fields)",
    logsource: LogSource { category: "webserver", product: "aws", services: &["waf"] },
    keys: &[&["webaclId", "terminatingRuleId", "httpRequest"]],
    own: "aws.waf.",
    always: &[("observer.vendor", "AWS"), ("observer.product", "WAF"), ("observer.type", "waf")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("action", Is("event.action")),
    ("terminatingRuleId", Is("rule.name")),
    ("terminatingRuleType", Is("rule.category")),
    ("webaclId", Is("rule.ruleset")),
    ("terminatingRuleMatchDetails.conditionType", Is("event.reason")),
    ("httpRequest.clientIp", Peer("source")),
    ("httpRequest.uri", Is("url.path")),
    ("httpRequest.args", Is("url.query")),
    ("httpRequest.host", Is("url.domain")),
    ("httpRequest.httpVersion", Is("http.version")),
    ("httpRequest.httpMethod", Is("http.request.method")),
    ("httpRequest.requestId", Is("http.request.id")),
    ("httpRequest.headers", Named("name")),
    ("httpRequest.headers.Host", Is("destination.domain")),
    ("httpRequest.headers.host", Is("destination.domain")),
    ("httpRequest.headers.User-Agent", Is("user_agent.original")),
    ("httpRequest.headers.user-agent", Is("user_agent.original")),
    ("httpRequest.headers.Referer", Is("http.request.referrer")),
    ("httpRequest.headers.referer", Is("http.request.referrer")),
    ("responseCodeSent", Is("http.response.status_code")),
    ("requestBodySize", Is("http.request.body.bytes")),
    ("ja3Fingerprint", Is("tls.client.ja3")),
];

fn settle(event: &mut Event<'_>) {
    let verdict = event.bytes(field::EVENT_ACTION).map_or("", |action| verdict(&action));
    event.classify("web", "access", "", "");
    if !verdict.is_empty() {
        event.set_static(field::EVENT_TYPE, verdict);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"timestamp":1795338847000,"formatVersion":1,"webaclId":"arn:aws:wafv2:eu-central-1:000000000000:regional/webacl/web/1","terminatingRuleId":"block-scanners","terminatingRuleType":"REGULAR","action":"BLOCK","terminatingRuleMatchDetails":[],"httpSourceName":"ALB","httpRequest":{"clientIp":"203.0.113.66","country":"DE","headers":[{"name":"Host","value":"www.example"},{"name":"User-Agent","value":"curl/8.0"}],"uri":"/admin","args":"x=1","httpVersion":"HTTP/1.1","httpMethod":"GET","requestId":"1-65df"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("aws.waf.formatVersion", "1"),
            ("aws.waf.httpSourceName", "ALB"),
            ("aws.waf.httpRequest.country", "DE"),
            ("event.action", "BLOCK"),
            ("rule.name", "block-scanners"),
            ("rule.category", "REGULAR"),
            ("rule.ruleset", "arn:aws:wafv2:eu-central-1:000000000000:regional/webacl/web/1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.path", "/admin"),
            ("url.query", "x=1"),
            ("http.version", "HTTP/1.1"),
            ("http.request.method", "GET"),
            ("http.request.id", "1-65df"),
            ("destination.domain", "www.example"),
            ("user_agent.original", "curl/8.0"),
            ("observer.vendor", "AWS"),
            ("observer.product", "WAF"),
            ("observer.type", "waf"),
            ("event.category", "web"),
            ("event.type", "access"),
            ("event.type", "denied"),
        ],
    },
    Example { raw: r#"{"webaclId":"a","terminatingRuleId":"b","httpRequest":"#, expect: &[] },
];
