//! The one door by which results become durable.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use roundsman_rules::{Alert, PatchCase, stage::StateRows};
use serde_json::Value;
use sqlx::{Connection, QueryBuilder, Row, Sqlite, SqliteConnection};

use super::{
    MAX_BINDS, Store, StoreError,
    alerts::{end_statuses, set_status, write_alerts},
    nanos,
};
use crate::notify::{Change, Routes};

/// Everything that one stretch of the journal led to.
#[derive(Clone, Debug, Default)]
pub struct Commit {
    /// The newest receive time or tick that is in it.
    pub at: Timestamp,
    /// The journal is read from here after a restart; `None` leaves the stored position. The journal says what it means.
    pub position: Option<String>,
    /// Rows of rule state that changed, `None` where the row is gone.
    pub state: StateRows,
    /// Alerts in the order in which the stage gave them; one may appear more than once.
    pub alerts: Vec<Alert>,
    /// Cases, likewise.
    pub cases: Vec<PatchCase>,
    /// Lines per day and sender, to be added to what is stored.
    pub counts: Vec<Count>,
    /// Human decisions, in order.
    pub decisions: Vec<Decision>,
}

/// Lines of one sender, source and format on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The day of receipt, in the digest's time zone.
    pub day: Date,
    /// The sender.
    pub host: String,
    /// The file, program or listener, as the record's origin names it.
    pub source: String,
    /// The format's name; `unknown` where none fits.
    pub format: String,
    /// All lines.
    pub lines: u64,
    /// Those of them that no format understood.
    pub unknown: u64,
    /// The last receive time.
    pub last: Timestamp,
}

/// A human decision: the object of interface section 5, with `kind`.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// When it was journalled.
    pub at: Timestamp,
    /// The object.
    pub record: Value,
}

impl Decision {
    /// A text value of the record; empty where it has none.
    pub fn text(&self, name: &str) -> &str {
        self.record.get(name).and_then(Value::as_str).unwrap_or("")
    }
}

/// What a commit changed that people are told of.
#[derive(Clone, Debug, Default)]
pub struct Committed {
    /// Changes of alerts, in order, whether any channel takes them or not.
    pub changes: Vec<(Change, Alert)>,
    /// Messages queued; wake the outbox where there are any.
    pub queued: usize,
}

/// Where the last commit left off.
#[derive(Clone, Debug, Default)]
pub struct Resume {
    /// The journal position; `None` in a new store.
    pub position: Option<String>,
    /// The commit's `at`.
    pub at: Option<Timestamp>,
    /// All rows of rule state.
    pub state: Vec<(String, Vec<u8>)>,
}

impl Store {
    /// Writes everything or nothing. The same commit again changes nothing but the counts, and those never come twice
    /// because the position is part of the transaction.
    ///
    /// # Errors
    /// Nothing is written. Where [`StoreError::is_transient`], try the same commit again.
    pub async fn commit(&self, commit: &Commit, routes: &Routes) -> Result<Committed, StoreError> {
        let mut db = self.writer().await?;
        let run = async {
            let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
            if let Some(position) = &commit.position {
                set_meta(&mut tx, "position", position).await?;
            }
            set_meta(&mut tx, "at", &commit.at.to_string()).await?;
            write_state(&mut tx, &commit.state).await?;
            let committed = write_alerts(&mut tx, commit, routes).await?;
            write_cases(&mut tx, &commit.cases).await?;
            write_counts(&mut tx, &commit.counts).await?;
            for decision in &commit.decisions {
                write_decision(&mut tx, decision).await?;
            }
            end_statuses(&mut tx, commit.at).await?;
            tx.commit().await?;
            Ok(committed)
        };
        run.await.map_err(|e| self.sort(e))
    }

    /// Where to go on after a start.
    ///
    /// # Errors
    /// As any read.
    pub async fn resume(&self) -> Result<Resume, StoreError> {
        let run = async {
            let rows = sqlx::query("SELECT key, value FROM state ORDER BY key").fetch_all(&self.read).await?;
            let state = rows.into_iter().map(|row| (row.get(0), row.get(1))).collect();
            Ok(Resume { position: self.meta("position").await?, at: None, state })
        };
        let mut resume: Resume = run.await.map_err(|e| self.sort(e))?;
        if let Some(at) = self.meta("at").await.map_err(|e| self.sort(e))? {
            resume.at = Some(at.parse().map_err(|e: jiff::Error| self.bad_row("meta", "at", e))?);
        }
        Ok(resume)
    }

    async fn meta(&self, name: &str) -> sqlx::Result<Option<String>> {
        let row = sqlx::query("SELECT value FROM meta WHERE name = $1").bind(name).fetch_optional(&self.read).await?;
        Ok(row.map(|row| row.get(0)))
    }
}

async fn set_meta(db: &mut SqliteConnection, name: &str, value: &str) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .execute(db)
    .await?;
    Ok(())
}

