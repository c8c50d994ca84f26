//! Stormshield Endpoint Security Evolution.

use crate::{
    Event, Field, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Is, Peer},
        },
    },
};

/// Stormshield Endpoint Security Evolution.
pub static STORMSHIELD_ENDPOINT: JsonFormat = JsonFormat {
    name: "stormshield_endpoint",
    category: "security",
    product: "Stormshield Endpoint Security",
    about: "agent logs as the log exporter sends them (Stormshield: SES Evolution, Administration Guide, agent logs)",
    logsource: LogSource { category: "antivirus", product: "stormshield", services: &["endpoint"] },
    keys: &[&["TypeComputedMap", "EventGuid"]],
    own: "stormshield.endpoint.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("Timestamp", Is("@timestamp")),
    ("TypeComputedMap", Is("event.code")),
    ("Severity", Is("event.severity")),
    ("SpecificData.CreatedProcess.ProcessImageName", Is("process.executable")),
    ("SpecificData.CreatedProcess.ProcessCommandLine", Is("process.command_line")),
    ("SpecificData.CreatedProcess.PID", Is("process.pid")),
    ("SpecificData.CreatedProcess.HashMd5", Is("process.hash.md5")),
    ("SpecificData.CreatedProcess.HashSha1", Is("process.hash.sha1")),
    ("SpecificData.CreatedProcess.HashSha256", Is("process.hash.sha256")),
    ("SpecificData.CreatedProcess.User", Is("process.user.id")),
    ("SpecificData.CreatedProcess.UserNameLookup", Is("process.user.name")),
    ("SpecificData.CreatedProcess.ProcessStartTime", Is("process.start")),
    ("SpecificData.SourceProcess.ProcessImageName", Is("process.executable")),
    ("SpecificData.SourceProcess.ProcessCommandLine", Is("process.command_line")),
    ("SpecificData.SourceProcess.PID", Is("process.pid")),
    ("SpecificData.SourceProcess.HashMd5", Is("process.hash.md5")),
    ("SpecificData.SourceProcess.HashSha1", Is("process.hash.sha1")),
    ("SpecificData.SourceProcess.HashSha256", Is("process.hash.sha256")),
    ("SpecificData.SourceProcess.User", Is("process.user.id")),
    ("SpecificData.SourceProcess.UserNameLookup", Is("process.user.name")),
    ("SpecificData.SourceProcess.ProcessStartTime", Is("process.start")),
    ("SpecificData.ParentProcess.ProcessImageName", Is("process.parent.executable")),
    ("SpecificData.ParentProcess.ProcessCommandLine", Is("process.parent.command_line")),
    ("SpecificData.ParentProcess.PID", Is("process.parent.pid")),
    ("SpecificData.ParentProcess.HashMd5", Is("process.parent.hash.md5")),
    ("SpecificData.ParentProcess.HashSha1", Is("process.parent.hash.sha1")),
    ("SpecificData.ParentProcess.HashSha256", Is("process.parent.hash.sha256")),
    ("SpecificData.ParentProcess.User", Is("process.parent.user.id")),
    ("SpecificData.ParentProcess.UserNameLookup", Is("process.parent.user.name")),
    ("SpecificData.User", Is("user.id")),
    ("SpecificData.UserNameLookup", Is("user.name")),
    ("SpecificData.UserDomainLookup", Is("user.domain")),
    ("SpecificData.FileDetails.FileFullPath", Is("file.path")),
    ("SpecificData.Path", Is("file.path")),
    ("SpecificData.ObjectFullPath", Is("file.path")),
    ("SpecificData.FileOwnerNameLookup", Is("file.owner")),
    ("SpecificData.FileDetails.OwnerNameLookup", Is("file.owner")),
    ("SpecificData.FileDetails.HashMd5", Is("file.hash.md5")),
    ("SpecificData.FileDetails.HashSha1", Is("file.hash.sha1")),
    ("SpecificData.FileDetails.HashSha256", Is("file.hash.sha256")),
    ("SpecificData.FileDetails.HashSSDeep", Is("file.hash.ssdeep")),
    ("SpecificData.LocalAddress", Peer("source")),
    ("SpecificData.LocalPort", Is("source.port")),
    ("SpecificData.RemoteAddress", Peer("destination")),
    ("SpecificData.RemotePort", Is("destination.port")),
    ("SpecificData.ProtocolComputedMap", Is("network.transport")),
    ("SpecificData.OperationComputedMap", Is("event.action")),
    ("SpecificData.ProviderName", Is("event.provider")),
    ("SpecificData.Action.RuleGuid", Is("rule.uuid")),
    ("AdditionalData.Message", Is("event.reason")),
    ("AdditionalData.PolicyName", Is("rule.ruleset")),
    ("AdditionalData.AgentName", Is("host.name")),
    ("AdditionalData.AgentAddresses", Is("host.ip")),
];

