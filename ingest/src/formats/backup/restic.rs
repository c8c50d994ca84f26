//! restic's messages.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{first_word, reject, set_some, split},
};

/// restic: what it prints, as text or with --json.
pub struct Restic;

impl Format for Restic {
    fn name(&self) -> &'static str {
        "restic"
    }
    fn category(&self) -> &'static str {
        "backup"
    }
    fn product(&self) -> &'static str {
        "restic"
    }
    fn about(&self) -> &'static str {
        "messages of backup, check, forget and prune as text, and with --json (restic: Scripting, Backing up)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "backup", product: "restic", services: &["restic"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["restic"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(BEGINNINGS)
    }
    fn recognises(&self, message: &[u8]) -> bool {
        match message {
            [b'[', ..] => split(message, b"% ").is_some() && split(message, b" / ").is_some(),
            [b'F', b'a', ..] => FATAL.iter().any(|word| split(message, word).is_some()),
            [b's', b'n', ..] => split(message, b" saved").is_some(),
            [b'r', b'e', b'p', ..] => split(message, b" opened").is_some(),
            [b'F', b'i', ..] | [b'D', ..] => split(message, b" unmodified").is_some(),
            [b'p', b'r', ..] => split(message, b" files, ").is_some(),
            _ => true,
        }
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = line.message;
        if text.is_empty() {
            return Err(reject("restic_empty"));
        }
        if let Some(error) = text.strip_prefix(b"Fatal: ") {
            event.set_static(field::LOG_LEVEL, "fatal");
            event.set(field::ERROR_MESSAGE, error);
            event.classify("", "error", "", "failure");
        } else if let Some(rest) = text.strip_prefix(b"snapshot ").filter(|_| split(text, b" saved").is_some()) {
            set_some(event, field::RESTIC_SNAPSHOT, first_word(rest).0);
            event.classify("", "info", "backup", "success");
        } else if text.starts_with(b"{\"message_type\":\"summary\"") {
            let id = split(text, b"\"snapshot_id\":\"").and_then(|(_, rest)| split(rest, b"\""));
            id.into_iter().for_each(|(id, _)| event.set(field::RESTIC_SNAPSHOT, id));
            event.classify("", "info", "backup", "success");
        } else if let Some(rest) = text.strip_prefix(b"{\"message_type\":\"exit_error\"") {
            let message = split(rest, b"\"message\":\"").and_then(|(_, rest)| split(rest, b"\"}"));
            message.into_iter().for_each(|(message, _)| event.set(field::ERROR_MESSAGE, message));
            event.classify("", "error", "", "failure");
        } else if text == b"no errors were found" {
            event.classify("", "info", "check", "success");
        } else if text.starts_with(b"error for tree ")
            || text.starts_with(b"Pack ID does not match")
            || text.starts_with(b"pack ")
        {
            event.set(field::ERROR_MESSAGE, text);
            event.classify("", "error", "check", "failure");
        } else {
            event.classify("", "info", "", "");
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// What messages begin with.
const BEGINNINGS: &[&str] = &[
    "snapshot ",
    "repository ",
    "Files:  ",
    "Dirs:  ",
    "Added to the repository: ",
    "Added to the repo: ",
    "processed ",
    "using parent snapshot ",
    "no parent snapshot found",
    "Fatal: ",
    "created restic repository ",
    "no errors were found",
    "open repository",
    "lock repository",
    "load index files",
    "load indexes",
    "start scan on [",
    "start backup on [",
    "scan finished in ",
    "{\"message_type\":\"",
    "using temporary cache in ",
    "created new cache in ",
    "create exclusive lock for repository",
    "check all packs",
    "check snapshots, trees and blobs",
    "Applying Policy: ",
    "finding data that is still in use for ",
    "searching used packs",
    "collecting packs for deletion",
    "to repack:  ",
    "this removes:  ",
    "to delete:  ",
    "total prune:  ",
    "remaining:  ",
    "unused size after prune: ",
    "loading indexes...",
    "loading all snapshots...",
    "error for tree ",
    "Pack ID does not match, want ",
    "[0:",
    "[1:",
    "repository contains errors",
    "rebuilding index",
    "deleting obsolete index files",
    "counting files in repo",
    "building new index for repo",
    "removing snapshot ",
    "Warning: at least one source file could not be read",
    "Save(<",
    "Load(<",
    "read all data",
    "unlocking repository",
    "successfully removed locks",
];

/// Words of restic's own after `Fatal: `; others say that, too.
const FATAL: &[&[u8]] = &[
    b"repositor",
    b"snapshot",
    b"target directories",
    b"unable to",
    b"password",
    b"config",
    b"index",
    b"lock",
    b"backup",
    b"restic",
    b"key",
    b"pack",
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "repository a14e5863 opened (version 2, compression level auto)",
        expect: &[("event.type", "info")],
    },
    Example { raw: "Files:           0 new,     1 changed,   409 unmodified", expect: &[("event.type", "info")] },
    Example { raw: "Added to the repository: 0 B   (0 B   stored)", expect: &[("event.type", "info")] },
    Example { raw: "processed 409 files, 1.052 MiB in 0:00", expect: &[("event.type", "info")] },
    Example {
        raw: "snapshot 39736af7 saved",
        expect: &[
            ("event.action", "backup"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("restic.snapshot", "39736af7"),
        ],
    },
    Example {
        raw: "no errors were found",
        expect: &[("event.action", "check"), ("event.outcome", "success"), ("event.type", "info")],
    },
    Example {
        raw: "Fatal: unable to open repository at /srv/restic: ReadDir: permission denied",
        expect: &[
            ("error.message", "unable to open repository at /srv/restic: ReadDir: permission denied"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("log.level", "fatal"),
        ],
    },
    Example {
        raw: r#"{"message_type":"summary","files_new":0,"files_changed":1,"files_unmodified":409,"total_duration":0.3,"snapshot_id":"39736af7"}"#,
        expect: &[
            ("event.action", "backup"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("restic.snapshot", "39736af7"),
        ],
    },
    Example {
        raw: "Nov 22 02:28:23 web1 restic[4711]: snapshot 39736af7 saved",
        expect: &[
            ("@timestamp", "2026-11-22T02:28:23Z"),
            ("event.action", "backup"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("host.name", "web1"),
            ("message", "snapshot 39736af7 saved"),
            ("process.name", "restic"),
            ("process.pid", "4711"),
            ("restic.snapshot", "39736af7"),
        ],
    },
    Example { raw: "repository of the week", expect: &[] },
];
