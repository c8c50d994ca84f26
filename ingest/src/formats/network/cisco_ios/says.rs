//! What the messages say that a SOC looks for, in the words of Cisco's message guides.

use crate::formats::Example;
use crate::template::{CONNECTED, Class, LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Says, says};

const CONFIGURED: Class = ["configuration", "change", "configured", ""];
const COMMAND: Class = ["configuration", "change", "command", ""];
const LINK: Class = ["network", "info", "", ""];
const VIOLATION: Class = ["network", "denied", "violation", ""];
const RELOADED: Class = ["host", "start", "reload", ""];

/// The more particular first.
pub(super) const SAYS: &[Says] = &[
    // configuration
    says("Configured from {*} by {user.name:word} on {*} ({source.ip})", CONFIGURED),
    says("Configured from vty by {user.name:word} on {source.ip}@{*}", CONFIGURED),
    says("Configured from {*} by {user.name:word} on {*}", CONFIGURED),
    says("Configured from {*} by {user.name:word}", CONFIGURED),
    says("Configured programmatically by process {process.name:word} from {*} as {user.name:word} on {*}", CONFIGURED),
    says("User:{user.name}  logged command:{process.command_line}", COMMAND),
    says("Username: {user.name:word} Privilege level: {#} Command: {process.command_line}", COMMAND),
    says("user with username: {user.target.name} configured", ["iam", "change", "configured", "success"]),
    says(
        "Privilege level set to {#} by {user.name:word} on {*} ({source.ip})",
        ["authentication", "change", "privilege-changed", "success"],
    ),
    says(
        "Privilege level set to {#} by {user.name:word} on {*}",
        ["authentication", "change", "privilege-changed", "success"],
    ),
    says(
        "Authentication to privilege level {#} failed by {user.name:word} on {*} ({source.ip})",
        ["authentication", "change", "privilege-changed", "failure"],
    ),
    says(
        "Authentication to privilege level {#} failed by {user.name:word} on {*}",
        ["authentication", "change", "privilege-changed", "failure"],
    ),
    says(
        "User {user.target.name:word} failed attempts reset by {user.name:word} on {*} ({source.ip})",
        ["iam", "change", "unlock", "success"],
    ),
    // sign-ins
    says(
        "Login failed [user: {user.name}] [Source: {source.ip}] [localport: {destination.port}] [Reason: {event.reason}] at {*}",
        LOGIN_FAILED,
    ),
    says("Login Success [user: {user.name}] [Source: {source.ip}] [localport: {destination.port}] at {*}", LOGGED_IN),
    says(
        "Still timeleft for watching failures is {#} secs, [user: {user.name}] [Source: {source.ip}] [localport: {destination.port}] [Reason: {event.reason}] [ACL: {rule.name}] at {*}",
        LOGIN_FAILED,
    ),
    says("User {user.name:word} has exited tty session {#}({source.ip})", LOGGED_OUT),
    says("(exec timer expired, tty {#} ({source.ip})), user {user.name}", LOGGED_OUT),
    says(
        "User '{user.name}' authentication for SSH2 Session from {source.ip} (tty = {#}) using crypto cipher {*} Succeeded",
        LOGGED_IN,
    ),
    says(
        "User '{user.name}' authentication for SSH2 Session from {source.ip} (tty = {#}) using crypto cipher {*} Failed",
        LOGIN_FAILED,
    ),
    says(
        "SSH2 Session request from {source.ip} (tty = {#}) using crypto cipher {*} Succeeded",
        ["session", "start", "session", "success"],
    ),
    says(
        "SSH2 Session request from {source.ip} (tty = {#}) using crypto cipher {*} Failed",
        ["session", "start", "session", "failure"],
    ),
    says("SSH2 Session from {source.ip} (tty = {#}) for user '{user.name}' using crypto cipher {*} closed", LOGGED_OUT),
    says("SSH Session from {source.ip} (tty = {#}) for user '{user.name}' using crypto cipher {*} closed", LOGGED_OUT),
    says(
        "{*}User '{user.name}' authenticated successfully from {source.ip}:{source.port}  for {network.protocol}. External groups: {*}",
        LOGGED_IN,
    ),
    says(
        "{*}User '{user.name}' authentication failed from {source.ip}:{source.port}  for {network.protocol}{*}",
        LOGIN_FAILED,
    ),
    says(
        "{*}RPC '{url}' invoked from {source.ip}:{source.port} via NETCONF user {user.name:word} session {#}",
        COMMAND,
    ),
    says(
        "pam_aaa:Authentication failed for user {user.name:word} from {source.ip} - {process.name}[{process.pid}]",
        LOGIN_FAILED,
    ),
    says("pam_aaa:Authentication failed from {source.ip} - {process.name}[{process.pid}]", LOGIN_FAILED),
    says(
        "error: PAM: Authentication failure for illegal user {user.name} from {source.ip} - {process.name}[{process.pid}]",
        LOGIN_FAILED,
    ),
    says(
        "error: PAM: Authentication failure for {user.name} from {source.ip} - {process.name}[{process.pid}]",
        LOGIN_FAILED,
    ),
    says(
        "{user.name:word} : TTY={*} ; PWD={*} ; USER={user.effective.name:word} ; COMMAND={process.command_line} - sudo",
        ["process", "start", "command", ""],
    ),
    says("Login failed for user {user.name:word} - {*}", LOGIN_FAILED),
    says(
        "Failed to authenticate the client ({source.mac}) on Interface {observer.ingress.interface.name:word}{*}",
        LOGIN_FAILED,
    ),
    says(
        "Authentication failed for client ({source.mac}) on Interface {observer.ingress.interface.name:word} AuditSessionID{*}",
        LOGIN_FAILED,
    ),
    says(
        "Authentication failed for client ({source.mac}) with reason ({event.reason}) on Interface {observer.ingress.interface.name:word} AuditSessionID{*}",
        LOGIN_FAILED,
    ),
    says(
        "Authentication successful for client ({source.mac}) on Interface {observer.ingress.interface.name:word}{*}",
        LOGGED_IN,
    ),
    says(
        "Authorization failed or unapplied for client ({source.mac}) on Interface {observer.ingress.interface.name:word}{*}",
        LOGIN_FAILED,
    ),
    says(
        "Authorization failed for client ({source.mac}) on Interface {observer.ingress.interface.name:word}{*}",
        LOGIN_FAILED,
    ),
    says(
        "Authorization succeeded for client ({source.mac}) on Interface {observer.ingress.interface.name:word}{*}",
        LOGGED_IN,
    ),
    says(
        "Starting '{*}' for client ({source.mac}) on Interface {observer.ingress.interface.name:word}{*}",
        ["authentication", "info", "started", ""],
    ),
    says("{*}update:{source.ip}@{*}:{user.name}:{process.command_line} (SUCCESS)", COMMAND),
    // ports and neighbours
    says("Line protocol on Interface {observer.ingress.interface.name}, changed state to {event.action}", LINK),
    says("Interface {observer.ingress.interface.name}, changed state to {event.action}", LINK),
    says(
        "Interface {observer.ingress.interface.name:word} (description:{*}) is down({event.reason})",
        ["network", "info", "down", ""],
    ),
    says("Interface {observer.ingress.interface.name:word} is down ({event.reason})", ["network", "info", "down", ""]),
    says("Interface {observer.ingress.interface.name:word} (description:{*}) is up{*}", ["network", "info", "up", ""]),
    says("Interface {observer.ingress.interface.name:word} is up{*}", ["network", "info", "up", ""]),
    says("Interface {observer.ingress.interface.name:word} is admin up{*}", ["network", "info", "up", "success"]),
    says(
        "{event.reason:word} error detected on {observer.ingress.interface.name:word}, putting {_} in err-disable state",
        VIOLATION,
    ),
    says(
        "Security violation occurred, caused by MAC address {source.mac:word} on port {observer.ingress.interface.name:word} attempting to access port {*}",
        VIOLATION,
    ),
    says(
        "Security violation occurred, caused by MAC address {source.mac:word} on port {observer.ingress.interface.name:word}",
        VIOLATION,
    ),
    says(
        "Security violation on port {observer.ingress.interface.name:word} due to MAC address {source.mac:word} on VLAN {network.vlan.id:word}",
        VIOLATION,
    ),
    says(
        "Received BPDU from bridge {source.mac:word} on port {observer.ingress.interface.name:word} with BPDU Guard enabled. Disabling port.",
        VIOLATION,
    ),
    says(
        "Received BPDU on port {observer.ingress.interface.name:word} with BPDU Guard enabled. Disabling port.",
        VIOLATION,
    ),
    says("Loop guard blocking port {observer.ingress.interface.name:word} on {*}", VIOLATION),
    says("Host {source.mac:word} in vlan {network.vlan.id:word} is flapping between port {*}", LINK),
    says("Mac {source.mac:word} in vlan {network.vlan.id:word} has moved from {*}", LINK),
    says("Duplicate address {source.ip} on Vlan{network.vlan.id:number}, sourced by {source.mac:word}", LINK),
    says("Duplicate address {source.ip} on {*}, sourced by {source.mac:word}", LINK),
    says("DHCP_SNOOPING drop message on untrusted port, message type: {_}, MAC sa: {source.mac:word}", VIOLATION),
    says(
        "DHCP_SNOOPING drop message because the chaddr doesn't match source mac, message type: {_}, chaddr: {_}, MAC sa: {source.mac:word}",
        VIOLATION,
    ),
    says(
        "{#} Invalid ARPs ({_}) on {observer.ingress.interface.name:word}, vlan {network.vlan.id:number}.([{source.mac}/{source.ip}/{destination.mac}/{destination.ip}/{*}])",
        VIOLATION,
    ),
    says(
        "Received ({*}) Join from {source.ip} for invalid RP {destination.ip}",
        ["network", "info", "multicast-join", "failure"],
    ),
    says("neighbor {source.ip} {event.action:word} {event.reason}", LINK),
    says(
        "Sig:{rule.id:word} Subsig:{#} Sev:{#} {rule.name} [{source.ip}:{source.port} -> {destination.ip}:{destination.port}]",
        ["intrusion_detection", "info", "", ""],
    ),
    says("Logging to host {destination.ip} port {destination.port} started - {*}", CONNECTED),
    says("Logging to host {destination.ip} started - {*}", CONNECTED),
    // the device itself
    says("Reload requested by {user.name:word} on {*} from {source.ip}. Reload Reason: {event.reason}", RELOADED),
    says("Reload requested by {user.name:word} on {*}. Reload Reason: {event.reason}", RELOADED),
    says("Reload requested. Reload Reason: {event.reason}", RELOADED),
    says("Reload requested{*}", RELOADED),
    says("System restarted --{*}", ["host", "start", "restart", ""]),
    says("Configuration copy started (PID {process.pid}).", ["configuration", "info", "copy-started", ""]),
    says("Configuration copy successful.", ["configuration", "info", "copy-done", "success"]),
    says("user:{user.name}  running config saved{*}", CONFIGURED),
];

