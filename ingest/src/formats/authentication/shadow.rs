//! Accounts and groups: the tools of shadow-utils.
//!
//! `user.target.name` is the account that was changed. `user.name` is who did it, where the line says so, else the
//! account itself.

use crate::formats::{Example, Format, LogSource, Reject};
use crate::{
    Event,
    envelope::Line,
    field,
    scan::{first_word, reject, set_some, set_source, split},
};

/// useradd, usermod, userdel, groupadd, groupmod, groupdel, passwd, chage, gpasswd, chfn, chsh, login.
pub struct Shadow;

impl Format for Shadow {
    fn name(&self) -> &'static str {
        "shadow"
    }
    fn category(&self) -> &'static str {
        "authentication"
    }
    fn product(&self) -> &'static str {
        "shadow-utils"
    }
    fn about(&self) -> &'static str {
        "Changes of accounts and groups, and login (shadow-utils src/*.c; util-linux login.c)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["auth", "shadow"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &[
            "useradd", "usermod", "userdel", "groupadd", "groupmod", "groupdel", "passwd", "chage", "gpasswd", "chfn",
            "chsh", "chpasswd", "newusers", "login", "adduser", "deluser",
        ]
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = line.message;
        match first_word(text).0 {
            b"new" | b"group" => added(text, event),
            b"add" | b"delete" => membership(text, event),
            b"change" | b"lock" | b"unlock" => user_changed(text, event),
            b"changed" => changed(text, event),
            b"removed" => removed(text, event),
            b"password" => password(text, event),
            b"user" | b"members" => by_group_admin(text, event),
            b"FAILED" | b"ROOT" | b"LOGIN" | b"DIALUP" => login(text, event),
            b"failed" => failed(text, event),
            _ => None,
        }
        .ok_or(reject("shadow_message"))
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// The text between the first pair of single quotes, and what follows.
fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (_, rest) = split(text, b"'")?;
    split(rest, b"'")
}

fn target<'r>(name: &'r [u8], event: &mut Event<'r>) {
    event.set(field::USER_NAME, name);
    event.set(field::USER_TARGET_NAME, name);
}

/// The value of `key=` in a list with commas.
fn value<'r>(list: &'r [u8], key: &[u8]) -> &'r [u8] {
    list.split(|b| *b == b',')
        .find_map(|pair| pair.trim_ascii().strip_prefix(key)?.strip_prefix(b"="))
        .unwrap_or_default()
}

/// `new user: name=…, UID=…`, `new group: name=…`, `group added to /etc/group: name=…`, `group 'x' removed`,
/// `group changed in …`
fn added<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    if let Some(list) = text.strip_prefix(b"new user: ") {
        target(value(list, b"name"), event);
        set_some(event, field::USER_TARGET_ID, value(list, b"UID"));
        set_some(event, field::GROUP_ID, value(list, b"GID"));
        set_some(event, field::SHADOW_HOME, value(list, b"home"));
        set_some(event, field::SHADOW_SHELL, value(list, b"shell"));
        set_some(event, field::PROCESS_TTY, without_dev(value(list, b"from")));
        return classified("creation", "user_created", event);
    }
    if text.starts_with(b"group changed in ") {
        let (_, rest) = split(text, b"(group ")?;
        event.set(field::GROUP_NAME, split(rest, b"/").map_or(rest, |(name, _)| name));
        return classified("change", "group_changed", event);
    }
    if let Some((name, rest)) = text.strip_prefix(b"group '").and_then(|rest| split(rest, b"'")) {
        event.set(field::GROUP_NAME, name);
        return rest
            .starts_with(b" removed")
            .then_some(())
            .and_then(|()| classified("deletion", "group_deleted", event));
    }
    let (_, list) = split(text, b": ")?;
    event.set(field::GROUP_NAME, value(list, b"name"));
    set_some(event, field::GROUP_ID, value(list, b"GID"));
    classified("creation", "group_created", event)
}

fn without_dev(tty: &[u8]) -> &[u8] {
    tty.strip_prefix(b"/dev/").unwrap_or(tty)
}

fn classified(kind: &'static str, action: &'static str, event: &mut Event<'_>) -> Option<()> {
    event.classify("iam", kind, action, "success");
    Some(())
}

/// `add 'bob' to [shadow ]group 'sudo'`, `delete 'bob' from [shadow ]group 'sudo'`, `delete user 'bob'`
fn membership<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (name, rest) = quoted(text)?;
    target(name, event);
    if text.starts_with(b"delete user") {
        return classified("deletion", "user_deleted", event);
    }
    let (group, _) = quoted(rest)?;
    event.set(field::GROUP_NAME, group);
    let added = text.starts_with(b"add");
    classified("change", if added { "user_added_to_group" } else { "user_removed_from_group" }, event)
}

