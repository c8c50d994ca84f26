//! PostgreSQL's server log.

mod audit;
mod csv;

use memchr::memmem;

use crate::{
    Event,
    envelope::{Line, Stamp, iso_stamp, zone_offset},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{first_word, integer, ip, reject, rsplit, set_number, set_some, set_source, split},
    time,
};

/// PostgreSQL: sign-ins, connections, errors, statements and their durations.
pub struct Postgresql;

/// How far into a record its severity is looked for.
const MAX_PREFIX: usize = 256;

impl Format for Postgresql {
    fn name(&self) -> &'static str {
        "postgresql"
    }

    fn category(&self) -> &'static str {
        "database"
    }

    fn product(&self) -> &'static str {
        "PostgreSQL"
    }

    fn about(&self) -> &'static str {
        "stderr, syslog and CSV log lines, under any usual log_line_prefix (PostgreSQL: Error Reporting and Logging), and pgaudit's records in them"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "database", product: "postgresql", services: &["postgresql"] }
    }

    fn programs(&self) -> &'static [&'static str] {
        &["postgres", "postgresql"]
    }

    fn paths(&self) -> &'static [&'static str] {
        &["/postgresql.log"]
    }

    fn structure(&self) -> Structure {
        Structure::Shape
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let Some(found) = severity(message) else { return csv::recognises(message) };
        let first = first_word(found.prefix).0;
        let stamped = iso_stamp(found.prefix).filter(|(.., comma)| !comma).is_some();
        let begins = stamped || first.starts_with(b"[") || ip(first).is_some();
        // two blanks are PostgreSQL's own; where a relay left one, the process in brackets must speak for it
        let own = message[found.prefix.len() + found.word.len()..].starts_with(b":  ");
        (begins && begins_prefix(message) && (own || has_process(found.prefix))) || (found.prefix.is_empty() && own)
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if csv::recognises(line.message) {
            return csv::read(line.message, event);
        }
        let Severity { prefix, word, text } = severity(line.message).ok_or(reject("postgresql_no_severity"))?;
        if line.program.is_none() && !begins_prefix(line.message) && !prefix.is_empty() {
            return Err(reject("postgresql_no_prefix"));
        }
        read_prefix(prefix, event);
        // log_error_verbosity = verbose
        let text = match split(text, b": ") {
            Some((state, text)) if is_sql_state(state) => {
                event.set(field::POSTGRESQL_SQL_STATE, state);
                text
            }
            _ => text,
        };
        understand(word, text, event);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Sets what a message of this severity says.
fn understand(word: &[u8], text: &[u8], event: &mut Event<'_>) {
    event.set(field::LOG_LEVEL, word);
    event.replace(field::MESSAGE, text);
    classify(word, text, event);
}

/// Sets what follows from a message of this severity.
pub(super) fn classify(word: &[u8], text: &[u8], event: &mut Event<'_>) {
    let failed = matches!(word, b"ERROR" | b"FATAL" | b"PANIC");
    if !(describe(text, event) || failed && sign_in_failed(text, event)) {
        event.classify("database", if failed { "error" } else { "info" }, "", if failed { "failure" } else { "" });
        if failed {
            event.set(field::ERROR_MESSAGE, text);
        }
    }
    if word == b"STATEMENT" {
        event.set(field::DB_STATEMENT, text);
    }
}

fn is_sql_state(text: &[u8]) -> bool {
    text.len() == 5
        && text.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && text.iter().any(u8::is_ascii_digit)
}

/// `[4711]` or `[4711-1]` in the prefix, or the session's `user@database`.
fn has_process(prefix: &[u8]) -> bool {
    let number = |open: usize| prefix.get(open + 1).is_some_and(u8::is_ascii_digit);
    memchr::memchr_iter(b'[', prefix).any(|open| open > 0 && number(open)) || prefix.contains(&b'@')
}

/// Without a syslog header the prefix begins with a time, a process or an address.
fn begins_prefix(message: &[u8]) -> bool {
    matches!(message.first(), Some(b'0'..=b'9' | b'['))
}

struct Severity<'r> {
    prefix: &'r [u8],
    word: &'r [u8],
    text: &'r [u8],
}

