//! Switches, routers, name and address services, VPNs, network monitors.

use super::Format;

pub mod adguard_home;
pub mod arpwatch;
pub mod aws_vpc_flow;
pub mod aws_vpc_flow_json;
pub mod azure_flow;
pub mod chrony;
pub mod cisco_esa;
pub mod cisco_fmc;
pub mod cisco_ios;
pub mod cisco_ise;
pub mod cisco_meraki;
pub mod cisco_umbrella;
pub mod cisco_umbrella_json;
pub mod cisco_version;
pub mod coredns;
pub mod dante;
pub mod dhclient;
pub mod dhcpd;
pub mod dnsmasq;
pub mod freeradius;
pub mod infoblox_audit;
pub mod kea;
pub mod microsoft_dhcp;
pub mod microsoft_dns;
pub mod named;
pub mod netflow_json;
pub mod openvpn;
pub mod proxifier;
pub mod snort;
pub mod snort_json;
pub mod softether;
pub mod squid;
pub mod strongswan;
pub mod suricata;
pub mod symantec_swg;
pub mod tcpdump;
pub mod three_proxy;
pub mod unbound;
pub mod zeek;
pub mod zeek_json;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &dhclient::DHCLIENT,
    &cisco_umbrella_json::CISCO_UMBRELLA_JSON,
    &symantec_swg::SYMANTEC_SWG,
    &cisco_fmc::CISCO_FMC,
    &three_proxy::ThreeProxy,
    &dante::DANTE,
    &cisco_ise::CiscoIse,
    &cisco_meraki::CiscoMeraki,
    &cisco_umbrella::CiscoUmbrella,
    &cisco_ios::CiscoIos,
    &cisco_version::CiscoVersion,
    &suricata::SURICATA,
    &zeek::Zeek,
    &zeek_json::ZeekJson,
    &named::Named,
    &dhcpd::DHCPD,
    &unbound::UNBOUND,
    &dnsmasq::DNSMASQ,
    &coredns::CoreDns,
    &openvpn::OpenVpn,
    &squid::Squid,
    &snort::Snort,
    &snort_json::SNORT_JSON,
    &proxifier::PROXIFIER,
    &aws_vpc_flow::AwsVpcFlow,
    &microsoft_dhcp::MicrosoftDhcp,
    &tcpdump::Tcpdump,
    &freeradius::FREERADIUS,
    &strongswan::STRONGSWAN,
    &infoblox_audit::INFOBLOX_AUDIT,
    &chrony::CHRONY,
    &arpwatch::ARPWATCH,
    &arpwatch::SNMPD,
    &kea::KEA,
    &cisco_esa::CISCO_ESA,
    &azure_flow::AZURE_FLOW,
    &aws_vpc_flow_json::AWS_VPC_FLOW_JSON,
    &netflow_json::NETFLOW_JSON,
    &microsoft_dns::MicrosoftDns,
    &softether::SOFTETHER,
    &adguard_home::ADGUARD_HOME,
];
