//! Oracle WebLogic Server's logs.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{integer, reject, set_some},
    time,
};

/// WebLogic: `####<time> <severity> <subsystem> … <message id> <text>`.
pub struct Weblogic;

impl Format for Weblogic {
    fn name(&self) -> &'static str {
        "weblogic"
    }
    fn category(&self) -> &'static str {
        "application"
    }
    fn product(&self) -> &'static str {
        "Oracle WebLogic Server"
    }
    fn about(&self) -> &'static str {
        "server and domain log records: time, severity, subsystem, machine, server, thread, user, …, message id and text in angle brackets (Oracle: Understanding WebLogic Logging Services)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "weblogic", services: &["weblogic"] }
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["####<"])
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let parts = parts(line.message.strip_prefix(b"####").unwrap_or(line.message));
        let [_, level, subsystem, machine, server, thread, user, _, _, epoch, .., id, text] = parts[..] else {
            return Err(reject("weblogic_parts"));
        };
        // the record's own time is local and named for people; the number beside it is not
        let stamp = integer(epoch).and_then(|_| time::read(epoch)).ok_or(reject("weblogic_time"))?;
        set_some(event, field::EVENT_PROVIDER, subsystem);
        if !machine.is_empty() {
            event.replace(field::HOST_NAME, machine);
        }
        set_some(event, field::SERVICE_NAME, server);
        // the kernel's own identity is written in brackets
        if !user.starts_with(b"<") {
            set_some(event, field::USER_NAME, user);
        }
        set_some(event, field::EVENT_CODE, id);
        let header = layout::Header { stamp: Some(stamp), level, thread, message: text, ..layout::Header::default() };
        let failed = [&b"Error"[..], b"Critical", b"Alert", b"Emergency"].contains(&level);
        event.classify("", if failed { "error" } else { "info" }, "", if failed { "failure" } else { "" });
        header.describe(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Most parts of a record.
const MAX_PARTS: usize = 16;

/// The texts between `<` and `> `; brackets inside belong to the text.
fn parts(text: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::with_capacity(MAX_PARTS);
    let mut rest = text;
    while let Some(inner) = rest.strip_prefix(b"<")
        && parts.len() < MAX_PARTS
    {
        let next = memchr::memmem::find(inner, b"> <").or_else(|| inner.iter().rposition(|b| *b == b'>'));
        let Some(end) = next else { break };
        parts.push(inner[..end].trim_ascii());
        rest = inner[end + 1..].trim_ascii_start();
    }
    parts
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"####<Nov 22, 2026 9:14:07,250 AM CET> <Info> <Server> <app1> <AdminServer> <Thread-11> <<WLS Kernel>> <> <a0cd5fb3-00000010> <1795335247250> <[severity-value: 64] [partition-id: 0] [partition-name: DOMAIN] > <BEA-002622> <The protocol "iiops" is now configured.> "#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.25Z"),
            ("event.code", "BEA-002622"),
            ("event.provider", "Server"),
            ("event.type", "info"),
            ("host.name", "app1"),
            ("log.level", "Info"),
            ("message", r#"The protocol "iiops" is now configured."#),
            ("process.thread.name", "Thread-11"),
            ("service.name", "AdminServer"),
        ],
    },
    Example {
        raw: "####<Nov 22, 2026 9:14:07,250 AM CET> <Error> <Security> <app1> <ms-1> <main> <weblogic> <> <> <1795335247250> <BEA-090403> <Authentication for user x denied.> ",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.25Z"),
            ("event.code", "BEA-090403"),
            ("event.outcome", "failure"),
            ("event.provider", "Security"),
            ("event.type", "error"),
            ("host.name", "app1"),
            ("log.level", "Error"),
            ("message", "Authentication for user x denied."),
            ("process.thread.name", "main"),
            ("service.name", "ms-1"),
            ("user.name", "weblogic"),
        ],
    },
    Example { raw: "####<Nov 22, 2026 9:14:07,250 AM CET> <Info> <Server> <app1>", expect: &[] },
];
