//! `policy.toml`: the organisation's deadlines and limits. Every key has a default; a file holds only what differs.

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::toml_problem;
use crate::{Problem, case::Class, duration::Duration};

macro_rules! settings {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty = $default:expr,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind,)* }
        impl Default for $name {
            fn default() -> Self {
                $name { $($field: $default,)* }
            }
        }
    };
}

settings! {
    /// The organisation's policy.
    Policy {
        /// How long each class may take.
        deadlines: Deadlines = Deadlines::default(),
        /// The class of an advisory that names none.
        class: Classes = Classes::default(),
        /// The four checks.
        verify: Verify = Verify::default(),
        /// Roll-out.
        deploy: Deploy = Deploy::default(),
        /// The zero-day watch.
        watch: Watch = Watch::default(),
        /// When a source counts as silent and a feed as stale.
        sources: Sources = Sources::default(),
        /// An application's own words for success and failure, beside `roundsman-probe` lines.
        probe: Vec<Pattern> = Vec::new(),
        /// Patch days, scans and blackouts.
        calendar: Calendar = Calendar::default(),
        /// Accounts and their reviews.
        access: Access = Access::default(),
        /// Bands and triage of exploited flaws.
        exploited: Exploited = Exploited::default(),
    }
}

/// How long each class may take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Deadlines {
    /// Also everything in CISA's catalogue of exploited flaws.
    #[serde(deserialize_with = "critical")]
    pub critical: Deadline,
    /// The scheduled window.
    #[serde(deserialize_with = "important")]
    pub important: Deadline,
    /// Grouped.
    #[serde(deserialize_with = "minor")]
    pub minor: Deadline,
}

/// One class's deadlines.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Deadline {
    /// From publication to installed.
    pub deploy: Duration,
    /// From installed to running.
    pub activate: Duration,
    /// From running to function and logs settled.
    pub settle: Duration,
    /// From running to all four checks settled.
    pub verify: Duration,
    /// In ring 0 before production, and from verified to closed.
    pub soak: Duration,
}

/// What a file says of a deadline: the rest stays as the class's default.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PartialDeadline {
    deploy: Option<Duration>,
    activate: Option<Duration>,
    settle: Option<Duration>,
    verify: Option<Duration>,
    soak: Option<Duration>,
}

fn overlay<'de, D: serde::Deserializer<'de>>(d: D, default: Deadline) -> Result<Deadline, D::Error> {
    let said = PartialDeadline::deserialize(d)?;
    Ok(Deadline {
        deploy: said.deploy.unwrap_or(default.deploy),
        activate: said.activate.unwrap_or(default.activate),
        settle: said.settle.unwrap_or(default.settle),
        verify: said.verify.unwrap_or(default.verify),
        soak: said.soak.unwrap_or(default.soak),
    })
}

fn critical<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Deadline, D::Error> {
    overlay(d, Deadlines::default().critical)
}

fn important<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Deadline, D::Error> {
    overlay(d, Deadlines::default().important)
}

fn minor<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Deadline, D::Error> {
    overlay(d, Deadlines::default().minor)
}

impl Default for Deadlines {
    fn default() -> Self {
        let (hours, days) = (Duration::hours, Duration::days);
        Deadlines {
            critical: Deadline {
                deploy: hours(48),
                activate: hours(4),
                settle: hours(24),
                verify: hours(48),
                soak: hours(2),
            },
            important: Deadline {
                deploy: days(14),
                activate: hours(24),
                settle: hours(72),
                verify: days(7),
                soak: hours(48),
            },
            minor: Deadline { deploy: days(30), activate: days(7), settle: days(7), verify: days(14), soak: days(7) },
        }
    }
}

impl Deadlines {
    /// The deadlines of a class.
    pub fn of(&self, class: Class) -> &Deadline {
        match class {
            Class::Critical => &self.critical,
            Class::Important => &self.important,
            Class::Minor => &self.minor,
        }
    }
}

