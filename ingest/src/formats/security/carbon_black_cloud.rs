//! VMware Carbon Black Cloud's events and alerts.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{All, Is, Url},
        },
    },
};

/// Events of the data forwarder.
pub static CARBON_BLACK_CLOUD: JsonFormat = JsonFormat {
    name: "carbon_black_cloud",
    category: "security",
    product: "VMware Carbon Black Cloud",
    about: "endpoint events, alerts and watchlist hits of the Carbon Black Cloud data forwarder (developer.carbonblack.com, data forwarder)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[
        &["device_id", "org_key", "type"],
        &["org_key", "process_guid"],
        &["schema", "type", "device_name", "process_guid"],
        &["event_origin", "device_id"],
        &["org_key", "device_id", "alert_url"],
        &["org_key", "report_id"],
        &["device_name", "alert_url"],
    ],
    own: "carbonblack.cloud.",
    always: &[("observer.vendor", "VMWare"), ("observer.product", "Carbon Black Cloud")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("device_timestamp", Is("@timestamp")),
    ("create_time", Is("@timestamp")),
    ("backend_timestamp", Is("@timestamp")),
    ("createTime", Is("@timestamp")),
    ("first_event_time", Is("event.start")),
    ("first_event_timestamp", Is("event.start")),
    ("last_event_time", Is("event.end")),
    ("last_event_timestamp", Is("event.end")),
    ("action", Is("event.action")),
    ("type", Is("event.action")),
    ("id", Is("event.id")),
    ("event_id", Is("event.id")),
    ("severity", Is("event.severity")),
    ("device_name", All(&["host.name", "host.hostname"])),
    ("device_external_ip", Is("host.ip")),
    ("device_internal_ip", Is("host.ip")),
    ("device_os", Is("host.os.type")),
    ("device_os_version", Is("host.os.version")),
    ("device_username", Is("user.name")),
    ("process_username", Is("user.name")),
    ("process_path", Is("process.executable")),
    ("process_name", Is("process.name")),
    ("process_cmdline", Is("process.command_line")),
    ("process_pid", Is("process.pid")),
    ("process_guid", Is("process.entity_id")),
    ("process_md5", Is("process.hash.md5")),
    ("process_sha256", Is("process.hash.sha256")),
    ("process_hash.0", Is("process.hash.md5")),
    ("parent_path", Is("process.parent.executable")),
    ("parent_name", Is("process.parent.name")),
    ("parent_cmdline", Is("process.parent.command_line")),
    ("parent_pid", Is("process.parent.pid")),
    ("parent_guid", Is("process.parent.entity_id")),
    ("parent_md5", Is("process.parent.hash.md5")),
    ("parent_sha256", Is("process.parent.hash.sha256")),
    ("filemod_name", Is("file.path")),
    ("filemod_md5", Is("file.hash.md5")),
    ("filemod_sha256", Is("file.hash.sha256")),
    ("scriptload_name", Is("dll.path")),
    ("modload_name", Is("dll.path")),
    ("modload_md5", Is("dll.hash.md5")),
    ("modload_sha256", Is("dll.hash.sha256")),
    ("regmod_name", Is("registry.path")),
    ("local_ip", Is("source.ip")),
    ("local_port", Is("source.port")),
    ("remote_ip", Is("destination.ip")),
    ("remote_port", Is("destination.port")),
    ("netconn_domain", Is("destination.domain")),
    ("netconn_protocol", Is("network.transport")),
    ("reason", Is("event.reason")),
    ("alert_url", Url),
    ("report_name", Is("rule.name")),
    ("watchlists.name", Is("rule.name")),
];

/// A list of hashes, each known by its length.
fn set_hashes(event: &mut Event<'_>, list: &str, below: &str) {
    let Some(list) = crate::Field::intern(list) else { return };
    let hashes: Vec<_> = event.all(list).collect();
    for hash in hashes {
        let name = match event.value_bytes(hash).map(|text| text.len()) {
            Some(32) => "md5",
            Some(64) => "sha256",
            _ => continue,
        };
        crate::Field::intern(&format!("{below}.{name}")).into_iter().for_each(|field| event.push(field, hash));
    }
}

fn settle(event: &mut Event<'_>) {
    set_hashes(event, "carbonblack.cloud.process_hash", "process.hash");
    set_hashes(event, "carbonblack.cloud.parent_hash", "process.parent.hash");
    let action = said(event, "carbonblack.cloud.type")
        .or_else(|| event.bytes(field::EVENT_ACTION).map(|action| action.into_owned()))
        .unwrap_or_default();
    let (kind, category, class) = match &*action {
        b"endpoint.event.procstart" => ("event", "process", "start"),
        b"endpoint.event.procend" => ("event", "process", "end"),
        b"endpoint.event.filemod" => ("event", "file", "change"),
        b"endpoint.event.regmod" => ("event", "registry", "change"),
        b"endpoint.event.moduleload" => ("event", "library", "start"),
        b"endpoint.event.netconn" | b"endpoint.event.netconn_proxy" => ("event", "network", "connection"),
        text if text.starts_with(b"endpoint.event.") => ("event", "process", "info"),
        _ => ("alert", "malware", "info"),
    };
    event.set_static(field::EVENT_KIND, kind);
    event.classify(category, class, "", "");
    crate::paths::settle(event);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"type":"endpoint.event.netconn","process_guid":"g-1","parent_guid":"g-0","backend_timestamp":"2026-11-22 09:14:09 +0000 UTC","org_key":"O","device_id":"1","device_name":"PC1","device_external_ip":"203.0.113.66","device_os":"WINDOWS","process_pid":4711,"process_path":"c:\\temp\\x.exe","process_cmdline":"x.exe -q","process_username":"EXAMPLE\\ann","local_ip":"192.0.2.7","local_port":51515,"remote_ip":"198.51.100.9","remote_port":443,"device_timestamp":"2026-11-22T09:14:07.25Z","event_origin":"EDR"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("carbonblack.cloud.backend_timestamp", "2026-11-22 09:14:09 +0000 UTC"),
            ("carbonblack.cloud.device_id", "1"),
            ("carbonblack.cloud.event_origin", "EDR"),
            ("carbonblack.cloud.org_key", "O"),
            ("destination.ip", "198.51.100.9"),
            ("destination.port", "443"),
            ("event.action", "endpoint.event.netconn"),
            ("event.category", "network"),
            ("event.kind", "event"),
            ("event.type", "connection"),
            ("host.hostname", "PC1"),
            ("host.ip", "203.0.113.66"),
            ("host.name", "PC1"),
            ("host.os.type", "WINDOWS"),
            ("observer.product", "Carbon Black Cloud"),
            ("observer.vendor", "VMWare"),
            ("process.args", "x.exe"),
            ("process.args", "-q"),
            ("process.args_count", "2"),
            ("process.command_line", "x.exe -q"),
            ("process.entity_id", "g-1"),
            ("process.executable", r#"c:\temp\x.exe"#),
            ("process.name", "x.exe"),
            ("process.parent.entity_id", "g-0"),
            ("process.pid", "4711"),
            ("source.ip", "192.0.2.7"),
            ("source.port", "51515"),
            ("user.name", r#"EXAMPLE\ann"#),
        ],
    },
    Example {
        raw: r#"{"type":"endpoint.event.netconn","process_guid":"g-1","org_key":"O","device_id":"1","dev"#,
        expect: &[],
    },
];
