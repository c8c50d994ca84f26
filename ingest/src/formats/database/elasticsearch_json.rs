//! Elasticsearch's JSON logs: server, deprecation, slow logs, audit.

use crate::{
    Event, Field, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{All, Is, Peer},
        },
    },
};

/// Elasticsearch's JSON logs: server, deprecation, slow logs, audit.
pub static ELASTICSEARCH_JSON: JsonFormat = JsonFormat {
    name: "elasticsearch_json",
    category: "database",
    product: "Elasticsearch, OpenSearch",
    about: "JSON log lines of every type (Elastic: Elasticsearch application logs; Audit event types; Slow logs)",
    logsource: LogSource { category: "database", product: "elasticsearch", services: &["elasticsearch"] },
    keys: &[
        &["type", "timestamp", "cluster.name", "node.name"],
        &["type=audit", "event.action"],
        &["event.type", "event.action", "origin.type"],
        &["event.type", "event.action", "node.id"],
        &["ecs.version", "elasticsearch.cluster.name"],
        &["ecs.version", "service.name=ES_ECS"],
        &["@timestamp", "log.logger", "elasticsearch.node.name"],
        &["@timestamp", "elasticsearch.slowlog.took"],
        &["@timestamp", "cluster.uuid", "node.id", "log.logger"],
        &["type=server", "level", "component"],
        &["type=deprecation", "level", "component"],
        &["type=index_search_slowlog", "level"],
        &["type=index_indexing_slowlog", "level"],
    ],
    own: "elasticsearch.",
    always: &[],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("@timestamp", Is("@timestamp")),
    ("level", Is("log.level")),
    ("log.level", Is("log.level")),
    ("component", Is("log.logger")),
    ("log.logger", Is("log.logger")),
    ("message", Is("message")),
    ("elasticsearch.slowlog.message", Is("message")),
    ("process.thread.name", Is("process.thread.name")),
    ("service.name", Is("service.name")),
    ("node.name", All(&["elasticsearch.node.name", "host.name"])),
    ("elasticsearch.node.name", All(&["elasticsearch.node.name", "host.name"])),
    ("event.code", Is("event.code")),
    ("event.action", Is("event.action")),
    ("event.type", Is("elasticsearch.audit.layer")),
    ("user.name", Is("user.name")),
    ("user.run_as.name", Is("user.effective.name")),
    ("origin.address", Peer("source")),
    ("request.id", Is("http.request.id")),
    ("request.method", Is("http.request.method")),
    ("request.body", Is("http.request.body.content")),
    ("url.path", Is("url.path")),
    ("url.query", Is("url.query")),
    ("trace.id", Is("trace.id")),
    ("took_millis", Is("elasticsearch.slowlog.took_millis")),
    ("elasticsearch.slowlog.took_millis", Is("elasticsearch.slowlog.took_millis")),
    ("stacktrace", Is("error.stack_trace")),
    ("error.type", Is("error.type")),
    ("error.message", Is("error.message")),
    ("error.stack_trace", Is("error.stack_trace")),
];

fn settle(event: &mut Event<'_>) {
    if let Some(path) = said(event, "url.path") {
        let query = said(event, "url.query").map_or(Vec::new(), |query| [b"?", query.as_slice()].concat());
        event.set(field::URL_ORIGINAL, &[path, query].concat());
    }
    let took = Field::intern("elasticsearch.slowlog.took_millis").and_then(|took| event.int(took));
    if let Some(millis) = took {
        event.set_int(field::EVENT_DURATION, millis.saturating_mul(1_000_000));
    }
    strip_index(event);
    let action = said(event, "event.action").unwrap_or_default();
    match action.as_slice() {
        b"authentication_failed" | b"realm_authentication_failed" | b"anonymous_access_denied" => {
            event.classify("authentication", "start", "", "failure");
        }
        b"authentication_success" => event.classify("authentication", "start", "", "success"),
        b"access_granted" | b"run_as_granted" | b"connection_granted" => {
            event.classify("database", "access", "", "success")
        }
        b"access_denied" | b"run_as_denied" | b"connection_denied" | b"tampered_request" => {
            event.classify("database", "access", "", "failure");
        }
        _ => {
            let failed = matches!(said(event, "log.level").as_deref(), Some(b"ERROR" | b"FATAL"));
            event.classify("database", if failed { "error" } else { "info" }, "", "");
        }
    }
}

