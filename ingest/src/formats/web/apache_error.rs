//! Apache HTTP Server error lines.

use jiff::civil::DateTime;
use memchr::{memchr, memmem, memrchr};

use crate::{
    Event, Field,
    envelope::{Line, Stamp, bsd_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure, authentication::freeipa::Call},
    pairs::closing_quote,
    scan::{first_word, integer, reject, set_number, set_some, set_source, split},
    web::{set_url, split_port},
};

/// Apache HTTP Server: errors, denials, failed sign-ins, ModSecurity's findings.
pub struct ApacheError;

/// Most `[key "value"]` tags read from ModSecurity's text.
const MAX_TAGS: usize = 64;

impl Format for ApacheError {
    fn name(&self) -> &'static str {
        "apache_error"
    }

    fn category(&self) -> &'static str {
        "web"
    }

    fn product(&self) -> &'static str {
        "Apache HTTP Server"
    }

    fn about(&self) -> &'static str {
        "error logs of 2.2 and 2.4 in their default ErrorLogFormat, with ModSecurity's tags (core, mod_auth_basic)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "webserver", product: "apache", services: &["apache", "apache_error"] }
    }

    fn programs(&self) -> &'static [&'static str] {
        &["apache2", "httpd", "apache", "apache-error", "apache_error"]
    }

    fn paths(&self) -> &'static [&'static str] {
        &["/apache2/error.log", "/httpd/error_log", "/httpd/ssl_error_log", "/httpd-error.log"]
    }

    fn structure(&self) -> Structure {
        Structure::Begins(&["["])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let Some(inner) = message.strip_prefix(b"[") else { return false };
        let Some(end) = memchr(b']', &inner[..inner.len().min(48)]) else { return false };
        error_stamp(&inner[..end]).is_some()
            || module_and_level(&inner[..end]).is_some_and(|(module, _)| module.is_some())
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let mut head = Head::default();
        let mut text = line.message;
        // an IPv6 client with a port has brackets of its own
        let mark = |inside: &[u8]| if inside.starts_with(b"client [") { &b"] "[..] } else { b"]" };
        while let Some((inside, rest)) = text.strip_prefix(b"[").and_then(|t| split(t, mark(t))) {
            if !head.take(inside) {
                break;
            }
            text = rest.strip_prefix(b" ").unwrap_or(rest);
        }
        let level = head.level.ok_or(reject("apache_no_level"))?;
        event.set(field::LOG_LEVEL, level);
        if let Some(stamp) = head.stamp {
            event.set_stamp(field::TIMESTAMP, stamp);
        }
        head.module.into_iter().for_each(|module| event.set(field::APACHE_ERROR_MODULE, module));
        if let Some(pid) = head.pid {
            event.remove(field::PROCESS_PID);
            set_number(event, field::PROCESS_PID, pid);
        }
        head.thread.into_iter().for_each(|thread| set_number(event, field::PROCESS_THREAD_ID, thread));
        event.classify("web", if is_error(level) { "error" } else { "info" }, "", "");
        set_client(head.client.or_else(|| later_client(text)), event);
        event.replace(field::MESSAGE, text);
        describe(text, event);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The bracketed words at the beginning.
#[derive(Default)]
struct Head<'r> {
    stamp: Option<Stamp>,
    module: Option<&'r [u8]>,
    level: Option<&'r [u8]>,
    pid: Option<&'r [u8]>,
    thread: Option<&'r [u8]>,
    client: Option<&'r [u8]>,
}

impl<'r> Head<'r> {
    /// Takes what stood between two brackets; `false` where it is none of the header's.
    fn take(&mut self, inside: &'r [u8]) -> bool {
        if let Some(pid) = inside.strip_prefix(b"pid ") {
            let (pid, thread) = split(pid, b":tid ").map_or((pid, None), |(pid, thread)| (pid, Some(thread)));
            (self.pid, self.thread) = (Some(pid), thread);
        } else if let Some(client) = inside.strip_prefix(b"client ").or_else(|| inside.strip_prefix(b"remote ")) {
            self.client = Some(client);
        } else if self.stamp.is_none() && self.level.is_none() && error_stamp(inside).is_some() {
            self.stamp = error_stamp(inside);
        } else if let (None, Some((module, level))) = (self.level, module_and_level(inside)) {
            (self.module, self.level) = (module, Some(level));
        } else {
            return false;
        }
        true
    }
}

