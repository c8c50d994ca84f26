//! Tables that say what a vendor's keys or columns mean: one line for each, for `key=value` records and CSV alike.
//!
//! ```
//! use roundsman_ingest::{field, table::{Table, To}};
//!
//! let table = Table::new("acme.", &[
//!     ("src", To::Source),
//!     ("act", To::Text(field::EVENT_ACTION)),
//!     ("sent", To::Number(field::SOURCE_BYTES)),
//! ]);
//! assert_eq!(table.column("act"), Some(1));
//! ```
//!
//! What a table does not list stands under the format's own name (`acme.sid`), so that nothing is lost.

use std::{borrow::Cow, collections::HashMap};

use memchr::{memchr, memmem};

use crate::{
    Event, Field, field,
    pairs::{Pair, set_own, unescape},
    scan::{integer, ip, set_destination, set_number, set_source},
    time, web,
};

/// What becomes of a value.
#[derive(Clone, Copy)]
pub enum To {
    /// It stays under the format's own name, prefix and key.
    Own,
    /// It says nothing, or the format reads it itself.
    Nothing,
    /// Text of a field.
    Text(Field),
    /// Text of a field that no other value has set.
    Else(Field),
    /// Text of a field in lower case.
    Lower(Field),
    /// An integer; other text stays under the format's own name.
    Number(Field),
    /// An address, unless it is the unspecified one, which firewalls write for none.
    Ip(Field),
    /// `source.address`, and `source.ip` or `source.domain`.
    Source,
    /// `destination.address`, and `destination.ip` or `destination.domain`.
    Destination,
    /// The same with a port behind the last colon, `source.port`.
    SourcePeer,
    /// The same with a port behind the last colon, `destination.port`.
    DestinationPeer,
    /// A time in any notation of [`time::read`].
    Time(Field),
    /// `event.duration`, from a number of units that are this many nanoseconds each.
    Duration(i64),
    /// The transport by IANA's number or by name.
    Transport,
    /// `url.original` and its parts.
    Url,
    /// An account: its domain before a backslash is set apart, one behind an at sign is told as well.
    Account {
        /// Where the name goes.
        name: Field,
        /// Where the domain goes.
        domain: Field,
    },
    /// Several of these.
    All(&'static [To]),
    /// What this function does with it.
    With(fn(&mut Event<'_>, &[u8])),
}

impl To {
    /// Sets what a value means that belongs to no table.
    pub fn put(self, event: &mut Event<'_>, value: &[u8]) {
        put(self, "", b"", value, event);
    }
}

/// Nanoseconds of a second.
pub const SECOND: i64 = 1_000_000_000;
/// Nanoseconds of a millisecond.
pub const MILLISECOND: i64 = 1_000_000;

/// `user.name` and `user.domain`.
pub const USER: To = To::Account { name: field::USER_NAME, domain: field::USER_DOMAIN };
/// `source.user.name` and `source.user.domain`.
pub const SOURCE_USER: To = To::Account { name: field::SOURCE_USER_NAME, domain: field::SOURCE_USER_DOMAIN };
/// `destination.user.name` and `destination.user.domain`.
pub const DESTINATION_USER: To =
    To::Account { name: field::DESTINATION_USER_NAME, domain: field::DESTINATION_USER_DOMAIN };

/// The meanings of a format's keys, or of its columns in order.
pub struct Table {
    prefix: &'static str,
    columns: Vec<(&'static str, To)>,
    by_key: HashMap<&'static [u8], usize>,
    nothing: &'static [&'static str],
}

impl Table {
    /// A table whose own names begin with `prefix` (with its dot). Of columns that share a name, the first has it.
    pub fn new(prefix: &'static str, columns: &[(&'static str, To)]) -> Table {
        let mut by_key = HashMap::with_capacity(columns.len());
        for (at, (key, _)) in columns.iter().enumerate() {
            by_key.entry(key.as_bytes()).or_insert(at);
        }
        Table { prefix, columns: columns.to_vec(), by_key, nothing: &[] }
    }

    /// The same, with words that the vendor writes where there is no value (`N/A`); empty text never is one.
    pub fn without(self, nothing: &'static [&'static str]) -> Table {
        Table { nothing, ..self }
    }

