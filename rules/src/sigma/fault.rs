//! What is wrong in a rule, before it is known in which file.

use std::path::Path;

use crate::Problem;

/// A problem at a line: what is wrong and what to do.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fault {
    pub line: usize,
    pub what: String,
    pub help: String,
}

impl Fault {
    pub fn new(line: usize, what: impl Into<String>, help: impl Into<String>) -> Fault {
        Fault { line, what: what.into(), help: help.into() }
    }

    /// The same for people, with its file.
    pub fn in_file(self, file: &Path, fatal: bool) -> Problem {
        Problem { file: file.into(), line: self.line, fatal, what: self.what, help: self.help }
    }
}

/// `available: …`, the nearest first where one is near.
pub(super) fn available<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let list = format!("available: {}", names.join(", "));
    match nearest(word, names) {
        Some(near) => format!("did you mean `{near}`? {list}"),
        None => list,
    }
}

/// The name that is at most two letters away.
fn nearest<'n>(word: &str, names: Vec<&'n str>) -> Option<&'n str> {
    let distance = |name: &str| strsim::damerau_levenshtein(word, name);
    names.into_iter().min_by_key(|name| distance(name)).filter(|name| distance(name) <= 2 && word.len() > 2)
}
