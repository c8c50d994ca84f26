//! Samba: its log files and what goes to syslog, with the audit of sign-ins.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Samba: see the module.
pub static SAMBA: Daemon = Daemon {
    name: "samba",
    category: "authentication",
    product: "Samba",
    about: "log.smbd and syslog messages of Samba (wiki.samba.org, Setting up Audit Logging)",
    logsource: LogSource { category: "", product: "linux", services: &["samba", "smbd"] },
    programs: &["smbd", "smb", "smbd_audit", "nmbd", "winbindd", "samba", "smbd-notifyd"],
    paths: &["/samba/log.smbd", "/samba/log.nmbd"],
    structure: Structure::Holds(&[
        "] ../source3/",
        "] ../lib/",
        "] ../source4/",
        "] ../auth/",
        "] ../../source3/",
        "] ../../auth/",
        "] ../../lib/",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says(
        "[{@timestamp},  {#}] {log.origin.file.name:word}:{log.origin.file.line}({log.origin.function:word})  {message}",
        TOLD,
    ),
    says(
        "[{@timestamp},  {#}, {*}] {log.origin.file.name:word}:{log.origin.file.line}({log.origin.function:word})  {message}",
        TOLD,
    ),
];

const SAYS: &[Says] = &[
    says(
        r"Auth: [{*}] user [{user.domain}]\[{user.name}] at [{*}] with [{*}] status [NT_STATUS_OK] workstation [{*}] remote host [ipv4:{source.ip}:{source.port}] {*}",
        LOGGED_IN,
    ),
    says(
        r"Auth: [{*}] user [{user.domain}]\[{user.name}] at [{*}] with [{*}] status [{event.reason}] workstation [{*}] remote host [ipv4:{source.ip}:{source.port}] {*}",
        LOGIN_FAILED,
    ),
    says(
        r"Auth: [{*}] user [{user.domain}]\[{user.name}] at [{*}] with [{*}] status [NT_STATUS_OK] workstation [{*}] remote host [ipv6:{source.ip}:{source.port}] {*}",
        LOGGED_IN,
    ),
    says(
        r"Auth: [{*}] user [{user.domain}]\[{user.name}] at [{*}] with [{*}] status [{event.reason}] workstation [{*}] remote host [ipv6:{source.ip}:{source.port}] {*}",
        LOGIN_FAILED,
    ),
    says("Denied connection from {source}", ["network", "denied", "connection", "failure"]),
    says("Denied connection from ({source.ip})", ["network", "denied", "connection", "failure"]),
    says("Denied connection from {_} ({source.ip})", ["network", "denied", "connection", "failure"]),
    says(
        "Permission denied{*} user not allowed to {*} User name: {user.name}. Printer name: {*}",
        ["file", "denied", "print", "failure"],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"Nov 22 09:14:07 nas1 smbd[2725]: Auth: [SMB2,(null)] user [EXAMPLE]\[anna] at [Sun, 22 Nov 2026 09:14:07.030937 UTC] with [NTLMv2] status [NT_STATUS_WRONG_PASSWORD] workstation [PC1] remote host [ipv4:203.0.113.66:62419] mapped to [EXAMPLE]\[anna]. local host [ipv4:192.0.2.1:445] #015"#,
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "NT_STATUS_WRONG_PASSWORD"),
            ("event.type", "start"),
            ("process.name", "smbd"),
            ("process.pid", "2725"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "62419"),
            ("user.domain", "EXAMPLE"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "[2026/11/22 09:14:07.933547,  0] ../lib/util/become_daemon.c:138(daemon_ready)  daemon_ready: STATUS=daemon 'smbd' finished starting up",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.933547Z"),
            ("log.origin.file.line", "138"),
            ("log.origin.file.name", "../lib/util/become_daemon.c"),
            ("log.origin.function", "daemon_ready"),
            ("message", "daemon_ready: STATUS=daemon 'smbd' finished starting up"),
        ],
    },
    Example { raw: "[2026/11/22 09:14:07.933547", expect: &[] },
];
