//! Jamf Compliance Reporter's events.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{All, Is},
        },
    },
};

/// macOS audit events as Compliance Reporter writes them.
pub static JAMF_COMPLIANCE: JsonFormat = JsonFormat {
    name: "jamf_compliance",
    category: "security",
    product: "Jamf Compliance Reporter",
    about: "events of Jamf Compliance Reporter (Jamf Compliance Reporter documentation, log schema)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[
        &["header.event_name", "host_info"],
        &["header", "host_info", "_event_score"],
        &["host_info.host_uuid", "header"],
    ],
    own: "jamf.",
    always: &[("event.kind", "event")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("header.time_seconds_epoch", Is("@timestamp")),
    ("header.event_name", Is("event.action")),
    ("header.event_id", Is("event.code")),
    ("host_info.host_name", Is("host.hostname")),
    ("host_info.host_uuid", Is("host.id")),
    ("host_info.osversion", Is("host.os.version")),
    ("subject.effective_user_name", All(&["user.name", "process.user.name"])),
    ("subject.effective_user_id", All(&["user.id", "process.user.id"])),
    ("subject.audit_user_name", Is("process.real_user.name")),
    ("subject.audit_id", Is("process.real_user.id")),
    ("subject.group_name", Is("process.real_group.name")),
    ("subject.group_id", Is("process.real_group.id")),
    ("subject.process_name", Is("process.executable")),
    ("subject.process_id", Is("process.pid")),
    ("subject.process_hash", Is("process.hash.sha1")),
    ("subject.terminal_id.ip_address", Is("host.ip")),
    ("process.process_hash", Is("process.hash.sha1")),
    ("exec_chain_child.parent_pid", Is("process.parent.pid")),
    ("exec_chain_child.parent_path", Is("process.parent.executable")),
    ("return.error", Is("error.code")),
    ("return.return_value", Is("process.exit_code")),
    ("path", Is("file.path")),
    ("attributes.owner_group_id", Is("user.group.id")),
    ("attributes.owner_group_name", Is("user.group.name")),
    ("ComplianceReporter_license_info.email", Is("user.email")),
];

fn settle(event: &mut Event<'_>) {
    let action = event.text(field::EVENT_ACTION).map(|action| action.to_ascii_uppercase()).unwrap_or_default();
    let outcome = match event.int(field::ERROR_CODE) {
        Some(0) => "success",
        Some(_) => "failure",
        None => "",
    };
    if action.contains("AUTH") || action.contains("LOGIN") || action.contains("LOGIN") || action.contains("SSH") {
        event.classify("authentication", "info", "", outcome);
    } else if action.contains("EXEC") || action.contains("FORK") || action.contains("PROC") {
        event.classify("process", "info", "", outcome);
    } else {
        event.classify("", "info", "", outcome);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"_event_score":0,"header":{"event_id":45025,"event_modifier":0,"event_name":"AUE_ssauthint","time_seconds_epoch":1795338847,"time_milliseconds_offset":250,"version":11},"host_info":{"host_name":"mac1","host_uuid":"h-1","osversion":"15.1"},"identity":{"signer_id":"com.example"},"return":{"description":"success","error":0,"return_value":0},"subject":{"audit_id":501,"audit_user_name":"ann","effective_user_id":0,"effective_user_name":"root","process_id":4711,"process_name":"/usr/sbin/sshd","process_hash":"00bb","terminal_id":{"ip_address":"192.0.2.7","port":0}}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("error.code", "0"),
            ("event.action", "AUE_ssauthint"),
            ("event.category", "authentication"),
            ("event.code", "45025"),
            ("event.kind", "event"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("host.hostname", "mac1"),
            ("host.id", "h-1"),
            ("host.ip", "192.0.2.7"),
            ("host.os.version", "15.1"),
            ("jamf._event_score", "0"),
            ("jamf.header.event_modifier", "0"),
            ("jamf.header.time_milliseconds_offset", "250"),
            ("jamf.header.version", "11"),
            ("jamf.identity.signer_id", "com.example"),
            ("jamf.return.description", "success"),
            ("jamf.subject.terminal_id.port", "0"),
            ("process.executable", "/usr/sbin/sshd"),
            ("process.exit_code", "0"),
            ("process.hash.sha1", "00bb"),
            ("process.pid", "4711"),
            ("process.real_user.id", "501"),
            ("process.real_user.name", "ann"),
            ("process.user.id", "0"),
            ("process.user.name", "root"),
            ("user.id", "0"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: r#"{"_event_score":0,"header":{"event_id":45025,"event_name":"AUE_ssauthint"},"host_info":{"host_na"#,
        expect: &[],
    },
];
