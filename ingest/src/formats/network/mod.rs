//! Switches, routers, name and address services, VPNs, network monitors.

use super::Format;

pub mod cisco_ios;
pub mod cisco_ise;
pub mod cisco_meraki;
pub mod cisco_umbrella;
pub mod suricata;
pub mod zeek;
pub mod zeek_json;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &cisco_ise::CiscoIse,
    &cisco_meraki::CiscoMeraki,
    &cisco_umbrella::CiscoUmbrella,
    &cisco_ios::CiscoIos,
    &suricata::SURICATA,
    &zeek::Zeek,
    &zeek_json::ZeekJson,
];
