//! A small report of each tool, and what must come of it. Reports of real tools are read where the variable
//! `ROUNDSMAN_SCAN_SAMPLES` names a folder of them.
#![allow(clippy::disallowed_methods)] // a test reads files and its environment

use super::*;

fn now() -> Timestamp {
    "2026-11-23T06:00:00Z".parse().unwrap()
}

fn read(path: &str, text: &str) -> (Vec<Scan>, Vec<Problem>) {
    Scan::read(path, text, now()).unwrap_or_else(|problem| panic!("{problem}"))
}

fn one(path: &str, text: &str) -> Scan {
    let (mut scans, problems) = read(path, text);
    assert_eq!(problems, [], "{path}");
    assert_eq!(scans.len(), 1, "{path}");
    scans.remove(0)
}

/// Name, package and version of each finding.
fn findings(scan: &Scan) -> Vec<(&str, &str, &str)> {
    scan.findings.iter().map(|f| (f.cve.as_str(), f.package.as_str(), f.installed.as_str())).collect()
}

#[test]
fn trivy_lists_packages_with_their_full_versions_and_sources() {
    let text = r#"{"SchemaVersion":2,"CreatedAt":"2026-11-23T05:58:00Z","ArtifactName":"/","ArtifactType":"filesystem",
        "VulnerabilityDB":{"UpdatedAt":"2026-11-23T00:15:00Z"},
        "Results":[{"Class":"os-pkgs","Type":"debian",
        "Packages":[{"Name":"openssh-server","Version":"9.2p1","Release":"2+deb12u9","Epoch":1,"Arch":"amd64","SrcName":"openssh"}],
        "Vulnerabilities":[{"VulnerabilityID":"CVE-2026-2","VendorIDs":["DSA-2-1"],"PkgName":"openssh-server",
            "InstalledVersion":"1:9.2p1-2+deb12u9","Severity":"HIGH"}]},
        {"Class":"lang-pkgs","Type":"node-pkg","Packages":[{"Name":"left-pad","Version":"1.3.0"}]}]}"#;
    let scan = one("scans/web1--trivy.json", text);
    assert_eq!(scan.names, ["/", "web1"]);
    assert_eq!(scan.packages["openssh-server"], [("amd64".to_owned(), "1:9.2p1-2+deb12u9".to_owned())]);
    assert_eq!(scan.packages["npm:left-pad"][0].1, "1.3.0");
    assert_eq!(scan.sources["openssh-server"], "openssh");
    assert_eq!(findings(&scan), [("CVE-2026-2", "openssh-server", "1:9.2p1-2+deb12u9")]);
    assert_eq!(
        (scan.findings[0].also.as_slice(), scan.findings[0].severity.as_str()),
        (&["DSA-2-1".to_owned()][..], "high")
    );
    assert_eq!(scan.database.unwrap().to_string(), "2026-11-23T00:15:00Z");
    assert!(scan.authenticated && !scan.inventory);
}

#[test]
fn an_images_name_is_an_assets_only_if_the_file_says_nothing() {
    let text = r#"{"SchemaVersion":2,"CreatedAt":"2026-11-23T05:58:00Z","ArtifactName":"nginx","ArtifactType":"container_image",
        "Results":[{"Packages":[{"Name":"a","Version":"1"}]}]}"#;
    assert_eq!(one("k8s--nginx.json", text).names, ["nginx", "k8s"]);
}

