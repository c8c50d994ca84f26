//! Palo Alto Networks Cortex XDR.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Account, All, Is, Peer},
        },
    },
};

/// Palo Alto Networks Cortex XDR: see the module.
pub static CORTEX_XDR_ALERTS: JsonFormat = JsonFormat {
    name: "cortex_xdr_alerts",
    category: "security",
    product: "Palo Alto Networks Cortex XDR",
    about: r#"alerts of the Cortex XDR API (docs-cortex.paloaltonetworks.com, "Get Alerts Multi-Events")"#,
    logsource: LogSource { category: "", product: "paloalto", services: &["cortex_xdr"] },
    keys: &[&["alert_id", "events", "detection_timestamp"], &["alert_id", "events", "agent_os_type"]],
    own: "panw.cortex.",
    always: &[("observer.vendor", "Palo Alto Networks"), ("observer.product", "Cortex XDR"), ("event.kind", "alert")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("detection_timestamp", Is("@timestamp")),
    ("name", Is("message")),
    ("description", Is("event.reason")),
    ("action", Is("event.action")),
    ("severity", Is("log.level")),
    ("host_name", All(&["host.name", "host.hostname"])),
    ("host_ip", Is("host.ip")),
    ("alert_id", Is("event.id")),
    ("category", Is("rule.category")),
    ("agent_fqdn", Is("host.domain")),
    ("events.user_name", Account("user")),
    ("events.action_local_ip", Peer("source")),
    ("events.action_local_port", Is("source.port")),
    ("events.action_remote_ip", Peer("destination")),
    ("events.action_remote_port", Is("destination.port")),
    ("events.actor_thread_thread_id", Is("process.thread.id")),
    ("events.actor_process_image_name", Is("process.name")),
    ("events.actor_process_image_path", Is("process.executable")),
    ("events.actor_process_command_line", Is("process.command_line")),
    ("events.actor_process_image_md5", Is("process.hash.md5")),
    ("events.actor_process_image_sha256", Is("process.hash.sha256")),
    ("events.actor_process_os_pid", Is("process.pid")),
    ("events.actor_process_instance_id", Is("process.entity_id")),
    ("events.actor_process_signature_status", Is("process.code_signature.status")),
    ("events.actor_process_signature_vendor", Is("process.code_signature.subject_name")),
    ("events.causality_actor_process_image_name", Is("process.parent.name")),
    ("events.causality_actor_process_image_path", Is("process.parent.executable")),
    ("events.causality_actor_process_command_line", Is("process.parent.command_line")),
    ("events.causality_actor_process_image_md5", Is("process.parent.hash.md5")),
    ("events.causality_actor_process_image_sha256", Is("process.parent.hash.sha256")),
    ("events.causality_actor_process_os_pid", Is("process.parent.pid")),
    ("events.causality_actor_process_signature_status", Is("process.parent.code_signature.status")),
    ("events.causality_actor_process_signature_vendor", Is("process.parent.code_signature.subject_name")),
    ("events.causality_actor_causality_id", Is("process.parent.entity_id")),
];

fn settle(event: &mut Event<'_>) {
    event.classify("intrusion_detection", "info", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"alert_id":"4711","detection_timestamp":1795338847250,"name":"Suspicious process","description":"A script host started from a mail client","category":"Malware","severity":"high","action":"BLOCKED","host_name":"desk7","host_ip":["192.0.2.17"],"agent_os_type":"Windows","events":[{"user_name":"EXAMPLE\\anna","actor_process_image_name":"wscript.exe","actor_process_image_path":"C:\\Windows\\wscript.exe","actor_process_command_line":"wscript a.vbs","actor_process_os_pid":4711,"causality_actor_process_image_name":"outlook.exe","action_remote_ip":"203.0.113.66","action_remote_port":443}]}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("destination.address", "203.0.113.66"),
            ("destination.ip", "203.0.113.66"),
            ("destination.port", "443"),
            ("event.action", "BLOCKED"),
            ("event.category", "intrusion_detection"),
            ("event.id", "4711"),
            ("event.kind", "alert"),
            ("event.reason", "A script host started from a mail client"),
            ("event.type", "info"),
            ("host.hostname", "desk7"),
            ("host.ip", "192.0.2.17"),
            ("host.name", "desk7"),
            ("log.level", "high"),
            ("observer.product", "Cortex XDR"),
            ("observer.vendor", "Palo Alto Networks"),
            ("panw.cortex.agent_os_type", "Windows"),
            ("process.command_line", "wscript a.vbs"),
            ("process.executable", "C:\\Windows\\wscript.exe"),
            ("process.name", "wscript.exe"),
            ("process.parent.name", "outlook.exe"),
            ("process.pid", "4711"),
            ("rule.category", "Malware"),
            ("user.domain", "EXAMPLE"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: r#"{"alert_id":"4711","events":[{"user_name":"x"}],"agent_os_type":"#, expect: &[] },
];