/// The first severity with its colon and two blanks (relays may leave one); what stands before it is the prefix.
fn severity(message: &[u8]) -> Option<Severity<'_>> {
    let head = &message[..message.len().min(MAX_PREFIX)];
    memmem::find_iter(head, b": ").find_map(|at| {
        let from = head[..at].iter().rposition(|b| !b.is_ascii_alphanumeric()).map_or(0, |before| before + 1);
        let word = &head[from..at];
        // `AUTH-ERROR: ` and `local.ERROR: ` are others' words
        let apart = from == 0 || !matches!(head[from - 1], b'-' | b'.' | b'_' | b'/');
        (apart && SEVERITIES.contains(&word)).then(|| Severity {
            prefix: &message[..from],
            word,
            text: message[at + 2..].trim_ascii_start(),
        })
    })
}

/// <https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-SEVERITY-LEVELS>, and what
/// follows a message on lines of its own.
const SEVERITIES: &[&[u8]] = &[
    b"LOG",
    b"ERROR",
    b"FATAL",
    b"PANIC",
    b"WARNING",
    b"NOTICE",
    b"INFO",
    b"DEBUG",
    b"DEBUG1",
    b"DEBUG2",
    b"DEBUG3",
    b"DEBUG4",
    b"DEBUG5",
    b"STATEMENT",
    b"DETAIL",
    b"HINT",
    b"CONTEXT",
    b"QUERY",
    b"LOCATION",
];

/// `log_line_prefix` is free, but its parts are known by their looks: a time with its zone, `[pid]`, `[pid-line]`,
/// `user@database`, `user=`, `db=`, `app=`, `client=`, an address with or without a port, an SQLSTATE.
fn read_prefix<'r>(prefix: &'r [u8], event: &mut Event<'r>) {
    let mut rest = prefix;
    let mut stamped = false;
    while !rest.is_empty() {
        if let (false, Some((after, stamp))) = (stamped, stamp(rest)) {
            event.set_stamp(field::TIMESTAMP, stamp);
            (rest, stamped) = (after, true);
            continue;
        }
        let end = rest.iter().position(|b| is_mark(*b)).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        // an IPv6 address holds the mark of Amazon's prefix
        let (part, after) = match rest.iter().position(|b| matches!(b, b' ' | b',')) {
            Some(whole) if ip(&rest[..whole]).is_some() => rest.split_at(whole),
            _ => (part, after),
        };
        take_part(part, event);
        rest = after.get(1..).unwrap_or_default();
    }
}

fn is_mark(byte: u8) -> bool {
    matches!(byte, b' ' | b',' | b':')
}

/// A time as `%m`, `%t` or `%n` write it, and what follows.
pub(super) fn stamp(text: &[u8]) -> Option<(&[u8], Stamp)> {
    if let Some((rest, mut stamp, _)) = iso_stamp(text) {
        if let (None, Some(named)) = (stamp.offset, rest.strip_prefix(b" ")) {
            let end = named.iter().take_while(|b| b.is_ascii_alphabetic()).count();
            if (1..=5).contains(&end) {
                stamp.offset = zone_offset(&named[..end]);
                return Some((&named[end..], stamp));
            }
        }
        return Some((rest, stamp));
    }
    let (word, rest) = first_word(text);
    let epoch = word.len() >= 14 && word.get(10) == Some(&b'.');
    epoch.then(|| time::read(word)).flatten().map(|stamp| (rest, stamp))
}

fn take_part<'r>(part: &'r [u8], event: &mut Event<'r>) {
    if matches!(part, b"" | b"@" | b"-" | b"[unknown]" | b"[local]") {
        return;
    }
    if let Some(inner) = part.strip_prefix(b"[").and_then(|part| part.strip_suffix(b"]")) {
        let (number, line) = split(inner, b"-").map_or((inner, None), |(number, line)| (number, Some(line)));
        // `[5-1]` from syslog is a line number, `[4711-1]` a process and its line: a process comes first
        let is_process = integer(number).is_some() && line.is_none_or(|line| line.len() < number.len());
        if is_process && event.get(field::PROCESS_PID).is_none() {
            set_number(event, field::PROCESS_PID, number);
        }
        return;
    }
    if let Some((key, value)) = split(part, b"=") {
        match key {
            _ if matches!(value, b"" | b"[unknown]" | b"[local]") => {}
            b"user" | b"usr" | b"u" => event.set(field::USER_NAME, value),
            b"db" | b"database" | b"d" => event.set(field::DB_NAME, value),
            b"app" | b"application" | b"a" => event.set(field::POSTGRESQL_APPLICATION, value),
            b"client" | b"host" | b"h" | b"remote" | b"ip" => set_client(value, event),
            _ => {}
        }
        return;
    }
    if let Some((user, database)) = rsplit(part, b"@") {
        for (field, name) in [(field::USER_NAME, user), (field::DB_NAME, database)] {
            if name != b"[unknown]" {
                set_some(event, field, name);
            }
        }
        return;
    }
    let address = split(part, b"(").map_or(part, |(address, _)| address);
    if ip(address).is_some() {
        return set_client(part, event);
    }
    if is_sql_state(part) {
        event.set(field::POSTGRESQL_SQL_STATE, part);
    } else if part.len() >= 10 && part.contains(&b'.') && part.iter().all(|b| b.is_ascii_hexdigit() || *b == b'.') {
        event.set(field::POSTGRESQL_SESSION_ID, part);
    }
}

