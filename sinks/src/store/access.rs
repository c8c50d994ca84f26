//! Who may enter: users, tokens, sessions and one-time links. Secrets are held as hashes only; making and checking
//! hashes is the caller's.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::{Row, sqlite::SqliteRow};

use super::{Store, StoreError, nanos, time};

/// What somebody may do; each but `Sender` may also do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Send records, nothing else.
    Sender,
    /// Read.
    Viewer,
    /// Decide.
    Analyst,
    /// Let others in.
    Admin,
}

impl Role {
    /// The word that stands in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Sender => "sender",
            Role::Viewer => "viewer",
            Role::Analyst => "analyst",
            Role::Admin => "admin",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        [Role::Sender, Role::Viewer, Role::Analyst, Role::Admin]
            .into_iter()
            .find(|r| r.as_str() == word)
            .ok_or_else(|| format!("unknown role `{word}` (available: viewer, analyst, admin, sender)"))
    }
}

/// Somebody with a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// How they sign in, and their name in histories.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The password's hash as a PHC string.
    pub password: String,
    /// Since when.
    pub created: Timestamp,
}

/// A machine's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Hash of the secret, in hex.
    pub hash: String,
    /// What its bearer may do.
    pub role: Role,
    /// What it is for.
    pub name: String,
    /// Since when.
    pub created: Timestamp,
}

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Hash of the cookie's secret, in hex.
    pub hash: String,
    /// The user's name.
    pub user: String,
    /// What they may do.
    pub role: Role,
    /// Until when.
    pub expires: Timestamp,
}

impl Store {
    /// Adds a user, or gives an existing one another role or password; their sessions end.
    ///
    /// # Errors
    /// As any write.
    pub async fn save_user(&self, user: &User) -> Result<(), StoreError> {
        let mut db = self.writer().await?;
        let mut run = async || -> sqlx::Result<()> {
            sqlx::query("DELETE FROM sessions WHERE user_name = $1").bind(&user.name).execute(&mut *db).await?;
            sqlx::query(
                "INSERT INTO users (name, role, password, created) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (name) DO UPDATE SET role = excluded.role, password = excluded.password",
            )
            .bind(&user.name)
            .bind(user.role.as_str())
            .bind(&user.password)
            .bind(nanos(user.created))
            .execute(&mut *db)
            .await?;
            Ok(())
        };
        run().await.map_err(|e| self.sort(e))
    }

    /// A user by name.
    ///
    /// # Errors
    /// As any read.
    pub async fn user(&self, name: &str) -> Result<Option<User>, StoreError> {
        Ok(self.users().await?.into_iter().find(|user| user.name == name))
    }

