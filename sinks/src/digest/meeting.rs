//! What a digest is made from, and how the store gives it.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};
use roundsman_rules::{
    Alert, Asset, PatchCase,
    calendar::Windows,
    inputs::{Exception, policy::Calendar},
};

use super::{
    model::{Row, Section},
    period::Period,
};
use crate::{
    notify::Routes,
    store::{AlertFilter, CaseFilter, Count, Decision, MAX_PAGE, Store, StoreError},
};

/// Weeks that trends look back.
pub const TREND_WEEKS: usize = 8;

/// What is known of an asset beyond its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssetNote {
    /// Whose it is.
    pub owner: Option<String>,
    /// When it may be worked on.
    pub windows: Windows,
    /// On whose clocks; absent: the digest's.
    pub zone: Option<TimeZone>,
}

impl From<&Asset> for AssetNote {
    fn from(asset: &Asset) -> Self {
        AssetNote { owner: asset.owner.clone(), windows: asset.windows.clone(), zone: asset.zone.clone() }
    }
}

/// The input of a digest: plain data, from the store or from a replay.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// The week or month.
    pub period: Period,
    /// Alerts raised before the period's end, in their newest form: those that were open at or after
    /// [`Meeting::reach`].
    pub alerts: Vec<Alert>,
    /// All cases, in their newest form with their history.
    pub cases: Vec<PatchCase>,
    /// Lines by day and sender since [`Meeting::reach`].
    pub counts: Vec<Count>,
    /// Human decisions, all that are kept.
    pub decisions: Vec<Decision>,
    /// Which alerts were told at once.
    pub routes: Routes,
    /// The inventory, by asset; empty where there is none.
    pub assets: BTreeMap<String, AssetNote>,
    /// Patch days and blackouts of the organisation's policy.
    pub calendar: Calendar,
    /// Exceptions of the organisation's file; those that people recorded are among the decisions.
    pub exceptions: Vec<Exception>,
    /// Rows that other stages found: accounts, backups, scans, feeds.
    pub rows: Vec<(Section, Row)>,
}

impl Meeting {
    /// A meeting about a period in which nothing is known to have happened.
    pub fn new(period: Period) -> Meeting {
        Meeting {
            period,
            alerts: Vec::new(),
            cases: Vec::new(),
            counts: Vec::new(),
            decisions: Vec::new(),
            routes: Routes::default(),
            assets: BTreeMap::new(),
            calendar: Calendar::default(),
            exceptions: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// How far back the page looks.
    pub fn reach(period: &Period) -> Timestamp {
        let trend = period.weeks(TREND_WEEKS).first().map_or(period.from(), Period::from);
        trend.min(period.previous().from())
    }

    /// What the store holds about a period; the caller adds routes, assets, exceptions and rows.
    ///
    /// # Errors
    /// As any read.
    pub async fn read(store: &Store, period: Period) -> Result<Meeting, StoreError> {
        let reach = Meeting::reach(&period);
        let mut meeting = Meeting::new(period);
        let until = Some(meeting.period.to());
        let recent = AlertFilter { since: Some(reach), until, ..AlertFilter::default() };
        let older = AlertFilter { until: Some(reach), lasted: Some(reach), ..AlertFilter::default() };
        for filter in [older, recent] {
            meeting.alerts.extend(all(store, filter).await?);
        }
        meeting.alerts.sort_by(|a, b| (a.raised, &a.id).cmp(&(b.raised, &b.id)));
        meeting.cases = store.cases(&CaseFilter::default()).await?;
        let first = reach.to_zoned(meeting.period.zone().clone()).date();
        meeting.counts = store.counts(first, meeting.period.end_day()).await?;
        meeting.decisions = store.decisions(Timestamp::MIN, meeting.period.to(), "").await?;
        Ok(meeting)
    }
}

async fn all(store: &Store, mut filter: AlertFilter) -> Result<Vec<Alert>, StoreError> {
    filter.limit = MAX_PAGE;
    let mut alerts = Vec::new();
    loop {
        let page = store.alerts(&filter).await?;
        alerts.extend(page.alerts);
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => return Ok(alerts),
        }
    }
}
