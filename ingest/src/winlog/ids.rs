//! What each event means: provider and id decide action, category, type and, where the id says it, outcome.
//!
//! Words of actions are those of Winlogbeat's modules, so that searches written for them find the same here.

use crate::{Event, field::*};

/// Events that share names of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Microsoft-Windows-Security-Auditing, and what the event log service writes into the Security log.
    Security,
    /// Microsoft-Windows-Sysmon, also on Linux.
    Sysmon,
    /// Service control, the event log service, power and shutdown.
    System,
    /// Windows Update and servicing.
    Update,
    /// Microsoft Defender Antivirus.
    Defender,
    /// PowerShell, both logs.
    PowerShell,
    /// The task scheduler.
    Tasks,
    /// Windows Server Backup.
    Backup,
    /// SQL Server: sign-ins, and its audit.
    SqlServer,
    /// All others.
    Other,
}

/// The family by provider, else by channel.
pub fn family(provider: &str, channel: &str) -> Family {
    match provider {
        "Microsoft-Windows-Security-Auditing" | "Microsoft Windows security auditing." | "Security" => Family::Security,
        "Microsoft-Windows-Sysmon" | "Linux-Sysmon" => Family::Sysmon,
        "Microsoft-Windows-Eventlog" if channel.eq_ignore_ascii_case("security") => Family::Security,
        "Service Control Manager"
        | "Microsoft-Windows-Eventlog"
        | "EventLog"
        | "User32"
        | "USER32"
        | "Microsoft-Windows-Kernel-Power"
        | "Microsoft-Windows-Kernel-General" => Family::System,
        "Microsoft-Windows-WindowsUpdateClient" | "Microsoft-Windows-Servicing" => Family::Update,
        "Microsoft-Windows-Windows Defender" => Family::Defender,
        "Microsoft-Windows-PowerShell" | "PowerShell" | "PowerShellCore" => Family::PowerShell,
        "Microsoft-Windows-TaskScheduler" => Family::Tasks,
        "Microsoft-Windows-Backup" | "Backup" => Family::Backup,
        "MSSQLSERVER" | "MSSQLSERVER$AUDIT" => Family::SqlServer,
        // a named instance
        _ if provider.starts_with("MSSQL$") => Family::SqlServer,
        "" => match channel {
            "Security" => Family::Security,
            "Microsoft-Windows-Sysmon/Operational" | "Linux-Sysmon/Operational" => Family::Sysmon,
            "Windows PowerShell" | "Microsoft-Windows-PowerShell/Operational" => Family::PowerShell,
            _ => Family::Other,
        },
        _ => Family::Other,
    }
}

/// Event id, action, categories, types, outcome; several categories or types are separated by blanks, an empty outcome
/// is the one that the event's keywords say.
#[derive(Clone, Copy, Debug)]
pub struct Class(i64, &'static str, &'static str, &'static str, &'static str);

impl Class {
    /// Sets what the event does not say already.
    pub fn set(&self, event: &mut Event<'_>) {
        let Class(_, action, categories, kinds, outcome) = *self;
        for (field, words) in [(EVENT_CATEGORY, categories), (EVENT_TYPE, kinds)] {
            if event.get(field).is_none() {
                words.split_ascii_whitespace().for_each(|word| event.set_static(field, word));
            }
        }
        for (field, word) in [(EVENT_ACTION, action), (EVENT_OUTCOME, outcome)] {
            if event.get(field).is_none() && !word.is_empty() {
                event.set_static(field, word);
            }
        }
    }
}

/// What an event of this family and id means; `None` for the many that only inform.
pub fn class(family: Family, id: i64) -> Option<&'static Class> {
    let classes = match family {
        Family::Security => SECURITY,
        Family::Sysmon => SYSMON,
        Family::System => SYSTEM,
        Family::Update => UPDATE,
        Family::Defender => DEFENDER,
        Family::PowerShell => POWERSHELL,
        Family::Tasks => TASKS,
        Family::Backup => BACKUP,
        Family::SqlServer => SQL_SERVER,
        Family::Other => return None,
    };
    classes.binary_search_by_key(&id, |class| class.0).ok().map(|at| &classes[at])
}

