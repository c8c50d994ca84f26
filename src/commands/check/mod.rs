//! `roundsman check`: every problem of a set-up, and what it will and will not see.

mod house;
mod unknown;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use roundsman_config::{Config, Source};
use roundsman_ingest::{
    formats::{FORMATS, Format, by_name},
    record::Feed,
};
use roundsman_rules::{
    Assets, Problem,
    inputs::{self, Policy, Scan, exploited, feed, platform::Support, records},
    sigma::{RuleKind, RuleSet, fed},
};

use roundsman_sinks::channels::ChannelKind;

use crate::{
    cli::ConfigArg,
    exit::{Exit, Outcome},
    setup,
    term::{self, Paint, Style, Term, clean},
};

const EXAMPLES: &str = "\
Examples:
  roundsman check
  roundsman check --config /etc/roundsman/roundsman.toml && systemctl reload roundsman

Each problem comes with file, line, what is wrong and what to do. Exit codes: 0 nothing wrong (warnings
may remain); 1 an error that leaves the set-up usable; 3 it cannot be used.";

/// Most senders of unknown lines that are shown, and most shapes of each.
const MAX_SENDERS: usize = 10;
const MAX_SHAPES: usize = 3;

/// Most rules that can never fire that are shown.
const MAX_IDLE: usize = 20;

/// Options of `roundsman check`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
}

/// Runs the command.
pub fn run(args: Args, term: &Term) -> Outcome {
    let mut out = term::stdout();
    let (config, mut problems) = match Config::load(args.config.path.as_deref()) {
        Ok(loaded) => loaded,
        Err(refused) => {
            tell(&mut out, term.out, &refused.problems)?;
            return Ok(Exit::Unusable);
        }
    };
    problems.extend(config.later.iter().cloned());
    let (rules, told) = config.load_rules();
    problems.extend(told);
    problems.extend(config.expired_exceptions(Timestamp::now()));
    let (feeds, told) = config.inputs();
    problems.extend(told);
    problems.extend(feeds.iter().flat_map(|feed| of_feed(&config, feed)));
    let assets = inventory(&config, &feeds);
    problems.extend(unknown_logs(&config, &assets));
    problems.extend(house::problems(&config, &assets, &feeds, Timestamp::now()));
    problems.extend(channels(&config));
    let silent = idle_rules(&rules);
    tell(&mut out, term.out, &problems)?;
    sees(&mut out, term, &config, &rules, &assets, &feeds, &silent)?;
    not_understood(&mut out, term.out, &config)?;
    out.flush()?;
    let errors = problems.iter().filter(|problem| problem.fatal).count();
    Ok(if errors > 0 { Exit::Found } else { Exit::Done })
}

/// All problems, and how many there are.
fn tell(out: &mut impl Write, paint: Paint, problems: &[Problem]) -> std::io::Result<()> {
    for problem in problems {
        writeln!(out, "{}\n", setup::problem(problem, paint))?;
    }
    let errors = problems.iter().filter(|problem| problem.fatal).count();
    let count = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    let warnings = count(problems.len() - errors, "warning");
    let style = match (errors, problems.len()) {
        (0, 0) => Style::Green,
        (0, _) => Style::Yellow,
        _ => Style::Red,
    };
    writeln!(out, "{}", paint.paint(style, format!("{}, {warnings}", count(errors, "error"))))?;
    out.flush()
}

/// What a file about the organisation has wrong. Its path is shown as it can be opened from here.
fn of_feed(config: &Config, feed: &Feed) -> Vec<Problem> {
    let file: PathBuf = config.base().join(&feed.path);
    let (file, text) = (file.as_path(), &*feed.text);
    let table = |column: &str| inputs::table(file, text, &[column]).1;
    match &*feed.input {
        "inventory" => Assets::read(file, text).1,
        "policy" => Policy::read(file, text).1,
        "advisories" => feed::read(file, text).problems,
        "kev" => exploited::kev(file, text).2,
        "epss" => exploited::epss(file, text).2,
        "scans" => match Scan::read(&feed.path, text, Timestamp::now()) {
            Ok((_, problems)) => problems.into_iter().map(|p| Problem { file: file.into(), ..p }).collect(),
            Err(problem) => vec![Problem { file: file.into(), ..problem }],
        },
        "exceptions" => records::exceptions(file, text).1,
        "known_issues" => records::known_issues(file, text).1,
        "accounts" => table("account"),
        "backups" => inputs::backups::jobs(file, text).1,
        "vendors" => table("vendor"),
        "training" => table("topic"),
        "platforms" => Support::read(file, text).1,
        "ssvc" => exploited::ssvc(file, text).1,
        _ => Vec::new(),
    }
}

