//! [CSAF 2.0](https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html) as Red Hat, SUSE and Microsoft publish it: which
//! versions of which products mend a flaw, and which are not affected by it.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use serde::Deserialize;

use super::{
    Activation, ActivationKind, Advisory, Target, advisory::merged, package::Purl, platform, scan, vex::Statement,
};

/// Deepest nesting of a product tree that is followed.
const MAX_DEPTH: usize = 16;

#[derive(Deserialize)]
pub struct Document {
    document: Head,
    #[serde(default)]
    product_tree: Tree,
    #[serde(default)]
    vulnerabilities: Vec<Flaw>,
}

#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    title: String,
    #[serde(default)]
    aggregate_severity: Option<Text>,
    #[serde(default)]
    publisher: Publisher,
    tracking: Tracking,
}

#[derive(Deserialize)]
struct Text {
    #[serde(default)]
    text: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Publisher {
    name: String,
}

#[derive(Deserialize)]
struct Tracking {
    id: String,
    initial_release_date: Option<Timestamp>,
    current_release_date: Option<Timestamp>,
    #[serde(default)]
    status: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Tree {
    branches: Vec<Branch>,
    full_product_names: Vec<Product>,
    relationships: Vec<Relationship>,
}

#[derive(Deserialize)]
struct Branch {
    #[serde(default)]
    category: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    branches: Vec<Branch>,
    product: Option<Product>,
}

#[derive(Deserialize)]
struct Product {
    #[serde(default)]
    name: String,
    product_id: String,
    product_identification_helper: Option<Helper>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Helper {
    cpe: String,
    purl: String,
}

#[derive(Deserialize)]
struct Relationship {
    product_reference: String,
    relates_to_product_reference: String,
    full_product_name: Product,
}

#[derive(Deserialize)]
struct Flaw {
    #[serde(default)]
    cve: String,
    #[serde(default)]
    product_status: Status,
    #[serde(default)]
    remediations: Vec<Remedy>,
    #[serde(default)]
    scores: Vec<Score>,
    #[serde(default)]
    threats: Vec<Threat>,
    #[serde(default)]
    flags: Vec<Flag>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Status {
    fixed: Vec<String>,
    first_fixed: Vec<String>,
    // SUSE's word for what mends
    recommended: Vec<String>,
    known_not_affected: Vec<String>,
}

#[derive(Deserialize)]
struct Remedy {
    #[serde(default)]
    category: String,
    #[serde(default)]
    details: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    product_ids: Vec<String>,
    restart_required: Option<Restart>,
}

#[derive(Deserialize)]
struct Restart {
    #[serde(default)]
    category: String,
}

#[derive(Deserialize)]
struct Score {
    cvss_v3: Option<Cvss>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cvss {
    #[serde(default)]
    base_severity: String,
}

#[derive(Deserialize)]
struct Threat {
    #[serde(default)]
    category: String,
    #[serde(default)]
    details: String,
}

#[derive(Deserialize)]
struct Flag {
    #[serde(default)]
    label: String,
}

/// What a product's id means.
#[derive(Clone, Default)]
struct Meaning {
    platform: Option<String>,
    package: Option<String>,
    version: Option<String>,
}

impl Document {
    /// The advisory, where anything is mended, and what is not affected.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn read(self) -> Result<(Option<Advisory>, Vec<Statement>), String> {
        let tracking = &self.document.tracking;
        if tracking.id.is_empty() || tracking.id.contains('/') {
            return Err(format!("`{}` is no id", tracking.id));
        }
        let published = tracking.initial_release_date.or(tracking.current_release_date);
        let published = published.ok_or("no `initial_release_date`")?;
        let products = self.product_tree.meanings();
        let statements = self.vulnerabilities.iter().flat_map(|flaw| self.statements(flaw, &products)).collect();
        let targets = merged(self.vulnerabilities.iter().flat_map(|flaw| targets(flaw, &products)).collect());
        if targets.is_empty() && tracking.status != "withdrawn" {
            return Ok((None, statements));
        }
        let mut cves: Vec<String> =
            self.vulnerabilities.iter().map(|f| f.cve.clone()).filter(|c| !c.is_empty()).collect();
        cves.dedup();
        let title = &self.document.title;
        let advisory = Advisory {
            id: tracking.id.clone(),
            title: title.clone(),
            published,
            cves,
            class: None,
            severity: self.severity(),
            activation: self.activation(),
            known_issues: Vec::new(),
            supersedes: Vec::new(),
            workaround: None,
            withdrawn: title.to_lowercase().starts_with("withdrawn") || tracking.status == "withdrawn",
            targets,
        };
        Ok((Some(advisory), statements))
    }

