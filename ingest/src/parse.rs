//! From a [`Record`] to an [`Event`]: envelope, format, time. Stateless and shared by all workers.
//!
//! The format is found in this order, never by trying all:
//!
//! 1. [`Parser::only`], where the caller fixed it.
//! 2. The path of the file that the record was read from (`/dpkg.log`). Where the record does not begin with a whole
//!    header (a PRI, or stamp, host and tag), it is the message, without any envelope. What the format refuses that way
//!    it sees the other way.
//! 3. The program of the envelope, else the last part of the path (a source may be named after its program). Where
//!    several formats know a program, the one that recognises the message's structure.
//! 4. The structure of the message ([`crate::formats::by_structure`]).
//!
//! An entry of the systemd journal ([`crate::journald`]) and a forwarder's document ([`crate::wrapped`]) are envelopes of
//! their own before all that.
//!
//! A format that was chosen and refuses the message leaves an unknown event with its reason.

use std::sync::{Arc, LazyLock};

use foldhash::HashMap;
use jiff::tz::TimeZone;
use memchr::{memchr, memmem};

use crate::{
    Event, Field, Record,
    envelope::{self, Line},
    field,
    formats::{FORMATS, Format, Reject, Structure, authentication::pam::Pam, by_structure, firewall::junos::Junos},
    journald::Entry,
    scan::{integer, set_number, split},
    time,
    wrapped::{self, Wrapped},
};

mod inner;

/// Most RFC 5424 parameters that become fields; the rest stays in the raw record.
pub const MAX_SD_PARAMS: usize = 64;
/// Longest name `log.syslog.structured_data.<id>.<param>` that becomes a field.
pub const MAX_SD_NAME: usize = 128;

/// The time zones of hosts whose stamps carry none, by the name in the record's header.
pub trait Zones: Send + Sync {
    /// The zone of this host; `None` is UTC.
    fn zone(&self, host: &str) -> Option<TimeZone>;
}

/// Reads records into events.
#[derive(Clone, Default)]
pub struct Parser {
    /// Zones of hosts; absent: every stamp without a zone is UTC.
    pub zones: Option<Arc<dyn Zones>>,
    /// Year of stamps without one; absent: the latest that lies at most 24 h after the receive time.
    pub year: Option<i16>,
    /// Read every record as this format, whatever its program or structure.
    pub only: Option<&'static dyn Format>,
}

impl Parser {
    /// Reads one record. Never fails: what no format understands is an event with its raw text and a reason.
    pub fn parse<'r>(&self, record: &Record<'r>, buffers: Event<'_>) -> Event<'r> {
        let mut event = self.parse_within(0, record, buffers);
        // what a machine reads of its own files and sockets is its own, where nothing says otherwise
        if let Some(here) = record.origin.peer.as_deref().filter(|_| record.origin.transport.is_local())
            && event.get(field::HOST_NAME).is_none()
        {
            event.set_text(field::HOST_NAME, here);
        }
        event
    }

    /// Reads a record that stands inside so many others.
    fn parse_within<'r>(&self, depth: usize, record: &Record<'r>, buffers: Event<'_>) -> Event<'r> {
        let mut event = buffers.recycle(record);
        if self.only.is_none() && depth < wrapped::MAX_DEPTH {
            if let Some(entry) = Entry::read(record.raw) {
                inner::read_entry(&entry, record, &mut event);
                return event;
            }
            if let Some(document) = Wrapped::read(record.raw)
                && self.read_wrapped(depth, &document, record, &mut event)
            {
                return event;
            }
        }
        let chosen = self.only.or_else(|| record.origin.path.as_deref().and_then(format_of_path));
        let line = read(record);
        let Some(format) = chosen else {
            describe(&line, &mut event);
            understand(&line, &mut event);
            self.settle(&mut event);
            return event;
        };
        let bare = Line::bare(record.raw);
        // a whole header is believed before a format that takes any text sees it as its own
        let (first, second) = match (line.is_whole(), line.has_header()) {
            (true, _) => (&line, Some(&bare)),
            (false, true) => (&bare, Some(&line)),
            (false, false) => (&bare, None),
        };
        for (line, last) in [(Some(first), second.is_none()), (second, true)] {
            let Some(line) = line else { break };
            event = event.recycle(record);
            describe(line, &mut event);
            let result = try_format(format, line, &mut event);
            let done = result.is_ok() || last;
            keep_reason(result, &mut event);
            if done {
                break;
            }
        }
        self.settle(&mut event);
        event
    }

