//! WALLIX Bastion: its audit, and the sessions of its proxies.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, TOLD, says};

/// WALLIX Bastion: see the module.
pub static WALLIX: Daemon = Daemon {
    name: "wallix",
    category: "authentication",
    product: "WALLIX Bastion",
    about: "SIEM messages of WALLIX Bastion (doc.wallix.com, exporting to a SIEM)",
    logsource: LogSource { category: "", product: "wallix", services: &["bastion"] },
    programs: &["wabengine", "rdpproxy", "sshproxy", "wabaudit", "WABEngine"],
    paths: &[],
    structure: Structure::Holds(&[
        "[wabaudit] ",
        "[rdpproxy] ",
        "[sshproxy] ",
        "[RDP Session] ",
        "[SSH Session] ",
        "[VNC Session] ",
        "[wabauth] ",
        "[WABEngine] ",
    ]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("[wabaudit] {message}", TOLD),
    says("[wabauth] {message}", TOLD),
    says("[rdpproxy] {message}", TOLD),
    says("[sshproxy] {message}", TOLD),
    says("[WABEngine] {message}", TOLD),
    says("[rdpproxy_login] {message}", TOLD),
];

const SAYS: &[Says] = &[
    says(
        r#"action="authenticate" type="{wallix.type}" object="{wallix.object}" user="{user.name}" client_ip="{source.ip}" infos="{event.reason}""#,
        ["authentication", "start", "authenticate", ""],
    ),
    says(
        r#"action="add" type="{event.action}" object="{wallix.object}" user="{user.name}" client_ip="{source.ip}" infos="{event.reason}""#,
        ["configuration", "creation", "", ""],
    ),
    says(
        r#"action="delete" type="{event.action}" object="{wallix.object}" user="{user.name}" client_ip="{source.ip}" infos="{event.reason}""#,
        ["configuration", "deletion", "", ""],
    ),
    says(
        r#"action="edit" type="{event.action}" object="{wallix.object}" user="{user.name}" client_ip="{source.ip}" infos="{event.reason}""#,
        ["configuration", "change", "", ""],
    ),
    says(
        r#"action="{wallix.action}" type="{event.action}" object="{wallix.object}" user="{user.name}" client_ip="{source.ip}" infos="{event.reason}""#,
        ["configuration", "info", "", ""],
    ),
    says(
        r#"diagnostic="{event.reason}" user="{user.name}" client_ip="{source.ip}"{*}"#,
        ["authentication", "start", "authenticate", ""],
    ),
    says(
        r#"user="{user.name}" client_ip="{source.ip}" {*}infos="diagnostic [success]{*}""#,
        ["authentication", "start", "login", "success"],
    ),
    says(r#"user="{user.name}" client_ip="{source.ip}" {*}infos="diagnostic [fail]{*}""#, LOGIN_FAILED),
    says(
        r#"{?[RDP Session] }{?[SSH Session] }{?[VNC Session] }session_id="{_}" client_ip="{source.ip}" target_ip="{destination.ip}" user="{user.name}" device="{wallix.device}" service="{network.protocol}" account="{destination.user.name}" type="{event.action}" {*}"#,
        ["session", "info", "", ""],
    ),
    says(
        r#"{?[RDP Session] }{?[SSH Session] }{?[VNC Session] }type="{event.action}" session_id="{_}" client_ip="{source.ip}" target_ip="{destination.ip}" user="{user.name}" device="{wallix.device}" service="{network.protocol}" account="{destination.user.name}"{*}"#,
        ["session", "info", "", ""],
    ),
    says(
        r#"{?[RDP Session] }{?[SSH Session] }{?[VNC Session] }type="{event.action}" session_id="{_}" {*}client_ip="{source.ip}" target_ip="{destination.ip}" user="{user.name}"{*}"#,
        ["session", "info", "", ""],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"[wabaudit] action="add" type="User" object="bob" user="admin" client_ip="192.0.2.17" infos="groups [ops]""#,
        expect: &[
            ("event.action", "User"),
            ("event.category", "configuration"),
            ("event.reason", "groups [ops]"),
            ("event.type", "creation"),
            (
                "message",
                r#"action="add" type="User" object="bob" user="admin" client_ip="192.0.2.17" infos="groups [ops]""#,
            ),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("user.name", "admin"),
            ("wallix.object", "bob"),
        ],
    },
    Example { raw: "[waba", expect: &[] },
];
