//! The tables, and how an older file becomes a newer one.
//!
//! The SQL is what SQLite and PostgreSQL share: times are BIGINT nanoseconds since 1970, objects are TEXT holding
//! JSON, only rule state is binary.

use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

/// Each entry brings the schema one version further; entries are only ever appended.
const MIGRATIONS: &[&str] = &[include_str!("schema_1.sql")];

/// The newest schema that this build knows.
pub(super) const VERSION: i64 = MIGRATIONS.len() as i64;

/// The schema that the database holds; 0 for an empty one.
pub(super) async fn found(db: &mut SqliteConnection) -> sqlx::Result<i64> {
    let table = sqlx::query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'meta'")
        .fetch_optional(&mut *db)
        .await?;
    if table.is_none() {
        return Ok(0);
    }
    let row = sqlx::query("SELECT value FROM meta WHERE name = 'schema'").fetch_optional(&mut *db).await?;
    Ok(row.and_then(|row| row.get::<String, _>(0).parse().ok()).unwrap_or(0))
}

/// Brings the database to [`VERSION`], each step in a transaction of its own.
pub(super) async fn migrate(db: &mut SqliteConnection, from: i64) -> sqlx::Result<()> {
    for (version, sql) in (1..).zip(MIGRATIONS).skip(usize::try_from(from).unwrap_or(0)) {
        let mut step = db.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::raw_sql(AssertSqlSafe(*sql)).execute(&mut *step).await?;
        sqlx::query("INSERT INTO meta (name, value) VALUES ('schema', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .bind(version.to_string())
            .execute(&mut *step)
            .await?;
        step.commit().await?;
    }
    Ok(())
}
