//! FortiGate's key=value syslog.

use std::sync::LazyLock;

use crate::{
    Event,
    envelope::{Line, Stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::{Pairs, set_own},
    scan::{reject, set_source},
    table::{SECOND, Table, To, set_date_time, set_totals},
    time,
};

/// FortiGate: traffic, UTM and event logs.
pub struct Fortigate;

const OWN: &str = "fortinet.";
/// How far into a record its `devid=` or `logid=` is looked for.
const HEAD: usize = 384;

impl Format for Fortigate {
    fn name(&self) -> &'static str {
        "fortigate"
    }

    fn category(&self) -> &'static str {
        "firewall"
    }

    fn product(&self) -> &'static str {
        "Fortinet FortiGate"
    }

    fn about(&self) -> &'static str {
        "Logs of FortiOS and its relatives (FortiProxy, FortiWeb, FortiMail, FortiManager, FortiAnalyzer) as key=value syslog (FortiOS Log Message Reference)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "fortigate", services: &["fortigate"] }
    }

    fn structure(&self) -> Structure {
        Structure::Holds(&["subtype=", "device_id="])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let head = &message[..message.len().min(HEAD)];
        let has = |key: &str| memchr::memmem::find(head, key.as_bytes()).is_some();
        let begins_with_key = head.iter().take(24).find(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b' '));
        begins_with_key == Some(&b'=')
            && (has("subtype=") || has("type=") && has("pri="))
            && ["devid=", "logid=", "device_id=", "log_id=", "vd="].into_iter().any(has)
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let first = line.message.iter().find(|b| matches!(b, b' ' | b','));
        let pairs = if first == Some(&b',') { Pairs::with_commas(line.message) } else { Pairs::new(line.message) };
        let seen = Seen::read(pairs, event);
        if seen.kind.is_empty() {
            return Err(reject("fortigate_no_type"));
        }
        event.set_static(field::OBSERVER_VENDOR, "Fortinet");
        let (product, kind) = product(seen.device);
        event.set_static(field::OBSERVER_PRODUCT, product);
        event.set_static(field::OBSERVER_TYPE, kind);
        seen.set_times(event);
        set_addresses(&seen, event);
        set_totals(event);
        classify(&seen, event);
        event.keep_last(field::MESSAGE);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// What an interface is for: `lan`, `wan`, `dmz`.
fn set_role(event: &mut Event<'_>, field: crate::Field, role: &[u8]) {
    if role != b"undefined" {
        event.set(field, role);
    }
}

/// The product by the letters that its serial numbers begin with.
fn product(device: &[u8]) -> (&'static str, &'static str) {
    match device {
        [b'F', b'P', b'X', ..] => ("FortiProxy", "proxy"),
        [b'F', b'V', ..] => ("FortiWeb", "waf"),
        [b'F', b'E', ..] => ("FortiMail", "mail gateway"),
        [b'F', b'M', b'G', ..] => ("FortiManager", "management"),
        [b'F', b'A', b'Z', ..] | [b'F', b'L', b'-', ..] => ("FortiAnalyzer", "management"),
        _ => ("FortiGate", "firewall"),
    }
}

/// What several fields are derived from.
#[derive(Default)]
struct Seen<'r> {
    kind: &'r [u8],
    subtype: &'r [u8],
    action: &'r [u8],
    status: &'r [u8],
    config_path: &'r [u8],
    code: &'r [u8],
    ui: &'r [u8],
    tunnel_type: &'r [u8],
    date: &'r [u8],
    time: &'r [u8],
    zone: &'r [u8],
    device: &'r [u8],
    message: &'r [u8],
    event_time: Option<i64>,
}

