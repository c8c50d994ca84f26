//! A JSON vendor's keys as a table: which key is which ECS field.
//!
//! Each row is a dotted key, as [`read_into`] names it, and where its value goes. Rows are in order of
//! preference: where two say the same field, the first that has a value sets it. What no row takes goes under the
//! format's own name, nulls and empty texts left out.

use std::sync::OnceLock;

use foldhash::HashMap;

use crate::{
    Event, Field, Value,
    ecs::{self, Account, Endpoint, Type},
    event::MAX_FIELDS_PER_EVENT,
    field,
    formats::Reject,
    json::{Sink, read_into, read_value_into},
    scan,
    web::{set_url, split_port},
};

/// Where the value of a key goes.
#[derive(Clone, Copy, Debug)]
pub enum To {
    /// The ECS field of this name, read as its type wants it.
    Is(&'static str),
    /// Several fields have this value.
    All(&'static [&'static str]),
    /// A person, as `name@domain`, `DOMAIN\name` or a name: the fields below this name ([`Account`]).
    Account(&'static str),
    /// The same, and the whole text as its `.id`: the names by which cloud services know people.
    Principal(&'static str),
    /// An address or a host name, with a port or not: the fields below this name ([`Endpoint`]).
    Peer(&'static str),
    /// A URL: `url.original` and its parts.
    Url,
    /// How it ended: `event.outcome` where the word is one of the usual ones ([`outcome_of`]).
    Outcome,
    /// A string that holds JSON itself, to be read below this key.
    Json,
    /// An array of objects each of which says its name in this member: `[{"name":"a","value":1}]` is read as
    /// `{"a":1}`, `[{"type":"User","id":7}]` as `{"User":{"id":7}}`.
    Named(&'static str),
}

/// A key and where its value goes.
pub type Row = (&'static str, To);

/// The keys of one format. Made once as a constant; its index is built on first use.
pub struct Table {
    rows: &'static [Row],
    inside: &'static [&'static str],
    index: OnceLock<Index>,
}

#[derive(Default)]
struct Index {
    rows: HashMap<&'static str, u16>,
    named: HashMap<&'static str, &'static str>,
    goals: Vec<Goal>,
}

/// [`To`] with its fields looked up.
enum Goal {
    Fields(Vec<(Field, Type)>),
    Account(Account, Option<Field>),
    Peer(Endpoint),
    Url,
    Outcome,
    Json,
    None,
}

/// Members of a named object whose value is the name's own.
const VALUES: &[&str] =
    &["value", "Value", "intValue", "boolValue", "multiValue", "multiIntValue", "stringValue", "values"];

impl Table {
    /// The table of these rows.
    pub const fn new(rows: &'static [Row]) -> Table {
        Table { rows, inside: &[], index: OnceLock::new() }
    }

    /// The same for records that may stand whole in one of these objects (names with their dot): `data.`.
    pub const fn inside(objects: &'static [&'static str], rows: &'static [Row]) -> Table {
        Table { rows, inside: objects, index: OnceLock::new() }
    }

    /// The rows in order.
    pub fn rows(&self) -> &'static [Row] {
        self.rows
    }

    /// Reads a JSON object (also one that stands alone in an array) into an event, what no row takes behind `own`.
    pub fn read(&self, raw: &[u8], own: &'static str, event: &mut Event<'_>) -> Result<(), Reject> {
        let index = self.index();
        let mut taker = Taker { index, inside: self.inside, own: own.len(), hits: Vec::new(), open: Vec::new() };
        let raw = raw.trim_ascii();
        match raw.strip_prefix(b"[").and_then(|raw| raw.strip_suffix(b"]")) {
            Some(inner) => read_into(inner, own, event, &mut taker)?,
            None => read_into(raw, own, event, &mut taker)?,
        }
        taker.apply(own, self.rows, event);
        Ok(())
    }

    /// Sets fields from values that stand in the event under their own names, behind `own`; they stay there too. A field
    /// that the event already has is left.
    pub fn copy(&self, own: &'static str, event: &mut Event<'_>) {
        let index = self.index();
        let row = |field: Field| index.rows.get(field.name().strip_prefix(own)?).copied();
        let mut hits: Vec<(u16, Value)> =
            event.fields().iter().filter_map(|(field, value)| Some((row(*field)?, *value))).collect();
        hits.sort_by_key(|(row, _)| *row);
        let mut claims = Claims { made: Vec::with_capacity(hits.len()), over: false };
        for (row, value) in hits {
            if !ecs::is_nothing(event, value) {
                index.goals[usize::from(row)].reach(row, value, &mut claims, event);
            }
        }
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut index = Index::default();
            for (at, (key, to)) in (0..).zip(self.rows) {
                match to {
                    To::Named(member) => {
                        index.named.insert(key, member);
                    }
                    _ => {
                        index.rows.entry(key).or_insert(at);
                    }
                }
                index.goals.push(Goal::of(to));
            }
            index
        })
    }
}

