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
        let description = description.map(|rest| rest.strip_suffix(b"]").unwrap_or(rest)).map(|rest| rest.strip_suffix(b"\"").unwrap_or(rest));
        if let Some(user) = value(text, b" UserName=\"").or_else(|| value(text, b" User=\"")) {
            let (name, domain) = split_account(user);
            event.set(field::USER_NAME, name);
            domain.into_iter().for_each(|domain| event.set(field::USER_DOMAIN, domain));
        }
        for name in [&b"JobSessionID"[..], b"JobID", b"JobType", b"VmName", b"ServerName", b"Platform", b"JobName"] {
            let key = [b" ", name, b"=\""].concat();
            value(text, &key).into_iter().for_each(|value| set_own(event, "veeam.", name, value));
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

static EXAMPLES: &[Example] = &[];
