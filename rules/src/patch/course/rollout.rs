//! Applications that run as many instances: fixed once none has the old image and all are ready.

use super::*;

/// Reports of another instance closer together than this are one look at all of them.
const ONE_LOOK: Duration = Duration::seconds(30);

/// An instance as it was last told of.
#[derive(Clone, Debug)]
pub(super) struct Pod {
    image: String,
    ready: bool,
    at: Timestamp,
    /// Other instances that were told of since, and when for the first time.
    others: BTreeMap<String, Timestamp>,
}

impl<'a> Course<'a> {
    /// One instance is told of.
    pub(super) fn pod(&mut self, pod: &str, image: &str, ready: bool, quote: &Arc<Quote>) {
        if self.tells != Tells::Pods {
            return;
        }
        let image = image.rsplit('@').next().unwrap_or(image);
        let (product, clock) = (&self.s.target.product, self.clock);
        self.pods.insert(pod.to_owned(), Pod { image: image.to_owned(), ready, at: clock, others: BTreeMap::new() });
        self.disk.put(product, pod, image);
        for gone in self.unheard(pod) {
            self.pods.remove(&gone);
            self.disk.remove(product, &gone, None);
            self.failing.remove(&instance(&gone));
        }
        if ready && self.failing.remove(&instance(pod)).is_some() {
            if self.failing.is_empty() {
                self.calm(&[6]);
            }
            if self.activated.is_some() {
                self.healthy_since(clock);
            }
        }
        self.open();
        self.count_pods(quote);
    }

    /// Instances that a whole look at all of them has left out: another was told of twice since.
    fn unheard(&mut self, told: &str) -> Vec<String> {
        let clock = self.clock;
        let mut gone = Vec::new();
        for (name, pod) in self.pods.iter_mut().filter(|(name, pod)| *name != told && pod.at < clock) {
            let first = *pod.others.entry(told.to_owned()).or_insert(clock);
            if clock >= ONE_LOOK.after(first) {
                gone.push(name.clone());
            }
        }
        gone
    }

    /// Where the instances stand together.
    fn count_pods(&mut self, quote: &Arc<Quote>) {
        let fixed = self.pods.values().filter(|pod| self.disk.reaches(&pod.image)).count();
        let (all, ready) = (self.pods.len(), self.pods.values().filter(|pod| pod.ready).count());
        let words = format!("{fixed} of {all} instances run {}, {ready} are ready", self.wanted_image());
        let mark = Mark { at: self.clock, quote: Some(quote.clone()) };
        let Some(state) = self.state else { return };
        if fixed < all && self.activated.is_some() {
            return self.fall(State::Reopened, words, quote);
        }
        if is_open(state) && fixed > 0 {
            self.moving = None;
            self.installed = Some(mark.clone());
            self.rolling = Some(mark.clone());
            self.calm(&[1, 2, 11, 15, 16, 24]);
            self.rollout_rules(&[quote]);
            self.go(State::Installed, words.clone(), &[quote]);
        }
        let rolls = matches!(self.state, Some(State::Installed | State::VerifyFailed)) && self.activated.is_none();
        if rolls && fixed == 0 {
            self.fall(State::Reopened, words, quote);
        } else if rolls && fixed == all && ready == all {
            self.rolling = None;
            self.calm(&[6, 17]);
            self.activate(mark, words);
        }
    }

    fn wanted_image(&self) -> &str {
        self.s.target.fixed.as_deref().unwrap_or("the fix")
    }

    /// An instance does not come up: in the midst of a roll-out, or after it.
    pub(super) fn pod_fails(&mut self, pod: &str, quote: &Arc<Quote>) {
        if self.tells != Tells::Pods || self.installed.is_none() {
            return;
        }
        let mark = Mark { at: self.clock, quote: Some(quote.clone()) };
        self.failing.insert(instance(pod), mark);
        if self.activated.is_none() {
            let name = if pod.is_empty() { "an instance" } else { pod };
            self.call(6, &[quote], format!("{name} does not come up with {}", self.wanted_image()));
        }
    }

    /// When an instance was first told of after the activation: instances have no log of their own to be heard by.
    pub(in crate::patch) fn told_of_instances(&self) -> Option<Timestamp> {
        let active = self.activated.as_ref().filter(|_| self.tells == Tells::Pods)?.at;
        self.pods.values().map(|pod| pod.at).filter(|at| *at > active).min()
    }

    /// A roll-out that does not come to its end.
    pub(super) fn review_rollout(&mut self) {
        let limit = self.s.policy.deploy.rolling;
        let Some(since) = self.rolling.clone().filter(|mark| self.clock >= limit.after(mark.at)) else { return };
        if self.activated.is_none() && !self.calls(17) {
            let fixed = self.pods.values().filter(|pod| self.disk.reaches(&pod.image) && pod.ready).count();
            let why = format!(
                "rolling since {}: {fixed} of {} instances are ready with {}",
                since.at,
                self.pods.len(),
                self.wanted_image()
            );
            let quotes: Vec<&Arc<Quote>> = since.quote.iter().collect();
            self.conditions.insert(Pv(17), Condition::new(limit.after(since.at), &quotes, why));
        }
    }
}

/// An instance as the health check counts it.
fn instance(pod: &str) -> Unit {
    Unit { name: format!("pod {pod}"), description: String::new() }
}
