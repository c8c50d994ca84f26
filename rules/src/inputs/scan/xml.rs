//! Walking through a large XML document without keeping it.

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

/// Deepest nesting that is followed.
const MAX_DEPTH: usize = 64;
/// Longest text of one element that is kept, in bytes.
const MAX_TEXT: usize = 64 << 10;

/// Where in the document we are: the names of the open elements, the innermost last.
#[derive(Default)]
pub struct Path(Vec<String>);

impl Path {
    /// Whether the innermost elements have these names.
    pub fn ends(&self, names: &[&str]) -> bool {
        self.0.len() >= names.len() && self.0.iter().rev().zip(names.iter().rev()).all(|(a, b)| a == b)
    }
}

/// Who reads a document.
pub trait Visit {
    /// An element begins.
    fn enters(&mut self, path: &Path, attributes: &Attributes);
    /// An element ends; its own text, without that of elements within it, is trimmed.
    fn leaves(&mut self, path: &Path, text: &str);
}

/// An element's attributes.
pub struct Attributes<'a>(&'a BytesStart<'a>);

impl Attributes<'_> {
    /// An attribute's value.
    pub fn get(&self, name: &str) -> Option<String> {
        let attribute = self.0.try_get_attribute(name).ok()??;
        attribute.normalized_value(XmlVersion::Explicit1_0).ok().map(|value| value.into_owned())
    }
}

/// Shows a document to a visitor.
///
/// # Errors
/// The line and what is wrong there; the visitor has seen what stands before it.
pub fn walk(text: &str, visitor: &mut dyn Visit) -> Result<(), (usize, String)> {
    let mut reader = Reader::from_str(text);
    let (mut path, mut texts) = (Path::default(), Vec::<String>::new());
    let fail = |reader: &Reader<&[u8]>, what: String| {
        let at = (reader.buffer_position() as usize).min(text.len());
        Err((text.as_bytes()[..at].iter().filter(|c| **c == b'\n').count() + 1, what))
    };
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(e) => return fail(&reader, format!("no XML: {e}")),
        };
        let add = |texts: &mut Vec<String>, more: &str| {
            if let Some(text) = texts.last_mut().filter(|t| t.len() + more.len() <= MAX_TEXT) {
                text.push_str(more);
            }
        };
        match event {
            Event::Start(element) | Event::Empty(element) if path.0.len() == MAX_DEPTH => {
                return fail(
                    &reader,
                    format!("elements are nested more than {MAX_DEPTH} deep, at `{}`", name(&element)),
                );
            }
            Event::Start(element) => {
                path.0.push(name(&element));
                texts.push(String::new());
                visitor.enters(&path, &Attributes(&element));
            }
            Event::Empty(element) => {
                path.0.push(name(&element));
                visitor.enters(&path, &Attributes(&element));
                visitor.leaves(&path, "");
                path.0.pop();
            }
            Event::End(_) => {
                visitor.leaves(&path, texts.pop().unwrap_or_default().trim());
                path.0.pop();
            }
            Event::Text(part) => add(&mut texts, &part.xml10_content()),
            Event::CData(part) => add(&mut texts, &part.xml10_content()),
            Event::GeneralRef(entity) => match (entity.resolve_char_ref(), &*entity) {
                (Ok(Some(c)), _) => add(&mut texts, c.encode_utf8(&mut [0; 4])),
                (_, "lt") => add(&mut texts, "<"),
                (_, "gt") => add(&mut texts, ">"),
                (_, "amp") => add(&mut texts, "&"),
                (_, "quot") => add(&mut texts, "\""),
                (_, "apos") => add(&mut texts, "'"),
                // entities of a document's own are left out: none of these formats has any
                _ => {}
            },
            Event::Eof if path.0.is_empty() => return Ok(()),
            Event::Eof => return fail(&reader, "the document ends in the middle".to_owned()),
            _ => {}
        }
    }
}

fn name(element: &BytesStart) -> String {
    element.local_name().as_ref().to_owned()
}
