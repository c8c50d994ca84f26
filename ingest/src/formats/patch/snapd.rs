//! snapd, and the lines that snap prints.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Class, Messages, Says, says};

/// snapd: see the module.
pub static SNAPD: Daemon = Daemon {
    name: "snapd",
    category: "patch",
    product: "Snap",
    about: "snapd's messages behind file and line of its source, and what snap install, refresh and remove print (snapd, cmd/snap)",
    logsource: LogSource { category: "", product: "linux", services: &["snapd"] },
    programs: &["snapd", "snap"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(|| {
        Messages::new(&[says("{log.origin.file.name:word}.go:{log.origin.file.line}: {rest}", NONE)])
    }),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const NONE: Class = ["", "", "", ""];
const INSTALLED: Class = ["package", "installation", "installed", "success"];
const REFRESHED: Class = ["package", "change", "upgraded", "success"];
const REMOVED: Class = ["package", "deletion", "removed", "success"];
const FAILED: Class = ["package", "error", "", "failure"];

const SAYS: &[Says] = &[
    says(r#"Installing snap "{package.name}" revision {*}"#, ["package", "start", "installing", ""]),
    says("started snapd/{package.version:word} {*}", ["process", "start", "started", ""]),
    says(r#"cannot refresh snap "{package.name}": {error.message}"#, FAILED),
    says(r#"[change {#} "Download snap \"{package.name}\" {*}" task] failed: {error.message}"#, FAILED),
    says(r#"[change {#} "{*}" task] failed: {error.message}"#, FAILED),
    says("Cannot prepare auto-refresh change: {error.message}", FAILED),
    says("cannot {*}: {error.message:last}", ["", "error", "", "failure"]),
    says("{package.name:word} ({*}) {package.version:word} from {*} installed", INSTALLED),
    says("{package.name:word} {package.version:word} from {*} installed", INSTALLED),
    says("{package.name:word} ({*}) {package.version:word} from {*} refreshed", REFRESHED),
    says("{package.name:word} {package.version:word} from {*} refreshed", REFRESHED),
    says("{package.name:word} reverted to {package.version:word}", ["package", "change", "downgraded", "success"]),
    says("{package.name:word} removed", REMOVED),
    says("{package.name:word} removed (snap data snapshot saved)", REMOVED),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"Nov 22 03:12:07 web1 snapd[812]: api_snaps.go:452: Installing snap "hello" revision unset"#,
        expect: &[
            ("event.action", "installing"),
            ("event.category", "package"),
            ("event.type", "start"),
            ("log.origin.file.line", "452"),
            ("log.origin.file.name", "api_snaps"),
            ("package.name", "hello"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:08 web1 snap[900]: hello (stable) 2.10 from Example Publisher refreshed",
        expect: &[
            ("event.action", "upgraded"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "change"),
            ("package.name", "hello"),
            ("package.version", "2.10"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:09 web1 snapd[812]: autorefresh.go:540: Cannot prepare auto-refresh change: no route to host",
        expect: &[
            ("error.message", "no route to host"),
            ("event.category", "package"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("log.origin.file.line", "540"),
            ("log.origin.file.name", "autorefresh"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:10 web1 snap[900]: hello removed",
        expect: &[
            ("event.action", "removed"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "deletion"),
            ("package.name", "hello"),
        ],
    },
    Example { raw: "Nov 22 03:12:11 web1 snapd[812]: ", expect: &[] },
];
