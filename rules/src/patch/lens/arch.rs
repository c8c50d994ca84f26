//! Arch Linux: pacman.log. A scriptlet that failed leaves only its own words there, and `transaction completed` follows.

use super::*;

/// pacman's records.
pub const READERS: &[Reader] = &[Reader { formats: &["pacman"], read: pacman }];

fn pacman(event: &Event, notes: &mut Notes) {
    match action(event).as_str() {
        "installed" | "upgraded" | "downgraded" | "reinstalled" => notes.facts_of(operation(event), Notes::done),
        "removed" => notes.facts_of(operation(event), |notes, gone| notes.removed(gone.package, gone.arch, gone.new)),
        "transaction" if message(event) == "transaction completed" => notes.ran("pacman", Run::Ran),
        "error" => notes.ran("pacman", Run::Failed),
        _ => {}
    }
}
