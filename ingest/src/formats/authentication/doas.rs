//! doas, OpenBSD's way to run a command as somebody else.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGIN_FAILED, Messages, Says, says};

/// doas: see the module.
pub static DOAS: Daemon = Daemon {
    name: "doas",
    category: "authentication",
    product: "doas",
    about: "syslog messages of doas (usr.bin/doas/doas.c)",
    logsource: LogSource { category: "", product: "openbsd", services: &["doas", "auth"] },
    programs: &["doas"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        "{user.name:word} ran command {process.command_line} as {user.effective.name:word} from {process.working_directory}",
        ["process", "start", "doas_command", "success"],
    ),
    says(
        "{user.name:word} ran command as {user.effective.name:word}: {process.command_line}",
        ["process", "start", "doas_command", "success"],
    ),
    says(
        "command not permitted for {user.name:word}: {process.command_line}",
        ["process", "denied", "doas_not_permitted", "failure"],
    ),
    says("failed auth for {user.name}", LOGIN_FAILED),
    says("failed command for {user.name:word}: {process.command_line}", ["process", "info", "doas_command", "failure"]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 bsd1 doas: anna ran command /bin/ksh as root from /home/anna",
        expect: &[
            ("event.action", "doas_command"),
            ("event.category", "process"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("process.command_line", "/bin/ksh"),
            ("process.working_directory", "/home/anna"),
            ("user.effective.name", "root"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 bsd1 doas: failed auth for anna",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 bsd1 doas: anna ran command as www: ls -l",
        expect: &[
            ("event.action", "doas_command"),
            ("event.category", "process"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("process.command_line", "ls -l"),
            ("user.effective.name", "www"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:10 bsd1 doas: command not permitted for anna: reboot",
        expect: &[
            ("event.action", "doas_not_permitted"),
            ("event.category", "process"),
            ("event.outcome", "failure"),
            ("event.type", "denied"),
            ("process.command_line", "reboot"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "Nov 22 09:14:09 bsd1 doas: ", expect: &[] },
];
