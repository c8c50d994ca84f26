//! Authelia: sign-ins with one factor and two, as text and as JSON.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    json::{
        format::said,
        table::{
            Row, Table,
            To::{Is, Peer, Url},
        },
    },
    pairs::{Pairs, set_own, unescape},
    scan::{ip, reject, set_source, split},
    time,
    web::set_url,
};

/// Authelia: `time=… level=… msg="Unsuccessful 1FA authentication attempt by user 'anna'" …`
pub struct Authelia;

/// Where what has no name in ECS goes.
const OWN: &str = "authelia.";

impl Format for Authelia {
    fn name(&self) -> &'static str {
        "authelia"
    }
    fn category(&self) -> &'static str {
        "authentication"
    }
    fn product(&self) -> &'static str {
        "Authelia"
    }
    fn about(&self) -> &'static str {
        "log lines as text or JSON: attempts by factor, user and remote_ip (authelia.com/configuration/miscellaneous/logging)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "authelia", services: &["authelia"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["authelia"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/authelia.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            " authentication attempt by user '",
            " authentication attempt made by user '",
            " for user with username input '",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        message.starts_with(b"time=") || message.starts_with(b"{") && split(message, b"\"remote_ip\"").is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if line.message.starts_with(b"{") {
            TABLE.read(line.message, OWN, event)?;
        } else if split(line.message, b" msg=").is_some() {
            read_pairs(line.message, event);
        } else {
            return Err(reject("authelia_no_message"));
        }
        let text = said(event, "message").unwrap_or_default();
        settle(&text, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

static TABLE: Table = Table::new(ROWS);

const ROWS: &[Row] = &[
    ("time", Is("@timestamp")),
    ("level", Is("log.level")),
    ("msg", Is("message")),
    ("error", Is("error.message")),
    ("method", Is("http.request.method")),
    ("path", Url),
    ("remote_ip", Peer("source")),
];

fn read_pairs<'r>(text: &'r [u8], event: &mut Event<'r>) {
    for pair in Pairs::new(text) {
        let Some(value) = pair.value.filter(|value| !value.is_empty()) else { continue };
        let plain = unescape(value);
        match pair.key {
            b"time" => time::read(value).into_iter().for_each(|stamp| event.set_stamp(field::TIMESTAMP, stamp)),
            b"level" => event.set(field::LOG_LEVEL, value),
            b"msg" => event.replace(field::MESSAGE, if pair.quoted { &plain } else { value }),
            b"error" => event.set(field::ERROR_MESSAGE, if pair.quoted { &plain } else { value }),
            b"method" => event.set(field::HTTP_METHOD, value),
            b"path" => set_url(event, value),
            b"remote_ip" if ip(value).is_some() => set_source(event, value),
            key => set_own(event, OWN, key, if pair.quoted { &plain } else { value }),
        }
    }
}

/// Attempts and refusals (internal/handlers/const.go).
fn settle(text: &[u8], event: &mut Event<'_>) {
    let attempt = split(text, b" authentication attempt ").filter(|(before, _)| before.len() < 32);
    if let Some((how, who)) = attempt {
        let (word, factor) = split(how, b" ").unwrap_or((how, b""));
        set_own(event, OWN, b"factor", factor);
        // what follows the user's closing quote is Authelia's own, without any quote
        let user = split(who, b"user '").and_then(|(_, rest)| crate::scan::rsplit(rest, b"'"));
        user.into_iter().for_each(|(user, _)| event.set(field::USER_NAME, user));
        let outcome = if word == b"Successful" { "success" } else { "failure" };
        return event.classify("authentication", "start", "login", outcome);
    }
    // whoever does not exist is not let in, and this is all that is said of it
    let unknown = split(text, b" for user with username input '");
    if let Some((user, _)) = unknown.and_then(|(_, rest)| crate::scan::rsplit(rest, b"' which usually indicates")) {
        event.set(field::USER_NAME, user);
        return event.classify("authentication", "start", "login", "failure");
    }
    let refused = [&b" is forbidden to user "[..], b" is not authorized to user "];
    if text.starts_with(b"Access to ") && refused.iter().any(|mark| split(text, mark).is_some()) {
        return event.classify("web", "denied", "access", "failure");
    }
    let failed = matches!(said(event, "log.level").as_deref(), Some(b"error" | b"fatal"));
    event.classify("", if failed { "error" } else { "info" }, "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"time="2026-11-22T09:14:07+01:00" level=error msg="Unsuccessful 1FA authentication attempt by user 'anna'" error="user not found" method=POST path=/api/firstfactor remote_ip=203.0.113.66"#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07Z"),
            ("authelia.factor", "1FA"),
            ("error.message", "user not found"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("http.request.method", "POST"),
            ("log.level", "error"),
            ("message", "Unsuccessful 1FA authentication attempt by user 'anna'"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "/api/firstfactor"),
            ("url.path", "/api/firstfactor"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: r#"{"level":"debug","method":"POST","msg":"Successful TOTP authentication attempt made by user 'anna'","path":"/api/secondfactor/totp","remote_ip":"203.0.113.66","time":"2026-11-22T09:14:09+01:00"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:09Z"),
            ("authelia.factor", "TOTP"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("http.request.method", "POST"),
            ("log.level", "debug"),
            ("message", "Successful TOTP authentication attempt made by user 'anna'"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "/api/secondfactor/totp"),
            ("url.path", "/api/secondfactor/totp"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: r#"time="2026-11-22T09:14:10Z" level=error msg="Error occurred getting details for user with username input 'eve' which usually indicates they do not exist" error="user not found" method=POST path=/api/firstfactor remote_ip=203.0.113.66"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:10Z"),
            ("error.message", "user not found"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("http.request.method", "POST"),
            ("log.level", "error"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "/api/firstfactor"),
            ("url.path", "/api/firstfactor"),
            ("user.name", "eve"),
        ],
    },
    Example {
        raw: r#"<14>Nov 22 09:14:10 sso1 authelia[7]: time="2026-11-22T09:14:10Z" level=info msg="Access to 'https://admin.example.com/' is forbidden to user 'anna', responding with status code 403" method=GET path=/api/verify remote_ip=203.0.113.66"#,
        expect: &[
            ("event.action", "access"),
            ("event.category", "web"),
            ("event.outcome", "failure"),
            ("event.type", "denied"),
            ("http.request.method", "GET"),
            ("log.level", "info"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "/api/verify"),
            ("url.path", "/api/verify"),
        ],
    },
    Example { raw: r#"{"level":"debug","msg":"Successful 1FA authentication attempt made by"#, expect: &[] },
];
