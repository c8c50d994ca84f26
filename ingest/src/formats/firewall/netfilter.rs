//! Packets that the kernel's firewall logs: iptables' and nftables' LOG, UFW, firewalld, Shorewall, EdgeOS.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::formats::{Example, Format, LogSource, Reject, Structure, system::kernel::without_uptime};
use crate::{
    Event, Field,
    envelope::Line,
    field,
    scan::{first_word, ip, reject, rsplit, set_number, set_some, split},
};

// Building a searcher costs more than a search in a line: these are built once.
static IN: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"IN="));
static SRC: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b" SRC="));
static DST: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b" DST="));

/// Netfilter's LOG target.
pub struct Netfilter;

/// A MAC address in text, and where the source's begins in `MAC=` (destination, source, Ethernet type).
const MAC_LENGTH: usize = 17;

impl Format for Netfilter {
    fn name(&self) -> &'static str {
        "netfilter"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "Linux netfilter"
    }
    fn about(&self) -> &'static str {
        "Packets logged by iptables, nftables, UFW and firewalld (net/netfilter/nf_log_syslog.c)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "linux", services: &["netfilter", "iptables", "ufw"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["kernel", "ulogd"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" SRC="])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        match IN.find(message) {
            Some(at) => {
                let packet = &message[at..];
                SRC.find(packet).is_some() && DST.find(packet).is_some()
            }
            None => false,
        }
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = without_uptime(line.message);
        let at = IN.find(text).ok_or(reject("netfilter_in"))?;
        let (prefix, pairs) = text.split_at(at);
        let seen = packet(pairs, event);
        if !seen {
            return Err(Reject { reason: "netfilter_addresses", offset: at });
        }
        verdict(prefix, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Reads `KEY=value` words. An ICMP error quotes the packet it is about in brackets, which is another packet's.
fn packet<'r>(pairs: &'r [u8], event: &mut Event<'r>) -> bool {
    let (mut addresses, mut length) = (0, false);
    let mut rest = pairs;
    while !rest.is_empty() && rest[0] != b'[' {
        let (word, after) = first_word(rest);
        rest = after;
        let Some(equals) = memchr::memchr(b'=', word) else {
            flag(word, event);
            continue;
        };
        let (key, value) = (&word[..equals], &word[equals + 1..]);
        match key {
            b"IN" => set_some(event, field::OBSERVER_INGRESS_INTERFACE_NAME, value),
            b"OUT" => set_some(event, field::OBSERVER_EGRESS_INTERFACE_NAME, value),
            b"MAC" => mac(value, event),
            b"SRC" => addresses += address(event, [field::SOURCE_ADDRESS, field::SOURCE_IP], value),
            b"DST" => addresses += address(event, [field::DESTINATION_ADDRESS, field::DESTINATION_IP], value),
            b"SPT" => set_number(event, field::SOURCE_PORT, value),
            b"DPT" => set_number(event, field::DESTINATION_PORT, value),
            b"PROTO" => transport(value, event),
            // UDP repeats LEN for its own part
            b"LEN" if !length => {
                set_number(event, field::NETWORK_BYTES, value);
                length = true;
            }
            b"TYPE" => set_number(event, field::NETFILTER_ICMP_TYPE, value),
            b"UID" => set_some(event, field::USER_ID, value),
            _ => {}
        }
    }
    addresses > 0
}

fn address<'r>(event: &mut Event<'r>, [text, number]: [Field; 2], value: &'r [u8]) -> usize {
    let Some((bare, address)) = ip(value) else { return 0 };
    event.set(text, value);
    event.set(number, bare);
    if text == field::SOURCE_ADDRESS {
        event.set_static(field::NETWORK_TYPE, if address.is_ipv4() { "ipv4" } else { "ipv6" });
    }
    1
}

/// `destination:source:type`, six bytes, six bytes, two bytes.
fn mac<'r>(value: &'r [u8], event: &mut Event<'r>) {
    if value.len() > 2 * MAC_LENGTH {
        event.set(field::DESTINATION_MAC, &value[..MAC_LENGTH]);
        event.set(field::SOURCE_MAC, &value[MAC_LENGTH + 1..2 * MAC_LENGTH + 1]);
    }
}

