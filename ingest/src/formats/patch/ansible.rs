//! Ansible's output.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{first_word, integer, reject, split},
};

/// Ansible: plays, tasks, what became of each host, the recap.
pub struct Ansible;

impl Format for Ansible {
    fn name(&self) -> &'static str {
        "ansible"
    }
    fn category(&self) -> &'static str {
        "patch"
    }
    fn product(&self) -> &'static str {
        "Ansible"
    }
    fn about(&self) -> &'static str {
        "lines of the default callback: play, task, result per host, recap (ansible.builtin.default callback)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "ansible", services: &["ansible"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["ansible", "ansible-playbook", "ansible-pull"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            "PLAY [",
            "PLAY RECAP",
            "TASK [",
            "RUNNING HANDLER [",
            "ok: [",
            "changed: [",
            "fatal: [",
            "failed: [",
            "skipping: [",
            "included: ",
            "rescued: [",
            "unreachable: [",
            "unreachable=",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        heading(message).is_some() || result(message).is_some() || recap(message).is_some() || included(message)
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = line.message;
        if let Some((host, failed, changed)) = recap(text) {
            event.replace(field::HOST_NAME, host);
            let kind = if changed { "change" } else { "info" };
            event.classify("configuration", kind, "recap", if failed { "failure" } else { "success" });
        } else if let Some((word, host)) = result(text) {
            event.replace(field::HOST_NAME, host);
            event.set(field::EVENT_ACTION, word);
            match word {
                b"ok" => event.classify("configuration", "info", "", "success"),
                b"changed" => event.classify("configuration", "change", "", "success"),
                b"fatal" | b"failed" | b"unreachable" => event.classify("configuration", "error", "", "failure"),
                _ => event.classify("configuration", "info", "", ""),
            }
        } else if let Some((word, name)) = heading(text) {
            event.set(if word.starts_with(b"PLAY") { field::ANSIBLE_PLAY } else { field::ANSIBLE_TASK }, name);
            event.classify("configuration", "info", "", "");
        } else if included(text) {
            event.classify("configuration", "info", "included", "");
        } else {
            return Err(reject("ansible_line"));
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// `TASK [Install openssl] ****`, `PLAY RECAP ***`
fn heading(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let words: [&[u8]; 4] = [b"PLAY", b"TASK", b"RUNNING HANDLER", b"PLAY RECAP"];
    let bare = text.trim_ascii_end();
    let stars = bare.iter().rev().take_while(|b| **b == b'*').count();
    let head = bare[..bare.len() - stars].trim_ascii_end();
    let word = words.iter().rev().find(|word| head.starts_with(word))?;
    let rest = head[word.len()..].trim_ascii_start();
    let name = rest.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]"));
    match name {
        Some(name) => Some((word, name)),
        None => (stars >= 3 && rest.is_empty()).then_some((*word, rest)),
    }
}

/// `changed: [web1]`, `fatal: [web1]: FAILED! => …`, `failed: [web1] (item=x) => …`, `ok: [web1 -> localhost]`
fn result(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (word, rest) = split(text, b": [")?;
    let known: [&[u8]; 8] =
        [b"ok", b"changed", b"fatal", b"failed", b"skipping", b"rescued", b"unreachable", b"ignored"];
    let (host, _) = split(rest, b"]").filter(|_| known.contains(&word))?;
    let host = split(host, b" -> ").map_or(host, |(host, _)| host);
    (!host.is_empty() && !host.contains(&b' ')).then_some((word, host))
}

fn included(text: &[u8]) -> bool {
    text.starts_with(b"included: ") && split(text, b" for ").is_some()
}

/// `web1 : ok=3 changed=1 unreachable=0 failed=0 …`: the host, whether it failed, whether it changed.
fn recap(text: &[u8]) -> Option<(&[u8], bool, bool)> {
    let (host, counts) = split(text, b" : ok=").map(|(host, counts)| (host.trim_ascii(), counts))?;
    let count = |name: &[u8]| split(counts, name).and_then(|(_, rest)| integer(first_word(rest).0.trim_ascii()));
    let (unreachable, failed) = (count(b"unreachable=")?, count(b"failed=")?);
    let whole = !host.is_empty() && !host.contains(&b' ');
    whole.then(|| (host, unreachable + failed > 0, count(b"changed=").is_some_and(|changed| changed > 0)))
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "PLAY [web servers] *************************************************************",
        expect: &[("ansible.play", "web servers"), ("event.category", "configuration"), ("event.type", "info")],
    },
    Example {
        raw: "TASK [Upgrade openssl] *********************************************************",
        expect: &[("ansible.task", "Upgrade openssl"), ("event.category", "configuration"), ("event.type", "info")],
    },
    Example {
        raw: "changed: [web1]",
        expect: &[
            ("event.action", "changed"),
            ("event.category", "configuration"),
            ("event.outcome", "success"),
            ("event.type", "change"),
            ("host.name", "web1"),
        ],
    },
    Example {
        raw: r#"fatal: [web2]: FAILED! => {"changed": false, "msg": "no package"}"#,
        expect: &[
            ("event.action", "fatal"),
            ("event.category", "configuration"),
            ("event.outcome", "failure"),
            ("event.type", "error"),
            ("host.name", "web2"),
        ],
    },
    Example {
        raw: "ok: [web1 -> localhost]",
        expect: &[
            ("event.action", "ok"),
            ("event.category", "configuration"),
            ("event.outcome", "success"),
            ("event.type", "info"),
            ("host.name", "web1"),
        ],
    },
    Example {
        raw: "web1                       : ok=3    changed=1    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0",
        expect: &[
            ("event.action", "recap"),
            ("event.category", "configuration"),
            ("event.outcome", "success"),
            ("event.type", "change"),
            ("host.name", "web1"),
        ],
    },
    Example {
        raw: "web2                       : ok=1    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0",
        expect: &[
            ("event.action", "recap"),
            ("event.category", "configuration"),
            ("event.outcome", "failure"),
            ("event.type", "info"),
            ("host.name", "web2"),
        ],
    },
    Example { raw: "changed: [two words]", expect: &[] },
];
