//! Time: ntpd, chronyd and systemd-timesyncd.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// Daemons that keep the clock.
pub static CHRONY: Daemon = Daemon {
    name: "ntp",
    category: "network",
    product: "ntpd, chronyd, systemd-timesyncd",
    about: "messages of the daemons that keep the clock (chronyd(8); ntpd(8); systemd-timesyncd.service(8))",
    logsource: LogSource { category: "", product: "linux", services: &["ntp"] },
    programs: &["ntpd", "chronyd", "systemd-timesyncd", "ntpdate", "openntpd", "ntp"],
    paths: &[],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const CHANGED: [&str; 4] = ["host", "change", "clock", "success"];
const LOST: [&str; 4] = ["host", "error", "clock", "failure"];

const SAYS: &[Says] = &[
    says("Selected source {destination.ip} ({destination.domain})", CHANGED),
    says("Selected source {destination}", CHANGED),
    says("Source {destination.ip} offline", TOLD),
    says("Source {destination.ip} online", TOLD),
    says("Source {destination.ip} replaced with {*}", TOLD),
    says("System clock wrong by {ntp.offset:word} seconds{*}", LOST),
    says("System clock was stepped by {ntp.offset:word} seconds", CHANGED),
    says("Can't synchronise: no selectable sources", LOST),
    says("Can't synchronise: no majority", LOST),
    says("synchronized to {destination.ip}, stratum {#}", CHANGED),
    says("synchronized to {destination}, stratum {#}", CHANGED),
    says("time reset {ntp.offset:word} s", CHANGED),
    says("step time server {destination.ip} offset {ntp.offset:word} sec", CHANGED),
    says("adjust time server {destination.ip} offset {ntp.offset:word} sec", CHANGED),
    says("no server suitable for synchronization found", LOST),
    says("Initial synchronization to time server {destination.ip}:{destination.port} ({destination.domain}).", CHANGED),
    says("Timed out waiting for reply from {destination.ip}:{destination.port} ({destination.domain}).", LOST),
    says("kernel reports TIME_ERROR: {*}", LOST),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 web1 chronyd[4711]: Selected source 203.0.113.123 (time.example.com)",
        expect: &[
            ("process.name", "chronyd"),
            ("destination.ip", "203.0.113.123"),
            ("destination.address", "203.0.113.123"),
            ("destination.domain", "time.example.com"),
            ("event.category", "host"),
            ("event.type", "change"),
            ("event.action", "clock"),
            ("event.outcome", "success"),
        ],
    },
    Example { raw: "time flies", expect: &[] },
];
