//! PAN-OS: software that was installed, and restarts, in its system log.

use super::*;

/// PAN-OS records, comma-separated and as JSON.
pub const READERS: &[Reader] = &[Reader { formats: &["panos", "panos_json"], read: panos }];

/// What stands before the version of software that was installed; it runs from the next start on.
const INSTALLED: &[&str] = &["installed panos software version ", "installed pan-os software version "];

fn panos(event: &Event, notes: &mut Notes) {
    // Every type of record passes here; only the system log speaks of the system.
    if event.text(field::EVENT_CATEGORY).as_deref() != Some("host") {
        return;
    }
    let message = message(event);
    let lower = message.to_ascii_lowercase();
    for words in INSTALLED {
        if let Some(at) = lower.find(words) {
            let version: String = message[at + words.len()..]
                .chars()
                .take_while(|c| !c.is_whitespace() && !",;\"".contains(*c))
                .collect();
            let version = version.trim_end_matches('.').to_owned();
            if version.starts_with(|c: char| c.is_ascii_digit()) {
                notes.add(Fact::Firmware { old: None, new: version });
            }
        }
    }
    if lower.contains("system restart requested") || lower.starts_with("the system is shutting down") {
        notes.add(Fact::Rebooting);
    } else if lower.starts_with("the system is starting up") {
        notes.add(Fact::Boot { version: None });
    }
}