impl<'r> Seen<'r> {
    /// Sets what all pairs mean, and keeps those that say what kind of record it is.
    fn read(pairs: Pairs<'r>, event: &mut Event<'r>) -> Seen<'r> {
        let wanted = [
            "type",
            "subtype",
            "action",
            "status",
            "cfgpath",
            "logid",
            "log_id",
            "ui",
            "tunneltype",
            "date",
            "time",
            "tz",
            "devid",
            "device_id",
            "msg",
            "eventtime",
        ];
        let [kind, subtype, action, status, config_path, code, old_code, ui, tunnel_type, rest @ ..] =
            TABLE.read_pairs(event, pairs, wanted);
        let [date, time, zone, device, old_device, message, event_time] = rest;
        Seen {
            kind,
            subtype,
            action,
            status,
            config_path,
            code: if code.is_empty() { old_code } else { code },
            ui,
            tunnel_type,
            date,
            time,
            zone,
            device: if device.is_empty() { old_device } else { device },
            message,
            // nanoseconds have 19 digits
            event_time: std::str::from_utf8(event_time).ok().and_then(|text| text.parse().ok()),
        }
    }

    /// `date` and `time` are the device's wall clock; its zone stands in `tz`, where there is one.
    fn set_times(&self, event: &mut Event<'r>) {
        if !self.date.is_empty() {
            set_date_time(event, field::TIMESTAMP, self.date, self.time, self.zone);
        }
        if let Some(start) = self.event_time.and_then(time::epoch) {
            let civil = jiff::tz::TimeZone::UTC.to_datetime(start);
            let start = Stamp { civil, has_year: true, offset: Some(0) };
            event.set_stamp(field::EVENT_START, start);
            if self.date.is_empty() {
                event.set_stamp(field::TIMESTAMP, start);
            }
        }
    }
}

/// The keys of FortiOS and its relatives; CEF records of the vendor put its name before them.
static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(OWN, KEYS).without(&["N/A", "(null)"]));

