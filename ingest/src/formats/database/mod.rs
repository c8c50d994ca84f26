//! Databases.

use super::Format;

pub mod cassandra;
pub mod couchdb;
pub mod postgresql;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[&couchdb::Couchdb, &cassandra::Cassandra, &postgresql::Postgresql];