    /// The place of the column of this name.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.by_key.get(key.as_bytes()).copied()
    }

    /// Whether it lists this key.
    pub fn lists(&self, key: &[u8]) -> bool {
        self.by_key.contains_key(key)
    }

    /// Sets what a key's value means.
    pub fn set(&self, event: &mut Event<'_>, key: &[u8], value: &[u8]) {
        if self.is_nothing(value) {
            return;
        }
        match self.by_key.get(key) {
            Some(at) => put(self.columns[*at].1, self.prefix, key, value, event),
            None => set_own(event, self.prefix, key, value),
        }
    }

    /// Sets what all pairs mean, and gives back the values of the `wanted` keys (the last of each, empty without).
    pub fn read_pairs<'r, const N: usize>(
        &self,
        event: &mut Event<'_>,
        pairs: impl Iterator<Item = Pair<'r>>,
        wanted: [&str; N],
    ) -> [&'r [u8]; N] {
        let mut found: [&[u8]; N] = [b""; N];
        for pair in pairs {
            let Some(value) = pair.value else { continue };
            if let Some(at) = wanted.iter().position(|key| key.as_bytes() == pair.key) {
                found[at] = value;
            }
            if pair.quoted {
                self.set(event, pair.key, &unescape(value));
            } else {
                self.set(event, pair.key, value);
            }
        }
        found
    }

    /// Sets what the cells of a record mean, and gives back those of the `wanted` columns (empty where there is none).
    /// Cells beyond the last column are left.
    pub fn read_cells<'r, const N: usize>(
        &self,
        event: &mut Event<'_>,
        cells: Cells<'r>,
        wanted: [&str; N],
    ) -> [&'r [u8]; N] {
        let places = wanted.map(|key| self.column(key));
        let mut found: [&[u8]; N] = [b""; N];
        for (at, (cell, (key, to))) in cells.zip(&self.columns).enumerate() {
            if let Some(which) = places.iter().position(|place| *place == Some(at)) {
                found[which] = cell.text;
            }
            if !self.is_nothing(cell.text) {
                put(*to, self.prefix, key.as_bytes(), &cell.plain(), event);
            }
        }
        found
    }

    /// The cells of these columns alone, without setting anything.
    pub fn read_cells_of<'r, const N: usize>(&self, cells: Cells<'r>, wanted: [&str; N]) -> [&'r [u8]; N] {
        let places = wanted.map(|key| self.column(key));
        let mut found: [&[u8]; N] = [b""; N];
        for (at, cell) in cells.enumerate().take(self.columns.len()) {
            if let Some(which) = places.iter().position(|place| *place == Some(at)) {
                found[which] = cell.text;
            }
        }
        found
    }

    fn is_nothing(&self, value: &[u8]) -> bool {
        value.is_empty() || self.nothing.iter().any(|word| word.as_bytes() == value)
    }
}

fn put(to: To, prefix: &str, key: &[u8], value: &[u8], event: &mut Event<'_>) {
    let own = |event: &mut Event<'_>| set_own(event, prefix, key, value);
    match to {
        To::Own => own(event),
        To::Nothing => {}
        To::Text(field) => event.set(field, value),
        To::Else(field) if event.get(field).is_none() => event.set(field, value),
        To::Else(_) => own(event),
        To::Lower(field) => set_lower(event, field, value),
        To::Number(field) => match integer(value) {
            Some(number) => event.set_int(field, number),
            None => own(event),
        },
        To::Ip(field) => match ip(value) {
            Some((bare, address)) if !address.is_unspecified() => event.set(field, bare),
            Some(_) => {}
            None => own(event),
        },
        To::Source => set_source(event, value),
        To::Destination => set_destination(event, value),
        To::SourcePeer => set_with_port(event, value, set_source, field::SOURCE_PORT),
        To::DestinationPeer => set_with_port(event, value, set_destination, field::DESTINATION_PORT),
        To::Time(field) => match time::read(value) {
            Some(stamp) => event.set_stamp(field, stamp),
            None => own(event),
        },
        To::Duration(unit) => match integer(value).and_then(|units| units.checked_mul(unit)) {
            Some(nanos) => event.set_int(field::EVENT_DURATION, nanos),
            None => own(event),
        },
        To::Transport => set_transport(event, value),
        To::Url => web::set_url(event, value),
        To::Account { name, domain } => set_account(event, [name, domain], value),
        To::All(several) => several.iter().for_each(|to| put(*to, prefix, key, value, event)),
        To::With(act) => act(event, value),
    }
}

fn set_with_port(event: &mut Event<'_>, value: &[u8], set: fn(&mut Event<'_>, &[u8]), port: Field) {
    let (host, digits) = web::split_port(value);
    set(event, host);
    digits.into_iter().for_each(|digits| set_number(event, port, digits));
}