/// `192.0.2.1`, `192.0.2.1(51515)` or a name.
fn set_client(client: &[u8], event: &mut Event<'_>) {
    if event.get(field::SOURCE_ADDRESS).is_some() {
        return;
    }
    let (host, port) = split(client, b"(").map_or((client, None), |(host, port)| (host, port.strip_suffix(b")")));
    set_source(event, host);
    port.into_iter().for_each(|port| set_number(event, field::SOURCE_PORT, port));
}

/// Messages about connections, statements and durations; `false` where it is none of them.
fn describe(text: &[u8], event: &mut Event<'_>) -> bool {
    if let Some(rest) = text.strip_prefix(b"connection received: host=") {
        let (host, rest) = first_word(rest);
        if host != b"[local]" {
            set_client(host, event);
        }
        rest.strip_prefix(b"port=").into_iter().for_each(|port| set_number(event, field::SOURCE_PORT, port));
        event.classify("database", "connection", "connection-received", "");
    } else if let Some(rest) = text.strip_prefix(b"connection authorized: ") {
        set_names(rest, event);
        event.classify("authentication", "start", "connection-authorized", "success");
    } else if let Some(rest) = text.strip_prefix(b"connection authenticated: identity=\"") {
        set_some(event, field::USER_ID, rsplit(rest, b"\" method=").map_or(rest, |(identity, _)| identity));
        event.classify("authentication", "start", "connection-authenticated", "success");
    } else if let Some(rest) = text.strip_prefix(b"disconnection: session time: ") {
        let (duration, rest) = first_word(rest);
        session_time(duration).into_iter().for_each(|nanos| event.set_int(field::EVENT_DURATION, nanos));
        set_names(rest, event);
        event.classify("session", "end", "disconnection", "");
    } else if let Some(rest) = text.strip_prefix(b"duration: ") {
        let (number, rest) = split(rest, b" ms").unwrap_or((rest, b""));
        milliseconds(number).into_iter().for_each(|nanos| event.set_int(field::EVENT_DURATION, nanos));
        set_statement(rest.trim_ascii_start(), event);
        event.classify("database", "access", "", "");
    } else if set_statement(text, event) {
        event.classify("database", "access", "", "");
    } else {
        return audit::read(text, event);
    }
    true
}

/// `statement: SELECT …`, `execute <unnamed>: SELECT …`, and the two steps before it.
fn set_statement(text: &[u8], event: &mut Event<'_>) -> bool {
    let statement = if let Some(statement) = text.strip_prefix(b"statement: ") {
        statement
    } else if [&b"execute "[..], b"parse ", b"bind "].iter().any(|step| text.starts_with(step)) {
        match split(text, b": ") {
            Some((name, statement)) if name.len() < 128 => statement,
            _ => return false,
        }
    } else {
        return false;
    };
    event.set(field::DB_STATEMENT, statement);
    true
}

/// `user=b.jones database=shop application_name=psql host=192.0.2.1 port=51515`
fn set_names(text: &[u8], event: &mut Event<'_>) {
    for pair in crate::pairs::Pairs::new(text) {
        let Some(value) = pair.value.filter(|value| !value.is_empty()) else { continue };
        match pair.key {
            b"user" => event.replace(field::USER_NAME, value),
            b"database" => event.replace(field::DB_NAME, value),
            b"application_name" => event.replace(field::POSTGRESQL_APPLICATION, value),
            b"host" if value != b"[local]" => set_client(value, event),
            b"port" => set_number(event, field::SOURCE_PORT, value),
            _ => {}
        }
    }
}

