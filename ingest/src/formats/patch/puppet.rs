//! Puppet's agent.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Class, Messages, Says, says};

/// Puppet: see the module.
pub static PUPPET: Daemon = Daemon {
    name: "puppet",
    category: "patch",
    product: "Puppet",
    about: "messages of the agent: catalogs, runs, packages and other resources that it changed (lib/puppet/configurer.rb, lib/puppet/transaction)",
    logsource: LogSource { category: "", product: "linux", services: &["puppet"] },
    programs: &["puppet-agent", "puppet", "puppet-apply"],
    paths: &["/puppet.log"],
    structure: Structure::Begins(&["(/Stage[main]/"]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const INSTALLED: Class = ["package", "installation", "installed", "success"];
const REMOVED: Class = ["package", "deletion", "removed", "success"];
const CHANGED: Class = ["configuration", "change", "changed", "success"];
const FAILED: Class = ["configuration", "error", "run", "failure"];

/// States of a package come before versions, which stand in the same place.
const SAYS: &[Says] = &[
    says("(/Stage[main]/{*}/Package[{package.name}]/ensure) created{*}", INSTALLED),
    says("(/Stage[main]/{*}/Package[{package.name}]/ensure) removed{*}", REMOVED),
    says(
        "(/Stage[main]/{*}/Package[{package.name}]/ensure) current_value {*} (noop){*}",
        ["package", "info", "change_due", ""],
    ),
    says("(/Stage[main]/{*}/Package[{package.name}]/ensure) ensure changed '{*}' to 'absent'{*}", REMOVED),
    says("(/Stage[main]/{*}/Package[{package.name}]/ensure) ensure changed '{*}' to 'purged'{*}", REMOVED),
    says("(/Stage[main]/{*}/Package[{package.name}]/ensure) ensure changed '{*}' to 'present'{*}", INSTALLED),
    says("(/Stage[main]/{*}/Package[{package.name}]/ensure) ensure changed 'absent' to '{package.version}'", INSTALLED),
    says("(/Stage[main]/{*}/Package[{package.name}]/ensure) ensure changed 'purged' to '{package.version}'", INSTALLED),
    says(
        "(/Stage[main]/{*}/Package[{package.name}]/ensure) ensure changed '{roundsman.package.previous_version}' to '{package.version}'",
        ["package", "change", "upgraded", "success"],
    ),
    says(
        "(/Stage[main]/{*}/Package[{package.name}]/ensure) change from {*} failed: {error.message}",
        ["package", "error", "", "failure"],
    ),
    says(
        "(/Stage[main]/{puppet.resource:last}) current_value {*} (noop){*}",
        ["configuration", "info", "change_due", ""],
    ),
    says("(/Stage[main]/{puppet.resource}) change from {*} failed: {error.message}", FAILED),
    says("(/Stage[main]/{puppet.resource}) Could not {error.message}", FAILED),
    says("(/Stage[main]/{puppet.resource}) {*} changed {*} to {*}", CHANGED),
    says("(/Stage[main]/{puppet.resource}) created{*}", CHANGED),
    says("(/Stage[main]/{puppet.resource}) executed successfully{*}", CHANGED),
    says("(/Stage[main]/{puppet.resource}) {*}", ["configuration", "info", "", ""]),
    says("Applied catalog in {*} seconds", ["configuration", "end", "run", "success"]),
    says("Finished catalog run in {*} seconds", ["configuration", "end", "run", "success"]),
    says("Applying configuration version '{*}'", ["configuration", "start", "run", ""]),
    says("Could not {error.message}", FAILED),
    says("Skipping run of Puppet configuration client; {event.reason}", ["configuration", "info", "run_skipped", ""]),
    says(
        "Run of Puppet configuration client already in progress; {event.reason}",
        ["configuration", "info", "run_skipped", ""],
    ),
    says("Not using cache on failed catalog", FAILED),
    says("Starting Puppet client version {*}", ["process", "start", "started", ""]),
    says("Caught TERM; {*}", ["process", "end", "stopping", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 03:12:07 web1 puppet-agent[4711]: (/Stage[main]/Nginx::Package/Package[nginx]/ensure) ensure changed '1.24.0-1' to '1.26.2-1'",
        expect: &[
            ("event.action", "upgraded"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "change"),
            ("package.name", "nginx"),
            ("package.version", "1.26.2-1"),
            ("roundsman.package.previous_version", "1.24.0-1"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:08 web1 puppet-agent[4711]: (/Stage[main]/Ntp/Package[chrony]/ensure) created",
        expect: &[
            ("event.action", "installed"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "installation"),
            ("package.name", "chrony"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:09 web1 puppet-agent[4711]: (/Stage[main]/Ssh/File[/etc/ssh/sshd_config]/content) content changed '{sha256}aa' to '{sha256}bb'",
        expect: &[
            ("event.action", "changed"),
            ("event.category", "configuration"),
            ("event.outcome", "success"),
            ("event.type", "change"),
            ("puppet.resource", "Ssh/File[/etc/ssh/sshd_config]/content"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:10 web1 puppet-agent[4711]: Applied catalog in 12.34 seconds",
        expect: &[
            ("event.action", "run"),
            ("event.category", "configuration"),
            ("event.outcome", "success"),
            ("event.type", "end"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:11 web1 puppet-agent[4711]: Could not retrieve catalog from remote server: Connection refused",
        expect: &[
            ("error.message", "retrieve catalog from remote server: Connection refused"),
            ("event.action", "run"),
            ("event.category", "configuration"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
        ],
    },
    Example { raw: "(/Stage[main]/Ssh/File[/etc/ssh", expect: &[] },
];