/// `Sun Nov 22 09:14:07.123456 2026`
fn error_stamp(text: &[u8]) -> Option<Stamp> {
    let (weekday, rest) = first_word(text);
    if weekday.len() != 3 {
        return None;
    }
    let (day_and_time, year) = (rest.get(..rest.len().checked_sub(5)?)?, integer(&rest[rest.len() - 4..])?);
    let (left, stamp) = bsd_stamp(day_and_time)?;
    let c = stamp.civil;
    let civil =
        DateTime::new(year as i16, c.month(), c.day(), c.hour(), c.minute(), c.second(), c.subsec_nanosecond()).ok()?;
    left.is_empty().then_some(Stamp { civil, has_year: true, offset: None })
}

/// `core:error`, or `error` alone before 2.4.
fn module_and_level(text: &[u8]) -> Option<(Option<&[u8]>, &[u8])> {
    let (module, level) = match memrchr(b':', text) {
        Some(at) => (Some(&text[..at]), &text[at + 1..]),
        None => (None, text),
    };
    let known = LEVELS.iter().any(|known| level.starts_with(known)) && level.len() <= 6;
    let module_like = |m: &[u8]| m.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
    (known && module.is_none_or(module_like)).then_some((module.filter(|m| !m.is_empty() && *m != b"-"), level))
}

/// <https://httpd.apache.org/docs/2.4/mod/core.html#loglevel>; `trace` stands for `trace1` to `trace8`.
const LEVELS: &[&[u8]] = &[b"emerg", b"alert", b"crit", b"error", b"warn", b"notice", b"info", b"debug", b"trace"];

fn is_error(level: &[u8]) -> bool {
    matches!(level, b"emerg" | b"alert" | b"crit" | b"error")
}

/// `(13)Permission denied: [client 192.0.2.1:4711] AH00035: …`
fn later_client(text: &[u8]) -> Option<&[u8]> {
    let at = memmem::find(&text[..text.len().min(256)], b"[client ")?;
    split(&text[at + 8..], b"]").map(|(client, _)| client)
}

fn set_client(client: Option<&[u8]>, event: &mut Event<'_>) {
    let Some(client) = client else { return };
    let (host, port) = match crate::scan::ip(client) {
        Some(_) => (client, None),
        None => split_port(client),
    };
    set_source(event, host);
    port.into_iter().for_each(|port| set_number(event, field::SOURCE_PORT, port));
}

fn describe<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let (text, referrer) = split(text, b", referer: ").map_or((text, None), |(t, r)| (t, Some(r)));
    referrer.into_iter().for_each(|referrer| event.set(field::HTTP_REFERRER, referrer));
    let mut body = text;
    if let Some(at) = memmem::find(&text[..text.len().min(512)], b"AH").filter(|at| text.get(at + 7) == Some(&b':')) {
        event.set(field::EVENT_CODE, &text[at..at + 7]);
        body = text[at + 8..].strip_prefix(b" ").unwrap_or_default();
    }
    if let Some(user) = failed_user(body) {
        set_some(event, field::USER_NAME, user);
        event.remove(field::EVENT_CATEGORY);
        event.remove(field::EVENT_TYPE);
        event.classify("authentication", "start", "", "failure");
    }
    for missing in [
        &b"File does not exist: "[..],
        b"script not found or unable to stat: ",
        b"client denied by server configuration: ",
    ] {
        if let Some(path) = body.strip_prefix(missing) {
            event.set(field::FILE_PATH, path);
        }
    }
    if memmem::find(text, b"ModSecurity: ").is_some() {
        set_tags(text, event);
    }
    // FreeIPA's framework runs in mod_wsgi
    if text.starts_with(b"ipa: ")
        && let Some(call) = Call::read(text)
    {
        call.describe(event);
    }
}

/// The user of a failed sign-in (mod_auth_basic, mod_auth_digest, mod_authz_core).
fn failed_user(body: &[u8]) -> Option<&[u8]> {
    let rest = body.strip_prefix(b"user ")?;
    // the user is whatever the client sent: take the last mark
    let marks = [&b": authentication failure for \""[..], b" not found: ", b": password mismatch: ", b" in realm `"];
    let (user, _) = marks.iter().find_map(|mark| crate::scan::rsplit(rest, mark))?;
    Some(user.strip_prefix(b"`").and_then(|u| u.strip_suffix(b"'")).unwrap_or(user))
}

