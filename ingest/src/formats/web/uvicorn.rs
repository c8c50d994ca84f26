//! Uvicorn.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, says};

/// Uvicorn: see the module.
pub static UVICORN: Daemon = Daemon {
    name: "uvicorn",
    category: "web",
    product: "Uvicorn and Hypercorn",
    about: "access lines of Uvicorn, under FastAPI, LiteLLM and their like (uvicorn/logging.py, AccessFormatter)",
    logsource: LogSource { category: "webserver", product: "uvicorn", services: &["uvicorn"] },
    programs: &["uvicorn"],
    paths: &[],
    structure: Structure::Begins(&["INFO:"]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        r#"INFO:  {source.ip}:{source.port} - "{http.request.method:word} {url} HTTP/{http.version:word}" 401{*}"#,
        ["web", "access", "access", "failure"],
    ),
    says(
        r#"INFO:  {source.ip}:{source.port} - "{http.request.method:word} {url} HTTP/{http.version:word}" {http.response.status_code}{*}"#,
        ["web", "access", "access", ""],
    ),
    says("INFO:  Started server process [{process.pid}]", ["process", "start", "start", ""]),
    says("INFO:  Shutting down", ["process", "end", "stop", ""]),
    says("INFO:  Uvicorn running on {url.original:word} {*}", ["process", "start", "start", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"INFO:     203.0.113.66:52782 - "POST /login?next=%2F HTTP/1.1" 401 Unauthorized"#,
        expect: &[
            ("event.action", "access"),
            ("event.category", "web"),
            ("event.outcome", "failure"),
            ("event.type", "access"),
            ("http.request.method", "POST"),
            ("http.version", "1.1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "52782"),
            ("url.original", "/login?next=%2F"),
            ("url.path", "/login"),
            ("url.query", "next=%2F"),
        ],
    },
    Example {
        raw: r#"INFO:     192.0.2.10:52783 - "GET /v1/models HTTP/1.1" 200 OK"#,
        expect: &[
            ("event.action", "access"),
            ("event.category", "web"),
            ("event.type", "access"),
            ("http.request.method", "GET"),
            ("http.response.status_code", "200"),
            ("http.version", "1.1"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("source.port", "52783"),
            ("url.original", "/v1/models"),
            ("url.path", "/v1/models"),
        ],
    },
    Example {
        raw: "INFO:     Started server process [742]",
        expect: &[
            ("event.action", "start"),
            ("event.category", "process"),
            ("event.type", "start"),
            ("process.pid", "742"),
        ],
    },
    Example { raw: "INFO: started", expect: &[] },
];