    /// All users, by name.
    ///
    /// # Errors
    /// As any read.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        let rows =
            sqlx::query("SELECT name, role, password, created FROM users ORDER BY name").fetch_all(&self.read).await;
        let user = |row: &SqliteRow| {
            Ok(User {
                name: row.get(0),
                role: self.role(row, "users", 1)?,
                password: row.get(2),
                created: time(row.get(3)),
            })
        };
        rows.map_err(|e| self.sort(e))?.iter().map(user).collect()
    }

    /// Removes a user and ends their sessions.
    ///
    /// # Errors
    /// As any write.
    pub async fn remove_user(&self, name: &str) -> Result<bool, StoreError> {
        self.remove("DELETE FROM users WHERE name = $1", name).await
    }

    /// Adds a token.
    ///
    /// # Errors
    /// As any write.
    pub async fn save_token(&self, token: &Token) -> Result<(), StoreError> {
        let mut db = self.writer().await?;
        sqlx::query(
            "INSERT INTO tokens (hash, role, name, created) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (hash) DO UPDATE SET role = excluded.role, name = excluded.name",
        )
        .bind(&token.hash)
        .bind(token.role.as_str())
        .bind(&token.name)
        .bind(nanos(token.created))
        .execute(&mut *db)
        .await
        .map_err(|e| self.sort(e))?;
        Ok(())
    }

    /// A token by its secret's hash.
    ///
    /// # Errors
    /// As any read.
    pub async fn token(&self, hash: &str) -> Result<Option<Token>, StoreError> {
        let rows = sqlx::query("SELECT hash, role, name, created FROM tokens WHERE hash = $1").bind(hash);
        let row = rows.fetch_optional(&self.read).await.map_err(|e| self.sort(e))?;
        row.map(|row| self.token_of(&row)).transpose()
    }

    /// All tokens, by name.
    ///
    /// # Errors
    /// As any read.
    pub async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        let rows = sqlx::query("SELECT hash, role, name, created FROM tokens ORDER BY name, created, hash");
        rows.fetch_all(&self.read).await.map_err(|e| self.sort(e))?.iter().map(|row| self.token_of(row)).collect()
    }

    /// Removes a token by its secret's hash.
    ///
    /// # Errors
    /// As any write.
    pub async fn remove_token(&self, hash: &str) -> Result<bool, StoreError> {
        self.remove("DELETE FROM tokens WHERE hash = $1", hash).await
    }

    /// Keeps a session of an existing user.
    ///
    /// # Errors
    /// As any write; also where the user is gone.
    pub async fn save_session(&self, session: &Session) -> Result<(), StoreError> {
        let mut db = self.writer().await?;
        sqlx::query(
            "INSERT INTO sessions (hash, user_name, role, expires) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (hash) DO UPDATE SET expires = excluded.expires",
        )
        .bind(&session.hash)
        .bind(&session.user)
        .bind(session.role.as_str())
        .bind(nanos(session.expires))
        .execute(&mut *db)
        .await
        .map_err(|e| self.sort(e))?;
        Ok(())
    }

    /// A session that has not expired, by its secret's hash.
    ///
    /// # Errors
    /// As any read.
    pub async fn session(&self, hash: &str, now: Timestamp) -> Result<Option<Session>, StoreError> {
        let row = sqlx::query("SELECT hash, user_name, role, expires FROM sessions WHERE hash = $1 AND expires > $2")
            .bind(hash)
            .bind(nanos(now))
            .fetch_optional(&self.read)
            .await
            .map_err(|e| self.sort(e))?;
        row.map(|row| {
            let role = self.role(&row, "sessions", 2)?;
            Ok(Session { hash: row.get(0), user: row.get(1), role, expires: time(row.get(3)) })
        })
        .transpose()
    }

    /// Ends a session.
    ///
    /// # Errors
    /// As any write.
    pub async fn remove_session(&self, hash: &str) -> Result<bool, StoreError> {
        self.remove("DELETE FROM sessions WHERE hash = $1", hash).await
    }

    /// Keeps a one-time link.
    ///
    /// # Errors
    /// As any write.
    pub async fn save_link(&self, hash: &str, role: Role, expires: Timestamp) -> Result<(), StoreError> {
        let mut db = self.writer().await?;
        sqlx::query("INSERT INTO links (hash, role, expires) VALUES ($1, $2, $3)")
            .bind(hash)
            .bind(role.as_str())
            .bind(nanos(expires))
            .execute(&mut *db)
            .await
            .map_err(|e| self.sort(e))?;
        Ok(())
    }

    /// The role that a one-time link gives, while it is good; it stays good.
    ///
    /// # Errors
    /// As any read.
    pub async fn link(&self, hash: &str, now: Timestamp) -> Result<Option<Role>, StoreError> {
        let row = sqlx::query("SELECT role FROM links WHERE hash = $1 AND expires > $2").bind(hash).bind(nanos(now));
        let row = row.fetch_optional(&self.read).await.map_err(|e| self.sort(e))?;
        row.map(|row| self.role(&row, "links", 0)).transpose()
    }

    /// Uses a one-time link up: of two who try, one gets the role.
    ///
    /// # Errors
    /// As any write.
    pub async fn use_link(&self, hash: &str, now: Timestamp) -> Result<Option<Role>, StoreError> {
        let mut db = self.writer().await?;
        let row = sqlx::query("DELETE FROM links WHERE hash = $1 AND expires > $2 RETURNING role")
            .bind(hash)
            .bind(nanos(now));
        let row = row.fetch_optional(&mut *db).await.map_err(|e| self.sort(e))?;
        row.map(|row| self.role(&row, "links", 0)).transpose()
    }

    /// Takes back all one-time links.
    ///
    /// # Errors
    /// As any write.
    pub async fn remove_links(&self) -> Result<(), StoreError> {
        let mut db = self.writer().await?;
        sqlx::query("DELETE FROM links").execute(&mut *db).await.map_err(|e| self.sort(e))?;
        Ok(())
    }

    /// Adds a user; false where the name is taken.
    ///
    /// # Errors
    /// As any write.
    pub async fn add_user(&self, user: &User) -> Result<bool, StoreError> {
        let mut db = self.writer().await?;
        let done = sqlx::query(
            "INSERT INTO users (name, role, password, created) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING",
        )
        .bind(&user.name)
        .bind(user.role.as_str())
        .bind(&user.password)
        .bind(nanos(user.created))
        .execute(&mut *db)
        .await
        .map_err(|e| self.sort(e))?;
        Ok(done.rows_affected() > 0)
    }

    fn token_of(&self, row: &SqliteRow) -> Result<Token, StoreError> {
        Ok(Token { hash: row.get(0), role: self.role(row, "tokens", 1)?, name: row.get(2), created: time(row.get(3)) })
    }

    fn role(&self, row: &SqliteRow, table: &'static str, column: usize) -> Result<Role, StoreError> {
        let word: &str = row.get(column);
        word.parse().map_err(|e: String| self.bad_row(table, word, e))
    }

    async fn remove(&self, sql: &'static str, key: &str) -> Result<bool, StoreError> {
        let mut db = self.writer().await?;
        let done = sqlx::query(sql).bind(key).execute(&mut *db).await.map_err(|e| self.sort(e))?;
        Ok(done.rows_affected() > 0)
    }
}
