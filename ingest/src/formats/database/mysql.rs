//! MySQL's and MariaDB's error log, slow log and general log.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, integer, reject, set_some, set_source, split},
    time,
};

/// MySQL: `time thread [Level] message` of all releases; `# User@Host` records of the slow log; `time thread Command text`.
pub struct Mysql;

impl Format for Mysql {
    fn name(&self) -> &'static str {
        "mysql"
    }
    fn category(&self) -> &'static str {
        "database"
    }
    fn product(&self) -> &'static str {
        "MySQL, MariaDB"
    }
    fn about(&self) -> &'static str {
        "error log lines, old and new; slow query log records; general query log lines (MySQL: The Error Log, The Slow Query Log, The General Query Log)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "database", product: "mysql", services: &["mysql"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["mysqld", "mariadbd", "mysql", "mysqld_safe"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/mysql/error.log", "/mysqld.log", "/mariadb.log", "/mysql/mysql-slow.log", "/mysql/mysql.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            "[Note]",
            "[Warning]",
            "[ERROR]",
            "[System]",
            "# User@Host:",
            "\tConnect\t",
            "\tQuery\t",
            " Connect\t",
            " Connect   ",
            " mysqld_safe ",
            "InnoDB: ",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        error(message).is_some() || is_slow(message) || general(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let message = line.message;
        if is_slow(message) {
            return slow(message, event);
        }
        if let Some((header, code)) = error(message) {
            if let Some((code, provider)) = code {
                event.set(field::EVENT_CODE, code);
                event.set(field::EVENT_PROVIDER, provider);
            }
            if !denied(header.message, event) {
                event.classify("database", if header.is_error() { "error" } else { "info" }, "", "");
            }
            header.describe(event);
            return Ok(());
        }
        let (header, command) = general(message).ok_or(reject("mysql_header"))?;
        event.set(field::EVENT_ACTION, command);
        header.describe(event);
        if !(denied(header.message, event) || connect(command, header.message, event)) {
            event.classify("database", "access", "", "");
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// A header, and the code and subsystem that releases from 8.0 on write: `[MY-010926] [Server]`.
type Line8<'r> = (layout::Header<'r>, Option<(&'r [u8], &'r [u8])>);

/// `2026-11-22T09:14:07.250000Z 113 [Note] [MY-010926] [Server] text`, `261122  9:14:07 [Note] text`,
/// `2026-11-22  9:14:07 8 [Warning] text`, `261122 09:14:07 InnoDB: text`.
fn error(text: &[u8]) -> Option<Line8<'_>> {
    let (rest, stamp) = layout::stamp(text).or_else(|| short_hour(text))?;
    let rest = rest.strip_prefix(b" ")?.trim_ascii_start();
    let (number, after) = first_word(rest);
    let (thread, rest) = match integer(number) {
        Some(_) => (number, after.trim_ascii_start()),
        None => (&b""[..], rest),
    };
    let header = layout::Header { stamp: Some(stamp), ..layout::Header::default() };
    let Some((level, message)) = rest.strip_prefix(b"[").and_then(|rest| split(rest, b"]")) else {
        // before 5.7 InnoDB wrote no level, and the server none while it started
        let plain = thread.is_empty() && (rest.starts_with(b"InnoDB: ") || rest.starts_with(b"mysqld_safe "));
        return plain.then_some((layout::Header { message: rest, ..header }, None));
    };
    let known = matches!(level, b"Note" | b"Warning" | b"ERROR" | b"System" | b"Error");
    let message = message.strip_prefix(b" ").unwrap_or(message);
    known.then_some((layout::Header { level, message, ..header }, code(message)))
}

fn code(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let (code, rest) = split(message.strip_prefix(b"[MY-")?, b"] [")?;
    let (provider, _) = split(rest, b"]")?;
    Some((&message[1..code.len() + 4], provider))
}

/// `2026-11-22  9:14:07`: MariaDB writes the hour without a nought.
fn short_hour(text: &[u8]) -> Option<(&[u8], crate::envelope::Stamp)> {
    let (date, clock) = split(text.get(..text.len().min(24))?, b"  ").filter(|(date, _)| date.len() == 10)?;
    let end = clock.iter().take_while(|b| b.is_ascii_digit() || matches!(b, b':' | b'.')).count();
    let whole = [date, b" 0", &clock[..end]].concat();
    let (left, stamp) = layout::stamp(&whole)?;
    left.is_empty().then_some((&text[date.len() + 2 + end..], stamp))
}

