//! The outbox: from the store's queue to the channels.
//!
//! Messages are queued by the transaction that makes them necessary, so a crash between commit and delivery loses none.
//! Each channel has one task of its own, which sends its messages one after the other, in order; a dead channel delays
//! no other. A message is at least once: an attempt that was cut short is repeated with the same idempotency key.
//!
//! What fails for now is tried again after a pause that doubles, up to [`MAX_PAUSE`], spread by up to half so that
//! channels do not knock in step. What is refused, or is older than [`GIVE_UP_AFTER`], is marked `failed`, logged and
//! counted, and the next message gets its turn.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use prometheus::{Histogram, HistogramOpts, IntCounterVec, Opts, Registry};
use sha2::{Digest as _, Sha256};
use tokio::{sync::watch, task::JoinSet, time::Instant};

use crate::{
    channels::{Channel, DeliveryError},
    store::{Due, Store, StoreError},
};

/// The first pause after a failed attempt.
pub const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause between two attempts.
pub const MAX_PAUSE: Duration = Duration::from_secs(300);
/// A message that could not be delivered for so long is given up.
pub const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(72);
/// How long a delivery under way may go on when the process stops.
pub const STOP_GRACE: Duration = Duration::from_secs(5);
/// The queue is looked at this often even when nobody says that there is something.
const POLL: Duration = Duration::from_secs(30);
/// Most alerts that a refresh tells again; the oldest come first.
const MAX_REFRESH: u32 = 5_000;

/// What is counted about deliveries.
#[derive(Clone, Debug)]
pub struct Metrics {
    deliveries: IntCounterVec,
    seconds: Histogram,
}

