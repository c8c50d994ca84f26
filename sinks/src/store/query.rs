//! What the console, the API, the command line and the digest read.

use jiff::{Timestamp, civil::Date};
use roundsman_rules::{
    alert::{Alert, Severity, Status},
    case::PatchCase,
};
use serde::Serialize;
use sqlx::{QueryBuilder, Row, Sqlite, sqlite::SqliteRow};

use super::{Count, Decision, Store, StoreError, nanos, time};

/// Most objects that one page of a listing holds.
pub const MAX_PAGE: u32 = 1_000;
/// Objects of a page when nothing is said.
const DEFAULT_PAGE: u32 = 100;

/// Which alerts; the default is all of them, the newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AlertFilter {
    /// Any of these; empty: all.
    pub status: Vec<Status>,
    /// This level and above.
    pub severity: Option<Severity>,
    /// Any of these levels; empty: all.
    pub levels: Vec<Severity>,
    /// Rule id.
    pub rule: Option<String>,
    /// Asset that it is about.
    pub host: Option<String>,
    /// Patch case.
    pub case: Option<String>,
    /// Text anywhere in the alert, evidence included; letter case does not matter.
    pub text: Option<String>,
    /// `true`: only those that have not cleared; `false`: only those that have.
    pub open: Option<bool>,
    /// Not cleared before this time.
    pub lasted: Option<Timestamp>,
    /// Raised at this time or later.
    pub since: Option<Timestamp>,
    /// Raised before this time.
    pub until: Option<Timestamp>,
    /// Objects of the page, at most [`MAX_PAGE`]; 0: the usual number.
    pub limit: u32,
    /// The page before's `next`.
    pub cursor: Option<String>,
}

/// A page of alerts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlertPage {
    /// The alerts, the newest first.
    pub alerts: Vec<Alert>,
    /// All that the filter lets through, on whatever page.
    pub total: u64,
    /// The cursor of the next page, if there is one.
    pub next: Option<String>,
}

/// A line of an alert's history.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HistoryEntry {
    /// When.
    pub at: Timestamp,
    /// Who; `roundsman` for the pipeline.
    pub by: String,
    /// `raised`, `severity`, `cleared`, `acknowledged`, `closed: false_positive`, `new`, `note`.
    pub what: String,
    /// In their words.
    pub note: String,
}

/// Which cases; the default is all of them, the earliest due first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CaseFilter {
    /// Any of these states, as words; empty: all.
    pub state: Vec<String>,
    /// `critical`, `important` or `minor`.
    pub class: Option<String>,
    /// The asset.
    pub asset: Option<String>,
    /// The advisory.
    pub advisory: Option<String>,
    /// Only exploited flaws, or only others.
    pub kev: Option<bool>,
    /// Only overdue ones, or only others.
    pub overdue: Option<bool>,
    /// Text anywhere in the case; letter case does not matter.
    pub text: Option<String>,
    /// At most this many; 0: all.
    pub limit: u32,
    /// Leave out as many first.
    pub offset: u32,
}

/// A sender, one of its sources and a format.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SourceRow {
    /// The sender.
    pub host: String,
    /// The file, program or listener.
    pub source: String,
    /// The format's name; `unknown` where none fits.
    pub format: String,
    /// All lines that the store still counts.
    pub lines: u64,
    /// Those that no format understood.
    pub unknown: u64,
    /// The last receive time.
    pub last: Timestamp,
}

