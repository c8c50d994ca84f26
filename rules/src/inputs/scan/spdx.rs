//! [SPDX 2 JSON](https://spdx.github.io/spdx-spec/v2.3/): a list of packages; it looks for no flaws.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Outline, Report, Tool, json};
use crate::inputs::package::Purl;

pub struct Spdx;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(default)]
    name: String,
    creation_info: Option<Creation>,
    #[serde(default)]
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Creation {
    created: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    #[serde(default)]
    name: String,
    #[serde(default)]
    version_info: String,
    #[serde(default)]
    source_info: String,
    #[serde(default)]
    external_refs: Vec<Reference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    #[serde(default)]
    reference_type: String,
    #[serde(default)]
    reference_locator: String,
}

impl Tool for Spdx {
    fn name(&self) -> &'static str {
        "spdx"
    }

    fn how(&self) -> &'static str {
        "SPDX 2 (JSON)"
    }

    fn recognises(&self, outline: &Outline) -> bool {
        outline.has(&["spdxVersion"])
    }

    fn read(&self, text: &str, report: &mut Report) -> Result<(), (usize, String)> {
        let document: Document = json(text)?;
        let scan = report.of(&[&document.name]);
        (scan.authenticated, scan.inventory) = (true, true);
        if let Some(at) = document.creation_info.and_then(|creation| creation.created) {
            scan.at = at;
        }
        for package in &document.packages {
            let url = package.external_refs.iter().find(|r| r.reference_type == "purl");
            let purl = url.and_then(|url| Purl::read(&url.reference_locator));
            let name = purl.as_ref().map_or_else(|| package.name.clone(), Purl::name);
            let version = purl.as_ref().map(Purl::version).filter(|v| !v.is_empty());
            let version = version.unwrap_or_else(|| package.version_info.clone());
            // the root of the document is what was looked at, not a package
            if version.is_empty() {
                continue;
            }
            let arch = purl.as_ref().and_then(|purl| purl.qualifier("arch")).unwrap_or_default();
            scan.lists(&name, &arch, &version);
            let noted = package.source_info.strip_prefix("built package from: ").and_then(|s| s.split(' ').next());
            let source = noted.map(str::to_owned).or_else(|| purl.as_ref().and_then(Purl::source));
            scan.built_from(&name, &source.unwrap_or_default());
        }
        Ok(())
    }
}
