//! The envelope: what stands around a message. RFC 3164 as it is really sent, RFC 5424, or nothing.

use jiff::civil::DateTime;

/// A record split into its header and its message, all of it borrowed from the raw bytes.
#[derive(Clone, Debug, Default)]
pub struct Line<'r> {
    /// Facility × 8 + severity, where the record has a PRI.
    pub priority: Option<u8>,
    /// The header's time.
    pub stamp: Option<Stamp>,
    /// The header's host.
    pub host: Option<&'r [u8]>,
    /// The program: the tag without path, pid and colon, or RFC 5424's APP-NAME.
    pub program: Option<&'r [u8]>,
    /// The process id or PROCID, where it is there.
    pub pid: Option<&'r [u8]>,
    /// RFC 5424's MSGID.
    pub msgid: Option<&'r [u8]>,
    /// RFC 5424's STRUCTURED-DATA as it stands, brackets included.
    pub structured: Option<&'r [u8]>,
    /// RFC 5424's VERSION.
    pub version: Option<u8>,
    /// The message: all that follows the header.
    pub message: &'r [u8],
}

/// A time as a record wrote it, before year and zone are settled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stamp {
    /// Wall time; the year is a leap year's placeholder where `has_year` is false.
    pub civil: DateTime,
    /// The record gave the year.
    pub has_year: bool,
    /// Seconds east of UTC, where the record gave a zone.
    pub offset: Option<i32>,
}
