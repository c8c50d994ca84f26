//! Cisco's version banner: what a device writes after it has restarted, often as a record of its own.

use memchr::memmem;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::reject,
};

/// The first line of `show version`, as it follows `%SYS-5-RESTART`.
pub struct CiscoVersion;

/// How the banners of the families begin.
const BEGINNINGS: &[(&str, &str)] = &[
    ("Cisco IOS Software", "IOS"),
    ("Cisco IOS XE Software", "IOS-XE"),
    ("Cisco IOS XR Software", "IOS-XR"),
    ("Cisco Internetwork Operating System Software", "IOS"),
    ("Cisco Nexus Operating System", "NX-OS"),
    ("IOS (tm) ", "IOS"),
];
/// How far into a record a banner begins: a sequence number, a host and a time may stand before it.
const MAX_BEFORE: usize = 64;

impl Format for CiscoVersion {
    fn name(&self) -> &'static str {
        "cisco_version"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "Cisco IOS, IOS-XE, IOS-XR, NX-OS"
    }
    fn about(&self) -> &'static str {
        "the banner with the version that follows %SYS-5-RESTART, alone in a record (Cisco IOS System Message Guide)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "cisco", services: &["aaa"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["Software, Version ", "Software", "IOS (tm) "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        banner(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (product, version) = banner(line.message).ok_or(reject("cisco_version_banner"))?;
        event.set_static(field::OBSERVER_VENDOR, "Cisco");
        event.set_static(field::OBSERVER_PRODUCT, product);
        event.set(field::OBSERVER_VERSION, version);
        event.classify("host", "info", "version", "");
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Family and version of `Cisco IOS Software [Name], Product (IMAGE), Version 17.9.5, RELEASE SOFTWARE (fc1)`. Old
/// releases write no blank before `Version`.
fn banner(text: &[u8]) -> Option<(&'static str, &[u8])> {
    let near = &text[..text.len().min(MAX_BEFORE)];
    let (at, product) = BEGINNINGS
        .iter()
        .find_map(|(words, product)| Some((memmem::find(near, words.as_bytes())?, *product)))
        .filter(|(at, _)| *at == 0 || matches!(text[at - 1], b' ' | b':'))?;
    let plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b' ' | b':' | b'.' | b'*' | b'-' | b'_');
    if !text[..at].iter().all(plain) {
        return None;
    }
    let from = at + memmem::find(&text[at..], b"Version ")? + b"Version ".len();
    let end = text[from..].iter().position(|b| matches!(b, b',' | b' ' | b'\r' | b'\n')).unwrap_or(text.len() - from);
    let version = &text[from..from + end];
    version.first().is_some_and(u8::is_ascii_digit).then_some((product, version))
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Cisco IOS Software [Dublin], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.12.4, RELEASE SOFTWARE (fc3)",
        expect: &[
            ("event.action", "version"),
            ("event.category", "host"),
            ("event.type", "info"),
            ("observer.product", "IOS"),
            ("observer.vendor", "Cisco"),
            ("observer.version", "17.12.4"),
        ],
    },
    Example {
        raw: "IOS (tm) C2950 Software(C2950-I6K2L2Q4-M)Version 12.1(22)EA14, RELEASE SOFTWARE (fc1)",
        expect: &[
            ("event.action", "version"),
            ("event.category", "host"),
            ("event.type", "info"),
            ("observer.product", "IOS"),
            ("observer.vendor", "Cisco"),
            ("observer.version", "12.1(22)EA14"),
        ],
    },
    Example { raw: "user-agent: \"Cisco IOS Software, Version 17.12.4\"", expect: &[] },
    Example { raw: "Cisco IOS Software, Version unknown", expect: &[] },
];