/// Sets `network.bytes` and `network.packets` where both directions are known and no sum is.
pub fn set_totals(event: &mut Event<'_>) {
    for [sum, source, destination] in [
        [field::NETWORK_BYTES, field::SOURCE_BYTES, field::DESTINATION_BYTES],
        [field::NETWORK_PACKETS, field::SOURCE_PACKETS, field::DESTINATION_PACKETS],
    ] {
        if event.get(sum).is_none()
            && let (Some(sent), Some(received)) = (event.int(source), event.int(destination))
            && let Some(both) = sent.checked_add(received)
        {
            event.set_int(sum, both);
        }
    }
}

/// Sets a stamp from a date and a time that stand apart, and a zone such as `+0100`, where there is one.
pub fn set_date_time(event: &mut Event<'_>, field: Field, date: &[u8], time: &[u8], zone: &[u8]) {
    let text = [date, b" ", time, zone].concat();
    if let Some((_, stamp, _)) = crate::envelope::iso_stamp(&text) {
        event.set_stamp(field, stamp);
    }
}

/// What a firewall's word for its decision means in `event.type`; empty where it is no such word.
pub fn verdict(action: &[u8]) -> &'static str {
    const DENIED: [&[u8]; 13] = [
        b"den",
        b"drop",
        b"block",
        b"reject",
        b"reset",
        b"prevent",
        b"quarantine",
        b"discard",
        b"forbid",
        b"disallow",
        b"sinkhole",
        b"refuse",
        b"interdit",
    ];
    const ALLOWED: [&[u8]; 9] =
        [b"allow", b"accept", b"pass", b"permit", b"forward", b"detect", b"monitor", b"bypass", b"continue"];
    let begins = |words: &[&[u8]]| {
        words.iter().any(|word| action.len() >= word.len() && action[..word.len()].eq_ignore_ascii_case(word))
    };
    match (begins(&DENIED), begins(&ALLOWED)) {
        (true, _) => "denied",
        (_, true) => "allowed",
        _ => "",
    }
}

/// Sets a field to text in lower case; a span where it is so already.
pub fn set_lower(event: &mut Event<'_>, field: Field, value: &[u8]) {
    if value.iter().any(u8::is_ascii_uppercase) {
        event.set(field, &value.to_ascii_lowercase());
    } else {
        event.set(field, value);
    }
}

/// Sets `network.transport` by name, or by IANA's number together with that.
pub fn set_transport(event: &mut Event<'_>, value: &[u8]) {
    if integer(value).is_some() {
        web::set_protocol_number(event, value);
    } else {
        set_lower(event, field::NETWORK_TRANSPORT, value);
    }
}

/// An account's name and its domain: `EXAMPLE\ann`, `ann@example.com`.
pub fn split_account(account: &[u8]) -> (&[u8], Option<&[u8]>) {
    if let Some(at) = memchr(b'\\', account) {
        let name = &account[at + 1..];
        // some senders write the backslash twice
        return (name.strip_prefix(b"\\").unwrap_or(name), Some(&account[..at]));
    }
    match memmem::rfind(account, b"@") {
        Some(at) if at > 0 => (&account[..at], Some(&account[at + 1..])),
        _ => (account, None),
    }
}

fn set_account(event: &mut Event<'_>, [name, domain]: [Field; 2], value: &[u8]) {
    let (account, of) = split_account(value);
    // a mail address is the name that such devices know
    let account = if value.contains(&b'\\') { account } else { value };
    if !account.is_empty() {
        event.set(name, account);
    }
    if let Some(of) = of.filter(|of| !of.is_empty()) {
        event.set(domain, of);
    }
}

/// One cell of a CSV record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell<'r> {
    /// Its text, without the quotes around it.
    pub text: &'r [u8],
    /// It stood in quotes, so that two quotes in it mean one.
    pub quoted: bool,
}

impl<'r> Cell<'r> {
    /// Its text with doubled quotes undone.
    pub fn plain(&self) -> Cow<'r, [u8]> {
        let Some(first) = self.quoted.then(|| memmem::find(self.text, b"\"\"")).flatten() else {
            return Cow::Borrowed(self.text);
        };
        let mut plain = self.text[..=first].to_vec();
        let mut rest = &self.text[first + 2..];
        while let Some(at) = memmem::find(rest, b"\"\"") {
            plain.extend_from_slice(&rest[..=at]);
            rest = &rest[at + 2..];
        }
        plain.extend_from_slice(rest);
        Cow::Owned(plain)
    }
}

/// The cells of one record (RFC 4180). Never fails: an open quote reaches to the end, and what follows a closing quote
/// before the next mark belongs to the cell.
#[derive(Clone, Debug)]
pub struct Cells<'r> {
    rest: Option<&'r [u8]>,
    mark: u8,
}

impl<'r> Cells<'r> {
    /// The cells between commas.
    pub fn new(text: &'r [u8]) -> Self {
        Cells::between(text, b',')
    }

