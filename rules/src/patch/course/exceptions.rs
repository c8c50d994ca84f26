//! Exceptions: they hold a case off for a while, and leave it where it was when they end.

use super::*;

impl Course<'_> {
    /// An exception holds off everything that is only open.
    pub(super) fn review_exception(&mut self) {
        let clock = self.clock;
        let valid = |e: &&&Exception| e.created.is_none_or(|created| created <= clock) && clock < e.expires;
        let exception = self.s.exceptions.iter().filter(valid).max_by_key(|e| e.expires);
        self.exception = exception.map(|e| e.id.clone());
        match (exception, self.state) {
            (Some(e), Some(state)) if is_open(state) && !matches!(state, State::Excepted | State::Deploying) => {
                let why = format!("exception {} by {} until {}: {}", e.id, e.approver, e.expires, e.reason);
                self.calm(&[1, 2, 11, 15, 16, 24]);
                self.go(State::Excepted, why, &[]);
            }
            (None, Some(State::Excepted)) => {
                let last = self.s.exceptions.iter().filter(|e| e.expires <= clock).max_by_key(|e| e.expires);
                let id = last.map_or("", |e| e.id.as_str()).to_owned();
                let why = format!("exception {id} expired without renewal; {}", self.disk.words());
                self.go(State::Open, why.clone(), &[]);
                self.call(16, &[], why);
            }
            _ => {}
        }
    }
}
