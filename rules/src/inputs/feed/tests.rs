use super::*;
use crate::{inputs::ActivationKind, version::Scheme};

fn one(text: &str) -> Advisory {
    let mut read = read(Path::new("advisories/x.json"), text);
    assert_eq!(read.problems, []);
    assert_eq!(read.advisories.len(), 1);
    read.advisories.remove(0)
}

const DEBIAN: &str = r#"{"id":"DSA-9001-1","summary":"openssl - security update","published":"2026-11-20T10:00:00Z","modified":"2026-11-20T10:00:00Z",
    "upstream":["CVE-2026-9001"],"affected":[{"package":{"ecosystem":"Debian:12","name":"openssl"},"versions":["3.0.20-1~deb12u2"],
    "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"3.0.22-1~deb12u2"}]}],"ecosystem_specific":{"urgency":"high"}},
    {"package":{"ecosystem":"Debian:13","name":"openssl"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"3.5.4-1~deb13u1"}]}]}]}"#;

#[test]
fn debians_source_package_stands_for_the_binaries_that_logs_name() {
    let advisory = one(DEBIAN);
    assert_eq!(
        (advisory.cves.as_slice(), advisory.severity.as_deref()),
        (&["CVE-2026-9001".to_owned()][..], Some("high"))
    );
    let target = advisory.target("debian:12").unwrap();
    assert!(target.packages.contains(&"libssl3".to_owned()) && target.scheme == Scheme::Deb);
    assert!(target.holds("libssl3", "3.0.22-1~deb12u2") && !target.holds("libssl3", "3.0.20-1~deb12u2"));
    assert_eq!(advisory.target("debian:13").unwrap().fixed.as_deref(), Some("3.5.4-1~deb13u1"));
    assert!(advisory.target("debian:11").is_none());
}

#[test]
fn a_kernel_is_its_images_and_not_its_source() {
    let advisory = one(&DEBIAN.replace("openssl\"", "linux\""));
    assert_eq!(advisory.target("debian:12").unwrap().packages, ["linux-image-*"]);
}

#[test]
fn ubuntu_and_suse_name_their_binaries_with_versions_of_their_own() {
    let ubuntu = r#"{"id":"USN-9001-1","published":"2026-11-20T10:00:00Z","modified":"2026-11-20T10:00:00Z","upstream":["UBUNTU-CVE-2026-9001","CVE-2026-9001"],
        "severity":[{"type":"Ubuntu","score":"medium"}],
        "affected":[{"package":{"ecosystem":"Ubuntu:24.04:LTS","name":"openssl"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"3.0.13-0ubuntu3.7"}]}],
        "ecosystem_specific":{"binaries":[{"binary_name":"libssl3t64","binary_version":"3.0.13-0ubuntu3.7"},{"binary_name":"openssl","binary_version":"3.0.13-0ubuntu3.7"},{"binary_name":"openssl-dbgsym","binary_version":"1"}]}}]}"#;
    let advisory = one(ubuntu);
    assert_eq!((advisory.cves.len(), advisory.severity.as_deref()), (1, Some("medium")));
    let target = advisory.target("ubuntu:24.04").unwrap();
    assert_eq!(
        (target.packages.as_slice(), target.product.as_str()),
        (&["libssl3t64".to_owned(), "openssl".to_owned()][..], "openssl")
    );
    let suse = r#"{"id":"SUSE-SU-2026:1-1","published":"2026-11-20T10:00:00Z","modified":"2026-11-20T10:00:00Z","related":["CVE-2026-1"],
        "affected":[{"package":{"ecosystem":"SUSE:Linux Enterprise Module for Basesystem 15 SP7","name":"tool"},
        "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2.0-150700.1.1"}]}],
        "ecosystem_specific":{"binaries":[{"libtool1":"1.5-150700.1.1","tool":"2.0-150700.1.1"}]}}]}"#;
    let advisory = one(suse);
    let target = advisory.target("sles:15.7").unwrap();
    assert!(target.holds("libtool1", "1.5-150700.1.1") && !target.holds("tool", "1.5-150700.1.1"));
    assert!(target.holds("tool", "2.0-150700.1.1") && !target.holds("other", "0.1"));
    assert_eq!(advisory.cves, ["CVE-2026-1"]);
}

