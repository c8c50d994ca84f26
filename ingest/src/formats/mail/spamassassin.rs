//! SpamAssassin: spamd, and MailScanner, which asks it.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{CONNECTED, Messages, Says, says};

/// SpamAssassin: see the module.
pub static SPAMASSASSIN: Daemon = Daemon {
    name: "spamassassin",
    category: "mail",
    product: "SpamAssassin",
    about: "syslog messages of spamd (spamassassin.apache.org) and MailScanner",
    logsource: LogSource { category: "", product: "linux", services: &["spamassassin"] },
    programs: &["spamd", "MailScanner"],
    paths: &[],
    structure: Structure::Begins(&["spamd: "]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        "spamd: connection from {source.domain:word} [{source.ip}]:{source.port} to port {destination.port}{*}",
        CONNECTED,
    ),
    says(
        "spamd: processing message <{email.message_id}> for {user.name:word}:{#}",
        ["email", "info", "processing", ""],
    ),
    says(
        "spamd: result: Y {*} - {*} scantime={*},size={#},user={user.name:word},uid={#},{*}rhost={*},raddr={source.ip},rport={source.port},mid=<{email.message_id}>,{*}",
        ["email", "info", "spam", "success"],
    ),
    says(
        "spamd: result: . {*} - {*} scantime={*},size={#},user={user.name:word},uid={#},{*}rhost={*},raddr={source.ip},rport={source.port},mid=<{email.message_id}>,{*}",
        ["email", "info", "clean", "success"],
    ),
    says(
        "spamd: result: {_} {*} - {*} scantime={*},size={#},user={user.name:word},uid={#},{*}rhost={*},raddr={source.ip},rport={source.port},{*}",
        ["email", "info", "scanned", "success"],
    ),
    says(
        "spamd: result: Y {*} - {*} scantime={*},size={#},user={user.name:word},uid={#},{*}mid=<{email.message_id}>,{*}",
        ["email", "info", "spam", "success"],
    ),
    says(
        "spamd: result: . {*} - {*} scantime={*},size={#},user={user.name:word},uid={#},{*}mid=<{email.message_id}>,{*}",
        ["email", "info", "clean", "success"],
    ),
    says("spamd: identified spam ({*}) for {user.name:word}:{#} in {*}", ["email", "info", "spam", "success"]),
    says("spamd: clean message ({*}) for {user.name:word}:{#} in {*}", ["email", "info", "clean", "success"]),
    says(
        "Message {email.local_id:id} from {source.ip} ({email.from.address:word}) to {email.to.address:word} is spam, {event.reason}",
        ["email", "info", "spam", "success"],
    ),
    says(
        "Message {email.local_id:id} from {source.ip} ({email.from.address:word}) to {email.to.address:word} is {event.reason}",
        ["email", "info", "scanned", "success"],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 mx1 spamd[902]: spamd: connection from mx1.example.com [192.0.2.1]:33620 to port 783, fd 5",
        expect: &[
            ("destination.port", "783"),
            ("event.action", "connection"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("source.address", "192.0.2.1"),
            ("source.domain", "mx1.example.com"),
            ("source.ip", "192.0.2.1"),
            ("source.port", "33620"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:07 mx1 MailScanner[903]: Message 4bsM5k4xJmz4rT6 from 203.0.113.66 (spam@example.net) to example.org is spam, SpamAssassin (not cached, score=25.5, required 4)",
        expect: &[
            ("email.from.address", "spam@example.net"),
            ("email.local_id", "4bsM5k4xJmz4rT6"),
            ("email.to.address", "example.org"),
            ("event.action", "spam"),
            ("event.category", "email"),
            ("event.outcome", "success"),
            ("event.reason", "SpamAssassin (not cached, score=25.5, required 4)"),
            ("event.type", "info"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 mx1 spamd[902]: spamd: result: Y 7 - BAYES_99,HTML_MESSAGE scantime=3.4,size=120289,user=debian-spamd,uid=119,required_score=5.0,rhost=127.0.0.1,raddr=127.0.0.1,rport=44944,mid=<1@example.net>,bayes=0.99,autolearn=no",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09Z"),
            ("email.message_id", "1@example.net"),
            ("event.action", "spam"),
            ("event.category", "email"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("host.name", "mx1"),
            ("process.name", "spamd"),
            ("process.pid", "902"),
            ("source.address", "127.0.0.1"),
            ("source.ip", "127.0.0.1"),
            ("source.port", "44944"),
            ("user.name", "debian-spamd"),
        ],
    },
    Example { raw: "Nov 22 09:14:12 mx1 spamd[473]: ", expect: &[] },
];
