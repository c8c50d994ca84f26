//! How rare a text is in logs: the index asks first for what the fewest events have.
//!
//! Guesses, not measurements: they decide how fast a rule is, never whether it matches.

use super::{expr::Atom, view::KEYWORDS};

/// Bytes of a usual value, and of a usual record.
const VALUE: f64 = 64.0;
const RECORD: f64 = 400.0;

/// What stands in so many records that looking for a part of it tells little.
const COMMON: &[&str] = &[
    r"c:\windows\system32\",
    r"c:\windows\syswow64\",
    r"c:\program files (x86)\",
    r"\appdata\local\temp\",
    r"\users\public\",
    r"hklm\software\microsoft\windows\currentversion\run",
    r"hkcu\software\classes\",
    r"system\currentcontrolset\services\",
    r"nt authority\system",
    r"microsoft corporation",
    "microsoft-windows-",
    ".exe",
    ".dll",
    "cmd.exe /c",
    "powershell.exe",
    "svchost.exe",
    "rundll32.exe",
    "services.exe",
    "explorer.exe",
    "https://www.",
    "http://",
    "mozilla/5.0",
    "/usr/bin/",
    "/usr/sbin/",
    "/bin/bash",
    "/bin/sh",
    "/var/log/",
    "/etc/",
    "/index.php",
    "get",
    "post",
    "true",
    "false",
    "success",
    "failure",
    "error",
    "warning",
    "failed",
    "session",
    "password",
    "user",
    "root",
    "from",
    "port",
];

impl Atom {
    /// The share of the events with this field that have it, as a guess.
    pub fn chance(&self) -> f64 {
        let common = |text: &[u8]| COMMON.iter().any(|known| memchr::memmem::find(known.as_bytes(), text).is_some());
        match self {
            Atom::Present(_) => 1.0,
            Atom::Exact(_, text) | Atom::Holds(_, text) if common(text) => 0.3,
            Atom::Exact(_, text) => 0.5_f64.powi(text.len().min(8) as i32),
            Atom::Holds(slot, text) => {
                let length = if *slot == KEYWORDS { RECORD } else { VALUE };
                (length * text.iter().map(|byte| share(*byte)).product::<f64>()).clamp(0.0001, 1.0)
            }
        }
    }
}

/// The share of this byte among all, where its neighbours make it likely.
pub(super) fn share(byte: u8) -> f64 {
    match byte.to_ascii_lowercase() {
        b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' => 0.12,
        b'q' | b'x' | b'z' | b'j' | b'k' | b'v' => 0.03,
        b'a'..=b'z' => 0.08,
        b'0'..=b'9' => 0.1,
        b' ' | b'/' | b'.' | b'\\' | b'-' | b'_' | b':' | b'=' => 0.12,
        b'"' | b',' => 0.08,
        0x21..=0x7e => 0.01,
        _ => 0.005,
    }
}
