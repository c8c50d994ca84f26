//! Python packages, [PEP 440](https://peps.python.org/pep-0440/).

use std::cmp::Ordering;

use super::{digits, numbers};

/// A version in the parts that order it. An absent part is ranked by [`Version::key`].
struct Version {
    epoch: u64,
    release: Vec<u64>,
    pre: Option<(u8, u64)>,
    post: Option<u64>,
    dev: Option<u64>,
    /// Of each segment whether it is a number, the number, the word.
    local: Option<Vec<(bool, u64, String)>>,
}

/// The order of two versions; `None` where one is not of this form.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (Version::read(&a.to_ascii_lowercase())?, Version::read(&b.to_ascii_lowercase())?);
    Some(a.key().cmp(&b.key()))
}

const LEAST: (u8, u64) = (0, 0);
const MOST: (u8, u64) = (u8::MAX, 0);

impl Version {
    /// Development releases come before pre-releases, those before the release, post-releases after it.
    fn key(&self) -> impl Ord + '_ {
        let pre = match (self.pre, self.post, self.dev) {
            (Some(pre), ..) => pre,
            (None, None, Some(_)) => LEAST,
            _ => MOST,
        };
        let post = self.post.map_or(LEAST, |post| (1, post));
        let dev = self.dev.map_or(MOST, |dev| (1, dev));
        (self.epoch, &self.release, pre, post, dev, &self.local)
    }

    fn read(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (text, local) = match text.split_once('+') {
            Some((text, local)) => (text, Some(segments(local))),
            None => (text, None),
        };
        let (epoch, text) = match text.split_once('!') {
            Some((epoch, text)) => (epoch.parse().ok()?, text),
            None => (0, text),
        };
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let end = text[..end].trim_end_matches('.').len();
        let (release, mut rest) = text.split_at(end);
        let mut release = numbers(release)?;
        while release.len() > 1 && release.last() == Some(&0) {
            release.pop();
        }
        let mut version = Version { epoch, release, pre: None, post: None, dev: None, local };
        let ranks = [("alpha", 1), ("a", 1), ("beta", 2), ("b", 2), ("preview", 3), ("pre", 3), ("rc", 3), ("c", 3)];
        for (word, rank) in ranks {
            if let Some((number, after)) = labelled(rest, word) {
                (version.pre, rest) = (Some((rank, number?)), after);
                break;
            }
        }
        if let Some((number, after)) = ["post", "rev", "r"].into_iter().find_map(|word| labelled(rest, word)) {
            (version.post, rest) = (Some(number?), after);
        } else if let Some((number, after)) = rest.strip_prefix('-').map(digits).filter(|(n, _)| !n.is_empty()) {
            (version.post, rest) = (Some(number.parse().ok()?), after);
        }
        if let Some((number, after)) = labelled(rest, "dev") {
            (version.dev, rest) = (Some(number?), after);
        }
        rest.is_empty().then_some(version)
    }
}

/// A word with its number, separators before, between or not: the number (0 where there is none; `None` where it is
/// too large), and what follows.
fn labelled<'t>(text: &'t str, word: &str) -> Option<(Option<u64>, &'t str)> {
    let separator = |t: &'t str| t.strip_prefix(['-', '_', '.']).unwrap_or(t);
    let rest = separator(text).strip_prefix(word)?;
    let (number, after) = digits(separator(rest));
    match number {
        "" => (!rest.starts_with(|c: char| c.is_ascii_alphabetic())).then_some((Some(0), rest)),
        number => Some((number.parse().ok(), after)),
    }
}

/// A local version's segments: numbers come after words.
fn segments(local: &str) -> Vec<(bool, u64, String)> {
    let segment = |part: &str| match part.parse() {
        Ok(number) => (true, number, String::new()),
        Err(_) => (false, 0, part.to_owned()),
    };
    local.split(['.', '-', '_']).map(segment).collect()
}

#[cfg(test)]
mod tests {
    use crate::version::{
        Scheme,
        tests::{apart, ascends, same},
    };

    #[test]
    fn python_versions_follow_pep_440() {
        // the summary of permitted suffixes and relative ordering
        ascends(
            Scheme::Pep440,
            &[
                "1.0.dev456",
                "1.0a1",
                "1.0a2.dev456",
                "1.0a12.dev456",
                "1.0a12",
                "1.0b1.dev456",
                "1.0b2",
                "1.0b2.post345.dev456",
                "1.0b2.post345",
                "1.0rc1.dev456",
                "1.0rc1",
                "1.0",
                "1.0+abc.5",
                "1.0+abc.7",
                "1.0+5",
                "1.0.post456.dev34",
                "1.0.post456",
                "1.0.15",
                "1.1.dev1",
                "1!0.5",
            ],
        );
        same(Scheme::Pep440, &[("1.0", "1"), ("1.0-1", "1.0.post1"), ("1.0alpha1", "1.0a1"), ("v1.0-RC.2", "1.0rc2")]);
        apart(Scheme::Pep440, &[("1.0-final", "1.0"), ("", "1.0"), ("1.0", "trunk")]);
    }
}