fn transport<'r>(value: &'r [u8], event: &mut Event<'r>) {
    const NAMES: [(&str, &str); 10] = [
        ("TCP", "tcp"),
        ("UDP", "udp"),
        ("ICMP", "icmp"),
        ("ICMPv6", "ipv6-icmp"),
        ("UDPLITE", "udplite"),
        ("SCTP", "sctp"),
        ("AH", "ah"),
        ("ESP", "esp"),
        ("IGMP", "igmp"),
        ("GRE", "gre"),
    ];
    match NAMES.iter().find(|(name, _)| name.as_bytes() == value) {
        Some((_, name)) => event.set_static(field::NETWORK_TRANSPORT, name),
        None => set_number(event, field::NETWORK_IANA_NUMBER, value),
    }
}

/// TCP's flags stand as bare words.
fn flag(word: &[u8], event: &mut Event<'_>) {
    const FLAGS: [&str; 8] = ["SYN", "ACK", "FIN", "RST", "PSH", "URG", "ECE", "CWR"];
    if let Some(flag) = FLAGS.iter().find(|flag| flag.as_bytes() == word) {
        event.set_static(field::NETFILTER_TCP_FLAGS, flag);
    }
}

/// What the rule's prefix says was done. LOG itself does nothing, so a prefix without such a word says nothing.
fn verdict<'r>(prefix: &'r [u8], event: &mut Event<'r>) {
    let name = prefix.trim_ascii();
    let name = name.strip_suffix(b":").unwrap_or(name);
    let name = name.strip_prefix(b"[").and_then(|name| name.strip_suffix(b"]")).unwrap_or(name);
    match zone_rule(name) {
        Some((zones, rule)) => {
            event.set(field::RULE_NAME, zones);
            event.set(field::RULE_ID, rule);
            if let Some((from, to)) = split(zones, b"-") {
                event.set(field::OBSERVER_INGRESS_ZONE, from);
                event.set(field::OBSERVER_EGRESS_ZONE, to);
            }
        }
        None => set_some(event, field::RULE_NAME, name),
    }
    let (action, kind, outcome) = match said(name) {
        Some("reject") => ("reject", "denied", "failure"),
        Some("accept") => ("accept", "allowed", "success"),
        Some(_) => ("drop", "denied", "failure"),
        None => ("log", "", ""),
    };
    event.classify("network", "connection", action, outcome);
    if !kind.is_empty() {
        event.set_static(field::EVENT_TYPE, kind);
    }
}

/// EdgeOS and UniFi name chain, rule and verdict: `WAN_IN-2000-D`, `wan-lan-default-A`.
fn zone_rule(name: &[u8]) -> Option<(&[u8], &[u8])> {
    let (rest, verdict) = rsplit(name, b"-")?;
    let (zones, rule) = rsplit(rest, b"-")?;
    let numbered = !rule.is_empty() && rule.iter().all(u8::is_ascii_digit);
    (matches!(verdict, b"A" | b"D" | b"R") && (numbered || rule == b"default")).then_some((zones, rule))
}

/// The first word of a prefix that is a verdict; EdgeOS ends its prefixes in `-D`, `-R` and `-A`.
fn said(name: &[u8]) -> Option<&'static str> {
    const WORDS: [(&[u8], &str); 9] = [
        (b"drop", "drop"),
        (b"block", "drop"),
        (b"deny", "drop"),
        (b"denied", "drop"),
        (b"reject", "reject"),
        (b"accept", "accept"),
        (b"allow", "accept"),
        (b"permit", "accept"),
        (b"pass", "accept"),
    ];
    match name {
        [.., b'-', b'D'] => return Some("drop"),
        [.., b'-', b'R'] => return Some("reject"),
        [.., b'-', b'A'] => return Some("accept"),
        _ => {}
    }
    (0..name.len())
        .find_map(|at| {
            let rest = &name[at..];
            WORDS.iter().find(|(word, _)| rest.len() >= word.len() && rest[..word.len()].eq_ignore_ascii_case(word))
        })
        .map(|(_, verdict)| *verdict)
}

const EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 03:20:00 web1 kernel: [  101.234567] [UFW BLOCK] IN=eth0 OUT= MAC=52:54:00:12:34:56:52:54:00:ab:cd:ef:08:00 SRC=203.0.113.7 DST=192.0.2.80 LEN=44 TOS=0x00 PREC=0x00 TTL=238 ID=54321 PROTO=TCP SPT=40123 DPT=23 WINDOW=1024 RES=0x00 SYN URGP=0",
        expect: &[
            ("observer.ingress.interface.name", "eth0"),
            ("destination.mac", "52:54:00:12:34:56"),
            ("source.mac", "52:54:00:ab:cd:ef"),
            ("source.address", "203.0.113.7"),
            ("source.ip", "203.0.113.7"),
            ("network.type", "ipv4"),
            ("destination.address", "192.0.2.80"),
            ("destination.ip", "192.0.2.80"),
            ("network.bytes", "44"),
            ("network.transport", "tcp"),
            ("source.port", "40123"),
            ("destination.port", "23"),
            ("netfilter.tcp_flags", "SYN"),
            ("rule.name", "UFW BLOCK"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.action", "drop"),
            ("event.outcome", "failure"),
            ("event.type", "denied"),
        ],
    },
    Example {
        raw: "Nov 22 03:20:01 web1 kernel: [UFW ALLOW] IN=eth0 OUT= SRC=192.0.2.17 DST=192.0.2.80 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=0 DF PROTO=TCP SPT=50122 DPT=22 WINDOW=64240 RES=0x00 SYN URGP=0",
        expect: &[
            ("observer.ingress.interface.name", "eth0"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("network.type", "ipv4"),
            ("destination.address", "192.0.2.80"),
            ("destination.ip", "192.0.2.80"),
            ("network.bytes", "60"),
            ("network.transport", "tcp"),
            ("source.port", "50122"),
            ("destination.port", "22"),
            ("netfilter.tcp_flags", "SYN"),
            ("rule.name", "UFW ALLOW"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.action", "accept"),
            ("event.outcome", "success"),
            ("event.type", "allowed"),
        ],
    },
    Example {
        raw: "Nov 22 03:20:02 fw2 kernel: DROP-INPUT: IN=ens3 OUT= SRC=2001:db8::bad DST=2001:db8::80 LEN=80 TC=0 HOPLIMIT=55 FLOWLBL=0 PROTO=UDP SPT=4000 DPT=161 LEN=40",
        expect: &[
            ("observer.ingress.interface.name", "ens3"),
            ("source.address", "2001:db8::bad"),
            ("source.ip", "2001:db8::bad"),
            ("network.type", "ipv6"),
            ("destination.address", "2001:db8::80"),
            ("destination.ip", "2001:db8::80"),
            ("network.bytes", "80"),
            ("network.transport", "udp"),
            ("source.port", "4000"),
            ("destination.port", "161"),
            ("rule.name", "DROP-INPUT"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.action", "drop"),
            ("event.outcome", "failure"),
            ("event.type", "denied"),
        ],
    },
    Example {
        raw: "Nov 22 03:20:03 fw2 kernel: lan-guard IN=eth1 OUT=eth0 SRC=10.0.0.5 DST=203.0.113.7 LEN=84 TOS=0x00 PREC=0x00 TTL=63 ID=1 DF PROTO=ICMP TYPE=8 CODE=0 ID=77 SEQ=1",
        expect: &[
            ("observer.ingress.interface.name", "eth1"),
            ("observer.egress.interface.name", "eth0"),
            ("source.address", "10.0.0.5"),
            ("source.ip", "10.0.0.5"),
            ("network.type", "ipv4"),
            ("destination.address", "203.0.113.7"),
            ("destination.ip", "203.0.113.7"),
            ("network.bytes", "84"),
            ("network.transport", "icmp"),
            ("netfilter.icmp_type", "8"),
            ("rule.name", "lan-guard"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.action", "log"),
        ],
    },
    Example {
        raw: "Nov 22 03:20:04 edge1 kernel: [WAN_IN-2000-D]IN=eth8 OUT=eth0 MAC= SRC=203.0.113.9 DST=192.0.2.80 LEN=40 PROTO=TCP SPT=1 DPT=445 SYN",
        expect: &[
            ("observer.ingress.interface.name", "eth8"),
            ("observer.egress.interface.name", "eth0"),
            ("source.address", "203.0.113.9"),
            ("source.ip", "203.0.113.9"),
            ("network.type", "ipv4"),
            ("destination.address", "192.0.2.80"),
            ("destination.ip", "192.0.2.80"),
            ("network.bytes", "40"),
            ("network.transport", "tcp"),
            ("source.port", "1"),
            ("destination.port", "445"),
            ("netfilter.tcp_flags", "SYN"),
            ("rule.name", "WAN_IN"),
            ("rule.id", "2000"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.action", "drop"),
            ("event.outcome", "failure"),
            ("event.type", "denied"),
        ],
    },
    Example {
        raw: "Nov 22 03:20:05 fw2 kernel: REJECTED IN=eth0 OUT= SRC=203.0.113.9 DST=192.0.2.80 LEN=56 PROTO=ICMP TYPE=3 CODE=3 [SRC=192.0.2.80 DST=203.0.113.9 LEN=28 PROTO=UDP SPT=53 DPT=9 ]",
        expect: &[
            ("observer.ingress.interface.name", "eth0"),
            ("source.address", "203.0.113.9"),
            ("source.ip", "203.0.113.9"),
            ("network.type", "ipv4"),
            ("destination.address", "192.0.2.80"),
            ("destination.ip", "192.0.2.80"),
            ("network.bytes", "56"),
            ("network.transport", "icmp"),
            ("netfilter.icmp_type", "3"),
            ("rule.name", "REJECTED"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.action", "reject"),
            ("event.outcome", "failure"),
            ("event.type", "denied"),
        ],
    },
    Example { raw: "Nov 22 03:20:06 fw2 kernel: [BAD] IN=eth0 OUT= SRC=nowhere DST=nobody LEN=1", expect: &[] },
    Example {
        raw: "Nov 22 03:20:07 edge1 kernel: [wan-lan-default-A]IN=eth0 OUT=eth1 SRC=203.0.113.9 DST=10.0.0.5 LEN=52 PROTO=TCP SPT=38842 DPT=443 ACK",
        expect: &[
            ("observer.ingress.interface.name", "eth0"),
            ("observer.egress.interface.name", "eth1"),
            ("source.address", "203.0.113.9"),
            ("source.ip", "203.0.113.9"),
            ("network.type", "ipv4"),
            ("destination.address", "10.0.0.5"),
            ("destination.ip", "10.0.0.5"),
            ("network.bytes", "52"),
            ("network.transport", "tcp"),
            ("source.port", "38842"),
            ("destination.port", "443"),
            ("netfilter.tcp_flags", "ACK"),
            ("rule.name", "wan-lan"),
            ("rule.id", "default"),
            ("observer.ingress.zone", "wan"),
            ("observer.egress.zone", "lan"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.action", "accept"),
            ("event.outcome", "success"),
            ("event.type", "allowed"),
        ],
    },
    Example {
        raw: "0 3 HOST-IN 22/Nov/2026:03:20:08 +0100 policy DROP: IN=vmbr0 SRC=203.0.113.9 DST=192.0.2.80 LEN=52 PROTO=UDP SPT=49152 DPT=3784 LEN=32",
        expect: &[
            ("observer.ingress.interface.name", "vmbr0"),
            ("source.address", "203.0.113.9"),
            ("source.ip", "203.0.113.9"),
            ("network.type", "ipv4"),
            ("destination.address", "192.0.2.80"),
            ("destination.ip", "192.0.2.80"),
            ("network.bytes", "52"),
            ("network.transport", "udp"),
            ("source.port", "49152"),
            ("destination.port", "3784"),
            ("rule.name", "0 3 HOST-IN 22/Nov/2026:03:20:08 +0100 policy DROP"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.action", "drop"),
            ("event.outcome", "failure"),
            ("event.type", "denied"),
        ],
    },
];
