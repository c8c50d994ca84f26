//! Packet filters and firewalls.

use super::Format;

pub mod checkpoint;
pub mod cisco_asa;
pub mod clavister;
pub mod filterlog;
pub mod fortigate;
pub mod junos;
pub mod netfilter;
pub mod panos;
pub mod pulse_secure;
pub mod sonicwall;
pub mod sophos_xg;
pub mod stormshield;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &netfilter::Netfilter,
    &cisco_asa::CiscoAsa,
    &filterlog::Filterlog,
    &panos::Panos,
    &checkpoint::Checkpoint,
    &junos::Junos,
    &sophos_xg::SophosXg,
    &sonicwall::SonicWall,
    &fortigate::Fortigate,
    &clavister::Clavister,
    &stormshield::Stormshield,
    &pulse_secure::PulseSecure,
];
