//! 389 Directory Server: FreeIPA's and Red Hat's.

use std::sync::LazyLock;

use crate::{
    Event,
    envelope::{Line, Stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{reject, set_some, split},
    template::{Messages, Says, says},
    web::clf_stamp,
};

/// 389 Directory Server: who bound from where, what was searched and changed.
pub struct Dirsrv;

impl Format for Dirsrv {
    fn name(&self) -> &'static str {
        "dirsrv"
    }
    fn category(&self) -> &'static str {
        "authentication"
    }
    fn product(&self) -> &'static str {
        "389 Directory Server, FreeIPA, Red Hat Directory Server"
    }
    fn about(&self) -> &'static str {
        "access and error log lines of ns-slapd (Red Hat Directory Server: Configuration and schema reference, Log files)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["dirsrv", "ldap"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["ns-slapd", "dirsrv"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            "] conn=",
            "] - ERR - ",
            "] - WARN - ",
            "] - NOTICE - ",
            "] - INFO - ",
            "] - CRIT - ",
            "] - EMERG - ",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        frame(message).is_some_and(|(_, text)| text.starts_with(b"conn=") || leveled(text).is_some())
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (stamp, text) = frame(line.message).ok_or(reject("dirsrv_time"))?;
        event.set_stamp(field::TIMESTAMP, stamp);
        event.replace(field::MESSAGE, text);
        if let Some((level, subsystem, message)) = leveled(text) {
            event.set(field::LOG_LEVEL, level);
            set_some(event, field::LOG_LOGGER, subsystem);
            event.replace(field::MESSAGE, message);
            let failed = matches!(level, b"ERR" | b"CRIT" | b"ALERT" | b"EMERG");
            event.classify("", if failed { "error" } else { "info" }, "", "");
            return Ok(());
        }
        if !text.starts_with(b"conn=") {
            return Err(reject("dirsrv_no_connection"));
        }
        // an operation that is not listed is one all the same
        let _ = ACCESS.read(text, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `[22/Nov/2026:09:14:07.250000000 +0100] text`; errors of old versions have no fraction.
fn frame(message: &[u8]) -> Option<(Stamp, &[u8])> {
    let (time, text) = split(message.strip_prefix(b"[")?, b"] ").filter(|(time, _)| (26..=36).contains(&time.len()))?;
    let (clock, zone) = (&time[..20], &time[time.len() - 6..]);
    let mut stamp = clf_stamp(&[clock, zone].concat())?;
    if let Some(digits) = time[20..time.len() - 6].strip_prefix(b".") {
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let padded = digits.iter().chain(std::iter::repeat(&b'0')).take(9);
        let nanos = padded.fold(0, |n, digit| n * 10 + i32::from(digit - b'0'));
        stamp.civil = stamp.civil.with().subsec_nanosecond(nanos).build().ok()?;
    }
    Some((stamp, text))
}

/// `- ERR - subsystem - message` of the error log.
fn leveled(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    const LEVELS: [&[u8]; 8] = [b"EMERG", b"ALERT", b"CRIT", b"ERR", b"WARN", b"NOTICE", b"INFO", b"DEBUG"];
    let (level, rest) = split(text.strip_prefix(b"- ")?, b" - ").filter(|(level, _)| LEVELS.contains(level))?;
    let (subsystem, message) = split(rest, b" - ").unwrap_or((b"", rest));
    Some((level, subsystem, message))
}

static ACCESS: LazyLock<Messages> = LazyLock::new(|| Messages::new(SAYS));

/// An operation, of a connection.
const BIND: [&str; 4] = ["authentication", "start", "bind", ""];
const SEARCH: [&str; 4] = ["network", "info", "srch", ""];

const SAYS: &[Says] = &[
    says(
        "conn={ldap.connection:number} fd={#} slot={#} {?SSL }connection from {source.ip} to {destination.ip}",
        ["network", "connection", "accept", ""],
    ),
    says(
        "conn={ldap.connection:number} fd={#} slot={#} {?SSL }connection from local to {*}",
        ["network", "connection", "accept", ""],
    ),
    says("conn={ldap.connection:number} op={*} fd={#} closed {*}", ["network", "end", "closed", ""]),
    says("conn={ldap.connection:number} op={*} fd={#} Disconnect {*}", ["network", "end", "closed", ""]),
    says(r#"conn={ldap.connection:number} op={ldap.operation:number} BIND dn="uid={user.name},{*}" method={*}"#, BIND),
    says(r#"conn={ldap.connection:number} op={ldap.operation:number} BIND dn="cn={user.name}" method={*}"#, BIND),
    says("conn={ldap.connection:number} op={ldap.operation:number} BIND {*}", BIND),
    says("conn={ldap.connection:number} op={ldap.operation:number} AUTOBIND {*}", BIND),
    // tag 97 answers a bind (RFC 4511, section 4.2.2); 14 asks for its next step
    says(
        "conn={ldap.connection:number} op={ldap.operation:number} RESULT err=0 tag=97 {*}",
        ["authentication", "end", "result", "success"],
    ),
    says(
        "conn={ldap.connection:number} op={ldap.operation:number} RESULT err=14 tag=97 {*}",
        ["authentication", "info", "result", ""],
    ),
    says(
        "conn={ldap.connection:number} op={ldap.operation:number} RESULT err={ldap.result_code:number} tag=97 {*}",
        ["authentication", "end", "result", "failure"],
    ),
    says(
        "conn={ldap.connection:number} op={ldap.operation:number} RESULT err={ldap.result_code:number} {*}",
        ["network", "info", "result", ""],
    ),
    says(
        r#"conn={ldap.connection:number} op={ldap.operation:number} SRCH base="{ldap.base}" scope={#} filter="{ldap.filter}" attrs={*}"#,
        SEARCH,
    ),
    says("conn={ldap.connection:number} op={ldap.operation:number} SRCH {*}", SEARCH),
    says(
        r#"conn={ldap.connection:number} op={ldap.operation:number} MOD dn="{ldap.dn}""#,
        ["configuration", "change", "mod", ""],
    ),
    says(
        r#"conn={ldap.connection:number} op={ldap.operation:number} ADD dn="{ldap.dn}""#,
        ["configuration", "creation", "add", ""],
    ),
    says(
        r#"conn={ldap.connection:number} op={ldap.operation:number} DEL dn="{ldap.dn}""#,
        ["configuration", "deletion", "del", ""],
    ),
    says(
        r#"conn={ldap.connection:number} op={ldap.operation:number} MODRDN dn="{ldap.dn}" {*}"#,
        ["configuration", "change", "modrdn", ""],
    ),
    says(
        "conn={ldap.connection:number} op={ldap.operation:number} UNBIND",
        ["authentication", "end", "unbind", "success"],
    ),
    says("conn={ldap.connection:number} op={ldap.operation:number} EXT {*}", ["network", "info", "ext", ""]),
    says("conn={ldap.connection:number} op={ldap.operation:number} ABANDON {*}", ["network", "info", "abandon", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[22/Nov/2026:09:14:07.250000000 +0100] conn=11 fd=64 slot=64 SSL connection from 203.0.113.66 to 192.0.2.5",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.25Z"),
            ("destination.address", "192.0.2.5"),
            ("destination.ip", "192.0.2.5"),
            ("event.action", "accept"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("ldap.connection", "11"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: r#"[22/Nov/2026:09:14:07.260000000 +0100] conn=11 op=0 BIND dn="uid=anna,cn=users,cn=accounts,dc=example,dc=com" method=128 version=3"#,
        expect: &[
            ("event.action", "bind"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("ldap.connection", "11"),
            ("ldap.operation", "0"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "[22/Nov/2026:09:14:07.270000000 +0100] conn=11 op=0 RESULT err=49 tag=97 nentries=0 wtime=0.000134 optime=0.004 etime=0.004 - Invalid credentials",
        expect: &[
            ("event.action", "result"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "end"),
            ("ldap.connection", "11"),
            ("ldap.operation", "0"),
            ("ldap.result_code", "49"),
        ],
    },
    Example {
        raw: r#"[22/Nov/2026:09:14:08.000000001 +0000] conn=12 op=2 SRCH base="cn=users,dc=example,dc=com" scope=2 filter="(uid=bob)" attrs="uid cn""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.000000001Z"),
            ("event.action", "srch"),
            ("event.category", "network"),
            ("event.type", "info"),
            ("ldap.base", "cn=users,dc=example,dc=com"),
            ("ldap.connection", "12"),
            ("ldap.filter", "(uid=bob)"),
            ("ldap.operation", "2"),
        ],
    },
    Example {
        raw: r#"[22/Nov/2026:09:14:09 +0000] conn=12 op=3 DEL dn="uid=bob,cn=users,dc=example,dc=com""#,
        expect: &[
            ("event.action", "del"),
            ("event.category", "configuration"),
            ("event.type", "deletion"),
            ("ldap.connection", "12"),
            ("ldap.dn", "uid=bob,cn=users,dc=example,dc=com"),
            ("ldap.operation", "3"),
        ],
    },
    Example {
        raw: "[22/Nov/2026:09:14:10.1 +0000] - ERR - slapd_ldap_sasl_interactive_bind - Error: could not perform interactive bind for id [] mech [GSSAPI]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:10.1Z"),
            ("event.type", "error"),
            ("log.level", "ERR"),
            ("log.logger", "slapd_ldap_sasl_interactive_bind"),
            ("message", "Error: could not perform interactive bind for id [] mech [GSSAPI]"),
        ],
    },
    Example { raw: "[22/Nov/2026:09:14:07.250 +0100] con=11 op=0 BIND", expect: &[] },
    Example { raw: "[42/Nov/2026:09:14:07.250 +0100] conn=11 op=0 UNBIND", expect: &[] },
];