impl Goal {
    fn of(to: &To) -> Goal {
        let fields = |names: &[&str]| {
            Goal::Fields(names.iter().filter_map(|name| Some((Field::intern(name)?, ecs::type_of(name)))).collect())
        };
        match to {
            To::Is(name) => fields(&[name]),
            To::All(names) => fields(names),
            To::Account(name) => Account::of(name).map_or(Goal::None, |account| Goal::Account(account, None)),
            To::Principal(name) => Account::of(name)
                .map_or(Goal::None, |account| Goal::Account(account, Field::intern(&format!("{name}.id")))),
            To::Peer(name) => Endpoint::of(name).map_or(Goal::None, Goal::Peer),
            To::Url => Goal::Url,
            To::Outcome => Goal::Outcome,
            To::Json => Goal::Json,
            To::Named(_) => Goal::None,
        }
    }
}

/// An object of an array whose objects have names; its members wait for the name.
struct Open {
    at: usize,
    member: &'static str,
    name: Option<String>,
    held: Vec<(String, Value)>,
}

struct Taker<'i> {
    index: &'i Index,
    inside: &'static [&'static str],
    own: usize,
    hits: Vec<(u16, Value)>,
    open: Vec<Open>,
}

impl Sink for Taker<'_> {
    fn value(&mut self, event: &mut Event<'_>, name: &str, value: Value) {
        if let Some(open) = self.open.last_mut() {
            let member = name.get(open.at + 1..).unwrap_or_default();
            if member == open.member && open.name.is_none() {
                open.name = event.value_text(value).map(|name| name.into_owned());
            } else if open.held.len() < MAX_FIELDS_PER_EVENT {
                open.held.push((member.to_owned(), value));
            }
            return;
        }
        let row = self.index.rows.get(self.key(name));
        match row.map(|row| (&self.index.goals[usize::from(*row)], *row)) {
            Some((Goal::Json, _)) => self.embedded(event, name, value),
            Some((_, row)) if self.hits.len() < MAX_FIELDS_PER_EVENT => self.hits.push((row, value)),
            _ => keep_own(event, name, value),
        }
    }

    fn object(&mut self, event: &mut Event<'_>, name: &str, begins: bool) {
        let Some(member) = self.index.named.get(self.key(name)).copied() else { return };
        if begins {
            self.open.push(Open { at: name.len(), member, name: None, held: Vec::new() });
            return;
        }
        let Some(done) = self.open.pop() else { return };
        for (member, value) in done.held {
            let path = match &done.name {
                Some(own) if VALUES.contains(&member.as_str()) => format!("{name}.{own}"),
                Some(own) => format!("{name}.{own}.{member}"),
                None => format!("{name}.{member}"),
            };
            self.value(event, &path, value);
        }
    }
}

