//! MIT Kerberos: the key distribution centre and kadmind.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// MIT Kerberos: see the module.
pub static KRB5KDC: Daemon = Daemon {
    name: "krb5kdc",
    category: "authentication",
    product: "MIT Kerberos",
    about: "krb5kdc.log and syslog messages of krb5kdc and kadmind (src/kdc/kdc_log.c)",
    logsource: LogSource { category: "", product: "linux", services: &["krb5kdc", "kerberos"] },
    programs: &["krb5kdc", "kadmind"],
    paths: &["/krb5kdc.log", "/kadmind.log"],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const SAYS: &[Says] = &[
    says(
        "AS_REQ ({*}) {source.ip}: ISSUE: authtime {#}, etypes {*}, {user.name:word}@{user.domain:word} for {service.name}",
        ["authentication", "start", "kerberos_as_req", "success"],
    ),
    says(
        "AS_REQ ({*}) {source.ip}: ISSUE: {user.name:word}@{user.domain:word} for {service.name:word}, {event.reason}",
        ["authentication", "start", "kerberos_as_req", "success"],
    ),
    says(
        "AS_REQ ({*}) {source.ip}: NEEDED_PREAUTH: authtime {#}, etypes {*}, {user.name:word}@{user.domain:word} for {service.name}",
        ["authentication", "info", "preauth_needed", ""],
    ),
    says(
        "AS_REQ ({*}) {source.ip}: NEEDED_PREAUTH: {user.name:word}@{user.domain:word} for {service.name:word}, {event.reason}",
        ["authentication", "info", "preauth_needed", ""],
    ),
    says(
        "AS_REQ ({*}) {source.ip}: {event.code:word}: authtime {#},  {user.name:word}@{user.domain:word} for {service.name:word}, {event.reason}",
        ["authentication", "start", "kerberos_as_req", "failure"],
    ),
    says(
        "AS_REQ ({*}) {source.ip}: {event.code:word}: {user.name:word}@{user.domain:word} for {service.name:word}, {event.reason}",
        ["authentication", "start", "kerberos_as_req", "failure"],
    ),
    says("AS_REQ ({*}) {source.ip}: {event.code:word}: {*}", ["authentication", "start", "kerberos_as_req", "failure"]),
    says(
        "TGS_REQ ({*}) {source.ip}: ISSUE: authtime {#}, etypes {*}, {user.name:word}@{user.domain:word} for {service.name}",
        ["authentication", "info", "kerberos_tgs_req", "success"],
    ),
    says(
        "TGS_REQ ({*}) {source.ip}: ISSUE: {user.name:word}@{user.domain:word} for {service.name:word}, {event.reason}",
        ["authentication", "info", "kerberos_tgs_req", "success"],
    ),
    says(
        "TGS_REQ ({*}) {source.ip}: NEEDED_PREAUTH: authtime {#}, etypes {*}, {user.name:word}@{user.domain:word} for {service.name}",
        ["authentication", "info", "preauth_needed", ""],
    ),
    says(
        "TGS_REQ ({*}) {source.ip}: NEEDED_PREAUTH: {user.name:word}@{user.domain:word} for {service.name:word}, {event.reason}",
        ["authentication", "info", "preauth_needed", ""],
    ),
    says(
        "TGS_REQ ({*}) {source.ip}: {event.code:word}: authtime {#},  {user.name:word}@{user.domain:word} for {service.name:word}, {event.reason}",
        ["authentication", "start", "kerberos_tgs_req", "failure"],
    ),
    says(
        "TGS_REQ ({*}) {source.ip}: {event.code:word}: {user.name:word}@{user.domain:word} for {service.name:word}, {event.reason}",
        ["authentication", "start", "kerberos_tgs_req", "failure"],
    ),
    says(
        "TGS_REQ ({*}) {source.ip}: {event.code:word}: {*}",
        ["authentication", "start", "kerberos_tgs_req", "failure"],
    ),
    says("preauth ({*}) verify failure: {event.reason}", ["authentication", "start", "kerberos_preauth", "failure"]),
    says("closing down fd {#}", TOLD),
    says("commencing operation", ["process", "start", "start", ""]),
    says(
        "Request: {event.action:word}, {user.target.name:word}, {event.reason}, client={user.name:word}, service={service.name:word}, addr={source.ip}",
        ["iam", "admin", "", ""],
    ),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 kdc1 krb5kdc[4711](info): AS_REQ (4 etypes {18 17 16 23}) 203.0.113.66: PREAUTH_FAILED: anna@EXAMPLE.COM for krbtgt/EXAMPLE.COM@EXAMPLE.COM, Preauthentication failed",
        expect: &[
            ("event.action", "kerberos_as_req"),
            ("event.category", "authentication"),
            ("event.code", "PREAUTH_FAILED"),
            ("event.outcome", "failure"),
            ("event.reason", "Preauthentication failed"),
            ("event.type", "start"),
            ("service.name", "krbtgt/EXAMPLE.COM@EXAMPLE.COM"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.domain", "EXAMPLE.COM"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:08 kdc1 krb5kdc[4711](info): TGS_REQ (4 etypes {18 17 16 23}) 192.0.2.17: ISSUE: authtime 1795338847, etypes {rep=18 tkt=18 ses=18}, anna@EXAMPLE.COM for HTTP/web1.example.com@EXAMPLE.COM",
        expect: &[
            ("event.action", "kerberos_tgs_req"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("service.name", "HTTP/web1.example.com@EXAMPLE.COM"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("user.domain", "EXAMPLE.COM"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:09 kdc1 krb5kdc[4711](info): preauth (encrypted_timestamp) verify failure: No matching key in entry",
        expect: &[
            ("event.action", "kerberos_preauth"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "No matching key in entry"),
            ("event.type", "start"),
        ],
    },
    Example { raw: "Nov 22 09:14:09 kdc1 krb5kdc[4711](info): ", expect: &[] },
];
