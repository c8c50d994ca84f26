//! The systemd journal: `journalctl --follow -o json` as a child, one record per entry.
//!
//! The cursor of the last entry is journalled with it, so a crash neither loses nor doubles one. A child that ends is
//! started again behind that cursor. The record is the entry's JSON object, as [`journald`](crate::journald) reads it.

use std::{io, path::PathBuf, process::Stdio, sync::Arc, time::Duration};

use memchr::memmem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{Child, ChildStdout, Command},
    sync::watch,
    task::yield_now,
    time::timeout,
};

use super::{Error, Handle, Intake, Phase, file::Start, this_host, told_to_stop};
use crate::{
    Origin, Transport,
    journal::{self, Appender, Batch, OriginRef, Positions, Step},
};

/// Longest entry; a longer one is cut, and is then no JSON any more.
pub const MAX_ENTRY_BYTES: usize = 4 << 20;
/// Pause before a child that ended is started again.
const RESTART_PAUSE: Duration = Duration::from_secs(1);
/// The cursor stands within this many bytes of an entry: `journalctl` prints it first.
const CURSOR_WITHIN: usize = 1 << 10;

/// Key of the position, before the folder.
const KEY: &str = "journald/";

/// The systemd journal of this machine: `[[source]]` with `type = "journald"`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JournaldConfig {
    /// Where to begin the first time; later it goes on where it was.
    #[serde(default)]
    pub start: Start,
    /// A folder of journal files instead of this machine's own.
    #[serde(default)]
    pub directory: Option<PathBuf>,
}

impl JournaldConfig {
    /// The source's name in metrics.
    pub fn label(&self) -> String {
        match &self.directory {
            Some(directory) => format!("journald:{}", directory.display()),
            None => "journald".into(),
        }
    }

    fn key(&self) -> String {
        format!("{KEY}{}", self.directory.as_deref().unwrap_or("".as_ref()).display())
    }

    /// `journalctl` from behind this cursor on.
    fn command(&self, cursor: Option<&str>) -> Command {
        let mut command = Command::new("journalctl");
        command.args(["--follow", "--output=json", "--all", "--quiet"]);
        match (cursor, self.start) {
            (Some(cursor), _) => command.arg("--no-tail").arg(format!("--after-cursor={cursor}")),
            (None, Start::Beginning) => command.arg("--no-tail"),
            (None, Start::End) => command.arg("--lines=0"),
        };
        if let Some(directory) = &self.directory {
            command.arg("--directory").arg(directory);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        command
    }
}

/// Follows the journal until the handle is stopped, from `positions` on. Must be called within a tokio runtime.
///
/// # Errors
/// [`Error::Command`]: `journalctl` cannot be run.
pub fn spawn(config: &JournaldConfig, positions: &Positions, appender: Appender) -> Result<Handle, Error> {
    let (label, key): (Arc<str>, _) = (config.label().into(), config.key());
    let known = positions.of(&key).find(|(known, _)| *known == key).map(|(_, known)| known.clone());
    let number = known.as_ref().map_or(0, |known| known.number);
    let cursor = known.and_then(|known| known.state.as_str().map(str::to_owned));
    let child = config.command(cursor.as_deref()).spawn();
    let child = child.map_err(|source| Error::Command { label: label.to_string(), source })?;
    let (phase, receiver) = watch::channel(Phase::Running);
    let intake = Intake { label: Arc::clone(&label), appender, phase: receiver };
    intake.counters();
    tracing::info!(source = %label, "following");
    let origin = Origin { peer: Some(this_host()), ..Origin::new(Transport::Journald, &label) };
    let origin = intake.appender.origin(&origin);
    let follower =
        Follower { config: config.clone(), key, number, cursor, origin, batch: intake.appender.batch(), intake };
    let task = tokio::spawn(follower.run(child));
    Ok(Handle { configured: label.to_string(), label, address: None, door: None, phase, task })
}

struct Follower {
    config: JournaldConfig,
    key: String,
    number: u64,
    cursor: Option<String>,
    origin: OriginRef,
    batch: Batch,
    intake: Intake,
}

impl Follower {
    async fn run(mut self, mut child: Child) {
        let mut phase = self.intake.phase.clone();
        loop {
            let ended = tokio::select! {
                biased;
                () = told_to_stop(&mut phase) => return,
                ended = self.read(&mut child) => ended,
            };
            match ended {
                Err(Ended::Journal(error)) => {
                    return tracing::debug!(%error, "the systemd journal is not read any more");
                }
                Err(Ended::Read(error)) => tracing::warn!(%error, "journalctl cannot be read; it is started again"),
                Ok(()) => tracing::debug!("journalctl ended; it is started again"),
            }
            // What was read and not handed over is read again.
            self.batch = self.intake.appender.batch();
            loop {
                if timeout(RESTART_PAUSE, told_to_stop(&mut phase)).await.is_ok() {
                    return;
                }
                match self.config.command(self.cursor.as_deref()).spawn() {
                    Ok(again) => break child = again,
                    Err(error) => tracing::warn!(%error, "journalctl cannot be run"),
                }
            }
        }
    }

