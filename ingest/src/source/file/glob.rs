//! Paths with wildcards: `*` and `?` for parts of a name, `[a-z]` and `[!a-z]` for one character, `**` for any folders.
//! As in a shell, a wildcard at the beginning of a name takes no dot.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use super::names::live_name;

/// Deepest nesting that `**` goes down to.
const MAX_DEPTH: usize = 16;

/// One entry of `paths`.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    text: String,
    /// What stands before the first wildcard.
    root: PathBuf,
    /// Names behind it, each possibly with wildcards.
    parts: Vec<String>,
}

impl Pattern {
    /// Reads a pattern; one without wildcards is a path.
    pub fn new(path: &Path) -> Pattern {
        let text = path.to_string_lossy().into_owned();
        let mut root = PathBuf::new();
        let mut parts: Vec<String> = Vec::new();
        for component in path.components() {
            let name = component.as_os_str().to_string_lossy();
            match component {
                Component::Normal(_) if !parts.is_empty() || has_wildcard(&name) => parts.push(name.into_owned()),
                _ => root.push(component),
            }
        }
        if root.as_os_str().is_empty() {
            root.push(".");
        }
        Pattern { text, root, parts }
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it names this path.
    pub fn covers(&self, path: &Path) -> bool {
        let Ok(rest) = path.strip_prefix(&self.root) else { return false };
        let names: Vec<_> = rest.iter().map(|name| name.to_string_lossy()).collect();
        covers(&self.parts, &names)
    }

    /// Calls `found` with each regular file that it names, or named before it was rotated (`false`), and `failed` with
    /// what cannot be looked at.
    pub fn expand(&self, found: &mut dyn FnMut(PathBuf, bool), failed: &mut dyn FnMut(&Path, std::io::Error)) {
        walk(&self.root, &self.parts, 0, found, failed);
    }
}

/// Whether a name of a pattern stands for more than itself.
fn has_wildcard(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

fn covers<N: AsRef<str>>(parts: &[String], names: &[N]) -> bool {
    match (parts.split_first(), names.split_first()) {
        (None, None) => true,
        (Some((part, rest)), _) if part == "**" => {
            covers(rest, names) || (!names.is_empty() && covers(parts, &names[1..]))
        }
        (Some((part, rest)), Some((name, names))) => matches(part, name.as_ref()) && covers(rest, names),
        _ => false,
    }
}

fn walk(
    at: &Path,
    parts: &[String],
    depth: usize,
    found: &mut dyn FnMut(PathBuf, bool),
    failed: &mut dyn FnMut(&Path, std::io::Error),
) {
    let Some((part, rest)) = parts.split_first() else {
        match fs::metadata(at) {
            Ok(meta) if meta.is_file() => found(at.to_owned(), true),
            Ok(_) => {}
            // Only its rotated files may be there.
            Err(error) if is_absence(&error) => found(at.to_owned(), false),
            Err(error) => failed(at, error),
        }
        return;
    };
    if !has_wildcard(part) {
        return walk(&at.join(part), rest, depth, found, failed);
    }
    let entries = match fs::read_dir(at) {
        Ok(entries) => entries,
        Err(error) if is_absence(&error) => return,
        Err(error) => return failed(at, error),
    };
    if part == "**" {
        walk(at, rest, depth, found, failed);
    }
    let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
    names.sort();
    for name in names {
        let path = at.join(&name);
        if part == "**" {
            // A link to a folder above would never end.
            let is_folder = fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_dir());
            if is_folder && depth < MAX_DEPTH && !name.to_string_lossy().starts_with('.') {
                walk(&path, parts, depth + 1, found, failed);
            }
        } else if matches(part, &name.to_string_lossy()) {
            walk(&path, rest, depth, found, failed);
        } else if rest.is_empty() && matches(part, live_name(&name.to_string_lossy())) {
            found(path, false);
        }
    }
}

/// Nothing is there, which is no failure: it may come.
pub(super) fn is_absence(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

/// Whether a name fits a pattern's part. Takes time proportional to the product of their lengths at most.
pub fn matches(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    // Where to go on after the last `*`, should the rest not fit.
    let mut again = None;
    while n < name.len() {
        match one(&pattern[p..], name[n]) {
            One::Star => {
                again = Some((p + 1, n));
                p += 1;
            }
            One::Fits(length) => (p, n) = (p + length, n + 1),
            One::Not => match again {
                Some((after, from)) => {
                    again = Some((after, from + 1));
                    (p, n) = (after, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

enum One {
    Star,
    /// So many characters of the pattern stand for the one of the name.
    Fits(usize),
    Not,
}

fn one(pattern: &[char], c: char) -> One {
    match pattern.first() {
        Some('*') => One::Star,
        Some('?') => One::Fits(1),
        Some('[') => class(pattern, c),
        Some(same) if *same == c => One::Fits(1),
        _ => One::Not,
    }
}

/// A class of characters; a bracket that is never closed stands for itself.
fn class(pattern: &[char], c: char) -> One {
    let negated = matches!(pattern.get(1), Some('!' | '^'));
    let from = 1 + usize::from(negated);
    let Some(length) = pattern.iter().skip(from + 1).position(|c| *c == ']') else {
        return if c == '[' { One::Fits(1) } else { One::Not };
    };
    let (mut members, mut within) = (&pattern[from..=from + length], false);
    while let Some(first) = members.first() {
        let range = members.len() >= 3 && members[1] == '-';
        let last = if range { members[2] } else { *first };
        within |= (*first..=last).contains(&c);
        members = &members[if range { 3 } else { 1 }..];
    }
    if within != negated { One::Fits(from + length + 2) } else { One::Not }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_mean_what_they_mean_in_a_shell() {
        for (pattern, name, fits) in [
            ("*.log", "app.log", true),
            ("*.log", "app.log.1", false),
            ("*.log", ".log", false),
            (".*", ".hidden", true),
            ("app-?.log", "app-1.log", true),
            ("app-?.log", "app-12.log", false),
            ("app[0-9].log", "app7.log", true),
            ("app[!0-9].log", "app7.log", false),
            ("app[]x].log", "app].log", true),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXbXb", false),
            ("[x", "[x", true),
            ("é*", "école", true),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        assert!(!matches(&"*a".repeat(60), &"a".repeat(59)));
        assert!(!matches(&("a*".repeat(60) + "b"), &"a".repeat(4_000)));
    }

    #[test]
    fn a_pattern_names_the_files_that_it_finds() {
        let dir = tempfile::tempdir().unwrap();
        for path in ["a.log", "web/x/access.log", "web/y/access.log", "web/y/error.txt", "web/.z/access.log"] {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let expand = |text: &str| {
            let pattern = Pattern::new(&dir.path().join(text));
            let mut found = Vec::new();
            pattern.expand(&mut |path, named| found.extend(named.then_some(path)), &mut |path, error| {
                panic!("{path:?} {error}")
            });
            assert!(found.iter().all(|path| pattern.covers(path)), "{found:?}");
            found.iter().map(|path| path.strip_prefix(dir.path()).unwrap().display().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(expand("web/*/*.log"), ["web/x/access.log", "web/y/access.log"]);
        assert_eq!(expand("**/*.log"), ["a.log", "web/x/access.log", "web/y/access.log"]);
        assert_eq!(expand("a.log"), ["a.log"]);
        assert!(expand("absent/*.log").is_empty());
        assert!(expand("web").is_empty(), "a folder is no file");
    }
}
