//! Microsoft IIS: access and error logs in W3C extended format.
//!
//! The file's `#Fields:` line says which columns there are. A record has to be understood alone, so its columns are read
//! by what they are: the address of the server, the method, path, query and port, the user, the address of the client,
//! the agent, the status and its two companions, the time taken. What an administrator adds stands at known places.

use crate::formats::{Example, Format, LogSource, Reject, Structure};
use crate::{
    Event,
    envelope::{Line, iso_stamp},
    field,
    pairs::set_own,
    scan::{integer, ip, reject, set_destination, set_number, set_source},
    table::MILLISECOND,
    web::set_url,
};

/// Microsoft IIS, see the module.
pub struct Iis;

/// Most columns of one record: IIS itself knows 22, custom fields come on top.
const MAX_COLUMNS: usize = 64;

impl Format for Iis {
    fn name(&self) -> &'static str {
        "iis"
    }
    fn category(&self) -> &'static str {
        "web"
    }
    fn product(&self) -> &'static str {
        "Microsoft IIS"
    }
    fn about(&self) -> &'static str {
        "access logs (u_ex*.log) and HTTPERR logs in W3C extended format (learn.microsoft.com, IIS logging; HTTP.sys error log)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "webserver", product: "windows", services: &["iis"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["iis", "IIS", "w3svc", "W3SVC1"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["2", "#Fields: date", "#Software: Microsoft"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        message.first() == Some(&b'#') || Row::read(message).is_some_and(|row| row.kind().is_some())
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if line.message.starts_with(b"#") {
            event.classify("web", "info", "log_header", "");
            return Ok(());
        }
        let row = Row::read(line.message).ok_or(reject("iis_no_time"))?;
        event.set_stamp(field::TIMESTAMP, row.stamp);
        match row.kind().ok_or(reject("iis_columns"))? {
            Kind::Access(at) => row.access(at, event),
            Kind::Error => row.error(event),
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

struct Row<'r> {
    stamp: crate::envelope::Stamp,
    columns: Vec<&'r [u8]>,
}

enum Kind {
    /// The place of the method.
    Access(usize),
    /// HTTP.sys: `c-ip c-port s-ip s-port cs-version cs-method cs-uri …`
    Error,
}

fn is_ip(text: &[u8]) -> bool {
    ip(linked(text)).is_some()
}

/// The address of `[192.0.2.1](http://192.0.2.1)`, which some mail clients make of one.
fn linked(text: &[u8]) -> &[u8] {
    let inner = text.strip_prefix(b"[").and_then(|rest| rest.split(|b| *b == b']').next());
    inner.filter(|_| text.ends_with(b")")).unwrap_or(text)
}

fn is_method(text: &[u8]) -> bool {
    (3..=20).contains(&text.len()) && text.iter().all(|b| b.is_ascii_uppercase() || matches!(b, b'_' | b'-'))
}

fn is_port(text: &[u8]) -> bool {
    integer(text).is_some_and(|port| (0..=65_535).contains(&port))
}

impl<'r> Row<'r> {
    /// `2026-11-22 09:14:07` and the columns behind it.
    fn read(text: &'r [u8]) -> Option<Row<'r>> {
        let (rest, stamp, _) = iso_stamp(text)?;
        let columns: Vec<&[u8]> = rest.strip_prefix(b" ")?.split(|b| *b == b' ').take(MAX_COLUMNS).collect();
        (columns.len() >= 8).then_some(Row { stamp, columns })
    }

    fn column(&self, at: usize) -> &'r [u8] {
        self.columns.get(at).copied().unwrap_or_default()
    }

    fn kind(&self) -> Option<Kind> {
        let c = |at| self.column(at);
        if is_ip(c(0)) && is_port(c(1)) && is_ip(c(2)) && is_port(c(3)) {
            return Some(Kind::Error);
        }
        // the method stands behind the server's address, its name or the site's; path, query, port and user follow
        let at = (0..4).find(|at| is_method(c(*at)) && matches!(c(at + 1), [b'/' | b'*' | b'.', ..]))?;
        let behind_address = at > 0 && is_ip(c(at - 1));
        (behind_address || is_port(c(at + 3)) && is_ip(c(at + 5))).then_some(Kind::Access(at))
    }

