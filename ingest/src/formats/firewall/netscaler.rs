//! Citrix ADC (NetScaler): `MM/DD/YYYY:HH:MM:SS GMT host 0-PPE-0 : partition MODULE EVENT id 0 : Key value - Key value`.

use std::sync::LazyLock;

use jiff::civil::DateTime;
use memchr::memmem;

use crate::{
    Event,
    envelope::{Line, Stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{first_word, integer, reject, set_destination, set_number, set_source, split},
    table::{Table, To, USER},
    web::split_port,
};

/// Citrix ADC.
pub struct NetScaler;

const OWN: &str = "citrix_adc.";

static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(OWN, KEYS).without(&["N/A", "NONE"]));

const KEYS: &[(&str, To)] = &[
    ("User", USER),
    ("Client_ip", To::With(set_client)),
    ("ClientIP", To::With(set_client)),
    ("Remote_ip", To::With(set_client)),
    ("Source", To::With(set_client)),
    ("Nat_ip", To::With(set_nat)),
    ("NatIP", To::With(set_nat)),
    ("ClientPort", To::Number(field::SOURCE_PORT)),
    ("Destination", To::With(set_server)),
    ("Vserver", To::With(set_server)),
    ("VserverServiceIP", To::With(set_server)),
    ("VserverServicePort", To::Number(field::DESTINATION_PORT)),
    ("Total_bytes_send", To::Number(field::SOURCE_BYTES)),
    ("Total_bytes_recv", To::Number(field::DESTINATION_BYTES)),
    ("Command", To::Text(field::PROCESS_COMMAND_LINE)),
    ("Browser", To::Text(field::USER_AGENT)),
    ("Failure_reason", To::Text(field::EVENT_REASON)),
    ("CipherSuite", To::Text(field::TLS_CIPHER)),
];

impl Format for NetScaler {
    fn name(&self) -> &'static str {
        "citrix_adc"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "Citrix ADC (NetScaler)"
    }
    fn about(&self) -> &'static str {
        "Syslog messages of Citrix ADC: connections, SSL VPN, AAA, commands (NetScaler Syslog Message Reference)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "citrix", services: &["netscaler"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["-PPE-", " CMD_EXECUTED "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let head = &message[..message.len().min(160)];
        memmem::find(head, b"-PPE-").is_some_and(|at| memmem::find(&message[at..], b" : ").is_some())
            || memmem::find(head, b" CMD_EXECUTED ").is_some_and(|at| memmem::find(&message[at..], b" : ").is_some())
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        event.set_static(field::OBSERVER_VENDOR, "Citrix");
        event.set_static(field::OBSERVER_PRODUCT, "NetScaler");
        let rest = match memmem::find(line.message, b"-PPE-") {
            Some(at) => {
                read_head(&line.message[..at], event);
                split(&line.message[at..], b" : ").ok_or(reject("netscaler_no_module"))?.1
            }
            None => line.message,
        };
        let (module, text) = split(rest, b" : ").or_else(|| split(rest, b" :  ")).ok_or(reject("netscaler_no_text"))?;
        let words: Vec<&[u8]> = module.split(|b| *b == b' ').filter(|word| !word.is_empty()).collect();
        // partition (`default`), module, event, number and zero: the first two may be missing
        let name = words.iter().rposition(|word| integer(word).is_none()).ok_or(reject("netscaler_no_event"))?;
        let name_of = words[name];
        event.set(field::EVENT_CODE, name_of);
        if let Some(module) = name.checked_sub(1).map(|at| words[at]).filter(|word| *word != b"default") {
            crate::pairs::set_own(event, OWN, b"module", module);
        }
        let text = text.trim_ascii();
        event.replace(field::MESSAGE, text);
        read_pairs(text, event);
        read_sentence(text, event);
        classify(name_of, text, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Time, zone, host, in front of the packet engine; what is no time there is left.
fn read_head<'r>(head: &'r [u8], event: &mut Event<'r>) {
    let mut words = head.split(|b| *b == b' ').filter(|word| !word.is_empty()).peekable();
    let stamp = words.find_map(stamp);
    let Some(mut stamp) = stamp else { return };
    if words.next_if(|word| matches!(*word, b"GMT" | b"UTC")).is_some() {
        stamp.offset = Some(0);
    }
    event.set_stamp(field::TIMESTAMP, stamp);
    // the engine's number stands last
    if let Some(host) = words.next().filter(|host| integer(host).is_none()) {
        event.set(field::OBSERVER_NAME, host);
    }
}

