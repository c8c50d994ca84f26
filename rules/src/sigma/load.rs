//! From files to a [`RuleSet`]: each broken rule is a problem, and the others load.

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    RuleFile, RuleSet, baseline,
    correlation::{Correlation, Written},
    detection::Compiler,
    exception::RuleException,
    expr::Expr,
    fault::{Fault, available},
    limits::Limits,
    rule::{Rule, RuleKind, RuleSource, words},
    view::Slots,
    yaml::{self, Node, Value},
};
use crate::{Problem, Severity, anomaly::spec::Spec};

/// What a configuration changes about rules.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Ids or names of rules that are left out.
    pub disable: Vec<String>,
    /// Other severities than the rules' own, by id or name.
    pub severity: BTreeMap<String, Severity>,
    /// The values of `%placeholders%` (modifier `expand`); wildcards have their meaning.
    pub placeholders: BTreeMap<String, Vec<String>>,
    /// Most bytes that the baselines of anomalies take together; absent: [`crate::anomaly::DEFAULT_BYTES`].
    pub baseline_bytes: Option<usize>,
    /// What their state may take.
    pub limits: Limits,
    /// What is known to be harmless.
    pub exceptions: Vec<RuleException>,
}

/// A correlation whose rules are not resolved yet.
struct Waiting {
    rule: Rule,
    written: Written,
}

/// A filter: what the rules that it names must fulfil besides.
struct Filter {
    file: PathBuf,
    source: RuleSource,
    /// Ids or names; empty: any rule of its log source.
    rules: Vec<String>,
    node: Node,
    used: bool,
}

/// A detection before filters and compilation.
struct Draft {
    rule: Rule,
    detection: Node,
}

struct Loader<'o> {
    options: &'o Options,
    problems: Vec<Problem>,
    drafts: Vec<Draft>,
    waiting: Vec<Waiting>,
    filters: Vec<Filter>,
    /// Id or name to where it stands, so that none stands twice.
    taken: HashMap<String, (PathBuf, usize)>,
    disabled: Vec<String>,
    /// What anomalies ask for, by rule id.
    specs: HashMap<String, Arc<Spec>>,
    /// Anomalies of whole sources.
    without_detection: Vec<Rule>,
}

/// The taxonomies whose names our formats' fields are known by.
const TAXONOMIES: &[&str] = &["sigma", "ecs"];

const KINDS_HELP: &str = "a rule has `detection`, a correlation `correlation`, a filter `filter`";

impl RuleSet {
    /// Loads rules. What cannot be used is a fatal problem of its own, and the rest is loaded without it.
    pub fn load(files: &[RuleFile], options: &Options) -> (RuleSet, Vec<Problem>) {
        let mut loader = Loader {
            options,
            problems: Vec::new(),
            drafts: Vec::new(),
            waiting: Vec::new(),
            filters: Vec::new(),
            taken: HashMap::new(),
            disabled: Vec::new(),
            specs: HashMap::new(),
            without_detection: Vec::new(),
        };
        files.iter().for_each(|file| loader.file(file));
        loader.finish()
    }
}

