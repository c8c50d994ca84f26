//! FortiGate's key=value syslog.

use crate::{
    Event, Field,
    envelope::{Line, Stamp, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::{Pairs, set_own, unescape},
    scan::{integer, reject, set_destination, set_number, set_source},
    time, web,
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
        "FortiOS log messages in the default key=value syslog format (FortiOS Log Message Reference)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "fortigate", services: &["fortigate"] }
    }

    fn structure(&self) -> Structure {
        Structure::Holds(&["subtype="])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let head = &message[..message.len().min(HEAD)];
        let has = |key: &str| memchr::memmem::find(head, key.as_bytes()).is_some();
        let begins_with_key = head.iter().take(24).find(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b' '));
        begins_with_key == Some(&b'=')
            && has("subtype=")
            && ["devid=", "logid=", "device_id=", "log_id=", "vd="].into_iter().any(has)
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let mut seen = Seen::default();
        let first = line.message.iter().find(|b| matches!(b, b' ' | b','));
        let pairs = if first == Some(&b',') { Pairs::with_commas(line.message) } else { Pairs::new(line.message) };
        for pair in pairs {
            let Some(value) = pair.value else { continue };
            if !matches!(value, b"" | b"N/A" | b"(null)") {
                set_pair(pair.key, value, pair.quoted, &mut seen, event);
            }
        }
        if seen.kind.is_empty() {
            return Err(reject("fortigate_no_type"));
        }
        event.set_static(field::OBSERVER_VENDOR, "Fortinet");
        event.set_static(field::OBSERVER_PRODUCT, "FortiGate");
        event.set_static(field::OBSERVER_TYPE, "firewall");
        if let Some(start) = seen.event_time.and_then(time::epoch) {
            let civil = jiff::tz::TimeZone::UTC.to_datetime(start);
            let start = Stamp { civil, has_year: true, offset: Some(0) };
            event.set_stamp(field::EVENT_START, start);
            if seen.date.is_empty() {
                event.set_stamp(field::TIMESTAMP, start);
            }
        }
        if let Some(stamp) = seen.stamp() {
            event.set_stamp(field::TIMESTAMP, stamp);
        }
        set_addresses(&seen, event);
        classify(&seen, event);
        event.keep_last(field::MESSAGE);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
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
    event_time: Option<i64>,
    source: bool,
}

impl Seen<'_> {
    /// `date` and `time` are the device's wall clock; its zone stands in `tz`, where there is one.
    fn stamp(&self) -> Option<Stamp> {
        let mut text = [b' '; 32];
        let len = self.date.len() + 1 + self.time.len();
        text.get_mut(..self.date.len())?.copy_from_slice(self.date);
        text.get_mut(self.date.len() + 1..len)?.copy_from_slice(self.time);
        text.get_mut(len..len + self.zone.len())?.copy_from_slice(self.zone);
        iso_stamp(&text[..len + self.zone.len()]).map(|(_, stamp, _)| stamp)
    }
}

fn set_pair<'r>(key: &'r [u8], value: &'r [u8], quoted: bool, seen: &mut Seen<'r>, event: &mut Event<'r>) {
    match key {
        b"date" => seen.date = value,
        b"time" => seen.time = value,
        b"tz" => seen.zone = value,
        // nanoseconds have 19 digits
        b"eventtime" => seen.event_time = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()),
        b"type" => seen.kind = value,
        b"subtype" => seen.subtype = value,
        b"action" => seen.action = value,
        b"status" => seen.status = value,
        b"cfgpath" => seen.config_path = value,
        b"logid" | b"log_id" => seen.code = value,
        b"ui" => seen.ui = value,
        b"tunneltype" => seen.tunnel_type = value,
        b"srcip" | b"remip" | b"src" => {
            seen.source = true;
            return set_source(event, value);
        }
        b"dstip" | b"locip" | b"dst" => return set_destination(event, value),
        _ => {}
    }
    if let Some(field) = number_of(key) {
        return set_number(event, field, value);
    }
    match (key, text_of(key)) {
        (b"date" | b"time" | b"tz", _) => {}
        (b"duration", _) => {
            let seconds = integer(value).and_then(|s| s.checked_mul(1_000_000_000));
            seconds.into_iter().for_each(|nanos| event.set_int(field::EVENT_DURATION, nanos));
        }
        (b"proto", _) => web::set_protocol_number(event, value),
        (b"url", _) => web::set_url(event, value),
        (b"direction", _) => match value {
            b"outgoing" | b"outbound" => event.set_static(field::NETWORK_DIRECTION, "outbound"),
            b"incoming" | b"inbound" => event.set_static(field::NETWORK_DIRECTION, "inbound"),
            _ => set_own(event, OWN, key, value),
        },
        (b"policyid", _) => {
            event.set(field::RULE_ID, value);
            set_own(event, OWN, key, value);
        }
        (_, Some(field)) if quoted => event.set(field, &unescape(value)),
        (_, Some(field)) => event.set(field, value),
        (_, None) => set_own(event, OWN, key, value),
    }
}

