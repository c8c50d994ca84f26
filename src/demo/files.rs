//! The organisation's files in the demo: inventory, advisories, catalogue of exploited flaws, scan reports.

use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;

/// openssl before and after the fix.
pub const OPENSSL_OLD: &str = "3.0.20-1~deb12u2";
/// The fixed version.
pub const OPENSSL_FIXED: &str = "3.0.22-1~deb12u2";
/// The kernel before and after the fix.
pub const KERNEL_OLD: &str = "6.1.140-1";
/// The fixed package version.
pub const KERNEL_FIXED: &str = "6.1.192-2";
/// Release names of the two kernels.
pub const KERNEL_OLD_ABI: &str = "6.1.0-37-amd64";
/// See [`KERNEL_OLD_ABI`].
pub const KERNEL_NEW_ABI: &str = "6.1.0-56-amd64";
/// The shop's own server before and after the fix.
pub const ORDERS_OLD: &str = "4.8.1-1";
/// See [`ORDERS_OLD`].
pub const ORDERS_FIXED: &str = "4.8.2-1";

/// Hosts on Debian whose packages are known from a scan at the start. Most have the newer kernel already.
const DEBIAN: &[&str] = &["web1", "web2", "webt1", "app1", "db1", "kiosk1"];

/// The twelve hosts.
pub const INVENTORY: &str = "\
asset,aliases,platform,risk,exposure,ring,group,window,owner,heartbeat,logs,tags
web1,192.0.2.11,debian:12,high,internet,1,web,Sun 01:00-05:00,Web team,6h,syslog dpkg=30d,
web2,192.0.2.12,debian:12,high,internet,1,web,Sun 01:00-05:00,Web team,6h,syslog dpkg=30d,
webt1,10.20.9.13,debian:12,low,internal,0,,,Web team,6h,syslog,lab
app1,10.20.9.21,debian:12,high,internal,,,Sun 01:00-05:00,Shop team,6h,syslog,
db1,10.20.9.31,debian:12,high,internal,,,Sun 01:00-05:00,Shop team,6h,syslog,
nas1,10.20.9.41,debian:12,high,internal,,,,Operations,6h,syslog,backup_server
bastion,192.0.2.10,debian:12,high,internet,,,,Operations,6h,syslog,jump_host
build1,10.20.9.51,debian:12,medium,internal,,,,Operations,6h,syslog,
mon1,10.20.9.61,debian:12,low,internal,,,,Operations,6h,syslog,monitoring
kiosk1,10.20.3.77,debian:12,low,internal,,,,Front desk,6h,syslog,
fw1,10.20.0.1,fortios:7.4,high,internet,,,,Network,6h,syslog,
fw2,10.20.0.2,other:pfsense,medium,internal,,,,Network,6h,syslog,
";

/// What is known before the story begins.
pub fn at_the_start(start: Timestamp) -> Vec<(String, String)> {
    let kernel = |host: &str| if matches!(host, "db1" | "kiosk1") { KERNEL_OLD } else { KERNEL_FIXED };
    let report = |host: &&str| (format!("scans/{host}--packages.json"), scan(host, start, OPENSSL_OLD, kernel(host)));
    DEBIAN.iter().map(report).collect()
}

fn advisory(id: &str, title: &str, at: Timestamp, cve: &str, class: &str, rest: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"{title}\"\npublished = {}\ncves = [\"{cve}\"]\nclass = \"{class}\"\n{rest}",
        at.strftime("%Y-%m-%dT%H:%M:%SZ")
    )
}

/// The library: services must be restarted.
pub fn openssl_advisory(at: Timestamp) -> String {
    let rest = format!(
        "activation = {{ kind = \"service_restart\", units = [\"nginx.service\", \"ssh.service\"] }}\n\n[[target]]\n\
         platform = \"debian:12\"\nproduct = \"openssl\"\npackages = [\"libssl3\", \"openssl\"]\nscheme = \"deb\"\n\
         fixed = \"{OPENSSL_FIXED}\"\n"
    );
    advisory("DSA-2026-101", "openssl security update", at, "CVE-2026-10101", "important", &rest)
}

