//! Backup jobs: how a run ended, told by the collector or by the tool itself. Which job it was is known by the words that
//! the organisation's file gives it.

use roundsman_ingest::{Event, field};

use super::{Notes, Reader, action, text};
use crate::patch::fact::Fact;

/// The collector's results, and tools that say themselves how a run ended.
pub const READERS: &[Reader] = &[
    Reader { formats: &["roundsman_job"], read: job },
    Reader {
        formats: &["backup_script", "bareos", "borg", "duplicity", "restic", "rsnapshot", "rsync", "veeam"],
        read: tool,
    },
];

fn job(event: &Event, notes: &mut Notes) {
    if let Some(job) = text(event, field::JOB_NAME) {
        let ok = text(event, field::JOB_RESULT).as_deref() == Some("ok");
        notes.add(Fact::Backup { job: Some(job), ok });
    }
}

/// A run without an outcome is none yet.
pub fn tool(event: &Event, notes: &mut Notes) {
    let ok = match text(event, field::EVENT_OUTCOME).as_deref() {
        Some("success") => true,
        Some("failure") => false,
        _ => return,
    };
    if action(event) == "backup" {
        notes.add(Fact::Backup { job: None, ok });
    }
}
