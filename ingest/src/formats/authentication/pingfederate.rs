//! PingFederate: its audit log as pairs.

use std::sync::LazyLock;

use crate::formats::{Example, Format, LogSource, Reject, Structure};
use crate::{
    Event,
    envelope::Line,
    field,
    pairs::Pairs,
    scan::reject,
    table::{
        MILLISECOND, Table,
        To::{Destination, Duration, Source, Text, Url},
    },
    template,
};

/// PingFederate, see the module.
pub struct Pingfederate;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    Table::new(
        "pingfederate.",
        &[
            ("subject", Text(field::USER_NAME)),
            ("ip", Source),
            ("connectionid", Url),
            ("protocol", Text(field::NETWORK_PROTOCOL)),
            ("X-Forwarded-Host", Destination),
            ("event", Text(field::EVENT_ACTION)),
            ("description", Text(field::EVENT_REASON)),
            ("responsetime", Duration(MILLISECOND)),
        ],
    )
    .without(&["null", "NC"])
});

impl Format for Pingfederate {
    fn name(&self) -> &'static str {
        "pingfederate"
    }
    fn category(&self) -> &'static str {
        "authentication"
    }
    fn product(&self) -> &'static str {
        "PingFederate"
    }
    fn about(&self) -> &'static str {
        "audit.log of PingFederate in its pattern of pairs (docs.pingidentity.com, security audit logging)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "pingfederate", services: &["audit"] }
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["2"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        pairs(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (stamp, rest) = pairs(line.message).ok_or(reject("pingfederate_no_pairs"))?;
        event.set_stamp(field::TIMESTAMP, stamp);
        let [status, host] = TABLE.read_pairs(event, Pairs::new(rest), ["status", "pfhost"]);
        if !host.is_empty() {
            event.replace(field::HOST_NAME, host);
        }
        let outcome = match status {
            b"success" => "success",
            b"failure" => "failure",
            _ => "",
        };
        event.classify("authentication", "start", "", outcome);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The time, and the pairs that begin with the tracking id.
fn pairs(message: &[u8]) -> Option<(crate::envelope::Stamp, &[u8])> {
    let (stamp, len) = template::stamp(message)?;
    let rest = message[len..].trim_ascii_start();
    rest.starts_with(b"trackingid=\"").then_some((stamp, rest))
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"2026-11-22 09:14:07,024 trackingid="tid:ehyqnk7" transactionid="LyPg0" event="SSO" subject="anna" ip="203.0.113.66" connectionid="https://app.example.com/sso" protocol="SAML20" pfhost="pf1.example.com" role="IdP" status="failure" responsetime="12""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.024Z"),
            ("event.action", "SSO"),
            ("event.category", "authentication"),
            ("event.duration", "12000000"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("network.protocol", "SAML20"),
            ("pingfederate.pfhost", "pf1.example.com"),
            ("pingfederate.role", "IdP"),
            ("pingfederate.status", "failure"),
            ("pingfederate.trackingid", "tid:ehyqnk7"),
            ("pingfederate.transactionid", "LyPg0"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.domain", "app.example.com"),
            ("url.original", "https://app.example.com/sso"),
            ("url.path", "/sso"),
            ("url.scheme", "https"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "2026-11-22 09:14:07,024 track", expect: &[] },
];
