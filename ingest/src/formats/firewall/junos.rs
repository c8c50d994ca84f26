//! Juniper Junos: security logs of SRX (structured as in RFC 5424, or as text), firewall filters, and what
//! administrators do.

use std::sync::LazyLock;

use memchr::memmem;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::Pairs,
    scan::{first_word, reject, set_source, split},
    table::{SECOND, SOURCE_USER, Table, To, USER, set_totals, verdict},
    web,
};

mod examples;
mod text;

/// Junos.
pub struct Junos;

const OWN: &str = "juniper.srx.";

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(OWN, KEYS).without(&["N/A", "UNKNOWN", "None", "-"]));

const KEYS: &[(&str, To)] = &[
    ("source-address", To::Source),
    ("client-ip", To::Source),
    ("local-address", To::Source),
    ("remote-address", To::Destination),
    ("destination-address", To::Destination),
    ("source-port", To::Number(field::SOURCE_PORT)),
    ("destination-port", To::Number(field::DESTINATION_PORT)),
    ("nat-source-address", To::Ip(field::SOURCE_NAT_IP)),
    ("nat-source-port", To::Number(field::SOURCE_NAT_PORT)),
    ("nat-destination-address", To::Ip(field::DESTINATION_NAT_IP)),
    ("nat-destination-port", To::Number(field::DESTINATION_NAT_PORT)),
    ("protocol-id", To::Transport),
    ("protocol-name", To::Lower(field::NETWORK_PROTOCOL)),
    ("protocol", To::Lower(field::NETWORK_PROTOCOL)),
    ("application", To::With(|event, value| crate::table::set_lower(event, field::NETWORK_APPLICATION, value))),
    ("service-name", To::Own),
    ("policy-name", To::Text(field::RULE_NAME)),
    ("rulebase-name", To::Text(field::RULE_NAME)),
    ("rule-name", To::Text(field::RULE_ID)),
    ("source-zone-name", To::Text(field::OBSERVER_INGRESS_ZONE)),
    ("source-zone", To::Text(field::OBSERVER_INGRESS_ZONE)),
    ("destination-zone-name", To::Text(field::OBSERVER_EGRESS_ZONE)),
    ("destination-zone", To::Text(field::OBSERVER_EGRESS_ZONE)),
    ("packet-incoming-interface", To::Text(field::OBSERVER_INGRESS_INTERFACE_NAME)),
    ("source-interface-name", To::Text(field::OBSERVER_INGRESS_INTERFACE_NAME)),
    ("interface-name", To::Text(field::OBSERVER_INGRESS_INTERFACE_NAME)),
    ("destination-interface-name", To::Text(field::OBSERVER_EGRESS_INTERFACE_NAME)),
    ("packets-from-client", To::Number(field::SOURCE_PACKETS)),
    ("inbound-packets", To::Number(field::SOURCE_PACKETS)),
    ("bytes-from-client", To::Number(field::SOURCE_BYTES)),
    ("inbound-bytes", To::Number(field::SOURCE_BYTES)),
    ("packets-from-server", To::Number(field::DESTINATION_PACKETS)),
    ("outbound-packets", To::Number(field::DESTINATION_PACKETS)),
    ("bytes-from-server", To::Number(field::DESTINATION_BYTES)),
    ("outbound-bytes", To::Number(field::DESTINATION_BYTES)),
    ("elapsed-time", To::Duration(SECOND)),
    ("username", To::All(&[SOURCE_USER, USER])),
    ("user", To::All(&[SOURCE_USER, USER])),
    ("reason", To::Text(field::EVENT_REASON)),
    ("action", To::Own),
    ("url", To::With(set_url)),
    ("http-host", To::Else(field::URL_DOMAIN)),
    ("obj", To::With(web::set_path)),
    ("filename", To::Text(field::FILE_NAME)),
    ("sample-sha256", To::Text(field::FILE_HASH_SHA256)),
    ("hostname", To::Text(field::SOURCE_DOMAIN)),
    ("message", To::Text(field::MESSAGE)),
    ("command", To::Text(field::PROCESS_COMMAND_LINE)),
];

impl Format for Junos {
    fn name(&self) -> &'static str {
        "junos"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "Juniper Junos (SRX)"
    }
    fn about(&self) -> &'static str {
        "Security logs of SRX, structured or as text, and Junos system events (Junos System Log Explorer)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "juniper", services: &["junos", "srx"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &[
            "RT_FLOW",
            "RT_IDP",
            "RT_IDS",
            "RT_UTM",
            "RT_AAMW",
            "RT_SECINTEL",
            "junos-ids",
            "junos-utm",
            "mgd",
            "kmd",
            "mib2d",
            "rpd",
            "jsrpd",
            "chassisd",
            "rmopd",
        ]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            "RT_FLOW_SESSION_",
            "RT_SCREEN_",
            "IDP_ATTACK_LOG_EVENT",
            "IDP_APPDDOS_APP_",
            "APPTRACK_SESSION_",
            "PFE_FW_SYSLOG_",
            "FW: ",
            "UI_LOGIN_EVENT",
            "UI_CMDLINE_READ_LINE",
            "UI_COMMIT",
            "WEBFILTER_URL_",
            "AAMW_ACTION_LOG",
            "SECINTEL_ACTION_LOG",
            " [junos@",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        filter_record(message).is_some() || tag(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        for (field, word) in
            [(field::OBSERVER_VENDOR, "Juniper"), (field::OBSERVER_PRODUCT, "SRX"), (field::OBSERVER_TYPE, "firewall")]
        {
            event.set_static(field, word);
        }
        if let Some(record) = filter_record(line.message) {
            return text::read_filter(record, event).ok_or(reject("junos_bad_filter"));
        }
        let in_header = line.msgid.filter(|tag| is_tag(tag)).map(|tag| (tag, line.structured.unwrap_or(line.message)));
        let Some((name, rest)) = in_header.or_else(|| tag(line.message)) else {
            return text::read_daemon(line.message, event).ok_or(reject("junos_no_tag"));
        };
        event.set(field::EVENT_ACTION, name);
        let structured =
            rest.strip_prefix(b"[").filter(|text| memmem::find(text, b"=\"").is_some() || text.contains(&b'='));
        match structured {
            Some(pairs) => read_pairs(pairs, event),
            None => text::read(name, rest, event),
        }
        set_totals(event);
        event.keep_last(field::MESSAGE);
        classify(name, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        examples::EXAMPLES
    }
}

