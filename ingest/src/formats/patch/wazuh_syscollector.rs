//! Wazuh's inventory of packages and hotfixes.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{All, Is},
        },
    },
};

/// Wazuh's inventory of packages and hotfixes.
pub static WAZUH_SYSCOLLECTOR: JsonFormat = JsonFormat {
    name: "wazuh_syscollector",
    category: "patch",
    product: "Wazuh",
    about: "packages and hotfixes that the agent's inventory finds, changes and loses, as deltas and as alerts (Wazuh: System inventory, syscollector)",
    logsource: LogSource { category: "", product: "wazuh", services: &["syscollector"] },
    keys: &[
        &["type=dbsync_packages", "data.name", "operation"],
        &["type=dbsync_hotfixes", "data.hotfix", "operation"],
        &["data.type=dbsync_packages", "data.operation_type"],
        &["data.type=dbsync_hotfixes", "data.operation_type"],
    ],
    own: "wazuh.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("agent.name", All(&["host.name", "host.hostname"])),
    ("agent.id", Is("agent.id")),
    ("operation", Is("event.action")),
    ("data.operation_type", Is("event.action")),
    ("data.name", Is("package.name")),
    ("data.version", Is("package.version")),
    ("data.architecture", Is("package.architecture")),
    ("data.hotfix", Is("package.name")),
    ("data.program.name", Is("package.name")),
    ("data.program.version", Is("package.version")),
    ("data.program.architecture", Is("package.architecture")),
];

/// What is lost is no longer there; everything else is.
fn settle(event: &mut Event<'_>) {
    let gone = said(event, "event.action").is_some_and(|action| action.eq_ignore_ascii_case(b"DELETED"));
    event.set_static(field::PACKAGE_STATE, if gone { "removed" } else { "installed" });
    event.set_static(field::EVENT_CATEGORY, "package");
    event.set_static(field::EVENT_TYPE, if gone { "deletion" } else { "info" });
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"type":"dbsync_packages","data":{"name":"openssl","version":"3.0.22-1~deb12u2","architecture":"amd64","format":"deb"},"operation":"MODIFIED"}"#,
        expect: &[
            ("event.action", "MODIFIED"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("package.architecture", "amd64"),
            ("package.name", "openssl"),
            ("package.version", "3.0.22-1~deb12u2"),
            ("roundsman.package.state", "installed"),
            ("wazuh.data.format", "deb"),
            ("wazuh.type", "dbsync_packages"),
        ],
    },
    Example {
        raw: r#"{"type":"dbsync_hotfixes","data":{"hotfix":"KB5099001"},"operation":"INSERTED"}"#,
        expect: &[
            ("event.action", "INSERTED"),
            ("event.category", "package"),
            ("event.type", "info"),
            ("package.name", "KB5099001"),
            ("roundsman.package.state", "installed"),
            ("wazuh.type", "dbsync_hotfixes"),
        ],
    },
    Example {
        raw: r#"{"agent":{"id":"007","name":"web1"},"data":{"type":"dbsync_packages","program":{"name":"nginx","version":"1.26.2-1","architecture":"amd64"},"operation_type":"DELETED"}}"#,
        expect: &[
            ("agent.id", "007"),
            ("event.action", "DELETED"),
            ("event.category", "package"),
            ("event.type", "deletion"),
            ("host.hostname", "web1"),
            ("host.name", "web1"),
            ("package.architecture", "amd64"),
            ("package.name", "nginx"),
            ("package.version", "1.26.2-1"),
            ("roundsman.package.state", "removed"),
            ("wazuh.data.type", "dbsync_packages"),
        ],
    },
    Example { raw: r#"{"type":"dbsync_packages","data":{"name":"openssl""#, expect: &[] },
];
