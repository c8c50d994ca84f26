//! Each platform's records, and what they prove: every row goes through the parser as it would arrive.

use roundsman_ingest::{Kind, Origin, Record, Transport, formats, parse::Parser};

use super::*;
use crate::patch::fact::UpdateStep;

const RECEIVED: &str = "2026-11-22T09:15:00Z";

/// What a record says that came from this file (empty: over the network), and when that was.
fn looked(path: &str, raw: &str) -> Findings {
    let mut origin = Origin::new(Transport::Tls, "test");
    origin.host = Some("host1".into());
    origin.path = Some(path).filter(|p| !p.is_empty()).map(Into::into);
    let received = RECEIVED.parse().unwrap();
    let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw: raw.as_bytes() };
    let event = Parser::default().parse(&record, Event::new(&record));
    let mut findings = Findings::default();
    Lens.look(&event, &mut findings);
    findings
}

fn facts(path: &str, raw: &str) -> Vec<Fact> {
    looked(path, raw).observations.into_iter().map(|o| o.fact).collect()
}

fn op(package: &str, arch: &str, old: &str, new: &str) -> Operation {
    let version = |v: &str| Some(v.to_owned()).filter(|v| !v.is_empty());
    Operation { package: package.into(), arch: arch.into(), old: version(old), new: version(new) }
}

fn status(package: &str, arch: &str, version: Option<&str>, state: PackageState) -> Fact {
    Fact::Status { package: package.into(), arch: arch.into(), version: version.map(Into::into), state }
}

fn installed(package: &str, arch: &str, version: &str) -> Fact {
    status(package, arch, Some(version), PackageState::Installed)
}

fn done(package: &str, arch: &str, old: &str, new: &str) -> Vec<Fact> {
    vec![Fact::Begins(op(package, arch, old, new)), installed(package, arch, new)]
}

fn update(name: &str, step: UpdateStep) -> Vec<Fact> {
    vec![Fact::Update { name: name.into(), step, code: None }]
}

fn runs(product: &str, version: &str) -> Vec<Fact> {
    vec![Fact::Runs { product: product.into(), version: version.into() }]
}

#[test]
fn every_format_that_is_read_exists() {
    let known: Vec<&str> = formats::FORMATS.iter().map(|format| format.name()).collect();
    for name in FAMILIES.iter().copied().flatten().flat_map(|reader| reader.formats) {
        assert!(known.contains(name), "{name}");
    }
}

#[test]
fn dnf_names_what_comes_and_what_has_gone_in_opposite_words() {
    let log = "/var/log/dnf.rpm.log";
    let stamp = "2026-11-22T09:14:07+0000 SUBDEBUG";
    let begins = |new: &str| vec![Fact::Begins(op("shop-db", "noarch", "", new))];
    assert_eq!(facts(log, &format!("{stamp} Upgrade: shop-db-2:3.4-2.el9_4.noarch")), begins("2:3.4-2.el9_4"));
    assert_eq!(facts(log, &format!("{stamp} Downgrade: shop-db-2:3.4-1.el9.noarch")), begins("2:3.4-1.el9"));
    // what is named has gone: only that the other has come follows, in whatever version was begun
    let through = vec![status("shop-db", "noarch", None, PackageState::Installed)];
    assert_eq!(facts(log, &format!("{stamp} Upgraded: shop-db-2:3.4-1.el9.noarch")), through);
    assert_eq!(facts(log, &format!("{stamp} Downgraded: shop-db-2:3.4-2.el9_4.noarch")), through);
}

#[test]
fn dnfs_summary_is_true_only_of_what_nothing_finer_has_said() {
    let said = facts("/var/log/dnf.log", "2026-11-22T09:14:09+0000 DEBUG Upgraded: shop-db-2:3.4-2.el9_4.noarch");
    let [Fact::Transaction { operations, end: Some(_), error: None, .. }] = &said[..] else { panic!("{said:?}") };
    assert_eq!(operations, &[op("shop-db", "noarch", "", "2:3.4-2.el9_4")]);
    let ran = Fact::Updater { name: "dnf".into(), run: Run::Ran };
    assert_eq!(facts("/var/log/dnf.log", "2026-11-22T09:14:09+0000 INFO Complete!"), [ran], "it ran, and that is all");
}

