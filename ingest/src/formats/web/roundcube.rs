//! Roundcube webmail.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Roundcube: see the module.
pub static ROUNDCUBE: Daemon = Daemon {
    name: "roundcube",
    category: "web",
    product: "Roundcube",
    about: "userlogins.log, errors.log and syslog messages of Roundcube (rcube_imap.php)",
    logsource: LogSource { category: "application", product: "roundcube", services: &["roundcube"] },
    programs: &["roundcube"],
    paths: &[],
    structure: Structure::Holds(&[
        "IMAP Error: Login failed for ",
        "]: FAILED login for ",
        "> Failed login for ",
        "]: Failed login for ",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("[{@timestamp}]: {message}", TOLD)];

const SAYS: &[Says] = &[
    says("IMAP Error: Login failed for {user.name} from {source.ip}(X-Real-IP: {*}", LOGIN_FAILED),
    says("IMAP Error: Login failed for {user.name} from {source.ip}. {*}", LOGIN_FAILED),
    says("IMAP Error: Login failed for {user.name} from {source.ip}", LOGIN_FAILED),
    says("FAILED login for {user.name} from {source.ip}", LOGIN_FAILED),
    says("Failed login for {user.name} from {source.ip}{*}", LOGIN_FAILED),
    says("Successful login for {user.name} (ID: {user.id:number}) from {source.ip}{*}", LOGGED_IN),
    says("<{_}> Failed login for {user.name} from {source.ip}{*}", LOGIN_FAILED),
    says("<{_}> IMAP Error: Login failed for {user.name} against {*} from {source.ip}. {*}", LOGIN_FAILED),
    says("<{_}> IMAP Error: Login failed for {user.name} from {source.ip}(X-Real-IP: {*}", LOGIN_FAILED),
    says("<{_}> IMAP Error: Login failed for {user.name} from {source.ip}. {*}", LOGIN_FAILED),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "[22-Nov-2026 09:14:07 +0100]: FAILED login for anna from 203.0.113.66",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07Z"),
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
        raw: "Nov 22 09:14:08 web1 roundcube: IMAP Error: Login failed for anna@example.com from 203.0.113.66",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("process.name", "roundcube"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna@example.com"),
        ],
    },
    Example { raw: "[22-Nov-2026 09:14:07 +0100]: FAILED lo", expect: &[] },
];
