//! Asterisk.
//!
//! Callers choose their names, and the sessions that security events repeat. What an outsider wrote twice is not believed.

use std::sync::LazyLock;

use memchr::memmem;

use crate::{
    Event, Field,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::{Pairs, set_own},
    scan::{first_word, integer, reject, set_number, set_some, split},
    table::{Table, To},
    template::{CONNECTED, LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, says, stamp},
};

/// Asterisk's log, see the module.
pub struct Asterisk;

impl Format for Asterisk {
    fn name(&self) -> &'static str {
        "asterisk"
    }
    fn category(&self) -> &'static str {
        "application"
    }
    fn product(&self) -> &'static str {
        "Asterisk, FreePBX"
    }
    fn about(&self) -> &'static str {
        "lines of Asterisk's logger with their security events (docs.asterisk.org, Asterisk Security Event Logger; main/logger.c, channels/chan_sip.c, res/res_pjsip)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "asterisk", services: &["asterisk"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["asterisk"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/asterisk/full", "/asterisk/messages", "/asterisk/security"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["NOTICE[", "SECURITY[", "WARNING[", "ERROR[", "VERBOSE["])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        Header::read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let header = Header::read(line.message).ok_or(reject("asterisk_header"))?;
        header.describe(event);
        if header.message.starts_with(b"SecurityEvent=") {
            security_event(header.message, event);
        } else {
            MESSAGES.read(header.message.trim_ascii_end(), event);
            set_caller(event);
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `[stamp] LEVEL[thread][call]: file.c:line function: message`; the stamp, the call, the line and the function may be
/// missing.
struct Header<'r> {
    stamp: Option<crate::envelope::Stamp>,
    level: &'r [u8],
    thread: i64,
    call: &'r [u8],
    place: &'r [u8],
    message: &'r [u8],
}