    /// The cells between these marks.
    pub fn between(text: &'r [u8], mark: u8) -> Self {
        Cells { rest: Some(text), mark }
    }

    /// What has not been read yet.
    pub fn rest(&self) -> &'r [u8] {
        self.rest.unwrap_or_default()
    }
}

impl<'r> Iterator for Cells<'r> {
    type Item = Cell<'r>;

    fn next(&mut self) -> Option<Cell<'r>> {
        let text = self.rest?;
        let (cell, after) = match text.strip_prefix(b"\"").and_then(|inner| quoted(inner, self.mark)) {
            Some((inner, after)) => (Cell { text: inner, quoted: true }, after),
            None => {
                let end = memchr(self.mark, text).unwrap_or(text.len());
                (Cell { text: &text[..end], quoted: false }, &text[end..])
            }
        };
        self.rest = after.split_first().map(|(_, rest)| rest);
        Some(cell)
    }
}

/// The text up to the closing quote, and what follows that, which begins with a mark; `None` where text follows.
fn quoted(inner: &[u8], mark: u8) -> Option<(&[u8], &[u8])> {
    let mut from = 0;
    while let Some(at) = memchr(b'"', &inner[from..]).map(|at| from + at) {
        match inner.get(at + 1) {
            None => return Some((&inner[..at], b"")),
            Some(next) if *next == mark => return Some((&inner[..at], &inner[at + 1..])),
            // doubled, or a quote that the sender did not double
            Some(b'"') => from = at + 2,
            Some(_) => from = at + 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Origin, Record, Transport, pairs::Pairs};

    fn cells(text: &str) -> Vec<String> {
        Cells::new(text.as_bytes()).map(|cell| String::from_utf8_lossy(&cell.plain()).into_owned()).collect()
    }

    fn read(raw: &str, look: impl FnOnce(&mut Event<'_>, &[u8])) -> Vec<(String, String)> {
        let origin = Origin::new(Transport::File, "test");
        let received = "2026-11-22T12:00:00Z".parse().unwrap();
        let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw: raw.as_bytes() };
        let mut event = Event::new(&record);
        look(&mut event, record.raw);
        let text = |value| event.value_text(value).unwrap().into_owned();
        event.fields().iter().map(|(field, value)| (field.name().to_owned(), text(*value))).collect()
    }

    #[test]
    fn cells_may_be_empty_quoted_or_hold_quotes() {
        assert_eq!(cells("a,,\"b, c\",\"say \"\"hi\"\"\",\"\""), ["a", "", "b, c", "say \"hi\"", ""]);
        assert_eq!(cells("\"a \"b\" c\",d"), ["a \"b\" c", "d"]);
        assert_eq!(cells("\"open, d"), ["\"open", " d"]);
        assert_eq!(cells(""), [""]);
        assert_eq!(cells("a,"), ["a", ""]);
    }

    #[test]
    fn a_table_reads_pairs_and_cells_alike() {
        let columns = [
            ("src", To::Source),
            ("dst", To::Ip(field::DESTINATION_IP)),
            ("user", USER),
            ("n", To::Number(field::SOURCE_PORT)),
        ];
        let table = Table::new("acme.", &columns).without(&["N/A"]);
        let expected = [
            ("source.address", "192.0.2.7"),
            ("source.ip", "192.0.2.7"),
            ("user.name", "ann"),
            ("user.domain", "EXAMPLE"),
            ("acme.n", "many"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let pairs = read(r#"src=192.0.2.7 dst=0.0.0.0 user="EXAMPLE\\ann" n=many x=N/A"#, |event, raw| {
            assert_eq!(table.read_pairs(event, Pairs::new(raw), ["n", "src", "y"]), [&b"many"[..], b"192.0.2.7", b""]);
        });
        assert_eq!(pairs, expected);
        let cells = read(r"192.0.2.7,0.0.0.0,EXAMPLE\ann,many,beyond", |event, raw| {
            assert_eq!(table.read_cells(event, Cells::new(raw), ["n", "y"]), [&b"many"[..], b""]);
        });
        assert_eq!(cells, expected);
    }

    #[test]
    fn accounts_are_split_at_their_domain() {
        assert_eq!(split_account(b"EXAMPLE\\ann"), (&b"ann"[..], Some(&b"EXAMPLE"[..])));
        assert_eq!(split_account(b"EXAMPLE\\\\ann"), (&b"ann"[..], Some(&b"EXAMPLE"[..])));
        assert_eq!(split_account(b"ann@example.com"), (&b"ann"[..], Some(&b"example.com"[..])));
        assert_eq!(split_account(b"ann"), (&b"ann"[..], None));
    }
}
