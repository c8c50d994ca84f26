//! What can go wrong with the store: where, what, what to do.

use std::path::{Path, PathBuf};

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL names a database that this build cannot use.
    #[error(
        "store url `{0}` cannot be used: write `sqlite:roundsman.db` (relative to the data folder) or `sqlite:/absolute/path`"
    )]
    Url(String),
    /// There is no database yet.
    #[error("{}: no store here yet: start `roundsman run` once with this configuration, or correct `[store] url`", .0.display())]
    Missing(PathBuf),
    /// The file or its folder cannot be opened.
    #[error("{}: cannot be opened ({why}): check that the folder exists and that this user may read and write it", path.display())]
    Open {
        /// The database.
        path: PathBuf,
        /// What the system or SQLite said.
        why: String,
    },
    /// Another process holds the write lock.
    #[error("{}: locked by another process for more than {} s: stop the other instance or the tool that holds it open", .0.display(), super::BUSY_TIMEOUT.as_secs())]
    Locked(PathBuf),
    /// The file system or the file's mode forbids writing.
    #[error("{}: is read-only: make the file and its folder writable for this user", .0.display())]
    ReadOnly(PathBuf),
    /// No space is left.
    #[error("{}: the disk is full: free some space; nothing that was acknowledged is lost, the journal is read again from the stored position", .0.display())]
    Full(PathBuf),
    /// The file is no database, or a damaged one.
    #[error("{}: damaged or no SQLite database ({why}): move it away and restore a backup, or start anew: the journal is then read again from its first record", path.display())]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        why: String,
    },
    /// A newer Roundsman wrote it.
    #[error("{}: written by a newer version (schema {found}, this version knows {known}): update Roundsman", path.display())]
    TooNew {
        /// The database.
        path: PathBuf,
        /// The schema in the file.
        found: i64,
        /// The newest schema that this build knows.
        known: i64,
    },
    /// A row does not hold what its column promises.
    #[error("{}: row `{row}` of table {table} cannot be read ({why}): restore a backup or remove the row", path.display())]
    Row {
        /// The database.
        path: PathBuf,
        /// The table.
        table: &'static str,
        /// The row's key.
        row: String,
        /// What the reader said.
        why: String,
    },
    /// Anything else that the database said.
    #[error("{}: {source}", path.display())]
    Database {
        /// The database.
        path: PathBuf,
        /// What it said.
        #[source]
        source: sqlx::Error,
    },
}

impl StoreError {
    /// Sorts a driver's error by what a person can do about it.
    pub(super) fn sort(path: &Path, error: sqlx::Error) -> StoreError {
        let path = path.to_path_buf();
        let primary = match &error {
            sqlx::Error::Database(db) => db.code().and_then(|c| c.parse::<u32>().ok()).map(|c| c & 0xff),
            _ => None,
        };
        // Primary result codes, <https://www.sqlite.org/rescode.html>.
        match primary {
            Some(5 | 6) => StoreError::Locked(path),
            Some(8) => StoreError::ReadOnly(path),
            Some(13) => StoreError::Full(path),
            Some(11 | 26) => StoreError::Corrupt { path, why: error.to_string() },
            Some(14) => StoreError::Open { path, why: error.to_string() },
            _ => StoreError::Database { path, source: error },
        }
    }

    /// Whether the same call may succeed later without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        matches!(self, StoreError::Locked(_) | StoreError::Full(_))
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{Connection, SqliteConnection};

    use super::*;

    #[tokio::test]
    async fn a_full_disk_is_told_from_other_failures() {
        let mut db = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        sqlx::raw_sql("CREATE TABLE t (x BLOB); PRAGMA max_page_count = 3").execute(&mut db).await.unwrap();
        let full = sqlx::query("INSERT INTO t VALUES (zeroblob(1000000))").execute(&mut db).await.unwrap_err();
        let full = StoreError::sort(Path::new("/data/a.db"), full);
        assert!(matches!(full, StoreError::Full(_)) && full.is_transient(), "{full}");
        assert!(full.to_string().starts_with("/data/a.db: the disk is full: free some space"));
        let other = sqlx::query("SELECT nothing FROM nowhere").execute(&mut db).await.unwrap_err();
        assert!(matches!(StoreError::sort(Path::new("a.db"), other), StoreError::Database { .. }));
    }
}
