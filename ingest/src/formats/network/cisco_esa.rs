//! Cisco Secure Email Gateway (ESA) and Secure Web Appliance: their text logs.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, TOLD, says};

/// The logs of AsyncOS: `Info: MID 6 ICID 5 From: <…>`.
pub static CISCO_ESA: Daemon = Daemon {
    name: "cisco_esa",
    category: "network",
    product: "Cisco Secure Email Gateway (ESA), AsyncOS",
    about: "text logs of AsyncOS: mail, GUI, system, AMP (Secure Email Gateway User Guide, Logging)",
    logsource: LogSource { category: "email", product: "cisco", services: &["esa"] },
    programs: &[
        "mail_logs",
        "amp",
        "antispam",
        "antivirus",
        "content_scanner",
        "error_logs",
        "gui_logs",
        "system_logs",
        "authentication_logs",
        "bounces",
        "status",
        "graymail",
        "cli_logs",
        "euq_logs",
        "euqgui_logs",
        "ldap_logs",
    ],
    paths: &["/mail_logs", "/gui_logs"],
    structure: Structure::Begins(&["Info: ", "Warning: ", "Critical: "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{@timestamp} {log.level:word}: {message}", TOLD),
    says("{log.level:word}:   {message}", TOLD),
    says("{log.level:word}: {message}", TOLD),
];

const MAIL: [&str; 4] = ["email", "info", "", ""];

const SAYS: &[Says] = &[
    says("MID {email.local_id:number} ICID {#} From: <{email.from.address}>", MAIL),
    says("MID {email.local_id:number} ICID {#} RID {#} To: <{email.to.address}>", MAIL),
    says("MID {email.local_id:number} Subject {email.subject}", MAIL),
    says("MID {email.local_id:number} Message-ID '<{email.message_id}>'", MAIL),
    says("MID {email.local_id:number} ready {#} bytes from <{email.from.address}>", MAIL),
    says("MID {email.local_id:number} {event.reason}", MAIL),
    says("Delivery start DCID {#} MID {email.local_id:number} to RID {*}", MAIL),
    says("Message finished MID {email.local_id:number} {event.reason}", MAIL),
    says(
        "New SMTP ICID {#} interface {*} ({destination.ip}) address {source.ip} reverse dns host {source.domain:word} verified {*}",
        ["network", "connection", "", ""],
    ),
    says(
        "New SMTP DCID {#} interface {source.ip} address {destination.ip} port {destination.port}",
        ["network", "connection", "", ""],
    ),
    says("An authentication attempt by the user {user.name:word} from {source.ip} failed{*}", LOGIN_FAILED),
    says("The user {user.name:word} successfully logged on from {source.ip} using {*}", LOGGED_IN),
    says("User {user.name:word} from {source.ip} was authenticated successfully.", LOGGED_IN),
    says("login:{source.ip} user:{user.name:word} session:{*}", LOGGED_IN),
    says("PID {#}: User {user.name:word} logged out from session because of inactivity timeout.", LOGGED_OUT),
    says("Action: User {user.name:word} logged out from session {*}", LOGGED_OUT),
    says("Session {_} user:{user.name:word} expired", LOGGED_OUT),
    says("Session {_} from {source.ip} not found", TOLD),
    says(
        "PID {process.pid}: User {user.name:word} commit changes: {event.reason}",
        ["configuration", "change", "commit", "success"],
    ),
    says("Passphrase has been changed for user {user.name}", ["iam", "change", "password-changed", "success"]),
    says("SSL error with client {source.ip}:{source.port} - {event.reason}", ["network", "error", "", "failure"]),
    says(
        "Error in https connection from host {source.ip} port {source.port} - {event.reason}",
        ["network", "error", "", "failure"],
    ),
    says(
        "req:{source.ip} user:{user.name:word} id:{_} {http.response.status_code} {http.request.method:word} {url.original:word} HTTP/{http.version:word} {user_agent.original}",
        ["web", "access", "", ""],
    ),
    says(
        "File not uploaded for analysis.  MID = {email.local_id:number} File SHA256[{email.attachments.file.hash.sha256}] file mime[{email.attachments.file.mime_type}] Reason: {event.reason}",
        MAIL,
    ),
    says(
        "File not uploaded for analysis. MID = {email.local_id:number} File SHA256[{email.attachments.file.hash.sha256}] file mime[{email.attachments.file.mime_type}] Reason: {event.reason}",
        MAIL,
    ),
    says(
        "Retrospective verdict received. SHA256: {email.attachments.file.hash.sha256:word}, {*}",
        ["malware", "info", "", ""],
    ),
    says("Unable to send {*} alert to {email.to.address:word} with subject {email.subject}", TOLD),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "<166>Nov 22 09:14:07 mail_logs: Info: MID 4711 ICID 5 From: <b.jones@example.com>",
        expect: &[
            ("process.name", "mail_logs"),
            ("log.level", "Info"),
            ("message", "MID 4711 ICID 5 From: <b.jones@example.com>"),
            ("email.local_id", "4711"),
            ("email.from.address", "b.jones@example.com"),
            ("event.category", "email"),
            ("event.type", "info"),
        ],
    },
    Example {
        raw: "<166>Nov 22 09:14:07 esa1 gui_logs: Info: An authentication attempt by the user b.jones from 203.0.113.66 failed",
        expect: &[
            ("process.name", "gui_logs"),
            ("log.level", "Info"),
            ("message", "An authentication attempt by the user b.jones from 203.0.113.66 failed"),
            ("user.name", "b.jones"),
            ("source.ip", "203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.action", "login"),
            ("event.outcome", "failure"),
        ],
    },
    Example { raw: "gui without a level", expect: &[] },
];
