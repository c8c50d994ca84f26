//! Files of `advisories/`: our own TOML, and JSON of OSV, CSAF and OpenVEX, one document, a list of them or many in a row.

use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Advisory, csaf, error, osv, vex, warning};
use crate::Problem;

/// Most problems that are told of one file.
const MAX_PROBLEMS: usize = 20;

/// What a file holds.
#[derive(Debug, Default)]
pub struct Read {
    /// It was written by the organisation itself, and adds to what feeds say.
    pub own: bool,
    /// Its advisories.
    pub advisories: Vec<Advisory>,
    /// What is not affected.
    pub statements: Vec<vex::Statement>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    told: usize,
}

/// Which kind a document is, by its keys.
#[derive(Deserialize)]
struct Keys {
    document: Option<serde::de::IgnoredAny>,
    #[serde(rename = "@context")]
    context: Option<serde_json::Value>,
    id: Option<serde::de::IgnoredAny>,
    affected: Option<serde::de::IgnoredAny>,
    modified: Option<serde::de::IgnoredAny>,
}

/// Reads a file. What is wrong in one document hides no other.
pub fn read(file: &Path, text: &str) -> Read {
    let mut read = Read::default();
    if file.extension().is_some_and(|end| end == "toml") {
        read.own = true;
        match Advisory::read(file, text) {
            Ok(advisory) => read.advisories.push(advisory),
            Err(problem) => read.problems.push(problem),
        }
        return read;
    }
    each(text, &mut |line, document| match document {
        Ok(document) => {
            if let Err(what) = take(document, &mut read) {
                read.tell(file, line, what);
            }
        }
        Err(what) => read.tell(file, line, what),
    });
    if read.told > MAX_PROBLEMS {
        let what = format!("{} more documents cannot be read", read.told - MAX_PROBLEMS);
        read.problems.push(warning(file, 0, what, "they are left out"));
    }
    read
}

impl Read {
    fn tell(&mut self, file: &Path, line: usize, what: String) {
        self.told += 1;
        if self.told <= MAX_PROBLEMS {
            let help = "known: OSV, CSAF 2.0 and OpenVEX as JSON, and advisories as TOML; it is left out";
            self.problems.push(error(file, line, what, help));
        }
    }
}

/// Calls for each document of a text, with the line where it begins.
fn each(text: &str, call: &mut dyn FnMut(usize, Result<&str, String>)) {
    let text = text.trim_start_matches('\u{feff}');
    let (mut line, mut counted) = (1, 0);
    let mut line_at = |at: usize| {
        line += text.as_bytes()[counted..at].iter().filter(|c| **c == b'\n').count();
        counted = at;
        line
    };
    if text.trim_start().starts_with('[') {
        match serde_json::from_str::<Vec<&RawValue>>(text) {
            Ok(documents) => {
                for document in documents {
                    let at = document.get().as_ptr() as usize - text.as_ptr() as usize;
                    call(line_at(at), Ok(document.get()));
                }
            }
            Err(e) => call(e.line(), Err(format!("no JSON: {e}"))),
        }
        return;
    }
    let documents = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let mut any = false;
    for document in documents {
        any = true;
        match document {
            Ok(document) => {
                let at = document.get().as_ptr() as usize - text.as_ptr() as usize;
                call(line_at(at), Ok(document.get()));
            }
            Err(e) => call(e.line(), Err(format!("no JSON: {e}"))),
        }
    }
    if !any {
        call(0, Err("the file is empty".to_owned()));
    }
}

fn take(document: &str, read: &mut Read) -> Result<(), String> {
    fn json<'d, T: Deserialize<'d>>(document: &'d str) -> Result<T, String> {
        serde_json::from_str(document).map_err(|e| format!("the document cannot be read: {e}"))
    }
    let keys: Keys = json(document)?;
    let open_vex = keys.context.as_ref().and_then(|c| c.as_str()).is_some_and(|c| c.contains("openvex"));
    if keys.document.is_some() {
        let (advisory, statements) = json::<csaf::Document>(document)?.read()?;
        read.advisories.extend(advisory);
        read.statements.extend(statements);
    } else if open_vex {
        read.statements.extend(json::<vex::OpenVex>(document)?.statements());
    } else if keys.id.is_some() && (keys.affected.is_some() || keys.modified.is_some()) {
        read.advisories.push(osv::advisory(&json(document)?)?);
    } else {
        return Err("the document is of no known kind".to_owned());
    }
    Ok(())
}

/// A document without what is never read of it, on one line: archives hold a hundred thousand of them. `None`: it is of
/// a kind of which all is kept, or cannot be read.
pub fn slim(document: &str) -> Option<String> {
    let keys: Keys = serde_json::from_str(document).ok()?;
    (keys.id.is_some() && keys.document.is_none() && (keys.affected.is_some() || keys.modified.is_some()))
        .then(|| serde_json::from_str::<osv::Record>(document).ok())
        .flatten()
        .and_then(|record| serde_json::to_string(&record).ok())
}

#[cfg(test)]
mod tests;
