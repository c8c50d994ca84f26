//! FreeSWITCH.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, TOLD, says};

/// FreeSWITCH: see the module.
pub static FREESWITCH: Daemon = Daemon {
    name: "freeswitch",
    category: "application",
    product: "FreeSWITCH",
    about: "log lines of FreeSWITCH: registrations, calls and addresses that it refuses (switch_log.c, mod_sofia/sofia_reg.c)",
    logsource: LogSource { category: "application", product: "freeswitch", services: &["freeswitch"] },
    programs: &["freeswitch"],
    paths: &["/freeswitch/freeswitch.log"],
    structure: Structure::Holds(&[
        " sofia_reg.c:",
        "[sofia_reg.c:",
        " sofia.c:",
        "[sofia.c:",
        " switch_core_",
        " switch_channel.c:",
        " switch_ivr.c:",
        " mod_sofia.c:",
        " mod_dptools.c:",
        " mod_dialplan_xml.c:",
        " mod_event_socket.c:",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{@timestamp} {#}.{#}% [{log.level:word}] {log.origin.file.name:word}:{log.origin.file.line} {message}", TOLD),
    says("{@timestamp} [{log.level:word}] {log.origin.file.name:word}:{log.origin.file.line} {message}", TOLD),
    says(
        "{freeswitch.call_id:word} {@timestamp} {#}.{#}% [{log.level:word}] {log.origin.file.name:word}:{log.origin.file.line} {message}",
        TOLD,
    ),
    says(
        "{freeswitch.call_id:word} {@timestamp} [{log.level:word}] {log.origin.file.name:word}:{log.origin.file.line} {message}",
        TOLD,
    ),
    says(
        "{_} {_} [{log.level:word}] [{log.logger:word}] [{log.origin.file.name:word}:{log.origin.file.line}] {message}",
        TOLD,
    ),
    says(
        "{@timestamp} {_} {_} {@timestamp} {#}.{#}% [{log.level:word}] {log.origin.file.name:word}:{log.origin.file.line} {message}",
        TOLD,
    ),
];

const SAYS: &[Says] = &[
    says(
        "SIP auth failure ({freeswitch.method:word}) on sofia profile '{freeswitch.profile}' for [{user.name}] from ip {source.ip}",
        LOGIN_FAILED,
    ),
    says(
        "SIP auth challenge ({freeswitch.method:word}) on sofia profile '{freeswitch.profile}' for [{user.name}] from ip {source.ip}",
        ["authentication", "info", "challenge", ""],
    ),
    says("Can't find user [{user.name}] from {source.ip}", LOGIN_FAILED),
    says("Can't find user [{user.name}]{*}", LOGIN_FAILED),
    says("IP {source.ip} Rejected by register acl{*}", ["network", "denied", "reject", "failure"]),
    says("IP {source.ip} Rejected by acl{event.reason}", ["network", "denied", "reject", "failure"]),
    says("IP {source.ip} Approved by acl{*}", ["network", "allowed", "allow", "success"]),
    says("IP {source.ip} is on {*}, denying registration{*}", ["network", "denied", "reject", "failure"]),
    says("Unregistering {*}", ["session", "end", "unregister", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07.685002 96.83% [WARNING] sofia_reg.c:3223 SIP auth failure (REGISTER) on sofia profile 'internal' for [201@pbx.example.com] from ip 203.0.113.66",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.685002Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("freeswitch.method", "REGISTER"),
            ("freeswitch.profile", "internal"),
            ("log.level", "WARNING"),
            ("log.origin.file.line", "3223"),
            ("log.origin.file.name", "sofia_reg.c"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "201@pbx.example.com"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:08.150982 [WARNING] sofia_reg.c:2889 Can't find user [anna@pbx.example.com] from 203.0.113.66",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08.150982Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WARNING"),
            ("log.origin.file.line", "2889"),
            ("log.origin.file.name", "sofia_reg.c"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna@pbx.example.com"),
        ],
    },
    Example {
        raw: r#"2026-11-22 09:14:09.504993 96.80% [WARNING] sofia_reg.c:3223 IP 203.0.113.66 Rejected by register acl "domains""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09.504993Z"),
            ("event.action", "reject"),
            ("event.category", "network"),
            ("event.outcome", "failure"),
            ("event.type", "denied"),
            ("log.level", "WARNING"),
            ("log.origin.file.line", "3223"),
            ("log.origin.file.name", "sofia_reg.c"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "2026-11-22 09:14:10.504993 96.80% [NOTICE] switch_channel.c:1118 New Channel sofia/internal/201@pbx.example.com",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:10.504993Z"),
            ("log.level", "NOTICE"),
            ("log.origin.file.line", "1118"),
            ("log.origin.file.name", "switch_channel.c"),
        ],
    },
    Example { raw: "2026-11-22 09:14:10 sofia_reg.c:", expect: &[] },
];