/// Server messages about an index begin with it: `[orders] creating index`.
fn strip_index(event: &mut Event<'_>) {
    let deprecation =
        said(event, "log.logger").is_none_or(|logger| logger.windows(4).any(|part| part == b".dep" || part == b"e.d."));
    let Some(message) = said(event, "message").filter(|_| !deprecation) else { return };
    let index = message.strip_prefix(b"[").and_then(|rest| crate::scan::split(rest, b"] "));
    if let (Some((index, rest)), Some(field)) = (index, Field::intern("elasticsearch.index.name"))
        && !index.is_empty()
        && !index.contains(&b' ')
    {
        event.set(field, index);
        event.replace(field::MESSAGE, rest);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"type": "server", "timestamp": "2026-11-22T09:14:07,250+0100", "level": "INFO", "component": "o.e.p.PluginsService", "cluster.name": "shop", "node.name": "es1",  "message": "loaded module [x-pack-upgrade]"  }"#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.25Z"),
            ("elasticsearch.cluster.name", "shop"),
            ("elasticsearch.node.name", "es1"),
            ("elasticsearch.type", "server"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("host.name", "es1"),
            ("log.level", "INFO"),
            ("log.logger", "o.e.p.PluginsService"),
            ("message", "loaded module [x-pack-upgrade]"),
        ],
    },
    Example {
        raw: r#"{"@timestamp":"2026-11-22T09:14:07.250Z", "log.level": "WARN",  "message":"Field parameter [strategy] is deprecated", "ecs.version": "1.2.0","service.name":"ES_ECS","event.dataset":"elasticsearch.deprecation","process.thread.name":"elasticsearch[es1][clusterApplierService#updateTask][T#1]","log.logger":"org.elasticsearch.deprecation.index.mapper","elasticsearch.node.name":"es1","elasticsearch.cluster.name":"shop"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("elasticsearch.ecs.version", "1.2.0"),
            ("elasticsearch.elasticsearch.cluster.name", "shop"),
            ("elasticsearch.event.dataset", "elasticsearch.deprecation"),
            ("elasticsearch.node.name", "es1"),
            ("event.category", "database"),
            ("event.type", "info"),
            ("host.name", "es1"),
            ("log.level", "WARN"),
            ("log.logger", "org.elasticsearch.deprecation.index.mapper"),
            ("message", "Field parameter [strategy] is deprecated"),
            ("process.thread.name", "elasticsearch[es1][clusterApplierService#updateTask][T#1]"),
            ("service.name", "ES_ECS"),
        ],
    },
    Example {
        raw: r#"{"type":"audit", "timestamp":"2026-11-22T09:14:07,250+0000", "node.id":"MA2xjPZLSvmif8VZ86OJZw", "event.type":"rest", "event.action":"authentication_failed", "user.name":"b.jones", "origin.type":"rest", "origin.address":"203.0.113.66:51515", "url.path":"/_security/_authenticate", "request.method":"GET", "request.id":"YhpBByKQTvSJfqCmMyWtXg"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("elasticsearch.audit.layer", "rest"),
            ("elasticsearch.node.id", "MA2xjPZLSvmif8VZ86OJZw"),
            ("elasticsearch.origin.type", "rest"),
            ("elasticsearch.type", "audit"),
            ("event.action", "authentication_failed"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("http.request.id", "YhpBByKQTvSJfqCmMyWtXg"),
            ("http.request.method", "GET"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51515"),
            ("url.original", "/_security/_authenticate"),
            ("url.path", "/_security/_authenticate"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: r#"{"type": "index_search_slowlog", "timestamp": "2026-11-22T09:14:07,250+01:00", "level": "WARN", "component": "i.s.s.query", "cluster.name": "shop", "node.name": "es1", "message": "[orders][0]", "took": "17.9ms", "took_millis": "17", "total_hits": "3 hits"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.25Z"),
            ("elasticsearch.cluster.name", "shop"),
            ("elasticsearch.node.name", "es1"),
            ("elasticsearch.slowlog.took_millis", "17"),
            ("elasticsearch.took", "17.9ms"),
            ("elasticsearch.total_hits", "3 hits"),
            ("elasticsearch.type", "index_search_slowlog"),
            ("event.category", "database"),
            ("event.duration", "17000000"),
            ("event.type", "info"),
            ("host.name", "es1"),
            ("log.level", "WARN"),
            ("log.logger", "i.s.s.query"),
            ("message", "[orders][0]"),
        ],
    },
    Example {
        raw: r#"{"type": "server", "timestamp": "2026-11-22T09:14:07,250+0100", "level": "INFO", "cluster.name": "shop", "node.name":"#,
        expect: &[],
    },
];
