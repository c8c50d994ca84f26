//! strongSwan's charon: IKE and IPsec.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// charon: see the module.
pub static STRONGSWAN: Daemon = Daemon {
    name: "strongswan",
    category: "network",
    product: "strongSwan",
    about: "messages of charon (docs.strongswan.org, Logger Configuration; src/libcharon)",
    logsource: LogSource { category: "vpn", product: "linux", services: &["charon", "strongswan"] },
    programs: &["charon", "charon-systemd", "charon-custom", "ipsec", "ipsec_starter"],
    paths: &["/charon.log"],
    structure: Structure::None,
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says("{@timestamp} {#}[{log.logger}] <{strongswan.connection}> {message}", TOLD),
    says("{#}[{log.logger}] <{strongswan.connection}> {message}", TOLD),
    says("{#}[{log.logger}] {message}", TOLD),
];

const PACKET: [&str; 4] = ["network", "connection", "", ""];
const FAILED: [&str; 4] = ["network", "error", "negotiation", "failure"];

const SAYS: &[Says] = &[
    says(
        "sending packet: from {source.ip}[{source.port}] to {destination.ip}[{destination.port}] ({source.bytes} bytes)",
        PACKET,
    ),
    says(
        "received packet: from {source.ip}[{source.port}] to {destination.ip}[{destination.port}] ({source.bytes} bytes)",
        PACKET,
    ),
    says("{source.ip} is initiating {*}", ["network", "start", "initiate", ""]),
    says(
        "IKE_SA {strongswan.connection} established between {source.ip}[{strongswan.local_id}]...{destination.ip}[{strongswan.remote_id}]",
        ["session", "start", "established", "success"],
    ),
    says(
        "deleting IKE_SA {strongswan.connection} between {source.ip}[{strongswan.local_id}]...{destination.ip}[{strongswan.remote_id}]",
        ["session", "end", "deleted", ""],
    ),
    says("CHILD_SA {*} established with SPIs {*}", ["session", "start", "child-established", "success"]),
    says("EAP method {*} succeeded, {*}", ["authentication", "start", "login", "success"]),
    says("EAP-{*} verification failed, retry ({#})", LOGIN_FAILED),
    says("EAP-{*} verification failed", LOGIN_FAILED),
    says("EAP method {*} failed for peer {user.name}", LOGIN_FAILED),
    says("RADIUS authentication of '{user.name}' failed", LOGIN_FAILED),
    says("RADIUS authentication of '{user.name}' successful", LOGGED_IN),
    says("XAuth authentication of '{user.name}' failed", LOGIN_FAILED),
    says("XAuth authentication of '{user.name}' successful", LOGGED_IN),
    says("authentication of '{user.name}' with {*} failed", LOGIN_FAILED),
    says("authentication of '{user.name}' with {*} successful", LOGGED_IN),
    says("no matching peer config found", FAILED),
    says("no IKE config found for {destination.ip}...{source.ip}, sending NO_PROPOSAL_CHOSEN", FAILED),
    says("received {event.reason:word} notify error", FAILED),
    says("received {event.reason:word} error notify", FAILED),
    says("giving up after {#} retransmits", FAILED),
    says("peer requested virtual IP %any", TOLD),
    says("assigning virtual IP {client.ip:ip} to peer '{user.name}'", ["session", "start", "assign", ""]),
    says("lease {client.ip:ip} by '{user.name}' went offline", ["session", "end", "lease", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 gw1 charon[4711]: 08[IKE] <vpn|7> authentication of 'b.jones' with EAP successful",
        expect: &[
            ("process.name", "charon"),
            ("log.logger", "IKE"),
            ("strongswan.connection", "vpn|7"),
            ("message", "authentication of 'b.jones' with EAP successful"),
            ("user.name", "b.jones"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.action", "login"),
            ("event.outcome", "success"),
        ],
    },
    Example { raw: "something that charon does not say", expect: &[] },
];
