//! What an asset's activity says about the time around one instant: an activation, a new start, a reboot.
//!
//! Activity is bounded, so its oldest days are dropped; a case is derived from its evidence for years. Dropping must
//! not look like silence. **Whatever has been asked of activity keeps its answer**: before a day is dropped, the
//! windows that reach into it are measured for the last time and kept ([`Activity::forget`]). By then the asset's own
//! clock is at least [`LATENESS`] past the window's end, so lines that come later than that change nothing in it. Who
//! asks for the first time about days that are gone gets no answer, which is neither silence nor a sign of life.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::activity::{Activity, Spike};
use crate::{duration::Duration, inputs::policy::Verify};

/// This much before the instant is what is usual.
pub const BASELINE: Duration = Duration::days(7);
/// Lines may come so late after a window's end and still count.
pub const LATENESS: Duration = Duration::hours(48);
/// Most windows kept per asset; the oldest go first.
pub const MAX_WINDOWS: usize = 256;

const DAY: i64 = 86_400;

/// How far a window reaches after its instant.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// For pauses.
    pub health: Duration,
    /// For counts and errors.
    pub soak: Duration,
}

impl Frame {
    /// As the policy says.
    pub fn of(verify: &Verify) -> Self {
        Frame { health: verify.health, soak: verify.logs_soak }
    }

    /// Days of activity that an open window needs, the days at both of its ends being whole ones.
    pub fn days(self) -> usize {
        let reach = self.soak.as_seconds().max(self.health.as_seconds());
        let seconds = BASELINE.as_seconds() + reach + LATENESS.as_seconds();
        usize::try_from(seconds.div_euclid(DAY) + 2).unwrap_or(usize::MAX)
    }
}

/// The answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Window {
    /// The first minute with a record that lies wholly after the instant.
    pub alive: Option<Timestamp>,
    /// The longest time without a record while its health is watched, in seconds.
    pub pause: i64,
    /// Since when there were counts.
    pub since: Option<Timestamp>,
    /// Records in the time before that is the baseline.
    pub before: u64,
    /// Records until the logs have soaked.
    pub records: u64,
    /// Ids of an early and a late one of these.
    pub samples: Vec<String>,
    /// Hours with more errors than usual until the logs have soaked.
    pub spikes: Vec<Spike>,
}

impl Window {
    /// What activity says now.
    pub fn measure(activity: &Activity, from: Timestamp, frame: Frame) -> Self {
        let soaked = frame.soak.after(from);
        Window {
            alive: activity.alive_between(from, Timestamp::MAX),
            pause: activity.longest_pause(from, frame.health.after(from)),
            since: activity.since(),
            before: activity.records(BASELINE.before(from), Duration::hours(1).before(from)),
            records: activity.records(from, soaked),
            samples: activity.samples(from, soaked),
            spikes: activity.error_spikes(from, soaked),
        }
    }

    /// The first sign of life, as far as it was heard by a time.
    pub fn alive_by(&self, clock: Timestamp) -> Option<Timestamp> {
        self.alive.filter(|at| *at <= clock)
    }
}
