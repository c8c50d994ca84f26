//! What the files about the organisation say of each other: platforms, owners, advisories and reports that meet nothing.

use std::path::Path;

use jiff::{Timestamp, tz::TimeZone};
use roundsman_config::Config;
use roundsman_ingest::record::Feed;
use roundsman_rules::{
    Assets, Problem,
    inputs::{
        Scan, feed, package,
        platform::{self, Support},
    },
};

/// Most advisories that meet nothing that are told one by one.
const MAX_TOLD: usize = 10;

/// Everything that only shows where files are seen together.
pub fn problems(config: &Config, assets: &Assets, feeds: &[Feed], today: Timestamp) -> Vec<Problem> {
    let mut problems = inventory(config, assets, feeds, today);
    if !assets.is_empty() {
        problems.extend(advisories(config, assets, feeds));
        problems.extend(reports(config, assets, feeds, today));
    }
    problems
}

fn warning(file: &Path, what: String, help: impl Into<String>) -> Problem {
    Problem { file: file.to_owned(), line: 0, fatal: false, what, help: help.into() }
}

/// Platforms that are none or past their support, assets that nobody looks after.
fn inventory(config: &Config, assets: &Assets, feeds: &[Feed], today: Timestamp) -> Vec<Problem> {
    let file = config.inputs.inventory.clone().unwrap_or_default();
    let own = feeds.iter().filter(|feed| feed.input == "platforms");
    let own = own.map(|feed| Support::read(Path::new(&feed.path), &feed.text).0);
    let support = own.fold(Support::shipped(), Support::with);
    let today = TimeZone::UTC.to_datetime(today).date();
    let mut problems = Vec::new();
    for asset in assets.iter().filter(|asset| asset.retired.is_none()) {
        let mut tell = |what: String, help: String| problems.push(warning(&file, what, help));
        if asset.owner.is_none() {
            tell(format!("asset `{}` has no owner", asset.id), "name who looks after it in the column `owner`".into());
        }
        if asset.platform.is_empty() {
            let help = "without one no advisory is found for it".into();
            tell(format!("asset `{}` has no platform", asset.id), help);
        } else if let Err((what, help)) = platform::check(&asset.platform) {
            tell(format!("asset `{}`: {what}", asset.id), help);
        } else if let Some(until) = support.until(&asset.platform).filter(|until| *until < today) {
            let what = format!("asset `{}`: support of {} ended on {until}", asset.id, asset.platform);
            tell(what, "upgrade it; where you pay for longer support, say so in platforms.csv".into());
        }
    }
    problems
}

/// Advisories of our own for platforms that no asset has.
fn advisories(config: &Config, assets: &Assets, feeds: &[Feed]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for known in feeds.iter().filter(|known| known.input == "advisories") {
        let file = config.base().join(&known.path);
        let read = feed::read(&file, &known.text);
        let met = |advisory: &roundsman_rules::inputs::Advisory| {
            let mut targets = advisory.targets.iter();
            targets.any(|target| {
                package::language(&target.platform).is_some() || assets.iter().any(|a| target.covers(&a.platform))
            })
        };
        let (all, unmet): (usize, Vec<_>) =
            (read.advisories.len(), read.advisories.iter().filter(|a| !met(a)).collect());
        // A feed is about the whole world; what people wrote themselves is meant for something here.
        if read.own || (all > 0 && unmet.len() == all) {
            for advisory in unmet.iter().take(MAX_TOLD) {
                let mut platforms: Vec<&str> = advisory.targets.iter().map(|t| t.platform.as_str()).collect();
                platforms.dedup();
                let what = format!("advisory {} is for {}, which no asset runs", advisory.id, platforms.join(", "));
                problems.push(warning(&file, what, "check its `platform` against the inventory"));
            }
        }
    }
    problems
}

/// Reports about assets that are in no inventory.
fn reports(config: &Config, assets: &Assets, feeds: &[Feed], now: Timestamp) -> Vec<Problem> {
    let mut problems = Vec::new();
    for known in feeds.iter().filter(|known| known.input == "scans") {
        let Ok((scans, _)) = Scan::read(&known.path, &known.text, now) else { continue };
        let unbound = scans.iter().filter(|scan| assets.resolve_any(scan.names.iter().map(String::as_str)).is_none());
        let file = config.base().join(&known.path);
        problems.extend(unbound.map(|scan| Problem { file: file.clone(), ..scan.unbound() }));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(input: &str, path: &str, text: &str) -> Feed {
        Feed { input: input.into(), path: path.into(), text: text.into() }
    }

    #[test]
    fn platforms_owners_advisories_and_reports_that_meet_nothing_are_told() {
        let inventory = "asset,platform,owner\nweb1,debian:12,ops\nold1,debian:9,ops\nodd1,debain:12,\n";
        let assets = Assets::read(Path::new("inventory.csv"), inventory).0;
        let toml = "id = \"A-1\"\npublished = 2026-11-20\n[[target]]\nplatform = \"junos\"\nproduct = \"x\"\nscheme = \"junos\"\n";
        let report = r#"{"SchemaVersion":2,"ArtifactName":"ghost","Results":[]}"#;
        let feeds = [feed("advisories", "advisories/a.toml", toml), feed("scans", "scans/ghost--trivy.json", report)];
        let now = "2026-11-22T00:00:00Z".parse().unwrap();
        let told: Vec<String> =
            problems(&Config::default(), &assets, &feeds, now).into_iter().map(|p| p.what).collect();
        let has = |words: &str| told.iter().any(|what| what.contains(words));
        assert_eq!(told.len(), 5, "{told:#?}");
        assert!(has("`debain:12` is no known platform") && has("`odd1` has no owner"));
        assert!(has("support of debian:9 ended on 2022-06-30"));
        assert!(has("A-1 is for junos, which no asset runs") && has("`ghost`, which is in no inventory"));
        let own = feed("platforms", "platforms.csv", "platform,supported_until\ndebian:9,2027-06-30\n");
        let told = problems(&Config::default(), &assets, &[own], now);
        assert!(!told.iter().any(|p| p.what.contains("debian:9")));
    }
}
