//! Cisco Identity Services Engine, and Secure ACS before it.

use std::sync::LazyLock;

use memchr::memchr;

use crate::{
    Event,
    envelope::{Line, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::set_own,
    scan::{first_word, integer, ip, reject, set_some, split},
    table::{Table, To, USER},
    template::{Messages, says},
};

/// ISE: `CISE_Passed_Authentications 0000041242 4 0 2026-11-22 09:14:07.250 +00:00 0000041288 5200 NOTICE Class: text,
/// Key=Value, …`, a record in several segments of which the first has all but the pairs.
pub struct CiscoIse;

const OWN: &str = "cisco.ise.";
/// Most pairs of a record that are read.
const MAX_PAIRS: usize = 512;

impl Format for CiscoIse {
    fn name(&self) -> &'static str {
        "cisco_ise"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "Cisco ISE, Secure ACS"
    }
    fn about(&self) -> &'static str {
        "CISE_ and CSCOacs_ messages (Cisco Identity Services Engine Syslogs)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "cisco", services: &["ise", "aaa"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            "CISE_",
            "CSCOacs_",
            "ConfigVersionId=",
            "AcsSessionID=",
            " INFO ",
            " NOTICE ",
            " WARN ",
            " DEBUG ",
            " ERROR ",
            "AuthenticationStatus=",
            "EndPointMACAddress=",
            "EndPointMatchedProfile=",
            "ISEPolicySetName=",
            "IdentitySelectionMatchedRule=",
            "NetworkDeviceGroups=",
            "StepData=",
            "CPMSessionID=",
            "CISE",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        Head::read(b"", message)
            .is_some_and(|head| !head.category.is_empty() || head.class.is_some() || head.is_later_segment())
    }
    fn programs(&self) -> &'static [&'static str] {
        &[]
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let program = line.program.filter(|program| is_category(program)).unwrap_or_default();
        let head = Head::read(program, line.message).ok_or(reject("ise_no_head"))?;
        head.set(event);
        each_pair(head.pairs, event);
        settle(&head, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

fn is_category(word: &[u8]) -> bool {
    word.starts_with(b"CISE_") || word.starts_with(b"CSCOacs_")
}

/// What stands before the pairs.
#[derive(Default)]
struct Head<'r> {
    category: &'r [u8],
    segment: &'r [u8],
    rest: &'r [u8],
    time: &'r [u8],
    code: &'r [u8],
    severity: &'r [u8],
    class: Option<&'r [u8]>,
    text: &'r [u8],
    pairs: &'r [u8],
}

impl<'r> Head<'r> {
    fn read(program: &'r [u8], message: &'r [u8]) -> Option<Head<'r>> {
        let (first, rest) = first_word(message);
        let (category, rest) = if is_category(first) { (first, rest) } else { (program, message) };
        let (id, behind) = first_word(rest);
        let (total, behind) = first_word(behind);
        let (segment, behind) = first_word(behind);
        let numbered = id.len() == 10 && [id, total, segment].iter().all(|word| integer(word).is_some());
        if !numbered {
            // alarms are text alone
            return (!category.is_empty()).then_some(Head { category, rest, text: rest, ..Head::default() });
        }
        let behind = behind.trim_ascii_start();
        let later = Head { category, segment, rest: behind, pairs: behind, ..Head::default() };
        let Some((after, _, _)) = iso_stamp(behind) else {
            return Some(later);
        };
        let time = &behind[..behind.len() - after.len()];
        let (_sequence, after) = first_word(after.trim_ascii_start());
        let (code, after) = first_word(after);
        let (severity, after) = first_word(after);
        let end = split(after, b", ").map_or(after.len(), |(text, _)| text.len());
        let (text, pairs) = after.split_at(end);
        let text = text.trim_ascii();
        let text = text.strip_suffix(b",").unwrap_or(text);
        let (class, text) = split(text, b": ").map_or((None, text), |(class, text)| (Some(class), text));
        Some(Head { time, code, severity, class, text, pairs, ..later })
    }

    /// Whether it goes on with the pairs of an earlier segment.
    fn is_later_segment(&self) -> bool {
        self.segment != b"0" && memchr::memchr(b'=', self.pairs).is_some_and(|at| at < 64)
    }

    fn set(&self, event: &mut Event<'r>) {
        event.set_static(field::OBSERVER_VENDOR, "Cisco");
        event.set_static(field::OBSERVER_PRODUCT, "Cisco ISE");
        event.replace(field::MESSAGE, self.rest);
        if !self.category.is_empty() {
            set_own(event, OWN, b"category", self.category);
        }
        if !self.segment.is_empty() {
            set_own(event, OWN, b"segment", self.segment);
        }
        if let Some((_, stamp, _)) = iso_stamp(self.time) {
            event.set_stamp(field::TIMESTAMP, stamp);
        }
        set_some(event, field::EVENT_CODE, self.code);
        if !self.severity.is_empty() {
            let severity = String::from_utf8_lossy(self.severity).to_ascii_lowercase();
            event.set_text(field::LOG_LEVEL, &severity);
            if event.get(field::SYSLOG_SEVERITY_NAME).is_some() {
                event.remove(field::SYSLOG_SEVERITY_NAME);
                event.set_text(field::SYSLOG_SEVERITY_NAME, &severity);
            }
        }
        if let Some(class) = self.class {
            event.set_text(field::EVENT_ACTION, &String::from_utf8_lossy(class).to_ascii_lowercase());
        }
        set_some(event, field::EVENT_REASON, self.text);
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::new(
        OWN,
        &[
            ("UserName", USER),
            ("User-Name", To::Else(field::USER_NAME)),
            ("User", To::Else(field::USER_NAME)),
            ("AD-Account-Name", To::Else(field::USER_NAME)),
            ("AdminName", To::All(&[To::Text(field::CLIENT_USER_NAME), To::Else(field::USER_NAME)])),
            ("AdminIPAddress", To::All(&[To::Source, To::Ip(field::CLIENT_IP)])),
            ("IpAddress", To::All(&[To::Source, To::Ip(field::HOST_IP)])),
            ("Device IP Address", To::Ip(field::CLIENT_IP)),
            ("Device Port", To::Number(field::CLIENT_PORT)),
            ("NAS-IP-Address", To::With(nas)),
            ("Remote-Address", To::With(nas)),
            ("DestinationIPAddress", To::Destination),
            ("DestinationPort", To::Number(field::DESTINATION_PORT)),
            ("Calling-Station-ID", To::With(caller)),
            ("EndPointMACAddress", To::Else(field::SOURCE_MAC)),
            ("EndpointMacAddress", To::Else(field::SOURCE_MAC)),
            ("EndpointIPAddress", To::Source),
            ("Framed-IP-Address", To::With(framed)),
            ("Protocol", To::Lower(field::NETWORK_PROTOCOL)),
            ("FailureReason", To::With(failure)),
            ("IdentitySelectionMatchedRule", To::Else(field::RULE_NAME)),
            ("EndpointMatchedPolicy", To::Else(field::RULE_NAME)),
            ("AuthorizationPolicyMatchedRule", To::Else(field::RULE_NAME)),
            ("EndPointPolicyID", To::Text(field::RULE_ID)),
            ("PeerName", To::Destination),
            ("CmdSet", To::Text(field::PROCESS_COMMAND_LINE)),
            ("Response", To::Nothing),
        ],
    )
});

