//! Alerts within a commit: what changed about them, whom that is told, and their history.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use roundsman_rules::alert::{Alert, Severity, Status};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};

use super::{
    MAX_BINDS,
    commit::{Commit, Committed, Decision, json, list},
    nanos, queue, severity_of, time,
};
use crate::notify::{Before, Change, Message, Notification, Routes, change};

/// Name of the pipeline in an alert's history.
const PIPELINE: &str = "roundsman";

/// The commit's alerts by id, in their last form.
struct Last<'a> {
    alert: &'a Alert,
    peak: Severity,
    back: bool,
}

pub(super) async fn write_alerts(
    db: &mut SqliteConnection,
    commit: &Commit,
    routes: &Routes,
) -> sqlx::Result<Committed> {
    if commit.alerts.is_empty() {
        return Ok(Committed::default());
    }
    let mut before = known(db, &commit.alerts).await?;
    let mut last: BTreeMap<&str, Last<'_>> = BTreeMap::new();
    let mut changes = Vec::new();
    let mut messages = Vec::new();
    for alert in &commit.alerts {
        let old = before.get(alert.id.as_str()).copied();
        let peak = old.map_or(alert.severity, |b| b.peak.max(alert.severity));
        let what = change(old, alert);
        if let Some(what) = what {
            changes.push((what, alert.clone()));
            // Whoever heard of it when it was more urgent also hears how it goes on.
            let message = Message::Alert(Box::new(Notification::new(what, alert.clone())));
            messages.extend(routes.channels(peak).into_iter().map(|channel| (channel.to_owned(), message.clone())));
        }
        let back = what == Some(Change::Raised) && old.is_some();
        let entry = last.entry(&alert.id).or_insert(Last { alert, peak, back: false });
        *entry = Last { alert, peak, back: entry.back || back };
        before.insert(&alert.id, Before { severity: alert.severity, peak, cleared: alert.cleared.is_some() });
    }
    upsert_alerts(db, &last.into_values().collect::<Vec<_>>()).await?;
    let entries: Vec<_> = changes.iter().map(|(what, alert)| entry(*what, alert, commit.at)).collect();
    write_history(db, &entries).await?;
    queue::enqueue(db, &messages).await?;
    Ok(Committed { changes, queued: messages.len() })
}

/// What the store knows of these alerts.
async fn known<'a>(db: &mut SqliteConnection, alerts: &'a [Alert]) -> sqlx::Result<HashMap<&'a str, Before>> {
    let by_id: HashMap<&str, &'a str> = alerts.iter().map(|a| (a.id.as_str(), a.id.as_str())).collect();
    let ids: Vec<&str> = by_id.keys().copied().collect();
    let mut before = HashMap::new();
    for chunk in ids.chunks(MAX_BINDS) {
        let mut sql = QueryBuilder::<Sqlite>::new("SELECT id, severity, cleared, peak FROM alerts WHERE id IN (");
        list(&mut sql, chunk);
        for row in sql.build().fetch_all(&mut *db).await? {
            let known = Before {
                severity: severity_of(row.get(1)),
                peak: severity_of(row.get(3)),
                cleared: row.get::<Option<i64>, _>(2).is_some(),
            };
            if let Some(id) = by_id.get(row.get::<&str, _>(0)) {
                before.insert(*id, known);
            }
        }
    }
    Ok(before)
}

/// Columns of an alert's row.
const ALERT_COLUMNS: usize = 9;

async fn upsert_alerts(db: &mut SqliteConnection, alerts: &[Last<'_>]) -> sqlx::Result<()> {
    for chunk in alerts.chunks(MAX_BINDS / ALERT_COLUMNS) {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "INSERT INTO alerts (id, rule, severity, status, raised, cleared, patch, peak, json) ",
        );
        sql.push_values(chunk, |mut row, Last { alert, peak, .. }| {
            row.push_bind(&alert.id)
                .push_bind(&alert.rule.id)
                .push_bind(alert.severity as i64)
                .push_bind(status_word(alert.status))
                .push_bind(nanos(alert.raised))
                .push_bind(alert.cleared.map(nanos))
                .push_bind(alert.case.as_deref())
                .push_bind(*peak as i64)
                .push_bind(json(alert));
        });
        // The status stays what a person made it.
        sql.push(
            " ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, raised = excluded.raised, cleared = excluded.cleared, \
             patch = excluded.patch, json = excluded.json, peak = excluded.peak",
        );
        sql.build().execute(&mut *db).await?;
    }
    let back: Vec<&str> = alerts.iter().filter(|l| l.back).map(|l| l.alert.id.as_str()).collect();
    for chunk in back.chunks(MAX_BINDS) {
        let mut sql = QueryBuilder::<Sqlite>::new("UPDATE alerts SET status = 'new', reviewed = NULL WHERE id IN (");
        list(&mut sql, chunk);
        sql.build().execute(&mut *db).await?;
    }
    let hosts: Vec<(&str, &str)> =
        alerts.iter().flat_map(|l| l.alert.hosts.iter().map(|h| (h.as_str(), l.alert.id.as_str()))).collect();
    for chunk in hosts.chunks(MAX_BINDS / 2) {
        let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO alert_hosts (host, alert) ");
        sql.push_values(chunk, |mut row, (host, alert)| {
            row.push_bind(*host).push_bind(*alert);
        });
        sql.push(" ON CONFLICT (host, alert) DO NOTHING").build().execute(&mut *db).await?;
    }
    Ok(())
}