#[test]
fn almas_packages_are_one_target_and_its_title_tells_the_severity() {
    let alma = r#"{"id":"ALSA-2026:1","summary":"Moderate: tool security update","published":"2026-11-20T00:00:00Z","aliases":["CVE-2026-1"],
        "affected":[{"package":{"ecosystem":"AlmaLinux:10","name":"tool"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2:1.18.1-1.el10_0"}]}]},
        {"package":{"ecosystem":"AlmaLinux:10","name":"tool-tests"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2:1.18.1-1.el10_0"}]}]}]}"#;
    let advisory = one(alma);
    let target = advisory.target("almalinux:10").unwrap();
    assert_eq!((target.packages.len(), target.ranges.len(), advisory.severity.as_deref()), (2, 0, Some("medium")));
    assert!(target.holds("tool-tests", "2:1.18.1-1.el10_0") && !target.holds("tool", "1:9.0-1.el10"));
}

#[test]
fn a_languages_package_is_on_any_platform_and_mended_in_each_line() {
    let go = r#"{"id":"GO-2026-1","published":"0001-01-01T00:00:00Z","modified":"2026-11-20T00:00:00Z","aliases":["CVE-2026-2","GHSA-x"],
        "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        "affected":[{"package":{"ecosystem":"Go","name":"example.net/mod"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.6.26"},{"introduced":"1.7.0"},{"fixed":"1.7.11"}]},
        {"type":"GIT","events":[{"introduced":"abc"}]}]}]}"#;
    let advisory = one(go);
    assert_eq!(
        (advisory.published.to_string().as_str(), advisory.severity.as_deref()),
        ("2026-11-20T00:00:00Z", Some("critical"))
    );
    let target = advisory.target("debian:12").unwrap();
    assert_eq!(target.packages, ["golang:example.net/mod"]);
    for (version, holds) in [
        ("v1.6.25", false),
        ("v1.6.26", true),
        ("v1.7.3", false),
        ("v1.7.11", true),
        ("v2.0.0", true),
        ("(devel)", false),
    ] {
        assert_eq!(target.holds("golang:example.net/mod", version), holds, "{version}");
    }
    let last = go.replace(r#"{"fixed":"1.7.11"}"#, r#"{"last_affected":"1.7.11"}"#);
    let target = one(&last).target("rhel:9").unwrap().clone();
    assert!(!target.holds("golang:example.net/mod", "1.7.11") && target.holds("golang:example.net/mod", "1.7.12"));
}

#[test]
fn a_withdrawn_record_says_so() {
    assert!(one(&DEBIAN.replace("\"summary\"", "\"withdrawn\":\"2026-11-21T00:00:00Z\",\"summary\"")).withdrawn);
}

const RED_HAT: &str = r#"{"document":{"category":"csaf_security_advisory","csaf_version":"2.0","title":"Red Hat Security Advisory: openssl","aggregate_severity":{"text":"Important"},
    "publisher":{"name":"Red Hat Product Security"},"tracking":{"id":"RHSA-2026:1","initial_release_date":"2026-11-20T10:00:00+00:00","status":"final"}},
    "product_tree":{"branches":[{"category":"vendor","name":"Red Hat","branches":[{"category":"product_family","name":"Red Hat Enterprise Linux","branches":[
        {"category":"product_name","name":"Red Hat Enterprise Linux BaseOS (v. 9)","product":{"name":"BaseOS","product_id":"BaseOS-9.4","product_identification_helper":{"cpe":"cpe:/o:redhat:enterprise_linux:9::baseos"}}}]},
        {"category":"architecture","name":"x86_64","branches":[{"category":"product_version","name":"openssl-libs-1:3.0.7-28.el9_4.x86_64","product":{"name":"openssl-libs","product_id":"openssl-libs-1:3.0.7-28.el9_4.x86_64","product_identification_helper":{"purl":"pkg:rpm/redhat/openssl-libs@3.0.7-28.el9_4?arch=x86_64&epoch=1"}}}]},
        {"category":"architecture","name":"src","branches":[{"category":"product_version","name":"openssl-1:3.0.7-28.el9_4.src","product":{"name":"openssl","product_id":"openssl-1:3.0.7-28.el9_4.src","product_identification_helper":{"purl":"pkg:rpm/redhat/openssl@3.0.7-28.el9_4?arch=src&epoch=1"}}}]}]}],
    "relationships":[{"category":"default_component_of","product_reference":"openssl-libs-1:3.0.7-28.el9_4.x86_64","relates_to_product_reference":"BaseOS-9.4","full_product_name":{"name":"x","product_id":"BaseOS-9.4:openssl-libs-1:3.0.7-28.el9_4.x86_64"}},
        {"category":"default_component_of","product_reference":"openssl-1:3.0.7-28.el9_4.src","relates_to_product_reference":"BaseOS-9.4","full_product_name":{"name":"x","product_id":"BaseOS-9.4:openssl-1:3.0.7-28.el9_4.src"}}]},
    "vulnerabilities":[{"cve":"CVE-2026-9001","product_status":{"fixed":["BaseOS-9.4:openssl-libs-1:3.0.7-28.el9_4.x86_64","BaseOS-9.4:openssl-1:3.0.7-28.el9_4.src"],"known_not_affected":["BaseOS-9.4"]},
        "flags":[{"label":"vulnerable_code_not_present"}],
        "remediations":[{"category":"vendor_fix","details":"update","product_ids":["BaseOS-9.4:openssl-libs-1:3.0.7-28.el9_4.x86_64"],"restart_required":{"category":"machine"}}]}]}"#;

