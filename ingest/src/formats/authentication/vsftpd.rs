//! vsftpd: its own log and what it writes to syslog. File names and FTP commands are the client's words.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// vsftpd: see the module.
pub static VSFTPD: Daemon = Daemon {
    name: "vsftpd",
    category: "authentication",
    product: "vsftpd",
    about: "vsftpd.log and syslog messages (vsftpd.conf(5), `vsftpd_log_file`, `syslog_enable`; logging.c)",
    logsource: LogSource { category: "", product: "linux", services: &["vsftpd"] },
    programs: &["vsftpd"],
    paths: &["/vsftpd.log"],
    structure: Structure::Holds(&[": Client \""]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("{@timestamp} [pid {process.pid}] {message}", TOLD)];

const SAYS: &[Says] = &[
    says(r#"[{user.name}] OK LOGIN: Client "{source.ip}", anon password "{*}""#, LOGGED_IN),
    says(r#"[{user.name}] OK LOGIN: Client "{source.ip}""#, LOGGED_IN),
    says(r#"[{user.name}] FAIL LOGIN: Client "{source.ip}""#, LOGIN_FAILED),
    says(r#"CONNECT: Client "{source.ip}""#, CONNECTED),
    says(
        r#"[{user.name:word}] OK UPLOAD: Client "{source.ip}", "{file.path}", {file.size:number} bytes, {*}"#,
        ["file", "creation", "upload", "success"],
    ),
    says(
        r#"[{user.name:word}] FAIL UPLOAD: Client "{source.ip}", "{file.path}", {*}"#,
        ["file", "creation", "upload", "failure"],
    ),
    says(
        r#"[{user.name:word}] OK DOWNLOAD: Client "{source.ip}", "{file.path}", {file.size:number} bytes, {*}"#,
        ["file", "access", "download", "success"],
    ),
    says(
        r#"[{user.name:word}] FAIL DOWNLOAD: Client "{source.ip}", "{file.path}", {*}"#,
        ["file", "access", "download", "failure"],
    ),
    says(
        r#"[{user.name:word}] OK DELETE: Client "{source.ip}", "{file.path}""#,
        ["file", "deletion", "delete", "success"],
    ),
    says(
        r#"[{user.name:word}] FAIL DELETE: Client "{source.ip}", "{file.path}""#,
        ["file", "deletion", "delete", "failure"],
    ),
    says(
        r#"[{user.name:word}] OK MKDIR: Client "{source.ip}", "{file.path}""#,
        ["file", "creation", "mkdir", "success"],
    ),
    says(
        r#"[{user.name:word}] FAIL MKDIR: Client "{source.ip}", "{file.path}""#,
        ["file", "creation", "mkdir", "failure"],
    ),
    says(
        r#"[{user.name:word}] OK RMDIR: Client "{source.ip}", "{file.path}""#,
        ["file", "deletion", "rmdir", "success"],
    ),
    says(
        r#"[{user.name:word}] OK RENAME: Client "{source.ip}", "{file.path}""#,
        ["file", "change", "rename", "success"],
    ),
    says(r#"[{user.name:word}] OK CHMOD: Client "{source.ip}", "{file.path}""#, ["file", "change", "chmod", "success"]),
    says(
        r#"[{user.name:word}] FTP command: Client "{source.ip}", "{vsftpd.command}""#,
        ["network", "protocol", "ftp_command", ""],
    ),
    says(
        r#"[{user.name:word}] FTP response: Client "{source.ip}", "{vsftpd.response}""#,
        ["network", "protocol", "ftp_response", ""],
    ),
    says(r#"FTP command: Client "{source.ip}", "{vsftpd.command}""#, ["network", "protocol", "ftp_command", ""]),
    says(r#"FTP response: Client "{source.ip}", "{vsftpd.response}""#, ["network", "protocol", "ftp_response", ""]),
    says(r#"DEBUG: Client "{source.ip}", "{event.reason}""#, ["network", "info", "debug", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"Sun Nov 22 09:14:07 2026 [pid 4711] [anna] OK LOGIN: Client "192.0.2.17""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("message", r#"[anna] OK LOGIN: Client "192.0.2.17""#),
            ("process.pid", "4711"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: r#"Sun Nov 22 09:14:08 2026 [pid 4712] [root] FAIL LOGIN: Client "2001:db8::66""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("message", r#"[root] FAIL LOGIN: Client "2001:db8::66""#),
            ("process.pid", "4712"),
            ("source.address", "2001:db8::66"),
            ("source.ip", "2001:db8::66"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: r#"Sun Nov 22 09:14:08 2026 [pid 4712] [x] FAIL LOGIN: Client "198.51.100.1] FAIL LOGIN: Client "203.0.113.66""#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("message", r#"[x] FAIL LOGIN: Client "198.51.100.1] FAIL LOGIN: Client "203.0.113.66""#),
            ("process.pid", "4712"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", r#"x] FAIL LOGIN: Client "198.51.100.1"#),
        ],
    },
    Example {
        raw: r#"Sun Nov 22 09:14:09 2026 [pid 3] [anna] OK UPLOAD: Client "192.0.2.17", "/srv/ftp/a b.tar", 1884648 bytes, 41264.44Kbyte/sec"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("event.action", "upload"),
            ("event.category", "file"),
            ("event.outcome", "success"),
            ("event.type", "creation"),
            ("file.path", "/srv/ftp/a b.tar"),
            ("file.size", "1884648"),
            (
                "message",
                r#"[anna] OK UPLOAD: Client "192.0.2.17", "/srv/ftp/a b.tar", 1884648 bytes, 41264.44Kbyte/sec"#,
            ),
            ("process.pid", "3"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: r#"Nov 22 09:14:10 ftp1 vsftpd[4711]: CONNECT: Client "192.0.2.17""#,
        expect: &[
            ("event.action", "connection"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("process.name", "vsftpd"),
            ("process.pid", "4711"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
        ],
    },
    Example {
        raw: r#"Nov 22 09:14:10 ftp1 vsftpd[4711]: [anna] FTP command: Client "192.0.2.17", "CWD pub""#,
        expect: &[
            ("event.action", "ftp_command"),
            ("event.category", "network"),
            ("event.type", "protocol"),
            ("process.name", "vsftpd"),
            ("process.pid", "4711"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("user.name", "anna"),
            ("vsftpd.command", "CWD pub"),
        ],
    },
    Example { raw: "Sun Nov 22 09:14:08 2026 [pid 4712", expect: &[] },
];