#[test]
fn a_scriptlet_that_failed_is_told_by_either_of_its_lines() {
    for raw in [
        "2026-11-22T09:14:08+0000 ERROR Error in POSTIN scriptlet in rpm package shop-db",
        "warning: %post(shop-db-2:3.4-2.el9_4.noarch) scriptlet failed, exit status 1",
    ] {
        let said = facts("/var/log/dnf.rpm.log", raw);
        assert!(matches!(&said[..], [Fact::ScriptFailed { package, .. }] if package == "shop-db"), "{said:?}");
    }
}

#[test]
fn yum_names_what_has_come() {
    let raw = "Nov 22 09:14:07 Updated: 1:openssl-libs-1.0.2k-26.el7_9.x86_64";
    assert_eq!(facts("/var/log/yum.log", raw), done("openssl-libs", "x86_64", "", "1:1.0.2k-26.el7_9"));
}

#[test]
fn a_repository_out_of_reach_is_the_updaters_failure() {
    let failed = |name: &str| vec![Fact::Updater { name: name.into(), run: Run::Failed }];
    let dnf = "2026-11-22T09:14:07+0000 ERROR Error: Failed to download metadata for repo 'base': Cannot download";
    assert_eq!(facts("/var/log/dnf.log", dnf), failed("dnf"));
    let apt = "<30>Nov 22 09:14:07 host1 apt-get[77]: Err:1 http://deb.example.net/debian bookworm InRelease";
    assert_eq!(facts("", apt), failed("apt"));
    let lock = "<30>Nov 22 09:14:07 host1 apt-get[77]: E: Could not get lock /var/lib/dpkg/lock-frontend. It is held";
    assert_eq!(facts("", lock), failed("apt"));
}

#[test]
fn zypper_states_the_outcome_of_packages_and_patches() {
    let log = "/var/log/zypp/history";
    let patch = |applied| vec![Fact::Patch { name: "SUSE-2026-4711".into(), applied }];
    let line = |states: &str| {
        format!("2026-11-22 09:14:07|patch  |SUSE-2026-4711|1|noarch|update|important|security|{states}|")
    };
    assert_eq!(facts(log, &line("needed|applied")), patch(true));
    assert_eq!(facts(log, &line("applied|needed")), patch(false));
    let install = "2026-11-22 09:14:07|install|shop|1.0-1.el9|noarch|root@host1|main|5d1c2e|";
    assert_eq!(facts(log, install), done("shop", "noarch", "", "1.0-1.el9"));
    let failed = facts(log, "# 2026-11-22 09:14:07 shop-1.0-2.el9.noarch.rpm install failed");
    assert!(matches!(&failed[..], [Fact::Broken { package, .. }] if package == "shop"), "{failed:?}");
}

#[test]
fn pacman_names_both_versions_and_its_transaction_proves_nothing() {
    let log = "/var/log/pacman.log";
    let alpm = "[2026-11-22T09:14:07+0000] [ALPM]";
    assert_eq!(facts(log, &format!("{alpm} upgraded shop (1.0-1 -> 1.1-1)")), done("shop", "", "1.0-1", "1.1-1"));
    assert_eq!(facts(log, &format!("{alpm} downgraded shop (1.1-1 -> 1.0-1)")), done("shop", "", "1.1-1", "1.0-1"));
    let ran = Fact::Updater { name: "pacman".into(), run: Run::Ran };
    assert_eq!(facts(log, &format!("{alpm} transaction completed")), [ran], "it ran, and that is all");
    let script = "[2026-11-22T09:14:07+0000] [ALPM-SCRIPTLET] upgraded shop (1.0-1 -> 9-9)";
    assert_eq!(facts(log, script), [], "a package's own words name no version");
}

