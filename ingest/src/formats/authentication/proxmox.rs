//! Proxmox: the API daemons of the virtual environment and the backup server.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Proxmox VE and Backup Server: see the module.
pub static PROXMOX: Daemon = Daemon {
    name: "proxmox",
    category: "authentication",
    product: "Proxmox VE and Backup Server",
    about: "syslog messages of pvedaemon and pveproxy, and auth.log of proxmox-backup-proxy (pve.proxmox.com, PVE::HTTPServer, proxmox-rest-server)",
    logsource: LogSource { category: "", product: "linux", services: &["proxmox"] },
    programs: &[
        "pvedaemon",
        "pveproxy",
        "pvestatd",
        "proxmox-backup-proxy",
        "proxmox-backup-api",
        "pmgdaemon",
        "pmgproxy",
    ],
    paths: &["/proxmox-backup/api/auth.log"],
    structure: Structure::Holds(&[": authentication failure; rhost="]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("{@timestamp}: {message}", TOLD)];

const SAYS: &[Says] = &[
    says("authentication failure; rhost={source.ip} user={user.name} msg={event.reason}", LOGIN_FAILED),
    says("authentication failure; rhost=[{source.ip}]:{source.port} user={user.name} msg={event.reason}", LOGIN_FAILED),
    says("successful auth for user '{user.name}'", LOGGED_IN),
    says("<{_}> successful auth for user '{user.name}'", LOGGED_IN),
    says("<{user.name:word}> starting task {proxmox.task}:", ["process", "start", "task", ""]),
    says("<{user.name:word}> starting task {proxmox.task}", ["process", "start", "task", ""]),
    says("<{user.name:word}> end task {proxmox.task} OK", ["process", "end", "task", "success"]),
    says("<{user.name:word}> end task {proxmox.task:word} {event.reason}", ["process", "end", "task", "failure"]),
    says("worker {#} started", ["process", "start", "worker", ""]),
    says("worker {#} finished", ["process", "end", "worker", ""]),
    says("worker exit", ["process", "end", "worker", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 pve1 pvedaemon[4711]: authentication failure; rhost=::ffff:203.0.113.66 user=root@pam msg=Authentication failure",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Authentication failure"),
            ("event.type", "start"),
            ("process.name", "pvedaemon"),
            ("process.pid", "4711"),
            ("source.address", "::ffff:203.0.113.66"),
            ("source.ip", "::ffff:203.0.113.66"),
            ("user.name", "root@pam"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 pve1 pvedaemon[4711]: <root@pam> successful auth for user 'anna@pve'",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("process.name", "pvedaemon"),
            ("process.pid", "4711"),
            ("user.name", "anna@pve"),
        ],
    },
    Example {
        raw: "2026-11-22T09:14:07+01:00: authentication failure; rhost=[::ffff:203.0.113.66]:47414 user=root@pbs msg=user account disabled or expired.",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "user account disabled or expired."),
            ("event.type", "start"),
            ("source.address", "::ffff:203.0.113.66"),
            ("source.ip", "::ffff:203.0.113.66"),
            ("source.port", "47414"),
            ("user.name", "root@pbs"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 pve1 pvedaemon[4711]: <root@pam> end task UPID:pve1:001B:0053:65A:vzdump::root@pam: OK",
        expect: &[
            ("event.action", "task"),
            ("event.category", "process"),
            ("event.outcome", "success"),
            ("event.type", "end"),
            ("process.name", "pvedaemon"),
            ("process.pid", "4711"),
            ("proxmox.task", "UPID:pve1:001B:0053:65A:vzdump::root@pam:"),
            ("user.name", "root@pam"),
        ],
    },
    Example { raw: "Nov 22 09:14:10 pve1 pvedaemon[4711]: ", expect: &[] },
];
