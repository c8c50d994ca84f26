//! Check Point's Log Exporter: its syslog format, RFC 5424 parameters, and the list with bars for Splunk.

use std::sync::LazyLock;

use memchr::memmem;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::{Pair, Pairs, own_field},
    scan::reject,
    table::{DESTINATION_USER, SECOND, SOURCE_USER, Table, To, USER, set_totals, verdict},
};

mod examples;

/// Check Point gateways and management.
pub struct Checkpoint;

const OWN: &str = "checkpoint.";

/// The names of the log fields; CEF records of the vendor use them as well.
pub(crate) static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(OWN, KEYS).without(&["0.0.0.0"]));

const KEYS: &[(&str, To)] = &[
    ("action", To::Text(field::EVENT_ACTION)),
    ("rule_action", To::Else(field::EVENT_ACTION)),
    ("time", To::Time(field::TIMESTAMP)),
    ("origin", To::All(&[To::Else(field::OBSERVER_NAME), To::With(set_observer)])),
    ("product", To::Else(field::OBSERVER_PRODUCT)),
    ("loguid", To::Else(field::EVENT_ID)),
    ("sequencenum", To::Text(field::EVENT_SEQUENCE)),
    ("src", To::Source),
    ("client_ip", To::Source),
    ("endpoint_ip", To::Source),
    ("dst", To::Destination),
    ("s_port", To::Number(field::SOURCE_PORT)),
    ("service", To::Number(field::DESTINATION_PORT)),
    ("proto", To::Transport),
    ("xlatesrc", To::Ip(field::SOURCE_NAT_IP)),
    ("xlatesport", To::Number(field::SOURCE_NAT_PORT)),
    ("xlatedst", To::Ip(field::DESTINATION_NAT_IP)),
    ("xlatedport", To::Number(field::DESTINATION_NAT_PORT)),
    ("ifdir", To::Lower(field::NETWORK_DIRECTION)),
    ("conn_direction", To::Own),
    ("inzone", To::Text(field::OBSERVER_INGRESS_ZONE)),
    ("outzone", To::Text(field::OBSERVER_EGRESS_ZONE)),
    ("client_inbound_interface", To::Text(field::OBSERVER_INGRESS_INTERFACE_NAME)),
    ("server_outbound_interface", To::Text(field::OBSERVER_EGRESS_INTERFACE_NAME)),
    ("ifname", To::Own),
    ("rule", To::Text(field::RULE_ID)),
    ("rule_name", To::Text(field::RULE_NAME)),
    ("rule_uid", To::Text(field::RULE_UUID)),
    ("layer_name", To::Text(field::RULE_RULESET)),
    ("protection_name", To::Else(field::RULE_NAME)),
    ("protection_id", To::Own),
    ("service_id", To::Text(field::NETWORK_APPLICATION)),
    ("appi_name", To::Else(field::NETWORK_APPLICATION)),
    ("bytes", To::Number(field::NETWORK_BYTES)),
    ("packets", To::Number(field::NETWORK_PACKETS)),
    ("client_outbound_bytes", To::Number(field::SOURCE_BYTES)),
    ("client_inbound_bytes", To::Number(field::DESTINATION_BYTES)),
    ("client_outbound_packets", To::Number(field::SOURCE_PACKETS)),
    ("server_outbound_packets", To::Number(field::DESTINATION_PACKETS)),
    ("sent_bytes", To::Number(field::SOURCE_BYTES)),
    ("received_bytes", To::Number(field::DESTINATION_BYTES)),
    ("elapsed", To::Duration(SECOND)),
    ("start_time", To::Time(field::EVENT_START)),
    ("segment_time", To::Own),
    ("user", To::All(&[SOURCE_USER, USER])),
    ("src_user_name", To::All(&[SOURCE_USER, USER])),
    ("administrator", To::All(&[SOURCE_USER, USER])),
    ("dst_user_name", DESTINATION_USER),
    ("src_machine_name", To::Text(field::SOURCE_DOMAIN)),
    ("dst_machine_name", To::Text(field::DESTINATION_DOMAIN)),
    ("mac_source_address", To::Text(field::SOURCE_MAC)),
    ("mac_destination_address", To::Text(field::DESTINATION_MAC)),
    ("reason", To::Text(field::EVENT_REASON)),
    ("action_reason", To::Else(field::EVENT_REASON)),
    ("severity", To::Own),
    ("subject", To::Text(field::MESSAGE)),
    ("message_info", To::Text(field::MESSAGE)),
    ("resource", To::Url),
    ("http_host", To::Else(field::URL_DOMAIN)),
    ("method", To::Text(field::HTTP_METHOD)),
    ("referrer", To::Text(field::HTTP_REFERRER)),
    ("user_agent", To::Text(field::USER_AGENT)),
    ("dns_query", To::Text(field::DNS_QUESTION_NAME)),
    ("dns_type", To::Text(field::DNS_QUESTION_TYPE)),
    ("file_name", To::Text(field::FILE_NAME)),
    ("file_size", To::Number(field::FILE_SIZE)),
    ("file_type", To::Text(field::FILE_TYPE)),
    ("file_md5", To::Text(field::FILE_HASH_MD5)),
    ("file_sha1", To::Text(field::FILE_HASH_SHA1)),
    ("file_sha256", To::Text(field::FILE_HASH_SHA256)),
    ("from", To::Text(field::EMAIL_FROM)),
    ("to", To::Text(field::EMAIL_TO)),
    ("email_subject", To::Text(field::EMAIL_SUBJECT)),
];

