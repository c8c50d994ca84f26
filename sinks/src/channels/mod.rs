//! Channels: where people and other programs are told. One file each; a new one is a file, a variant of
//! [`ChannelKind`] and its line in [`ChannelKind::settings`].

pub mod alertmanager;
pub mod file;
mod http;
pub mod webhook;

use std::{future::Future, path::PathBuf, pin::Pin, sync::Arc, time::Duration};

use roundsman_rules::Alert;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::notify::Message;

/// A delivery under way.
pub type Delivery<'a> = Pin<Box<dyn Future<Output = Result<(), DeliveryError>> + Send + 'a>>;

/// A receiver of messages.
///
/// The [outbox](crate::outbox) is the only caller. It gives one message at a time, in order, and gives the same message
/// again, with the same [key](Message::idempotency_key), until `deliver` returns `Ok` or [`DeliveryError::Refused`].
/// A delivery may be dropped at any await point when the process stops; the message then comes again.
pub trait Channel: Send + Sync {
    /// Returns when the receiver has the message.
    fn deliver<'a>(&'a self, message: &'a Message) -> Delivery<'a>;

    /// How often [`Channel::refresh`] is wanted, if at all.
    fn refresh_every(&self) -> Option<Duration> {
        None
    }

    /// Tells the receiver again of everything that still burns. A failure is not repeated: the next refresh comes.
    fn refresh<'a>(&'a self, _burning: &'a [Alert]) -> Delivery<'a> {
        Box::pin(async { Ok(()) })
    }
}

/// Why a message did not arrive.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// It may arrive later.
    #[error("{0}")]
    Later(String),
    /// It never will: trying again changes nothing.
    #[error("{0}")]
    Refused(String),
}

/// A channel that cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("channel `{name}`: {why}")]
pub struct ChannelError {
    /// Its name.
    pub name: String,
    /// What is wrong and what to do.
    pub why: String,
}

/// What a channel needs to know of its surroundings.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Relative paths are relative to this folder.
    pub base: PathBuf,
    /// The console's address for links, `http://127.0.0.1:9514`, if it has one.
    pub console: Option<String>,
}

/// What a `[[channel]]` is, by its `type`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(tag = "type")]
pub enum ChannelKind {
    /// Prometheus Alertmanager, API v2.
    Alertmanager(alertmanager::Config),
    /// A POST of the alert's JSON, signed.
    Webhook(webhook::Config),
    /// Lines of JSON in a file.
    File(file::Config),
}

/// Settings that make a channel.
trait Settings {
    fn open(&self, around: &Surroundings) -> Result<Arc<dyn Channel>, String>;
}

impl ChannelKind {
    fn settings(&self) -> &dyn Settings {
        match self {
            ChannelKind::Alertmanager(settings) => settings,
            ChannelKind::Webhook(settings) => settings,
            ChannelKind::File(settings) => settings,
        }
    }

    /// Sets the channel up; nothing is sent yet.
    ///
    /// # Errors
    /// Settings that cannot work, such as a URL that is none.
    pub fn open(&self, name: &str, around: &Surroundings) -> Result<Arc<dyn Channel>, ChannelError> {
        self.settings().open(around).map_err(|why| ChannelError { name: name.to_owned(), why })
    }
}
