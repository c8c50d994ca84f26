//! Help, exit codes, configuration messages, colour.

use super::{folder, run, stderr, stdout};

const COMMANDS: [&str; 19] = [
    "run",
    "demo",
    "check",
    "parse",
    "explain",
    "replay",
    "test",
    "rules",
    "sources",
    "tap",
    "top",
    "alerts",
    "patches",
    "record",
    "digest",
    "journal",
    "completions",
    "man",
    "schema",
];

#[test]
fn every_command_has_help_with_an_example() {
    let here = folder(&[]);
    for command in COMMANDS {
        let output = run(here.path(), &[command, "--help"], b"");
        assert_eq!(output.status.code(), Some(0), "{command}");
        assert!(stdout(&output).contains(&format!("roundsman {command}")), "{command} shows no example");
    }
    let version = stdout(&run(here.path(), &["--version"], b""));
    assert_eq!(version.trim(), concat!("roundsman ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_exits_2_and_says_so_on_standard_error() {
    let here = folder(&[]);
    for args in [
        &["nonsense"][..],
        &["parse", "--nonsense"],
        &["parse", "--format", "no such format"],
        &["record", "no such kind"],
        &["digest", "--week", "2026-W54"],
        &["tap", "--where", "user.name"],
        &["man", "nonsense"],
        &["alerts"],
    ] {
        let output = run(here.path(), args, b"");
        // a tap or a digest needs a configuration first, and an empty folder has the default one
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{args:?}");
    }
}

#[test]
fn what_is_not_there_exits_3_and_is_named() {
    let here = folder(&[]);
    for args in [
        &["parse", "absent.log"][..],
        &["check", "--config", "absent.toml"],
        &["alerts", "list"],
        &["journal", "verify", "absent"],
        &["tap"],
        &["top", "--once"],
        &["record", "action", "text=x", "owner=y"],
        &["test", "absent.yml"],
    ] {
        let output = run(here.path(), args, b"");
        assert_eq!(output.status.code(), Some(3), "{args:?}: {}", stderr(&output));
        let told = stdout(&output) + &stderr(&output);
        assert!(told.contains("absent") || told.contains("roundsman-data"), "{args:?}: {told}");
    }
}

#[test]
fn an_unknown_key_is_named_with_file_line_and_the_nearest_key() {
    let here = folder(&[("bad.toml", "[data]\ndirr = \"x\"\n")]);
    let output = run(here.path(), &["check", "--config", "bad.toml"], b"");
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).contains("bad.toml:2: error: unknown key `dirr`"), "{}", stdout(&output));
    assert!(stdout(&output).contains("did you mean `dir`?"));
    let output = run(here.path(), &["alerts", "--config", "bad.toml", "list"], b"");
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("bad.toml:2: error: unknown key `dirr`"), "{}", stderr(&output));
}

#[test]
fn the_file_in_the_working_directory_is_found_without_being_named() {
    let here = folder(&[("roundsman.toml", "[http]\nlisten = 7\n")]);
    let output = run(here.path(), &["check"], b"");
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).contains("roundsman.toml:2: error: `http.listen`"), "{}", stdout(&output));
}

#[test]
fn check_tells_of_rules_feeds_and_sources_and_goes_on_after_each() {
    let here = folder(&[
        (
            "roundsman.toml",
            "[[source]]\ntype = 'kafka'\nbrokers = ['127.0.0.1:9092']\ntopics = ['logs']\ngroup = 'r'\n[rules]\npaths = ['rules']\n\
             [inputs]\ninventory = 'inventory.csv'\nkev = 'absent.json'\n",
        ),
        (
            "rules/broken.yml",
            "title: Broken\nlogsource: {product: linux}\ndetection:\n  a:\n    b|nosuch: 1\n  condition: a\n",
        ),
        ("inventory.csv", "asset,logs\nweb1,dpkg nosuchformat\n"),
    ]);
    let output = run(here.path(), &["check"], b"");
    let told = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    for part in ["comes with a later version", "broken.yml:5", "nosuch", "absent.json", "nosuchformat", "Will not see"]
    {
        assert!(told.contains(part), "no `{part}` in:\n{told}");
    }
}

#[test]
fn a_good_set_up_exits_0_and_says_what_it_sees() {
    let here = folder(&[]);
    let output = run(here.path(), &["check"], b"");
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    let told = stdout(&output);
    assert!(told.contains("0 errors, 0 warnings") && told.contains("udp://127.0.0.1:5514"), "{told}");
}

#[test]
fn colour_comes_only_where_it_is_wanted() {
    let here = folder(&[("bad.toml", "[data]\ndirr = 1\n")]);
    let colours = |args: &[&str]| stdout(&run(here.path(), args, b"")).contains('\x1b');
    assert!(!colours(&["check", "--config", "bad.toml"]), "standard output is no terminal");
    assert!(colours(&["--color", "always", "check", "--config", "bad.toml"]));
    assert!(!colours(&["--color", "never", "check", "--config", "bad.toml"]));
}

#[test]
fn what_is_built_in_passes_its_own_test_and_a_wrong_example_fails() {
    let rule = "title: Probe\nid: 5d0f0f7e-0000-4000-8000-0000000000aa\nstatus: test\n\
                logsource: {product: linux, service: sshd}\n\
                detection:\n  selection: {event.outcome: success}\n  condition: selection\nlevel: low\n\
                roundsman:\n  examples:\n    - fires: true\n      lines:\n        - \"Nov 22 03:09:07 web1 sshd[7]: Failed password for ops from 192.0.2.4 port 5 ssh2\"\n";
    let here = folder(&[("rules/probe.yml", rule)]);
    let output = run(here.path(), &["test"], b"");
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    let output = run(here.path(), &["test", "rules"], b"");
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stdout(&output).contains("probe.yml:11"), "{}", stdout(&output));
}

#[test]
fn completions_manual_and_schemas_are_printed() {
    let here = folder(&[]);
    for shell in ["bash", "zsh", "fish"] {
        assert!(stdout(&run(here.path(), &["completions", shell], b"")).contains("roundsman"), "{shell}");
    }
    let manual = stdout(&run(here.path(), &["man"], b""));
    for command in COMMANDS {
        assert!(manual.contains(&format!(".TH roundsman-{command}")), "no page for {command}");
    }
    let output = run(here.path(), &["man", "--dir", "pages"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert!(here.path().join("pages/roundsman-journal-cat.1").is_file());
    for name in ["config", "policy", "event", "alert", "case", "digest", "replay"] {
        let schema: serde_json::Value =
            serde_json::from_slice(&run(here.path(), &["schema", name], b"").stdout).unwrap();
        assert!(schema["$schema"].is_string(), "{name}");
    }
}

#[test]
fn coverage_names_techniques_and_formats_that_no_rule_reads() {
    let here = folder(&[]);
    let told = stdout(&run(here.path(), &["rules", "coverage"], b""));
    assert!(told.contains("T1110") && told.contains("sshd"), "{told}");
}
