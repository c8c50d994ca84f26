//! Security products and the event formats that they share.

use super::Format;

pub mod cef;
pub mod cisco_secure_endpoint;
pub mod fail2ban;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[&cef::Cef, &fail2ban::FAIL2BAN, &cisco_secure_endpoint::SECURE_ENDPOINT];
