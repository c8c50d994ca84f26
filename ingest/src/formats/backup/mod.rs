//! Backup tools.

use super::Format;

pub mod backup_script;
pub mod bareos;
pub mod borg;
pub mod duplicity;
pub mod restic;
pub mod rsnapshot;
pub mod rsync;
pub mod veeam;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &veeam::Veeam,
    &bareos::Bareos,
    &borg::Borg,
    &restic::Restic,
    &rsync::Rsync,
    &rsnapshot::Rsnapshot,
    &duplicity::DUPLICITY,
    &backup_script::BackupScript,
];
