//! Stormshield Network Security: key=value logs of the firewall (WELF).

use std::sync::LazyLock;

use memchr::memmem;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::Pairs,
    scan::reject,
    table::{SECOND, Table, To, set_date_time, set_totals, verdict},
};

/// Stormshield SNS.
pub struct Stormshield;

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new("stormshield.", KEYS));

const KEYS: &[(&str, To)] = &[
    ("id", To::Nothing),
    ("time", To::Nothing),
    ("startime", To::Nothing),
    ("tz", To::Nothing),
    ("fw", To::With(set_firewall)),
    ("src", To::Source),
    ("dst", To::Destination),
    ("srcport", To::Number(field::SOURCE_PORT)),
    ("port", To::Number(field::SOURCE_PORT)),
    ("dstport", To::Number(field::DESTINATION_PORT)),
    ("srcname", To::Text(field::SOURCE_DOMAIN)),
    ("dstname", To::Text(field::DESTINATION_DOMAIN)),
    ("srcmac", To::Text(field::SOURCE_MAC)),
    ("dstmac", To::Text(field::DESTINATION_MAC)),
    ("modsrc", To::Ip(field::SOURCE_NAT_IP)),
    ("modsrcport", To::Number(field::SOURCE_NAT_PORT)),
    ("origdst", To::Ip(field::DESTINATION_NAT_IP)),
    ("origdstport", To::Number(field::DESTINATION_NAT_PORT)),
    ("srcif", To::Text(field::OBSERVER_INGRESS_INTERFACE_NAME)),
    ("srcifname", To::Text(field::OBSERVER_INGRESS_INTERFACE_ALIAS)),
    ("dstif", To::Text(field::OBSERVER_EGRESS_INTERFACE_NAME)),
    ("dstifname", To::Text(field::OBSERVER_EGRESS_INTERFACE_ALIAS)),
    ("ipproto", To::Lower(field::NETWORK_TRANSPORT)),
    ("proto", To::Lower(field::NETWORK_PROTOCOL)),
    ("ipv", To::With(set_version)),
    ("sent", To::Number(field::SOURCE_BYTES)),
    ("rcvd", To::Number(field::DESTINATION_BYTES)),
    ("duration", To::With(set_duration)),
    ("action", To::Text(field::EVENT_ACTION)),
    ("ruleid", To::Text(field::RULE_ID)),
    ("rulename", To::Text(field::RULE_NAME)),
    ("user", To::Text(field::USER_NAME)),
    ("domain", To::Text(field::USER_DOMAIN)),
    ("msg", To::Text(field::MESSAGE)),
    ("error", To::Own),
    ("alarmid", To::Text(field::EVENT_CODE)),
    ("class", To::Own),
    ("pri", To::Number(field::EVENT_SEVERITY)),
    ("op", To::Text(field::HTTP_METHOD)),
    ("result", To::Number(field::HTTP_STATUS)),
    ("arg", To::With(crate::web::set_path)),
    ("cat_site", To::Text(field::RULE_CATEGORY)),
    ("virus", To::Own),
    ("mailfrom", To::Text(field::EMAIL_FROM)),
    ("mailto", To::Text(field::EMAIL_TO)),
];

