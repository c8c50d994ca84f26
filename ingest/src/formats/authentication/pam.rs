//! PAM modules. They write under the name of the program that called them.

use memchr::memmem;

use crate::formats::{Example, Format, LogSource, Reject, Structure};
use crate::{
    Event,
    envelope::Line,
    field,
    scan::{first_word, reject, rsplit, set_number, set_some, set_source, split},
};

/// PAM: `pam_unix(sshd:auth): authentication failure; …`, sessions, and what other modules refuse.
pub struct Pam;

impl Format for Pam {
    fn name(&self) -> &'static str {
        "pam"
    }
    fn category(&self) -> &'static str {
        "authentication"
    }
    fn product(&self) -> &'static str {
        "Linux-PAM"
    }
    fn about(&self) -> &'static str {
        "Messages of PAM modules under any program (pam_syslog(3); pam_unix, pam_faillock, pam_sss, pam_access, …)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["auth"] }
    }
    fn structure(&self) -> Structure {
        Structure::Begins(&["pam_", "(pam_unix) ", "PAM "])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        message.starts_with(b"pam_")
            || message.starts_with(b"(pam_unix) ")
            || message.starts_with(b"PAM ") && memmem::find(message, b"authentication failure").is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let (service, text) = opening(line, event).ok_or(reject("pam_module"))?;
        event.logsource.services = services(service);
        set_some(event, field::PAM_SERVICE, service);
        if line.program.is_none() {
            set_some(event, field::PROCESS_NAME, service);
        }
        read(service, text, event)
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `module(service:type): `, the older tag `sshd(pam_unix)`, or `PAM N more …`. Returns service and text.
fn opening<'r>(line: &Line<'r>, event: &mut Event<'r>) -> Option<(&'r [u8], &'r [u8])> {
    let message = line.message;
    if message.starts_with(b"pam_") {
        let (head, text) = split(message, b": ")?;
        let (module, inner) = split(head, b"(").unwrap_or((head, b""));
        event.set(field::PAM_MODULE, module);
        let inner = inner.strip_suffix(b")").unwrap_or(inner);
        return Some((split(inner, b":").map_or(inner, |(service, _)| service), text));
    }
    let program = line.program.unwrap_or_default();
    if let Some(text) = message.strip_prefix(b"(pam_unix) ") {
        event.set_static(field::PAM_MODULE, "pam_unix");
        return Some((program, text));
    }
    match split(program, b"(") {
        Some((service, module)) => {
            event.set(field::PAM_MODULE, module.strip_suffix(b")").unwrap_or(module));
            Some((service, message))
        }
        None => Some((program, message.strip_prefix(b"PAM ")?)),
    }
}

/// Sigma's services of what called PAM.
fn services(service: &[u8]) -> &'static [&'static str] {
    match service {
        b"sshd" => &["auth", "sshd"],
        b"sudo" | b"sudo-i" => &["auth", "sudo"],
        b"cron" | b"crond" => &["auth", "cron"],
        b"vsftpd" => &["auth", "vsftpd"],
        _ => &["auth"],
    }
}

fn read<'r>(service: &[u8], text: &'r [u8], event: &mut Event<'r>) -> Result<(), Reject> {
    if let Some((_, pairs)) =
        split(text, b"authentication failure; ").or_else(|| split(text, b"authentication failures; "))
    {
        caller(pairs, event);
        failure("authentication_failure", event);
    } else if let Some((_, pairs)) = split(text, b"authentication success; ") {
        caller(pairs, event);
        event.classify("authentication", "start", "authentication_success", "success");
    } else if let Some(rest) = text.strip_prefix(b"session opened for user ") {
        opened(service, rest, event);
    } else if let Some(user) = text.strip_prefix(b"session closed for user ") {
        event.set(field::USER_NAME, user);
        event.classify("session", "end", "session_closed", "");
    } else if text == b"check pass; user unknown" {
        failure("user_unknown", event);
    } else if let Some(user) = text.strip_prefix(b"password changed for ") {
        event.set(field::USER_NAME, user);
        event.classify("iam", "change", "password_changed", "success");
    } else {
        refusals(text, event);
    }
    Ok(())
}

