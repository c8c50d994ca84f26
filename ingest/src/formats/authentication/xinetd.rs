//! xinetd, which starts network services on demand.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// xinetd: see the module.
pub static XINETD: Daemon = Daemon {
    name: "xinetd",
    category: "authentication",
    product: "xinetd",
    about: "syslog and log file messages of xinetd (xinetd.log(5))",
    logsource: LogSource { category: "", product: "linux", services: &["xinetd"] },
    programs: &["xinetd"],
    paths: &["/xinetd.log"],
    structure: Structure::None,
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[says("{@timestamp}: {message}", TOLD)];

const SAYS: &[Says] = &[
    says("START: {service.name:word} pid={#} from={source.ip}", ["network", "connection", "service_start", "success"]),
    says("START: {service.name:word} from={source.ip}", ["network", "connection", "service_start", "success"]),
    says("EXIT: {service.name:word} {*}", ["network", "end", "service_exit", ""]),
    says(
        "FAIL: {service.name:word} {event.reason:word} from={source.ip}",
        ["network", "denied", "service_refused", "failure"],
    ),
    says("USERID: {service.name:word} {user.name}", ["network", "info", "userid", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 web1 xinetd[4711]: FAIL: telnet address from=203.0.113.66",
        expect: &[
            ("event.action", "service_refused"),
            ("event.category", "network"),
            ("event.outcome", "failure"),
            ("event.reason", "address"),
            ("event.type", "denied"),
            ("process.name", "xinetd"),
            ("process.pid", "4711"),
            ("service.name", "telnet"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 web1 xinetd[4711]: START: imap pid=4712 from=192.0.2.17",
        expect: &[
            ("event.action", "service_start"),
            ("event.category", "network"),
            ("event.outcome", "success"),
            ("event.type", "connection"),
            ("process.name", "xinetd"),
            ("process.pid", "4711"),
            ("service.name", "imap"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 web1 xinetd[4711]: EXIT: imap status=0 pid=4712 duration=3(sec)",
        expect: &[
            ("event.action", "service_exit"),
            ("event.category", "network"),
            ("event.type", "end"),
            ("process.name", "xinetd"),
            ("process.pid", "4711"),
            ("service.name", "imap"),
        ],
    },
    Example { raw: "Nov 22 09:14:09 web1 xinetd[4711]: ", expect: &[] },
];
