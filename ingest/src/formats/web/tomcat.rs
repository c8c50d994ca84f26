//! Tomcat's own log, catalina.out.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, integer, reject, split},
};

/// Tomcat: `22-Nov-2026 09:14:07.250 INFO [main] class.method message`, JULI's one line per record.
pub struct Tomcat;

/// Packages of Tomcat's own classes.
const PACKAGES: &[&str] = &["org.apache.catalina.", "org.apache.coyote.", "org.apache.tomcat.", "org.apache.jasper."];

impl Format for Tomcat {
    fn name(&self) -> &'static str {
        "tomcat"
    }
    fn category(&self) -> &'static str {
        "web"
    }
    fn product(&self) -> &'static str {
        "Apache Tomcat"
    }
    fn about(&self) -> &'static str {
        "catalina.out and localhost logs in JULI's OneLineFormatter: starts, deployments, locked accounts (tomcat.apache.org, Logging in Tomcat)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "webserver", product: "tomcat", services: &["tomcat", "catalina"] }
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/catalina.out"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(PACKAGES)
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (mut header, text) = read(line.message).ok_or(reject("tomcat_header"))?;
        // an exception follows on lines of its own
        if let Some(end) = memchr::memchr(b'\n', header.message) {
            let (first, trace) = header.message.split_at(end);
            header.message = first;
            event.set(field::ERROR_STACK_TRACE, trace);
        }
        header.describe(event);
        describe(text.split(|byte| *byte == b'\n').next().unwrap_or_default(), header.is_error(), event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The header, with class and method as its logger, and the text behind them; the message has them too.
fn read(message: &[u8]) -> Option<(layout::Header<'_>, &[u8])> {
    let mut header = layout::read(message).filter(|header| !header.thread.is_empty())?;
    let mut said = header.message;
    if header.logger.is_empty() {
        let (class, text) = first_word(header.message);
        let is_class = class.contains(&b'.') && class.iter().all(|b| b.is_ascii_graphic() && *b != b':');
        (header.logger, said) = is_class.then_some((class, text))?;
    }
    PACKAGES.iter().any(|package| header.logger.starts_with(package.as_bytes())).then_some((header, said))
}

fn describe(text: &[u8], failed: bool, event: &mut Event<'_>) {
    if let Some((_, rest)) = split(text, b"An attempt was made to authenticate the locked user [")
        && let Some((user, _)) = crate::scan::rsplit(rest, b"]")
    {
        event.set(field::USER_NAME, user);
        return event.classify("authentication", "start", "login", "failure");
    }
    if let Some((millis, _)) = text.strip_prefix(b"Server startup in [").and_then(|rest| split(rest, b"]")) {
        let nanos = integer(millis).and_then(|millis| millis.checked_mul(1_000_000));
        nanos.into_iter().for_each(|nanos| event.set_int(field::EVENT_DURATION, nanos));
        return event.classify("process", "start", "started", "success");
    }
    if text.starts_with(b"Stopping service [") {
        return event.classify("process", "end", "stopping", "");
    }
    let deployed = [&b"Deployment of "[..], b"Undeploying context ["].iter().any(|begin| text.starts_with(begin));
    if deployed {
        return event.classify("configuration", "change", "deployment", "");
    }
    event.classify("web", if failed { "error" } else { "info" }, "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "22-Nov-2026 09:14:07.250 WARNING [http-nio-8080-exec-3] org.apache.catalina.realm.LockOutRealm.filterLockedAccounts An attempt was made to authenticate the locked user [admin]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WARNING"),
            ("log.logger", "org.apache.catalina.realm.LockOutRealm.filterLockedAccounts"),
            (
                "message",
                "org.apache.catalina.realm.LockOutRealm.filterLockedAccounts An attempt was made to authenticate the locked user [admin]",
            ),
            ("process.thread.name", "http-nio-8080-exec-3"),
            ("user.name", "admin"),
        ],
    },
    Example {
        raw: "22-Nov-2026 09:14:08.001 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [1234] milliseconds",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.001Z"),
            ("event.action", "started"),
            ("event.category", "process"),
            ("event.duration", "1234000000"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("log.level", "INFO"),
            ("log.logger", "org.apache.catalina.startup.Catalina.start"),
            ("message", "org.apache.catalina.startup.Catalina.start Server startup in [1234] milliseconds"),
            ("process.thread.name", "main"),
        ],
    },
    Example {
        raw: "22-Nov-2026 09:14:09.000 SEVERE [main] org.apache.catalina.core.StandardService.initInternal Failed to initialize connector [Connector[HTTP/1.1-8080]]\n\tjava.net.BindException: Address already in use\n\t\tat java.base/sun.nio.ch.Net.bind0(Native Method)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            (
                "error.stack_trace",
                "\n\tjava.net.BindException: Address already in use\n\t\tat java.base/sun.nio.ch.Net.bind0(Native Method)",
            ),
            ("event.category", "web"),
            ("event.type", "error"),
            ("log.level", "SEVERE"),
            ("log.logger", "org.apache.catalina.core.StandardService.initInternal"),
            (
                "message",
                "org.apache.catalina.core.StandardService.initInternal Failed to initialize connector [Connector[HTTP/1.1-8080]]",
            ),
            ("process.thread.name", "main"),
        ],
    },
    Example { raw: "22-Nov-2026 09:14:09.000 org.apache.catalina.core.StandardService", expect: &[] },
];
