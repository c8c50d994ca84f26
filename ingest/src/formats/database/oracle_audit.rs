//! Oracle Database's audit trail in files and syslog.

use crate::{
    Event,
    envelope::Line,
    envelope::{Stamp, bsd_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::set_own,
    scan::{integer, reject, set_some, split},
};

/// Oracle: `KEY:[length] 'value'` pairs under a date, or on one line of syslog.
pub struct OracleAudit;

impl Format for OracleAudit {
    fn name(&self) -> &'static str {
        "oracle_audit"
    }
    fn category(&self) -> &'static str {
        "database"
    }
    fn product(&self) -> &'static str {
        "Oracle Database"
    }
    fn about(&self) -> &'static str {
        "traditional audit records of OS files (*.aud) and of syslog (Oracle Database Security Guide: AUDIT_TRAIL, AUDIT_SYSLOG_LEVEL)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "database", product: "oracle", services: &["audit"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["LENGTH : '", "LENGTH: \"", "LENGTH : \""])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let at = memchr::memmem::find(message, b"LENGTH");
        at.is_some_and(|at| at < 400) && (has(message, b"ACTION") || has(message, b"RETURNCODE"))
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (head, body) = split(line.message, b"LENGTH").ok_or(reject("oracle_audit_length"))?;
        if let Some(stamp) = stamp(head.trim_ascii()) {
            event.set_stamp(field::TIMESTAMP, stamp);
        }
        let mut read = Record::default();
        pairs(body, |key, value| read.take(key, value, event));
        if !read.any {
            return Err(reject("oracle_audit_pairs"));
        }
        read.classify(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Most pairs of a record.
const MAX_PAIRS: usize = 64;

fn has(message: &[u8], key: &[u8]) -> bool {
    split(message, key).is_some_and(|(_, rest)| rest.starts_with(b":[") || rest.starts_with(b" :["))
}

/// `Sun Nov 22 09:14:07 2026 +01:00`
fn stamp(text: &[u8]) -> Option<Stamp> {
    let (rest, mut stamp) = bsd_stamp(text.rsplit(|b| *b == b'\n').next()?.get(4..)?)?;
    if let [b' ', sign @ (b'+' | b'-'), a, b, b':', c, d] = rest {
        let number = |text: &[u8]| integer(text).and_then(|n| i32::try_from(n).ok());
        let seconds = number(&[*a, *b])? * 3_600 + number(&[*c, *d])? * 60;
        stamp.offset = Some(if *sign == b'-' { -seconds } else { seconds });
    }
    Some(stamp)
}

/// Calls `take` with each `KEY:[length] 'value'`; the length says where the value ends, whatever it holds.
fn pairs<'r>(body: &'r [u8], mut take: impl FnMut(&'r [u8], &'r [u8])) {
    let mut rest = body;
    for _ in 0..MAX_PAIRS {
        let Some((before, after)) = split(rest, b":[") else { return };
        let Some((length, after)) = split(after, b"] ") else { return };
        let key = before.rsplit(|b| matches!(b, b'\n' | b'\'' | b'"')).next().unwrap_or_default().trim_ascii();
        let Some(length) = integer(length).and_then(|length| usize::try_from(length).ok()) else { return };
        let Some((quote, inner)) = after.split_first().filter(|(quote, _)| matches!(quote, b'\'' | b'"')) else {
            return;
        };
        // lengths count what Oracle wrote; where line ends were rewritten since, the quote before the next key counts
        let end = if inner.get(length) == Some(quote) { length } else { next_key(inner, *quote) };
        take(key, &inner[..end]);
        rest = inner.get(end + 1..).unwrap_or_default();
    }
}

/// Where the quote stands that ends the line before the next key.
fn next_key(inner: &[u8], quote: u8) -> usize {
    let ends = |at: &usize| inner[*at] == quote && matches!(inner.get(at + 1), None | Some(b'\n' | b' '));
    (0..inner.len()).find(ends).unwrap_or(inner.len())
}

#[derive(Default)]
struct Record<'r> {
    any: bool,
    action: &'r [u8],
    number: &'r [u8],
    status: &'r [u8],
}

impl<'r> Record<'r> {
    fn take(&mut self, key: &'r [u8], value: &'r [u8], event: &mut Event<'r>) {
        self.any = true;
        let field = match key {
            b"ACTION" if value.iter().all(u8::is_ascii_digit) => return self.number = value,
            b"ACTION NUMBER" => return self.number = value,
            b"ACTION" => return self.action = value,
            b"STATUS" | b"RETURNCODE" => {
                self.status = value;
                "status"
            }
            b"DATABASE USER" => return set_some(event, field::SERVER_USER_NAME, value),
            b"CLIENT USER" | b"OS$USERID" => return set_some(event, field::CLIENT_USER_NAME, value),
            b"USERID" => return set_some(event, field::CLIENT_USER_ID, value),
            b"PRIVILEGE" => return set_some(event, field::USER_ROLES, value),
            b"USERHOST" => {
                set_some(event, field::SERVER_ADDRESS, value);
                return set_some(event, field::SERVER_DOMAIN, value);
            }
            b"CLIENT ADDRESS" => return self.client(value, event),
            b"CLIENT TERMINAL" | b"TERMINAL" => "terminal",
            b"DBID" => "database_id",
            b"SESSIONID" => "session_id",
            b"ENTRYID" => "entry_id",
            b"COMMENT$TEXT" => "comment",
            b"OBJ$NAME" => "object",
            b"OBJ$CREATOR" => "schema",
            _ => return,
        };
        if !value.is_empty() {
            set_own(event, "oracle.database_audit.", field.as_bytes(), value);
        }
    }

