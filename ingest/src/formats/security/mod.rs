//! Security products and the event formats that they share.

use super::Format;

pub mod cef;
pub mod fail2ban;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[&cef::Cef, &fail2ban::FAIL2BAN];
