//! CyberArk's Privileged Access Security: the Vault's audit records as JSON.

use crate::{
    Event, Field, field,
    formats::{Example, LogSource},
    json::{
        format::{Class, JsonFormat, classify, said},
        table::{
            Row, Table,
            To::{All, Is, Named},
        },
    },
    pairs::set_own,
    scan::{set_destination, set_source, split},
    table::set_lower,
};

/// Audit records of the Vault, sent with the translator file for Elastic.
pub static CYBERARK_PAS: JsonFormat = JsonFormat {
    name: "cyberark_pas",
    category: "authentication",
    product: "CyberArk Vault",
    about: "audit records of the CyberArk Vault as JSON (docs.cyberark.com, SIEM applications, vault audit action codes)",
    logsource: LogSource { category: "", product: "cyberark", services: &["vault", "pas"] },
    keys: &[&["format=elastic", "syslog.audit_record"]],
    own: OWN,
    always: &[("event.kind", "event")],
    table: Table::new(ROWS),
    settle,
    examples: EXAMPLES,
};

const OWN: &str = "cyberark_pas.";
/// Most parts of `ExtraDetails` that are read.
const MAX_DETAILS: usize = 64;

const ROWS: &[Row] = &[
    ("syslog.audit_record.IsoTimestamp", Is("@timestamp")),
    ("syslog.audit_record.Hostname", All(&["host.name", "observer.hostname"])),
    ("syslog.audit_record.Vendor", Is("observer.vendor")),
    ("syslog.audit_record.Product", Is("observer.product")),
    ("syslog.audit_record.Version", Is("observer.version")),
    ("syslog.audit_record.MessageID", Is("event.code")),
    ("syslog.audit_record.Severity", Is("log.level")),
    ("syslog.audit_record.File", Is("file.path")),
    ("syslog.audit_record.CAProperties.CAProperty", Named("Name")),
];

/// The severities of the Vault on the scale of ten that its CEF records use.
const SEVERITIES: &[(&str, i64)] = &[("Info", 2), ("Error", 7), ("Critical", 10)];

/// Keys of the extra details and of the record, in order of preference, for what only both together tell.
const SOURCE: &[&str] = &["details.SrcHost", "syslog.audit_record.Station"];
const DESTINATION: &[&str] = &[
    "details.DstHost",
    "syslog.audit_record.CAProperties.CAProperty.Address",
    "details.address",
    "syslog.audit_record.GatewayStation",
];
const TEXTS: &[(Field, &[&str])] = &[
    (
        field::DESTINATION_USER_NAME,
        &["details.User", "syslog.audit_record.CAProperties.CAProperty.UserName", "details.username"],
    ),
    (field::NETWORK_APPLICATION, &["details.Protocol"]),
    (field::PROCESS_COMMAND_LINE, &["details.Command"]),
    (
        field::EVENT_REASON,
        &["syslog.audit_record.CAProperties.CAProperty.CPMErrorDetails", "syslog.audit_record.Reason"],
    ),
];

/// The Vault's action codes.
const CODES: &[Class] = &[
    Class("4", "authentication", "error", "failure"),
    Class("7", "authentication session", "start", "success"),
    Class("8", "authentication session", "end", "success"),
    Class("9", "authentication", "start", "failure"),
    Class("19", "network", "start", "success"),
    Class("22", "iam", "admin info", "success"),
    Class("24", "iam", "user change", "success"),
    Class("31", "iam", "user change", "success"),
    Class("32", "iam", "admin change", "success"),
    Class("33", "iam", "admin change", "success"),
    Class("38", "iam", "error", "failure"),
    Class("57", "iam", "error", "failure"),
    Class("60", "iam", "user change error", "failure"),
    Class("130", "iam", "user change", "failure"),
    Class("180", "iam", "user creation", "success"),
    Class("273", "iam", "admin deletion", "success"),
    Class("295", "iam", "admin access", "success"),
    Class("300", "session", "start", "success"),
    Class("302", "session", "end", "success"),
    Class("304", "session", "error", "failure"),
    Class("308", "iam", "admin access", ""),
    Class("309", "authentication", "error", "failure"),
    Class("359", "database", "access", "success"),
    Class("361", "session", "info", ""),
    Class("411", "session", "info", ""),
    Class("412", "session", "info", ""),
    Class("414", "iam", "admin info", "success"),
    Class("428", "iam", "admin access", "success"),
];