/// `11/22/2026:09:14:07`
fn stamp(word: &[u8]) -> Option<Stamp> {
    if word.len() != 19 || word[2] != b'/' || word[10] != b':' {
        return None;
    }
    let number = |from: usize, to: usize| integer(&word[from..to]);
    let civil = DateTime::new(
        number(6, 10)? as i16,
        number(0, 2)? as i8,
        number(3, 5)? as i8,
        number(11, 13)? as i8,
        number(14, 16)? as i8,
        number(17, 19)?.min(59) as i8,
        0,
    );
    Some(Stamp { civil: civil.ok()?, has_year: true, offset: None })
}

/// `Key value - Key value`; a quoted value ends at its quote.
fn read_pairs<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let mut rest = text;
    while !rest.is_empty() {
        let (part, after) = match split(rest, b" - ") {
            // a dash inside of quotes is the value's own
            Some((part, _)) if part.iter().filter(|b| **b == b'"').count() == 1 => {
                let open = memchr::memchr(b'"', rest).unwrap_or(0);
                let close = memchr::memchr(b'"', &rest[open + 1..]).map_or(rest.len(), |at| open + 2 + at);
                let end = close.min(rest.len());
                (&rest[..end], rest[end..].strip_prefix(b" - ").unwrap_or_default())
            }
            Some((part, after)) => (part, after),
            None => (rest, &b""[..]),
        };
        let (key, value) = first_word(part.trim_ascii());
        let value = value.trim_ascii();
        let value = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value);
        if TABLE.lists(key) {
            TABLE.set(event, key, value);
        }
        rest = after;
    }
}

/// `Authentication is rejected for ann (client ip : 203.0.113.5 , vserver ip: …`
fn read_sentence<'r>(text: &'r [u8], event: &mut Event<'r>) {
    if let Some((user, rest)) = split(text, b"rejected for ").and_then(|(_, rest)| split(rest, b" (")) {
        USER.put(event, user);
        let address = |mark: &[u8]| split(rest, mark).map(|(_, rest)| first_word(rest.trim_ascii_start()).0);
        if let Some(client) = address(b"client ip :") {
            set_client(event, client);
        }
        if let Some(server) = address(b"vserver ip:") {
            set_server(event, server);
        }
    }
}

fn set_client(event: &mut Event<'_>, value: &[u8]) {
    let (address, port) = split_port(value);
    set_source(event, address);
    port.into_iter().for_each(|port| set_number(event, field::SOURCE_PORT, port));
}

fn set_server(event: &mut Event<'_>, value: &[u8]) {
    if event.get(field::DESTINATION_ADDRESS).is_some() {
        return;
    }
    let (address, port) = split_port(value);
    set_destination(event, address);
    port.into_iter().for_each(|port| set_number(event, field::DESTINATION_PORT, port));
}

fn set_nat(event: &mut Event<'_>, value: &[u8]) {
    let (address, port) = split_port(value);
    To::Ip(field::SOURCE_NAT_IP).put(event, address);
    port.into_iter().for_each(|port| set_number(event, field::SOURCE_NAT_PORT, port));
}

