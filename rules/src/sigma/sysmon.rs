//! The fields of Sysmon's events by Sigma's category, as its manifest has them: a rule that asks for another one can
//! never fire.
//!
//! <https://learn.microsoft.com/sysinternals/downloads/sysmon#events>

/// Every event begins with these.
const ALWAYS: &[&str] = &["RuleName", "UtcTime", "ProcessGuid", "ProcessId", "Image", "User"];

const IMAGE: &[&str] = &[
    "ImageLoaded",
    "FileVersion",
    "Description",
    "Product",
    "Company",
    "OriginalFileName",
    "Hashes",
    "Signed",
    "Signature",
    "SignatureStatus",
];
const REGISTRY: &[&str] = &["EventType", "TargetObject", "Details", "NewName"];
const DELETED: &[&str] = &["TargetFilename", "Hashes", "IsExecutable", "Archived"];

/// Category, and its fields beside those of every event.
const EVENTS: &[(&str, &[&str])] = &[
    (
        "process_creation",
        &[
            "FileVersion",
            "Description",
            "Product",
            "Company",
            "OriginalFileName",
            "CommandLine",
            "CurrentDirectory",
            "LogonGuid",
            "LogonId",
            "TerminalSessionId",
            "IntegrityLevel",
            "Hashes",
            "ParentProcessGuid",
            "ParentProcessId",
            "ParentImage",
            "ParentCommandLine",
            "ParentUser",
        ],
    ),
    ("file_change", &["TargetFilename", "CreationUtcTime", "PreviousCreationUtcTime"]),
    (
        "network_connection",
        &[
            "Protocol",
            "Initiated",
            "SourceIsIpv6",
            "SourceIp",
            "SourceHostname",
            "SourcePort",
            "SourcePortName",
            "DestinationIsIpv6",
            "DestinationIp",
            "DestinationHostname",
            "DestinationPort",
            "DestinationPortName",
        ],
    ),
    ("sysmon_status", &["State", "Version", "SchemaVersion", "Configuration", "ConfigurationFileHash"]),
    ("process_termination", &[]),
    ("driver_load", IMAGE),
    ("image_load", IMAGE),
    (
        "create_remote_thread",
        &[
            "SourceProcessGuid",
            "SourceProcessId",
            "SourceImage",
            "SourceUser",
            "TargetProcessGuid",
            "TargetProcessId",
            "TargetImage",
            "TargetUser",
            "NewThreadId",
            "StartAddress",
            "StartModule",
            "StartFunction",
        ],
    ),
    ("raw_access_thread", &["Device"]),
    (
        "process_access",
        &[
            "SourceProcessGUID",
            "SourceProcessId",
            "SourceThreadId",
            "SourceImage",
            "SourceUser",
            "TargetProcessGUID",
            "TargetProcessId",
            "TargetImage",
            "TargetUser",
            "GrantedAccess",
            "CallTrace",
        ],
    ),
    ("file_event", &["TargetFilename", "CreationUtcTime"]),
    ("registry_event", REGISTRY),
    ("registry_set", REGISTRY),
    ("registry_rename", REGISTRY),
    ("create_stream_hash", &["TargetFilename", "CreationUtcTime", "Hash", "Contents"]),
    ("pipe_created", &["EventType", "PipeName"]),
    (
        "wmi_event",
        &["EventType", "Operation", "EventNamespace", "Name", "Query", "Type", "Destination", "Consumer", "Filter"],
    ),
    ("dns_query", &["QueryName", "QueryStatus", "QueryResults"]),
    ("file_delete", DELETED),
    ("file_delete_detected", DELETED),
    ("clipboard_capture", &["Session", "ClientInfo", "Hashes", "Archived"]),
    ("process_tampering", &["Type"]),
    ("file_block_executable", DELETED),
    ("file_block_shredding", DELETED),
    ("file_executable_detected", DELETED),
    ("sysmon_error", &["ID", "Description"]),
];

/// The names of an event's data, for a category that Sysmon gives; `None` for any other.
pub(super) fn fields(category: &str) -> Option<impl Iterator<Item = &'static str>> {
    let (_, own) = EVENTS.iter().find(|(name, _)| *name == category)?;
    Some(ALWAYS.iter().chain(*own).copied())
}
