//! What the numbers of the messages mean.
//!
//! <https://www.cisco.com/c/en/us/td/docs/security/asa/syslog/b_syslog.html>

use super::{connections::*, ends::ends, ftd::security_event, sign_ins::*};
use crate::Event;

/// Some messages that say the same kind of thing in the same shape.
pub(super) struct Message {
    pub(super) numbers: &'static [i64],
    /// Category, type, action, outcome.
    pub(super) classes: [&'static str; 4],
    pub(super) read: fn(&[u8], &mut Event<'_>),
}

pub(super) const fn message(
    numbers: &'static [i64],
    classes: [&'static str; 4],
    read: fn(&[u8], &mut Event<'_>),
) -> Message {
    Message { numbers, classes, read }
}

#[rustfmt::skip]
pub(super) static MESSAGES: &[Message] = &[
    message(&[302_013, 302_015, 302_017, 302_020, 302_303, 302_305], ["network", "start", "built", "success"], connection),
    message(&[302_014, 302_016, 302_018, 302_021, 302_304, 302_306], ["network", "", "teardown", "success"], connection),
    message(&[106_001, 106_002, 106_006, 106_007, 106_010, 106_014, 106_015, 106_016, 106_017, 106_018, 106_020, 106_021,
        106_022, 106_023, 313_001, 313_004, 313_005, 313_008, 322_001, 402_117, 500_004, 710_003, 710_004, 710_005,
        710_006], ["network", "connection", "deny", "success"], denial),
    message(&[710_002], ["network", "connection", "permit", "success"], permission),
    message(&[106_100, 106_102, 106_103], ["network", "connection", "", "success"], access_list),
    message(&[305_009, 305_011], ["network", "info", "built", ""], ends),
    message(&[305_010, 305_012], ["network", "info", "teardown", ""], ends),
    message(&[305_005, 305_006, 305_013, 419_002], ["network", "info", "", ""], ends),
    message(&[609_001], ["network", "info", "built", ""], local_host),
    message(&[609_002], ["network", "info", "teardown", ""], local_host),
    message(&[304_001], ["network", "allowed", "access", "success"], web_access),
    message(&[304_002], ["network", "denied", "deny", "success"], web_access),
    message(&[113_004, 113_008, 113_012, 109_005, 716_038], ["authentication", "start", "login", "success"], sign_in),
    message(&[113_005, 113_009, 113_013, 113_014, 113_015, 113_016, 113_017, 113_021, 109_006, 716_039, 713_167, 713_198],
        ["authentication", "start", "login", "failure"], sign_in),
    message(&[113_006], ["authentication", "start", "lockout", "failure"], locked_out),
    message(&[113_019, 716_002, 722_023, 722_037, 611_103], ["session", "end", "logout", ""], sign_in),
    message(&[434_002], ["network", "denied", "drop", ""], ends),
    message(&[434_004], ["network", "info", "bypass", ""], ends),
    message(&[303_002], ["network", "info", "", ""], file_transfer),
    message(&[602_303], ["network", "info", "created", "success"], anything),
    message(&[602_304], ["network", "info", "deleted", "success"], anything),
    message(&[113_039, 716_001, 722_022, 722_033, 722_051, 722_055, 713_228, 713_049, 713_119, 713_120],
        ["session", "start", "", ""], sign_in),
    message(&[605_004], ["authentication", "start", "login", "failure"], management),
    message(&[605_005], ["authentication", "start", "login", "success"], management),
    message(&[611_101], ["authentication", "start", "login", "success"], sign_in),
    message(&[611_102, 308_001], ["authentication", "start", "login", "failure"], sign_in),
    message(&[502_101], ["iam", "creation", "user-added", "success"], sign_in),
    message(&[502_102], ["iam", "deletion", "user-deleted", "success"], sign_in),
    message(&[502_103], ["iam", "change", "privilege-changed", "success"], sign_in),
    message(&[111_008, 111_009, 111_010], ["configuration", "change", "command", "success"], command),
    message(&[111_001, 111_002, 111_003, 111_004, 111_005, 111_007], ["configuration", "change", "", ""], from_address),
    message(&[199_001, 199_002, 199_005, 199_006], ["host", "start", "reload", ""], from_address),
    message(&[430_001, 430_004, 430_005], ["intrusion_detection", "", "", ""], security_event),
    message(&[430_002, 430_003], ["network", "connection", "", ""], security_event),
    message(&[733_100, 733_101, 733_102, 733_103, 733_104, 733_105], ["intrusion_detection", "info", "threat-detected", ""], threat),
];
