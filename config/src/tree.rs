//! TOML as a tree that remembers where each value stands: files are parsed, their secrets fetched, and merged here.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use roundsman_rules::Problem;
use toml::de::{DeTable, DeValue};

/// Where systemd puts the credentials of a service (systemd.exec(5)).
const CREDENTIALS_DIRECTORY: &str = "CREDENTIALS_DIRECTORY";

/// Where a value stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// Line, counted from 1.
    pub line: usize,
}

impl Place {
    /// A problem here.
    pub fn problem(&self, what: impl Into<String>, help: impl Into<String>) -> Problem {
        Problem { file: self.file.clone(), line: self.line, fatal: true, what: what.into(), help: help.into() }
    }
}

/// A value and where it stands.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Where.
    pub at: Place,
    /// What.
    pub value: Value,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub enum Value {
    /// Text, and dates as they are written.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// A truth value.
    Bool(bool),
    /// Values in order.
    Array(Vec<Node>),
    /// Keys with values, in the order of the file.
    Table(Table),
}

impl Default for Value {
    fn default() -> Self {
        Value::Table(Table::default())
    }
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What it holds.
    pub entries: Vec<Entry>,
    /// Keys that were taken out because their values cannot be used: they are not missed again.
    pub dropped: Vec<String>,
}

/// One key of a table.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub at: Place,
    /// Its value.
    pub value: Node,
}

/// A step on the way from the root to a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Into a table.
    Key(String),
    /// Into an array.
    Index(usize),
}

impl Table {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

impl Node {
    /// Parses one file's text. Every syntax error is told; what lies between them is still read.
    pub fn parse(file: &Path, text: &str, problems: &mut Vec<Problem>) -> Node {
        let lines = Lines::new(file, text);
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let at = lines.place(error.span().map_or(0, |span| span.start));
            problems.push(at.problem(error.message(), "see https://toml.io for how TOML is written"));
        }
        Node { at: lines.place(0), value: lines.table(root.get_ref()) }
    }

    /// Puts the values of `{ env = }`, `{ file = }` and `{ credential = }` in their places, relative to `base`.
    pub fn fetch(&mut self, base: &Path, problems: &mut Vec<Problem>) {
        match &mut self.value {
            Value::Array(items) => items.iter_mut().for_each(|item| item.fetch(base, problems)),
            Value::Table(Table { entries, dropped }) => entries.retain_mut(|entry| {
                let Some((kind, name)) = indirection(&entry.value) else {
                    entry.value.fetch(base, problems);
                    return true;
                };
                match fetch(kind, name, base) {
                    Ok(text) => {
                        entry.value.value = Value::Text(text);
                        true
                    }
                    Err((what, help)) => {
                        problems.push(entry.at.problem(what, help));
                        dropped.push(entry.key.clone());
                        false
                    }
                }
            }),
            _ => {}
        }
    }

    /// Lays another tree over this one: tables merge, arrays append, anything else is replaced.
    pub fn merge(&mut self, over: Node) {
        match (&mut self.value, over.value) {
            (Value::Array(mine), Value::Array(more)) => mine.extend(more),
            (Value::Table(mine), Value::Table(more)) => {
                for entry in more.entries {
                    match mine.entries.iter_mut().find(|e| e.key == entry.key) {
                        Some(known) => known.value.merge(entry.value),
                        None => mine.entries.push(entry),
                    }
                }
            }
            (mine, value) => {
                *mine = value;
                self.at = over.at;
            }
        }
    }

    /// The node at the end of this path.
    pub fn find(&self, path: &[Step]) -> Option<&Node> {
        let Some((step, rest)) = path.split_first() else { return Some(self) };
        match (&self.value, step) {
            (Value::Table(table), Step::Key(key)) => table.get(key)?.value.find(rest),
            (Value::Array(items), Step::Index(i)) => items.get(*i)?.find(rest),
            _ => None,
        }
    }

