//! Sophos UTM (formerly Astaro): packet filter, web proxy, intrusion prevention, reverse proxy and sign-ins.

use std::sync::LazyLock;

use memchr::memmem;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::Pairs,
    scan::{reject, set_source},
    table::{Table, To, USER, verdict},
};

/// Sophos UTM 9.
pub struct SophosUtm;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new("sophos.utm.", KEYS).without(&["-"]));

const KEYS: &[(&str, To)] = &[
    ("id", To::Text(field::EVENT_CODE)),
    ("severity", To::Text(field::LOG_LEVEL)),
    ("name", To::Text(field::MESSAGE)),
    ("action", To::Text(field::EVENT_ACTION)),
    ("fwrule", To::Text(field::RULE_ID)),
    ("initf", To::Text(field::OBSERVER_INGRESS_INTERFACE_NAME)),
    ("outitf", To::Text(field::OBSERVER_EGRESS_INTERFACE_NAME)),
    ("srcmac", To::Text(field::SOURCE_MAC)),
    ("dstmac", To::Text(field::DESTINATION_MAC)),
    ("srcip", To::Source),
    ("dstip", To::Destination),
    ("localip", To::Destination),
    ("srcport", To::Number(field::SOURCE_PORT)),
    ("dstport", To::Number(field::DESTINATION_PORT)),
    ("proto", To::Transport),
    ("length", To::Number(field::NETWORK_BYTES)),
    ("user", USER),
    ("method", To::Text(field::HTTP_METHOD)),
    ("statuscode", To::Number(field::HTTP_STATUS)),
    ("url", To::Url),
    ("server", To::Text(field::URL_DOMAIN)),
    ("referer", To::Text(field::HTTP_REFERRER)),
    ("ua", To::Text(field::USER_AGENT)),
    ("size", To::Number(field::HTTP_RESPONSE_BYTES)),
    ("categoryname", To::Text(field::RULE_CATEGORY)),
    ("profile", To::Text(field::RULE_RULESET)),
    ("reason", To::Text(field::EVENT_REASON)),
    ("sid", To::Text(field::RULE_ID)),
    ("class", To::Text(field::RULE_CATEGORY)),
    ("time", To::Own),
    ("host", To::Own),
];

