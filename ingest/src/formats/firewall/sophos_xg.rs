//! Sophos Firewall (SFOS, formerly XG): the device's standard and legacy key=value syslog.

use std::sync::LazyLock;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::{Pairs, own_field},
    scan::{ip, reject, set_number},
    table::{MILLISECOND, SECOND, SOURCE_USER, Table, To, USER, set_date_time, set_lower, set_totals, verdict},
};

mod examples;

/// Sophos Firewall.
pub struct SophosXg;

const OWN: &str = "sophos.xg.";
/// How far into a message its first keys are looked for.
const HEAD: usize = 320;
/// The length of a log id: type, component, subtype, priority, message (two, two, two, one and five digits).
const LOG_ID: usize = 12;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(OWN, KEYS).without(&["N/A", "-"]));

const ACCOUNT: To = To::All(&[SOURCE_USER, USER]);

/// The names of both the legacy format (`date=`) and the standard one (`timestamp=`).
const KEYS: &[(&str, To)] = &[
    ("device", To::Nothing),
    ("date", To::Nothing),
    ("time", To::Nothing),
    ("timezone", To::Own),
    ("timestamp", To::Nothing),
    ("device_id", To::Text(field::OBSERVER_SERIAL_NUMBER)),
    ("device_serial_id", To::Text(field::OBSERVER_SERIAL_NUMBER)),
    ("device_name", To::Own),
    ("device_model", To::Own),
    ("log_subtype", To::Text(field::EVENT_ACTION)),
    ("priority", To::Text(field::LOG_LEVEL)),
    ("severity", To::Text(field::LOG_LEVEL)),
    ("fw_rule_id", To::Text(field::RULE_ID)),
    ("fw_rule_name", To::Text(field::RULE_NAME)),
    ("policy_type", To::Text(field::RULE_RULESET)),
    ("src_ip", To::Source),
    ("sourceip", To::Source),
    ("dst_ip", To::Destination),
    ("destinationip", To::Destination),
    ("localip", To::Destination),
    ("src_port", To::Number(field::SOURCE_PORT)),
    ("dst_port", To::Number(field::DESTINATION_PORT)),
    ("src_mac", To::Text(field::SOURCE_MAC)),
    ("dst_mac", To::Text(field::DESTINATION_MAC)),
    ("tran_src_ip", To::Ip(field::SOURCE_NAT_IP)),
    ("src_trans_ip", To::Ip(field::SOURCE_NAT_IP)),
    ("tran_src_port", To::Number(field::SOURCE_NAT_PORT)),
    ("src_trans_port", To::Number(field::SOURCE_NAT_PORT)),
    ("tran_dst_ip", To::Ip(field::DESTINATION_NAT_IP)),
    ("dst_trans_ip", To::Ip(field::DESTINATION_NAT_IP)),
    ("tran_dst_port", To::Number(field::DESTINATION_NAT_PORT)),
    ("dst_trans_port", To::Number(field::DESTINATION_NAT_PORT)),
    ("protocol", To::Transport),
    ("sent_bytes", To::Number(field::SOURCE_BYTES)),
    ("bytes_sent", To::Number(field::SOURCE_BYTES)),
    ("recv_bytes", To::Number(field::DESTINATION_BYTES)),
    ("bytes_received", To::Number(field::DESTINATION_BYTES)),
    ("sent_pkts", To::Number(field::SOURCE_PACKETS)),
    ("packets_sent", To::Number(field::SOURCE_PACKETS)),
    ("recv_pkts", To::Number(field::DESTINATION_PACKETS)),
    ("packets_received", To::Number(field::DESTINATION_PACKETS)),
    ("duration", To::Duration(SECOND)),
    ("responsetime", To::Duration(MILLISECOND)),
    ("in_interface", To::Text(field::OBSERVER_INGRESS_INTERFACE_NAME)),
    ("out_interface", To::Text(field::OBSERVER_EGRESS_INTERFACE_NAME)),
    ("src_zone", To::Text(field::OBSERVER_INGRESS_ZONE)),
    ("srczone", To::Text(field::OBSERVER_INGRESS_ZONE)),
    ("dst_zone", To::Text(field::OBSERVER_EGRESS_ZONE)),
    ("dstzone", To::Text(field::OBSERVER_EGRESS_ZONE)),
    ("vlan_id", To::Text(field::NETWORK_VLAN_ID)),
    ("user_name", ACCOUNT),
    ("user", ACCOUNT),
    ("username", ACCOUNT),
    ("user_gp", To::Text(field::SOURCE_USER_GROUP_NAME)),
    ("user_group", To::Text(field::SOURCE_USER_GROUP_NAME)),
    ("usergroupname", To::Text(field::SOURCE_USER_GROUP_NAME)),
    ("application", To::Text(field::NETWORK_APPLICATION)),
    ("application_name", To::Text(field::NETWORK_APPLICATION)),
    ("app_name", To::Text(field::NETWORK_APPLICATION)),
    ("url", To::Url),
    ("domain", To::Else(field::URL_DOMAIN)),
    ("domainname", To::Else(field::URL_DOMAIN)),
    ("dst_host", To::Else(field::DESTINATION_DOMAIN)),
    ("http_method", To::Text(field::HTTP_METHOD)),
    ("method", To::Text(field::HTTP_METHOD)),
    ("httpstatus", To::Number(field::HTTP_STATUS)),
    ("http_status", To::Number(field::HTTP_STATUS)),
    ("status_code", To::Number(field::HTTP_STATUS)),
    ("statuscode", To::Number(field::HTTP_STATUS)),
    ("referer", To::Text(field::HTTP_REFERRER)),
    ("http_user_agent", To::Text(field::USER_AGENT)),
    ("user_agent", To::Text(field::USER_AGENT)),
    ("useragent", To::Text(field::USER_AGENT)),
    ("ws_protocol", To::Text(field::HTTP_VERSION)),
    ("http_category", To::Text(field::RULE_CATEGORY)),
    ("category", To::Text(field::RULE_CATEGORY)),
    ("classification", To::Text(field::RULE_CATEGORY)),
    ("signature_id", To::Text(field::RULE_ID)),
    ("signature_msg", To::Text(field::RULE_NAME)),
    ("message", To::Text(field::MESSAGE)),
    ("reason", To::Text(field::EVENT_REASON)),
    ("from_email_address", To::All(&[To::Text(field::EMAIL_FROM), To::Text(field::SOURCE_USER_EMAIL)])),
    ("sender", To::All(&[To::Text(field::EMAIL_FROM), To::Text(field::SOURCE_USER_EMAIL)])),
    ("to_email_address", To::All(&[To::Text(field::EMAIL_TO), To::Text(field::DESTINATION_USER_EMAIL)])),
    ("recipient", To::All(&[To::Text(field::EMAIL_TO), To::Text(field::DESTINATION_USER_EMAIL)])),
    ("email_subject", To::Text(field::EMAIL_SUBJECT)),
    ("subject", To::Text(field::EMAIL_SUBJECT)),
    ("src_domainname", To::Text(field::SOURCE_DOMAIN)),
    ("dst_domainname", To::Text(field::DESTINATION_DOMAIN)),
    ("filename", To::Text(field::FILE_NAME)),
    ("file_name", To::Text(field::FILE_NAME)),
    ("filesize", To::Number(field::FILE_SIZE)),
    ("file_size", To::Number(field::FILE_SIZE)),
    ("filetype", To::Text(field::FILE_MIME_TYPE)),
    ("file_path", To::Text(field::FILE_PATH)),
    ("sha1sum", To::Text(field::FILE_HASH_SHA1)),
    ("FTP_url", To::Text(field::FILE_DIRECTORY)),
    ("bytesrcv", To::Number(field::SOURCE_BYTES)),
    ("bytessent", To::Number(field::DESTINATION_BYTES)),
];