impl Loader<'_> {
    fn file(&mut self, file: &RuleFile) {
        let documents = match yaml::read(&file.text) {
            Ok(documents) => documents,
            Err(broken) => {
                let fault = Fault::new(
                    broken.line,
                    format!("this is no YAML: {}", broken.what),
                    "mend the syntax at this line",
                );
                return self.problems.push(fault.in_file(&file.path, true));
            }
        };
        if documents.is_empty() {
            self.problems.push(Fault::new(0, "the file holds no rule", KINDS_HELP).in_file(&file.path, false));
        }
        let (documents, faults) = with_globals(documents);
        self.problems.extend(faults.into_iter().map(|fault| fault.in_file(&file.path, true)));
        for document in documents {
            if let Err(fault) = self.document(&document, &file.path) {
                self.problems.push(fault.in_file(&file.path, true));
            }
        }
    }

    fn document(&mut self, document: &Node, file: &Path) -> Result<(), Fault> {
        if !matches!(document.value, Value::Map(_)) {
            return Err(Fault::new(
                document.line,
                format!("{} stands where a rule should", document.kind()),
                KINDS_HELP,
            ));
        }
        if document.get("type").and_then(Node::text) == Some("anomaly") {
            return self.anomaly(document, file);
        }
        if let Some(kind) = document.get("type") {
            let word = kind.word().unwrap_or_default();
            return Err(Fault::new(kind.line, format!("rules of type `{word}` cannot be read"), KINDS_HELP));
        }
        if let Some(node) = document.get("filter") {
            return self.filter(document, node, file);
        }
        let correlation = document.get("correlation");
        let kind = if correlation.is_some() { RuleKind::Correlation } else { RuleKind::Detection };
        let mut rule = Rule::read(document, kind, file.into())?;
        self.taxonomy(document, file);
        let written = match correlation {
            Some(node) => Some(Written::read(node)?),
            None => {
                rule.logsource = RuleSource::read(document)?;
                None
            }
        };
        let detection = document.get("detection");
        if written.is_none() && detection.is_none() {
            return Err(Fault::new(document.line, "the rule has no `detection`", KINDS_HELP));
        }
        if self.left_out(&rule, document) || !self.take(&rule)? {
            return Ok(());
        }
        self.change_severity(&mut rule);
        match (written, detection) {
            (Some(written), _) => self.waiting.push(Waiting { rule, written }),
            (None, Some(node)) => self.drafts.push(Draft { rule, detection: node.clone() }),
            (None, None) => {}
        }
        Ok(())
    }

    /// A rule that holds records against a baseline; its detection only picks them.
    fn anomaly(&mut self, document: &Node, file: &Path) -> Result<(), Fault> {
        let mut rule = Rule::read(document, RuleKind::Anomaly, file.into())?;
        let spec = Arc::new(baseline::read(document)?);
        if document.get("logsource").is_some() {
            rule.logsource = RuleSource::read(document)?;
        }
        if self.left_out(&rule, document) || !self.take(&rule)? {
            return Ok(());
        }
        self.change_severity(&mut rule);
        rule.alerts = false;
        self.specs.insert(rule.id.clone(), spec);
        match document.get("detection") {
            Some(node) => self.drafts.push(Draft { rule, detection: node.clone() }),
            None => self.without_detection.push(rule),
        }
        Ok(())
    }

    /// Disabled rules, and those that their authors say not to run.
    fn left_out(&mut self, rule: &Rule, document: &Node) -> bool {
        let names = |id: &String| *id == rule.id || Some(id) == rule.name.as_ref();
        if let Some(id) = self.options.disable.iter().find(|id| names(id)) {
            self.disabled.push(id.clone());
            return true;
        }
        let retired = matches!(&*rule.status, "deprecated" | "unsupported");
        if retired {
            let line = document.get("status").map_or(rule.line, |n| n.line);
            let what = format!("`{}` is {} and is not run", rule.title, rule.status);
            self.problems
                .push(Fault::new(line, what, "remove the file, or change its `status`").in_file(&rule.file, false));
        }
        retired
    }

    /// Claims the rule's id and name.
    fn take(&mut self, rule: &Rule) -> Result<bool, Fault> {
        for name in [Some(&rule.id), rule.name.as_ref()].into_iter().flatten() {
            let place = (rule.file.clone(), rule.line);
            match self.taken.get(name) {
                Some((file, line)) if (file, line) != (&rule.file, &rule.line) => {
                    let what = format!("the id or name `{name}` is already taken by {}:{line}", file.display());
                    return Err(Fault::new(rule.line, what, "give the rule an id of its own"));
                }
                _ => self.taken.insert(name.clone(), place),
            };
        }
        Ok(true)
    }

    fn change_severity(&self, rule: &mut Rule) {
        let own = self.options.severity.get(&rule.id);
        let level = own.or_else(|| self.options.severity.get(rule.name.as_deref()?));
        if let Some(&level) = level {
            rule.level = Some(level);
            rule.alerts = true;
        }
    }

    /// Names of another taxonomy than Sigma's are looked for as they are.
    fn taxonomy(&mut self, document: &Node, file: &Path) {
        let Some(node) = document.get("taxonomy") else { return };
        let name = node.word().unwrap_or_default();
        if !TAXONOMIES.contains(&&*name) {
            let what = format!("the fields of taxonomy `{name}` are looked for by these very names");
            let help =
                format!("write them in Sigma's taxonomy or in ECS; {}", available(&name, TAXONOMIES.iter().copied()));
            self.problems.push(Fault::new(node.line, what, help).in_file(file, false));
        }
    }

    fn filter(&mut self, document: &Node, node: &Node, file: &Path) -> Result<(), Fault> {
        self.taxonomy(document, file);
        let help = "write `rules: any`, or a list of rule ids or names";
        let rules = words(node, "rules")?;
        if node.get("rules").is_none() {
            return Err(Fault::new(node.line, "the filter does not say which rules it is for", help));
        }
        let rules = if rules.iter().any(|rule| rule.eq_ignore_ascii_case("any")) { Vec::new() } else { rules };
        let source = RuleSource::read(document)?;
        // compiled once without a rule, so that a broken filter is reported even where it applies to none
        let mut slots = Slots::new();
        let placeholders = &self.options.placeholders;
        Compiler { slots: &mut slots, source: &source, placeholders, unknown: Vec::new() }
            .detection(node, &["rules"])?;
        self.filters.push(Filter { file: file.into(), source, rules, node: node.clone(), used: false });
        Ok(())
    }

    fn finish(mut self) -> (RuleSet, Vec<Problem>) {
        let mut slots = Slots::new();
        let (mut rules, mut exprs) = (Vec::new(), Vec::new());
        for draft in std::mem::take(&mut self.drafts) {
            match self.compile(&draft, &mut slots) {
                Ok(expr) => {
                    rules.push(draft.rule);
                    exprs.push(Some(expr));
                }
                Err(fault) => self.problems.push(fault.in_file(&draft.rule.file, true)),
            }
        }
        rules.append(&mut self.without_detection);
        exprs.resize_with(rules.len(), || None);
        let correlations = self.correlate(&mut rules);
        exprs.resize_with(rules.len(), || None);
        self.report_unused();
        silence_referenced(&mut rules, &correlations);
        let specs = std::mem::take(&mut self.specs);
        let rules = RuleSet::new(rules, exprs, correlations, slots, self.options.limits)
            .with_exceptions(&self.options.exceptions)
            .with_baselines(&specs, self.options.baseline_bytes);
        (rules, self.problems)
    }

    fn compile(&mut self, draft: &Draft, slots: &mut Slots) -> Result<Expr, Fault> {
        let source = &draft.rule.logsource;
        let placeholders = &self.options.placeholders;
        let mut compiler = Compiler { slots, source, placeholders, unknown: Vec::new() };
        let mut all = vec![compiler.detection(&draft.detection, &[])?];
        all.extend(source.meaning().map(|meaning| compiler.meaning(meaning)));
        for filter in self.filters.iter_mut().filter(|filter| filter.is_for(&draft.rule)) {
            filter.used = true;
            all.push(compiler.detection(&filter.node, &["rules"])?);
        }
        if let Some(name) = compiler.unknown.first() {
            // without its values a rule would speak where its author excepted
            let what = format!("the placeholder `%{name}%` has no values, so `{}` never matches", draft.rule.title);
            let fault = Fault::new(
                draft.detection.line,
                what,
                format!("give it values: `[rules.placeholders]` `{name} = [\"…\"]`"),
            );
            self.problems.push(fault.in_file(&draft.rule.file, false));
            return Ok(Expr::Never);
        }
        let expr = if all.len() == 1 { all.remove(0) } else { Expr::And(all.into()) };
        self.tell_slow(draft, &expr);
        Ok(expr)
    }

    /// Names a rule that costs so much that it holds the others up.
    fn tell_slow(&mut self, draft: &Draft, expr: &Expr) {
        let cost = expr.cost();
        if !cost.is_slow() {
            return;
        }
        let when =
            if cost.each > 0 { "for each event of its log source" } else { "for an event that comes near to it" };
        let why = expr.dearest().map(|item| format!(": {}", item.burden())).unwrap_or_default();
        let what = format!("`{}` may take {} µs {when}{why}", draft.rule.title, cost.near / 1_000);
        let help = "write the literal text that every match holds, with `contains`, beside it";
        self.problems.push(Fault::new(draft.detection.line, what, help).in_file(&draft.rule.file, false));
    }

    /// Resolves correlations once all of their rules are loaded, so that a correlation's number is above theirs.
    fn correlate(&mut self, rules: &mut Vec<Rule>) -> Vec<Correlation> {
        let mut waiting = std::mem::take(&mut self.waiting);
        let mut correlations = Vec::new();
        loop {
            let before = waiting.len();
            let mut later = Vec::new();
            for Waiting { rule, written } in waiting {
                match Correlation::resolve(&written, rules.len() as u32, rules) {
                    Ok(correlation) => {
                        rules.push(rule);
                        correlations.push(correlation);
                    }
                    Err(_) => later.push(Waiting { rule, written }),
                }
            }
            waiting = later;
            if waiting.len() == before {
                break;
            }
        }
        for Waiting { rule, written } in &waiting {
            self.problems.push(self.unresolved(rule, written, rules, &waiting).in_file(&rule.file, true));
        }
        correlations
    }

    fn unresolved(&self, rule: &Rule, written: &Written, rules: &[Rule], waiting: &[Waiting]) -> Fault {
        let known = |name: &String| rules.iter().any(|r| r.id == *name || r.name.as_ref() == Some(name));
        let missing = written.rules.iter().find(|name| !known(name)).map_or("", String::as_str);
        let is_waiting = waiting.iter().any(|w| w.rule.id == missing || w.rule.name.as_deref() == Some(missing));
        let what = if self.disabled.iter().any(|id| id == missing) {
            format!("the correlation refers to `{missing}`, which is disabled")
        } else if is_waiting {
            format!("the correlation refers to `{missing}`, which cannot be used or leads back to `{}`", rule.title)
        } else {
            format!("the correlation refers to `{missing}`, which is no rule's id or name")
        };
        Fault::new(written.line, what, available(missing, rules.iter().filter_map(|r| r.name.as_deref())))
    }

    fn report_unused(&mut self) {
        for filter in self.filters.iter().filter(|filter| !filter.used) {
            let fault = Fault::new(
                filter.node.line,
                "the filter applies to no loaded rule",
                "check its `logsource` and `rules`",
            );
            self.problems.push(fault.in_file(&filter.file, false));
        }
        for (exception, id) in self.options.exceptions.iter().flat_map(|e| e.rules.iter().map(move |id| (e, id))) {
            if !self.taken.contains_key(id) {
                let what = format!("the exception `{}` is for `{id}`, but no rule has this id or name", exception.id);
                let fault = Fault::new(0, what, available(id, self.taken.keys().map(String::as_str)));
                self.problems.push(fault.in_file(Path::new("rules.exception"), false));
            }
        }
        for id in self.options.severity.keys().filter(|id| !self.taken.contains_key(*id)) {
            let what = format!("`{id}` has a severity of its own, but no rule has this id or name");
            let fault = Fault::new(0, what, "remove it from `rules.severity`");
            self.problems.push(fault.in_file(Path::new("rules.severity"), false));
        }
        for id in self.options.disable.iter().filter(|id| !self.disabled.contains(id)) {
            let what = format!("`{id}` is disabled, but no rule has this id or name");
            self.problems
                .push(Fault::new(0, what, "remove it from `rules.disable`").in_file(Path::new("rules.disable"), false));
        }
    }
}

