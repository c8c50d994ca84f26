//! Access logs of Amazon's load balancers.

use std::sync::LazyLock;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{integer, reject, split},
    table::{Cells, Table, To},
    web::{set_request, split_port},
};

/// Application, classic and network load balancers.
pub struct AwsElb;

impl Format for AwsElb {
    fn name(&self) -> &'static str {
        "aws_elb"
    }
    fn category(&self) -> &'static str {
        "web"
    }
    fn product(&self) -> &'static str {
        "AWS Elastic Load Balancing"
    }
    fn about(&self) -> &'static str {
        "access logs of application, network and classic load balancers (docs.aws.amazon.com/elasticloadbalancing: load-balancer-access-logs, access-log-collection)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "webserver", product: "aws", services: &["elb"] }
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["http 2", "https 2", "h2 2", "grpcs 2", "ws 2", "wss 2", "tls 2.0 2", "20"])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        Kind::of(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let kind = Kind::of(line.message).ok_or(reject("load_balancer_columns"))?;
        let table = match kind {
            Kind::Application => &APPLICATION,
            Kind::Classic => &CLASSIC,
            Kind::Network => &NETWORK,
        };
        let [status] = table.read_cells(event, Cells::between(line.message, b' '), ["elb_status_code"]);
        match (kind, status.first()) {
            (Kind::Network, _) | (_, None | Some(b'-')) => event.classify("network", "connection", "", ""),
            (_, Some(b'4' | b'5')) => event.classify("web", "access", "", "failure"),
            _ => event.classify("web", "access", "", "success"),
        }
        event.set_static(field::OBSERVER_TYPE, "proxy");
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Application,
    Classic,
    Network,
}

impl Kind {
    fn of(message: &[u8]) -> Option<Kind> {
        let (first, rest) = split(message, b" ")?;
        // a client with its port, and the seconds that the balancer took, -1 where nothing answered
        let at = |column: usize| rest.split(|b| *b == b' ').nth(column).unwrap_or_default();
        let is_peer = |text: &[u8]| split_port(text).1.and_then(integer).is_some();
        let is_duration = |text: &[u8]| {
            let (whole, decimals) = split(text, b".").unwrap_or((text, b"0"));
            (text == b"-1" || text != whole) && integer(whole).is_some() && integer(decimals).is_some()
        };
        let took = |client: usize| (is_peer(at(client)) && is_duration(at(client + 2))).then_some(());
        match first {
            b"tls" => rest.starts_with(b"2.0 20").then_some(Kind::Network),
            b"http" | b"https" | b"h2" | b"grpcs" | b"ws" | b"wss" => {
                took(2).filter(|()| rest.starts_with(b"20")).map(|()| Kind::Application)
            }
            _ if first.len() == 27 && first[10] == b'T' && first[26] == b'Z' => took(1).map(|()| Kind::Classic),
            _ => None,
        }
    }
}

const REQUEST: To = To::With(set_request);

static APPLICATION: LazyLock<Table> = LazyLock::new(|| {
    Table::new(
        "aws.elb.",
        &[
            ("type", To::Own),
            ("time", To::Time(field::TIMESTAMP)),
            ("elb", To::Own),
            ("client", To::SourcePeer),
            ("target", To::DestinationPeer),
            ("request_processing_time", To::Own),
            ("target_processing_time", To::Own),
            ("response_processing_time", To::Own),
            ("elb_status_code", To::Number(field::HTTP_STATUS)),
            ("target_status_code", To::Own),
            ("received_bytes", To::Number(field::HTTP_REQUEST_BYTES)),
            ("sent_bytes", To::Number(field::HTTP_RESPONSE_BYTES)),
            ("request", REQUEST),
            ("user_agent", To::Text(field::USER_AGENT)),
            ("ssl_cipher", To::Text(field::TLS_CIPHER)),
            ("ssl_protocol", To::Own),
            ("target_group_arn", To::Own),
            ("trace_id", To::Own),
            ("domain_name", To::Text(field::TLS_SERVER_NAME)),
            ("chosen_cert_arn", To::Own),
            ("matched_rule_priority", To::Own),
            ("request_creation_time", To::Time(field::EVENT_START)),
            ("actions_executed", To::Text(field::EVENT_ACTION)),
            ("redirect_url", To::Own),
            ("error_reason", To::Text(field::EVENT_REASON)),
            ("target_port_list", To::Own),
            ("target_status_code_list", To::Own),
            ("classification", To::Own),
            ("classification_reason", To::Own),
            ("conn_trace_id", To::Own),
        ],
    )
    .without(&["-"])
});