fn failure(action: &'static str, event: &mut Event<'_>) {
    event.classify("authentication", "info", action, "failure");
}

/// `logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=NAME`. The name is last and an outsider's; `ruser` can be
/// one, too, so a second ` rhost=` is believed only where `ruser` is empty.
fn caller<'r>(pairs: &'r [u8], event: &mut Event<'r>) {
    let Some((before, rest)) = split(pairs, b"rhost=") else { return };
    let (host, rest) = first_word(rest);
    let forged = memmem::find(rest, b"rhost=").is_some() && !before.ends_with(b"ruser= ");
    if !forged {
        set_source(event, host);
    }
    if let Some(user) = rest.trim_ascii_start().strip_prefix(b"user=") {
        set_some(event, field::USER_NAME, user);
    }
    if let Some((_, tty)) = split(before, b" tty=") {
        set_some(event, field::PROCESS_TTY, first_word(tty).0);
    }
}

/// `NAME[(uid=N)] by [NAME](uid=N)`. Who became another user acts; in any other session the user does.
fn opened<'r>(service: &[u8], text: &'r [u8], event: &mut Event<'r>) {
    let (user, by) = rsplit(text, b" by ").unwrap_or((text, b""));
    let (user, uid) = name_and_uid(user);
    let (by, _) = name_and_uid(by);
    let switches = matches!(
        service,
        b"sudo" | b"sudo-i" | b"su" | b"su-l" | b"runuser" | b"runuser-l" | b"pkexec" | b"polkit-1" | b"doas"
    );
    if switches && !by.is_empty() {
        event.set(field::USER_NAME, by);
        event.set(field::USER_EFFECTIVE_NAME, user);
        set_some(event, field::USER_EFFECTIVE_ID, uid);
    } else {
        event.set(field::USER_NAME, user);
        set_some(event, field::USER_ID, uid);
    }
    event.classify("session", "start", "session_opened", "success");
}

fn name_and_uid(text: &[u8]) -> (&[u8], &[u8]) {
    match rsplit(text, b"(uid=") {
        Some((name, uid)) => (name, uid.strip_suffix(b")").unwrap_or(uid)),
        None => (text, b""),
    }
}

/// What other modules say when they refuse; anything else is kept as a message of PAM's.
fn refusals<'r>(text: &'r [u8], event: &mut Event<'r>) {
    event.set(field::EVENT_REASON, text);
    if let Some(rest) = text.strip_prefix(b"Consecutive login failures for user ") {
        event.set(field::USER_NAME, split(rest, b" account ").map_or(rest, |(user, _)| user));
        failure("account_locked", event);
    } else if let Some((user, tally)) = text.strip_prefix(b"user ").and_then(|rest| split(rest, b" tally ")) {
        event.set(field::USER_NAME, rsplit(user, b" (").map_or(user, |(name, _)| name));
        set_number(event, field::EVENT_REPEATED, split(tally, b",").map_or(tally, |(n, _)| n));
        failure("account_locked", event);
    } else if let Some((user, _)) = text.strip_prefix(b"received for user ").and_then(|rest| rsplit(rest, b": ")) {
        event.set(field::USER_NAME, user);
        failure("authentication_failure", event);
    } else if let Some((_, user)) = rsplit(text, b" not met by user ") {
        event.set(field::USER_NAME, unquoted(user));
        event.classify("authentication", "denied", "requirement_not_met", "failure");
    } else if let Some((user, host)) =
        text.strip_prefix(b"access denied for user ").and_then(|rest| rsplit(rest, b" from "))
    {
        event.set(field::USER_NAME, unquoted(user));
        set_source(event, unquoted(host));
        event.classify("authentication", "denied", "access_denied", "failure");
    } else if let Some((user, _)) = text.strip_prefix(b"account ").and_then(|rest| split(rest, b" has expired")) {
        event.set(field::USER_NAME, user);
        event.classify("authentication", "denied", "account_expired", "failure");
    } else if let Some(rest) = text.strip_prefix(b"expired password for user ") {
        event.set(field::USER_NAME, first_word(rest).0);
        event.classify("authentication", "info", "password_expired", "");
    } else if let Some(rest) = text.strip_prefix(b"auth could not identify password for [") {
        event.set(field::USER_NAME, rest.strip_suffix(b"]").unwrap_or(rest));
        failure("authentication_failure", event);
    } else if text == b"conversation failed" {
        failure("authentication_failure", event);
    } else {
        event.classify("authentication", "info", "pam_message", "");
    }
}

