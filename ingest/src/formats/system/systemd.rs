//! systemd's messages about units.
//!
//! Newer versions name the unit (`Started nginx.service - A web server.`), older ones only its description.

use crate::formats::{Example, Format, LogSource, Reject};
use crate::{
    Event,
    envelope::Line,
    field,
    scan::{first_word, reject, rsplit, set_number, set_some, split},
};

/// systemd, as system and user manager.
pub struct Systemd;

/// The suffixes of systemd.unit(5).
const UNIT_TYPES: [&[u8]; 11] = [
    b"service",
    b"socket",
    b"timer",
    b"target",
    b"mount",
    b"automount",
    b"swap",
    b"slice",
    b"scope",
    b"path",
    b"device",
];

/// A job's first words, its action and what ECS calls it (type, outcome).
type Job = (&'static str, &'static str, &'static str, &'static str);

/// core/job.c and the units' own status formats.
const JOBS: [Job; 33] = [
    ("Started ", "unit_started", "start", "success"),
    ("Starting ", "unit_starting", "info", ""),
    ("Stopped ", "unit_stopped", "end", "success"),
    ("Stopping ", "unit_stopping", "info", ""),
    ("Reloaded ", "unit_reloaded", "change", "success"),
    ("Reloading ", "unit_reloading", "info", ""),
    ("Restarted ", "unit_started", "start", "success"),
    ("Finished ", "unit_finished", "end", "success"),
    ("Failed to start ", "unit_start_failed", "error", "failure"),
    ("Failed to reload ", "unit_reload_failed", "error", "failure"),
    ("Reload failed for ", "unit_reload_failed", "error", "failure"),
    ("Failed to listen on ", "unit_start_failed", "error", "failure"),
    ("Failed to mount ", "unit_start_failed", "error", "failure"),
    ("Failed to activate swap ", "unit_start_failed", "error", "failure"),
    ("Failed to set up automount ", "unit_start_failed", "error", "failure"),
    ("Failed unmounting ", "unit_stop_failed", "error", "failure"),
    ("Stopped (with error) ", "unit_stop_failed", "error", "failure"),
    ("Dependency failed for ", "unit_dependency_failed", "error", "failure"),
    ("Timed out starting ", "unit_timeout", "error", "failure"),
    ("Timed out waiting for ", "unit_timeout", "error", "failure"),
    ("Timed out stopping ", "unit_timeout", "error", "failure"),
    ("Assertion failed for ", "unit_start_failed", "error", "failure"),
    ("Reached target ", "target_reached", "start", "success"),
    ("Stopped target ", "target_stopped", "end", "success"),
    ("Listening on ", "socket_listening", "start", "success"),
    ("Closed ", "socket_closed", "end", "success"),
    ("Mounted ", "mount_mounted", "start", "success"),
    ("Mounting ", "unit_starting", "info", ""),
    ("Unmounted ", "mount_unmounted", "end", "success"),
    ("Unmounting ", "unit_stopping", "info", ""),
    ("Created slice ", "slice_created", "start", "success"),
    ("Removed slice ", "slice_removed", "end", "success"),
    ("Set up automount ", "mount_mounted", "start", "success"),
];

impl Format for Systemd {
    fn name(&self) -> &'static str {
        "systemd"
    }
    fn category(&self) -> &'static str {
        "system"
    }
    fn product(&self) -> &'static str {
        "systemd"
    }
    fn about(&self) -> &'static str {
        "Units as the service manager tells of them (systemd src/core: job.c, service.c, unit.c)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["systemd", "syslog"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["systemd"]
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let message = line.message;
        if message.is_empty() {
            return Err(reject("systemd_message"));
        }
        for (words, action, kind, outcome) in JOBS {
            if let Some(rest) = message.strip_prefix(words.as_bytes()) {
                described(rest, event);
                event.classify("process", kind, action, outcome);
                return Ok(());
            }
        }
        match split(message, b": ") {
            Some((unit, text)) if is_unit(unit) => of_unit(unit, text, event),
            _ => of_manager(message, event),
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// A unit's name: no blank, and one of the types after its last point.
fn is_unit(word: &[u8]) -> bool {
    !word.contains(&b' ')
        && rsplit(word, b".").is_some_and(|(name, kind)| !name.is_empty() && UNIT_TYPES.contains(&kind))
}

/// `nginx.service - A web server.`, `nginx.service.`, or a description alone.
fn described<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let text =
        text.strip_suffix(b"...").or(text.strip_suffix("…".as_bytes())).or(text.strip_suffix(b".")).unwrap_or(text);
    let (unit, description) = match split(text, b" - ") {
        Some((unit, description)) if is_unit(unit) => (unit, description),
        _ if is_unit(text) => (text, &b""[..]),
        _ => (&b""[..], text),
    };
    set_some(event, field::SERVICE_NAME, unit);
    set_some(event, field::SYSTEMD_DESCRIPTION, description);
}