impl Format for SophosUtm {
    fn name(&self) -> &'static str {
        "sophos_utm"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "Sophos UTM"
    }
    fn about(&self) -> &'static str {
        "Records of Sophos UTM's daemons: id, severity, sys, sub, name (Sophos UTM Administration Guide, Logging)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "sophos", services: &["sophos_utm"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["\" sys=\"", "id=\"0299\" srcip="])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        begin(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = begin(line.message).ok_or(reject("sophos_utm_no_id"))?;
        event.set_static(field::OBSERVER_VENDOR, "Sophos");
        event.set_static(field::OBSERVER_PRODUCT, "UTM");
        event.set_static(field::OBSERVER_TYPE, "firewall");
        let wanted = ["sub", "action", "name", "srcip", "statuscode"];
        let [sub, action, name, source, status] = TABLE.read_pairs(event, Pairs::new(text), wanted);
        if sub.is_empty() && name.is_empty() && status.is_empty() {
            return Err(reject("sophos_utm_no_event"));
        }
        if source.is_empty()
            && let Some((_, rest)) = crate::scan::split(text, b" from ")
            && let Some((address, _)) = crate::scan::ip(crate::scan::first_word(rest).0)
        {
            set_source(event, address);
        }
        event.keep_last(field::MESSAGE);
        classify(sub, action, name, status, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// How far into a message the id is looked for.
const HEAD: usize = 64;

/// The record from its `id="2001"` on.
fn begin(message: &[u8]) -> Option<&[u8]> {
    let at = memmem::find(&message[..message.len().min(HEAD)], b"id=\"")?;
    let text = &message[at..];
    let numbered = text.get(4..8)?.iter().all(u8::is_ascii_digit) && text.get(8) == Some(&b'"');
    let has = |key: &[u8]| memmem::find(text, key).is_some();
    (numbered && (has(b" sys=\"") || has(b" srcip=\""))).then_some(text)
}

fn classify(sub: &[u8], action: &[u8], name: &[u8], status: &[u8], event: &mut Event<'_>) {
    let verdict = verdict(action);
    match sub {
        b"ips" => {
            event.set_static(field::EVENT_KIND, "alert");
            event.classify("intrusion_detection", verdict, "", "");
            event.set_static(field::EVENT_CATEGORY, "network");
        }
        b"http" => event.classify("web", if verdict.is_empty() { "access" } else { verdict }, "", ""),
        b"auth" => {
            let failed = memmem::find(name, b"ailed").is_some() || memmem::find(name, b"denied").is_some();
            event.classify("authentication", "start", "", if failed { "failure" } else { "success" });
        }
        b"" if !status.is_empty() => event.classify("web", "access", "", ""),
        b"packetfilter" => {
            event.classify("network", "connection", "", "");
            if !verdict.is_empty() {
                event.set_static(field::EVENT_TYPE, verdict);
            }
        }
        _ => event.classify("host", "info", "", ""),
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"<30>2026:11:22-09:14:07 utm1 ulogd[1234]: id="2001" severity="info" sys="SecureNet" sub="packetfilter" name="Packet dropped" action="drop" fwrule="60001" initf="eth1" srcmac="00:00:5e:00:53:01" dstmac="00:00:5e:00:53:02" srcip="203.0.113.66" dstip="192.0.2.20" proto="6" length="60" tos="0x00" prec="0x00" ttl="57" srcport="40001" dstport="22" tcpflags="SYN""#,
        expect: &[
            ("observer.vendor", "Sophos"),
            ("observer.product", "UTM"),
            ("observer.type", "firewall"),
            ("event.code", "2001"),
            ("log.level", "info"),
            ("sophos.utm.sys", "SecureNet"),
            ("sophos.utm.sub", "packetfilter"),
            ("event.action", "drop"),
            ("rule.id", "60001"),
            ("observer.ingress.interface.name", "eth1"),
            ("source.mac", "00:00:5e:00:53:01"),
            ("destination.mac", "00:00:5e:00:53:02"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("network.iana_number", "6"),
            ("network.transport", "tcp"),
            ("network.bytes", "60"),
            ("sophos.utm.tos", "0x00"),
            ("sophos.utm.prec", "0x00"),
            ("sophos.utm.ttl", "57"),
            ("source.port", "40001"),
            ("destination.port", "22"),
            ("sophos.utm.tcpflags", "SYN"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
        ],
    },
    Example {
        raw: r#"id="0001" severity="info" sys="SecureWeb" sub="http" name="http access" action="pass" method="GET" srcip="192.0.2.17" dstip="198.51.100.80" user="ann" statuscode="200" url="http://www.example/a?b=c" profile="REF_Default" categoryname="News" ua="curl/8.0""#,
        expect: &[
            ("observer.vendor", "Sophos"),
            ("observer.product", "UTM"),
            ("observer.type", "firewall"),
            ("event.code", "0001"),
            ("log.level", "info"),
            ("sophos.utm.sys", "SecureWeb"),
            ("sophos.utm.sub", "http"),
            ("event.action", "pass"),
            ("http.request.method", "GET"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("user.name", "ann"),
            ("http.response.status_code", "200"),
            ("url.original", "http://www.example/a?b=c"),
            ("url.scheme", "http"),
            ("url.domain", "www.example"),
            ("url.path", "/a"),
            ("url.query", "b=c"),
            ("rule.ruleset", "REF_Default"),
            ("rule.category", "News"),
            ("user_agent.original", "curl/8.0"),
            ("event.category", "web"),
            ("event.type", "allowed"),
        ],
    },
    Example {
        raw: r#"id="2101" severity="warn" sys="SecureNet" sub="ips" name="Intrusion protection alert" action="drop" reason="SERVER-WEBAPP probe" class="Web Application Attack" srcip="203.0.113.66" dstip="192.0.2.20" proto="6" srcport="40002" dstport="80" sid="1881""#,
        expect: &[
            ("observer.vendor", "Sophos"),
            ("observer.product", "UTM"),
            ("observer.type", "firewall"),
            ("event.code", "2101"),
            ("log.level", "warn"),
            ("sophos.utm.sys", "SecureNet"),
            ("sophos.utm.sub", "ips"),
            ("event.action", "drop"),
            ("event.reason", "SERVER-WEBAPP probe"),
            ("rule.category", "Web Application Attack"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("network.iana_number", "6"),
            ("network.transport", "tcp"),
            ("source.port", "40002"),
            ("destination.port", "80"),
            ("rule.id", "1881"),
            ("event.kind", "alert"),
            ("event.category", "intrusion_detection"),
            ("event.type", "denied"),
            ("event.category", "network"),
        ],
    },
    Example {
        raw: r#"id="3006" severity="info" sys="System" sub="auth" name="Authentication failed" srcip="203.0.113.66" host="" user="root" caller="webadmin""#,
        expect: &[
            ("observer.vendor", "Sophos"),
            ("observer.product", "UTM"),
            ("observer.type", "firewall"),
            ("event.code", "3006"),
            ("log.level", "info"),
            ("sophos.utm.sys", "System"),
            ("sophos.utm.sub", "auth"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
            ("sophos.utm.caller", "webadmin"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: r#"httpd: id="0299" srcip="203.0.113.5" localip="192.0.2.20" size="112" user="-" host="203.0.113.5" method="POST" statuscode="401" reason="-" time="18059" url="/login" server="www.example" port="443""#,
        expect: &[
            ("observer.vendor", "Sophos"),
            ("observer.product", "UTM"),
            ("observer.type", "firewall"),
            ("event.code", "0299"),
            ("source.address", "203.0.113.5"),
            ("source.ip", "203.0.113.5"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("http.response.bytes", "112"),
            ("sophos.utm.host", "203.0.113.5"),
            ("http.request.method", "POST"),
            ("http.response.status_code", "401"),
            ("sophos.utm.time", "18059"),
            ("url.original", "/login"),
            ("url.path", "/login"),
            ("url.domain", "www.example"),
            ("sophos.utm.port", "443"),
            ("event.category", "web"),
            ("event.type", "access"),
        ],
    },
    Example { raw: r#"id="2001" severity="info" sys="SecureNet""#, expect: &[] },
];
