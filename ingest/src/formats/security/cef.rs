//! Common Event Format.

mod vendors;

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memmem, memrchr3};

use crate::{
    Event, Field,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::set_own,
    scan::{integer, reject, set_destination, set_number, set_some, set_source},
    table::set_transport,
    time,
    web::set_url,
};

use vendors::Vendor;

/// Common Event Format (ArcSight): what security products of many vendors write.
pub struct Cef;

const OWN: &str = "cef.";
/// How far into a record the marks of its header are looked for where nothing else tells.
const MAX_HEADER: usize = 512;
/// Most pairs read of an extension; the rest stays in the raw record.
const MAX_PAIRS: usize = 256;
/// Longest key of an extension.
const MAX_KEY: usize = 64;

impl Format for Cef {
    fn name(&self) -> &'static str {
        "cef"
    }

    fn category(&self) -> &'static str {
        "security"
    }

    fn product(&self) -> &'static str {
        "Common Event Format (many vendors)"
    }

    fn about(&self) -> &'static str {
        "CEF:0 and CEF:1 records (ArcSight Common Event Format Implementation Standard)"
    }

    fn logsource(&self) -> LogSource {
        // `firewall` as well where a record names both ends of a connection
        LogSource { category: "", product: "cef", services: &["cef"] }
    }

    fn programs(&self) -> &'static [&'static str] {
        &["CEF"]
    }

    fn structure(&self) -> Structure {
        Structure::Begins(&["CEF:", "ASM:CEF:", "0|", "1|"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        // a relay may have taken `CEF:` for the name of a program and kept what follows
        message.starts_with(b"CEF:")
            || message.starts_with(b"ASM:CEF:")
            || matches!(message, [b'0' | b'1', b'|', ..])
                && memchr_iter(b'|', &message[..message.len().min(MAX_HEADER)]).count() >= 7
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        // `CEF:` looks like a program's tag, so that the envelope may have taken it off
        let text = line.message.strip_prefix(b"ASM:").unwrap_or(line.message);
        let text = text.strip_prefix(b"CEF:").unwrap_or(text);
        // a relay may have written it once more
        let text = text.strip_prefix(b"CEF:").unwrap_or(text);
        let mut rest = text.trim_ascii_start();
        let mut head: [&[u8]; 7] = [b""; 7];
        for part in &mut head {
            let end = unescaped(b'|', rest).ok_or(reject("cef_short_header"))?;
            (*part, rest) = (&rest[..end], &rest[end + 1..]);
        }
        let [version, vendor, product, device_version, class, name, severity] = head;
        if integer(version).is_none() {
            return Err(reject("cef_no_version"));
        }
        for (field, part) in [
            (field::OBSERVER_VENDOR, vendor),
            (field::OBSERVER_PRODUCT, product),
            (field::OBSERVER_VERSION, device_version),
            (field::EVENT_CODE, class),
            (field::RULE_NAME, name),
        ] {
            if !part.is_empty() {
                event.set(field, &plain(part));
            }
        }
        set_severity(severity, event);
        event.replace(field::MESSAGE, &plain(name));
        let mut seen = Seen { vendor: vendors::of(vendor, product), ..Seen::default() };
        extension(rest.trim_ascii(), &mut seen, event);
        if let Some(vendor) = seen.vendor {
            vendor.finish(event);
        }
        if event.get(field::EVENT_CATEGORY).is_none() {
            classify(name, &seen, event);
        }
        event.keep_last(field::MESSAGE);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Where `mark` stands without a backslash before it.
fn unescaped(mark: u8, text: &[u8]) -> Option<usize> {
    let mut escapes = 0;
    for (at, byte) in text.iter().enumerate() {
        match *byte {
            b'\\' => escapes += 1,
            byte if byte == mark && escapes % 2 == 0 => return Some(at),
            _ => escapes = 0,
        }
    }
    None
}

/// Without the backslashes before `|`, `=` and `\`; `\n` and `\r` are line breaks. Other backslashes stand for
/// themselves: paths of Windows often come without their escapes.
fn plain(text: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr(b'\\', text) else { return Cow::Borrowed(text) };
    let mut out = text[..first].to_vec();
    let mut bytes = text[first..].iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        let next = bytes.peek().copied().filter(|_| byte == b'\\');
        out.push(match next {
            Some(escaped @ (b'|' | b'=' | b'\\')) => escaped,
            Some(b'n') if !is_path(text) => b'\n',
            Some(b'r') if !is_path(text) => b'\r',
            _ => {
                out.push(byte);
                continue;
            }
        });
        bytes.next();
    }
    Cow::Owned(out)
}

/// `C:\new` holds no line break.
fn is_path(text: &[u8]) -> bool {
    matches!(text, [b'A'..=b'Z' | b'a'..=b'z', b':', b'\\', ..])
}

/// 0 to 10, or a word (section "Severity" of the standard).
fn set_severity(severity: &[u8], event: &mut Event<'_>) {
    let number = match severity {
        b"Unknown" | b"Low" | b"low" => Some(0),
        b"Medium" | b"medium" => Some(4),
        b"High" | b"high" => Some(7),
        b"Very-High" | b"very-high" => Some(9),
        _ => integer(severity),
    };
    match number {
        Some(number) => event.set_int(field::EVENT_SEVERITY, number),
        None => set_own(event, OWN, b"severity", severity),
    }
}

/// What the classification needs of an extension.
#[derive(Default)]
struct Seen<'r> {
    vendor: Option<Vendor>,
    timed: bool,
    outcome: &'r [u8],
    action: &'r [u8],
    behaviour: &'r [u8],
    source_name: &'r [u8],
    target_name: &'r [u8],
    source_user: &'r [u8],
    target_user: &'r [u8],
}

/// `key=value key=value`: a value reaches to the blank before the next key, so it may hold blanks, and `=` with a
/// backslash.
fn extension<'r>(text: &'r [u8], seen: &mut Seen<'r>, event: &mut Event<'r>) {
    let mut labels: [(&[u8], &[u8]); 16] = [(b"", b""); 16];
    let mut open: Option<(&[u8], usize)> = None;
    let mut pairs = 0;
    let mut key_from = 0;
    for at in memchr_iter(b'=', text) {
        // no key is longer, so that a text of `=` alone costs no more than its length
        let near = key_from.max(at.saturating_sub(MAX_KEY + 1));
        let from = memrchr3(b' ', b'\n', b'\t', &text[near..at]).map_or(near, |blank| near + blank + 1);
        let key = &text[from..at];
        if !is_key(key) || pairs == MAX_PAIRS {
            continue;
        }
        if let Some((key, start)) = open {
            take(key, text[start..from].trim_ascii(), seen, &mut labels, event);
        }
        open = Some((key, at + 1));
        key_from = at + 1;
        pairs += 1;
    }
    if let Some((key, start)) = open {
        take(key, &text[start..], seen, &mut labels, event);
    }
    set_labelled(&labels, event);
    set_names(seen, event);
}

