//! Which log a TSV line without its header is of: the number of its columns and what stands in them.

use std::{collections::HashMap, sync::LazyLock};

use super::logs::{COMMON, CONNECTION, LOGS, Log};
use crate::{Field, scan::integer};

/// Most columns that a line is split into; the rest stays in the raw record.
pub const MAX_COLUMNS: usize = 128;

/// What a column holds; `-` (unset) fits any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `t`: seconds since 1970 with a fraction.
    Time,
    /// `i`: seconds with a fraction.
    Interval,
    /// `c`: a whole number, which may be negative.
    Count,
    /// `d`: a number with a fraction.
    Double,
    /// `b`: `T` or `F`.
    Bool,
    /// `a`: an address.
    Address,
    /// `A`: a set of addresses.
    Addresses,
    /// `p`: a port.
    Port,
    /// `m`: a MAC address.
    Mac,
    /// `u`: the unique identifier of a connection.
    Uid,
    /// `f`: the identifier of a file, which begins with F.
    Fuid,
    /// `h`: hexadecimal digits.
    Hex,
    /// `e`: an enumeration's `Module::NAME`.
    Enum,
    /// `P`: a transport protocol.
    Transport,
    /// `S`: the state of a connection.
    ConnState,
    /// `V`: a version of TLS.
    TlsVersion,
    /// `{A,B}`: one of these words.
    OneOf(&'static str),
    /// `v`: a set or vector.
    Several,
    /// `s`: text.
    Text,
}

/// <https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html>, `conn_state`
const STATES: &str = "S0,S1,SF,REJ,S2,S3,RSTO,RSTR,RSTOS0,RSTRH,SH,SHR,OTH";
const TRANSPORTS: &str = "tcp,udp,icmp,unknown_transport";

impl Kind {
    /// The kind of this code.
    pub fn of(code: &'static str) -> Kind {
        match code.as_bytes().first() {
            Some(b'{') => Kind::OneOf(code.trim_matches(['{', '}'])),
            Some(b't') => Kind::Time,
            Some(b'i') => Kind::Interval,
            Some(b'c') => Kind::Count,
            Some(b'd') => Kind::Double,
            Some(b'b') => Kind::Bool,
            Some(b'a') => Kind::Address,
            Some(b'A') => Kind::Addresses,
            Some(b'p') => Kind::Port,
            Some(b'm') => Kind::Mac,
            Some(b'u') => Kind::Uid,
            Some(b'f') => Kind::Fuid,
            Some(b'h') => Kind::Hex,
            Some(b'e') => Kind::Enum,
            Some(b'P') => Kind::Transport,
            Some(b'S') => Kind::ConnState,
            Some(b'V') => Kind::TlsVersion,
            Some(b'v') => Kind::Several,
            _ => Kind::Text,
        }
    }

    /// The kind of one of Zeek's types in a `#types` line.
    pub fn of_type(name: &[u8]) -> Kind {
        match name {
            b"time" => Kind::Time,
            b"interval" => Kind::Interval,
            b"count" | b"int" => Kind::Count,
            b"double" => Kind::Double,
            b"bool" => Kind::Bool,
            b"addr" => Kind::Address,
            b"port" => Kind::Port,
            other if other.starts_with(b"set[") || other.starts_with(b"vector[") => Kind::Several,
            _ => Kind::Text,
        }
    }

    /// Whether few texts fit, so that one that does says which log it is.
    fn is_telling(self) -> bool {
        matches!(self, Kind::Enum | Kind::Transport | Kind::ConnState | Kind::TlsVersion | Kind::OneOf(_))
    }

    /// Whether a column of this kind may hold this text.
    pub fn fits(self, text: &[u8]) -> bool {
        let word = |ok: fn(&u8) -> bool| !text.is_empty() && text.iter().all(ok);
        let one_of = |words: &str| words.split(',').any(|word| word.as_bytes() == text);
        if text == b"-" {
            return true;
        }
        match self {
            Kind::Text | Kind::Several => true,
            Kind::Time | Kind::Interval | Kind::Double => text
                .strip_prefix(b"-")
                .unwrap_or(text)
                .iter()
                .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'-')),
            Kind::Count => integer(text).is_some(),
            Kind::Port => integer(text).is_some_and(|port| (0..65_536).contains(&port)),
            Kind::Bool => matches!(text, b"T" | b"F"),
            Kind::Address => is_address(text),
            Kind::Addresses => text == b"(empty)" || text.split(|b| *b == b',').all(is_address),
            Kind::Mac => text.len() == 17 && text.iter().all(|b| b.is_ascii_hexdigit() || *b == b':'),
            Kind::Uid => text.len() <= 24 && word(u8::is_ascii_alphanumeric),
            Kind::Fuid => text.len() <= 24 && text.starts_with(b"F") && word(u8::is_ascii_alphanumeric),
            Kind::Hex => word(u8::is_ascii_hexdigit),
            Kind::Enum => memchr::memmem::find(text, b"::").is_some(),
            Kind::Transport => one_of(TRANSPORTS),
            Kind::ConnState => one_of(STATES),
            Kind::TlsVersion => [&b"TLSv"[..], b"SSLv", b"DTLSv", b"unknown-"].iter().any(|v| text.starts_with(v)),
            Kind::OneOf(words) => one_of(words),
        }
    }
}

