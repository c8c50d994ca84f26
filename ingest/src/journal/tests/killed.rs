//! `kill -9`, for real: this test program starts itself as a writer and kills it.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use super::*;
use crate::journal::offline;

/// Tells the writer's process where to write; nobody else runs it.
const FOLDER: &str = "ROUNDSMAN_TEST_JOURNAL";
/// Acknowledgements that are waited for before each kill.
const ROUNDS: [usize; 3] = [1, 7, 40];

/// The process that is killed: two tasks append, one of them waits for acknowledgements and prints them.
#[tokio::test]
#[ignore = "started by the test below"]
async fn writer_process() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let options = Options { segment_bytes: 50_000, ..Options::default() };
    let (journal, _) = Journal::open(Path::new(&folder), options, Metrics::new()).unwrap();
    let appender = journal.appender();
    let noise = appender.clone();
    tokio::spawn(async move {
        while noise.append(batch(&noise, "noise", &[&"n".repeat(777)])).await.is_ok() {
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
    });
    for n in 0.. {
        let line = format!("{}-{n}", std::process::id());
        appender.append_synced(batch(&appender, "a", &[&line])).await.unwrap();
        println!("acknowledged {line}");
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn a_killed_process_has_lost_nothing_that_it_acknowledged() {
    let data = Data::new();
    let mut acknowledged = Vec::new();
    for round in ROUNDS {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "journal::tests::killed::writer_process", "--ignored", "--nocapture"])
            .env(FOLDER, data.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let told = lines.filter_map(|line| Some(line.unwrap().split_once("acknowledged ")?.1.to_owned()));
        acknowledged.extend(told.take(round));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let (texts, damage) = data.read();
        assert_eq!(damage, [], "after {round}");
        let kept: std::collections::HashSet<_> = texts.into_iter().collect();
        assert!(acknowledged.iter().all(|line| kept.contains(line)), "after {round}");
    }
    assert_eq!(acknowledged.len(), ROUNDS.iter().sum::<usize>());
    let (journal, opened) = data.open(Options::default());
    assert_eq!(opened.damage, []);
    drop(journal);
    assert!(offline::verify(data.path()).unwrap().is_sound());
}
