//! What Windows Update says of an update, as the text of its events, and its own log.

use crate::{
    Event,
    envelope::{Line, iso_stamp},
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{first_word, reject, split},
    winlog,
};

/// `Installation Successful: Windows successfully installed the following update: …`
pub struct WindowsUpdate;

impl Format for WindowsUpdate {
    fn name(&self) -> &'static str {
        "windows_update"
    }

    fn category(&self) -> &'static str {
        "patch"
    }

    fn product(&self) -> &'static str {
        "Windows Update"
    }

    fn about(&self) -> &'static str {
        "texts of the Windows Update client's events and lines of WindowsUpdate.log (learn.microsoft.com/windows/deployment/update/windows-update-logs)"
    }

    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "windows", services: &["windowsupdate"] }
    }

    fn paths(&self) -> &'static [&'static str] {
        &["/WindowsUpdate.log", "\\WindowsUpdate.log"]
    }

    fn structure(&self) -> Structure {
        Structure::Begins(&[
            "Installation Successful: Windows",
            "Installation Failure: Windows",
            "Installation Started: Windows",
            "Installation Ready: ",
            "Restart Required: ",
            "Windows Update started downloading an update",
            "Windows Update failed to ",
        ])
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let Some((kind, action, outcome)) = class(line.message) else { return parse_log(line.message, event) };
        event.classify("package", kind, action, outcome);
        set_update(event, line.message);
        if let Some((_, rest)) = split(line.message, b" error 0x") {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
            let start = line.message.len() - rest.len() - 2;
            event.set(field::ERROR_CODE, &line.message[start..start + 2 + digits]);
        }
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Type, action and outcome by how a text begins.
fn class(message: &[u8]) -> Option<(&'static str, &'static str, &'static str)> {
    let begins = |text: &str| message.starts_with(text.as_bytes());
    Some(if begins("Installation Successful") {
        ("installation", "update-installed", "success")
    } else if begins("Installation Failure") {
        ("installation", "update-install-failed", "failure")
    } else if begins("Installation Started") {
        ("start", "update-install-started", "")
    } else if begins("Installation Ready") {
        ("info", "update-install-ready", "")
    } else if begins("Restart Required") {
        ("info", "update-reboot-pending", "")
    } else if begins("Windows Update started downloading") {
        ("start", "update-download-started", "")
    } else if begins("Windows Update failed to ") {
        ("error", "update-failed", "failure")
    } else {
        return None;
    })
}

/// `2026/11/22 09:14:07.2501234 1056  3820  Agent           * START * …`, and the older
/// `2026-11-22⇥09:14:07:250⇥ 800⇥1f4⇥Agent⇥…`.
fn parse_log(message: &[u8], event: &mut Event<'_>) -> Result<(), Reject> {
    let mut words = message.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty());
    let (Some(date), Some(time), Some(pid), Some(_thread), Some(component)) =
        (words.next(), words.next(), words.next(), words.next(), words.next())
    else {
        return Err(reject("update_few_columns"));
    };
    let mut stamp = date.to_ascii_lowercase();
    stamp.iter_mut().filter(|byte| **byte == b'/').for_each(|byte| *byte = b'-');
    stamp.push(b' ');
    stamp.extend_from_slice(time);
    if stamp.get(19) == Some(&b':') {
        stamp[19] = b'.';
    }
    let (_, stamp, _) = iso_stamp(&stamp).ok_or(reject("update_no_time"))?;
    event.set_stamp(field::TIMESTAMP, stamp);
    crate::scan::set_number(event, field::PROCESS_PID, pid);
    event.set(field::LOG_LOGGER, component);
    let behind = component.as_ptr() as usize + component.len() - message.as_ptr() as usize;
    let text = message.get(behind..).unwrap_or_default().trim_ascii();
    event.remove(field::MESSAGE);
    event.set(field::MESSAGE, text);
    set_update(event, text);
    Ok(())
}

fn set_update(event: &mut Event<'_>, text: &[u8]) {
    if let Some(update) = winlog::update_number(text) {
        event.set(field::PACKAGE_NAME, update);
    }
    let title = split(text, b"update: ").map(|(_, title)| title).or_else(|| {
        let (_, rest) = split(text, b" error 0x")?;
        Some(first_word(rest).1)
    });
    if let (Some(title), Some(description)) = (title, crate::Field::intern("package.description")) {
        event.set(description, title.strip_suffix(b".").unwrap_or(title));
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Installation Failure: Windows failed to install the following update with error 0x800F0922: 2026-11 Cumulative Update for Windows 11 (KB5099001).",
        expect: &[
            ("error.code", "0x800F0922"),
            ("event.action", "update-install-failed"),
            ("event.category", "package"),
            ("event.outcome", "failure"),
            ("event.type", "installation"),
            ("package.description", "2026-11 Cumulative Update for Windows 11 (KB5099001)"),
            ("package.name", "KB5099001"),
        ],
    },
    Example {
        raw: "<14>Nov 22 09:14:07 pc1 wu[4]: Installation Successful: Windows successfully installed the following update: Security Intelligence Update - KB2267602",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.action", "update-installed"),
            ("event.category", "package"),
            ("event.outcome", "success"),
            ("event.type", "installation"),
            ("host.name", "pc1"),
            ("package.description", "Security Intelligence Update - KB2267602"),
            ("package.name", "KB2267602"),
            ("process.name", "wu"),
            ("process.pid", "4"),
        ],
    },
    Example { raw: "Installation complete", expect: &[] },
];
