//! OpenStack's service logs.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, integer, ip, reject, set_number, set_source, split},
    web::set_request,
};

/// oslo.log: `time pid LEVEL module [request context] message`.
pub struct Openstack;

impl Format for Openstack {
    fn name(&self) -> &'static str {
        "openstack"
    }
    fn category(&self) -> &'static str {
        "application"
    }
    fn product(&self) -> &'static str {
        "OpenStack"
    }
    fn about(&self) -> &'static str {
        "service log lines: asctime, process, levelname, name, [request_id user project …] message (oslo.log, logging_context_format_string)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "openstack", services: &["openstack"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[" [req-", " [None req-", " [-] "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (header, context) = read(line.message).ok_or(reject("openstack_header"))?;
        let mut words = context.strip_prefix(b"None ").unwrap_or(context).split(|b| *b == b' ');
        let request = words.next().unwrap_or_default();
        if request.starts_with(b"req-") {
            event.set(field::HTTP_REQUEST_ID, request);
        }
        for (field, word) in [field::USER_ID, field::CLOUD_PROJECT_ID].into_iter().zip(words) {
            if !matches!(word, b"-" | b"") {
                event.set(field, word);
            }
        }
        access(header.message, event);
        event.classify("", if header.is_error() { "error" } else { "info" }, "", "");
        header.describe(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The header and what stands in the brackets of its request. A file's name may stand before, as grep prints it.
fn read(message: &[u8]) -> Option<(layout::Header<'_>, &[u8])> {
    let (name, rest) = first_word(message);
    let text = if split(name, b".log").is_some() { rest } else { message };
    let (rest, stamp) = layout::stamp(text)?;
    let (pid, rest) = first_word(rest.trim_ascii_start());
    let (level, rest) = first_word(rest);
    let (logger, rest) = first_word(rest);
    let (context, message) = split(rest.strip_prefix(b"[")?, b"]")?;
    let known = context == b"-" || context.starts_with(b"req-") || context.starts_with(b"None req-");
    let (pid, message) = (Some(integer(pid)?), message.trim_ascii_start());
    (known && layout::is_level(level)).then(|| {
        (layout::Header { stamp: Some(stamp), level, logger, pid, message, ..layout::Header::default() }, context)
    })
}

/// The API's access lines: `192.0.2.7 "GET /v2 HTTP/1.1" status: 200 len: 1893 time: 0.26`.
fn access<'r>(message: &'r [u8], event: &mut Event<'r>) {
    let (address, rest) = first_word(message);
    let address = address.split(|b| *b == b',').next().unwrap_or_default();
    let Some((request, rest)) = rest.strip_prefix(b"\"").and_then(|rest| split(rest, b"\" status: ")) else { return };
    if ip(address).is_none() {
        return;
    }
    set_source(event, address);
    set_request(event, request);
    let (status, rest) = first_word(rest);
    set_number(event, field::HTTP_STATUS, status);
    if let Some((_, rest)) = split(rest, b"len: ") {
        set_number(event, field::HTTP_BODY_BYTES, first_word(rest).0);
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"2026-11-22 09:14:07.250 4711 INFO nova.osapi_compute.wsgi.server [req-3b7e7b0c-1111-4a4a-9c9c-0123456789ab 113d3a99c3da401fbd62cc2caa5b96d2 54fadb412c4e40cdbaed9335e4c35a9e - - -] 192.0.2.7 "GET /v2/servers/detail HTTP/1.1" status: 200 len: 1893 time: 0.2697830"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("cloud.project.id", "54fadb412c4e40cdbaed9335e4c35a9e"),
            ("event.type", "info"),
            ("http.request.id", "req-3b7e7b0c-1111-4a4a-9c9c-0123456789ab"),
            ("http.request.method", "GET"),
            ("http.response.body.bytes", "1893"),
            ("http.response.status_code", "200"),
            ("http.version", "1.1"),
            ("log.level", "INFO"),
            ("log.logger", "nova.osapi_compute.wsgi.server"),
            ("message", r#"192.0.2.7 "GET /v2/servers/detail HTTP/1.1" status: 200 len: 1893 time: 0.2697830"#),
            ("process.pid", "4711"),
            ("source.address", "192.0.2.7"),
            ("source.ip", "192.0.2.7"),
            ("url.original", "/v2/servers/detail"),
            ("url.path", "/v2/servers/detail"),
            ("user.id", "113d3a99c3da401fbd62cc2caa5b96d2"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:07.250 4711 WARNING nova.compute.manager [-] Lost connection to hypervisor",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.type", "info"),
            ("log.level", "WARNING"),
            ("log.logger", "nova.compute.manager"),
            ("message", "Lost connection to hypervisor"),
            ("process.pid", "4711"),
        ],
    },
    Example {
        raw: "nova-compute.log.1 2026-11-22 09:14:07.250 2931 ERROR nova.compute.manager [req-3b7e7b0c-1111-4a4a-9c9c-0123456789ab - - - - -] [instance: 96abccce] Spawn failed",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.type", "error"),
            ("http.request.id", "req-3b7e7b0c-1111-4a4a-9c9c-0123456789ab"),
            ("log.level", "ERROR"),
            ("log.logger", "nova.compute.manager"),
            ("message", "[instance: 96abccce] Spawn failed"),
            ("process.pid", "2931"),
        ],
    },
    Example { raw: "2026-11-22 09:14:07.250 four INFO nova.compute.manager [-] Lost", expect: &[] },
];
