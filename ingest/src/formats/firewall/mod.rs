//! Packet filters and firewalls.

use super::Format;

pub mod aruba;
pub mod aws_waf;
pub mod barracuda_cloudgen;
pub mod barracuda_cloudgen_log;
pub mod barracuda_waf;
pub mod cato;
pub mod checkpoint;
pub mod cisco_asa;
pub mod clavister;
pub mod cloudflare;
pub mod f5;
pub mod f5_telemetry;
pub mod filterlog;
pub mod fortigate;
pub mod junos;
pub mod mikrotik;
pub mod modsecurity_audit;
pub mod netfilter;
pub mod netscaler;
pub mod netscreen;
pub mod openappsec;
pub mod panos;
pub mod panos_json;
pub mod pulse_secure;
pub mod sonicwall;
pub mod sophos_utm;
pub mod sophos_xg;
pub mod stormshield;
pub mod windows_firewall;
pub mod zscaler;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &barracuda_cloudgen_log::BARRACUDA_CLOUDGEN_LOG,
    &barracuda_cloudgen::BARRACUDA_CLOUDGEN,
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
    &panos_json::PANOS_JSON,
    &cloudflare::CLOUDFLARE,
    &zscaler::ZSCALER,
    &aws_waf::AWS_WAF,
    &modsecurity_audit::MODSECURITY_AUDIT,
    &cato::CATO,
    &openappsec::OPENAPPSEC,
    &f5_telemetry::F5_TELEMETRY,
    &mikrotik::Mikrotik,
    &netscaler::NetScaler,
    &f5::F5,
    &windows_firewall::WindowsFirewall,
    &netscreen::NetScreen,
    &barracuda_waf::BarracudaWaf,
    &sophos_utm::SophosUtm,
    &aruba::Aruba,
];