impl Format for Checkpoint {
    fn name(&self) -> &'static str {
        "checkpoint"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "Check Point"
    }
    fn about(&self) -> &'static str {
        "Logs of gateways and management in Log Exporter's syslog, RFC 5424 and Splunk formats (Check Point sk122323, sk144192)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "checkpoint", services: &["checkpoint", "fw1"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["CheckPoint"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["; loguid:\"", "|loguid=", "|originsicname=", "; ifdir:\"", "[Fields@1.3.6.1.4.1.2620 "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        bracketed(message).is_some() || message.starts_with(b"time=") && memmem::find(message, b"|product=").is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        event.set_static(field::OBSERVER_VENDOR, "Checkpoint");
        event.set_static(field::OBSERVER_TYPE, "firewall");
        let text = if line.message.is_empty() { line.structured.unwrap_or_default() } else { line.message };
        let inner = bracketed(text).or_else(|| text.trim_ascii().strip_prefix(b"["));
        let inner = inner.map(|text| text.strip_suffix(b"]").unwrap_or(text));
        let known = match inner {
            Some(text) if !text.starts_with(b"Fields@") && memmem::find(text, b":\"").is_some() => {
                read(Pairs::between(text, b':', b';'), event)
            }
            Some(text) => read(Pairs::new(text), event),
            None => read(Pairs::between(text, b'=', b'|'), event),
        };
        if !known {
            return Err(reject("checkpoint_no_pairs"));
        }
        finish(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        examples::EXAMPLES
    }
}

/// How far into a message its bracket may stand: behind `syslog`, or behind a header that is none.
const MAX_BEFORE: usize = 128;

/// The pairs in brackets, `key:"value"; ` or `key="value" ` behind Check Point's enterprise number.
fn bracketed(message: &[u8]) -> Option<&[u8]> {
    let head = &message[..message.len().min(MAX_BEFORE)];
    let inner = message[memchr::memchr(b'[', head)? + 1..].trim_ascii();
    let key = inner.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let own = inner[key..].starts_with(b":\"") && key > 0;
    (own || inner.starts_with(b"Fields@1.3.6.1.4.1.2620 ")).then_some(inner)
}