/// `FW: ge-0/0/0.0 A tcp …`, what a firewall filter's `then syslog` writes, alone or behind its tag.
fn filter_record(message: &[u8]) -> Option<&[u8]> {
    match message.strip_prefix(b"FW: ") {
        Some(record) => text::is_filter(record).then_some(record),
        None => {
            let (before, after) = split(message, b"PFE_FW_SYSLOG_")?;
            let record = split(after, b"FW: ")?.1;
            (before.len() <= MAX_BEFORE && text::is_filter(record)).then_some(record)
        }
    }
}

/// How far into a message the tag of a filter's record is believed.
const MAX_BEFORE: usize = 64;

/// A Junos event tag at the start (`RT_FLOW_SESSION_CLOSE`), alone or behind the process that wrote it, and what follows.
fn tag(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut word, mut rest) = first_word(message);
    // `2026-11-22T09:14:07Z fw1 RT_FLOW - RT_FLOW_SESSION_CLOSE […]` behind another header
    for _ in 0..MAX_WORDS_BEFORE {
        let bare = word.strip_suffix(b":").unwrap_or(word);
        if is_tag(bare) && !is_process(bare) {
            return Some((bare, rest.trim_ascii()));
        }
        (word, rest) = first_word(rest);
    }
    None
}

/// How many words a relay may have left before the tag.
const MAX_WORDS_BEFORE: usize = 5;

/// Capitals and digits with underscores between them.
fn is_tag(word: &[u8]) -> bool {
    word.len() > 5
        && word.contains(&b'_')
        && word.first().is_some_and(u8::is_ascii_uppercase)
        && word.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_')
}

fn is_process(word: &[u8]) -> bool {
    matches!(word, b"RT_FLOW" | b"RT_IDP" | b"RT_IDS" | b"RT_UTM" | b"RT_AAMW" | b"RT_SECINTEL")
}

/// The parameters of the structured data, its closing bracket cut off.
fn read_pairs<'r>(pairs: &'r [u8], event: &mut Event<'r>) {
    let end = memchr::memrchr(b']', pairs).unwrap_or(pairs.len());
    TABLE.read_pairs(event, Pairs::new(&pairs[..end]), []);
}

/// A host alone, or a whole URL.
fn set_url(event: &mut Event<'_>, value: &[u8]) {
    if memmem::find(value, b"://").is_some() {
        web::set_url(event, value);
    } else {
        event.set(field::URL_DOMAIN, value);
    }
}

fn classify(name: &[u8], event: &mut Event<'_>) {
    let has = |word: &[u8]| memmem::find(name, word).is_some();
    let action = crate::pairs::own_field(OWN, b"action").and_then(|own| event.bytes(own)).unwrap_or_default();
    let said = match verdict(&action) {
        "" if has(b"DENY") || has(b"BLOCKED") || has(b"SCREEN") => "denied",
        "" if has(b"PERMITTED") || has(b"ALLOW") => "allowed",
        known => known,
    };
    match name {
        _ if has(b"SESSION_CREATE") => event.classify("network", "start", "", "success"),
        _ if has(b"SESSION_CLOSE") => event.classify("network", "end", "", "success"),
        _ if has(b"SESSION_DENY") => event.classify("network", "connection", "", "success"),
        _ if has(b"LOGIN_EVENT") => return event.classify("authentication", "start", "", "success"),
        _ if has(b"LOGIN_FAILED") || has(b"AUTH_FAIL") || has(b"LOGIN_ATTEMPTS") => {
            return event.classify("authentication", "start", "", "failure");
        }
        _ if has(b"LOGOUT_EVENT") => return event.classify("session", "end", "", ""),
        _ if has(b"COMMIT") || has(b"CFG_AUDIT") || has(b"LOAD_") => {
            return event.classify("configuration", "change", "", "");
        }
        _ if name.starts_with(b"UI_") => return event.classify("process", "info", "", ""),
        _ if name.starts_with(b"WEBFILTER") => event.classify("web", "access", "", ""),
        _ if name.starts_with(b"AV_") || name.starts_with(b"AAMW") => {
            event.set_static(field::EVENT_KIND, "alert");
            event.classify("malware", "", "", "");
        }
        _ if name.starts_with(b"IDP") || has(b"SCREEN") || name.starts_with(b"SECINTEL") => {
            event.set_static(field::EVENT_KIND, "alert");
            event.classify("intrusion_detection", "", "", "");
        }
        _ if event.get(field::SOURCE_IP).is_some() => event.classify("network", "connection", "", ""),
        _ => return event.classify("host", "info", "", ""),
    }
    if event.get(field::EVENT_CATEGORY).is_some_and(|first| first != crate::Value::Static("network")) {
        event.set_static(field::EVENT_CATEGORY, "network");
    }
    if !said.is_empty() {
        event.set_static(field::EVENT_TYPE, said);
    }
}

/// Sets the address that a text names, where it is one.
fn set_address<'r>(address: &'r [u8], event: &mut Event<'r>) {
    if crate::scan::ip(address).is_some() {
        set_source(event, address);
    }
}
