//! Alerts as lines of JSON in a file, for whatever reads files. Above its size the file is renamed to `NAME.1`, the one
//! before to `NAME.2`, and so on; the oldest goes.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use roundsman_ingest::units::Size;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Channel, Delivery, DeliveryError, Settings, Surroundings};
use crate::notify::Message;

/// Size above which the file is set aside.
const MAX_SIZE: Size = Size(64 << 20);
/// Files set aside that are kept.
const KEEP: u32 = 5;

/// `type = "file"`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The file.
    pub path: PathBuf,
    /// It is set aside above this size.
    #[serde(default = "max_size")]
    pub max_size: Size,
    /// Files set aside that are kept.
    #[serde(default = "keep")]
    pub keep: u32,
}

fn max_size() -> Size {
    MAX_SIZE
}

fn keep() -> u32 {
    KEEP
}

impl Config {
    /// A file with the usual limits.
    pub fn new(path: impl Into<PathBuf>) -> Config {
        Config { path: path.into(), max_size: MAX_SIZE, keep: KEEP }
    }
}

impl Settings for Config {
    fn open(&self, around: &Surroundings) -> Result<Arc<dyn Channel>, String> {
        let path = around.base.join(&self.path);
        if path.is_dir() {
            return Err(format!("path `{}` is a folder: name a file in it", path.display()));
        }
        Ok(Arc::new(Lines { settings: Arc::new(Config { path, ..self.clone() }) }))
    }
}

struct Lines {
    settings: Arc<Config>,
}

impl Channel for Lines {
    fn deliver<'a>(&'a self, message: &'a Message) -> Delivery<'a> {
        Box::pin(async move {
            let mut line = message.to_json().map_err(|e| DeliveryError::Refused(e.to_string()))?;
            line.push('\n');
            let settings = Arc::clone(&self.settings);
            let written = tokio::task::spawn_blocking(move || {
                append(&settings, &line).map_err(|e| format!("{}: {e}", settings.path.display()))
            });
            match written.await {
                Ok(result) => result.map_err(DeliveryError::Later),
                Err(stopped) => Err(DeliveryError::Later(stopped.to_string())),
            }
        })
    }
}

fn append(settings: &Config, line: &str) -> io::Result<()> {
    if let Some(folder) = settings.path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = open(&settings.path)?;
    let size = file.metadata()?.len();
    if size > 0 && size + line.len() as u64 > settings.max_size.0 {
        drop(file);
        rotate(&settings.path, settings.keep)?;
        file = open(&settings.path)?;
    }
    let torn = ends_without_newline(&mut file)?;
    // One write, so that a reader of the growing file sees whole lines.
    file.write_all(if torn { format!("\n{line}") } else { line.to_owned() }.as_bytes())?;
    file.sync_data()
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).read(true).open(path)
}

/// The last write was cut short, by a full disk or a crash.
fn ends_without_newline(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

fn rotate(path: &Path, keep: u32) -> io::Result<()> {
    let aside = |n: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{n}"));
        PathBuf::from(name)
    };
    if keep == 0 {
        return std::fs::remove_file(path);
    }
    for n in (1..keep).rev() {
        match std::fs::rename(aside(n), aside(n + 1)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    std::fs::rename(path, aside(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_above_its_size_is_set_aside_and_the_oldest_goes() {
        let dir = tempfile::tempdir().unwrap();
        let settings = Config { max_size: Size(10), keep: 2, ..Config::new(dir.path().join("a/alerts.ndjson")) };
        for n in 0..4 {
            append(&settings, &format!("line {n}\n")).unwrap();
        }
        let read = |name: &str| std::fs::read_to_string(dir.path().join("a").join(name)).ok();
        assert_eq!(read("alerts.ndjson").as_deref(), Some("line 3\n"));
        assert_eq!(read("alerts.ndjson.1").as_deref(), Some("line 2\n"));
        assert_eq!(read("alerts.ndjson.2").as_deref(), Some("line 1\n"));
        assert_eq!(read("alerts.ndjson.3"), None);
    }

    #[test]
    fn a_line_after_a_torn_one_stands_on_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let settings = Config::new(dir.path().join("alerts.ndjson"));
        std::fs::write(&settings.path, "{\"kind\":\"al").unwrap();
        append(&settings, "{}\n").unwrap();
        assert_eq!(std::fs::read_to_string(&settings.path).unwrap(), "{\"kind\":\"al\n{}\n");
    }
}
