//! Mail and file transfer servers.

use super::Format;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[];
