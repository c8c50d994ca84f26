//! The example files: good ones are read without a word, bad ones are told as the `.txt` beside each says.
//!
//! To add one, put a `.toml` into `bad/`, run with `UPDATE=1`, and look at what is told.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use roundsman_config::{Config, Source};
use roundsman_rules::Problem;

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "toml"));
    files.sort();
    assert!(!files.is_empty());
    files
}

/// The problems as they are told, with file names only.
fn told(problems: &[Problem]) -> String {
    let folder = format!("{}/tests/bad/", env!("CARGO_MANIFEST_DIR"));
    problems.iter().map(|problem| format!("{problem}\n")).collect::<String>().replace(&folder, "")
}

#[test]
fn good_files_are_read_without_a_word() {
    for file in files("examples").into_iter().chain(files("tests/good")) {
        let (_, problems) = Config::load(Some(&file)).unwrap_or_else(|refused| panic!("{refused}"));
        assert_eq!(problems, [], "{}", file.display());
    }
}

#[test]
fn bad_files_are_told_with_file_line_and_what_to_do() {
    for file in files("tests/bad") {
        let refused = Config::load(Some(&file)).expect_err("a bad file");
        let told = told(&refused.problems);
        let expected = file.with_extension("txt");
        if env::var_os("UPDATE").is_some() {
            fs::write(&expected, &told).unwrap();
        }
        assert_eq!(told, fs::read_to_string(&expected).unwrap_or_default(), "{}", file.display());
    }
}

#[test]
fn the_commented_example_is_what_holds_without_a_file() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/roundsman.toml");
    let (mut written, _) = Config::load(Some(&file)).unwrap();
    written.data.dir = written.data.dir.strip_prefix(written.base()).unwrap().to_owned();
    written.file = None;
    assert_eq!(format!("{written:#?}"), format!("{:#?}", Config::default()));
}

#[test]
fn sources_of_a_later_version_are_read_and_told() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good/later_sources.toml");
    let (config, _) = Config::load(Some(&file)).unwrap();
    assert_eq!(config.sources.iter().map(Source::kind).collect::<Vec<_>>(), ["file", "journald", "kafka"]);
    assert_eq!(config.later.len(), 1);
    assert!(config.later[0].to_string().contains("source type `kafka` comes with a later version"));
}
