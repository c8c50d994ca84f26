//! The SPF policy servers of Postfix.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, says};

/// policyd-spf: see the module.
pub static POLICYD_SPF: Daemon = Daemon {
    name: "policyd_spf",
    category: "mail",
    product: "policyd-spf",
    about: "syslog messages of policyd-spf and pypolicyd-spf (RFC 7208, section 9.1)",
    logsource: LogSource { category: "", product: "linux", services: &["policyd_spf"] },
    programs: &["policyd-spf", "postfix-policyd-spf-perl"],
    paths: &[],
    structure: Structure::Holds(&["Received-SPF: ", "; client-ip="]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        "prepend Received-SPF: {policyd_spf.result:word} ({*}) identity={*}; client-ip={source.ip}; helo={source.domain:word}; envelope-from={sender:word}; receiver={*}",
        ["email", "info", "spf", ""],
    ),
    says(
        "Action: prepend: Text: Received-SPF: {policyd_spf.result:word} ({*}) identity={*}; client-ip={source.ip}; helo={source.domain:word}; envelope-from={sender:word}; receiver={*}",
        ["email", "info", "spf", ""],
    ),
    says(
        "Received-SPF: {policyd_spf.result:word} ({*}) identity={*}; client-ip={source.ip}; helo={source.domain:word}; envelope-from={sender:word}; receiver={*}",
        ["email", "info", "spf", ""],
    ),
    says(
        "{policyd_spf.result:word}; identity={*}; client-ip={source.ip}; helo={source.domain:word}; envelope-from={sender:word}; receiver={*}",
        ["email", "info", "spf", ""],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 mx1 policyd-spf[901]: prepend Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.17; helo=mx.example.com; envelope-from=anna@example.com; receiver=<UNKNOWN>",
        expect: &[
            ("email.from.address", "anna@example.com"),
            ("event.action", "spf"),
            ("event.category", "email"),
            ("event.type", "info"),
            ("policyd_spf.result", "Pass"),
            ("source.address", "192.0.2.17"),
            ("source.domain", "mx.example.com"),
            ("source.ip", "192.0.2.17"),
        ],
    },
    Example { raw: "Nov 22 09:14:12 mx1 policyd-spf[473]: ", expect: &[] },
];