    fn access(&self, at: usize, event: &mut Event<'r>) {
        let some = |at: usize| Some(self.column(at)).filter(|text| !matches!(*text, b"-" | b""));
        match at {
            0 => {}
            1 => some(0).into_iter().for_each(|address| set_destination(event, linked(address))),
            _ => {
                some(at - 1).into_iter().for_each(|address| set_destination(event, linked(address)));
                some(0).into_iter().for_each(|site| set_own(event, "iis.", b"site", site));
            }
        }
        event.set(field::HTTP_METHOD, self.column(at));
        if let Some(path) = some(at + 1) {
            set_url(event, path);
        }
        if let Some(query) = some(at + 2) {
            event.remove(field::URL_QUERY);
            event.set(field::URL_QUERY, query);
        }
        some(at + 3).into_iter().for_each(|port| set_number(event, field::DESTINATION_PORT, port));
        some(at + 4).into_iter().for_each(|user| event.set(field::USER_NAME, user));
        some(at + 5).into_iter().for_each(|address| set_source(event, linked(address)));
        let failed = self.tail(at + 6, event);
        event.classify("web", "access", "", if failed { "failure" } else { "success" });
    }

    /// Version, agent, cookie, referrer and host, where they are there, then the status and what follows. Whether the
    /// request failed.
    fn tail(&self, mut at: usize, event: &mut Event<'r>) -> bool {
        if let Some(version) = self.column(at).strip_prefix(b"HTTP/") {
            event.set(field::HTTP_VERSION, version);
            at += 1;
        }
        let end = self.columns.len();
        let is_status = |at: usize| {
            integer(self.column(at)).is_some_and(|status| (100..600).contains(&status))
                && integer(self.column(at + 1)).is_some()
                && integer(self.column(at + 2)).is_some()
        };
        let Some(status) = (at..end).find(|at| is_status(*at)) else { return false };
        self.headers(at, status, event);
        set_number(event, field::HTTP_STATUS, self.column(status));
        let numbers: Vec<i64> = (status + 3..end).map_while(|at| integer(self.column(at))).collect();
        let taken = match *numbers.as_slice() {
            [taken] => Some(taken),
            [sent, received, taken, ..] => {
                event.set_int(field::HTTP_BODY_BYTES, sent);
                event.set_int(field::HTTP_REQUEST_BODY_BYTES, received);
                Some(taken)
            }
            _ => None,
        };
        if let Some(nanos) = taken.and_then(|millis| millis.checked_mul(MILLISECOND)) {
            event.set_int(field::EVENT_DURATION, nanos);
        }
        let last = self.column(end - 1);
        if end > status + 3 + numbers.len() && is_ip(last) {
            event.set(field::NETWORK_FORWARDED_IP, last);
        }
        event.int(field::HTTP_STATUS).is_some_and(|status| status >= 400)
    }

    /// Agent, cookie, referrer and host: in this order, each where the administrator chose it.
    fn headers(&self, from: usize, to: usize, event: &mut Event<'r>) {
        let columns = &self.columns[from..to];
        let mut rest = columns.iter();
        if let Some(agent) = rest.next().filter(|agent| !matches!(**agent, b"-" | b"")) {
            let plain: Vec<u8> = agent.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
            event.set(field::USER_AGENT, &plain);
        }
        for column in rest {
            if column.starts_with(b"http://") || column.starts_with(b"https://") {
                event.set(field::HTTP_REFERRER, column);
            } else if column.contains(&b'.') && !column.contains(&b'=') && columns.len() > 2 && !is_ip(column) {
                event.set(field::URL_DOMAIN, column);
                event.set(field::DESTINATION_DOMAIN, column);
            }
        }
    }

