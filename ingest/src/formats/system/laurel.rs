//! laurel: Linux audit events as JSON, all records of an event in one object.

use crate::{
    Event, Field, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{Row, Table, To::Is},
    },
    scan::{first_word, split},
};

/// laurel's events.
pub static LAUREL: JsonFormat = JsonFormat {
    name: "laurel",
    category: "system",
    product: "laurel",
    about: "audit events as JSON objects (github.com/threathunters-io/laurel)",
    logsource: LogSource { category: "", product: "linux", services: &["auditd"] },
    keys: &[
        &["ID", "SYSCALL.exe"],
        &["ID", "ANOM_ABEND.exe"],
        &["ID", "EXECVE.ARGV"],
        &["ID", "USER_AUTH.exe"],
        &["ID", "USER_LOGIN.exe"],
        &["ID", "CONFIG_CHANGE.op"],
    ],
    own: "laurel.",
    always: &[],
    table: Table::new(ROWS),
    settle,
    examples: EXAMPLES,
};

const ROWS: &[Row] = &[
    ("ID", Is("event.id")),
    ("SYSCALL.exe", Is("process.executable")),
    ("ANOM_ABEND.exe", Is("process.executable")),
    ("SYSCALL.comm", Is("process.name")),
    ("ANOM_ABEND.comm", Is("process.name")),
    ("SYSCALL.pid", Is("process.pid")),
    ("ANOM_ABEND.pid", Is("process.pid")),
    ("SYSCALL.ppid", Is("process.parent.pid")),
    ("SYSCALL.AUID", Is("user.name")),
    ("ANOM_ABEND.AUID", Is("user.name")),
    ("SYSCALL.EUID", Is("user.effective.name")),
    ("SYSCALL.key", Is("rule.name")),
    ("SYSCALL.tty", Is("process.tty.name")),
    ("EXECVE.ARGV", Is("process.args")),
    ("CWD.cwd", Is("process.working_directory")),
];

fn settle(event: &mut Event<'_>) {
    let id = said(event, "event.id").unwrap_or_default();
    let seconds = split(&id, b":").map_or(&*id, |(time, _)| first_word(time).0);
    if let Some(stamp) = crate::time::read(seconds) {
        event.set_stamp(field::TIMESTAMP, stamp);
    }
    let has = |name: &str| Field::intern(name).is_some_and(|field| event.get(field).is_some());
    let (crashed, ran) = (has("laurel.ANOM_ABEND.sig"), has("process.args"));
    let failed = said(event, "laurel.SYSCALL.success").as_deref() == Some(b"no");
    match (crashed, ran) {
        (true, _) => event.classify("process", "end", "crashed-program", ""),
        (_, true) => event.classify("process", "start", "execve", if failed { "failure" } else { "success" }),
        _ => event.classify("process", "info", "syscall", if failed { "failure" } else { "success" }),
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"ID":"1795338849.042:1261","SYSCALL":{"arch":"0xc000003e","syscall":59,"success":"yes","exit":0,"ppid":1756,"pid":1761,"auid":1000,"comm":"su","exe":"/usr/bin/su","key":"priv_esc","SYSCALL":"execve","AUID":"mara","UID":"mara","EUID":"root"},"EXECVE":{"argc":2,"ARGV":["su","-"]},"CWD":{"cwd":"/home/mara"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09.042Z"),
            ("event.action", "execve"),
            ("event.category", "process"),
            ("event.id", "1795338849.042:1261"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("laurel.EXECVE.argc", "2"),
            ("laurel.SYSCALL.SYSCALL", "execve"),
            ("laurel.SYSCALL.UID", "mara"),
            ("laurel.SYSCALL.arch", "0xc000003e"),
            ("laurel.SYSCALL.auid", "1000"),
            ("laurel.SYSCALL.exit", "0"),
            ("laurel.SYSCALL.success", "yes"),
            ("laurel.SYSCALL.syscall", "59"),
            ("process.args", "su"),
            ("process.executable", "/usr/bin/su"),
            ("process.name", "su"),
            ("process.parent.pid", "1756"),
            ("process.pid", "1761"),
            ("process.working_directory", "/home/mara"),
            ("rule.name", "priv_esc"),
            ("user.effective.name", "root"),
            ("user.name", "mara"),
        ],
    },
    Example {
        raw: r#"{"ID":"1795338849.042:1262","ANOM_ABEND":[{"auid":1000,"uid":1000,"pid":1761,"comm":"su","exe":"/usr/bin/su","sig":11,"res":1,"AUID":"mara"}]}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09.042Z"),
            ("event.action", "crashed-program"),
            ("event.category", "process"),
            ("event.id", "1795338849.042:1262"),
            ("event.type", "end"),
            ("laurel.ANOM_ABEND.auid", "1000"),
            ("laurel.ANOM_ABEND.res", "1"),
            ("laurel.ANOM_ABEND.sig", "11"),
            ("laurel.ANOM_ABEND.uid", "1000"),
            ("process.executable", "/usr/bin/su"),
            ("process.name", "su"),
            ("process.pid", "1761"),
            ("user.name", "mara"),
        ],
    },
    Example { raw: r#"{"ID":"1795338849.042:1262","ANOM_ABEND":[{"exe":}]}"#, expect: &[] },
];
