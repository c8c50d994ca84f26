//! Cisco: a restart, and the banner that names the version, in the same record or in one of its own.
//!
//! A relay may split the two or drop the second: then the version is unknown, and stays so. Before the clock is set the
//! device's own time is worth nothing ([`Event::at`] is the receive time then).

use super::*;

/// IOS, IOS-XE and ASA.
pub const READERS: &[Reader] = &[
    Reader { formats: &["cisco_ios"], read: ios },
    Reader { formats: &["cisco_version"], read: banner },
    Reader { formats: &["cisco_asa"], read: asa },
];

fn ios(event: &Event, notes: &mut Notes) {
    let (Some(facility), Some(mnemonic)) = (event.text(field::EVENT_PROVIDER), event.text(field::EVENT_CODE)) else {
        return;
    };
    match (&*facility, &*mnemonic) {
        ("SYS", "RESTART") => {
            let raw = String::from_utf8_lossy(&event.raw);
            let banner = raw.split_once("System restarted").map_or("", |(_, rest)| rest);
            notes.add(Fact::Boot { version: version(banner) });
        }
        ("SYS", "RELOAD") => notes.add(Fact::Rebooting),
        _ => {}
    }
}

/// `Cisco IOS Software …, Version 17.9.5, RELEASE SOFTWARE (fc1)`; some releases write no blank before `Version`.
fn version(banner: &str) -> Option<String> {
    let (_, rest) = banner.split_once("Version ")?;
    let version = rest.split([',', ' ', '\r', '\n']).next()?;
    version.starts_with(|c: char| c.is_ascii_digit()).then(|| version.to_owned())
}

fn banner(event: &Event, notes: &mut Notes) {
    if let (Some(product), Some(version)) = (text(event, field::OBSERVER_PRODUCT), text(event, field::OBSERVER_VERSION))
    {
        notes.add(Fact::Runs { product, version });
    }
}

/// An ASA says that it goes down and that it is back, in no version.
fn asa(event: &Event, notes: &mut Notes) {
    match event.text(field::EVENT_CODE).as_deref() {
        Some("199001" | "199006") => notes.add(Fact::Rebooting),
        Some("199002" | "199005") => notes.add(Fact::Boot { version: None }),
        _ => {}
    }
}
