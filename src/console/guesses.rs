//! How often somebody may try to sign in.

use std::{collections::HashMap, net::IpAddr, sync::Mutex};

use jiff::{SignedDuration, Timestamp};

/// Attempts from one address (IPv6: one /64) in a window.
const MAX_PER_PEER: u32 = 10;
/// Attempts on one name in a window, from anywhere: more than per address, so that a stranger cannot easily keep
/// somebody out.
const MAX_PER_NAME: u32 = 30;
/// How long attempts count.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Addresses and names remembered at once; beyond it the oldest are forgotten.
const MAX_REMEMBERED: usize = 10_000;

/// Remembers attempts that did not succeed.
#[derive(Default)]
pub(super) struct Guesses {
    windows: Mutex<HashMap<String, Window>>,
}

struct Window {
    since: Timestamp,
    attempts: u32,
}

impl Guesses {
    /// Counts an attempt before it is judged, so that parallel ones count too.
    ///
    /// # Errors
    /// The seconds to wait, where there were too many.
    pub fn attempt(&self, peer: IpAddr, name: &str, now: Timestamp) -> Result<(), u64> {
        let mut windows = self.windows.lock().unwrap_or_else(|e| e.into_inner());
        let keys = [(peer_key(peer), MAX_PER_PEER), (name_key(name), MAX_PER_NAME)];
        for (key, most) in &keys {
            if let Some(window) = windows.get(key)
                && window.attempts >= *most
                && now < window.since + WINDOW
            {
                let wait = (window.since + WINDOW).duration_since(now).as_secs();
                return Err(wait.max(1).unsigned_abs());
            }
        }
        for (key, _) in keys {
            make_room(&mut windows, now);
            let window = windows.entry(key).or_insert(Window { since: now, attempts: 0 });
            if now >= window.since + WINDOW {
                *window = Window { since: now, attempts: 0 };
            }
            window.attempts += 1;
        }
        Ok(())
    }

    /// Takes back the attempt of somebody who got in. Those before it still count: who has one password must not be
    /// able to guess at others for ever.
    pub fn succeeded(&self, peer: IpAddr, name: &str) {
        let mut windows = self.windows.lock().unwrap_or_else(|e| e.into_inner());
        for key in [peer_key(peer), name_key(name)] {
            if let Some(window) = windows.get_mut(&key) {
                window.attempts = window.attempts.saturating_sub(1);
            }
        }
    }
}

fn make_room(windows: &mut HashMap<String, Window>, now: Timestamp) {
    if windows.len() < MAX_REMEMBERED {
        return;
    }
    windows.retain(|_, w| now < w.since + WINDOW);
    let mut since: Vec<Timestamp> = windows.values().map(|w| w.since).collect();
    // A tenth at a time, so that a flood of addresses pays for the search once in a while only.
    if since.len() >= MAX_REMEMBERED {
        let (_, oldest, _) = since.select_nth_unstable(MAX_REMEMBERED / 10);
        let oldest = *oldest;
        let mut left = MAX_REMEMBERED / 10;
        windows.retain(|_, w| {
            let goes = w.since <= oldest && left > 0;
            left -= usize::from(goes);
            !goes
        });
    }
}

fn peer_key(peer: IpAddr) -> String {
    match peer.to_canonical() {
        IpAddr::V4(v4) => format!("peer {v4}"),
        IpAddr::V6(v6) => format!("peer {:x?}", &v6.segments()[..4]),
    }
}

fn name_key(name: &str) -> String {
    format!("name {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    #[test]
    fn an_address_that_guesses_has_to_wait_and_may_then_try_again() {
        let guesses = Guesses::default();
        for n in 0..MAX_PER_PEER {
            assert_eq!(guesses.attempt(ip("192.0.2.1"), &format!("name{n}"), at(0)), Ok(()));
        }
        assert_eq!(guesses.attempt(ip("192.0.2.1"), "other", at(60)), Err(14 * 60));
        assert_eq!(guesses.attempt(ip("192.0.2.2"), "other", at(60)), Ok(()));
        assert_eq!(guesses.attempt(ip("192.0.2.1"), "other", at(15 * 60)), Ok(()));
    }

    #[test]
    fn signing_in_between_guesses_does_not_buy_more_of_them() {
        let guesses = Guesses::default();
        for n in 0..MAX_PER_PEER {
            assert_eq!(guesses.attempt(ip("192.0.2.1"), "mallory", at(0)), Ok(()));
            guesses.succeeded(ip("192.0.2.1"), "mallory");
            assert_eq!(guesses.attempt(ip("192.0.2.1"), &format!("name{n}"), at(0)), Ok(()));
        }
        assert!(guesses.attempt(ip("192.0.2.1"), "anna", at(1)).is_err());
    }

    #[test]
    fn a_name_that_is_guessed_from_many_addresses_is_protected_too() {
        let guesses = Guesses::default();
        for n in 0..MAX_PER_NAME {
            assert_eq!(guesses.attempt(ip(&format!("192.0.2.{n}")), "anna", at(0)), Ok(()));
        }
        assert!(guesses.attempt(ip("192.0.2.200"), "anna", at(1)).is_err());
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        let guesses = Guesses::default();
        for n in 0..MAX_PER_PEER {
            assert!(guesses.attempt(ip(&format!("2001:db8:1:2::{n:x}")), &format!("n{n}"), at(0)).is_ok());
        }
        assert!(guesses.attempt(ip("2001:db8:1:2:ffff::1"), "x", at(0)).is_err());
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let guesses = Guesses::default();
        for n in 0..(MAX_REMEMBERED as u32 + 50) {
            let _ = guesses.attempt(IpAddr::from(n.to_be_bytes()), &format!("name{n}"), at(0));
        }
        assert!(guesses.windows.lock().unwrap().len() <= MAX_REMEMBERED);
    }
}