/// The kernel: the machine must be restarted.
pub fn kernel_advisory(at: Timestamp) -> String {
    let rest = format!(
        "activation = {{ kind = \"reboot\" }}\n\n[[target]]\nplatform = \"debian:12\"\nproduct = \"linux\"\n\
         packages = [\"linux-image-*\"]\nscheme = \"deb\"\nfixed = \"{KERNEL_FIXED}\"\n"
    );
    advisory("DSA-2026-102", "linux security update", at, "CVE-2026-10102", "critical", &rest)
}

/// The shop's own package: nothing to restart.
pub fn orders_advisory(at: Timestamp) -> String {
    let rest = format!(
        "activation = {{ kind = \"none\" }}\n\n[[target]]\nplatform = \"debian:12\"\nproduct = \"orders-server\"\n\
         packages = [\"orders-server\"]\nscheme = \"deb\"\nfixed = \"{ORDERS_FIXED}\"\n"
    );
    advisory("SHOP-2026-3", "orders-server: request forgery", at, "CVE-2026-10103", "important", &rest)
}

/// CISA's catalogue with the kernel flaw in it.
pub fn kev(added: Timestamp, due: Timestamp) -> String {
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d").to_string();
    let entry = json!({"cveID": "CVE-2026-10102", "vendorProject": "Linux", "product": "Kernel",
        "vulnerabilityName": "Linux Kernel Use-After-Free", "dateAdded": day(added), "dueDate": day(due),
        "shortDescription": "A local user can gain root.", "requiredAction": "Apply the vendor's update.",
        "knownRansomwareCampaignUse": "Known", "notes": "", "cwes": ["CWE-416"]});
    let catalogue = json!({"title": "Known exploited vulnerabilities", "catalogVersion": day(added),
        "dateReleased": added.to_string(), "count": 1, "vulnerabilities": [entry]});
    format!("{catalogue:#}")
}

/// A Trivy report of one host with its packages; it lists what its versions leave open.
pub fn scan(host: &str, at: Timestamp, openssl: &str, kernel: &str) -> String {
    let abi = if kernel == KERNEL_FIXED { KERNEL_NEW_ABI } else { KERNEL_OLD_ABI };
    let mut packages = vec![
        json!({"Name": "libssl3", "Version": openssl, "Arch": "amd64", "SrcName": "openssl", "SrcVersion": openssl}),
        json!({"Name": "openssl", "Version": openssl, "Arch": "amd64", "SrcName": "openssl", "SrcVersion": openssl}),
        json!({"Name": format!("linux-image-{abi}"), "Version": kernel, "Arch": "amd64", "SrcName": "linux",
            "SrcVersion": kernel}),
    ];
    if host == "app1" {
        packages
            .push(json!({"Name": "orders-server", "Version": ORDERS_OLD, "Arch": "all", "SrcName": "orders-server",
            "SrcVersion": ORDERS_OLD}));
    }
    let mut found = Vec::new();
    if openssl == OPENSSL_OLD {
        found.push(json!({"VulnerabilityID": "CVE-2026-10101", "PkgName": "libssl3", "InstalledVersion": openssl,
            "FixedVersion": OPENSSL_FIXED, "Status": "fixed", "Severity": "HIGH"}));
    }
    if kernel == KERNEL_OLD {
        found.push(json!({"VulnerabilityID": "CVE-2026-10102", "PkgName": format!("linux-image-{abi}"),
            "InstalledVersion": kernel, "FixedVersion": KERNEL_FIXED, "Status": "fixed", "Severity": "HIGH"}));
    }
    let report = json!({"SchemaVersion": 2, "CreatedAt": at.to_string(), "ArtifactName": host,
        "ArtifactType": "filesystem", "Metadata": {"OS": {"Family": "debian", "Name": "12.12"}},
        "Results": [{"Target": format!("{host} (debian 12.12)"), "Class": "os-pkgs", "Type": "debian",
            "Packages": packages, "Vulnerabilities": found}]});
    format!("{report:#}")
}

/// CISA's catalogue before anything in it concerns us.
pub const EMPTY_KEV: &str = r#"{"title": "Known exploited vulnerabilities", "catalogVersion": "2026.01.01", "count": 0, "vulnerabilities": []}"#;
