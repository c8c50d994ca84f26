//! The lens: looks at every event, keeps the few that say something about patches, and counts the rest per host.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, LazyLock},
};

use aho_corasick::AhoCorasick;
use jiff::Timestamp;
use roundsman_ingest::{Event, Field, field};

use super::{
    activity::Template,
    fact::{Fact, MAX_QUOTE, Observation, Operation, PackageState, Quote, Unit},
};
use crate::alert::evidence_id;

/// Longest template of an error line.
const MAX_TEMPLATE: usize = 160;
/// Most templates noted per host between two absorptions.
const MAX_NEW_TEMPLATES: usize = 64;
/// Words that make a line an error where it names no level.
static COMPLAINTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build([" error", "failed", "failure", "fatal", "panic", "exception", "segfault", "[crit]", "[error]"])
        .expect("the words are fixed")
});
/// Options that make an apt run a rehearsal.
const REHEARSALS: &[&str] =
    &["--dry-run", "--simulate", "-s", "--just-print", "--no-act", "--recon", "--download-only"];
/// Logs that say what was installed, and so must not fall silent.
pub const UPDATE_LOGS: &[&str] = &["dpkg", "apt_history", "unattended_upgrades"];

/// Looks at events. Without state, shared by all workers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lens;

/// What the lens has seen, in order; merges of neighbours keep it.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    pub(super) observations: Vec<Observation>,
    pub(super) hosts: HashMap<Box<str>, Heard>,
}

/// What was heard of one host.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard {
    /// By minute of event time: records, errors, id of the first.
    pub minutes: BTreeMap<i64, (u64, u64, String)>,
    pub templates: BTreeMap<String, Template>,
    /// Newest receive time of logs that must come.
    pub logs: BTreeMap<&'static str, Timestamp>,
}

impl Findings {
    /// Adds what was seen after this.
    pub fn merge(&mut self, later: Findings) {
        self.observations.extend(later.observations);
        for (host, heard) in later.hosts {
            let known = self.hosts.entry(host).or_default();
            for (minute, (records, errors, sample)) in heard.minutes {
                let counts = known.minutes.entry(minute).or_insert((0, 0, sample));
                (counts.0, counts.1) = (counts.0 + records, counts.1 + errors);
            }
            for (template, seen) in heard.templates {
                match known.templates.get_mut(&template) {
                    Some(before) => before.merge(seen),
                    None => {
                        known.templates.insert(template, seen);
                    }
                }
            }
            known.logs.extend(heard.logs);
        }
    }

    /// Nothing was seen.
    pub fn is_empty(&self) -> bool {
        self.observations.is_empty() && self.hosts.is_empty()
    }
}

impl Lens {
    /// Notes what an event says about patches, and that its host is alive.
    pub fn look(&self, event: &Event, findings: &mut Findings) {
        let Some(host) = event.host() else { return };
        self.count(event, &host, findings);
        let quote = LazyLock::new(|| Arc::new(quote(event, &host)));
        let mut note = |fact: Fact| {
            let about = host.to_string();
            findings.observations.push(Observation { about, at: event.at(), quote: quote.clone(), fact });
        };
        match event.format_name() {
            "dpkg" => dpkg(event, &mut note),
            "apt_history" => {
                let at = time(event, "event.start").unwrap_or_else(|| event.at());
                if let Some(fact) = apt_history(event) {
                    findings.observations.push(Observation { about: host.to_string(), at, quote: quote.clone(), fact });
                }
            }
            "apt_term" => apt_term(event, &mut note),
            "unattended_upgrades" => unattended(event, &mut note),
            "kernel" => kernel(event, &mut note),
            "systemd" => systemd(event, &mut note),
            "logind" | "systemd_logind" => {
                if action(event) == "reboot" || message(event).starts_with("System is rebooting") {
                    note(Fact::Rebooting);
                }
            }
            _ => collectors(event, &host, &quote, findings),
        }
    }