    /// An address, or a connect descriptor: `(ADDRESS=(PROTOCOL=tcp)(HOST=192.0.2.7)(PORT=51515))`.
    fn client(&self, value: &'r [u8], event: &mut Event<'r>) {
        let host = split(value, b"HOST=").and_then(|(_, rest)| split(rest, b")")).map_or(value, |(host, _)| host);
        set_some(event, field::CLIENT_ADDRESS, host);
        if crate::scan::ip(host).is_some() {
            event.set(field::CLIENT_IP, host);
        }
        if let Some((port, _)) = split(value, b"PORT=").and_then(|(_, rest)| split(rest, b")")) {
            crate::scan::set_number(event, field::CLIENT_PORT, port);
        }
    }

    fn classify(&self, event: &mut Event<'r>) {
        if !self.action.is_empty() {
            set_own(event, "oracle.database_audit.", b"action", self.action);
        }
        if !self.number.is_empty() {
            set_own(event, "oracle.database_audit.", b"action_number", self.number);
        }
        event.set_static(field::EVENT_ACTION, "database_audit");
        let outcome = match self.status {
            b"" => "",
            b"0" => "success",
            _ => "failure",
        };
        // 100 is LOGON; CONNECT is what SYSDBA's file says
        if self.number == b"100" || self.action == b"CONNECT" {
            let user = event.bytes(field::SERVER_USER_NAME).or_else(|| event.bytes(field::CLIENT_USER_ID));
            let user = user.map(|user| user.into_owned());
            user.into_iter().for_each(|user| event.set(field::USER_NAME, &user));
            event.classify("authentication", "start", "", outcome);
        } else {
            event.classify("database", "access", "", outcome);
        }
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Sun Nov 22 09:14:07 2026 +01:00\nLENGTH : '261'\nACTION :[7] 'CONNECT'\nDATABASE USER:[3] 'SYS'\nPRIVILEGE :[6] 'SYSDBA'\nCLIENT USER:[6] 'oracle'\nCLIENT TERMINAL:[5] 'pts/0'\nSTATUS:[4] '1017'\nDBID:[8] '39496799'\nSESSIONID:[10] '4294967295'\nUSERHOST:[14] 'db1.example.co'\nCLIENT ADDRESS:[12] '203.0.113.66'\nACTION NUMBER:[3] '100'",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07Z"),
            ("client.address", "203.0.113.66"),
            ("client.ip", "203.0.113.66"),
            ("client.user.name", "oracle"),
            ("event.action", "database_audit"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("oracle.database_audit.action", "CONNECT"),
            ("oracle.database_audit.action_number", "100"),
            ("oracle.database_audit.database_id", "39496799"),
            ("oracle.database_audit.session_id", "4294967295"),
            ("oracle.database_audit.status", "1017"),
            ("oracle.database_audit.terminal", "pts/0"),
            ("server.address", "db1.example.co"),
            ("server.domain", "db1.example.co"),
            ("server.user.name", "SYS"),
            ("user.name", "SYS"),
            ("user.roles", "SYSDBA"),
        ],
    },
    Example {
        raw: "Sun Nov 22 09:14:07 2026 +01:00\nLENGTH : '366'\nACTION :[38] 'SELECT x FROM t where name = 'a' or 1='\nDATABASE USER:[1] '/'\nPRIVILEGE :[4] 'NONE'\nCLIENT USER:[0] ''\nSTATUS:[1] '0'\nUSERHOST:[15] 'db1.example.com'\nACTION NUMBER:[1] '3'",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07Z"),
            ("event.action", "database_audit"),
            ("event.category", "database"),
            ("event.outcome", "success"),
            ("event.type", "access"),
            ("oracle.database_audit.action", "SELECT x FROM t where name = 'a' or 1="),
            ("oracle.database_audit.action_number", "3"),
            ("oracle.database_audit.status", "0"),
            ("server.address", "db1.example.com"),
            ("server.domain", "db1.example.com"),
            ("server.user.name", "/"),
            ("user.roles", "NONE"),
        ],
    },
    Example {
        raw: r#"Nov 22 09:14:07 db1 Oracle Audit[4711]: LENGTH: "261" SESSIONID:[6] "123456" ENTRYID:[1] "1" STATEMENT:[1] "1" USERID:[7] "B_JONES" USERHOST:[15] "app1.example.co" TERMINAL:[7] "unknown" ACTION:[3] "100" RETURNCODE:[4] "1017" OS$USERID:[6] "bjones" DBID:[10] "1123554123""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("client.user.id", "B_JONES"),
            ("client.user.name", "bjones"),
            ("event.action", "database_audit"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("host.name", "db1"),
            (
                "message",
                r#"LENGTH: "261" SESSIONID:[6] "123456" ENTRYID:[1] "1" STATEMENT:[1] "1" USERID:[7] "B_JONES" USERHOST:[15] "app1.example.co" TERMINAL:[7] "unknown" ACTION:[3] "100" RETURNCODE:[4] "1017" OS$USERID:[6] "bjones" DBID:[10] "1123554123""#,
            ),
            ("oracle.database_audit.action_number", "100"),
            ("oracle.database_audit.database_id", "1123554123"),
            ("oracle.database_audit.entry_id", "1"),
            ("oracle.database_audit.session_id", "123456"),
            ("oracle.database_audit.status", "1017"),
            ("oracle.database_audit.terminal", "unknown"),
            ("process.name", "Oracle Audit"),
            ("process.pid", "4711"),
            ("server.address", "app1.example.co"),
            ("server.domain", "app1.example.co"),
            ("user.name", "B_JONES"),
        ],
    },
    Example { raw: "Sun Nov 22 09:14:07 2026 +01:00\nLENGTH : '261'\nACTION :[x] 'CONNECT'", expect: &[] },
];
