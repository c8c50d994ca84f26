//! Zeek's logs as JSON.

use memchr::memmem;

use super::zeek::{LOGS, Log, by_name, known_field, settle};
use crate::{
    Event,
    envelope::Line,
    formats::{Example, Format, LogSource, Reject, Structure},
    json::read_object,
    scan::reject,
};

/// Zeek's JSON: each log by `_path` (json-streaming-logs), by its file's name or by keys that only it has.
pub struct ZeekJson;

impl Format for ZeekJson {
    fn name(&self) -> &'static str {
        "zeek_json"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "Zeek (JSON)"
    }
    fn about(&self) -> &'static str {
        "Zeek's logs as JSON objects (LogAscii::use_json, json-streaming-logs; docs.zeek.org, Zeek JSON Logs)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "zeek", services: &[] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&["\"id.orig_h\"", "\"_path\"", "\"ts\""])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        message.starts_with(b"{") && has(message, "ts") && (has(message, "id.orig_h") || log_of(message).is_some())
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        if !self.recognises(line.message) {
            return Err(reject("zeek_json_no_log"));
        }
        let named = event.origin.path.as_deref().and_then(|path| by_name(path.rsplit('/').next()?.split('.').next()?));
        let log = log_of(line.message).or(named);
        let own = log.map_or("zeek.".into(), |log| format!("{}.", log.dataset));
        read_object(line.message, &own, event, |name| known_field(log, name))?;
        settle(log, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// How far into a record its keys are looked for.
const HEAD: usize = 16 << 10;

/// Whether the record has this key, or a text that looks like it.
fn has(message: &[u8], key: &str) -> bool {
    memmem::find_iter(&message[..message.len().min(HEAD)], key.as_bytes()).any(|at| {
        let end = at + key.len();
        message[..at].ends_with(b"\"") && message[end..].starts_with(b"\"") && {
            message[end + 1..].trim_ascii_start().starts_with(b":")
        }
    })
}

/// The log of a record.
fn log_of(message: &[u8]) -> Option<&'static Log> {
    if let Some(at) = memmem::find(message, b"\"_path\":") {
        let value = message[at + 8..].trim_ascii_start().strip_prefix(b"\"")?;
        let end = memchr::memchr(b'"', value)?;
        return by_name(std::str::from_utf8(&value[..end]).ok()?);
    }
    LOGS.iter().find(|log| {
        let alternatives = log.marks.split('|').filter(|keys| !keys.is_empty());
        alternatives.map(|keys| keys.split('+')).any(|mut keys| keys.all(|key| has(message, key)))
    })
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"ts":1795338847.25,"uid":"Ca1b2c3d4e5f6g7h8","id.orig_h":"192.0.2.17","id.orig_p":51515,"id.resp_h":"203.0.113.80","id.resp_p":22,"version":2,"auth_success":false,"auth_attempts":3,"client":"SSH-2.0-OpenSSH_9.9","server":"SSH-2.0-OpenSSH_9.2","cipher_alg":"aes128-ctr","mac_alg":"hmac-sha2-256","compression_alg":"none","kex_alg":"curve25519-sha256","host_key_alg":"ssh-ed25519"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("zeek.uid", "Ca1b2c3d4e5f6g7h8"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("source.port", "51515"),
            ("destination.ip", "203.0.113.80"),
            ("destination.address", "203.0.113.80"),
            ("destination.port", "22"),
            ("network.transport", "tcp"),
            ("network.protocol", "ssh"),
            ("zeek.ssh.version", "2"),
            ("zeek.ssh.auth_success", "false"),
            ("zeek.ssh.auth_attempts", "3"),
            ("zeek.ssh.client", "SSH-2.0-OpenSSH_9.9"),
            ("zeek.ssh.server", "SSH-2.0-OpenSSH_9.2"),
            ("zeek.ssh.cipher_alg", "aes128-ctr"),
            ("zeek.ssh.mac_alg", "hmac-sha2-256"),
            ("zeek.ssh.compression_alg", "none"),
            ("zeek.ssh.kex_alg", "curve25519-sha256"),
            ("zeek.ssh.host_key_alg", "ssh-ed25519"),
            ("event.dataset", "zeek.ssh"),
            ("event.category", "network"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: r#"{"_path":"conn","ts":"2026-11-22T09:14:07.250000Z","uid":"Ca1b2c3d4e5f6g7h8","id.orig_h":"192.0.2.17","id.orig_p":51515,"id.resp_h":"203.0.113.80","id.resp_p":443,"proto":"tcp","service":"ssl","duration":1.5,"conn_state":"SF","orig_pkts":5,"orig_ip_bytes":300,"resp_pkts":6,"resp_ip_bytes":400}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("zeek.conn._path", "conn"),
            ("zeek.uid", "Ca1b2c3d4e5f6g7h8"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("source.port", "51515"),
            ("source.packets", "5"),
            ("source.bytes", "300"),
            ("destination.ip", "203.0.113.80"),
            ("destination.address", "203.0.113.80"),
            ("destination.port", "443"),
            ("destination.packets", "6"),
            ("destination.bytes", "400"),
            ("network.transport", "tcp"),
            ("network.protocol", "ssl"),
            ("network.bytes", "700"),
            ("network.packets", "11"),
            ("event.duration", "1500000000"),
            ("zeek.conn.conn_state", "SF"),
            ("event.dataset", "zeek.conn"),
            ("event.category", "network"),
            ("event.type", "connection"),
        ],
    },
    Example {
        raw: r#"{"_path":"ssl","ts":1795338847.25,"uid":"CAOvs1BMFCX2Eh0Y3","id.orig_h":"192.0.2.17","id.orig_p":63199,"id.resp_h":"198.51.100.80","id.resp_p":443,"version":"TLSv12","cipher":"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256","server_name":"www.example.com","established":true,"subject":"CN=www.example.com,O=Example\\, Inc.,C=DE","issuer":"CN=Example CA,C=DE"}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("destination.address", "198.51.100.80"),
            ("destination.ip", "198.51.100.80"),
            ("destination.port", "443"),
            ("event.category", "network"),
            ("event.dataset", "zeek.ssl"),
            ("event.type", "connection"),
            ("network.transport", "tcp"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("source.port", "63199"),
            ("tls.cipher", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
            ("tls.client.server_name", "www.example.com"),
            ("tls.established", "true"),
            ("tls.server.issuer", "CN=Example CA,C=DE"),
            ("tls.server.subject", "CN=www.example.com,O=Example\\, Inc.,C=DE"),
            ("tls.server.x509.issuer.common_name", "Example CA"),
            ("tls.server.x509.issuer.country", "DE"),
            ("tls.server.x509.subject.common_name", "www.example.com"),
            ("tls.server.x509.subject.country", "DE"),
            ("tls.server.x509.subject.organization", "Example, Inc."),
            ("tls.version", "1.2"),
            ("tls.version_protocol", "tls"),
            ("zeek.ssl._path", "ssl"),
            ("zeek.ssl.version", "TLSv12"),
            ("zeek.uid", "CAOvs1BMFCX2Eh0Y3"),
        ],
    },
    Example { raw: r#"{"_path":"conn","ts":1795338847.25,"uid":"Ca1b2c3d4e"#, expect: &[] },
];
