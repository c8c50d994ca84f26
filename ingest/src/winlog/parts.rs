//! What values of Windows events are made of: paths, hashes, command lines, lists in one text.

use memchr::memmem;

use crate::{
    Event, Field, Value,
    ecs::Account,
    field::*,
    paths, scan,
    web::set_url,
    winlog::{EVENT_DATA, USER_DATA, event_data, ids::Family},
};

/// Most addresses of one answer that become fields.
const MAX_ANSWERS: usize = 64;

fn own<'e>(event: &'e Event<'_>, name: &str) -> Option<std::borrow::Cow<'e, [u8]>> {
    event.bytes(event_data(name)?).filter(|text| !matches!(&**text, b"" | b"-"))
}

fn own_bytes(event: &Event<'_>, name: &str) -> Option<Vec<u8>> {
    own(event, name).map(|text| text.into_owned())
}

fn set_named(event: &mut Event<'_>, name: &str, value: &[u8]) {
    if let Some(field) = Field::intern(name).filter(|field| event.get(*field).is_none()) {
        event.set(field, value);
    }
}

/// Reads what must be set before the table of the family: texts that hold several values.
pub(super) fn split(family: Family, id: i64, event: &mut Event<'_>) {
    match family {
        Family::Sysmon => {
            set_hashes(id, event);
            set_answers(event);
            set_direction(event);
        }
        Family::PowerShell => set_powershell(id, event),
        Family::Security if matches!(id, 4656..=4663 | 4670) => set_object(event),
        Family::Security if matches!(id, 5140..=5145) => set_share(event),
        Family::Security if matches!(id, 5152..=5159) => set_filtered(event),
        Family::Security if matches!(id, 4727..=4735 | 4737 | 4744..=4764) => set_member(event),
        Family::Security | Family::System if matches!(id, 104 | 1100..=1105) => set_cleared(event),
        Family::System if id == 7036 => set_service(event),
        Family::Update => set_update(event),
        Family::SqlServer if id == 33205 => read_audit(event),
        Family::SqlServer | Family::Backup | Family::Other => set_session(event),
        _ => {}
    }
}

/// What follows from the fields once they are set: names of files out of paths, words of command lines.
pub(super) fn settle(family: Family, id: i64, event: &mut Event<'_>) {
    paths::settle(event);
    if let Some(url) = event.bytes(URL_ORIGINAL).filter(|_| family == Family::Other).map(|url| url.into_owned()) {
        event.remove(URL_ORIGINAL);
        set_url(event, &url);
    }
    if family == Family::Security && matches!(id, 4624 | 4625 | 4634 | 4647 | 4768) {
        set_target(event);
    }
    if family == Family::Sysmon && id == 22 && event.get(NETWORK_PROTOCOL).is_none() {
        event.set_static(NETWORK_PROTOCOL, "dns");
    }
}

/// Whoever logs on is the target of the subject, who asked for it.
fn set_target(event: &mut Event<'_>) {
    for (from, to) in [(USER_ID, USER_TARGET_ID), (USER_NAME, USER_TARGET_NAME)] {
        if let (Some(value), None) = (event.get(from), event.get(to)) {
            event.push(to, value);
        }
    }
    if let (Some(value), Some(field)) = (event.get(USER_DOMAIN), Field::intern("user.target.domain")) {
        event.push(field, value);
    }
}

/// Sysmon's `SHA1=…,MD5=…,SHA256=…,IMPHASH=…`, of the process or of the file that the event is about.
fn set_hashes(id: i64, event: &mut Event<'_>) {
    let of = if matches!(id, 6 | 7 | 15) { "file" } else { "process" };
    let Some(hashes) = own_bytes(event, "Hashes").or_else(|| own_bytes(event, "Hash")) else { return };
    for hash in hashes.split(|byte| *byte == b',') {
        let Some((kind, value)) = scan::split(hash, b"=") else { continue };
        let name = match kind {
            b"MD5" => "hash.md5",
            b"SHA1" => "hash.sha1",
            b"SHA256" => "hash.sha256",
            b"IMPHASH" => "pe.imphash",
            _ => continue,
        };
        set_named(event, &format!("{of}.{name}"), &value.to_ascii_lowercase());
    }
}