impl Taker<'_> {
    /// The key that a name means: without the format's own name and without the object around the record.
    fn key<'n>(&self, name: &'n str) -> &'n str {
        let key = name.get(self.own..).unwrap_or_default();
        self.inside.iter().find_map(|object| key.strip_prefix(object)).unwrap_or(key)
    }

    /// Reads a string that should hold JSON; one that does not is a value like others.
    fn embedded(&mut self, event: &mut Event<'_>, name: &str, value: Value) {
        let text = event.value_bytes(value).map(|text| text.trim_ascii().to_vec()).unwrap_or_default();
        let (hits, fields) = (self.hits.len(), event.fields().len());
        if !matches!(text.first(), Some(b'{' | b'[')) || read_value_into(&text, name, event, self).is_err() {
            self.hits.truncate(hits);
            event.truncate(fields);
            self.open.clear();
            keep_own(event, name, value);
        }
    }

    /// Sets the fields of all rows that were hit, in the order of the rows.
    fn apply(mut self, own: &str, rows: &[Row], event: &mut Event<'_>) {
        self.hits.sort_by_key(|(row, _)| *row);
        let mut claims = Claims { made: Vec::with_capacity(self.hits.len()), over: true };
        for (row, value) in self.hits {
            if ecs::is_nothing(event, value) {
                continue;
            }
            let set = self.index.goals[usize::from(row)].reach(row, value, &mut claims, event);
            if !set {
                keep_own(event, &format!("{own}{}", rows[usize::from(row)].0), value);
            }
        }
    }
}

/// Which row has set which field.
struct Claims {
    made: Vec<(Field, u16)>,
    /// What the envelope said gives way.
    over: bool,
}

impl Claims {
    /// Whether a row may set a field: no earlier row has.
    fn may(&mut self, field: Field, row: u16, event: &mut Event<'_>) -> bool {
        if let Some((_, owner)) = self.made.iter().find(|(claimed, _)| *claimed == field) {
            return *owner == row;
        }
        match field {
            _ if !self.over && event.get(field).is_some() => return false,
            _ if !self.over => {}
            field::HOST_NAME if event.origin.host.is_some() => return false,
            field::HOST_NAME | field::MESSAGE | field::PROCESS_NAME | field::PROCESS_PID => event.remove(field),
            _ => {}
        }
        self.made.push((field, row));
        true
    }
}

impl Goal {
    fn reach(&self, row: u16, value: Value, claims: &mut Claims, event: &mut Event<'_>) -> bool {
        let mut may = |field, event: &mut Event<'_>| claims.may(field, row, event);
        let text = |event: &Event<'_>| event.value_bytes(value).map(|text| text.into_owned()).unwrap_or_default();
        match self {
            Goal::Fields(fields) => {
                let mut any = false;
                for (field, kind) in fields {
                    any |=
                        may(*field, event) && (stands(event, *field, value) || ecs::set(event, *field, *kind, value));
                }
                any
            }
            Goal::Account(account, id) => {
                if let Some(id) = id.filter(|id| may(*id, event)) {
                    event.push(id, value);
                }
                let free = [account.name, account.domain, account.email].map(|field| may(field, event));
                account.set(event, &text(event), free);
                free[0]
            }
            Goal::Peer(peer) => {
                let free = may(peer.ip, event) && may(peer.address, event);
                if free {
                    set_peer(event, peer, &text(event));
                }
                free
            }
            Goal::Url => {
                let free = may(field::URL_ORIGINAL, event);
                if free {
                    set_url(event, &text(event));
                }
                free
            }
            Goal::Outcome => {
                let outcome = outcome_of(&text(event)).filter(|_| may(field::EVENT_OUTCOME, event));
                outcome.into_iter().for_each(|outcome| event.set_static(field::EVENT_OUTCOME, outcome));
                outcome.is_some()
            }
            Goal::Json | Goal::None => false,
        }
    }
}

/// ECS's word for how something ended, by the words that products use for it.
pub fn outcome_of(word: &[u8]) -> Option<&'static str> {
    let mut lower = [0; 16];
    let lower = lower.get_mut(..word.len())?;
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    Some(match &*lower {
        b"success" | b"successful" | b"succeeded" | b"allow" | b"allowed" | b"ok" | b"true" | b"pass" | b"passed"
        | b"granted" | b"completed" | b"approved" | b"accepted" => "success",
        b"failure" | b"failed" | b"fail" | b"deny" | b"denied" | b"error" | b"false" | b"blocked" | b"rejected"
        | b"refused" | b"challenge_failed" | b"unauthorized" => "failure",
        b"unknown" => "unknown",
        _ => return None,
    })
}

/// Whether a field already has this very text.
fn stands(event: &Event<'_>, field: Field, value: Value) -> bool {
    let text = event.value_bytes(value);
    event.all(field).any(|other| event.value_bytes(other) == text)
}

