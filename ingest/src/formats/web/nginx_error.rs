//! nginx error lines.

use memchr::{memchr, memmem};

use crate::{
    Event,
    envelope::{Line, Stamp, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::closing_quote,
    scan::{first_word, reject, rsplit, set_number, set_source, split},
    signin,
    web::{set_request, split_port},
};

/// nginx: errors, denials and failed sign-ins.
pub struct NginxError;

impl Format for NginxError {
    fn name(&self) -> &'static str {
        "nginx_error"
    }

    fn category(&self) -> &'static str {
        "web"
    }

    fn product(&self) -> &'static str {
        "nginx"
    }

    fn about(&self) -> &'static str {
        "error_log lines (ngx_log_error_core, ngx_http_log_error)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "webserver", product: "nginx", services: &["nginx", "nginx_error"] }
    }

    fn programs(&self) -> &'static [&'static str] {
        &["nginx", "nginx-error", "nginx_error"]
    }

    fn paths(&self) -> &'static [&'static str] {
        &["/nginx/error.log", "/nginx-error.log"]
    }

    fn structure(&self) -> Structure {
        Structure::Begins(&["2"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        stamp(message).is_some_and(|(_, rest)| matches!(rest, [b'[', b'a'..=b'z', ..]))
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (stamp, rest) = stamp(line.message).ok_or(reject("nginx_no_time"))?;
        let refuse = |rest: &[u8]| Reject { reason: "nginx_no_level", offset: line.message.len() - rest.len() };
        let (level, rest) = rest.strip_prefix(b"[").and_then(|r| split(r, b"] ")).ok_or(refuse(rest))?;
        let (worker, text) = split(rest, b": ").ok_or(refuse(rest))?;
        let (pid, thread) = split(worker, b"#").ok_or(refuse(rest))?;
        event.set_stamp(field::TIMESTAMP, stamp);
        event.set(field::LOG_LEVEL, level);
        event.remove(field::PROCESS_PID);
        set_number(event, field::PROCESS_PID, pid);
        set_number(event, field::PROCESS_THREAD_ID, thread);
        let text = match text.strip_prefix(b"*").map(first_word) {
            Some((connection, text)) => {
                set_number(event, field::NGINX_ERROR_CONNECTION_ID, connection);
                text
            }
            None => text,
        };
        event.replace(field::MESSAGE, text);
        describe(level, text, event);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `2026/11/22 09:14:07 `
fn stamp(message: &[u8]) -> Option<(Stamp, &[u8])> {
    if message.get(4) != Some(&b'/') {
        return None;
    }
    let (rest, stamp, _) = iso_stamp(message.get(..20)?)?;
    (rest == b" ").then_some((stamp, &message[20..]))
}

fn describe<'r>(level: &[u8], text: &'r [u8], event: &mut Event<'r>) {
    let (text, context) = split(text, b", client: ").unwrap_or((text, b""));
    if !context.is_empty() {
        set_context(context, event);
    }
    let failed_user = text.strip_prefix(b"user \"").and_then(|rest| {
        rsplit(rest, b"\": password mismatch").or_else(|| rsplit(rest, b"\" was not found in \"")).map(|(user, _)| user)
    });
    if let Some(user) = failed_user {
        event.set(field::USER_NAME, user);
        return event.classify("authentication", "start", "", "failure");
    }
    // what an application behind it said on its error stream, and what the server for mail was told of a client
    let of_mail = text.starts_with(b"client login failed: ");
    if of_mail {
        return event.classify("authentication", "start", "", "failure");
    }
    let told = text.strip_prefix(b"FastCGI sent in stderr: \"").map(|told| &told[..closing_quote(told)]);
    if told.is_some_and(|told| signin::describe(told, event)) {
        return;
    }
    let forbidden = memmem::find(text, b"access forbidden by rule").is_some();
    let limited = text.starts_with(b"limiting ");
    let kind = match level {
        _ if forbidden || limited => "denied",
        b"emerg" | b"alert" | b"crit" | b"error" => "error",
        _ => "info",
    };
    event.classify("web", kind, "", if forbidden { "failure" } else { "" });
}

/// `192.0.2.1, server: www.example, request: "GET / HTTP/1.1", upstream: "…", host: "www.example", referrer: "…"`
fn set_context<'r>(context: &'r [u8], event: &mut Event<'r>) {
    let end = memchr(b',', context).unwrap_or(context.len());
    set_source(event, &context[..end]);
    let mut rest = &context[end..];
    while let Some((key, after)) = rest.strip_prefix(b", ").and_then(|rest| split(rest, b": ")) {
        let (value, behind) = match after.strip_prefix(b"\"") {
            Some(inner) => {
                let end = closing_quote(inner);
                (&inner[..end], inner.get(end + 1..).unwrap_or_default())
            }
            None => after.split_at(memchr(b',', after).unwrap_or(after.len())),
        };
        match key {
            b"request" => set_request(event, value),
            b"referrer" => event.set(field::HTTP_REFERRER, value),
            b"upstream" => event.set(field::NGINX_ERROR_UPSTREAM, value),
            b"host" => {
                let (host, port) = split_port(value);
                event.set(field::URL_DOMAIN, host);
                port.into_iter().for_each(|port| set_number(event, field::URL_PORT, port));
            }
            b"server" if !matches!(value, b"" | b"_") => event.set(field::SERVER_ADDRESS, value),
            b"login" | b"user" => event.set(field::USER_NAME, value),
            _ => {}
        }
        rest = behind;
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"2026/11/22 09:14:07 [error] 4711#4712: *90 user "root": password mismatch, client: 203.0.113.66, server: www.example, request: "GET /admin?x=1 HTTP/1.1", host: "www.example:8443", referrer: "https://www.example/""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("log.level", "error"),
            ("process.pid", "4711"),
            ("process.thread.id", "4712"),
            ("nginx.error.connection_id", "90"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("user.name", "root"),
            ("source.ip", "203.0.113.66"),
            ("server.address", "www.example"),
            ("http.request.method", "GET"),
            ("url.path", "/admin"),
            ("url.query", "x=1"),
            ("url.domain", "www.example"),
            ("http.request.referrer", "https://www.example/"),
            ("source.address", "203.0.113.66"),
            ("http.version", "1.1"),
            ("url.original", "/admin?x=1"),
            ("url.port", "8443"),
            ("event.type", "start"),
        ],
    },
    Example {
        raw: r#"<187>Nov 22 09:14:08 web2 nginx: 2026/11/22 09:14:08 [error] 4711#4711: *91 access forbidden by rule, client: 2001:db8::66, server: _, request: "GET /.git/config HTTP/1.1", host: "www.example""#,
        expect: &[
            ("host.name", "web2"),
            ("source.ip", "2001:db8::66"),
            ("event.type", "denied"),
            ("event.outcome", "failure"),
            ("url.path", "/.git/config"),
            ("log.level", "error"),
            ("process.thread.id", "4711"),
            ("nginx.error.connection_id", "91"),
            ("source.address", "2001:db8::66"),
            ("http.request.method", "GET"),
            ("http.version", "1.1"),
            ("url.original", "/.git/config"),
            ("url.domain", "www.example"),
            ("event.category", "web"),
        ],
    },
    Example {
        raw: "2026/11/22 09:14:09 [notice] 1#1: signal process started",
        expect: &[
            ("log.level", "notice"),
            ("message", "signal process started"),
            ("event.type", "info"),
            ("process.thread.id", "1"),
            ("event.category", "web"),
        ],
    },
    Example { raw: "2026/11/22 09:14:09 [notice", expect: &[] },
];