#[test]
fn red_hats_fixed_products_are_packages_of_a_platform() {
    let read = read(Path::new("rhsa.json"), RED_HAT);
    assert_eq!(read.problems, []);
    let advisory = &read.advisories[0];
    assert_eq!((advisory.id.as_str(), advisory.severity.as_deref()), ("RHSA-2026:1", Some("high")));
    assert_eq!(advisory.targets.len(), 1);
    let target = advisory.target("rhel:9").unwrap();
    assert_eq!(
        (target.packages.as_slice(), target.fixed.as_deref()),
        (&["openssl-libs".to_owned()][..], Some("1:3.0.7-28.el9_4"))
    );
    assert_eq!(advisory.activation_of(target).kind, ActivationKind::Reboot);
    assert_eq!(read.statements[0].platform.as_deref(), Some("rhel:9"));
}

#[test]
fn suse_recommends_what_mends() {
    let suse = r#"{"document":{"title":"Security update for openssl-3","aggregate_severity":{"text":"critical"},"tracking":{"id":"SUSE-SU-2026:1-1","initial_release_date":"2026-11-20T10:00:00Z"}},
        "product_tree":{"branches":[{"category":"vendor","name":"SUSE","branches":[
            {"category":"product_name","name":"SUSE Linux Enterprise Module for Basesystem 15 SP7","product":{"name":"SUSE Linux Enterprise Module for Basesystem 15 SP7","product_id":"SUSE Linux Enterprise Module for Basesystem 15 SP7"}},
            {"category":"architecture","name":"x86_64","branches":[{"category":"product_version","name":"libopenssl3-3.2.3-150700.5.18.1.x86_64","product":{"name":"libopenssl3","product_id":"libopenssl3-3.2.3-150700.5.18.1.x86_64"}}]}]}],
        "relationships":[{"product_reference":"libopenssl3-3.2.3-150700.5.18.1.x86_64","relates_to_product_reference":"SUSE Linux Enterprise Module for Basesystem 15 SP7","full_product_name":{"name":"x","product_id":"B:libopenssl3-3.2.3-150700.5.18.1.x86_64"}}]},
        "vulnerabilities":[{"cve":"CVE-2026-9001","product_status":{"recommended":["B:libopenssl3-3.2.3-150700.5.18.1.x86_64"]}}]}"#;
    let advisory = one(suse);
    let target = advisory.target("sles:15.7").unwrap();
    assert!(target.holds("libopenssl3", "3.2.3-150700.5.18.1") && !target.holds("libopenssl3", "3.2.3-150700.5.15.1"));
}

#[test]
fn microsofts_fixed_builds_come_with_the_number_of_their_update() {
    let msrc = r#"{"document":{"title":"CVE-2026-3 Windows Kernel","publisher":{"name":"Microsoft"},"tracking":{"id":"msrc_CVE-2026-3","initial_release_date":"2026-11-10T08:00:00.000Z"}},
        "product_tree":{"branches":[{"category":"vendor","name":"Microsoft","branches":[{"category":"product_name","name":"Windows Server 2019","branches":[
            {"category":"product_version_range","name":"<10.0.17763.8100","product":{"name":"Windows Server 2019 <10.0.17763.8100","product_id":"2"}},
            {"category":"product_version","name":"10.0.17763.8100","product":{"name":"Windows Server 2019 10.0.17763.8100","product_id":"11571"}}]}]}]},
        "vulnerabilities":[{"cve":"CVE-2026-3","product_status":{"fixed":["11571"],"known_affected":["2"]},"scores":[{"cvss_v3":{"baseSeverity":"HIGH"},"products":["2"]}],
            "remediations":[{"category":"vendor_fix","details":"10.0.17763.8100:Security Update:https://support.microsoft.com/help/5070000","product_ids":["11571"],"url":"https://catalog.example.com/?q=KB5070000"}]}]}"#;
    let advisory = one(msrc);
    let target = advisory.target("windows:2019").unwrap();
    assert_eq!(
        (target.product.as_str(), target.fixed.as_deref(), target.scheme),
        ("KB5070000", Some("10.0.17763.8100"), Scheme::Winbuild)
    );
    assert_eq!(
        (advisory.severity.as_deref(), advisory.cves.as_slice()),
        (Some("high"), &["CVE-2026-3".to_owned()][..])
    );
}