#[test]
fn a_report_without_packages_is_read_with_a_word_and_nonsense_is_refused() {
    let (scans, problems) = read("web1.json", r#"{"SchemaVersion":2,"ArtifactName":"web1"}"#);
    assert_eq!((scans[0].asset.as_str(), scans[0].at), ("web1", now()));
    assert_eq!(problems.len(), 2);
    for (text, word) in
        [("[", "no JSON"), ("", "empty"), ("hello", "text that begins `hello`"), ("{\"a\":1}", "JSON with a")]
    {
        let problem = Scan::read("x.json", text, now()).unwrap_err();
        assert!(problem.what.contains(word), "{text:?}: {}", problem.what);
        assert!(!problem.help.is_empty());
    }
    let problem = Scan::read("x.json", r#"{"SchemaVersion":1,"Results":[]}"#, now()).unwrap_err();
    assert!(problem.what.contains("schema 1"));
}

#[test]
fn grype_names_the_flaw_by_its_cve_and_the_source_package() {
    let text = r#"{"matches":[{"vulnerability":{"id":"GHSA-aaaa","severity":"Critical"},"relatedVulnerabilities":[{"id":"CVE-2026-7"}],
        "artifact":{"name":"lodash","version":"4.17.20","type":"npm","purl":"pkg:npm/lodash@4.17.20"}},
        {"vulnerability":{"id":"CVE-2026-8","severity":"Negligible"},"artifact":{"name":"libssl3","version":"3.0.20-1","type":"deb",
        "purl":"pkg:deb/debian/libssl3@3.0.20-1?arch=amd64&upstream=openssl","upstreams":[{"name":"openssl"}]}}],
        "source":{"type":"directory","target":"/"},
        "descriptor":{"name":"grype","version":"0.104.0","timestamp":"2026-11-23T05:00:00Z","db":{"status":{"built":"2026-11-22T04:00:00Z"}}}}"#;
    let scan = one("web1--grype.json", text);
    assert_eq!(findings(&scan), [("CVE-2026-7", "npm:lodash", "4.17.20"), ("CVE-2026-8", "libssl3", "3.0.20-1")]);
    assert_eq!(scan.findings[0].also, ["GHSA-aaaa"]);
    assert_eq!(scan.sources["libssl3"], "openssl");
    assert_eq!(scan.packages["libssl3"], [("amd64".to_owned(), "3.0.20-1".to_owned())]);
    assert_eq!(scan.database.unwrap().to_string(), "2026-11-22T04:00:00Z");
    assert_eq!(scan.at.to_string(), "2026-11-23T05:00:00Z");
}

#[test]
fn osv_scanner_groups_the_names_of_one_flaw() {
    let text = r#"{"results":[{"source":{"path":"/app/go.mod"},"packages":[{"package":{"name":"example.net/mod","version":"1.0.0","ecosystem":"Go"},
        "vulnerabilities":[{"id":"GO-2026-1","aliases":["CVE-2026-9"]},{"id":"GHSA-bbbb"}],
        "groups":[{"ids":["GO-2026-1","GHSA-bbbb"],"max_severity":"7.5"}]}]}]}"#;
    let scan = one("web1--osv.json", text);
    assert_eq!(findings(&scan), [("CVE-2026-9", "golang:example.net/mod", "1.0.0")]);
    assert_eq!((scan.findings[0].also.len(), scan.findings[0].severity.as_str()), (2, "high"));
    assert_eq!(scan.names, ["web1"]);
}

#[test]
fn an_sbom_is_a_list_and_no_scan_unless_somebody_looked() {
    let component = r#"{"bom-ref":"1","type":"library","name":"libssl3","version":"3.0.20-1",
        "purl":"pkg:deb/debian/libssl3@3.0.20-1?arch=amd64","properties":[{"name":"aquasecurity:trivy:SrcName","value":"openssl"}]}"#;
    let head = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{{"timestamp":"2026-11-23T05:00:00Z",
        "component":{{"type":"operating-system","name":"web1"}}}},"components":[{component}]"#
    );
    let list = one("bom.json", &format!("{head}}}"));
    assert!(list.inventory && list.findings.is_empty());
    assert_eq!((list.asset.as_str(), list.sources["libssl3"].as_str()), ("web1", "openssl"));
    let flaw = r#""vulnerabilities":[{"id":"CVE-2026-5","ratings":[{"severity":"high"}],"affects":[{"ref":"urn:cdx:x/1#1"}]},
        {"id":"CVE-2026-6","affects":[{"ref":"1"}],"analysis":{"state":"not_affected"}}]"#;
    let scan = one("bom.json", &format!("{head},{flaw}}}"));
    assert!(!scan.inventory);
    assert_eq!(findings(&scan)[0], ("CVE-2026-5", "libssl3", "3.0.20-1"));
    assert!(!scan.findings[0].resolved && scan.findings[1].resolved);

    let spdx = r#"{"spdxVersion":"SPDX-2.3","name":"web1","creationInfo":{"created":"2026-11-23T05:00:00Z"},"packages":[
        {"name":"libssl3","versionInfo":"3.0.20-1","sourceInfo":"built package from: openssl 3.0.20-1",
         "externalRefs":[{"referenceType":"purl","referenceLocator":"pkg:deb/debian/libssl3@3.0.20-1?arch=amd64"}]},{"name":"root"}]}"#;
    let scan = one("bom.spdx.json", spdx);
    assert!(scan.inventory && scan.packages.len() == 1);
    assert_eq!(scan.sources["libssl3"], "openssl");
}

