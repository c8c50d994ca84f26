//! FortiGate: an image that was restored, and restarts. The version that runs stands in no line of the key=value syslog;
//! the CEF header names it in every one ([`super::cef`]).

use super::*;

/// FortiGate's records.
pub const READERS: &[Reader] = &[Reader { formats: &["fortigate"], read: fortigate }];

/// The last six digits of a log id are the message's number (FortiOS Log Message Reference).
const NUMBER: usize = 6;

fn fortigate(event: &Event, notes: &mut Notes) {
    let Some(code) = event.text(field::EVENT_CODE) else { return };
    let number = code.get(code.len().saturating_sub(NUMBER)..).unwrap_or_default();
    match number {
        // restored by hand, from USB, from FortiGuard, confirmed
        "032202" | "032199" | "032235" | "032262" | "032263" => {
            let failed = text(event, field::EVENT_OUTCOME).as_deref() == Some("failure");
            if let Some((old, new)) = change(&message(event)).filter(|_| !failed) {
                notes.add(Fact::Firmware { old: Some(old), new });
            }
        }
        "032138" => notes.add(Fact::Rebooting),
        "032009" => notes.add(Fact::Boot { version: None }),
        _ => {}
    }
}

/// `… (v7.4.4,build2662 -> v7.4.5,build2702)`
fn change(message: &str) -> Option<(String, String)> {
    let (before, after) = message.split_once(" -> ")?;
    let version = |text: &str| text.starts_with('v').then(|| text.to_owned());
    let old = before.rsplit('(').next()?;
    let new = after.split(')').next()?;
    Some((version(old)?, version(new)?))
}