    fn severity(&self) -> Option<String> {
        let whole = self.document.aggregate_severity.iter().map(|s| s.text.as_str());
        let scores = self.vulnerabilities.iter().flat_map(|flaw| &flaw.scores);
        let scored = scores.filter_map(|score| score.cvss_v3.as_ref()).map(|cvss| cvss.base_severity.as_str());
        let impact = self.vulnerabilities.iter().flat_map(|flaw| &flaw.threats);
        let impact = impact.filter(|threat| threat.category == "impact").map(|threat| threat.details.as_str());
        let rank = |word: &String| ["low", "medium", "high", "critical"].iter().position(|w| w == word);
        let highest =
            |words: Vec<&str>| words.into_iter().map(scan::severity).max_by_key(rank).filter(|w| !w.is_empty());
        highest(whole.collect()).or_else(|| highest(scored.chain(impact).collect()))
    }

    /// What the vendor says must be started anew; the most of it counts.
    fn activation(&self) -> Option<Activation> {
        let remedies = self.vulnerabilities.iter().flat_map(|flaw| flaw.fixes());
        let kind = remedies.filter_map(|remedy| remedy.restart_required.as_ref()).filter_map(|restart| {
            Some(match restart.category.as_str() {
                "none" => (0, ActivationKind::None),
                "service" | "vulnerable_component" | "dependencies" => (1, ActivationKind::ServiceRestart),
                "machine" | "system" => (2, ActivationKind::Reboot),
                _ => return None,
            })
        });
        let (_, kind) = kind.max_by_key(|(rank, _)| *rank)?;
        Some(Activation { kind, units: Vec::new(), livepatch: Vec::new() })
    }

