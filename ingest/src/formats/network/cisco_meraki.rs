//! Cisco Meraki: security appliances, switches, access points.

use std::sync::LazyLock;

use memchr::{memchr, memmem};

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::set_own,
    scan::{first_word, ip, reject, set_destination, set_number, set_source, split},
    table::{Table, To, set_transport},
    template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, says},
    time,
    web::{set_url, split_port},
};

/// Meraki's syslog: `1 1795338847.250000000 MX84 flows src=… dst=…`.
pub struct CiscoMeraki;

const OWN: &str = "cisco.meraki.";

/// The roles that a record names behind the device.
const ROLES: &[&[u8]] = &[
    b"events",
    b"flows",
    b"urls",
    b"firewall",
    b"cellular_firewall",
    b"vpn_firewall",
    b"bridge_anyconnect_client_vpn_firewall",
    b"ip_flow_start",
    b"ip_flow_end",
    b"ids-alerts",
    b"security_event",
    b"airmarshal_events",
    b"l7_firewall",
];

impl Format for CiscoMeraki {
    fn name(&self) -> &'static str {
        "cisco_meraki"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "Cisco Meraki"
    }
    fn about(&self) -> &'static str {
        "syslog of Meraki's MX, MR and MS devices (documentation.meraki.com, Syslog Event Types and Log Samples)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "cisco", services: &["meraki"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            " events ",
            " flows ",
            " urls src=",
            " firewall ",
            "_firewall ",
            " ip_flow_start ",
            " ip_flow_end ",
            " ids-alerts ",
            " security_event ",
            " airmarshal_events ",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        head(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let head = head(line.message).ok_or(reject("meraki_no_head"))?;
        time::read(head.time).into_iter().for_each(|stamp| event.set_stamp(field::TIMESTAMP, stamp));
        if event.get(field::HOST_NAME).is_none() {
            event.set(field::HOST_NAME, head.device);
        }
        event.set(field::OBSERVER_HOSTNAME, head.device);
        event.set_static(field::OBSERVER_VENDOR, "Cisco");
        event.set_static(field::OBSERVER_PRODUCT, "Meraki");
        set_own(event, OWN, b"event_type", head.role);
        event.replace(field::MESSAGE, head.text);
        read(&head, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

struct Head<'r> {
    time: &'r [u8],
    device: &'r [u8],
    role: &'r [u8],
    text: &'r [u8],
}

fn head(message: &[u8]) -> Option<Head<'_>> {
    let message = message.trim_ascii_start();
    let message = message.strip_prefix(b"1 ").unwrap_or(message);
    let (time, rest) = first_word(message);
    let (device, rest) = first_word(rest);
    let (role, text) = first_word(rest);
    let epoch = time.len() >= 10 && time.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    (epoch && !device.is_empty() && ROLES.contains(&role)).then_some(Head {
        time,
        device,
        role,
        text: text.trim_ascii(),
    })
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::new(
        OWN,
        &[
            ("type", To::Text(field::EVENT_ACTION)),
            ("src", To::With(source)),
            ("dst", To::With(destination)),
            ("sport", To::Number(field::SOURCE_PORT)),
            ("dport", To::Number(field::DESTINATION_PORT)),
            ("mac", To::Text(field::SOURCE_MAC)),
            ("dhost", To::Text(field::DESTINATION_MAC)),
            ("protocol", To::With(protocol)),
            ("direction", To::Lower(field::NETWORK_DIRECTION)),
            ("signature", To::Text(field::RULE_ID)),
            ("priority", To::Number(field::EVENT_SEVERITY)),
            ("vlan_id", To::Text(field::NETWORK_VLAN_ID)),
            ("vlan", To::Text(field::NETWORK_VLAN_ID)),
            ("ssid", To::Text(field::NETWORK_NAME)),
            ("wired_mac", To::Text(field::OBSERVER_MAC)),
            ("client_mac", To::Text(field::CLIENT_MAC)),
            ("client_ip", To::Ip(field::CLIENT_IP)),
            ("last_known_client_ip", To::Ip(field::CLIENT_IP)),
            ("identity", To::Text(field::USER_NAME)),
            ("original_server_ip", To::Ip(field::SERVER_IP)),
            ("original_server_mac", To::Text(field::SERVER_MAC)),
            ("url", To::Url),
            ("name", To::Text(field::RULE_NAME)),
            ("sha256", To::Text(field::FILE_HASH_SHA256)),
            ("server", To::Destination),
            ("translated_src_ip", To::Ip(field::SOURCE_NAT_IP)),
            ("translated_dst_ip", To::Ip(field::DESTINATION_NAT_IP)),
            ("agent", To::Text(field::USER_AGENT)),
            ("user", To::Text(field::USER_NAME)),
        ],
    )
});