/// FATAL messages of a client that was not let in (`auth.c`, `postinit.c`); names in them are the client's own words.
fn sign_in_failed(text: &[u8], event: &mut Event<'_>) -> bool {
    let user = if let Some((_, rest)) = split(text, b" authentication failed for user \"") {
        rest.strip_suffix(b"\"").unwrap_or(rest)
    } else if let Some(rest) = text
        .strip_prefix(b"no pg_hba.conf entry for ")
        .or_else(|| text.strip_prefix(b"pg_hba.conf rejects connection for "))
    {
        if let Some((host, _)) = split(rest, b"host \"").and_then(|(_, rest)| split(rest, b"\"")) {
            set_client(host, event);
        }
        split(rest, b"user \"").and_then(|(_, rest)| split(rest, b"\", ")).map_or(&b""[..], |(user, _)| user)
    } else if let Some(user) = text.strip_prefix(b"role \"").and_then(|rest| {
        rest.strip_suffix(b"\" does not exist").or_else(|| rest.strip_suffix(b"\" is not permitted to log in"))
    }) {
        user
    } else {
        return false;
    };
    if !user.is_empty() {
        event.replace(field::USER_NAME, user);
    }
    event.classify("authentication", "start", "", "failure");
    event.set(field::ERROR_MESSAGE, text);
    true
}

/// `7.119` milliseconds in nanoseconds.
fn milliseconds(text: &[u8]) -> Option<i64> {
    let (whole, fraction) = split(text, b".").unwrap_or((text, b""));
    let micros = fraction
        .iter()
        .chain(b"000")
        .take(3)
        .try_fold(0, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))?;
    integer(whole)?.checked_mul(1_000_000)?.checked_add(micros * 1_000)
}

