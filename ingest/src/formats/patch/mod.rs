//! Package managers, updaters and configuration management.

use super::Format;

pub mod apt;
pub mod apt_history;
pub mod apt_term;
pub mod dpkg;
pub mod unattended_upgrades;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] =
    &[&dpkg::Dpkg, &apt_history::AptHistory, &apt_term::AptTerm, &unattended_upgrades::UnattendedUpgrades, &apt::Apt];
