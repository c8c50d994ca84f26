//! What a `type: anomaly` rule asks for, compiled.

use std::borrow::Cow;

use roundsman_ingest::{
    Event,
    field::{self, Field},
};

use crate::duration::Duration;

/// Names of all kinds, as rules write them.
pub const KINDS: [&str; 6] = ["rate", "first_seen", "fan_out", "silence", "volume", "new_template"];

/// Longest key or value that is kept of a field, in bytes; the rest is cut off.
pub const MAX_VALUE_BYTES: usize = 128;

/// What is held against which baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Records (or a sum over them) per hour, against the same hour of the last four weeks.
    Rate,
    /// A value that a key never had.
    FirstSeen,
    /// Different values per hour, against the same hour of the last four weeks.
    FanOut,
    /// A host's kind of record that does not come any more.
    Silence,
    /// All records of a source per hour: far more or far fewer than usual.
    Volume,
    /// A kind of message that a program on a host never wrote.
    NewTemplate,
}

impl Kind {
    /// The kind of this name.
    pub fn of(name: &str) -> Option<Kind> {
        use Kind::*;
        let all = [Rate, FirstSeen, FanOut, Silence, Volume, NewTemplate];
        KINDS.iter().position(|known| *known == name).map(|at| all[at])
    }

    /// Its name in rules.
    pub fn as_str(self) -> &'static str {
        KINDS[self as usize]
    }

    /// It looks at single records that the rule's detection picks; the others at what every source sends.
    pub fn looks_at_records(self) -> bool {
        !matches!(self, Kind::Silence | Kind::Volume)
    }
}

/// A field of keys or values.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// As the rule writes it, without `|scope`.
    pub name: Box<str>,
    field: Field,
    /// Names of people and hosts are the same in capitals.
    folded: bool,
    /// Only whether the address lies inside or on the internet.
    scope: bool,
}

impl Column {
    /// The column of this ECS name, with `|scope` behind it where only the side of the address counts. `None` where no
    /// further names can be interned.
    pub fn of(name: &str) -> Option<Column> {
        let (name, scope) = match name.strip_suffix("|scope") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let folded = ["user.", "host.", "source.domain", "destination.domain"].iter().any(|p| name.starts_with(p));
        Some(Column { name: name.into(), field: Field::intern(name)?, folded, scope })
    }

    /// Appends the event's value; whether it has one. Control characters become blanks.
    pub(super) fn write(&self, event: &Event<'_>, out: &mut Vec<u8>) -> bool {
        let value: Option<Cow<'_, [u8]>> = match self.field {
            field::HOST_NAME => event.host().map(|host| match host {
                Cow::Borrowed(host) => Cow::Borrowed(host.as_bytes()),
                Cow::Owned(host) => Cow::Owned(host.into_bytes()),
            }),
            field => match event.get(field) {
                Some(value) => event.value_bytes(value),
                None => None,
            },
        };
        let Some(value) = value.filter(|value| !value.is_empty()) else { return false };
        if self.scope {
            let Some(scope) = scope(&value) else { return false };
            out.extend_from_slice(scope);
            return true;
        }
        let start = out.len();
        out.extend_from_slice(&value[..value.len().min(MAX_VALUE_BYTES)]);
        for byte in &mut out[start..] {
            if *byte < b' ' {
                *byte = b' ';
            }
        }
        if self.folded {
            out[start..].make_ascii_lowercase();
        }
        true
    }
}

/// On which side of the organisation's edge an address lies: RFC 1918, RFC 4193, loopback and link-local are inside.
fn scope(address: &[u8]) -> Option<&'static [u8]> {
    let address: std::net::IpAddr = std::str::from_utf8(address).ok()?.parse().ok()?;
    let inside = match address {
        std::net::IpAddr::V4(v4) => {
            v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast() || v4.is_broadcast()
        }
        std::net::IpAddr::V6(v6) => {
            v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_loopback() || v6.is_multicast()
        }
    };
    Some(if inside { b"inside" } else { b"the internet" })
}

/// A compiled `anomaly:` block.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// What is held against which baseline.
    pub kind: Kind,
    /// Whose baseline: the fields of the key.
    pub by: Vec<Column>,
    /// The fields whose values are new or counted.
    pub value: Vec<Column>,
    /// `rate`: this field is summed instead of counting records.
    pub sum: Option<Field>,
    /// Below this figure an hour is never worth a word.
    pub at_least: f64,
    /// How many times the usual most an hour must have.
    pub factor: f64,
    /// From how many times the bound (or how many new values) on the severity is a step higher.
    pub raise_at: Option<f64>,
    /// How long nothing new must have appeared before something new is worth a word.
    pub learn: Duration,
    /// On how many different days the key must have been seen before.
    pub days: u32,
    /// Only values that others have had for [`Spec::learn`] count: a new host is nobody's first visit.
    pub known_values: bool,
}

impl Spec {
    /// The defaults of a kind.
    pub fn new(kind: Kind) -> Spec {
        Spec {
            kind,
            by: Vec::new(),
            value: Vec::new(),
            sum: None,
            at_least: match kind {
                Kind::Volume => 1_000.0,
                Kind::FanOut => 20.0,
                _ => 50.0,
            },
            factor: 3.0,
            raise_at: None,
            learn: Duration::days(7),
            days: 5,
            known_values: false,
        }
    }
}