/// <https://learn.microsoft.com/windows-server/identity/ad-ds/plan/appendix-l--events-to-monitor>
const SECURITY: &[Class] = &[
    Class(1100, "logging-service-shutdown", "process", "end", "success"),
    Class(1102, "audit-log-cleared", "iam", "admin change", "success"),
    Class(1104, "logging-full", "iam", "admin", ""),
    Class(1105, "auditlog-archieved", "iam", "admin", "success"),
    Class(1108, "logging-processing-error", "iam", "admin", ""),
    Class(4608, "system-started", "host", "start", ""),
    Class(4609, "system-shutdown", "host", "end", ""),
    Class(4610, "authentication-package-loaded", "configuration", "change", ""),
    Class(4611, "logon-process-registered", "configuration", "change", ""),
    Class(4614, "notification-package-loaded", "configuration", "change", ""),
    Class(4616, "changed-system-time", "configuration", "change", ""),
    Class(4622, "security-package-loaded", "configuration", "change", ""),
    Class(4624, "logged-in", "authentication", "start", "success"),
    Class(4625, "logon-failed", "authentication", "start", "failure"),
    Class(4634, "logged-out", "authentication", "end", "success"),
    Class(4647, "logged-out", "authentication", "end", "success"),
    Class(4648, "logged-in-explicit", "authentication", "start", "success"),
    Class(4649, "replay-attack-detected", "authentication", "info", "failure"),
    Class(4656, "object-handle-requested", "file", "access", ""),
    Class(4657, "registry-value-modified", "registry configuration", "change", ""),
    Class(4658, "object-handle-closed", "file", "access", ""),
    Class(4660, "object-deleted", "file", "deletion", ""),
    Class(4661, "object-handle-requested", "iam", "access", ""),
    Class(4662, "object-operation-performed", "iam", "access", ""),
    Class(4663, "object-access-attempted", "file", "access", ""),
    Class(4670, "permissions-changed", "iam configuration", "admin change", ""),
    Class(4672, "logged-in-special", "iam", "admin", ""),
    Class(4673, "privileged-service-called", "iam", "admin", ""),
    Class(4674, "privileged-operation", "iam", "admin", ""),
    Class(4675, "sids-filtered", "authentication", "info", ""),
    Class(4688, "created-process", "process", "start", "success"),
    Class(4689, "exited-process", "process", "end", "success"),
    Class(4692, "dpapi-backup-attempted", "iam", "info", ""),
    Class(4696, "primary-token-assigned", "process", "info", ""),
    Class(4697, "service-installed", "iam configuration", "admin change", ""),
    Class(4698, "scheduled-task-created", "iam configuration", "creation admin", ""),
    Class(4699, "scheduled-task-deleted", "iam configuration", "deletion admin", ""),
    Class(4700, "scheduled-task-enabled", "iam configuration", "change admin", ""),
    Class(4701, "scheduled-task-disabled", "iam configuration", "change admin", ""),
    Class(4702, "scheduled-task-updated", "iam configuration", "change admin", ""),
    Class(4703, "user-right-adjusted", "iam", "user change", ""),
    Class(4704, "user-right-assigned", "iam", "user change", ""),
    Class(4705, "user-right-removed", "iam", "user change", ""),
    Class(4706, "domain-trust-added", "configuration", "creation", ""),
    Class(4707, "domain-trust-removed", "configuration", "deletion", ""),
    Class(4713, "kerberos-policy-changed", "configuration", "change", ""),
    Class(4714, "encrypted-data-recovery-policy-changed", "configuration", "change", ""),
    Class(4715, "object-audit-policy-changed", "configuration", "change", ""),
    Class(4716, "trusted-domain-information-changed", "configuration", "change", ""),
    Class(4717, "system-security-access-granted", "iam configuration", "admin change", ""),
    Class(4718, "system-security-access-removed", "iam configuration", "admin deletion", ""),
    Class(4719, "changed-audit-config", "iam configuration", "admin change", ""),
    Class(4720, "added-user-account", "iam", "user creation", ""),
    Class(4722, "enabled-user-account", "iam", "user change", ""),
    Class(4723, "changed-password", "iam", "user change", ""),
    Class(4724, "reset-password", "iam", "user change", ""),
    Class(4725, "disabled-user-account", "iam", "user deletion", ""),
    Class(4726, "deleted-user-account", "iam", "user deletion", ""),
    Class(4727, "added-group-account", "iam", "group creation", ""),
    Class(4728, "added-member-to-group", "iam", "group change", ""),
    Class(4729, "removed-member-from-group", "iam", "group change", ""),
    Class(4730, "deleted-group-account", "iam", "group deletion", ""),
    Class(4731, "added-group-account", "iam", "group creation", ""),
    Class(4732, "added-member-to-group", "iam", "group change", ""),
    Class(4733, "removed-member-from-group", "iam", "group change", ""),
    Class(4734, "deleted-group-account", "iam", "group deletion", ""),
    Class(4735, "modified-group-account", "iam", "group change", ""),
    Class(4737, "modified-group-account", "iam", "group change", ""),
    Class(4738, "modified-user-account", "iam", "user change", ""),
    Class(4739, "domain-policy-changed", "configuration", "change", ""),
    Class(4740, "locked-out-user-account", "iam", "user change", ""),
    Class(4741, "added-computer-account", "iam", "creation admin", ""),
    Class(4742, "changed-computer-account", "iam", "change admin", ""),
    Class(4743, "deleted-computer-account", "iam", "deletion admin", ""),
    Class(4744, "added-distribution-group-account", "iam", "group creation", ""),
    Class(4745, "changed-distribution-group-account", "iam", "group change", ""),
    Class(4746, "added-member-to-distribution-group", "iam", "group change", ""),
    Class(4747, "removed-member-from-distribution-group", "iam", "group change", ""),
    Class(4748, "deleted-distribution-group-account", "iam", "group deletion", ""),
    Class(4749, "added-distribution-group-account", "iam", "group creation", ""),
    Class(4750, "changed-distribution-group-account", "iam", "group change", ""),
    Class(4751, "added-member-to-distribution-group", "iam", "group change", ""),
    Class(4752, "removed-member-from-distribution-group", "iam", "group change", ""),
    Class(4753, "deleted-distribution-group-account", "iam", "group deletion", ""),
    Class(4754, "added-group-account", "iam", "group creation", ""),
    Class(4755, "modified-group-account", "iam", "group change", ""),
    Class(4756, "added-member-to-group", "iam", "group change", ""),
    Class(4757, "removed-member-from-group", "iam", "group change", ""),
    Class(4758, "deleted-group-account", "iam", "group deletion", ""),
    Class(4759, "added-distribution-group-account", "iam", "group creation", ""),
    Class(4760, "changed-distribution-group-account", "iam", "group change", ""),
    Class(4761, "added-member-to-distribution-group", "iam", "group change", ""),
    Class(4762, "removed-member-from-distribution-group", "iam", "group change", ""),
    Class(4763, "deleted-distribution-group-account", "iam", "group deletion", ""),
    Class(4764, "type-changed-group-account", "iam", "group change", ""),
    Class(4765, "sid-history-added", "iam", "user change", ""),
    Class(4766, "sid-history-add-attempted", "iam", "user change", "failure"),
    Class(4767, "unlocked-user-account", "iam", "user change", ""),
    Class(4768, "kerberos-authentication-ticket-requested", "authentication", "start", ""),
    Class(4769, "kerberos-service-ticket-requested", "authentication", "start", ""),
    Class(4770, "kerberos-service-ticket-renewed", "authentication", "start", ""),
    Class(4771, "kerberos-preauth-failed", "authentication", "start", "failure"),
    Class(4772, "kerberos-authentication-ticket-request-failed", "authentication", "start", "failure"),
    Class(4773, "kerberos-service-ticket-request-failed", "authentication", "start", "failure"),
    Class(4774, "account-mapped-for-logon", "authentication", "start", ""),
    Class(4775, "account-mapping-failed", "authentication", "start", "failure"),
    Class(4776, "credential-validated", "authentication", "start", ""),
    Class(4777, "credential-validation-failed", "authentication", "start", "failure"),
    Class(4778, "session-reconnected", "authentication session", "start", ""),
    Class(4779, "session-disconnected", "authentication session", "end", ""),
    Class(4780, "administrator-acl-set", "iam", "user change", ""),
    Class(4781, "renamed-user-account", "iam", "user change", ""),
    Class(4794, "dsrm-password-set-attempted", "iam", "user change", ""),
    Class(4797, "query-existence-of-blank-password", "iam", "user info", ""),
    Class(4798, "group-membership-enumerated", "iam", "user info", ""),
    Class(4799, "user-member-enumerated", "iam", "group info", ""),
    Class(4800, "workstation-locked", "session", "info", ""),
    Class(4801, "workstation-unlocked", "session", "info", ""),
    Class(4802, "screensaver-invoked", "session", "info", ""),
    Class(4803, "screensaver-dismissed", "session", "info", ""),
    Class(4817, "object-audit-changed", "iam configuration", "admin change", ""),
    Class(4902, "user-audit-policy-created", "iam configuration", "admin creation", ""),
    Class(4904, "security-event-source-added", "iam configuration", "admin change", ""),
    Class(4905, "security-event-source-removed", "iam configuration", "admin deletion", ""),
    Class(4906, "crash-on-audit-changed", "iam configuration", "admin change", ""),
    Class(4907, "audit-setting-changed", "iam configuration", "admin change", ""),
    Class(4908, "special-group-table-changed", "iam configuration", "admin change", ""),
    Class(4912, "per-user-audit-policy-changed", "iam configuration", "admin change", ""),
    Class(4946, "firewall-rule-added", "configuration", "creation", ""),
    Class(4947, "firewall-rule-modified", "configuration", "change", ""),
    Class(4948, "firewall-rule-deleted", "configuration", "deletion", ""),
    Class(4950, "firewall-setting-changed", "configuration", "change", ""),
    Class(4964, "logged-in-special", "iam", "admin group", ""),
    Class(5024, "windows-firewall-service-started", "process configuration", "start", ""),
    Class(5025, "windows-firewall-service-stopped", "process configuration", "end", ""),
    Class(5030, "windows-firewall-service-failed", "process configuration", "end", "failure"),
    Class(5031, "windows-firewall-application-blocked", "network", "denied", ""),
    Class(5033, "windows-firewall-driver-started", "driver configuration", "start", ""),
    Class(5034, "windows-firewall-driver-stopped", "driver configuration", "end", ""),
    Class(5058, "key-file-operation", "file", "access", ""),
    Class(5059, "key-migration-operation", "file", "access", ""),
    Class(5061, "cryptographic-operation", "iam", "info", ""),
    Class(5136, "directory-object-modified", "iam", "change", ""),
    Class(5137, "directory-object-created", "iam", "creation", ""),
    Class(5138, "directory-object-undeleted", "iam", "creation", ""),
    Class(5139, "directory-object-moved", "iam", "change", ""),
    Class(5140, "network-share-object-accessed", "network file", "info access", ""),
    Class(5141, "directory-object-deleted", "iam", "deletion", ""),
    Class(5142, "network-share-object-added", "network file configuration", "creation", ""),
    Class(5143, "network-share-object-modified", "network file configuration", "change", ""),
    Class(5144, "network-share-object-deleted", "network file configuration", "deletion", ""),
    Class(5145, "network-share-object-access-checked", "network file", "info access", ""),
    Class(5152, "windows-firewall-packet-block", "network", "connection denied", ""),
    Class(5154, "windows-firewall-listen-permitted", "network", "info allowed", ""),
    Class(5155, "windows-firewall-listen-blocked", "network", "info denied", ""),
    Class(5156, "windows-firewall-connection", "network", "connection allowed", ""),
    Class(5157, "windows-firewall-connection-blocked", "network", "connection denied", ""),
    Class(5158, "windows-firewall-bind-permitted", "network", "info allowed", ""),
    Class(5159, "windows-firewall-bind-blocked", "network", "info denied", ""),
    Class(5376, "credential-manager-credentials-were-backed-up", "iam", "user info", ""),
    Class(5377, "credential-manager-credentials-were-restored", "iam", "user info", ""),
    Class(5379, "credential-manager-credentials-were-read", "iam", "user info", ""),
    Class(5380, "vault-credential-find", "iam", "user info", ""),
    Class(5381, "vault-credentials-were-read", "iam", "user info", ""),
    Class(5382, "vault-credentials-were-read", "iam", "user info", ""),
    Class(6416, "external-device-recognized", "host", "info", ""),
];

