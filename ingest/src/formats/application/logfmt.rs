//! logfmt: `level=info msg="hello"`.

use memchr::memchr;

use crate::{
    Event,
    envelope::Line,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::{Pairs, own_field, unescape},
    scan::reject,
    synonyms::{self, settle},
};

/// logfmt, as Go programs write it.
pub struct Logfmt;

const OWN: &str = "logfmt.";
/// How many pairs are looked at before a message is taken for logfmt, and how many of them there must be.
const LOOK: usize = 12;
const ENOUGH: usize = 3;

impl Format for Logfmt {
    fn name(&self) -> &'static str {
        "logfmt"
    }

    fn category(&self) -> &'static str {
        "application"
    }

    fn product(&self) -> &'static str {
        "logfmt application logs"
    }

    fn about(&self) -> &'static str {
        "key=value pairs with a level, a message or a time among them (brandur.org/logfmt; go-kit/log, logrus, slog)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "logfmt", services: &[] }
    }

    fn structure(&self) -> Structure {
        Structure::Shape
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let Some(first) = memchr(b'=', &message[..message.len().min(64)]) else { return false };
        if !is_key(&message[..first]) {
            return false;
        }
        let (mut pairs, mut telling) = (0, false);
        for pair in Pairs::new(message).take(LOOK).take_while(|pair| is_key(pair.key)) {
            let Some(value) = pair.value else { break };
            pairs += 1;
            // the kernel's audit records are pairs too, but their `msg` is a stamp
            telling |=
                matches!(pair.key, b"level" | b"lvl" | b"msg" | b"ts" | b"time" | b"severity" | b"message" | b"t")
                    && !value.starts_with(b"audit(");
        }
        pairs >= ENOUGH && telling
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if !self.recognises(line.message) {
            return Err(reject("logfmt_no_pairs"));
        }
        for pair in Pairs::new(line.message) {
            let Some(value) = pair.value else { continue };
            let known = std::str::from_utf8(pair.key).ok().and_then(synonyms::field);
            let Some(field) = known.or_else(|| own_field(OWN, pair.key)) else { continue };
            if pair.quoted {
                event.set(field, &unescape(value));
            } else {
                event.set(field, value);
            }
        }
        settle(OWN, event);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

fn is_key(key: &[u8]) -> bool {
    let part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/' | b'@');
    key.first().is_some_and(u8::is_ascii_alphabetic) && key.len() <= 64 && key.iter().all(part)
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"<14>Nov 22 09:14:07 mon1 grafana[4711]: logger=context userId=0 t=2026-11-22T09:14:07.25+01:00 level=info msg="Invalid \"username or password\"" error="invalid username or password" uname=admin remote_addr=203.0.113.66 method=POST path=/login status=401"#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.25Z"),
            ("host.name", "mon1"),
            ("process.name", "grafana"),
            ("log.logger", "context"),
            ("user.id", "0"),
            ("log.level", "info"),
            ("message", r#"Invalid "username or password""#),
            ("error.message", "invalid username or password"),
            ("source.ip", "203.0.113.66"),
            ("http.request.method", "POST"),
            ("url.path", "/login"),
            ("http.response.status_code", "401"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("logfmt.uname", "admin"),
            ("url.original", "/login"),
            ("event.type", "start"),
        ],
    },
    Example {
        raw: r#"time="2026-11-22T09:14:07Z" level=warning msg="disk is slow" took=1.5s retry"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("log.level", "warning"),
            ("message", "disk is slow"),
            ("logfmt.took", "1.5s"),
        ],
    },
    Example { raw: "type=SYSCALL msg=audit(1795338847.250:4711): arch=c000003e syscall=59", expect: &[] },
    Example { raw: "a=1 b=2 c=3", expect: &[] },
];
