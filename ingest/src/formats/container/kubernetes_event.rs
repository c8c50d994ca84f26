//! Kubernetes' events.

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

/// Kubernetes' events.
pub static KUBERNETES_EVENT: JsonFormat = JsonFormat {
    name: "kubernetes_event",
    category: "container",
    product: "Kubernetes",
    about: "events of pods, nodes and other objects, as kubectl, exporters and Google's logging write them (Kubernetes API: Event v1)",
    logsource: LogSource { category: "application", product: "kubernetes", services: &["event"] },
    keys: &[
        &["kind=Event", "involvedObject", "reason"],
        &["involvedObject.kind", "reason", "type"],
        &["jsonPayload.kind=Event", "jsonPayload.reason"],
        &["involvedObject", "reason", "message"],
    ],
    own: "kubernetes.event.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("lastTimestamp", Is("@timestamp")),
    ("eventTime", Is("@timestamp")),
    ("firstTimestamp", Is("event.start")),
    ("metadata.creationTimestamp", Is("@timestamp")),
    ("reason", Is("event.action")),
    ("message", All(&["message", "event.reason"])),
    ("type", Is("log.level")),
    ("involvedObject.kind", Is("orchestrator.resource.type")),
    ("involvedObject.name", Is("orchestrator.resource.name")),
    ("involvedObject.namespace", Is("orchestrator.namespace")),
    ("source.host", Is("host.name")),
    ("source.component", Is("service.name")),
    ("jsonPayload.lastTimestamp", Is("@timestamp")),
    ("timestamp", Is("@timestamp")),
    ("jsonPayload.metadata.creationTimestamp", Is("@timestamp")),
    ("jsonPayload.reason", Is("event.action")),
    ("jsonPayload.message", All(&["message", "event.reason"])),
    ("jsonPayload.type", Is("log.level")),
    ("jsonPayload.involvedObject.kind", Is("orchestrator.resource.type")),
    ("jsonPayload.involvedObject.name", Is("orchestrator.resource.name")),
    ("jsonPayload.involvedObject.namespace", Is("orchestrator.namespace")),
    ("jsonPayload.source.host", Is("host.name")),
    ("jsonPayload.source.component", Is("service.name")),
];

fn settle(event: &mut Event<'_>) {
    let warning = said(event, "log.level").as_deref() == Some(b"Warning");
    event.set_static(field::EVENT_TYPE, if warning { "error" } else { "info" });
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"kind":"Event","apiVersion":"v1","metadata":{"name":"web-0.16f4","namespace":"shop","creationTimestamp":"2026-11-22T09:14:07Z"},"involvedObject":{"kind":"Pod","namespace":"shop","name":"web-0"},"reason":"BackOff","message":"Back-off restarting failed container","source":{"component":"kubelet","host":"node1"},"firstTimestamp":"2026-11-22T09:10:07Z","lastTimestamp":"2026-11-22T09:14:07Z","count":7,"type":"Warning"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "BackOff"),
            ("event.reason", "Back-off restarting failed container"),
            ("event.start", "2026-11-22T09:10:07Z"),
            ("event.type", "error"),
            ("host.name", "node1"),
            ("kubernetes.event.apiVersion", "v1"),
            ("kubernetes.event.count", "7"),
            ("kubernetes.event.kind", "Event"),
            ("kubernetes.event.metadata.creationTimestamp", "2026-11-22T09:14:07Z"),
            ("kubernetes.event.metadata.name", "web-0.16f4"),
            ("kubernetes.event.metadata.namespace", "shop"),
            ("log.level", "Warning"),
            ("message", "Back-off restarting failed container"),
            ("orchestrator.namespace", "shop"),
            ("orchestrator.resource.name", "web-0"),
            ("orchestrator.resource.type", "Pod"),
            ("service.name", "kubelet"),
        ],
    },
    Example {
        raw: r#"{"kind":"Event","apiVersion":"v1","involvedObject":{"kind":"Pod"},"reason":"BackOff"#,
        expect: &[],
    },
];
