//! pgaudit's records: `AUDIT: SESSION,1,1,DDL,CREATE TABLE,TABLE,public.account,"create table …",<not logged>`.
//!
//! <https://github.com/pgaudit/pgaudit#format>

use super::csv::{column, plain};
use crate::{
    Event, field,
    pairs::set_own,
    scan::{integer, set_some},
};

/// Kind, statement, substatement, class, command, object's type and name, statement, parameters.
const COLUMNS: usize = 9;

/// Reads a record; `false` where it is none. Statements are logged before they run, so no outcome is known.
pub(super) fn read(text: &[u8], event: &mut Event<'_>) -> bool {
    let Some(mut rest) = text.strip_prefix(b"AUDIT: ") else { return false };
    let mut columns: [&[u8]; COLUMNS] = [b""; COLUMNS];
    for place in &mut columns {
        let (value, after) = column(rest);
        *place = value;
        rest = after.strip_prefix(b",").unwrap_or_default();
    }
    let [kind, statement_id, substatement_id, class, command, object_type, object_name, statement, parameter] = columns;
    if !matches!(kind, b"SESSION" | b"OBJECT") || integer(statement_id).is_none() || command.is_empty() {
        return false;
    }
    for (name, value) in [
        ("type", kind),
        ("statement_id", statement_id),
        ("substatement_id", substatement_id),
        ("class", class),
        ("object_type", object_type),
        ("object_name", object_name),
        ("parameter", parameter),
    ] {
        if !matches!(value, b"" | b"<none>" | b"<not logged>") {
            set_own(event, "postgresql.audit.", name.as_bytes(), &plain(value));
        }
    }
    event.set(field::EVENT_ACTION, command);
    if !matches!(statement, b"<not logged>" | b"<previously logged>") {
        set_some(event, field::DB_STATEMENT, &plain(statement));
    }
    let first = command.split(|byte| *byte == b' ').next().unwrap_or_default();
    let (category, effect) = match (class, first) {
        (b"ROLE", b"CREATE") => ("iam", "creation"),
        (b"ROLE", b"DROP") => ("iam", "deletion"),
        (b"ROLE", _) => ("iam", "change"),
        (b"DDL", b"CREATE") => ("database", "creation"),
        (b"DDL", b"DROP") => ("database", "deletion"),
        (b"DDL" | b"WRITE", _) => ("database", "change"),
        _ => ("database", "access"),
    };
    event.classify(category, effect, "", "");
    true
}
