//! Sigma's log source of a Windows event: the channel names the service, the event id the category.
//!
//! <https://github.com/SigmaHQ/sigma-specification/blob/main/appendix/sigma-appendix-taxonomy.md>

use crate::formats::LogSource;

/// Event ids whose log source Sigma calls by a category: Sysmon's (provider's manifest), and some of others.
const CATEGORIES: &[(i64, &str)] = &[
    (1, "process_creation"),
    (2, "file_change"),
    (3, "network_connection"),
    (4, "sysmon_status"),
    (5, "process_termination"),
    (6, "driver_load"),
    (7, "image_load"),
    (8, "create_remote_thread"),
    (9, "raw_access_thread"),
    (10, "process_access"),
    (11, "file_event"),
    (12, "registry_event"),
    (13, "registry_set"),
    (14, "registry_rename"),
    (15, "create_stream_hash"),
    (16, "sysmon_status"),
    (17, "pipe_created"),
    (18, "pipe_created"),
    (19, "wmi_event"),
    (20, "wmi_event"),
    (21, "wmi_event"),
    (22, "dns_query"),
    (23, "file_delete"),
    (24, "clipboard_capture"),
    (25, "process_tampering"),
    (26, "file_delete_detected"),
    (27, "file_block_executable"),
    (28, "file_block_shredding"),
    (29, "file_executable_detected"),
    (255, "sysmon_error"),
    (400, "ps_classic_start"),
    (600, "ps_classic_provider_start"),
    (800, "ps_classic_script"),
    (4103, "ps_module"),
    (4104, "ps_script"),
    (4688, "process_creation"),
];

/// Channels and the services under which Sigma looks for them.
const CHANNELS: &[(&str, &[&str])] = &[
    ("Security", &["security"]),
    ("System", &["system"]),
    ("Application", &["application"]),
    ("Microsoft-Windows-Sysmon/Operational", &["sysmon"]),
    ("Microsoft-Windows-PowerShell/Operational", &["powershell"]),
    ("PowerShellCore/Operational", &["powershell"]),
    ("Windows PowerShell", &["powershell-classic"]),
    ("Microsoft-Windows-TaskScheduler/Operational", &["taskscheduler"]),
    ("Microsoft-Windows-Windows Defender/Operational", &["windefend"]),
    ("Microsoft-Windows-WMI-Activity/Operational", &["wmi"]),
    ("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational", &["terminalservices-localsessionmanager"]),
    ("Microsoft-Windows-Bits-Client/Operational", &["bits-client"]),
    ("Microsoft-Windows-NTLM/Operational", &["ntlm"]),
    ("Microsoft-Windows-DriverFrameworks-UserMode/Operational", &["driver-framework"]),
    ("Microsoft-Windows-CodeIntegrity/Operational", &["codeintegrity-operational"]),
    ("Microsoft-Windows-Windows Firewall With Advanced Security/Firewall", &["firewall-as"]),
    ("Microsoft-Windows-DNS-Client/Operational", &["dns-client"]),
    ("Microsoft-Windows-LDAP-Client/Debug", &["ldap"]),
    ("Microsoft-Windows-AppLocker/EXE and DLL", &["applocker"]),
    ("Microsoft-Windows-AppLocker/MSI and Script", &["applocker"]),
    ("Microsoft-Windows-SmbClient/Security", &["smbclient-security"]),
    ("Microsoft-Windows-SMBClient/Connectivity", &["smbclient-connectivity"]),
    ("Microsoft-Windows-Shell-Core/Operational", &["shell-core"]),
    ("Microsoft-Windows-AppXDeploymentServer/Operational", &["appxdeployment-server"]),
    ("Microsoft-Windows-CAPI2/Operational", &["capi2"]),
    ("Microsoft-Windows-Diagnosis-Scripted/Operational", &["diagnosis-scripted"]),
    ("Microsoft-Windows-Security-Mitigations/KernelMode", &["security-mitigations"]),
    ("MSExchange Management", &["msexchange-management"]),
    ("OpenSSH/Operational", &["openssh"]),
    ("DNS Server", &["dns-server"]),
    ("Microsoft-Windows-DNS-Server/Audit", &["dns-server-audit"]),
    ("Microsoft-Windows-DNS-Server/Analytical", &["dns-server-analytic"]),
    ("Microsoft-Windows-DNS Client Events/Operational", &["dns-client"]),
    ("Microsoft-Windows-Application-Experience/Program-Telemetry", &["application-experience"]),
    ("Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant", &["application-experience"]),
    ("Microsoft-Windows-AppLocker/Packaged app-Deployment", &["applocker"]),
    ("Microsoft-Windows-AppLocker/Packaged app-Execution", &["applocker"]),
    ("Microsoft-Windows-AppModel-Runtime/Admin", &["appmodel-runtime"]),
    ("Microsoft-Windows-AppxPackaging/Operational", &["appxpackaging-om"]),
    ("Microsoft-Windows-BitLocker/BitLocker Management", &["bitlocker"]),
    (
        "Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational",
        &["certificateservicesclient-lifecycle-system"],
    ),
    ("Microsoft-Windows-DHCP-Server/Operational", &["dhcp"]),
    ("Microsoft-Windows-Hyper-V-Worker", &["hyper-v-worker"]),
    ("Microsoft-IIS-Configuration/Operational", &["iis-configuration"]),
    ("Microsoft-Windows-Kernel-EventTracing", &["kernel-event-tracing"]),
    ("Microsoft-Windows-Kernel-ShimEngine/Operational", &["kernel-shimengine"]),
    ("Microsoft-Windows-LSA/Operational", &["lsa-server"]),
    ("Microsoft-ServiceBus-Client", &["microsoft-servicebus-client"]),
    ("Microsoft-Windows-PrintService/Admin", &["printservice-admin"]),
    ("Microsoft-Windows-PrintService/Operational", &["printservice-operational"]),
    ("Microsoft-Windows-Security-Mitigations/UserMode", &["security-mitigations"]),
    ("Microsoft-Windows-SENSE/Operational", &["sense"]),
    ("Microsoft-Windows-SMBServer/Connectivity", &["smbserver-connectivity"]),
    ("Microsoft-Windows-VHDMP/Operational", &["vhdmp"]),
    ("Microsoft-Windows-Windows Firewall With Advanced Security/FirewallVerbose", &["firewall-as"]),
];

/// The log source of an event of this channel, where it is known, and id.
pub fn of(channel: Option<&str>, id: i64) -> LogSource {
    let services = channel.and_then(|name| CHANNELS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)));
    let services = services.map_or(&[] as &[&str], |(_, services)| services);
    let of_channel = match id {
        400 | 600 | 800 => services == ["powershell-classic"],
        4103 | 4104 => services == ["powershell"] || services.is_empty(),
        4688 => services == ["security"] || services.is_empty(),
        _ => services == ["sysmon"] || services.is_empty() && channel.is_none_or(str::is_empty),
    };
    let category = CATEGORIES.iter().find(|(known, _)| of_channel && *known == id).map_or("", |(_, name)| name);
    LogSource { category, product: "windows", services }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_means_a_category_only_in_its_own_channel() {
        assert_eq!(of(Some("Microsoft-Windows-Sysmon/Operational"), 1).category, "process_creation");
        assert_eq!(of(None, 1).category, "process_creation");
        assert_eq!(of(Some("System"), 1).category, "");
        assert_eq!(
            of(Some("security"), 4688),
            LogSource { category: "process_creation", product: "windows", services: &["security"] }
        );
    }
}
