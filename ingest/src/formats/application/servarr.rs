//! The *arr applications: Sonarr, Radarr, Lidarr, Readarr, Prowlarr.

use crate::{
    Event,
    envelope::Line,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{reject, split},
    signin,
};

/// Servarr: `[Level] Logger: message`, as it goes to the console and syslog.
pub struct Servarr;

impl Format for Servarr {
    fn name(&self) -> &'static str {
        "servarr"
    }
    fn category(&self) -> &'static str {
        "application"
    }
    fn product(&self) -> &'static str {
        "Sonarr, Radarr, Lidarr, Readarr, Prowlarr"
    }
    fn about(&self) -> &'static str {
        "console and syslog lines; sign-ins, good, failed and refused (Servarr: NzbDrone.Common/Instrumentation, AuthenticationService.cs)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "servarr", services: &["servarr"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["Sonarr", "Radarr", "Lidarr", "Readarr", "Prowlarr", "Whisparr", "sonarr", "radarr", "lidarr", "prowlarr"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["[Info] ", "[Warn] ", "[Error] ", "[Fatal] ", "[Debug] ", "[Trace] "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let header = read(line.message).ok_or(reject("servarr_header"))?;
        header.describe(event);
        if !signin::describe(header.message, event) {
            event.classify("", if header.is_error() { "error" } else { "info" }, "", "");
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `[Warn] Auth: Auth-Failure ip 192.0.2.7 username 'x'`
fn read(text: &[u8]) -> Option<layout::Header<'_>> {
    let (level, rest) = split(text.strip_prefix(b"[")?, b"] ")?;
    let (logger, message) = split(rest, b": ")?;
    let named =
        !logger.is_empty() && logger.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'`'));
    (named && layout::is_level(level)).then(|| layout::Header { level, logger, message, ..layout::Header::default() })
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 media1 Sonarr[4711]: [Warn] Auth: Auth-Failure ip 203.0.113.66 username 'b.jones'",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("host.name", "media1"),
            ("log.level", "Warn"),
            ("log.logger", "Auth"),
            ("message", "Auth-Failure ip 203.0.113.66 username 'b.jones'"),
            ("process.name", "Sonarr"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: "[Info] Bootstrap: Starting Radarr - /opt/Radarr/Radarr - Version 5.14.0.9383",
        expect: &[
            ("event.type", "info"),
            ("log.level", "Info"),
            ("log.logger", "Bootstrap"),
            ("message", "Starting Radarr - /opt/Radarr/Radarr - Version 5.14.0.9383"),
        ],
    },
    Example {
        raw: "[Error] DownloadService: Couldn't reach client",
        expect: &[
            ("event.type", "error"),
            ("log.level", "Error"),
            ("log.logger", "DownloadService"),
            ("message", "Couldn't reach client"),
        ],
    },
    Example { raw: "[Info] nothing at all", expect: &[] },
];
