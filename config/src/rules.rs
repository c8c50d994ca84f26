//! The files of the rules that a configuration names.

use std::{
    fs,
    path::{Path, PathBuf},
};

use roundsman_rules::{
    Problem,
    sigma::{Options, RuleFile, RuleSet},
};

use crate::{Config, feeds};

/// Largest rule file that is read, in bytes.
pub const MAX_RULE_FILE_BYTES: u64 = 16 << 20;

impl Config {
    /// All rule files: the shipped ones where they are wanted, then each file and folder in the order of the
    /// configuration; with what could not be read.
    pub fn rule_files(&self) -> (Vec<RuleFile>, Vec<Problem>) {
        let mut files = if self.rules.shipped() { RuleSet::shipped_files() } else { Vec::new() };
        let (more, problems) = rule_files(self.rules.folders());
        files.extend(more);
        (files, problems)
    }

    /// The rules that this configuration means, and every problem of them.
    pub fn load_rules(&self) -> (RuleSet, Vec<Problem>) {
        let (files, mut problems) = self.rule_files();
        let options = Options { disable: self.rules.disable.clone(), ..Options::default() };
        let (rules, more) = RuleSet::load(&files, &options);
        problems.extend(more);
        (rules, problems)
    }
}

/// These rule files, and all `.yml` and `.yaml` below these folders in name order; with what could not be read.
pub fn rule_files<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> (Vec<RuleFile>, Vec<Problem>) {
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        let path = path.as_ref();
        let named = !path.is_dir();
        let read = feeds::collect(path, &mut |file| {
            let yaml = file.extension().is_some_and(|end| end == "yml" || end == "yaml");
            if yaml || named {
                feeds::check_size(file, MAX_RULE_FILE_BYTES)?;
                let text = String::from_utf8_lossy(&fs::read(file)?).into_owned();
                files.push(RuleFile { path: file.to_owned(), text });
            }
            Ok(())
        });
        if let Err((file, error)) = read {
            problems.push(unreadable(file, &error, "name a Sigma rule file or a folder of them"));
        }
    }
    (files, problems)
}

pub(crate) fn unreadable(file: PathBuf, error: &std::io::Error, help: &str) -> Problem {
    Problem { file, line: 0, fatal: true, what: format!("cannot be read: {error}"), help: help.to_owned() }
}