fn inventory(config: &Config, feeds: &[Feed]) -> Assets {
    let feed = feeds.iter().find(|feed| feed.input == "inventory");
    feed.map(|feed| Assets::read(&config.base().join(&feed.path), &feed.text).0).unwrap_or_default()
}

/// Formats that the inventory waits for and that do not exist.
fn unknown_logs(config: &Config, assets: &Assets) -> Vec<Problem> {
    let file = config.inputs.inventory.clone().unwrap_or_default();
    let logs = assets.iter().flat_map(|asset| asset.logs.keys().map(move |log| (asset, log)));
    let unknown = logs.filter(|(_, log)| *log != "syslog" && by_name(log).is_none());
    let problem = |(asset, log): (&roundsman_rules::Asset, &String)| Problem {
        file: file.clone(),
        line: 0,
        fatal: false,
        what: format!("asset `{}` shall send `{log}`, which is no format", asset.id),
        help: "`roundsman parse --list-formats` lists them".into(),
    };
    unknown.map(problem).collect()
}

/// Channels whose files cannot be written.
fn channels(config: &Config) -> Vec<Problem> {
    let mut problems = Vec::new();
    for channel in &config.channels {
        let ChannelKind::File(file) = &channel.kind else { continue };
        let folder = file.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            let what = format!("channel `{}`: the folder {} does not exist", channel.name, folder.display());
            let file = config.file.clone().unwrap_or_default();
            problems.push(Problem { file, line: 0, fatal: true, what, help: "make the folder".into() });
        }
    }
    problems
}

/// Rules that nothing that arrives can set off, and why.
fn idle_rules(rules: &RuleSet) -> Vec<String> {
    let title = |rule: u32| format!("{} ({})", rules.rule(rule).title, super::rules::source(rules.rule(rule)));
    rules.idle(&fed()).iter().map(|idle| format!("{}: {}", title(idle.rule), idle.why)).collect()
}

/// What the set-up will and will not see.
fn sees(
    out: &mut impl Write,
    term: &Term,
    config: &Config,
    rules: &RuleSet,
    assets: &Assets,
    feeds: &[Feed],
    silent: &[String],
) -> std::io::Result<()> {
    let (paint, width) = (term.out, term.width());
    let (read, unread): (Vec<_>, Vec<_>) = FORMATS.iter().partition(|format| rules.is_read(&format.logsource()));
    let mut line = |name: &str, text: &str| writeln!(out, "  {} {}", paint.bold(format!("{name:<9}")), clean(text));
    let sources: Vec<_> = config.sources.iter().map(describe).collect();
    line("listens", &sources.join(", "))?;
    let of = families(&read).len();
    let known = FORMATS.len();
    line("formats", &format!("{known} known; rules are written for {} of them, in {of} families", read.len()))?;
    let correlations = rules.rules().iter().filter(|rule| rule.kind == RuleKind::Correlation).count();
    line("rules", &format!("{} loaded, {correlations} of them correlations", rules.rules().len()))?;
    let kinds: BTreeSet<_> = feeds.iter().map(|feed| &*feed.input).collect();
    let known = kinds.into_iter().collect::<Vec<_>>().join(" ");
    line(
        "inputs",
        if known.is_empty() { "none: name an inventory to have hosts and patches watched" } else { &known },
    )?;
    if !assets.is_empty() {
        line("assets", &format!("{} in the inventory", assets.len()))?;
    }
    line("tells", &tells(config))?;

    writeln!(out, "\n{}", paint.paint(Style::Yellow, "Will not see"))?;
    let mut line = |text: String| writeln!(out, "  {}", clean(&text));
    let quiet = assets.iter().filter(|asset| asset.logs.is_empty() && asset.heartbeat.is_none());
    let quiet: Vec<_> = quiet.map(|asset| &*asset.id).collect();
    if !quiet.is_empty() {
        line(format!("neither `logs` nor `heartbeat` is set for {}: the policy's default holds", quiet.join(" ")))?;
    }
    for rule in silent.iter().take(MAX_IDLE) {
        line(format!("can never fire: {rule}"))?;
    }
    if silent.len() > MAX_IDLE {
        line(format!(
            "and {} more rules can never fire: `roundsman rules coverage` says why",
            silent.len() - MAX_IDLE
        ))?;
    }
    if !unread.is_empty() {
        line(
            "no rule is written for these formats; those for any kind of log, patch cases and the digest read them"
                .into(),
        )?;
    }
    for (family, names) in families(&unread) {
        let (first, others) = (format!("    {family:<16}"), " ".repeat(20));
        write!(out, "{}", term::wrapped(&names, &first, &others, width))?;
    }
    Ok(())
}

