//! Suricata's events as JSON (EVE).

use crate::{
    Event, Value, field,
    formats::{Example, LogSource},
    json::{
        format::{Class, JsonFormat, classify, said},
        table::{
            Row, Table,
            To::{All, Is, Peer, Url},
        },
    },
    scan::ip,
};

/// EVE: alerts, flows, and what each protocol's parser saw.
pub static SURICATA: JsonFormat = JsonFormat {
    name: "suricata",
    category: "network",
    product: "Suricata",
    about: "Suricata's EVE JSON of every event type (docs.suricata.io, EVE JSON Format)",
    logsource: LogSource { category: "", product: "suricata", services: &["suricata"] },
    keys: &[
        &["event_type", "timestamp", "flow_id"],
        &["event_type=stats", "stats.uptime"],
        &["event_type", "timestamp", "src_ip", "dest_ip", "proto"],
        &["event_type", "timestamp", "in_iface"],
        &["alert.signature_id", "timestamp", "src_ip", "dest_ip"],
        &["flow_id", "timestamp", "src_ip", "dest_ip", "proto"],
        &["event_type=engine", "timestamp"],
        &["event_type=drop", "drop"],
    ],
    own: "suricata.",
    always: &[("observer.vendor", "OISF"), ("observer.product", "Suricata"), ("observer.type", "ids")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("timestamp", Is("@timestamp")),
    ("src_ip", Peer("source")),
    ("src_port", Is("source.port")),
    ("dest_ip", Peer("destination")),
    ("dest_port", Is("destination.port")),
    ("proto", Is("network.transport")),
    ("app_proto", Is("network.protocol")),
    ("in_iface", Is("observer.ingress.interface.name")),
    ("out_iface", Is("observer.egress.interface.name")),
    ("host", Is("observer.hostname")),
    ("sensor_name", Is("observer.name")),
    ("vlan", Is("network.vlan.id")),
    ("community_id", Is("network.community_id")),
    ("ether.src_mac", Is("source.mac")),
    ("ether.dest_mac", Is("destination.mac")),
    ("direction", Is("network.direction")),
    // alert
    ("alert.signature_id", Is("rule.id")),
    ("alert.signature", All(&["rule.name", "message"])),
    ("alert.category", Is("rule.category")),
    ("alert.severity", Is("event.severity")),
    ("alert.rule", Is("rule.description")),
    ("alert.rev", Is("rule.version")),
    ("drop.reason", Is("event.reason")),
    // flow, netflow
    ("flow.pkts_toserver", Is("source.packets")),
    ("flow.pkts_toclient", Is("destination.packets")),
    ("flow.bytes_toserver", Is("source.bytes")),
    ("flow.bytes_toclient", Is("destination.bytes")),
    ("flow.start", Is("event.start")),
    ("flow.end", Is("event.end")),
    ("flow.reason", Is("event.reason")),
    ("netflow.pkts", Is("source.packets")),
    ("netflow.bytes", Is("source.bytes")),
    ("netflow.start", Is("event.start")),
    ("netflow.end", Is("event.end")),
    // anomaly
    ("anomaly.event", Is("event.action")),
    // http
    ("http.hostname", All(&["url.domain", "destination.domain"])),
    ("http.http_port", Is("url.port")),
    ("http.url", Url),
    ("http.http_user_agent", Is("user_agent.original")),
    ("http.http_method", Is("http.request.method")),
    ("http.http_refer", Is("http.request.referrer")),
    ("http.http_content_type", Is("http.response.mime_type")),
    ("http.status", Is("http.response.status_code")),
    ("http.length", Is("http.response.body.bytes")),
    // dns
    ("dns.id", Is("dns.id")),
    ("dns.type", Is("dns.type")),
    ("dns.rcode", Is("dns.response_code")),
    ("dns.rrname", Is("dns.question.name")),
    ("dns.queries.rrname", Is("dns.question.name")),
    ("dns.query.rrname", Is("dns.question.name")),
    ("dns.rrtype", Is("dns.question.type")),
    ("dns.queries.rrtype", Is("dns.question.type")),
    ("dns.query.rrtype", Is("dns.question.type")),
    ("dns.query.id", Is("dns.id")),
    ("dns.query.type", Is("dns.type")),
    ("dns.answers.rdata", Is("dns.answers.data")),
    ("dns.answer.rdata", Is("dns.answers.data")),
    ("dns.rdata", Is("dns.answers.data")),
    ("dns.answers.rrname", Is("dns.answers.name")),
    ("dns.answers.rrtype", Is("dns.answers.type")),
    ("dns.answers.ttl", Is("dns.answers.ttl")),
    ("dns.ttl", Is("dns.answers.ttl")),
    // tls
    ("tls.sni", All(&["tls.client.server_name", "destination.domain"])),
    ("tls.subject", Is("tls.server.subject")),
    ("tls.issuerdn", Is("tls.server.issuer")),
    ("tls.serial", Is("tls.server.x509.serial_number")),
    ("tls.notbefore", All(&["tls.server.not_before", "tls.server.x509.not_before"])),
    ("tls.notafter", All(&["tls.server.not_after", "tls.server.x509.not_after"])),
    ("tls.session_resumed", Is("tls.resumed")),
    ("tls.ja3.hash", Is("tls.client.ja3")),
    ("tls.ja3s.hash", Is("tls.server.ja3s")),
    // files
    ("fileinfo.filename", Is("file.path")),
    ("fileinfo.size", Is("file.size")),
    ("fileinfo.md5", Is("file.hash.md5")),
    ("fileinfo.sha1", Is("file.hash.sha1")),
    ("fileinfo.sha256", Is("file.hash.sha256")),
    ("fileinfo.mimetype", Is("file.mime_type")),
    // other protocols
    ("ssh.client.software_version", Is("suricata.ssh.client.software_version")),
    ("smb.filename", Is("file.path")),
    ("smb.ntlmssp.user", Is("user.name")),
    ("smb.ntlmssp.domain", Is("user.domain")),
    ("ftp.command", Is("event.action")),
    ("rdp.cookie", Is("user.name")),
    ("krb5.cname", Is("user.name")),
    ("krb5.realm", Is("user.domain")),
    ("email.from", Is("email.from.address")),
    ("email.to", Is("email.to.address")),
    ("email.cc", Is("email.cc.address")),
    ("email.subject", Is("email.subject")),
    ("email.attachment", Is("email.attachments.file.name")),
    ("dhcp.client_mac", Is("source.mac")),
    ("dhcp.hostname", Is("source.domain")),
    ("engine.message", Is("message")),
    ("log_level", Is("log.level")),
];

const CLASSES: &[Class] = &[
    Class("alert", "network intrusion_detection", "info", ""),
    Class("anomaly", "network", "info", ""),
    Class("drop", "network", "denied", ""),
    Class("flow", "network", "connection end", ""),
    Class("netflow", "network", "connection", ""),
    Class("http", "network web", "access protocol", ""),
    Class("fileinfo", "network file", "info", ""),
    Class("stats", "", "info", ""),
    Class("engine", "", "info", ""),
    Class("*", "network", "protocol", ""),
];

/// Event types that are no protocol.
const NO_PROTOCOL: &[&[u8]] =
    &[b"alert", b"anomaly", b"drop", b"flow", b"netflow", b"fileinfo", b"stats", b"engine", b"packet", b"metadata"];

fn settle(event: &mut Event<'_>) {
    let kind = said(event, "suricata.event_type").unwrap_or_default();
    if event.get(field::NETWORK_PROTOCOL).is_none() && !kind.is_empty() && !NO_PROTOCOL.contains(&&kind[..]) {
        event.set_text(field::NETWORK_PROTOCOL, &String::from_utf8_lossy(&kind));
    }
    let is_alert = kind == b"alert" || kind.is_empty() && event.get(field::RULE_ID).is_some();
    classify(event, if is_alert { b"alert" } else { &kind }, CLASSES);
    if is_alert {
        event.set_static(field::EVENT_KIND, "alert");
        match said(event, "suricata.alert.action").as_deref() {
            Some(b"allowed") => event.set_static(field::EVENT_TYPE, "allowed"),
            Some(b"blocked") => event.set_static(field::EVENT_TYPE, "denied"),
            _ => {}
        }
    }
    for (sum, parts) in [
        (field::NETWORK_BYTES, [field::SOURCE_BYTES, field::DESTINATION_BYTES]),
        (field::NETWORK_PACKETS, [field::SOURCE_PACKETS, field::DESTINATION_PACKETS]),
    ] {
        if let [Some(a), Some(b)] = parts.map(|part| event.int(part)) {
            event.set_int(sum, a.saturating_add(b));
        }
    }
    dns(event);
    tls(event);
}

fn dns(event: &mut Event<'_>) {
    let answers: Vec<Value> = event.all(field::DNS_ANSWERS_DATA).collect();
    for answer in answers {
        if event.value_bytes(answer).is_some_and(|text| ip(&text).is_some()) {
            event.push(field::DNS_RESOLVED_IP, answer);
        }
    }
    for (own, flag) in
        [("suricata.dns.aa", "AA"), ("suricata.dns.tc", "TC"), ("suricata.dns.rd", "RD"), ("suricata.dns.ra", "RA")]
    {
        if said(event, own).as_deref() == Some(b"true") {
            event.set_static(field::DNS_HEADER_FLAGS, flag);
        }
    }
}

/// `TLS 1.2`, `TLSv1`: the protocol and its version.
fn tls(event: &mut Event<'_>) {
    let Some(version) = said(event, "suricata.tls.version") else { return };
    let lower = version.to_ascii_lowercase();
    let (protocol, rest) = match lower.get(..3) {
        Some(b"tls") => ("tls", &version[3..]),
        Some(b"ssl") => ("ssl", &version[3..]),
        _ => return,
    };
    let digits = rest.strip_prefix(b"v").or(rest.strip_prefix(b" ")).unwrap_or(rest);
    if digits.first().is_some_and(u8::is_ascii_digit) {
        event.set_static(field::TLS_VERSION_PROTOCOL, protocol);
        event.set_text(field::TLS_VERSION, &String::from_utf8_lossy(digits));
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"timestamp":"2026-11-22T09:14:07.250000+0000","flow_id":4711,"in_iface":"eth0","event_type":"alert","src_ip":"203.0.113.66","src_port":51515,"dest_ip":"192.0.2.20","dest_port":80,"proto":"TCP","alert":{"action":"blocked","gid":1,"signature_id":9000001,"rev":3,"signature":"EXAMPLE wget in the request","category":"Web Application Attack","severity":1},"http":{"hostname":"www.example.com","url":"/a?b=1","http_user_agent":"curl/8.14.1","http_method":"GET","protocol":"HTTP/1.1","status":404,"length":120},"app_proto":"http","flow":{"pkts_toserver":4,"pkts_toclient":3,"bytes_toserver":500,"bytes_toclient":700,"start":"2026-11-22T09:14:07.000000+0000"}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("source.ip", "203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("source.port", "51515"),
            ("source.bytes", "500"),
            ("source.packets", "4"),
            ("destination.ip", "192.0.2.20"),
            ("destination.address", "192.0.2.20"),
            ("destination.domain", "www.example.com"),
            ("destination.port", "80"),
            ("destination.bytes", "700"),
            ("destination.packets", "3"),
            ("network.transport", "tcp"),
            ("network.protocol", "http"),
            ("network.bytes", "1200"),
            ("network.packets", "7"),
            ("rule.id", "9000001"),
            ("rule.name", "EXAMPLE wget in the request"),
            ("rule.category", "Web Application Attack"),
            ("rule.version", "3"),
            ("event.severity", "1"),
            ("event.kind", "alert"),
            ("event.category", "network"),
            ("event.category", "intrusion_detection"),
            ("event.type", "info"),
            ("event.type", "denied"),
            ("event.start", "2026-11-22T09:14:07Z"),
            ("message", "EXAMPLE wget in the request"),
            ("url.domain", "www.example.com"),
            ("url.original", "/a?b=1"),
            ("url.path", "/a"),
            ("url.query", "b=1"),
            ("user_agent.original", "curl/8.14.1"),
            ("http.request.method", "GET"),
            ("http.response.status_code", "404"),
            ("http.response.body.bytes", "120"),
            ("observer.vendor", "OISF"),
            ("observer.product", "Suricata"),
            ("observer.type", "ids"),
            ("observer.ingress.interface.name", "eth0"),
            ("suricata.flow_id", "4711"),
            ("suricata.event_type", "alert"),
            ("suricata.alert.action", "blocked"),
            ("suricata.alert.gid", "1"),
            ("suricata.http.protocol", "HTTP/1.1"),
        ],
    },
    Example {
        raw: r#"{"timestamp":"2026-11-22T09:14:08.000000+0000","flow_id":4712,"event_type":"dns","src_ip":"198.51.100.53","src_port":53,"dest_ip":"192.0.2.17","dest_port":51515,"proto":"UDP","dns":{"version":2,"type":"answer","id":77,"rd":true,"ra":true,"rcode":"NOERROR","rrname":"www.example.com","rrtype":"A","answers":[{"rrname":"www.example.com","rrtype":"A","ttl":30,"rdata":"203.0.113.80"}]}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("source.ip", "198.51.100.53"),
            ("source.address", "198.51.100.53"),
            ("source.port", "53"),
            ("destination.ip", "192.0.2.17"),
            ("destination.address", "192.0.2.17"),
            ("destination.port", "51515"),
            ("network.transport", "udp"),
            ("network.protocol", "dns"),
            ("dns.id", "77"),
            ("dns.type", "answer"),
            ("dns.response_code", "NOERROR"),
            ("dns.question.name", "www.example.com"),
            ("dns.question.type", "A"),
            ("dns.answers.name", "www.example.com"),
            ("dns.answers.type", "A"),
            ("dns.answers.ttl", "30"),
            ("dns.answers.data", "203.0.113.80"),
            ("dns.resolved_ip", "203.0.113.80"),
            ("dns.header_flags", "RD"),
            ("dns.header_flags", "RA"),
            ("event.category", "network"),
            ("event.type", "protocol"),
            ("observer.vendor", "OISF"),
            ("observer.product", "Suricata"),
            ("observer.type", "ids"),
            ("suricata.flow_id", "4712"),
            ("suricata.event_type", "dns"),
            ("suricata.dns.version", "2"),
            ("suricata.dns.rd", "true"),
            ("suricata.dns.ra", "true"),
        ],
    },
    Example {
        raw: r#"{"timestamp":"2026-11-22T09:14:08.000000+0000","flow_id":4712,"event_type":"dns","src_ip":"198."#,
        expect: &[],
    },
];