/// Keys are words of letters and digits; vendors add dots, underscores and brackets.
fn is_key(key: &[u8]) -> bool {
    !key.is_empty()
        && key.len() <= MAX_KEY
        && key.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b'[' | b']' | b'@'))
}

fn take<'r>(
    key: &'r [u8],
    value: &'r [u8],
    seen: &mut Seen<'r>,
    labels: &mut [(&'r [u8], &'r [u8]); 16],
    event: &mut Event<'r>,
) {
    if value.is_empty() || value == b"null" {
        return;
    }
    if seen.vendor.is_some_and(|vendor| vendor.take(key, &plain(value), event)) {
        match key {
            b"rt" | b"start" => seen.timed = true,
            b"act" => seen.action = value,
            b"suser" => seen.source_user = value,
            b"duser" => seen.target_user = value,
            _ => {}
        }
        return;
    }
    if let Some(number) = key.strip_suffix(b"Label") {
        if let Some(free) = labels.iter_mut().find(|(key, _)| key.is_empty()) {
            *free = (number, value);
        }
        return set_own(event, OWN, key, &plain(value));
    }
    match key {
        b"rt" => seen.timed = true,
        b"outcome" => seen.outcome = value,
        b"act" => seen.action = value,
        b"categoryBehavior" => seen.behaviour = value,
        b"suser" => seen.source_user = value,
        b"duser" => seen.target_user = value,
        _ => {}
    }
    if let Some(field) = number_of(key).filter(|_| integer(value).is_some()) {
        return set_number(event, field, value);
    }
    match key {
        b"shost" => seen.source_name = value,
        b"dhost" => seen.target_name = value,
        b"src" => set_source(event, value),
        b"dst" => set_destination(event, value),
        b"request" => set_url(event, &plain(value)),
        b"msg" => event.replace(field::MESSAGE, &plain(value)),
        b"rt" | b"start" | b"end" => set_time(key, value, event),
        // Fortinet's own, FTNTFGTeventtime or FortinetFortiGateeventtime, in records without `rt`
        key if key.ends_with(b"eventtime") => match time::read(value).filter(|_| !seen.timed) {
            Some(stamp) => event.set_stamp(field::TIMESTAMP, stamp),
            None => set_own(event, OWN, key, value),
        },
        b"deviceDirection" => match value {
            b"0" => event.set_static(field::NETWORK_DIRECTION, "inbound"),
            b"1" => event.set_static(field::NETWORK_DIRECTION, "outbound"),
            _ => set_own(event, OWN, key, value),
        },
        b"proto" => set_transport(event, value),
        b"dtz" => event.set(field::EVENT_TIMEZONE, value),
        b"fileHash" => set_digest(event, value),
        b"outcome" => {}
        _ => match text_of(key) {
            Some(field) => event.set(field, &plain(value)),
            None => set_own(event, OWN, key, &plain(value)),
        },
    }
}