/// Sets all pairs; whether there were any that every record has.
fn read<'r>(pairs: impl Iterator<Item = Pair<'r>>, event: &mut Event<'_>) -> bool {
    let known = TABLE.read_pairs(event, pairs, ["loguid", "origin", "product", "action"]);
    known.iter().any(|value| !value.is_empty())
}

/// The address of the gateway that logged it.
fn set_observer(event: &mut Event<'_>, value: &[u8]) {
    if crate::scan::ip(value).is_some() && event.get(field::OBSERVER_IP).is_none() {
        event.set(field::OBSERVER_IP, value);
    }
}

/// The interface is the one of the direction.
fn set_interface(event: &mut Event<'_>) {
    let Some(interface) = own_field(OWN, b"ifname").and_then(|own| event.get(own)) else { return };
    let outbound = event.bytes(field::NETWORK_DIRECTION).is_some_and(|direction| &*direction == b"outbound");
    let side = if outbound { field::OBSERVER_EGRESS_INTERFACE_NAME } else { field::OBSERVER_INGRESS_INTERFACE_NAME };
    if event.get(side).is_none() {
        event.push(side, interface);
    }
}

/// What follows from the values, in CEF records too.
/// The gateway's name in the certificate that its management gave it, where nothing else names it; the management's own
/// is `cp_mgmt`.
fn set_gateway(event: &mut Event<'_>) {
    let sic = ["originsicname", "origin_sic_name"].iter().find_map(|key| {
        own_field(OWN, key.as_bytes()).and_then(|field| event.bytes(field)).map(|name| name.into_owned())
    });
    let Some(name) =
        sic.as_deref().and_then(|sic| sic.get(..3).filter(|cn| cn.eq_ignore_ascii_case(b"CN=")).and(sic.get(3..)))
    else {
        return;
    };
    let name = name.split(|b| *b == b',').next().unwrap_or_default();
    if event.get(field::OBSERVER_NAME).is_none() && !name.is_empty() && !name.starts_with(b"cp_mgmt") {
        event.set(field::OBSERVER_NAME, name);
    }
}

pub(crate) fn finish(event: &mut Event<'_>) {
    set_gateway(event);
    set_interface(event);
    set_totals(event);
    event.keep_last(field::MESSAGE);
    let text = |name: &str| own_field(OWN, name.as_bytes()).and_then(|field| event.bytes(field)).unwrap_or_default();
    let action = event.bytes(field::EVENT_ACTION).unwrap_or_default().to_ascii_lowercase();
    let said = verdict(&action);
    let status = text("auth_status").to_ascii_lowercase();
    let operation = text("operation").to_ascii_lowercase();
    let has = |text: &[u8], word: &[u8]| memmem::find(text, word).is_some();
    let attack = ["attack", "protection_id", "malware_action", "smartdefense_profile"];
    let is_attack = attack.iter().any(|name| !text(name).is_empty());
    let failed = has(&status, b"fail") || has(&action, b"failed");
    if !status.is_empty()
        || matches!(&*action, b"failed log in" | b"log in" | b"failed login")
        || operation == b"log in"
    {
        let outcome = if failed { "failure" } else { "success" };
        return event.classify("authentication", "start", "", outcome);
    }
    if matches!(&*operation, b"log out") || action == b"log out" {
        return event.classify("authentication", "end", "", "success");
    }
    if !operation.is_empty() {
        return event.classify("configuration", "change", "", "");
    }
    if is_attack {
        event.set_static(field::EVENT_KIND, "alert");
        event.classify("intrusion_detection", "", "", "");
    }
    if event.get(field::SOURCE_IP).is_none() && event.get(field::DESTINATION_IP).is_none() {
        return event.classify("host", "info", "", "");
    }
    event.classify("network", "connection", "", if said == "denied" { "failure" } else { "success" });
    if !said.is_empty() {
        event.set_static(field::EVENT_TYPE, said);
    }
}
