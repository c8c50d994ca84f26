//! YAML as a tree whose every node knows its line, so that a rule's problem can be shown where it stands.
//!
//! Plain scalars are read as PyYAML reads them (YAML 1.1: `yes`, `off` and `0x1f` have meanings), because that is
//! what the authors of rules test against.

use std::collections::HashMap;

use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle};

/// Most nodes of one file, aliases expanded: a bomb of aliases ends here.
const MAX_NODES: usize = 200_000;

/// Deepest nesting of one document.
const MAX_DEPTH: usize = 64;

/// A node and the line where it begins, counted from 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub line: usize,
    pub value: Value,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

/// Why a file is no YAML.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{what}")]
pub(super) struct Broken {
    pub line: usize,
    pub what: String,
}

impl Node {
    /// The value under this key of a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(k, _)| k.text() == Some(key)).map(|(_, v)| v)
    }

    /// The entries of a map; none for anything else.
    pub fn entries(&self) -> &[(Node, Node)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The text of a text node.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A scalar as it would be written; `None` for lists, maps and null.
    pub fn word(&self) -> Option<String> {
        Some(match &self.value {
            Value::Text(text) => text.clone(),
            Value::Bool(b) => b.to_string(),
            Value::Int(n) => n.to_string(),
            Value::Float(n) => n.to_string(),
            _ => return None,
        })
    }

    /// The items of a list, or the node itself as the only one.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            Value::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// What kind of node it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a truth value",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

/// Reads all documents of a file. Empty documents are left out.
pub(super) fn read(text: &str) -> Result<Vec<Node>, Broken> {
    let mut reader = Reader { events: Parser::new_from_str(text), anchors: HashMap::new(), nodes: 0 };
    let mut documents = Vec::new();
    while let Some((event, line)) = reader.next()? {
        if let Event::DocumentStart(..) = event {
            reader.anchors.clear();
            let (event, line) = reader.next()?.ok_or_else(|| broken(line, "the document ends at once"))?;
            if let Event::DocumentEnd = event {
                continue;
            }
            let node = reader.node(event, line, 0)?;
            if node.value != Value::Null {
                documents.push(node);
            }
        }
    }
    Ok(documents)
}

fn broken(line: usize, what: impl Into<String>) -> Broken {
    Broken { line, what: what.into() }
}

struct Reader<'t, T: serde_saphyr::granit_parser::BorrowedInput<'t>> {
    events: Parser<'t, T>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
}

impl<'t, T: serde_saphyr::granit_parser::BorrowedInput<'t>> Reader<'t, T> {
    fn next(&mut self) -> Result<Option<(Event<'t>, usize)>, Broken> {
        loop {
            match self.events.next_event() {
                None => return Ok(None),
                Some(Err(error)) => return Err(broken(error.marker().line(), error.info().to_string())),
                Some(Ok((Event::Comment(..), _))) => {}
                Some(Ok((event, span))) => return Ok(Some((event, span.start.line()))),
            }
        }
    }

    fn expect(&mut self, line: usize) -> Result<(Event<'t>, usize), Broken> {
        self.next()?.ok_or_else(|| broken(line, "the document ends too early"))
    }

    fn node(&mut self, event: Event<'t>, line: usize, depth: usize) -> Result<Node, Broken> {
        if depth > MAX_DEPTH {
            return Err(broken(line, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        self.count(1, line)?;
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let string = tag.is_some_and(|t| t.is_yaml_core_schema_tag("str"));
                let plain = style == ScalarStyle::Plain && !string;
                (if plain { plain_scalar(&text) } else { Value::Text(text.into_owned()) }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => (self.list(line, depth)?, anchor),
            Event::MappingStart(_, anchor, _) => (self.map(line, depth)?, anchor),
            Event::Alias(id) => {
                let node = self.anchors.get(&id).cloned();
                let node = node.ok_or_else(|| broken(line, "an alias without its anchor"))?;
                self.count(size(&node), line)?;
                return Ok(Node { line, ..node });
            }
            other => return Err(broken(line, format!("unexpected {other:?}"))),
        };
        let node = Node { line, value };
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn count(&mut self, more: usize, line: usize) -> Result<(), Broken> {
        self.nodes += more;
        if self.nodes > MAX_NODES {
            return Err(broken(line, format!("more than {MAX_NODES} values in one file")));
        }
        Ok(())
    }

    fn list(&mut self, line: usize, depth: usize) -> Result<Value, Broken> {
        let mut items = Vec::new();
        loop {
            let (event, line) = self.expect(line)?;
            if let Event::SequenceEnd = event {
                return Ok(Value::List(items));
            }
            items.push(self.node(event, line, depth + 1)?);
        }
    }

    fn map(&mut self, line: usize, depth: usize) -> Result<Value, Broken> {
        let mut entries: Vec<(Node, Node)> = Vec::new();
        loop {
            let (event, line) = self.expect(line)?;
            if let Event::MappingEnd = event {
                return Ok(Value::Map(entries));
            }
            let key = self.node(event, line, depth + 1)?;
            if let Some((first, _)) = entries.iter().find(|(k, _)| k.value == key.value) {
                let name = key.word().unwrap_or_default();
                return Err(broken(line, format!("`{name}` stands twice in one map (first in line {})", first.line)));
            }
            let (event, line) = self.expect(line)?;
            let value = self.node(event, line, depth + 1)?;
            entries.push((key, value));
        }
    }
}

fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries.iter().map(|(k, v)| size(k) + size(v)).sum(),
        _ => 0,
    }
}

/// YAML 1.1's reading of a scalar without quotes: <https://yaml.org/type/>
fn plain_scalar(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Value::Bool(false),
        _ => {}
    }
    if let Some(number) = integer(text) {
        return Value::Int(number);
    }
    let digits = text.trim_start_matches(['+', '-']);
    if digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.contains('.')
        && digits.bytes().all(|b| b.is_ascii_digit() || b".eE+-_".contains(&b))
        && let Ok(number) = text.replace('_', "").parse()
    {
        return Value::Float(number);
    }
    Value::Text(text.to_owned())
}

fn integer(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let digits = digits.replace('_', "");
    let number = if let Some(hex) = digits.strip_prefix("0x") {
        i64::from_str_radix(hex, 16)
    } else if let Some(binary) = digits.strip_prefix("0b") {
        i64::from_str_radix(binary, 2)
    } else if digits.len() > 1 && digits.starts_with('0') {
        i64::from_str_radix(&digits, 8)
    } else {
        digits.parse()
    };
    number.ok().map(|n| if negative { -n } else { n })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_node_knows_its_line() {
        let documents = read("# c\na: 1\nb:\n  - x\n  - y|z: 'q'\n---\nc: d\n").unwrap();
        assert_eq!(documents.len(), 2);
        let list = documents[0].get("b").unwrap();
        assert_eq!(list.items()[1].line, 5);
        assert_eq!(list.items()[1].get("y|z").unwrap().text(), Some("q"));
        assert_eq!(documents[1].get("c").unwrap().line, 7);
    }

    #[test]
    fn plain_scalars_mean_what_yaml_1_1_says() {
        for (text, value) in [
            ("yes", Value::Bool(true)),
            ("404", Value::Int(404)),
            ("0x1f", Value::Int(31)),
            ("1.5", Value::Float(1.5)),
            ("1.2.3.4", Value::Text("1.2.3.4".into())),
            ("-", Value::Text("-".into())),
            ("4a", Value::Text("4a".into())),
            ("~", Value::Null),
        ] {
            assert_eq!(plain_scalar(text), value, "{text}");
        }
        assert_eq!(read("a: '404'").unwrap()[0].get("a").unwrap().text(), Some("404"));
    }

    #[test]
    fn broken_files_say_where() {
        assert_eq!(read("a: 1\na: 2\n").unwrap_err().line, 2);
        assert!(read("a: [1, 2\nb: ]").unwrap_err().line >= 1);
        assert!(read("a: *nowhere").is_err());
        let bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned()
            + &(0..9)
                .map(|i| {
                    format!(
                        "{}: &{} [{}]\n",
                        (b'b' + i) as char,
                        (b'b' + i) as char,
                        format!("*{},", (b'a' + i) as char).repeat(10)
                    )
                })
                .collect::<String>();
        assert!(read(&bomb).unwrap_err().what.contains("more than"));
    }
}