/// `nginx.service: Main process exited, code=exited, status=1/FAILURE` and its like.
fn of_unit<'r>(unit: &'r [u8], text: &'r [u8], event: &mut Event<'r>) {
    event.set(field::SERVICE_NAME, unit);
    let lower = |words: &[u8]| text.len() >= words.len() && text[..words.len()].eq_ignore_ascii_case(words);
    let (action, kind, outcome) = if lower(b"main process exited") || lower(b"control process exited") {
        exit(text, event)
    } else if let Some(result) = text.strip_prefix(b"Failed with result '") {
        set_some(event, field::SYSTEMD_RESULT, split(result, b"'").map_or(result, |(result, _)| result));
        ("unit_failed", "error", "failure")
    } else if text == b"Unit entered failed state." {
        ("unit_failed", "error", "failure")
    } else if let Some((_, counter)) = rsplit(text, b"restart counter is at ") {
        set_number(event, field::SYSTEMD_RESTARTS, counter.strip_suffix(b".").unwrap_or(counter));
        ("unit_restart_scheduled", "info", "")
    } else if text.starts_with(b"Service hold-off time over") || text.starts_with(b"Service RestartSec=") {
        ("unit_restart_scheduled", "info", "")
    } else if lower(b"start request repeated too quickly") {
        ("unit_start_limited", "error", "failure")
    } else if text.starts_with(b"Succeeded.") || text.starts_with(b"Deactivated successfully.") {
        ("unit_deactivated", "end", "success")
    } else if text.starts_with(b"Consumed ") {
        ("unit_resources", "info", "")
    } else if rsplit(text, b"OOM killer").is_some() {
        ("unit_oom_killed", "error", "failure")
    } else if rsplit(text, b"timed out").is_some() || lower(b"watchdog timeout") {
        ("unit_timeout", "error", "failure")
    } else if text.starts_with(b"Killing process ") || text.starts_with(b"Sent signal ") {
        ("unit_process_killed", "info", "")
    } else {
        ("unit_message", "info", "")
    };
    event.set(field::EVENT_REASON, text);
    event.classify("process", kind, action, outcome);
}

/// `… code=exited, status=1/FAILURE`: the status is an exit code or a signal.
fn exit<'r>(text: &'r [u8], event: &mut Event<'r>) -> (&'static str, &'static str, &'static str) {
    let Some((code, status)) = rsplit(text, b", status=") else { return ("unit_process_exited", "end", "") };
    let number = first_word(status).0.split(|b| *b == b'/').next().unwrap_or_default();
    if code.ends_with(b"code=exited") {
        set_number(event, field::PROCESS_EXIT_CODE, number);
    }
    let good = number == b"0" && code.ends_with(b"code=exited");
    ("unit_process_exited", "end", if good { "success" } else { "failure" })
}

/// What the manager says of the machine and itself.
fn of_manager<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let (action, kind) = match text {
        _ if text.starts_with(b"Startup finished in ") => ("startup_finished", "start"),
        _ if text.starts_with(b"systemd ") => ("manager_started", "start"),
        _ if text.starts_with(b"Shutting down") => ("shutdown", "end"),
        _ if text.starts_with(b"Reloading") || text.starts_with(b"Reexecuting") => ("manager_reloaded", "change"),
        _ if text.starts_with(b"Condition check resulted in ") => ("unit_skipped", "info"),
        _ if text.starts_with(b"Detected ") => ("platform_detected", "info"),
        _ => ("manager_message", "info"),
    };
    event.set(field::EVENT_REASON, text);
    event.classify("process", kind, action, "");
}