#[test]
fn nessus_tells_hosts_apart_and_whether_it_had_credentials() {
    let text = r#"<?xml version="1.0" ?><NessusClientData_v2><Report name="week"><ReportHost name="192.0.2.10"><HostProperties>
        <tag name="HOST_START_TIMESTAMP">1763870400</tag><tag name="host-fqdn">web1.example.net</tag><tag name="Credentialed_Scan">true</tag></HostProperties>
        <ReportItem pluginID="19506" severity="0" pluginName="Nessus Scan Information"><plugin_output>Plugin feed version : 202611220400
Credentialed checks : yes</plugin_output></ReportItem>
        <ReportItem pluginID="1" severity="3" pluginName="Debian DSA-9001-1 : openssl - security update"><cve>CVE-2026-9001</cve><cve>CVE-2026-9002</cve>
        <plugin_output>Remote package installed : libssl3_3.0.20-1~deb12u2
Should be                : libssl3_3.0.22-1~deb12u2</plugin_output></ReportItem></ReportHost>
        <ReportHost name="192.0.2.11"><HostProperties><tag name="HOST_START">Mon Nov 23 04:00:00 2026</tag><tag name="netbios-name">WIN2</tag></HostProperties>
        <ReportItem pluginID="2" severity="4" pluginName="KB5043050: Windows Server 2019 Security Update"><cve>CVE-2026-3</cve></ReportItem>
        <ReportItem pluginID="3" severity="2" pluginName="OpenSSL &lt; 3.0.22"><plugin_output>  Installed version : 3.0.20
  Fixed version     : 3.0.22</plugin_output></ReportItem></ReportHost></Report></NessusClientData_v2>"#;
    let (scans, problems) = read("week.nessus", text);
    assert_eq!(scans.len(), 2);
    let (web, win) = (&scans[0], &scans[1]);
    assert_eq!(web.names, ["web1.example.net", "192.0.2.10"]);
    assert!(web.authenticated && web.whole && !win.authenticated);
    assert_eq!(web.at.to_string(), "2025-11-23T04:00:00Z");
    assert_eq!(web.database.unwrap().to_string(), "2026-11-22T04:00:00Z");
    assert_eq!(findings(web)[1], ("CVE-2026-9001", "libssl3", "3.0.20-1~deb12u2"));
    assert_eq!(web.findings[1].also, ["CVE-2026-9002", "nessus-1"]);
    assert_eq!(findings(win), [("CVE-2026-3", "KB5043050", ""), ("nessus-3", "", "3.0.20")]);
    assert!(win.findings[0].is_update());
    assert_eq!(win.at.to_string(), "2026-11-23T04:00:00Z");
    assert_eq!(problems.len(), 1);
    assert!(problems[0].what.contains("WIN2 was scanned without credentials"));
}

#[test]
fn openvas_is_trusted_only_where_signing_in_worked() {
    let text = r#"<report><report id="1"><scan_start>2026-11-23T04:00:00Z</scan_start><ports><port>443/tcp<host>192.0.2.10</host></port></ports><results>
        <result id="a"><name>x</name><host>192.0.2.10<asset asset_id=""/><hostname>web1</hostname></host>
        <nvt oid="1.3.6.1"><name>Debian: Security Advisory (DSA-9001)</name><refs><ref type="cve" id="CVE-2026-9001"/><ref type="url" id="https://example.com"/></refs></nvt>
        <severity>9.8</severity><description>Vulnerable package:   libssl3
Installed version:    libssl3-3.0.20-1~deb12u2
Fixed version:      >=libssl3-3.0.22-1~deb12u2</description></result></results>
        <host><ip>192.0.2.10</ip><start>2026-11-23T04:01:00Z</start><detail><name>Auth-SSH-Success</name><value>Protocol SSH</value></detail></host>
        <host><ip>192.0.2.11</ip><start>2026-11-23T04:02:00Z</start><detail><name>hostname</name><value>web2</value></detail></host></report></report>"#;
    let (scans, problems) = read("openvas.xml", text);
    assert_eq!(
        scans.iter().map(|s| (s.asset.as_str(), s.authenticated)).collect::<Vec<_>>(),
        [("web1", true), ("web2", false)]
    );
    assert_eq!(findings(&scans[0]), [("CVE-2026-9001", "libssl3", "3.0.20-1~deb12u2")]);
    assert_eq!(
        (scans[0].findings[0].severity.as_str(), scans[0].at.to_string().as_str()),
        ("critical", "2026-11-23T04:01:00Z")
    );
    assert_eq!(scans[1].findings, []);
    assert_eq!(problems.len(), 1);
}

