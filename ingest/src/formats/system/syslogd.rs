//! What the collectors of logs say of themselves: rsyslog, syslog-ng, the systemd journal.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, says};

/// The collectors of logs: see the module.
pub static SYSLOGD: Daemon = Daemon {
    name: "syslogd",
    category: "system",
    product: "rsyslog, syslog-ng, systemd-journald",
    about: "messages of rsyslogd, syslog-ng and systemd-journald about themselves (rsyslog.com/doc, syslog-ng.com, systemd-journald.service(8))",
    logsource: LogSource { category: "", product: "linux", services: &["syslogd", "rsyslog", "syslog-ng", "journald"] },
    programs: &["syslogd", "rsyslogd", "syslog-ng", "systemd-journald"],
    paths: &[],
    structure: Structure::Begins(&["last message repeated "]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const STARTED: [&str; 4] = ["process", "start", "logging_started", "success"];
const STOPPED: [&str; 4] = ["process", "end", "logging_stopped", "success"];
const LOST: [&str; 4] = ["process", "error", "messages_lost", "failure"];
const SUSPENDED: [&str; 4] = ["process", "error", "forwarding_suspended", "failure"];
const RESUMED: [&str; 4] = ["process", "change", "forwarding_resumed", "success"];

const SAYS: &[Says] = &[
    says("last message repeated {roundsman.event.repeated:number} time{*}", ["process", "info", "repeated", ""]),
    says("restart.", STARTED),
    says("restart (remote reception).", STARTED),
    says("exiting on signal {#}", STOPPED),
    says("[origin software=\"rsyslogd\" {*}] start", STARTED),
    says("[origin software=\"rsyslogd\" {*}] exiting on signal {#}.", STOPPED),
    says("imjournal: {#} messages lost due to rate-limiting {*}", LOST),
    says("imuxsock lost {#} messages from pid {*}", LOST),
    says("imuxsock[pid {#}]: begin to drop messages due to rate-limiting", LOST),
    says("{*} from <{*}>: begin to drop messages due to rate-limiting", LOST),
    says("{*}: discarded messages from queue{*}", LOST),
    says("action '{rule.name}' suspended {event.reason}", SUSPENDED),
    says("action '{rule.name}' resumed {event.reason}", RESUMED),
    says("cannot connect to {destination}:{destination.port}: {event.reason}", SUSPENDED),
    says("syslog-ng starting up; {*}", STARTED),
    says("syslog-ng shutting down; {*}", STOPPED),
    says("Destination queue full, dropping messages; {event.reason}", LOST),
    says("Destination queue full, dropping message; {event.reason}", LOST),
    says("Suppressed {#} messages from {service.name}", LOST),
    says("Journal started", STARTED),
    says("Journal stopped", STOPPED),
    says("Received SIGTERM from PID {*}", STOPPED),
    says("Received client request to rotate journal{*}", ["process", "info", "journal_rotated", "success"]),
    says("Vacuuming done, freed {*}", ["process", "deletion", "journal_vacuumed", "success"]),
    says("Deleted archived journal {file.path} ({*}).", ["process", "deletion", "journal_deleted", "success"]),
    says("Missed {#} kernel messages", LOST),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 web1 rsyslogd[811]: imjournal: 5000 messages lost due to rate-limiting (20000 allowed within 600 seconds)",
        expect: &[
            ("event.action", "messages_lost"),
            ("event.category", "process"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("message", "imjournal: 5000 messages lost due to rate-limiting (20000 allowed within 600 seconds)"),
        ],
    },
    Example {
        raw: r#"Nov 22 09:14:08 web1 rsyslogd: [origin software="rsyslogd" swVersion="8.2504.0" x-pid="811" x-info="https://www.rsyslog.com"] exiting on signal 15."#,
        expect: &[
            ("event.action", "logging_stopped"),
            ("event.category", "process"),
            ("event.outcome", "success"),
            ("event.type", "end"),
            (
                "message",
                r#"[origin software="rsyslogd" swVersion="8.2504.0" x-pid="811" x-info="https://www.rsyslog.com"] exiting on signal 15."#,
            ),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 web1 rsyslogd: action 'action-0-builtin:omfwd' suspended (module 'builtin:omfwd'), retry 0. There should be messages before this one giving the reason for suspension. [v8.2504.0 try https://www.rsyslog.com/e/2007 ]",
        expect: &[
            ("event.action", "forwarding_suspended"),
            ("event.category", "process"),
            ("event.outcome", "failure"),
            (
                "event.reason",
                "(module 'builtin:omfwd'), retry 0. There should be messages before this one giving the reason for suspension. [v8.2504.0 try https://www.rsyslog.com/e/2007 ]",
            ),
            ("event.type", "error"),
            (
                "message",
                "action 'action-0-builtin:omfwd' suspended (module 'builtin:omfwd'), retry 0. There should be messages before this one giving the reason for suspension. [v8.2504.0 try https://www.rsyslog.com/e/2007 ]",
            ),
            ("rule.name", "action-0-builtin:omfwd"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:10 web1 systemd-journald[311]: Suppressed 4711 messages from nginx.service",
        expect: &[
            ("event.action", "messages_lost"),
            ("event.category", "process"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("message", "Suppressed 4711 messages from nginx.service"),
            ("service.name", "nginx.service"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:11 web1 systemd-journald[311]: Deleted archived journal /var/log/journal/1f/system@0001.journal (8M).",
        expect: &[
            ("event.action", "journal_deleted"),
            ("event.category", "process"),
            ("event.outcome", "success"),
            ("event.type", "deletion"),
            ("file.path", "/var/log/journal/1f/system@0001.journal"),
            ("message", "Deleted archived journal /var/log/journal/1f/system@0001.journal (8M)."),
        ],
    },
    Example {
        raw: "Nov 22 09:14:12 web1 syslog-ng[901]: syslog-ng shutting down; version='4.8.1'",
        expect: &[
            ("event.action", "logging_stopped"),
            ("event.category", "process"),
            ("event.outcome", "success"),
            ("event.type", "end"),
            ("message", "syslog-ng shutting down; version='4.8.1'"),
        ],
    },
    Example {
        raw: "<187>Nov 22 09:14:09 sw1 last message repeated 3 time",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("event.action", "repeated"),
            ("event.category", "process"),
            ("roundsman.event.repeated", "3"),
            ("event.type", "info"),
            ("host.name", "sw1"),
        ],
    },
    Example { raw: "Nov 22 09:14:12 web1 rsyslogd: ", expect: &[] },
];