static CLASSIC: LazyLock<Table> = LazyLock::new(|| {
    Table::new(
        "aws.elb.",
        &[
            ("time", To::Time(field::TIMESTAMP)),
            ("elb", To::Own),
            ("client", To::SourcePeer),
            ("backend", To::DestinationPeer),
            ("request_processing_time", To::Own),
            ("backend_processing_time", To::Own),
            ("response_processing_time", To::Own),
            ("elb_status_code", To::Number(field::HTTP_STATUS)),
            ("backend_status_code", To::Own),
            ("received_bytes", To::Number(field::HTTP_REQUEST_BYTES)),
            ("sent_bytes", To::Number(field::HTTP_RESPONSE_BYTES)),
            ("request", REQUEST),
            ("user_agent", To::Text(field::USER_AGENT)),
            ("ssl_cipher", To::Text(field::TLS_CIPHER)),
            ("ssl_protocol", To::Own),
        ],
    )
    .without(&["-"])
});

static NETWORK: LazyLock<Table> = LazyLock::new(|| {
    Table::new(
        "aws.elb.",
        &[
            ("type", To::Own),
            ("version", To::Own),
            ("time", To::Time(field::TIMESTAMP)),
            ("elb", To::Own),
            ("listener", To::Own),
            ("client", To::SourcePeer),
            ("destination", To::DestinationPeer),
            ("connection_time", To::Own),
            ("tls_handshake_time", To::Own),
            ("received_bytes", To::Number(field::SOURCE_BYTES)),
            ("sent_bytes", To::Number(field::DESTINATION_BYTES)),
            ("incoming_tls_alert", To::Own),
            ("chosen_cert_arn", To::Own),
            ("chosen_cert_serial", To::Own),
            ("tls_cipher", To::Text(field::TLS_CIPHER)),
            ("tls_protocol_version", To::Own),
            ("tls_named_group", To::Own),
            ("domain_name", To::Text(field::TLS_SERVER_NAME)),
        ],
    )
    .without(&["-"])
});

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"https 2026-11-22T09:14:07.186641Z app/shop-lb/50dc6c495c0c9188 203.0.113.66:2817 192.0.2.20:80 0.086 0.048 0.037 403 403 57 124 "GET https://shop.example.com:443/admin?x=1 HTTP/1.1" "curl/8.14.1" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/73e2d6bc24d8a067 "Root=1-58337281-1d84f3d73c47ec4e58577259" "shop.example.com" "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234" 1 2026-11-22T09:14:07.100000Z "forward" "-" "-" "192.0.2.20:80" "403" "-" "-""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.186641Z"),
            ("aws.elb.chosen_cert_arn", "arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234"),
            ("aws.elb.elb", "app/shop-lb/50dc6c495c0c9188"),
            ("aws.elb.matched_rule_priority", "1"),
            ("aws.elb.request_processing_time", "0.086"),
            ("aws.elb.response_processing_time", "0.037"),
            ("aws.elb.ssl_protocol", "TLSv1.2"),
            (
                "aws.elb.target_group_arn",
                "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/73e2d6bc24d8a067",
            ),
            ("aws.elb.target_port_list", "192.0.2.20:80"),
            ("aws.elb.target_processing_time", "0.048"),
            ("aws.elb.target_status_code", "403"),
            ("aws.elb.target_status_code_list", "403"),
            ("aws.elb.trace_id", "Root=1-58337281-1d84f3d73c47ec4e58577259"),
            ("aws.elb.type", "https"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("destination.port", "80"),
            ("event.action", "forward"),
            ("event.category", "web"),
            ("event.outcome", "failure"),
            ("event.start", "2026-11-22T09:14:07.1Z"),
            ("event.type", "access"),
            ("http.request.bytes", "57"),
            ("http.request.method", "GET"),
            ("http.response.bytes", "124"),
            ("http.response.status_code", "403"),
            ("http.version", "1.1"),
            ("observer.type", "proxy"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "2817"),
            ("tls.cipher", "ECDHE-RSA-AES128-GCM-SHA256"),
            ("tls.client.server_name", "shop.example.com"),
            ("url.domain", "shop.example.com"),
            ("url.original", "https://shop.example.com:443/admin?x=1"),
            ("url.path", "/admin"),
            ("url.port", "443"),
            ("url.query", "x=1"),
            ("url.scheme", "https"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example {
        raw: r#"2026-11-22T09:14:08.186641Z my-lb 203.0.113.66:2817 192.0.2.20:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/8.14.1" - -"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.186641Z"),
            ("aws.elb.backend_processing_time", "0.001048"),
            ("aws.elb.backend_status_code", "200"),
            ("aws.elb.elb", "my-lb"),
            ("aws.elb.request_processing_time", "0.000073"),
            ("aws.elb.response_processing_time", "0.000057"),
            ("destination.address", "192.0.2.20"),
            ("destination.ip", "192.0.2.20"),
            ("destination.port", "80"),
            ("event.category", "web"),
            ("event.outcome", "success"),
            ("event.type", "access"),
            ("http.request.bytes", "0"),
            ("http.request.method", "GET"),
            ("http.response.bytes", "29"),
            ("http.response.status_code", "200"),
            ("http.version", "1.1"),
            ("observer.type", "proxy"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "2817"),
            ("url.domain", "www.example.com"),
            ("url.original", "http://www.example.com:80/"),
            ("url.path", "/"),
            ("url.port", "80"),
            ("url.scheme", "http"),
            ("user_agent.original", "curl/8.14.1"),
        ],
    },
    Example {
        raw: "tls 2.0 2026-11-22T09:14:09 net/edge/c6e77e28c25b2234 g3d4b5e8bb8464cd 203.0.113.66:51341 192.0.2.20:443 5 2 98 246 - arn:aws:acm:eu-west-1:123456789012:certificate/2a108f19 - ECDHE-RSA-AES128-SHA tlsv12 - api.example.com - - -",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("aws.elb.chosen_cert_arn", "arn:aws:acm:eu-west-1:123456789012:certificate/2a108f19"),
            ("aws.elb.connection_time", "5"),
            ("aws.elb.elb", "net/edge/c6e77e28c25b2234"),
            ("aws.elb.listener", "g3d4b5e8bb8464cd"),
            ("aws.elb.tls_handshake_time", "2"),
            ("aws.elb.tls_protocol_version", "tlsv12"),
            ("aws.elb.type", "tls"),
            ("aws.elb.version", "2.0"),
            ("destination.address", "192.0.2.20"),
            ("destination.bytes", "246"),
            ("destination.ip", "192.0.2.20"),
            ("destination.port", "443"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("observer.type", "proxy"),
            ("source.address", "203.0.113.66"),
            ("source.bytes", "98"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "51341"),
            ("tls.cipher", "ECDHE-RSA-AES128-SHA"),
            ("tls.client.server_name", "api.example.com"),
        ],
    },
    Example {
        raw: "2026-11-22T09:14:07.641851Z 0 [Note] InnoDB: 5.7.10 started; log sequence number 2498872",
        expect: &[],
    },
    Example { raw: "http 2026", expect: &[] },
];