/// <https://learn.microsoft.com/sysinternals/downloads/sysmon#events>
const SYSMON: &[Class] = &[
    Class(1, "process-created", "process", "start", ""),
    Class(2, "file-creation-time-changed", "file", "change", ""),
    Class(3, "network-connection", "network", "start connection protocol", ""),
    Class(4, "service-state-changed", "process", "change", ""),
    Class(5, "process-terminated", "process", "end", ""),
    Class(6, "driver-loaded", "driver", "start", ""),
    Class(7, "image-loaded", "process", "change", ""),
    Class(8, "remote-thread-created", "process", "change", ""),
    Class(9, "raw-access-read", "process", "access", ""),
    Class(10, "process-accessed", "process", "access", ""),
    Class(11, "file-created", "file", "creation", ""),
    Class(12, "registry-object-added-or-deleted", "configuration registry", "change", ""),
    Class(13, "registry-value-set", "configuration registry", "change", ""),
    Class(14, "registry-object-renamed", "configuration registry", "change", ""),
    Class(15, "file-stream-created", "file", "access", ""),
    Class(16, "configuration-changed", "configuration", "change", ""),
    Class(17, "pipe-created", "file", "creation", ""),
    Class(18, "pipe-connected", "file", "access", ""),
    Class(19, "wmi-filter", "configuration", "change", ""),
    Class(20, "wmi-consumer", "configuration", "change", ""),
    Class(21, "wmi-binding", "configuration", "change", ""),
    Class(22, "dns-query", "network", "connection protocol info", ""),
    Class(23, "file-deleted", "file", "deletion", ""),
    Class(24, "clipboard-changed", "process", "change", ""),
    Class(25, "process-tampered", "process", "change", ""),
    Class(26, "file-delete-detected", "file", "deletion", ""),
    Class(27, "executable-blocked", "file", "denied", ""),
    Class(28, "shredding-blocked", "file", "denied", ""),
    Class(29, "executable-detected", "file", "creation", ""),
    Class(255, "sysmon-error", "process", "error", ""),
];

