//! FreeRADIUS's log.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// radiusd: see the module.
pub static FREERADIUS: Daemon = Daemon {
    name: "freeradius",
    category: "network",
    product: "FreeRADIUS",
    about: "radius.log of FreeRADIUS with log { auth = yes } (raddb/radiusd.conf; src/main/auth.c, rad_authlog)",
    logsource: LogSource { category: "", product: "linux", services: &["radius"] },
    programs: &["radiusd", "freeradius"],
    paths: &["/radius.log", "/radius/radius.log", "/freeradius/radius.log"],
    structure: Structure::Begins(&["(", "Login incorrect", "Login OK: [", "Auth: "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{@timestamp} : {log.level:word}: ({#}) {message}", TOLD),
    says("{@timestamp} : {log.level:word}: {message}", TOLD),
    says("({#})   {message}", TOLD),
    says("({#}) {message}", TOLD),
    says("Auth: ({#}) {message}", TOLD),
    says("Auth: {message}", TOLD),
];

const SAYS: &[Says] = &[
    says(
        "Login OK: [{user.name}] (from client {observer.name:word} port {source.port} cli {source.mac:word} via TLS tunnel)",
        LOGGED_IN,
    ),
    says("Login OK: [{user.name}] (from client {observer.name:word} port {source.port} cli {source.mac})", LOGGED_IN),
    says("Login OK: [{user.name}] (from client {observer.name:word} port {source.port} via TLS tunnel)", LOGGED_IN),
    says("Login OK: [{user.name}] (from client {observer.name:word} port {source.port})", LOGGED_IN),
    says(
        "Login incorrect ({event.reason}): [{user.name}] (from client {observer.name:word} port {source.port} cli {source.mac:word} via TLS tunnel)",
        LOGIN_FAILED,
    ),
    says(
        "Login incorrect ({event.reason}): [{user.name}] (from client {observer.name:word} port {source.port} cli {source.mac})",
        LOGIN_FAILED,
    ),
    says(
        "Login incorrect ({event.reason}): [{user.name}] (from client {observer.name:word} port {source.port} via TLS tunnel)",
        LOGIN_FAILED,
    ),
    says(
        "Login incorrect ({event.reason}): [{user.name}] (from client {observer.name:word} port {source.port})",
        LOGIN_FAILED,
    ),
    says(
        "Login incorrect: [{user.name}] (from client {observer.name:word} port {source.port} cli {source.mac})",
        LOGIN_FAILED,
    ),
    says("Login incorrect: [{user.name}] (from client {observer.name:word} port {source.port})", LOGIN_FAILED),
    says(
        "Invalid user ({event.reason}): [{user.name}] (from client {observer.name:word} port {source.port} cli {source.mac})",
        LOGIN_FAILED,
    ),
    says(
        "Invalid user ({event.reason}): [{user.name}] (from client {observer.name:word} port {source.port})",
        LOGIN_FAILED,
    ),
    says("Invalid user: [{user.name}] (from client {observer.name:word} port {source.port}{*})", LOGIN_FAILED),
    says(
        "Ignoring request to {*} from unknown client {source.ip} port {source.port}{*}",
        ["network", "denied", "unknown-client", "failure"],
    ),
    says(
        "Dropping packet without response because of error: {event.reason} (from client {observer.name:word})",
        ["network", "denied", "dropped", "failure"],
    ),
    says("Ready to process requests", ["process", "start", "", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Sun Nov 22 09:14:07 2026 : Auth: (4711) Login incorrect (mschap: MS-CHAP2-Response is incorrect): [b.jones] (from client wifi port 9815 cli 00-00-5E-00-53-17)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("log.level", "Auth"),
            (
                "message",
                "Login incorrect (mschap: MS-CHAP2-Response is incorrect): [b.jones] (from client wifi port 9815 cli 00-00-5E-00-53-17)",
            ),
            ("event.reason", "mschap: MS-CHAP2-Response is incorrect"),
            ("user.name", "b.jones"),
            ("observer.name", "wifi"),
            ("source.port", "9815"),
            ("source.mac", "00-00-5E-00-53-17"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.action", "login"),
            ("event.outcome", "failure"),
        ],
    },
    Example { raw: "Login perhaps: [b.jones]", expect: &[] },
];