settings! {
    /// The class of an advisory that names none: the highest that applies, else minor.
    Classes {
        /// What makes it critical.
        critical: ClassRule = ClassRule {
            kev: true,
            epss: Some(0.5),
            severity: Some("critical".into()),
            exposure: Some("internet".into()),
        },
        /// What makes it important.
        important: ClassRule = ClassRule { severity: Some("high".into()), ..ClassRule::default() },
        /// More time to deploy with a workaround in place, never for exploited flaws.
        mitigated_factor: f64 = 2.0,
    }
}

settings! {
    /// Any of these makes the class; `exposure` narrows what `severity` says.
    ClassRule {
        /// It is in CISA's catalogue.
        kev: bool = false,
        /// FIRST's probability of exploitation is at least this.
        epss: Option<f64> = None,
        /// The advisory's severity is at least this.
        severity: Option<String> = None,
        /// The severity counts only on assets of this exposure.
        exposure: Option<String> = None,
    }
}

settings! {
    /// The four checks.
    Verify {
        /// Running version at or above the fix with a positive inventory settles closure without a scan.
        version_evidence_ok: bool = false,
        /// Quiet and healthy this long after activation.
        health: Duration = Duration::minutes(30),
        /// A reboot must come back within this.
        boot_return: Duration = Duration::minutes(15),
        /// The same for network devices and Windows.
        boot_return_slow: Duration = Duration::minutes(30),
        /// The log review looks at this much.
        logs_soak: Duration = Duration::hours(24),
        /// Percent of the baseline; below it the log review is stale.
        logs_flow_percent: u32 = 30,
        /// So many lines of a new error template are unusual.
        new_template_hits: u64 = 5,
        /// Percent of the same hour a week ago.
        function_rate_percent: u32 = 50,
        /// Checks that are waived, shown as such.
        waive: Vec<Waiver> = Vec::new(),
    }
}

settings! {
    /// A check that a kind of asset need not pass.
    Waiver {
        /// Assets with one of these tags.
        tags: String = String::new(),
        /// `health`, `function`, `logs` or `closure`.
        check: String = String::new(),
        /// Shown in the record.
        why: String = String::new(),
    }
}

settings! {
    /// Roll-out.
    Deploy {
        /// A transaction without an end this long is stuck.
        stuck: Duration = Duration::hours(2),
        /// The same on Windows.
        stuck_windows: Duration = Duration::hours(24),
        /// How long a group may run two versions.
        rolling: Duration = Duration::hours(24),
        /// Before patching a high-risk asset that has a backup job.
        backup_within: Duration = Duration::hours(24),
        /// Production only after ring 0 has soaked.
        require_ring: bool = true,
    }
}

settings! {
    /// The zero-day watch.
    Watch {
        /// Thresholds on watched assets, in percent of the usual.
        threshold_percent: u32 = 50,
        /// It stays on this long after the last member was verified.
        after_verified: Duration = Duration::hours(24),
    }
}

settings! {
    /// When a source counts as silent and a feed as stale.
    Sources {
        /// Where the inventory names none.
        heartbeat: Duration = Duration::hours(24),
        /// At least, else twice the log's own longest gap.
        update_log: Duration = Duration::days(3),
        /// Failures in a row.
        update_failures: u32 = 3,
        /// Feeds and scanner databases older than this are stale.
        feed_age: Duration = Duration::days(3),
    }
}

settings! {
    /// An application's own words for success and failure.
    Pattern {
        /// The probe's name.
        name: String = String::new(),
        /// The asset.
        asset: String = String::new(),
        /// Text, or `/regex/`, of a success.
        r#match: String = String::new(),
        /// Text, or `/regex/`, of a failure.
        fail: String = String::new(),
    }
}

settings! {
    /// Patch days, scans and blackouts.
    Calendar {
        /// `2nd Tue + 5d`; empty: none.
        patch_day: String = String::new(),
        /// `weekly Mon`, `monthly 1`; empty: no scan is expected.
        scan: String = String::new(),
        /// A scan is judged this long after the end of its day.
        scan_grace: Duration = Duration::days(1),
        /// Days on which nothing is deployed, both inclusive.
        blackout: Vec<Blackout> = Vec::new(),
    }
}

