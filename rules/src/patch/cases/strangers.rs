//! Installations on hosts that are in no inventory (PV20).

use super::*;
use crate::patch::fact::UpdateStep;

/// Most hosts outside of the inventory that are told of.
const MAX_STRANGERS: usize = 1_000;

impl Cases {
    /// Somebody patches a host that is in no inventory.
    pub(super) fn stranger(&mut self, observation: &Observation, out: &mut Output) {
        if self.assets.is_empty() || !installs(&observation.fact) {
            return;
        }
        let (host, quote) = (&observation.about, &observation.quote);
        let name = format!("host/{host}");
        let known = self.alerts.range("host/".to_owned()..).take_while(|(name, _)| name.starts_with("host/"));
        if !self.alerts.contains_key(&name) && known.count() >= MAX_STRANGERS {
            return;
        }
        let plain = Plain { pv: Pv(20), name, key: ("host.name", host.clone()), hosts: Vec::new(), high_risk: false };
        let why = format!("{host} reports installations and is in no inventory");
        self.tell(&plain, Condition::new(observation.at, &[quote], why), out);
    }

    /// Hosts that are in the inventory by now are no strangers any more.
    pub(super) fn known_by_now(&mut self, out: &mut Output) {
        let names: Vec<String> = self.open_under("host/").collect();
        for name in names {
            if self.assets.resolve(name.trim_start_matches("host/")).is_some() {
                self.clear(&name, out);
            }
        }
    }
}

fn installs(fact: &Fact) -> bool {
    match fact {
        Fact::Begins(_) | Fact::Status { .. } | Fact::Transaction { .. } | Fact::Broken { .. } => true,
        Fact::ScriptFailed { .. } | Fact::Patch { .. } | Fact::Firmware { .. } => true,
        Fact::Update { step, .. } => *step != UpdateStep::Ready,
        _ => false,
    }
}
