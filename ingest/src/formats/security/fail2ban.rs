//! Fail2ban's own log: whom it found, banned and let go again.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// Fail2ban: see the module.
pub static FAIL2BAN: Daemon = Daemon {
    name: "fail2ban",
    category: "security",
    product: "Fail2ban",
    about: "fail2ban.log and syslog messages (fail2ban/server/actions.py, filter.py, server.py)",
    logsource: LogSource { category: "", product: "linux", services: &["fail2ban"] },
    programs: &[
        "fail2ban",
        "fail2ban-server",
        "fail2ban.actions",
        "fail2ban.filter",
        "fail2ban.jail",
        "fail2ban.server",
    ],
    paths: &["/fail2ban.log"],
    structure: Structure::Holds(&[" fail2ban."]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{@timestamp} {log.logger:word}  [{process.pid}]: {log.level:word}  {message}", TOLD),
    says("{@timestamp} {log.logger:word}: {log.level:word}  {message}", TOLD),
    says("{@timestamp} {log.logger:word}  : {log.level:word}  {message}", TOLD),
    says("{log.logger:word}  [{process.pid}]: {log.level:word}  {message}", TOLD),
    says("NOTICE  {message}", TOLD),
    says("INFO  {message}", TOLD),
    says("WARNING  {message}", TOLD),
    says("ERROR  {message}", TOLD),
    says("CRITICAL  {message}", TOLD),
    says("DEBUG  {message}", TOLD),
];

const SAYS: &[Says] = &[
    says("[{rule.name:word}] Ban {source.ip}", ["intrusion_detection", "denied", "ban", "success"]),
    says("[{rule.name:word}] Ban {source.ip}{*}", ["intrusion_detection", "denied", "ban", "success"]),
    says("[{rule.name:word}] Restore Ban {source.ip}", ["intrusion_detection", "denied", "ban", "success"]),
    says("[{rule.name:word}] Restore Ban {source.ip}{*}", ["intrusion_detection", "denied", "ban", "success"]),
    says("[{rule.name:word}] Unban {source.ip}", ["intrusion_detection", "info", "unban", "success"]),
    says("[{rule.name:word}] Unban {source.ip}{*}", ["intrusion_detection", "info", "unban", "success"]),
    says("[{rule.name:word}] Found {source.ip} - {*}", ["intrusion_detection", "info", "found", ""]),
    says("[{rule.name:word}] Found {source.ip}", ["intrusion_detection", "info", "found", ""]),
    says("[{rule.name:word}] {source.ip} already banned", ["intrusion_detection", "info", "already_banned", ""]),
    says("[{rule.name:word}] Ignore {source.ip}{*}", ["intrusion_detection", "allowed", "ignore", ""]),
    says("[{rule.name:word}] Increase Ban {source.ip} {*}", ["intrusion_detection", "denied", "ban", "success"]),
    says("Jail '{rule.name}' started", ["process", "start", "jail_start", ""]),
    says("Jail '{rule.name}' stopped", ["process", "end", "jail_stop", ""]),
    says("Creating new jail '{rule.name}'", ["configuration", "creation", "jail_create", ""]),
    says("Starting Fail2ban v{service.version:word}", ["process", "start", "start", ""]),
    says("Stopping all jails", ["process", "end", "stop", ""]),
    says("Exiting Fail2ban", ["process", "end", "stop", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07,123 fail2ban.actions        [4711]: NOTICE  [sshd] Ban 203.0.113.66",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.123Z"),
            ("event.action", "ban"),
            ("event.category", "intrusion_detection"),
            ("event.outcome", "success"),
            ("event.type", "denied"),
            ("log.level", "NOTICE"),
            ("log.logger", "fail2ban.actions"),
            ("message", "[sshd] Ban 203.0.113.66"),
            ("process.pid", "4711"),
            ("rule.name", "sshd"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:06,871 fail2ban.filter         [4711]: INFO    [sshd] Found 203.0.113.66 - 2026-11-22 09:14:06",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:06.871Z"),
            ("event.action", "found"),
            ("event.category", "intrusion_detection"),
            ("event.type", "info"),
            ("log.level", "INFO"),
            ("log.logger", "fail2ban.filter"),
            ("message", "[sshd] Found 203.0.113.66 - 2026-11-22 09:14:06"),
            ("process.pid", "4711"),
            ("rule.name", "sshd"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 web1 fail2ban.actions[4711]: NOTICE [sshd] Unban 203.0.113.66",
        expect: &[
            ("event.action", "unban"),
            ("event.category", "intrusion_detection"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("message", "[sshd] Unban 203.0.113.66"),
            ("process.name", "fail2ban.actions"),
            ("process.pid", "4711"),
            ("rule.name", "sshd"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:09,004 fail2ban.jail           [4711]: INFO    Creating new jail 'sshd'",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09.004Z"),
            ("event.action", "jail_create"),
            ("event.category", "configuration"),
            ("event.type", "creation"),
            ("log.level", "INFO"),
            ("log.logger", "fail2ban.jail"),
            ("message", "Creating new jail 'sshd'"),
            ("process.pid", "4711"),
            ("rule.name", "sshd"),
        ],
    },
    Example { raw: "2026-11-22 09:14:07,123 fail2ban.actions", expect: &[] },
];