/// Sysmon's `QueryResults`: `type:  5 name;::ffff:192.0.2.1;…`.
fn set_answers(event: &mut Event<'_>) {
    let Some(results) = own_bytes(event, "QueryResults").filter(|_| event.get(DNS_RESOLVED_IP).is_none()) else {
        return;
    };
    for part in results.split(|byte| *byte == b';').take(MAX_ANSWERS) {
        let address = part.trim_ascii().strip_prefix(b"::ffff:").unwrap_or(part.trim_ascii());
        if scan::ip(address).is_some() {
            event.set(DNS_RESOLVED_IP, address);
        }
    }
}

fn set_direction(event: &mut Event<'_>) {
    let direction = match own(event, "Initiated").as_deref() {
        Some(b"true") => "egress",
        Some(b"false") => "ingress",
        _ => return,
    };
    if event.get(NETWORK_DIRECTION).is_none() {
        event.set_static(NETWORK_DIRECTION, direction);
    }
}

/// SQL Server writes the whole record as the event's only value; relays that render events keep it in the message.
fn read_audit(event: &mut Event<'_>) {
    let told = ["Data", "param1"].into_iter().find_map(|name| own_bytes(event, name));
    let text = told.or_else(|| event.bytes(MESSAGE).map(|text| text.into_owned()));
    text.into_iter().for_each(|text| {
        super::sqlaudit::read(&text, event);
    });
}

/// The object of an access: a file, where its type says so.
fn set_object(event: &mut Event<'_>) {
    let is_file = own(event, "ObjectType").is_some_and(|kind| &*kind == b"File" || &*kind == b"Process");
    if is_file && let Some(name) = own_bytes(event, "ObjectName") {
        set_named(event, "file.path", &name);
    }
}

fn set_share(event: &mut Event<'_>) {
    let local =
        own_bytes(event, "ShareLocalPath").map(|path| path.strip_prefix(br"\??\").map(<[u8]>::to_vec).unwrap_or(path));
    let target = own_bytes(event, "RelativeTargetName");
    if let (Some(local), Some(target)) = (&local, &target) {
        let path = [local.strip_suffix(b"\\").unwrap_or(local), b"\\", target].concat();
        set_named(event, "file.path", &path);
    }
    if let Some(target) = target {
        set_named(event, "file.name", paths::split(&target).1);
    }
    if let Some(directory) = local {
        set_named(event, "file.directory", &directory);
    }
}

/// The filtering platform numbers protocols and writes directions as message ids.
fn set_filtered(event: &mut Event<'_>) {
    if let Some(protocol) = own_bytes(event, "Protocol").filter(|_| event.get(NETWORK_TRANSPORT).is_none()) {
        crate::web::set_protocol_number(event, &protocol);
    }
    let direction = match own(event, "Direction").as_deref() {
        Some(b"%%14592" | b"Inbound") => "ingress",
        Some(b"%%14593" | b"Outbound") => "egress",
        _ => return,
    };
    event.set_static(NETWORK_DIRECTION, direction);
}

/// A group's member is a distinguished name: `CN=Ann,OU=Staff,DC=example,DC=com`.
fn set_member(event: &mut Event<'_>) {
    let Some(member) = own_bytes(event, "MemberName") else { return };
    let parts = || member.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    let value = |part: &'_ [u8], key: &[u8]| {
        part.get(..key.len()).filter(|start| start.eq_ignore_ascii_case(key)).map(|_| part[key.len()..].to_vec())
    };
    if let Some(name) = parts().find_map(|part| value(part, b"CN=")) {
        set_named(event, "user.target.name", &name);
    }
    if let Some(domain) = parts().find_map(|part| value(part, b"DC=")) {
        set_named(event, "user.target.domain", &domain);
    }
}

/// Who cleared a log stands in a schema of its own.
fn set_cleared(event: &mut Event<'_>) {
    for (name, to) in [
        ("SubjectUserSid", "user.id"),
        ("SubjectUserName", "user.name"),
        ("SubjectDomainName", "user.domain"),
        ("BackupPath", "file.path"),
    ] {
        if let Some(value) = Field::intern(&format!("{USER_DATA}{name}")).and_then(|field| event.bytes(field)) {
            let value = value.into_owned();
            set_named(event, to, &value);
        }
    }
}

fn set_service(event: &mut Event<'_>) {
    for (name, to) in [("param1", SERVICE_NAME), ("param2", SERVICE_STATE)] {
        if let Some(value) = event_data(name).and_then(|field| event.get(field)) {
            event.push(to, value);
        }
    }
}

/// The knowledge base number of an update: `KB5012345` out of its title, or what servicing calls the package.
fn set_update(event: &mut Event<'_>) {
    let user_data = |event: &Event<'_>, name: &str| {
        Field::intern(&format!("{USER_DATA}{name}")).and_then(|field| event.bytes(field)).map(|text| text.into_owned())
    };
    let text = own_bytes(event, "updateTitle")
        .or_else(|| user_data(event, "PackageIdentifier"))
        .or_else(|| event.bytes(MESSAGE).map(|text| text.into_owned()));
    let Some(text) = text else { return };
    if let Some(update) = update_number(&text) {
        set_named(event, "package.name", update);
    }
}