impl Filter {
    fn is_for(&self, rule: &Rule) -> bool {
        let named = |id: &String| *id == rule.id || Some(id) == rule.name.as_ref();
        rule.logsource.within(&self.source) && (self.rules.is_empty() || self.rules.iter().any(named))
    }
}

/// Rules that a correlation has taken over raise no alerts of their own, unless it says `generate: true`.
fn silence_referenced(rules: &mut [Rule], correlations: &[Correlation]) {
    for quiet in [true, false] {
        for correlation in correlations.iter().filter(|c| c.generate != quiet) {
            for &rule in &correlation.rules {
                rules[rule as usize].alerts = !quiet && rules[rule as usize].level.is_some();
            }
        }
    }
}

/// Old files share what all documents have in one of `action: global`, until `action: reset`; `action: repeat` is the
/// document before with other values. Documents that come by one id or name so are told apart by a number.
fn with_globals(documents: Vec<Node>) -> (Vec<Node>, Vec<Fault>) {
    let mut global: Vec<(Node, Node)> = Vec::new();
    let mut previous: Vec<(Node, Node)> = Vec::new();
    let (mut out, mut faults) = (Vec::new(), Vec::new());
    let mut shared: HashMap<(String, usize), usize> = HashMap::new();
    for document in documents {
        let Node { line, value: Value::Map(mut entries) } = document else {
            out.push(document);
            continue;
        };
        let action = entries.iter().position(|(key, _)| key.text() == Some("action"));
        let action = action.map(|at| entries.remove(at).1);
        match action.as_ref().map(|action| action.text().unwrap_or_default()) {
            Some("global") => {
                previous.clone_from(&entries);
                global = entries;
                continue;
            }
            Some("reset") => {
                global.clear();
                continue;
            }
            Some("repeat") => {
                let mut whole = previous.clone();
                overlay(&mut whole, &entries);
                entries = whole;
            }
            None if ["correlation", "filter"]
                .iter()
                .any(|kind| entries.iter().any(|(k, _)| k.text() == Some(kind))) => {}
            None => overlay(&mut entries, &global),
            Some(other) => {
                let line = action.as_ref().map_or(line, |action| action.line);
                let names = ["global", "reset", "repeat"];
                faults.push(Fault::new(line, format!("unknown action `{other}`"), available(other, names)));
                continue;
            }
        }
        previous.clone_from(&entries);
        number_shared(&mut entries, &mut shared);
        out.push(Node { line, value: Value::Map(entries) });
    }
    (out, faults)
}

/// An id or name that several documents have from the same line becomes `id`, `id#2`, `id#3`, …
fn number_shared(entries: &mut [(Node, Node)], shared: &mut HashMap<(String, usize), usize>) {
    for (key, value) in entries.iter_mut().filter(|(key, _)| matches!(key.text(), Some("id" | "name"))) {
        let Value::Text(text) = &mut value.value else { continue };
        let uses = shared.entry((format!("{} {text}", key.text().unwrap_or_default()), value.line)).or_default();
        *uses += 1;
        if *uses > 1 {
            text.push_str(&format!("#{uses}"));
        }
    }
}

/// Puts `more` over the document; maps are merged in depth.
fn overlay(entries: &mut Vec<(Node, Node)>, more: &[(Node, Node)]) {
    for (key, value) in more {
        match entries.iter_mut().find(|(own, _)| own.value == key.value) {
            None => entries.push((key.clone(), value.clone())),
            Some((_, own)) => match (&mut own.value, &value.value) {
                (Value::Map(own), Value::Map(more)) => overlay(own, more),
                _ => *own = value.clone(),
            },
        }
    }
}
