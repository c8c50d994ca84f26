//! OpenLDAP and the directory servers that log as it does.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, says};

/// OpenLDAP: see the module.
pub static SLAPD: Daemon = Daemon {
    name: "slapd",
    category: "authentication",
    product: "OpenLDAP",
    about: "slapd.log at loglevel stats (slapd(8), servers/slapd)",
    logsource: LogSource { category: "", product: "linux", services: &["slapd", "openldap"] },
    programs: &["slapd"],
    paths: &["/slapd.log"],
    structure: Structure::Begins(&["conn="]),
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        "conn={ldap.connection:number} fd={#} ACCEPT from IP={source.ip}:{source.port} (IP={destination.ip}:{destination.port})",
        ["network", "connection", "accept", ""],
    ),
    says(
        "conn={ldap.connection:number} fd={#} ACCEPT from IP=[{source.ip}]:{source.port} (IP=[{destination.ip}]:{destination.port})",
        ["network", "connection", "accept", ""],
    ),
    says("conn={ldap.connection:number} fd={#} ACCEPT from PATH={*}", ["network", "connection", "accept", ""]),
    says("conn={ldap.connection:number} fd={#} TLS established {*}", ["network", "info", "tls", ""]),
    says("conn={ldap.connection:number} fd={#} closed ({event.reason})", ["network", "info", "closed", ""]),
    says("conn={ldap.connection:number} fd={#} closed", ["network", "info", "closed", ""]),
    says(
        r#"conn={ldap.connection:number} op={ldap.operation:number} BIND dn="uid={user.name},{*}" method={*}"#,
        ["authentication", "start", "bind", ""],
    ),
    says(
        r#"conn={ldap.connection:number} op={ldap.operation:number} BIND dn="cn={user.name},{*}" method={*}"#,
        ["authentication", "start", "bind", ""],
    ),
    says(
        r#"conn={ldap.connection:number} op={ldap.operation:number} BIND dn="uid={user.name},{*}" mech={*}"#,
        ["authentication", "start", "bind", "success"],
    ),
    says(
        r#"conn={ldap.connection:number} op={ldap.operation:number} BIND dn="cn={user.name},{*}" mech={*}"#,
        ["authentication", "start", "bind", "success"],
    ),
    says("conn={ldap.connection:number} op={ldap.operation:number} BIND {*}", ["authentication", "start", "bind", ""]),
    says(
        "conn={ldap.connection:number} op={ldap.operation:number} RESULT tag=97 err=49 {*}",
        ["authentication", "end", "result", "failure"],
    ),
    says(
        "conn={ldap.connection:number} op={ldap.operation:number} RESULT tag=97 err=0 {*}",
        ["authentication", "end", "result", "success"],
    ),
    says(
        "conn={ldap.connection:number} op={ldap.operation:number} RESULT oid= err={ldap.result_code:number} {*}",
        ["network", "info", "result", ""],
    ),
    says(
        "conn={ldap.connection:number} op={ldap.operation:number} RESULT tag={#} err={ldap.result_code:number} {*}",
        ["network", "info", "result", ""],
    ),
    says(
        "conn={ldap.connection:number} op={ldap.operation:number} SEARCH RESULT tag={#} err={ldap.result_code:number} {*}",
        ["network", "info", "search_result", ""],
    ),
    says(
        r#"conn={ldap.connection:number} op={ldap.operation:number} SRCH base="{ldap.base}" scope={#} deref={#} filter="{ldap.filter}""#,
        ["network", "info", "srch", ""],
    ),
    says(
        r#"conn={ldap.connection:number} op={ldap.operation:number} SRCH base="{ldap.base}" scope={#} filter="{ldap.filter}""#,
        ["network", "info", "srch", ""],
    ),
    says(
        "conn={ldap.connection:number} op={ldap.operation:number} SRCH attr={ldap.attributes}",
        ["network", "info", "srch", ""],
    ),
    says("conn={ldap.connection:number} op={ldap.operation:number} SRCH {*}", ["network", "info", "srch", ""]),
    says(
        r#"conn={ldap.connection:number} op={ldap.operation:number} MOD dn="{ldap.dn}""#,
        ["configuration", "change", "mod", ""],
    ),
    says(
        "conn={ldap.connection:number} op={ldap.operation:number} MOD attr={ldap.attributes}",
        ["configuration", "change", "mod", ""],
    ),
    says(
        r#"conn={ldap.connection:number} op={ldap.operation:number} ADD dn="{ldap.dn}""#,
        ["configuration", "creation", "add", ""],
    ),
    says(
        r#"conn={ldap.connection:number} op={ldap.operation:number} DEL dn="{ldap.dn}""#,
        ["configuration", "deletion", "del", ""],
    ),
    says(
        r#"conn={ldap.connection:number} op={ldap.operation:number} MODRDN dn="{ldap.dn}""#,
        ["configuration", "change", "modrdn", ""],
    ),
    says("conn={ldap.connection:number} op={ldap.operation:number} PASSMOD {*}", ["iam", "change", "passmod", ""]),
    says("conn={ldap.connection:number} op={ldap.operation:number} CMP {*}", ["network", "info", "cmp", ""]),
    says("conn={ldap.connection:number} op={ldap.operation:number} EXT oid={*}", ["network", "info", "ext", ""]),
    says("conn={ldap.connection:number} op={ldap.operation:number} STARTTLS", ["network", "info", "starttls", ""]),
    says("conn={ldap.connection:number} op={ldap.operation:number} ABANDON {*}", ["network", "info", "abandon", ""]),
    says(
        "conn={ldap.connection:number} op={ldap.operation:number} UNBIND",
        ["authentication", "end", "unbind", "success"],
    ),
    says("conn={ldap.connection:number} op={ldap.operation:number} do_{*}", ["network", "error", "", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 ldap1 slapd[1183]: conn=1022 fd=21 ACCEPT from IP=203.0.113.66:45011 (IP=0.0.0.0:636)",
        expect: &[
            ("destination.address", "0.0.0.0"),
            ("destination.ip", "0.0.0.0"),
            ("destination.port", "636"),
            ("event.action", "accept"),
            ("event.category", "network"),
            ("event.type", "connection"),
            ("ldap.connection", "1022"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("source.port", "45011"),
        ],
    },
    Example {
        raw: r#"Nov 22 09:14:08 ldap1 slapd[1183]: conn=1022 op=1 BIND dn="uid=anna,ou=people,dc=example,dc=com" method=128"#,
        expect: &[
            ("event.action", "bind"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("ldap.connection", "1022"),
            ("ldap.operation", "1"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 ldap1 slapd[1183]: conn=1022 op=1 RESULT tag=97 err=49 text=",
        expect: &[
            ("event.action", "result"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "end"),
            ("ldap.connection", "1022"),
            ("ldap.operation", "1"),
        ],
    },
    Example {
        raw: r#"conn=1022 op=2 SRCH base="dc=example,dc=com" scope=2 deref=0 filter="(uid=bob)""#,
        expect: &[
            ("event.action", "srch"),
            ("event.category", "network"),
            ("event.type", "info"),
            ("ldap.base", "dc=example,dc=com"),
            ("ldap.connection", "1022"),
            ("ldap.filter", "(uid=bob)"),
            ("ldap.operation", "2"),
        ],
    },
    Example {
        raw: "conn=11 op=3 UNBIND",
        expect: &[
            ("event.action", "unbind"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "end"),
            ("ldap.connection", "11"),
            ("ldap.operation", "3"),
        ],
    },
    Example { raw: "conn=1022 op=2 sings", expect: &[] },
];