    /// Gives each stamp of the event its year and zone.
    fn settle(&self, event: &mut Event<'_>) {
        let stamps = event.take_stamps();
        let unzoned = stamps.iter().any(|(_, stamp)| stamp.offset.is_none());
        let zone = match &self.zones {
            Some(zones) if unzoned => event.host().and_then(|host| zones.zone(&host)),
            _ => None,
        };
        for (field, stamp) in &stamps {
            let Some(at) = time::settle(stamp, event.received, self.year, zone.as_ref()) else { continue };
            match *field {
                field::TIMESTAMP => event.time = Some(at),
                field => event.set_text(field, &at.to_string()),
            }
        }
        event.give_stamps(stamps);
    }
}

/// The envelope of a record; a record that only has a tag before its message counts as one.
fn read<'r>(record: &Record<'r>) -> Line<'r> {
    let mut line = envelope::read(record.raw);
    if line.priority.is_none()
        && line.stamp.is_none()
        && let Some(tagged) = Line::tagged(record.raw, |program| {
            PROGRAMS.contains_key(bare_program(program)) && by_structure(line.message, false).is_none()
        })
    {
        line = tagged;
    }
    if line.program.is_none()
        && let Some(path) = record.origin.path.as_deref()
    {
        // the folder as well: `/var/log/nginx/shop.example.log`
        let mut names = path.rsplit('/').take(2);
        line.program = names.find_map(|name| PROGRAMS.get_key_value(name.as_bytes())).map(|(name, _)| *name);
    }
    line
}

/// Sets what the envelope says.
fn describe(line: &Line<'_>, event: &mut Event<'_>) {
    if let Some(priority) = line.priority {
        let (facility, severity) = (priority >> 3, priority & 7);
        event.set_int(field::SYSLOG_PRIORITY, i64::from(priority));
        event.set_int(field::SYSLOG_FACILITY_CODE, i64::from(facility));
        event.set_static(field::SYSLOG_FACILITY_NAME, FACILITIES[facility as usize]);
        event.set_int(field::SYSLOG_SEVERITY_CODE, i64::from(severity));
        event.set_static(field::SYSLOG_SEVERITY_NAME, SEVERITIES[severity as usize]);
    }
    set_host(line, event);
    if let Some(program) = line.program {
        event.set(field::PROCESS_NAME, program);
    }
    if let Some(pid) = line.pid.and_then(integer).filter(|pid| u32::try_from(*pid).is_ok()) {
        event.set_int(field::PROCESS_PID, pid);
    }
    if let Some(version) = line.version {
        describe_rfc5424(line, version, event);
    }
    event.set(field::MESSAGE, line.message);
    if let Some(stamp) = line.stamp {
        event.set_stamp(field::TIMESTAMP, stamp);
    }
}

/// The forwarder's envelope says which host a record is of; what the header says then stands beside it.
fn set_host(line: &Line<'_>, event: &mut Event<'_>) {
    if let Some(host) = event.origin.host.clone() {
        event.set_text(field::HOST_NAME, &host);
        if let Some(own) = line.host.filter(|own| *own != host.as_bytes()) {
            event.set(field::SYSLOG_HOSTNAME, own);
        }
    } else if let Some(host) = line.host {
        event.set(field::HOST_NAME, host);
    }
}

fn describe_rfc5424(line: &Line<'_>, version: u8, event: &mut Event<'_>) {
    event.set_int(field::SYSLOG_VERSION, i64::from(version));
    let words =
        [(field::SYSLOG_APPNAME, line.program), (field::SYSLOG_PROCID, line.pid), (field::SYSLOG_MSGID, line.msgid)];
    for (field, word) in words {
        if let Some(word) = word {
            event.set(field, word);
        }
    }
    let Some(structured) = line.structured else { return };
    let mut left = MAX_SD_PARAMS;
    envelope::each_param(structured, |id, name, value| {
        if left == 0 {
            return;
        }
        left -= 1;
        if let Some(field) = param_field(id, name) {
            set_param(event, field, value);
        }
    });
}