    fn count(&self, event: &Event, host: &str, findings: &mut Findings) {
        if !findings.hosts.contains_key(host) {
            findings.hosts.insert(host.into(), Heard::default());
        }
        let Some(heard) = findings.hosts.get_mut(host) else { return };
        let at = event.at();
        let error = complains(event);
        let counts = heard.minutes.entry(at.as_second().div_euclid(60)).or_insert_with(|| (0, 0, id(event, host)));
        counts.0 += 1;
        counts.1 += u64::from(error);
        if let Some(log) = UPDATE_LOGS.iter().find(|log| **log == event.format_name()) {
            heard.logs.insert(log, event.received);
        }
        if error {
            let template = template(&message(event));
            let seen = Template::new(at, Arc::new(quote(event, host)));
            if let Some(known) = heard.templates.get_mut(&template) {
                known.merge(seen);
            } else if heard.templates.len() < MAX_NEW_TEMPLATES {
                heard.templates.insert(template, seen);
            }
        }
    }
}

fn id(event: &Event, host: &str) -> String {
    let source = event.origin.path.as_deref().unwrap_or("");
    evidence_id(host, source, &event.raw, event.time.unwrap_or(event.received))
}

fn quote(event: &Event, host: &str) -> Quote {
    let cut = &event.raw[..event.raw.len().min(MAX_QUOTE)];
    Quote {
        id: id(event, host),
        received: event.received,
        host: Some(host.to_owned()),
        trust: event.transport().trust(),
        raw: String::from_utf8_lossy(cut).into_owned(),
    }
}

fn text(event: &Event, of: Field) -> Option<String> {
    event.text(of).map(|t| t.into_owned()).filter(|t| !t.is_empty() && t != "<none>")
}

fn dynamic(event: &Event, name: &str) -> Option<String> {
    text(event, Field::intern(name)?)
}

fn time(event: &Event, name: &str) -> Option<Timestamp> {
    dynamic(event, name)?.parse().ok()
}

fn action(event: &Event) -> String {
    text(event, field::EVENT_ACTION).unwrap_or_default()
}

fn message(event: &Event) -> String {
    text(event, field::MESSAGE).unwrap_or_else(|| String::from_utf8_lossy(&event.raw).into_owned())
}

/// Whether a record is an error: by its level where it names one, else by its words.
fn complains(event: &Event) -> bool {
    if let Some(severity) = event.int(field::SYSLOG_SEVERITY_CODE) {
        return severity <= 3;
    }
    if let Some(level) = event.text(field::LOG_LEVEL) {
        let level = level.to_ascii_lowercase();
        return ["err", "crit", "fatal", "alert", "emerg", "panic"].iter().any(|l| level.starts_with(l));
    }
    COMPLAINTS.is_match(&*event.raw)
}

/// A line with what varies taken out: words that hold a digit, and what stands in quotes.
fn template(message: &str) -> String {
    let mut template = String::with_capacity(MAX_TEMPLATE);
    for word in message.split_whitespace() {
        if template.len() + word.len() + 1 > MAX_TEMPLATE {
            break;
        }
        let varies = word.bytes().any(|b| b.is_ascii_digit()) || word.contains(['"', '\'', '/', '@']);
        let word = if varies { "<*>" } else { word };
        if !template.is_empty() {
            template.push(' ');
        }
        template.push_str(word);
    }
    template
}

fn dpkg(event: &Event, note: &mut dyn FnMut(Fact)) {
    let (Some(package), action) = (text(event, field::PACKAGE_NAME), action(event)) else { return };
    let arch = text(event, field::PACKAGE_ARCHITECTURE).unwrap_or_default();
    let (old, new) = (text(event, field::PACKAGE_PREVIOUS_VERSION), text(event, field::PACKAGE_VERSION));
    match action.as_str() {
        "upgrade" | "install" => note(Fact::Begins(Operation { package, arch, old, new })),
        "status" => {
            let state = match text(event, field::PACKAGE_STATE).as_deref() {
                Some("installed") => PackageState::Installed,
                Some("half-configured" | "half-installed" | "unpacked") => PackageState::Partial,
                Some("not-installed" | "config-files") => PackageState::Removed,
                _ => return,
            };
            note(Fact::Status { package, arch, version: new, state });
        }
        _ => {}
    }
}

