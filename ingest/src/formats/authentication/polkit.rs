//! polkit: who ran what as somebody else with pkexec, and who was asked for a password.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, says};

/// polkit: see the module.
pub static POLKIT: Daemon = Daemon {
    name: "polkit",
    category: "authentication",
    product: "polkit",
    about: "messages of pkexec and polkitd (polkit src/programs/pkexec.c, src/polkitbackend/polkitbackendinteractiveauthority.c)",
    logsource: LogSource { category: "", product: "linux", services: &["polkit", "pkexec", "auth"] },
    programs: &["pkexec", "polkitd", "polkit-agent-helper-1"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const RAN: [&str; 4] = ["process", "start", "pkexec_command", "success"];
const REFUSED: [&str; 4] = ["process", "denied", "pkexec_refused", "failure"];
const SUSPICIOUS: [&str; 4] = ["process", "denied", "pkexec_suspicious_environment", "failure"];
const AGENT: [&str; 4] = ["session", "info", "polkit_agent", ""];

const SAYS: &[Says] = &[
    says(
        "{user.name}: Executing command [USER={user.effective.name}] [TTY={*}] [CWD={process.working_directory}] [COMMAND={process.command_line}]",
        RAN,
    ),
    says(
        "{user.name}: Error executing command as another user: {event.reason} [USER={user.effective.name}] [TTY={*}] [CWD={process.working_directory}] [COMMAND={process.command_line}]",
        REFUSED,
    ),
    says(
        "{user.name}: The value for the {*} variable was not found the /etc/shells file [USER={user.effective.name}] [TTY={*}] [CWD={process.working_directory}] [COMMAND={process.command_line}]",
        SUSPICIOUS,
    ),
    says(
        "{user.name}: The value for environment variable {*} contains suscipious content [USER={user.effective.name}] [TTY={*}] [CWD={process.working_directory}] [COMMAND={process.command_line}]",
        SUSPICIOUS,
    ),
    says(
        "Operator of {_} successfully authenticated as unix-user:{user.effective.name} to gain {*} authorization for action {rule.name:word} for {*} [{process.command_line}] (owned by unix-user:{user.name})",
        LOGGED_IN,
    ),
    says(
        "Operator of {_} FAILED to authenticate to gain authorization for action {rule.name:word} for {*} [{process.command_line}] (owned by unix-user:{user.name})",
        LOGIN_FAILED,
    ),
    says("Registered Authentication Agent for {*}", AGENT),
    says("Unregistered Authentication Agent for {*}", AGENT),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 desk3 pkexec[4711]: mara: Executing command [USER=root] [TTY=/dev/pts/1] [CWD=/home/mara] [COMMAND=/usr/bin/apt update]",
        expect: &[
            ("event.action", "pkexec_command"),
            ("event.category", "process"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            (
                "message",
                "mara: Executing command [USER=root] [TTY=/dev/pts/1] [CWD=/home/mara] [COMMAND=/usr/bin/apt update]",
            ),
            ("process.command_line", "/usr/bin/apt update"),
            ("process.working_directory", "/home/mara"),
            ("user.effective.name", "root"),
            ("user.name", "mara"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 desk3 pkexec[4712]: mara: Error executing command as another user: Not authorized [USER=root] [TTY=/dev/pts/1] [CWD=/home/mara] [COMMAND=/usr/sbin/visudo]",
        expect: &[
            ("event.action", "pkexec_refused"),
            ("event.category", "process"),
            ("event.outcome", "failure"),
            ("event.reason", "Not authorized"),
            ("event.type", "denied"),
            (
                "message",
                "mara: Error executing command as another user: Not authorized [USER=root] [TTY=/dev/pts/1] [CWD=/home/mara] [COMMAND=/usr/sbin/visudo]",
            ),
            ("process.command_line", "/usr/sbin/visudo"),
            ("process.working_directory", "/home/mara"),
            ("user.effective.name", "root"),
            ("user.name", "mara"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 desk3 pkexec[4713]: mara: The value for the SHELL variable was not found the /etc/shells file [USER=root] [TTY=/dev/pts/1] [CWD=/tmp/x] [COMMAND=PATH=GCONV_PATH=. SHELL=/no/shell x]",
        expect: &[
            ("event.action", "pkexec_suspicious_environment"),
            ("event.category", "process"),
            ("event.outcome", "failure"),
            ("event.type", "denied"),
            (
                "message",
                "mara: The value for the SHELL variable was not found the /etc/shells file [USER=root] [TTY=/dev/pts/1] [CWD=/tmp/x] [COMMAND=PATH=GCONV_PATH=. SHELL=/no/shell x]",
            ),
            ("process.command_line", "PATH=GCONV_PATH=. SHELL=/no/shell x"),
            ("process.working_directory", "/tmp/x"),
            ("user.effective.name", "root"),
            ("user.name", "mara"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:10 desk3 polkitd[811]: Operator of unix-session:2 successfully authenticated as unix-user:admin to gain TEMPORARY authorization for action org.freedesktop.systemd1.manage-units for system-bus-name::1.88 [systemctl restart cups] (owned by unix-user:mara)",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            (
                "message",
                "Operator of unix-session:2 successfully authenticated as unix-user:admin to gain TEMPORARY authorization for action org.freedesktop.systemd1.manage-units for system-bus-name::1.88 [systemctl restart cups] (owned by unix-user:mara)",
            ),
            ("process.command_line", "systemctl restart cups"),
            ("rule.name", "org.freedesktop.systemd1.manage-units"),
            ("user.effective.name", "admin"),
            ("user.name", "mara"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:11 desk3 polkitd[811]: Operator of unix-session:2 FAILED to authenticate to gain authorization for action org.freedesktop.policykit.exec for unix-process:4714:99 [pkexec bash] (owned by unix-user:mara)",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            (
                "message",
                "Operator of unix-session:2 FAILED to authenticate to gain authorization for action org.freedesktop.policykit.exec for unix-process:4714:99 [pkexec bash] (owned by unix-user:mara)",
            ),
            ("process.command_line", "pkexec bash"),
            ("rule.name", "org.freedesktop.policykit.exec"),
            ("user.name", "mara"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:12 desk3 polkitd[811]: Registered Authentication Agent for unix-session:2 (system bus name :1.31 [/usr/bin/gnome-shell], object path /org/freedesktop/PolicyKit1/AuthenticationAgent, locale de_DE.UTF-8)",
        expect: &[
            ("event.action", "polkit_agent"),
            ("event.category", "session"),
            ("event.type", "info"),
            (
                "message",
                "Registered Authentication Agent for unix-session:2 (system bus name :1.31 [/usr/bin/gnome-shell], object path /org/freedesktop/PolicyKit1/AuthenticationAgent, locale de_DE.UTF-8)",
            ),
        ],
    },
    Example { raw: "Nov 22 09:14:13 desk3 pkexec[4713]: ", expect: &[] },
];