/// `change user 'bob' shell from '…' to '…'`, `change user name 'a' to 'b'`, `lock user 'bob' password`
fn user_changed<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (name, rest) = quoted(text)?;
    target(name, event);
    if text.starts_with(b"change user name") {
        event.set(field::USER_CHANGES_NAME, quoted(rest)?.0);
        return classified("change", "user_renamed", event);
    }
    let (what, values) = first_word(rest.trim_ascii_start());
    event.set(field::EVENT_REASON, what);
    let action = match (first_word(text).0, what) {
        (b"lock", _) => "user_locked",
        (b"unlock", _) => "user_unlocked",
        (_, b"password") => "password_changed",
        _ => "user_changed",
    };
    if let Some((before, rest)) = quoted(values) {
        event.set(field::SHADOW_BEFORE, before);
        set_some(event, field::SHADOW_AFTER, quoted(rest).map_or(b"", |(after, _)| after));
    }
    classified("change", action, event)
}

/// `changed password expiry for bob`, `changed user 'bob' shell to '…'`
fn changed<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    if let Some(name) = text.strip_prefix(b"changed password expiry for ") {
        target(name, event);
        return classified("change", "password_expiry_changed", event);
    }
    target(quoted(text)?.0, event);
    classified("change", "user_changed", event)
}

/// `removed group 'bob' owned by 'bob'`
fn removed<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    event.set(field::GROUP_NAME, quoted(text)?.0);
    classified("deletion", "group_deleted", event)
}

/// `password for 'bob' changed by 'root'`
fn password<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (name, rest) = quoted(text)?;
    let by = rest.strip_prefix(b" changed by ")?;
    event.set(field::USER_NAME, quoted(by).map_or(by, |(by, _)| by));
    event.set(field::USER_TARGET_NAME, name);
    classified("change", "password_changed", event)
}

/// gpasswd: `user bob added by root to group sudo`, `members of group ops set by root to ada,bob`
fn by_group_admin<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    if let Some(rest) = text.strip_prefix(b"members of group ") {
        let (group, rest) = split(rest, b" set by ")?;
        event.set(field::GROUP_NAME, group);
        event.set(field::USER_NAME, first_word(rest).0);
        return classified("change", "group_members_set", event);
    }
    let rest = text.strip_prefix(b"user ")?;
    let (name, rest) = first_word(rest);
    let (verb, rest) = first_word(rest);
    let (by, rest) = split(rest.strip_prefix(b"by ")?, b" ")?;
    let (_, group) = split(rest, b"group ")?;
    event.set(field::USER_NAME, by);
    event.set(field::USER_TARGET_NAME, name);
    event.set(field::GROUP_NAME, group);
    classified("change", if verb == b"added" { "user_added_to_group" } else { "user_removed_from_group" }, event)
}

/// `FAILED LOGIN (1) on '/dev/tty1' FOR 'bob', …`, `FAILED LOGIN 1 FROM tty1 FOR bob, …`, `ROOT LOGIN  on '/dev/tty1'`,
/// `LOGIN ON tty1 BY ada`
fn login<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let failed = text.starts_with(b"FAILED LOGIN");
    let tty = |place: &'r [u8]| quoted(place).map_or(first_word(place).0, |(tty, _)| tty);
    if let Some((_, place)) = split(text, b" on ").or_else(|| split(text, b" ON ")) {
        event.set(field::PROCESS_TTY, without_dev(tty(place)));
    } else if let Some((_, host)) = split(text, b" FROM ") {
        set_source(event, tty(host));
    }
    let named = split(text, b" FOR ").or_else(|| split(text, b" BY "));
    match named {
        Some((_, name)) if name.starts_with(b"'") => event.set(field::USER_NAME, quoted(name)?.0),
        Some((_, name)) => event.set(field::USER_NAME, split(name, b",").map_or(first_word(name).0, |(name, _)| name)),
        None if text.starts_with(b"ROOT LOGIN") => event.set_static(field::USER_NAME, "root"),
        None => return None,
    }
    let kind = if failed { "info" } else { "start" };
    event.classify("authentication", kind, "login", if failed { "failure" } else { "success" });
    Some(())
}

/// `failed adding user 'bob', exit code: 9`, `failed login …`
fn failed<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    target(quoted(text)?.0, event);
    event.set(field::EVENT_REASON, text);
    event.classify("iam", "info", "user_change_failed", "failure");
    Some(())
}

const EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 03:31:00 web1 useradd[700]: new user: name=kim, UID=1003, GID=1003, home=/home/kim, shell=/bin/bash, from=/dev/pts/0",
        expect: &[
            ("user.name", "kim"),
            ("user.target.name", "kim"),
            ("user.target.id", "1003"),
            ("group.id", "1003"),
            ("shadow.home", "/home/kim"),
            ("shadow.shell", "/bin/bash"),
            ("process.tty.name", "pts/0"),
            ("event.category", "iam"),
            ("event.type", "creation"),
            ("event.action", "user_created"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:01 web1 useradd[700]: new group: name=kim, GID=1003",
        expect: &[
            ("group.name", "kim"),
            ("group.id", "1003"),
            ("event.category", "iam"),
            ("event.type", "creation"),
            ("event.action", "group_created"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:02 web1 usermod[701]: add 'kim' to group 'sudo'",
        expect: &[
            ("user.name", "kim"),
            ("user.target.name", "kim"),
            ("group.name", "sudo"),
            ("event.category", "iam"),
            ("event.type", "change"),
            ("event.action", "user_added_to_group"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:03 web1 usermod[702]: change user 'kim' shell from '/bin/bash' to '/bin/zsh'",
        expect: &[
            ("user.name", "kim"),
            ("user.target.name", "kim"),
            ("event.reason", "shell"),
            ("shadow.before", "/bin/bash"),
            ("shadow.after", "/bin/zsh"),
            ("event.category", "iam"),
            ("event.type", "change"),
            ("event.action", "user_changed"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:04 web1 usermod[703]: lock user 'kim' password",
        expect: &[
            ("user.name", "kim"),
            ("user.target.name", "kim"),
            ("event.reason", "password"),
            ("event.category", "iam"),
            ("event.type", "change"),
            ("event.action", "user_locked"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:05 web1 usermod[704]: change user name 'kim' to 'kimberly'",
        expect: &[
            ("user.name", "kim"),
            ("user.target.name", "kim"),
            ("user.changes.name", "kimberly"),
            ("event.category", "iam"),
            ("event.type", "change"),
            ("event.action", "user_renamed"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:06 web1 userdel[705]: delete user 'kim'",
        expect: &[
            ("user.name", "kim"),
            ("user.target.name", "kim"),
            ("event.category", "iam"),
            ("event.type", "deletion"),
            ("event.action", "user_deleted"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:07 web1 userdel[705]: delete 'kim' from group 'sudo'",
        expect: &[
            ("user.name", "kim"),
            ("user.target.name", "kim"),
            ("group.name", "sudo"),
            ("event.category", "iam"),
            ("event.type", "change"),
            ("event.action", "user_removed_from_group"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:08 web1 userdel[705]: removed group 'kim' owned by 'kim'",
        expect: &[
            ("group.name", "kim"),
            ("event.category", "iam"),
            ("event.type", "deletion"),
            ("event.action", "group_deleted"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:09 web1 groupadd[706]: group added to /etc/group: name=ops, GID=1004",
        expect: &[
            ("group.name", "ops"),
            ("group.id", "1004"),
            ("event.category", "iam"),
            ("event.type", "creation"),
            ("event.action", "group_created"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:10 web1 groupdel[707]: group 'ops' removed",
        expect: &[
            ("group.name", "ops"),
            ("event.category", "iam"),
            ("event.type", "deletion"),
            ("event.action", "group_deleted"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:11 web1 passwd[708]: password for 'kim' changed by 'root'",
        expect: &[
            ("user.name", "root"),
            ("user.target.name", "kim"),
            ("event.category", "iam"),
            ("event.type", "change"),
            ("event.action", "password_changed"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:12 web1 chage[709]: changed password expiry for kim",
        expect: &[
            ("user.name", "kim"),
            ("user.target.name", "kim"),
            ("event.category", "iam"),
            ("event.type", "change"),
            ("event.action", "password_expiry_changed"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:13 web1 gpasswd[710]: user kim added by root to group adm",
        expect: &[
            ("user.name", "root"),
            ("user.target.name", "kim"),
            ("group.name", "adm"),
            ("event.category", "iam"),
            ("event.type", "change"),
            ("event.action", "user_added_to_group"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:14 web1 login[711]: FAILED LOGIN (1) on '/dev/tty1' FOR 'kim', Authentication failure",
        expect: &[
            ("process.tty.name", "tty1"),
            ("user.name", "kim"),
            ("event.category", "authentication"),
            ("event.type", "info"),
            ("event.action", "login"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:15 web1 login[712]: ROOT LOGIN  on '/dev/tty1'",
        expect: &[
            ("process.tty.name", "tty1"),
            ("user.name", "root"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.action", "login"),
            ("event.outcome", "success"),
        ],
    },
    Example {
        raw: "Nov 22 03:31:16 web1 useradd[713]: failed adding user 'kim', exit code: 9",
        expect: &[
            ("user.name", "kim"),
            ("user.target.name", "kim"),
            ("event.reason", "failed adding user 'kim', exit code: 9"),
            ("event.category", "iam"),
            ("event.type", "info"),
            ("event.action", "user_change_failed"),
            ("event.outcome", "failure"),
        ],
    },
    Example { raw: "Nov 22 03:31:17 web1 useradd[714]: hello", expect: &[] },
];
