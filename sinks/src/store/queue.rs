//! The outbox's rows: messages that a commit queued, until their channel has them.

use jiff::Timestamp;
use roundsman_rules::Alert;
use sqlx::{Connection, QueryBuilder, Row, Sqlite, SqliteConnection, sqlite::SqliteRow};

use super::{MAX_BINDS, Store, StoreError, nanos, time};
use crate::{
    digest::Digest,
    notify::{Change, Message, Notification},
};

/// A message that its channel does not have yet.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    /// Messages of a channel are sent in this order.
    pub seq: i64,
    /// Attempts so far.
    pub attempts: u32,
    /// When it was queued.
    pub queued: Timestamp,
    /// Not before this time.
    pub next_try: Timestamp,
    /// The message.
    pub message: Message,
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

/// Queues each message for its channel, unless it was queued before.
///
/// The outbox lives on the machine's clock: a journal that is worked off late must not make its messages old.
pub(super) async fn enqueue(db: &mut SqliteConnection, messages: &[(String, Message)]) -> sqlx::Result<()> {
    const COLUMNS: usize = 11;
    if messages.is_empty() {
        return Ok(());
    }
    let first: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) + 1 FROM outbox").fetch_one(&mut *db).await?;
    let now = nanos(Timestamp::now());
    let numbered: Vec<_> = (first..).zip(messages).collect();
    for chunk in numbered.chunks(MAX_BINDS / COLUMNS) {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "INSERT INTO outbox (seq, channel, alert, change, idempotency_key, payload, state, attempts, queued, next_try, error) ",
        );
        sql.push_values(chunk, |mut row, (seq, (channel, message))| {
            let about = match message {
                Message::Alert(notification) => &notification.alert.id,
                Message::Digest(digest) => &digest.period.name,
            };
            row.push_bind(*seq)
                .push_bind(channel)
                .push_bind(about)
                .push_bind(message.change())
                .push_bind(message.idempotency_key())
                .push_bind(message.to_json().unwrap_or_default())
                .push_bind("due")
                .push_bind(0_i64)
                .push_bind(now)
                .push_bind(0_i64)
                .push_bind("");
        });
        sql.push(" ON CONFLICT (channel, idempotency_key) DO NOTHING").build().execute(&mut *db).await?;
    }
    Ok(())
}

impl Store {
    /// The channel's first undelivered message.
    pub(crate) async fn first_due(&self, channel: &str) -> Result<Option<Due>, StoreError> {
        let row = sqlx::query(
            "SELECT seq, attempts, queued, next_try, change, idempotency_key, payload FROM outbox \
             WHERE channel = $1 AND state = 'due' ORDER BY seq LIMIT 1",
        )
        .bind(channel)
        .fetch_optional(&self.read)
        .await
        .map_err(|e| self.sort(e))?;
        row.map(|row| self.due_of(&row)).transpose()
    }

    fn due_of(&self, row: &SqliteRow) -> Result<Due, StoreError> {
        let seq: i64 = row.get(0);
        let bad = |why: String| self.bad_row("outbox", &seq.to_string(), why);
        let payload: &str = row.get(6);
        let alert = |change| {
            let alert = serde_json::from_str(payload).map_err(|e| bad(e.to_string()))?;
            Ok(Message::Alert(Box::new(Notification { change, idempotency_key: row.get(5), alert })))
        };
        let message = match row.get(4) {
            "raised" => alert(Change::Raised)?,
            "severity" => alert(Change::Severity)?,
            "cleared" => alert(Change::Cleared)?,
            "digest" => Message::Digest(serde_json::from_str(payload).map_err(|e| bad(e.to_string()))?),
            other => return Err(bad(format!("unknown change `{other}`"))),
        };
        let attempts = u32::try_from(row.get::<i64, _>(1)).unwrap_or(u32::MAX);
        Ok(Due { seq, attempts, queued: time(row.get(2)), next_try: time(row.get(3)), message })
    }

    /// Keeps a digest as it is sent, and queues it for these channels, in one transaction. The same digest again is
    /// queued for nobody.
    ///
    /// # Errors
    /// As any write; nothing is kept or queued then.
    pub async fn publish_digest(&self, digest: &Digest, at: Timestamp, channels: &[String]) -> Result<(), StoreError> {
        let mut db = self.writer().await?;
        let message = Message::Digest(Box::new(digest.clone()));
        let messages: Vec<_> = channels.iter().map(|channel| (channel.clone(), message.clone())).collect();
        let run = async {
            let mut tx = db.begin_with("BEGIN IMMEDIATE").await?;
            sqlx::query(
                "INSERT INTO digests (period, at, json) VALUES ($1, $2, $3) \
                 ON CONFLICT (period) DO UPDATE SET at = excluded.at, json = excluded.json",
            )
            .bind(&digest.period.name)
            .bind(nanos(at))
            .bind(digest.to_json())
            .execute(&mut *tx)
            .await?;
            enqueue(&mut tx, &messages).await?;
            tx.commit().await
        };
        run.await.map_err(|e| self.sort(e))
    }

    /// The receiver has it.
    pub(crate) async fn delivered(&self, seq: i64) -> Result<(), StoreError> {
        let mut db = self.writer().await?;
        sqlx::query("UPDATE outbox SET state = 'delivered', attempts = attempts + 1, error = '' WHERE seq = $1")
            .bind(seq)
            .execute(&mut *db)
            .await
            .map_err(|e| self.sort(e))?;
        Ok(())
    }

    /// An attempt failed; the message is tried again at `next_try`, or, with `None`, given up.
    pub(crate) async fn not_delivered(
        &self,
        seq: i64,
        next_try: Option<Timestamp>,
        error: &str,
    ) -> Result<(), StoreError> {
        let mut db = self.writer().await?;
        sqlx::query("UPDATE outbox SET state = $1, attempts = attempts + 1, next_try = $2, error = $3 WHERE seq = $4")
            .bind(if next_try.is_some() { "due" } else { "failed" })
            .bind(next_try.map_or(0, nanos))
            .bind(error)
            .bind(seq)
            .execute(&mut *db)
            .await
            .map_err(|e| self.sort(e))?;
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