async fn write_state(db: &mut SqliteConnection, rows: &StateRows) -> sqlx::Result<()> {
    let last: BTreeMap<&str, Option<&[u8]>> = rows.iter().map(|(k, v)| (k.as_str(), v.as_deref())).collect();
    let kept: Vec<(&str, &[u8])> = last.iter().filter_map(|(k, v)| v.map(|v| (*k, v))).collect();
    let gone: Vec<&str> = last.iter().filter(|(_, v)| v.is_none()).map(|(k, _)| *k).collect();
    for chunk in kept.chunks(MAX_BINDS / 2) {
        let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO state (key, value) ");
        sql.push_values(chunk, |mut row, (key, value)| {
            row.push_bind(*key).push_bind(*value);
        });
        sql.push(" ON CONFLICT (key) DO UPDATE SET value = excluded.value").build().execute(&mut *db).await?;
    }
    for chunk in gone.chunks(MAX_BINDS) {
        let mut sql = QueryBuilder::<Sqlite>::new("DELETE FROM state WHERE key IN (");
        list(&mut sql, chunk);
        sql.build().execute(&mut *db).await?;
    }
    Ok(())
}

async fn write_cases(db: &mut SqliteConnection, cases: &[PatchCase]) -> sqlx::Result<()> {
    const COLUMNS: usize = 10;
    let last: BTreeMap<&str, &PatchCase> = cases.iter().map(|c| (c.id.as_str(), c)).collect();
    let last: Vec<&PatchCase> = last.into_values().collect();
    for chunk in last.chunks(MAX_BINDS / COLUMNS) {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "INSERT INTO cases (id, asset, advisory, state, class, kev, overdue, opened, due, json) ",
        );
        sql.push_values(chunk, |mut row, case| {
            row.push_bind(&case.id)
                .push_bind(case.asset.as_deref())
                .push_bind(&case.advisory)
                .push_bind(case.state.as_str())
                .push_bind(class_word(case))
                .push_bind(i64::from(case.kev))
                .push_bind(i64::from(case.overdue))
                .push_bind(nanos(case.opened))
                .push_bind(case.due.deploy.map(nanos))
                .push_bind(json(case));
        });
        sql.push(
            " ON CONFLICT (id) DO UPDATE SET asset = excluded.asset, advisory = excluded.advisory, state = excluded.state, \
             class = excluded.class, kev = excluded.kev, overdue = excluded.overdue, opened = excluded.opened, \
             due = excluded.due, json = excluded.json",
        );
        sql.build().execute(&mut *db).await?;
    }
    Ok(())
}

/// Day, host, source, format: what lines are counted by.
type CountKey<'a> = (Date, &'a str, &'a str, &'a str);

async fn write_counts(db: &mut SqliteConnection, counts: &[Count]) -> sqlx::Result<()> {
    const COLUMNS: usize = 7;
    let mut summed: BTreeMap<CountKey<'_>, (u64, u64, Timestamp)> = BTreeMap::new();
    for c in counts {
        let sum = summed.entry((c.day, &c.host, &c.source, &c.format)).or_default();
        *sum = (sum.0 + c.lines, sum.1 + c.unknown, sum.2.max(c.last));
    }
    let summed: Vec<_> = summed.into_iter().collect();
    for chunk in summed.chunks(MAX_BINDS / COLUMNS) {
        let mut sql =
            QueryBuilder::<Sqlite>::new("INSERT INTO counts (day, host, source, format, lines, unknown, last) ");
        sql.push_values(chunk, |mut row, ((day, host, source, format), (lines, unknown, last))| {
            row.push_bind(day.to_string())
                .push_bind(*host)
                .push_bind(*source)
                .push_bind(*format)
                .push_bind(i64::try_from(*lines).unwrap_or(i64::MAX))
                .push_bind(i64::try_from(*unknown).unwrap_or(i64::MAX))
                .push_bind(nanos(*last));
        });
        sql.push(
            " ON CONFLICT (day, host, source, format) DO UPDATE SET lines = counts.lines + excluded.lines, \
             unknown = counts.unknown + excluded.unknown, \
             last = CASE WHEN excluded.last > counts.last THEN excluded.last ELSE counts.last END",
        );
        sql.build().execute(&mut *db).await?;
    }
    Ok(())
}

async fn write_decision(db: &mut SqliteConnection, decision: &Decision) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO decisions (seq, at, kind, json) SELECT COALESCE(MAX(seq), 0) + 1, $1, $2, $3 FROM decisions",
    )
    .bind(nanos(decision.at))
    .bind(decision.text("kind"))
    .bind(decision.record.to_string())
    .execute(&mut *db)
    .await?;
    if decision.text("kind") == "alert" { set_status(db, decision).await } else { Ok(()) }
}

/// `$1, $2, …)`
pub(super) fn list<'a>(sql: &mut QueryBuilder<Sqlite>, values: &'a [&'a str]) {
    let mut list = sql.separated(", ");
    for value in values {
        list.push_bind((*value).to_owned());
    }
    list.push_unseparated(")");
}

fn class_word(case: &PatchCase) -> &'static str {
    use roundsman_rules::case::Class;
    match case.class {
        Class::Minor => "minor",
        Class::Important => "important",
        Class::Critical => "critical",
    }
}

/// Alerts and cases always serialise: their maps have text keys.
pub(super) fn json<T: serde::Serialize>(object: &T) -> String {
    serde_json::to_string(object).unwrap_or_default()
}