/// One transaction of apt. A rehearsal is none.
fn apt_history(event: &Event) -> Option<Fact> {
    let command = text(event, field::PROCESS_COMMAND_LINE);
    if command.as_deref().is_some_and(|c| c.split_whitespace().any(|word| REHEARSALS.contains(&word))) {
        return None;
    }
    let values = |of: Option<Field>| -> Vec<String> {
        of.map(|f| event.all(f).map(|v| event.value_text(v).unwrap_or_default().into_owned()).collect())
            .unwrap_or_default()
    };
    let verbs = values(Field::intern("apt.operation"));
    let names = values(Some(field::PACKAGE_NAME));
    let arches = values(Some(field::PACKAGE_ARCHITECTURE));
    let (new, old) = (values(Some(field::PACKAGE_VERSION)), values(Some(field::PACKAGE_PREVIOUS_VERSION)));
    let version = |of: &[String], i: usize| of.get(i).filter(|v| !v.is_empty() && *v != "<none>").cloned();
    let operations = names.into_iter().enumerate().map(|(i, package)| {
        let verb = verbs.get(i).map(|v| v.to_ascii_lowercase()).unwrap_or_default();
        let gone = matches!(verb.as_str(), "remove" | "purge");
        let (old, new) = (version(&old, i), version(&new, i));
        let (old, new) = if gone { (old.or(new), None) } else { (old, new) };
        Operation { package, arch: arches.get(i).cloned().unwrap_or_default(), old, new }
    });
    Some(Fact::Transaction {
        operations: operations.collect(),
        end: time(event, "event.end"),
        error: text(event, field::ERROR_MESSAGE),
        command,
    })
}

/// apt's terminal log: the words that stand before dpkg gives up on a package are the package's own.
fn apt_term(event: &Event, note: &mut dyn FnMut(Fact)) {
    let raw = String::from_utf8_lossy(&event.raw);
    let mut own: Vec<&str> = Vec::new();
    for line in raw.lines() {
        let line = line.rsplit('\r').next().unwrap_or(line).trim_end();
        if let Some(rest) = line.strip_prefix("dpkg: error processing package ") {
            let package = rest.split([' ', ':']).next().unwrap_or("").to_owned();
            note(Fact::Broken { package, words: own.join(" / ") });
            own.clear();
        } else if ["Setting up ", "Unpacking ", "Preparing to unpack ", "Log started:", "Processing triggers "]
            .iter()
            .any(|start| line.starts_with(start))
        {
            own.clear();
        } else if !line.is_empty() && !line.starts_with("(Reading database") {
            own.push(line);
        }
    }
}

/// unattended-upgrades says which package it holds back; "All upgrades installed" proves nothing.
fn unattended(event: &Event, note: &mut dyn FnMut(Fact)) {
    let message = message(event);
    if message.contains("Starting unattended upgrades script") {
        note(Fact::UpdaterStarts);
    } else if message.contains("--dry-run") {
        note(Fact::UpdaterPretends);
    } else if let Some(package) = held(&message) {
        note(Fact::Held { package });
    }
    if let Some((_, list)) = message.split_once("Initial blacklist: ") {
        for package in list.split_whitespace() {
            note(Fact::Held { package: package.to_owned() });
        }
    }
}

/// The package that a line of unattended-upgrades leaves as it is.
fn held(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("ackage ")?;
    let package = rest.split_whitespace().next()?;
    let signs = ["is marked to be held back", "has conffile prompt", "upgradable but fails to be marked"];
    signs.iter().any(|sign| rest.contains(sign)).then(|| package.to_owned())
}

/// Only the kernel's own lines count: an application can write "Linux version" too.
fn kernel(event: &Event, note: &mut dyn FnMut(Fact)) {
    let program = text(event, field::PROCESS_NAME).is_none_or(|p| p == "kernel");
    if !program || event.int(field::SYSLOG_FACILITY_CODE).is_some_and(|f| f != 0) {
        return;
    }
    match action(event).as_str() {
        "boot" => note(Fact::Boot { version: text(event, field::PACKAGE_VERSION) }),
        "oops" | "panic" | "oom" | "oom_kill" | "out_of_memory" | "machine_check" | "mce" => note(Fact::Crash),
        _ => {
            let message = message(event);
            let patched =
                message.split_once("livepatch: '").and_then(|(_, rest)| rest.split_once("': patching complete"));
            if let Some((name, _)) = patched {
                note(Fact::Livepatched { name: name.to_owned() });
            }
        }
    }
}

