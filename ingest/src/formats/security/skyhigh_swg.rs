//! Skyhigh Secure Web Gateway, formerly McAfee Web Gateway.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::Pairs,
    scan::{reject, split},
    table::{Table, To, USER},
    web::{set_request, set_url},
};

/// Skyhigh SWG: `key=value` pairs of the access log.
pub struct SkyhighSwg;

impl Format for SkyhighSwg {
    fn name(&self) -> &'static str {
        "skyhigh_swg"
    }
    fn category(&self) -> &'static str {
        "security"
    }
    fn product(&self) -> &'static str {
        "Skyhigh Secure Web Gateway, McAfee Web Gateway"
    }
    fn about(&self) -> &'static str {
        "access log records as key=value (Skyhigh Security: Secure Web Gateway, Logging)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "proxy", product: "skyhigh", services: &["swg"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["http_request_first_line=\""])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        split(message, b"http_status_code=").is_some() && split(message, b"source_ip=").is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if !self.recognises(line.message) {
            return Err(reject("skyhigh_swg_keys"));
        }
        event.set_static(field::OBSERVER_VENDOR, "McAfee Corp.");
        event.set_static(field::OBSERVER_PRODUCT, "McAfee Web Gateway");
        event.set_static(field::OBSERVER_TYPE, "proxy");
        event.set_static(field::NETWORK_DIRECTION, "egress");
        let [status, block, request] = TABLE.read_pairs(
            event,
            Pairs::new(line.message),
            ["http_status_code", "block_reason", "http_request_first_line"],
        );
        ask(request, event);
        let denied = !block.is_empty() || matches!(status, b"403" | b"407");
        event.set_static(field::EVENT_ACTION, if denied { "denied" } else { "allowed" });
        event.classify("network", if denied { "denied" } else { "access" }, "", "");
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `GET http://www.example.com/ HTTP/1.1`, `CONNECT www.example.com:443 HTTP/1.1`
fn ask<'r>(request: &'r [u8], event: &mut Event<'r>) {
    let mut words = request.split(|b| *b == b' ');
    match (words.next(), words.next()) {
        (Some(b"CONNECT"), Some(target)) => {
            event.set_static(field::HTTP_METHOD, "CONNECT");
            let (host, port) = crate::web::split_port(target);
            if !host.is_empty() && port.is_some() {
                event.set(field::URL_DOMAIN, host);
                port.into_iter().for_each(|port| crate::scan::set_number(event, field::URL_PORT, port));
                port.into_iter().for_each(|port| crate::scan::set_number(event, field::DESTINATION_PORT, port));
            }
        }
        (Some(method), Some(target)) if target.starts_with(b"http") => {
            event.set(field::HTTP_METHOD, method);
            set_url(event, target);
        }
        _ if !request.is_empty() => set_request(event, request),
        _ => {}
    }
}

static TABLE: std::sync::LazyLock<Table> = std::sync::LazyLock::new(|| {
    Table::new(
        "skyhigh.swg.",
        &[
            ("date", To::All(&[To::Time(field::TIMESTAMP), To::Time(field::EVENT_START)])),
            ("hostname", To::Text(field::OBSERVER_HOSTNAME)),
            ("username", USER),
            ("source_ip", To::Source),
            ("destination_ip", To::Ip(field::DESTINATION_IP)),
            ("destination_host", To::All(&[To::Text(field::DESTINATION_DOMAIN), To::Text(field::DESTINATION_ADDRESS)])),
            ("destination_port", To::Number(field::DESTINATION_PORT)),
            ("http_status_code", To::Number(field::HTTP_STATUS)),
            ("source_bytes", To::Number(field::HTTP_REQUEST_BYTES)),
            ("destination_bytes", To::Number(field::HTTP_RESPONSE_BYTES)),
            ("http_request_first_line", To::Nothing),
            ("ruleset_name", To::Text(field::RULE_RULESET)),
            ("rule_name", To::Text(field::RULE_NAME)),
            ("block_id", To::Text(field::EVENT_CODE)),
            ("block_reason", To::Text(field::EVENT_REASON)),
            ("http_referer", To::Text(field::HTTP_REFERRER)),
            ("user_agent", To::Text(field::USER_AGENT)),
        ],
    )
});

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"date="2026-11-22T09:14:07.250Z" hostname="swg1" username="b.jones" source_ip=203.0.113.66 destination_ip=198.51.100.41 destination_host="www.example.com" http_status_code=403 media_type="" source_bytes=131 destination_bytes=0 http_request_first_line="GET http://www.example.com/ HTTP/1.1" url_categories="Gambling" ruleset_name="Default" rule_name="Block" block_id=10 block_reason="Blocked by URL filtering" http_referer="" user_agent="curl/8.14.1""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("destination.address", "www.example.com"),
            ("destination.domain", "www.example.com"),
            ("destination.ip", "198.51.100.41"),
            ("event.action", "denied"),
            ("event.category", "network"),
            ("event.code", "10"),
            ("event.reason", "Blocked by URL filtering"),
            ("event.start", "2026-11-22T09:14:07.25Z"),
            ("event.type", "denied"),
            ("http.request.bytes", "131"),
            ("http.request.method", "GET"),
            ("http.response.bytes", "0"),
            ("http.response.status_code", "403"),
            ("network.direction", "egress"),
            ("observer.hostname", "swg1"),
            ("observer.product", "McAfee Web Gateway"),
            ("observer.type", "proxy"),
            ("observer.vendor", "McAfee Corp."),
            ("rule.name", "Block"),
            ("rule.ruleset", "Default"),
            ("skyhigh.swg.url_categories", "Gambling"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.domain", "www.example.com"),
            ("url.original", "http://www.example.com/"),
            ("url.path", "/"),
            ("url.scheme", "http"),
            ("user.name", "b.jones"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example {
        raw: r#"date="2026-11-22T09:14:07.250Z" hostname="swg1" username="" source_ip=203.0.113.66 destination_ip=198.51.100.41 destination_host="www.example.com" http_status_code=200 source_bytes=131 destination_bytes=5 http_request_first_line="CONNECT www.example.com:443 HTTP/1.1" rule_name="Allow" block_id=0 block_reason="""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("destination.address", "www.example.com"),
            ("destination.domain", "www.example.com"),
            ("destination.ip", "198.51.100.41"),
            ("destination.port", "443"),
            ("event.action", "allowed"),
            ("event.category", "network"),
            ("event.code", "0"),
            ("event.start", "2026-11-22T09:14:07.25Z"),
            ("event.type", "access"),
            ("http.request.bytes", "131"),
            ("http.request.method", "CONNECT"),
            ("http.response.bytes", "5"),
            ("http.response.status_code", "200"),
            ("network.direction", "egress"),
            ("observer.hostname", "swg1"),
            ("observer.product", "McAfee Web Gateway"),
            ("observer.type", "proxy"),
            ("observer.vendor", "McAfee Corp."),
            ("rule.name", "Allow"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.domain", "www.example.com"),
            ("url.port", "443"),
        ],
    },
    Example { raw: r#"http_request_first_line="GET / HTTP/1.1" alone"#, expect: &[] },
];