/// The field of an SD-PARAM, its name built on the stack.
fn param_field(id: &[u8], name: &[u8]) -> Option<Field> {
    const PREFIX: &[u8] = b"log.syslog.structured_data.";
    let mut buffer = [0; MAX_SD_NAME];
    let len = PREFIX.len() + id.len() + 1 + name.len();
    let (prefix, rest) = buffer.get_mut(..len)?.split_at_mut(PREFIX.len());
    prefix.copy_from_slice(PREFIX);
    rest[..id.len()].copy_from_slice(id);
    rest[id.len()] = b'.';
    rest[id.len() + 1..].copy_from_slice(name);
    Field::intern(std::str::from_utf8(&buffer[..len]).ok()?)
}

/// A value as it stands, or without the backslashes before `"`, `\` and `]` (RFC 5424 section 6.3.3).
fn set_param(event: &mut Event<'_>, field: Field, value: &[u8]) {
    if memchr(b'\\', value).is_none() {
        return event.set(field, value);
    }
    let mut text = Vec::with_capacity(value.len());
    let mut bytes = value.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match bytes.peek() {
            Some(&next @ (b'"' | b'\\' | b']')) if byte == b'\\' => {
                text.push(next);
                bytes.next();
            }
            _ => text.push(byte),
        }
    }
    event.set_text(field, &String::from_utf8_lossy(&text));
}

/// Finds the format of a message and lets it read.
fn understand<'r>(line: &Line<'r>, event: &mut Event<'r>) {
    match unrepeated(line.message) {
        Some((times, message)) => {
            set_number(event, field::EVENT_REPEATED, times);
            understand_once(&Line { message, ..line.clone() }, event);
        }
        None => understand_once(line, event),
    }
}

/// What syslogd wraps in `message repeated 3 times: [ … ]`, and how often it came.
fn unrepeated(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let (times, message) = split(message.strip_prefix(b"message repeated ")?, b" times: [ ")?;
    let message = message.strip_suffix(b"]").unwrap_or(message);
    times.iter().all(u8::is_ascii_digit).then_some((times, message))
}

fn understand_once<'r>(line: &Line<'r>, event: &mut Event<'r>) {
    let candidates = line.program.and_then(|program| PROGRAMS.get(bare_program(program)));
    let chosen = match candidates.map(Vec::as_slice) {
        _ if is_pam(line) => Some(&Pam as &dyn Format),
        _ if is_junos(line) => Some(&Junos as &dyn Format),
        Some([only]) => Some(*only),
        Some(several) => several.iter().find(|format| shows(**format, line.message)).or(several.first()).copied(),
        None => by_structure(line.message, line.program.is_some()),
    };
    let result = match chosen {
        Some(format) => try_format(format, line, event),
        None if line.message.is_empty() => Err(Reject { reason: "empty", offset: 0 }),
        None => Err(Reject { reason: "no_format", offset: 0 }),
    };
    // A program may change its ways (PostgreSQL to JSON): what its own format refuses can still have a structure.
    if result.is_err()
        && let Some(refused) = chosen
        && candidates.is_some()
        && let Some(other) =
            by_structure(line.message, line.program.is_some()).filter(|other| other.name() != refused.name())
        && try_format(other, line, event).is_ok()
    {
        return;
    }
    keep_reason(result, event);
}

/// Whether a message has the structure of a format that has one.
fn shows(format: &dyn Format, message: &[u8]) -> bool {
    format.structure() != Structure::None && format.recognises(message)
}

/// PAM's modules write under the name of whatever program called them, older ones in brackets behind it.
fn is_pam(line: &Line<'_>) -> bool {
    let bracketed = |program: &[u8]| program.ends_with(b")") && memmem::find(program, b"(pam_").is_some();
    Pam.recognises(line.message) || line.program.is_some_and(bracketed)
}

/// Junos's daemons have names that others have too (`sshd`), and structured data with Juniper's number at IANA.
fn is_junos(line: &Line<'_>) -> bool {
    line.structured.is_some_and(|data| data.starts_with(b"[junos@"))
}

fn try_format<'r>(format: &'static dyn Format, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
    let (fields, stamps) = (event.fields().len(), event.stamps().len());
    event.logsource = format.logsource();
    let result = format.parse(line, event);
    match result {
        Ok(()) => event.format = Some(format),
        Err(_) => {
            event.truncate(fields);
            event.truncate_stamps(stamps);
            event.logsource = crate::formats::LogSource::NONE;
        }
    }
    result
}

fn keep_reason(result: Result<(), Reject>, event: &mut Event<'_>) {
    if let Err(reject) = result {
        event.reason = Some(reject.reason);
    }
}