fn settle(event: &mut Event<'_>) {
    for (path, name) in [
        ("process.executable", "process.name"),
        ("process.parent.executable", "process.parent.name"),
        ("file.path", "file.name"),
    ] {
        let base =
            said(event, path).and_then(|path| path.rsplit(|b| matches!(b, b'\\' | b'/')).next().map(<[u8]>::to_vec));
        if let (Some(base), Some(field)) = (base.filter(|base| !base.is_empty()), Field::intern(name)) {
            event.set(field, &base);
        }
    }
    let unbraced = |id: &[u8]| id.strip_prefix(b"{").and_then(|id| id.strip_suffix(b"}")).map(<[u8]>::to_vec);
    if let Some(id) = said(event, "rule.uuid").and_then(|id| unbraced(&id)) {
        event.replace(field::RULE_UUID, &id);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"Version":1,"Type":53,"TypeComputedMap":"HeapSpray","Severity":2,"ServerReserved":0,"EventGuid":"{AD0FDAFF-0000-4853-9BA1-DF4EE2A9E1CB}","Timestamp":"2026-11-22T09:14:07.0000000+01:00","SpecificData":{"SourceProcess":{"PID":4711,"ProcessImageName":"C:\\Program Files\\Shop\\shop.exe","User":"S-1-5-21-1-2-3-1001","UserNameLookup":"b.jones","ProcessCommandLine":"shop.exe /q","HashMd5":"00AA","HashSha1":"00BB","HashSha256":"00CC"},"Action":{"RuleGuid":"0000000-0000-0000-0000-000000000001"}}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07Z"),
            ("event.code", "HeapSpray"),
            ("event.severity", "2"),
            ("process.command_line", "shop.exe /q"),
            ("process.executable", r#"C:\Program Files\Shop\shop.exe"#),
            ("process.hash.md5", "00AA"),
            ("process.hash.sha1", "00BB"),
            ("process.hash.sha256", "00CC"),
            ("process.name", "shop.exe"),
            ("process.pid", "4711"),
            ("process.user.id", "S-1-5-21-1-2-3-1001"),
            ("process.user.name", "b.jones"),
            ("rule.uuid", "0000000-0000-0000-0000-000000000001"),
            ("stormshield.endpoint.EventGuid", "{AD0FDAFF-0000-4853-9BA1-DF4EE2A9E1CB}"),
            ("stormshield.endpoint.ServerReserved", "0"),
            ("stormshield.endpoint.Type", "53"),
            ("stormshield.endpoint.Version", "1"),
        ],
    },
    Example {
        raw: r#"{"Version":1,"Type":20017,"TypeComputedMap":"StartAgentUpgrade","Severity":5,"EventGuid":"{AD09E443-0000-4315-98A7-1C48312B835E}","Timestamp":"2026-11-22T09:14:07.0000000Z","GenerateIncident":false,"SpecificData":{"VersionFrom":"2.4.0","VersionTo":"2.5.0"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.code", "StartAgentUpgrade"),
            ("event.severity", "5"),
            ("stormshield.endpoint.EventGuid", "{AD09E443-0000-4315-98A7-1C48312B835E}"),
            ("stormshield.endpoint.GenerateIncident", "false"),
            ("stormshield.endpoint.SpecificData.VersionFrom", "2.4.0"),
            ("stormshield.endpoint.SpecificData.VersionTo", "2.5.0"),
            ("stormshield.endpoint.Type", "20017"),
            ("stormshield.endpoint.Version", "1"),
        ],
    },
    Example { raw: r#"{"Version":1,"TypeComputedMap":"HeapSpray","EventGuid":"{AD0FDAFF"#, expect: &[] },
];
