//! The outbox's rows: messages that a commit queued, until their channel has them.

use jiff::Timestamp;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};

use super::{MAX_BINDS, Store, StoreError, nanos};
use crate::notify::{Change, Notification};
use roundsman_rules::alert::Alert;

/// A message whose time has come.
#[derive(Clone, Debug)]
pub struct Due {
    /// Its number; messages of a channel are sent in this order.
    pub seq: i64,
    /// Attempts so far.
    pub attempts: u32,
    /// The message.
    pub notification: Notification,
}

/// How many messages a channel has in each state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// The channel's name.
    pub channel: String,
    /// Not yet delivered.
    pub due: u64,
    /// Delivered within the last days.
    pub delivered: u64,
    /// Given up within the last days.
    pub failed: u64,
    /// What the receiver last said, where the oldest message is being retried or the newest was given up.
    pub error: String,
}

pub(super) async fn enqueue(
    db: &mut SqliteConnection,
    at: Timestamp,
    messages: &[(String, Notification)],
) -> sqlx::Result<()> {
    const COLUMNS: usize = 11;
    if messages.is_empty() {
        return Ok(());
    }
    let first: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) + 1 FROM outbox").fetch_one(&mut *db).await?;
    let numbered: Vec<_> = (first..).zip(messages).collect();
    for chunk in numbered.chunks(MAX_BINDS / COLUMNS) {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "INSERT INTO outbox (seq, channel, alert, change, idempotency_key, payload, state, attempts, queued, next_try, error) ",
        );
        sql.push_values(chunk, |mut row, (seq, (channel, message))| {
            row.push_bind(*seq)
                .push_bind(channel)
                .push_bind(&message.alert.id)
                .push_bind(message.change.as_str())
                .push_bind(&message.idempotency_key)
                .push_bind(serde_json::to_string(&message.alert).unwrap_or_default())
                .push_bind("due")
                .push_bind(0_i64)
                .push_bind(nanos(at))
                .push_bind(0_i64)
                .push_bind("");
        });
        sql.push(" ON CONFLICT (channel, idempotency_key) DO NOTHING").build().execute(&mut *db).await?;
    }
    Ok(())
}

impl Store {
    /// The channel's first undelivered messages, in order, whether their time has come or not.
    pub(crate) async fn undelivered(&self, channel: &str, limit: u32) -> Result<Vec<(Due, Timestamp)>, StoreError> {
        let rows = sqlx::query(
            "SELECT seq, attempts, next_try, change, idempotency_key, payload FROM outbox \
             WHERE channel = $1 AND state = 'due' ORDER BY seq LIMIT $2",
        )
        .bind(channel)
        .bind(i64::from(limit))
        .fetch_all(&self.read)
        .await
        .map_err(|e| self.sort(e))?;
        rows.iter()
            .map(|row| {
                let seq: i64 = row.get(0);
                let bad = |why: &dyn ToString| self.bad_row("outbox", &seq.to_string(), why.to_string());
                let change = match row.get(3) {
                    "raised" => Change::Raised,
                    "severity" => Change::Severity,
                    "cleared" => Change::Cleared,
                    other => return Err(bad(&format!("unknown change `{other}`"))),
                };
                let alert: Alert = serde_json::from_str(row.get(5)).map_err(|e| bad(&e))?;
                let notification = Notification { change, idempotency_key: row.get(4), alert };
                let attempts = u32::try_from(row.get::<i64, _>(1)).unwrap_or(u32::MAX);
                Ok((Due { seq, attempts, notification }, super::time(row.get(2))))
            })
            .collect()
    }

    /// The receiver has these.
    pub(crate) async fn delivered(&self, seqs: &[i64]) -> Result<(), StoreError> {
        let mut db = self.writer().await?;
        for chunk in seqs.chunks(MAX_BINDS) {
            let mut sql = QueryBuilder::<Sqlite>::new(
                "UPDATE outbox SET state = 'delivered', attempts = attempts + 1, error = '' WHERE seq IN (",
            );
            let mut list = sql.separated(", ");
            for seq in chunk {
                list.push_bind(*seq);
            }
            list.push_unseparated(")");
            sql.build().execute(&mut *db).await.map_err(|e| self.sort(e))?;
        }
        Ok(())
    }

    /// An attempt failed; the message is tried again at `next_try`, or, with `None`, given up.
    pub(crate) async fn not_delivered(
        &self,
        seqs: &[i64],
        next_try: Option<Timestamp>,
        error: &str,
    ) -> Result<(), StoreError> {
        let mut db = self.writer().await?;
        for seq in seqs {
            sqlx::query(
                "UPDATE outbox SET state = $1, attempts = attempts + 1, next_try = $2, error = $3 WHERE seq = $4",
            )
            .bind(if next_try.is_some() { "due" } else { "failed" })
            .bind(next_try.map_or(0, nanos))
            .bind(error)
            .bind(seq)
            .execute(&mut *db)
            .await
            .map_err(|e| self.sort(e))?;
        }
        Ok(())
    }

    /// Alerts that this channel was told of and that still burn: neither cleared nor closed by a person.
    pub(crate) async fn burning(&self, channel: &str, limit: u32) -> Result<Vec<Alert>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, json, status FROM alerts WHERE cleared IS NULL AND status <> 'closed' \
             AND EXISTS (SELECT 1 FROM outbox WHERE outbox.alert = alerts.id AND outbox.channel = $1 AND outbox.state = 'delivered') \
             ORDER BY raised, id LIMIT $2",
        )
        .bind(channel)
        .bind(i64::from(limit))
        .fetch_all(&self.read)
        .await
        .map_err(|e| self.sort(e))?;
        rows.iter().map(|row| self.alert_of(row)).collect()
    }

    /// How many messages each channel has in each state.
    ///
    /// # Errors
    /// As any read.
    pub async fn queue_counts(&self) -> Result<Vec<QueueCounts>, StoreError> {
        let rows = sqlx::query(
            "SELECT channel, SUM(CASE WHEN state = 'due' THEN 1 ELSE 0 END), SUM(CASE WHEN state = 'delivered' THEN 1 ELSE 0 END), \
             SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END), MAX(error) FROM outbox GROUP BY channel ORDER BY channel",
        )
        .fetch_all(&self.read)
        .await
        .map_err(|e| self.sort(e))?;
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        Ok(rows
            .iter()
            .map(|row| QueueCounts {
                channel: row.get(0),
                due: count(row.get(1)),
                delivered: count(row.get(2)),
                failed: count(row.get(3)),
                error: row.get(4),
            })
            .collect())
    }
}
