//! Platforms: their names, what other sources call them, and until when their vendors support them.

use std::{collections::BTreeMap, path::Path};

use jiff::civil::Date;

use super::{error, package, table, warning};
use crate::{Problem, version::Scheme};

/// Families of interface section 4, with how the versions of their packages or of themselves are ordered.
pub const FAMILIES: &[(&str, Scheme)] = &[
    ("debian", Scheme::Deb),
    ("ubuntu", Scheme::Deb),
    ("rhel", Scheme::Rpm),
    ("centos", Scheme::Rpm),
    ("almalinux", Scheme::Rpm),
    ("rocky", Scheme::Rpm),
    ("oracle", Scheme::Rpm),
    ("fedora", Scheme::Rpm),
    ("amazon", Scheme::Rpm),
    ("sles", Scheme::Rpm),
    ("opensuse-leap", Scheme::Rpm),
    ("opensuse-tumbleweed", Scheme::Rpm),
    ("alpine", Scheme::Apk),
    ("arch", Scheme::Alpm),
    ("windows", Scheme::Winbuild),
    ("macos", Scheme::Semver),
    ("fortios", Scheme::Fortios),
    ("ios", Scheme::Ios),
    ("ios-xe", Scheme::Ios),
    ("nxos", Scheme::Ios),
    ("asa", Scheme::Ios),
    ("panos", Scheme::Panos),
    ("junos", Scheme::Junos),
    ("esxi", Scheme::Semver),
    ("kubernetes", Scheme::Digest),
    ("other", Scheme::Semver),
];

/// Families that roll: they have no versions.
const ROLLING: &[&str] = &["arch", "opensuse-tumbleweed", "kubernetes"];
/// A name so far from a known one is not taken for a slip of the pen.
const NEAR: usize = 3;

/// How versions are ordered on a platform.
pub fn scheme(platform: &str) -> Option<Scheme> {
    let family = platform.split(':').next().unwrap_or(platform);
    FAMILIES.iter().find(|(name, _)| *name == family).map(|(_, scheme)| *scheme)
}

/// What is wrong with a platform's name and what to write instead.
///
/// # Errors
/// The family is none, or it lacks the version by which advisories are found.
pub fn check(platform: &str) -> Result<(), (String, String)> {
    let (family, version) = platform.split_once(':').map_or((platform, None), |(f, v)| (f, Some(v)));
    if !FAMILIES.iter().any(|(name, _)| *name == family) {
        let distance = |name: &str| strsim::damerau_levenshtein(name, family);
        let nearest = FAMILIES.iter().map(|(name, _)| *name).min_by_key(|name| distance(name));
        let help = match nearest.filter(|name| distance(name) <= NEAR) {
            Some(nearest) => format!("did you mean `{nearest}`? What has no family is written `other:NAME`"),
            None => {
                let names: Vec<_> = FAMILIES.iter().map(|(name, _)| *name).collect();
                format!("known: {}; what has no family is written `other:NAME`", names.join(", "))
            }
        };
        return Err((format!("`{platform}` is no known platform"), help));
    }
    if version.is_none_or(str::is_empty) && !ROLLING.contains(&family) {
        let example = Support::shipped().0.keys().rfind(|known| known.starts_with(&format!("{family}:"))).cloned();
        let help = format!("write it with its version, such as `{}`", example.unwrap_or(format!("{family}:NAME")));
        return Err((format!("`{platform}` names no version: no advisory is found for it"), help));
    }
    Ok(())
}

/// The platform, or the ecosystem of a language, behind OSV's name of an ecosystem, and the order of its versions.
pub fn of_osv(ecosystem: &str) -> Option<(String, Scheme)> {
    let (name, release) = ecosystem.split_once(':').unwrap_or((ecosystem, ""));
    let at = |family: &str, version: &str| match version {
        "" => family.to_owned(),
        version => format!("{family}:{version}"),
    };
    let platform = match name {
        "Debian" => at("debian", release),
        // `Ubuntu:22.04:LTS`, `Ubuntu:Pro:18.04:LTS`
        "Ubuntu" => at("ubuntu", release.split(':').find(|part| part.starts_with(|c: char| c.is_ascii_digit()))?),
        "AlmaLinux" => at("almalinux", release),
        "Rocky Linux" => at("rocky", release),
        "Alpine" => at("alpine", release.trim_start_matches('v')),
        "Red Hat" => of_cpe(release)?,
        "SUSE" | "openSUSE" => of_suse(&format!("{name} {release}"))?,
        language => {
            let language = package::language(language)?;
            let scheme = match language {
                "pypi" => Scheme::Pep440,
                "maven" => Scheme::Maven,
                "gem" => Scheme::Gem,
                _ => Scheme::Semver,
            };
            return Some((language.to_owned(), scheme));
        }
    };
    let scheme = scheme(&platform)?;
    Some((platform, scheme))
}

