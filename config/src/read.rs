//! From a tree to settings: a serde reader that knows where each value stands and finds every problem, not the first.
//!
//! Two conventions beyond serde's own, so that no value is buffered away from its place:
//!
//! * an enum without a tag is chosen by the table's key `type`;
//! * a field named [`REST`] takes the table without the keys of the fields beside it.

use std::fmt::Display;

use roundsman_rules::Problem;
use serde::{
    Deserializer,
    de::{self, DeserializeOwned, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor},
    forward_to_deserialize_any,
};

use crate::tree::{Entry, Node, Place, Step, Table, Value};

/// The name of a field that takes all keys its neighbours do not take.
pub const REST: &str = "$rest";

/// The key that chooses an enum's variant.
const TYPE: &str = "type";

/// Most problems that are told of one configuration.
const MAX_PROBLEMS: usize = 100;

/// How alike two words must be for one to be taken for a slip of the other (Jaro-Winkler, 0 to 1).
const SLIP: f64 = 0.8;

/// Reads settings out of the tree. A value that cannot be used is told, taken out, and the rest is read on.
pub fn read<T: DeserializeOwned>(root: &mut Node, problems: &mut Vec<Problem>) -> Option<T> {
    for _ in 0..MAX_PROBLEMS {
        let mut fault = match T::deserialize(Reader::new(root)) {
            Ok(settings) => return Some(settings),
            Err(fault) => fault,
        };
        fault.path.reverse();
        if let Some(problem) = fault.tell(root) {
            problems.push(problem);
        }
        if !root.remove(&fault.path) {
            return None;
        }
    }
    None
}

/// Why reading stopped, and where. The path grows from its end while the fault travels up.
#[derive(Debug)]
struct Fault {
    at: Option<Place>,
    path: Vec<Step>,
    what: What,
}

#[derive(Debug)]
enum What {
    Other(String),
    UnknownKey(String, &'static [&'static str]),
    UnknownChoice(String, &'static [&'static str]),
    Missing(&'static str),
}

impl Fault {
    fn new(what: What) -> Self {
        Fault { at: None, path: Vec::new(), what }
    }

    fn within(mut self, step: Step, at: &Place) -> Self {
        self.at.get_or_insert_with(|| at.clone());
        self.path.push(step);
        self
    }

    /// The problem in words; `None` for a key that is missing only because it was told and taken out before.
    fn tell(&self, root: &Node) -> Option<Problem> {
        let at = self.at.clone().unwrap_or_else(|| root.at.clone());
        let name = dotted(&self.path);
        Some(match &self.what {
            What::Other(what) if name.is_empty() => at.problem(what, ""),
            What::Other(what) => at.problem(format!("`{name}`: {what}"), ""),
            What::UnknownKey(key, known) => {
                let known: Vec<_> = known.iter().copied().filter(|k| *k != REST).collect();
                at.problem(format!("unknown key `{key}`{}", inside(&self.path)), nearest(key, &known))
            }
            What::UnknownChoice(choice, known) => {
                let known: Vec<_> = known.to_vec();
                let what = match self.path.last() {
                    Some(Step::Key(key)) if key == TYPE => format!("{} type", section(&self.path)),
                    _ => format!("value for `{name}`:"),
                };
                let available = format!("(available: {})", known.join(", "));
                at.problem(format!("unknown {what} `{choice}` {available}"), slip(choice, &known).unwrap_or_default())
            }
            What::Missing(key) => {
                if let Some(Node { value: Value::Table(table), .. }) = root.find(&self.path)
                    && table.dropped.iter().any(|k| k == key)
                {
                    return None;
                }
                at.problem(format!("`{key}` is missing{}", inside_whole(&self.path)), format!("add `{key} = …`"))
            }
        })
    }
}

/// `source.listen`; positions in arrays are left out, the line says which.
fn dotted(path: &[Step]) -> String {
    let keys = path.iter().filter_map(|step| if let Step::Key(key) = step { Some(&**key) } else { None });
    keys.collect::<Vec<_>>().join(".")
}