fn number_of(key: &[u8]) -> Option<Field> {
    Some(match key {
        b"srcport" | b"remport" | b"src_port" => field::SOURCE_PORT,
        b"dstport" | b"locport" | b"dst_port" => field::DESTINATION_PORT,
        b"sentbyte" | b"sent" => field::SOURCE_BYTES,
        b"rcvdbyte" | b"rcvd" => field::DESTINATION_BYTES,
        b"sentpkt" => field::SOURCE_PACKETS,
        b"rcvdpkt" => field::DESTINATION_PACKETS,
        b"filesize" => field::FILE_SIZE,
        _ => return None,
    })
}

fn text_of(key: &[u8]) -> Option<Field> {
    Some(match key {
        b"devname" => field::OBSERVER_NAME,
        b"devid" | b"device_id" => field::OBSERVER_SERIAL_NUMBER,
        b"logid" | b"log_id" => field::EVENT_CODE,
        b"level" | b"pri" => field::LOG_LEVEL,
        b"msg" => field::MESSAGE,
        b"logdesc" => field::RULE_DESCRIPTION,
        b"action" => field::EVENT_ACTION,
        b"reason" => field::EVENT_REASON,
        b"srcintf" => field::OBSERVER_INGRESS_INTERFACE_NAME,
        b"dstintf" => field::OBSERVER_EGRESS_INTERFACE_NAME,
        b"srcname" => field::SOURCE_DOMAIN,
        b"dstname" => field::DESTINATION_DOMAIN,
        b"srcmac" => field::SOURCE_MAC,
        b"dstmac" => field::DESTINATION_MAC,
        b"srccountry" => field::SOURCE_GEO_COUNTRY_NAME,
        b"dstcountry" => field::DESTINATION_GEO_COUNTRY_NAME,
        b"transip" => field::SOURCE_NAT_IP,
        b"transport" => field::SOURCE_NAT_PORT,
        b"tranip" => field::DESTINATION_NAT_IP,
        b"tranport" => field::DESTINATION_NAT_PORT,
        b"user" => field::USER_NAME,
        b"unauthuser" => field::SOURCE_USER_NAME,
        b"dstuser" => field::DESTINATION_USER_NAME,
        b"group" => field::SOURCE_USER_GROUP_NAME,
        b"policyname" | b"attack" => field::RULE_NAME,
        b"attackid" => field::RULE_ID,
        b"poluuid" => field::RULE_UUID,
        b"policytype" | b"applist" | b"profile" => field::RULE_RULESET,
        b"appcat" | b"catdesc" => field::RULE_CATEGORY,
        b"service" => field::NETWORK_PROTOCOL,
        b"app" => field::NETWORK_APPLICATION,
        b"hostname" => field::URL_DOMAIN,
        b"agent" => field::USER_AGENT,
        b"referralurl" => field::HTTP_REFERRER,
        b"qname" => field::DNS_QUESTION_NAME,
        b"qtype" => field::DNS_QUESTION_TYPE,
        b"filename" => field::FILE_NAME,
        b"filehash" => field::FILE_HASH_SHA256,
        b"error" => field::ERROR_MESSAGE,
        _ => return None,
    })
}

/// An administrator's address stands in `ui` alone: `GUI(192.0.2.7)`, `ssh(192.0.2.7)`.
fn set_addresses(seen: &Seen<'_>, event: &mut Event<'_>) {
    if seen.source {
        return;
    }
    let inner = seen.ui.strip_suffix(b")").and_then(|ui| Some(&ui[memchr::memchr(b'(', ui)? + 1..]));
    if let Some((address, _)) = inner.and_then(crate::scan::ip) {
        set_source(event, address);
    }
}

fn classify(seen: &Seen<'_>, event: &mut Event<'_>) {
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
            ("fortinet.srcintfrole", "lan"),
            ("source.geo.country_name", "Reserved"),
            ("fortinet.sessionid", "4711"),
            ("rule.ruleset", "policy"),
            ("fortinet.trandisp", "snat"),
            ("source.nat.port", "51515"),
            ("destination.packets", "71"),
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
            ("observer.vendor", "Fortinet"),
            ("observer.product", "FortiGate"),
            ("observer.type", "firewall"),
            ("event.outcome", "success"),
            ("source.address", "192.0.2.17"),
            ("destination.address", "198.51.100.81"),
        ],
    },
    Example {
        raw: r#"<190>date=2026-11-22 time=09:30:00 devname="edge1" devid="FGT60FTK00000001" logid="#,
        expect: &[],
    },
];