const SYSTEM: &[Class] = &[
    Class(12, "system-started", "host", "start", ""),
    Class(13, "system-shutdown", "host", "end", ""),
    Class(41, "system-rebooted-without-shutdown", "host", "error", ""),
    Class(104, "event-log-cleared", "configuration", "deletion", "success"),
    Class(109, "shutdown-initiated", "host", "end", ""),
    Class(1074, "shutdown-initiated", "host", "end", ""),
    Class(1076, "unexpected-shutdown-reason", "host", "info", ""),
    Class(1100, "logging-service-shutdown", "process", "end", "success"),
    Class(6005, "event-log-started", "host", "start", ""),
    Class(6006, "event-log-stopped", "host", "end", ""),
    Class(6008, "unexpected-shutdown", "host", "error", ""),
    Class(6009, "system-version", "host", "info", ""),
    Class(6013, "system-uptime", "host", "info", ""),
    Class(7000, "service-start-failed", "process", "start error", "failure"),
    Class(7001, "service-start-failed", "process", "start error", "failure"),
    Class(7009, "service-start-timeout", "process", "start error", "failure"),
    Class(7023, "service-terminated", "process", "end error", "failure"),
    Class(7024, "service-terminated", "process", "end error", "failure"),
    Class(7031, "service-crashed", "process", "end error", "failure"),
    Class(7034, "service-crashed", "process", "end error", "failure"),
    Class(7035, "service-control-sent", "process", "info", "success"),
    Class(7036, "service-state-changed", "process", "change", ""),
    Class(7040, "service-start-type-changed", "configuration", "change", ""),
    Class(7045, "service-installed", "configuration", "creation", ""),
];

