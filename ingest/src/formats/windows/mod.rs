//! Windows event logs, however they were shipped.

use super::Format;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[];
