//! A run of the rule stage over a scenario's lines, driven as `roundsman_rules::stage` prescribes.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use jiff::{SignedDuration, Timestamp};
use roundsman_ingest::{Event, Kind, Origin, Record, Transport, join::Joiner, parse::Parser, record::Feed};
use roundsman_rules::{
    Alert, PatchCase,
    case::{State, Transition},
    sigma::{Options, RuleFile, RuleSet},
    stage::{Findings, Matcher, Output, Scratch, Stage, on_grid},
};
use serde_json::Value;

use crate::expect::Expectation;

/// Lines of a shuffled run come up to this late.
const LATEST: i64 = 6 * 3_600;

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/patch")
}

/// A folder under `tests/patch/`.
pub struct Scenario {
    pub name: String,
    pub folder: PathBuf,
    pub feeds: Vec<Feed>,
    pub rules: Arc<RuleSet>,
    pub lines: Vec<Value>,
    pub expect: Expectation,
}

static NO_RULES: LazyLock<Arc<RuleSet>> = LazyLock::new(|| rules(&[]));

fn rules(files: &[RuleFile]) -> Arc<RuleSet> {
    let (rules, problems) = RuleSet::load(files, &Options::default());
    assert!(problems.iter().all(|p| !p.fatal), "{problems:?}");
    Arc::new(rules)
}

impl Scenario {
    pub fn read(folder: PathBuf) -> Scenario {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let text = |file: &str| fs::read_to_string(folder.join(file)).unwrap_or_else(|e| panic!("{name}/{file}: {e}"));
        let lines: Vec<Value> = text("events.jsonl")
            .lines()
            .enumerate()
            .map(|(n, line)| {
                serde_json::from_str(line).unwrap_or_else(|e| panic!("{name}/events.jsonl:{}: {e}", n + 1))
            })
            .collect();
        let expect = Expectation::read(&text("expect.toml")).unwrap_or_else(|e| panic!("{name}/expect.toml: {e}"));
        let config: toml::Table = text("roundsman.toml").parse().unwrap();
        let own = files(&folder.join("rules"));
        let own: Vec<RuleFile> =
            own.into_iter().map(|path| RuleFile { text: fs::read_to_string(&path).unwrap(), path }).collect();
        let rules = if own.is_empty() { NO_RULES.clone() } else { rules(&own) };
        Scenario { feeds: inputs(&folder, &config, &lines), name, folder, rules, lines, expect }
    }
}

/// The files under `[inputs]` that are known from the start: those that no line makes known later.
fn inputs(folder: &Path, config: &toml::Table, lines: &[Value]) -> Vec<Feed> {
    let later: Vec<PathBuf> = lines.iter().filter_map(|l| Some(folder.join(l["feed"].as_str()?))).collect();
    let inputs = config["inputs"].as_table().unwrap();
    let order = ["inventory", "policy"];
    let mut names: Vec<&String> = inputs.keys().collect();
    names.sort_by_key(|name| (order.iter().position(|o| o == name).unwrap_or(order.len()), name.as_str()));
    let mut feeds = Vec::new();
    for input in names {
        let paths = match &inputs[input] {
            toml::Value::Array(all) => all.iter().map(|p| p.as_str().unwrap()).collect(),
            path => vec![path.as_str().unwrap()],
        };
        for path in paths {
            let path = folder.join(path);
            let all = if path.is_dir() { files(&path) } else { vec![path] };
            feeds.extend(all.iter().filter(|f| !later.contains(f)).map(|f| feed(input, f)));
        }
    }
    feeds
}

/// The files of a folder, in order; none where there is no such folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).map(|all| all.map(|f| f.unwrap().path()).collect()).unwrap_or_default();
    files.sort();
    files
}

fn feed(input: &str, path: &Path) -> Feed {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let name = path.file_name().unwrap().to_string_lossy();
    let path = if text.is_empty() { String::new() } else { format!("{input}/{name}") };
    Feed { input: input.into(), path, text }
}

/// When a line arrives.
pub fn arrival(line: &Value) -> Timestamp {
    let at = line["received"].as_str().or(line["tick"].as_str()).expect("a line has `received` or `tick`");
    at.parse().unwrap_or_else(|e| panic!("{at}: {e}"))
}

pub struct Run<'s> {
    scenario: &'s Scenario,
    stage: Stage,
    matcher: Matcher,
    joiner: Joiner,
    parser: Parser,
    index: u64,
    pub clock: Timestamp,
    /// Alerts in their newest form.
    pub alerts: BTreeMap<String, Alert>,
    /// Cases in their newest form.
    pub cases: BTreeMap<String, PatchCase>,
    /// Each state of each case as it was told.
    pub told: Vec<(String, State)>,
    pub restarts: bool,
    /// What a store would hold.
    rows: BTreeMap<String, Vec<u8>>,
}

