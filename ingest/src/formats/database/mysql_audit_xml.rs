//! The audit log of MySQL Enterprise and Percona Server as XML, one `AUDIT_RECORD` per record.

use memchr::memchr;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::set_own,
    scan::{reject, set_source, split},
    time,
    winlog::xml::{attributes, decode},
};

/// MySQL's audit log in its old XML form (attributes) and its new one (elements).
pub struct MysqlAuditXml;

/// Most values of one record that are read.
const MAX_VALUES: usize = 64;

impl Format for MysqlAuditXml {
    fn name(&self) -> &'static str {
        "mysql_audit_xml"
    }
    fn category(&self) -> &'static str {
        "database"
    }
    fn product(&self) -> &'static str {
        "MySQL Enterprise Audit, Percona Audit Log"
    }
    fn about(&self) -> &'static str {
        "AUDIT_RECORD with attributes or with elements, on one line or several (MySQL: Audit Log File Formats)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "database", product: "mysql", services: &["audit"] }
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["<AUDIT_RECORD"])
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let rest = line.message.strip_prefix(b"<AUDIT_RECORD").ok_or(reject("mysql_xml_start"))?;
        let mut record = Record::default();
        let whole = match rest.trim_ascii_start().strip_prefix(b">") {
            Some(elements) => record.elements(elements, event),
            None => record.attributes(rest, event),
        };
        if !whole || record.action.is_empty() {
            return Err(reject("mysql_xml_record"));
        }
        record.settle(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// What the values say together.
#[derive(Default)]
struct Record<'r> {
    action: &'r [u8],
    status: &'r [u8],
    host: &'r [u8],
    ip: &'r [u8],
}

impl<'r> Record<'r> {
    /// `NAME="Query" TIMESTAMP="…" …/>`; whether the record ends.
    fn attributes(&mut self, text: &'r [u8], event: &mut Event<'r>) -> bool {
        for (name, value) in attributes(text).take(MAX_VALUES) {
            self.take(name, value, event);
        }
        text.trim_ascii_end().ends_with(b">")
    }

    /// `<NAME>Query</NAME> … </AUDIT_RECORD>`; whether the record ends.
    fn elements(&mut self, text: &'r [u8], event: &mut Event<'r>) -> bool {
        let mut rest = text;
        for _ in 0..MAX_VALUES {
            let Some(inner) = rest.trim_ascii_start().strip_prefix(b"<") else { return false };
            let Some(end) = memchr(b'>', inner) else { return false };
            let (name, after) = (&inner[..end], &inner[end + 1..]);
            if name == b"/AUDIT_RECORD" {
                return true;
            }
            rest = after;
            if name.ends_with(b"/") {
                continue;
            }
            // text holds no bracket that is not an entity
            let Some(open) = memchr(b'<', after) else { return false };
            self.take(name, &after[..open], event);
            let Some((_, behind)) = split(&after[open..], b">") else { return false };
            rest = behind;
        }
        false
    }

    fn take(&mut self, name: &'r [u8], value: &'r [u8], event: &mut Event<'r>) {
        if value.is_empty() {
            return;
        }
        match name {
            b"NAME" => self.action = value,
            b"STATUS" => self.status = value,
            b"HOST" => self.host = value,
            b"IP" => self.ip = value,
            b"TIMESTAMP" => time::read(value).into_iter().for_each(|stamp| event.set_stamp(field::TIMESTAMP, stamp)),
            // `root[root] @ localhost []`: who asked, and the account that was found
            b"USER" => {
                let user = split(value, b"[").map_or(value, |(user, _)| user);
                event.set(field::USER_NAME, &decode(user));
            }
            b"SQLTEXT" => event.set(field::MYSQL_QUERY, &decode(value)),
            b"SERVER_ID" | b"RECORD_ID" | b"RECORD" | b"CONNECTION_ID" | b"COMMAND_CLASS" | b"DB" | b"PRIV_USER"
            | b"OS_USER" | b"OS_LOGIN" | b"PROXY_USER" | b"STATUS_CODE" | b"MYSQL_VERSION" | b"VERSION"
            | b"CONNECTION_TYPE" | b"TABLE" => {
                set_own(event, "mysql.audit.", &name.to_ascii_lowercase(), &decode(value));
            }
            _ => {}
        }
    }

    fn settle(&self, event: &mut Event<'r>) {
        event.set(field::EVENT_ACTION, self.action);
        // the address is surer than the name that DNS gave
        set_source(event, if self.ip.is_empty() { self.host } else { self.ip });
        let outcome = match self.status {
            b"" => "",
            b"0" => "success",
            _ => "failure",
        };
        if outcome == "failure" {
            event.set(field::ERROR_CODE, self.status);
        }
        match self.action {
            b"Connect" | b"Change user" => event.classify("authentication", "start", "", outcome),
            b"Quit" => event.classify("session", "end", "", ""),
            b"Audit" | b"NoAudit" => event.classify("configuration", "change", "", ""),
            _ => event.classify("database", "access", "", outcome),
        }
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"<AUDIT_RECORD NAME="Connect" RECORD="7_2026-11-22T09:00:00" TIMESTAMP="2026-11-22T09:14:07 UTC" CONNECTION_ID="15" STATUS="1045" USER="root" PRIV_USER="" OS_LOGIN="" PROXY_USER="" HOST="app1.example.com" IP="203.0.113.66" DB="shop"/>"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("error.code", "1045"),
            ("event.action", "Connect"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("mysql.audit.connection_id", "15"),
            ("mysql.audit.db", "shop"),
            ("mysql.audit.record", "7_2026-11-22T09:00:00"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "<AUDIT_RECORD>\n <TIMESTAMP>2026-11-22T09:14:08 UTC</TIMESTAMP>\n <RECORD_ID>8_2026-11-22T09:00:00</RECORD_ID>\n <NAME>Query</NAME>\n <CONNECTION_ID>16</CONNECTION_ID>\n <STATUS>0</STATUS>\n <STATUS_CODE>0</STATUS_CODE>\n <USER>shop[shop] @ localhost []</USER>\n <OS_LOGIN/>\n <HOST>localhost</HOST>\n <IP/>\n <COMMAND_CLASS>select</COMMAND_CLASS>\n <SQLTEXT>SELECT 1 &lt; 2</SQLTEXT>\n</AUDIT_RECORD>",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "Query"),
            ("event.category", "database"),
            ("event.outcome", "success"),
            ("event.type", "access"),
            ("mysql.audit.command_class", "select"),
            ("mysql.audit.connection_id", "16"),
            ("mysql.audit.record_id", "8_2026-11-22T09:00:00"),
            ("mysql.audit.status_code", "0"),
            ("mysql.query", "SELECT 1 < 2"),
            ("source.address", "localhost"),
            ("source.domain", "localhost"),
            ("user.name", "shop"),
        ],
    },
    Example { raw: r#"<AUDIT_RECORD NAME="Connect" RECORD="7_2026-11-22T09"#, expect: &[] },
    Example { raw: "<AUDIT_RECORD><NAME>Query</NAME><SQLTEXT>SELECT", expect: &[] },
];
