//! A problem in a file that a person wrote: where, what, what to do.

use std::{fmt, path::PathBuf};

/// One problem of a rule, a feed, an inventory or a configuration. One bad entry never hides the good ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// Line, counted from 1; 0 where the whole file is meant.
    pub line: usize,
    /// The entry cannot be used; otherwise it is a warning.
    pub fatal: bool,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}: {}", if self.fatal { "error" } else { "warning" }, self.what)?;
        if !self.help.is_empty() {
            write!(f, "\n  help: {}", self.help)?;
        }
        Ok(())
    }
}
