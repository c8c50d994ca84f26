//! Statements that a product is not affected by a flaw: [OpenVEX](https://github.com/openvex/spec), and those in CSAF.

use serde::{Deserialize, Serialize};

use super::{Advisory, Target, package::Purl};

/// Somebody says that a flaw does not matter in a product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Names of the flaw.
    pub flaws: Vec<String>,
    /// The package; `None`: the platform as a whole.
    pub package: Option<String>,
    /// The version that it is about; `None`: any.
    pub version: Option<String>,
    /// The platform; `None`: any.
    pub platform: Option<String>,
    /// Who says so, and why.
    pub why: String,
}

impl Statement {
    /// Whether it clears a flaw in what a target patches.
    pub fn clears(&self, flaw: &str, target: &Target) -> bool {
        self.flaws.iter().any(|name| name == flaw)
            && self.platform.as_ref().is_none_or(|platform| target.platform == *platform)
            && match &self.package {
                Some(package) => target.is_about(package),
                None => self.platform.is_some(),
            }
    }
}

/// Why an advisory does not apply to what a target patches: each of its flaws is cleared.
pub fn cleared<'s>(
    advisory: &Advisory,
    target: &Target,
    statements: impl Iterator<Item = &'s Statement> + Clone,
) -> Option<String> {
    let flaws = if advisory.cves.is_empty() { std::slice::from_ref(&advisory.id) } else { &advisory.cves };
    let mut why = None;
    for flaw in flaws {
        // a statement about one version says nothing about others
        let found = statements.clone().find(|s| s.version.is_none() && s.clears(flaw, target))?;
        why.get_or_insert_with(|| found.why.clone());
    }
    why
}

/// An OpenVEX document.
#[derive(Deserialize)]
pub struct OpenVex {
    #[serde(default)]
    author: String,
    #[serde(default)]
    statements: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    vulnerability: Flaw,
    #[serde(default)]
    products: Vec<Product>,
    #[serde(default)]
    status: String,
    #[serde(default)]
    justification: String,
    #[serde(default)]
    impact_statement: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Flaw {
    Name(String),
    Named {
        #[serde(default)]
        name: String,
        #[serde(default)]
        aliases: Vec<String>,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Product {
    Name(String),
    Named {
        #[serde(rename = "@id", default)]
        id: String,
        #[serde(default)]
        identifiers: Identifiers,
        #[serde(default)]
        subcomponents: Vec<Product>,
    },
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Identifiers {
    purl: String,
}

impl Product {
    fn urls(&self) -> Vec<&str> {
        match self {
            Product::Name(name) => vec![name],
            Product::Named { subcomponents, .. } if !subcomponents.is_empty() => {
                subcomponents.iter().flat_map(Product::urls).collect()
            }
            Product::Named { id, identifiers, .. } => {
                vec![if identifiers.purl.is_empty() { id } else { &identifiers.purl }]
            }
        }
    }
}

impl OpenVex {
    /// What is not affected, of all that the document says.
    pub fn statements(self) -> Vec<Statement> {
        let mut statements = Vec::new();
        for entry in self.statements.iter().filter(|entry| entry.status == "not_affected") {
            let flaws = match &entry.vulnerability {
                Flaw::Name(name) => vec![name.clone()],
                Flaw::Named { name, aliases } => std::iter::once(name).chain(aliases).cloned().collect(),
            };
            let reason = if entry.justification.is_empty() { &entry.impact_statement } else { &entry.justification };
            for url in entry.products.iter().flat_map(Product::urls) {
                let Some(purl) = Purl::read(url) else { continue };
                // `distro=debian-12`
                let platform = purl.qualifier("distro").map(|distro| distro.replacen('-', ":", 1));
                statements.push(Statement {
                    flaws: flaws.clone(),
                    package: Some(purl.name()),
                    version: Some(purl.version()).filter(|version| !version.is_empty()),
                    platform: platform.filter(|platform| super::platform::check(platform).is_ok()),
                    why: format!("not affected, says {}: {reason}", self.author),
                });
            }
        }
        statements
    }
}
