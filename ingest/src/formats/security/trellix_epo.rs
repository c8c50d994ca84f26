//! Trellix (McAfee) ePolicy Orchestrator's events.

use crate::{
    Event,
    envelope::Line,
    envelope::iso_stamp,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{ip, reject, set_number, split},
};

/// ePO: an `EPOEvent` in XML.
pub struct TrellixEpo;

impl Format for TrellixEpo {
    fn name(&self) -> &'static str {
        "trellix_epo"
    }
    fn category(&self) -> &'static str {
        "security"
    }
    fn product(&self) -> &'static str {
        "Trellix ePolicy Orchestrator"
    }
    fn about(&self) -> &'static str {
        "threat events as XML over syslog (Trellix: ePO, Syslog servers; McAfee Common Event Format)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "antivirus", product: "trellix", services: &["epo"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["<EPOEvent", "<EPOevent"])
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = line.message;
        element(text, b"EventID").ok_or(reject("trellix_epo_event"))?;
        event.set_static(field::OBSERVER_VENDOR, "Trellix");
        event.set_static(field::OBSERVER_PRODUCT, "ePO");
        for (name, to) in TEXTS {
            if let Some(value) = element(text, name).filter(|_| event.get(*to).is_none() || *to == field::HOST_NAME) {
                event.replace(*to, value);
            }
        }
        for (name, to) in ADDRESSES {
            // addresses of version 4 come as ones of version 6
            let value = element(text, name).map(|value| value.strip_prefix(b"::ffff:").unwrap_or(value));
            if let Some(value) = value.filter(|value| ip(value).is_some() && event.get(*to).is_none()) {
                event.set(*to, value);
            }
        }
        for (name, to) in NUMBERS {
            element(text, name).into_iter().for_each(|value| set_number(event, *to, value));
        }
        if let Some((_, stamp, _)) = element(text, b"GMTTime").and_then(iso_stamp) {
            event.set_stamp(field::TIMESTAMP, crate::envelope::Stamp { offset: Some(0), ..stamp });
        }
        event.set_static(field::EVENT_KIND, "alert");
        event.classify("intrusion_detection", "info", "", "");
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Elements and their fields; the first that has a value sets it.
const TEXTS: &[(&[u8], crate::Field)] = &[
    (b"MachineName", field::HOST_NAME),
    (b"UserName", field::USER_NAME),
    (b"EventID", field::EVENT_CODE),
    (b"ThreatActionTaken", field::EVENT_ACTION),
    (b"ThreatName", field::RULE_NAME),
    (b"Analyzer", field::OBSERVER_NAME),
    (b"AnalyzerVersion", field::OBSERVER_VERSION),
    (b"AnalyzerHostName", field::OBSERVER_HOSTNAME),
    (b"TargetFileName", field::FILE_NAME),
    (b"TargetUserName", field::USER_TARGET_NAME),
    (b"SourceHostName", field::SOURCE_DOMAIN),
];

const ADDRESSES: &[(&[u8], crate::Field)] = &[
    (b"IPAddress", field::HOST_IP),
    (b"SourceIPV4", field::SOURCE_IP),
    (b"SourceIPV6", field::SOURCE_IP),
    (b"TargetIPV4", field::DESTINATION_IP),
    (b"TargetIPV6", field::DESTINATION_IP),
];

const NUMBERS: &[(&[u8], crate::Field)] = &[
    (b"Severity", field::EVENT_SEVERITY),
    (b"SourcePort", field::SOURCE_PORT),
    (b"TargetPort", field::DESTINATION_PORT),
];

/// The text of the first element of this name.
fn element<'r>(text: &'r [u8], name: &[u8]) -> Option<&'r [u8]> {
    let (_, rest) = split(text, &[b"<", name, b">"].concat())?;
    let (value, _) = split(rest, b"</")?;
    let value = value.trim_ascii();
    (!value.is_empty() && value != b"_" && value != b"None" && !value.contains(&b'<')).then_some(value)
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"<?xml version="1.0"?><EPOEvent><MachineInfo><MachineName>DESK7</MachineName><AgentGUID>{1}</AgentGUID><IPAddress>192.0.2.7</IPAddress><OSName>Windows 11</OSName><UserName>b.jones</UserName></MachineInfo><SoftwareInfo ProductName="Trellix Endpoint Security" ProductVersion="10.7.18.211" ProductFamily="TVD"><CommonFields><Analyzer>ENDP_AM_1070</Analyzer><AnalyzerVersion>10.7.18.211</AnalyzerVersion></CommonFields><Event><EventID>18060</EventID><Severity>3</Severity><GMTTime>2026-11-22T09:14:07</GMTTime><CommonFields><ThreatActionTaken>IDS_ACTION_WOULD_BLOCK</ThreatActionTaken><SourceIPV4>203.0.113.66</SourceIPV4></CommonFields></Event></SoftwareInfo></EPOEvent>"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "IDS_ACTION_WOULD_BLOCK"),
            ("event.category", "intrusion_detection"),
            ("event.code", "18060"),
            ("event.kind", "alert"),
            ("event.severity", "3"),
            ("event.type", "info"),
            ("host.ip", "192.0.2.7"),
            ("host.name", "DESK7"),
            ("observer.name", "ENDP_AM_1070"),
            ("observer.product", "ePO"),
            ("observer.vendor", "Trellix"),
            ("observer.version", "10.7.18.211"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: r#"<?xml version="1.0"?><EPOEvent><MachineInfo><MachineName>DESK7</MachineName></MachineInfo></EPOEvent>"#,
        expect: &[],
    },
];