pub(crate) const KEYS: &[(&str, To)] = &[
    ("date", To::Nothing),
    ("time", To::Nothing),
    ("tz", To::Nothing),
    ("srcip", To::Source),
    ("remip", To::Source),
    ("client_ip", To::Source),
    ("dst_ip", To::Destination),
    ("client_name", To::Text(field::SOURCE_DOMAIN)),
    ("domain", To::Text(field::DESTINATION_DOMAIN)),
    ("message_id", To::Text(field::EMAIL_MESSAGE_ID)),
    ("src", To::Source),
    ("dstip", To::Destination),
    ("locip", To::Destination),
    ("dst", To::Destination),
    ("srcport", To::Number(field::SOURCE_PORT)),
    ("remport", To::Number(field::SOURCE_PORT)),
    ("src_port", To::Number(field::SOURCE_PORT)),
    ("dstport", To::Number(field::DESTINATION_PORT)),
    ("locport", To::Number(field::DESTINATION_PORT)),
    ("dst_port", To::Number(field::DESTINATION_PORT)),
    ("sentbyte", To::Number(field::SOURCE_BYTES)),
    ("sent", To::Number(field::SOURCE_BYTES)),
    ("rcvdbyte", To::Number(field::DESTINATION_BYTES)),
    ("rcvd", To::Number(field::DESTINATION_BYTES)),
    ("sentpkt", To::Number(field::SOURCE_PACKETS)),
    ("rcvdpkt", To::Number(field::DESTINATION_PACKETS)),
    ("filesize", To::Number(field::FILE_SIZE)),
    ("duration", To::Duration(SECOND)),
    ("proto", To::Transport),
    ("url", To::Url),
    ("http_url", To::Url),
    ("direction", To::With(set_direction)),
    ("policyid", To::All(&[To::Text(field::RULE_ID), To::Own])),
    ("devname", To::Text(field::OBSERVER_NAME)),
    ("devid", To::Text(field::OBSERVER_SERIAL_NUMBER)),
    ("device_id", To::Text(field::OBSERVER_SERIAL_NUMBER)),
    ("logid", To::Text(field::EVENT_CODE)),
    ("log_id", To::Text(field::EVENT_CODE)),
    ("level", To::Text(field::LOG_LEVEL)),
    ("pri", To::Text(field::LOG_LEVEL)),
    ("msg", To::Text(field::MESSAGE)),
    ("logdesc", To::Text(field::RULE_DESCRIPTION)),
    ("action", To::Text(field::EVENT_ACTION)),
    ("reason", To::Text(field::EVENT_REASON)),
    ("srcintf", To::Text(field::OBSERVER_INGRESS_INTERFACE_NAME)),
    ("dstintf", To::Text(field::OBSERVER_EGRESS_INTERFACE_NAME)),
    ("srcintfrole", To::With(|event, role| set_role(event, field::OBSERVER_INGRESS_INTERFACE_ALIAS, role))),
    ("dstintfrole", To::With(|event, role| set_role(event, field::OBSERVER_EGRESS_INTERFACE_ALIAS, role))),
    ("srcname", To::Text(field::SOURCE_DOMAIN)),
    ("dstname", To::Text(field::DESTINATION_DOMAIN)),
    ("srcmac", To::Text(field::SOURCE_MAC)),
    ("dstmac", To::Text(field::DESTINATION_MAC)),
    ("srccountry", To::Text(field::SOURCE_GEO_COUNTRY_NAME)),
    ("dstcountry", To::Text(field::DESTINATION_GEO_COUNTRY_NAME)),
    ("transip", To::Text(field::SOURCE_NAT_IP)),
    ("transport", To::Text(field::SOURCE_NAT_PORT)),
    ("tranip", To::Text(field::DESTINATION_NAT_IP)),
    ("tranport", To::Text(field::DESTINATION_NAT_PORT)),
    ("user", To::Text(field::USER_NAME)),
    ("user_name", To::Text(field::USER_NAME)),
    ("unauthuser", To::Text(field::SOURCE_USER_NAME)),
    ("dstuser", To::Text(field::DESTINATION_USER_NAME)),
    ("group", To::Text(field::SOURCE_USER_GROUP_NAME)),
    ("policyname", To::Text(field::RULE_NAME)),
    ("attack", To::Text(field::RULE_NAME)),
    ("attackid", To::Text(field::RULE_ID)),
    ("poluuid", To::Text(field::RULE_UUID)),
    ("policytype", To::Text(field::RULE_RULESET)),
    ("policy", To::Text(field::RULE_RULESET)),
    ("applist", To::Text(field::RULE_RULESET)),
    ("profile", To::Text(field::RULE_RULESET)),
    ("appcat", To::Text(field::RULE_CATEGORY)),
    ("catdesc", To::Text(field::RULE_CATEGORY)),
    ("service", To::Text(field::NETWORK_PROTOCOL)),
    ("app", To::Text(field::NETWORK_APPLICATION)),
    ("hostname", To::All(&[To::Text(field::URL_DOMAIN), To::Else(field::DESTINATION_DOMAIN)])),
    ("http_host", To::All(&[To::Text(field::URL_DOMAIN), To::Else(field::DESTINATION_DOMAIN)])),
    ("http_method", To::Text(field::HTTP_METHOD)),
    ("httpmethod", To::Text(field::HTTP_METHOD)),
    ("http_retcode", To::Number(field::HTTP_STATUS)),
    ("http_refer", To::Text(field::HTTP_REFERRER)),
    ("http_agent", To::Text(field::USER_AGENT)),
    ("http_version", To::Text(field::HTTP_VERSION)),
    ("http_request_bytes", To::Number(field::HTTP_REQUEST_BYTES)),
    ("http_response_bytes", To::Number(field::HTTP_RESPONSE_BYTES)),
    ("agent", To::Text(field::USER_AGENT)),
    ("referralurl", To::Text(field::HTTP_REFERRER)),
    ("statuscode", To::Number(field::HTTP_STATUS)),
    ("reqlength", To::Number(field::HTTP_REQUEST_BYTES)),
    ("resplength", To::Number(field::HTTP_RESPONSE_BYTES)),
    ("qname", To::Text(field::DNS_QUESTION_NAME)),
    ("qtype", To::Text(field::DNS_QUESTION_TYPE)),
    ("qclass", To::Text(field::DNS_QUESTION_CLASS)),
    ("xid", To::Text(field::DNS_ID)),
    ("filename", To::Text(field::FILE_NAME)),
    ("filetype", To::Text(field::FILE_TYPE)),
    ("filehash", To::Text(field::FILE_HASH_SHA256)),
    ("sender", To::Text(field::EMAIL_FROM)),
    ("from", To::Text(field::EMAIL_FROM)),
    ("recipient", To::Text(field::EMAIL_TO)),
    ("to", To::Text(field::EMAIL_TO)),
    ("subject", To::Text(field::EMAIL_SUBJECT)),
    ("pid", To::Number(field::PROCESS_PID)),
    ("error", To::Text(field::ERROR_MESSAGE)),
    ("cipher_suite", To::Text(field::TLS_CIPHER)),
];

