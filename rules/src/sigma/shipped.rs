//! The rules that come with the program: `rules/packs/*.yml`, compiled in.

use super::{RuleFile, RuleSet};

macro_rules! packs {
    ($($name:literal,)*) => { &[$(($name, include_str!(concat!("../../packs/", $name))),)*] };
}

/// Every file of `rules/packs/`; a test compares the folder with this list.
const PACKS: &[(&str, &str)] = packs![
    "accounts.yml",
    "anomalies.yml",
    "application.yml",
    "authentication.yml",
    "backups.yml",
    "cloud.yml",
    "containers.yml",
    "database.yml",
    "firewall.yml",
    "linux.yml",
    "logging.yml",
    "mail.yml",
    "network.yml",
    "packages.yml",
    "sshd.yml",
    "sudo.yml",
    "system.yml",
    "web.yml",
    "windows.yml",
];

impl RuleSet {
    /// The files of the shipped rules, under the paths `packs/NAME.yml`.
    pub fn shipped_files() -> Vec<RuleFile> {
        PACKS
            .iter()
            .map(|(name, text)| RuleFile { path: format!("packs/{name}").into(), text: (*text).into() })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_is_compiled_in() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("packs");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut files: Vec<String> = files.filter(|name| name.ends_with(".yml")).collect();
        files.sort();
        let listed: Vec<&str> = PACKS.iter().map(|(name, _)| *name).collect();
        assert_eq!(files, listed, "add the file to PACKS in sigma/shipped.rs");
    }

    #[test]
    fn the_shipped_rules_load_without_a_problem() {
        let (rules, problems) = RuleSet::load(&RuleSet::shipped_files(), &Default::default());
        assert!(problems.is_empty(), "{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
        assert!(!rules.rules().is_empty());
    }
}