impl Format for Stormshield {
    fn name(&self) -> &'static str {
        "stormshield"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "Stormshield Network Security"
    }
    fn about(&self) -> &'static str {
        "Audit logs of SNS firewalls as key=value syslog (Stormshield SNS: Description of Audit Logs)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "stormshield", services: &["sns"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["logtype=\""])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let head = &message[..message.len().min(200)];
        let has = |key: &[u8]| memmem::find(head, key).is_some();
        has(b"time=\"") && has(b" fw=\"") && has(b" tz=")
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let from = memmem::find(line.message, b"time=\"").ok_or(reject("stormshield_no_time"))?;
        event.set_static(field::OBSERVER_VENDOR, "Stormshield");
        event.set_static(field::OBSERVER_PRODUCT, "SNS");
        event.set_static(field::OBSERVER_TYPE, "firewall");
        let wanted = ["time", "startime", "tz", "logtype", "action", "msg"];
        let [time, start, zone, kind, action, text] =
            TABLE.read_pairs(event, Pairs::new(&line.message[from..]), wanted);
        if kind.is_empty() {
            return Err(reject("stormshield_no_type"));
        }
        for (field, text) in [(field::TIMESTAMP, time), (field::EVENT_START, start)] {
            if let Some((date, clock)) = crate::scan::split(text, b" ") {
                set_date_time(event, field, date, clock, zone);
            }
        }
        set_totals(event);
        event.keep_last(field::MESSAGE);
        classify(kind, action, text, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The firewall's name; without one it is its serial number, of capitals and digits.
fn set_firewall(event: &mut Event<'_>, value: &[u8]) {
    event.set(field::OBSERVER_NAME, value);
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    if value.len() >= 12 && digits >= 6 && value.iter().all(u8::is_ascii_alphanumeric) {
        event.set(field::OBSERVER_SERIAL_NUMBER, value);
    }
}

fn set_version(event: &mut Event<'_>, value: &[u8]) {
    match value {
        b"4" => event.set_static(field::NETWORK_TYPE, "ipv4"),
        b"6" => event.set_static(field::NETWORK_TYPE, "ipv6"),
        _ => {}
    }
}

/// Seconds with two digits behind the point.
fn set_duration(event: &mut Event<'_>, value: &[u8]) {
    let seconds = std::str::from_utf8(value).ok().and_then(|text| text.parse::<f64>().ok());
    // some years at most, so that the nanoseconds fit
    if let Some(seconds) = seconds.filter(|seconds| (0.0..1e9).contains(seconds)) {
        event.set_int(field::EVENT_DURATION, (seconds * SECOND as f64) as i64);
    }
}

fn classify(kind: &[u8], action: &[u8], text: &[u8], event: &mut Event<'_>) {
    let said = |words: &[&[u8]]| words.iter().any(|word| memmem::find(text, word).is_some());
    match kind {
        b"auth" => {
            let outcome = match () {
                () if said(&[b"fail", b"refused", b"denied", b"invalid", b"wrong"]) => "failure",
                () if said(&[b"success", b"logged in", b"User logged"]) => "success",
                () => "",
            };
            event.classify("authentication", "start", "", outcome);
        }
        b"server" | b"admin" => event.classify("configuration", "change", "", ""),
        b"system" | b"monitor" => event.classify("host", "info", "", ""),
        b"alarm" if event.get(field::SOURCE_IP).is_some() => {
            event.set_static(field::EVENT_KIND, "alert");
            event.classify("intrusion_detection", verdict(action), "", "");
        }
        b"alarm" => event.classify("host", "info", "", ""),
        b"web" => event.classify("web", "access", "", ""),
        _ => {
            event.classify("network", "connection", "", "");
            let verdict = verdict(action);
            if !verdict.is_empty() {
                event.set_static(field::EVENT_TYPE, verdict);
            }
        }
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"id=firewall time="2026-11-22 09:14:07" fw="SN210A00000001A" tz=+0100 startime="2026-11-22 09:13:06" pri=5 confid=01 slotlevel=2 ruleid=48 rulename="web" srcif="Ethernet1" srcifname="in" ipproto=tcp dstif="Ethernet0" dstifname="out" proto=https src=192.0.2.17 srcport=51515 srcname=laptop7 srcmac=00:00:5e:00:53:01 dst=198.51.100.80 dstport=443 modsrc=203.0.113.9 modsrcport=40001 origdst=198.51.100.80 origdstport=443 ipv=4 sent=4711 rcvd=81230 duration=61.50 action=pass logtype="filter""#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07Z"),
            ("observer.vendor", "Stormshield"),
            ("observer.product", "SNS"),
            ("observer.type", "firewall"),
            ("observer.name", "SN210A00000001A"),
            ("observer.serial_number", "SN210A00000001A"),
            ("event.severity", "5"),
            ("stormshield.confid", "01"),
            ("stormshield.slotlevel", "2"),
            ("rule.id", "48"),
            ("rule.name", "web"),
            ("observer.ingress.interface.name", "Ethernet1"),
            ("observer.ingress.interface.alias", "in"),
            ("network.transport", "tcp"),
            ("observer.egress.interface.name", "Ethernet0"),
            ("observer.egress.interface.alias", "out"),
            ("network.protocol", "https"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("source.port", "51515"),
            ("source.domain", "laptop7"),
            ("source.mac", "00:00:5e:00:53:01"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("destination.port", "443"),
            ("source.nat.ip", "203.0.113.9"),
            ("source.nat.port", "40001"),
            ("destination.nat.ip", "198.51.100.80"),
            ("destination.nat.port", "443"),
            ("network.type", "ipv4"),
            ("source.bytes", "4711"),
            ("destination.bytes", "81230"),
            ("event.duration", "61500000000"),
            ("event.action", "pass"),
            ("stormshield.logtype", "filter"),
            ("network.bytes", "85941"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
            ("event.start", "2026-11-22T08:13:06Z"),
        ],
    },
    Example {
        raw: r#"id=firewall time="2026-11-22 09:14:09" fw="fw1" tz=+0100 startime="2026-11-22 09:14:09" pri=4 ruleid=2 src=203.0.113.66 srcport=40001 dst=192.0.2.20 dstport=22 ipproto=tcp action=block msg="Port probe" class=protocol alarmid=52 logtype="alarm""#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:09Z"),
            ("observer.vendor", "Stormshield"),
            ("observer.product", "SNS"),
            ("observer.type", "firewall"),
            ("observer.name", "fw1"),
            ("event.severity", "4"),
            ("rule.id", "2"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "40001"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("destination.port", "22"),
            ("network.transport", "tcp"),
            ("event.action", "block"),
            ("stormshield.class", "protocol"),
            ("event.code", "52"),
            ("stormshield.logtype", "alarm"),
            ("event.kind", "alert"),
            ("event.category", "intrusion_detection"),
            ("event.type", "denied"),
            ("event.start", "2026-11-22T08:14:09Z"),
        ],
    },
    Example {
        raw: r#"id=firewall time="2026-11-22 09:15:00" fw="fw1" tz=+0100 startime="2026-11-22 09:15:00" src=203.0.113.66 user="b.jones" domain="example.com" confid=0 ruleid=0 method="PLAIN" error=4 msg="User authentication failed" logtype="auth""#,
        expect: &[
            ("@timestamp", "2026-11-22T08:15:00Z"),
            ("observer.vendor", "Stormshield"),
            ("observer.product", "SNS"),
            ("observer.type", "firewall"),
            ("observer.name", "fw1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "b.jones"),
            ("user.domain", "example.com"),
            ("stormshield.confid", "0"),
            ("rule.id", "0"),
            ("stormshield.method", "PLAIN"),
            ("stormshield.error", "4"),
            ("stormshield.logtype", "auth"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
            ("event.start", "2026-11-22T08:15:00Z"),
        ],
    },
    Example {
        raw: r#"id=firewall time="2026-11-22 09:15:30" fw="fw1" tz=+0100 startime="2026-11-22 09:15:30" src=192.0.2.5 user="admin" domain="" msg="SSH authentication success on the firewall" logtype="auth""#,
        expect: &[
            ("@timestamp", "2026-11-22T08:15:30Z"),
            ("observer.vendor", "Stormshield"),
            ("observer.product", "SNS"),
            ("observer.type", "firewall"),
            ("observer.name", "fw1"),
            ("source.address", "192.0.2.5"),
            ("source.ip", "192.0.2.5"),
            ("user.name", "admin"),
            ("stormshield.logtype", "auth"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "success"),
            ("event.start", "2026-11-22T08:15:30Z"),
        ],
    },
    Example {
        raw: r#"id=firewall time="2026-11-22 09:16:00" fw="fw1" tz=+0100 startime="2026-11-22 09:16:00" pri=4 msg="CRL download failed" class=system alarmid=56 repeat=3 logtype="alarm""#,
        expect: &[
            ("@timestamp", "2026-11-22T08:16:00Z"),
            ("observer.vendor", "Stormshield"),
            ("observer.product", "SNS"),
            ("observer.type", "firewall"),
            ("observer.name", "fw1"),
            ("event.severity", "4"),
            ("stormshield.class", "system"),
            ("event.code", "56"),
            ("stormshield.repeat", "3"),
            ("stormshield.logtype", "alarm"),
            ("event.category", "host"),
            ("event.type", "info"),
            ("event.start", "2026-11-22T08:16:00Z"),
        ],
    },
    Example {
        raw: r#"id=firewall time="2026-11-22 09:17:00" fw="fw1" tz=+0100 startime="2026-11-22 09:17:00" error=0 user="admin" address=192.0.2.5 msg="CONFIG FILTER RULE INSERT" logtype="server""#,
        expect: &[
            ("@timestamp", "2026-11-22T08:17:00Z"),
            ("observer.vendor", "Stormshield"),
            ("observer.product", "SNS"),
            ("observer.type", "firewall"),
            ("observer.name", "fw1"),
            ("stormshield.error", "0"),
            ("user.name", "admin"),
            ("stormshield.address", "192.0.2.5"),
            ("stormshield.logtype", "server"),
            ("event.category", "configuration"),
            ("event.type", "change"),
            ("event.start", "2026-11-22T08:17:00Z"),
        ],
    },
    Example {
        raw: r#"id=firewall time="2026-11-22 09:18:00" fw="fw1" tz=+0100 startime="2026-11-22 09:18:00" pri=5 src=192.0.2.17 dst=198.51.100.81 op=GET result=403 arg="/get/it.php" cat_site="malware" action=block logtype="web""#,
        expect: &[
            ("@timestamp", "2026-11-22T08:18:00Z"),
            ("observer.vendor", "Stormshield"),
            ("observer.product", "SNS"),
            ("observer.type", "firewall"),
            ("observer.name", "fw1"),
            ("event.severity", "5"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("destination.address", "198.51.100.81"),
            ("destination.ip", "198.51.100.81"),
            ("http.request.method", "GET"),
            ("http.response.status_code", "403"),
            ("url.path", "/get/it.php"),
            ("url.extension", "php"),
            ("rule.category", "malware"),
            ("event.action", "block"),
            ("stormshield.logtype", "web"),
            ("event.category", "web"),
            ("event.type", "access"),
            ("event.start", "2026-11-22T08:18:00Z"),
        ],
    },
    Example {
        raw: r#"id=firewall time="2026-11-22 09:19:00" fw="fw1" tz=+0100 startime="2026-11-22 09:19:00" msg="Interface up" logtype="system""#,
        expect: &[
            ("@timestamp", "2026-11-22T08:19:00Z"),
            ("observer.vendor", "Stormshield"),
            ("observer.product", "SNS"),
            ("observer.type", "firewall"),
            ("observer.name", "fw1"),
            ("stormshield.logtype", "system"),
            ("event.category", "host"),
            ("event.type", "info"),
            ("event.start", "2026-11-22T08:19:00Z"),
        ],
    },
    Example { raw: r#"id=firewall time="2026-11-22 09:19:00" fw="fw1" tz=+0100 logtype="""#, expect: &[] },
];