#[test]
fn apk_and_snap_name_the_version_that_has_come() {
    let apk = "<30>Nov 22 09:14:07 host1 apk[9]: (1/2) Upgrading openssl (3.1.4-r0 -> 3.1.5-r0)";
    assert_eq!(facts("", apk), done("openssl", "", "3.1.4-r0", "3.1.5-r0"));
    let apk = "<30>Nov 22 09:14:07 host1 apk[9]: ERROR: openssl-3.1.5-r0.post-upgrade: script exited with error 1";
    assert!(matches!(&facts("", apk)[..], [Fact::ScriptFailed { package, .. }] if package == "openssl"));
    let snap = "<30>Nov 22 09:14:07 host1 snap[9]: hello (stable) 2.10 from Example Publisher refreshed";
    assert_eq!(facts("", snap), done("hello", "", "", "2.10"));
    let idle = "<30>Nov 22 09:14:07 host1 snapd[9]: storehelpers.go:769: auto-refresh: all snaps are up-to-date";
    assert_eq!(facts("", idle), [Fact::Updater { name: "snapd".into(), run: Run::Ran }]);
}

/// A Windows event in the shape of evtx.
fn windows(provider: &str, id: u32, data: &str) -> Vec<Fact> {
    let system = format!(
        r##""System":{{"Provider":{{"#attributes":{{"Name":"{provider}"}}}},"EventID":{id},"Level":4,"TimeCreated":{{"#attributes":{{"SystemTime":"2026-11-22T09:14:07.250000Z"}}}},"Channel":"System","Computer":"host1"}}"##
    );
    facts("", &format!(r#"{{"Event":{{{system},{data}}}}}"#))
}

const CLIENT: &str = "Microsoft-Windows-WindowsUpdateClient";

fn client(id: u32, title: &str) -> Vec<Fact> {
    windows(CLIENT, id, &format!(r#""EventData":{{"updateTitle":"{title}","errorCode":"0x80248007"}}"#))
}

#[test]
fn windows_update_names_its_kb_only_in_the_title() {
    let title = "2026-11 Cumulative Update for Windows 11 Version 24H2 for x64-based Systems (KB5099001)";
    for (id, step) in [
        (44, UpdateStep::Ready),
        (43, UpdateStep::Started),
        (19, UpdateStep::Installed),
        (22, UpdateStep::NeedsRestart),
        (23, UpdateStep::Removed),
    ] {
        assert_eq!(client(id, title), update("KB5099001", step), "{id}");
    }
    let code = Some("0x80248007".to_owned());
    assert_eq!(client(20, title), [Fact::Update { name: "KB5099001".into(), step: UpdateStep::Failed, code }]);
    assert_eq!(client(25, ""), [Fact::Updater { name: "windows_update".into(), run: Run::Failed }]);
}

#[test]
fn definitions_and_apps_of_the_store_are_no_patches() {
    let definitions = "Security Intelligence Update for Microsoft Defender Antivirus - KB2267602 (Version 1.421.9.0)";
    for title in [definitions, "9NBLGGH3FRZM-Microsoft.VCLibs.140.00", "Microsoft Sticky Notes"] {
        assert_eq!(client(19, title), [], "{title}");
    }
}

#[test]
fn the_boot_events_own_values_hold_the_build_and_its_revision() {
    let boot = |version: Option<&str>| vec![Fact::Boot { version: version.map(Into::into) }];
    let twelve = r#""EventData":{"MajorVersion":10,"MinorVersion":0,"BuildVersion":26100,"QfeVersion":4652,"StartTime":"2026-11-22T09:14:00Z"}"#;
    assert_eq!(windows("Microsoft-Windows-Kernel-General", 12, twelve), boot(Some("26100.4652")));
    let rendered = r#""EventData":{"StartTime":"2026-11-22T09:14:00Z"}"#;
    assert_eq!(windows("Microsoft-Windows-Kernel-General", 12, rendered), boot(None));
    let old = r##""EventData":{"Data":{"#text":["10.00.","26100","","Multiprocessor Free","0"]}}"##;
    assert_eq!(windows("EventLog", 6009, old), boot(None), "a build without its revision is none");
    assert_eq!(windows("Microsoft-Windows-Sysmon", 12, twelve), [], "another provider's event 12");
}

#[test]
fn windows_restarts_and_services_are_told() {
    let why = |what: &str| format!(r#""EventData":{{"param1":"svchost.exe","param5":"{what}"}}"#);
    assert_eq!(windows("User32", 1074, &why("restart")), [Fact::Rebooting]);
    assert_eq!(windows("User32", 1074, &why("power off")), []);
    let spooler = r#""EventData":{"param1":"Spooler","param2":"%%1"}"#;
    assert!(matches!(&windows("Service Control Manager", 7031, spooler)[..], [Fact::Failed { .. }]));
}

#[test]
fn setup_begins_nothing_anew_while_a_restart_is_pending() {
    let setup = |id: u32, name: &str, initial: &str, intended: &str| {
        let values = format!(
            r#""PackageIdentifier":"KB5099001","InitialPackageStateTextized":"{initial}","IntendedPackageStateTextized":"{intended}""#
        );
        windows("Microsoft-Windows-Servicing", id, &format!(r#""UserData":{{"{name}":{{{values}}}}}"#))
    };
    assert_eq!(setup(1, "CbsPackageInitiateChanges", "Absent", "Installed"), update("KB5099001", UpdateStep::Started));
    assert_eq!(setup(1, "CbsPackageInitiateChanges", "Installed", "Installed"), []);
    assert_eq!(setup(2, "CbsPackageChangeState", "Absent", "Installed"), update("KB5099001", UpdateStep::Installed));
    assert_eq!(setup(2, "CbsPackageChangeState", "Absent", "Staged"), []);
    assert_eq!(setup(4, "CbsUpdateChangeState", "Absent", "Installed"), update("KB5099001", UpdateStep::NeedsRestart));
}

#[test]
fn a_fortigate_names_both_versions_of_a_restored_image() {
    let line = |logid: &str, status: &str, msg: &str| {
        format!(
            r#"<185>date=2026-11-22 time=09:14:07 devname="edge1" devid="FGT60FTK00000001" logid="{logid}" type="event" subtype="system" level="critical" vd="root" logdesc="Image restored" user="a.miller" action="restore-image" status="{status}" msg="{msg}""#
        )
    };
    let msg = "User a.miller restored the image from GUI(192.0.2.7) (v7.4.4,build2662 -> v7.4.5,build2702)";
    let firmware = [Fact::Firmware { old: Some("v7.4.4,build2662".into()), new: "v7.4.5,build2702".into() }];
    assert_eq!(facts("", &line("0100032202", "success", msg)), firmware);
    assert_eq!(facts("", &line("0100032202", "failure", msg)), []);
    assert_eq!(facts("", &line("0100032202", "success", "User a.miller restored the image")), []);
    assert_eq!(facts("", &line("0100032138", "success", "User a.miller rebooted the device")), [Fact::Rebooting]);
}

#[test]
fn any_cef_or_leef_header_states_the_version_that_runs() {
    let cef = "<134>Nov 22 09:14:07 edge1 CEF:0|Fortinet|Fortigate|v7.4.5|00013|traffic:forward close|3|src=192.0.2.7";
    assert_eq!(facts("", cef), runs("Fortigate", "v7.4.5"));
    let leef = "<134>Nov 22 09:14:07 gate1 LEEF:1.0|Example Corp|Gateway|5.2.1|login|src=192.0.2.7";
    assert_eq!(facts("", leef), runs("Gateway", "5.2.1"));
    let wordy = "<134>Nov 22 09:14:07 gate1 CEF:0|Example Corp|Gateway|unknown|1|login|3|src=192.0.2.7";
    assert_eq!(facts("", wordy), []);
}

#[test]
fn what_a_device_says_in_every_line_is_noted_once_a_minute() {
    let line = "<134>Nov 22 09:14:07 edge1 CEF:0|Fortinet|Fortigate|v7.4.5|00013|traffic:forward close|3|src=192.0.2.";
    let mut all = Findings::default();
    let mut origin = Origin::new(Transport::Tls, "test");
    origin.host = Some("edge1".into());
    for second in 0..120 {
        let raw = line.replace("09:14:07", &format!("09:{:02}:{:02}", 14 + second / 60, second % 60));
        let received = RECEIVED.parse().unwrap();
        let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw: raw.as_bytes() };
        let event = Parser::default().parse(&record, Event::new(&record));
        Lens.look(&event, &mut all);
    }
    assert_eq!(all.observations.len(), 2);
}

#[test]
fn ios_tells_its_version_with_the_restart_or_in_a_line_of_its_own() {
    let restart = "<189>12: sw1: *Mar  1 00:00:21.107: %SYS-5-RESTART: System restarted --";
    let banner = "Cisco IOS Software [Dublin], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.12.4, RELEASE SOFTWARE (fc3)";
    assert_eq!(facts("", restart), [Fact::Boot { version: None }]);
    assert_eq!(facts("", &format!("{restart}\n{banner}")), [Fact::Boot { version: Some("17.12.4".into()) }]);
    assert_eq!(facts("", banner), runs("IOS", "17.12.4"));
    assert_eq!(facts("", &format!("<189>13: {banner}")), runs("IOS", "17.12.4"));
    let old = "IOS (tm) C2950 Software(C2950-I6K2L2Q4-M)Version 12.1(22)EA14, RELEASE SOFTWARE (fc1)";
    assert_eq!(facts("", old), runs("IOS", "12.1(22)EA14"));
}

#[test]
fn before_the_clock_is_set_the_receive_time_counts() {
    let at = |raw: &str| looked("", raw).observations[0].at.to_string();
    assert_eq!(at("<189>12: sw1: *Mar  1 00:00:21.107: %SYS-5-RESTART: System restarted --"), RECEIVED);
    assert_eq!(at("<189>12: sw1: 00:00:21: %SYS-5-RESTART: System restarted --"), RECEIVED);
    assert_eq!(
        at("<189>12: sw1: Nov 22 09:14:07.000 UTC: %SYS-5-RESTART: System restarted --"),
        "2026-11-22T09:14:07Z"
    );
}

#[test]
fn panos_names_the_software_that_was_installed() {
    let line = |text: &str| {
        format!(
            "<14>1,2026/11/22 09:14:07,007000000000001,SYSTEM,general,2561,2026/11/22 09:14:07,,general,,0,0,general,informational,\"{text}\",7000000000001,0x0,0,0,0,0,,PA-VM"
        )
    };
    let firmware = [Fact::Firmware { old: None, new: "10.2.9-h1".into() }];
    assert_eq!(facts("", &line("Installed panos software version 10.2.9-h1")), firmware);
    assert_eq!(facts("", &line("Downloaded panos software version 10.2.9-h1")), []);
}

#[test]
fn a_pod_is_its_image_and_a_pod_that_does_not_come_up_is_told() {
    let pods = "<14>Nov 22 09:14:07 node1 roundsman-pods: asset=k8s-shop pod=shop-7d9c image=sha256:bbb ready=true";
    let found = looked("", pods);
    assert_eq!(found.observations[0].about, "k8s-shop");
    let fact = Fact::Pod { pod: "shop-7d9c".into(), image: "sha256:bbb".into(), ready: true };
    assert_eq!(found.observations[0].fact, fact);
    let event = |kind: &str, reason: &str| {
        format!(
            r#"{{"kind":"Event","apiVersion":"v1","involvedObject":{{"kind":"{kind}","namespace":"shop","name":"shop-7d9c"}},"reason":"{reason}","message":"Back-off restarting failed container","type":"Warning","lastTimestamp":"2026-11-22T09:14:07Z"}}"#
        )
    };
    assert_eq!(facts("", &event("Pod", "BackOff")), [Fact::PodFails { pod: "shop-7d9c".into() }]);
    assert_eq!(facts("", &event("Pod", "Scheduled")), []);
}

#[test]
fn kubelet_names_the_pod_that_does_not_come_up() {
    let raw = r#"E1122 09:14:07.250000    4711 pod_workers.go:1301] "Error syncing pod, skipping" err="failed to \"StartContainer\" for \"shop\" with CrashLoopBackOff: \"back-off 10s restarting failed container=shop pod=shop-7d9c_shop(0a1b)\"" pod="shop/shop-7d9c" podUID="0a1b""#;
    assert_eq!(facts("", raw), [Fact::PodFails { pod: "shop-7d9c".into() }]);
}

#[test]
fn a_backup_that_left_something_out_is_no_good_one() {
    let job = |result: &str| {
        facts("", &format!("<14>Nov 22 09:14:07 host1 roundsman-job: job=nightly result={result} exit=0 seconds=431"))
    };
    let run = |ok| vec![Fact::Backup { job: Some("nightly".into()), ok }];
    assert_eq!((job("ok"), job("warning"), job("fail")), (run(true), run(false), run(false)));
    let windows = |id| windows("Microsoft-Windows-Backup", id, r#""EventData":{"BackupTime":"2026-11-22T09:00:00Z"}"#);
    assert_eq!(windows(4), [Fact::Backup { job: None, ok: true }]);
    assert_eq!(windows(5), [Fact::Backup { job: None, ok: false }]);
}

#[test]
fn what_the_updater_leaves_as_it_is_is_held() {
    let log = "/var/log/unattended-upgrades/unattended-upgrades.log";
    let held = |package: &str| vec![Fact::Held { package: package.into() }];
    let line = |rest: &str| format!("2026-11-22 09:14:07,250 {rest}");
    for rest in [
        "INFO Package libssl3 is marked to be held back.",
        "WARNING package libssl3 upgradable but fails to be marked for upgrade (E:Error, pkgProblemResolver::Resolve)",
        "WARNING Package libssl3 has conffile prompt and needs to be upgraded manually",
        "INFO Initial blacklist: libssl3",
    ] {
        assert_eq!(facts(log, &line(rest)), held("libssl3"), "{rest}");
    }
    let none = facts(log, &line("INFO No packages found that can be upgraded unattended and no pending auto-removals"));
    assert_eq!(none, [Fact::Updater { name: "unattended-upgrades".into(), run: Run::Ran }]);
}

#[test]
fn a_live_patch_is_told_by_its_name_once_it_is_in() {
    let line = |rest: &str| format!("<6>Nov 22 09:14:07 host1 kernel: [ 71.000000] livepatch: {rest}");
    let done = facts("", &line("'kpatch_6_1_192': patching complete"));
    assert_eq!(done, [Fact::Livepatched { name: "kpatch_6_1_192".into() }]);
    assert_eq!(facts("", &line("enabling patch 'kpatch_6_1_192'")), [], "it has only begun");
}

#[test]
fn how_a_record_travelled_is_what_its_word_is_worth() {
    let trust = |transport| {
        let mut origin = Origin::new(transport, "test");
        origin.host = Some("host1".into());
        let raw = b"<30>Nov 22 09:14:07 host1 systemd[1]: Started nginx.service - A web server.";
        let record =
            Record { received: RECEIVED.parse().unwrap(), origin: &origin, kind: Kind::Line, truncated: false, raw };
        let event = Parser::default().parse(&record, Event::new(&record));
        let mut findings = Findings::default();
        Lens.look(&event, &mut findings);
        findings.observations[0].quote.trust
    };
    for (transport, worth) in [
        (Transport::Tls, 3),
        (Transport::Relp, 3),
        (Transport::Http, 3),
        (Transport::File, 2),
        (Transport::Journald, 2),
        (Transport::Kafka, 2),
        (Transport::Tcp, 1),
        (Transport::Udp, 1),
    ] {
        assert_eq!(trust(transport), worth, "{transport:?}");
    }
}

#[test]
fn osquery_lists_packages_and_hotfixes() {
    let row = |query: &str, columns: &str, action: &str| {
        format!(
            r#"{{"name":"pack_it_{query}","hostIdentifier":"host1","calendarTime":"Sun Nov 22 09:14:07 2026 UTC","unixTime":1795338847,"columns":{{{columns}}},"action":"{action}"}}"#
        )
    };
    let rpm = r#""name":"shop-db","version":"3.4","release":"2.el9_4","epoch":"2","arch":"noarch""#;
    let listed = |package: &str, arch: &str, version: &str| {
        vec![Fact::Listed { package: package.into(), arch: arch.into(), version: version.into() }]
    };
    assert_eq!(facts("", &row("rpm_packages", rpm, "added")), listed("shop-db", "noarch", "2:3.4-2.el9_4"));
    assert_eq!(facts("", &row("rpm_packages", rpm, "removed")), []);
    let deb = r#""name":"libssl3","version":"3.0.22-1~deb12u2","arch":"amd64""#;
    assert_eq!(facts("", &row("deb_packages", deb, "snapshot")), listed("libssl3", "amd64", "3.0.22-1~deb12u2"));
    let patch = r#""hotfix_id":"KB5099001","description":"Security Update""#;
    assert_eq!(facts("", &row("patches", patch, "added")), update("KB5099001", UpdateStep::Installed));
    let process = r#""name":"nginx","version":"1.2","path":"/usr/sbin/nginx""#;
    assert_eq!(facts("", &row("processes", process, "added")), []);
}

#[test]
fn wazuhs_inventory_lists_what_is_there() {
    let row = |operation: &str| {
        format!(
            r#"{{"type":"dbsync_packages","data":{{"name":"libssl3","version":"3.0.22-1~deb12u2","architecture":"amd64"}},"operation":"{operation}"}}"#
        )
    };
    let listed = Fact::Listed { package: "libssl3".into(), arch: "amd64".into(), version: "3.0.22-1~deb12u2".into() };
    assert_eq!(facts("", &row("INSERTED")), [listed]);
    assert_eq!(facts("", &row("DELETED")), []);
    let hotfix = r#"{"type":"dbsync_hotfixes","data":{"hotfix":"KB5099001"},"operation":"INSERTED"}"#;
    assert_eq!(facts("", hotfix), update("KB5099001", UpdateStep::Installed));
}

#[test]
fn what_configuration_management_wanted_is_no_evidence_of_what_is_there() {
    for raw in [
        "<30>Nov 22 09:14:07 host1 ansible-playbook[7]: changed: [host1]",
        "<30>Nov 22 09:14:07 host1 ansible-playbook[7]: host1 : ok=12 changed=3 unreachable=0 failed=0 skipped=2",
        "<30>Nov 22 09:14:07 host1 puppet-agent[7]: (/Stage[main]/Patch/Package[openssl]/ensure) ensure changed '3.0.20' to '3.0.22'",
        "2026-11-22 09:14:07,250 [salt.state       :2030][INFO    ][7] Completed state [openssl] at time 09:14:07.250 duration_in_ms=5",
    ] {
        assert_eq!(facts("", raw), [], "{raw}");
    }
}

#[test]
fn a_rehearsal_is_no_transaction_although_history_names_it() {
    let history = |command: &str| {
        format!(
            "Start-Date: 2026-11-22  09:14:07\nCommandline: {command}\nUpgrade: libssl3:amd64 (3.0.20-1~deb12u2, 3.0.22-1~deb12u2)\nEnd-Date: 2026-11-22  09:14:08"
        )
    };
    let log = "/var/log/apt/history.log";
    for command in ["/usr/bin/unattended-upgrade --dry-run -v", "apt-get -s upgrade", "apt-get -d dist-upgrade"] {
        assert_eq!(facts(log, &history(command)), [], "{command}");
    }
    assert!(matches!(&facts(log, &history("/usr/bin/unattended-upgrade -v"))[..], [Fact::Transaction { .. }]));
    let success = "2026-11-22 09:14:08,199 INFO All upgrades installed";
    let log = "/var/log/unattended-upgrades/unattended-upgrades.log";
    let ran = Fact::Updater { name: "unattended-upgrades".into(), run: Run::Ran };
    assert_eq!(facts(log, success), [ran], "it ran, and that is all");
}

#[test]
fn dpkg_says_upgrade_for_any_direction_and_success_only_at_the_end() {
    let log = "/var/log/dpkg.log";
    let line = |rest: &str| format!("2026-11-22 09:14:07 {rest}");
    let down = line("upgrade libssl3:amd64 3.0.22-1~deb12u2 3.0.20-1~deb12u2");
    let begins = Fact::Begins(op("libssl3", "amd64", "3.0.22-1~deb12u2", "3.0.20-1~deb12u2"));
    assert_eq!(facts(log, &down), [begins]);
    for word in ["half-configured", "unpacked", "half-installed"] {
        let fact = status("libssl3", "amd64", Some("3.0.22-1~deb12u2"), PackageState::Partial);
        assert_eq!(facts(log, &line(&format!("status {word} libssl3:amd64 3.0.22-1~deb12u2"))), [fact], "{word}");
    }
    let whole = installed("libssl3", "amd64", "3.0.22-1~deb12u2");
    assert_eq!(facts(log, &line("status installed libssl3:amd64 3.0.22-1~deb12u2")), [whole]);
    assert_eq!(facts(log, &line("trigproc libc-bin:amd64 2.36-9+deb12u14 <none>")), []);
}

#[test]
fn the_package_version_of_a_kernel_stands_behind_its_name_and_only_the_kernel_may_say_it() {
    let boot = "Linux version 6.1.0-56-cloud-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-10)";
    let kern = facts("", &format!("<6>Nov 22 09:14:07 host1 kernel: [    0.000000] {boot}"));
    assert_eq!(kern, [Fact::Boot { version: Some("6.1.192-2".into()) }]);
    assert_eq!(facts("", &format!("<14>Nov 22 09:14:07 host1 kernel: {boot}")), [], "facility user");
    assert_eq!(facts("", &format!("<14>Nov 22 09:14:07 host1 shop[7]: user-agent: {boot}")), []);
}

#[test]
fn needrestart_proves_something_only_where_it_could_tell() {
    let line = |rest: &str| format!("<30>Nov 22 09:14:07 host1 needrestart: {rest}");
    assert_eq!(facts("", &line("NEEDRESTART-VER: 3.6")), [Fact::NeedsReport]);
    assert_eq!(facts("", &line("NEEDRESTART-KSTA: 0")), [], "it could not tell");
    assert_eq!(facts("", &line("NEEDRESTART-KSTA: 1")), [Fact::NeedsKnown]);
    let unit = Fact::NeedsRestart { unit: "nginx.service".into() };
    assert_eq!(facts("", &line("NEEDRESTART-SVC: nginx.service")), [unit]);
}

#[test]
fn a_reload_is_no_start_of_a_unit() {
    let line = |rest: &str| format!("<30>Nov 22 09:14:07 host1 systemd[1]: {rest}");
    assert_eq!(facts("", &line("Reloaded nginx.service - A web server.")), []);
    let looping = facts("", &line("nginx.service: Scheduled restart job, restart counter is at 5."));
    assert!(matches!(&looping[..], [Fact::Looping { restarts: 5, .. }]), "{looping:?}");
}

#[test]
fn a_users_own_service_manager_starts_no_service_of_the_system() {
    let line = |pid: u32| format!("<30>Nov 22 09:14:07 host1 systemd[{pid}]: Started nginx.service - A web server.");
    assert!(matches!(&facts("", &line(1))[..], [Fact::Started { .. }]));
    assert_eq!(facts("", &line(812)), []);
}
