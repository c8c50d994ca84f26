//! Symantec Endpoint Protection Manager's logs.

use crate::{
    Event,
    envelope::Line,
    envelope::iso_stamp,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{ip, reject, set_number, set_some, split},
    table::Cells,
};

/// SEP: commas between values, most with their name.
pub struct SymantecEndpoint;

impl Format for SymantecEndpoint {
    fn name(&self) -> &'static str {
        "symantec_endpoint"
    }
    fn category(&self) -> &'static str {
        "security"
    }
    fn product(&self) -> &'static str {
        "Symantec Endpoint Protection"
    }
    fn about(&self) -> &'static str {
        "administrative, agent, risk, scan and traffic logs as the manager forwards them (Broadcom: External Logging settings and log event severity levels)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "antivirus", product: "symantec", services: &["endpoint"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["SymantecServer"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            "Event Description: ",
            ",Event time: ",
            ",Begin: ",
            "Site: ",
            ",Computer name: ",
            ",Local Host IP: ",
            ",Local Host: ",
            "Scan ID: ",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let marks: [&[u8]; 14] = [
            b"Event Description: ",
            b",Event time: ",
            b",Begin: ",
            b",End Time: ",
            b",Server: ",
            b",Domain: ",
            b"Computer name: ",
            b",Domain Name: ",
            b",User Name: ",
            b",Category: ",
            b",Local Host: ",
            b",Remote Host IP: ",
            b",Server Name: ",
            b"Site: ",
        ];
        marks.iter().filter(|mark| memchr::memmem::find(message, mark).is_some()).count() >= 2
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if !self.recognises(line.message) {
            return Err(reject("symantec_keys"));
        }
        event.set_static(field::OBSERVER_VENDOR, "Broadcom");
        event.set_static(field::OBSERVER_PRODUCT, "Symantec Endpoint Protection");
        let mut said: &[u8] = b"";
        let outbound = memchr::memmem::find(line.message, b",Outbound,").is_some();
        for (at, cell) in Cells::new(line.message).enumerate() {
            let text = cell.text.trim_ascii();
            match split(text, b": ").or(text.strip_suffix(b":").map(|key| (key, &b""[..]))) {
                Some((key, value)) if key.len() < 40 && is_key(key) => {
                    take(key, value.trim_ascii(), outbound, event, &mut said);
                }
                // the computer comes first and without a name
                _ if at == 0 && !text.contains(&b' ') => event.replace(field::HOST_NAME, text),
                _ if at == 1 && ip(text).is_some() => event.set(field::HOST_IP, text),
                _ if matches!(text, b"Inbound") => event.set_static(field::NETWORK_DIRECTION, "ingress"),
                _ if matches!(text, b"Outbound") => event.set_static(field::NETWORK_DIRECTION, "egress"),
                _ if matches!(text, b"Blocked" | b"Allowed" | b"Continue") => event.set(field::EVENT_ACTION, text),
                _ if said.is_empty() && text.contains(&b' ') => said = text,
                _ => {}
            }
        }
        if !said.is_empty() {
            event.set(field::EVENT_REASON, said);
            event.replace(field::MESSAGE, said);
        }
        sign_in(said, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

fn is_key(key: &[u8]) -> bool {
    key.first().is_some_and(u8::is_ascii_alphabetic)
        && key.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-' | b'(' | b')'))
}

/// Sets what a named value means.
fn take<'r>(key: &'r [u8], value: &'r [u8], outbound: bool, event: &mut Event<'r>, said: &mut &'r [u8]) {
    // what goes out comes from here
    let (here, there) = if outbound {
        ([field::SOURCE_IP, field::SOURCE_PORT], [field::DESTINATION_IP, field::DESTINATION_PORT])
    } else {
        ([field::DESTINATION_IP, field::DESTINATION_PORT], [field::SOURCE_IP, field::SOURCE_PORT])
    };
    if matches!(value, b"" | b"0.0.0.0" | b"N/A" | b"::") {
        return;
    }
    match key {
        b"Event Description" => *said = value,
        b"Event time" | b"Event Time" | b"Event Insert Time" => set_time(value, &[field::TIMESTAMP], event),
        b"Begin" => set_time(value, &[field::EVENT_START], event),
        b"End" | b"End Time" => set_time(value, &[field::EVENT_END, field::TIMESTAMP], event),
        b"Computer name" | b"Computer" => event.replace(field::HOST_NAME, value),
        b"IP Address" if ip(value).is_some() => event.set(field::HOST_IP, value),
        b"Local Host IP" | b"Local Host" if ip(value).is_some() => {
            event.set(field::HOST_IP, value);
            event.set(here[0], value);
        }
        b"Remote Host IP" if ip(value).is_some() => event.set(there[0], value),
        b"Remote Host Name" if !outbound => event.set(field::SOURCE_DOMAIN, value),
        b"Remote Host Name" => event.set(field::DESTINATION_DOMAIN, value),
        b"Local Port" => set_number(event, here[1], value),
        b"Remote Port" => set_number(event, there[1], value),
        b"Action" => event.set(field::EVENT_ACTION, value),
        b"Application" if value.contains(&b'/') || value.contains(&b'\\') => {
            event.set(field::PROCESS_EXECUTABLE, value)
        }
        b"Downloaded by" => event.set(field::PROCESS_EXECUTABLE, value),
        b"User Name" | b"User" | b"User1" | b"Admin" => event.replace(field::USER_NAME, value),
        b"Domain Name" | b"Domain" | b"Domain name" => event.replace(field::USER_DOMAIN, value),
        b"Actual action" => event.set(field::EVENT_ACTION, value),
        b"Risk name" | b"CIDS Signature string" => event.set(field::RULE_NAME, value),
        b"Intrusion ID" | b"CIDS Signature ID" if event.get(field::RULE_ID).is_none() => {
            event.set(field::RULE_ID, value)
        }
        b"File size (bytes)" | b"Size (bytes)" => set_number(event, field::FILE_SIZE, value),
        b"File path" => event.set(field::FILE_PATH, value),
        b"Group Name" | b"Group" => set_some(event, field::GROUP_NAME, value),
        b"Application hash" | b"SHA-256" if value.len() == 64 => event.set(field::FILE_HASH_SHA256, value),
        _ => {
            let name: Vec<u8> = key.iter().map(|b| if *b == b' ' { b'_' } else { b.to_ascii_lowercase() }).collect();
            crate::pairs::set_own(event, "symantec.endpoint.", &name, value);
        }
    }
}

