//! A small organisation on a Monday morning.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use roundsman_rules::{
    Alert, Evidence, PatchCase, RuleRef, Severity, Status,
    alert::{alert_id, evidence_id},
    case::{Check, CheckResult, Checks, Class, Due, State, Transition},
    silence,
};
use roundsman_sinks::{
    Routes, Store,
    digest::{Digest, Meeting, Period, build},
    store::{Commit, Count},
};

use crate::console::RuleCard;

/// A line that would like to be a script.
pub const HOSTILE: &str =
    "203.0.113.7 - - \"GET /?q=<script>alert(1)</script> HTTP/1.1\" 200 \"><img src=x onerror=alert(2)>";

/// A rule of the sample: id, level, title, why and what first.
type Story = (&'static str, Severity, &'static str, &'static str, &'static str);

const STORIES: &[Story] = &[
    (
        "guessed",
        Severity::Critical,
        "Logon after password guessing",
        "203.0.113.7 failed 47 times as 9 users on web1 within 6 min, then logged on as ops.",
        "Lock ops, end its sessions on web1, and ask whether that was them.",
    ),
    (
        "traversal",
        Severity::High,
        "Path traversal that the server answered",
        "web1 answered 3 requests for ../../etc/passwd from 198.51.100.20 with 200.",
        "Look at what was sent back, and take the path out of service.",
    ),
    (
        "PV04",
        Severity::High,
        "Rebooted, but still the old version",
        "db1 booted 6.1.0-41 at 02:14, while 6.1.0-43 has been on disk since 01:53.",
        "Look at the boot loader's default, then reboot into the new kernel.",
    ),
    (
        "new-admin",
        Severity::High,
        "New administrator without a change record",
        "j.weber joined sudo on files1 at 23:41; no change record explains it.",
        "Ask the owner of files1; write a change record if it was planned.",
    ),
    (
        "guessing",
        Severity::Medium,
        "Password guessing from the internet",
        "192.0.2.81 failed 212 times as 40 users on web1 and mail1; none succeeded.",
        "Nothing tonight: see that the accounts exist nowhere else.",
    ),
    (
        "scanner",
        Severity::Medium,
        "Web scanner",
        "198.51.100.77 asked for 380 paths that do not exist within 4 min.",
        "Nothing tonight: block the address if it returns.",
    ),
    (
        "sudo",
        Severity::Medium,
        "Wrong sudo password",
        "m.klein typed a wrong sudo password 5 times on files1.",
        "Ask m.klein.",
    ),
];

/// Fills a store with what has happened up to `now`.
pub async fn fill(store: &Store, now: Timestamp) {
    let ago = |minutes: i64| now - SignedDuration::from_mins(minutes);
    let mut alerts: Vec<Alert> = STORIES.iter().zip(1..).map(|(story, n)| alert(story, ago(n * 47))).collect();
    alerts[1].evidence.push(evidence("web1", ago(94), HOSTILE));
    alerts[2].case = Some("db1/DSA-9107".into());
    alerts[2].key = BTreeMap::from([("case".into(), "db1/DSA-9107".into())]);
    alerts[2].hosts = vec!["db1".into()];
    alerts.push(silence(ago(190)));
    let commit = Commit { at: now, alerts, cases: cases(now), counts: counts(now), ..Commit::default() };
    store.commit(&commit, &Routes::default()).await.unwrap();
    let sent = digest(store, "2026-W47").await.unwrap();
    store.publish_digest(&sent, now, &[]).await.unwrap();
}

fn alert(&(rule, severity, title, why, next): &Story, raised: Timestamp) -> Alert {
    let key = BTreeMap::from([("source.ip".to_owned(), "203.0.113.7".to_owned())]);
    let lines = [
        "Nov 22 01:50:31 web1 sshd[8120]: Failed password for invalid user admin from 203.0.113.7 port 40122 ssh2",
        "Nov 22 01:52:02 web1 sshd[8164]: Failed password for ops from 203.0.113.7 port 40588 ssh2",
        "Nov 22 01:56:40 web1 sshd[8201]: Accepted password for ops from 203.0.113.7 port 41020 ssh2",
    ];
    Alert {
        kind: "alert".into(),
        id: alert_id(rule, &key, lines[0]),
        rule: RuleRef { id: rule.into(), name: title.into(), tags: vec!["attack.t1110".into()] },
        severity,
        status: Status::New,
        title: title.into(),
        key,
        hosts: vec!["web1".into()],
        count: 48,
        first: raised - SignedDuration::from_mins(6),
        last: raised,
        raised,
        cleared: None,
        case: None,
        evidence: lines.iter().map(|line| evidence("web1", raised, line)).collect(),
        why: why.into(),
        next: next.into(),
    }
}

fn evidence(host: &str, received: Timestamp, raw: &str) -> Evidence {
    let id = evidence_id(host, "", raw.as_bytes(), received);
    Evidence { id, received, host: Some(host.into()), raw: raw.into() }
}

fn silence(raised: Timestamp) -> Alert {
    let story = (
        "",
        Severity::High,
        "Host went silent",
        "backup1 has sent nothing for 3 h; it speaks every 10 min.",
        "See whether it is up.",
    );
    let key = BTreeMap::from([("host.name".to_owned(), "backup1".to_owned())]);
    let rule = RuleRef { id: silence::RULE.into(), name: story.2.into(), tags: vec![] };
    let id = alert_id(&rule.id, &key, "");
    Alert { rule, id, key, hosts: vec!["backup1".into()], evidence: vec![], count: 0, ..alert(&story, raised) }
}