/// A line of an alert's history, before it is written.
struct Entry<'a> {
    alert: &'a str,
    at: Timestamp,
    actor: &'a str,
    what: String,
    note: String,
}

fn entry(what: Change, alert: &Alert, at: Timestamp) -> Entry<'_> {
    let (at, note) = match what {
        Change::Raised => (alert.raised, alert.why.clone()),
        Change::Severity => (at, format!("now {}: {}", alert.severity.as_str(), alert.why)),
        Change::Cleared => (alert.cleared.unwrap_or(at), String::new()),
    };
    Entry { alert: &alert.id, at, actor: PIPELINE, what: what.as_str().to_owned(), note }
}

async fn write_history(db: &mut SqliteConnection, entries: &[Entry<'_>]) -> sqlx::Result<()> {
    const COLUMNS: usize = 6;
    if entries.is_empty() {
        return Ok(());
    }
    let first: i64 =
        sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) + 1 FROM alert_history").fetch_one(&mut *db).await?;
    let numbered: Vec<(i64, &Entry<'_>)> = (first..).zip(entries).collect();
    for chunk in numbered.chunks(MAX_BINDS / COLUMNS) {
        let mut sql = QueryBuilder::<Sqlite>::new("INSERT INTO alert_history (seq, alert, at, actor, what, note) ");
        sql.push_values(chunk, |mut row, (seq, e)| {
            row.push_bind(*seq)
                .push_bind(e.alert)
                .push_bind(nanos(e.at))
                .push_bind(e.actor)
                .push_bind(&e.what)
                .push_bind(&e.note);
        });
        sql.build().execute(&mut *db).await?;
    }
    Ok(())
}

/// A person's word about an alert. A note alone leaves the status; an alert that is not there is nobody's.
pub(super) async fn set_status(db: &mut SqliteConnection, decision: &Decision) -> sqlx::Result<()> {
    let id = decision.text("id");
    let to = Some(decision.text("to")).filter(|to| ["new", "acknowledged", "closed"].contains(to));
    let expires = decision.text("expires").parse::<Timestamp>().ok();
    let known = match to {
        Some(to) => {
            sqlx::query("UPDATE alerts SET status = $1, reviewed = $2 WHERE id = $3").bind(to).bind(expires.map(nanos))
        }
        None => sqlx::query("UPDATE alerts SET status = status WHERE id = $1"),
    };
    if known.bind(id).execute(&mut *db).await?.rows_affected() == 0 {
        return Ok(());
    }
    let what = match (to, decision.text("reason")) {
        (None, _) => "note".to_owned(),
        (Some(to), "") => to.to_owned(),
        (Some(to), reason) => format!("{to}: {reason}"),
    };
    let note = decision.text("note").to_owned();
    let actor = Some(decision.text("by")).filter(|by| !by.is_empty()).unwrap_or("unknown");
    write_history(db, &[Entry { alert: id, at: decision.at, actor, what, note }]).await
}

/// Statuses that were given until a date end with it.
pub(super) async fn end_statuses(db: &mut SqliteConnection, at: Timestamp) -> sqlx::Result<()> {
    let rows = sqlx::query("SELECT id, reviewed FROM alerts WHERE reviewed <= $1 ORDER BY reviewed, id")
        .bind(nanos(at))
        .fetch_all(&mut *db)
        .await?;
    if rows.is_empty() {
        return Ok(());
    }
    let ended: Vec<(String, i64)> = rows.into_iter().map(|row| (row.get(0), row.get(1))).collect();
    sqlx::query("UPDATE alerts SET status = 'new', reviewed = NULL WHERE reviewed <= $1")
        .bind(nanos(at))
        .execute(&mut *db)
        .await?;
    let entries: Vec<_> = ended
        .iter()
        .map(|(id, until)| Entry {
            alert: id,
            at: time(*until),
            actor: PIPELINE,
            what: "new".to_owned(),
            note: "the time set with the last status is over".to_owned(),
        })
        .collect();
    write_history(db, &entries).await
}

pub(super) fn status_word(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Acknowledged => "acknowledged",
        Status::Closed => "closed",
    }
}