fn set_direction(event: &mut Event<'_>, value: &[u8]) {
    match value {
        b"outgoing" | b"outbound" => event.set_static(field::NETWORK_DIRECTION, "outbound"),
        b"incoming" | b"inbound" => event.set_static(field::NETWORK_DIRECTION, "inbound"),
        _ => set_own(event, OWN, b"direction", value),
    }
}

/// An administrator's address stands in `ui` alone: `GUI(192.0.2.7)`, `ssh(192.0.2.7)`.
fn set_addresses(seen: &Seen<'_>, event: &mut Event<'_>) {
    if event.get(field::SOURCE_ADDRESS).is_some() {
        return;
    }
    let inner = seen.ui.strip_suffix(b")").and_then(|ui| Some(&ui[memchr::memchr(b'(', ui)? + 1..]));
    if let Some((address, _)) = inner.and_then(crate::scan::ip) {
        set_source(event, address);
    }
}

fn classify<'r>(seen: &Seen<'r>, event: &mut Event<'r>) {
    if matches!(seen.kind, b"utm" | b"anomaly" | b"ips") && event.get(field::EVENT_REASON).is_none() {
        crate::scan::set_some(event, field::EVENT_REASON, seen.message);
    }
    let denied = is_denial(seen.action);
    let verdict = if denied { "denied" } else { "allowed" };
    match (seen.kind, seen.subtype) {
        (b"traffic", _) => {
            event.classify("network", "connection", "", "success");
            event.set_static(field::EVENT_TYPE, verdict);
        }
        (b"utm", b"ips" | b"anomaly" | b"virus") | (b"anomaly", _) => {
            event.set_static(field::EVENT_KIND, "alert");
            let category = if seen.subtype == b"virus" { "malware" } else { "intrusion_detection" };
            event.classify("network", verdict, "", "success");
            event.set_static(field::EVENT_CATEGORY, category);
        }
        (b"utm", subtype) => {
            event.classify("network", verdict, "", "success");
            if subtype == b"webfilter" {
                event.set_static(field::EVENT_CATEGORY, "web");
            }
        }
        (b"statistics" | b"spam" | b"virus" | b"encrypt" | b"kspam" | b"kvirus", _) => {
            let category = if seen.kind.ends_with(b"virus") { "malware" } else { "email" };
            event.classify(category, "info", "", "");
        }
        _ => classify_event(seen, event),
    }
}

/// Words in `action` under which a packet, a page or a file did not pass.
fn is_denial(action: &[u8]) -> bool {
    [&b"den"[..], b"block", b"drop", b"reset", b"clear_session", b"quarantine", b"filtered"]
        .iter()
        .any(|word| action.starts_with(word))
}

