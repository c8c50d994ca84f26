//! Palo Alto Networks PAN-OS: comma-separated syslog.

mod columns;
mod examples;

use jiff::SignedDuration;
use memchr::memmem;

use self::columns::TABLES;
use crate::{
    Event,
    envelope::{Line, Stamp, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{integer, ip, reject, set_number, set_source, split},
    table::{Cell, Cells, USER},
    web,
};

/// PAN-OS in the vendor's default syslog format.
pub struct Panos;

/// The column that names the log type.
const TYPE: usize = 3;
/// How far into a message the first four columns lie.
const MAX_HEAD: usize = 256;
/// The length of a time with milliseconds and zone: `2026-11-22T03:09:07.123+01:00`.
const HIGH_RESOLUTION: usize = 29;

impl Format for Panos {
    fn name(&self) -> &'static str {
        "panos"
    }
    fn category(&self) -> &'static str {
        "firewall"
    }
    fn product(&self) -> &'static str {
        "Palo Alto Networks PAN-OS"
    }
    fn about(&self) -> &'static str {
        "PAN-OS logs of every type as comma-separated syslog (PAN-OS Administrator's Guide, Syslog Field Descriptions)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "paloalto", services: &["panos", "paloalto"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            ",TRAFFIC,",
            ",THREAT,",
            ",SYSTEM,",
            ",CONFIG,",
            ",GLOBALPROTECT,",
            ",HIPMATCH,",
            ",HIP-MATCH,",
            ",USERID,",
            ",AUTHENTICATION,",
            ",AUTH,",
            ",CORRELATION,",
            ",DECRYPTION,",
            ",GTP,",
            ",SCTP,",
            ",START,",
            ",END,",
            ",IPTAG,",
            ",AUDIT,",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        begin(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = begin(line.message).ok_or(reject("panos_no_head"))?;
        let [kind, config_end] = [TYPE, 17].map(|at| Cells::new(text).nth(at).map_or(&b""[..], |cell| cell.text));
        let table = TABLES.of(kind, config_end.starts_with(b"0x"));
        for (field, word) in [
            (field::OBSERVER_VENDOR, "Palo Alto Networks"),
            (field::OBSERVER_PRODUCT, "PAN-OS"),
            (field::OBSERVER_TYPE, "firewall"),
        ] {
            event.set_static(field, word);
        }
        let wanted = ["subtype", "action", "app", "misc", "threat_id", "description", "event_id", "status", "stage"];
        let [subtype, action, app, misc, threat, description, event_id, status, stage] =
            table.read_cells(event, Cells::new(text), wanted);
        let wanted = ["public_ip", "result", "generated_time", "start", "natsrc", "natsport", "natdst", "natdport"];
        let [public, result, generated, start, nat @ ..] = table.read_cells_of(Cells::new(text), wanted);
        let zone = set_time(text, generated, line.stamp, event);
        set_span(start, zone, subtype, event);
        set_nat(nat, event);
        set_threat(threat, event);
        match kind {
            b"TRAFFIC" | b"START" | b"END" | b"GTP" | b"SCTP" | b"DECRYPTION" => {
                event.classify("network", "connection", "", "");
                event.set_static(field::EVENT_TYPE, verdict(action));
                event.set_static(field::EVENT_OUTCOME, if is_allowed(action) { "success" } else { "failure" });
            }
            b"THREAT" | b"URL" | b"DATA" | b"WILDFIRE" => {
                set_misc(subtype, app, misc, event);
                classify_threat(subtype, action, event);
            }
            b"SYSTEM" => set_system(subtype, event_id, description, event),
            b"CONFIG" => {
                let outcome = if result.starts_with(b"Succe") { "success" } else { "failure" };
                event.classify("configuration", "change", "", if result == b"Submitted" { "" } else { outcome });
            }
            b"GLOBALPROTECT" => {
                if ip(public).is_some() {
                    set_source(event, public);
                }
                classify_globalprotect(event_id, stage, status, event);
            }
            b"AUTHENTICATION" | b"AUTH" => classify_sign_in(event, description),
            b"USERID" => {
                event.classify("iam", "info", "", "");
                if !subtype.is_empty() {
                    event.set(field::EVENT_ACTION, subtype);
                }
            }
            b"CORRELATION" => {
                event.set_static(field::EVENT_KIND, "alert");
                event.classify("intrusion_detection", "info", "", "");
            }
            _ => event.classify("host", "info", "", ""),
        }
        event.keep_last(field::MESSAGE);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        examples::EXAMPLES
    }
}