fn set_time(value: &[u8], fields: &[crate::Field], event: &mut Event<'_>) {
    if let Some((_, stamp, _)) = iso_stamp(value) {
        fields.iter().for_each(|field| event.set_stamp(*field, stamp));
    }
}

/// The console's own sign-ins.
fn sign_in(said: &[u8], event: &mut Event<'_>) {
    let lower = said.to_ascii_lowercase();
    if lower.starts_with(b"administrator log on succeeded") || lower.starts_with(b"administrator logon succeeded") {
        event.classify("authentication", "start", "", "success");
    } else if lower.starts_with(b"administrator log on failed") || lower.starts_with(b"administrator logon failed") {
        event.classify("authentication", "start", "", "failure");
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Site: MySite,Server: sep1,Domain: Default,Admin: b.jones,Administrator log on failed",
        expect: &[
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Administrator log on failed"),
            ("event.type", "start"),
            ("message", "Administrator log on failed"),
            ("observer.product", "Symantec Endpoint Protection"),
            ("observer.vendor", "Broadcom"),
            ("symantec.endpoint.server", "sep1"),
            ("symantec.endpoint.site", "MySite"),
            ("user.domain", "Default"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: "<54>Nov 22 09:14:07 sep1 SymantecServer: DESK7,Category: 0,Smc,Event Description: Received a new policy with serial number AB13 from Symantec Endpoint Protection Manager.,Event time: 2026-11-22 09:09:54,Group Name: My Company",
        expect: &[
            ("@timestamp", "2026-11-22T09:09:54Z"),
            (
                "event.reason",
                "Received a new policy with serial number AB13 from Symantec Endpoint Protection Manager.",
            ),
            ("group.name", "My Company"),
            ("host.name", "DESK7"),
            ("message", "Received a new policy with serial number AB13 from Symantec Endpoint Protection Manager."),
            ("observer.product", "Symantec Endpoint Protection"),
            ("observer.vendor", "Broadcom"),
            ("process.name", "SymantecServer"),
            ("symantec.endpoint.category", "0"),
        ],
    },
    Example {
        raw: "DESK7,Event Description: ARP Cache Poison,Local Host IP: 192.0.2.7,Remote Host IP: 203.0.113.66,Inbound,Unknown,Intrusion ID: 0,Begin: 2026-11-22 09:14:07,End Time: 2026-11-22 09:14:08,Occurrences: 1,User Name: b.jones,Domain Name: EXAMPLE,Local Port: 0,Remote Port: 0,CIDS Signature ID: 99990",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("destination.ip", "192.0.2.7"),
            ("destination.port", "0"),
            ("event.end", "2026-11-22T09:14:08Z"),
            ("event.reason", "ARP Cache Poison"),
            ("event.start", "2026-11-22T09:14:07Z"),
            ("host.ip", "192.0.2.7"),
            ("host.name", "DESK7"),
            ("message", "ARP Cache Poison"),
            ("network.direction", "ingress"),
            ("observer.product", "Symantec Endpoint Protection"),
            ("observer.vendor", "Broadcom"),
            ("rule.id", "0"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "0"),
            ("symantec.endpoint.cids_signature_id", "99990"),
            ("symantec.endpoint.occurrences", "1"),
            ("user.domain", "EXAMPLE"),
            ("user.name", "b.jones"),
        ],
    },
    Example { raw: "Site: somewhere over the rainbow", expect: &[] },
];