impl<'s> Run<'s> {
    /// A run that knows the scenario's files.
    pub fn new(scenario: &'s Scenario) -> Self {
        let mut run = Run {
            scenario,
            stage: Stage::new(scenario.rules.clone()),
            matcher: Matcher::new(scenario.rules.clone(), false),
            joiner: Joiner::default(),
            parser: Parser::default(),
            index: 0,
            clock: arrival(&scenario.lines[0]),
            alerts: BTreeMap::new(),
            cases: BTreeMap::new(),
            told: Vec::new(),
            restarts: false,
            rows: BTreeMap::new(),
        };
        let clock = run.clock;
        scenario.feeds.iter().for_each(|feed| run.feed(clock, feed));
        run
    }

    /// A whole run over these lines.
    pub fn through(scenario: &'s Scenario, lines: &[Value]) -> Self {
        let mut run = Run::new(scenario);
        lines.iter().for_each(|line| run.one(line));
        run.finish();
        run
    }

    /// A file becomes known.
    pub fn feed(&mut self, at: Timestamp, feed: &Feed) {
        let mut out = Output::default();
        self.stage.feed(at, feed, &mut out);
        let problems: Vec<_> = out.problems.iter().filter(|p| p.fatal).collect();
        assert!(problems.is_empty(), "{}: {problems:?}", self.scenario.name);
        self.parser.zones = Some(self.stage.zones());
        self.matcher.learn(self.stage.patterns());
        self.collect(out);
    }

    pub fn one(&mut self, line: &Value) {
        self.line(line);
        if self.restarts {
            self.restart();
        }
    }

    fn line(&mut self, line: &Value) {
        let at = arrival(line).max(self.clock);
        self.until(at);
        if !line["tick"].is_null() {
            let mut out = Output::default();
            self.stage.tick(at, &mut out);
            return self.collect(out);
        }
        if let Some(path) = line["feed"].as_str() {
            let path = self.scenario.folder.join(path);
            let own = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
            let stem = || path.file_stem().unwrap().to_string_lossy().into_owned();
            let named = line["as"].as_str().map(|name| name.split(['/', '.']).next().unwrap().to_owned());
            let input = named.unwrap_or(if own == self.scenario.name { stem() } else { own });
            let mut feed = feed(&input, &path);
            if let Some(name) = line["as"].as_str() {
                feed.path = name.to_owned();
            }
            return self.feed(at, &feed);
        }
        if line["record"].is_object() {
            let mut out = Output::default();
            self.stage.decide(at, &line["record"], &mut out);
            assert!(out.problems.is_empty(), "{}: {:?}", self.scenario.name, out.problems);
            return self.collect(out);
        }
        let transport: Transport = serde_json::from_value(line["transport"].clone()).expect("a line has a transport");
        let mut origin = Origin::new(transport, "replay");
        origin.host = line["host"].as_str().map(Into::into);
        origin.path = line["source"].as_str().map(Into::into);
        let raw = line["raw"].as_str().expect("a line has `raw`").as_bytes();
        let record = Record { received: at, origin: &origin, kind: Kind::Line, truncated: false, raw };
        if !Joiner::wants(&record) {
            return self.record(at, &origin, raw);
        }
        let mut joined = Vec::new();
        self.joiner.push(&record, &mut |r| joined.push((r.origin.clone(), r.raw.to_vec())));
        for (origin, raw) in joined {
            self.record(at, &origin, &raw);
        }
    }

    fn record(&mut self, received: Timestamp, origin: &Origin, raw: &[u8]) {
        let record = Record { received, origin, kind: Kind::Line, truncated: false, raw };
        let event = self.parser.parse(&record, Event::new(&record));
        let mut findings = Findings::default();
        self.matcher.look(self.index, &event, &mut Scratch::default(), &mut findings);
        self.index += 1;
        let mut out = Output::default();
        self.stage.absorb(findings, received, &mut out);
        self.collect(out);
    }

    /// The input ends: what waited for another line is taken as it is.
    pub fn finish(&mut self) {
        let mut joined = Vec::new();
        self.joiner.flush_all(&mut |r| joined.push((r.received, r.origin.clone(), r.raw.to_vec())));
        for (received, origin, raw) in joined {
            self.record(received.max(self.clock), &origin, &raw);
        }
    }

    /// Fires the timers up to a time, on grid minutes.
    pub fn until(&mut self, to: Timestamp) {
        loop {
            let due = [self.stage.next_due(), self.joiner.next_due().map(on_grid)].into_iter().flatten().min();
            let Some(at) = due.map(|due| due.max(on_grid(self.clock))).filter(|at| *at <= to) else { break };
            self.clock = at;
            let mut late = Vec::new();
            self.joiner.flush_due(at, &mut |r| late.push((r.origin.clone(), r.raw.to_vec())));
            for (origin, raw) in late {
                self.record(at, &origin, &raw);
            }
            let mut out = Output::default();
            self.stage.tick(at, &mut out);
            self.collect(out);
        }
        self.clock = self.clock.max(to);
    }

