//! SQL Server Audit as text: the message of event 33205, whoever relayed it.

use crate::{
    Event,
    envelope::Line,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::reject,
    winlog::sqlaudit,
};

/// SQL Server Audit: `audit_schema_version:1 event_time:… action_id:LGIF succeeded:false …`
pub struct SqlserverAudit;

impl Format for SqlserverAudit {
    fn name(&self) -> &'static str {
        "sqlserver_audit"
    }
    fn category(&self) -> &'static str {
        "database"
    }
    fn product(&self) -> &'static str {
        "Microsoft SQL Server Audit"
    }
    fn about(&self) -> &'static str {
        "audit records as text, keys in the server's order; as Windows event 33205 its format reads them (Microsoft: SQL Server Audit Records)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "database", product: "mssql", services: &["audit"] }
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[sqlaudit::MARK])
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        sqlaudit::read(line.message, event).then_some(()).ok_or(reject("sqlserver_audit_record"))
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Audit event: audit_schema_version:1 event_time:2026-11-22 09:14:07.2500000 sequence_number:1 action_id:LGIF succeeded:false is_column_permission:false session_id:0 server_principal_id:0 class_type:LX client_ip:203.0.113.66 session_server_principal_name: server_principal_name:sa server_principal_sid: server_instance_name:DB1 database_name:master statement:Login failed for user 'sa'. Reason: Password did not match. additional_information:",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "login-failed"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("sqlserver.audit.action_id", "LGIF"),
            ("sqlserver.audit.audit_schema_version", "1"),
            ("sqlserver.audit.class_type", "LX"),
            ("sqlserver.audit.database_name", "master"),
            ("sqlserver.audit.is_column_permission", "false"),
            ("sqlserver.audit.sequence_number", "1"),
            ("sqlserver.audit.server_instance_name", "DB1"),
            ("sqlserver.audit.server_principal_id", "0"),
            ("sqlserver.audit.session_id", "0"),
            ("sqlserver.audit.statement", "Login failed for user 'sa'. Reason: Password did not match."),
            ("sqlserver.audit.succeeded", "false"),
            ("user.name", "sa"),
        ],
    },
    Example {
        raw: "audit_schema_version:1\nevent_time:2026-11-22 09:14:08.0000000\naction_id:DR\nsucceeded:true\nserver_principal_name:EXAMPLE\\anna\ndatabase_name:shop\nobject_name:orders\nstatement:drop table orders -- server_principal_name:bob\nadditional_information:\n",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:08Z"),
            ("event.action", "drop"),
            ("event.category", "database"),
            ("event.outcome", "success"),
            ("event.type", "deletion"),
            ("sqlserver.audit.action_id", "DR"),
            ("sqlserver.audit.audit_schema_version", "1"),
            ("sqlserver.audit.database_name", "shop"),
            ("sqlserver.audit.object_name", "orders"),
            ("sqlserver.audit.statement", "drop table orders -- server_principal_name:bob"),
            ("sqlserver.audit.succeeded", "true"),
            ("user.domain", "EXAMPLE"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "audit_schema_version:1 event_time:2026-11-22 09:14:07", expect: &[] },
];
