//! FreeIPA's API: what its framework writes into Apache's error log.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    pairs::set_own,
    scan::{reject, set_some, split},
};

/// FreeIPA: who called which command of its API, and how that ended.
pub struct FreeIpa;

impl Format for FreeIpa {
    fn name(&self) -> &'static str {
        "freeipa"
    }
    fn category(&self) -> &'static str {
        "authentication"
    }
    fn product(&self) -> &'static str {
        "FreeIPA, Red Hat Identity Management"
    }
    fn about(&self) -> &'static str {
        "calls of the API, also behind the header of Apache's error log: principal, command, result (ipaserver/rpcserver.py)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "freeipa", services: &["ipa"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["ipa"]
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["ipa: "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        Call::read(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let call = Call::read(line.message).ok_or(reject("freeipa_call"))?;
        event.set(field::LOG_LEVEL, call.level);
        call.describe(event);
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `ipa: INFO: [jsonserver_session] admin@EXAMPLE.COM: user_add/1('bob', …): SUCCESS`
pub(in crate::formats) struct Call<'r> {
    level: &'r [u8],
    server: &'r [u8],
    principal: &'r [u8],
    command: &'r [u8],
    /// The first argument: the entry that the command is about.
    entry: &'r [u8],
    /// `SUCCESS` or the name of an error.
    result: &'r [u8],
}

impl<'r> Call<'r> {
    pub(in crate::formats) fn read(text: &'r [u8]) -> Option<Call<'r>> {
        // a program's tag is taken off as the envelope's
        let text = text.strip_prefix(b"ipa: ").unwrap_or(text);
        let (level, rest) = split(text, b": [")?;
        let (server, rest) = split(rest, b"] ")?;
        let (principal, rest) = split(rest, b": ")?;
        let (command, arguments) = split(rest, b"(")?;
        let (arguments, result) = crate::scan::rsplit(arguments, b"): ")?;
        let is_word = |text: &[u8]| !text.is_empty() && text.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
        let command = split(command, b"/").map_or(command, |(command, _)| command);
        let known = level.iter().all(u8::is_ascii_uppercase) && is_word(server) && is_word(command) && is_word(result);
        let entry = arguments.strip_prefix(b"'").or(arguments.strip_prefix(b"u'")).and_then(|rest| split(rest, b"'"));
        let entry = entry.map_or(&b""[..], |(entry, _)| entry);
        known.then_some(Call { level, server, principal, command, entry, result })
    }

    pub(in crate::formats) fn describe(&self, event: &mut Event<'_>) {
        let (name, realm) = split(self.principal, b"@").unwrap_or((self.principal, b""));
        event.set(field::USER_NAME, name);
        set_some(event, field::USER_DOMAIN, realm);
        set_own(event, "freeipa.", b"server", self.server);
        if !self.entry.is_empty() {
            set_own(event, "freeipa.", b"entry", self.entry);
        }
        event.set(field::EVENT_ACTION, self.command);
        let failed = self.result != b"SUCCESS";
        if failed {
            event.set(field::ERROR_CODE, self.result);
        }
        let (category, kind) = kind(self.command);
        event.remove(field::EVENT_CATEGORY);
        event.remove(field::EVENT_TYPE);
        event.classify(category, kind, "", if failed { "failure" } else { "success" });
    }
}

/// What a command is about, by its words: `user_add`, `group_add_member`, `host_show`.
fn kind(command: &[u8]) -> (&'static str, &'static str) {
    let (object, verb) = split(command, b"_").unwrap_or((command, b""));
    let kind = match verb {
        b"add" => "creation",
        b"del" => "deletion",
        b"show" | b"find" | b"status" | b"" => "info",
        _ => "change",
    };
    match object {
        b"user" | b"group" | b"stageuser" | b"role" | b"privilege" | b"permission" | b"hbacrule" | b"sudorule" => {
            ("iam", kind)
        }
        b"passwd" => ("iam", "change"),
        _ if kind == "info" => ("", "info"),
        _ => ("configuration", kind),
    }
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "ipa: INFO: [jsonserver_session] admin@EXAMPLE.COM: user_add/1('eve', givenname='Eve', sn='E', version='2.254'): SUCCESS",
        expect: &[
            ("event.action", "user_add"),
            ("event.category", "iam"),
            ("event.outcome", "success"),
            ("event.type", "creation"),
            ("freeipa.entry", "eve"),
            ("freeipa.server", "jsonserver_session"),
            ("log.level", "INFO"),
            ("user.domain", "EXAMPLE.COM"),
            ("user.name", "admin"),
        ],
    },
    Example {
        raw: "ipa: INFO: [jsonserver_kerb] anna@EXAMPLE.COM: group_add_member('admins', user=('anna',)): ACIError",
        expect: &[
            ("error.code", "ACIError"),
            ("event.action", "group_add_member"),
            ("event.category", "iam"),
            ("event.outcome", "failure"),
            ("event.type", "change"),
            ("freeipa.entry", "admins"),
            ("freeipa.server", "jsonserver_kerb"),
            ("log.level", "INFO"),
            ("user.domain", "EXAMPLE.COM"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "ipa: INFO: [jsonserver_kerb] anna@EXAMPLE.COM: group_add_member", expect: &[] },
];