#[test]
fn a_broken_document_says_on_which_line() {
    let problem = Scan::read("x.nessus", "<NessusClientData_v2>\n<Report>\n</Wrong>", now()).unwrap_err();
    assert_eq!(problem.line, 3, "{problem}");
    let problem = Scan::read("x.nessus", "<NessusClientData_v2><Report>", now()).unwrap_err();
    assert!(problem.what.contains("ends in the middle"), "{problem}");
    let deep = format!("<NessusClientData_v2>{}", "<a>".repeat(100));
    assert!(Scan::read("x.nessus", &deep, now()).unwrap_err().what.contains("nested"));
}

#[test]
fn qualys_lines_before_the_header_are_passed_and_mended_flaws_are_told_apart() {
    let text = "\"Asset Vuln Datalist Report\",\"23 Nov 2026\"\n\"Example\"\n\
        \"CVE\",\"QID\",\"Title\",\"Severity\",\"Last Detected\",\"Status\",\"Asset Name\",\"Asset IPV4\",\"Tracking Method\"\n\
        \"CVE-2026-1\",\"90001\",\"Flaw in x\",\"5\",\"Nov 23, 2026 04:00 AM\",\"ACTIVE\",\"WEB1\",\"192.0.2.10,192.0.2.20\",\"QAGENT\"\n\
        \"CVE-2026-2\",\"90002\",\"Flaw in y\",\"3\",\"Nov 22, 2026 04:00 AM\",\"FIXED\",\"WEB1\",\"192.0.2.10\",\"QAGENT\"\n\
        \"\",\"90003\",\"KB5043050 is missing\",\"4\",\"Nov 23, 2026 05:00 AM\",\"ACTIVE\",\"'-\",\"192.0.2.30\",\"IP\"\n";
    let (scans, _) = read("qualys.csv", text);
    assert_eq!(scans.iter().map(|s| s.asset.as_str()).collect::<Vec<_>>(), ["WEB1", "192.0.2.30"]);
    assert_eq!(scans[0].names, ["WEB1", "192.0.2.10", "192.0.2.20"]);
    assert_eq!(scans[0].findings.iter().map(|f| f.resolved).collect::<Vec<_>>(), [false, true]);
    assert_eq!(scans[0].at.to_string(), "2026-11-23T04:00:00Z");
    assert!(scans[0].authenticated && !scans[1].authenticated);
    assert_eq!(findings(&scans[1]), [("qid-90003", "KB5043050", "")]);
}

#[test]
fn wazuh_answers_of_all_ages_are_read() {
    let old = r#"{"data":{"affected_items":[{"cve":"CVE-2026-1","name":"openssl","version":"3.0.20-1","architecture":"amd64","severity":"High","status":"VALID"}]},"error":0}"#;
    let scan = one("web1--wazuh.json", old);
    assert_eq!((scan.asset.as_str(), findings(&scan)), ("web1", vec![("CVE-2026-1", "openssl", "3.0.20-1")]));
    let list = r#"{"data":{"affected_items":[{"name":"openssl","version":"3.0.20-1","architecture":"amd64","format":"deb","source":"openssl","scan":{"time":"2026-11-23T03:00:00Z"}}]},"error":0}"#;
    let scan = one("web1--packages.json", list);
    assert!(scan.inventory && scan.packages.contains_key("openssl"));
    assert_eq!(scan.at.to_string(), "2026-11-23T03:00:00Z");
    let state = r#"{"agent":{"id":"001","name":"web1"},"package":{"name":"openssl","version":"3.0.20-1"},"vulnerability":{"id":"CVE-2026-1","severity":"High"}}"#;
    for new in [format!(r#"{{"took":1,"hits":{{"hits":[{{"_source":{state}}}]}}}}"#), format!("[{state}]")] {
        let scan = one("wazuh.json", &new);
        assert_eq!((scan.names.clone(), scan.findings.len()), (vec!["web1".to_owned(), "001".to_owned()], 1));
    }
}

#[test]
fn defender_counts_by_machine_and_prefers_the_update_that_is_missing() {
    let text = r#"{"@odata.context":"x","value":[{"cveId":"CVE-2026-1","machineId":"m1","computerDnsName":"win2.example.net","fixingKbId":"5043050","productName":"windows_server_2019","productVersion":"10.0.17763.6189","severity":"High"},
        {"cveId":"CVE-2026-2","machineId":"m2","fixingKbId":null,"productName":"tool","productVersion":"1.2","severity":"Low"}]}"#;
    let (scans, _) = read("defender.json", text);
    assert_eq!(scans[0].names, ["win2.example.net", "m1"]);
    assert_eq!(findings(&scans[0]), [("CVE-2026-1", "KB5043050", "10.0.17763.6189")]);
    assert_eq!(findings(&scans[1]), [("CVE-2026-2", "tool", "1.2")]);
}

