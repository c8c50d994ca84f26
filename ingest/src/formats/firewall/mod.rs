//! Packet filters and firewalls.

use super::Format;

pub mod cisco_asa;
pub mod filterlog;
pub mod fortigate;
pub mod netfilter;
pub mod panos;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] =
    &[&netfilter::Netfilter, &cisco_asa::CiscoAsa, &filterlog::Filterlog, &panos::Panos, &fortigate::Fortigate];