fn is_address(text: &[u8]) -> bool {
    crate::scan::ip(text).is_some()
}

/// A column: its field, absent where names ran out, and its kind.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Where its value goes.
    pub field: Option<Field>,
    /// What it holds.
    pub kind: Kind,
}

/// The columns of one version of a log, the time first.
pub struct Layout {
    /// The log.
    pub log: &'static Log,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Scripts may add columns behind these.
    open: bool,
}

impl Layout {
    /// How many of these values are one of the few words that their column may hold.
    fn telling(&self, values: &[&[u8]]) -> usize {
        self.columns.iter().zip(values).filter(|(column, value)| column.kind.is_telling() && **value != b"-").count()
    }

    fn fits(&self, values: &[&[u8]]) -> bool {
        let enough = values.len() == self.columns.len() || self.open && values.len() > self.columns.len();
        enough && self.columns.iter().zip(values).all(|(column, value)| column.kind.fits(value))
    }
}

struct Layouts {
    all: Vec<Layout>,
    by_log: HashMap<&'static str, &'static Log>,
}

static LAYOUTS: LazyLock<Layouts> = LazyLock::new(|| Layouts {
    all: LOGS.iter().flat_map(|log| log.columns.iter().map(|columns| layout(log, columns))).collect(),
    by_log: LOGS.iter().map(|log| (log.name, log)).collect(),
});

fn layout(log: &'static Log, columns: &'static str) -> Layout {
    let (columns, open) = match columns.strip_suffix('+') {
        Some(columns) => (columns, true),
        None => (columns, false),
    };
    let words = columns.split_ascii_whitespace();
    let words = words.flat_map(|word| if word == "*" { CONNECTION } else { word }.split_ascii_whitespace());
    let columns = std::iter::once("ts:t").chain(words).filter_map(|word| word.split_once(':'));
    let columns = columns.map(|(name, code)| Column { field: field_of(log, name), kind: Kind::of(code) });
    Layout { log, columns: columns.collect(), open }
}

/// The log of this name.
pub fn by_name(name: &str) -> Option<&'static Log> {
    LAYOUTS.by_log.get(name).copied()
}

/// The ECS name of a column, where there is one.
pub fn known_field(log: Option<&Log>, name: &str) -> Option<Field> {
    let in_log = log.into_iter().flat_map(|log| log.fields).chain(COMMON);
    in_log.into_iter().find(|(column, _)| *column == name).and_then(|(_, ecs)| Field::intern(ecs))
}

fn field_of(log: &Log, name: &str) -> Option<Field> {
    known_field(Some(log), name).or_else(|| Field::intern(&format!("{}.{name}", log.dataset)))
}

/// The columns that a header names, for a log of this name or an unknown one.
pub fn from_header(path: &[u8], fields: &[&[u8]], types: &[&[u8]]) -> (Option<&'static Log>, Vec<Column>) {
    let path = std::str::from_utf8(path).unwrap_or_default();
    let log = by_name(path);
    let columns = fields.iter().enumerate().map(|(at, name)| {
        let name = std::str::from_utf8(name).unwrap_or_default();
        let own = || Field::intern(&format!("zeek.{path}.{name}"));
        let kind = types.get(at).map_or(Kind::Text, |name| Kind::of_type(name));
        Column { field: known_field(log, name).or_else(own), kind }
    });
    (log, columns.collect())
}

/// The log whose columns these values fit; where several do, the one with the most columns of few words, if it is one
/// log alone. `name` is the log's, where the file's name told it.
pub fn find(values: &[&[u8]], name: Option<&str>) -> Option<&'static Layout> {
    let layouts = LAYOUTS.all.iter().filter(|layout| name.is_none_or(|name| layout.log.name == name));
    let exact = layouts.clone().filter(|layout| layout.columns.len() == values.len() && layout.fits(values));
    most_telling(exact, values).or_else(|| most_telling(layouts.filter(|layout| layout.fits(values)), values))
}

/// The most telling of the layouts, where the others as telling as it are of the same log.
fn most_telling(layouts: impl Iterator<Item = &'static Layout> + Clone, values: &[&[u8]]) -> Option<&'static Layout> {
    let most = layouts.clone().map(|layout| layout.telling(values)).max()?;
    let mut layouts = layouts.filter(|layout| layout.telling(values) == most);
    let first = layouts.next()?;
    layouts.all(|other| std::ptr::eq(other.log, first.log)).then_some(first)
}
