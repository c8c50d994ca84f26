//! Sign-ins, sessions and accounts.

use super::Format;

pub mod logind;
pub mod okta;
pub mod pam;
pub mod shadow;
pub mod sshd;
pub mod su;
pub mod sudo;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] =
    &[&pam::Pam, &sshd::Sshd, &su::Su, &sudo::Sudo, &shadow::Shadow, &logind::Logind, &okta::OKTA];
