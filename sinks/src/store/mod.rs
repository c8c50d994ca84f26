//! The store: an embedded SQLite database that holds what the pipeline knows and what people decided.
//!
//! Promises:
//! - One [`Commit`] is one transaction. After a crash the store is at some commit, and the journal is read again from
//!   the position of that commit; what follows is computed again with the same ids and upserted.
//! - What a person decided about an alert is never overwritten by the pipeline.
//! - A message to a channel is queued in the transaction that makes it necessary.
//! - Write-ahead log, `synchronous = NORMAL`: a power cut may take the last commits, together with their position, so
//!   the journal brings them back.
//!
//! One connection writes, a few read; readers never wait for the writer.

mod access;
mod alerts;
mod commit;
mod desk;
mod error;
mod query;
mod queue;
mod schema;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;
use roundsman_rules::alert::Severity;
use sqlx::{
    Sqlite, SqlitePool,
    pool::PoolConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub use access::{Role, Session, Token, User};
pub use commit::{Commit, Committed, Count, Decision, Resume};
pub use error::StoreError;
pub use query::{AlertFilter, AlertPage, CaseFilter, HistoryEntry, MAX_PAGE, SourceRow};
pub(crate) use queue::Due;
pub use queue::QueueCounts;

/// How long a statement waits for another process's write lock.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections that read.
const READERS: u32 = 4;
/// Values bound in one statement; SQLite allows 32,766, PostgreSQL 65,535.
const MAX_BINDS: usize = 30_000;
/// Days that counts of lines are kept.
const KEEP_COUNTS_DAYS: i64 = 400;
/// Days that alerts are kept after they have cleared or were closed, and decisions.
const KEEP_ALERTS_DAYS: i64 = 400;
/// Days that messages are kept for the record; by then each is delivered, given up, or its channel is gone.
const KEEP_MESSAGES_DAYS: i64 = 30;

/// The database, open.
#[derive(Clone, Debug)]
pub struct Store {
    path: PathBuf,
    write: Option<SqlitePool>,
    read: SqlitePool,
}

impl Store {
    /// Opens the database for reading and writing; makes it, or brings its schema up to date, where needed.
    ///
    /// `url` is `sqlite:PATH`; a relative path is relative to `data_dir`. A new file can be read by its owner only:
    /// it holds log lines and password hashes.
    ///
    /// # Errors
    /// Says which file, what is wrong and what to do.
    pub async fn open(url: &str, data_dir: &Path) -> Result<Store, StoreError> {
        let path = path_of(url, data_dir)?;
        create_private(&path)?;
        let options = options(&path).journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Normal);
        let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let write = pool.connect_with(options).await.map_err(|e| StoreError::sort(&path, e))?;
        let sorted = |e| StoreError::sort(&path, e);
        let mut db = write.acquire().await.map_err(sorted)?;
        let found = schema::found(&mut db).await.map_err(sorted)?;
        if found > schema::VERSION {
            return Err(StoreError::TooNew { path, found, known: schema::VERSION });
        }
        schema::migrate(&mut db, found).await.map_err(sorted)?;
        drop(db);
        let read = readers(&path).await?;
        Ok(Store { path, write: Some(write), read })
    }

    /// Opens an existing database beside the running instance, for reading only.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where there is none; otherwise as [`Store::open`].
    pub async fn open_read_only(url: &str, data_dir: &Path) -> Result<Store, StoreError> {
        let path = path_of(url, data_dir)?;
        if !path.exists() {
            return Err(StoreError::Missing(path));
        }
        let read = readers(&path).await?;
        let sorted = |e| StoreError::sort(&path, e);
        let found = schema::found(&mut *read.acquire().await.map_err(sorted)?).await.map_err(sorted)?;
        match found {
            0 => Err(StoreError::Missing(path)),
            found if found > schema::VERSION => Err(StoreError::TooNew { path, found, known: schema::VERSION }),
            _ => Ok(Store { path, write: None, read }),
        }
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for what is under way and closes the file.
    pub async fn close(&self) {
        self.read.close().await;
        if let Some(write) = &self.write {
            write.close().await;
        }
    }

    /// Whether the store can be written now; for `/readyz`.
    ///
    /// # Errors
    /// The reason why it cannot.
    pub async fn ready(&self) -> Result<(), StoreError> {
        let mut db = self.writer().await?;
        sqlx::query("UPDATE meta SET value = value WHERE name = 'schema'")
            .execute(&mut *db)
            .await
            .map_err(|e| self.sort(e))?;
        Ok(())
    }

    /// Removes what is older than the store keeps. Cheap where nothing is; call it about once an hour.
    ///
    /// # Errors
    /// As any write.
    pub async fn prune(&self, now: Timestamp) -> Result<(), StoreError> {
        let ago = |days: i64| now.as_second().saturating_sub(days * 86_400).saturating_mul(1_000_000_000);
        let day = Timestamp::from_second(now.as_second() - KEEP_COUNTS_DAYS * 86_400).unwrap_or(now);
        let mut db = self.writer().await?;
        let mut run = async || -> sqlx::Result<()> {
            sqlx::query("DELETE FROM counts WHERE day < $1")
                .bind(day.strftime("%F").to_string())
                .execute(&mut *db)
                .await?;
            sqlx::query(
                "DELETE FROM outbox WHERE queued < $1 \
                 AND NOT EXISTS (SELECT 1 FROM alerts WHERE alerts.id = outbox.alert AND alerts.cleared IS NULL)",
            )
            .bind(ago(KEEP_MESSAGES_DAYS))
            .execute(&mut *db)
            .await?;
            sqlx::query("DELETE FROM alerts WHERE raised < $1 AND (cleared < $1 OR status = 'closed')")
                .bind(ago(KEEP_ALERTS_DAYS))
                .execute(&mut *db)
                .await?;
            sqlx::query("DELETE FROM decisions WHERE at < $1").bind(ago(KEEP_ALERTS_DAYS)).execute(&mut *db).await?;
            sqlx::query("DELETE FROM sessions WHERE expires < $1").bind(nanos(now)).execute(&mut *db).await?;
            sqlx::query("DELETE FROM links WHERE expires < $1").bind(nanos(now)).execute(&mut *db).await?;
            Ok(())
        };
        run().await.map_err(|e| self.sort(e))
    }

    async fn writer(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        let write = self.write.as_ref().ok_or_else(|| StoreError::ReadOnly(self.path.clone()))?;
        write.acquire().await.map_err(|e| self.sort(e))
    }

    fn sort(&self, error: sqlx::Error) -> StoreError {
        StoreError::sort(&self.path, error)
    }

    fn bad_row(&self, table: &'static str, row: &str, why: impl ToString) -> StoreError {
        StoreError::Row { path: self.path.clone(), table, row: row.to_owned(), why: why.to_string() }
    }
}

fn path_of(url: &str, data_dir: &Path) -> Result<PathBuf, StoreError> {
    let path = url.strip_prefix("sqlite:").map(|rest| rest.strip_prefix("//").unwrap_or(rest));
    match path {
        None | Some("" | ":memory:") => Err(StoreError::Url(url.to_owned())),
        Some(path) => Ok(data_dir.join(path)),
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).foreign_keys(true).busy_timeout(BUSY_TIMEOUT)
}

async fn readers(path: &Path) -> Result<SqlitePool, StoreError> {
    let pool = SqlitePoolOptions::new().max_connections(READERS).acquire_timeout(BUSY_TIMEOUT);
    pool.connect_with(options(path).read_only(true)).await.map_err(|e| StoreError::sort(path, e))
}

/// Makes an empty file that only its owner can read, unless the file exists.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let open = |why: std::io::Error| StoreError::Open { path: path.to_path_buf(), why: why.to_string() };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(open)?;
    }
    let mut file = std::fs::OpenOptions::new();
    file.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    match file.open(path) {
        Ok(_) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::ReadOnlyFilesystem => Err(StoreError::ReadOnly(path.to_path_buf())),
        Err(e) if e.kind() == std::io::ErrorKind::StorageFull => Err(StoreError::Full(path.to_path_buf())),
        Err(e) => Err(open(e)),
    }
}

/// A time as the tables hold it; times beyond the years 1678–2262 are held at the edge.
fn nanos(time: Timestamp) -> i64 {
    i64::try_from(time.as_nanosecond()).unwrap_or(if time < Timestamp::UNIX_EPOCH { i64::MIN } else { i64::MAX })
}

fn time(nanos: i64) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(nanos)).unwrap_or_default()
}

fn severity_of(number: i64) -> Severity {
    let index = usize::try_from(number).unwrap_or(0).min(Severity::ALL.len() - 1);
    Severity::ALL[index]
}
