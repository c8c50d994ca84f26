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
/// Formats whose records may say something about a patch.
const TELLING: &[&str] = &[
    "dpkg",
    "apt_history",
    "apt_term",
    "unattended_upgrades",
    "kernel",
    "systemd",
    "systemd_logind",
    "needrestart",
    "roundsman_packages",
    "roundsman_probe",
];
/// Logs that say what was installed, and so must not fall silent.
pub(super) const UPDATE_LOGS: &[&str] = &["dpkg", "apt_history", "unattended_upgrades"];

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
        let format = event.format_name();
        if !TELLING.contains(&format) {
            return;
        }
        let mut about = (host.to_string(), event.at());
        let mut facts = Vec::new();
        let mut note = |fact: Fact| facts.push(fact);
        match format {
            "dpkg" => dpkg(event, &mut note),
            "apt_history" => {
                about.1 = time(event, field::EVENT_START).unwrap_or(about.1);
                facts.extend(apt_history(event));
            }
            "apt_term" => {
                about.1 = time(event, field::EVENT_END).unwrap_or(about.1);
                apt_term(event, &mut note);
            }
            "unattended_upgrades" => unattended(event, &mut note),
            "kernel" => kernel(event, &mut note),
            "systemd" => systemd(event, &mut note),
            "systemd_logind" if action(event) == "system_rebooting" => note(Fact::Rebooting),
            "needrestart" => needrestart(event, &mut note),
            "roundsman_packages" => packages(event, &mut note),
            "roundsman_probe" => {
                if let Some((asset, fact)) = probe(event, &host) {
                    about.0 = asset;
                    facts.push(fact);
                }
            }
            _ => {}
        }
        if facts.is_empty() {
            return;
        }
        let (quote, (about, at)) = (Arc::new(quote(event, &host)), about);
        let seen = facts.into_iter().map(|fact| Observation { about: about.clone(), at, quote: quote.clone(), fact });
        findings.observations.extend(seen);
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

fn values(event: &Event, of: Field) -> Vec<String> {
    event.all(of).map(|v| event.value_text(v).unwrap_or_default().into_owned()).collect()
}

fn time(event: &Event, of: Field) -> Option<Timestamp> {
    text(event, of)?.parse().ok()
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
    let verbs = values(event, field::APT_OPERATION);
    let names = values(event, field::PACKAGE_NAME);
    let arches = values(event, field::PACKAGE_ARCHITECTURE);
    let (new, old) = (values(event, field::PACKAGE_VERSION), values(event, field::PACKAGE_PREVIOUS_VERSION));
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
        end: time(event, field::EVENT_END),
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
    match action(event).as_str() {
        "started" => note(Fact::UpdaterStarts),
        "dry_run" => note(Fact::UpdaterPretends),
        "held_back" | "conffile_prompt" | "mark_failed" => {
            for package in values(event, field::PACKAGE_NAME) {
                note(Fact::Held { package });
            }
        }
        _ => {
            let message = message(event);
            let list = message.split_once("Initial blacklist: ").map_or("", |(_, list)| list);
            list.split_whitespace().for_each(|package| note(Fact::Held { package: package.to_owned() }));
        }
    }
}

/// Only the kernel's own lines count: an application can write "Linux version" too.
fn kernel(event: &Event, note: &mut dyn FnMut(Fact)) {
    let program = text(event, field::PROCESS_NAME).is_none_or(|p| p == "kernel");
    if !program || event.int(field::SYSLOG_FACILITY_CODE).is_some_and(|f| f != 0) {
        return;
    }
    match action(event).as_str() {
        "boot" => note(Fact::Boot { version: text(event, field::PACKAGE_VERSION) }),
        "kernel_panic" | "kernel_oops" | "kernel_lockup" | "oom_kill" | "hardware_error" => note(Fact::Crash),
        "livepatch_complete" => {
            if let Some(name) = text(event, field::PACKAGE_NAME) {
                note(Fact::Livepatched { name });
            }
        }
        _ => {}
    }
}

/// The service manager's own lines: what it started, what failed. A reload is no start.
fn systemd(event: &Event, note: &mut dyn FnMut(Fact)) {
    let action = action(event);
    if action == "startup_finished" {
        return note(Fact::StartupFinished);
    }
    let unit = Unit {
        name: text(event, field::SERVICE_NAME).unwrap_or_default(),
        description: text(event, field::SYSTEMD_DESCRIPTION).unwrap_or_default(),
    };
    // Sessions have a new name each; they are no services.
    if unit == Unit::default() || unit.name.ends_with(".scope") || unit.description.starts_with("Session ") {
        return;
    }
    match action.as_str() {
        "unit_started" => note(Fact::Started { unit }),
        "unit_failed" | "unit_start_failed" | "unit_start_limited" | "unit_oom_killed" => note(Fact::Failed { unit }),
        "unit_restart_scheduled" => {
            let restarts = event.int(field::SYSTEMD_RESTARTS).unwrap_or(0).clamp(0, i64::from(u32::MAX)) as u32;
            note(Fact::Looping { unit, restarts });
        }
        _ => {}
    }
}

/// A synthetic check; whoever reports it, it is about the asset that it names.
fn probe(event: &Event, host: &str) -> Option<(String, Fact)> {
    let name = text(event, field::PROBE_NAME)?;
    let ok = text(event, field::PROBE_RESULT)? == "ok";
    let about = text(event, field::ASSET).unwrap_or_else(|| host.to_owned());
    let own = about == host;
    Some((about, Fact::Probe { name, ok, own }))
}

/// What is installed, package by package.
fn packages(event: &Event, note: &mut dyn FnMut(Fact)) {
    let arches = values(event, field::PACKAGE_ARCHITECTURE);
    let versions = values(event, field::PACKAGE_VERSION);
    for ((package, arch), version) in values(event, field::PACKAGE_NAME).into_iter().zip(arches).zip(versions) {
        note(Fact::Listed { package, arch, version });
    }
}

/// needrestart's batch lines, one or several to a record.
fn needrestart(event: &Event, note: &mut dyn FnMut(Fact)) {
    if text(event, field::NEEDRESTART_VERSION).is_some() {
        note(Fact::NeedsReport);
    }
    if event.int(field::NEEDRESTART_KERNEL_STATUS).is_some_and(|status| status >= 1) {
        note(Fact::NeedsKnown);
    }
    for unit in values(event, field::SERVICE_NAME) {
        note(Fact::NeedsRestart { unit });
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
}