/// The update client and servicing (setup) have ids of their own that do not meet.
const UPDATE: &[Class] = &[
    Class(2, "package-installed", "package", "installation", "success"),
    Class(3, "package-install-failed", "package", "installation", "failure"),
    Class(4, "package-reboot-pending", "package", "installation", ""),
    Class(19, "update-installed", "package", "installation", "success"),
    Class(20, "update-install-failed", "package", "installation", "failure"),
    Class(21, "update-reboot-pending", "package", "installation", ""),
    Class(25, "update-check-failed", "package", "error", "failure"),
    Class(31, "update-download-failed", "package", "error", "failure"),
    Class(43, "update-install-started", "package", "start", ""),
    Class(44, "update-download-started", "package", "start", ""),
];

/// <https://learn.microsoft.com/defender-endpoint/troubleshoot-microsoft-defender-antivirus>
const DEFENDER: &[Class] = &[
    Class(1000, "scan-started", "malware", "start", ""),
    Class(1001, "scan-finished", "malware", "end", "success"),
    Class(1002, "scan-stopped", "malware", "end", "failure"),
    Class(1005, "scan-failed", "malware", "error", "failure"),
    Class(1006, "malware-detected", "malware", "info", ""),
    Class(1007, "malware-action-taken", "malware", "info", "success"),
    Class(1008, "malware-action-failed", "malware", "info", "failure"),
    Class(1013, "malware-history-deleted", "malware", "deletion", ""),
    Class(1015, "suspicious-behavior-detected", "malware", "info", ""),
    Class(1116, "malware-detected", "malware", "info", ""),
    Class(1117, "malware-action-taken", "malware", "info", "success"),
    Class(1118, "malware-action-failed", "malware", "info", "failure"),
    Class(1119, "malware-action-failed", "malware", "info", "failure"),
    Class(1121, "attack-surface-rule-blocked", "malware", "denied", ""),
    Class(1122, "attack-surface-rule-audited", "malware", "info", ""),
    Class(2000, "signatures-updated", "configuration", "change", "success"),
    Class(2001, "signature-update-failed", "configuration", "change", "failure"),
    Class(2003, "engine-update-failed", "configuration", "change", "failure"),
    Class(3002, "real-time-protection-failed", "configuration", "error", "failure"),
    Class(5000, "real-time-protection-enabled", "configuration", "change", ""),
    Class(5001, "real-time-protection-disabled", "configuration", "change", ""),
    Class(5004, "real-time-protection-changed", "configuration", "change", ""),
    Class(5007, "configuration-changed", "configuration", "change", ""),
    Class(5010, "scanning-disabled", "configuration", "change", ""),
    Class(5012, "scanning-disabled", "configuration", "change", ""),
];