impl<'r> Header<'r> {
    fn read(text: &'r [u8]) -> Option<Header<'r>> {
        let (found, rest) = match text.strip_prefix(b"[") {
            Some(inner) => {
                let (found, len) = stamp(inner)?;
                (Some(found), inner[len..].strip_prefix(b"] ")?)
            }
            None => (None, text),
        };
        let (level, rest) = split(rest, b"[").filter(|(level, _)| is_level(level))?;
        let (thread, mut rest) = split(rest, b"]")?;
        let thread = integer(thread)?;
        let mut call: &[u8] = b"";
        if let Some((id, after)) = rest.strip_prefix(b"[").and_then(|rest| split(rest, b"]")) {
            (call, rest) = (id, after);
        }
        let rest = rest.strip_prefix(b":").unwrap_or(rest).strip_prefix(b" ")?;
        let (place, message) = split(rest, b": ")?;
        Some(Header { stamp: found, level, thread, call, place, message })
    }

    fn describe(&self, event: &mut Event<'r>) {
        if let Some(stamp) = self.stamp {
            event.set_stamp(field::TIMESTAMP, stamp);
        }
        event.set(field::LOG_LEVEL, self.level);
        event.set_int(field::PROCESS_THREAD_ID, self.thread);
        if !self.call.is_empty() {
            set_own(event, "asterisk.", b"call_id", self.call);
        }
        let (place, function) = first_word(self.place);
        let (file, line) = split(place, b":").unwrap_or((place, b""));
        event.set(field::LOG_ORIGIN_FILE_NAME, file);
        set_number(event, field::LOG_ORIGIN_FILE_LINE, line);
        let function = function.strip_prefix(b"in ").unwrap_or(function);
        set_some(event, field::LOG_ORIGIN_FUNCTION, function);
        event.replace(field::MESSAGE, self.message);
    }
}

fn is_level(word: &[u8]) -> bool {
    [&b"NOTICE"[..], b"SECURITY", b"WARNING", b"ERROR", b"VERBOSE", b"DEBUG", b"DTMF", b"FAX"].contains(&word)
}

static MESSAGES: LazyLock<Messages> = LazyLock::new(|| Messages::new(SAYS));

const SAYS: &[Says] = &[
    says("Registration from '{asterisk.from}' failed for '{source.ip}:{source.port}' - {event.reason}", LOGIN_FAILED),
    says("Registration from '{asterisk.from}' failed for '{source.ip}' - {event.reason}", LOGIN_FAILED),
    says(
        "Request '{asterisk.method:word}' from '{asterisk.from}' failed for '{source.ip}:{source.port}' (callid: {asterisk.sip_call_id}) - {event.reason}",
        LOGIN_FAILED,
    ),
    says(
        "Request from '{asterisk.from}' failed for '{source.ip}:{source.port}' (callid: {asterisk.sip_call_id}) - {event.reason}",
        LOGIN_FAILED,
    ),
    says(
        "Call from '{user.name}' ({source.ip}:{source.port}) to extension '{asterisk.extension}' rejected because {event.reason}",
        ["network", "denied", "call_rejected", "failure"],
    ),
    says("Host {source.ip} failed MD5 authentication for '{user.name}' ({event.reason})", LOGIN_FAILED),
    says("Host {source.ip} failed to authenticate as '{user.name}'", LOGIN_FAILED),
    says("No registration for peer '{user.name}' (from {source.ip})", LOGIN_FAILED),
    says("{source.ip} failed to authenticate as '{user.name}'", LOGIN_FAILED),
    says("{source.ip} tried to authenticate with nonexistent user '{user.name}'", LOGIN_FAILED),
    says("Failed to authenticate user {asterisk.from} for {*}", LOGIN_FAILED),
    says("Failed to authenticate device {asterisk.from} for {*}", LOGIN_FAILED),
    says("hacking attempt detected '{source.ip}'", ["network", "denied", "hacking_attempt", "failure"]),
    says(
        "\"Rejecting unknown SIP connection from [{source.ip}]:{source.port}\"",
        ["network", "denied", "unknown_connection", "failure"],
    ),
    says(
        "\"Rejecting unknown SIP connection from {source.ip}\"",
        ["network", "denied", "unknown_connection", "failure"],
    ),
    says("Registered SIP '{user.name}' at {source.ip}:{source.port}", LOGGED_IN),
    says("Unregistered SIP '{user.name}'", LOGGED_OUT),
    says("Remote UNIX connection{*}", CONNECTED),
    says("Peer '{user.name}' is now {event.reason}", ["network", "info", "peer_state", ""]),
];

/// The account in a SIP address: `"Ann" <sip:301@pbx.example.com>`.
fn set_caller(event: &mut Event<'_>) {
    let Some(from) = Field::intern("asterisk.from").and_then(|field| event.bytes(field)) else { return };
    let address = memmem::rfind(&from, b"sip:").map(|at| &from[at + 4..]);
    if let Some((user, _)) = address.and_then(|address| split(address, b"@")).filter(|(user, _)| !user.is_empty()) {
        let user = user.to_vec();
        event.set(field::USER_NAME, &user);
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::new(
        "asterisk.",
        &[
            ("SecurityEvent", To::Text(field::EVENT_ACTION)),
            ("Severity", To::Nothing),
            ("EventVersion", To::Nothing),
            ("AccountID", To::Text(field::USER_NAME)),
            ("LocalAddress", To::Nothing),
            ("RemoteAddress", To::Nothing),
        ],
    )
    .without(&["<unknown>"])
});

/// What is known of the events (docs.asterisk.org, "Asterisk Security Event Logger").
const EVENTS: &[(&[u8], [&str; 3])] = &[
    (b"FailedACL", ["network", "denied", "failure"]),
    (b"UnexpectedAddress", ["network", "denied", "failure"]),
    (b"RequestNotAllowed", ["network", "denied", "failure"]),
    (b"RequestNotSupported", ["network", "denied", "failure"]),
    (b"RequestBadFormat", ["network", "denied", "failure"]),
    (b"SessionLimit", ["network", "denied", "failure"]),
    (b"AuthMethodNotAllowed", ["authentication", "start", "failure"]),
    (b"InvalidAccountID", ["authentication", "start", "failure"]),
    (b"InvalidPassword", ["authentication", "start", "failure"]),
    (b"ChallengeResponseFailed", ["authentication", "start", "failure"]),
    (b"InvalidTransport", ["authentication", "start", "failure"]),
    (b"ChallengeSent", ["authentication", "info", ""]),
    (b"SuccessfulAuth", ["authentication", "start", "success"]),
];

/// `SecurityEvent="InvalidPassword",…,AccountID="301",…,RemoteAddress="IPV4/UDP/192.0.2.7/5060"`
fn security_event<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let [name] = TABLE.read_pairs(event, Pairs::with_commas(text), ["SecurityEvent"]);
    for (key, set, port) in [
        (&b",LocalAddress=\""[..], crate::scan::set_destination as fn(&mut Event<'_>, &[u8]), field::DESTINATION_PORT),
        (b",RemoteAddress=\"", crate::scan::set_source, field::SOURCE_PORT),
    ] {
        let mut places = memmem::find_iter(text, key);
        // a second one stands in what the caller sent
        let (Some(at), None) = (places.next(), places.next()) else { continue };
        let Some((peer, _)) = split(&text[at + key.len()..], b"\"") else { continue };
        let mut parts = peer.split(|b| *b == b'/').skip(1);
        let (transport, address) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        set(event, address);
        set_number(event, port, parts.next().unwrap_or_default());
        if event.get(field::NETWORK_TRANSPORT).is_none() && !transport.is_empty() {
            crate::table::set_lower(event, field::NETWORK_TRANSPORT, transport);
        }
    }
    if let Some((_, [category, kind, outcome])) = EVENTS.iter().find(|(event, _)| *event == name) {
        event.classify(category, kind, "", outcome);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"[2026-11-22 09:14:07] NOTICE[1638][C-00000fa9]: chan_sip.c:28926 handle_request_register: Registration from '"Ann" <sip:301@pbx.example.com>' failed for '203.0.113.66:5060' - Wrong password"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("asterisk.call_id", "C-00000fa9"),
            ("asterisk.from", r#""Ann" <sip:301@pbx.example.com>"#),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Wrong password"),
            ("event.type", "start"),
            ("log.level", "NOTICE"),
            ("log.origin.file.line", "28926"),
            ("log.origin.file.name", "chan_sip.c"),
            ("log.origin.function", "handle_request_register"),
            ("process.thread.id", "1638"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "5060"),
            ("user.name", "301"),
        ],
    },
    Example {
        raw: r#"[Nov 22 09:14:08] SECURITY[77]: res_security_log.c:114 security_event_stasis_cb: SecurityEvent="ChallengeResponseFailed",EventTV="2026-11-22T09:14:08.209+0000",Severity="Error",Service="PJSIP",EventVersion="1",AccountID="301",SessionID="2kOigHiN",LocalAddress="IPV4/UDP/192.0.2.5/5060",RemoteAddress="IPV4/UDP/203.0.113.66/54784",Challenge="1640091422/edc2""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("asterisk.Challenge", "1640091422/edc2"),
            ("asterisk.EventTV", "2026-11-22T09:14:08.209+0000"),
            ("asterisk.Service", "PJSIP"),
            ("asterisk.SessionID", "2kOigHiN"),
            ("destination.address", "192.0.2.5"),
            ("destination.ip", "192.0.2.5"),
            ("destination.port", "5060"),
            ("event.action", "ChallengeResponseFailed"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "SECURITY"),
            ("log.origin.file.line", "114"),
            ("log.origin.file.name", "res_security_log.c"),
            ("log.origin.function", "security_event_stasis_cb"),
            ("network.transport", "udp"),
            ("process.thread.id", "77"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "54784"),
            ("user.name", "301"),
        ],
    },
    Example {
        raw: r#"[2026-11-22 09:14:09] SECURITY[77] res_security_log.c: SecurityEvent="SuccessfulAuth",EventTV="2026-11-22T09:14:09.001+0000",Severity="Informational",Service="AMI",EventVersion="1",AccountID="admin",SessionID="0x7f",LocalAddress="IPV4/TCP/192.0.2.5/5038",RemoteAddress="IPV4/TCP/192.0.2.10/40002",UsingPassword="1""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("asterisk.EventTV", "2026-11-22T09:14:09.001+0000"),
            ("asterisk.Service", "AMI"),
            ("asterisk.SessionID", "0x7f"),
            ("asterisk.UsingPassword", "1"),
            ("destination.address", "192.0.2.5"),
            ("destination.ip", "192.0.2.5"),
            ("destination.port", "5038"),
            ("event.action", "SuccessfulAuth"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("log.level", "SECURITY"),
            ("log.origin.file.name", "res_security_log.c"),
            ("network.transport", "tcp"),
            ("process.thread.id", "77"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("source.port", "40002"),
            ("user.name", "admin"),
        ],
    },
    Example {
        raw: "[2026-11-22 09:14:10] NOTICE[6772] manager.c: 203.0.113.66 tried to authenticate with nonexistent user 'admin'",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:10Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "NOTICE"),
            ("log.origin.file.name", "manager.c"),
            ("process.thread.id", "6772"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "admin"),
        ],
    },
    Example {
        raw: "[2026-11-22 09:14:11] NOTICE[436][C-00000fa9] chan_sip.c: Call from '' (203.0.113.66:10836) to extension '00972' rejected because extension not found in context 'default'.",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:11Z"),
            ("asterisk.call_id", "C-00000fa9"),
            ("asterisk.extension", "00972"),
            ("event.action", "call_rejected"),
            ("event.category", "network"),
            ("event.outcome", "failure"),
            ("event.reason", "extension not found in context 'default'."),
            ("event.type", "denied"),
            ("log.level", "NOTICE"),
            ("log.origin.file.name", "chan_sip.c"),
            ("process.thread.id", "436"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "10836"),
        ],
    },
    Example { raw: "[2026-11-22 09:14:11] NOTICE[436] chan_sip.c", expect: &[] },
];
