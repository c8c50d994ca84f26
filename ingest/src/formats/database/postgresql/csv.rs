//! `log_destination = csvlog`: one record of quoted columns.
//!
//! <https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-CSVLOG>

use std::borrow::Cow;

use memchr::memmem;

use super::{SEVERITIES, is_sql_state, stamp, understand};
use crate::{
    Event, field,
    formats::Reject,
    scan::{reject, set_number, set_some, set_source},
    web::split_port,
};

/// Columns of PostgreSQL 9 to 18: 23 to 26, of which these are looked at.
const COLUMNS: usize = 23;

/// Whether a message is a record of columns: a time, and a comma behind its zone.
pub(super) fn recognises(message: &[u8]) -> bool {
    message.first().is_some_and(u8::is_ascii_digit) && stamp(message).is_some_and(|(rest, _)| rest.starts_with(b","))
}

pub(super) fn read<'r>(message: &'r [u8], event: &mut Event<'r>) -> Result<(), Reject> {
    let (rest, at) = stamp(message).ok_or(reject("postgresql_no_time"))?;
    let mut columns: [&[u8]; COLUMNS] = [b""; COLUMNS];
    let mut rest = rest;
    let mut count = 1;
    while let (Some(place), Some(after)) = (columns.get_mut(count), rest.strip_prefix(b",")) {
        (*place, rest) = column(after);
        count += 1;
    }
    let [_, user, database, pid, client, session, _, _, _, _, _, level, state, text, ..] = columns;
    if count < 14 || !SEVERITIES.contains(&level) {
        return Err(reject("postgresql_short_csv"));
    }
    event.set_stamp(field::TIMESTAMP, at);
    event.remove(field::PROCESS_PID);
    set_number(event, field::PROCESS_PID, pid);
    for (field, value) in [
        (field::USER_NAME, user),
        (field::DB_NAME, database),
        (field::POSTGRESQL_SESSION_ID, session),
        (field::POSTGRESQL_SQL_STATE, if is_sql_state(state) { state } else { b"" }),
        (field::POSTGRESQL_APPLICATION, columns[22]),
    ] {
        set_some(event, field, &plain(value));
    }
    if !matches!(client, b"" | b"[local]") {
        let (host, port) = split_port(client);
        set_source(event, host);
        port.into_iter().for_each(|port| set_number(event, field::SOURCE_PORT, port));
    }
    match plain(text) {
        Cow::Borrowed(text) => understand(level, text, event),
        Cow::Owned(text) => understand(level, &text, event),
    }
    if event.get(field::DB_STATEMENT).is_none() {
        set_some(event, field::DB_STATEMENT, &plain(columns[19]));
    }
    Ok(())
}

/// A column, without its quotes, and what follows it.
pub(super) fn column(text: &[u8]) -> (&[u8], &[u8]) {
    let Some(inner) = text.strip_prefix(b"\"") else {
        return text.split_at(memchr::memchr(b',', text).unwrap_or(text.len()));
    };
    let mut from = 0;
    while let Some(quote) = memchr::memchr(b'"', &inner[from..]) {
        let at = from + quote;
        if inner.get(at + 1) != Some(&b'"') {
            return (&inner[..at], &inner[at + 1..]);
        }
        from = at + 2;
    }
    (inner, b"")
}

/// A doubled quote is one.
pub(super) fn plain(text: &[u8]) -> Cow<'_, [u8]> {
    if memmem::find(text, b"\"\"").is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memmem::find(rest, b"\"\"") {
        plain.extend_from_slice(&rest[..=at]);
        rest = &rest[at + 2..];
    }
    plain.extend_from_slice(rest);
    Cow::Owned(plain)
}
