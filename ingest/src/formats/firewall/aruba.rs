//! Aruba: ArubaOS controllers (`<541004> <WARN> …`) and ArubaOS-Switch (`auth:  ST1-CMDR: …`).

use memchr::memmem;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{first_word, integer, ip, reject, set_source, split},
    table::USER,
};

/// Aruba controllers and switches.
pub struct Aruba;

impl Format for Aruba {
    fn name(&self) -> &'static str {
        "aruba_os"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "Aruba ArubaOS"
    }
    fn about(&self) -> &'static str {
        "System messages of ArubaOS and ArubaOS-Switch (ArubaOS Syslog Reference Guide; Event Log Message Reference Guide)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "aruba", services: &["arubaos"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            "-CMDR: ",
            "-STBY: ",
            "-MMBR: ",
            "> <WARN> ",
            "> <ERRS> ",
            "> <INFO> ",
            "> <NOTI> ",
            "> <DBUG> ",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        switch(message).is_some() || controller(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        event.set_static(field::OBSERVER_VENDOR, "Aruba");
        let text = if let Some((member, text)) = switch(line.message) {
            crate::pairs::set_own(event, "aruba.", b"member", member);
            text
        } else if let Some((code, level, rest)) = controller(line.message) {
            event.set(field::EVENT_CODE, code);
            event.set(field::LOG_LEVEL, level);
            read_origin(rest, event)
        } else {
            return Err(reject("aruba_no_record"));
        };
        event.replace(field::MESSAGE, text);
        event.set(field::EVENT_REASON, text);
        read_text(text, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The stack's member and the text behind it; the subsystem may stand before it.
fn switch(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let head = &message[..message.len().min(64)];
    let at = [&b"-CMDR: "[..], b"-STBY: ", b"-MMBR: "].iter().find_map(|mark| memmem::find(head, mark))?;
    let member = first_word(head[..at].rsplit(|b| *b == b' ').next()?).0;
    member.starts_with(b"ST").then(|| (&message[at - member.len()..at + 5], message[at + 7..].trim_ascii_start()))
}

/// `<541004> <WARN> …`, perhaps behind a process and its number in brackets.
fn controller(message: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let head = &message[..message.len().min(96)];
    let from = [&b"> <WARN> "[..], b"> <ERRS> ", b"> <INFO> ", b"> <NOTI> ", b"> <DBUG> "];
    let at = from.iter().find_map(|mark| memmem::find(head, mark))?;
    let code = head[..at].rsplit(|b| *b == b'<').next()?;
    integer(code)?;
    Some((code, &message[at + 3..at + 7], message[at + 8..].trim_ascii_start()))
}

/// `AP:name <192.0.2.3 00:…> text` or `<name 192.0.2.3> text`: who wrote it.
fn read_origin<'r>(rest: &'r [u8], event: &mut Event<'r>) -> &'r [u8] {
    let Some((before, inner)) = split(rest, b"<").filter(|(before, _)| before.len() < 64) else { return rest };
    let Some((origin, text)) = split(inner, b">") else { return rest };
    if let Some(name) = before.strip_prefix(b"AP:") {
        event.set(field::OBSERVER_NAME, name.trim_ascii());
    }
    if let Some((address, _)) = origin.split(|b| *b == b' ').find_map(ip) {
        event.set(field::OBSERVER_IP, address);
    }
    text.trim_ascii_start()
}

/// `User 'ann' logged in from 192.0.2.5 to SSH session`, `… User 'ann' is trying to login from 203.0.113.66`
fn read_text<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let says = |phrase: &[u8]| memmem::find(text, phrase).is_some();
    if let Some((user, _)) = split(text, b"User '").and_then(|(_, rest)| split(rest, b"'")) {
        USER.put(event, user);
    }
    let from = split(text, b" from ").map(|(_, rest)| first_word(rest).0);
    let from = from.map(|address| address.strip_suffix(b".").unwrap_or(address));
    if let Some((address, _)) = from.and_then(ip) {
        set_source(event, address);
    }
    match () {
        () if says(b"Invalid user name/password") || says(b"trying to login") => {
            event.classify("authentication", "start", "", "failure");
        }
        () if says(b"' logged in") => event.classify("authentication", "start", "", "success"),
        () if says(b"' logged out") => event.classify("authentication", "end", "", "success"),
        () => event.classify("network", "info", "", ""),
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "auth:  ST1-CMDR: Invalid user name/password on SSH session User 'b.jones' is trying to login from 203.0.113.66",
        expect: &[
            ("observer.vendor", "Aruba"),
            ("aruba.member", "ST1-CMDR"),
            (
                "event.reason",
                "Invalid user name/password on SSH session User 'b.jones' is trying to login from 203.0.113.66",
            ),
            ("user.name", "b.jones"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "<134>Nov 22 09:14:07 192.0.2.2 auth:  ST1-CMDR: User 'ann' logged in from 192.0.2.5 to SSH session",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("observer.vendor", "Aruba"),
            ("aruba.member", "ST1-CMDR"),
            ("event.reason", "User 'ann' logged in from 192.0.2.5 to SSH session"),
            ("user.name", "ann"),
            ("source.address", "192.0.2.5"),
            ("source.ip", "192.0.2.5"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "<134>Nov 22 09:15:00 192.0.2.2 ports:  ST1-CMDR: port 2/16 in Trk7 is now on-line",
        expect: &[
            ("@timestamp", "2026-11-22T09:15:00Z"),
            ("observer.vendor", "Aruba"),
            ("aruba.member", "ST1-CMDR"),
            ("event.reason", "port 2/16 in Trk7 is now on-line"),
            ("event.category", "network"),
            ("event.type", "info"),
        ],
    },
    Example {
        raw: "cli[5159]: <541004> <WARN> AP:ap-7 <192.0.2.3 00:00:5e:00:53:01>  recv_sta_update: receive station msg",
        expect: &[
            ("observer.vendor", "Aruba"),
            ("event.code", "541004"),
            ("log.level", "WARN"),
            ("observer.name", "ap-7"),
            ("observer.ip", "192.0.2.3"),
            ("event.reason", "recv_sta_update: receive station msg"),
            ("event.category", "network"),
            ("event.type", "info"),
        ],
    },
    Example { raw: "<134>Nov 22 09:15:00 192.0.2.2 cli[5159]: <none> <WARN> AP:ap-7", expect: &[] },
];