/// A program without what newer or older versions hang on it: `sshd(pam_unix)` is `sshd`. Postfix's daemons and instances
/// are one program (postfix.org, MULTI_INSTANCE_README): `postfix-in/submission/smtpd`.
fn bare_program(program: &[u8]) -> &[u8] {
    if program.starts_with(b"postfix") && memchr(b'/', program).is_some() {
        return b"postfix";
    }
    match memchr(b'(', program) {
        Some(at) if at > 0 => &program[..at],
        _ => program,
    }
}

type Programs = HashMap<&'static [u8], Vec<&'static dyn Format>>;

static PROGRAMS: LazyLock<Programs> = LazyLock::new(|| {
    let mut programs = Programs::default();
    for format in FORMATS {
        for program in format.programs() {
            programs.entry(program.as_bytes()).or_default().push(*format);
        }
    }
    programs
});

static PATHS: LazyLock<Vec<(&'static str, &'static dyn Format)>> =
    LazyLock::new(|| FORMATS.iter().flat_map(|format| format.paths().iter().map(|end| (*end, *format))).collect());

fn format_of_path(path: &str) -> Option<&'static dyn Format> {
    PATHS.iter().find(|(end, _)| path.ends_with(end)).map(|(_, format)| *format)
}

/// RFC 5424 table 1, in the words of syslog.h.
const FACILITIES: [&str; 24] = [
    "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp",
    "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
];
/// RFC 5424 table 2, in the words of syslog.h.
pub(crate) const SEVERITIES: [&str; 8] = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Kind, Origin, Transport};

    fn read_from(path: Option<&str>, raw: &[u8], look: impl FnOnce(&Event<'_>)) {
        let mut origin = Origin::new(Transport::File, "test");
        origin.path = path.map(Into::into);
        let received = "2026-11-22T12:00:00Z".parse().unwrap();
        let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw };
        look(&Parser::default().parse(&record, Event::new(&record)));
    }

    fn format_of(path: Option<&str>, raw: &str) -> String {
        let mut name = String::new();
        read_from(path, raw.as_bytes(), |event| name = event.format_name().into());
        name
    }

    #[test]
    fn a_line_of_a_file_without_a_host_is_of_the_machine_that_read_it() {
        let host = |transport, raw: &str| {
            let origin = Origin { peer: Some("nas1".into()), ..Origin::new(transport, "test") };
            let received = "2026-11-22T12:00:00Z".parse().unwrap();
            let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw: raw.as_bytes() };
            let event = Parser::default().parse(&record, Event::new(&record));
            let hosts: Vec<_> =
                event.all(field::HOST_NAME).map(|v| event.value_text(v).unwrap().into_owned()).collect();
            hosts.join(" ")
        };
        assert_eq!(host(Transport::File, "snapshot done"), "nas1");
        assert_eq!(host(Transport::Unix, "<13>Nov 22 09:14:07 web1 cron[7]: x"), "web1");
        assert_eq!(
            host(Transport::Tcp, "snapshot done"),
            "",
            "the sender of a datagram or stream need not be its author"
        );
    }

    #[test]
    fn a_file_in_a_programs_folder_is_that_programs() {
        let line = r#"192.0.2.1 - - [22/Nov/2026:09:14:07 +0100] "GET / HTTP/1.1" 200 5 "-" "-""#;
        assert_eq!(format_of(Some("/var/log/nginx/shop.example.log"), line), "nginx_access");
        assert_eq!(format_of(Some("/var/log/apache2/shop.example.log"), line), "apache_access");
        let database = "2026-11-22 09:14:07.250 CET [4711] LOG:  checkpoint starting: time";
        assert_eq!(format_of(Some("/var/log/postgresql/postgresql-17-main.log"), database), "postgresql");
        let error = "2026/11/22 09:14:07 [error] 4711#4711: *1 open() failed";
        assert_eq!(format_of(Some("/var/log/nginx/shop.example.log"), error), "nginx_error");
    }

    #[test]
    fn the_path_leads_to_the_format_before_the_envelope_is_believed() {
        let line = "2026-11-22 01:53:02 status installed libssl3:amd64 3.0.22-1~deb12u2";
        read_from(Some("/var/log/dpkg.log"), line.as_bytes(), |event| {
            assert_eq!(event.format_name(), "dpkg");
            assert_eq!(event.text(field::HOST_NAME), None);
            assert_eq!(event.text(field::MESSAGE).as_deref(), Some(line));
            assert_eq!(event.time.unwrap().to_string(), "2026-11-22T01:53:02Z");
        });
        assert_eq!(format_of(None, line), "dpkg");
        assert_eq!(format_of(Some("/var/log/dpkg.log"), &format!("<29>Nov 22 01:53:11 web1 dpkg: {line}")), "dpkg");
    }

    #[test]
    fn a_source_named_after_its_program_leads_to_the_format() {
        let probe = "probe=web-login asset=web1 result=ok latency_ms=9";
        assert_eq!(format_of(Some("roundsman-probe"), probe), "roundsman_probe");
        assert_eq!(format_of(Some("/usr/sbin/sshd"), "Invalid user x from 192.0.2.7 port 1"), "sshd");
        assert_eq!(format_of(None, "systemd[1]: Started nginx.service - A web server."), "systemd");
        assert_eq!(format_of(None, "kernel: Linux version 6.1.0-56-amd64 (x) #1 SMP Debian 6.1.192-2 (x)"), "kernel");
    }

    #[test]
    fn an_entry_of_the_systemd_journal_is_an_envelope() {
        let entry = r#"{"__REALTIME_TIMESTAMP":"1795316407000001","_HOSTNAME":"web1","SYSLOG_IDENTIFIER":"sshd",
            "_PID":"7","PRIORITY":"6","SYSLOG_FACILITY":"4",
            "MESSAGE":"Failed password for invalid user \"x\" from 203.0.113.7 port 40022 ssh2"}"#;
        read_from(None, entry.as_bytes(), |event| {
            let text = |name: &str| event.text(Field::intern(name).unwrap()).map(String::from);
            assert_eq!(event.format_name(), "sshd");
            assert_eq!(text("source.ip").as_deref(), Some("203.0.113.7"));
            assert_eq!(text("user.name").as_deref(), Some("\"x\""));
            assert_eq!(text("host.name").as_deref(), Some("web1"));
            assert_eq!(text("process.pid").as_deref(), Some("7"));
            assert_eq!(text("log.syslog.facility.name").as_deref(), Some("auth"));
            assert_eq!(event.time.unwrap().as_microsecond(), 1_795_316_407_000_001);
            assert_eq!(&*event.raw, entry.as_bytes());
        });
        let unit = r#"{"__REALTIME_TIMESTAMP":"1","SYSLOG_IDENTIFIER":"systemd","UNIT":"nginx.service",
            "MESSAGE":"Started A web server."}"#;
        read_from(None, unit.as_bytes(), |event| {
            assert_eq!(event.text(field::SERVICE_NAME).as_deref(), Some("nginx.service"));
        });
        let bytes =
            r#"{"__REALTIME_TIMESTAMP":"1","_COMM":"su","MESSAGE":[40,116,111,32,97,41,32,98,32,111,110,32,255]}"#;
        read_from(None, bytes.as_bytes(), |event| assert_eq!(event.format_name(), "su"));
        assert_ne!(format_of(None, r#"{"MESSAGE":"Started x.","SYSLOG_IDENTIFIER":"systemd"}"#), "systemd");
    }

    #[test]
    fn a_boot_line_in_an_application_s_message_is_no_boot() {
        let line = "Nov 22 03:12:07 web1 app[7]: user-agent: Linux version 6.1.0-56-amd64 #1 SMP Debian 6.1.192-2 (x)";
        read_from(None, line.as_bytes(), |event| {
            assert_eq!(event.format_name(), "unknown");
            assert_eq!(event.reason, Some("no_format"));
            assert_eq!(event.text(field::PROCESS_NAME).as_deref(), Some("app"));
        });
    }

    #[test]
    fn structured_data_becomes_fields_without_its_escapes() {
        let line = br#"<165>1 2026-11-22T03:09:07Z web1 app 7 ID47 [x@1 a="1" b="say \"hi\" \] \n"][y c=""] hello"#;
        read_from(None, line, |event| {
            let text = |name: &str| event.text(Field::intern(name).unwrap()).map(String::from);
            assert_eq!(text("log.syslog.structured_data.x@1.a").as_deref(), Some("1"));
            assert_eq!(text("log.syslog.structured_data.x@1.b").as_deref(), Some("say \"hi\" ] \\n"));
            assert_eq!(text("log.syslog.structured_data.y.c").as_deref(), Some(""));
            assert_eq!(text("log.syslog.msgid").as_deref(), Some("ID47"));
            assert_eq!(text("message").as_deref(), Some("hello"));
        });
    }

    #[test]
    fn ten_thousand_elements_are_read_once_and_bounded() {
        let line = format!("<165>1 - web1 app - - {} hello", r#"[a b="c"]"#.repeat(10_000));
        let begun = std::time::Instant::now();
        read_from(None, line.as_bytes(), |event| {
            assert_eq!(event.text(field::MESSAGE).as_deref(), Some("hello"));
            assert_eq!(event.all(Field::intern("log.syslog.structured_data.a.b").unwrap()).count(), MAX_SD_PARAMS);
        });
        let open = format!("<165>1 - web1 app - - {}", "[".repeat(64 * 1024));
        read_from(None, open.as_bytes(), |_| {});
        assert!(begun.elapsed().as_secs() < 1, "{:?}", begun.elapsed());
    }

    #[test]
    fn a_repeated_message_is_read_inside_its_wrapper() {
        let line = b"Nov 22 03:12:00 web1 sshd[7]: message repeated 3 times: [ pam_unix(sshd:session): session closed for user ada]";
        read_from(None, line, |event| {
            assert_eq!(event.format_name(), "pam");
            assert_eq!(event.int(field::EVENT_REPEATED), Some(3));
            assert_eq!(event.text(field::USER_NAME).as_deref(), Some("ada"));
            assert!(event.text(field::MESSAGE).unwrap().starts_with("message repeated 3 times"));
        });
    }

    #[test]
    fn what_a_format_refuses_keeps_its_envelope_and_a_reason() {
        read_from(None, b"<86>Nov 22 03:13:07 web1 su[997]: nonsense", |event| {
            assert_eq!((event.format_name(), event.reason), ("unknown", Some("su_message")));
            assert_eq!(event.text(field::MESSAGE).as_deref(), Some("nonsense"));
            assert_eq!(event.text(field::SYSLOG_FACILITY_NAME).as_deref(), Some("authpriv"));
            assert_eq!(event.logsource, crate::formats::LogSource::NONE);
        });
    }

    #[test]
    fn the_host_of_the_forwarder_s_envelope_counts_before_the_header_s() {
        let mut origin = Origin::new(Transport::Tls, "test");
        origin.host = Some("web1".into());
        let received = "2026-11-22T12:00:00Z".parse().unwrap();
        let raw = b"Nov 22 12:00:00 localhost sshd[7]: hello";
        let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw };
        let event = Parser::default().parse(&record, Event::new(&record));
        assert_eq!(event.text(field::HOST_NAME).as_deref(), Some("web1"));
        assert_eq!(event.text(field::SYSLOG_HOSTNAME).as_deref(), Some("localhost"));
        assert_eq!(event.all(field::HOST_NAME).count(), 1);
    }

    struct Berlin;

    impl Zones for Berlin {
        fn zone(&self, host: &str) -> Option<TimeZone> {
            (host == "web1").then(|| TimeZone::get("Europe/Berlin").unwrap())
        }
    }

    #[test]
    fn a_stamp_without_a_zone_is_in_its_host_s_and_a_given_year_counts() {
        let origin = Origin::new(Transport::Tcp, "test");
        let received = "2026-11-22T12:00:00Z".parse().unwrap();
        let raw = b"Jul  1 12:00:00 web1 cron[7]: hello";
        let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw };
        let parser = Parser { zones: Some(Arc::new(Berlin)), year: Some(2024), only: None };
        let event = parser.parse(&record, Event::new(&record));
        assert_eq!(event.time.unwrap().to_string(), "2024-07-01T10:00:00Z");
    }

    fn any_example() -> impl Strategy<Value = (&'static dyn Format, &'static str)> {
        let all: Vec<_> = FORMATS.iter().flat_map(|f| f.examples().iter().map(move |e| (*f, e.raw))).collect();
        proptest::sample::select(all)
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_event(raw in proptest::collection::vec(any::<u8>(), 0..300)) {
            read_from(None, &raw, |_| {});
        }

        #[test]
        fn a_mutated_example_is_an_event(
            (format, raw) in any_example(),
            edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..6),
        ) {
            let mut bytes = raw.as_bytes().to_vec();
            for (at, byte, insert) in edits {
                let at = at.index(bytes.len() + 1);
                if insert || at == bytes.len() { bytes.insert(at, byte) } else { bytes[at] = byte }
            }
            let path = format.paths().first().map(|end| format!("/var/log{end}"));
            read_from(path.as_deref(), &bytes, |event| {
                for (_, value) in event.fields() {
                    event.value_text(*value);
                }
            });
        }
    }
}
