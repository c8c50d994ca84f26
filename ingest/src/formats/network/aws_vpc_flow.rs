//! Amazon VPC flow logs as text.

use std::sync::LazyLock;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{first_word, integer, ip, reject},
    table::{Table, To, set_transport},
};

/// VPC flow logs in the default format, and with the columns that versions 3 to 5 put behind it.
pub struct AwsVpcFlow;

const OWN: &str = "aws.vpcflow.";

impl Format for AwsVpcFlow {
    fn name(&self) -> &'static str {
        "aws_vpc_flow"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "Amazon VPC flow logs"
    }
    fn about(&self) -> &'static str {
        "VPC flow log records, version 2 to 5, in AWS's order of columns (docs.aws.amazon.com, Flow log records)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "firewall", product: "aws", services: &["vpcflow"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" ACCEPT OK", " REJECT OK", " - NODATA", " - SKIPDATA"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let mut words = message.split(|b| *b == b' ');
        let version = words.next().and_then(integer).is_some_and(|version| (2..=9).contains(&version));
        let account = words
            .next()
            .is_some_and(|account| account == b"unknown" || account.len() == 12 && integer(account).is_some());
        version && account && words.next().is_some_and(|interface| interface.starts_with(b"eni-") || interface == b"-")
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if !self.recognises(line.message) {
            return Err(reject("vpc_flow_no_record"));
        }
        let mut rest = line.message.trim_ascii();
        for column in COLUMNS {
            let (word, after) = first_word(rest);
            if word.is_empty() {
                break;
            }
            TABLE.set(event, column.as_bytes(), word);
            rest = after;
        }
        let accepted = event.bytes(field::EVENT_ACTION).map(|action| &*action == b"ACCEPT");
        event.classify("network", "connection", "", "");
        match accepted {
            Some(true) => event.set_static(field::EVENT_TYPE, "allowed"),
            Some(false) => event.set_static(field::EVENT_TYPE, "denied"),
            None => {}
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

const COLUMNS: [&str; 29] = [
    "version",
    "account_id",
    "interface_id",
    "srcaddr",
    "dstaddr",
    "srcport",
    "dstport",
    "protocol",
    "packets",
    "bytes",
    "start",
    "end",
    "action",
    "log_status",
    "vpc_id",
    "subnet_id",
    "instance_id",
    "tcp_flags",
    "type",
    "pkt_srcaddr",
    "pkt_dstaddr",
    "region",
    "az_id",
    "sublocation_type",
    "sublocation_id",
    "pkt_src_aws_service",
    "pkt_dst_aws_service",
    "flow_direction",
    "traffic_path",
];

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::new(
        OWN,
        &[
            ("account_id", To::Text(field::CLOUD_ACCOUNT_ID)),
            ("interface_id", To::Text(field::OBSERVER_INGRESS_INTERFACE_NAME)),
            ("srcaddr", To::Source),
            ("dstaddr", To::Destination),
            ("srcport", To::Number(field::SOURCE_PORT)),
            ("dstport", To::Number(field::DESTINATION_PORT)),
            ("protocol", To::With(set_transport)),
            ("packets", To::All(&[To::Number(field::SOURCE_PACKETS), To::Number(field::NETWORK_PACKETS)])),
            ("bytes", To::All(&[To::Number(field::SOURCE_BYTES), To::Number(field::NETWORK_BYTES)])),
            ("start", To::All(&[To::Time(field::TIMESTAMP), To::Time(field::EVENT_START)])),
            ("end", To::Time(field::EVENT_END)),
            ("action", To::Text(field::EVENT_ACTION)),
            ("type", To::Lower(field::NETWORK_TYPE)),
            ("pkt_srcaddr", To::With(packet_source)),
            ("pkt_dstaddr", To::With(packet_destination)),
            ("region", To::Text(field::CLOUD_REGION)),
            ("instance_id", To::Text(field::CLOUD_INSTANCE_ID)),
            ("flow_direction", To::Lower(field::NETWORK_DIRECTION)),
        ],
    )
    .without(&["-"])
});

/// Where a gateway translated, the packet's own address differs from the interface's.
fn packet_source(event: &mut Event<'_>, text: &[u8]) {
    if ip(text).is_some() && event.bytes(field::SOURCE_IP).as_deref() != Some(text) {
        event.set(field::SOURCE_NAT_IP, text);
    }
}

fn packet_destination(event: &mut Event<'_>, text: &[u8]) {
    if ip(text).is_some() && event.bytes(field::DESTINATION_IP).as_deref() != Some(text) {
        event.set(field::DESTINATION_NAT_IP, text);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2 123456789010 eni-0a1b2c3d4e5f60718 203.0.113.66 192.0.2.20 51515 22 6 3 180 1795338847 1795338900 REJECT OK",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.start", "2026-11-22T09:14:07Z"),
            ("event.end", "2026-11-22T09:15:00Z"),
            ("cloud.account.id", "123456789010"),
            ("observer.ingress.interface.name", "eni-0a1b2c3d4e5f60718"),
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
            ("network.packets", "3"),
            ("network.bytes", "180"),
            ("event.action", "REJECT"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("aws.vpcflow.version", "2"),
            ("aws.vpcflow.log_status", "OK"),
        ],
    },
    Example { raw: "2 short eni-0a1b2c3d4e5f60718 203.0.113.66 ACCEPT OK", expect: &[] },
];
