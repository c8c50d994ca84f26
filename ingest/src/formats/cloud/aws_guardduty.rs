//! AWS GuardDuty.

use crate::{
    Event,
    formats::{Example, LogSource},
    json::{
        format::JsonFormat,
        table::{
            Row, Table,
            To::{Is, Peer},
        },
    },
};

/// AWS GuardDuty: see the module.
pub static AWS_GUARDDUTY: JsonFormat = JsonFormat {
    name: "aws_guardduty",
    category: "cloud",
    product: "AWS GuardDuty",
    about: r#"findings (docs.aws.amazon.com/guardduty, "GuardDuty findings"), alone or in the envelope of EventBridge"#,
    logsource: LogSource { category: "", product: "aws", services: &["guardduty"] },
    keys: &[
        &["schemaVersion", "accountId", "severity", "resource"],
        &["detail.schemaVersion", "detail.accountId", "detail.resource"],
    ],
    own: "aws.guardduty.",
    always: &[("event.kind", "alert"), ("observer.vendor", "AWS"), ("observer.product", "GuardDuty")],
    table: Table::inside(&["detail."], TABLE),
    settle,
    examples: EXAMPLES,
};

const TABLE: &[Row] = &[
    ("updatedAt", Is("@timestamp")),
    ("createdAt", Is("event.start")),
    ("id", Is("event.id")),
    ("type", Is("rule.name")),
    ("title", Is("event.reason")),
    ("description", Is("rule.description")),
    ("severity", Is("event.severity")),
    ("accountId", Is("cloud.account.id")),
    ("region", Is("cloud.region")),
    ("resource.accessKeyDetails.userName", Is("user.name")),
    ("resource.accessKeyDetails.principalId", Is("user.id")),
    ("resource.kubernetesDetails.kubernetesUserDetails.username", Is("user.name")),
    ("resource.instanceDetails.instanceId", Is("cloud.instance.id")),
    ("service.action.actionType", Is("event.action")),
    ("service.action.awsApiCallAction.remoteIpDetails.ipAddressV4", Peer("source")),
    ("service.action.kubernetesApiCallAction.remoteIpDetails.ipAddressV4", Peer("source")),
    ("service.action.networkConnectionAction.remoteIpDetails.ipAddressV4", Peer("source")),
    ("service.action.networkConnectionAction.remotePortDetails.port", Is("source.port")),
    ("service.action.networkConnectionAction.localPortDetails.port", Is("destination.port")),
    ("service.action.networkConnectionAction.localIpDetails.ipAddressV4", Peer("destination")),
    ("service.action.portProbeAction.portProbeDetails.remoteIpDetails.ipAddressV4", Peer("source")),
    ("service.action.portProbeAction.portProbeDetails.localIpDetails.ipAddressV4", Peer("destination")),
    ("service.action.portProbeAction.portProbeDetails.localPortDetails.port", Is("destination.port")),
    ("service.action.rdsLoginAttemptAction.remoteIpDetails.ipAddressV4", Peer("source")),
    ("service.action.dnsRequestAction.domain", Is("dns.question.name")),
    ("service.action.awsApiCallAction.serviceName", Is("service.name")),
    ("service.action.awsApiCallAction.errorCode", Is("error.code")),
    ("service.additionalInfo.userAgent.fullUserAgent", Is("user_agent.original")),
];

fn settle(event: &mut Event<'_>) {
    event.classify("threat", "indicator", "", "");
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"{"schemaVersion":"2.0","accountId":"123456789012","region":"eu-west-1","id":"f1","type":"UnauthorizedAccess:IAMUser/ConsoleLogin","severity":5,"title":"An unusual sign-in","description":"anna signed in from a new place","createdAt":"2026-11-22T09:10:00Z","updatedAt":"2026-11-22T09:14:07Z","resource":{"resourceType":"AccessKey","accessKeyDetails":{"userName":"anna","principalId":"AIDA"}},"service":{"action":{"actionType":"AWS_API_CALL","awsApiCallAction":{"api":"ConsoleLogin","serviceName":"signin.amazonaws.com","remoteIpDetails":{"ipAddressV4":"203.0.113.66"}}}}}"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("aws.guardduty.resource.resourceType", "AccessKey"),
            ("aws.guardduty.schemaVersion", "2.0"),
            ("aws.guardduty.service.action.awsApiCallAction.api", "ConsoleLogin"),
            ("cloud.account.id", "123456789012"),
            ("cloud.region", "eu-west-1"),
            ("event.action", "AWS_API_CALL"),
            ("event.category", "threat"),
            ("event.id", "f1"),
            ("event.kind", "alert"),
            ("event.reason", "An unusual sign-in"),
            ("event.severity", "5"),
            ("event.start", "2026-11-22T09:10:00Z"),
            ("event.type", "indicator"),
            ("observer.product", "GuardDuty"),
            ("observer.vendor", "AWS"),
            ("rule.description", "anna signed in from a new place"),
            ("rule.name", "UnauthorizedAccess:IAMUser/ConsoleLogin"),
            ("service.name", "signin.amazonaws.com"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.id", "AIDA"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: r#"{"schemaVersion":"2.0","accountId":"1","severity":5,"resource":"#, expect: &[] },
];
