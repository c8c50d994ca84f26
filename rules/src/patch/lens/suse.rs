//! SUSE: zypper's and libzypp's history, which tells each package's outcome and each patch's before and after.

use super::*;

/// zypper's records.
pub const READERS: &[Reader] = &[Reader { formats: &["zypper"], read: zypper }];

/// A downgrade is an `install` of an older version; the patch that it takes away goes from `applied` to `needed`.
fn zypper(event: &Event, notes: &mut Notes) {
    match action(event).as_str() {
        "install" => notes.facts_of(operation(event), Notes::done),
        "remove" => {
            notes.facts_of(operation(event), |notes, gone| notes.removed(gone.package, gone.arch, gone.new));
        }
        "patch" => {
            let applied = text(event, field::PACKAGE_STATE).and_then(|state| match state.as_str() {
                "applied" => Some(true),
                "needed" => Some(false),
                _ => None,
            });
            if let (Some(name), Some(applied)) = (text(event, field::PACKAGE_NAME), applied) {
                notes.add(Fact::Patch { name, applied });
            }
        }
        "install_failed" => notes.facts_of(operation(event), |notes, failed| {
            let words = text(event, field::MESSAGE).unwrap_or_default();
            notes.add(Fact::Broken { package: failed.package, words });
        }),
        _ => {}
    }
}
