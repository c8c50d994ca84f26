//! The files of the rules that a configuration names.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jiff::{SignedDuration, Timestamp, civil::Date};
use roundsman_rules::{
    Problem,
    sigma::{Limits, Options, RuleException, RuleFile, RuleSet},
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
        let (options, told) = self.rule_options();
        problems.extend(told);
        let (rules, more) = RuleSet::load(&files, &options);
        problems.extend(more);
        (rules, problems)
    }

    /// What this configuration changes about rules, whichever are loaded.
    pub fn rule_options(&self) -> (Options, Vec<Problem>) {
        let (exceptions, problems) = self.rule_exceptions();
        let limits = &self.rules.limits;
        let options = Options {
            disable: self.rules.disable.clone(),
            severity: self.rules.severity.clone(),
            placeholders: self.rules.placeholders.clone(),
            limits: Limits {
                state_bytes: limits.state.0,
                alerts_per_rule: limits.alerts_per_rule,
                lateness: SignedDuration::from_secs(limits.lateness.as_seconds()),
            },
            exceptions,
            baseline_bytes: Some(usize::try_from(limits.baselines.0).unwrap_or(usize::MAX)),
        };
        (options, problems)
    }

    /// What is known to be harmless; an exception that does not say until when is none.
    fn rule_exceptions(&self) -> (Vec<RuleException>, Vec<Problem>) {
        let (mut exceptions, mut problems) = (Vec::new(), Vec::new());
        for exception in &self.rules.exceptions {
            let mut wrong = |what: String, help: &str| {
                let file = self.file.clone().unwrap_or_default();
                let what = format!("the exception `{}` {what}", exception.id);
                problems.push(Problem { file, line: 0, fatal: true, what, help: help.into() });
            };
            let Some(expires) = self.end_of(&exception.expires) else {
                wrong(format!("ends at `{}`, which is no date", exception.expires), "write `expires = \"2026-12-31\"`");
                continue;
            };
            if exception.fields.is_empty() || exception.rules.is_empty() {
                wrong(
                    "is for everything".into(),
                    "name `rules`, and fields under `where`; to stop a whole rule, `disable` it",
                );
                continue;
            }
            if exception.owner.trim().is_empty() || exception.reason.trim().is_empty() {
                wrong("has no owner or no reason".into(), "write `owner` and `reason`");
                continue;
            }
            exceptions.push(RuleException {
                id: exception.id.clone(),
                rules: exception.rules.clone(),
                fields: exception.fields.clone(),
                owner: exception.owner.clone(),
                reason: exception.reason.clone(),
                expires,
            });
        }
        (exceptions, problems)
    }

    /// The end of a day in the digest's time zone, or a time as it is.
    fn end_of(&self, text: &str) -> Option<Timestamp> {
        if let Ok(at) = text.parse() {
            return Some(at);
        }
        let day: Date = text.parse().ok()?;
        Some(day.tomorrow().ok()?.to_zoned(self.timezone()).ok()?.timestamp())
    }

    /// Exceptions that hold no more at this time.
    pub fn expired_exceptions(&self, now: Timestamp) -> Vec<Problem> {
        let expired = self.rule_exceptions().0.into_iter().filter(|exception| exception.expires <= now);
        let problem = |exception: RuleException| Problem {
            file: self.file.clone().unwrap_or_default(),
            line: 0,
            fatal: false,
            what: format!("the exception `{}` has ended: {} asked for it", exception.id, exception.owner),
            help: "renew it with a later `expires`, or remove it".into(),
        };
        expired.map(problem).collect()
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
