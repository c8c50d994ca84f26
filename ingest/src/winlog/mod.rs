//! Windows events, however they were shipped: one set of names, and what follows from them.
//!
//! Each shape (Winlogbeat, NXLog, evtx as JSON, XML, Snare, rendered text) is read into Winlogbeat's names:
//! `winlog.channel`, `winlog.event_data.TargetUserName`. Sigma's rules find those. [`settle`] then sets the ECS fields:
//! which name means whom depends on provider and event id, and that is data ([`data`], [`ids`]).
//!
//! <https://learn.microsoft.com/windows/win32/wes/eventschema-schema>,
//! <https://www.elastic.co/docs/reference/beats/winlogbeat/exported-fields-winlog>

pub mod data;
pub mod ids;
mod parts;
pub mod rendered;
pub mod source;
pub mod sqlaudit;
pub mod tree;
pub mod xml;

pub use parts::update_number;

use crate::{
    Event, Field, Value,
    envelope::Line,
    field::{self, *},
    scan, time,
};

/// Where the event's own values stand.
pub const EVENT_DATA: &str = "winlog.event_data.";
/// Where those of events with a schema of their own stand.
pub const USER_DATA: &str = "winlog.user_data.";

/// The field of a value of the event's own.
pub fn event_data(name: &str) -> Option<Field> {
    below(EVENT_DATA, name)
}

pub(crate) fn below(prefix: &str, name: &str) -> Option<Field> {
    if name.is_empty() || name.len() > crate::json::MAX_NAME {
        return None;
    }
    Field::intern(&format!("{prefix}{name}"))
}

/// Sets the ECS fields of an event whose Winlogbeat names are set. What already stands in the event, as Winlogbeat's own
/// modules put it there, stays.
pub fn settle(event: &mut Event<'_>) {
    let text = |event: &Event<'_>, field| event.text(field).map(|text| text.into_owned()).unwrap_or_default();
    let provider = text(event, WINLOG_PROVIDER_NAME);
    let channel = text(event, WINLOG_CHANNEL);
    let id = event.int(WINLOG_EVENT_ID).unwrap_or(-1);
    settle_system(event);
    let family = ids::family(&provider, &channel);
    parts::split(family, id, event);
    data::table(family, id).copy(EVENT_DATA, event);
    parts::settle(family, id, event);
    settle_who(event);
    if let Some(class) = ids::class(family, id) {
        class.set(event);
    }
    event.logsource = source::of(Some(&channel), id);
}

/// Sysmon's own time is that at which its driver saw the event, in UTC whatever the header is in.
pub fn settle_sysmon_time(event: &mut Event<'_>) {
    let provider = event.text(WINLOG_PROVIDER_NAME).unwrap_or_default();
    if ids::family(&provider, "") == ids::Family::Sysmon
        && let Some(stamp) = event_data("UtcTime").and_then(|field| time::read(&event.bytes(field)?))
    {
        event.set_stamp(field::TIMESTAMP, stamp);
    }
}

/// What the header of every event says.
fn settle_system(event: &mut Event<'_>) {
    for (own, ecs) in
        [(WINLOG_EVENT_ID, EVENT_CODE), (WINLOG_PROVIDER_NAME, EVENT_PROVIDER), (WINLOG_THREAD_ID, PROCESS_THREAD_ID)]
    {
        if let (Some(value), None) = (event.get(own), event.get(ecs)) {
            event.push(ecs, value);
        }
    }
    settle_host(event);
    let created = event.bytes(WINLOG_TIME_CREATED).and_then(|text| time::read(&text));
    if let Some(stamp) = created {
        event.set_stamp(field::TIMESTAMP, stamp);
    }
    if event.get(LOG_LEVEL).is_none()
        && let Some(value) = event.get(WINLOG_LEVEL)
        && let Some(level) = event.value_bytes(value)
    {
        match level_name(&level) {
            Some(name) => event.set_static(LOG_LEVEL, name),
            None if level.first().is_some_and(u8::is_ascii_alphabetic) => event.push(LOG_LEVEL, value),
            None => {}
        }
    }
    if event.get(EVENT_KIND).is_none() {
        event.set_static(EVENT_KIND, "event");
    }
    settle_outcome(event);
}

