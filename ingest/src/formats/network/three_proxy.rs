//! 3proxy.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{first_word, integer, reject, set_destination, set_number, set_some, set_source},
    web::{set_request, split_port},
};

/// 3proxy's default layout.
pub struct ThreeProxy;

impl Format for ThreeProxy {
    fn name(&self) -> &'static str {
        "three_proxy"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "3proxy"
    }
    fn about(&self) -> &'static str {
        "lines of 3proxy in its default layout (3proxy.org, man 3proxy.cfg: logformat; error codes in doc/html/howtoe.html)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "proxy", product: "3proxy", services: &["3proxy"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["3proxy"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" PROXY.", " SOCKS.", " SOCKS4.", " SOCKS5.", " POP3P.", " FTPPR.", " ADMIN.", " TCPPM."])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        Entry::read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        Entry::read(line.message).ok_or(reject("three_proxy_line"))?.describe(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `22-11-2026 09:14:07 +0100 PROXY.3128 00004 ann 192.0.2.1:28783 198.51.100.7:80 120 300 1 GET http://…`
struct Entry<'r> {
    service: &'r [u8],
    code: &'r [u8],
    user: &'r [u8],
    source: &'r [u8],
    destination: &'r [u8],
    sent: &'r [u8],
    received: &'r [u8],
    request: &'r [u8],
}

impl<'r> Entry<'r> {
    fn read(text: &'r [u8]) -> Option<Entry<'r>> {
        // the time is in the administrator's own order, so it is left
        let (date, rest) = first_word(text);
        let (_, rest) = first_word(rest);
        let (zone, rest) = first_word(rest);
        let (service, rest) = first_word(rest);
        let at = memchr::memrchr(b'.', service)?;
        let (service, port) = (&service[..at], &service[at + 1..]);
        let (code, rest) = first_word(rest);
        let (user, rest) = first_word(rest);
        let (source, rest) = first_word(rest);
        let (destination, rest) = first_word(rest);
        let (sent, rest) = first_word(rest);
        let (received, rest) = first_word(rest);
        let (_hops, request) = first_word(rest);
        let dated = date.len() == 10 && matches!(zone.first(), Some(b'+' | b'-'));
        let whole = code.len() == 5 && integer(code).is_some() && integer(port).is_some() && integer(sent).is_some();
        (dated && whole).then_some(Entry { service, code, user, source, destination, sent, received, request })
    }

    fn describe(&self, event: &mut Event<'r>) {
        event.set(field::SERVICE_NAME, self.service);
        event.set(field::EVENT_CODE, self.code);
        if self.user != b"-" {
            set_some(event, field::USER_NAME, self.user);
        }
        let (host, port) = split_port(self.source);
        set_source(event, host);
        set_number(event, field::SOURCE_PORT, port.unwrap_or_default());
        let (host, port) = split_port(self.destination);
        if host != b"0.0.0.0" {
            set_destination(event, host);
            set_number(event, field::DESTINATION_PORT, port.unwrap_or_default());
        }
        set_number(event, field::SOURCE_BYTES, self.sent);
        set_number(event, field::DESTINATION_BYTES, self.received);
        if !self.request.is_empty() {
            set_request(event, self.request);
        }
        match integer(self.code).unwrap_or_default() {
            0 => event.classify("network", "connection", "", "success"),
            // what the access list forbids, and who could not say who he is
            1..=3 => event.classify("network", "denied", "", "failure"),
            4..=9 => event.classify("authentication", "start", "login", "failure"),
            _ => event.classify("network", "error", "", "failure"),
        }
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "22-11-2026 09:14:07 +0100 PROXY.3128 00006 anna 203.0.113.66:28783 0.0.0.0:0 0 0 0 GET http://www.example.com/?q=1 HTTP/1.1",
        expect: &[
            ("destination.bytes", "0"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.code", "00006"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("http.request.method", "GET"),
            ("http.version", "1.1"),
            ("service.name", "PROXY"),
            ("source.address", "203.0.113.66"),
            ("source.bytes", "0"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "28783"),
            ("url.domain", "www.example.com"),
            ("url.original", "http://www.example.com/?q=1"),
            ("url.path", "/"),
            ("url.query", "q=1"),
            ("url.scheme", "http"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "22-11-2026 09:14:08 +0100 SOCKS5.1080 00000 - 192.0.2.10:40100 198.51.100.7:443 820 12004 0 CONNECT 198.51.100.7:443",
        expect: &[
            ("destination.address", "198.51.100.7"),
            ("destination.bytes", "12004"),
            ("destination.ip", "198.51.100.7"),
            ("destination.port", "443"),
            ("event.category", "network"),
            ("event.code", "00000"),
            ("event.outcome", "success"),
            ("event.type", "connection"),
            ("http.request.method", "CONNECT"),
            ("service.name", "SOCKS5"),
            ("source.address", "192.0.2.10"),
            ("source.bytes", "820"),
            ("source.ip", "192.0.2.10"),
            ("source.port", "40100"),
            ("url.domain", "198.51.100.7"),
            ("url.original", "198.51.100.7:443"),
            ("url.port", "443"),
        ],
    },
    Example { raw: "22-11-2026 09:14:08 +0100 PROXY.3128 4", expect: &[] },
];
