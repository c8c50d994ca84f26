//! QNAP's system logs.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{ip, reject, set_some, set_source, split},
};

/// QuLog: `conn log: Users: …, Source IP: …, …, Action: …` and `event log: …, Content: …`.
pub struct Qnap;

impl Format for Qnap {
    fn name(&self) -> &'static str {
        "qnap"
    }
    fn category(&self) -> &'static str {
        "application"
    }
    fn product(&self) -> &'static str {
        "QNAP QTS"
    }
    fn about(&self) -> &'static str {
        "connection and event logs over syslog (QNAP: QuLog Center, sending logs to a syslog server)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "qnap", services: &["qulog"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["qulogd", "qlogd"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["conn log: ", "event log: "])
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (kind, rest) = split(line.message, b": ").ok_or(reject("qnap_kind"))?;
        if !matches!(kind, b"conn log" | b"event log") {
            return Err(reject("qnap_kind"));
        }
        let value = |name: &[u8], next: &[u8]| {
            let (_, rest) = split(rest, name)?;
            let value = if next.is_empty() { rest } else { split(rest, next)?.0 };
            Some(value.trim_ascii()).filter(|value| !matches!(*value, b"---" | b""))
        };
        value(b"Users: ", b", Source IP: ").into_iter().for_each(|user| event.set(field::USER_NAME, user));
        let address = value(b"Source IP: ", b", Computer name: ");
        address
            .filter(|address| ip(address).is_some_and(|(_, ip)| !ip.is_loopback()))
            .into_iter()
            .for_each(|address| set_source(event, address));
        value(b"Computer name: ", b", ").into_iter().for_each(|name| event.set(field::SOURCE_DOMAIN, name));
        event.set_static(field::OBSERVER_VENDOR, "QNAP");
        event.set_static(field::OBSERVER_PRODUCT, "NAS");
        event.set_static(field::OBSERVER_TYPE, "nas");
        if kind == b"event log" {
            event.set_static(field::EVENT_PROVIDER, "event-log");
            value(b", Application: ", b", Category: ")
                .into_iter()
                .for_each(|name| event.set(field::SERVICE_NAME, name));
            let content = value(b", Content: ", b"").unwrap_or_default();
            set_some(event, field::EVENT_REASON, content);
            event.replace(field::MESSAGE, content);
            return content_says(content, event);
        }
        event.set_static(field::EVENT_PROVIDER, "conn-log");
        let action = value(b", Action: ", b"").ok_or(reject("qnap_action"))?;
        if let Some(path) = value(b"Accessed resources: ", b", Action: ") {
            let path = split(path, b" -> ").map_or(path, |(path, _)| path);
            // an application's own resources begin with its name: `[File Station] /Public`
            let path = path.strip_prefix(b"[").and_then(|path| split(path, b"] ")).map_or(path, |(_, path)| path);
            event.set(field::FILE_PATH, path);
        }
        let word: Vec<u8> = action.to_ascii_lowercase().iter().map(|b| if *b == b' ' { b'-' } else { *b }).collect();
        event.set(field::EVENT_ACTION, &word);
        match word.as_slice() {
            b"login-fail" | b"login-failed" => event.classify("authentication", "start", "", "failure"),
            b"login-success" | b"login-ok" => event.classify("authentication", "start", "", "success"),
            b"logout" => event.classify("authentication", "end", "", "success"),
            b"read" => event.classify("file", "access", "", ""),
            b"delete" => event.classify("file", "deletion", "", ""),
            b"add" | b"create-directory" => event.classify("file", "creation", "", ""),
            b"write" | b"rename" | b"move" => event.classify("file", "change", "", ""),
            _ => {}
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `[Users] Failed to log in via user account "x". Source IP address: …`
fn content_says(content: &[u8], event: &mut Event<'_>) -> Result<(), Reject> {
    if split(content, b"Failed to log in").is_some() {
        event.classify("authentication", "start", "", "failure");
    }
    Ok(())
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "<30>Nov 22 09:14:07 nas1 qulogd[4711]: conn log: Users: b.jones, Source IP: 203.0.113.66, Computer name: desk7, Connection type: Samba, Accessed resources: Public/report.pdf, Action: Read",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "read"),
            ("event.category", "file"),
            ("event.provider", "conn-log"),
            ("event.type", "access"),
            ("file.path", "Public/report.pdf"),
            ("host.name", "nas1"),
            (
                "message",
                "conn log: Users: b.jones, Source IP: 203.0.113.66, Computer name: desk7, Connection type: Samba, Accessed resources: Public/report.pdf, Action: Read",
            ),
            ("observer.product", "NAS"),
            ("observer.type", "nas"),
            ("observer.vendor", "QNAP"),
            ("process.name", "qulogd"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.domain", "desk7"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: "<30>Nov 22 09:14:07 nas1 qulogd[4711]: conn log: Users: admin, Source IP: 203.0.113.66, Computer name: ---, Connection type: HTTP/HTTPS, Accessed resources: Administration, Action: Login Fail",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login-fail"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.provider", "conn-log"),
            ("event.type", "start"),
            ("file.path", "Administration"),
            ("host.name", "nas1"),
            (
                "message",
                "conn log: Users: admin, Source IP: 203.0.113.66, Computer name: ---, Connection type: HTTP/HTTPS, Accessed resources: Administration, Action: Login Fail",
            ),
            ("observer.product", "NAS"),
            ("observer.type", "nas"),
            ("observer.vendor", "QNAP"),
            ("process.name", "qulogd"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "admin"),
        ],
    },
    Example {
        raw: r#"<30>Nov 22 09:14:07 nas1 qulogd[4711]: event log: Users: admin, Source IP: 127.0.0.1, Computer name: ---, Application: Users, Category: General, Content: [Users] Edited the account profile of user "test"."#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.provider", "event-log"),
            ("event.reason", r#"[Users] Edited the account profile of user "test"."#),
            ("host.name", "nas1"),
            ("message", r#"[Users] Edited the account profile of user "test"."#),
            ("observer.product", "NAS"),
            ("observer.type", "nas"),
            ("observer.vendor", "QNAP"),
            ("process.name", "qulogd"),
            ("process.pid", "4711"),
            ("service.name", "Users"),
            ("user.name", "admin"),
        ],
    },
    Example { raw: "conn log: Users: b.jones and nothing more", expect: &[] },
];
