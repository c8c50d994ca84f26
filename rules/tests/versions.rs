//! Versions against the programs whose order it is: dpkg and rpm. Where one is not on the machine, its test says so.
#![allow(clippy::disallowed_methods)] // a test asks other programs

use std::{cmp::Ordering, process::Command, thread};

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRng, TestRunner},
};
use roundsman_rules::version::Scheme;

/// Pairs of which each program is asked.
const PAIRS: usize = 5_000;
/// How many dpkg processes run at once.
const ASKERS: usize = 4;

/// Versions as distributions write them, to be changed a little.
const REAL: &[&str] = &[
    "3.0.20-1~deb12u2",
    "9.2p1-2+deb12u9",
    "1:9.2p1-2+deb12u3",
    "6.1.190-1",
    "2.36-9+deb12u14",
    "20230311+deb12u1",
    "1.18.0-6ubuntu14.4",
    "252.39-1~deb12u1",
    "2:8.2.4919-3ubuntu3.13",
    "1.0~rc1+git20260101.0a1b2c3-1",
    "5.14.0-427.31.1.el9_4",
    "2:1.18.1-1.el10_0",
    "8.7p1-38.el9_4.4",
    "3.0.7-28.el9_4",
    "1.0^20260101git1a2b-1.fc44",
    "4.18.0-553.16.1.el8_10",
    "0:1.2.3-4.module+el8.10.0+1234+abcd",
    "10.0.0~beta2-150500.3.6.1",
    "00.1-007",
];

/// Two versions that differ a little, or not at all, or entirely.
fn pair(alphabet: &'static str) -> impl Strategy<Value = (String, String)> {
    let real = prop::sample::select(REAL).prop_map(str::to_owned);
    let made =
        proptest::string::string_regex(&format!("([0-9]:)?[0-9]{alphabet}{{0,9}}(-[0-9]{alphabet}{{0,4}})?")).unwrap();
    let either = prop_oneof![real, made];
    let letter = proptest::string::string_regex(alphabet).unwrap();
    (either.clone(), either, letter, any::<prop::sample::Index>(), 0..5u8).prop_map(|(a, other, letter, at, how)| {
        let at = at.index(a.len());
        let b = match how {
            0 => other,
            1 => a.clone(),
            2 => format!("{}{letter}{}", &a[..at], &a[at..]),
            3 => format!("{}{letter}{}", &a[..at], &a[at + 1..]),
            _ => format!("{}{}", &a[..at], &a[at + 1..]),
        };
        (a, b)
    })
}

/// The same pairs on every run.
fn pairs(alphabet: &'static str, usable: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let rng = TestRng::deterministic_rng(Config::default().rng_algorithm);
    let (mut runner, strategy) = (TestRunner::new_with_rng(Config::default(), rng), pair(alphabet));
    let mut pairs = Vec::new();
    while pairs.len() < PAIRS {
        let (a, b) = strategy.new_tree(&mut runner).unwrap().current();
        if usable(&a) && usable(&b) {
            pairs.push((a, b));
        }
    }
    pairs
}

fn has(program: &str) -> bool {
    let there = Command::new(program).arg("--version").output().is_ok_and(|out| out.status.success());
    if !there {
        eprintln!("skipped: {program} is not on this machine (apt-get install {program})");
    }
    there
}

/// What dpkg refuses: an epoch that is no number, an upstream version that does not begin with a digit, empty parts.
fn debian(version: &str) -> bool {
    let (epoch, rest) = version.split_once(':').unwrap_or(("0", version));
    let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, "0"));
    let legal = |part: &str, more: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
    !epoch.is_empty()
        && epoch.len() < 9
        && epoch.bytes().all(|c| c.is_ascii_digit())
        && upstream.starts_with(|c: char| c.is_ascii_digit())
        && !revision.is_empty()
        && legal(upstream, ".+~-")
        && legal(revision, ".+~")
}

#[test]
fn dpkg_orders_5000_pairs_as_we_do() {
    if !has("dpkg") {
        return;
    }
    let pairs = pairs("[0-9a-cA.+~-]", debian);
    let ask = |(a, b): &(String, String)| {
        let word = match Scheme::Deb.compare(a, b).unwrap() {
            Ordering::Less => "lt",
            Ordering::Equal => "eq",
            Ordering::Greater => "gt",
        };
        let said = Command::new("dpkg").args(["--compare-versions", a, word, b]).output().unwrap();
        let noise = String::from_utf8_lossy(&said.stderr);
        assert!(said.status.success(), "dpkg does not say {a} {word} {b} {noise}");
        assert!(noise.is_empty(), "dpkg doubts {a} or {b}: {noise}");
    };
    thread::scope(|scope| {
        for part in pairs.chunks(PAIRS.div_ceil(ASKERS)) {
            scope.spawn(move || part.iter().for_each(ask));
        }
    });
}

/// What rpm itself refuses: an epoch that is no number, characters that no package has, a second hyphen.
fn red_hat(version: &str) -> bool {
    let (epoch, rest) = version.split_once(':').unwrap_or(("0", version));
    let (upstream, release) = rest.rsplit_once('-').unwrap_or((rest, "1"));
    let legal = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "._+~^".contains(c));
    !epoch.is_empty()
        && epoch.len() < 9
        && epoch.bytes().all(|c| c.is_ascii_digit())
        && legal(upstream)
        && legal(release)
}

#[test]
fn rpm_orders_5000_pairs_as_we_do() {
    if !has("rpm") {
        return;
    }
    let pairs = pairs("[0-9a-cA.+~^_]", red_hat);
    let file = tempfile::NamedTempFile::new().unwrap();
    let lines: Vec<String> = pairs.iter().map(|(a, b)| format!("{a} {b}\n")).collect();
    std::fs::write(file.path(), lines.concat()).unwrap();
    let script = format!(
        r#"%{{lua: for line in io.lines("{}") do local a, b = line:match("(%S+) (%S+)"); print(rpm.vercmp(a, b) .. "\n") end}}"#,
        file.path().display()
    );
    let said = Command::new("rpm").args(["--eval", &script]).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let said: Vec<i8> = said.split_whitespace().map(|word| word.parse().unwrap()).collect();
    assert_eq!(said.len(), PAIRS);
    for ((a, b), said) in pairs.iter().zip(said) {
        assert_eq!(Scheme::Rpm.compare(a, b), Some(said.cmp(&0)), "rpm orders {a} and {b} otherwise");
    }
}
