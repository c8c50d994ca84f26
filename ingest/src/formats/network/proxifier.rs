//! Proxifier's log.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// Proxifier: `[11.22 09:14:07] program - host:port open through proxy host:port HTTPS`.
pub static PROXIFIER: Daemon = Daemon {
    name: "proxifier",
    category: "network",
    product: "Proxifier",
    about: "connections of Proxifier's log window and file (proxifier.com/docs, Log)",
    logsource: LogSource { category: "proxy", product: "windows", services: &["proxifier"] },
    programs: &[],
    paths: &["/Proxifier.log"],
    structure: Structure::Begins(&["[0", "[1"]),
    frames: LazyLock::new(|| Messages::new(&[says("[{proxifier.time}] {process.name} - {message}", TOLD)])),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const OPENED: [&str; 4] = ["network", "start", "open", "success"];
const CLOSED: [&str; 4] = ["network", "end", "close", ""];
const FAILED: [&str; 4] = ["network", "error", "error", "failure"];

const SAYS: &[Says] = &[
    says("{destination}:{destination.port} open through proxy {proxifier.proxy:word} {network.protocol}", OPENED),
    says("{destination}:{destination.port} open directly{*}", OPENED),
    says(
        "{destination}:{destination.port} close, {source.bytes} bytes{*} sent, {destination.bytes} bytes{*} received, lifetime {proxifier.lifetime}",
        CLOSED,
    ),
    says("{destination}:{destination.port} error : {error.message}", FAILED),
    says("{destination} error : {error.message}", FAILED),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[11.22 09:14:07] chrome.exe *64 - www.example.com:443 close, 471 bytes sent, 4694 bytes (4.58 KB) received, lifetime 00:29",
        expect: &[
            ("proxifier.time", "11.22 09:14:07"),
            ("message", "www.example.com:443 close, 471 bytes sent, 4694 bytes (4.58 KB) received, lifetime 00:29"),
            ("process.name", "chrome.exe *64"),
            ("destination.domain", "www.example.com"),
            ("destination.address", "www.example.com"),
            ("destination.port", "443"),
            ("source.bytes", "471"),
            ("destination.bytes", "4694"),
            ("proxifier.lifetime", "00:29"),
            ("event.category", "network"),
            ("event.type", "end"),
            ("event.action", "close"),
        ],
    },
    Example { raw: "chrome.exe is here", expect: &[] },
];
