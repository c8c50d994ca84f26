//! Elasticsearch's plain logs: server, deprecation, slow, audit and garbage collection.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout::{self, closing_bracket},
    scan::{reject, set_some, set_source, split},
    web::set_url,
};

/// Elasticsearch: `[time][LEVEL][logger] [node] message`, the old audit layout, and the JVM's gc.log beside them.
pub struct Elasticsearch;

impl Format for Elasticsearch {
    fn name(&self) -> &'static str {
        "elasticsearch"
    }
    fn category(&self) -> &'static str {
        "database"
    }
    fn product(&self) -> &'static str {
        "Elasticsearch, OpenSearch"
    }
    fn about(&self) -> &'static str {
        "plain server, deprecation, slow and audit log lines (config/log4j2.properties: [%d][%-5p][%-25c{1.}] [%node_name] %m) and unified JVM logging (JEP 158)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "database", product: "elasticsearch", services: &["elasticsearch"] }
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["[20", "[19", "20"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        server(message).is_some() || audit(message).is_some() || gc(message).is_some() || old_gc(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let message = line.message;
        if let Some((header, node)) = server(message) {
            let (text, trace) = split(header.message, b"\n").unwrap_or((header.message, b""));
            set_some(event, field::HOST_NAME, node);
            set_some(event, field::ERROR_STACK_TRACE, trace);
            took(text, event);
            event.classify("database", if header.is_error() { "error" } else { "info" }, "", "");
            layout::Header { message: text, ..header }.describe(event);
        } else if let Some((header, action)) = audit(message) {
            describe_audit(&header, action, event);
            layout::Header { message, ..header }.describe(event);
        } else if let Some(header) = gc(message).or_else(|| old_gc(message)) {
            event.classify("database", "info", "", "");
            header.describe(event);
        } else {
            return Err(reject("elasticsearch_header"));
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The text in brackets at the start and what follows.
fn bracket(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = closing_bracket(text).filter(|_| text.starts_with(b"["))?;
    Some((text[1..end].trim_ascii(), &text[end + 1..]))
}

/// `[time][LEVEL][logger] [node] message`; older releases leave the node out.
fn server(text: &[u8]) -> Option<(layout::Header<'_>, &[u8])> {
    let (time, rest) = bracket(text)?;
    let (_, stamp) = layout::stamp(time)?;
    let (level, rest) = bracket(rest)?;
    let (logger, rest) = bracket(rest)?;
    let rest = rest.trim_ascii_start();
    let (node, message) = bracket(rest).filter(|(node, _)| !node.contains(&b' ')).unwrap_or((b"", rest));
    let known = layout::is_level(level) || matches!(level, b"DEPRECATION" | b"CRITICAL");
    let header = layout::Header {
        stamp: Some(stamp),
        level,
        logger,
        message: message.trim_ascii_start(),
        ..layout::Header::default()
    };
    known.then_some((header, node))
}

/// `took[560.6micros], took_millis[0]` of the slow logs.
fn took(text: &[u8], event: &mut Event<'_>) {
    let millis =
        split(text, b"took_millis[").and_then(|(_, rest)| split(rest, b"]")).and_then(|(n, _)| crate::scan::integer(n));
    if let Some(millis) = millis {
        event.set_int(field::EVENT_DURATION, millis.saturating_mul(1_000_000));
    }
}

/// `[time] [node] [rest] [authentication_failed] origin_address=[…], principal=[…]`, with or without the node.
fn audit(text: &[u8]) -> Option<(layout::Header<'_>, &[u8])> {
    let (time, mut rest) = bracket(text)?;
    let (_, stamp) = layout::stamp(time)?;
    for _ in 0..3 {
        let (word, after) = bracket(rest.strip_prefix(b" ")?)?;
        let layer = matches!(word, b"rest" | b"transport" | b"ip_filter");
        rest = after;
        if layer {
            let (action, message) = bracket(rest.strip_prefix(b" ")?)?;
            let header =
                layout::Header { stamp: Some(stamp), message: message.trim_ascii(), ..layout::Header::default() };
            return Some((header, action));
        }
    }
    None
}

fn describe_audit<'r>(header: &layout::Header<'r>, action: &'r [u8], event: &mut Event<'r>) {
    event.set(field::EVENT_ACTION, action);
    let value = |name: &[u8]| {
        let (before, rest) = split(header.message, name)?;
        let apart = before.last().is_none_or(|b| matches!(b, b' ' | b'\t' | b','));
        let end = closing_bracket(rest).filter(|_| apart && rest.starts_with(b"["))?;
        rest.get(1..end)
    };
    value(b"origin_address=").into_iter().for_each(|address| set_source(event, address));
    value(b"principal=").into_iter().for_each(|user| event.set(field::USER_NAME, user));
    value(b"uri=").into_iter().for_each(|uri| set_url(event, uri));
    match action {
        b"authentication_failed" | b"anonymous_access_denied" | b"realm_authentication_failed" => {
            event.classify("authentication", "start", "", "failure");
        }
        b"authentication_success" => event.classify("authentication", "start", "", "success"),
        _ => {
            let denied = action.ends_with(b"denied") || action == b"tampered_request";
            event.classify("database", "access", "", if denied { "failure" } else { "success" });
        }
    }
}

/// `[2026-11-22T09:14:07.250+0000][4711][gc,start     ] GC(1) Pause Initial Mark`, a level between or not.
fn gc(text: &[u8]) -> Option<layout::Header<'_>> {
    let (time, rest) = bracket(text)?;
    let (_, stamp) = layout::stamp(time)?;
    let (pid, rest) = bracket(rest)?;
    let pid = Some(crate::scan::integer(pid)?);
    let (first, rest) = bracket(rest)?;
    let (level, logger, message) = match bracket(rest) {
        Some((tags, message)) if layout::is_level(first) => (first, tags, message),
        _ => (&b""[..], first, rest),
    };
    Some(layout::Header { stamp: Some(stamp), level, thread: b"", logger, pid, message: message.trim_ascii_start() })
}

/// `2026-11-22T09:14:07.250+0000: 1396138.752: [GC …` of Java 8.
fn old_gc(text: &[u8]) -> Option<layout::Header<'_>> {
    let (rest, stamp) = layout::stamp(text)?;
    let (uptime, message) = split(rest.strip_prefix(b": ")?, b": ")?;
    let seconds = !uptime.is_empty() && uptime.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    seconds.then(|| layout::Header { stamp: Some(stamp), message, ..layout::Header::default() })
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[2026-11-22T09:14:07,250][INFO ][o.e.p.PluginsService     ] [es1] loaded module [lang-mustache]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("host.name", "es1"),
            ("log.level", "INFO"),
            ("log.logger", "o.e.p.PluginsService"),
            ("message", "loaded module [lang-mustache]"),
        ],
    },
    Example {
        raw: "[2026-11-22T09:14:07,250][WARN ][o.e.d.c.ParseField       ] Deprecated field [inline] used, expected [source] instead",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("log.level", "WARN"),
            ("log.logger", "o.e.d.c.ParseField"),
            ("message", "Deprecated field [inline] used, expected [source] instead"),
        ],
    },
    Example {
        raw: "[2026-11-22T09:14:07,250][INFO ][index.indexing.slowlog.index] [es1] [orders/VLKxBLvUSYuIMKzpacGjRg] took[560.6micros], took_millis[17], type[doc]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.duration", "17000000"),
            ("event.type", "info"),
            ("host.name", "es1"),
            ("log.level", "INFO"),
            ("log.logger", "index.indexing.slowlog.index"),
            ("message", "[orders/VLKxBLvUSYuIMKzpacGjRg] took[560.6micros], took_millis[17], type[doc]"),
        ],
    },
    Example {
        raw: "[2026-11-22T09:14:07,250] [es1] [rest] [authentication_failed]\torigin_address=[203.0.113.66], principal=[b.jones], uri=[/_security/_authenticate]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "authentication_failed"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "/_security/_authenticate"),
            ("url.path", "/_security/_authenticate"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: "[2026-11-22T09:14:07,250] [transport] [access_granted]\torigin_type=[rest], origin_address=[203.0.113.66], principal=[shop], action=[indices:data/read/search], request=[SearchRequest]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "access_granted"),
            ("event.category", "database"),
            ("event.outcome", "success"),
            ("event.type", "access"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "shop"),
        ],
    },
    Example {
        raw: "[2026-11-22T09:14:07.250+0000][4711][gc,start     ] GC(1) Pause Initial Mark",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("log.logger", "gc,start"),
            ("message", "GC(1) Pause Initial Mark"),
            ("process.pid", "4711"),
        ],
    },
    Example {
        raw: r#"[2026-11-22T09:14:07.250+0000][208][info ][safepoint   ] Safepoint "Cleanup", Time since last: 4002353570 ns"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("log.level", "info"),
            ("log.logger", "safepoint"),
            ("message", r#"Safepoint "Cleanup", Time since last: 4002353570 ns"#),
            ("process.pid", "208"),
        ],
    },
    Example {
        raw: "2026-11-22T09:14:07.250+0000: 1396138.752: [GC (CMS Initial Mark) 142444K(253440K), 0.0021716 secs]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("message", "[GC (CMS Initial Mark) 142444K(253440K), 0.0021716 secs]"),
        ],
    },
    Example { raw: "[2026-11-22T09:14:07,250][INFO ] only two", expect: &[] },
];
