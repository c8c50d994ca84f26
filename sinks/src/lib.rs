//! Where results go: the store, the outbox and its channels, the archive, the digest.
//!
//! ```text
//! Output ─► Commit ─► Store ─┬─► outbox ─► channels     now
//!                            └─► Meeting ─► Digest      at the meeting
//! events ─► Archive                                     for a lake or a search engine
//! ```
//!
//! [`Store::commit`] is the only door by which results become durable: journal position, rule state, alerts, cases
//! and the notifications that follow from them stand or fall together. [`outbox::Outbox`] delivers what the commit
//! queued, at least once, each channel on its own. [`digest::build()`] is a pure function of a [`digest::Meeting`], so
//! the store and a replay write the same page.

pub mod archive;
pub mod channels;
pub mod digest;
pub mod notify;
pub mod outbox;
pub mod store;

pub use notify::{Change, Message, Notification, RouteConfig, Routes};
pub use outbox::Outbox;
pub use store::{Commit, Committed, Store, StoreError};
