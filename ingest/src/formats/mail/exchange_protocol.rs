//! Microsoft Exchange's protocol logs.

use std::sync::LazyLock;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{integer, reject},
    table::{Cells, Table, To},
    web::split_port,
};

/// SMTP, POP3 and IMAP4 of Exchange Server.
pub struct ExchangeProtocol;

impl Format for ExchangeProtocol {
    fn name(&self) -> &'static str {
        "exchange_protocol"
    }
    fn category(&self) -> &'static str {
        "mail"
    }
    fn product(&self) -> &'static str {
        "Microsoft Exchange Server"
    }
    fn about(&self) -> &'static str {
        "protocol logs of Exchange for SMTP, POP3 and IMAP4 (learn.microsoft.com/exchange/mail-flow/connectors/protocol-logging, clients/pop3-and-imap4/configure-protocol-logging)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "exchange", services: &["exchange"] }
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["20"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        Kind::of(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let cells = Cells::new(line.message);
        match Kind::of(line.message).ok_or(reject("exchange_columns"))? {
            Kind::Smtp => {
                let [said] = SMTP.read_cells(event, cells, ["data"]);
                smtp(said, event);
            }
            Kind::Mailbox => {
                let [command, said] = MAILBOX.read_cells(event, cells, ["command", "context"]);
                mailbox(command, said, event);
            }
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

enum Kind {
    Smtp,
    Mailbox,
}

impl Kind {
    /// By the places of the two endpoints and the session's hexadecimal number.
    fn of(message: &[u8]) -> Option<Kind> {
        if message.get(23..25) != Some(b"Z,") || message[10] != b'T' {
            return None;
        }
        let mut cells: [&[u8]; 6] = [b""; 6];
        Cells::new(message).zip(&mut cells).for_each(|(cell, place)| *place = cell.text);
        let session = |text: &[u8]| text.len() == 16 && text.iter().all(u8::is_ascii_hexdigit);
        let peer = |text: &[u8]| split_port(text).1.is_some_and(|port| integer(port).is_some());
        if session(cells[1]) && integer(cells[2]).is_some() && peer(cells[3]) && peer(cells[4]) {
            return Some(Kind::Mailbox);
        }
        let smtp = session(cells[2]) && integer(cells[3]).is_some() && (peer(cells[4]) || peer(cells[5]));
        smtp.then_some(Kind::Smtp)
    }
}

static SMTP: LazyLock<Table> = LazyLock::new(|| {
    Table::new(
        "exchange.",
        &[
            ("date-time", To::Time(field::TIMESTAMP)),
            ("connector-id", To::Own),
            ("session-id", To::Own),
            ("sequence-number", To::Own),
            ("local-endpoint", To::DestinationPeer),
            ("remote-endpoint", To::SourcePeer),
            ("event", To::Own),
            ("data", To::Text(field::MESSAGE)),
            ("context", To::Text(field::EVENT_REASON)),
        ],
    )
});

static MAILBOX: LazyLock<Table> = LazyLock::new(|| {
    Table::new(
        "exchange.",
        &[
            ("dateTime", To::Time(field::TIMESTAMP)),
            ("sessionId", To::Own),
            ("seqNumber", To::Own),
            ("sIp", To::DestinationPeer),
            ("cIp", To::SourcePeer),
            ("user", To::Text(field::USER_NAME)),
            ("duration", To::Duration(crate::table::MILLISECOND)),
            ("rqsize", To::Number(field::SOURCE_BYTES)),
            ("rpsize", To::Number(field::DESTINATION_BYTES)),
            ("command", To::Text(field::EVENT_ACTION)),
            ("parameters", To::Own),
            ("context", To::Text(field::EVENT_REASON)),
            ("puid", To::Own),
        ],
    )
});

/// What the server answered: `535 5.7.3 Authentication unsuccessful`, `235 2.7.0 Authentication successful`.
fn smtp(said: &[u8], event: &mut Event<'_>) {
    match said {
        _ if said.starts_with(b"535 5.7.") => event.classify("authentication", "start", "login", "failure"),
        _ if said.starts_with(b"235 2.7.0") => event.classify("authentication", "start", "login", "success"),
        _ => event.classify("email", "info", "", ""),
    }
}

fn mailbox(command: &[u8], said: &[u8], event: &mut Event<'_>) {
    let signs_in = [&b"auth"[..], b"authenticate", b"login", b"pass"].iter().any(|c| command.eq_ignore_ascii_case(c));
    let said_ = |words: &[u8]| memchr::memmem::find(said, words).is_some();
    match signs_in {
        true if said_(b"AuthFailed") || said_(b"R=\"\"-ERR") => {
            event.classify("authentication", "start", "", "failure")
        }
        true if said_(b"R=ok") || said_(b"OK AUTH") || said_(b"+OK") => {
            event.classify("authentication", "start", "", "success")
        }
        _ => event.classify("email", "info", "", ""),
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"2026-11-22T09:14:07.514Z,0000000000000005,1,192.0.2.25:110,203.0.113.66:55576,anna,193,21,69,auth, PLAIN,"R=""-ERR Authentication failure: unknown user name or bad password."";Msg=""AuthFailed:LogonDenied,User: anna"";ErrMsg=AuthFailed:LogonDenied""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.514Z"),
            ("destination.address", "192.0.2.25"),
            ("destination.bytes", "69"),
            ("destination.ip", "192.0.2.25"),
            ("destination.port", "110"),
            ("event.action", "auth"),
            ("event.category", "authentication"),
            ("event.duration", "193000000"),
            ("event.outcome", "failure"),
            (
                "event.reason",
                r#"R="-ERR Authentication failure: unknown user name or bad password.";Msg="AuthFailed:LogonDenied,User: anna";ErrMsg=AuthFailed:LogonDenied"#,
            ),
            ("event.type", "start"),
            ("exchange.parameters", " PLAIN"),
            ("exchange.seqNumber", "1"),
            ("exchange.sessionId", "0000000000000005"),
            ("source.address", "203.0.113.66"),
            ("source.bytes", "21"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "55576"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: r"2026-11-22T09:14:08.270Z,MBX1\Default Frontend MBX1,08DA4F7C11473A60,9,192.0.2.25:25,203.0.113.66:53722,>,535 5.7.3 Authentication unsuccessful,",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.27Z"),
            ("destination.address", "192.0.2.25"),
            ("destination.ip", "192.0.2.25"),
            ("destination.port", "25"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("exchange.connector-id", "MBX1\\Default Frontend MBX1"),
            ("exchange.event", ">"),
            ("exchange.sequence-number", "9"),
            ("exchange.session-id", "08DA4F7C11473A60"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "53722"),
        ],
    },
    Example {
        raw: r"2026-11-22T09:14:09.270Z,MBX1\Default Frontend MBX1,08DA4F7C11473A61,2,192.0.2.25:25,192.0.2.30:53725,<,EHLO app1.example.com,",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09.27Z"),
            ("destination.address", "192.0.2.25"),
            ("destination.ip", "192.0.2.25"),
            ("destination.port", "25"),
            ("event.category", "email"),
            ("event.type", "info"),
            ("exchange.connector-id", "MBX1\\Default Frontend MBX1"),
            ("exchange.event", "<"),
            ("exchange.sequence-number", "2"),
            ("exchange.session-id", "08DA4F7C11473A61"),
            ("source.address", "192.0.2.30"),
            ("source.ip", "192.0.2.30"),
            ("source.port", "53725"),
        ],
    },
    Example { raw: "2026-11-22T09:14:09.270Z,MBX1,08DA4F7C11473A61", expect: &[] },
];