/// Without the quotes of either kind that modules put around names.
fn unquoted(text: &[u8]) -> &[u8] {
    let quote = |b: &u8| matches!(b, b'"' | b'\'' | b'`');
    match text {
        [first, inner @ .., last] if quote(first) && quote(last) => inner,
        _ => text,
    }
}

const EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 03:12:00 web1 sshd[4711]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.7  user=root",
        expect: &[
            ("pam.module", "pam_unix"),
            ("pam.service", "sshd"),
            ("source.address", "203.0.113.7"),
            ("source.ip", "203.0.113.7"),
            ("user.name", "root"),
            ("process.tty.name", "ssh"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("event.action", "authentication_failure"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:01 web1 sshd[4711]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.7  user=x rhost=192.0.2.1",
        expect: &[
            ("pam.module", "pam_unix"),
            ("pam.service", "sshd"),
            ("source.address", "203.0.113.7"),
            ("source.ip", "203.0.113.7"),
            ("user.name", "x rhost=192.0.2.1"),
            ("process.tty.name", "ssh"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("event.action", "authentication_failure"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:01 web1 vsftpd[4711]: pam_unix(vsftpd:auth): authentication failure; logname= uid=0 euid=0 tty=ftp ruser=a rhost=192.0.2.1 rhost=203.0.113.7",
        expect: &[
            ("pam.module", "pam_unix"),
            ("pam.service", "vsftpd"),
            ("process.tty.name", "ftp"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("event.action", "authentication_failure"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:02 web1 sshd[4712]: PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=relay.example.net",
        expect: &[
            ("pam.service", "sshd"),
            ("source.address", "relay.example.net"),
            ("source.domain", "relay.example.net"),
            ("process.tty.name", "ssh"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("event.action", "authentication_failure"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:03 web1 sshd[4713]: pam_unix(sshd:session): session opened for user ada(uid=1000) by (uid=0)",
        expect: &[
            ("pam.module", "pam_unix"),
            ("pam.service", "sshd"),
            ("user.name", "ada"),
            ("user.id", "1000"),
            ("event.category", "session"),
            ("event.type", "start"),
            ("event.action", "session_opened"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:04 web1 sudo: pam_unix(sudo:session): session opened for user root(uid=0) by ada(uid=1000)",
        expect: &[
            ("pam.module", "pam_unix"),
            ("pam.service", "sudo"),
            ("user.name", "ada"),
            ("user.effective.name", "root"),
            ("user.effective.id", "0"),
            ("event.category", "session"),
            ("event.type", "start"),
            ("event.action", "session_opened"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:05 web1 CRON[4714]: pam_unix(cron:session): session closed for user root",
        expect: &[
            ("pam.module", "pam_unix"),
            ("pam.service", "cron"),
            ("user.name", "root"),
            ("event.category", "session"),
            ("event.type", "end"),
            ("event.action", "session_closed"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:06 old1 sshd(pam_unix)[4715]: session opened for user ada by (uid=0)",
        expect: &[
            ("pam.module", "pam_unix"),
            ("pam.service", "sshd"),
            ("user.name", "ada"),
            ("event.category", "session"),
            ("event.type", "start"),
            ("event.action", "session_opened"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:07 old1 su(pam_unix)[4716]: authentication failure; logname=ada uid=1000 euid=0 tty=pts/0 ruser=ada rhost=  user=root",
        expect: &[
            ("pam.module", "pam_unix"),
            ("pam.service", "su"),
            ("user.name", "root"),
            ("process.tty.name", "pts/0"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("event.action", "authentication_failure"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:08 web1 sshd[4717]: pam_unix(sshd:auth): check pass; user unknown",
        expect: &[
            ("pam.module", "pam_unix"),
            ("pam.service", "sshd"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("event.action", "user_unknown"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:09 web1 passwd[4718]: pam_unix(passwd:chauthtok): password changed for ada",
        expect: &[
            ("pam.module", "pam_unix"),
            ("pam.service", "passwd"),
            ("user.name", "ada"),
            ("event.category", "iam"),
            ("event.type", "change"),
            ("event.action", "password_changed"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:10 web1 sshd[4719]: pam_faillock(sshd:auth): Consecutive login failures for user bob account temporarily locked",
        expect: &[
            ("pam.module", "pam_faillock"),
            ("pam.service", "sshd"),
            ("event.reason", "Consecutive login failures for user bob account temporarily locked"),
            ("user.name", "bob"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("event.action", "account_locked"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:11 web1 sshd[4720]: pam_sss(sshd:auth): received for user bob: 7 (Authentication failure)",
        expect: &[
            ("pam.module", "pam_sss"),
            ("pam.service", "sshd"),
            ("event.reason", "received for user bob: 7 (Authentication failure)"),
            ("user.name", "bob"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("event.action", "authentication_failure"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:12 web1 login[4721]: pam_access(login:account): access denied for user `guest' from `tty1'",
        expect: &[
            ("pam.module", "pam_access"),
            ("pam.service", "login"),
            ("event.reason", "access denied for user `guest' from `tty1'"),
            ("user.name", "guest"),
            ("source.address", "tty1"),
            ("source.domain", "tty1"),
            ("event.category", "authentication"),
            ("event.type", "denied"),
            ("event.action", "access_denied"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:13 web1 sshd[4722]: pam_unix(sshd:account): account kim has expired (account expired)",
        expect: &[
            ("pam.module", "pam_unix"),
            ("pam.service", "sshd"),
            ("event.reason", "account kim has expired (account expired)"),
            ("user.name", "kim"),
            ("event.category", "authentication"),
            ("event.type", "denied"),
            ("event.action", "account_expired"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:14 web1 systemd[4723]: pam_unix(systemd-user:session): session opened for user ada(uid=1000) by ada(uid=0)",
        expect: &[
            ("pam.module", "pam_unix"),
            ("pam.service", "systemd-user"),
            ("user.name", "ada"),
            ("user.id", "1000"),
            ("event.category", "session"),
            ("event.type", "start"),
            ("event.action", "session_opened"),
            ("event.outcome", "success"),
        ],
    },
    Example { raw: "Nov 22 03:12:15 web1 sshd[4724]: pam_unix authentication failure", expect: &[] },
    Example {
        raw: "Nov 22 03:12:16 old1 sshd[4725]: (pam_unix) authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=relay.example.net  user=root",
        expect: &[
            ("pam.module", "pam_unix"),
            ("pam.service", "sshd"),
            ("source.address", "relay.example.net"),
            ("source.domain", "relay.example.net"),
            ("user.name", "root"),
            ("process.tty.name", "ssh"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("event.action", "authentication_failure"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "pam_unix(sshd:session): session closed for user ada",
        expect: &[
            ("pam.module", "pam_unix"),
            ("pam.service", "sshd"),
            ("user.name", "ada"),
            ("event.category", "session"),
            ("event.type", "end"),
            ("event.action", "session_closed"),
        ],
    },
];