/// `Access denied for user 'x'@'192.0.2.7' (using password: YES)`
fn denied<'r>(message: &'r [u8], event: &mut Event<'r>) -> bool {
    let Some((_, rest)) = split(message, b"Access denied for user '") else { return false };
    let Some((user, rest)) = split(rest, b"'@'") else { return false };
    set_some(event, field::USER_NAME, user);
    split(rest, b"'").into_iter().for_each(|(host, _)| set_source(event, host));
    event.classify("authentication", "start", "", "failure");
    true
}

/// A record of the slow log begins with `# Time:` or `# User@Host:`.
fn is_slow(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"# Time: ").map_or(text, |rest| split(rest, b"\n").map_or(rest, |(_, rest)| rest));
    text.starts_with(b"# User@Host: ")
}

fn slow<'r>(text: &'r [u8], event: &mut Event<'r>) -> Result<(), Reject> {
    let (_, rest) = split(text, b"# User@Host: ").ok_or(reject("mysql_slow_user"))?;
    let (peer, rest) = split(rest, b"\n").unwrap_or((rest, b""));
    let (user, host) = split(peer, b" @ ").ok_or(reject("mysql_slow_host"))?;
    // `root[root]`: who signed in as whom
    set_some(event, field::USER_NAME, split(user, b"[").map_or(user, |(user, _)| user));
    let (name, address) = split(host, b"[").unwrap_or((host, b""));
    let address = split(address, b"]").map_or(&b""[..], |(address, _)| address);
    set_some(event, field::SOURCE_DOMAIN, name.trim_ascii());
    if crate::scan::ip(address).is_some() {
        event.set(field::SOURCE_IP, address);
    }
    let number = |name: &[u8]| {
        split(text, name)
            .map(|(_, rest)| rest.split(|b| b.is_ascii_whitespace() || *b == b';').next().unwrap_or_default())
    };
    if let Some(nanos) = number(b"Query_time: ").and_then(nanoseconds) {
        event.set_int(field::EVENT_DURATION, nanos);
    }
    let written = number(b"SET timestamp=").and_then(time::read).or_else(|| {
        let (first, _) = split(text.strip_prefix(b"# Time: ")?, b"\n")?;
        layout::stamp(first).map(|(_, stamp)| stamp)
    });
    written.into_iter().for_each(|stamp| event.set_stamp(field::TIMESTAMP, stamp));
    if let Some(query) = query(rest) {
        event.set(field::MYSQL_QUERY, query);
    }
    event.classify("database", "info", "", "");
    Ok(())
}

/// The statement: what follows the comments, `use` and `SET timestamp`.
fn query(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = split(rest, b"\n").unwrap_or((rest, b""));
        let own = line.starts_with(b"#") || line.starts_with(b"SET timestamp=") || line.starts_with(b"use ");
        if !own && !line.trim_ascii().is_empty() {
            return Some(split(rest, b"\n# Time: ").map_or(rest, |(query, _)| query).trim_ascii());
        }
        rest = after;
    }
    None
}

/// `2.000652` seconds in nanoseconds.
fn nanoseconds(text: &[u8]) -> Option<i64> {
    let (whole, fraction) = split(text, b".")?;
    let micros = integer(fraction.get(..6)?)?;
    integer(whole)?.checked_mul(1_000_000_000)?.checked_add(micros.checked_mul(1_000)?)
}

/// `2026-11-22T09:14:07.250000Z    14 Connect root@localhost on shop using TCP/IP`
fn general(text: &[u8]) -> Option<(layout::Header<'_>, &[u8])> {
    let (rest, stamp) = layout::stamp(text)?;
    let (thread, rest) = first_word(rest.trim_ascii_start());
    integer(thread)?;
    let end = rest.iter().position(|b| matches!(b, b'\t')).or_else(|| memchr::memmem::find(rest, b"  "))?;
    let command = &rest[..end];
    let commands: [&[u8]; 9] = [
        b"Connect",
        b"Query",
        b"Quit",
        b"Init DB",
        b"Prepare",
        b"Execute",
        b"Close stmt",
        b"Change user",
        b"Field List",
    ];
    let message = rest[end..].trim_ascii();
    let header = layout::Header { stamp: Some(stamp), message, ..layout::Header::default() };
    commands.contains(&command).then_some((header, command))
}