fn section(path: &[Step]) -> String {
    dotted(&path[..path.len().saturating_sub(1)])
}

fn inside(path: &[Step]) -> String {
    match &*section(path) {
        "" => String::new(),
        section => format!(" in `{section}`"),
    }
}

fn inside_whole(path: &[Step]) -> String {
    match &*dotted(path) {
        "" => String::new(),
        section => format!(" in `{section}`"),
    }
}

/// What was probably meant.
fn slip(word: &str, known: &[&str]) -> Option<String> {
    let word = word.to_lowercase();
    let best = known.iter().map(|k| (strsim::jaro_winkler(&word, k), *k)).max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(likeness, _)| *likeness >= SLIP).map(|(_, key)| format!("did you mean `{key}`?"))
}

/// What was probably meant, else what there is.
fn nearest(word: &str, known: &[&str]) -> String {
    slip(word, known).unwrap_or_else(|| match known {
        [] => "nothing is set here".into(),
        known => format!("known: {}", known.join(", ")),
    })
}

impl Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.what {
            What::Other(what) => f.write_str(what),
            What::UnknownKey(key, _) => write!(f, "unknown key `{key}`"),
            What::UnknownChoice(choice, _) => write!(f, "unknown value `{choice}`"),
            What::Missing(key) => write!(f, "`{key}` is missing"),
        }
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: Display>(what: T) -> Self {
        Fault::new(What::Other(what.to_string()))
    }
    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        // serde's words for Rust's types, in TOML's
        let expected = match &*expected.to_string() {
            "path string" => "a path".to_owned(),
            "a sequence" => "a list".to_owned(),
            "a map" => "a table".to_owned(),
            other => other.replace("struct ", "a table of "),
        };
        let found = match found {
            de::Unexpected::Seq => "a list".to_owned(),
            de::Unexpected::Map => "a table".to_owned(),
            other => other.to_string(),
        };
        Fault::new(What::Other(format!("expected {expected}, found {found}")))
    }
    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::invalid_type(found, expected)
    }
    fn unknown_field(key: &str, known: &'static [&'static str]) -> Self {
        Fault::new(What::UnknownKey(key.into(), known))
    }
    fn unknown_variant(choice: &str, known: &'static [&'static str]) -> Self {
        Fault::new(What::UnknownChoice(choice.into(), known))
    }
    fn missing_field(key: &'static str) -> Self {
        Fault::new(What::Missing(key))
    }
}

/// Reads one node. `hidden` keys of a table are somebody else's.
struct Reader<'n> {
    node: &'n Node,
    hidden: &'static [&'static str],
    hide_type: bool,
}

impl<'n> Reader<'n> {
    fn new(node: &'n Node) -> Self {
        Reader { node, hidden: &[], hide_type: false }
    }

    fn shows(&self, key: &str) -> bool {
        let taken = self.hide_type && key == TYPE;
        !taken && !self.hidden.contains(&key)
    }