fn settle(event: &mut Event<'_>) {
    // the same record once more, as the XML that it was made from
    Field::intern("cyberark_pas.raw").into_iter().for_each(|raw| event.remove(raw));
    let record = |event: &Event<'_>, key: &str| said(event, &format!("{OWN}syslog.audit_record.{key}"));
    for detail in record(event, "ExtraDetails").unwrap_or_default().split(|b| *b == b';').take(MAX_DETAILS) {
        if let Some((key, value)) = split(detail, b"=").filter(|(_, value)| !value.is_empty()) {
            set_own(event, "cyberark_pas.details.", key, value);
        }
    }
    if let Some(action) = record(event, "Desc").or_else(|| record(event, "Action")) {
        set_lower(event, field::EVENT_ACTION, &action);
    }
    let level = said(event, "log.level").unwrap_or_default();
    if let Some((_, severity)) = SEVERITIES.iter().find(|(name, _)| name.as_bytes() == level) {
        event.set_int(field::EVENT_SEVERITY, *severity);
    }
    let code = said(event, "event.code").unwrap_or_default();
    settle_users(event, &code, record(event, "Issuer"), record(event, "SourceUser"));
    let first = |event: &Event<'_>, keys: &[&str]| {
        keys.iter().find_map(|key| said(event, &format!("{OWN}{key}")).filter(|value| !value.is_empty()))
    };
    if let Some(address) = first(event, SOURCE) {
        set_source(event, &address);
    }
    if let Some(address) = first(event, DESTINATION) {
        set_destination(event, &address);
    }
    for (field, keys) in TEXTS {
        match first(event, keys) {
            Some(text) if *field == field::NETWORK_APPLICATION => set_lower(event, *field, &text),
            Some(text) if event.get(*field).is_none() => event.set(*field, &text),
            _ => {}
        }
    }
    classify(event, &code, CODES);
}