/// A name beside an address is the address's name; alone it is the address.
fn set_names(seen: &Seen<'_>, event: &mut Event<'_>) {
    match event.get(field::SOURCE_ADDRESS) {
        Some(_) => set_some(event, field::SOURCE_DOMAIN, seen.source_name),
        None => set_source(event, seen.source_name),
    }
    match event.get(field::DESTINATION_ADDRESS) {
        Some(_) => set_some(event, field::DESTINATION_DOMAIN, seen.target_name),
        None => set_destination(event, seen.target_name),
    }
}

fn set_time(key: &[u8], value: &[u8], event: &mut Event<'_>) {
    let field = match key {
        b"rt" => field::TIMESTAMP,
        b"start" => field::EVENT_START,
        _ => field::EVENT_END,
    };
    match time::read(value) {
        Some(stamp) => event.set_stamp(field, stamp),
        None => set_own(event, OWN, key, value),
    }
}

fn number_of(key: &[u8]) -> Option<Field> {
    Some(match key {
        b"spt" => field::SOURCE_PORT,
        b"dpt" => field::DESTINATION_PORT,
        b"in" => field::SOURCE_BYTES,
        b"out" => field::DESTINATION_BYTES,
        b"sourceTranslatedPort" => field::SOURCE_NAT_PORT,
        b"destinationTranslatedPort" => field::DESTINATION_NAT_PORT,
        b"fsize" => field::FILE_SIZE,
        b"dpid" | b"spid" | b"dvcpid" => field::PROCESS_PID,
        _ => return None,
    })
}