    fn statements(&self, flaw: &Flaw, products: &HashMap<&str, Meaning>) -> Vec<Statement> {
        let impact = flaw.threats.iter().filter(|t| t.category == "impact").map(|t| t.details.as_str());
        let why =
            flaw.flags.iter().map(|flag| flag.label.as_str()).chain(impact).next().unwrap_or("no reason is given");
        let named = flaw.product_status.known_not_affected.iter().filter_map(|id| products.get(id.as_str()));
        let told = named.filter(|meaning| meaning.package.is_some() || meaning.platform.is_some());
        told.map(|meaning| Statement {
            flaws: vec![flaw.cve.clone()],
            package: meaning.package.clone(),
            version: meaning.version.clone(),
            platform: meaning.platform.clone(),
            why: format!("not affected, says {}: {why}", self.document.publisher.name),
        })
        .collect()
    }
}

impl Flaw {
    /// What the vendor offers against it.
    fn fixes(&self) -> impl Iterator<Item = &Remedy> {
        self.remediations.iter().filter(|remedy| remedy.category == "vendor_fix")
    }
}

/// What a flaw's fixed products mean.
fn targets(flaw: &Flaw, products: &HashMap<&str, Meaning>) -> Vec<Target> {
    let status = &flaw.product_status;
    let ids: BTreeSet<&String> = status.fixed.iter().chain(&status.first_fixed).chain(&status.recommended).collect();
    let mut fixed: BTreeSet<(String, String, String)> = BTreeSet::new();
    for id in ids {
        let Some(Meaning { platform: Some(platform), package, version: Some(version) }) = products.get(id.as_str())
        else {
            continue;
        };
        let update = || flaw.fixes().find(|r| r.product_ids.contains(id)).and_then(update);
        let Some(package) = package.clone().or_else(update) else { continue };
        fixed.insert((platform.clone(), package, version.clone()));
    }
    let target = |(platform, package, version): (String, String, String)| {
        let scheme = platform::scheme(&platform)?;
        // an update is the same on every edition of its platform
        let packages = vec![package.clone()];
        Some(Target { platform, product: package, packages, scheme, fixed: Some(version), ranges: Vec::new() })
    };
    fixed.into_iter().filter_map(target).collect()
}

/// The knowledge base number of a vendor's fix.
fn update(remedy: &Remedy) -> Option<String> {
    let number = |text: &str| {
        let digits: String = text.chars().rev().take_while(char::is_ascii_digit).collect();
        (digits.len() >= 6).then(|| format!("KB{}", digits.chars().rev().collect::<String>()))
    };
    number(&remedy.details).or_else(|| number(&remedy.url))
}

impl Tree {
    /// What each product's id means.
    fn meanings(&self) -> HashMap<&str, Meaning> {
        let mut known = HashMap::new();
        for branch in &self.branches {
            branch.collect(&Meaning::default(), &mut known, 0);
        }
        for product in &self.full_product_names {
            known.insert(product.product_id.as_str(), product.meaning(&Meaning::default()));
        }
        for relation in &self.relationships {
            let part = known.get(relation.product_reference.as_str()).cloned().unwrap_or_default();
            let whole = known.get(relation.relates_to_product_reference.as_str()).cloned().unwrap_or_default();
            let meaning = Meaning { platform: whole.platform.or(part.platform.clone()), ..part };
            known.insert(relation.full_product_name.product_id.as_str(), meaning);
        }
        known
    }
}

impl Branch {
    fn collect<'t>(&'t self, above: &Meaning, known: &mut HashMap<&'t str, Meaning>, depth: usize) {
        let mut meaning = above.clone();
        if meaning.platform.is_none() {
            meaning.platform = platform::of_windows(&self.name).or_else(|| platform::of_suse(&self.name));
        }
        if self.category == "product_version" {
            meaning.version = Some(self.name.clone()).filter(|name| name.starts_with(|c: char| c.is_ascii_digit()));
        }
        if let Some(product) = &self.product {
            known.insert(product.product_id.as_str(), product.meaning(&meaning));
        }
        if depth < MAX_DEPTH {
            self.branches.iter().for_each(|branch| branch.collect(&meaning, known, depth + 1));
        }
    }
}

impl Product {
    /// By its package URL, its CPE, its name, or the name, epoch, version, release and architecture that its id is.
    fn meaning(&self, above: &Meaning) -> Meaning {
        let mut meaning = above.clone();
        let helper = self.product_identification_helper.as_ref();
        if let Some(platform) = helper.and_then(|helper| platform::of_cpe(&helper.cpe)) {
            meaning.platform = Some(platform);
        }
        meaning.platform = meaning.platform.or_else(|| platform::of_suse(&self.name));
        if let Some(purl) = helper.and_then(|helper| Purl::read(&helper.purl)) {
            if purl.qualifier("arch").is_some_and(|arch| arch == "src") {
                return Meaning::default();
            }
            meaning.package = Some(purl.name());
            meaning.version = Some(purl.version()).filter(|version| !version.is_empty());
        } else if let Some((package, version)) = nevra(&self.product_id) {
            (meaning.package, meaning.version) = (Some(package), Some(version));
        }
        meaning
    }
}

/// `openssl-libs-1:3.0.7-28.el9_4.x86_64`; `None` for other ids, and for source packages.
fn nevra(id: &str) -> Option<(String, String)> {
    let (name, epoch, version, release, arch) = rpm_version::Nevra::parse_values(id);
    let binary = ["x86_64", "aarch64", "ppc64le", "s390x", "i586", "i686", "noarch"].contains(&arch);
    if !binary || name.is_empty() || !version.starts_with(|c: char| c.is_ascii_digit()) || release.is_empty() {
        return None;
    }
    let epoch = if epoch.is_empty() || epoch == "0" { String::new() } else { format!("{epoch}:") };
    Some((name.to_owned(), format!("{epoch}{version}-{release}")))
}
