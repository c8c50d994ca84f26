//! F5 BIG-IP's syslog: `01490500:5: …` of APM, audits, and ASM's key=value records.

use std::sync::LazyLock;

use memchr::memmem;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::Pairs,
    scan::{first_word, integer, ip, reject, set_destination, set_number, set_source, split},
    table::{Table, To, USER, verdict},
    web::split_port,
};

/// F5 BIG-IP.
pub struct F5;

const OWN: &str = "f5.bigip.";

/// ASM's and the iRules' keys (K-articles on remote logging).
static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(OWN, KEYS).without(&["N/A", "-"]));

const KEYS: &[(&str, To)] = &[
    ("ip_client", To::Source),
    ("src_ip", To::Source),
    ("src_port", To::Number(field::SOURCE_PORT)),
    ("dest_ip", To::Destination),
    ("vip", To::Destination),
    ("dns_server_ip", To::Destination),
    ("dest_port", To::Number(field::DESTINATION_PORT)),
    ("date_time", To::Time(field::TIMESTAMP)),
    ("method", To::Text(field::HTTP_METHOD)),
    ("http_method", To::Text(field::HTTP_METHOD)),
    ("http_host", To::Text(field::URL_DOMAIN)),
    ("uri", To::Url),
    ("http_uri", To::Url),
    ("http_user_agent", To::Text(field::USER_AGENT)),
    ("http_referrer", To::Text(field::HTTP_REFERRER)),
    ("http_status", To::Number(field::HTTP_STATUS)),
    ("response_code", To::Number(field::HTTP_STATUS)),
    ("request_status", To::Text(field::EVENT_ACTION)),
    ("severity", To::Text(field::LOG_LEVEL)),
    ("sig_ids", To::Text(field::RULE_ID)),
    ("sig_names", To::Text(field::RULE_NAME)),
    ("policy_name", To::Text(field::RULE_RULESET)),
    ("attack_type", To::Text(field::RULE_CATEGORY)),
    ("username", USER),
    ("question_name", To::Text(field::DNS_QUESTION_NAME)),
    ("question_type", To::Text(field::DNS_QUESTION_TYPE)),
    ("question_class", To::Text(field::DNS_QUESTION_CLASS)),
];

