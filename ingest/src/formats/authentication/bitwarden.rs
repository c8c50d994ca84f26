//! Bitwarden's own server: the lines of its identity service.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, TOLD, says};

/// Bitwarden server: see the module.
pub static BITWARDEN: Daemon = Daemon {
    name: "bitwarden",
    category: "authentication",
    product: "Bitwarden server",
    about: "identity.log of a self-hosted Bitwarden server (bitwarden.com/help/install-and-deploy-lite)",
    logsource: LogSource { category: "application", product: "bitwarden", services: &["bitwarden"] },
    programs: &["bitwarden-identity", "Bitwarden-Identity", "bitwarden"],
    paths: &["/bitwarden/identity.log"],
    structure: Structure::Holds(&["] Failed login attempt. ", "] Failed login attempt, "]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] =
    &[says("{@timestamp} [{log.level:word}] {message}", TOLD), says("[{log.logger:word}] {message}", TOLD)];

const SAYS: &[Says] = &[
    says("Failed login attempt. {source.ip}", LOGIN_FAILED),
    says("Failed login attempt, 2FA invalid. {source.ip}", LOGIN_FAILED),
    says("Failed login attempt{event.reason}. {source.ip}", LOGIN_FAILED),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07.311 +01:00 [WRN] Failed login attempt, 2FA invalid. 203.0.113.66",
        expect: &[
            ("@timestamp", "2026-11-22T08:14:07.311Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("log.level", "WRN"),
            ("message", "Failed login attempt, 2FA invalid. 203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "2026-11-22T09:14:08 e5a81dbf7fd1 Bitwarden-Identity[1]: [Bit.Core.IdentityServer.ResourceOwnerPasswordValidator] Failed login attempt. 203.0.113.66",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("host.name", "e5a81dbf7fd1"),
            ("log.logger", "Bit.Core.IdentityServer.ResourceOwnerPasswordValidator"),
            ("process.name", "Bitwarden-Identity"),
            ("process.pid", "1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: "Failed login attempt", expect: &[] },
];
