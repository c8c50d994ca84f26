//! What follows from the columns of a Zeek record once they are read, in TSV and JSON alike.

use super::logs::Log;
use crate::{
    Event, Value, field,
    scan::{integer, ip},
    synonyms::settle_time,
    web,
};

/// Sets what the columns say together: addresses, sums, the classification.
pub fn settle(log: Option<&'static Log>, event: &mut Event<'_>) {
    settle_time("zeek.", event);
    seconds_to_nanos(event);
    for (whole, number) in [
        (field::SOURCE_ADDRESS, field::SOURCE_IP),
        (field::DESTINATION_ADDRESS, field::DESTINATION_IP),
        (field::SERVER_ADDRESS, field::SERVER_IP),
        (field::CLIENT_ADDRESS, field::CLIENT_IP),
    ] {
        if let Some(value) = event.get(number) {
            event.push(whole, value);
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
    let Some(log) = log else { return event.classify("network", "info", "", "") };
    event.set_static(field::EVENT_DATASET, log.dataset);
    event.logsource.services = std::slice::from_ref(&log.name);
    let [protocol, transport] = log.protocol;
    for (field, word) in [(field::NETWORK_PROTOCOL, protocol), (field::NETWORK_TRANSPORT, transport)] {
        if !word.is_empty() && event.get(field).is_none() {
            event.set_static(field, word);
        }
    }
    match log.name {
        "dns" => dns(event),
        "http" => http(event),
        "notice" => notice(event),
        "kerberos" => kerberos(event),
        "ssl" => {
            tls_version(event);
            names(event);
        }
        _ => {}
    }
    classify(log, event);
}

/// The parts of the certificates' names.
fn names(event: &mut Event<'_>) {
    for (whole, below) in [
        ("tls.server.subject", "tls.server.x509.subject"),
        ("tls.server.issuer", "tls.server.x509.issuer"),
        ("tls.client.subject", "tls.client.x509.subject"),
        ("tls.client.issuer", "tls.client.x509.issuer"),
    ] {
        if let Some(name) =
            crate::Field::intern(whole).and_then(|field| event.bytes(field)).map(|name| name.into_owned())
        {
            crate::dn::set(event, below, &name);
        }
    }
}

/// Zeek counts intervals in seconds, ECS durations in nanoseconds.
fn seconds_to_nanos(event: &mut Event<'_>) {
    let Some(text) = event.bytes(field::EVENT_DURATION) else { return };
    let seconds: Option<f64> = std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok());
    event.remove(field::EVENT_DURATION);
    if let Some(nanos) = seconds.map(|s| (s * 1e9).round()).filter(|n| (0.0..9e18).contains(n)) {
        event.set_int(field::EVENT_DURATION, nanos as i64);
    }
}

fn flag(event: &Event<'_>, name: &str) -> bool {
    crate::Field::intern(name).and_then(|field| event.get(field)) == Some(Value::Bool(true))
}

fn dns(event: &mut Event<'_>) {
    for (name, word) in [("zeek.dns.AA", "AA"), ("zeek.dns.TC", "TC"), ("zeek.dns.RD", "RD"), ("zeek.dns.RA", "RA")] {
        if flag(event, name) {
            event.set_static(field::DNS_HEADER_FLAGS, word);
        }
    }
    let answered = event.get(field::DNS_RESPONSE_CODE).is_some();
    event.set_static(field::DNS_TYPE, if answered { "answer" } else { "query" });
    if flag(event, "zeek.dns.rejected") {
        event.set_static(field::EVENT_OUTCOME, "failure");
    } else if let Some(code) = event.bytes(field::DNS_RESPONSE_CODE) {
        let good = matches!(&*code, b"NOERROR");
        event.set_static(field::EVENT_OUTCOME, if good { "success" } else { "failure" });
    }
    let class = crate::Field::intern("zeek.dns.qclass_name");
    if class.and_then(|class| event.bytes(class)).is_some_and(|class| &*class == b"C_INTERNET") {
        event.set_static(field::DNS_QUESTION_CLASS, "IN");
    }
    let answers: Vec<Value> = event.all(field::DNS_ANSWERS_DATA).collect();
    for answer in answers {
        if event.value_bytes(answer).is_some_and(|text| ip(&text).is_some()) {
            event.push(field::DNS_RESOLVED_IP, answer);
        }
    }
}

/// The URL's parts, the action, and how it ended.
fn http(event: &mut Event<'_>) {
    if let Some(url) = event.bytes(field::URL_ORIGINAL).map(std::borrow::Cow::into_owned) {
        event.remove(field::URL_ORIGINAL);
        let domain = event.get(field::URL_DOMAIN);
        web::set_url(event, &url);
        // a proxy's request names the host twice
        if let Some(domain) = domain {
            event.remove(field::URL_DOMAIN);
            event.push(field::URL_DOMAIN, domain);
        }
    }
    if let Some(method) = event.get(field::HTTP_METHOD) {
        event.push(field::EVENT_ACTION, method);
    }
    if let Some(status) = event.int(field::HTTP_STATUS) {
        event.set_static(field::EVENT_OUTCOME, if status >= 400 { "failure" } else { "success" });
    }
}

/// A notice without a connection names its hosts itself.
fn notice(event: &mut Event<'_>) {
    for (own, whole, number) in [
        ("zeek.notice.src", field::SOURCE_ADDRESS, field::SOURCE_IP),
        ("zeek.notice.dst", field::DESTINATION_ADDRESS, field::DESTINATION_IP),
    ] {
        let value = crate::Field::intern(own).and_then(|own| event.get(own));
        if let (Some(value), None) = (value, event.get(number)) {
            event.push(whole, value);
            event.push(number, value);
        }
    }
    event.set_static(field::EVENT_KIND, "alert");
}

/// `client` is `user/REALM`.
fn kerberos(event: &mut Event<'_>) {
    let Some(client) = crate::Field::intern("zeek.kerberos.client").and_then(|own| event.bytes(own)) else { return };
    let client = client.into_owned();
    match client.iter().rposition(|b| *b == b'/') {
        Some(at) => {
            crate::scan::set_some(event, field::USER_NAME, &client[..at]);
            crate::scan::set_some(event, field::USER_DOMAIN, &client[at + 1..]);
        }
        None => crate::scan::set_some(event, field::USER_NAME, &client),
    }
}

/// `TLSv12` is version 1.2 of TLS, `SSLv3` 3 of SSL.
fn tls_version(event: &mut Event<'_>) {
    let Some(own) = crate::Field::intern("zeek.ssl.version") else { return };
    let Some(text) = event.bytes(own).map(std::borrow::Cow::into_owned) else { return };
    let (protocol, digits) = match &text[..] {
        [b'T', b'L', b'S', b'v', digits @ ..] => ("tls", digits),
        [b'S', b'S', b'L', b'v', digits @ ..] => ("ssl", digits),
        [b'D', b'T', b'L', b'S', b'v', digits @ ..] => ("dtls", digits),
        _ => return,
    };
    event.set_static(field::TLS_VERSION_PROTOCOL, protocol);
    match digits {
        [major, minor] => event.set_text(field::TLS_VERSION, &format!("{}.{}", char::from(*major), char::from(*minor))),
        [major] => event.set_text(field::TLS_VERSION, &char::from(*major).to_string()),
        _ => {}
    }
}

fn classify(log: &Log, event: &mut Event<'_>) {
    let success = |event: &Event<'_>, name: &str| {
        crate::Field::intern(name).and_then(|own| event.get(own)).and_then(|value| match value {
            Value::Bool(good) => Some(if good { "success" } else { "failure" }),
            _ => None,
        })
    };
    let signed_in = match log.name {
        "ssh" => success(event, "zeek.ssh.auth_success"),
        "kerberos" => success(event, "zeek.kerberos.success"),
        "ntlm" => success(event, "zeek.ntlm.success"),
        "rfb" => success(event, "zeek.rfb.auth"),
        "radius" => match event.bytes(crate::Field::intern("zeek.radius.result").unwrap_or(field::EVENT_REASON)) {
            Some(result) if &*result == b"success" => Some("success"),
            Some(result) if &*result == b"failed" => Some("failure"),
            _ => None,
        },
        _ => None,
    };
    if let Some(outcome) = signed_in {
        event.set_static(field::EVENT_CATEGORY, "network");
        return event.classify("authentication", "start", "", outcome);
    }
    match log.name {
        "files" | "pe" | "x509" | "ocsp" => event.classify("file", "info", "", ""),
        "notice" | "signatures" => event.classify("intrusion_detection", "info", "", ""),
        "intel" => event.classify("threat", "indicator", "", ""),
        "http" => {
            event.set_static(field::EVENT_CATEGORY, "network");
            event.classify("web", "access", "", "");
        }
        "capture_loss" | "stats" | "reporter" | "packet_filter" | "cluster" | "broker" => {
            event.classify("", "info", "", "");
        }
        "known_hosts" | "known_services" | "known_certs" | "known_modbus" | "software" => {
            event.classify("network", "info", "", "");
            if let Some(host) = event.get(field::SERVER_IP) {
                event.push(field::HOST_IP, host);
            }
        }
        _ => {
            event.classify(
                "network",
                "connection",
                "",
                success(event, &format!("{}.success", log.dataset)).unwrap_or(""),
            );
        }
    }
    let port = [field::SOURCE_PORT, field::DESTINATION_PORT].map(|port| event.bytes(port).and_then(|p| integer(&p)));
    if log.name == "dhcp" && port == [None, None] {
        event.set_int(field::SOURCE_PORT, 68);
        event.set_int(field::DESTINATION_PORT, 67);
    }
}
