//! Our own collectors.

use super::Format;

pub mod collectors;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &collectors::PROBE,
    &collectors::PACKAGES,
    &collectors::LOGONS,
    &collectors::DISK,
    &collectors::JOB,
    &collectors::PODS,
    &collectors::NEEDRESTART,
    &collectors::REBOOT_REQUIRED,
];