/// `type="event"`: sign-ins, configuration, tunnels.
fn classify_event(seen: &Seen<'_>, event: &mut Event<'_>) {
    let outcome = match seen.status {
        b"success" | b"up" => "success",
        status if status.starts_with(b"fail") || status.ends_with(b"error") || status == b"denied" => "failure",
        _ => "",
    };
    let success_unless_told = if outcome.is_empty() { "success" } else { outcome };
    match seen.action {
        b"login" | b"auth-logon" | b"FSSO-logon" | b"FSSO-auth" | b"ssl-login" => {
            event.classify("authentication", "start", "", success_unless_told)
        }
        b"authentication" | b"auth" => event.classify("authentication", "start", "", outcome),
        b"ssl-login-fail" | b"auth-fail" | b"auth-timeout" | b"ssl-alert-login" | b"login-fail" => {
            event.classify("authentication", "start", "", "failure")
        }
        b"tunnel-up" if seen.tunnel_type.starts_with(b"ssl") => {
            event.classify("authentication", "start", "", "success");
            event.set_static(field::EVENT_CATEGORY, "session");
        }
        b"logout" | b"auth-logout" | b"FSSO-logoff" | b"ssl-logout" => {
            event.classify("authentication", "end", "", success_unless_told)
        }
        action if !seen.config_path.is_empty() => classify_change(seen.config_path, action, event),
        _ if seen.code.ends_with(b"032002") || seen.code.ends_with(b"032021") => {
            event.classify("authentication", "start", "", "failure")
        }
        _ if seen.subtype == b"vpn" => event.classify("network", "connection", "", outcome),
        _ => event.classify("", "info", "", outcome),
    }
}

