//! IBM MQ's error logs.

use crate::{
    Event,
    envelope::Line,
    envelope::Stamp,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{integer, ip, reject, set_some, set_source, split},
};

/// IBM MQ: AMQERR01.LOG, records of several lines.
pub struct IbmMq;

impl Format for IbmMq {
    fn name(&self) -> &'static str {
        "ibm_mq"
    }
    fn category(&self) -> &'static str {
        "application"
    }
    fn product(&self) -> &'static str {
        "IBM MQ"
    }
    fn about(&self) -> &'static str {
        "AMQERRnn.LOG records: time, Process, User, Program, Host, then the message with its number, explanation and action (IBM MQ: Error logs)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "ibm_mq", services: &["ibm_mq"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" - Process("])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        split(message, b" - Process(")
            .is_some_and(|(before, after)| before.len() < 200 && split(after, b" Program(").is_some())
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (before, after) = split(line.message, b" - Process(").ok_or(reject("ibm_mq_process"))?;
        let clock = before.rsplit(|b| *b == b'\n').next().unwrap_or_default();
        let (head, code, text) = message(after).ok_or(reject("ibm_mq_message"))?;
        let insert = |name: &[u8]| {
            split(head, name).and_then(|(_, rest)| split(rest, b")")).map_or(&b""[..], |(value, _)| value)
        };
        // `Time(…)` is in UTC, the first line's is local
        let stamp = layout::stamp(insert(b" Time(")).or_else(|| dated(clock));
        stamp.into_iter().for_each(|(_, stamp)| event.set_stamp(field::TIMESTAMP, stamp));
        let process = split(head, b")").map_or(&b""[..], |(process, _)| process);
        // process and thread: `24404.1`
        let (pid, thread) = split(process, b".").unwrap_or((process, b""));
        event.remove(field::PROCESS_PID);
        integer(pid).into_iter().for_each(|pid| event.set_int(field::PROCESS_PID, pid));
        integer(thread).into_iter().for_each(|thread| event.set_int(field::PROCESS_THREAD_ID, thread));
        set_some(event, field::USER_NAME, insert(b" User("));
        set_some(event, field::PROCESS_TITLE, insert(b" Program("));
        set_some(event, field::HOST_NAME, insert(b" Host("));
        set_some(event, field::SERVICE_NAME, insert(b" QMgr("));
        let remote = insert(b" RemoteHost(");
        if ip(remote).is_some() {
            set_source(event, remote);
        }
        describe(code, text, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Messages of a user that the queue manager did not know or believe.
const SIGN_IN_FAILED: [&[u8]; 6] = [b"9557", b"5534", b"5540", b"5542", b"9776", b"9777"];

/// Sets the message's number, level and text.
fn describe<'r>(code: &'r [u8], text: &'r [u8], event: &mut Event<'r>) {
    event.set(field::EVENT_CODE, code);
    let level = match code.last() {
        Some(b'I') => "information",
        Some(b'W') => "warning",
        Some(b'E') => "error",
        Some(b'S') => "severe",
        Some(b'T') => "terminating",
        _ => "",
    };
    if !level.is_empty() {
        event.set_static(field::LOG_LEVEL, level);
    }
    if text.contains(&b'\n') {
        let lines: Vec<&[u8]> = text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).collect();
        event.replace(field::MESSAGE, &lines.join(&b' '));
    } else {
        event.replace(field::MESSAGE, text);
    }
    if SIGN_IN_FAILED.contains(&code.get(3..7).unwrap_or_default()) {
        // the user of the message, not the one under whom the queue manager runs
        event.remove(field::USER_NAME);
        let user = split(text, b"'").and_then(|(_, rest)| split(rest, b"'"));
        user.into_iter().for_each(|(user, _)| event.set(field::USER_NAME, user));
        event.classify("authentication", "start", "", "failure");
    } else {
        let failed = matches!(level, "error" | "severe" | "terminating");
        event.classify("", if failed { "error" } else { "info" }, "", if failed { "failure" } else { "" });
    }
}

/// The inserts before the message, its number, its text up to the explanation.
fn message(after: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let at = memchr::memmem::find_iter(after, b"AMQ").find(|at| {
        let free = *at == 0 || after[at - 1].is_ascii_whitespace();
        free && after.get(at + 3..at + 7).is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
    })?;
    let (head, text) = after.split_at(at);
    let (code, text) = split(text, b":")?;
    let ends = [&b"\n\n"[..], b" EXPLANATION:", b"\nEXPLANATION:"];
    let end = ends.iter().filter_map(|mark| memchr::memmem::find(text, mark)).min().unwrap_or(text.len());
    (code.len() <= 9).then(|| (head, code, text[..end].trim_ascii()))
}

/// `22.11.2026 09:14:07`, `2026-11-22 09:14:07`, or with slashes where the order is sure.
fn dated(text: &[u8]) -> Option<(&[u8], Stamp)> {
    let text = text.trim_ascii();
    if text.get(2) == Some(&b'/') { layout::slashed(text) } else { layout::stamp(text) }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "-------------------------------------------------------------------------------\n22/11/2026 09:14:07 - Process(24404.1) User(MUSR_MQADMIN) Program(amqzmur0.exe)\n                      Host(MQ1) Installation(Installation1)\n                      VRMF(9.0.0.2) QMgr(QM1)\n                     \nAMQ5041: The queue manager task 'DEFERRED_DELIVERY' has ended.\n\nEXPLANATION:\nThe queue manager task DEFERRED_DELIVERY has ended.\nACTION:\nNone.",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.code", "AMQ5041"),
            ("event.type", "info"),
            ("host.name", "MQ1"),
            ("message", "The queue manager task 'DEFERRED_DELIVERY' has ended."),
            ("process.pid", "24404"),
            ("process.thread.id", "1"),
            ("process.title", "amqzmur0.exe"),
            ("service.name", "QM1"),
            ("user.name", "MUSR_MQADMIN"),
        ],
    },
    Example {
        raw: "11/22/26 09:14:07 - Process(597.4) User(mqm) Program(amqrmppa) Host(mq1.example.com) Installation(Installation1) VRMF(9.4.0.0) QMgr(QM1) Time(2026-11-22T08:14:07.254Z) RemoteHost(203.0.113.66) CommentInsert1(203.0.113.66) AMQ9207E: The data received from host '203.0.113.66' on channel '????' is not valid. EXPLANATION: Incorrect data format. ACTION: Tell the systems administrator.",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.254Z"),
            ("event.code", "AMQ9207E"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("host.name", "mq1.example.com"),
            ("log.level", "error"),
            ("message", "The data received from host '203.0.113.66' on channel '????' is not valid."),
            ("process.pid", "597"),
            ("process.thread.id", "4"),
            ("process.title", "amqrmppa"),
            ("service.name", "QM1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "mqm"),
        ],
    },
    Example {
        raw: "----- amqrmrsa.c : 971 --------------------------------------------------------\n11/22/2026 09:14:07 AM - Process(597.4) User(mqm) Program(amqrmppa)\n                    Host(mq1.example.com) Installation(Installation1)\n                    VRMF(9.4.0.0) QMgr(QM1)\n                    Time(2026-11-22T08:14:07.254Z)\n                   \nAMQ5534E: User ID 'b.jones' authentication failed\n\nEXPLANATION:\nThe user ID and password were not accepted.\nACTION:\nNone.",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.254Z"),
            ("event.category", "authentication"),
            ("event.code", "AMQ5534E"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("host.name", "mq1.example.com"),
            ("log.level", "error"),
            ("message", "User ID 'b.jones' authentication failed"),
            ("process.pid", "597"),
            ("process.thread.id", "4"),
            ("process.title", "amqrmppa"),
            ("service.name", "QM1"),
            ("user.name", "b.jones"),
        ],
    },
    Example { raw: "22/11/2026 09:14:07 - Process(24404.1) User(x) Program(y) and no number", expect: &[] },
];
