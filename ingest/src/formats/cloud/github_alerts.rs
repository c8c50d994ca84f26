//! GitHub's security alerts.

use crate::{
    Event, field,
    formats::{Example, LogSource},
    json::{
        format::{JsonFormat, said},
        table::{
            Row, Table,
            To::{Account, Is, Named, Url},
        },
    },
};

/// Dependabot, code scanning and secret scanning alerts.
pub static GITHUB_ALERTS: JsonFormat = JsonFormat {
    name: "github_alerts",
    category: "cloud",
    product: "GitHub Advanced Security",
    about: "Dependabot (GraphQL RepositoryVulnerabilityAlert), code scanning and secret scanning alerts of GitHub (docs.github.com/rest)",
    logsource: LogSource { category: "", product: "", services: &[] },
    keys: &[
        &["securityAdvisory", "securityVulnerability"],
        &["vulnerableManifestFilename", "securityAdvisory"],
        &["rule", "most_recent_instance", "tool"],
        &["secret_type", "number", "created_at"],
        &["secret_type", "locations_url"],
        &["dependabotUpdate", "createdAt"],
    ],
    own: "github.alert.",
    always: &[("event.kind", "alert"), ("vulnerability.scanner.vendor", "Github")],
    table: Table::new(TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("createdAt", Account("timestamp,event.start")),
    ("created_at", Account("timestamp,event.start")),
    ("fixedAt", Is("event.end")),
    ("fixed_at", Is("event.end")),
    ("resolved_at", Is("event.end")),
    ("securityAdvisory.description", Is("vulnerability.description")),
    ("securityAdvisory.identifiers", Named("type")),
    ("securityAdvisory.identifiers.CVE", Is("vulnerability.id")),
    ("securityAdvisory.references.url", Is("vulnerability.reference")),
    ("securityAdvisory.references.nodes.url", Is("vulnerability.reference")),
    ("securityAdvisory.cvss.score", Is("vulnerability.score.base")),
    ("securityAdvisory.severity", Is("vulnerability.severity")),
    ("rule.id", Is("rule.id")),
    ("rule.name", Is("rule.name")),
    ("rule.description", Is("rule.description")),
    ("rule.tags", Is("rule.category")),
    ("tool.name", Is("rule.ruleset")),
    ("html_url", Url),
    ("resolved_by.login", Is("user.name")),
    ("dismissed_by.login", Is("user.name")),
    ("dismisser.login", Is("user.name")),
    ("most_recent_instance.location.path", Is("file.path")),
];

fn settle(event: &mut Event<'_>) {
    let action = if said(event, "github.alert.secret_type").is_some() {
        "secret_scanning"
    } else if event.get(field::RULE_ID).is_some() {
        "code_scanning"
    } else {
        "dependabot"
    };
    event.classify("", "", action, "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"createdAt":"2026-11-22T09:14:07Z","number":1,"repository":{"name":"app","url":"https://git.example.com/app"},"securityAdvisory":{"classification":"GENERAL","cvss":{"score":9.8},"description":"A flaw.","identifiers":[{"type":"GHSA","value":"GHSA-xxxx"},{"type":"CVE","value":"CVE-2026-9001"}],"severity":"CRITICAL"},"securityVulnerability":{"package":{"name":"left-pad"}},"state":"OPEN"}"#,
        expect: &[
            ("event.action", "dependabot"),
            ("event.kind", "alert"),
            ("github.alert.number", "1"),
            ("github.alert.repository.name", "app"),
            ("github.alert.repository.url", "https://git.example.com/app"),
            ("github.alert.securityAdvisory.classification", "GENERAL"),
            ("github.alert.securityAdvisory.identifiers.GHSA", "GHSA-xxxx"),
            ("github.alert.securityVulnerability.package.name", "left-pad"),
            ("github.alert.state", "OPEN"),
            ("timestamp,event.start.name", "2026-11-22T09:14:07Z"),
            ("vulnerability.description", "A flaw."),
            ("vulnerability.id", "CVE-2026-9001"),
            ("vulnerability.scanner.vendor", "Github"),
            ("vulnerability.score.base", "9.8"),
            ("vulnerability.severity", "CRITICAL"),
        ],
    },
    Example {
        raw: r#"{"createdAt":"2026-11-22T09:14:07Z","number":1,"securityAdvisory":{"classification":"GEN"#,
        expect: &[],
    },
];