    fn collect(&mut self, out: Output) {
        self.alerts.extend(out.alerts.into_iter().map(|alert| (alert.id.clone(), alert)));
        for case in out.cases {
            if self.cases.get(&case.id).is_none_or(|known| known.state != case.state) {
                self.told.push((case.id.clone(), case.state));
            }
            self.cases.insert(case.id.clone(), case);
        }
    }

    /// Another process takes over from what the first has written.
    pub fn restart(&mut self) {
        for (key, value) in self.stage.checkpoint() {
            match value {
                Some(value) => drop(self.rows.insert(key, value)),
                None => drop(self.rows.remove(&key)),
            }
        }
        let rows: Vec<(String, Vec<u8>)> = self.rows.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        let mut next = Stage::new(self.scenario.rules.clone());
        next.restore(&rows);
        self.stage = next;
    }

    /// A case as it stands now.
    pub fn case(&self, id: &str) -> PatchCase {
        self.stage.case(id).unwrap_or_else(|| panic!("no case {id}"))
    }

    /// Alerts about a case that are open, as `PV03 high`.
    pub fn open(&self, case: &str) -> Vec<String> {
        let open = |a: &&Alert| a.cleared.is_none() && a.case.as_deref() == Some(case);
        let open = self.alerts.values().filter(open);
        sorted(open.map(|a| format!("{} {}", a.rule.id, a.severity.as_str())))
    }

    /// The rules that ever raised an alert about a case.
    pub fn raised(&self, case: &str) -> Vec<String> {
        let mut raised =
            sorted(self.alerts.values().filter(|a| a.case.as_deref() == Some(case)).map(|a| a.rule.id.clone()));
        raised.dedup();
        raised
    }
}

fn sorted(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut words: Vec<String> = words.collect();
    words.sort();
    words
}

/// All that two runs over the same lines must agree about.
pub fn differences(one: &Run, other: &Run) -> Vec<String> {
    let mut wrong = lasting(one, other, "none");
    for (id, case) in &one.cases {
        // How many records there were is the one thing in which twice as many differ.
        let steps = |case: &PatchCase| {
            let step = |t: &Transition| format!("{} {} {:?}", t.at, t.state.as_str(), t.evidence.first());
            case.history.iter().map(step).collect::<Vec<_>>()
        };
        let checks = |case: &PatchCase| case.checks.four().map(|check| check.result);
        let Some(found) = other.cases.get(id) else { continue };
        if steps(found) != steps(case) {
            wrong.push(format!("{id}: {:?} and {:?}", steps(case), steps(found)));
        }
        if checks(found) != checks(case) {
            wrong.push(format!("{id}: {:?} and {:?}", checks(case), checks(found)));
        }
    }
    wrong
}

/// What must be the same however the lines arrived: where each case stands, and which alerts are open, but for those of
/// one rule.
pub fn lasting(one: &Run, other: &Run, except: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for id in one.cases.keys().chain(other.cases.keys()).collect::<std::collections::BTreeSet<_>>() {
        let state = |run: &Run| run.cases.get(id).map(|case| case.state);
        if state(one) != state(other) {
            wrong.push(format!("{id}: {:?} and {:?}", state(one), state(other)));
        }
        if one.open(id) != other.open(id) {
            wrong.push(format!("{id}: open {:?} and {:?}", one.open(id), other.open(id)));
        }
    }
    let plain = |run: &Run| {
        let open = run.alerts.values().filter(|a| a.cleared.is_none() && a.case.is_none());
        sorted(
            open.filter(|a| a.rule.id.starts_with("PV") && a.rule.id != except)
                .map(|a| format!("{} {:?}", a.rule.id, a.key)),
        )
    };
    if plain(one) != plain(other) {
        wrong.push(format!("open without a case: {:?} and {:?}", plain(one), plain(other)));
    }
    wrong
}

/// Whether a line is a record by itself: not part of one that is joined, nor a file, a tick or a decision.
pub fn is_single(line: &Value) -> bool {
    !line["raw"].is_null() && !line["source"].as_str().is_some_and(|source| source.contains("/apt/"))
}

/// The same lines, each up to six hours late. Records that must stay together, and what is no record, stay in place.
pub fn shuffled(lines: &[Value], seed: u64) -> Vec<Value> {
    let late = |(number, line): (usize, &Value)| {
        let (mut line, at) = (line.clone(), arrival(line));
        if !is_single(&line) {
            return (at, line);
        }
        let noise = (number as u64 + 1).wrapping_mul(6_364_136_223_846_793_005).wrapping_mul(seed * 2 + 1) >> 33;
        let later = at + SignedDuration::from_secs((noise % LATEST as u64) as i64);
        line["received"] = later.to_string().into();
        (later, line)
    };
    let mut late: Vec<(Timestamp, Value)> = lines.iter().enumerate().map(late).collect();
    late.sort_by_key(|(at, _)| *at);
    late.into_iter().map(|(_, line)| line).collect()
}