/// The standard's keys that ECS has a name for.
fn text_of(key: &[u8]) -> Option<Field> {
    Some(match key {
        b"act" => field::EVENT_ACTION,
        b"app" => field::NETWORK_PROTOCOL,
        b"reason" => field::EVENT_REASON,
        b"externalId" => field::EVENT_ID,
        b"suser" => field::SOURCE_USER_NAME,
        b"suid" => field::SOURCE_USER_ID,
        b"duser" => field::DESTINATION_USER_NAME,
        b"duid" => field::DESTINATION_USER_ID,
        b"smac" => field::SOURCE_MAC,
        b"dmac" => field::DESTINATION_MAC,
        b"sourceTranslatedAddress" => field::SOURCE_NAT_IP,
        b"destinationTranslatedAddress" => field::DESTINATION_NAT_IP,
        b"dvc" => field::OBSERVER_IP,
        b"dvchost" => field::OBSERVER_HOSTNAME,
        b"deviceExternalId" => field::OBSERVER_NAME,
        b"deviceInboundInterface" => field::OBSERVER_INGRESS_INTERFACE_NAME,
        b"deviceOutboundInterface" => field::OBSERVER_EGRESS_INTERFACE_NAME,
        b"requestMethod" => field::HTTP_METHOD,
        b"requestContext" => field::HTTP_REFERRER,
        b"requestClientApplication" => field::USER_AGENT,
        b"fname" => field::FILE_NAME,
        b"filePath" => field::FILE_PATH,
        b"oldFilePath" | b"fileId" | b"filePermission" => return None,
        b"fileType" => field::FILE_TYPE,
        b"deviceMacAddress" => field::OBSERVER_MAC,
        b"spriv" => field::SOURCE_USER_GROUP_NAME,
        b"dpriv" => field::DESTINATION_USER_GROUP_NAME,
        b"sntdom" => field::SOURCE_USER_DOMAIN,
        b"dntdom" => field::DESTINATION_USER_DOMAIN,
        b"sproc" | b"dproc" | b"deviceProcessName" => field::PROCESS_NAME,
        b"sourceServiceName" | b"destinationServiceName" => field::SERVICE_NAME,
        _ => return None,
    })
}

/// `cs1=x cs1Label=Policy Name` is `cef.Policy_Name` as well.
fn set_labelled(labels: &[(&[u8], &[u8]); 16], event: &mut Event<'_>) {
    for (number, label) in labels.iter().take_while(|(number, _)| !number.is_empty()) {
        let Some(value) = crate::pairs::own_field(OWN, number).and_then(|field| event.get(field)) else { continue };
        if let Some(text) = event.value_bytes(value).map(Cow::into_owned) {
            vendors::set_labelled(label, &text, event);
        }
        let mut name = [0_u8; 64];
        let Some(name) = name.get_mut(..label.len()) else { continue };
        for (to, from) in name.iter_mut().zip(*label) {
            *to = if from.is_ascii_graphic() && *from != b'.' { *from } else { b'_' };
        }
        if let Some(field) = crate::pairs::own_field(OWN, name) {
            event.push(field, value);
        }
    }
}

fn classify(name: &[u8], seen: &Seen<'_>, event: &mut Event<'_>) {
    let outcome = match seen.outcome.to_ascii_lowercase().as_slice() {
        b"success" | b"/success" | b"ok" | b"succeeded" => "success",
        o if o.starts_with(b"fail") || o.starts_with(b"/fail") || matches!(o, b"error" | b"denied") => "failure",
        _ => "",
    };
    let name = name.to_ascii_lowercase();
    let any = |text: &[u8], words: &[&[u8]]| words.iter().any(|word| memmem::find(text, word).is_some());
    let failed = outcome == "failure" || any(&name, &[b"fail", b"denied", b"invalid", b"reject", b"lockout"]);
    if seen.behaviour.starts_with(b"/Authentication") || any(&name, &[b"login", b"logon", b"authenticat", b"sign-in"]) {
        let user = if seen.target_user.is_empty() { seen.source_user } else { seen.target_user };
        set_some(event, field::USER_NAME, &plain(user));
        let outcome = if failed { "failure" } else { outcome };
        return event.classify("authentication", "start", "", outcome);
    }
    if event.get(field::SOURCE_IP).is_some() && event.get(field::DESTINATION_IP).is_some() {
        event.logsource.category = "firewall";
        event.classify("network", "connection", "", outcome);
        let action = seen.action.to_ascii_lowercase();
        if any(&action, &[b"den", b"block", b"drop", b"reject", b"reset", b"prevent"]) {
            event.set_static(field::EVENT_TYPE, "denied");
        } else if any(&action, &[b"allow", b"accept", b"permit", b"pass"]) {
            event.set_static(field::EVENT_TYPE, "allowed");
        }
        return;
    }
    event.classify("", "", "", outcome);
}

