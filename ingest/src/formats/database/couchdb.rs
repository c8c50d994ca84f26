//! Apache CouchDB's log.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, ip, reject, set_number, set_source, split},
    signin,
    web::{set_url, split_port},
};

/// CouchDB: `[level] time node process request message`.
pub struct Couchdb;

impl Format for Couchdb {
    fn name(&self) -> &'static str {
        "couchdb"
    }
    fn category(&self) -> &'static str {
        "database"
    }
    fn product(&self) -> &'static str {
        "Apache CouchDB"
    }
    fn about(&self) -> &'static str {
        "couch.log lines and the requests in them: host peer user method path status ok milliseconds (CouchDB src/couch_log, src/chttpd)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "database", product: "couchdb", services: &["couchdb"] }
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/couchdb/couchdb.log", "/couch.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&[
            "[notice] 2",
            "[info] 2",
            "[error] 2",
            "[warning] 2",
            "[debug] 2",
            "[critical] 2",
            "[alert] 2",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let header = read(line.message).ok_or(reject("couchdb_header"))?;
        header.describe(event);
        if !request(header.message, event) && !signin::describe(header.message, event) {
            event.classify("database", if header.is_error() { "error" } else { "info" }, "", "");
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `[notice] 2026-11-22T09:14:07.250000Z couchdb@db1 <0.17606.12> 0817f50a9a message`
fn read(text: &[u8]) -> Option<layout::Header<'_>> {
    let (level, rest) = split(text.strip_prefix(b"[")?, b"] ")?;
    let (rest, stamp) = layout::stamp(rest)?;
    let (node, rest) = first_word(rest.trim_ascii_start());
    let (process, rest) = first_word(rest);
    let (_nonce, message) = first_word(rest);
    let whole = node.contains(&b'@') && process.starts_with(b"<") && layout::is_level(level);
    whole.then(|| layout::Header { stamp: Some(stamp), level, message, ..layout::Header::default() })
}

/// `db.example.com 192.0.2.7 admin GET /_all_dbs 200 ok 2`
fn request<'r>(message: &'r [u8], event: &mut Event<'r>) -> bool {
    let mut words = message.split(|b| *b == b' ');
    let mut word = || words.next().unwrap_or_default();
    let [host, peer, user, method, path, status] = [word(), word(), word(), word(), word(), word()];
    if ip(peer).is_none() || !path.starts_with(b"/") || !method.iter().all(u8::is_ascii_uppercase) {
        return false;
    }
    event.set(field::URL_DOMAIN, split_port(host).0);
    set_source(event, peer);
    if user != b"undefined" {
        event.set(field::USER_NAME, user);
    }
    event.set(field::HTTP_METHOD, method);
    set_url(event, path);
    set_number(event, field::HTTP_STATUS, status);
    match (method, path, status) {
        (b"POST", b"/_session", b"401") => event.classify("authentication", "start", "login", "failure"),
        (b"POST", b"/_session", b"200") => event.classify("authentication", "start", "login", "success"),
        _ => event.classify("database", "access", "", ""),
    }
    true
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[notice] 2026-11-22T09:14:07.250000Z couchdb@db1.example.com <0.17606.12> 0817f50a9a db.example.com:5984 203.0.113.66 admin GET /_all_dbs?limit=5 200 ok 2",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "access"),
            ("http.request.method", "GET"),
            ("http.response.status_code", "200"),
            ("log.level", "notice"),
            ("message", "db.example.com:5984 203.0.113.66 admin GET /_all_dbs?limit=5 200 ok 2"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.domain", "db.example.com"),
            ("url.original", "/_all_dbs?limit=5"),
            ("url.path", "/_all_dbs"),
            ("url.query", "limit=5"),
            ("user.name", "admin"),
        ],
    },
    Example {
        raw: "[error] 2026-11-22T09:14:07.250000Z nonode@nohost <0.17606.12> -------- CRASH REPORT Process (<0.1.0>) crashed",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "error"),
            ("log.level", "error"),
            ("message", "CRASH REPORT Process (<0.1.0>) crashed"),
        ],
    },
    Example { raw: "[notice] 2026-11-22T09:14:07.250000Z nowhere 1 2", expect: &[] },
];
