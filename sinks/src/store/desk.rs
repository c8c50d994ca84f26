//! What a person's desk shows beyond plain listings: what waits, the most urgent first, and who decided what.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::{QueryBuilder, Row};

use super::{
    AlertFilter, AlertPage, CaseFilter, Decision, MAX_PAGE, Store, StoreError,
    query::{alert_conditions, case_conditions, unsigned},
    time,
};

impl Store {
    /// A page of alerts, the most urgent first, then the newest. The filter's cursor plays no part.
    ///
    /// # Errors
    /// As any read.
    pub async fn queue(&self, filter: &AlertFilter, offset: u64) -> Result<AlertPage, StoreError> {
        let mut count = QueryBuilder::new("SELECT COUNT(*) FROM alerts WHERE 1 = 1");
        alert_conditions(&mut count, filter);
        let total = count.build_query_scalar().fetch_one(&self.read).await.map_err(|e| self.sort(e))?;

        let mut sql = QueryBuilder::new("SELECT id, json, status FROM alerts WHERE 1 = 1");
        alert_conditions(&mut sql, filter);
        sql.push(" ORDER BY severity DESC, raised DESC, id LIMIT ").push_bind(i64::from(filter.limit.min(MAX_PAGE)));
        sql.push(" OFFSET ").push_bind(i64::try_from(offset).unwrap_or(i64::MAX));
        let rows = sql.build().fetch_all(&self.read).await.map_err(|e| self.sort(e))?;
        let alerts = rows.iter().map(|row| self.alert_of(row)).collect::<Result<Vec<_>, _>>()?;
        Ok(AlertPage { alerts, total: unsigned(total), next: None })
    }

    /// How many alerts nobody has closed, by severity, the least urgent first.
    ///
    /// # Errors
    /// As any read.
    pub async fn waiting(&self) -> Result<[u64; 5], StoreError> {
        let rows = sqlx::query("SELECT severity, COUNT(*) FROM alerts WHERE status <> 'closed' GROUP BY severity")
            .fetch_all(&self.read)
            .await
            .map_err(|e| self.sort(e))?;
        let mut waiting = [0; 5];
        for row in rows {
            waiting[super::severity_of(row.get(0)) as usize] += unsigned(row.get(1));
        }
        Ok(waiting)
    }

    /// How many alerts each rule has raised, as far as the store goes back.
    ///
    /// # Errors
    /// As any read.
    pub async fn fired(&self) -> Result<HashMap<String, u64>, StoreError> {
        let rows = sqlx::query("SELECT rule, COUNT(*) FROM alerts GROUP BY rule")
            .fetch_all(&self.read)
            .await
            .map_err(|e| self.sort(e))?;
        Ok(rows.iter().map(|row| (row.get(0), unsigned(row.get(1)))).collect())
    }

    /// When each rule last raised an alert.
    ///
    /// # Errors
    /// As any read.
    pub async fn last_fired(&self) -> Result<HashMap<String, Timestamp>, StoreError> {
        let rows = sqlx::query("SELECT rule, MAX(raised) FROM alerts GROUP BY rule")
            .fetch_all(&self.read)
            .await
            .map_err(|e| self.sort(e))?;
        Ok(rows.iter().map(|row| (row.get(0), time(row.get(1)))).collect())
    }

    /// The rows of state whose keys begin so.
    ///
    /// # Errors
    /// As any read.
    pub async fn state(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let end = format!("{prefix}\u{10ffff}");
        let rows = sqlx::query("SELECT key, value FROM state WHERE key >= $1 AND key < $2 ORDER BY key")
            .bind(prefix)
            .bind(end)
            .fetch_all(&self.read)
            .await
            .map_err(|e| self.sort(e))?;
        Ok(rows.into_iter().map(|row| (row.get(0), row.get(1))).collect())
    }

    /// How many cases a filter lets through, on whatever page.
    ///
    /// # Errors
    /// As any read.
    pub async fn count_cases(&self, filter: &CaseFilter) -> Result<u64, StoreError> {
        let mut sql = QueryBuilder::new("SELECT COUNT(*) FROM cases WHERE 1 = 1");
        case_conditions(&mut sql, filter);
        sql.build_query_scalar().fetch_one(&self.read).await.map(unsigned).map_err(|e| self.sort(e))
    }

    /// A page of human decisions, the newest first, and how many there are.
    ///
    /// # Errors
    /// As any read.
    pub async fn decided(&self, offset: u64, limit: u32) -> Result<(Vec<Decision>, u64), StoreError> {
        let total: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM decisions")
            .fetch_one(&self.read)
            .await
            .map_err(|e| self.sort(e))?;
        let rows = sqlx::query("SELECT seq, at, json FROM decisions ORDER BY at DESC, seq DESC LIMIT $1 OFFSET $2")
            .bind(i64::from(limit.min(MAX_PAGE)))
            .bind(i64::try_from(offset).unwrap_or(i64::MAX))
            .fetch_all(&self.read)
            .await
            .map_err(|e| self.sort(e))?;
        let mut decisions = Vec::with_capacity(rows.len());
        for row in rows {
            let bad = |e| self.bad_row("decisions", &row.get::<i64, _>(0).to_string(), e);
            decisions.push(Decision { at: time(row.get(1)), record: serde_json::from_str(row.get(2)).map_err(bad)? });
        }
        Ok((decisions, unsigned(total)))
    }
}