/// The record from its first column on: a number, a time, a serial number and the type. A relay may have put words of its
/// own before it.
fn begin(message: &[u8]) -> Option<&[u8]> {
    let head = &message[..message.len().min(MAX_HEAD)];
    let comma = memchr::memchr(b',', head)?;
    let from = memchr::memrchr(b' ', &head[..comma]).map_or(0, |blank| blank + 1);
    let text = &message[from..];
    let mut cells = Cells::new(text);
    let (number, time, _, kind) = (cells.next()?.text, cells.next()?.text, cells.next()?, cells.next()?.text);
    let known = kind.len() > 1 && kind.iter().all(|b| b.is_ascii_uppercase() || *b == b'-');
    let timed = time.first().is_some_and(u8::is_ascii_digit) && time.contains(&b':');
    (integer(number).is_some() && timed && known).then_some(text)
}

/// How far the header's wall time may lie from the record's where both are the same clock's (seconds).
const SAME_CLOCK: i64 = 300;

/// The time of the data plane with its zone, where the version writes it; else its wall time. Records of managed
/// firewalls before 10.0 show the epoch there. Gives back the zone, which the header may tell as well.
fn set_time(text: &[u8], generated: &[u8], header: Option<Stamp>, event: &mut Event<'_>) -> Option<i32> {
    let exact = Cells::new(text).filter_map(|cell| high_resolution(&cell)).last();
    let wall = || iso_stamp(generated).map(|(_, stamp, _)| stamp);
    let mut stamp = exact.or_else(wall)?;
    if stamp.offset.is_none()
        && let Some(header) = header.filter(|header| header.has_year)
        && header.civil.duration_since(stamp.civil).as_secs().abs() <= SAME_CLOCK
    {
        stamp.offset = header.offset;
    }
    event.set_stamp(field::TIMESTAMP, stamp);
    stamp.offset
}

/// When a session began, and when it had ended.
fn set_span(start: &[u8], zone: Option<i32>, subtype: &[u8], event: &mut Event<'_>) {
    let Some((_, mut stamp, _)) = iso_stamp(start) else { return };
    stamp.offset = stamp.offset.or(zone);
    event.set_stamp(field::EVENT_START, stamp);
    let elapsed = event.int(field::EVENT_DURATION).map(SignedDuration::from_nanos);
    if subtype != b"start"
        && let Some(civil) = elapsed.and_then(|elapsed| stamp.civil.checked_add(elapsed).ok())
    {
        event.set_stamp(field::EVENT_END, Stamp { civil, ..stamp });
    }
}

/// Without translation both address and port are zero.
fn set_nat<'r>([source, source_port, target, target_port]: [&'r [u8]; 4], event: &mut Event<'r>) {
    for (address, port, fields) in [
        (source, source_port, [field::SOURCE_NAT_IP, field::SOURCE_NAT_PORT]),
        (target, target_port, [field::DESTINATION_NAT_IP, field::DESTINATION_NAT_PORT]),
    ] {
        let Some((bare, parsed)) = ip(address) else { continue };
        if !(parsed.is_unspecified() && matches!(port, b"" | b"0")) {
            event.set(fields[0], bare);
            set_number(event, fields[1], port);
        }
    }
}