fn counts(now: Timestamp) -> Vec<Count> {
    let day = now.to_zoned(TimeZone::UTC).date();
    let rows = [
        ("web1", "sshd", 18_204, 0, 0),
        ("web1", "nginx", 1_204_551, 0, 0),
        ("web1", "unknown", 812, 812, 2),
        ("db1", "postgresql", 240_190, 0, 1),
        ("db1", "kernel", 2_114, 0, 30),
        ("files1", "sudo", 310, 0, 7),
        ("mail1", "sshd", 9_911, 0, 0),
        ("edge-fw", "fortigate", 5_810_233, 0, 0),
        ("backup1", "systemd", 4_020, 0, 190),
    ];
    let count = |(host, format, lines, unknown, quiet): (&str, &str, u64, u64, i64)| Count {
        day,
        host: host.into(),
        source: "tcp://0.0.0.0:5514".into(),
        format: format.into(),
        lines,
        unknown,
        last: now - SignedDuration::from_mins(quiet) - SignedDuration::from_secs(12),
    };
    rows.into_iter().map(count).collect()
}

fn cases(now: Timestamp) -> Vec<PatchCase> {
    let (pass, fail, wait) = (CheckResult::Pass, CheckResult::Fail, CheckResult::Pending);
    let mut late = case("mail1", "DSA-9088", State::Open, Class::Important, [wait; 4], now);
    late.overdue = true;
    late.opened = now - SignedDuration::from_hours(24 * 19);
    late.due.deploy = Some(now - SignedDuration::from_hours(24 * 5));
    (late.installed, late.activated, late.running) = (None, None, None);
    let mut pending = case("db1", "DSA-9107", State::PendingActivation, Class::Critical, [wait; 4], now);
    (pending.kev, pending.watch, pending.activated, pending.running) = (true, true, None, Some("6.1.0-41".into()));
    pending.alerts =
        vec![alert_id("PV04", &BTreeMap::from([("source.ip".into(), "203.0.113.7".into())]), STORIES[0].0)];
    vec![
        case("lab 7?", "IN-HOUSE #2 100%", State::Verified, Class::Minor, [pass; 4], now),
        case("web1", "DSA-9104", State::Verified, Class::Important, [pass; 4], now),
        case("files1", "DSA-9104", State::VerifyFailed, Class::Important, [pass, fail, pass, wait], now),
        case(
            "edge-fw",
            "FG-2026-31",
            State::Verifying,
            Class::Critical,
            [pass, CheckResult::Waived, wait, CheckResult::Stale],
            now,
        ),
        pending,
        late,
    ]
}

fn case(
    asset: &str,
    advisory: &str,
    state: State,
    class: Class,
    checks: [CheckResult; 4],
    now: Timestamp,
) -> PatchCase {
    let hours = |n: i64| now + SignedDuration::from_hours(n);
    let step = |n: i64, state: State, why: &str| Transition {
        at: hours(n),
        state,
        why: why.into(),
        evidence: vec!["77aa01c2d3e4f506".into()],
    };
    let why = |result| match result {
        CheckResult::Pass => {
            "nginx.service and ssh.service started 4 min after the install; no unit failed within 30 min."
        }
        CheckResult::Fail => "web-login answered with fail at 03:20 and 03:25, two in a row.",
        CheckResult::Waived => "waived by anna: this device has no probe.",
        CheckResult::Stale => "the newest scan (2026-11-20) is older than the activation.",
        _ => "nothing newer than the activation yet.",
    };
    let check = |result, deadline| {
        let evidence = if result == CheckResult::Pass { vec!["1f0c9a77be21d3c4".into()] } else { vec![] };
        Check { result, why: why(result).into(), evidence, deadline: Some(hours(deadline)) }
    };
    let [health, function, logs, closure] = checks;
    PatchCase {
        kind: "case".into(),
        id: format!("{asset}/{advisory}"),
        asset: Some(asset.into()),
        advisory: advisory.into(),
        state,
        class,
        kev: false,
        watch: false,
        opened: hours(-90),
        due: Due { deploy: Some(hours(240)), activate: Some(hours(-4)), verify: Some(hours(130)) },
        installed: Some(hours(-30)),
        activated: Some(hours(-29)),
        observed: Some("3.0.22-1~deb12u2".into()),
        running: Some("3.0.22-1~deb12u2".into()),
        trust: "high".into(),
        overdue: false,
        reopened: 0,
        exception: None,
        checks: Checks {
            health: check(health, -28),
            function: check(function, 43),
            logs: check(logs, 43),
            closure: check(closure, 130),
        },
        triage: None,
        history: vec![
            step(-90, State::Open, "libssl3 3.0.20-1~deb12u1 is older than 3.0.22-1~deb12u2."),
            step(-30, State::Installed, "dpkg: status installed libssl3:amd64 3.0.22-1~deb12u2."),
            step(-29, state, "nginx.service and ssh.service started after the install."),
        ],
        alerts: vec![],
        members: None,
        more: BTreeMap::new(),
    }
}

/// The digest of a period as the store would have it now; `None` where the name is no period.
pub async fn digest(store: &Store, name: &str) -> Option<Digest> {
    let period = Period::parse(name, &TimeZone::UTC).ok()?;
    Some(build(&Meeting::read(store, period).await.unwrap()))
}

/// Rules that are loaded.
pub fn rules() -> Vec<RuleCard> {
    let card = |&(id, level, title, why, next): &Story| RuleCard {
        id: id.into(),
        title: title.into(),
        level: Some(level.as_str().into()),
        logsource: "linux/sshd".into(),
        tags: vec!["attack.t1110".into()],
        why: Some(why.into()),
        next: Some(next.into()),
        fired: 0,
    };
    STORIES.iter().map(card).collect()
}
