//! The digest of a period, from the store and the files about the organisation: for the command line, the channels and
//! the console alike.

use jiff::Timestamp;
use roundsman_config::Config;
use roundsman_rules::{
    Assets,
    inputs::{Policy, records},
};
use roundsman_sinks::{
    Store, StoreError,
    digest::{AssetNote, Digest, Meeting, Period, build},
};

/// The page as it was sent, else as it would be now. Pages that were sent never change; others follow the store.
///
/// # Errors
/// As any read of the store.
pub async fn digest(store: &Store, config: &Config, period: Period) -> Result<Digest, StoreError> {
    let sent = store.digest(&period.name()).await?;
    match sent.and_then(|json| serde_json::from_str(&json).ok()) {
        Some(digest) => Ok(digest),
        None => Ok(build(&meeting(store, config, period).await?)),
    }
}

/// What is known about a period now.
///
/// # Errors
/// As any read of the store.
async fn meeting(store: &Store, config: &Config, period: Period) -> Result<Meeting, StoreError> {
    let mut meeting = Meeting::read(store, period).await?;
    meeting.routes = config.routing();
    for feed in config.inputs().0 {
        match &*feed.input {
            "inventory" => {
                let (assets, _) = Assets::read(feed.path.as_ref(), &feed.text);
                meeting.assets = assets.iter().map(|a| (a.id.clone(), AssetNote::from(a))).collect();
            }
            "policy" => {
                let (policy, _) = Policy::read(feed.path.as_ref(), &feed.text);
                meeting.calendar = policy.unwrap_or_default().calendar;
            }
            "exceptions" => meeting.exceptions = records::exceptions(feed.path.as_ref(), &feed.text).0,
            _ => {}
        }
    }
    Ok(meeting)
}

/// The last week that ended.
pub fn last_week(config: &Config) -> Period {
    Period::week_of(Timestamp::now(), &config.timezone()).previous()
}
