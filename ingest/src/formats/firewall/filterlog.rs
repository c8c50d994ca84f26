//! pf's filter log as pfSense and OPNsense write it.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::set_own,
    scan::{integer, reject, rsplit, set_destination, set_number, set_some, set_source},
    web,
};

/// pfSense and OPNsense: the packet filter's decisions.
pub struct Filterlog;

const OWN: &str = "filterlog.";
/// Most columns looked at; TCP over IPv4 has 29.
const MAX_COLUMNS: usize = 48;

impl Format for Filterlog {
    fn name(&self) -> &'static str {
        "filterlog"
    }

    fn category(&self) -> &'static str {
        "firewall"
    }

    fn product(&self) -> &'static str {
        "pfSense, OPNsense"
    }

    fn about(&self) -> &'static str {
        "filterlog's comma-separated records, IPv4 and IPv6 (Netgate: Raw Filter Log Format)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "pfsense", services: &["filterlog", "firewall"] }
    }

    fn programs(&self) -> &'static [&'static str] {
        &["filterlog"]
    }

    fn structure(&self) -> Structure {
        Structure::Shape
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let mut columns = message.split(|b| *b == b',');
        let number = |column: Option<&[u8]>| column.is_some_and(|c| integer(c).is_some());
        number(columns.next())
            && matches!(columns.nth(5), Some(b"pass" | b"block" | b"reject" | b"match" | b"rdr" | b"nat" | b"binat"))
            && matches!(columns.next(), Some(b"in" | b"out"))
            && matches!(columns.next(), Some(b"4" | b"6"))
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let mut columns: [&[u8]; MAX_COLUMNS] = [b""; MAX_COLUMNS];
        let mut count = 0;
        for (place, column) in columns.iter_mut().zip(line.message.split(|b| *b == b',')) {
            *place = column;
            count += 1;
        }
        if count < 9 {
            return Err(reject("filterlog_too_short"));
        }
        let [_, _, anchor, tracker, interface, reason, action, direction, version, ..] = columns;
        let ip = match version {
            b"4" if count >= 20 => v4(&columns),
            b"6" if count >= 17 => v6(&columns),
            b"4" | b"6" => return Err(reject("filterlog_too_short")),
            _ => return Err(reject("filterlog_no_ip_version")),
        };
        set_some(event, field::RULE_ID, if tracker.is_empty() || tracker == b"0" { columns[0] } else { tracker });
        set_own(event, OWN, b"rule_number", columns[0]);
        if !anchor.is_empty() {
            event.set(field::RULE_RULESET, anchor);
        }
        event.set(field::OBSERVER_INGRESS_INTERFACE_NAME, interface);
        // `igb1.12` is VLAN 12 on igb1
        let (_, vlan) = rsplit(interface, b".").unwrap_or_default();
        if integer(vlan).is_some() {
            event.set(field::NETWORK_VLAN_ID, vlan);
            event.set(field::OBSERVER_INGRESS_VLAN_ID, vlan);
        }
        event.set_static(field::EVENT_PROVIDER, "filterlog");
        event.set(field::EVENT_REASON, reason);
        event.set(field::EVENT_ACTION, action);
        event.set_static(field::NETWORK_DIRECTION, if direction == b"out" { "outbound" } else { "inbound" });
        event.set_static(field::NETWORK_TYPE, if version == b"4" { "ipv4" } else { "ipv6" });
        event.set_static(field::OBSERVER_VENDOR, "netgate");
        event.set_static(field::OBSERVER_PRODUCT, "pf");
        event.set_static(field::OBSERVER_TYPE, "firewall");
        event.classify("network", "connection", "", "success");
        event.set_static(field::EVENT_TYPE, if matches!(action, b"block" | b"reject") { "denied" } else { "allowed" });
        web::set_protocol_number(event, ip.protocol);
        if event.get(field::NETWORK_TRANSPORT).is_none() {
            set_some(event, field::NETWORK_TRANSPORT, ip.name);
        }
        set_number(event, field::NETWORK_BYTES, ip.length);
        set_source(event, ip.source);
        set_destination(event, ip.destination);
        if let (b"6" | b"17" | b"132", [source, destination, rest @ ..]) = (ip.protocol, ip.rest) {
            set_number(event, field::SOURCE_PORT, source);
            set_number(event, field::DESTINATION_PORT, destination);
            if let (b"6", [_, flags, ..]) = (ip.protocol, rest) {
                set_own(event, OWN, b"tcp_flags", flags);
            }
        }
        if let (b"1", [kind, ..]) = (ip.protocol, ip.rest) {
            set_own(event, OWN, b"icmp_type", kind);
        }
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// What both versions say, in one shape.
struct Ip<'c, 'r> {
    protocol: &'r [u8],
    name: &'r [u8],
    length: &'r [u8],
    source: &'r [u8],
    destination: &'r [u8],
    rest: &'c [&'r [u8]],
}