/// Who did it. Behind a gateway the gateway's own account connects for the issuer; changes of members and owners are
/// about the account in `SourceUser`.
fn settle_users(event: &mut Event<'_>, code: &[u8], issuer: Option<Vec<u8>>, source: Option<Vec<u8>>) {
    let gateway = matches!(code, b"19" | b"20");
    let (who, about) = if gateway { (source, issuer) } else { (issuer, source) };
    if let Some(who) = who {
        event.set(field::USER_NAME, &who);
    }
    match about {
        Some(about) if gateway => event.set(field::DESTINATION_USER_NAME, &about),
        Some(about) => event.set(field::USER_TARGET_NAME, &about),
        None => {}
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"<5>1 2026-11-22T09:14:07Z VAULT {"format":"elastic","version":"1.0","raw":"<syslog/>","syslog":{"audit_record":{"Rfc5424":"yes","IsoTimestamp":"2026-11-22T09:14:07Z","Hostname":"VAULT","Vendor":"Cyber-Ark","Product":"Vault","Version":"14.2.0000","MessageID":"300","Desc":"PSM Connect","Severity":"Info","Issuer":"anna","Action":"PSM Connect","SourceUser":"","Safe":"PSM","File":"Root\\Operating System-UnixSSH-198.51.100.42-deploy","Station":"192.0.2.20","ExtraDetails":"ApplicationType=PSMP-SSH;DstHost=198.51.100.42;Protocol=SSH;SrcHost=192.0.2.17;User=deploy;","GatewayStation":"","CAProperties":{"CAProperty":[{"Name":"PolicyID","Value":"UnixSSH"},{"Name":"UserName","Value":"deploy"},{"Name":"Address","Value":"198.51.100.42"}]}}}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("cyberark_pas.details.ApplicationType", "PSMP-SSH"),
            ("cyberark_pas.details.DstHost", "198.51.100.42"),
            ("cyberark_pas.details.Protocol", "SSH"),
            ("cyberark_pas.details.SrcHost", "192.0.2.17"),
            ("cyberark_pas.details.User", "deploy"),
            ("cyberark_pas.format", "elastic"),
            ("cyberark_pas.syslog.audit_record.Action", "PSM Connect"),
            ("cyberark_pas.syslog.audit_record.CAProperties.CAProperty.Address", "198.51.100.42"),
            ("cyberark_pas.syslog.audit_record.CAProperties.CAProperty.PolicyID", "UnixSSH"),
            ("cyberark_pas.syslog.audit_record.CAProperties.CAProperty.UserName", "deploy"),
            ("cyberark_pas.syslog.audit_record.Desc", "PSM Connect"),
            (
                "cyberark_pas.syslog.audit_record.ExtraDetails",
                "ApplicationType=PSMP-SSH;DstHost=198.51.100.42;Protocol=SSH;SrcHost=192.0.2.17;User=deploy;",
            ),
            ("cyberark_pas.syslog.audit_record.Issuer", "anna"),
            ("cyberark_pas.syslog.audit_record.Rfc5424", "yes"),
            ("cyberark_pas.syslog.audit_record.Safe", "PSM"),
            ("cyberark_pas.syslog.audit_record.Station", "192.0.2.20"),
            ("cyberark_pas.version", "1.0"),
            ("destination.address", "198.51.100.42"),
            ("destination.ip", "198.51.100.42"),
            ("destination.user.name", "deploy"),
            ("event.action", "psm connect"),
            ("event.category", "session"),
            ("event.code", "300"),
            ("event.kind", "event"),
            ("event.outcome", "success"),
            ("event.severity", "2"),
            ("event.type", "start"),
            ("file.path", r#"Root\Operating System-UnixSSH-198.51.100.42-deploy"#),
            ("log.level", "Info"),
            (
                "message",
                r#"{"format":"elastic","version":"1.0","raw":"<syslog/>","syslog":{"audit_record":{"Rfc5424":"yes","IsoTimestamp":"2026-11-22T09:14:07Z","Hostname":"VAULT","Vendor":"Cyber-Ark","Product":"Vault","Version":"14.2.0000","MessageID":"300","Desc":"PSM Connect","Severity":"Info","Issuer":"anna","Action":"PSM Connect","SourceUser":"","Safe":"PSM","File":"Root\\Operating System-UnixSSH-198.51.100.42-deploy","Station":"192.0.2.20","ExtraDetails":"ApplicationType=PSMP-SSH;DstHost=198.51.100.42;Protocol=SSH;SrcHost=192.0.2.17;User=deploy;","GatewayStation":"","CAProperties":{"CAProperty":[{"Name":"PolicyID","Value":"UnixSSH"},{"Name":"UserName","Value":"deploy"},{"Name":"Address","Value":"198.51.100.42"}]}}}}"#,
            ),
            ("network.application", "ssh"),
            ("observer.hostname", "VAULT"),
            ("observer.product", "Vault"),
            ("observer.vendor", "Cyber-Ark"),
            ("observer.version", "14.2.0000"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: r#"<7>1 2026-11-22T09:15:00Z VAULT {"format":"elastic","version":"1.0","syslog":{"audit_record":{"IsoTimestamp":"2026-11-22T09:15:00Z","Hostname":"VAULT","Vendor":"Cyber-Ark","Product":"Vault","Version":"14.2.0000","MessageID":"309","Desc":"Undefined User Logon","Severity":"Error","Issuer":"mallory","Action":"Undefined User Logon","Station":"203.0.113.66"}}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:15:00Z"),
            ("cyberark_pas.format", "elastic"),
            ("cyberark_pas.syslog.audit_record.Action", "Undefined User Logon"),
            ("cyberark_pas.syslog.audit_record.Desc", "Undefined User Logon"),
            ("cyberark_pas.syslog.audit_record.Issuer", "mallory"),
            ("cyberark_pas.syslog.audit_record.Station", "203.0.113.66"),
            ("cyberark_pas.version", "1.0"),
            ("event.action", "undefined user logon"),
            ("event.category", "authentication"),
            ("event.code", "309"),
            ("event.kind", "event"),
            ("event.outcome", "failure"),
            ("event.severity", "7"),
            ("event.type", "error"),
            ("log.level", "Error"),
            (
                "message",
                r#"{"format":"elastic","version":"1.0","syslog":{"audit_record":{"IsoTimestamp":"2026-11-22T09:15:00Z","Hostname":"VAULT","Vendor":"Cyber-Ark","Product":"Vault","Version":"14.2.0000","MessageID":"309","Desc":"Undefined User Logon","Severity":"Error","Issuer":"mallory","Action":"Undefined User Logon","Station":"203.0.113.66"}}}"#,
            ),
            ("observer.hostname", "VAULT"),
            ("observer.product", "Vault"),
            ("observer.vendor", "Cyber-Ark"),
            ("observer.version", "14.2.0000"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "mallory"),
        ],
    },
    Example {
        raw: r#"<5>1 2026-11-22T09:14:07Z VAULT {"format":"elastic","version":"1.0","syslog":{"audit_record":{"MessageID":"#,
        expect: &[],
    },
];