impl Store {
    /// A page of alerts.
    ///
    /// # Errors
    /// As any read. A cursor that no page gave starts from the newest.
    pub async fn alerts(&self, filter: &AlertFilter) -> Result<AlertPage, StoreError> {
        let mut count = QueryBuilder::new("SELECT COUNT(*) FROM alerts WHERE 1 = 1");
        alert_conditions(&mut count, filter);
        let total: i64 = count.build_query_scalar().fetch_one(&self.read).await.map_err(|e| self.sort(e))?;

        let limit = if filter.limit == 0 { DEFAULT_PAGE } else { filter.limit.min(MAX_PAGE) };
        let mut sql = QueryBuilder::new("SELECT id, json, status FROM alerts WHERE 1 = 1");
        alert_conditions(&mut sql, filter);
        if let Some((raised, id)) = filter.cursor.as_deref().and_then(parse_cursor) {
            sql.push(" AND (raised < ").push_bind(raised).push(" OR (raised = ").push_bind(raised);
            sql.push(" AND id > ").push_bind(id).push("))");
        }
        sql.push(" ORDER BY raised DESC, id LIMIT ").push_bind(i64::from(limit) + 1);
        let rows = sql.build().fetch_all(&self.read).await.map_err(|e| self.sort(e))?;
        let more = rows.len() > limit as usize;
        let alerts = rows.iter().take(limit as usize).map(|row| self.alert_of(row)).collect::<Result<Vec<_>, _>>()?;
        let next = alerts.last().filter(|_| more).map(|a| format!("{}.{}", nanos(a.raised), a.id));
        Ok(AlertPage { alerts, total: u64::try_from(total).unwrap_or(0), next })
    }

    /// One alert.
    ///
    /// # Errors
    /// As any read.
    pub async fn alert(&self, id: &str) -> Result<Option<Alert>, StoreError> {
        let row =
            sqlx::query("SELECT id, json, status FROM alerts WHERE id = $1").bind(id).fetch_optional(&self.read).await;
        row.map_err(|e| self.sort(e))?.map(|row| self.alert_of(&row)).transpose()
    }

