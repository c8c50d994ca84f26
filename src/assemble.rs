//! From a configuration to the parts of a pipeline: rules, matcher, stage, and the organisation's files. `run`,
//! `replay` and `check` assemble the same way.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use roundsman_config::Config;
use roundsman_ingest::record::Feed;
use roundsman_rules::{Problem, sigma::RuleSet};

use crate::exit::Failure;

/// What a pipeline is made of.
pub struct Assembly {
    /// The settings.
    pub config: Config,
    /// The loaded rules.
    pub rules: Arc<RuleSet>,
    /// The organisation's files as they are now.
    pub feeds: Vec<Feed>,
    /// Everything that is worth telling.
    pub problems: Vec<Problem>,
}

impl Assembly {
    /// Reads the configuration, its rules and its files. `rules` are used instead of the configured ones.
    ///
    /// # Errors
    /// The configuration cannot be used; broken rules and files are among `problems` instead.
    pub fn load(config: Option<&Path>, rules: &[PathBuf]) -> Result<Assembly, Failure> {
        let (config, mut problems) = Config::load(config).map_err(Failure::unusable)?;
        let (rules, found) = load_rules(&config, rules);
        problems.extend(found);
        let (feeds, found) = config.inputs();
        problems.extend(found);
        Ok(Assembly { config, rules: Arc::new(rules), feeds, problems })
    }

    /// Tells every problem on standard error.
    pub fn tell_problems(&self) {
        self.problems.iter().for_each(|problem| eprintln!("{problem}"));
    }

    /// Something of the set-up cannot be used.
    pub fn is_broken(&self) -> bool {
        self.problems.iter().any(|problem| problem.fatal)
    }
}

/// The configured rules, or those at `instead`.
pub fn load_rules(config: &Config, instead: &[PathBuf]) -> (RuleSet, Vec<Problem>) {
    if instead.is_empty() {
        return config.load_rules();
    }
    let (files, mut problems) = roundsman_config::rule_files(instead);
    let (options, told) = config.rule_options();
    problems.extend(told);
    let (rules, found) = RuleSet::load(&files, &options);
    problems.extend(found);
    (rules, problems)
}
