//! Package managers, updaters and configuration management.

use super::Format;

pub mod ansible;
pub mod apk;
pub mod apt;
pub mod apt_history;
pub mod apt_term;
pub mod dpkg;
pub mod pacman;
pub mod puppet;
pub mod rpm;
pub mod salt;
pub mod setupapi;
pub mod snapd;
pub mod unattended_upgrades;
pub mod wazuh_syscollector;
pub mod windows_cbs;
pub mod windows_update;
pub mod zypper;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &apk::Apk,
    &pacman::Pacman,
    &zypper::Zypper,
    &rpm::Rpm,
    &ansible::Ansible,
    &dpkg::Dpkg,
    &apt_history::AptHistory,
    &apt_term::AptTerm,
    &unattended_upgrades::UnattendedUpgrades,
    &apt::Apt,
    &windows_cbs::WindowsCbs,
    &windows_update::WindowsUpdate,
    &setupapi::SetupApi,
    &snapd::SNAPD,
    &puppet::PUPPET,
    &salt::Salt,
    &wazuh_syscollector::WAZUH_SYSCOLLECTOR,
];