    /// What happened to an alert, the oldest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn history(&self, id: &str) -> Result<Vec<HistoryEntry>, StoreError> {
        let rows = sqlx::query("SELECT at, actor, what, note FROM alert_history WHERE alert = $1 ORDER BY seq")
            .bind(id)
            .fetch_all(&self.read)
            .await
            .map_err(|e| self.sort(e))?;
        let entry =
            |row: &SqliteRow| HistoryEntry { at: time(row.get(0)), by: row.get(1), what: row.get(2), note: row.get(3) };
        Ok(rows.iter().map(entry).collect())
    }

    /// Cases, the earliest due first.
    ///
    /// # Errors
    /// As any read.
    pub async fn cases(&self, filter: &CaseFilter) -> Result<Vec<PatchCase>, StoreError> {
        let mut sql = QueryBuilder::new("SELECT id, json FROM cases WHERE 1 = 1");
        case_conditions(&mut sql, filter);
        sql.push(" ORDER BY CASE WHEN due IS NULL THEN 1 ELSE 0 END, due, id");
        if filter.limit > 0 {
            sql.push(" LIMIT ").push_bind(i64::from(filter.limit)).push(" OFFSET ").push_bind(i64::from(filter.offset));
        }
        let rows = sql.build().fetch_all(&self.read).await.map_err(|e| self.sort(e))?;
        rows.iter().map(|row| self.case_of(row)).collect()
    }

    /// One case.
    ///
    /// # Errors
    /// As any read.
    pub async fn case(&self, id: &str) -> Result<Option<PatchCase>, StoreError> {
        let row = sqlx::query("SELECT id, json FROM cases WHERE id = $1").bind(id).fetch_optional(&self.read).await;
        row.map_err(|e| self.sort(e))?.map(|row| self.case_of(&row)).transpose()
    }

    /// The first rows of the rules' state whose keys begin so, as [`Store::state`] gives all.
    ///
    /// # Errors
    /// As any read.
    pub async fn state_up_to(&self, prefix: &str, limit: u32) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let rows = sqlx::query("SELECT key, value FROM state WHERE key >= $1 AND key < $2 ORDER BY key LIMIT $3")
            .bind(prefix)
            .bind(format!("{prefix}\u{10ffff}"))
            .bind(i64::from(limit))
            .fetch_all(&self.read)
            .await
            .map_err(|e| self.sort(e))?;
        Ok(rows.into_iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    /// Who sends what, by sender, source and format.
    ///
    /// # Errors
    /// As any read.
    pub async fn sources(&self) -> Result<Vec<SourceRow>, StoreError> {
        let rows = sqlx::query(
            "SELECT host, source, format, SUM(lines), SUM(unknown), MAX(last) FROM counts \
             GROUP BY host, source, format ORDER BY host, source, format",
        )
        .fetch_all(&self.read)
        .await
        .map_err(|e| self.sort(e))?;
        let row = |row: &SqliteRow| SourceRow {
            host: row.get(0),
            source: row.get(1),
            format: row.get(2),
            lines: unsigned(row.get(3)),
            unknown: unsigned(row.get(4)),
            last: time(row.get(5)),
        };
        Ok(rows.iter().map(row).collect())
    }

    /// Counts of lines from the first day to before the second.
    ///
    /// # Errors
    /// As any read.
    pub async fn counts(&self, from: Date, to: Date) -> Result<Vec<Count>, StoreError> {
        let rows = sqlx::query(
            "SELECT day, host, source, format, lines, unknown, last FROM counts WHERE day >= $1 AND day < $2 \
             ORDER BY day, host, source, format",
        )
        .bind(from.to_string())
        .bind(to.to_string())
        .fetch_all(&self.read)
        .await
        .map_err(|e| self.sort(e))?;
        let count = |row: &SqliteRow| {
            let day: &str = row.get(0);
            Ok(Count {
                day: day.parse().map_err(|e| self.bad_row("counts", day, e))?,
                host: row.get(1),
                source: row.get(2),
                format: row.get(3),
                lines: unsigned(row.get(4)),
                unknown: unsigned(row.get(5)),
                last: time(row.get(6)),
            })
        };
        rows.iter().map(count).collect()
    }

    /// Human decisions from the first time to before the second, the oldest first; `kind` empty: of every kind.
    ///
    /// # Errors
    /// As any read.
    pub async fn decisions(&self, from: Timestamp, to: Timestamp, kind: &str) -> Result<Vec<Decision>, StoreError> {
        let rows = sqlx::query(
            "SELECT seq, at, json FROM decisions WHERE at >= $1 AND at < $2 AND ($3 = '' OR kind = $3) ORDER BY at, seq",
        )
        .bind(nanos(from))
        .bind(nanos(to))
        .bind(kind)
        .fetch_all(&self.read)
        .await
        .map_err(|e| self.sort(e))?;
        let decision = |row: &SqliteRow| {
            let bad = |e| self.bad_row("decisions", &row.get::<i64, _>(0).to_string(), e);
            Ok(Decision { at: time(row.get(1)), record: serde_json::from_str(row.get(2)).map_err(bad)? })
        };
        rows.iter().map(decision).collect()
    }

    /// A digest as it was sent, by the period's name.
    ///
    /// # Errors
    /// As any read.
    pub async fn digest(&self, period: &str) -> Result<Option<String>, StoreError> {
        let row =
            sqlx::query("SELECT json FROM digests WHERE period = $1").bind(period).fetch_optional(&self.read).await;
        Ok(row.map_err(|e| self.sort(e))?.map(|row| row.get(0)))
    }

    /// Names of the periods whose digests were sent, the newest first.
    ///
    /// # Errors
    /// As any read.
    pub async fn digests(&self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("SELECT period FROM digests ORDER BY at DESC, period DESC").fetch_all(&self.read).await;
        Ok(rows.map_err(|e| self.sort(e))?.iter().map(|row| row.get(0)).collect())
    }

    /// `id, json, status` as the alert that a person sees.
    pub(super) fn alert_of(&self, row: &SqliteRow) -> Result<Alert, StoreError> {
        let mut alert: Alert = serde_json::from_str(row.get(1)).map_err(|e| self.bad_row("alerts", row.get(0), e))?;
        alert.status = match row.get(2) {
            "acknowledged" => Status::Acknowledged,
            "closed" => Status::Closed,
            _ => Status::New,
        };
        Ok(alert)
    }

    fn case_of(&self, row: &SqliteRow) -> Result<PatchCase, StoreError> {
        serde_json::from_str(row.get(1)).map_err(|e| self.bad_row("cases", row.get(0), e))
    }
}