pub(super) static EXAMPLES: &[Example] = &[
    Example {
        raw: "<189>4711: sw1: *Nov 22 09:14:07.250: %SYS-5-CONFIG_I: Configured from console by a.miller on vty0 (192.0.2.17)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("host.name", "sw1"),
            ("event.code", "CONFIG_I"),
            ("event.severity", "5"),
            ("log.level", "notification"),
            ("event.provider", "SYS"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "IOS"),
            ("message", "Configured from console by a.miller on vty0 (192.0.2.17)"),
            ("user.name", "a.miller"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("event.category", "configuration"),
            ("event.type", "change"),
            ("event.action", "configured"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:07 192.0.2.2 1663305: Nov 22 09:14:06.330: %SEC-6-IPACCESSLOGP: list 102 denied tcp 203.0.113.66(51515) (GigabitEthernet0/1 0000.5e00.5301) -> 198.51.100.4(22), 3 packets",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("host.name", "192.0.2.2"),
            ("event.sequence", "1663305"),
            ("observer.ip", "192.0.2.2"),
            ("event.code", "IPACCESSLOGP"),
            ("event.severity", "6"),
            ("log.level", "informational"),
            ("event.provider", "SEC"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "IOS"),
            ("observer.ingress.interface.name", "GigabitEthernet0/1"),
            ("rule.name", "102"),
            ("source.ip", "203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("source.port", "51515"),
            ("source.mac", "00-00-5E-00-53-01"),
            ("source.packets", "3"),
            ("destination.ip", "198.51.100.4"),
            ("destination.address", "198.51.100.4"),
            ("destination.port", "22"),
            ("network.transport", "tcp"),
            ("network.packets", "3"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("event.type", "denied"),
            ("event.action", "deny"),
        ],
    },
    Example {
        raw: "<187>: 2026 Nov 22 09:14:07 UTC: %DAEMON-3-SYSTEM_MSG: error: PAM: Authentication failure for b.jones from 203.0.113.66 - dcos_sshd[4711]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.code", "SYSTEM_MSG"),
            ("event.severity", "3"),
            ("log.level", "error"),
            ("event.provider", "DAEMON"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "NX-OS"),
            ("user.name", "b.jones"),
            ("source.ip", "203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("process.name", "dcos_sshd"),
            ("process.pid", "4711"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.action", "login"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "<134>wlc1: *spamApTask1: Nov 22 09:14:07.250: %APF-6-USER_NAME_CREATED: apf_ms.c:8996 Username entry (b.jones) with length (7) created for mobile 00:00:5e:00:53:17",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("host.name", "wlc1"),
            ("process.name", "spamApTask1"),
            ("event.code", "USER_NAME_CREATED"),
            ("event.action", "USER_NAME_CREATED"),
            ("event.provider", "APF"),
            ("event.severity", "6"),
            ("log.level", "informational"),
            ("observer.vendor", "Cisco"),
            ("observer.product", "IOS"),
            ("message", "apf_ms.c:8996 Username entry (b.jones) with length (7) created for mobile 00:00:5e:00:53:17"),
            ("user.name", "b.jones"),
            ("client.mac", "00-00-5E-00-53-17"),
            ("event.category", "network"),
            ("event.type", "info"),
        ],
    },
    Example { raw: "<187>sw1: the %SYS-9-CONFIG_I is none", expect: &[] },
];