/// Messages without `key=value` pairs.
static MESSAGES: LazyLock<Messages> = LazyLock::new(|| Messages::new(SAYS));

const SAYS: &[Says] = &[
    says(
        "type={event.action:word} msg= 'RADIUS[{#}] Server IP={destination.ip} Server port={destination.port} Peer IP={source.ip} Peer port={source.port} User={user.name}: Authentication request accepted. '",
        LOGGED_IN_QUIETLY,
    ),
    says(
        "type={event.action:word} msg= 'RADIUS[{#}] Server IP={destination.ip} Server port={destination.port} Peer IP={source.ip} Peer port={source.port} User={user.name}: Authentication request rejected. '",
        LOGIN_FAILED_QUIETLY,
    ),
    says(
        "type={event.action:word} msg= 'RADIUS[{#}] Server IP={destination.ip} Server port={destination.port} Peer IP={source.ip} Peer port={source.port}: Authentication request rejected. '",
        LOGIN_FAILED_QUIETLY,
    ),
    says(
        "type={event.action:word} msg= 'Server IP={destination.ip} Server port={destination.port} Prot[{network.transport}] Peer IP={source.ip} Peer port={source.port} {event.reason}'",
        ["network", "connection", "", ""],
    ),
    says(
        "{event.action:word} user id '{user.name}' local ip {source.nat.ip:ip} connected from {source.ip}",
        ["session", "start", "", "success"],
    ),
    says(
        "{event.action:word} user id '{user.name}' local ip {source.nat.ip:ip} reconnected from {source.ip}",
        ["session", "start", "", "success"],
    ),
    says(
        "{event.action:word} user id '{user.name}' local ip {source.nat.ip:ip} disconnected from {source.ip}{*}",
        ["session", "end", "", ""],
    ),
    says(
        "dhcp lease of ip {client.ip:ip} from mx mac {server.mac:word} for client mac {client.mac:word} from router {*}",
        ["network", "protocol", "dhcp-lease", ""],
    ),
    says(
        "dhcp lease of ip {client.ip:ip} from server mac {server.mac:word} for client mac {client.mac:word} from router {*}",
        ["network", "protocol", "dhcp-lease", ""],
    ),
    says(
        "dhcp lease of ip {client.ip:ip} from server mac {server.mac:word} for client mac {client.mac:word} {*}",
        ["network", "protocol", "dhcp-lease", ""],
    ),
    says("dhcp no offers for mac {client.mac:word} host = {*}", ["network", "protocol", "dhcp-no-offer", "failure"]),
    says("dhcp no offers for mac {client.mac:word}{*}", ["network", "protocol", "dhcp-no-offer", "failure"]),
    says(
        "Site-to-Site VPN: {*} established between {source.ip}[{*}]...{destination.ip}[{*}]",
        ["network", "connection", "site-to-site-vpn", "success"],
    ),
    says(
        "Site-to-site VPN: {*} established between {source.ip}[{*}]...{destination.ip}[{*}]",
        ["network", "connection", "site-to-site-vpn", "success"],
    ),
    says(
        "content_filtering_block url='{url}' category0='{rule.category}' server='{destination.ip}:{destination.port}'{*}",
        ["web", "denied", "content_filtering_block", ""],
    ),
    says("User authenticated: {user.name}", LOGGED_IN),
    says("Authentication failed: {user.name}", LOGIN_FAILED),
    says(
        "Port {observer.ingress.interface.name:word} changed STP role from {*}",
        ["network", "info", "stp-change", ""],
    ),
    says("port {observer.ingress.interface.name:word} status changed from {*}", ["network", "info", "port-change", ""]),
];