/// The vendor's five levels, 1 the worst.
fn set_severity(event: &mut Event<'_>, level: &[u8]) {
    const LEVELS: [&[u8]; 5] = [b"critical", b"high", b"medium", b"low", b"informational"];
    if let Some(number) = (1..).zip(LEVELS).find(|(_, name)| *name == level).map(|(number, _)| number) {
        event.set_int(field::EVENT_SEVERITY, number);
    }
}

fn high_resolution(cell: &Cell<'_>) -> Option<Stamp> {
    let text = cell.text;
    if text.len() != HIGH_RESOLUTION || text[10] != b'T' || text.starts_with(b"19") {
        return None;
    }
    iso_stamp(text).map(|(_, stamp, _)| stamp).filter(|stamp| stamp.offset.is_some())
}

fn is_allowed(action: &[u8]) -> bool {
    matches!(action, b"allow" | b"alert" | b"continue" | b"wildfire-upload-success" | b"forward")
}

fn verdict(action: &[u8]) -> &'static str {
    if is_allowed(action) { "allowed" } else { "denied" }
}

/// `name(id)`: the signature; a URL's `(9999)` is none.
fn set_threat<'r>(threat: &'r [u8], event: &mut Event<'r>) {
    let Some((name, id)) = threat.strip_suffix(b")").and_then(|text| crate::scan::rsplit(text, b"(")) else { return };
    for (key, value) in [(&b"threat.name"[..], name), (b"threat.id", id)] {
        if !value.is_empty() && id != b"9999" {
            crate::pairs::set_own(event, "panw.panos.", key, value);
        }
    }
}

/// `misc` is a URL, a file or a domain that was asked for, by the subtype.
fn set_misc<'r>(subtype: &[u8], app: &[u8], misc: &'r [u8], event: &mut Event<'r>) {
    match subtype {
        _ if misc.is_empty() => {}
        b"url" => set_url(misc, event),
        b"vulnerability" if misc.contains(&b'/') => set_url(misc, event),
        b"spyware" if app.starts_with(b"dns") => event.set(field::DNS_QUESTION_NAME, misc),
        _ => {
            if let Some(at) = misc.iter().rposition(|b| matches!(b, b'/' | b'\\')) {
                event.set(field::FILE_PATH, misc);
                event.set(field::FILE_NAME, &misc[at + 1..]);
            } else {
                event.set(field::FILE_NAME, misc);
            }
            let name = misc.rsplit(|b| matches!(b, b'/' | b'\\')).next().unwrap_or(misc);
            if let Some((_, extension)) =
                crate::scan::rsplit(name, b".").filter(|(_, end)| (1..=8).contains(&end.len()))
            {
                event.set(field::FILE_EXTENSION, extension);
            }
        }
    }
}

/// A URL without its scheme: the host stands first.
fn set_url<'r>(url: &'r [u8], event: &mut Event<'r>) {
    if memmem::find(url, b"://").is_some() {
        return web::set_url(event, url);
    }
    event.set(field::URL_ORIGINAL, url);
    let end = url.iter().position(|b| matches!(b, b'/' | b'?')).unwrap_or(url.len());
    let (host, port) = web::split_port(&url[..end]);
    if host.iter().any(u8::is_ascii_alphanumeric) {
        event.set(field::URL_DOMAIN, host);
        event.set(field::DESTINATION_DOMAIN, host);
    }
    if let Some(port) = port.and_then(integer) {
        event.set_int(field::URL_PORT, port);
    }
    web::set_path(event, &url[end..]);
}

fn classify_threat(subtype: &[u8], action: &[u8], event: &mut Event<'_>) {
    event.set_static(field::EVENT_KIND, "alert");
    let category = match subtype {
        b"virus" | b"wildfire" | b"wildfire-virus" | b"ml-virus" => "malware",
        b"file" | b"data" => "file",
        b"url" => "web",
        _ => "intrusion_detection",
    };
    event.classify(category, verdict(action), "", if is_allowed(action) { "success" } else { "failure" });
    event.set_static(field::EVENT_CATEGORY, "network");
}

