//! Which value of an event is which ECS field: a table per family of event ids.
//!
//! Security events name up to two accounts. The subject acts; the target is who logs on, or whom something is done to.
//! In logons the target is the user, everywhere else the subject is.
//!
//! <https://learn.microsoft.com/windows/security/threat-protection/auditing/advanced-security-audit-policy-settings>

use crate::{
    json::table::{
        Row, Table,
        To::{Account, All, Is, Peer},
    },
    winlog::ids::Family,
};

/// The table for events of this family and id.
pub fn table(family: Family, id: i64) -> &'static Table {
    match (family, id) {
        (Family::Security, 4624..=4627 | 4634 | 4647 | 4675 | 4768..=4777 | 4820..=4824 | 4964 | 4800..=4803) => &LOGON,
        (Family::Security, 4778 | 4779) => &SESSION,
        (Family::Security, 4688) => &PROCESS,
        (Family::Security, 4727..=4735 | 4737 | 4744..=4764 | 4783..=4792 | 4799) => &GROUP,
        (Family::Security, 5031 | 5140..=5159) => &NETWORK,
        (Family::Security, _) => &SUBJECT,
        (Family::Sysmon, 6 | 7) => &SYSMON_IMAGE,
        (Family::Sysmon, 8 | 10) => &SYSMON_ACCESS,
        (Family::Sysmon, 1) => &SYSMON_PROCESS,
        (Family::Sysmon, _) => &SYSMON,
        (Family::System, _) => &SYSTEM,
        (Family::Update, _) => &UPDATE,
        (Family::Defender, _) => &DEFENDER,
        (Family::PowerShell, _) => &POWERSHELL,
        (Family::Tasks, _) => &TASKS,
        (Family::Backup | Family::SqlServer | Family::Other, _) => &OTHER,
    }
}

static LOGON: Table = Table::new(&[
    ("TargetUserSid", Is("user.id")),
    ("TargetSid", Is("user.id")),
    ("TargetDomainName", Is("user.domain")),
    ("TargetUserName", Account("user")),
    ("LogonAccount", Account("user")),
    ("IpAddress", Is("source.ip")),
    ("IpPort", Is("source.port")),
    ("WorkstationName", Is("source.domain")),
    ("Workstation", Is("source.domain")),
    ("ProcessName", Is("process.executable")),
    ("ProcessId", Is("process.pid")),
    ("ServiceName", Is("service.name")),
]);

static SESSION: Table = Table::new(&[
    ("AccountDomain", Is("user.domain")),
    ("AccountName", Account("user")),
    ("ClientAddress", Is("source.ip")),
    ("ClientName", Is("source.domain")),
]);

static PROCESS: Table = Table::new(&[
    ("SubjectUserSid", Is("user.id")),
    ("SubjectDomainName", Is("user.domain")),
    ("SubjectUserName", Account("user")),
    ("TargetUserSid", All(&["user.effective.id", "user.target.id"])),
    ("TargetDomainName", All(&["user.effective.domain", "user.target.domain"])),
    ("TargetUserName", All(&["user.effective.name", "user.target.name"])),
    ("NewProcessId", Is("process.pid")),
    ("NewProcessName", Is("process.executable")),
    ("CommandLine", Is("process.command_line")),
    ("ProcessId", Is("process.parent.pid")),
    ("ParentProcessName", Is("process.parent.executable")),
]);

static GROUP: Table = Table::new(&[
    ("SubjectUserSid", Is("user.id")),
    ("SubjectDomainName", Is("user.domain")),
    ("SubjectUserName", Account("user")),
    ("TargetSid", All(&["group.id", "user.target.group.id"])),
    ("TargetDomainName", All(&["group.domain", "user.target.group.domain"])),
    ("TargetUserName", All(&["group.name", "user.target.group.name"])),
    ("MemberSid", Is("user.target.id")),
    ("CallerProcessId", Is("process.pid")),
    ("CallerProcessName", Is("process.executable")),
]);

static NETWORK: Table = Table::new(&[
    ("SubjectUserSid", Is("user.id")),
    ("SubjectDomainName", Is("user.domain")),
    ("SubjectUserName", Account("user")),
    ("IpAddress", Is("source.ip")),
    ("IpPort", Is("source.port")),
    ("SourceAddress", Is("source.ip")),
    ("SourcePort", Is("source.port")),
    ("DestAddress", Is("destination.ip")),
    ("DestPort", Is("destination.port")),
    ("Protocol", Is("network.iana_number")),
    ("Application", Is("process.executable")),
    ("ProcessId", Is("process.pid")),
    ("ProcessID", Is("process.pid")),
]);

static SUBJECT: Table = Table::new(&[
    ("SubjectUserSid", Is("user.id")),
    ("SubjectDomainName", Is("user.domain")),
    ("SubjectUserName", Account("user")),
    ("TargetSid", Is("user.target.id")),
    ("TargetUserSid", Is("user.target.id")),
    ("TargetDomainName", Is("user.target.domain")),
    ("TargetUserName", Account("user.target")),
    ("NewTargetUserName", Is("user.changes.name")),
    ("IpAddress", Is("source.ip")),
    ("IpPort", Is("source.port")),
    ("ClientAddress", Is("source.ip")),
    ("ClientName", Is("source.domain")),
    ("Workstation", Is("source.domain")),
    ("TargetServerName", Is("destination.domain")),
    ("ProcessName", Is("process.executable")),
    ("ProcessId", Is("process.pid")),
    ("ClientProcessId", Is("process.pid")),
    ("ServiceName", Is("service.name")),
    ("param1", Is("service.name")),
]);