/// `0:00:01.234` in nanoseconds.
fn session_time(text: &[u8]) -> Option<i64> {
    let mut parts = text.split(|b| *b == b':');
    let (hours, minutes, seconds) = (integer(parts.next()?)?, integer(parts.next()?)?, milliseconds(parts.next()?)?);
    hours
        .checked_mul(3_600)?
        .checked_add(minutes.checked_mul(60)?)?
        .checked_mul(1_000_000_000)?
        .checked_add(seconds * 1_000)
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"2026-11-22 09:14:07.250 CET [4711] root@shop FATAL:  password authentication failed for user "root""#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.25Z"),
            ("process.pid", "4711"),
            ("user.name", "root"),
            ("postgresql.log.database", "shop"),
            ("log.level", "FATAL"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("error.message", r#"password authentication failed for user "root""#),
        ],
    },
    Example {
        raw: "<134>Nov 22 09:14:08 db1 postgres[4712]: [5-1] 2026-11-22 09:14:08 UTC [4712]: [1-1] user=b.jones,db=shop,app=psql,client=203.0.113.66 LOG:  duration: 12.345 ms  statement: SELECT 1",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("host.name", "db1"),
            ("user.name", "b.jones"),
            ("postgresql.log.database", "shop"),
            ("postgresql.log.application_name", "psql"),
            ("source.ip", "203.0.113.66"),
            ("event.duration", "12345000"),
            ("postgresql.log.query", "SELECT 1"),
            ("source.address", "203.0.113.66"),
            ("log.level", "LOG"),
            ("event.category", "database"),
            ("event.type", "access"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:09.001 UTC [4713] LOG:  connection received: host=203.0.113.66 port=51515",
        expect: &[
            ("event.action", "connection-received"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("process.pid", "4713"),
            ("log.level", "LOG"),
            ("source.address", "203.0.113.66"),
            ("event.category", "database"),
            ("event.type", "connection"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:09.002 UTC [4713] b.jones@shop LOG:  connection authorized: user=b.jones database=shop application_name=psql SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)",
        expect: &[
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("user.name", "b.jones"),
            ("postgresql.log.database", "shop"),
            ("log.level", "LOG"),
            ("postgresql.log.application_name", "psql"),
            ("event.type", "start"),
            ("event.action", "connection-authorized"),
        ],
    },
    Example {
        raw: "2026-11-22 09:20:09.002 UTC [4713] b.jones@shop LOG:  disconnection: session time: 0:06:00.001 user=b.jones database=shop host=203.0.113.66 port=51515",
        expect: &[
            ("event.category", "session"),
            ("event.type", "end"),
            ("event.duration", "360001000000"),
            ("user.name", "b.jones"),
            ("postgresql.log.database", "shop"),
            ("log.level", "LOG"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("event.action", "disconnection"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:10 UTC:198.51.100.9(40000):evil@shop:[4714]:FATAL:  no pg_hba.conf entry for host \"198.51.100.9\", user \"evil\", database \"shop\", no encryption",
        expect: &[
            ("source.ip", "198.51.100.9"),
            ("source.port", "40000"),
            ("process.pid", "4714"),
            ("user.name", "evil"),
            ("event.outcome", "failure"),
            ("source.address", "198.51.100.9"),
            ("postgresql.log.database", "shop"),
            ("log.level", "FATAL"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            (
                "error.message",
                r#"no pg_hba.conf entry for host "198.51.100.9", user "evil", database "shop", no encryption"#,
            ),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:11.000 UTC [4715] app@shop ERROR:  relation \"orders\" does not exist at character 15",
        expect: &[
            ("event.category", "database"),
            ("event.type", "error"),
            ("error.message", r#"relation "orders" does not exist at character 15"#),
            ("user.name", "app"),
            ("postgresql.log.database", "shop"),
            ("log.level", "ERROR"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:11.000 UTC [4715] app@shop STATEMENT:  SELECT * FROM orders",
        expect: &[
            ("postgresql.log.query", "SELECT * FROM orders"),
            ("log.level", "STATEMENT"),
            ("user.name", "app"),
            ("postgresql.log.database", "shop"),
            ("event.category", "database"),
            ("event.type", "info"),
        ],
    },
    Example {
        raw: r#"2026-11-22 09:14:12.000 UTC,"root","shop",4716,"203.0.113.66:51515",6921,2,"authentication",2026-11-22 09:14:12 UTC,3/9,0,FATAL,28P01,"password authentication failed for user ""root""",,,,,,,,,"","client backend""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:12Z"),
            ("process.pid", "4716"),
            ("user.name", "root"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("postgresql.log.sql_state_code", "28P01"),
            ("message", r#"password authentication failed for user "root""#),
            ("event.outcome", "failure"),
            ("postgresql.log.database", "shop"),
            ("postgresql.log.session_id", "6921"),
            ("source.address", "203.0.113.66"),
            ("log.level", "FATAL"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("error.message", r#"password authentication failed for user "root""#),
        ],
    },
    Example {
        raw: r#"2026-11-22 09:14:12.000 UTC [4716] app@shop LOG:  AUDIT: SESSION,3,1,ROLE,GRANT ROLE,,,"GRANT admin TO ""eve""",<not logged>"#,
        expect: &[
            ("event.action", "GRANT ROLE"),
            ("event.category", "iam"),
            ("event.type", "change"),
            ("log.level", "LOG"),
            ("postgresql.audit.class", "ROLE"),
            ("postgresql.audit.statement_id", "3"),
            ("postgresql.audit.substatement_id", "1"),
            ("postgresql.audit.type", "SESSION"),
            ("postgresql.log.database", "shop"),
            ("postgresql.log.query", r#"GRANT admin TO "eve""#),
            ("process.pid", "4716"),
            ("user.name", "app"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:13.000 UTC [4716] app@shop LOG:  AUDIT: OBJECT,4,1,READ,SELECT,TABLE,public.orders,SELECT id FROM orders,<none>",
        expect: &[
            ("event.action", "SELECT"),
            ("event.category", "database"),
            ("event.type", "access"),
            ("log.level", "LOG"),
            ("postgresql.audit.class", "READ"),
            ("postgresql.audit.object_name", "public.orders"),
            ("postgresql.audit.object_type", "TABLE"),
            ("postgresql.audit.statement_id", "4"),
            ("postgresql.audit.substatement_id", "1"),
            ("postgresql.audit.type", "OBJECT"),
            ("postgresql.log.database", "shop"),
            ("postgresql.log.query", "SELECT id FROM orders"),
            ("process.pid", "4716"),
            ("user.name", "app"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:14.000 UTC [4716] app@shop LOG:  AUDIT: SESSION,many,1,READ,SELECT",
        expect: &[
            ("event.category", "database"),
            ("event.type", "info"),
            ("log.level", "LOG"),
            ("postgresql.log.database", "shop"),
            ("process.pid", "4716"),
            ("user.name", "app"),
        ],
    },
    Example { raw: "2026-11-22 09:14:11.000 UTC [4715] app@shop STATEM", expect: &[] },
];