/// ModSecurity 2 writes `[key "value"]` behind its text.
fn set_tags<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let mut rest = text;
    for _ in 0..MAX_TAGS {
        let Some(at) = memchr(b'[', rest) else { return };
        rest = &rest[at + 1..];
        let Some((key, value)) =
            split(&rest[..rest.len().min(32)], b" \"").map(|(key, _)| (key, &rest[key.len() + 2..]))
        else {
            continue;
        };
        let value = &value[..closing_quote(value)];
        match key {
            b"id" => event.set(field::RULE_ID, value),
            b"msg" => event.set(field::RULE_NAME, value),
            b"uri" => set_url(event, value),
            b"hostname" => event.set(field::URL_DOMAIN, value),
            b"severity" => Field::intern("modsecurity.severity").into_iter().for_each(|f| event.set(f, value)),
            b"unique_id" => event.set(field::TRACE_ID, value),
            _ => continue,
        }
        rest = &rest[key.len() + 2 + value.len()..];
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[Sun Nov 22 09:14:07.250000 2026] [wsgi:error] [pid 4711:tid 12] [remote 203.0.113.66:51515] ipa: INFO: [jsonserver_session] admin@EXAMPLE.COM: user_del('eve', version='2.254'): SUCCESS",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("apache.error.module", "wsgi"),
            ("event.action", "user_del"),
            ("event.category", "iam"),
            ("event.outcome", "success"),
            ("event.type", "deletion"),
            ("freeipa.entry", "eve"),
            ("freeipa.server", "jsonserver_session"),
            ("log.level", "error"),
            ("process.pid", "4711"),
            ("process.thread.id", "12"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("user.domain", "EXAMPLE.COM"),
            ("user.name", "admin"),
        ],
    },
    Example {
        raw: r#"[Sun Nov 22 09:14:07.123456 2026] [auth_basic:error] [pid 4711:tid 140001] [client 203.0.113.66:51515] AH01617: user root: authentication failure for "/admin": Password Mismatch"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.123456Z"),
            ("apache.error.module", "auth_basic"),
            ("log.level", "error"),
            ("process.pid", "4711"),
            ("process.thread.id", "140001"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("event.code", "AH01617"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("user.name", "root"),
            ("source.address", "203.0.113.66"),
            ("event.type", "start"),
        ],
    },
    Example {
        raw: "[Sun Nov 22 09:14:08 2026] [error] [client 2001:db8::66] File does not exist: /srv/www/setup.php, referer: http://www.example/",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("source.ip", "2001:db8::66"),
            ("file.path", "/srv/www/setup.php"),
            ("http.request.referrer", "http://www.example/"),
            ("event.type", "error"),
            ("log.level", "error"),
            ("event.category", "web"),
            ("source.address", "2001:db8::66"),
        ],
    },
    Example {
        raw: r#"[Sun Nov 22 09:14:09.000001 2026] [security2:error] [pid 4711] [client 203.0.113.66:51516] ModSecurity: Access denied with code 403 (phase 2). Matched phrase "etc/passwd" at ARGS:f. [file "/etc/modsecurity/rules.conf"] [line "10"] [id "930120"] [msg "OS File Access Attempt"] [severity "CRITICAL"] [hostname "www.example"] [uri "/read.php"] [unique_id "ab12"]"#,
        expect: &[
            ("rule.id", "930120"),
            ("rule.name", "OS File Access Attempt"),
            ("url.path", "/read.php"),
            ("url.domain", "www.example"),
            ("modsecurity.severity", "CRITICAL"),
            ("log.level", "error"),
            ("apache.error.module", "security2"),
            ("event.category", "web"),
            ("event.type", "error"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51516"),
            ("url.original", "/read.php"),
            ("url.extension", "php"),
            ("trace.id", "ab12"),
        ],
    },
    Example {
        raw: "<187>Nov 22 09:14:10 web1 apache2: [mpm_event:notice] [pid 4711:tid 1] AH00489: Apache/2.4.68 (Debian) configured -- resuming normal operations",
        expect: &[
            ("host.name", "web1"),
            ("event.code", "AH00489"),
            ("log.level", "notice"),
            ("event.type", "info"),
            ("apache.error.module", "mpm_event"),
            ("process.thread.id", "1"),
            ("event.category", "web"),
        ],
    },
    Example { raw: "[Sun Nov 22 09:14:07.123456 2026] [auth_basic:err", expect: &[] },
];
