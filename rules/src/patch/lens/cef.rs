//! Any product whose header names its version: CEF and LEEF say in every line which version is running.

use super::*;

/// CEF and LEEF records.
pub const READERS: &[Reader] = &[Reader { formats: &["cef", "leef"], read: header }];

fn header(event: &Event, notes: &mut Notes) {
    let product = text(event, field::OBSERVER_PRODUCT);
    // Some products fill the column with a word; a version has a digit.
    let version = text(event, field::OBSERVER_VERSION).filter(|v| v.bytes().any(|b| b.is_ascii_digit()));
    if let (Some(product), Some(version)) = (product, version) {
        notes.add(Fact::Runs { product, version });
    }
}
