//! Secrets: how they are made, compared and kept.
//!
//! A session, token or link is 256 random bits; the store keeps only its SHA-256, so a stolen store opens nothing.
//! A password is kept as Argon2id with the crate's defaults, which are OWASP's (19 MiB, 2 passes, 1 lane).

use std::sync::LazyLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::fault::Fault;

/// Bytes of randomness in a session, token or link.
const SECRET_BYTES: usize = 32;
/// Password hashes computed at once: each takes 19 MiB.
const MAX_HASHING: usize = 2;

static HASHING: Semaphore = Semaphore::const_new(MAX_HASHING);

/// What an unknown name is checked against, so that it takes as long as a known one.
static NOBODY: LazyLock<Result<String, Fault>> = LazyLock::new(|| hash("nobody has this password"));

/// A new secret, URL-safe.
pub(super) fn secret() -> Result<String, Fault> {
    let mut bytes = [0; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "the system gives no random numbers");
        Fault::Store
    })?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// The form under which the store keeps a secret: SHA-256 in hex.
pub(super) fn digest(secret: &str) -> String {
    Sha256::digest(secret).iter().map(|b| format!("{b:02x}")).collect()
}

/// The token that a session's forms carry: bound to the session's secret, of no use for anything else.
pub(super) fn form_token(session: &str) -> String {
    let mut hash = Sha256::new();
    hash.update("roundsman form token\0");
    hash.update(session);
    BASE64_URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// Whether two secrets are the same; the time that this takes tells nothing about them.
pub(super) fn same(left: &str, right: &str) -> bool {
    Sha256::digest(left) == Sha256::digest(right)
}

/// A password's hash as a PHC string.
pub(super) async fn hash_password(password: String) -> Result<String, Fault> {
    aside(move || hash(&password)).await?
}

/// Whether the password fits; an unknown name (`None`) takes as long and never fits.
pub(super) async fn fits(password: String, kept: Option<String>) -> Result<bool, Fault> {
    aside(move || {
        let known = kept.is_some();
        let kept = kept.map_or_else(|| NOBODY.clone(), Ok)?;
        Ok(verify(&password, &kept) && known)
    })
    .await?
}

fn hash(password: &str) -> Result<String, Fault> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|error| {
        tracing::error!(%error, "a password could not be hashed");
        Fault::Store
    })?;
    Ok(hash.to_string())
}

fn verify(password: &str, kept: &str) -> bool {
    PasswordHash::new(kept).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Runs what takes long off the threads that serve, few at once.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    let _turn = HASHING.acquire().await.map_err(|_| Fault::Store)?;
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "hashing a password failed");
        Fault::Store
    })
}