/// The names of formats by family.
fn families<'f>(formats: &[&&'f dyn Format]) -> BTreeMap<&'f str, Vec<&'f str>> {
    let mut families = BTreeMap::<_, Vec<_>>::new();
    formats.iter().for_each(|format| families.entry(format.category()).or_default().push(format.name()));
    families
}

/// Which senders send unknown lines, and their commonest shapes.
fn not_understood(out: &mut impl Write, paint: Paint, config: &Config) -> anyhow::Result<()> {
    let Some(sample) = unknown::Sample::read(&config.data.dir)? else { return Ok(()) };
    let (Some(since), senders) = (sample.since, sample.senders()) else { return Ok(()) };
    let title = format!("Not understood, of what the journal received since {}", since.strftime("%Y-%m-%d %H:%M"));
    writeln!(out, "\n{}", paint.paint(Style::Yellow, title))?;
    if senders.is_empty() {
        writeln!(out, "  nothing: every line is of a known format")?;
    }
    for (host, sender) in senders.iter().take(MAX_SENDERS) {
        let host = if host.is_empty() { "(no host)" } else { host };
        let percent = 100.0 * sender.unknown as f64 / sender.lines as f64;
        let share = format!("{} of {} lines, {percent:.1} %", sender.unknown, sender.lines);
        writeln!(out, "  {} {share}", paint.bold(clean(host)))?;
        for (shape, lines) in sender.commonest(MAX_SHAPES) {
            writeln!(out, "    {lines:>7} x {}", clean(shape))?;
        }
    }
    if senders.len() > MAX_SENDERS {
        writeln!(out, "  and {} more senders: `roundsman sources list` counts them", senders.len() - MAX_SENDERS)?;
    }
    Ok(())
}

fn describe(source: &Source) -> String {
    match source {
        Source::Syslog(syslog) => format!("syslog {}", syslog.listen),
        Source::Relp(relp) if relp.tls.is_some() => format!("relp {} (TLS)", relp.listen),
        Source::Relp(relp) => format!("relp {}", relp.listen),
        Source::Http(http) => format!("http {}", http.listen),
        Source::File(files) => files.label(),
        Source::Journald(journald) => journald.label(),
        other => format!("{} (later)", other.kind()),
    }
}

fn tells(config: &Config) -> String {
    if config.channels.is_empty() {
        return "nobody at once: alerts wait in the store, for the console and the digest".to_owned();
    }
    let routes = config.routing();
    let names = config.channels.iter().map(|channel| {
        let levels = roundsman_rules::Severity::ALL.into_iter();
        let lowest = levels.filter(|level| routes.channels(*level).contains(&&*channel.name)).min();
        match lowest {
            Some(level) => format!("{} ({} and above)", channel.name, level.as_str()),
            None => format!("{} (the digest)", channel.name),
        }
    });
    names.collect::<Vec<_>>().join(", ")
}