/// Red Hat's products: `cpe:/o:redhat:enterprise_linux:9::baseos`, `cpe:/a:redhat:rhel_eus:9.4::appstream`, or the part
/// from the product on.
pub fn of_cpe(cpe: &str) -> Option<String> {
    let rest = cpe.find("redhat:").map_or(cpe, |at| &cpe[at + "redhat:".len()..]);
    let (product, rest) = rest.split_once(':')?;
    if product != "enterprise_linux" && !product.starts_with("rhel_") {
        return None;
    }
    let major = rest.split([':', '.']).next().filter(|major| major.parse::<u8>().is_ok())?;
    Some(format!("rhel:{major}"))
}

/// SUSE's products: `SUSE Linux Enterprise Module for Basesystem 15 SP6`, `openSUSE Leap 15.6`, `openSUSE Tumbleweed`.
pub fn of_suse(name: &str) -> Option<String> {
    if name.contains("Tumbleweed") {
        return Some("opensuse-tumbleweed".to_owned());
    }
    if let Some((_, version)) = name.split_once("Leap ") {
        return Some(format!("opensuse-leap:{}", version.split_whitespace().next()?));
    }
    if !name.contains("Linux Enterprise") || name.contains("Micro") {
        return None;
    }
    let words: Vec<&str> = name.split([' ', '-']).collect();
    let at = words.iter().rposition(|word| word.parse::<f32>().is_ok())?;
    let pack = words.get(at + 1).and_then(|word| word.strip_prefix("SP"));
    Some(match pack {
        Some(pack) => format!("sles:{}.{pack}", words[at]),
        None => format!("sles:{}", words[at]),
    })
}

/// Microsoft's products: `Windows Server 2019 (Server Core installation)`, `Windows 11 Version 24H2 for x64-based Systems`.
pub fn of_windows(name: &str) -> Option<String> {
    let words: Vec<String> = name.split([' ', ',']).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    let mut words = words.iter().map(String::as_str).skip_while(|word| *word != "windows").skip(1);
    let first = words.next()?;
    let rest: Vec<&str> = words.collect();
    let after = |word: &str| rest.iter().position(|w| *w == word).and_then(|at| rest.get(at + 1)).copied();
    Some(match first {
        "server" => {
            let year = rest.first().filter(|year| year.parse::<u16>().is_ok())?;
            match (rest.get(1).copied(), rest.iter().find(|w| w.len() == 4 && w[2..].starts_with('h'))) {
                (Some("r2"), _) => format!("windows:{year}r2"),
                (_, Some(half)) => format!("windows:{year}-{half}"),
                _ => format!("windows:{year}"),
            }
        }
        "10" | "11" => match after("version") {
            Some(version) => format!("windows:{first}-{version}"),
            None if first == "10" => "windows:10-1507".to_owned(),
            None => "windows:11-21h2".to_owned(),
        },
        _ => return None,
    })
}

/// Until when platforms are supported.
#[derive(Clone, Debug, Default)]
pub struct Support(BTreeMap<String, Date>);

impl Support {
    /// The table that comes with the program.
    pub fn shipped() -> Self {
        Support::read(Path::new("platforms.csv"), include_str!("../../data/platforms.csv")).0
    }

    /// Reads `platforms.csv`; other columns are left alone.
    pub fn read(file: &Path, text: &str) -> (Self, Vec<Problem>) {
        let (rows, mut problems) = table(file, text, &["platform", "supported_until"]);
        let mut support = Support::default();
        for row in &rows {
            let Some(platform) = row.get("platform").map(str::to_lowercase) else {
                problems.push(error(file, row.line, "no `platform`", "the row is left out"));
                continue;
            };
            if let Err((what, help)) = check(&platform) {
                problems.push(warning(file, row.line, what, help));
            }
            match row.get("supported_until").map(str::parse::<Date>) {
                Some(Ok(date)) => drop(support.0.insert(platform, date)),
                Some(Err(_)) => {
                    let what = format!("supported_until: `{}` is no date", row.get("supported_until").unwrap_or(""));
                    problems.push(error(file, row.line, what, "write 2028-06-30"));
                }
                None => {
                    problems.push(warning(file, row.line, "no `supported_until`", "the shipped table's date holds"))
                }
            }
        }
        (support, problems)
    }