/// The computer, and its name without the domain.
fn settle_host(event: &mut Event<'_>) {
    let Some(computer) = event.get(WINLOG_COMPUTER_NAME) else { return };
    if event.get(HOST_NAME).is_none() {
        event.push(HOST_NAME, computer);
    }
    let name = event.value_bytes(computer).map(|name| name.into_owned()).unwrap_or_default();
    let short = name.split(|byte| *byte == b'.').next().unwrap_or_default();
    if let Some(field) = Field::intern("host.hostname").filter(|field| event.get(*field).is_none())
        && !short.is_empty()
        && scan::ip(&name).is_none()
    {
        event.set(field, short);
    }
}

/// Names of levels (winmeta.xml); what is no number is a name already.
fn level_name(level: &[u8]) -> Option<&'static str> {
    Some(match scan::integer(level)? {
        1 => "critical",
        2 => "error",
        3 => "warning",
        0 | 4 => "information",
        5 => "verbose",
        _ => return None,
    })
}

/// The keywords of audit events (winmeta.xml), with and without the reserved top bit.
const AUDIT_SUCCESS: i64 = 0x20_0000_0000_0000;
const AUDIT_FAILURE: i64 = 0x10_0000_0000_0000;

/// Audit events say success or failure in their keywords, as a number or in words.
fn settle_outcome(event: &mut Event<'_>) {
    if event.get(EVENT_OUTCOME).is_some() {
        return;
    }
    let says = |event: &Event<'_>, word: &[u8]| {
        [WINLOG_KEYWORDS, WINLOG_OUTCOME].into_iter().flat_map(|field| event.all(field)).any(|value| {
            event
                .value_bytes(value)
                .is_some_and(|text| text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word)))
        })
    };
    let bits = event.bytes(WINLOG_KEYWORDS).and_then(|text| keywords(&text)).unwrap_or_default();
    let outcome = if bits & AUDIT_FAILURE != 0 || says(event, b"failure") {
        "failure"
    } else if bits & AUDIT_SUCCESS != 0 || says(event, b"success") {
        "success"
    } else {
        return;
    };
    event.set_static(EVENT_OUTCOME, outcome);
}

/// A keyword mask as `0x8020000000000000` or as a signed number.
fn keywords(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?.trim();
    match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok().map(|bits| bits as i64),
        None => text.parse().ok().or_else(|| text.parse::<u64>().ok().map(|bits| bits as i64)),
    }
}

/// Where the event's own values name nobody and no process, its header does: the account and the process that wrote it.
fn settle_who(event: &mut Event<'_>) {
    let pairs = [(WINLOG_USER_ID, USER_ID), (WINLOG_USER_NAME, USER_NAME), (WINLOG_USER_DOMAIN, USER_DOMAIN)];
    let nobody = event.get(USER_NAME).is_none();
    for (own, ecs) in pairs {
        if let (Some(value), None) = (event.get(own), event.get(ecs))
            && (nobody || ecs == USER_ID && event.get(USER_NAME).is_none())
        {
            event.push(ecs, value);
        }
    }
    if event.get(PROCESS_PID).is_none()
        && event.get(PROCESS_EXECUTABLE).is_none()
        && let Some(pid) = event.int(WINLOG_PROCESS_PID)
    {
        event.push(PROCESS_PID, Value::Int(pid));
    }
}

/// Forgets what a syslog header said in front of the event, which says it better: the agent's tag, the whole record as
/// the message.
pub(crate) fn forget_header(line: &Line<'_>, event: &mut Event<'_>) {
    if line.program.is_some() {
        event.remove_first(PROCESS_NAME);
    }
    if line.pid.is_some() {
        event.remove_first(PROCESS_PID);
    }
    let named = event.get(WINLOG_COMPUTER_NAME).is_some() || event.all(HOST_NAME).nth(1).is_some();
    if line.host.is_some() && event.origin.host.is_none() && named {
        event.remove_first(HOST_NAME);
    }
    if event.all(MESSAGE).nth(1).is_some() {
        event.remove_first(MESSAGE);
    }
}
