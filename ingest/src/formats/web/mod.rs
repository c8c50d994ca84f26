//! Web servers and proxies.
//!
//! Apache and nginx write the same access lines: without a program or path they are Apache's.

use super::Format;

pub mod apache_access;
pub mod apache_error;
pub mod nginx_access;
pub mod nginx_error;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] =
    &[&apache_error::ApacheError, &nginx_error::NginxError, &apache_access::ApacheAccess, &nginx_access::NginxAccess];
