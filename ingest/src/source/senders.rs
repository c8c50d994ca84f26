//! Who may send, and how much: an allow list and limits per sender, the same for all listeners.
//!
//! A sender is an address. What is refused is counted by reason: connections in `connections_refused_total`, datagrams,
//! which are records, in `records_rejected_total`.

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    net::IpAddr,
    str::FromStr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use ipnet::IpNet;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tokio::sync::watch;

use crate::{metrics::Refused, units::Size};

/// Connections that one sender may hold by default: a quarter of what a listener takes.
pub const DEFAULT_CONNECTIONS_PER_SENDER: usize = 256;
/// What a sender may be ahead of its rate: this long at full rate, at once.
const BURST: Duration = Duration::from_secs(1);
/// Longest a stream is held back after one read.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Senders without a connection that are remembered while they are ahead of their rate.
const MAX_REMEMBERED: usize = 8_192;

/// `senders = { … }` of a listener: who may send, and how much.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Senders {
    /// Networks that may send: `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.7`. Empty: anybody.
    pub allow: Vec<Network>,
    /// Connections that one address may hold at a time; more are closed at once and counted.
    pub max_connections: usize,
    /// Bytes per second from one address. A connection above it is read more slowly, which pushes back on its sender;
    /// a datagram above it is rejected and counted. Absent: as much as comes.
    pub max_rate: Option<Size>,
}

impl Default for Senders {
    fn default() -> Self {
        Senders { allow: Vec::new(), max_connections: DEFAULT_CONNECTIONS_PER_SENDER, max_rate: None }
    }
}

impl Senders {
    /// This address may send.
    pub fn allows(&self, sender: IpAddr) -> bool {
        self.allow.is_empty() || self.allow.iter().any(|network| network.0.contains(&sender))
    }
}

/// A network, or a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(IpNet);

/// A text is no [`Network`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a network: write 10.0.0.0/8, 2001:db8::/32 or a single address")]
pub struct NetworkError(String);

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map(Network).map_err(|_| NetworkError(text.into()))
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Network {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl JsonSchema for Network {
    fn schema_name() -> Cow<'static, str> {
        "Network".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "description": "A network or an address: 10.0.0.0/8, 2001:db8::/32, 192.0.2.7"
        })
    }
}

/// How far ahead of a rate a sender is (the generic cell rate algorithm): one point in time, no timer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// When all that was taken would have come at the rate.
    due: Instant,
}

impl Pace {
    pub fn new(now: Instant) -> Self {
        Pace { due: now }
    }

    /// Takes these bytes, however many; gives how long to wait before taking more.
    pub fn take(&mut self, now: Instant, bytes: usize, rate: Size) -> Duration {
        let cost = Duration::try_from_secs_f64(bytes as f64 / rate.0.max(1) as f64).unwrap_or(LONGEST_PAUSE);
        let due = self.due.max(now) + cost.min(LONGEST_PAUSE);
        self.due = due.min(now + LONGEST_PAUSE);
        self.ahead(now)
    }

    /// Takes these bytes only if the sender is not ahead of its rate.
    pub fn try_take(&mut self, now: Instant, bytes: usize, rate: Size) -> bool {
        let free = self.ahead(now).is_zero();
        if free {
            self.take(now, bytes, rate);
        }
        free
    }

    fn ahead(&self, now: Instant) -> Duration {
        self.due.saturating_duration_since(now).saturating_sub(BURST)
    }
}

/// What is known of a sender.
struct Guest {
    connections: usize,
    pace: Arc<Mutex<Pace>>,
}

/// Lets connections in. Its settings may change while it stands; connections that are open keep the rate they came with.
pub(crate) struct Gate {
    settings: watch::Sender<Arc<Senders>>,
    guests: Mutex<HashMap<IpAddr, Guest>>,
}

impl Gate {
    pub fn new(settings: &Senders) -> Self {
        Gate { settings: watch::Sender::new(Arc::new(settings.clone())), guests: Mutex::default() }
    }

    /// Other settings from now on.
    pub fn change(&self, settings: &Senders) {
        self.settings.send_replace(Arc::new(settings.clone()));
    }

    /// The settings, and word when they change.
    pub fn settings(&self) -> watch::Receiver<Arc<Senders>> {
        self.settings.subscribe()
    }

    /// Lets a connection of this sender in, until the pass is dropped.
    pub fn admit(self: &Arc<Self>, sender: IpAddr) -> Result<Pass, Refused> {
        let settings = Arc::clone(&self.settings.borrow());
        if !settings.allows(sender) {
            return Err(Refused::NotAllowed);
        }
        let now = Instant::now();
        let mut guests = self.guests.lock().expect("no code panics while it holds this lock");
        if guests.len() >= MAX_REMEMBERED {
            guests.retain(|_, guest| guest.connections > 0 || guest.is_ahead(now));
        }
        let guest = guests
            .entry(sender)
            .or_insert_with(|| Guest { connections: 0, pace: Arc::new(Mutex::new(Pace::new(now))) });
        if guest.connections >= settings.max_connections {
            return Err(Refused::TooManyOfSender);
        }
        guest.connections += 1;
        Ok(Pass { gate: Arc::clone(self), sender, rate: settings.max_rate, pace: Arc::clone(&guest.pace) })
    }

