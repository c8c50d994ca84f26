//! Barracuda CloudGen Firewall.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Barracuda CloudGen Firewall: see the module.
pub static BARRACUDA_CLOUDGEN_LOG: Daemon = Daemon {
    name: "barracuda_cloudgen_log",
    category: "firewall",
    product: "Barracuda CloudGen Firewall, box logs",
    about: r#"lines of the box's own logs as the firewall streams them (campus.barracuda.com, "How to Configure Syslog Streaming")"#,
    logsource: LogSource { category: "firewall", product: "barracuda", services: &["cloudgen"] },
    programs: &[],
    paths: &[],
    structure: Structure::Begins(&["Info  ", "Notice  ", "Warning  ", "Error  ", "Security ", "Panic  ", "Fatal  "]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        "{log.level:word}  {observer.name:word} LOGIN ATTEMPT: {process.name:word}[{process.pid}]: Login {user.name} from {source.ip} : Allowed.",
        LOGGED_IN,
    ),
    says(
        "{log.level:word}  {observer.name:word} LOGIN ATTEMPT: {process.name:word}[{process.pid}]: Login {user.name} from {source.ip} : Denied{event.reason}",
        LOGIN_FAILED,
    ),
    says(
        "{log.level:word}  {observer.name:word} LOGIN ATTEMPT: Login from {source.ip}: Denied: {event.reason}",
        LOGIN_FAILED,
    ),
    says(
        "{log.level:word}  {observer.name:word} {source.ip}:{source.port} login succeeded: {user.name:word} {*}",
        LOGGED_IN,
    ),
    says(
        "{log.level:word}  {observer.name:word} {source.ip}:{source.port} login failed: {user.name:word} {*}",
        LOGIN_FAILED,
    ),
    says(
        "{log.level:word}  {observer.name:word} {process.name:word}[{process.pid}]: Session {user.name}: Closed",
        ["session", "end", "session_closed", ""],
    ),
    says(
        "{log.level:word}  {observer.name:word} phibs: Authentication {event.action:word} for peer={source.ip} {*}user={user.name}",
        ["authentication", "info", "", ""],
    ),
    says(
        "{log.level:word}  {observer.name:word} phibs: Authentication {event.action} for peer={source.ip} {*}",
        ["authentication", "info", "", ""],
    ),
    says(
        "{log.level:word}  {observer.name:word} Session from {source.ip}:{source.port} mode={#}",
        ["network", "connection", "connection", ""],
    ),
    says(
        "{log.level:word}  {observer.name:word} firewall: [Timer] SecurityEvent: {event.reason} for source IP {source.ip} within {*}",
        ["intrusion_detection", "info", "security_event", ""],
    ),
    says(
        "{log.level:word}  {observer.name:word} firewall: [{_}] {event.action:word}   IPS {*} {source.ip} -> {destination.ip}:{destination.port} |[ID: {rule.id:word} {rule.name}]{*}",
        ["intrusion_detection", "info", "", ""],
    ),
    says(
        "{log.level:word}  {observer.name:word} Allow: {barracuda.cloudgen.chain:word}|{network.transport:word}|{observer.ingress.interface.name:word}|{source.ip}|{source.port}|{source.mac:word}|{destination.ip}|{destination.port}|{network.protocol}|{observer.egress.interface.name}|{rule.name}|{#}|{source.nat.ip:ip}|{destination.nat.ip:ip}|{#}|{#}|{source.bytes:number}|{destination.bytes:number}|{source.packets:number}|{destination.packets:number}|{*}",
        ["network", "allowed", "allow", ""],
    ),
    says(
        "{log.level:word}  {observer.name:word} Block: {barracuda.cloudgen.chain:word}|{network.transport:word}|{observer.ingress.interface.name:word}|{source.ip}|{source.port}|{source.mac:word}|{destination.ip}|{destination.port}|{network.protocol}|{observer.egress.interface.name}|{rule.name}|{#}|{source.nat.ip:ip}|{destination.nat.ip:ip}|{#}|{#}|{source.bytes:number}|{destination.bytes:number}|{source.packets:number}|{destination.packets:number}|{*}",
        ["network", "denied", "block", ""],
    ),
    says(
        "{log.level:word}  {observer.name:word} Deny: {barracuda.cloudgen.chain:word}|{network.transport:word}|{observer.ingress.interface.name:word}|{source.ip}|{source.port}|{source.mac:word}|{destination.ip}|{destination.port}|{network.protocol}|{observer.egress.interface.name}|{rule.name}|{#}|{source.nat.ip:ip}|{destination.nat.ip:ip}|{#}|{#}|{source.bytes:number}|{destination.bytes:number}|{source.packets:number}|{destination.packets:number}|{*}",
        ["network", "denied", "deny", ""],
    ),
    says(
        "{log.level:word}  {observer.name:word} Drop: {barracuda.cloudgen.chain:word}|{network.transport:word}|{observer.ingress.interface.name:word}|{source.ip}|{source.port}|{source.mac:word}|{destination.ip}|{destination.port}|{network.protocol}|{observer.egress.interface.name}|{rule.name}|{#}|{source.nat.ip:ip}|{destination.nat.ip:ip}|{#}|{#}|{source.bytes:number}|{destination.bytes:number}|{source.packets:number}|{destination.packets:number}|{*}",
        ["network", "denied", "drop", ""],
    ),
    says(
        "{log.level:word}  {observer.name:word} Remove: {barracuda.cloudgen.chain:word}|{network.transport:word}|{observer.ingress.interface.name:word}|{source.ip}|{source.port}|{source.mac:word}|{destination.ip}|{destination.port}|{network.protocol}|{observer.egress.interface.name}|{rule.name}|{#}|{source.nat.ip:ip}|{destination.nat.ip:ip}|{#}|{#}|{source.bytes:number}|{destination.bytes:number}|{source.packets:number}|{destination.packets:number}|{*}",
        ["network", "end", "remove", ""],
    ),
    says("{log.level:word}  {observer.name:word} event: [{#}] {event.action:word} Event {event.reason}", TOLD),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Info     fw1 LOGIN ATTEMPT: boxconfig[742]: Login anna from 192.0.2.10 : Allowed.",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "start"),
            ("log.level", "Info"),
            ("observer.name", "fw1"),
            ("process.name", "boxconfig"),
            ("process.pid", "742"),
            ("source.address", "192.0.2.10"),
            ("source.ip", "192.0.2.10"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Security fw1 LOGIN ATTEMPT: Login from 203.0.113.66: Denied: Firewall Rule MGMT",
        expect: &[
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Firewall Rule MGMT"),
            ("event.type", "start"),
            ("log.level", "Security"),
            ("observer.name", "fw1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example {
        raw: "Info     fw1 Block: FWD|TCP|eth0|203.0.113.66|40001|00:00:5e:00:53:01|192.0.2.20|22|ssh||BLOCKALL|4014|203.0.113.66|192.0.2.20|0|1|0|0|0|0||||||",
        expect: &[
            ("barracuda.cloudgen.chain", "FWD"),
            ("destination.address", "192.0.2.20"),
            ("destination.bytes", "0"),
            ("destination.ip", "192.0.2.20"),
            ("destination.nat.ip", "192.0.2.20"),
            ("destination.packets", "0"),
            ("destination.port", "22"),
            ("event.action", "block"),
            ("event.category", "network"),
            ("event.type", "denied"),
            ("log.level", "Info"),
            ("network.protocol", "ssh"),
            ("network.transport", "TCP"),
            ("observer.ingress.interface.name", "eth0"),
            ("observer.name", "fw1"),
            ("rule.name", "BLOCKALL"),
            ("source.address", "203.0.113.66"),
            ("source.bytes", "0"),
            ("source.ip", "203.0.113.66"),
            ("source.mac", "00:00:5e:00:53:01"),
            ("source.nat.ip", "203.0.113.66"),
            ("source.packets", "0"),
            ("source.port", "40001"),
        ],
    },
    Example {
        raw: "Security fw1 firewall: [Timer] SecurityEvent: (Address-Port Scan) 149 unallowed requests for source IP 203.0.113.66 within 60 seconds",
        expect: &[
            ("event.action", "security_event"),
            ("event.category", "intrusion_detection"),
            ("event.reason", "(Address-Port Scan) 149 unallowed requests"),
            ("event.type", "info"),
            ("log.level", "Security"),
            ("observer.name", "fw1"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
        ],
    },
    Example { raw: "Info     fw1 starting", expect: &[] },
];
