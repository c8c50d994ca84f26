//! What no single setting can know: whether they fit together.

use std::path::Path;

use jiff::tz::TimeZone;
use roundsman_ingest::source::tls::TlsConfig;
use roundsman_rules::Problem;
use roundsman_sinks::channels::Surroundings;

use crate::{
    Config,
    tree::{Node, Place, Step, Value},
};

/// Days as `[digest] weekly` writes them.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Checks across the settings.
pub(crate) fn validate(config: &mut Config, root: &Node, problems: &mut Vec<Problem>) {
    config.later = sources(config, root, problems);
    store(config, root, problems);
    channels(config, root, problems);
    digest(config, root, problems);
}

fn store(config: &mut Config, root: &Node, problems: &mut Vec<Problem>) {
    let at = place(root, &["store", "url"]);
    match config.store.url.split_once(':') {
        Some(("sqlite", _)) => {}
        Some(("postgres" | "postgresql", _)) => {
            config.later.push(at.problem("a store in PostgreSQL comes with a later version", "use `sqlite:FILE`"));
        }
        _ => problems.push(at.problem(format!("unknown store `{}`", config.store.url), "use `sqlite:FILE`")),
    }
}

/// Gives back what keeps `run` alone from starting: sources that this version has not yet, certificates that cannot be
/// read from here.
fn sources(config: &Config, root: &Node, problems: &mut Vec<Problem>) -> Vec<Problem> {
    let mut later = Vec::new();
    for (i, source) in config.sources.iter().enumerate() {
        let at = place_of_item(root, "source", i);
        // a table that could not be read was told already, and is missing here
        let table = root.find(&[Step::Key("source".into()), Step::Index(i)]).map(|node| &node.value);
        let unread = matches!(table, Some(Value::Table(table)) if table.dropped.iter().any(|key| key == "tls"));
        if let Err(error) = source.check() {
            if !unread {
                problems.push(at.problem(error.to_string(), ""));
            }
        } else if !source.is_built() {
            let what = format!("source type `{}` comes with a later version", source.kind());
            later.push(at.problem(what, "until then forward with rsyslog or syslog-ng to a `syslog` source"));
        }
        if let Some(Err(error)) = source.tls().map(TlsConfig::check) {
            let path = ["tls", error.setting].map(|key| Step::Key(key.into()));
            let path = [&[Step::Key("source".into()), Step::Index(i)], &path[..]].concat();
            let at = root.find(&path).map_or(at, |node| node.at.clone());
            later.push(at.problem(format!("`source.tls.{}`: {}", error.setting, error.what), error.help));
        }
    }
    later
}

fn channels(config: &Config, root: &Node, problems: &mut Vec<Problem>) {
    let names: Vec<&str> = config.channels.iter().map(|c| &*c.name).collect();
    for (i, name) in names.iter().enumerate() {
        if names[..i].contains(name) {
            let at = place_of_item(root, "channel", i);
            problems.push(at.problem(format!("there are two channels named `{name}`"), "give each a name of its own"));
        }
    }
    let around = Surroundings::default();
    for (i, channel) in config.channels.iter().enumerate() {
        if let Err(error) = channel.kind.open(&channel.name, &around) {
            problems.push(place_of_item(root, "channel", i).problem(error.to_string(), ""));
        }
    }
    for (i, archive) in config.archives.iter().enumerate() {
        if let Err(error) = archive.open(Path::new("")) {
            problems.push(place_of_item(root, "archive", i).problem(error.to_string(), ""));
        }
    }
    let mut distinct = names.clone();
    distinct.dedup();
    let known = |wanted: &[String], at: Place, problems: &mut Vec<Problem>| {
        for name in wanted.iter().filter(|name| !names.contains(&&***name)) {
            let available = if names.is_empty() { "none".into() } else { distinct.join(", ") };
            let what = format!("unknown channel `{name}` (available: {available})");
            problems.push(at.problem(what, "add a `[[channel]]` of this name, or correct the name"));
        }
    };
    for (i, route) in config.routes.iter().enumerate() {
        known(&route.channels, place_of_item(root, "route", i), problems);
    }
    known(&config.digest.channels, place(root, &["digest", "channels"]), problems);
}

fn digest(config: &Config, root: &Node, problems: &mut Vec<Problem>) {
    let digest = &config.digest;
    if TimeZone::get(&digest.timezone).is_err() {
        let what = format!("unknown time zone `{}`", digest.timezone);
        problems
            .push(place(root, &["digest", "timezone"]).problem(what, "write a name such as `Europe/Berlin` or `UTC`"));
    }
    let (day, time) = digest.weekly.split_once(' ').unwrap_or((&digest.weekly, ""));
    if !DAYS.contains(&day) || jiff::civil::Time::strptime("%H:%M", time).is_err() {
        let what = format!("`{}` is not a day and a time", digest.weekly);
        problems.push(place(root, &["digest", "weekly"]).problem(what, "write `Mon 06:00`"));
    }
}

/// Where a key stands; the root where it is not written.
fn place(root: &Node, keys: &[&str]) -> Place {
    let path: Vec<Step> = keys.iter().map(|key| Step::Key((*key).to_owned())).collect();
    root.find(&path).map_or_else(|| root.at.clone(), |node| node.at.clone())
}

/// Where the `i`th `[[key]]` stands.
fn place_of_item(root: &Node, key: &str, i: usize) -> Place {
    let path = [Step::Key(key.to_owned()), Step::Index(i)];
    let Some(node) = root.find(&path) else { return root.at.clone() };
    match &node.value {
        Value::Table(table) => table.entries.first().map_or_else(|| node.at.clone(), |e| e.at.clone()),
        _ => node.at.clone(),
    }
}
