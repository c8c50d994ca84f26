//! SQL Server's audit records: lines of `key:value` that are the text of event 33205, or of a relay's message.
//!
//! <https://learn.microsoft.com/sql/relational-databases/security/auditing/sql-server-audit-records>

use memchr::memmem;

use crate::{
    Event, Field,
    ecs::Account,
    field::*,
    pairs::set_own,
    scan::{ip, set_some, set_source},
    time,
};

/// Whether a text holds a record.
pub const MARK: &str = "audit_schema_version:";
/// Where values go that have no name in ECS.
const OWN: &str = "sqlserver.audit.";

/// The keys in the order in which the server writes them; a key out of order is text of a client's.
const KEYS: &[&[u8]] = &[
    b"audit_schema_version",
    b"event_time",
    b"sequence_number",
    b"action_id",
    b"succeeded",
    b"is_column_permission",
    b"session_id",
    b"server_principal_id",
    b"database_principal_id",
    b"target_server_principal_id",
    b"target_database_principal_id",
    b"object_id",
    b"user_defined_event_id",
    b"transaction_id",
    b"class_type",
    b"duration_milliseconds",
    b"response_rows",
    b"affected_rows",
    b"client_ip",
    b"permission_bitmask",
    b"sequence_group_id",
    b"session_server_principal_name",
    b"server_principal_name",
    b"server_principal_sid",
    b"database_principal_name",
    b"target_server_principal_name",
    b"target_server_principal_sid",
    b"target_database_principal_name",
    b"server_instance_name",
    b"database_name",
    b"schema_name",
    b"object_name",
    b"statement",
    b"additional_information",
    b"user_defined_information",
    b"application_name",
];

/// Reads a record's values and what they mean; `false` where the text is no record.
pub fn read(text: &[u8], event: &mut Event<'_>) -> bool {
    let Some(start) = memmem::find(text, MARK.as_bytes()) else { return false };
    let text = &text[start..];
    let mark = if text.contains(&b'\n') { b'\n' } else { b' ' };
    let (mut action, mut succeeded): (&[u8], &[u8]) = (b"", b"");
    let mut open: Option<(usize, usize)> = None;
    for (at, key, from) in (Keys { text, mark, at: 0, next: 0 }).chain([(text.len(), KEYS.len(), text.len())]) {
        if let Some((key, from)) = open {
            let value = text[from..at].trim_ascii();
            match KEYS[key] {
                b"action_id" => action = value,
                b"succeeded" => succeeded = value,
                _ => {}
            }
            set(event, KEYS[key], value);
        }
        open = Some((key, from));
    }
    if action.is_empty() {
        return false;
    }
    let outcome = match succeeded {
        b"true" | b"1" => "success",
        b"false" | b"0" => "failure",
        _ => "",
    };
    let Class(_, name, category, kind) = *CLASSES.iter().find(|class| class.0.as_bytes() == action).unwrap_or(&OTHER);
    if !outcome.is_empty() {
        event.remove(EVENT_OUTCOME);
    }
    event.classify(category, kind, "", outcome);
    if name.is_empty() {
        event.set(EVENT_ACTION, action);
    } else {
        event.set_static(EVENT_ACTION, name);
    }
    true
}

/// The keys of a text: where each begins, which it is, where its value begins.
struct Keys<'t> {
    text: &'t [u8],
    mark: u8,
    at: usize,
    /// The first key that may come.
    next: usize,
}

impl Iterator for Keys<'_> {
    type Item = (usize, usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.text.len() {
            let begin = self.at;
            let rest = &self.text[begin..];
            self.at = memchr::memchr(self.mark, rest).map_or(self.text.len(), |blank| begin + blank + 1);
            let rest = rest.trim_ascii_start();
            let word = rest.iter().take(40).take_while(|b| b.is_ascii_lowercase() || **b == b'_').count();
            if rest.get(word) != Some(&b':') {
                continue;
            }
            if let Some(key) = KEYS[self.next..].iter().position(|key| *key == &rest[..word]) {
                let key = self.next + key;
                self.next = key + 1;
                return Some((begin, key, self.text.len() - rest.len() + word + 1));
            }
        }
        None
    }
}

fn set(event: &mut Event<'_>, key: &[u8], value: &[u8]) {
    if value.is_empty() {
        return;
    }
    match key {
        b"event_time" => time::read(value).into_iter().for_each(|stamp| event.set_stamp(TIMESTAMP, stamp)),
        b"client_ip" if ip(value).is_some() => set_source(event, value),
        b"server_principal_name" => {
            if let Some(account) = Account::of("user") {
                account.set(event, value, [true; 3]);
            }
        }
        b"target_server_principal_name" | b"target_database_principal_name" => {
            Field::intern("user.target.name").into_iter().for_each(|field| set_some(event, field, value));
        }
        _ => set_own(event, OWN, key, value),
    }
}

/// `action_id`, what it is called in words, `event.category` and `event.type`.
struct Class(&'static str, &'static str, &'static str, &'static str);

const OTHER: Class = Class("", "", "database", "info");

/// <https://learn.microsoft.com/sql/relational-databases/system-catalog-views/sys-dm-audit-actions-transact-sql>
const CLASSES: &[Class] = &[
    Class("LGIS", "login-succeeded", "authentication", "start"),
    Class("LGIF", "login-failed", "authentication", "start"),
    Class("DBAS", "database-authentication-succeeded", "authentication", "start"),
    Class("DBAF", "database-authentication-failed", "authentication", "start"),
    Class("LGO", "logout", "session", "end"),
    Class("LGB", "change-login-principal", "session", "info"),
    Class("PWR", "password-reset", "iam", "change"),
    Class("PWC", "password-changed", "iam", "change"),
    Class("APRL", "role-member-added", "iam", "change"),
    Class("DPRL", "role-member-dropped", "iam", "change"),
    Class("G", "grant", "iam", "change"),
    Class("GWG", "grant-with-grant", "iam", "change"),
    Class("D", "deny", "iam", "change"),
    Class("R", "revoke", "iam", "change"),
    Class("CR", "create", "database", "creation"),
    Class("AL", "alter", "database", "change"),
    Class("DR", "drop", "database", "deletion"),
    Class("SL", "select", "database", "access"),
    Class("IN", "insert", "database", "change"),
    Class("UP", "update", "database", "change"),
    Class("DL", "delete", "database", "change"),
    Class("EX", "execute", "database", "access"),
    Class("BA", "backup", "database", "info"),
    Class("RS", "restore", "database", "change"),
    Class("AUSC", "audit-session-changed", "configuration", "change"),
    Class("SVSR", "server-started", "process", "start"),
    Class("SVSD", "server-shutdown", "process", "end"),
];
