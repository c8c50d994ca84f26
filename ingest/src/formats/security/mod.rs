//! Security products and the event formats that they share.

use super::Format;

pub mod cef;
pub mod cisco_secure_endpoint;
pub mod crowdstrike_fdr;
pub mod fail2ban;
pub mod leef;
pub mod stormshield_endpoint;
pub mod thinkst_canary;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &thinkst_canary::CANARY,
    &stormshield_endpoint::STORMSHIELD_ENDPOINT,
    &cef::Cef,
    &fail2ban::FAIL2BAN,
    &cisco_secure_endpoint::SECURE_ENDPOINT,
    &leef::Leef,
    &crowdstrike_fdr::CROWDSTRIKE_FDR,
];
