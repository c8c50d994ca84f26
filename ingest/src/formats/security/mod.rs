//! Security products and the event formats that they share.

use super::Format;

pub mod bitdefender_push;
pub mod carbon_black_cloud;
pub mod carbonblack_edr;
pub mod cef;
pub mod cisco_secure_endpoint;
pub mod clamav;
pub mod cloud_funnel;
pub mod cortex_xdr_alerts;
pub mod cowrie;
pub mod crowdstrike_falcon;
pub mod crowdstrike_fdr;
pub mod defender_endpoint_alert;
pub mod eset_protect;
pub mod fail2ban;
pub mod harfanglab;
pub mod harmony_mobile;
pub mod jamf_compliance;
pub mod leef;
pub mod m365_defender_incident;
pub mod ocsf;
pub mod santa;
pub mod scanlogd;
pub mod sentinelone;
pub mod skyhigh_swg;
pub mod sophos_central;
pub mod stormshield_endpoint;
pub mod symantec_endpoint;
pub mod thehive;
pub mod thinkst_canary;
pub mod trellix_epo;
pub mod vectra;
pub mod withsecure;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &clamav::CLAMAV,
    &harmony_mobile::HARMONY_MOBILE,
    &cortex_xdr_alerts::CORTEX_XDR_ALERTS,
    &cowrie::COWRIE,
    &thehive::THEHIVE,
    &symantec_endpoint::SymantecEndpoint,
    &trellix_epo::TrellixEpo,
    &skyhigh_swg::SkyhighSwg,
    &vectra::Vectra,
    &santa::Santa,
    &thinkst_canary::CANARY,
    &stormshield_endpoint::STORMSHIELD_ENDPOINT,
    &cef::Cef,
    &fail2ban::FAIL2BAN,
    &cisco_secure_endpoint::SECURE_ENDPOINT,
    &leef::Leef,
    &crowdstrike_fdr::CROWDSTRIKE_FDR,
    &m365_defender_incident::M365_DEFENDER_INCIDENT,
    &defender_endpoint_alert::DEFENDER_ENDPOINT_ALERT,
    &crowdstrike_falcon::CROWDSTRIKE_FALCON,
    &cloud_funnel::CLOUD_FUNNEL,
    &carbonblack_edr::CARBONBLACK_EDR,
    &jamf_compliance::JAMF_COMPLIANCE,
    &harfanglab::HARFANGLAB,
    &sophos_central::SOPHOS_CENTRAL,
    &sentinelone::SENTINELONE,
    &eset_protect::ESET_PROTECT,
    &ocsf::OCSF,
    &scanlogd::Scanlogd,
    &withsecure::WITHSECURE,
    &carbon_black_cloud::CARBON_BLACK_CLOUD,
    &bitdefender_push::BITDEFENDER_PUSH,
];