    fn leave(&self, sender: IpAddr) {
        let Ok(mut guests) = self.guests.lock() else { return };
        let Some(guest) = guests.get_mut(&sender) else { return };
        guest.connections -= 1;
        if guest.connections == 0 && !guest.is_ahead(Instant::now()) {
            guests.remove(&sender);
        }
    }
}

impl Guest {
    /// Forgetting it would give it a new burst.
    fn is_ahead(&self, now: Instant) -> bool {
        self.pace.lock().is_ok_and(|pace| pace.due > now)
    }
}

/// A connection's right to be there.
pub(crate) struct Pass {
    gate: Arc<Gate>,
    sender: IpAddr,
    rate: Option<Size>,
    pace: Arc<Mutex<Pace>>,
}

impl Pass {
    /// Bytes were read; gives how long to wait before reading more. All connections of a sender share its rate.
    pub fn take(&self, bytes: usize) -> Duration {
        let Some(rate) = self.rate else { return Duration::ZERO };
        self.pace.lock().map_or(Duration::ZERO, |mut pace| pace.take(Instant::now(), bytes, rate))
    }

    /// The sender has a rate to keep.
    pub fn has_rate(&self) -> bool {
        self.rate.is_some()
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.gate.leave(self.sender);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn senders(allow: &[&str]) -> Senders {
        Senders { allow: allow.iter().map(|text| text.parse().unwrap()).collect(), ..Senders::default() }
    }

    #[test]
    fn a_list_allows_its_networks_and_nobody_else_and_an_empty_one_anybody() {
        let listed = senders(&["192.0.2.0/24", "2001:db8::/32", "198.51.100.7"]);
        for (address, allowed) in [
            ("192.0.2.255", true),
            ("192.0.3.0", false),
            ("2001:db8::1", true),
            ("2001:db9::1", false),
            ("198.51.100.7", true),
            ("198.51.100.8", false),
        ] {
            assert_eq!(listed.allows(address.parse().unwrap()), allowed, "{address}");
        }
        assert!(senders(&[]).allows("203.0.113.9".parse().unwrap()));
        let said = "10.0.0.0/33".parse::<Network>().unwrap_err().to_string();
        assert!(said.contains("`10.0.0.0/33` is not a network: write"), "{said}");
    }

    #[test]
    fn a_sender_at_its_limit_does_not_keep_another_out_and_gets_its_place_back() {
        let gate = Arc::new(Gate::new(&Senders { max_connections: 1, ..Senders::default() }));
        let (one, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let first = gate.admit(one).ok().unwrap();
        assert!(matches!(gate.admit(one), Err(Refused::TooManyOfSender)));
        assert!(gate.admit(other).is_ok());
        drop(first);
        assert!(gate.admit(one).is_ok());
        assert!(gate.guests.lock().unwrap().is_empty(), "nobody is remembered who is not ahead");
    }

    #[test]
    fn a_change_holds_for_the_next_connection() {
        let gate = Arc::new(Gate::new(&senders(&[])));
        let sender = "192.0.2.1".parse().unwrap();
        let open = gate.admit(sender);
        gate.change(&senders(&["198.51.100.0/24"]));
        assert!(matches!(gate.admit(sender), Err(Refused::NotAllowed)));
        assert!(open.is_ok());
    }

    #[test]
    fn a_rate_lets_a_burst_through_and_then_asks_for_patience() {
        let (now, rate) = (Instant::now(), Size(1_000));
        let mut pace = Pace::new(now);
        assert_eq!(pace.take(now, 1_000, rate), Duration::ZERO);
        assert_eq!(pace.take(now, 500, rate), Duration::from_millis(500));
        let later = now + Duration::from_millis(500);
        assert_eq!(pace.take(later, 0, rate), Duration::ZERO);
        assert!(pace.try_take(later, 100, rate));
        assert!(!pace.try_take(later, 1, rate));
        assert!(pace.take(later, usize::MAX, Size(0)) <= LONGEST_PAUSE);
    }

    #[test]
    fn reconnecting_gives_no_new_burst() {
        let gate = Arc::new(Gate::new(&Senders { max_rate: Some(Size(1_000)), ..Senders::default() }));
        let sender = "192.0.2.1".parse().unwrap();
        let waits: Vec<_> = (0..3).map(|_| gate.admit(sender).ok().unwrap().take(1_000)).collect();
        assert_eq!(waits[0], Duration::ZERO);
        assert!(waits[2] > Duration::from_millis(1_500), "{waits:?}");
    }
}