/// `root@192.0.2.7 on shop using TCP/IP`
fn connect<'r>(command: &[u8], message: &'r [u8], event: &mut Event<'r>) -> bool {
    let Some((user, rest)) = split(message, b"@").filter(|_| command == b"Connect") else { return false };
    set_some(event, field::USER_NAME, user);
    set_source(event, first_word(rest).0);
    event.classify("authentication", "start", "", "success");
    true
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22T09:14:07.250000Z 113 [Note] [MY-010926] [Server] Access denied for user 'root'@'203.0.113.66' (using password: NO)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "authentication"),
            ("event.code", "MY-010926"),
            ("event.outcome", "failure"),
            ("event.provider", "Server"),
            ("event.type", "start"),
            ("log.level", "Note"),
            ("message", "[MY-010926] [Server] Access denied for user 'root'@'203.0.113.66' (using password: NO)"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "2026-11-22  9:14:07 8 [Warning] Access denied for user 'shop'@'203.0.113.66' (using password: YES)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "Warning"),
            ("message", "Access denied for user 'shop'@'203.0.113.66' (using password: YES)"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "shop"),
        ],
    },
    Example {
        raw: "261122  9:14:07 [Note] Plugin 'FEDERATED' is disabled.",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("log.level", "Note"),
            ("message", "Plugin 'FEDERATED' is disabled."),
        ],
    },
    Example {
        raw: "261122 09:14:07 InnoDB: Initializing buffer pool, size = 128.0M",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("message", "InnoDB: Initializing buffer pool, size = 128.0M"),
        ],
    },
    Example {
        raw: "2026-11-22T09:14:07.250000Z 0 [ERROR] Can't start server: Bind on TCP/IP port: Address already in use",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.type", "error"),
            ("log.level", "ERROR"),
            ("message", "Can't start server: Bind on TCP/IP port: Address already in use"),
        ],
    },
    Example {
        raw: "# User@Host: root[root] @ localhost [203.0.113.66]  Id:    14\n# Query_time: 2.475469  Lock_time: 0.000287 Rows_sent: 10  Rows_examined: 3145718\nuse shop;\nSET timestamp=1795338847;\nSELECT name FROM orders ORDER BY total DESC LIMIT 10;",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.category", "database"),
            ("event.duration", "2475469000"),
            ("event.type", "info"),
            ("mysql.query", "SELECT name FROM orders ORDER BY total DESC LIMIT 10;"),
            ("source.domain", "localhost"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "# Time: 2026-11-22T09:14:07.250000Z\n# User@Host: shop[shop] @ app1 []  Id: 5\n# Query_time: 0.000100  Lock_time: 0.000033 Rows_sent: 101  Rows_examined: 101\nSELECT 1;",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "database"),
            ("event.duration", "100000"),
            ("event.type", "info"),
            ("mysql.query", "SELECT 1;"),
            ("source.domain", "app1"),
            ("user.name", "shop"),
        ],
    },
    Example {
        raw: "2026-11-22T09:14:07.250000Z\t   14 Connect\troot@203.0.113.66 on shop using TCP/IP",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "Connect"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("message", "root@203.0.113.66 on shop using TCP/IP"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "2026-11-22T09:14:07.250000Z\t   14 Connect\tAccess denied for user 'root'@'203.0.113.66' (using password: YES)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "Connect"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("message", "Access denied for user 'root'@'203.0.113.66' (using password: YES)"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "2026-11-22T09:14:07.250000Z\t   14 Query\tSELECT 1",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "Query"),
            ("event.category", "database"),
            ("event.type", "access"),
            ("message", "SELECT 1"),
        ],
    },
    Example { raw: "2026-11-22T09:14:07.250000Z 0 [Gossip] about the server", expect: &[] },
];