/// An object of the configuration was added, edited or deleted; administrators and local users are identities too.
fn classify_change(path: &[u8], action: &[u8], event: &mut Event<'_>) {
    let kind = match action {
        b"Add" => "creation",
        b"Delete" => "deletion",
        _ => "change",
    };
    event.classify("configuration", kind, "", "success");
    if matches!(path, b"system.admin" | b"user.local") {
        event.set_static(field::EVENT_CATEGORY, "iam");
        event.set_static(field::EVENT_TYPE, if path == b"system.admin" { "admin" } else { "user" });
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"<189>date=2026-11-22 time=09:14:07 devname="edge1" devid="FGT60FTK00000001" eventtime=1795335247123456789 tz="+0100" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=192.0.2.17 srcport=51515 srcintf="lan" srcintfrole="lan" dstip=198.51.100.80 dstport=443 dstintf="wan1" srccountry="Reserved" dstcountry="Chile" sessionid=4711 proto=6 action="close" policyid=12 policytype="policy" policyname="lan to internet" service="HTTPS" trandisp="snat" transip=203.0.113.9 transport=51515 duration=61 sentbyte=4711 rcvdbyte=81230 sentpkt=30 rcvdpkt=71 user="a.miller""#,
        expect: &[
            ("observer.ingress.interface.alias", "lan"),
            ("@timestamp", "2026-11-22T08:14:07Z"),
            ("observer.name", "edge1"),
            ("observer.serial_number", "FGT60FTK00000001"),
            ("event.code", "0000000013"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
            ("event.action", "close"),
            ("event.outcome", "success"),
            ("event.duration", "61000000000"),
            ("source.ip", "192.0.2.17"),
            ("source.port", "51515"),
            ("source.bytes", "4711"),
            ("source.packets", "30"),
            ("source.nat.ip", "203.0.113.9"),
            ("destination.ip", "198.51.100.80"),
            ("destination.port", "443"),
            ("destination.bytes", "81230"),
            ("destination.geo.country_name", "Chile"),
            ("network.transport", "tcp"),
            ("network.iana_number", "6"),
            ("network.protocol", "HTTPS"),
            ("observer.ingress.interface.name", "lan"),
            ("observer.egress.interface.name", "wan1"),
            ("rule.id", "12"),
            ("rule.name", "lan to internet"),
            ("user.name", "a.miller"),
            ("fortinet.policyid", "12"),
            ("fortinet.type", "traffic"),
            ("fortinet.vd", "root"),
            ("fortinet.eventtime", "1795335247123456789"),
            ("fortinet.subtype", "forward"),
            ("log.level", "notice"),
            ("source.geo.country_name", "Reserved"),
            ("fortinet.sessionid", "4711"),
            ("rule.ruleset", "policy"),
            ("fortinet.trandisp", "snat"),
            ("source.nat.port", "51515"),
            ("destination.packets", "71"),
            ("network.bytes", "85941"),
            ("network.packets", "101"),
            ("observer.vendor", "Fortinet"),
            ("observer.product", "FortiGate"),
            ("observer.type", "firewall"),
            ("source.address", "192.0.2.17"),
            ("destination.address", "198.51.100.80"),
            ("event.start", "2026-11-22T08:14:07.123456789Z"),
        ],
    },
    Example {
        raw: r#"<188>date=2026-11-22 time=09:14:09 devname="edge1" devid="FGT60FTK00000001" logid="0000000013" type="traffic" subtype="forward" level="warning" vd="root" eventtime=1795335249 srcip=203.0.113.66 srcport=40001 srcintf="wan1" dstip=192.0.2.20 dstport=22 dstintf="dmz" proto=6 action="deny" policyid=0 service="SSH""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("event.action", "deny"),
            ("source.ip", "203.0.113.66"),
            ("destination.port", "22"),
            ("observer.name", "edge1"),
            ("observer.serial_number", "FGT60FTK00000001"),
            ("event.code", "0000000013"),
            ("fortinet.type", "traffic"),
            ("fortinet.subtype", "forward"),
            ("log.level", "warning"),
            ("fortinet.vd", "root"),
            ("fortinet.eventtime", "1795335249"),
            ("source.port", "40001"),
            ("observer.ingress.interface.name", "wan1"),
            ("destination.ip", "192.0.2.20"),
            ("observer.egress.interface.name", "dmz"),
            ("network.iana_number", "6"),
            ("network.transport", "tcp"),
            ("rule.id", "0"),
            ("fortinet.policyid", "0"),
            ("network.protocol", "SSH"),
            ("observer.vendor", "Fortinet"),
            ("observer.product", "FortiGate"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.outcome", "success"),
            ("source.address", "203.0.113.66"),
            ("destination.address", "192.0.2.20"),
            ("event.start", "2026-11-22T08:14:09Z"),
        ],
    },
    Example {
        raw: r#"<185>date=2026-11-22 time=09:20:00 devname="edge1" devid="FGT60FTK00000001" eventtime=1795335600000000000 tz="+0100" logid="0100032002" type="event" subtype="system" level="alert" vd="root" logdesc="Admin login failed" sn="0" user="root" ui="ssh(203.0.113.66)" method="ssh" action="login" status="failed" reason="name_invalid" msg="Administrator root login failed from ssh(203.0.113.66) because of \"invalid\" user name""#,
        expect: &[
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.action", "login"),
            ("event.reason", "name_invalid"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
            ("message", r#"Administrator root login failed from ssh(203.0.113.66) because of "invalid" user name"#),
            ("fortinet.status", "failed"),
            ("observer.name", "edge1"),
            ("observer.serial_number", "FGT60FTK00000001"),
            ("fortinet.eventtime", "1795335600000000000"),
            ("event.code", "0100032002"),
            ("fortinet.type", "event"),
            ("fortinet.subtype", "system"),
            ("log.level", "alert"),
            ("fortinet.vd", "root"),
            ("rule.description", "Admin login failed"),
            ("fortinet.sn", "0"),
            ("fortinet.ui", "ssh(203.0.113.66)"),
            ("fortinet.method", "ssh"),
            ("observer.vendor", "Fortinet"),
            ("observer.product", "FortiGate"),
            ("observer.type", "firewall"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("event.start", "2026-11-22T08:20:00Z"),
        ],
    },
    Example {
        raw: r#"<185>date=2026-11-22 time=09:21:30 devname="edge1" devid="FGT60FTK00000001" tz="+0100" logid="0101039426" type="event" subtype="vpn" level="alert" vd="root" logdesc="SSL VPN login fail" action="ssl-login-fail" tunneltype="ssl-web" tunnelid=0 remip=203.0.113.66 user="b.jones" group="N/A" dst_host="N/A" reason="sslvpn_login_unknown_user" msg="SSL user failed to logged in""#,
        expect: &[
            ("@timestamp", "2026-11-22T08:21:30Z"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "b.jones"),
            ("rule.description", "SSL VPN login fail"),
            ("observer.name", "edge1"),
            ("observer.serial_number", "FGT60FTK00000001"),
            ("event.code", "0101039426"),
            ("fortinet.type", "event"),
            ("fortinet.subtype", "vpn"),
            ("log.level", "alert"),
            ("fortinet.vd", "root"),
            ("event.action", "ssl-login-fail"),
            ("fortinet.tunneltype", "ssl-web"),
            ("fortinet.tunnelid", "0"),
            ("event.reason", "sslvpn_login_unknown_user"),
            ("observer.vendor", "Fortinet"),
            ("observer.product", "FortiGate"),
            ("observer.type", "firewall"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
        ],
    },
    Example {
        raw: r#"<189>date=2026-11-22 time=09:25:00 devname="edge1" devid="FGT60FTK00000001" tz="+0100" logid="0100044547" type="event" subtype="system" level="information" vd="root" logdesc="Object configured" user="admin" ui="GUI(192.0.2.5)" action="Add" cfgtid=1234 cfgpath="system.admin" cfgobj="backdoor" msg="Add system.admin backdoor""#,
        expect: &[
            ("event.category", "configuration"),
            ("event.category", "iam"),
            ("event.type", "creation"),
            ("event.type", "admin"),
            ("event.action", "Add"),
            ("source.ip", "192.0.2.5"),
            ("user.name", "admin"),
            ("fortinet.cfgpath", "system.admin"),
            ("fortinet.cfgobj", "backdoor"),
            ("observer.name", "edge1"),
            ("observer.serial_number", "FGT60FTK00000001"),
            ("event.code", "0100044547"),
            ("fortinet.type", "event"),
            ("fortinet.subtype", "system"),
            ("log.level", "information"),
            ("fortinet.vd", "root"),
            ("rule.description", "Object configured"),
            ("fortinet.ui", "GUI(192.0.2.5)"),
            ("fortinet.cfgtid", "1234"),
            ("observer.vendor", "Fortinet"),
            ("observer.product", "FortiGate"),
            ("observer.type", "firewall"),
            ("event.outcome", "success"),
            ("source.address", "192.0.2.5"),
        ],
    },
    Example {
        raw: r#"<190>date=2026-11-22 time=09:30:00 devname="edge1" devid="FGT60FTK00000001" tz="+0100" logid="0317013312" type="utm" subtype="webfilter" eventtype="ftgd_blk" level="warning" vd="root" policyid=12 sessionid=99 srcip=192.0.2.17 srcport=51600 dstip=198.51.100.81 dstport=80 proto=6 service="HTTP" hostname="bad.example" profile="default" action="blocked" reqtype="direct" url="/get?x=1" direction="outgoing" catdesc="Malicious Websites" msg="URL belongs to a denied category""#,
        expect: &[
            ("event.category", "network"),
            ("event.category", "web"),
            ("event.type", "denied"),
            ("url.domain", "bad.example"),
            ("url.path", "/get"),
            ("url.query", "x=1"),
            ("network.direction", "outbound"),
            ("rule.category", "Malicious Websites"),
            ("observer.name", "edge1"),
            ("observer.serial_number", "FGT60FTK00000001"),
            ("event.code", "0317013312"),
            ("fortinet.type", "utm"),
            ("fortinet.subtype", "webfilter"),
            ("fortinet.eventtype", "ftgd_blk"),
            ("log.level", "warning"),
            ("fortinet.vd", "root"),
            ("rule.id", "12"),
            ("fortinet.policyid", "12"),
            ("fortinet.sessionid", "99"),
            ("source.ip", "192.0.2.17"),
            ("source.port", "51600"),
            ("destination.ip", "198.51.100.81"),
            ("destination.port", "80"),
            ("network.iana_number", "6"),
            ("network.transport", "tcp"),
            ("network.protocol", "HTTP"),
            ("rule.ruleset", "default"),
            ("event.action", "blocked"),
            ("fortinet.reqtype", "direct"),
            ("url.original", "/get?x=1"),
            ("destination.domain", "bad.example"),
            ("event.reason", "URL belongs to a denied category"),
            ("observer.vendor", "Fortinet"),
            ("observer.product", "FortiGate"),
            ("observer.type", "firewall"),
            ("event.outcome", "success"),
            ("source.address", "192.0.2.17"),
            ("destination.address", "198.51.100.81"),
        ],
    },
    Example {
        raw: r#"<142>date=2026-11-22,time=09:31:00.246,device_id=FEVM020000000001,log_id=0200007961,type=statistics,pri=information,session_id="30GBYxmi007660-30GBYxmk007660",client_name="mail.example.org",client_ip="203.0.113.5",dst_ip="192.0.2.25",from="bob@example.org",to="ann@example.com",mailer="mta",direction="in",disposition="Accept",subject="Hello",message_id="1@example.org""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:31:00.246Z"),
            ("observer.serial_number", "FEVM020000000001"),
            ("event.code", "0200007961"),
            ("fortinet.type", "statistics"),
            ("log.level", "information"),
            ("fortinet.session_id", "30GBYxmi007660-30GBYxmk007660"),
            ("source.domain", "mail.example.org"),
            ("source.address", "203.0.113.5"),
            ("source.ip", "203.0.113.5"),
            ("destination.address", "192.0.2.25"),
            ("destination.ip", "192.0.2.25"),
            ("email.from.address", "bob@example.org"),
            ("email.to.address", "ann@example.com"),
            ("fortinet.mailer", "mta"),
            ("fortinet.direction", "in"),
            ("fortinet.disposition", "Accept"),
            ("email.subject", "Hello"),
            ("email.message_id", "1@example.org"),
            ("observer.vendor", "Fortinet"),
            ("observer.product", "FortiMail"),
            ("observer.type", "mail gateway"),
            ("event.category", "email"),
            ("event.type", "info"),
        ],
    },
    Example {
        raw: r#"time=09:32:00 date=2026-11-22 devname="web1" devid="FVVM020000000001" tz="+0100" logid="30001000" type="traffic" subtype="https" level="notice" proto=tcp src=203.0.113.5 src_port=40001 dst=192.0.2.80 dst_port=443 http_method=get http_url="/api/users" http_host="www.example" http_agent="curl/8.0" http_retcode=200 policy="web""#,
        expect: &[
            ("@timestamp", "2026-11-22T08:32:00Z"),
            ("observer.name", "web1"),
            ("observer.serial_number", "FVVM020000000001"),
            ("event.code", "30001000"),
            ("fortinet.type", "traffic"),
            ("fortinet.subtype", "https"),
            ("log.level", "notice"),
            ("network.transport", "tcp"),
            ("source.address", "203.0.113.5"),
            ("source.ip", "203.0.113.5"),
            ("source.port", "40001"),
            ("destination.address", "192.0.2.80"),
            ("destination.ip", "192.0.2.80"),
            ("destination.port", "443"),
            ("http.request.method", "get"),
            ("url.original", "/api/users"),
            ("url.path", "/api/users"),
            ("url.domain", "www.example"),
            ("destination.domain", "www.example"),
            ("user_agent.original", "curl/8.0"),
            ("http.response.status_code", "200"),
            ("rule.ruleset", "web"),
            ("observer.vendor", "Fortinet"),
            ("observer.product", "FortiWeb"),
            ("observer.type", "waf"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.outcome", "success"),
            ("event.type", "allowed"),
        ],
    },
    Example {
        raw: r#"<190>date=2026-11-22 time=09:30:00 devname="edge1" devid="FGT60FTK00000001" logid="#,
        expect: &[],
    },
];
