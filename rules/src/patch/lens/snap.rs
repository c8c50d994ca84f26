//! Snaps: what snap prints and snapd logs. A refresh that finds nothing says nothing of any version.

use super::*;

/// snapd's records.
pub const READERS: &[Reader] = &[Reader { formats: &["snapd"], read: snapd }];

fn snapd(event: &Event, notes: &mut Notes) {
    let failed = text(event, field::ERROR_MESSAGE).is_some();
    match action(event).as_str() {
        "installed" | "upgraded" | "downgraded" => notes.facts_of(operation(event), Notes::done),
        "removed" => notes.facts_of(operation(event), |notes, gone| notes.removed(gone.package, gone.arch, None)),
        _ if failed => match text(event, field::PACKAGE_NAME) {
            Some(package) => notes.add(Fact::Broken { package, words: message(event) }),
            None => notes.ran("snapd", Run::Failed),
        },
        _ if message(event).contains("all snaps are up-to-date") => notes.ran("snapd", Run::Ran),
        _ => {}
    }
}
