//! How urgent a case is and until when each step must be done.

use jiff::Timestamp;

use super::course::Band;
use crate::{
    Asset,
    case::Class,
    duration::Duration,
    inputs::{Advisory, Policy, policy::ClassRule},
};

/// That a flaw is being exploited, as far as one case is concerned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kev {
    /// When its entry was first seen.
    pub seen: Timestamp,
    /// CISA's own due date, its last second.
    pub due: Option<Timestamp>,
}

/// The class: exploited flaws are critical whatever the advisory says, then what it says, then the policy's rules.
pub fn class(advisory: &Advisory, asset: &Asset, policy: &Policy, kev: bool, epss: Option<f64>) -> Class {
    let rules = &policy.class;
    if kev && rules.critical.kev {
        return Class::Critical;
    }
    if let Some(class) = advisory.class {
        return class;
    }
    let applies = |rule: &ClassRule| {
        let exposed = match rule.exposure.as_deref() {
            Some("internet") => asset.internet,
            Some(_) => !asset.internet,
            None => true,
        };
        let level = |s: Option<&str>| ["low", "medium", "high", "critical"].iter().position(|l| Some(*l) == s);
        let severe = level(rule.severity.as_deref())
            .is_some_and(|least| level(advisory.severity.as_deref()).is_some_and(|l| l >= least));
        (rule.kev && kev) || rule.epss.is_some_and(|least| epss.is_some_and(|e| e >= least)) || (severe && exposed)
    };
    if applies(&rules.critical) {
        Class::Critical
    } else if applies(&rules.important) {
        Class::Important
    } else {
        Class::Minor
    }
}

/// Until when the patch must be on disk. For exploited flaws the clock starts when both the flaw and its entry were
/// known, and CISA's date counts where it is earlier.
pub fn deploy(advisory: &Advisory, policy: &Policy, class: Class, kev: Option<Kev>, mitigated: bool) -> Timestamp {
    let time = policy.deadlines.of(class).deploy;
    match kev {
        Some(kev) => {
            let ours = time.after(advisory.published.max(kev.seen));
            kev.due.map_or(ours, |due| due.min(ours))
        }
        None if mitigated => time.times(policy.class.mitigated_factor.max(1.0)).after(advisory.published),
        None => time.after(advisory.published),
    }
}

/// How long a reboot may take on this platform.
pub fn boot_return(asset: &Asset, policy: &Policy) -> Duration {
    let family = asset.platform.split(':').next().unwrap_or("");
    let slow = ["windows", "fortios", "ios", "ios-xe", "nxos", "panos", "junos"].contains(&family);
    if slow { policy.verify.boot_return_slow } else { policy.verify.boot_return }
}

/// Exposed, in the catalogue of exploited flaws, automatable, total impact: what CISA's directive BOD 26-04 asks.
type Flaw = (bool, bool, bool, bool);

/// How soon such a flaw must be gone. The first row is the directive's; the others are our reading of where it leads, and an
/// organisation's policy may hold its own.
const SHIPPED: &[(Flaw, Band)] = &[
    ((true, true, true, true), days(3, true)),
    ((true, true, true, false), days(14, false)),
    ((true, true, false, true), days(14, false)),
    ((true, true, false, false), days(14, false)),
    ((false, true, true, true), days(14, false)),
    ((false, true, true, false), days(14, false)),
    ((false, true, false, true), days(14, false)),
    ((false, true, false, false), days(60, false)),
    ((true, false, true, true), days(14, false)),
    ((true, false, true, false), days(60, false)),
    ((true, false, false, true), days(60, false)),
    ((true, false, false, false), Band { deploy: None, triage: false }),
    ((false, false, true, true), days(60, false)),
    ((false, false, true, false), Band { deploy: None, triage: false }),
    ((false, false, false, true), Band { deploy: None, triage: false }),
    ((false, false, false, false), Band { deploy: None, triage: false }),
];

const fn days(days: i64, triage: bool) -> Band {
    Band { deploy: Some(Duration::days(days)), triage }
}

/// What the decision table says. Unknown values give no band.
pub fn band(asset: &Asset, policy: &Policy, kev: bool, automatable: Option<bool>, total: Option<bool>) -> Option<Band> {
    let (automatable, total) = (automatable?, total?);
    let key = (asset.internet, kev, automatable, total);
    if policy.exploited.bands.is_empty() {
        return SHIPPED.iter().find(|(row, _)| *row == key).map(|(_, band)| *band);
    }
    let row = policy.exploited.bands.iter().find(|b| (b.exposed, b.kev, b.automatable, b.total) == key)?;
    Some(Band { deploy: row.deploy, triage: row.triage })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn advisory(class: &str) -> Advisory {
        let text = format!("id = \"A\"\npublished = 2026-11-20T10:00:00Z\n{class}\n");
        Advisory::read(Path::new("a.toml"), &text).unwrap()
    }

    #[test]
    fn an_exploited_flaw_is_due_two_days_after_it_was_known_or_when_cisa_says() {
        let (policy, advisory) = (Policy::default(), advisory("class = \"minor\""));
        let class = class(&advisory, &Asset::default(), &policy, true, None);
        assert_eq!(class, Class::Critical);
        let due = |seen: &str, due: Option<&str>| {
            let kev = Kev { seen: seen.parse().unwrap(), due: due.map(|d| d.parse().unwrap()) };
            deploy(&advisory, &policy, class, Some(kev), true).to_string()
        };
        assert_eq!(due("2026-11-18T00:00:00Z", None), "2026-11-22T10:00:00Z");
        assert_eq!(due("2026-11-21T00:00:00Z", None), "2026-11-23T00:00:00Z");
        assert_eq!(due("2026-11-21T00:00:00Z", Some("2026-11-22T23:59:59Z")), "2026-11-22T23:59:59Z");
    }

    #[test]
    fn an_advisory_without_a_class_gets_the_highest_that_applies() {
        let policy = Policy::default();
        let of = |severity: &str, internet: bool, epss: f64| {
            let advisory = advisory(&format!("severity = \"{severity}\""));
            class(&advisory, &Asset { internet, ..Asset::default() }, &policy, false, Some(epss))
        };
        assert_eq!(of("critical", true, 0.0), Class::Critical);
        assert_eq!(of("critical", false, 0.0), Class::Important);
        assert_eq!(of("high", true, 0.0), Class::Important);
        assert_eq!(of("low", true, 0.6), Class::Critical);
        assert_eq!(of("low", true, 0.1), Class::Minor);
    }

    #[test]
    fn a_workaround_doubles_the_time_but_never_for_exploited_flaws() {
        let (policy, advisory) = (Policy::default(), advisory("class = \"important\""));
        let due = deploy(&advisory, &policy, Class::Important, None, true);
        assert_eq!(due.to_string(), "2026-12-18T10:00:00Z");
    }
}