fn systemd(event: &Event, note: &mut dyn FnMut(Fact)) {
    let name = ["service.name", "systemd.unit", "roundsman.unit"].into_iter().find_map(|f| dynamic(event, f));
    let description = ["systemd.description", "service.description", "roundsman.unit_description"];
    let description = description.into_iter().find_map(|f| dynamic(event, f)).unwrap_or_default();
    let mut unit = Unit { name: name.unwrap_or_default(), description };
    if unit.description.is_empty() && !unit.name.is_empty() && !unit.name.contains('.') {
        unit = Unit { name: String::new(), description: unit.name };
    }
    if unit.name.ends_with(".scope") || unit.name.ends_with(".slice") || unit.description.starts_with("Session ") {
        return;
    }
    match action(event).as_str() {
        "startup_finished" => note(Fact::StartupFinished),
        _ if unit == Unit::default() => {}
        "unit_started" => note(Fact::Started { unit }),
        "unit_failed" => note(Fact::Failed { unit }),
        "unit_restart_scheduled" => {
            let message = message(event);
            let counter = message.rsplit("restart counter is at ").next().unwrap_or("");
            let restarts = counter.trim_end_matches(['.', ' ']).parse().unwrap_or(0);
            note(Fact::Looping { unit, restarts });
        }
        _ => {}
    }
}

/// Lines of the collectors that stand in for what no daemon logs.
fn collectors(event: &Event, host: &str, quote: &Arc<Quote>, findings: &mut Findings) {
    let Some(program) = text(event, field::PROCESS_NAME) else { return };
    let message = || message(event);
    let mut note = |about: &str, fact: Fact| {
        let about = about.to_owned();
        findings.observations.push(Observation { about, at: event.at(), quote: quote.clone(), fact });
    };
    match program.as_str() {
        "roundsman-probe" => {
            let message = message();
            let value = |key: &str| {
                message
                    .split_whitespace()
                    .find_map(|w| w.strip_prefix(key)?.strip_prefix('='))
                    .map(|v| v.trim_matches('"'))
            };
            let (Some(name), Some(result)) = (value("probe"), value("result")) else { return };
            let about = value("asset").unwrap_or(host);
            note(about, Fact::Probe { name: name.to_owned(), ok: result == "ok", own: about == host });
        }
        "roundsman-packages" => {
            let message = message();
            let mut words = message.split_whitespace();
            if let (Some(name), Some(version)) = (words.next(), words.next()) {
                let (package, arch) = name.split_once(':').unwrap_or((name, ""));
                let (package, arch, version) = (package.to_owned(), arch.to_owned(), version.to_owned());
                note(host, Fact::Listed { package, arch, version });
            }
        }
        "needrestart" => {
            let message = message();
            let Some((key, value)) = message.split_once(':') else { return };
            match (key.trim(), value.trim()) {
                ("NEEDRESTART-VER", _) => note(host, Fact::NeedsReport),
                ("NEEDRESTART-KSTA", "1" | "2" | "3") => note(host, Fact::NeedsKnown),
                ("NEEDRESTART-SVC", unit) => note(host, Fact::NeedsRestart { unit: unit.to_owned() }),
                _ => {}
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_leaves_out_what_varies() {
        let a = template("worker 17 failed to open /srv/a/b: \"no such file\" from 192.0.2.7");
        assert_eq!(a, template("worker 4711 failed to open /srv/c: \"no such file\" from 198.51.100.9"));
        assert!(template(&"x ".repeat(500)).len() <= MAX_TEMPLATE);
    }

    #[test]
    fn the_word_package_before_a_name_tells_what_is_held() {
        assert_eq!(held("Package libfoo2 is marked to be held back.").as_deref(), Some("libfoo2"));
        assert_eq!(
            held("package initrd-tool upgradable but fails to be marked for upgrade (E:Error)").as_deref(),
            Some("initrd-tool")
        );
        assert_eq!(held("Packages that will be upgraded: libfoo2"), None);
    }
}
