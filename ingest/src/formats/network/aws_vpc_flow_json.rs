//! Amazon VPC flow logs as JSON, as lakes and forwarders write them.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{All, Is, Peer},
        },
    },
};

/// The columns of a flow log as keys, in AWS's own spelling or in camel case.
pub static AWS_VPC_FLOW_JSON: JsonFormat = JsonFormat {
    name: "aws_vpc_flow_json",
    category: "network",
    product: "Amazon VPC flow logs (JSON)",
    about: "VPC flow log records as JSON objects (docs.aws.amazon.com, Flow log records)",
    logsource: LogSource { category: "firewall", product: "aws", services: &["vpcflow"] },
    keys: &[&["srcaddr", "dstaddr"], &["srcAddr", "dstAddr"], &["interface_id", "account_id", "log_status"]],
    own: "aws.vpcflow.",
    always: &[("cloud.provider", "aws")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("start", All(&["@timestamp", "event.start"])),
    ("end", Is("event.end")),
    ("account_id", Is("cloud.account.id")),
    ("accountId", Is("cloud.account.id")),
    ("account", Is("cloud.account.id")),
    ("interface_id", Is("observer.ingress.interface.name")),
    ("interfaceId", Is("observer.ingress.interface.name")),
    ("srcaddr", Peer("source")),
    ("srcAddr", Peer("source")),
    ("dstaddr", Peer("destination")),
    ("dstAddr", Peer("destination")),
    ("srcport", Is("source.port")),
    ("srcPort", Is("source.port")),
    ("dstport", Is("destination.port")),
    ("dstPort", Is("destination.port")),
    ("protocol", Is("network.transport")),
    ("packets", Is("source.packets")),
    ("bytes", Is("source.bytes")),
    ("action", Is("event.action")),
    ("flow_direction", Is("network.direction")),
    ("flowDirection", Is("network.direction")),
    ("region", Is("cloud.region")),
    ("instance_id", Is("cloud.instance.id")),
    ("instanceId", Is("cloud.instance.id")),
];

fn settle(event: &mut Event<'_>) {
    event.classify("network", "connection", "", "");
    let kind = match event.bytes(field::EVENT_ACTION).as_deref() {
        Some(b"ACCEPT") => "allowed",
        Some(b"REJECT") => "denied",
        _ => return,
    };
    event.set_static(field::EVENT_TYPE, kind);
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"version":5,"account_id":"123456789010","interface_id":"eni-0a1b","srcaddr":"203.0.113.66","dstaddr":"192.0.2.20","srcport":51515,"dstport":22,"protocol":6,"packets":3,"bytes":180,"start":1795338847,"end":1795338900,"action":"REJECT","log_status":"OK"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.start", "2026-11-22T09:14:07Z"),
            ("event.end", "2026-11-22T09:15:00Z"),
            ("cloud.account.id", "123456789010"),
            ("cloud.provider", "aws"),
            ("observer.ingress.interface.name", "eni-0a1b"),
            ("source.ip", "203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("source.port", "51515"),
            ("source.packets", "3"),
            ("source.bytes", "180"),
            ("destination.ip", "192.0.2.20"),
            ("destination.address", "192.0.2.20"),
            ("destination.port", "22"),
            ("network.transport", "tcp"),
            ("network.iana_number", "6"),
            ("event.action", "REJECT"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("aws.vpcflow.version", "5"),
            ("aws.vpcflow.log_status", "OK"),
        ],
    },
    Example { raw: r#"{"srcaddr":"203.0.113.66","dstaddr":"192.0"#, expect: &[] },
];