fn classify(name: &[u8], text: &[u8], event: &mut Event<'_>) {
    let says = |word: &[u8]| memmem::find(text, word).is_some();
    match name {
        b"LOGIN_FAILED" => event.classify("authentication", "start", "", "failure"),
        b"LOGIN" => event.classify("authentication", "start", "", "success"),
        b"LOGOUT" => event.classify("authentication", "end", "", "success"),
        _ if says(b"Authentication is rejected") => event.classify("authentication", "start", "", "failure"),
        b"CMD_EXECUTED" => {
            let outcome = if says(b"Status \"Success") { "success" } else { "failure" };
            event.classify("configuration", "change", "", outcome);
        }
        _ if event.get(field::SOURCE_IP).is_some() => event.classify("network", "connection", "", ""),
        _ => event.classify("host", "info", "", ""),
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "<134> 11/22/2026:09:14:07 GMT adc1 0-PPE-0 : default TCP CONN_TERMINATE 4472 0 :  Source 192.0.2.17:51515 - Destination 198.51.100.80:443 - Start Time 11/22/2026:09:13:07 GMT - End Time 11/22/2026:09:14:07 GMT - Total_bytes_send 4711 - Total_bytes_recv 81230",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("observer.vendor", "Citrix"),
            ("observer.product", "NetScaler"),
            ("observer.name", "adc1"),
            ("event.code", "CONN_TERMINATE"),
            ("citrix_adc.module", "TCP"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("source.port", "51515"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("destination.port", "443"),
            ("source.bytes", "4711"),
            ("destination.bytes", "81230"),
            ("event.category", "network"),
            ("event.type", "connection"),
        ],
    },
    Example {
        raw: r#"11/22/2026:09:15:00 GMT adc1 0-PPE-0 : default AAA LOGIN_FAILED 73912122 0 : User b.jones - Client_ip 203.0.113.66 - Failure_reason "External authentication server denied access" - Browser curl/8.0"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:15:00Z"),
            ("observer.vendor", "Citrix"),
            ("observer.product", "NetScaler"),
            ("observer.name", "adc1"),
            ("event.code", "LOGIN_FAILED"),
            ("citrix_adc.module", "AAA"),
            ("user.name", "b.jones"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("event.reason", "External authentication server denied access"),
            ("user_agent.original", "curl/8.0"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: r#"11/22/2026:09:15:10   0-PPE-0 : default AAA Message 207030 0 :  "Authentication is rejected for b.jones (client ip : 203.0.113.66  , vserver ip: 192.0.2.20   ), extended error, if any : ""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:15:10Z"),
            ("observer.vendor", "Citrix"),
            ("observer.product", "NetScaler"),
            ("event.code", "Message"),
            ("citrix_adc.module", "AAA"),
            ("user.name", "b.jones"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: r#"11/22/2026:09:16:00 GMT adc1 0-PPE-0 : default GUI CMD_EXECUTED 13034678 0 : User ann - ADM_User NONE - Remote_ip 192.0.2.5 - Command "show ssl - profile" - Status "Success""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:16:00Z"),
            ("observer.vendor", "Citrix"),
            ("observer.product", "NetScaler"),
            ("observer.name", "adc1"),
            ("event.code", "CMD_EXECUTED"),
            ("citrix_adc.module", "GUI"),
            ("user.name", "ann"),
            ("source.address", "192.0.2.5"),
            ("source.ip", "192.0.2.5"),
            ("process.command_line", "show ssl - profile"),
            ("event.category", "configuration"),
            ("event.type", "change"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: r#"Nov 22 09:17:00 <local0.info> 192.0.2.1 11/22/2026:09:17:00 GMT adc1 0-PPE-1 : SSLLOG SSL_HANDSHAKE_SUCCESS 5743593 0 :  SPCBId 87630 - ClientIP 203.0.113.5 - ClientPort 19849 - VserverServiceIP 192.0.2.80 - VserverServicePort 443 - ClientVersion TLSv1.2 - CipherSuite "TLS1.2-ECDHE-RSA-AES128-GCM-SHA256" - Session New"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:17:00Z"),
            ("observer.vendor", "Citrix"),
            ("observer.product", "NetScaler"),
            ("observer.name", "adc1"),
            ("event.code", "SSL_HANDSHAKE_SUCCESS"),
            ("citrix_adc.module", "SSLLOG"),
            ("source.address", "203.0.113.5"),
            ("source.ip", "203.0.113.5"),
            ("source.port", "19849"),
            ("destination.address", "192.0.2.80"),
            ("destination.ip", "192.0.2.80"),
            ("destination.port", "443"),
            ("tls.cipher", "TLS1.2-ECDHE-RSA-AES128-GCM-SHA256"),
            ("event.category", "network"),
            ("event.type", "connection"),
        ],
    },
    Example {
        raw: r#"default CMD_EXECUTED 500593 0 :  User ann - Remote_ip 192.0.2.5 - Command "logout" - Status "Success""#,
        expect: &[
            ("observer.vendor", "Citrix"),
            ("observer.product", "NetScaler"),
            ("event.code", "CMD_EXECUTED"),
            ("user.name", "ann"),
            ("source.address", "192.0.2.5"),
            ("source.ip", "192.0.2.5"),
            ("process.command_line", "logout"),
            ("event.category", "configuration"),
            ("event.type", "change"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: r#"11/22/2026:09:18:00 GMT adc1 0-PPE-0 : default EVENT DEVICEUP 7 0 : Device "server_vip" - State UP"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:18:00Z"),
            ("observer.vendor", "Citrix"),
            ("observer.product", "NetScaler"),
            ("observer.name", "adc1"),
            ("event.code", "DEVICEUP"),
            ("citrix_adc.module", "EVENT"),
            ("event.category", "host"),
            ("event.type", "info"),
        ],
    },
    Example { raw: "11/22/2026:09:18:00 GMT adc1 0-PPE-0 : 7", expect: &[] },
];