impl Metrics {
    /// Adds `roundsman_notifications_total{channel,outcome}`, with the outcomes `delivered`, `retried` and `failed`, and
    /// `roundsman_notification_seconds`, from the commit to the receiver's word that it has it.
    ///
    /// # Errors
    /// The registry has metrics of these names already.
    pub fn register(registry: &Registry) -> prometheus::Result<Metrics> {
        let opts = Opts::new("roundsman_notifications_total", "Attempts to deliver a message, by channel and outcome");
        let deliveries = IntCounterVec::new(opts, &["channel", "outcome"])?;
        let opts = HistogramOpts::new("roundsman_notification_seconds", "From the commit of a message to its delivery");
        let seconds =
            Histogram::with_opts(opts.buckets(vec![0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 3_600.0]))?;
        // the family is there from the start, even where no channel is configured but the store
        deliveries.with_label_values(&["store", "failed"]);
        registry.register(Box::new(deliveries.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        Ok(Metrics { deliveries, seconds })
    }
}

/// The deliverers, running.
pub struct Outbox {
    wake: watch::Sender<u64>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Outbox {
    /// Starts one task for each channel; what an earlier run left is sent first.
    pub fn start(store: &Store, channels: BTreeMap<String, Arc<dyn Channel>>, metrics: &Metrics) -> Outbox {
        let (wake, woken) = watch::channel(0);
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for (name, channel) in channels {
            for outcome in ["delivered", "retried", "failed"] {
                metrics.deliveries.with_label_values(&[name.as_str(), outcome]);
            }
            let (store, metrics) = (store.clone(), metrics.clone());
            let deliverer = Deliverer { name, channel, store, metrics, woken: woken.clone(), stopped: stopped.clone() };
            tasks.spawn(deliverer.run());
        }
        Outbox { wake, stop, tasks }
    }

    /// There are new messages: call it after a commit that queued some.
    pub fn wake(&self) {
        self.wake.send_modify(|n| *n = n.wrapping_add(1));
    }

    /// Ends all tasks. A delivery under way has [`STOP_GRACE`]; what is not delivered stays queued.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

struct Deliverer {
    name: String,
    channel: Arc<dyn Channel>,
    store: Store,
    metrics: Metrics,
    woken: watch::Receiver<u64>,
    stopped: watch::Receiver<bool>,
}

impl Deliverer {
    async fn run(mut self) {
        let mut refreshed = Instant::now();
        while !*self.stopped.borrow() {
            // Seen before the queue is read, so that no message queued in between is slept through.
            self.woken.mark_unchanged();
            let pause = match self.step().await {
                Ok(None) => continue,
                Ok(Some(pause)) => pause.min(POLL),
                Err(error) => {
                    tracing::error!(channel = self.name, %error, "the outbox cannot use the store");
                    POLL
                }
            };
            let refresh = self.channel.refresh_every().map(|every| refreshed + every);
            let until = Instant::now() + pause;
            tokio::select! {
                () = tokio::time::sleep_until(refresh.map_or(until, |refresh| refresh.min(until))) => {}
                _ = self.woken.changed() => {}
                _ = self.stopped.changed() => {}
            }
            if refresh.is_some_and(|refresh| refresh <= Instant::now()) {
                self.refresh().await;
                refreshed = Instant::now();
            }
        }
    }

    /// Sends the first message if its time has come; otherwise says how long nothing is to be done.
    async fn step(&mut self) -> Result<Option<Duration>, StoreError> {
        let Some(due) = self.store.first_due(&self.name).await? else { return Ok(Some(POLL)) };
        let wait = due.next_try.duration_since(Timestamp::now());
        if wait.is_positive() {
            return Ok(Some(wait.unsigned_abs()));
        }
        let Some(result) = self.attempt(&due).await else { return Ok(Some(Duration::ZERO)) };
        let outcome = match result {
            Ok(()) => {
                self.store.delivered(due.seq).await?;
                self.metrics.seconds.observe(Timestamp::now().duration_since(due.queued).as_secs_f64().max(0.0));
                "delivered"
            }
            Err(error) => self.failed(&due, &error).await?,
        };
        self.metrics.deliveries.with_label_values(&[self.name.as_str(), outcome]).inc();
        Ok(None)
    }

    /// `None`: the process stops, and the receiver did not answer in time.
    async fn attempt(&mut self, due: &Due) -> Option<Result<(), DeliveryError>> {
        let stopped = &mut self.stopped;
        let grace = async {
            // An error means that the outbox itself is gone, which is a stop too.
            let _ = stopped.wait_for(|stop| *stop).await;
            tokio::time::sleep(STOP_GRACE).await;
        };
        tokio::select! {
            result = self.channel.deliver(&due.message) => Some(result),
            () = grace => None,
        }
    }

    async fn failed(&self, due: &Due, error: &DeliveryError) -> Result<&'static str, StoreError> {
        let now = Timestamp::now();
        let refused = matches!(error, DeliveryError::Refused(_));
        let change = due.message.change();
        if refused || now.duration_since(due.queued) > GIVE_UP_AFTER {
            self.store.not_delivered(due.seq, None, &error.to_string()).await?;
            tracing::error!(channel = self.name, change, %error, "a message was given up: correct the channel's settings or its receiver");
            return Ok("failed");
        }
        let pause = pause(&due.message.idempotency_key(), due.attempts);
        let next = SignedDuration::try_from(pause).ok().and_then(|pause| now.checked_add(pause).ok());
        self.store.not_delivered(due.seq, next.or(Some(now)), &error.to_string()).await?;
        tracing::warn!(channel = self.name, change, attempts = due.attempts + 1, ?pause, %error, "a message is tried again");
        Ok("retried")
    }

    async fn refresh(&mut self) {
        let burning = match self.store.burning(&self.name, MAX_REFRESH).await {
            Ok(burning) if burning.is_empty() => return,
            Ok(burning) => burning,
            Err(error) => return tracing::error!(channel = self.name, %error, "the outbox cannot use the store"),
        };
        let mut stopped = self.stopped.clone();
        tokio::select! {
            result = self.channel.refresh(&burning) => if let Err(error) = result {
                tracing::warn!(channel = self.name, %error, "burning alerts could not be told again");
            },
            _ = stopped.wait_for(|stop| *stop) => {}
        }
    }
}

/// Doubles with each attempt, and is spread by up to half, by the message: the same message always waits the same.
fn pause(key: &str, attempts: u32) -> Duration {
    let doubled = FIRST_PAUSE.saturating_mul(1 << attempts.min(20)).min(MAX_PAUSE);
    let mut hash = Sha256::new();
    hash.update(key);
    hash.update(attempts.to_le_bytes());
    let spread = f64::from(hash.finalize()[0]) / 255.0 - 0.5;
    doubled.mul_f64(1.0 + spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_never_overflow() {
        for attempts in [0, 1, 5, 8, 9, 31, u32::MAX] {
            let middle = FIRST_PAUSE.saturating_mul(1 << attempts.min(20)).min(MAX_PAUSE);
            let pause = pause("key", attempts);
            assert!(pause >= middle.mul_f64(0.49) && pause <= middle.mul_f64(1.51), "{attempts}: {pause:?}");
        }
        assert_ne!(pause("a", 3), pause("b", 3));
    }
}