/// The number of a knowledge base article in a text: `KB5012345`.
pub fn update_number(text: &[u8]) -> Option<&[u8]> {
    memmem::find_iter(text, b"KB").find_map(|at| {
        let digits = text[at + 2..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        (5..=9).contains(&digits).then(|| &text[at..at + 2 + digits])
    })
}

/// Remote desktop's session logs: the user and from where, in one schema or another.
fn set_session(event: &mut Event<'_>) {
    let terminal = event.bytes(WINLOG_PROVIDER_NAME).is_some_and(|name| {
        memmem::find(&name, b"TerminalServices-").is_some() || memmem::find(&name, b"RemoteDesktopServices").is_some()
    });
    if !terminal {
        return;
    }
    let value = |event: &Event<'_>, name: &str| {
        [USER_DATA, EVENT_DATA]
            .iter()
            .find_map(|prefix| event.bytes(Field::intern(&format!("{prefix}{name}"))?))
            .map(|text| text.into_owned())
            .filter(|text| !text.is_empty())
    };
    if let Some(address) = value(event, "Address").or_else(|| value(event, "Param3"))
        && scan::ip(&address).is_some()
    {
        set_named(event, "source.ip", &address);
    }
    let account = value(event, "User").or_else(|| value(event, "Param1"));
    if let (Some(account), Some(fields)) = (account, Account::of("user")) {
        fields.set(event, &account, [true; 3]);
    }
    if let Some(domain) = value(event, "Param2") {
        set_named(event, "user.domain", &domain);
    }
}

/// The engine's state is a list of `key=value` lines in one value (400, 403, 600, 800) or in `ContextInfo` (4103).
fn set_powershell(id: i64, event: &mut Event<'_>) {
    if !matches!(id, 400 | 403 | 600 | 800 | 4103) {
        return;
    }
    let names = ["ContextInfo", "param2", "param3", "Data"];
    let values: Vec<Value> = names
        .iter()
        .filter_map(|name| event_data(name))
        .flat_map(|field| event.all(field).collect::<Vec<_>>())
        .collect();
    let values = if values.is_empty() { event.all(MESSAGE).last().into_iter().collect() } else { values };
    for value in values {
        let Some(text) = event.value_bytes(value).map(|text| text.into_owned()) else { continue };
        for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
            let Some((key, value)) = scan::split(line, b"=") else { continue };
            set_engine(event, key.trim_ascii(), value.trim_ascii());
        }
    }
}

fn set_engine(event: &mut Event<'_>, key: &[u8], value: &[u8]) {
    if value.is_empty() {
        return;
    }
    let name = match key {
        b"HostApplication" | b"Host Application" => "process.command_line",
        b"HostName" | b"Host Name" => "process.title",
        b"HostId" | b"Host ID" => "process.entity_id",
        b"ScriptName" | b"Script Name" => "file.path",
        b"UserId" | b"User" => {
            if let Some(user) = Account::of("user") {
                let free = [user.name, user.domain, user.email].map(|field| event.get(field).is_none());
                user.set(event, value, free);
            }
            return;
        }
        _ => return,
    };
    set_named(event, name, value);
}
