//! Cisco Secure Endpoint (formerly AMP for Endpoints).

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Account, All, Is, Peer},
        },
    },
};

/// Events of the v1 API and of the event streams.
pub static SECURE_ENDPOINT: JsonFormat = JsonFormat {
    name: "cisco_secure_endpoint",
    category: "security",
    product: "Cisco Secure Endpoint, AMP",
    about: "events of Cisco Secure Endpoint's API and streams (developer.cisco.com, Secure Endpoint API v1, Events)",
    logsource: LogSource { category: "antivirus", product: "cisco", services: &["amp"] },
    keys: &[
        &["data.event_type_id", "data.connector_guid"],
        &["data.event_type_id", "data.group_guids"],
        &["event_type_id", "connector_guid"],
    ],
    own: "cisco.secure_endpoint.",
    always: &[("observer.vendor", "Cisco"), ("observer.product", "Secure Endpoint")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("data.date", Is("@timestamp")),
    ("data.timestamp", Is("@timestamp")),
    ("data.event_type", Is("event.action")),
    ("data.event_type_id", Is("event.code")),
    ("data.id", Is("event.id")),
    ("data.severity", Is("log.level")),
    ("data.start_timestamp", Is("event.start")),
    ("data.start_date", Is("event.start")),
    ("data.detection", Is("rule.name")),
    ("data.group_guids", Is("group.id")),
    ("data.computer.hostname", All(&["host.name", "host.hostname"])),
    ("data.computer.user", Account("user")),
    ("data.computer.network_addresses.ip", Is("host.ip")),
    ("data.computer.network_addresses.mac", Is("host.mac")),
    ("data.file.file_name", Is("file.name")),
    ("data.file.file_path", Is("file.path")),
    ("data.file.identity.md5", Is("file.hash.md5")),
    ("data.file.identity.sha1", Is("file.hash.sha1")),
    ("data.file.identity.sha256", Is("file.hash.sha256")),
    ("data.file.parent.file_name", Is("process.name")),
    ("data.file.parent.process_id", Is("process.pid")),
    ("data.file.parent.identity.md5", Is("process.hash.md5")),
    ("data.file.parent.identity.sha1", Is("process.hash.sha1")),
    ("data.file.parent.identity.sha256", Is("process.hash.sha256")),
    ("data.command_line.arguments", Is("process.command_line")),
    ("data.error.error_code", Is("error.code")),
    ("data.error.description", Is("error.message")),
    ("data.network_info.local_ip", Peer("source")),
    ("data.network_info.local_port", Is("source.port")),
    ("data.network_info.remote_ip", Peer("destination")),
    ("data.network_info.remote_port", Is("destination.port")),
    ("data.network_info.dirty_url", Is("url.original")),
    ("data.network_info.nfm.protocol", Is("network.transport")),
    ("data.network_info.nfm.direction", Is("cisco.secure_endpoint.direction")),
    ("data.network_info.parent.file_name", Is("process.name")),
    ("data.network_info.parent.process_id", Is("process.pid")),
    ("data.network_info.parent.identity.md5", Is("process.hash.md5")),
    ("data.network_info.parent.identity.sha1", Is("process.hash.sha1")),
    ("data.network_info.parent.identity.sha256", Is("process.hash.sha256")),
    ("data.cloud_ioc.description", Is("message")),
    ("data.vulnerabilities.cve", Is("vulnerability.id")),
    ("date", Is("@timestamp")),
    ("timestamp", Is("@timestamp")),
    ("event_type", Is("event.action")),
    ("event_type_id", Is("event.code")),
    ("severity", Is("log.level")),
    ("detection", Is("rule.name")),
    ("group_guids", Is("group.id")),
    ("computer.hostname", All(&["host.name", "host.hostname"])),
    ("computer.user", Account("user")),
    ("computer.network_addresses.ip", Is("host.ip")),
    ("computer.network_addresses.mac", Is("host.mac")),
    ("file.file_name", Is("file.name")),
    ("file.file_path", Is("file.path")),
    ("file.identity.md5", Is("file.hash.md5")),
    ("file.identity.sha1", Is("file.hash.sha1")),
    ("file.identity.sha256", Is("file.hash.sha256")),
    ("file.parent.file_name", Is("process.name")),
    ("file.parent.process_id", Is("process.pid")),
    ("file.parent.identity.sha256", Is("process.hash.sha256")),
];

/// The connector's severities in numbers, as the console orders them.
const SEVERITIES: [&[u8]; 4] = [b"Low", b"Medium", b"High", b"Critical"];

fn settle(event: &mut Event<'_>) {
    let level = event.bytes(field::LOG_LEVEL).map(|level| level.into_owned());
    if let Some(rank) = level.and_then(|level| SEVERITIES.iter().position(|name| *name == level)) {
        event.set_int(field::EVENT_SEVERITY, rank as i64 + 1);
    }
    if let Some(direction) = said(event, "cisco.secure_endpoint.direction") {
        if direction.starts_with(b"Outgoing") {
            event.set_static(field::NETWORK_DIRECTION, "egress");
        } else if direction.starts_with(b"Incoming") {
            event.set_static(field::NETWORK_DIRECTION, "ingress");
        }
    }
    let said = |name| said(event, name).is_some();
    let (file, connection) = (said("file.hash.sha256"), said("destination.ip"));
    let found = said("rule.name") || said("cisco.secure_endpoint.data.file.disposition");
    if file {
        event.set_static(field::EVENT_CATEGORY, "file");
    }
    if connection {
        event.set_static(field::EVENT_CATEGORY, "network");
    }
    if found {
        event.set_static(field::EVENT_CATEGORY, "malware");
        event.set_static(field::EVENT_KIND, "alert");
    }
    event.set_static(field::EVENT_TYPE, "info");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"version":"v1.2.0","data":{"id":4711,"timestamp":1795338847,"date":"2026-11-22T09:14:07+00:00","event_type":"Threat Quarantined","event_type_id":553648143,"detection":"W32.Example.Test","detection_id":"81","connector_guid":"c-1","group_guids":["g-1"],"severity":"High","computer":{"connector_guid":"c-1","hostname":"desk7","user":"b.jones@example.com","active":true,"network_addresses":[{"ip":"192.0.2.17","mac":"00:00:5e:00:53:17"}]},"file":{"disposition":"Malicious","file_name":"setup.exe","file_path":"\\\\?\\C:\\tmp\\setup.exe","identity":{"sha256":"00aa","md5":"00bb"},"parent":{"process_id":77,"file_name":"explorer.exe","identity":{"sha256":"00cc"}}}}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "Threat Quarantined"),
            ("event.code", "553648143"),
            ("event.id", "4711"),
            ("event.severity", "3"),
            ("event.kind", "alert"),
            ("event.category", "file"),
            ("event.category", "malware"),
            ("event.type", "info"),
            ("log.level", "High"),
            ("rule.name", "W32.Example.Test"),
            ("group.id", "g-1"),
            ("host.name", "desk7"),
            ("host.hostname", "desk7"),
            ("host.ip", "192.0.2.17"),
            ("host.mac", "00:00:5e:00:53:17"),
            ("user.name", "b.jones"),
            ("user.domain", "example.com"),
            ("user.email", "b.jones@example.com"),
            ("file.name", "setup.exe"),
            ("file.path", r"\\?\C:\tmp\setup.exe"),
            ("file.hash.sha256", "00aa"),
            ("file.hash.md5", "00bb"),
            ("process.name", "explorer.exe"),
            ("process.pid", "77"),
            ("process.hash.sha256", "00cc"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "Secure Endpoint"),
            ("cisco.secure_endpoint.version", "v1.2.0"),
            ("cisco.secure_endpoint.data.timestamp", "1795338847"),
            ("cisco.secure_endpoint.data.detection_id", "81"),
            ("cisco.secure_endpoint.data.connector_guid", "c-1"),
            ("cisco.secure_endpoint.data.computer.connector_guid", "c-1"),
            ("cisco.secure_endpoint.data.computer.active", "true"),
            ("cisco.secure_endpoint.data.file.disposition", "Malicious"),
        ],
    },
    Example {
        raw: r#"{"version":"v1.2.0","data":{"event_type_id":553648143,"connector_guid":"c-1","group"#,
        expect: &[],
    },
];
