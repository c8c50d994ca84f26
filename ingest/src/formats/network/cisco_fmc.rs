//! Cisco Secure Firewall Management Center.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, says};

/// Cisco Secure Firewall Management Center: see the module.
pub static CISCO_FMC: Daemon = Daemon {
    name: "cisco_fmc",
    category: "network",
    product: "Cisco Secure Firewall Management Center (Firepower)",
    about: r#"audit log that the management center sends to syslog (cisco.com, Management Center Administration Guide, "Stream Audit Logs to Syslog")"#,
    logsource: LogSource { category: "", product: "cisco", services: &["fmc"] },
    programs: &[],
    paths: &[],
    structure: Structure::Holds(&[
        "@localhost, ",
        "@Default User IP, ",
        ", Page View",
        ", Login, ",
        ", Save ",
        ", Logout, ",
        ", View ",
    ]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("{host.name:word}: {user.name:word}@{source.ip}, Login, Login Success x0a x00", LOGGED_IN),
    says("{host.name:word}: {user.name:word}@{source.ip}, Login, Login Failed x0a x00", LOGIN_FAILED),
    says("{host.name:word}: {user.name:word}@{source.ip}, Logout, {event.action} x0a x00", ["session", "end", "", ""]),
    says(
        "{host.name:word}: {user.name:word}@{source.ip}, {cisco.fmc.subsystem:last}, {event.action} x0a x00",
        ["configuration", "access", "", ""],
    ),
    says("{host.name:word}: {user.name:word}@localhost, Login, Login Success x0a x00", LOGGED_IN),
    says("{host.name:word}: {user.name:word}@localhost, Login, Login Failed x0a x00", LOGIN_FAILED),
    says("{host.name:word}: {user.name:word}@localhost, Logout, {event.action} x0a x00", ["session", "end", "", ""]),
    says(
        "{host.name:word}: {user.name:word}@localhost, {cisco.fmc.subsystem:last}, {event.action} x0a x00",
        ["configuration", "access", "", ""],
    ),
    says("{host.name:word}: {user.name:word}@Default User IP, Login, Login Success x0a x00", LOGGED_IN),
    says("{host.name:word}: {user.name:word}@Default User IP, Login, Login Failed x0a x00", LOGIN_FAILED),
    says(
        "{host.name:word}: {user.name:word}@Default User IP, Logout, {event.action} x0a x00",
        ["session", "end", "", ""],
    ),
    says(
        "{host.name:word}: {user.name:word}@Default User IP, {cisco.fmc.subsystem:last}, {event.action} x0a x00",
        ["configuration", "access", "", ""],
    ),
    says("{host.name:word}: {user.name:word}@{source.ip}, Login, Login Success", LOGGED_IN),
    says("{host.name:word}: {user.name:word}@{source.ip}, Login, Login Failed", LOGIN_FAILED),
    says("{host.name:word}: {user.name:word}@{source.ip}, Logout, {event.action}", ["session", "end", "", ""]),
    says(
        "{host.name:word}: {user.name:word}@{source.ip}, {cisco.fmc.subsystem:last}, {event.action}",
        ["configuration", "access", "", ""],
    ),
    says("{host.name:word}: {user.name:word}@localhost, Login, Login Success", LOGGED_IN),
    says("{host.name:word}: {user.name:word}@localhost, Login, Login Failed", LOGIN_FAILED),
    says("{host.name:word}: {user.name:word}@localhost, Logout, {event.action}", ["session", "end", "", ""]),
    says(
        "{host.name:word}: {user.name:word}@localhost, {cisco.fmc.subsystem:last}, {event.action}",
        ["configuration", "access", "", ""],
    ),
    says("{host.name:word}: {user.name:word}@Default User IP, Login, Login Success", LOGGED_IN),
    says("{host.name:word}: {user.name:word}@Default User IP, Login, Login Failed", LOGIN_FAILED),
    says("{host.name:word}: {user.name:word}@Default User IP, Logout, {event.action}", ["session", "end", "", ""]),
    says(
        "{host.name:word}: {user.name:word}@Default User IP, {cisco.fmc.subsystem:last}, {event.action}",
        ["configuration", "access", "", ""],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "<14>Nov 22 2026 09:14:07 sfdccsm: fmc1: anna@192.0.2.10, Login, Login Failed x0a x00",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("host.name", "fmc1"),
            ("process.name", "sfdccsm"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "<14>Nov 22 2026 09:14:08 platformSettingEdit.cgi: fmc1: admin@192.0.2.10, System > Configuration, Audit Log, Page View x0a x00",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("cisco.fmc.subsystem", "System > Configuration, Audit Log"),
            ("event.action", "Page View"),
            ("event.category", "configuration"),
            ("event.type", "access"),
            ("host.name", "fmc1"),
            ("process.name", "platformSettingEdit.cgi"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("user.name", "admin"),
        ],
    },
    Example {
        raw: "<14>Nov 22 2026 09:14:09 ActionQueueScrape.pl: fmc1: admin@localhost, Task Queue, Successful task completion : Pre-deploy Device Configuration for fw1",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("cisco.fmc.subsystem", "Task Queue"),
            ("event.action", "Successful task completion : Pre-deploy Device Configuration for fw1"),
            ("event.category", "configuration"),
            ("event.type", "access"),
            ("host.name", "fmc1"),
            ("process.name", "ActionQueueScrape.pl"),
            ("user.name", "admin"),
        ],
    },
    Example { raw: "<14>Nov 22 2026 09:14:09 sfdccsm: fmc1: anna, Page View", expect: &[] },
];
