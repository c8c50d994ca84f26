//! ejabberd.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// ejabberd: see the module.
pub static EJABBERD: Daemon = Daemon {
    name: "ejabberd",
    category: "application",
    product: "ejabberd",
    about: "ejabberd.log (docs.ejabberd.im, ejabberd_c2s.erl, ejabberd_listener.erl)",
    logsource: LogSource { category: "application", product: "ejabberd", services: &["ejabberd"] },
    programs: &["ejabberd", "ejabberdctl"],
    paths: &["/ejabberd.log", "/ejabberd/ejabberd.log"],
    structure: Structure::Holds(&["@ejabberd_", "@mod_", " Failed c2s ", " Accepted c2s "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{@timestamp} [{log.level:word}] <{_}>@{log.logger:word} ({*}) {message}", TOLD),
    says("{@timestamp} [{log.level:word}] <{_}>@{log.logger:word} {message}", TOLD),
    says("{@timestamp} [{log.level:word}] ({*}) {message}", TOLD),
];

const SAYS: &[Says] = &[
    says(
        "Failed c2s {ejabberd.mechanism:word} authentication for {user.name} from {source.ip}: {event.reason}",
        LOGIN_FAILED,
    ),
    says("Failed c2s {ejabberd.mechanism:word} authentication from {source.ip}: {event.reason}", LOGIN_FAILED),
    says("Failed authentication for {user.name} from {source.ip}", LOGIN_FAILED),
    says("Failed authentication for {user.name} from IP {source.ip}", LOGIN_FAILED),
    says(
        "Accepted c2s {ejabberd.mechanism:word} authentication for {user.name} by {_} backend from {source.ip}",
        LOGGED_IN,
    ),
    says("Opened c2s session for {user.name}", ["session", "start", "session_opened", ""]),
    says("Closing c2s session for {user.name}: {event.reason}", ["session", "end", "session_closed", ""]),
    says("Accepted connection {source.ip}:{source.port} -> {destination.ip}:{destination.port}", CONNECTED),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07.773 [info] <0.6668.0>@ejabberd_c2s:handle_auth_failure:433 (http_bind|ejabberd_bosh) Failed c2s PLAIN authentication for anna@example.com from ::FFFF:203.0.113.66: Invalid username or password",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.773Z"),
            ("ejabberd.mechanism", "PLAIN"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Invalid username or password"),
            ("event.type", "start"),
            ("log.level", "info"),
            ("log.logger", "ejabberd_c2s:handle_auth_failure:433"),
            ("source.address", "::FFFF:203.0.113.66"),
            ("source.ip", "::FFFF:203.0.113.66"),
            ("user.name", "anna@example.com"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:08.001 [info] <0.531.0>@ejabberd_c2s:handle_auth_success:421 (tls|<0.530.0>) Accepted c2s SCRAM-SHA-1 authentication for bert@example.com by mnesia backend from 192.0.2.10",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.001Z"),
            ("ejabberd.mechanism", "SCRAM-SHA-1"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("log.level", "info"),
            ("log.logger", "ejabberd_c2s:handle_auth_success:421"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("user.name", "bert@example.com"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:09.001 [info] <0.1.0>@mod_mam:start:71 ready",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09.001Z"),
            ("log.level", "info"),
            ("log.logger", "mod_mam:start:71"),
        ],
    },
    Example { raw: "2026-11-22 <0.1.0>@ejabberd_", expect: &[] },
];
