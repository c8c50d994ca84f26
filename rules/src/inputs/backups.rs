//! `backups.csv`: which backups there should be, and by which words their lines are known.

use std::path::Path;

use super::{error, table};
use crate::Problem;

/// A backup job.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its name.
    pub job: String,
    /// Whose data it keeps.
    pub asset: String,
    /// Text that its lines hold: a unit, a repository, a configuration; else the job's name.
    pub text: String,
}

impl Job {
    /// Whether a line, or the job's name that stands in it, is about this job.
    pub fn is_about(&self, named: Option<&str>, line: &str) -> bool {
        named == Some(self.job.as_str()) || line.contains(&self.text)
    }
}

/// Reads `backups.csv`; columns that say when a job should run are others' business.
pub fn jobs(file: &Path, text: &str) -> (Vec<Job>, Vec<Problem>) {
    let (rows, mut problems) = table(file, text, &["job", "asset"]);
    let mut jobs = Vec::new();
    for row in &rows {
        match (row.get("job"), row.get("asset")) {
            (Some(job), Some(asset)) => jobs.push(Job {
                job: job.to_owned(),
                asset: asset.to_owned(),
                text: row.get("match").unwrap_or(job).to_owned(),
            }),
            _ => problems.push(error(file, row.line, "no `job` or no `asset`", "the row is left out")),
        }
    }
    (jobs, problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_known_by_its_name_or_by_the_words_of_its_lines() {
        let text =
            "job,asset,match,schedule\nshop nightly,shop1,/srv/backup/shop,daily 02:00\nledger,till1,,\n,till2,,\n";
        let (jobs, problems) = jobs(Path::new("backups.csv"), text);
        assert_eq!(problems[0].line, 4);
        assert!(jobs[0].is_about(None, "borg: repository /srv/backup/shop: archive done"));
        assert!(jobs[0].is_about(Some("shop nightly"), ""));
        assert!(jobs[1].is_about(None, "ledger finished") && !jobs[1].is_about(Some("other"), "backup done"));
    }
}