/// The network device is the client of RADIUS and TACACS+; one that was named by its address counts first.
fn nas(event: &mut Event<'_>, text: &[u8]) {
    if event.get(field::CLIENT_IP).is_none() && ip(text).is_some() {
        event.set(field::CLIENT_IP, text);
    }
}

/// The caller is a hardware address, or an address where a VPN asks.
fn caller(event: &mut Event<'_>, text: &[u8]) {
    if ip(text).is_some() {
        crate::scan::set_source(event, text);
    } else if event.get(field::SOURCE_MAC).is_none() {
        event.set(field::SOURCE_MAC, text);
    }
}

fn framed(event: &mut Event<'_>, text: &[u8]) {
    if event.get(field::SOURCE_IP).is_none() {
        crate::scan::set_source(event, text);
    }
}

fn failure(event: &mut Event<'_>, text: &[u8]) {
    event.replace(field::EVENT_REASON, text);
}

/// `Key=Value, Key=Value,`: a comma of a value stands behind a backslash. A key that comes again adds a value.
fn each_pair(text: &[u8], event: &mut Event<'_>) {
    let mut rest = text;
    for _ in 0..MAX_PAIRS {
        rest = rest.trim_ascii_start();
        rest = rest.strip_prefix(b",").unwrap_or(rest).trim_ascii_start();
        if rest.is_empty() {
            return;
        }
        let end = pair_end(rest);
        let (pair, after) = rest.split_at(end);
        rest = after;
        let Some(at) = memchr(b'=', pair) else { continue };
        let (key, value) = (&pair[..at], pair[at + 1..].trim_ascii());
        if key.is_empty() || key.len() > 48 {
            continue;
        }
        if TABLE.column(std::str::from_utf8(key).unwrap_or_default()).is_some() {
            TABLE.set(event, key, value);
        } else {
            set_named(event, key, value);
        }
    }
}

/// Where the comma stands that no backslash escapes and that no brace holds.
fn pair_end(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = memchr(b',', &text[at..]) {
        let comma = at + found;
        if comma == 0 || text[comma - 1] != b'\\' {
            return comma;
        }
        at = comma + 1;
    }
    text.len()
}