/// Sign-ins whose action stands in the message.
const LOGGED_IN_QUIETLY: [&str; 4] = ["authentication", "start", "", "success"];
const LOGIN_FAILED_QUIETLY: [&str; 4] = ["authentication", "start", "", "failure"];

fn read<'r>(head: &Head<'r>, event: &mut Event<'r>) {
    if head.role == b"events" && MESSAGES.read(head.text, event).is_some() {
        if memchr(b'@', &event.bytes(field::USER_NAME).unwrap_or_default()).is_some() {
            domain_apart(event);
        }
        return;
    }
    // behind these words stands free text
    let (pairs, free) = [&b" pattern: "[..], b" request: ", b" message: "]
        .into_iter()
        .find_map(|mark| split(head.text, mark).map(|(pairs, free)| (pairs, Some((mark, free)))))
        .unwrap_or((head.text, None));
    let (verdict, pairs) = match first_word(pairs) {
        (word @ (b"allow" | b"deny" | b"permit"), rest) => (word, rest),
        _ => (&b""[..], pairs),
    };
    let pairs = match first_word(pairs) {
        (word, rest) if memchr(b'=', word).is_none() && head.role == b"security_event" => {
            event.set(field::EVENT_ACTION, word);
            rest
        }
        _ => pairs,
    };
    each_pair(pairs, event);
    translated_port(pairs, event);
    match free {
        Some((b" request: ", request)) => request_line(request, event),
        Some((b" message: ", text)) => event.set(field::RULE_NAME, text),
        Some((_, pattern)) => set_own(event, OWN, b"pattern", pattern),
        None => {}
    }
    classify(head.role, verdict, free.map_or(b"", |(_, free)| free), event);
}

/// `key=value key='a value'`
fn each_pair(mut text: &[u8], event: &mut Event<'_>) {
    for _ in 0..64 {
        text = text.trim_ascii_start();
        let Some((key, rest)) = split(text, b"=") else { return };
        if key.is_empty() || key.len() > 32 || memchr(b' ', key).is_some() {
            text = first_word(text).1;
            continue;
        }
        let (value, rest) = match rest.strip_prefix(b"'") {
            Some(rest) => split(rest, b"'").unwrap_or((rest, b"")),
            None => first_word(rest),
        };
        if key != b"translated_port" {
            TABLE.set(event, key, value);
        }
        text = rest;
    }
}

/// The translated port is of the end that was translated.
fn translated_port(pairs: &[u8], event: &mut Event<'_>) {
    let Some((_, rest)) = split(pairs, b"translated_port=") else { return };
    let of_source = memmem::find(pairs, b"translated_src_ip=").is_some();
    let field = if of_source { field::SOURCE_NAT_PORT } else { field::DESTINATION_NAT_PORT };
    set_number(event, field, first_word(rest).0);
}

/// An end is a hardware address, an address, or an address with a port behind a colon, for IPv6 too.
fn end(text: &[u8]) -> (&[u8], &[u8]) {
    if ip(text).is_some() && text.iter().filter(|b| **b == b':').count() != 8 {
        return (text, b"");
    }
    let (host, port) = split_port(text);
    (host, port.unwrap_or_default())
}

fn is_mac(text: &[u8]) -> bool {
    text.len() == 17 && text.split(|b| *b == b':').filter(|part| part.len() == 2).count() == 6
}

fn source(event: &mut Event<'_>, text: &[u8]) {
    if is_mac(text) {
        return event.set(field::SOURCE_MAC, text);
    }
    let (host, port) = end(text);
    set_source(event, host);
    set_number(event, field::SOURCE_PORT, port);
}

fn destination(event: &mut Event<'_>, text: &[u8]) {
    if is_mac(text) {
        return event.set(field::DESTINATION_MAC, text);
    }
    let (host, port) = end(text);
    set_destination(event, host);
    set_number(event, field::DESTINATION_PORT, port);
}

/// `tcp`, `tcp/ip`, `icmp6`
fn protocol(event: &mut Event<'_>, text: &[u8]) {
    set_transport(event, text.strip_suffix(b"/ip").unwrap_or(text));
}

