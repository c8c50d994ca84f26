//! Veeam Backup & Replication's events over syslog.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::set_own,
    scan::{reject, rsplit, split},
    table::split_account,
};

/// Veeam: parameters in brackets, a description last.
pub struct Veeam;

impl Format for Veeam {
    fn name(&self) -> &'static str {
        "veeam"
    }
    fn category(&self) -> &'static str {
        "backup"
    }
    fn product(&self) -> &'static str {
        "Veeam Backup & Replication"
    }
    fn about(&self) -> &'static str {
        "events as sent to a syslog server: instance id, parameters, description (Veeam Backup & Replication: Event Reference)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "backup", product: "veeam", services: &["veeam"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["Veeam_MP"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["[categoryId="])
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = line.message;
        let (_, rest) = split(text, b"instanceId=").ok_or(reject("veeam_instance"))?;
        let code = rest.split(|b| matches!(b, b' ' | b']')).next().unwrap_or_default();
        event.set(field::EVENT_CODE, code);
        event.set_static(field::OBSERVER_VENDOR, "Veeam");
        event.set_static(field::OBSERVER_PRODUCT, "Veeam Backup & Replication");
        // values hold quotes that are not escaped: the last parameter is found from the end
        let description = rsplit(text, b" Description=\"").map(|(_, rest)| rest.trim_ascii_end());
        let description = description
            .map(|rest| rest.strip_suffix(b"]").unwrap_or(rest))
            .map(|rest| rest.strip_suffix(b"\"").unwrap_or(rest));
        if let Some(user) = value(text, b" UserName=\"").or_else(|| value(text, b" User=\"")) {
            let (name, domain) = split_account(user);
            event.set(field::USER_NAME, name);
            domain.into_iter().for_each(|domain| event.set(field::USER_DOMAIN, domain));
        }
        for name in [&b"JobSessionID"[..], b"JobID", b"JobType", b"VmName", b"ServerName", b"Platform", b"JobName"] {
            let key = [b" ", name, b"=\""].concat();
            value(text, &key).into_iter().for_each(|value| set_own(event, "veeam.", name, value));
        }
        if let Some(host) = value(text, b" HostName=\"") {
            event.set(if crate::scan::ip(host).is_some() { field::HOST_IP } else { field::HOST_HOSTNAME }, host);
        }
        let Some(description) = description else { return Ok(()) };
        event.set(field::EVENT_REASON, description);
        classify(description, event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

fn value<'r>(text: &'r [u8], key: &[u8]) -> Option<&'r [u8]> {
    let (_, rest) = split(text, key)?;
    split(rest, b"\"").map(|(value, _)| value).filter(|value| !value.is_empty())
}

/// How a session ended stands in its description.
fn classify(description: &[u8], event: &mut Event<'_>) {
    let said = |words: &[u8]| split(description, words).is_some();
    if said(b"has been started") {
        event.classify("process", "start", "backup_started", "");
    } else if said(b"with success") || said(b"finished with Success") || said(b"completed successfully") {
        event.classify("process", "end", "backup", "success");
    } else if said(b"with warning") || said(b"finished with Warning") {
        event.classify("process", "end", "backup", "unknown");
    } else if said(b"with error") || said(b"finished with Failed") || said(b"has failed") || said(b"with failure") {
        event.classify("process", "end", "backup", "failure");
    } else if said(b"changed") || said(b"modified") || said(b"updated") {
        event.classify("configuration", "change", "", "");
    } else if said(b"deleted") || said(b"removed") {
        event.classify("configuration", "deletion", "", "");
    } else if said(b"created") || said(b"added") {
        event.classify("configuration", "creation", "", "");
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: r#"[categoryId=0 instanceId=110 JobSessionID="11111111-2222-4333-4444-555555555555" JobID="11111111-2222-4333-4444-555555555556" JobType="12000" Platform="6" Version="1" Description="Agent Backup job 'web1' has been started by user EXAMPLE\b.jones."]"#,
        expect: &[
            ("event.action", "backup_started"),
            ("event.category", "process"),
            ("event.code", "110"),
            ("event.reason", r#"Agent Backup job 'web1' has been started by user EXAMPLE\b.jones."#),
            ("event.type", "start"),
            ("observer.product", "Veeam Backup & Replication"),
            ("observer.vendor", "Veeam"),
            ("veeam.JobID", "11111111-2222-4333-4444-555555555556"),
            ("veeam.JobSessionID", "11111111-2222-4333-4444-555555555555"),
            ("veeam.JobType", "12000"),
            ("veeam.Platform", "6"),
        ],
    },
    Example {
        raw: r#"<14>1 2026-11-22T09:14:07.250000+00:00 backup1 Veeam_MP - - [origin enterpriseId="31023"] [categoryId=0 instanceId=190 JobSessionID="11111111-2222-4333-4444-555555555555" JobType="0" Version="1" Description="Backup job 'web1' finished with Failed. Error: no space"]"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.action", "backup"),
            ("event.category", "process"),
            ("event.code", "190"),
            ("event.outcome", "failure"),
            ("event.reason", "Backup job 'web1' finished with Failed. Error: no space"),
            ("event.type", "end"),
            ("host.name", "backup1"),
            (
                "message",
                r#"[categoryId=0 instanceId=190 JobSessionID="11111111-2222-4333-4444-555555555555" JobType="0" Version="1" Description="Backup job 'web1' finished with Failed. Error: no space"]"#,
            ),
            ("observer.product", "Veeam Backup & Replication"),
            ("observer.vendor", "Veeam"),
            ("process.name", "Veeam_MP"),
            ("veeam.JobSessionID", "11111111-2222-4333-4444-555555555555"),
            ("veeam.JobType", "0"),
        ],
    },
    Example {
        raw: r#"[categoryId=0 instanceId=42290 ChangesXML="<property internal="X" type="Boolean"><old>False</old></property>" UserName="example.com\b.jones" Version="1" Description="Malware detection settings have been changed."]"#,
        expect: &[
            ("event.category", "configuration"),
            ("event.code", "42290"),
            ("event.reason", "Malware detection settings have been changed."),
            ("event.type", "change"),
            ("observer.product", "Veeam Backup & Replication"),
            ("observer.vendor", "Veeam"),
            ("user.domain", "example.com"),
            ("user.name", "b.jones"),
        ],
    },
    Example { raw: "[categoryId=0 nothing", expect: &[] },
];
