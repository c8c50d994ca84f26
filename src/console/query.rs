//! Filters as they stand in an address, the same for pages and API.

use roundsman_rules::{
    alert::{Severity, Status},
    case::State,
};
use roundsman_sinks::store::{AlertFilter, CaseFilter, MAX_PAGE};
use serde::Deserialize;

use super::fault::Fault;

/// Entries per page where nothing is said.
const PAGE: u32 = 50;
/// Most bytes of a text to search for.
const MAX_TEXT: usize = 200;

/// All states of a case, as they follow each other.
pub(super) const STATES: [State; 17] = [
    State::Open,
    State::Mitigated,
    State::Scheduled,
    State::Deploying,
    State::InstallFailed,
    State::Installed,
    State::PendingActivation,
    State::Verifying,
    State::VerifyFailed,
    State::RolledBack,
    State::Reopened,
    State::Verified,
    State::Closed,
    State::Excepted,
    State::NotApplicable,
    State::Superseded,
    State::Retired,
];

/// What may follow `?` at alerts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertQuery {
    /// `new`, `acknowledged`, `closed`, several with commas; `open` is the first two; `all`.
    pub status: Option<String>,
    /// Levels, several with commas.
    pub severity: Option<String>,
    pub host: Option<String>,
    pub rule: Option<String>,
    pub text: Option<String>,
    /// Counted from 1.
    pub page: Option<u32>,
    pub limit: Option<u32>,
}

impl AlertQuery {
    /// The filter, with `status` as the default where none is asked for, and how many alerts to leave out.
    pub fn filter(&self, status: &str) -> Result<(AlertFilter, u64), Fault> {
        let (offset, limit) = stretch(self.page, self.limit)?;
        let filter = AlertFilter {
            status: statuses(given(&self.status).unwrap_or_else(|| status.to_owned()).as_str())?,
            levels: severities(given(&self.severity).unwrap_or_default().as_str())?,
            host: text("host", &self.host)?,
            rule: text("rule", &self.rule)?,
            text: text("text", &self.text)?,
            limit,
            ..AlertFilter::default()
        };
        Ok((filter, offset))
    }
}

/// What may follow `?` at cases.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseQuery {
    /// States, several with commas; `unfinished` is all that still ask for work.
    pub state: Option<String>,
    pub asset: Option<String>,
    pub advisory: Option<String>,
    /// `true` or `false`.
    pub overdue: Option<String>,
    /// Counted from 1.
    pub page: Option<u32>,
    pub limit: Option<u32>,
}

impl CaseQuery {
    /// The filter, with `state` as the default where none is asked for.
    pub fn filter(&self, state: &str) -> Result<CaseFilter, Fault> {
        let (offset, limit) = stretch(self.page, self.limit)?;
        let overdue = match given(&self.overdue).as_deref() {
            None => None,
            Some("true") => Some(true),
            Some("false") => Some(false),
            Some(word) => return Err(Fault::Input(format!("overdue is `true` or `false`, not `{word}`"))),
        };
        Ok(CaseFilter {
            state: states(given(&self.state).unwrap_or_else(|| state.to_owned()).as_str())?,
            asset: text("asset", &self.asset)?,
            advisory: text("advisory", &self.advisory)?,
            overdue,
            offset: u32::try_from(offset).map_err(|_| no_page(self.page))?,
            limit,
            ..CaseFilter::default()
        })
    }
}

/// What may follow `?` at other lists.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageQuery {
    /// Counted from 1.
    pub page: Option<u32>,
    pub limit: Option<u32>,
}

impl PageQuery {
    /// Offset and limit.
    pub fn stretch(&self) -> Result<(u64, u32), Fault> {
        stretch(self.page, self.limit)
    }
}

/// States that still ask for work.
pub(super) fn unfinished() -> Vec<State> {
    let done =
        [State::Verified, State::Closed, State::Excepted, State::NotApplicable, State::Superseded, State::Retired];
    STATES.into_iter().filter(|s| !done.contains(s)).collect()
}