impl Format for F5 {
    fn name(&self) -> &'static str {
        "f5_bigip"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "F5 BIG-IP"
    }
    fn about(&self) -> &'static str {
        "LTM, APM and audit messages with their numbers, and ASM's key=value records (F5 BIG-IP Error Messages)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "f5", services: &["bigip"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["apmd", "mcpd", "tmsh", "tmm", "tmm1", "tmm2", "tmm3", "ASM"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[":0: ", ":1: ", ":2: ", ":3: ", ":4: ", ":5: ", ":6: ", "/Common/", "f5_asm=", "f5_irule="])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        numbered(message).is_some() || session(message).is_some() || keyed(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        event.set_static(field::OBSERVER_VENDOR, "F5");
        event.set_static(field::OBSERVER_PRODUCT, "BIG-IP");
        if let Some(pairs) = keyed(line.message) {
            TABLE.read_pairs(event, Pairs::with_commas(pairs), []);
            let verdict = event.bytes(field::EVENT_ACTION).map_or("", |action| verdict(&action));
            event.classify("web", if verdict.is_empty() { "access" } else { verdict }, "", "");
            return Ok(());
        }
        if line.message.starts_with(b"CEF:") {
            return Err(reject("f5_other_format"));
        }
        let text = match numbered(line.message) {
            Some((number, text)) => {
                event.set(field::EVENT_CODE, number);
                text
            }
            None if session(line.message).is_some() || line.program.is_some() => line.message,
            None => return Err(reject("f5_no_number")),
        };
        let text = session(text).map_or(text, |(profile, id, text)| {
            event.set(field::RULE_NAME, profile);
            crate::pairs::set_own(event, OWN, b"session_id", id);
            text
        });
        if text.is_empty() {
            return Err(reject("f5_no_text"));
        }
        event.replace(field::MESSAGE, text);
        read_text(text, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `01490500:5: `: eight hexadecimal digits and a severity.
fn numbered(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let number = message.get(..8)?;
    let rest = message[8..].strip_prefix(b":")?;
    let fits = number.iter().all(u8::is_ascii_hexdigit) && matches!(rest, [b'0'..=b'7', b':', ..]);
    fits.then(|| (number, rest[2..].trim_ascii_start()))
}

/// `/Common/profile:Common:76220fff: text`, what APM writes before a session's texts.
fn session(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (head, rest) = split(text, b": ")?;
    let mut parts = head.split(|b| *b == b':');
    let (profile, _partition, id) = (parts.next()?, parts.next()?, parts.next()?);
    let fits = profile.starts_with(b"/") && parts.next().is_none() && id.iter().all(u8::is_ascii_hexdigit);
    fits.then_some((profile, id, rest))
}

/// `f5_asm=Splunk-F5-ASM,…` perhaps behind a host.
fn keyed(message: &[u8]) -> Option<&[u8]> {
    let head = &message[..message.len().min(96)];
    let at = memmem::find(head, b"f5_asm=").or_else(|| memmem::find(head, b"f5_irule="))?;
    Some(&message[at..])
}

/// The sentences that name users, addresses, commands and decisions.
fn read_text<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let after = |mark: &[u8]| split(text, mark).map(|(_, rest)| rest);
    let quoted = |mark: &[u8]| after(mark).and_then(|rest| split(rest, b"'")).map(|(found, _)| found);
    if let Some(audit) = after(b"AUDIT - ") {
        return read_audit(audit, event);
    }
    if let Some(user) = quoted(b"Username '").or_else(|| quoted(b"authenticate with '")) {
        USER.put(event, user);
    }
    let client = after(b"client IP ").or_else(|| after(b"clientip is ")).map(|rest| first_word(rest).0);
    if let Some((address, _)) = client.and_then(ip) {
        set_source(event, address);
    }
    if let Some(agent) = after(b"session.user.agent is ") {
        event.set(field::USER_AGENT, agent);
    }
    if let Some((_, address)) = after(b" at VIP ").and_then(|rest| Some((rest, ip(first_word(rest).0)?.0))) {
        set_destination(event, address);
    }
    if let Some((sent, received)) = after(b"bytes in: ").and_then(|rest| split(rest, b", bytes out: ")) {
        set_number(event, field::SOURCE_BYTES, sent);
        set_number(event, field::DESTINATION_BYTES, received);
    }
    if let Some(rule) = quoted(b"Following rule '") {
        event.replace(field::RULE_NAME, rule);
    }
    if text.starts_with(b"Access policy result: ") {
        event.set(field::EVENT_REASON, text);
    }
    if let Some(packet) = after(b"packet: ") {
        read_packet(packet, event);
    }
    let says = |word: &[u8]| memmem::find(text, word).is_some();
    match () {
        () if says(b"Access policy result: Logon_Deny") || says(b"failed") && says(b"authenticat") => {
            event.classify("authentication", "start", "", "failure");
        }
        // where the access policy ends is what became of the sign-in
        () if says(b" to ending 'Allow'") => event.classify("authentication", "start", "", "success"),
        () if says(b" to ending 'Deny'") => event.classify("authentication", "start", "", "failure"),
        () if says(b"authenticate with") && says(b"successful") => {
            event.classify("authentication", "start", "", "success");
        }
        () if says(b"New session from client IP") => event.classify("session", "start", "", ""),
        () if says(b"Session deleted") => event.classify("session", "end", "", ""),
        () if says(b"packet: ") => {
            event.classify("network", "connection", "", "");
            event.set_static(field::EVENT_TYPE, if says(b"allow ACL") { "allowed" } else { "denied" });
        }
        () => event.classify("host", "info", "", ""),
    }
}

