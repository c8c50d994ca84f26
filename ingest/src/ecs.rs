//! What type ECS gives a field: how text from a record becomes its value.
//!
//! <https://www.elastic.co/docs/reference/ecs/ecs-field-reference>

use crate::{Event, Field, Value, field, scan, table, time};

/// The types that text has to be read for; all other fields hold text as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `keyword`, `text`, `wildcard`, `boolean`
    Text,
    /// A `keyword` that ECS wants in lower case.
    Word,
    /// `long`
    Number,
    /// `ip`
    Address,
    /// `date`
    Time,
}

/// Ends of names of ECS fields of type `long`.
const NUMBERS: &[&str] = &[
    ".port",
    ".bytes",
    ".packets",
    ".pid",
    ".size",
    ".status_code",
    ".exit_code",
    ".thread.id",
    ".args_count",
    ".duration",
    "event.severity",
    "event.sequence",
    ".uptime",
    ".ttl",
    ".facility.code",
    ".severity.code",
    ".syslog.priority",
];

/// Ends of names of ECS fields of type `date`.
const TIMES: &[&str] = &[
    "@timestamp",
    "event.start",
    "event.end",
    "event.created",
    "event.ingested",
    "file.created",
    "file.mtime",
    "file.ctime",
    "file.accessed",
    "process.start",
    "process.end",
    "process.parent.start",
    "process.parent.end",
    ".not_before",
    ".not_after",
    "origination_timestamp",
    "delivery_timestamp",
    "threat.indicator.first_seen",
    "threat.indicator.last_seen",
];

/// ECS fields whose description asks for lower case.
const WORDS: &[&str] =
    &["network.transport", "network.protocol", "network.type", "network.application", "network.direction"];

/// The type of the ECS field of this name.
pub fn type_of(name: &str) -> Type {
    let is_one_of = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if name.ends_with(".ip") || name.ends_with("_ip") {
        Type::Address
    } else if is_one_of(NUMBERS) {
        Type::Number
    } else if is_one_of(TIMES) {
        Type::Time
    } else if is_one_of(WORDS) {
        Type::Word
    } else {
        Type::Text
    }
}

/// Words that stand where there is no value.
const NOTHING: &[&[u8]] = &[b"", b"-", b"null", b"N/A", b"n/a"];

/// Whether a value says nothing: null, an empty text, a dash.
pub fn is_nothing(event: &Event<'_>, value: Value) -> bool {
    event.value_bytes(value).is_none_or(|text| NOTHING.contains(&text.trim_ascii()))
}

/// Sets a field to a value of this event as its type wants. Says whether it could: a time that no notation explains or
/// an address that is none is not set.
pub fn set(event: &mut Event<'_>, field: Field, kind: Type, value: Value) -> bool {
    match kind {
        Type::Text => event.push(field, value),
        Type::Word if field == field::NETWORK_TRANSPORT => {
            let text = event.value_bytes(value).map(|text| text.into_owned()).unwrap_or_default();
            table::set_transport(event, &text);
        }
        Type::Word => {
            let Some(word) = event.value_text(value).map(|word| word.to_ascii_lowercase()) else { return false };
            event.set_text(field, &word);
        }
        Type::Number => return set_number(event, field, value),
        Type::Address => return set_address(event, field, value),
        Type::Time => {
            let Some(stamp) = event.value_bytes(value).and_then(|text| time::read(text.trim_ascii())) else {
                return false;
            };
            event.set_stamp(field, stamp);
        }
    }
    true
}

fn set_number(event: &mut Event<'_>, field: Field, value: Value) -> bool {
    match value {
        Value::Int(_) => event.push(field, value),
        Value::Float(number) if number.fract() == 0.0 && number.abs() < 9e15 => event.set_int(field, number as i64),
        _ => {
            let Some(number) = event.value_bytes(value).and_then(|text| number(text.trim_ascii())) else {
                return false;
            };
            event.set_int(field, number);
        }
    }
    true
}

/// A whole number in decimal, or in hexadecimal behind `0x`.
pub fn number(text: &[u8]) -> Option<i64> {
    match text.strip_prefix(b"0x") {
        Some(hex) => i64::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok(),
        None => scan::integer(text),
    }
}

fn set_address(event: &mut Event<'_>, field: Field, value: Value) -> bool {
    let Some(text) = event.value_bytes(value) else { return false };
    let Some((bare, _)) = scan::ip(text.trim_ascii()) else { return false };
    if bare.len() == text.len() {
        event.push(field, value);
    } else {
        let bare = bare.to_vec();
        event.set(field, &bare);
    }
    true
}

/// The fields of an endpoint: `source`, `destination`, `client`, `server`.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// `.address`: the whole text.
    pub address: Field,
    /// `.ip`
    pub ip: Field,
    /// `.domain`
    pub domain: Field,
    /// `.port`
    pub port: Field,
}

impl Endpoint {
    /// The source of a connection, the sender of a request.
    pub const SOURCE: Endpoint = Endpoint {
        address: field::SOURCE_ADDRESS,
        ip: field::SOURCE_IP,
        domain: field::SOURCE_DOMAIN,
        port: field::SOURCE_PORT,
    };

    /// The fields below this name; `None` once no more names can be known.
    pub fn of(name: &str) -> Option<Endpoint> {
        let part = |part: &str| Field::intern(&format!("{name}.{part}"));
        Some(Endpoint { address: part("address")?, ip: part("ip")?, domain: part("domain")?, port: part("port")? })
    }
}

/// The fields of a person: `user`, `user.target`, `source.user`, …
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// `.name`
    pub name: Field,
    /// `.domain`
    pub domain: Field,
    /// `.email`
    pub email: Field,
}

impl Account {
    /// The fields below this name; `None` once no more names can be known.
    pub fn of(name: &str) -> Option<Account> {
        let part = |part: &str| Field::intern(&format!("{name}.{part}"));
        Some(Account { name: part("name")?, domain: part("domain")?, email: part("email")? })
    }

    /// Sets what an account's text says: `name@domain` is a mail address too, `DOMAIN\name` is not. Only what is free
    /// is set: name, domain, mail address.
    pub fn set(&self, event: &mut Event<'_>, text: &[u8], free: [bool; 3]) {
        let (name, domain) = match scan::rsplit(text, b"@") {
            Some((name, domain)) if !text.contains(&b'\\') => (name, Some(domain)),
            _ => table::split_account(text),
        };
        if name.is_empty() {
            return;
        }
        let domain = domain.filter(|domain| !domain.is_empty());
        let email = domain.filter(|_| text.starts_with(name)).map(|_| text);
        let parts = [(self.name, Some(name)), (self.domain, domain), (self.email, email)];
        for ((field, part), free) in parts.into_iter().zip(free) {
            if let Some(part) = part.filter(|_| free) {
                event.set(field, part);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_types() {
        for (name, kind) in [
            ("source.ip", Type::Address),
            ("source.nat.port", Type::Number),
            ("event.start", Type::Time),
            ("network.transport", Type::Word),
            ("user.name", Type::Text),
            ("network.iana_number", Type::Text),
        ] {
            assert_eq!(type_of(name), kind, "{name}");
        }
    }

    #[test]
    fn numbers_are_decimal_or_hexadecimal() {
        assert_eq!(number(b"4711"), Some(4711));
        assert_eq!(number(b"0x1f4"), Some(500));
        assert_eq!(number(b"0x"), None);
        assert_eq!(number(b"many"), None);
    }
}
