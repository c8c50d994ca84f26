//! Palo Alto Networks' Strata Logging Service (Cortex Data Lake): PAN-OS logs as JSON.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Account, Is, Peer},
        },
    },
    table::verdict,
};

/// Logs that Strata Logging Service forwards.
pub static PANOS_JSON: JsonFormat = JsonFormat {
    name: "panos_json",
    category: "firewall",
    product: "Palo Alto Networks Strata Logging Service",
    about: "PAN-OS and Prisma Access logs as JSON (Strata Logging Service Schema Reference)",
    logsource: LogSource { category: "firewall", product: "paloalto", services: &["panos", "paloalto"] },
    keys: &[
        &["LogType", "SourceAddress", "DestinationAddress"],
        &["LogType", "Subtype", "ConfigVersion"],
        &["LogType", "DeviceSN", "TimeReceived"],
        &["LogType", "LogSourceID", "EventTime"],
    ],
    own: "panw.panos.",
    always: &[("observer.vendor", "Palo Alto Networks"), ("observer.product", "PAN-OS"), ("observer.type", "firewall")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("TimeGeneratedHighResolution", Is("@timestamp")),
    ("TimeGenerated", Is("@timestamp")),
    ("EventTime", Is("@timestamp")),
    ("SessionStartTime", Is("event.start")),
    ("SourceAddress", Peer("source")),
    ("PublicIPv4", Peer("source")),
    ("DestinationAddress", Peer("destination")),
    ("DNSResolverIP", Peer("destination")),
    ("SourcePort", Is("source.port")),
    ("DestinationPort", Is("destination.port")),
    ("NATSource", Is("source.nat.ip")),
    ("NATSourcePort", Is("source.nat.port")),
    ("NATDestination", Is("destination.nat.ip")),
    ("NATDestinationPort", Is("destination.nat.port")),
    ("SourceUser", Account("source.user")),
    ("Users", Account("source.user")),
    ("DestinationUser", Account("destination.user")),
    ("EndpointDeviceName", Is("source.domain")),
    ("Protocol", Is("network.transport")),
    ("Application", Is("network.application")),
    ("Action", Is("event.action")),
    ("Rule", Is("rule.name")),
    ("RuleUUID", Is("rule.uuid")),
    ("FromZone", Is("observer.ingress.zone")),
    ("ToZone", Is("observer.egress.zone")),
    ("InboundInterface", Is("observer.ingress.interface.name")),
    ("OutboundInterface", Is("observer.egress.interface.name")),
    ("DeviceSN", Is("observer.serial_number")),
    ("LogSourceID", Is("observer.serial_number")),
    ("DeviceName", Is("observer.name")),
    ("LogSourceName", Is("observer.name")),
    ("VendorSeverity", Is("log.level")),
    ("Bytes", Is("network.bytes")),
    ("BytesSent", Is("source.bytes")),
    ("BytesReceived", Is("destination.bytes")),
    ("PacketsTotal", Is("network.packets")),
    ("PacketsSent", Is("source.packets")),
    ("PacketsReceived", Is("destination.packets")),
    ("SessionEndReason", Is("event.reason")),
    ("EventDescription", Is("event.reason")),
    ("EventName", Is("event.code")),
    ("FileName", Is("file.name")),
    ("FileHash", Is("file.hash.sha256")),
    ("FileType", Is("file.type")),
    ("URLDomain", Is("url.domain")),
    ("URLCategory", Is("rule.category")),
    ("HTTPMethod", Is("http.request.method")),
    ("Referer", Is("http.request.referrer")),
    ("UserAgent", Is("user_agent.original")),
    ("DNSResponse", Is("panw.panos.dns_response")),
];

fn settle(event: &mut Event<'_>) {
    let said = |name: &str| crate::json::format::said(event, name).unwrap_or_default().to_ascii_uppercase();
    let (kind, status) = (said("panw.panos.LogType"), said("panw.panos.EventStatus"));
    let allowed = event.bytes(field::EVENT_ACTION).map_or("", |action| verdict(&action));
    match &*kind {
        b"SYSTEM" => return event.classify("host", "info", "", ""),
        b"CONFIG" => return event.classify("configuration", "change", "", ""),
        b"AUTH" | b"AUTHENTICATION" | b"GLOBALPROTECT" => {
            let outcome = match &*status {
                b"SUCCESS" => "success",
                b"FAILURE" => "failure",
                _ => "",
            };
            return event.classify("authentication", "start", "", outcome);
        }
        b"THREAT" | b"URL" | b"FILE" | b"DNS" => {
            event.set_static(field::EVENT_KIND, "alert");
            event.classify("intrusion_detection", "", "", "");
            event.set_static(field::EVENT_CATEGORY, "network");
        }
        _ => event.classify("network", "connection", "", ""),
    }
    if !allowed.is_empty() {
        event.set_static(field::EVENT_TYPE, allowed);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"LogType":"TRAFFIC","Subtype":"end","ConfigVersion":"10.1","TimeGenerated":"2026-11-22T09:14:07.000000Z","DeviceSN":"007951000012345","DeviceName":"fw1","SourceAddress":"192.0.2.17","DestinationAddress":"198.51.100.80","NATSource":"203.0.113.9","NATSourcePort":40001,"Rule":"Internet access","RuleUUID":"d0422b3b-0000-4916-8b97-524c32780f90","SourceUser":"example\\ann","Application":"ssl","FromZone":"trust","ToZone":"untrust","SourcePort":51515,"DestinationPort":443,"Protocol":"tcp","Action":"allow","Bytes":85941,"BytesSent":4711,"BytesReceived":81230,"SessionEndReason":"tcp-fin"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("panw.panos.LogType", "TRAFFIC"),
            ("panw.panos.Subtype", "end"),
            ("panw.panos.ConfigVersion", "10.1"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("source.port", "51515"),
            ("destination.port", "443"),
            ("source.nat.ip", "203.0.113.9"),
            ("source.nat.port", "40001"),
            ("source.user.name", "ann"),
            ("source.user.domain", "example"),
            ("network.transport", "tcp"),
            ("network.application", "ssl"),
            ("event.action", "allow"),
            ("rule.name", "Internet access"),
            ("rule.uuid", "d0422b3b-0000-4916-8b97-524c32780f90"),
            ("observer.ingress.zone", "trust"),
            ("observer.egress.zone", "untrust"),
            ("observer.serial_number", "007951000012345"),
            ("observer.name", "fw1"),
            ("network.bytes", "85941"),
            ("source.bytes", "4711"),
            ("destination.bytes", "81230"),
            ("event.reason", "tcp-fin"),
            ("observer.vendor", "Palo Alto Networks"),
            ("observer.product", "PAN-OS"),
            ("observer.type", "firewall"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "allowed"),
        ],
    },
    Example {
        raw: r#"{"LogType":"THREAT","Subtype":"vulnerability","ConfigVersion":"10.1","TimeGenerated":"2026-11-22T09:16:00Z","SourceAddress":"203.0.113.66","DestinationAddress":"192.0.2.20","SourcePort":40001,"DestinationPort":22,"Protocol":"tcp","Action":"reset-both","VendorSeverity":"High","DeviceName":"fw1"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:16:00Z"),
            ("panw.panos.LogType", "THREAT"),
            ("panw.panos.Subtype", "vulnerability"),
            ("panw.panos.ConfigVersion", "10.1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("source.port", "40001"),
            ("destination.port", "22"),
            ("network.transport", "tcp"),
            ("event.action", "reset-both"),
            ("observer.name", "fw1"),
            ("log.level", "High"),
            ("observer.vendor", "Palo Alto Networks"),
            ("observer.product", "PAN-OS"),
            ("observer.type", "firewall"),
            ("event.kind", "alert"),
            ("event.category", "intrusion_detection"),
            ("event.category", "network"),
            ("event.type", "denied"),
        ],
    },
    Example {
        raw: r#"{"LogType":"GLOBALPROTECT","Subtype":"globalprotect","ConfigVersion":"10.1","EventTime":"2026-11-22T09:25:00Z","EventStatus":"failure","PublicIPv4":"203.0.113.66","SourceUser":"example\\b.jones","LogSourceName":"fw1"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:25:00Z"),
            ("panw.panos.LogType", "GLOBALPROTECT"),
            ("panw.panos.Subtype", "globalprotect"),
            ("panw.panos.ConfigVersion", "10.1"),
            ("panw.panos.EventStatus", "failure"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.user.name", "b.jones"),
            ("source.user.domain", "example"),
            ("observer.name", "fw1"),
            ("observer.vendor", "Palo Alto Networks"),
            ("observer.product", "PAN-OS"),
            ("observer.type", "firewall"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: r#"{"LogType":"SYSTEM","Subtype":"general","ConfigVersion":"10.1","EventTime":"2026-11-22T09:30:00Z","LogSourceID":"007951000012345","LogSourceName":"fw1","EventName":"general","VendorSeverity":"Informational","EventDescription":"Installed contents package"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:30:00Z"),
            ("panw.panos.LogType", "SYSTEM"),
            ("panw.panos.Subtype", "general"),
            ("panw.panos.ConfigVersion", "10.1"),
            ("observer.serial_number", "007951000012345"),
            ("observer.name", "fw1"),
            ("log.level", "Informational"),
            ("event.reason", "Installed contents package"),
            ("event.code", "general"),
            ("observer.vendor", "Palo Alto Networks"),
            ("observer.product", "PAN-OS"),
            ("observer.type", "firewall"),
            ("event.category", "host"),
            ("event.type", "info"),
        ],
    },
    Example { raw: r#"{"LogType":"TRAFFIC","Subtype":"end","ConfigVersion":"#, expect: &[] },
];