/// `pid=16322 user=root … status=[Command OK] cmd_data=…`, `client Unknown, user admin - …`
fn read_audit<'r>(audit: &'r [u8], event: &mut Event<'r>) {
    let value = |mark: &[u8], end: &[u8]| split(audit, mark).map(|(_, rest)| split(rest, end).map_or(rest, |(v, _)| v));
    if let Some(user) = value(b"user=", b" ").or_else(|| value(b", user ", b" ")) {
        USER.put(event, user);
    }
    if let Some((_, command)) = split(audit, b"cmd_data=") {
        event.set(field::PROCESS_COMMAND_LINE, command);
    }
    let outcome = match value(b"status=[", b"]") {
        Some(status) if status.starts_with(b"Command OK") => "success",
        Some(_) => "failure",
        None => "",
    };
    event.classify("configuration", "change", "", outcome);
}

/// `tcp 192.0.2.17:63694 -> 198.51.100.80:443`
fn read_packet<'r>(packet: &'r [u8], event: &mut Event<'r>) {
    let (protocol, rest) = first_word(packet);
    let Some((source, target)) = split(rest, b" -> ") else { return };
    event.set(field::NETWORK_TRANSPORT, protocol);
    let (address, port) = split_port(source);
    set_source(event, address);
    port.into_iter().for_each(|port| set_number(event, field::SOURCE_PORT, port));
    let (address, port) = split_port(first_word(target).0);
    set_destination(event, address);
    if let Some(port) = port.and_then(integer) {
        event.set_int(field::DESTINATION_PORT, port);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 bigip1 notice apmd[14311]: 01490500:5: /Common/vpn:Common:76220fff: New session from client IP 203.0.113.5 (ST=Hesse/CC=DE/C=EU) at VIP 192.0.2.20 Listener /Common/vpn_443 (Reputation=Unknown)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("observer.vendor", "F5"),
            ("observer.product", "BIG-IP"),
            ("event.code", "01490500"),
            ("rule.name", "/Common/vpn"),
            ("f5.bigip.session_id", "76220fff"),
            ("source.address", "203.0.113.5"),
            ("source.ip", "203.0.113.5"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("event.category", "session"),
            ("event.type", "start"),
        ],
    },
    Example {
        raw: "<134>Nov 22 09:14:10 bigip1 notice apmd[14311]: 01490010:5: /Common/vpn:Common:76220fff: Username 'ann'",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:10Z"),
            ("observer.vendor", "F5"),
            ("observer.product", "BIG-IP"),
            ("event.code", "01490010"),
            ("rule.name", "/Common/vpn"),
            ("f5.bigip.session_id", "76220fff"),
            ("user.name", "ann"),
            ("event.category", "host"),
            ("event.type", "info"),
        ],
    },
    Example {
        raw: "<134>Nov 22 09:14:11 bigip1 notice apmd[14311]: 01490017:6: /Common/vpn:Common:76220fff: AD agent: Auth (logon attempt:0): authenticate with 'ann' successful",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:11Z"),
            ("observer.vendor", "F5"),
            ("observer.product", "BIG-IP"),
            ("event.code", "01490017"),
            ("rule.name", "/Common/vpn"),
            ("f5.bigip.session_id", "76220fff"),
            ("user.name", "ann"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "<134>Nov 22 09:14:12 bigip1 notice apmd[14311]: 01490102:5: /Common/vpn:Common:76220ffe: Access policy result: Logon_Deny",
        expect: &[
            ("event.reason", "Access policy result: Logon_Deny"),
            ("@timestamp", "2026-11-22T09:14:12Z"),
            ("observer.vendor", "F5"),
            ("observer.product", "BIG-IP"),
            ("event.code", "01490102"),
            ("rule.name", "/Common/vpn"),
            ("f5.bigip.session_id", "76220ffe"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "01580002:5: /Common/vpn:Common:5f56a46c: discard ACL: /Common/deny:0 packet: tcp 203.0.113.5:63694 -> 192.0.2.20:443",
        expect: &[
            ("observer.vendor", "F5"),
            ("observer.product", "BIG-IP"),
            ("event.code", "01580002"),
            ("rule.name", "/Common/vpn"),
            ("f5.bigip.session_id", "5f56a46c"),
            ("network.transport", "tcp"),
            ("source.address", "203.0.113.5"),
            ("source.ip", "203.0.113.5"),
            ("source.port", "63694"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("destination.port", "443"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
        ],
    },
    Example {
        raw: "tmm[19885]: 01490521:5: /Common/vpn:Common:9ef1dac1: Session statistics - bytes in: 3637, bytes out: 6572",
        expect: &[
            ("observer.vendor", "F5"),
            ("observer.product", "BIG-IP"),
            ("event.code", "01490521"),
            ("rule.name", "/Common/vpn"),
            ("f5.bigip.session_id", "9ef1dac1"),
            ("source.bytes", "3637"),
            ("destination.bytes", "6572"),
            ("event.category", "host"),
            ("event.type", "info"),
        ],
    },
    Example {
        raw: "<166>Nov 22 09:15:00 bigip1 notice tmsh[16322]: 01420002:5: AUDIT - pid=16322 user=root folder=/ module=(tmos)# status=[Command OK] cmd_data=modify auth user ann",
        expect: &[
            ("@timestamp", "2026-11-22T09:15:00Z"),
            ("observer.vendor", "F5"),
            ("observer.product", "BIG-IP"),
            ("event.code", "01420002"),
            ("user.name", "root"),
            ("process.command_line", "modify auth user ann"),
            ("event.category", "configuration"),
            ("event.type", "change"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "<166>Nov 22 09:15:10 bigip1 notice mcpd[10653]: 01070638:5: Pool /Common/pool1 member /Common/web3:4000 monitor status down.",
        expect: &[
            ("@timestamp", "2026-11-22T09:15:10Z"),
            ("observer.vendor", "F5"),
            ("observer.product", "BIG-IP"),
            ("event.code", "01070638"),
            ("event.category", "host"),
            ("event.type", "info"),
        ],
    },
    Example {
        raw: r#"<166>Nov 22 09:16:00 bigip1 ASM:f5_asm=Splunk-F5-ASM,attack_type="SQL-Injection",date_time="2026-11-22 09:16:00",dest_ip=192.0.2.80,dest_port=80,ip_client=203.0.113.66,src_port=40001,method="GET",uri="/a?b=c",policy_name="/Common/web",request_status="blocked",response_code="0",severity="Critical",sig_ids="200021069",sig_names="SQL-INJ""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:16:00Z"),
            ("observer.vendor", "F5"),
            ("observer.product", "BIG-IP"),
            ("f5.bigip.f5_asm", "Splunk-F5-ASM"),
            ("rule.category", "SQL-Injection"),
            ("destination.address", "192.0.2.80"),
            ("destination.ip", "192.0.2.80"),
            ("destination.port", "80"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "40001"),
            ("http.request.method", "GET"),
            ("url.original", "/a?b=c"),
            ("url.path", "/a"),
            ("url.query", "b=c"),
            ("rule.ruleset", "/Common/web"),
            ("event.action", "blocked"),
            ("http.response.status_code", "0"),
            ("log.level", "Critical"),
            ("rule.id", "200021069"),
            ("rule.name", "SQL-INJ"),
            ("event.category", "web"),
            ("event.type", "denied"),
        ],
    },
    Example {
        raw: "<134>Nov 22 09:14:13 bigip1 notice apmd[14311]: 01490005:5: /Common/vpn:Common:76220ffd: Following rule 'staff' from item 'AD Query' to ending 'Deny'",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:13Z"),
            ("event.category", "authentication"),
            ("event.code", "01490005"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("f5.bigip.session_id", "76220ffd"),
            ("host.name", "bigip1"),
            ("observer.product", "BIG-IP"),
            ("observer.vendor", "F5"),
            ("process.name", "apmd"),
            ("process.pid", "14311"),
            ("rule.name", "staff"),
        ],
    },
    Example { raw: "<134>Nov 22 09:14:10 bigip1 notice apmd[14311]:", expect: &[] },
];