/// Under the format's own name, its blanks as lines.
fn set_named(event: &mut Event<'_>, key: &[u8], value: &[u8]) {
    let mut name = [0_u8; 48];
    for (to, from) in name.iter_mut().zip(key) {
        *to = if from.is_ascii_alphanumeric() || matches!(from, b'-' | b'_') { *from } else { b'_' };
    }
    if !value.is_empty() {
        set_own(event, OWN, &name[..key.len()], value);
    }
}

/// What alarms say.
static ALARMS: LazyLock<Messages> = LazyLock::new(|| {
    Messages::new(&[
        says(
            "{log.level:word}: RADIUS Authentication Request dropped : Server={destination}; NAS IP Address={client.ip:ip};{*}",
            ["authentication", "info", "dropped", "failure"],
        ),
        says("{log.level:word}: {event.reason}", ["", "", "", ""]),
    ])
});

fn settle<'r>(head: &Head<'r>, event: &mut Event<'r>) {
    if head.code.is_empty() && head.segment.is_empty() {
        event.remove(field::EVENT_REASON);
        ALARMS.read(head.text, event);
        return;
    }
    let class = head.class.unwrap_or_default();
    let text = String::from_utf8_lossy(head.text).to_ascii_lowercase();
    let said = |word: &str| text.contains(word);
    let failed = class == b"Failed-Attempt" || said("fail") || said("reject") || said("wrong") || said("denied");
    let passed = class == b"Passed-Authentication" || said("succeeded") || said("success") || said("passed");
    let outcome = if failed {
        "failure"
    } else if passed {
        "success"
    } else {
        ""
    };
    let authenticates = ["authenticat", "login", "log in"].into_iter().any(said)
        || matches!(class, b"Failed-Attempt" | b"Passed-Authentication" | b"Administrator-Login");
    if authenticates {
        event.classify("authentication", "start", "", outcome);
    } else if said("session") || head.category == b"CISE_RADIUS_Accounting" {
        event.classify("session", "info", "", outcome);
    } else {
        event.classify("network", "info", "", outcome);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "<181>Nov 22 09:14:07 ise1 CISE_Failed_Attempts 0000041242 1 0 2026-11-22 09:14:07.250 +00:00 0000041288 5400 NOTICE Failed-Attempt: Authentication failed, ConfigVersionId=7, Device IP Address=192.0.2.2, Device Port=51515, DestinationIPAddress=192.0.2.5, DestinationPort=1812, UserName=b.jones, Protocol=Radius, Calling-Station-ID=00-00-5E-00-53-17, FailureReason=24408 User authentication failed\\, wrong password,",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("host.name", "ise1"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "Cisco ISE"),
            ("cisco.ise.category", "CISE_Failed_Attempts"),
            ("cisco.ise.segment", "0"),
            ("cisco.ise.ConfigVersionId", "7"),
            ("event.code", "5400"),
            ("event.action", "failed-attempt"),
            ("event.reason", "24408 User authentication failed\\, wrong password"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
            ("log.level", "notice"),
            ("client.ip", "192.0.2.2"),
            ("client.port", "51515"),
            ("destination.ip", "192.0.2.5"),
            ("destination.address", "192.0.2.5"),
            ("destination.port", "1812"),
            ("user.name", "b.jones"),
            ("network.protocol", "radius"),
            ("source.mac", "00-00-5E-00-53-17"),
        ],
    },
    Example {
        raw: "<181>Nov 22 09:14:07 ise1 CISE_Failed_Attempts 0000041242 2 1 NAS-IP-Address=192.0.2.2, User-Name=b.jones, Step=11001,",
        expect: &[
            ("host.name", "ise1"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "Cisco ISE"),
            ("cisco.ise.category", "CISE_Failed_Attempts"),
            ("cisco.ise.segment", "1"),
            ("cisco.ise.Step", "11001"),
            ("client.ip", "192.0.2.2"),
            ("user.name", "b.jones"),
            ("event.category", "network"),
            ("event.type", "info"),
        ],
    },
    Example {
        raw: "0001514749 7 3  AuthenticationStatus=AuthenticationPassed, ISEPolicySetName=MAB, EndPointMACAddress=00-00-5E-00-53-01,",
        expect: &[
            ("cisco.ise.AuthenticationStatus", "AuthenticationPassed"),
            ("cisco.ise.ISEPolicySetName", "MAB"),
            ("cisco.ise.segment", "3"),
            ("event.category", "network"),
            ("event.type", "info"),
            ("observer.product", "Cisco ISE"),
            ("observer.vendor", "Cisco"),
            ("source.mac", "00-00-5E-00-53-01"),
        ],
    },
    Example { raw: "0000041242 one 0 2026-11-22 09:14:07.250 +00:00 0000041288 5400 NOTICE", expect: &[] },
];