/// A digest by its length.
fn set_digest(event: &mut Event<'_>, digest: &[u8]) {
    match digest.len() {
        32 => event.set(field::FILE_HASH_MD5, digest),
        40 => event.set(field::FILE_HASH_SHA1, digest),
        64 => event.set(field::FILE_HASH_SHA256, digest),
        _ => set_own(event, OWN, b"fileHash", digest),
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r"<134>Nov 22 09:14:07 gw1 CEF:0|Example Corp|Gate\|Keeper|7.2|100|Connection blocked|5|rt=1795338847000 src=203.0.113.66 spt=51515 dst=192.0.2.20 dpt=443 proto=TCP act=blocked suser=guest request=https://www.example/a?b\=c msg=blocked by rule nine cs1=nine cs1Label=Policy Name cn1=3 in=120 deviceDirection=0",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("host.name", "gw1"),
            ("observer.vendor", "Example Corp"),
            ("observer.product", "Gate|Keeper"),
            ("observer.version", "7.2"),
            ("event.code", "100"),
            ("event.severity", "5"),
            ("rule.name", "Connection blocked"),
            ("message", "blocked by rule nine"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("source.bytes", "120"),
            ("source.user.name", "guest"),
            ("destination.ip", "192.0.2.20"),
            ("destination.port", "443"),
            ("network.transport", "tcp"),
            ("network.direction", "inbound"),
            ("event.action", "blocked"),
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("url.original", "https://www.example/a?b=c"),
            ("url.query", "b=c"),
            ("cef.cs1", "nine"),
            ("cef.cs1Label", "Policy Name"),
            ("cef.Policy_Name", "nine"),
            ("cef.cn1", "3"),
            ("source.address", "203.0.113.66"),
            ("destination.address", "192.0.2.20"),
            ("url.scheme", "https"),
            ("url.domain", "www.example"),
            ("url.path", "/a"),
            ("event.category", "network"),
        ],
    },
    Example {
        raw: r"CEF:0|Example Corp|Portal|1.0|auth-2|User login failed|High|rt=Nov 22 2026 09:14:08 shost=desk7 duser=CORP\\b.jones outcome=failure reason=bad password filePath=C:\new\file.txt",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("user.name", r#"CORP\b.jones"#),
            ("event.reason", "bad password"),
            ("event.severity", "7"),
            ("source.domain", "desk7"),
            ("file.path", r#"C:\new\file.txt"#),
            ("message", "User login failed"),
            ("observer.vendor", "Example Corp"),
            ("observer.product", "Portal"),
            ("observer.version", "1.0"),
            ("event.code", "auth-2"),
            ("rule.name", "User login failed"),
            ("destination.user.name", r#"CORP\b.jones"#),
            ("source.address", "desk7"),
            ("event.type", "start"),
        ],
    },
    Example {
        raw: "CEF:0|Cisco|C300V Secure Email Gateway Virtual|16.0.2-112|ESA_CONSOLIDATED_LOG_EVENT|Consolidated Log Event|5|deviceExternalId=0c5a26da ESAMID=4711 ESAICID=22 cs4Label=ExternalMsgID cs4='<1@example.net>' src=203.0.113.66 shost=mail.example.net suser=x@example.net msg='Invoice' duser=anna@example.com act=DELIVERED startTime=Sun Nov 22 09:14:07 2026",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("cef.cs4Label", "ExternalMsgID"),
            ("cisco.esa.ICID", "22"),
            ("email.from.address", "x@example.net"),
            ("email.local_id", "4711"),
            ("email.message_id", "1@example.net"),
            ("email.subject", "Invoice"),
            ("email.to.address", "anna@example.com"),
            ("event.action", "DELIVERED"),
            ("event.code", "ESA_CONSOLIDATED_LOG_EVENT"),
            ("event.severity", "5"),
            ("event.start", "2026-11-22T09:14:07Z"),
            ("observer.product", "C300V Secure Email Gateway Virtual"),
            ("observer.serial_number", "0c5a26da"),
            ("observer.vendor", "Cisco"),
            ("observer.version", "16.0.2-112"),
            ("rule.name", "Consolidated Log Event"),
            ("source.address", "203.0.113.66"),
            ("source.domain", "mail.example.net"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: "CEF:0|Example Corp|Portal|1.0|auth-2|User login failed|Hi", expect: &[] },
    Example {
        raw: "<134>Nov 22 09:40:00 fw1 CEF:0|Check Point|VPN-1 & FireWall-1|Check Point|Log|https|Unknown|act=Accept deviceDirection=0 rt=1795340400000 spt=51515 dpt=443 cs2Label=Rule Name cs2=web out layer_name=Network ifname=bond2 loguid={0x5c4608f2,0x1,0x1,0x1} origin=192.0.2.1 version=5 dst=198.51.100.80 inzone=Internal outzone=External proto=6 src=192.0.2.17",
        expect: &[
            ("@timestamp", "2026-11-22T09:40:00Z"),
            ("observer.vendor", "Check Point"),
            ("observer.product", "VPN-1 & FireWall-1"),
            ("observer.version", "Check Point"),
            ("event.code", "Log"),
            ("rule.name", "web out"),
            ("event.severity", "0"),
            ("event.action", "Accept"),
            ("network.direction", "inbound"),
            ("source.port", "51515"),
            ("destination.port", "443"),
            ("cef.cs2Label", "Rule Name"),
            ("cef.cs2", "web out"),
            ("rule.ruleset", "Network"),
            ("checkpoint.ifname", "bond2"),
            ("event.id", "{0x5c4608f2,0x1,0x1,0x1}"),
            ("observer.name", "192.0.2.1"),
            ("observer.ip", "192.0.2.1"),
            ("cef.version", "5"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("observer.ingress.zone", "Internal"),
            ("observer.egress.zone", "External"),
            ("network.iana_number", "6"),
            ("network.transport", "tcp"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("cef.Rule_Name", "web out"),
            ("observer.ingress.interface.name", "bond2"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.outcome", "success"),
            ("event.type", "allowed"),
        ],
    },
    Example {
        raw: r#"CEF:0|SonicWall|NSa 4500|7.0.1|98|Connection Opened|4|cat=262144 gcat=6 src=192.0.2.17 spt=51515 deviceInboundInterface=X0 cs1Label=203.0.113.9 snpt=40001 dst=198.51.100.80 dpt=443 susr="ann" proto=tcp/https out=12 in=34 appName="General HTTPS" fw_action="NA""#,
        expect: &[
            ("observer.vendor", "SonicWall"),
            ("observer.product", "NSa 4500"),
            ("observer.version", "7.0.1"),
            ("event.code", "98"),
            ("rule.name", "Connection Opened"),
            ("event.severity", "4"),
            ("cef.cat", "262144"),
            ("cef.gcat", "6"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("source.port", "51515"),
            ("observer.ingress.interface.name", "X0"),
            ("source.nat.ip", "203.0.113.9"),
            ("source.nat.port", "40001"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("destination.port", "443"),
            ("user.name", "ann"),
            ("network.transport", "tcp"),
            ("network.protocol", "https"),
            ("source.bytes", "12"),
            ("destination.bytes", "34"),
            ("network.application", "General HTTPS"),
            ("event.category", "network"),
            ("event.type", "connection"),
        ],
    },
    Example {
        raw: r"CEF:0|Palo Alto Networks|LF|2.0|TRAFFIC|end|3|dtz=UTC rt=Nov 22 2026 09:41:00 deviceExternalId=007951000012345 src=192.0.2.17 dst=198.51.100.80 sourceTranslatedAddress=203.0.113.9 cs1=Internet access cs1Label=Rule suser=example\\ann app=ssl cs4=trust cs4Label=FromZone cs5=untrust cs5Label=ToZone spt=51515 dpt=443 proto=tcp act=allow PanOSPacketsSent=30 PanOSRuleUUID=d0422b3b-0000-4916-8b97-524c32780f90",
        expect: &[
            ("@timestamp", "2026-11-22T09:41:00Z"),
            ("observer.vendor", "Palo Alto Networks"),
            ("observer.product", "LF"),
            ("observer.version", "2.0"),
            ("event.code", "TRAFFIC"),
            ("rule.name", "Internet access"),
            ("event.severity", "3"),
            ("event.timezone", "UTC"),
            ("observer.serial_number", "007951000012345"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("source.nat.ip", "203.0.113.9"),
            ("cef.cs1", "Internet access"),
            ("cef.cs1Label", "Rule"),
            ("source.user.name", "ann"),
            ("source.user.domain", "example"),
            ("user.name", "ann"),
            ("user.domain", "example"),
            ("network.application", "ssl"),
            ("cef.cs4", "trust"),
            ("cef.cs4Label", "FromZone"),
            ("cef.cs5", "untrust"),
            ("cef.cs5Label", "ToZone"),
            ("source.port", "51515"),
            ("destination.port", "443"),
            ("network.transport", "tcp"),
            ("event.action", "allow"),
            ("source.packets", "30"),
            ("rule.uuid", "d0422b3b-0000-4916-8b97-524c32780f90"),
            ("cef.Rule", "Internet access"),
            ("observer.ingress.zone", "trust"),
            ("cef.FromZone", "trust"),
            ("observer.egress.zone", "untrust"),
            ("cef.ToZone", "untrust"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
        ],
    },
    Example {
        raw: r"CEF:0|Incapsula|SIEMintegration|1|1|Illegal Resource Access|3|fileId=3412341160002518171 sourceServiceName=www.example siteid=1509732 requestClientApplication=curl/8.0 act=REQ_BLOCKED_RULE deviceExternalId=33411452762204224 cpt=443 ver=TLSv1.3 TLS_AES_128_GCM_SHA256 src=203.0.113.66 in=54 request=www.example/admin qstr=a\=b start=1795340520000 requestMethod=GET app=HTTP",
        expect: &[
            ("@timestamp", "2026-11-22T09:42:00Z"),
            ("observer.vendor", "Incapsula"),
            ("observer.product", "SIEMintegration"),
            ("observer.version", "1"),
            ("event.code", "1"),
            ("rule.name", "Illegal Resource Access"),
            ("event.severity", "3"),
            ("cef.fileId", "3412341160002518171"),
            ("url.domain", "www.example"),
            ("destination.address", "www.example"),
            ("destination.domain", "www.example"),
            ("cef.siteid", "1509732"),
            ("user_agent.original", "curl/8.0"),
            ("event.action", "REQ_BLOCKED_RULE"),
            ("http.request.id", "33411452762204224"),
            ("source.port", "443"),
            ("tls.version", "1.3"),
            ("tls.version_protocol", "tls"),
            ("tls.cipher", "TLS_AES_128_GCM_SHA256"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.bytes", "54"),
            ("url.original", "www.example/admin"),
            ("url.path", "www.example/admin"),
            ("url.query", "a=b"),
            ("http.request.method", "GET"),
            ("network.protocol", "HTTP"),
            ("event.start", "2026-11-22T09:42:00Z"),
        ],
    },
    Example {
        raw: "CEF:0|Fortinet|FortiGate|v7.4|00013|traffic:forward close|3|deviceExternalId=FGT60FTK00000001 FTNTFGTeventtime=1795340580000000000 FTNTFGTlogid=0000000013 cat=traffic:forward FTNTFGTlevel=notice src=192.0.2.17 spt=51515 dst=198.51.100.80 dpt=443 out=4711 in=81230 proto=6 act=close FTNTFGTpolicyid=12 app=HTTPS",
        expect: &[
            ("@timestamp", "2026-11-22T09:43:00Z"),
            ("observer.vendor", "Fortinet"),
            ("observer.product", "FortiGate"),
            ("observer.version", "v7.4"),
            ("event.code", "00013"),
            ("rule.name", "traffic:forward close"),
            ("event.severity", "3"),
            ("observer.serial_number", "FGT60FTK00000001"),
            ("event.code", "0000000013"),
            ("fortinet.cat", "traffic:forward"),
            ("log.level", "notice"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("source.port", "51515"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("destination.port", "443"),
            ("source.bytes", "4711"),
            ("destination.bytes", "81230"),
            ("network.iana_number", "6"),
            ("network.transport", "tcp"),
            ("event.action", "close"),
            ("rule.id", "12"),
            ("fortinet.policyid", "12"),
            ("network.protocol", "HTTPS"),
            ("event.category", "network"),
            ("event.type", "connection"),
        ],
    },
];
