//! Security products and the event formats that they share.

use super::Format;

pub mod cef;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[&cef::Cef];