    /// HTTP.sys refused or ended a connection before IIS saw it.
    fn error(&self, event: &mut Event<'r>) {
        let some = |at: usize| Some(self.column(at)).filter(|text| !matches!(*text, b"-" | b""));
        set_source(event, self.column(0));
        set_number(event, field::SOURCE_PORT, self.column(1));
        set_destination(event, self.column(2));
        set_number(event, field::DESTINATION_PORT, self.column(3));
        some(4)
            .and_then(|version| version.strip_prefix(b"HTTP/"))
            .into_iter()
            .for_each(|v| event.set(field::HTTP_VERSION, v));
        some(5).into_iter().for_each(|method| event.set(field::HTTP_METHOD, method));
        some(6).into_iter().for_each(|url| set_url(event, url));
        // newer systems write a stream's number before the status
        let status = (7..9).find(|at| some(*at).and_then(integer).is_some_and(|n| (100..600).contains(&n)));
        status.into_iter().for_each(|at| set_number(event, field::HTTP_STATUS, self.column(at)));
        let reason = self.columns.iter().skip(7).rev().find(|c| c.iter().any(u8::is_ascii_alphabetic) && c.len() > 2);
        if let Some(reason) = reason {
            set_own(event, "iis.", b"error_reason", reason);
        }
        let failed = status.is_some();
        event.classify("web", "error", "", if failed { "failure" } else { "" });
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07 192.0.2.1 GET /admin/login.aspx id=7 443 anna 203.0.113.66 Mozilla/5.0+(Windows+NT+10.0) https://www.example/ 401 1 1326 46",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("destination.address", "192.0.2.1"),
            ("destination.ip", "192.0.2.1"),
            ("destination.port", "443"),
            ("event.category", "web"),
            ("event.duration", "46000000"),
            ("event.outcome", "failure"),
            ("event.type", "access"),
            ("http.request.method", "GET"),
            ("http.request.referrer", "https://www.example/"),
            ("http.response.status_code", "401"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.extension", "aspx"),
            ("url.original", "/admin/login.aspx"),
            ("url.path", "/admin/login.aspx"),
            ("url.query", "id=7"),
            ("user.name", "anna"),
            ("user_agent.original", "Mozilla/5.0 (Windows NT 10.0)"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:08 W3SVC2 web1 192.0.2.1 POST /a.jpg - 80 - 203.0.113.66 HTTP/1.1 curl/8.14.1 sid=1 https://www.example/ img.example.com 200 0 0 2007 581 15",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("destination.address", "192.0.2.1"),
            ("destination.domain", "img.example.com"),
            ("destination.ip", "192.0.2.1"),
            ("destination.port", "80"),
            ("event.category", "web"),
            ("event.duration", "15000000"),
            ("event.outcome", "success"),
            ("event.type", "access"),
            ("http.request.body.bytes", "581"),
            ("http.request.method", "POST"),
            ("http.request.referrer", "https://www.example/"),
            ("http.response.body.bytes", "2007"),
            ("http.response.status_code", "200"),
            ("http.version", "1.1"),
            ("iis.site", "W3SVC2"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.domain", "img.example.com"),
            ("url.extension", "jpg"),
            ("url.original", "/a.jpg"),
            ("url.path", "/a.jpg"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:09 203.0.113.66 64388 192.0.2.1 80 HTTP/1.1 GET /../x 400 - URL -",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("destination.address", "192.0.2.1"),
            ("destination.ip", "192.0.2.1"),
            ("destination.port", "80"),
            ("event.category", "web"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("http.request.method", "GET"),
            ("http.response.status_code", "400"),
            ("http.version", "1.1"),
            ("iis.error_reason", "URL"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "64388"),
            ("url.original", "/../x"),
            ("url.path", "/../x"),
        ],
    },
    Example {
        raw: "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken",
        expect: &[("event.action", "log_header"), ("event.category", "web"), ("event.type", "info")],
    },
    Example { raw: "2026-11-22 09:14:07 192.0.2.1 GET /admin", expect: &[] },
];
