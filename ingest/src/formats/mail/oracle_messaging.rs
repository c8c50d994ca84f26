//! Oracle Communications Messaging Server, once Sun's and iPlanet's.

use std::sync::LazyLock;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::Pairs,
    scan::{reject, set_destination, set_number, set_source},
    table::{Table, To},
};

/// The MTA's transaction log in XML.
pub struct OracleMessaging;

impl Format for OracleMessaging {
    fn name(&self) -> &'static str {
        "oracle_messaging"
    }
    fn category(&self) -> &'static str {
        "mail"
    }
    fn product(&self) -> &'static str {
        "Oracle Communications Messaging Server"
    }
    fn about(&self) -> &'static str {
        "mail.log in XML (docs.oracle.com, Messaging Server System Administrator's Guide, \"MTA Transaction Log Entry Format\")"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "oracle_messaging", services: &["oracle_messaging"] }
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["<co ts=", "<en ts=", "<he ts="])
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let inner = line.message.get(4..).and_then(|rest| rest.strip_suffix(b"/>").or(rest.strip_suffix(b">")));
        let inner = inner.ok_or(reject("open_element"))?;
        let [action, said, transport] = TABLE.read_pairs(event, Pairs::new(inner), ["ac", "mi", "tr"]);
        // `TCP|local address|port|remote address|port`
        let mut parts = transport.split(|b| *b == b'|').skip(1);
        let mut part = || parts.next().unwrap_or_default();
        set_destination(event, part());
        set_number(event, field::DESTINATION_PORT, part());
        set_source(event, part());
        set_number(event, field::SOURCE_PORT, part());
        classify(action, said, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::new(
        "oracle_messaging.",
        &[
            ("ts", To::Time(field::TIMESTAMP)),
            ("ac", To::Text(field::EVENT_ACTION)),
            ("mi", To::Text(field::EVENT_REASON)),
            ("us", To::Text(field::USER_NAME)),
            ("fr", To::Text(field::EMAIL_FROM)),
            ("to", To::Text(field::EMAIL_TO)),
            ("su", To::Text(field::EMAIL_SUBJECT)),
            ("tr", To::Nothing),
        ],
    )
});

/// Action codes of one letter; `U` tells of a sign-in.
fn classify(action: &[u8], said: &[u8], event: &mut Event<'_>) {
    match action {
        b"U" if said.starts_with(b"Authentication successful") => {
            event.classify("authentication", "start", "", "success")
        }
        b"U" => event.classify("authentication", "start", "", "failure"),
        b"O" | b"C" | b"X" => event.classify("network", "connection", "", ""),
        b"J" | b"K" | b"R" | b"Q" | b"V" => event.classify("email", "info", "", "failure"),
        b"D" | b"E" | b"W" | b"Z" => event.classify("email", "info", "", "success"),
        _ => {}
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"<co ts="2026-11-22T09:14:07.56" pi="123f.8e2.9022" sc="tcp_local" dr="+" ac="U" tr="TCP|192.0.2.25|25|203.0.113.66|56591" ap="SMTP" mi="Bad password" us="anna@example.com" di="535 5.7.8 Bad username or password (Authentication failed)."/>"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.56Z"),
            ("destination.address", "192.0.2.25"),
            ("destination.ip", "192.0.2.25"),
            ("destination.port", "25"),
            ("event.action", "U"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Bad password"),
            ("event.type", "start"),
            ("oracle_messaging.ap", "SMTP"),
            ("oracle_messaging.di", "535 5.7.8 Bad username or password (Authentication failed)."),
            ("oracle_messaging.dr", "+"),
            ("oracle_messaging.pi", "123f.8e2.9022"),
            ("oracle_messaging.sc", "tcp_local"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "56591"),
            ("user.name", "anna@example.com"),
        ],
    },
    Example {
        raw: r#"<co ts="2026-11-22T09:14:08.94" pi="72a9.3b4.3774" sc="tcp_submit" dr="+" ac="U" tr="TCP|192.0.2.25|465|192.0.2.10|60766" ap="SMTP/TLS-128-RC4" mi="Authentication successful - switched to channel tcp_submit" us="bert@example.com" di="235 2.7.0 LOGIN authentication successful."/>"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.94Z"),
            ("destination.address", "192.0.2.25"),
            ("destination.ip", "192.0.2.25"),
            ("destination.port", "465"),
            ("event.action", "U"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.reason", "Authentication successful - switched to channel tcp_submit"),
            ("event.type", "start"),
            ("oracle_messaging.ap", "SMTP/TLS-128-RC4"),
            ("oracle_messaging.di", "235 2.7.0 LOGIN authentication successful."),
            ("oracle_messaging.dr", "+"),
            ("oracle_messaging.pi", "72a9.3b4.3774"),
            ("oracle_messaging.sc", "tcp_submit"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("source.port", "60766"),
            ("user.name", "bert@example.com"),
        ],
    },
    Example { raw: r#"<co ts="2026-11-22T09:14:08.94" pi="72a9"#, expect: &[] },
];
