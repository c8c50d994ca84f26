//! Bitdefender GravityZone's push notifications.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Account, Is, Url},
        },
    },
};

/// Events of the Event Push Service.
pub static BITDEFENDER_PUSH: JsonFormat = JsonFormat {
    name: "bitdefender_push",
    category: "security",
    product: "Bitdefender GravityZone",
    about: "events of the GravityZone Event Push Service (bitdefender.com/business/support, event types)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[
        &["computer_name", "computer_ip", "module"],
        &["companyId", "module"],
        &["computer_fqdn", "product_installed", "module"],
        &["computerName", "companyId", "module"],
    ],
    own: "bitdefender.",
    always: &[("observer.vendor", "Bitdefender")],
    table: Table::inside(&["params.events."], TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("last_blocked", Is("@timestamp")),
    ("created", Is("@timestamp")),
    ("detection_time", Is("@timestamp")),
    ("module", Is("event.dataset")),
    ("computer_fqdn", Is("host.name")),
    ("computer_name", Is("host.hostname")),
    ("computerName", Is("host.name")),
    ("computer_ip", Is("host.ip")),
    ("computerIp", Is("host.ip")),
    ("status", Is("event.action")),
    ("final_status", Is("event.action")),
    ("main_action", Is("event.action")),
    ("malware_name", Is("rule.name")),
    ("exploit_type", Is("rule.name")),
    ("blocking_rule_name", Is("rule.name")),
    ("detection_name", Is("rule.name")),
    ("malware_type", Is("rule.category")),
    ("file_path", Is("file.path")),
    ("filePaths", Is("file.path")),
    ("fileSizes", Is("file.size")),
    ("hash", Is("file.hash.sha256")),
    ("exploit_path", Is("process.executable")),
    ("process_path", Is("process.executable")),
    ("process_pid", Is("process.pid")),
    ("process_command_line", Is("process.command_line")),
    ("parent_process_path", Is("process.parent.executable")),
    ("url", Url),
    ("source_ip", Is("source.ip")),
    ("attack_source", Is("source.ip")),
    ("victim", Is("source.ip")),
    ("userId", Is("user.id")),
    ("user.userSid", Is("user.id")),
    ("user.name", Account("user")),
    ("userName", Account("user")),
    ("errorMessage", Is("error.message")),
    ("errorCode", Is("error.code")),
];

fn settle(event: &mut Event<'_>) {
    let alert = event.get(field::RULE_NAME).is_some();
    event.set_static(field::EVENT_KIND, if alert { "alert" } else { "event" });
    event.classify(if alert { "malware" } else { "host" }, "info", "", "");
    crate::paths::settle(event);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"computer_name":"PC1","computer_fqdn":"pc1.example.com","computer_ip":"192.0.2.7","computer_id":"c-1","product_installed":"BEST","malware_type":"file","malware_name":"EICAR","file_path":"C:\\Temp\\x.com","hash":"00cc","final_status":"deleted","timestamp":"2026-11-22T09:14:07Z","companyId":"o-1","module":"av"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("bitdefender.companyId", "o-1"),
            ("bitdefender.computer_id", "c-1"),
            ("bitdefender.product_installed", "BEST"),
            ("event.action", "deleted"),
            ("event.category", "malware"),
            ("event.dataset", "av"),
            ("event.kind", "alert"),
            ("event.type", "info"),
            ("file.directory", r#"C:\Temp"#),
            ("file.extension", "com"),
            ("file.hash.sha256", "00cc"),
            ("file.name", "x.com"),
            ("file.path", r#"C:\Temp\x.com"#),
            ("host.hostname", "PC1"),
            ("host.ip", "192.0.2.7"),
            ("host.name", "pc1.example.com"),
            ("observer.vendor", "Bitdefender"),
            ("rule.category", "file"),
            ("rule.name", "EICAR"),
        ],
    },
    Example { raw: r#"{"computer_name":"PC1","computer_ip":"192.0.2.7","companyId":"o-1","module":"a"#, expect: &[] },
];
