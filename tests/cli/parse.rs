//! `parse` and `explain`.

use std::{
    io::{BufRead, BufReader, Write},
    process::Stdio,
};

use serde_json::Value;

use super::{folder, roundsman, run, stderr, stdout};

const LOGIN: &str = "Nov 22 03:09:07 web1 sshd[7]: Accepted password for ops from 192.0.2.4 port 5 ssh2";

fn events(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("an event is JSON")).collect()
}

#[test]
fn each_line_is_one_event_in_order_unknown_and_empty_ones_too() {
    let here = folder(&[("auth.log", &format!("{LOGIN}\n\ngibberish \u{1} line\r\nlast"))]);
    let output = run(here.path(), &["parse", "--flat", "auth.log"], b"");
    let events = events(&stdout(&output));
    let originals: Vec<_> = events.iter().map(|event| event["event.original"].as_str().unwrap()).collect();
    assert_eq!(originals, [LOGIN, "", "gibberish \u{1} line", "last"]);
    assert_eq!(events[0]["source.ip"], "192.0.2.4");
    assert_eq!(events[0]["event.outcome"], "success");
    assert_eq!(events[2]["roundsman.format"], "unknown");
    assert!(events[2]["roundsman.reason"].is_string());
}

#[test]
fn a_framed_record_may_hold_line_breaks_and_says_how_it_arrived() {
    let here = folder(&[]);
    let input = concat!(
        "{\"raw\":\"first\\nsecond\"}\n",
        "{\"received\":\"2026-11-22T01:53:02Z\",\"host\":\"web1\",\"source\":\"/var/log/dpkg.log\",",
        "\"raw\":\"2026-11-22 01:53:02 status installed curl:amd64 8.5.0-2\"}\n"
    );
    let output = run(here.path(), &["parse", "--input", "jsonl", "--flat"], input.as_bytes());
    let events = events(&stdout(&output));
    assert_eq!(events.len(), 2);
    assert_eq!(events[0]["event.original"], "first\nsecond");
    assert_eq!((&events[1]["roundsman.format"], &events[1]["host.name"]), (&"dpkg".into(), &"web1".into()));
    assert_eq!(events[1]["roundsman.received"], "2026-11-22T01:53:02Z");
}

#[test]
fn a_line_that_is_no_object_stops_with_its_number() {
    let here = folder(&[("in.jsonl", "{\"raw\":\"good\"}\nnot json\n")]);
    let output = run(here.path(), &["parse", "--input", "jsonl", "in.jsonl"], b"");
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("in.jsonl:2"), "{}", stderr(&output));
}

#[test]
fn nothing_is_printed_when_one_of_the_files_is_not_there() {
    let here = folder(&[("auth.log", LOGIN)]);
    let output = run(here.path(), &["parse", "auth.log", "absent.log"], b"");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0));
    let output = run(here.path(), &["parse", "."], b"");
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("folder"));
}

#[test]
fn a_format_that_is_named_reads_everything_and_a_year_is_taken() {
    let here = folder(&[]);
    let output = run(here.path(), &["parse", "--flat", "--year", "2020"], LOGIN.as_bytes());
    assert_eq!(events(&stdout(&output))[0]["@timestamp"], "2020-11-22T03:09:07Z");
    let output = run(here.path(), &["parse", "--flat", "--format", "dpkg"], LOGIN.as_bytes());
    assert_eq!(events(&stdout(&output))[0]["roundsman.format"], "unknown");
}

#[test]
fn a_reader_that_goes_away_ends_the_program_quietly() {
    let here = folder(&[]);
    let mut child = roundsman(here.path(), &["parse"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || {
        // until the program has gone and the pipe is closed
        while stdin.write_all(b"a line that nobody understands\n").is_ok() {}
    });
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.contains("nobody understands"));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stderr(&output), "");
}

#[test]
fn formats_are_listed_with_what_they_recognise() {
    let here = folder(&[]);
    let told = stdout(&run(here.path(), &["parse", "--list-formats"], b""));
    assert!(told.starts_with("NAME"));
    assert!(told.lines().any(|line| line.starts_with("sshd ") && line.contains("OpenSSH")), "{told}");
}

#[test]
fn an_explanation_marks_each_field_under_the_record_and_names_the_rules() {
    let here = folder(&[]);
    let told = stdout(&run(here.path(), &["explain", LOGIN], b""));
    let lines: Vec<&str> = told.lines().collect();
    let record = lines.iter().position(|line| line.trim() == LOGIN).expect("the record");
    let user = lines[record..].iter().find(|line| line.contains("user.name")).expect("the mark of the user");
    let column = lines[record].find(" ops ").unwrap() + 1;
    assert_eq!(user.chars().skip(column).take(3).collect::<String>(), "▔▔▔", "{told}");
    assert!(told.contains("the program is `sshd`"));
    assert!(told.contains("✔"), "{told}");
    let told = stdout(&run(here.path(), &["explain"], b"gibberish\n"));
    assert!(told.contains("unknown, reason `"), "{told}");
}