    /// Reads entries until the child ends.
    async fn read(&mut self, child: &mut Child) -> Result<(), Ended> {
        let Some(stdout) = child.stdout.take() else { return Ok(()) };
        let (mut reader, mut entry) = (BufReader::with_capacity(256 << 10, stdout), Vec::new());
        let mut last = None;
        while let Some(truncated) = next_entry(&mut reader, &mut entry).await? {
            if let Some(cursor) = cursor_of(&entry) {
                last = Some(cursor.to_owned());
                let now = self.intake.appender.now();
                self.batch.push_part(&self.origin, now, truncated, &entry)?;
            }
            let more = memchr::memchr(b'\n', reader.buffer()).is_some();
            if let Some(cursor) = last.take_if(|_| !more || self.batch.is_full()) {
                self.hand_over(cursor).await?;
                yield_now().await;
            }
        }
        match last {
            Some(cursor) => Ok(self.hand_over(cursor).await?),
            None => Ok(()),
        }
    }

    /// Journals what was read with the cursor that it leads to.
    async fn hand_over(&mut self, cursor: String) -> Result<(), journal::Error> {
        let (appender, state) = (&self.intake.appender, serde_json::Value::from(cursor.as_str()));
        let step = Step { key: self.key.clone(), number: self.number + 1, records: 0, state: Some(state) };
        self.batch.close(&self.origin, appender.now(), step)?;
        let batch = std::mem::replace(&mut self.batch, appender.batch());
        // From here on it is the journal's, whether or not anybody waits for it.
        (self.number, self.cursor) = (self.number + 1, Some(cursor));
        appender.append(batch).await
    }
}

/// Why reading the child ended.
#[derive(Debug)]
enum Ended {
    Read(io::Error),
    Journal(journal::Error),
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        Ended::Read(error)
    }
}

impl From<journal::Error> for Ended {
    fn from(error: journal::Error) -> Self {
        Ended::Journal(error)
    }
}

/// Reads one line without its end; whether it was cut. `None` at the end, where a line without an end is none.
async fn next_entry(reader: &mut BufReader<ChildStdout>, entry: &mut Vec<u8>) -> io::Result<Option<bool>> {
    entry.clear();
    (&mut *reader).take(MAX_ENTRY_BYTES as u64 + 1).read_until(b'\n', entry).await?;
    if entry.pop_if(|last| *last == b'\n').is_some() {
        return Ok(Some(false));
    }
    if entry.len() <= MAX_ENTRY_BYTES {
        return Ok(None);
    }
    entry.truncate(MAX_ENTRY_BYTES);
    let mut rest = Vec::new();
    loop {
        rest.clear();
        (&mut *reader).take(MAX_ENTRY_BYTES as u64).read_until(b'\n', &mut rest).await?;
        match rest.last() {
            Some(b'\n') => return Ok(Some(true)),
            Some(_) => {}
            None => return Ok(None),
        }
    }
}

/// The cursor of an entry as `journalctl -o json` prints it.
fn cursor_of(entry: &[u8]) -> Option<&str> {
    const FIELD: &[u8] = b"\"__CURSOR\"";
    let head = &entry[..entry.len().min(CURSOR_WITHIN)];
    let rest = head[memmem::find(head, FIELD)? + FIELD.len()..].trim_ascii_start();
    let value = rest.strip_prefix(b":")?.trim_ascii_start().strip_prefix(b"\"")?;
    std::str::from_utf8(&value[..memchr::memchr(b'"', value)?]).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_is_found_at_the_head_of_an_entry() {
        let entry = br#"{"__CURSOR":"s=1;i=2","__REALTIME_TIMESTAMP":"3","MESSAGE":"x"}"#;
        assert_eq!(cursor_of(entry), Some("s=1;i=2"));
        assert_eq!(cursor_of(br#"{ "__CURSOR" : "a" }"#), Some("a"));
        assert_eq!(cursor_of(b"-- No entries --"), None);
    }
}