#[test]
fn a_statement_clears_an_advisory_only_if_it_covers_all_its_flaws() {
    let statement = |flaw: &str| {
        format!(
            r#"{{"vulnerability":{{"name":"{flaw}"}},"products":[{{"@id":"pkg:deb/debian/openssl?distro=debian-12"}}],"status":"not_affected","justification":"vulnerable_code_not_present"}}"#
        )
    };
    let document = |statements: &[String]| {
        format!(
            r#"{{"@context":"https://openvex.dev/ns/v0.2.0","@id":"x","author":"Example","statements":[{}]}}"#,
            statements.join(",")
        )
    };
    let advisory = one(DEBIAN);
    let (twelve, thirteen) = (advisory.target("debian:12").unwrap(), advisory.target("debian:13").unwrap());
    let told = read(Path::new("vex.json"), &document(&[statement("CVE-2026-9001")])).statements;
    let why = vex::cleared(&advisory, twelve, told.iter()).unwrap();
    assert_eq!(why, "not affected, says Example: vulnerable_code_not_present");
    assert_eq!(vex::cleared(&advisory, thirteen, told.iter()), None);
    let two = Advisory { cves: vec!["CVE-2026-9001".into(), "CVE-2026-9002".into()], ..advisory.clone() };
    assert_eq!(vex::cleared(&two, twelve, told.iter()), None);
    let affected = document(&[statement("CVE-2026-9001").replace("not_affected", "affected")]);
    assert_eq!(read(Path::new("vex.json"), &affected).statements, []);
}

#[test]
fn what_people_wrote_adds_to_a_feeds_advisory() {
    let toml = "id = \"DSA-9001-1\"\npublished = 2026-11-20T10:00:00Z\nclass = \"critical\"\nknown_issues = [\"slow start\"]\n\
        [activation]\nkind = \"service_restart\"\nunits = [\"nginx.service\"]\n\
        [[target]]\nplatform = \"debian:12\"\nproduct = \"openssl\"\npackages = [\"libssl-extra\"]\nscheme = \"deb\"\n";
    let own = read(Path::new("a.toml"), toml);
    assert!(own.own && own.problems.is_empty());
    let both = one(DEBIAN).with(&own.advisories[0]);
    let target = both.target("debian:12").unwrap();
    assert!(target.packages.contains(&"libssl-extra".to_owned()) && target.packages.contains(&"libssl3".to_owned()));
    assert_eq!(target.fixed.as_deref(), Some("3.0.22-1~deb12u2"));
    assert_eq!(both.activation_of(target).units, ["nginx.service"]);
    assert_eq!(both.title, "openssl - security update");
}

#[test]
fn one_bad_document_hides_no_other_and_names_its_line() {
    let text = format!(
        "{}\n{{\"id\":\"X\"}}\n{}\n",
        DEBIAN.replace('\n', " "),
        DEBIAN.replace('\n', " ").replace("DSA-9001", "DSA-9002")
    );
    let several = read(Path::new("many.json"), &text);
    assert_eq!(several.advisories.iter().map(|a| a.id.as_str()).collect::<Vec<_>>(), ["DSA-9001-1", "DSA-9002-1"]);
    assert_eq!(several.problems.iter().map(|p| p.line).collect::<Vec<_>>(), [2]);
    let list = read(Path::new("list.json"), &format!("[{DEBIAN},\n{{}}]"));
    assert_eq!((list.advisories.len(), list.problems.len()), (1, 1));
    for broken in ["", "{", "[1", "hello"] {
        assert_eq!(read(Path::new("x.json"), broken).problems.len(), 1, "{broken:?}");
    }
}

#[test]
fn a_slim_record_makes_the_same_advisory() {
    let slim = slim(DEBIAN).unwrap();
    assert!(slim.len() < DEBIAN.len() && !slim.contains("versions") && !slim.contains('\n'));
    assert_eq!(one(&slim), one(DEBIAN));
    assert_eq!(super::slim(RED_HAT), None);
}