impl Format for SophosXg {
    fn name(&self) -> &'static str {
        "sophos_xg"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "Sophos Firewall"
    }
    fn about(&self) -> &'static str {
        "Sophos Firewall (SFOS) syslog, legacy and standard format (Sophos Firewall Syslog Guide)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "sophos", services: &["sophos_xg", "sfos"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["log_component="])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let head = &message[..message.len().min(HEAD)];
        let has = |key: &[u8]| memchr::memmem::find(head, key).is_some();
        has(b"log_id=") && has(b"log_type=")
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        event.set_static(field::OBSERVER_VENDOR, "Sophos");
        event.set_static(field::OBSERVER_PRODUCT, "XG");
        event.set_static(field::OBSERVER_TYPE, "firewall");
        let wanted = ["date", "time", "timezone", "timestamp", "log_id", "log_type", "log_component", "log_subtype"];
        let [date, time, zone, stamp, id, kind, component, subtype] =
            TABLE.read_pairs(event, Pairs::loose(line.message), wanted);
        if kind.is_empty() {
            return Err(reject("sophos_xg_no_type"));
        }
        if date.is_empty() {
            To::Time(field::TIMESTAMP).put(event, stamp);
        } else {
            // names of zones are ambiguous (IST, CST); only an offset says which
            let offset = if zone.first().is_some_and(|b| matches!(b, b'+' | b'-')) { zone } else { b"" };
            set_date_time(event, field::TIMESTAMP, date, time, offset);
        }
        set_id(id, event);
        set_protocol(component, event);
        set_peers(line.message, event);
        set_totals(event);
        event.keep_last(field::MESSAGE);
        classify(kind, subtype, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        examples::EXAMPLES
    }
}