/// `GET https://www.example.com/…`, `UNKNOWN https://…`
fn request_line(request: &[u8], event: &mut Event<'_>) {
    let (method, url) = first_word(request);
    if method != b"UNKNOWN" {
        event.set(field::HTTP_METHOD, method);
    }
    set_url(event, url);
}

/// `j.doe@example.com` is a name and its domain.
fn domain_apart(event: &mut Event<'_>) {
    let Some(user) = event.bytes(field::USER_NAME).map(std::borrow::Cow::into_owned) else { return };
    let (name, domain) = crate::table::split_account(&user);
    event.remove(field::USER_NAME);
    event.set(field::USER_NAME, name);
    domain.into_iter().for_each(|domain| event.set(field::USER_DOMAIN, domain));
}

/// Patterns begin with `0` or `allow` where they permit, with `1` or `deny` where they do not.
fn classify(role: &[u8], verdict: &[u8], free: &[u8], event: &mut Event<'_>) {
    match role {
        b"urls" => event.classify("web", "access", "", ""),
        b"ids-alerts" => event.classify("intrusion_detection", "info", "ids-alert", ""),
        b"security_event" => event.classify("intrusion_detection", "info", "", ""),
        b"airmarshal_events" => event.classify("threat", "indicator", "", ""),
        b"ip_flow_start" => event.classify("network", "start", "ip_flow_start", ""),
        b"ip_flow_end" => event.classify("network", "end", "ip_flow_end", ""),
        b"events" => event.classify("network", "info", "", ""),
        _ => {
            event.classify("network", "connection", "", "");
            let word = if verdict.is_empty() { first_word(free).0 } else { verdict };
            match word {
                b"allow" | b"permit" | b"0" => event.classify("", "allowed", "allow", ""),
                b"deny" | b"1" => event.classify("", "denied", "deny", ""),
                _ => {}
            }
        }
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "<134>1 1795338847.250000000 mx1 flows src=192.0.2.17 dst=203.0.113.80 mac=00:00:5E:00:53:17 protocol=tcp sport=51515 dport=22 pattern: deny (dst 203.0.113.0/24)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("observer.hostname", "mx1"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "Meraki"),
            ("cisco.meraki.event_type", "flows"),
            ("cisco.meraki.pattern", "deny (dst 203.0.113.0/24)"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("source.port", "51515"),
            ("source.mac", "00:00:5E:00:53:17"),
            ("destination.ip", "203.0.113.80"),
            ("destination.address", "203.0.113.80"),
            ("destination.port", "22"),
            ("network.transport", "tcp"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("event.action", "deny"),
        ],
    },
    Example {
        raw: "1795338847.250000000 mx1 urls src=192.0.2.17:51515 dst=203.0.113.80:443 mac=00:00:5E:00:53:17 request: GET https://www.example.com/a?b=1",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("host.name", "mx1"),
            ("observer.hostname", "mx1"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "Meraki"),
            ("cisco.meraki.event_type", "urls"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("source.port", "51515"),
            ("source.mac", "00:00:5E:00:53:17"),
            ("destination.ip", "203.0.113.80"),
            ("destination.address", "203.0.113.80"),
            ("destination.port", "443"),
            ("http.request.method", "GET"),
            ("url.original", "https://www.example.com/a?b=1"),
            ("url.scheme", "https"),
            ("url.domain", "www.example.com"),
            ("url.path", "/a"),
            ("url.query", "b=1"),
            ("event.category", "web"),
            ("event.type", "access"),
        ],
    },
    Example {
        raw: "<134>1 1795338847.250000000 mx1 events type=anyconnect_vpn_auth_failure msg= 'RADIUS[7] Server IP=192.0.2.5 Server port=1812 Peer IP=203.0.113.66 Peer port=51515: Authentication request rejected. '",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("observer.hostname", "mx1"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "Meraki"),
            ("cisco.meraki.event_type", "events"),
            ("source.ip", "203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("source.port", "51515"),
            ("destination.ip", "192.0.2.5"),
            ("destination.address", "192.0.2.5"),
            ("destination.port", "1812"),
            ("event.action", "anyconnect_vpn_auth_failure"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
        ],
    },
    Example { raw: "<134>1 1795338847.250000000 mx1 fancies src=192.0.2.17", expect: &[] },
];