const POWERSHELL: &[Class] = &[
    Class(400, "engine-started", "process", "start", ""),
    Class(403, "engine-stopped", "process", "end", ""),
    Class(600, "provider-started", "process", "info", ""),
    Class(800, "pipeline-executed", "process", "info", ""),
    Class(4103, "pipeline-executed", "process", "info", ""),
    Class(4104, "script-block-executed", "process", "info", ""),
    Class(4105, "command-started", "process", "start", ""),
    Class(4106, "command-stopped", "process", "end", ""),
    Class(40961, "console-starting", "process", "start", ""),
    Class(40962, "console-ready", "process", "info", ""),
];

const TASKS: &[Class] = &[
    Class(100, "task-started", "process", "start", ""),
    Class(101, "task-start-failed", "process", "start error", "failure"),
    Class(102, "task-completed", "process", "end", "success"),
    Class(106, "task-registered", "configuration", "creation", ""),
    Class(129, "task-process-created", "process", "start", ""),
    Class(140, "task-updated", "configuration", "change", ""),
    Class(141, "task-deleted", "configuration", "deletion", ""),
    Class(142, "task-disabled", "configuration", "change", ""),
    Class(200, "task-action-started", "process", "start", ""),
    Class(201, "task-action-completed", "process", "end", ""),
];

/// Backups of whole machines: in the channel of their own, and those above 500 in Application.
/// <https://learn.microsoft.com/windows-server/administration/windows-server-backup/>
const BACKUP: &[Class] = &[
    Class(1, "backup-started", "", "start", ""),
    Class(4, "backup", "", "end", "success"),
    Class(5, "backup", "", "end error", "failure"),
    Class(8, "backup-cancelled", "", "end", "failure"),
    Class(9, "backup", "", "end error", "failure"),
    Class(14, "backup-completed", "", "end", ""),
    Class(49, "backup", "", "end error", "failure"),
    Class(517, "backup", "", "end error", "failure"),
    Class(521, "backup", "", "end error", "failure"),
    Class(561, "backup", "", "end error", "failure"),
];

/// <https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors>; event 33205
/// says itself what it is ([`super::sqlaudit`]).
const SQL_SERVER: &[Class] = &[
    Class(18452, "login-failed", "authentication", "start", "failure"),
    Class(18453, "login-succeeded", "authentication", "start", "success"),
    Class(18454, "login-succeeded", "authentication", "start", "success"),
    Class(18456, "login-failed", "authentication", "start", "failure"),
    Class(18470, "login-failed", "authentication", "start", "failure"),
    Class(18486, "login-failed", "authentication", "start", "failure"),
    Class(18487, "login-failed", "authentication", "start", "failure"),
    Class(18488, "login-failed", "authentication", "start", "failure"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_in_order_for_the_search() {
        for classes in [SECURITY, SYSMON, SYSTEM, UPDATE, DEFENDER, POWERSHELL, TASKS, BACKUP, SQL_SERVER] {
            assert!(classes.is_sorted_by_key(|class| class.0));
        }
    }

    #[test]
    fn an_id_means_what_its_provider_says() {
        assert_eq!(class(Family::Sysmon, 4).unwrap().1, "service-state-changed");
        assert_eq!(class(Family::Update, 4).unwrap().1, "package-reboot-pending");
        assert_eq!(class(family("Microsoft-Windows-Backup", ""), 4).unwrap().1, "backup");
        assert!(class(Family::Other, 4624).is_none());
    }
}
