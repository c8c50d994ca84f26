//! Azure Network Watcher: flow logs of virtual networks and of security groups, a flow per record.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{Row, Table, To::Is},
    },
    scan::{integer, set_destination, set_number, set_source},
    table::set_transport,
    time,
};

/// Flow tuples behind their group's head: `1795338847250,192.0.2.17,203.0.113.80,51515,443,6,O,B,NX,0,0,0,0`.
pub static AZURE_FLOW: JsonFormat = JsonFormat {
    name: "azure_flow",
    category: "network",
    product: "Azure Network Watcher",
    about: "flow logs of Azure Network Watcher, version 2 and virtual networks' 4 (learn.microsoft.com, Flow logging)",
    logsource: LogSource { category: "firewall", product: "azure", services: &["flowlogs"] },
    keys: &[&["flow.0", "macAddress"], &["flow.0", "rule"], &["flowLogVersion", "operationName", "macAddress"]],
    own: "azure.flow.",
    always: &[("cloud.provider", "azure")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("time", Is("@timestamp")),
    ("operationName", Is("event.code")),
    ("macAddress", Is("observer.mac")),
    ("rule", Is("rule.name")),
    ("aclID", Is("rule.ruleset")),
    ("resourceId", Is("cloud.resource_id")),
];

fn settle(event: &mut Event<'_>) {
    event.classify("network", "connection", "", "");
    let Some(tuple) = said(event, "azure.flow.flow.0") else { return };
    let cells: Vec<&[u8]> = tuple.split(|b| *b == b',').collect();
    let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
    if let Some(stamp) = time::read(cell(0)) {
        event.set_stamp(field::TIMESTAMP, stamp);
    }
    set_source(event, cell(1));
    set_destination(event, cell(2));
    set_number(event, field::SOURCE_PORT, cell(3));
    set_number(event, field::DESTINATION_PORT, cell(4));
    match cell(5) {
        b"T" => set_transport(event, b"tcp"),
        b"U" => set_transport(event, b"udp"),
        number => set_transport(event, number),
    }
    match cell(6) {
        b"I" => event.set_static(field::NETWORK_DIRECTION, "inbound"),
        b"O" => event.set_static(field::NETWORK_DIRECTION, "outbound"),
        _ => {}
    }
    let virtual_network = integer(cell(5)).is_some();
    let denied = if virtual_network { cell(7) == b"D" } else { cell(7) == b"D" || cell(7) == b"deny" };
    event.set_static(field::EVENT_TYPE, if denied { "denied" } else { "allowed" });
    // behind the state of version 4 stands whether the flow was encrypted
    let counts = cells.len().checked_sub(4).filter(|from| *from >= 8);
    let Some(from) = counts else { return };
    for (at, field) in
        [field::SOURCE_PACKETS, field::SOURCE_BYTES, field::DESTINATION_PACKETS, field::DESTINATION_BYTES]
            .into_iter()
            .enumerate()
    {
        set_number(event, field, cell(from + at));
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"time":"2026-11-22T09:15:00.000000+00:00","flowLogVersion":4,"macAddress":"00005E005317","operationName":"FlowLogFlowEvent","aclID":"acl-1","rule":"AllowWebOut","flow.0":"1795338847250,192.0.2.17,203.0.113.80,51515,443,6,O,E,NX,2,300,3,400"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.code", "FlowLogFlowEvent"),
            ("observer.mac", "00005E005317"),
            ("rule.name", "AllowWebOut"),
            ("rule.ruleset", "acl-1"),
            ("cloud.provider", "azure"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("source.port", "51515"),
            ("source.packets", "2"),
            ("source.bytes", "300"),
            ("destination.ip", "203.0.113.80"),
            ("destination.address", "203.0.113.80"),
            ("destination.port", "443"),
            ("destination.packets", "3"),
            ("destination.bytes", "400"),
            ("network.transport", "tcp"),
            ("network.iana_number", "6"),
            ("network.direction", "outbound"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
            ("azure.flow.flowLogVersion", "4"),
            ("azure.flow.flow.0", "1795338847250,192.0.2.17,203.0.113.80,51515,443,6,O,E,NX,2,300,3,400"),
        ],
    },
    Example { raw: r#"{"flowLogVersion":4,"macAddress":"00005E005317","flow.0":"1795338847250,192"#, expect: &[] },
];
