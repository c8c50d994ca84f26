//! SSSD, the client side of directories: debug logs of its daemons.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// SSSD: see the module.
pub static SSSD: Daemon = Daemon {
    name: "sssd",
    category: "authentication",
    product: "SSSD",
    about: "sssd*.log (sssd.conf(5), debug_level; docs of SSSD, `sssctl analyze`)",
    logsource: LogSource { category: "", product: "linux", services: &["sssd"] },
    programs: &["sssd", "sssd_be", "sssd_nss", "sssd_pam", "sssd_sudo", "krb5_child", "ldap_child"],
    paths: &[],
    structure: Structure::Holds(&["] (0x"]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("({@timestamp}) [{sssd.component:word}] [{log.origin.function:word}] ({log.level:word}): {message}", TOLD),
    says("({@timestamp}): [{sssd.component:word}] [{log.origin.function:word}] ({log.level:word}): {message}", TOLD),
];

const SAYS: &[Says] = &[
    says("Received error code {event.code:number}", ["authentication", "error", "", ""]),
    says("[{*}] Preauthentication failed", ["authentication", "start", "login", "failure"]),
    says("{*}: Preauthentication failed", ["authentication", "start", "login", "failure"]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "(Sun Nov 22 09:14:07 2026) [sssd[be[example.com]]] [sdap_get_generic_op_finished] (0x0400): Search result: Success(0), no errmsg set",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("log.level", "0x0400"),
            ("log.origin.function", "sdap_get_generic_op_finished"),
            ("sssd.component", "sssd[be[example.com]]"),
        ],
    },
    Example {
        raw: "(2026-11-22 09:14:07): [krb5_child[7231]] [main] (0x0400): krb5_child started.",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("log.level", "0x0400"),
            ("log.origin.function", "main"),
            ("sssd.component", "krb5_child[7231]"),
        ],
    },
    Example { raw: "(Sun Nov 22 09:14:07 2026) [sssd] [x] (0x04", expect: &[] },
];