static SYSMON_PROCESS: Table = Table::new(&[
    ("ProcessGuid", Is("process.entity_id")),
    ("ProcessId", Is("process.pid")),
    ("Image", Is("process.executable")),
    ("CommandLine", Is("process.command_line")),
    ("CurrentDirectory", Is("process.working_directory")),
    ("User", Account("user")),
    ("ParentProcessGuid", Is("process.parent.entity_id")),
    ("ParentProcessId", Is("process.parent.pid")),
    ("ParentImage", Is("process.parent.executable")),
    ("ParentCommandLine", Is("process.parent.command_line")),
    ("Company", Is("process.pe.company")),
    ("Description", Is("process.pe.description")),
    ("FileVersion", Is("process.pe.file_version")),
    ("Product", Is("process.pe.product")),
    ("OriginalFileName", Is("process.pe.original_file_name")),
    ("RuleName", Is("rule.name")),
]);

static SYSMON: Table = Table::new(&[
    ("ProcessGuid", Is("process.entity_id")),
    ("ProcessId", Is("process.pid")),
    ("Image", Is("process.executable")),
    ("User", Account("user")),
    ("TargetFilename", Is("file.path")),
    ("PipeName", Is("file.name")),
    ("TargetObject", Is("registry.path")),
    ("Details", Is("registry.data.strings")),
    ("QueryName", Is("dns.question.name")),
    ("Protocol", Is("network.transport")),
    ("SourceIp", Is("source.ip")),
    ("SourcePort", Is("source.port")),
    ("SourceHostname", Is("source.domain")),
    ("DestinationIp", Is("destination.ip")),
    ("DestinationPort", Is("destination.port")),
    ("DestinationHostname", Is("destination.domain")),
    ("DestinationPortName", Is("network.protocol")),
    ("SourcePortName", Is("network.protocol")),
    ("RuleName", Is("rule.name")),
]);

static SYSMON_IMAGE: Table = Table::new(&[
    ("ProcessGuid", Is("process.entity_id")),
    ("ProcessId", Is("process.pid")),
    ("Image", Is("process.executable")),
    ("User", Account("user")),
    ("ImageLoaded", Is("file.path")),
    ("Company", Is("file.pe.company")),
    ("Description", Is("file.pe.description")),
    ("FileVersion", Is("file.pe.file_version")),
    ("Product", Is("file.pe.product")),
    ("OriginalFileName", Is("file.pe.original_file_name")),
    ("SignatureStatus", Is("file.code_signature.status")),
    ("Signature", Is("file.code_signature.subject_name")),
    ("Signed", Is("file.code_signature.exists")),
    ("RuleName", Is("rule.name")),
]);

static SYSMON_ACCESS: Table = Table::new(&[
    ("SourceProcessGuid", Is("process.entity_id")),
    ("SourceProcessGUID", Is("process.entity_id")),
    ("SourceProcessId", Is("process.pid")),
    ("SourceImage", Is("process.executable")),
    ("SourceThreadId", Is("process.thread.id")),
    ("SourceUser", Account("user")),
    ("TargetUser", Account("user.target")),
    ("RuleName", Is("rule.name")),
]);

static SYSTEM: Table = Table::new(&[
    ("ServiceName", Is("service.name")),
    ("AccountName", Account("user.target")),
    ("SubjectUserName", Account("user")),
    ("SubjectDomainName", Is("user.domain")),
    ("SubjectUserSid", Is("user.id")),
]);

static UPDATE: Table = Table::new(&[("updateTitle", Is("package.description")), ("errorCode", Is("error.code"))]);

static DEFENDER: Table = Table::new(&[
    ("Threat Name", Is("rule.name")),
    ("Detection User", Account("user")),
    ("User", Account("user")),
    ("Domain", Is("user.domain")),
    ("SID", Is("user.id")),
    ("Process Name", Is("process.executable")),
    ("FWLink", Is("event.reference")),
    ("Error Code", Is("error.code")),
    ("Error Description", Is("error.message")),
]);

static POWERSHELL: Table = Table::new(&[("Path", Is("file.path"))]);

static TASKS: Table = Table::new(&[
    ("UserContext", Account("user")),
    ("UserName", Account("user")),
    ("Path", Is("process.executable")),
    ("ProcessID", Is("process.pid")),
]);

static OTHER: Table = Table::new(OTHER_ROWS);

/// Names that mean the same whoever uses them.
const OTHER_ROWS: &[Row] = &[
    ("SubjectUserSid", Is("user.id")),
    ("SubjectDomainName", Is("user.domain")),
    ("SubjectUserName", Account("user")),
    ("TargetUserName", Account("user.target")),
    ("TargetDomainName", Is("user.target.domain")),
    ("IpAddress", Peer("source")),
    ("IpPort", Is("source.port")),
    ("ClientIP", Peer("source")),
    ("ServerName", Is("destination.domain")),
    ("DestinationAddress", Is("destination.ip")),
    ("RemoteName", Is("url.original")),
    ("url", Is("url.original")),
    ("LocalName", Is("file.path")),
    ("QueryName", Is("dns.question.name")),
    ("ProcessName", Is("process.executable")),
    ("ServiceName", Is("service.name")),
];