/// System records say in words who signed in and from where.
fn set_system<'r>(subtype: &[u8], event_id: &[u8], text: &'r [u8], event: &mut Event<'r>) {
    if !text.is_empty() {
        event.set(field::MESSAGE, text);
    }
    let sign_in =
        matches!(subtype, b"auth") || event_id.starts_with(b"auth-") || event_id.starts_with(b"globalprotect");
    let login = [&b"logged in"[..], b"failed auth", b"authenticated for", b"logged out", b"authentication failed"]
        .iter()
        .any(|phrase| memmem::find(text, phrase).is_some());
    if !(sign_in || login) {
        return event.classify("host", "info", "", "");
    }
    let user =
        [&b"user '"[..], b"User '"].iter().find_map(|mark| split(split(text, mark)?.1, b"'")).map(|(name, _)| name);
    let user = user.or_else(|| Some(word(split(text, b"User name: ")?.1)));
    let user = user.or_else(|| Some(word(text.strip_prefix(b"User ")?)));
    if let Some(user) = user.filter(|user| !user.is_empty()) {
        USER.put(event, user);
    }
    let from = [&b"From: "[..], b"Login from: ", b" from "].iter().find_map(|mark| {
        let address = word(crate::scan::rsplit(text, mark)?.1);
        ip(address.strip_suffix(b".").unwrap_or(address))
    });
    if let Some((address, _)) = from {
        set_source(event, address);
    }
    let failed = event_id.ends_with(b"fail")
        || [&b"failed"[..], b"Invalid", b"locked out"].iter().any(|word| memmem::find(text, word).is_some());
    let good = event_id.ends_with(b"success") || event_id.ends_with(b"succ") || login;
    let kind = if memmem::find(text, b"logged out").is_some() { "end" } else { "start" };
    event.classify(
        "authentication",
        kind,
        "",
        if failed {
            "failure"
        } else if good {
            "success"
        } else {
            ""
        },
    );
}

/// A word up to a blank, a comma or a semicolon.
fn word(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|b| matches!(b, b' ' | b',' | b';')).unwrap_or(text.len());
    text[..end].trim_ascii()
}

fn classify_globalprotect(event_id: &[u8], stage: &[u8], status: &[u8], event: &mut Event<'_>) {
    let outcome = match status {
        b"success" => "success",
        b"failure" => "failure",
        _ => "",
    };
    let is = |word: &[u8]| memmem::find(event_id, word).is_some();
    match stage {
        _ if is(b"logout") || stage == b"logout" => event.classify("session", "end", "", outcome),
        b"login" => event.classify("authentication", "start", "", outcome),
        _ if is(b"auth") || is(b"login") && !is(b"prelogin") => event.classify("authentication", "start", "", outcome),
        _ => event.classify("network", "connection", "", outcome),
    }
}

/// An authentication policy asked for credentials.
fn classify_sign_in(event: &mut Event<'_>, description: &[u8]) {
    let said = event.bytes(field::EVENT_ACTION).unwrap_or_default().to_ascii_lowercase();
    let is = |word: &[u8]| memmem::find(&said, word).is_some();
    let outcome = if is(b"fail") || is(b"timeout") || is(b"denied") || is(b"locked") {
        "failure"
    } else if is(b"success") || memmem::find(description, b"succe").is_some() {
        "success"
    } else {
        ""
    };
    event.classify("authentication", "start", "", outcome);
}

/// A digest by its length.
fn set_digest(event: &mut Event<'_>, digest: &[u8]) {
    match digest.len() {
        32 => event.set(field::FILE_HASH_MD5, digest),
        40 => event.set(field::FILE_HASH_SHA1, digest),
        64 => event.set(field::FILE_HASH_SHA256, digest),
        _ => {}
    }
}

/// The address that a proxy names.
fn set_forwarded(event: &mut Event<'_>, value: &[u8]) {
    if let Some((address, _)) = ip(value.trim_ascii()) {
        event.set(field::NETWORK_FORWARDED_IP, address);
    }
}
