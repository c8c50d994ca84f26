//! Cyrus IMAP and the UW daemons, which say it much alike.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Cyrus IMAP: see the module.
pub static CYRUS: Daemon = Daemon {
    name: "cyrus",
    category: "mail",
    product: "Cyrus IMAP",
    about: "syslog messages of Cyrus IMAP (cyrusimap.org, imap/imapd.c) and of UW imapd and ipopd",
    logsource: LogSource { category: "", product: "linux", services: &["cyrus", "mail"] },
    programs: &[
        "cyrus/imap",
        "cyrus/imaps",
        "cyrus/pop3",
        "cyrus/pop3s",
        "cyrus/lmtp",
        "cyrus/master",
        "imap",
        "imaps",
        "pop3",
        "pop3s",
        "lmtpunix",
        "ipop3d",
        "imapd",
        "cyrus",
    ],
    paths: &[],
    structure: Structure::Begins(&[
        "badlogin: ",
        "Login failed user=",
        "Delivered: <",
        "Authenticated user=",
        "login: ",
        "open: user ",
    ]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says("badlogin: {source.peer} {cyrus.mechanism:word} [{event.reason}]", LOGIN_FAILED),
    says("badlogin: {source.peer} {cyrus.mechanism:word} {user.name:word} {event.reason}", LOGIN_FAILED),
    says("badlogin: {source.peer} {*}", LOGIN_FAILED),
    says("bad login: {source.peer} {*}", LOGIN_FAILED),
    says("login: {source.peer} {user.name:word} {cyrus.mechanism:word} User logged in{*}", LOGGED_IN),
    says("login: {source.peer} {user.name:word} {cyrus.mechanism:word}+TLS User logged in{*}", LOGGED_IN),
    says("Login failed user={user.name} auth={*} host={source.peer}", LOGIN_FAILED),
    says("Login disabled user={user.name} auth={*} host={source.peer}", LOGIN_FAILED),
    says("Login excessive login failures user={user.name} auth={*} host={source.peer}", LOGIN_FAILED),
    says("Login user={user.name} host={source.peer}", LOGGED_IN),
    says("Logout user={user.name} host={source.peer}", LOGGED_OUT),
    says("Authenticated user={user.name} host={source.peer}", LOGGED_IN),
    says("AUTHENTICATE {_} failure host={source.peer}", LOGIN_FAILED),
    says("Authenticated user={user.name} host={source.peer} mech={_}", LOGGED_IN),
    says("Failed {*} override of user={user.name}  host={source.peer}", LOGIN_FAILED),
    says("open: user {user.name:word} opened {*}", ["session", "info", "open", ""]),
    says("Delivered: <{email.message_id}> to mailbox: {*}", ["email", "info", "delivered", "success"]),
    says("accepted connection", TOLD),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 mx1 cyrus/imaps[4711]: badlogin: client.example.net [203.0.113.66] plaintext anna SASL(-13): authentication failure: checkpass failed",
        expect: &[
            ("cyrus.mechanism", "plaintext"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "SASL(-13): authentication failure: checkpass failed"),
            ("event.type", "start"),
            ("source.address", "client.example.net"),
            ("source.domain", "client.example.net"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 mx1 imapd[4712]: Login failed user=anna auth=anna host=client.example.net [203.0.113.66]",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "client.example.net"),
            ("source.domain", "client.example.net"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "Nov 22 09:14:12 mx1 cyrus/imaps[473]: ", expect: &[] },
];