/// `tos,ecn,ttl,id,offset,flags,protocol-id,protocol,length,source,destination`
fn v4<'c, 'r>(c: &'c [&'r [u8]; MAX_COLUMNS]) -> Ip<'c, 'r> {
    Ip { protocol: c[15], name: c[16], length: c[17], source: c[18], destination: c[19], rest: &c[20..] }
}

/// `class,flow,hop-limit,protocol,protocol-id,length,source,destination`
fn v6<'c, 'r>(c: &'c [&'r [u8]; MAX_COLUMNS]) -> Ip<'c, 'r> {
    Ip { protocol: c[13], name: c[12], length: c[14], source: c[15], destination: c[16], rest: &c[17..] }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "<134>Nov 22 09:14:07 fw1 filterlog[4711]: 7,,,1000000103,igb0,match,block,in,4,0x0,,52,31337,0,DF,6,tcp,60,203.0.113.66,192.0.2.20,51515,22,0,S,123456789,,64240,,mss;sackOK",
        expect: &[
            ("host.name", "fw1"),
            ("process.name", "filterlog"),
            ("event.action", "block"),
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("event.reason", "match"),
            ("rule.id", "1000000103"),
            ("observer.ingress.interface.name", "igb0"),
            ("network.direction", "inbound"),
            ("network.type", "ipv4"),
            ("network.transport", "tcp"),
            ("network.iana_number", "6"),
            ("network.bytes", "60"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("destination.ip", "192.0.2.20"),
            ("destination.port", "22"),
            ("filterlog.tcp_flags", "S"),
            ("filterlog.rule_number", "7"),
            ("observer.vendor", "netgate"),
            ("observer.product", "pf"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.outcome", "success"),
            ("source.address", "203.0.113.66"),
            ("destination.address", "192.0.2.20"),
            ("event.provider", "filterlog"),
        ],
    },
    Example {
        raw: "<134>1 2026-11-22T09:14:08+01:00 fw1.example filterlog 4711 - - 81,,,fae559338f65e11c53669fc3642c93c2,vtnet1,match,pass,out,6,0x00,0x4f2b1,64,udp,17,48,2001:db8::17,2001:db8::53,40000,53,40",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:08Z"),
            ("event.action", "pass"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
            ("network.direction", "outbound"),
            ("network.type", "ipv6"),
            ("network.transport", "udp"),
            ("source.ip", "2001:db8::17"),
            ("destination.port", "53"),
            ("rule.id", "fae559338f65e11c53669fc3642c93c2"),
            ("filterlog.rule_number", "81"),
            ("observer.ingress.interface.name", "vtnet1"),
            ("event.reason", "match"),
            ("observer.vendor", "netgate"),
            ("observer.product", "pf"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.outcome", "success"),
            ("network.iana_number", "17"),
            ("network.bytes", "48"),
            ("source.address", "2001:db8::17"),
            ("destination.address", "2001:db8::53"),
            ("destination.ip", "2001:db8::53"),
            ("source.port", "40000"),
            ("event.provider", "filterlog"),
        ],
    },
    Example {
        raw: "<134>Nov 22 09:14:09 fw1 filterlog[4711]: 7,,,1000000103,igb0,match,pass,in,4,0x0,,64,1,0,none,1,icmp,84,192.0.2.9,192.0.2.20,request,1,264",
        expect: &[
            ("network.transport", "icmp"),
            ("filterlog.icmp_type", "request"),
            ("rule.id", "1000000103"),
            ("filterlog.rule_number", "7"),
            ("observer.ingress.interface.name", "igb0"),
            ("event.reason", "match"),
            ("event.action", "pass"),
            ("network.direction", "inbound"),
            ("network.type", "ipv4"),
            ("observer.vendor", "netgate"),
            ("observer.product", "pf"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
            ("event.outcome", "success"),
            ("network.iana_number", "1"),
            ("network.bytes", "84"),
            ("source.address", "192.0.2.9"),
            ("source.ip", "192.0.2.9"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("event.provider", "filterlog"),
        ],
    },
    Example {
        raw: "<134>Nov 22 09:14:07 fw1 filterlog[4711]: 7,,,1000000103,igb0,match,block,in,4,0x0,,52",
        expect: &[],
    },
];