/// A log id ends in its priority and its message's number.
fn set_id<'r>(id: &'r [u8], event: &mut Event<'r>) {
    if id.len() == LOG_ID && id.iter().all(u8::is_ascii_digit) {
        set_number(event, field::EVENT_SEVERITY, &id[6..7]);
        event.set(field::EVENT_CODE, &id[7..]);
    }
}

/// The component that saw it may be a protocol.
fn set_protocol<'r>(component: &'r [u8], event: &mut Event<'r>) {
    match component {
        b"HTTP" | b"HTTPS" | b"SMTP" | b"SMTPS" | b"FTP" | b"IMAP" | b"IMAPS" | b"POP3" | b"POP3S" | b"DNS" => {
            set_lower(event, field::NETWORK_PROTOCOL, component);
        }
        b"POP" => event.set_static(field::NETWORK_PROTOCOL, "pop3"),
        b"POPS" => event.set_static(field::NETWORK_PROTOCOL, "pop3s"),
        _ => {}
    }
}

/// A web application firewall names its client `host`; a sandbox calls a host `source`.
fn set_peers<'r>(message: &'r [u8], event: &mut Event<'r>) {
    if event.get(field::SOURCE_IP).is_some() {
        return;
    }
    let hosts = Pairs::loose(message).filter(|pair| matches!(pair.key, b"host" | b"ip_address" | b"ipaddress"));
    if let Some((address, _)) = hosts.filter_map(|pair| ip(pair.value?)).next() {
        crate::scan::set_source(event, address);
    }
}

fn classify(kind: &[u8], subtype: &[u8], event: &mut Event<'_>) {
    let status = own_field(OWN, b"status").and_then(|field| event.bytes(field)).unwrap_or_default();
    let status = status.to_ascii_lowercase();
    let said = verdict(subtype);
    let outcome = if status.starts_with(b"succ") {
        "success"
    } else if status.starts_with(b"fail") {
        "failure"
    } else {
        ""
    };
    match kind {
        b"Firewall" | b"SSL" | b"Application filter" | b"SD-WAN" => {
            event.classify("network", "connection", "", "success");
        }
        b"Anti-Virus" | b"Sandbox" | b"ATP" | b"IDP" | b"IPS" | b"Zero day protection" | b"Heartbeat" => {
            event.set_static(field::EVENT_KIND, "alert");
            let category = if matches!(kind, b"IDP" | b"IPS" | b"ATP") { "intrusion_detection" } else { "malware" };
            event.classify(category, "", "", "success");
            event.set_static(field::EVENT_CATEGORY, "network");
        }
        b"Anti-Spam" => event.classify("email", "info", "", "success"),
        b"Content Filtering" | b"WAF" | b"Web filter" => {
            event.classify("web", "access", "", "success");
            event.set_static(field::EVENT_CATEGORY, "network");
        }
        b"Event" if subtype == b"Authentication" || is_sign_in(event) => {
            let signed_out =
                event.bytes(field::MESSAGE).is_some_and(|text| memchr::memmem::find(&text, b"logged out").is_some());
            return event.classify("authentication", if signed_out { "end" } else { "start" }, "", outcome);
        }
        b"Event" if subtype == b"Admin" => return event.classify("configuration", "change", "", outcome),
        _ => return event.classify("host", "info", "", outcome),
    }
    if !said.is_empty() {
        event.set_static(field::EVENT_TYPE, said);
    }
}

/// The administrators' sign-ins stand among their other doings.
fn is_sign_in(event: &Event<'_>) -> bool {
    let phrases: [&[u8]; 4] = [b"failed to login", b"logged in", b"login", b"logged out"];
    event
        .bytes(field::MESSAGE)
        .is_some_and(|text| phrases.iter().any(|phrase| memchr::memmem::find(&text, phrase).is_some()))
}
