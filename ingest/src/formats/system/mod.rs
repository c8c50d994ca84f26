//! The operating system: kernel, service manager, timers.

use super::Format;

pub mod auditd;
pub mod bluegene;
pub mod cron;
pub mod cups;
pub mod ganglia;
pub mod hpc_events;
pub mod kernel;
pub mod laurel;
pub mod logrotate;
pub mod syslogd;
pub mod systemd;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &cups::CUPS,
    &ganglia::GANGLIA,
    &logrotate::LOGROTATE,
    &auditd::Auditd,
    &cron::Cron,
    &systemd::Systemd,
    &kernel::Kernel,
    &bluegene::BLUEGENE,
    &hpc_events::HPC_EVENTS,
    &laurel::LAUREL,
    &syslogd::SYSLOGD,
];
