//! The digest of a period: as it was sent, else as it would be now.

use super::{fault::Fault, server::App};

/// The digest as JSON. Sent ones never change; others follow the store.
pub(super) async fn digest(app: &App, period: &str) -> Result<String, Fault> {
    if let Some(sent) = app.store().digest(period).await? {
        return Ok(sent);
    }
    match app.console().digests.digest(period.to_owned()).await {
        Ok(Some(digest)) => Ok(digest),
        Ok(None) => {
            Err(Fault::Unknown(format!("digest `{period}`; a period is a week (2026-W47) or a month (2026-11)")))
        }
        Err(error) => {
            tracing::error!(%error, period, "a digest could not be made");
            Err(Fault::Store)
        }
    }
}