    /// Takes the value at the end of this path out; false where there is nothing to take out.
    pub fn remove(&mut self, path: &[Step]) -> bool {
        match (&mut self.value, path) {
            (Value::Table(table), [Step::Key(key)]) => {
                table.dropped.push(key.clone());
                let before = table.entries.len();
                table.entries.retain(|entry| entry.key != *key);
                table.entries.len() < before
            }
            (Value::Array(items), [Step::Index(i)]) if *i < items.len() => {
                items.remove(*i);
                true
            }
            (Value::Table(table), [Step::Key(key), rest @ ..]) => {
                table.entries.iter_mut().find(|e| e.key == *key).is_some_and(|e| e.value.remove(rest))
            }
            (Value::Array(items), [Step::Index(i), rest @ ..]) => items.get_mut(*i).is_some_and(|n| n.remove(rest)),
            _ => false,
        }
    }
}

/// A table with the one key `env`, `file` or `credential`.
fn indirection(node: &Node) -> Option<(&str, &str)> {
    let Value::Table(table) = &node.value else { return None };
    let [entry] = &table.entries[..] else { return None };
    let Value::Text(name) = &entry.value.value else { return None };
    matches!(&*entry.key, "env" | "file" | "credential").then_some((&*entry.key, &**name))
}

fn fetch(kind: &str, name: &str, base: &Path) -> Result<String, (String, String)> {
    let read = |path: &Path| match fs::read_to_string(path) {
        Ok(text) => Ok(text.trim_end_matches(['\r', '\n']).to_owned()),
        Err(error) => {
            Err((format!("cannot read `{}`: {error}", path.display()), "it holds a value of this file".into()))
        }
    };
    match kind {
        "env" => env::var(name).map_err(|_| {
            (
                format!("environment variable `{name}` is not set"),
                "set it for the service, or write the value here".into(),
            )
        }),
        "file" => read(&base.join(name)),
        _ => match env::var_os(CREDENTIALS_DIRECTORY) {
            Some(folder) => read(&Path::new(&folder).join(name)),
            None => Err((
                format!("there is no credential `{name}`: systemd passes none to this process"),
                format!("add LoadCredential={name}:PATH to the unit, or use {{ file = \"PATH\" }}"),
            )),
        },
    }
}

/// Offsets to lines, for one file.
struct Lines<'t> {
    file: &'t Path,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(file: &'t Path, text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
        Lines { file, starts: std::iter::once(0).chain(breaks).collect() }
    }

    fn place(&self, offset: usize) -> Place {
        Place { file: self.file.to_owned(), line: self.starts.partition_point(|start| *start <= offset) }
    }

    fn node(&self, value: &toml::Spanned<DeValue<'_>>) -> Node {
        let kind = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Datetime(time) => Value::Text(time.to_string()),
            DeValue::Boolean(truth) => Value::Bool(*truth),
            DeValue::Integer(n) => {
                i64::from_str_radix(n.as_str(), n.radix()).map_or_else(|_| Value::Text(n.to_string()), Value::Integer)
            }
            DeValue::Float(n) => n.as_str().parse().map_or_else(|_| Value::Text(n.to_string()), Value::Float),
            DeValue::Array(items) => Value::Array(items.iter().map(|item| self.node(item)).collect()),
            DeValue::Table(table) => self.table(table),
        };
        Node { at: self.place(value.span().start), value: kind }
    }

    fn table(&self, table: &DeTable<'_>) -> Value {
        let mut entries: Vec<(usize, Entry)> = table
            .iter()
            .map(|(key, value)| {
                let start = key.span().start;
                (start, Entry { key: key.get_ref().to_string(), at: self.place(start), value: self.node(value) })
            })
            .collect();
        entries.sort_by_key(|(start, _)| *start);
        Value::Table(Table { entries: entries.into_iter().map(|(_, entry)| entry).collect(), dropped: Vec::new() })
    }
}