    fn map<'de, V: Visitor<'de>>(
        self,
        table: &Table,
        rest: Option<&'static [&'static str]>,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let mut entries: Vec<&Entry> = table.entries.iter().filter(|e| self.shows(&e.key)).collect();
        if let Some(named) = rest {
            entries.retain(|e| named.contains(&&*e.key));
        }
        let rest = rest.map(|hidden| Reader { node: self.node, hidden, hide_type: false });
        visitor.visit_map(Fields { entries: entries.into_iter(), value: None, rest, rest_is_next: false })
    }
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.value {
            Value::Text(text) => visitor.visit_str(text),
            Value::Integer(n) => visitor.visit_i64(*n),
            Value::Float(n) => visitor.visit_f64(*n),
            Value::Bool(truth) => visitor.visit_bool(*truth),
            Value::Array(items) => visitor.visit_seq(Items { items: items.iter().enumerate() }),
            Value::Table(table) => self.map(table, None, visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.node.value {
            Value::Table(table) => self.map(table, fields.contains(&REST).then_some(fields), visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        choices: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.node.value {
            Value::Text(_) => visitor.visit_enum(Choice { choice: self.node, at: None, of: None }),
            Value::Table(table) => match table.get(TYPE) {
                Some(entry) => visitor.visit_enum(Choice { choice: &entry.value, at: Some(&entry.at), of: Some(self) }),
                None if table.dropped.iter().any(|key| key == TYPE) => Err(Fault::new(What::Missing(TYPE))),
                None => {
                    let what = format!("`{TYPE}` is missing (available: {})", choices.join(", "));
                    Err(Fault::new(What::Other(what)))
                }
            },
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

/// The keys and values of a table, and at last what is left for [`REST`].
struct Fields<'n> {
    entries: std::vec::IntoIter<&'n Entry>,
    value: Option<&'n Entry>,
    rest: Option<Reader<'n>>,
    rest_is_next: bool,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        match self.entries.next() {
            Some(entry) => {
                self.value = Some(entry);
                let key = seed.deserialize(de::value::StrDeserializer::<Fault>::new(&entry.key));
                key.map(Some).map_err(|fault| fault.within(Step::Key(entry.key.clone()), &entry.at))
            }
            None if self.rest.is_some() && !self.rest_is_next => {
                self.rest_is_next = true;
                seed.deserialize(de::value::StrDeserializer::<Fault>::new(REST)).map(Some)
            }
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        match (self.value.take(), self.rest.take()) {
            (Some(entry), rest) => {
                self.rest = rest;
                let value = seed.deserialize(Reader::new(&entry.value));
                value.map_err(|fault| fault.within(Step::Key(entry.key.clone()), &entry.value.at))
            }
            (None, Some(rest)) => seed.deserialize(rest),
            (None, None) => Err(de::Error::custom("a value was asked for before its key")),
        }
    }
}

/// The values of an array.
struct Items<'n> {
    items: std::iter::Enumerate<std::slice::Iter<'n, Node>>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        let Some((i, item)) = self.items.next() else { return Ok(None) };
        seed.deserialize(Reader::new(item)).map(Some).map_err(|fault| fault.within(Step::Index(i), &item.at))
    }
}

/// A variant, and the table that holds its settings.
struct Choice<'n> {
    choice: &'n Node,
    at: Option<&'n Place>,
    of: Option<Reader<'n>>,
}

impl<'de, 'n> EnumAccess<'de> for Choice<'n> {
    type Error = Fault;
    type Variant = Chosen<'n>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Chosen<'n>), Fault> {
        let variant = seed.deserialize(Reader::new(self.choice)).map_err(|fault| match self.at {
            Some(at) => fault.within(Step::Key(TYPE.into()), at),
            None => fault,
        })?;
        Ok((variant, Chosen(self.of.map(|of| Reader { hide_type: true, ..of }))))
    }
}

/// The settings of a variant; none where it was named by its word alone.
struct Chosen<'n>(Option<Reader<'n>>);

impl<'de> VariantAccess<'de> for Chosen<'_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.0 {
            Some(reader) => {
                let extra = |table: &Table| table.entries.iter().find(|e| reader.shows(&e.key)).cloned();
                let Value::Table(table) = &reader.node.value else { return Ok(()) };
                extra(table).map_or(Ok(()), |entry| {
                    let fault = Fault::new(What::UnknownKey(entry.key.clone(), &[]));
                    Err(fault.within(Step::Key(entry.key), &entry.at))
                })
            }
            None => Ok(()),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        match self.0 {
            Some(reader) => seed.deserialize(reader),
            None => Err(de::Error::custom("expected a table with its settings")),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, Fault> {
        let _ = visitor;
        Err(de::Error::custom("no setting is a tuple"))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            Some(reader) => reader.deserialize_struct("", fields, visitor),
            None => Err(de::Error::custom("expected a table with its settings")),
        }
    }
}
