//! Finding, reading and merging the files.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use roundsman_ingest::source::tls::Pem;
use roundsman_rules::Problem;

use crate::{
    Config,
    read::read,
    settings::SHIPPED,
    tree::{Node, Place, Table, Value},
    validate::validate,
};

/// Where a configuration is looked for when none is named, in this order.
pub const LOOKED_FOR: [&str; 2] = ["roundsman.toml", "/etc/roundsman/roundsman.toml"];

/// The folder beside the file whose `*.toml` are merged over it.
pub const DROP_INS: &str = "conf.d";

/// Keys whose values are paths, relative to the file they stand in; `*` is any key. A store's URL is relative to the
/// data folder instead.
const PATHS: [&[&str]; 11] = [
    &["data", "dir"],
    &["source", "paths"],
    &["source", "directory"],
    &["source", "tls", "cert"],
    &["source", "tls", "key"],
    &["source", "tls", "client_ca"],
    &["rules", "packs"],
    &["rules", "paths"],
    &["inputs", "*"],
    &["channel", "path"],
    &["archive", "path"],
];

/// A configuration that cannot be used, with every reason.
#[derive(Clone, Debug, thiserror::Error)]
pub struct Refused {
    /// All problems, warnings included.
    pub problems: Vec<Problem>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = self.problems.iter().filter(|p| p.fatal).count();
        write!(f, "the configuration cannot be used ({errors} {})", if errors == 1 { "error" } else { "errors" })?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n{problem}"))
    }
}

impl Config {
    /// The configuration in this file, else in the first of [`LOOKED_FOR`] that exists, else the defaults; with what
    /// is worth a warning.
    ///
    /// # Errors
    /// Every problem that was found, if one of them is fatal.
    pub fn load(path: Option<&Path>) -> Result<(Config, Vec<Problem>), Refused> {
        let found = LOOKED_FOR.iter().map(Path::new).find(|path| path.exists());
        match path.or(found) {
            Some(file) => Config::from_file(file),
            None => Ok((Config::default(), Vec::new())),
        }
    }

    fn from_file(file: &Path) -> Result<(Config, Vec<Problem>), Refused> {
        let mut problems = Vec::new();
        let mut root = read_tree(file, &mut problems);
        for drop_in in drop_ins(file, &mut problems) {
            root.merge(read_tree(&drop_in, &mut problems));
        }
        let config = read::<Config>(&mut root, &mut problems).map(|config| {
            let mut config = Config { file: Some(file.to_owned()), ..config };
            validate(&mut config, &root, &mut problems);
            config
        });
        problems.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        match config {
            Some(config) if !problems.iter().any(|p| p.fatal) => Ok((config, problems)),
            _ => Err(Refused { problems }),
        }
    }
}

fn read_tree(file: &Path, problems: &mut Vec<Problem>) -> Node {
    let text = match fs::read(file) {
        Ok(bytes) => String::from_utf8(bytes).unwrap_or_else(|error| {
            let line = error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
            problems.push(Place { file: file.into(), line }.problem("this is not UTF-8", "save the file as UTF-8"));
            String::new()
        }),
        Err(error) => {
            let help = "`--config FILE` names another file";
            problems.push(Place { file: file.into(), line: 0 }.problem(format!("cannot be read: {error}"), help));
            String::new()
        }
    };
    let before = problems.len();
    let mut root = Node::parse(file, &text, problems);
    if problems.len() > before {
        // what a syntax error leaves half read would be told twice
        root.value = Value::default();
    }
    let base = file.parent().unwrap_or(Path::new(""));
    root.fetch(base, problems);
    for path in PATHS {
        place(&mut root, path, base);
    }
    root
}

/// Makes the paths under these keys relative to the working directory instead of the file's.
fn place(node: &mut Node, keys: &[&str], base: &Path) {
    match (&mut node.value, keys.split_first()) {
        (Value::Array(items), _) => items.iter_mut().for_each(|item| place(item, keys, base)),
        (Value::Table(Table { entries, .. }), Some((key, rest))) => {
            let wanted = entries.iter_mut().filter(|entry| *key == "*" || entry.key == *key);
            wanted.for_each(|entry| place(&mut entry.value, rest, base));
        }
        (Value::Text(path), None) if path != SHIPPED && !Pem::is_text(path) => {
            *path = base.join(&*path).to_string_lossy().into_owned();
        }
        _ => {}
    }
}

/// The `conf.d/*.toml` beside the file, in name order.
fn drop_ins(file: &Path, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let folder = file.with_file_name(DROP_INS);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            problems.push(
                Place { file: folder, line: 0 }.problem(format!("cannot be read: {error}"), "see its permissions"),
            );
            return Vec::new();
        }
    };
    let mut files: Vec<_> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    files.sort();
    files
}