pub(super) fn alert_conditions(sql: &mut QueryBuilder<Sqlite>, filter: &AlertFilter) {
    if !filter.status.is_empty() {
        any_of(sql, "status", filter.status.iter().map(|s| super::alerts::status_word(*s).to_owned()));
    }
    if let Some(severity) = filter.severity {
        sql.push(" AND severity >= ").push_bind(severity as i64);
    }
    if !filter.levels.is_empty() {
        sql.push(" AND severity IN (");
        let mut list = sql.separated(", ");
        for level in &filter.levels {
            list.push_bind(*level as i64);
        }
        list.push_unseparated(")");
    }
    equals(sql, "rule", filter.rule.as_deref());
    equals(sql, "patch", filter.case.as_deref());
    if let Some(host) = &filter.host {
        sql.push(" AND id IN (SELECT alert FROM alert_hosts WHERE host = ").push_bind(host.clone()).push(")");
    }
    holds(sql, filter.text.as_deref());
    match filter.open {
        Some(true) => drop(sql.push(" AND cleared IS NULL")),
        Some(false) => drop(sql.push(" AND cleared IS NOT NULL")),
        None => {}
    }
    if let Some(lasted) = filter.lasted {
        sql.push(" AND (cleared IS NULL OR cleared >= ").push_bind(nanos(lasted)).push(")");
    }
    if let Some(since) = filter.since {
        sql.push(" AND raised >= ").push_bind(nanos(since));
    }
    if let Some(until) = filter.until {
        sql.push(" AND raised < ").push_bind(nanos(until));
    }
}

pub(super) fn case_conditions(sql: &mut QueryBuilder<Sqlite>, filter: &CaseFilter) {
    if !filter.state.is_empty() {
        any_of(sql, "state", filter.state.iter().cloned());
    }
    equals(sql, "class", filter.class.as_deref());
    equals(sql, "asset", filter.asset.as_deref());
    equals(sql, "advisory", filter.advisory.as_deref());
    if let Some(kev) = filter.kev {
        sql.push(" AND kev = ").push_bind(i64::from(kev));
    }
    if let Some(overdue) = filter.overdue {
        sql.push(" AND overdue = ").push_bind(i64::from(overdue));
    }
    holds(sql, filter.text.as_deref());
}

fn equals(sql: &mut QueryBuilder<Sqlite>, column: &'static str, value: Option<&str>) {
    if let Some(value) = value {
        sql.push(" AND ").push(column).push(" = ").push_bind(value.to_owned());
    }
}

fn any_of(sql: &mut QueryBuilder<Sqlite>, column: &'static str, values: impl Iterator<Item = String>) {
    sql.push(" AND ").push(column).push(" IN (");
    let mut list = sql.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    list.push_unseparated(")");
}

/// The text anywhere in the object; the pattern's own signs stand for themselves.
fn holds(sql: &mut QueryBuilder<Sqlite>, text: Option<&str>) {
    let Some(text) = text.filter(|t| !t.is_empty()) else { return };
    // As the text stands inside the object, where a quote has a backslash.
    let json = serde_json::Value::from(text.to_ascii_lowercase()).to_string();
    let mut pattern = String::from("%");
    for c in json[1..json.len() - 1].chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    sql.push(" AND LOWER(json) LIKE ").push_bind(pattern).push(" ESCAPE '\\'");
}

fn parse_cursor(cursor: &str) -> Option<(i64, String)> {
    let (raised, id) = cursor.split_once('.')?;
    Some((raised.parse().ok()?, id.to_owned()))
}

pub(super) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
