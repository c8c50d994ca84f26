//! What Prometheus sees of the pipeline. Sources, journal and channels keep their own counters beside their code.
//!
//! Every series exists from the start with a zero, so that a rate over it is right from the first event on.

use jiff::Timestamp;
use prometheus::{Gauge, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry};
use roundsman_ingest::formats::FORMATS;
use roundsman_rules::{Alert, Severity, case::Class, sigma::RuleSet, stage::Stage};

use crate::pipeline::Batch;

/// Counters and gauges of the pipeline.
#[derive(Clone)]
pub struct Metrics {
    events: IntCounterVec,
    unknown: IntCounterVec,
    matches: IntCounterVec,
    rule_alerts: IntCounterVec,
    alerts: IntCounterVec,
    lag: Gauge,
    keys: IntGaugeVec,
    evicted: IntCounterVec,
    forgotten: IntCounter,
    state: IntGaugeVec,
    state_limit: IntGauge,
    suppressed: IntCounterVec,
    cases: IntGaugeVec,
    digest: Gauge,
}

impl Metrics {
    /// Registers all of them.
    ///
    /// # Errors
    /// A name is already taken in this registry.
    pub fn register(registry: &Registry) -> prometheus::Result<Metrics> {
        let counter = |name: &str, help: &str, labels: &[&str]| {
            let counter = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counter.clone()))?;
            Ok::<_, prometheus::Error>(counter)
        };
        let gauges = |name: &str, help: &str, labels: &[&str]| {
            let gauge = IntGaugeVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok::<_, prometheus::Error>(gauge)
        };
        let gauge = |name: &str, help: &str| {
            let gauge = Gauge::new(name, help)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok::<_, prometheus::Error>(gauge)
        };
        fn alone<M: prometheus::core::Collector + Clone + 'static>(
            registry: &Registry,
            metric: M,
        ) -> prometheus::Result<M> {
            registry.register(Box::new(metric.clone()))?;
            Ok(metric)
        }
        let build = gauges("roundsman_build_info", "The running version.", &["version"])?;
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        let metrics = Metrics {
            events: counter("roundsman_events_total", "Events by the format that understood them.", &["format"])?,
            unknown: counter(
                "roundsman_events_unknown_total",
                "Records no format understood, by reason.",
                &["reason"],
            )?,
            matches: counter("roundsman_rule_matches_total", "Events that matched a rule.", &["rule"])?,
            rule_alerts: counter("roundsman_rule_alerts_total", "Alerts that a rule has raised.", &["rule"])?,
            alerts: counter("roundsman_alerts_total", "Alerts raised.", &["severity"])?,
            lag: gauge("roundsman_pipeline_lag_seconds", "Age of the last record that went through the rules.")?,
            keys: gauges("roundsman_correlation_keys", "Groups that a correlation keeps.", &["rule"])?,
            evicted: counter("roundsman_correlation_evicted_total", "Groups given up at the limit.", &["rule"])?,
            forgotten: alone(
                registry,
                IntCounter::new(
                    "roundsman_correlation_forgotten_total",
                    "Matches that the doorkeeper had to forget while they could still have counted.",
                )?,
            )?,
            state: gauges("roundsman_rule_state_bytes", "Memory of correlations and alerts.", &["part"])?,
            state_limit: alone(registry, IntGauge::new("roundsman_rule_state_limit_bytes", "Most that it may be.")?)?,
            suppressed: counter(
                "roundsman_exception_suppressed_total",
                "Matches that an exception has suppressed.",
                &["exception"],
            )?,
            cases: gauges("roundsman_patch_cases", "Patch cases by state and class.", &["state", "class"])?,
            digest: gauge(
                "roundsman_digest_last_success_timestamp_seconds",
                "When the last digest was written, in seconds since 1970.",
            )?,
        };
        for format in FORMATS {
            metrics.events.with_label_values(&[format.name()]);
        }
        metrics.events.with_label_values(&["unknown"]);
        metrics.unknown.with_label_values(&["unrecognised"]);
        for severity in Severity::ALL {
            metrics.alerts.with_label_values(&[severity.as_str()]);
        }
        Ok(metrics)
    }

    /// Starts a series for each rule.
    pub fn rules(&self, rules: &RuleSet) {
        for rule in rules.rules() {
            self.matches.with_label_values(&[rule.id.as_str()]);
            if rule.level.is_some() {
                self.rule_alerts.with_label_values(&[rule.id.as_str()]);
            }
        }
        for exception in rules.exceptions() {
            self.suppressed.with_label_values(&[exception.id.as_str()]);
        }
    }

    /// Counts a batch.
    pub fn batch(&self, batch: &Batch<'_>, rules: &RuleSet) {
        for (format, count) in batch.formats {
            self.events.with_label_values(&[format]).inc_by(*count);
        }
        for (reason, count) in batch.unknown {
            self.unknown.with_label_values(&[reason]).inc_by(*count);
        }
        for (_, rule) in &batch.findings.matches {
            self.matches.with_label_values(&[rules.rule(*rule).id.as_str()]).inc();
        }
    }

    /// Counts an alert that was raised.
    pub fn raised(&self, alert: &Alert) {
        self.alerts.with_label_values(&[alert.severity.as_str()]).inc();
        self.rule_alerts.with_label_values(&[alert.rule.id.as_str()]).inc();
    }

    /// Sets how old the newest record was when it went through the rules.
    pub fn lag(&self, received: Timestamp, now: Timestamp) {
        self.lag.set(now.duration_since(received).as_secs_f64().max(0.0));
    }

    /// A digest was written.
    pub fn digest_written(&self, at: Timestamp) {
        self.digest.set(at.as_second() as f64);
    }

    /// Takes stock of the stage: what it keeps, and where the cases stand.
    pub fn stock(&self, stage: &Stage) {
        for size in stage.correlation_sizes() {
            self.keys.with_label_values(&[&size.rule]).set(size.keys as i64);
            let counter = self.evicted.with_label_values(&[&size.rule]);
            counter.inc_by(size.evicted.saturating_sub(counter.get()));
        }
        let size = stage.rule_state();
        for (part, bytes) in [("windows", size.windows), ("alerts", size.alerts), ("doorkeeper", size.door)] {
            self.state.with_label_values(&[part]).set(bytes as i64);
        }
        self.state_limit.set(size.limit as i64);
        self.forgotten.inc_by(size.forgotten.saturating_sub(self.forgotten.get()));
        for (exception, used) in stage.rule_exceptions() {
            let counter = self.suppressed.with_label_values(&[exception.id.as_str()]);
            counter.inc_by(used.suppressed.saturating_sub(counter.get()));
        }
        for size in stage.baseline_sizes() {
            self.keys.with_label_values(&[&size.rule]).set(size.keys as i64);
            let counter = self.evicted.with_label_values(&[&size.rule]);
            counter.inc_by(size.evicted.saturating_sub(counter.get()));
        }
        self.cases.reset();
        for (state, class, cases) in stage.case_counts() {
            self.cases.with_label_values(&[state.as_str(), word(class)]).set(cases as i64);
        }
    }
}

fn word(class: Class) -> &'static str {
    match class {
        Class::Minor => "minor",
        Class::Important => "important",
        Class::Critical => "critical",
    }
}
