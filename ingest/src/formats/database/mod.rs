//! Databases.

use super::Format;

pub mod postgresql;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[&postgresql::Postgresql];