    /// These rows win over those.
    pub fn with(mut self, other: Support) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The last day of support; `None`: not known.
    pub fn until(&self, platform: &str) -> Option<Date> {
        self.0.get(platform).copied()
    }

    /// Whether support was over before this day.
    pub fn is_over(&self, platform: &str, today: Date) -> bool {
        self.until(platform).is_some_and(|until| until < today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn osv_s_ecosystems_are_our_platforms() {
        for (ecosystem, platform) in [
            ("Debian:12", "debian:12"),
            ("Ubuntu:22.04:LTS", "ubuntu:22.04"),
            ("Ubuntu:Pro:18.04:LTS", "ubuntu:18.04"),
            ("AlmaLinux:10", "almalinux:10"),
            ("Rocky Linux:9", "rocky:9"),
            ("Alpine:v3.20", "alpine:3.20"),
            ("SUSE:Linux Enterprise Module for Basesystem 15 SP6", "sles:15.6"),
            ("SUSE:Linux Enterprise Server 12 SP5-LTSS", "sles:12.5"),
            ("openSUSE:Leap 15.6", "opensuse-leap:15.6"),
            ("openSUSE:Tumbleweed", "opensuse-tumbleweed"),
            ("Red Hat:enterprise_linux:9::baseos", "rhel:9"),
            ("Red Hat:rhel_eus:9.4::appstream", "rhel:9"),
            ("crates.io", "cargo"),
            ("PyPI", "pypi"),
        ] {
            assert_eq!(of_osv(ecosystem).map(|(platform, _)| platform).as_deref(), Some(platform), "{ecosystem}");
        }
        assert_eq!(of_osv("Android"), None);
        assert_eq!(of_osv("Red Hat:openshift:4.14::el9"), None);
    }

    #[test]
    fn microsoft_s_products_are_our_platforms() {
        for (name, platform) in [
            ("Windows Server 2019 (Server Core installation)", Some("windows:2019")),
            ("Windows Server 2012 R2", Some("windows:2012r2")),
            ("Windows Server 2022, 23H2 Edition (Server Core installation)", Some("windows:2022-23h2")),
            ("Windows 11 Version 24H2 for x64-based Systems", Some("windows:11-24h2")),
            ("Windows 10 for 32-bit Systems", Some("windows:10-1507")),
            ("Microsoft Office 2019", None),
        ] {
            assert_eq!(of_windows(name).as_deref(), platform, "{name}");
        }
    }

    #[test]
    fn a_misspelt_platform_is_told_with_the_nearest() {
        assert_eq!(check("debian:12"), Ok(()));
        assert_eq!(check("arch"), Ok(()));
        assert_eq!(check("other:plc"), Ok(()));
        let (what, help) = check("debain:12").unwrap_err();
        assert!(what.contains("`debain:12`") && help.contains("`debian`"));
        assert!(check("mainframe").unwrap_err().1.contains("other:NAME"));
        assert!(check("debian").unwrap_err().1.contains("`debian:"));
    }

    #[test]
    fn support_ends_with_its_last_day_and_the_users_table_wins() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let shipped = Support::shipped();
        assert!(!shipped.is_over("debian:11", day("2026-08-31")) && shipped.is_over("debian:11", day("2026-09-01")));
        assert!(!shipped.is_over("other:plc", day("2099-01-01")));
        let text = "platform,supported_until\nDebian:11,2031-06-30\nrhel:7,soon\n";
        let (own, problems) = Support::read(Path::new("platforms.csv"), text);
        assert!(!shipped.with(own).is_over("debian:11", day("2027-01-01")));
        assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn the_shipped_table_has_no_fault() {
        let (support, problems) = Support::read(Path::new("platforms.csv"), include_str!("../../data/platforms.csv"));
        assert_eq!(problems, []);
        assert!(support.0.len() > 80);
    }
}