impl Calendar {
    /// Why nothing may be deployed at this time on clocks of this zone, if that is so.
    pub fn blackout_at(&self, at: jiff::Timestamp, zone: &jiff::tz::TimeZone) -> Option<&str> {
        let today = zone.to_datetime(at).date();
        self.blackout.iter().find(|b| b.days().is_some_and(|(from, to)| from <= today && today <= to)).map(|b| &*b.why)
    }
}

impl Blackout {
    /// Its first and last day.
    pub fn days(&self) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
        let day = |at: &toml::value::Datetime| {
            let date = at.date?;
            jiff::civil::Date::new(date.year.try_into().ok()?, date.month as i8, date.day as i8).ok()
        };
        Some((day(&self.from)?, day(&self.to)?))
    }
}

/// Days on which nothing is deployed, both inclusive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Blackout {
    /// First day.
    #[schemars(with = "String")]
    pub from: toml::value::Datetime,
    /// Last day.
    #[schemars(with = "String")]
    pub to: toml::value::Datetime,
    /// Shown in the digest.
    #[serde(default)]
    pub why: String,
}

settings! {
    /// Accounts and their reviews.
    Access {
        /// An account without logon this long is inactive.
        inactive_after: Duration = Duration::days(45),
        /// The same for service accounts.
        inactive_service_after: Duration = Duration::days(400),
        /// Accounts are reviewed this often.
        review_every: Duration = Duration::days(90),
        /// Accounts, contracts, certificates and exceptions are listed this long before they end.
        ending_within: Duration = Duration::days(30),
    }
}

settings! {
    /// Bands and triage of exploited flaws.
    Exploited {
        /// The decision table; empty: the shipped one.
        bands: Vec<Band> = Vec::new(),
        /// From the entry in the catalogue to a list of assets.
        triage_scope: Duration = Duration::hours(2),
        /// To evidence kept, before patching.
        triage_preserve: Duration = Duration::hours(24),
        /// To a decision.
        triage_decide: Duration = Duration::hours(72),
    }
}

/// One row of the decision table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Reachable from the internet.
    pub exposed: bool,
    /// In CISA's catalogue.
    pub kev: bool,
    /// Vulnrichment: automatable.
    pub automatable: bool,
    /// Vulnrichment: total technical impact.
    pub total: bool,
    /// Time to deploy; absent: with the next upgrade.
    #[serde(default)]
    pub deploy: Option<Duration>,
    /// Triage for prior compromise.
    #[serde(default)]
    pub triage: bool,
}

impl Policy {
    /// Reads a policy; `None` where it cannot be used, so that the old one stays.
    pub fn read(file: &Path, text: &str) -> (Option<Policy>, Vec<Problem>) {
        match toml::from_str(text) {
            Ok(policy) => (Some(policy), Vec::new()),
            Err(e) => (None, vec![toml_problem(file, text, &e)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_holds_only_what_differs() {
        let (policy, problems) = Policy::read(
            Path::new("policy.toml"),
            "[deadlines.important]\ndeploy = \"7d\"\n[verify]\nhealth = \"1h\"\n",
        );
        assert_eq!(problems, []);
        let policy = policy.unwrap();
        assert_eq!(policy.deadlines.important.deploy, Duration::days(7));
        assert_eq!(policy.deadlines.important.verify, Duration::days(7));
        assert_eq!(policy.deadlines.critical, Deadlines::default().critical);
        assert_eq!(policy.verify.health, Duration::hours(1));
        assert_eq!(policy.verify.boot_return, Duration::minutes(15));
    }

    #[test]
    fn an_unknown_key_or_a_bad_duration_is_named_with_its_line() {
        let (policy, problems) = Policy::read(Path::new("policy.toml"), "[deploy]\nstuckk = \"2h\"\n");
        assert!(policy.is_none());
        assert_eq!(problems[0].line, 2);
        assert!(problems[0].what.contains("stuckk"));
        let (_, problems) = Policy::read(Path::new("policy.toml"), "\n[deploy]\nstuck = \"soon\"\n");
        assert_eq!(problems[0].line, 3);
        assert!(problems[0].what.contains("soon"));
    }
}
