//! Human decisions from the command line: left as files for the running instance, which journals and applies them.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::PathBuf,
};

use jiff::Timestamp;
use roundsman_config::Data;
use serde_json::Value;

/// Leaves a decision in the data folder, in one step and synced: a reader sees it whole or not at all. Names sort by time.
///
/// # Errors
/// The data folder is not there (nobody would ever read the decision), or cannot be written.
pub fn leave(data: &Data, decision: &Value) -> io::Result<PathBuf> {
    if !data.dir.is_dir() {
        let told = format!("there is no data folder {}; start `roundsman run` once", data.dir.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, told));
    }
    let folder = data.decisions();
    fs::create_dir_all(&folder)?;
    let name = format!("{:020}-{}.json", Timestamp::now().as_nanosecond(), std::process::id());
    let path = folder.join(name);
    let draft = path.with_extension("draft"); // readers look for .json only
    let mut file = File::create(&draft)?;
    serde_json::to_writer(&mut file, decision)?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    fs::rename(&draft, &path)?;
    File::open(&folder)?.sync_all()?;
    Ok(path)
}

/// Who is deciding: the user behind sudo, else the user.
pub fn who() -> String {
    let named = |name: &str| std::env::var(name).ok().filter(|user| !user.is_empty());
    named("SUDO_USER").or_else(|| named("USER")).or_else(|| named("LOGNAME")).unwrap_or_else(|| "unknown".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_left_whole_and_nothing_else_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let decision = serde_json::json!({"kind": "action", "text": "rotate keys"});
        let data = Data { dir: folder.path().to_owned(), ..Data::default() };
        let path = leave(&data, &decision).unwrap();
        let read: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        assert_eq!(read, decision);
        assert_eq!(fs::read_dir(data.decisions()).unwrap().count(), 1);
        let absent = Data { dir: folder.path().join("absent"), ..Data::default() };
        assert!(leave(&absent, &decision).is_err());
    }
}
