//! Barracuda Web Application Firewall: access, firewall, network and system records in the default order.

use std::sync::LazyLock;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{reject, split},
    table::{Cells, Table, To, USER, verdict},
};

/// Barracuda WAF.
pub struct BarracudaWaf;

const OWN: &str = "barracuda.waf.";

type Column = (&'static str, To);

const NOTHING: &[&str] = &["-", "\"-\"", "N/A"];

/// `TR`
static ACCESS: LazyLock<Table> = LazyLock::new(|| Table::new(OWN, ACCESS_COLUMNS).without(NOTHING));
/// `WF`
static FIREWALL: LazyLock<Table> = LazyLock::new(|| Table::new(OWN, FIREWALL_COLUMNS).without(NOTHING));
/// `NF`
static NETWORK: LazyLock<Table> = LazyLock::new(|| Table::new(OWN, NETWORK_COLUMNS).without(NOTHING));

const ACCESS_COLUMNS: &[Column] = &[
    ("service_ip", To::Destination),
    ("service_port", To::Number(field::DESTINATION_PORT)),
    ("client_ip", To::Source),
    ("client_port", To::Number(field::SOURCE_PORT)),
    ("login", USER),
    ("certificate_user", To::Own),
    ("method", To::Text(field::HTTP_METHOD)),
    ("protocol", To::Text(field::NETWORK_PROTOCOL)),
    ("host", To::Text(field::URL_DOMAIN)),
    ("version", To::Text(field::HTTP_VERSION)),
    ("status", To::Number(field::HTTP_STATUS)),
    ("bytes_sent", To::Number(field::HTTP_RESPONSE_BYTES)),
    ("bytes_received", To::Number(field::HTTP_REQUEST_BYTES)),
    ("cache_hit", To::Own),
    ("time_taken", To::Own),
    ("server_ip", To::Own),
    ("server_port", To::Own),
    ("server_time", To::Own),
    ("session_id", To::Own),
    ("response_type", To::Own),
    ("profile_matched", To::Own),
    ("protected", To::Own),
    ("wf_matched", To::Own),
    ("url", To::Text(field::URL_PATH)),
    ("query", To::Text(field::URL_QUERY)),
    ("referer", To::Text(field::HTTP_REFERRER)),
    ("cookie", To::Own),
    ("user_agent", To::Text(field::USER_AGENT)),
    ("proxy_ip", To::Ip(field::NETWORK_FORWARDED_IP)),
    ("proxy_port", To::Own),
    ("authenticated_user", To::Else(field::USER_NAME)),
];

const FIREWALL_COLUMNS: &[Column] = &[
    ("severity", To::Text(field::LOG_LEVEL)),
    ("attack", To::Own),
    ("client_ip", To::Source),
    ("client_port", To::Number(field::SOURCE_PORT)),
    ("service_ip", To::Destination),
    ("service_port", To::Number(field::DESTINATION_PORT)),
    ("rule", To::Text(field::RULE_NAME)),
    ("rule_type", To::Text(field::RULE_CATEGORY)),
    ("action", To::Text(field::EVENT_ACTION)),
];

/// What follows the details in brackets.
const REQUEST_COLUMNS: &[Column] = &[
    ("method", To::Text(field::HTTP_METHOD)),
    ("url", To::Text(field::URL_PATH)),
    ("protocol", To::Text(field::NETWORK_PROTOCOL)),
    ("session_id", To::Own),
    ("user_agent", To::Text(field::USER_AGENT)),
    ("proxy_ip", To::Ip(field::NETWORK_FORWARDED_IP)),
    ("proxy_port", To::Own),
    ("authenticated_user", To::Text(field::USER_NAME)),
    ("referer", To::Text(field::HTTP_REFERRER)),
];

static REQUEST: LazyLock<Table> = LazyLock::new(|| Table::new(OWN, REQUEST_COLUMNS).without(NOTHING));

const NETWORK_COLUMNS: &[Column] = &[
    ("severity", To::Text(field::LOG_LEVEL)),
    ("protocol", To::Transport),
    ("src", To::Source),
    ("src_port", To::Number(field::SOURCE_PORT)),
    ("dst", To::Destination),
    ("dst_port", To::Number(field::DESTINATION_PORT)),
    ("action", To::Text(field::EVENT_ACTION)),
    ("acl", To::Text(field::RULE_NAME)),
];

impl Format for BarracudaWaf {
    fn name(&self) -> &'static str {
        "barracuda_waf"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "Barracuda Web Application Firewall"
    }
    fn about(&self) -> &'static str {
        "Access, web firewall, network firewall, audit and system logs (Barracuda Campus, Log Formats)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "webserver", product: "barracuda", services: &["waf"] }
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["TR ", "WF ", "NF ", "SYS ", "AUDIT "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        record(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (kind, rest) = record(line.message).ok_or(reject("barracuda_waf_no_type"))?;
        event.set_static(field::OBSERVER_VENDOR, "Barracuda");
        event.set_static(field::OBSERVER_TYPE, "waf");
        // the unit's name stands where the header's host does
        if let Some(unit) = line.host {
            event.set(field::OBSERVER_NAME, unit);
        }
        match kind {
            b"TR" => {
                let [status] = ACCESS.read_cells(event, Cells::between(rest, b' '), ["status"]);
                let outcome = if status >= &b"400"[..] { "failure" } else { "success" };
                event.classify("web", "access", "", outcome);
            }
            b"WF" => {
                let (head, request) = split(rest, b" [").unwrap_or((rest, b""));
                let [action] = FIREWALL.read_cells(event, Cells::between(head, b' '), ["action"]);
                if let Some((details, request)) = split(request, b"] ") {
                    crate::pairs::set_own(event, OWN, b"details", details);
                    REQUEST.read_cells(event, Cells::between(request, b' '), []);
                }
                event.set_static(field::EVENT_KIND, "alert");
                event.classify("intrusion_detection", verdict(action), "", "");
                event.set_static(field::EVENT_CATEGORY, "network");
            }
            b"NF" => {
                let [action] = NETWORK.read_cells(event, Cells::between(rest, b' '), ["action"]);
                event.classify("network", "connection", "", "");
                let verdict = verdict(action);
                if !verdict.is_empty() {
                    event.set_static(field::EVENT_TYPE, verdict);
                }
            }
            b"AUDIT" => {
                event.replace(field::MESSAGE, rest);
                event.classify("configuration", "change", "", "");
            }
            _ => {
                event.replace(field::MESSAGE, rest);
                event.classify("host", "info", "", "");
            }
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The type and what follows.
fn record(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let (kind, rest) = crate::scan::first_word(message);
    (is_type(kind) && fits(kind, rest)).then_some((kind, rest))
}

fn is_type(word: &[u8]) -> bool {
    matches!(word, b"TR" | b"WF" | b"NF" | b"SYS" | b"AUDIT")
}

/// Whether the columns behind a type are as they should be.
fn fits(kind: &[u8], rest: &[u8]) -> bool {
    let mut words = rest.split(|b| *b == b' ');
    match kind {
        b"TR" => words.next().and_then(crate::scan::ip).is_some(),
        b"WF" | b"NF" => words.next().is_some_and(is_level),
        b"SYS" => words.nth(1).is_some_and(is_level),
        _ => words.nth(1).is_some(),
    }
}

fn is_level(word: &[u8]) -> bool {
    matches!(word, b"EMER" | b"ALER" | b"CRIT" | b"ERR" | b"ERRO" | b"WARN" | b"NOTI" | b"INFO" | b"DEBU")
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"<134>2026-11-22 09:14:07.959 +0100  waf1 TR 192.0.2.80 443 203.0.113.5 8210 "-" "-" GET TLSv1.2 www.example HTTP/1.1 404 791 293 0 3 192.0.2.81 443 0 "-" INTERNAL DEFAULT PROTECTED INVALID /index.html x=1 http://www.example/ "-" "Mozilla/5.0 (X11)" 203.0.113.9 82"#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.959Z"),
            ("observer.vendor", "Barracuda"),
            ("observer.type", "waf"),
            ("observer.name", "waf1"),
            ("destination.address", "192.0.2.80"),
            ("destination.ip", "192.0.2.80"),
            ("destination.port", "443"),
            ("source.address", "203.0.113.5"),
            ("source.ip", "203.0.113.5"),
            ("source.port", "8210"),
            ("http.request.method", "GET"),
            ("network.protocol", "TLSv1.2"),
            ("url.domain", "www.example"),
            ("http.version", "HTTP/1.1"),
            ("http.response.status_code", "404"),
            ("http.response.bytes", "791"),
            ("http.request.bytes", "293"),
            ("barracuda.waf.cache_hit", "0"),
            ("barracuda.waf.time_taken", "3"),
            ("barracuda.waf.server_ip", "192.0.2.81"),
            ("barracuda.waf.server_port", "443"),
            ("barracuda.waf.server_time", "0"),
            ("barracuda.waf.response_type", "INTERNAL"),
            ("barracuda.waf.profile_matched", "DEFAULT"),
            ("barracuda.waf.protected", "PROTECTED"),
            ("barracuda.waf.wf_matched", "INVALID"),
            ("url.path", "/index.html"),
            ("url.query", "x=1"),
            ("http.request.referrer", "http://www.example/"),
            ("user_agent.original", "Mozilla/5.0 (X11)"),
            ("network.forwarded_ip", "203.0.113.9"),
            ("barracuda.waf.proxy_port", "82"),
            ("event.category", "web"),
            ("event.type", "access"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: r#"<129>2026-11-22 09:14:08.177 +0100  waf1 WF ALER SQL_INJECTION_IN_PARAM 203.0.113.66 52532 192.0.2.80 443 sqli GLOBAL DENY NONE [type="sql-injection"] GET /login TLSv1.2 "-" "curl/8.0" 203.0.113.66 52532 "-" http://www.example/ 186c0f24c61-427e368"#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:08.177Z"),
            ("observer.vendor", "Barracuda"),
            ("observer.type", "waf"),
            ("observer.name", "waf1"),
            ("log.level", "ALER"),
            ("barracuda.waf.attack", "SQL_INJECTION_IN_PARAM"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "52532"),
            ("destination.address", "192.0.2.80"),
            ("destination.ip", "192.0.2.80"),
            ("destination.port", "443"),
            ("rule.name", "sqli"),
            ("rule.category", "GLOBAL"),
            ("event.action", "DENY"),
            ("barracuda.waf.details", r#"type="sql-injection""#),
            ("http.request.method", "GET"),
            ("url.path", "/login"),
            ("network.protocol", "TLSv1.2"),
            ("user_agent.original", "curl/8.0"),
            ("network.forwarded_ip", "203.0.113.66"),
            ("barracuda.waf.proxy_port", "52532"),
            ("http.request.referrer", "http://www.example/"),
            ("event.kind", "alert"),
            ("event.category", "intrusion_detection"),
            ("event.type", "denied"),
            ("event.category", "network"),
        ],
    },
    Example {
        raw: "<129>2026-11-22 09:14:09.219 +0100  waf1 NF ALER TCP 203.0.113.66 33905 192.0.2.1 22 DENY SSH_SOURCES MGMT/LAN/WAN interface traffic:deny",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:09.219Z"),
            ("observer.vendor", "Barracuda"),
            ("observer.type", "waf"),
            ("observer.name", "waf1"),
            ("log.level", "ALER"),
            ("network.transport", "tcp"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "33905"),
            ("destination.address", "192.0.2.1"),
            ("destination.ip", "192.0.2.1"),
            ("destination.port", "22"),
            ("event.action", "DENY"),
            ("rule.name", "SSH_SOURCES"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
        ],
    },
    Example {
        raw: "<134>2026-11-22 09:15:00.251 +0200  waf1 SYS ADMIN_M INFO 62004 Configuration saved",
        expect: &[
            ("@timestamp", "2026-11-22T07:15:00.251Z"),
            ("observer.vendor", "Barracuda"),
            ("observer.type", "waf"),
            ("observer.name", "waf1"),
            ("event.category", "host"),
            ("event.type", "info"),
        ],
    },
    Example { raw: "<134>2026-11-22 09:15:00.251 +0200  waf1 SYS nothing at all", expect: &[] },
];
