//! Objects that the tests put in.
#![allow(dead_code, missing_docs)]

use std::collections::BTreeMap;

use jiff::Timestamp;
use roundsman_rules::{
    alert::{Alert, Evidence, RuleRef, Severity, Status, alert_id},
    case::{Check, CheckResult, Checks, Class, Due, PatchCase, State, Transition},
};
use roundsman_sinks::{RouteConfig, Routes, Store};
use tempfile::TempDir;

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a time of the test")
}

pub fn alert(name: &str, severity: Severity, raised: &str) -> Alert {
    let key = BTreeMap::from([("source.ip".to_owned(), "198.51.100.23".to_owned())]);
    let time = at(raised);
    Alert {
        kind: "alert".to_owned(),
        id: alert_id(name, &key, raised),
        rule: RuleRef { id: name.to_owned(), name: format!("Rule {name}"), tags: vec!["attack.t1110".to_owned()] },
        severity,
        status: Status::New,
        title: format!("{name} from 198.51.100.23"),
        key,
        hosts: vec!["mail1".to_owned()],
        count: 12,
        first: time,
        last: time,
        raised: time,
        cleared: None,
        case: None,
        evidence: vec![Evidence {
            id: "00112233aabbccdd".to_owned(),
            received: time,
            host: Some("mail1".to_owned()),
            raw: "Failed password for root from 198.51.100.23 port 50022 ssh2".to_owned(),
        }],
        why: "12 failed logons within 5 minutes".to_owned(),
        next: "Look for a success from the same address".to_owned(),
    }
}

pub fn case(id: &str, class: Class, opened: &str, path: &[(&str, State)]) -> PatchCase {
    let (asset, advisory) = id.split_once('/').expect("asset/advisory");
    let pending = Check { result: CheckResult::Pending, why: "not yet".to_owned(), evidence: vec![], deadline: None };
    let step = |(time, state): &(&str, State)| Transition {
        at: at(time),
        state: *state,
        why: format!("{state:?}"),
        evidence: vec![],
    };
    let installed = path.iter().find(|(_, s)| *s == State::Installed).map(|(t, _)| at(t));
    PatchCase {
        kind: "case".to_owned(),
        id: id.to_owned(),
        asset: (!asset.starts_with("group:")).then(|| asset.to_owned()),
        advisory: advisory.to_owned(),
        state: path.last().map_or(State::Open, |(_, s)| *s),
        class,
        kev: false,
        watch: false,
        opened: at(opened),
        due: Due::default(),
        installed,
        activated: None,
        observed: None,
        running: None,
        trust: "high".to_owned(),
        overdue: false,
        reopened: 0,
        exception: None,
        checks: Checks { health: pending.clone(), function: pending.clone(), logs: pending.clone(), closure: pending },
        triage: None,
        history: path.iter().map(step).collect(),
        alerts: vec![],
        members: None,
        more: BTreeMap::new(),
    }
}

/// A store in a folder of its own; the folder goes with the guard.
pub async fn store() -> (Store, TempDir) {
    let dir = tempfile::tempdir().expect("a folder");
    (Store::open("sqlite:test.db", dir.path()).await.expect("a new store opens"), dir)
}

/// Routes that take `level` and above to all of these channels.
pub fn routes(level: Severity, channels: &[&str]) -> Routes {
    let names: Vec<String> = channels.iter().map(|c| (*c).to_owned()).collect();
    Routes::new(&[RouteConfig { severity: level, channels: names.clone() }], &names).expect("the channels exist")
}