/// Sets an endpoint's address, and its IP address or name, and port, by what the text is.
pub fn set_peer(event: &mut Event<'_>, peer: &Endpoint, text: &[u8]) {
    let text = text.trim_ascii();
    let (host, port) = if scan::ip(text).is_some() { (text, None) } else { split_port(text) };
    // a name with its address behind it: `MBX1 (192.0.2.25)`
    if let Some((name, rest)) = scan::split(text.strip_prefix(b"[").unwrap_or(text), b" (")
        && let Some((bare, _)) = rest.split(|byte| *byte == b')').next().and_then(scan::ip)
    {
        event.set(peer.domain, name);
        event.set(peer.address, bare);
        event.set(peer.ip, bare);
        return;
    }
    match scan::ip(host) {
        Some((bare, _)) => {
            event.set(peer.address, bare);
            event.set(peer.ip, bare);
        }
        None => {
            event.set(peer.address, host);
            event.set(peer.domain, host);
        }
    }
    if let Some(port) = port.and_then(scan::integer) {
        event.set_int(peer.port, port);
    }
}

fn keep_own(event: &mut Event<'_>, name: &str, value: Value) {
    let empty = event.value_bytes(value).is_none_or(|text| text.is_empty());
    if !empty && let Some(field) = Field::intern(name) {
        event.push(field, value);
    }
}

#[cfg(test)]
mod tests {
    use super::{To::*, *};
    use crate::{Kind, Origin, Record, Transport};

    fn read(raw: &str, rows: &'static [Row]) -> Vec<(String, String)> {
        let origin = Origin::new(Transport::File, "test");
        let received = "2026-11-22T12:00:00Z".parse().unwrap();
        let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw: raw.as_bytes() };
        let mut event = Event::new(&record);
        Table::new(rows).read(record.raw, "acme.", &mut event).unwrap();
        let text = |value| event.value_text(value).unwrap().into_owned();
        event.fields().iter().map(|(field, value)| (field.name().to_owned(), text(*value))).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_first_row_with_a_value_sets_a_field_and_the_others_keep_theirs() {
        let rows = &[("login", Is("user.name")), ("mail", Account("user")), ("ip", Is("source.ip"))];
        let found = read(r#"{"mail":"ann@example.com","login":"ann","ip":"none","x":{"y":[1,null,""]}}"#, rows);
        let expected = [
            ("acme.x.y", "1"),
            ("user.name", "ann"),
            ("user.domain", "example.com"),
            ("user.email", "ann@example.com"),
            ("acme.mail", "ann@example.com"),
            ("acme.ip", "none"),
        ];
        assert_eq!(found, pairs(&expected));
        assert_eq!(
            read(r#"[{"login":"-","mail":"EX\\bob"}]"#, rows),
            pairs(&[("user.name", "bob"), ("user.domain", "EX")])
        );
    }

    #[test]
    fn objects_that_say_their_name_become_members_of_that_name() {
        let rows = &[("props", Named("name")), ("props.ip", Peer("source")), ("props.list", Named("key"))];
        let raw = r#"{"props":[{"value":"192.0.2.1:443","name":"ip"},{"name":"a","old":1},{"b":2},
            {"name":"list","multiValue":["x","y"]}]}"#;
        let expected = [
            ("acme.props.a.old", "1"),
            ("acme.props.b", "2"),
            ("acme.props.list", "x"),
            ("acme.props.list", "y"),
            ("source.address", "192.0.2.1"),
            ("source.ip", "192.0.2.1"),
            ("source.port", "443"),
        ];
        assert_eq!(read(raw, rows), pairs(&expected));
    }

    #[test]
    fn a_string_that_holds_json_is_read_and_any_other_is_kept() {
        let rows = &[("data", Json), ("data.user", Is("user.name"))];
        let found = read(r#"{"data":"{\"user\":\"ann\",\"n\":[1,{\"m\":2}]}"}"#, rows);
        assert_eq!(found, pairs(&[("acme.data.n", "1"), ("acme.data.n.m", "2"), ("user.name", "ann")]));
        assert_eq!(read(r#"{"data":"{\"user\":1"}"#, rows), pairs(&[("acme.data", "{\"user\":1")]));
    }
}