const EXAMPLES: &[Example] = &[
    Example {
        raw: "<30>Nov 22 02:01:00 web1 systemd[1]: Started nginx.service - A web server and reverse proxy.",
        expect: &[
            ("service.name", "nginx.service"),
            ("systemd.unit.description", "A web server and reverse proxy"),
            ("event.category", "process"),
            ("event.type", "start"),
            ("event.action", "unit_started"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:01 web1 systemd[1]: Started A web server and reverse proxy.",
        expect: &[
            ("systemd.unit.description", "A web server and reverse proxy"),
            ("event.category", "process"),
            ("event.type", "start"),
            ("event.action", "unit_started"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:02 web1 systemd[1]: Starting ssh.service - OpenBSD Secure Shell server...",
        expect: &[
            ("service.name", "ssh.service"),
            ("systemd.unit.description", "OpenBSD Secure Shell server"),
            ("event.category", "process"),
            ("event.type", "info"),
            ("event.action", "unit_starting"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:03 web1 systemd[1]: Reloaded nginx.service - A web server and reverse proxy.",
        expect: &[
            ("service.name", "nginx.service"),
            ("systemd.unit.description", "A web server and reverse proxy"),
            ("event.category", "process"),
            ("event.type", "change"),
            ("event.action", "unit_reloaded"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:04 web1 systemd[1]: Stopped nginx.service.",
        expect: &[
            ("service.name", "nginx.service"),
            ("event.category", "process"),
            ("event.type", "end"),
            ("event.action", "unit_stopped"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:05 web1 systemd[1]: nginx.service: Main process exited, code=exited, status=1/FAILURE",
        expect: &[
            ("service.name", "nginx.service"),
            ("process.exit_code", "1"),
            ("event.reason", "Main process exited, code=exited, status=1/FAILURE"),
            ("event.category", "process"),
            ("event.type", "end"),
            ("event.action", "unit_process_exited"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:06 web1 systemd[1]: nginx.service: Main process exited, code=killed, status=9/KILL",
        expect: &[
            ("service.name", "nginx.service"),
            ("event.reason", "Main process exited, code=killed, status=9/KILL"),
            ("event.category", "process"),
            ("event.type", "end"),
            ("event.action", "unit_process_exited"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:07 web1 systemd[1]: nginx.service: Failed with result 'exit-code'.",
        expect: &[
            ("service.name", "nginx.service"),
            ("systemd.result", "exit-code"),
            ("event.reason", "Failed with result 'exit-code'."),
            ("event.category", "process"),
            ("event.type", "error"),
            ("event.action", "unit_failed"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:08 web1 systemd[1]: Failed to start nginx.service - A web server and reverse proxy.",
        expect: &[
            ("service.name", "nginx.service"),
            ("systemd.unit.description", "A web server and reverse proxy"),
            ("event.category", "process"),
            ("event.type", "error"),
            ("event.action", "unit_start_failed"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:09 web1 systemd[1]: nginx.service: Scheduled restart job, restart counter is at 5.",
        expect: &[
            ("service.name", "nginx.service"),
            ("systemd.restart_counter", "5"),
            ("event.reason", "Scheduled restart job, restart counter is at 5."),
            ("event.category", "process"),
            ("event.type", "info"),
            ("event.action", "unit_restart_scheduled"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:10 web1 systemd[1]: nginx.service: Start request repeated too quickly.",
        expect: &[
            ("service.name", "nginx.service"),
            ("event.reason", "Start request repeated too quickly."),
            ("event.category", "process"),
            ("event.type", "error"),
            ("event.action", "unit_start_limited"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:11 web1 systemd[1]: apt-daily.service: Deactivated successfully.",
        expect: &[
            ("service.name", "apt-daily.service"),
            ("event.reason", "Deactivated successfully."),
            ("event.category", "process"),
            ("event.type", "end"),
            ("event.action", "unit_deactivated"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:12 web1 systemd[1]: Finished apt-daily.service - Daily apt download activities.",
        expect: &[
            ("service.name", "apt-daily.service"),
            ("systemd.unit.description", "Daily apt download activities"),
            ("event.category", "process"),
            ("event.type", "end"),
            ("event.action", "unit_finished"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:13 web1 systemd[1]: Dependency failed for remote-fs.target - Remote File Systems.",
        expect: &[
            ("service.name", "remote-fs.target"),
            ("systemd.unit.description", "Remote File Systems"),
            ("event.category", "process"),
            ("event.type", "error"),
            ("event.action", "unit_dependency_failed"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:14 web1 systemd[1]: Startup finished in 2.104s (kernel) + 9.871s (userspace) = 11.975s.",
        expect: &[
            ("event.reason", "Startup finished in 2.104s (kernel) + 9.871s (userspace) = 11.975s."),
            ("event.category", "process"),
            ("event.type", "start"),
            ("event.action", "startup_finished"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:15 web1 systemd[1]: db.service: A process of this unit has been killed by the OOM killer.",
        expect: &[
            ("service.name", "db.service"),
            ("event.reason", "A process of this unit has been killed by the OOM killer."),
            ("event.category", "process"),
            ("event.type", "error"),
            ("event.action", "unit_oom_killed"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 02:01:16 web1 systemd[1]: Condition check resulted in Rotate log files being skipped.",
        expect: &[
            ("event.reason", "Condition check resulted in Rotate log files being skipped."),
            ("event.category", "process"),
            ("event.type", "info"),
            ("event.action", "unit_skipped"),
        ],
    },
    Example { raw: "<30>Nov 22 02:01:17 web1 systemd[1]:", expect: &[] },
];