#[test]
fn a_finding_without_a_package_is_taken_at_its_word_about_the_flaw() {
    let toml = "id = \"DSA-1\"\npublished = 2026-11-20\ncves = [\"CVE-2026-1\"]\n[[target]]\nplatform = \"debian:12\"\nproduct = \"openssl\"\npackages = [\"libssl3\"]\nscheme = \"deb\"\nfixed = \"2\"\n";
    let advisory = Advisory::read(Path::new("a.toml"), toml).unwrap();
    let target = advisory.target("debian:12").unwrap();
    let about = |package: &str, cve: &str| Finding::of([cve], package, "1").concerns(&advisory, target);
    assert!(about("libssl3", "CVE-2026-1") && about("openssl", "DSA-1") && about("", "CVE-2026-1"));
    assert!(!about("nginx", "CVE-2026-1") && !about("libssl3", "CVE-2026-2"));
    let mended = Finding { resolved: true, ..Finding::of(["CVE-2026-1"], "libssl3", "1") };
    assert!(!mended.concerns(&advisory, target));
}

/// Reports of real tools by path below the folder, with how many assets and findings they hold.
const REAL: &[(&str, usize, usize)] = &[
    ("trivy/almalinux-8.json", 1, 1),
    ("trivy/alpine-39.json", 1, 6),
    ("trivy/centos-7.json", 1, 3),
    ("trivy/dd_all_statuses.json", 1, 8),
    ("trivy/dd_scheme_2_many_vulns.json", 1, 5),
    ("trivy/debian-buster.json", 1, 2),
    ("trivy/ubuntu-1804.json", 1, 5),
    ("grype/dd_check_all_fields.json", 1, 6),
    ("grype/dd_epss.json", 1, 15),
    ("nessus/nessus_many_vuln.nessus", 1, 7),
    ("openvas/many_vuln.xml", 1, 44),
    ("openvas/one_vuln.xml", 1, 1),
    ("openvas/report_detail_v2.xml", 1, 1),
    ("osv/osv_scanner_some_findings.json", 1, 1),
    ("qualys/qualys_vmdr_many_vulns_cve.csv", 5, 5),
    ("wazuh/v4-7_many_findings.json", 1, 13),
    ("windows/ms_defender_report_many_vulns.json", 1, 4),
    ("cyclonedx/valid-vulnerability-1.4.json", 1, 1),
    ("spdx/trivy-conda-spdx.json", 1, 0),
];

#[test]
#[ignore = "reads the reports below the folder that ROUNDSMAN_SCAN_SAMPLES names"]
fn reports_of_real_tools_hold_their_known_number_of_findings() {
    let Some(folder) = std::env::var_os("ROUNDSMAN_SCAN_SAMPLES") else {
        eprintln!("skipped: ROUNDSMAN_SCAN_SAMPLES names no folder");
        return;
    };
    for (path, assets, findings) in REAL {
        let text = std::fs::read_to_string(Path::new(&folder).join(path)).unwrap();
        let (scans, _) = read(path, &text);
        let found: usize = scans.iter().map(|scan| scan.findings.len()).sum();
        assert_eq!((scans.len(), found), (*assets, *findings), "{path}");
        assert!(scans.iter().flat_map(|scan| &scan.findings).all(|f| !f.cve.is_empty()), "{path}");
    }
}

proptest::proptest! {
    #[test]
    fn a_report_that_was_cut_off_or_changed_is_read_or_refused_without_a_panic(at in 0usize..400, byte in 32u8..127) {
        let report = r#"<NessusClientData_v2><Report><ReportHost name="h"><HostProperties><tag name="HOST_START">Mon Nov 23 04:00:00 2026</tag></HostProperties><ReportItem pluginID="1" severity="3" pluginName="KB5043050: x"><cve>CVE-1</cve><plugin_output>Remote package installed : a-1-2</plugin_output></ReportItem></ReportHost></Report></NessusClientData_v2>"#;
        let at = at.min(report.len() - 1);
        let _ = Scan::read("x", &report[..at], now());
        let mut changed = report.as_bytes().to_vec();
        changed[at] = byte;
        let _ = Scan::read("x", &String::from_utf8(changed).unwrap(), now());
    }
}
