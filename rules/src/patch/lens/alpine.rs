//! Alpine Linux: what apk prints, step by step; it keeps no log of its own.

use super::*;

/// apk's records.
pub const READERS: &[Reader] = &[Reader { formats: &["apk"], read: apk }];

fn apk(event: &Event, notes: &mut Notes) {
    match action(event).as_str() {
        "installed" | "upgraded" | "downgraded" | "reinstalled" => notes.facts_of(operation(event), Notes::done),
        "removed" => notes.facts_of(operation(event), |notes, gone| notes.removed(gone.package, gone.arch, gone.new)),
        "script_failed" => {
            if let Some(package) = text(event, field::PACKAGE_NAME) {
                notes.add(Fact::ScriptFailed { package, words: message(event) });
            }
        }
        _ => {}
    }
}
