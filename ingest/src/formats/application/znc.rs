//! ZNC.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, says};

/// ZNC: see the module.
pub static ZNC: Daemon = Daemon {
    name: "znc",
    category: "application",
    product: "ZNC",
    about: "log of ZNC's adminlog module (wiki.znc.in/Adminlog)",
    logsource: LogSource { category: "application", product: "znc", services: &["znc"] },
    programs: &["znc"],
    paths: &["/adminlog/znc.log"],
    structure: Structure::Holds(&[
        "] failed to login from ",
        "] connected to ZNC from ",
        "] disconnected from ZNC from ",
    ]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("[{@timestamp}] [{user.name}] failed to login from {source.ip}", LOGIN_FAILED),
    says("[{@timestamp}] [{user.name}] connected to ZNC from {source.ip}", LOGGED_IN),
    says("[{@timestamp}] [{user.name}] disconnected from ZNC from {source.ip}", LOGGED_OUT),
    says("[{user.name}] failed to login from {source.ip}", LOGIN_FAILED),
    says("[{user.name}] connected to ZNC from {source.ip}", LOGGED_IN),
    says("[{user.name}] disconnected from ZNC from {source.ip}", LOGGED_OUT),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[2026-11-22 09:14:07] [anna] failed to login from 203.0.113.66",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "<37>Nov 22 09:14:08 irc1 znc[742]: [anna] connected to ZNC from 192.0.2.10",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("host.name", "irc1"),
            ("process.name", "znc"),
            ("process.pid", "742"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "[2026-11-22 09:14:07] [anna]", expect: &[] },
];
