//! Runs of backup jobs: a high-risk asset is patched after a good one (PV25).

use super::*;

impl Cases {
    /// A job has run, whoever reports it.
    pub(super) fn backup(&mut self, named: Option<&str>, observation: &Observation, out: &mut Output) {
        let line = &observation.quote.raw;
        let jobs: Vec<Job> = self.jobs.iter().filter(|job| job.is_about(named, line)).cloned().collect();
        for job in jobs {
            self.seq += 1;
            if !self.backups.keep_under(&job.job, observation, self.seq) {
                continue;
            }
            self.dirty.insert(format!("backup/{}", job.job));
            // A line that comes late may show that there was a backup after all.
            if self.assets.resolve(&job.asset).is_some_and(|asset| asset.risk == Risk::High) {
                let asset = self.assets.name(&job.asset).to_owned();
                let installed = |key: &Key| self.held_at(key).is_some_and(|held| held.installed);
                let keys: Vec<Key> = self.keys_of(&asset).into_iter().filter(installed).collect();
                keys.iter().for_each(|key| self.derive(key, out));
            }
        }
    }

    /// An asset's newest good backup before a time; `None` where it has no job.
    pub(super) fn newest_backup(&self, asset: &Asset, before: Timestamp) -> Option<Option<(Timestamp, Arc<Quote>)>> {
        let is_its = |job: &&Job| self.assets.resolve(&job.asset).is_some_and(|a| a.id == asset.id);
        let mut jobs = self.jobs.iter().filter(is_its).peekable();
        jobs.peek()?;
        let runs = jobs.flat_map(|job| self.backups.lane(&job.job));
        let good = runs.filter(|run| run.at <= before && matches!(run.fact, Fact::Backup { ok: true, .. }));
        Some(good.max_by_key(|run| run.at).map(|run| (run.at, run.quote.clone())))
    }
}