/// An empty field of a form is one that was left out.
pub(super) fn given(value: &Option<String>) -> Option<String> {
    value.as_deref().map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned)
}

fn text(name: &str, value: &Option<String>) -> Result<Option<String>, Fault> {
    match given(value) {
        Some(text) if text.len() > MAX_TEXT => Err(Fault::Input(format!("{name} has at most {MAX_TEXT} bytes"))),
        text => Ok(text),
    }
}

fn stretch(page: Option<u32>, limit: Option<u32>) -> Result<(u64, u32), Fault> {
    let (page, limit) = (page.unwrap_or(1), limit.unwrap_or(PAGE));
    if limit == 0 || limit > MAX_PAGE {
        return Err(Fault::Input(format!("limit is 1 to {MAX_PAGE}, not {limit}")));
    }
    let before = page.checked_sub(1).ok_or_else(|| no_page(Some(page)))?;
    Ok((u64::from(before) * u64::from(limit), limit))
}

fn no_page(page: Option<u32>) -> Fault {
    Fault::Input(format!("there is no page {}; pages are counted from 1", page.unwrap_or_default()))
}

fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|w| !w.is_empty())
}

fn statuses(list: &str) -> Result<Vec<Status>, Fault> {
    let mut found = Vec::new();
    for word in words(list) {
        match word {
            "new" => found.push(Status::New),
            "acknowledged" => found.push(Status::Acknowledged),
            "closed" => found.push(Status::Closed),
            "open" => found.extend([Status::New, Status::Acknowledged]),
            "all" => return Ok(Vec::new()),
            _ => {
                let help = "available: new, acknowledged, closed, open, all";
                return Err(Fault::Input(format!("unknown status `{word}` ({help})")));
            }
        }
    }
    Ok(found)
}

fn severities(list: &str) -> Result<Vec<Severity>, Fault> {
    words(list).map(|word| word.parse().map_err(Fault::Input)).collect()
}

fn states(list: &str) -> Result<Vec<String>, Fault> {
    let name = |state: State| state.as_str().to_owned();
    let mut found = Vec::new();
    for word in words(list) {
        match word {
            "unfinished" => found.extend(unfinished().into_iter().map(name)),
            "all" => return Ok(Vec::new()),
            _ => match STATES.into_iter().find(|s| s.as_str() == word) {
                Some(state) => found.push(name(state)),
                None => {
                    let known: Vec<_> = STATES.iter().map(|s| s.as_str()).collect();
                    let known = known.join(", ");
                    return Err(Fault::Input(format!("unknown state `{word}` (available: unfinished, all, {known})")));
                }
            },
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_form_field_filters_nothing() {
        let query = AlertQuery { host: Some("  ".into()), severity: Some(String::new()), ..Default::default() };
        let (filter, offset) = query.filter("open").unwrap();
        assert_eq!(filter.host, None);
        assert_eq!(filter.levels, vec![]);
        assert_eq!(filter.status, vec![Status::New, Status::Acknowledged]);
        assert_eq!((offset, filter.limit), (0, PAGE));
    }

    #[test]
    fn a_word_that_is_unknown_is_answered_with_those_that_are_known() {
        let query = AlertQuery { severity: Some("urgent".into()), ..Default::default() };
        assert!(query.filter("open").unwrap_err().to_string().contains("critical"));
        let query = CaseQuery { state: Some("done".into()), ..Default::default() };
        assert!(query.filter("all").unwrap_err().to_string().contains("verified"));
    }

    #[test]
    fn pages_that_cannot_be_are_refused() {
        for (page, limit) in [(0, 10), (1, 0), (1, MAX_PAGE + 1)] {
            let query = AlertQuery { page: Some(page), limit: Some(limit), ..Default::default() };
            assert!(query.filter("open").is_err(), "{page} {limit}");
        }
    }

    #[test]
    fn every_state_can_be_asked_for() {
        for state in STATES {
            let query = CaseQuery { state: Some(state.as_str().into()), ..Default::default() };
            assert_eq!(query.filter("all").unwrap().state, vec![state.as_str()]);
        }
    }
}
