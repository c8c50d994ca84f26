//! What sources and the journal count.
//!
//! `received = journalled + rejected + dropped` holds at every scrape because `received` is not counted at all: a
//! record is counted once, when its fate is known, and [`Metrics::collect`](Collector::collect) adds up what it read.
//! Nothing on the hot path takes a lock: a source keeps its [`Source`] and adds to atomics once per batch.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
    },
};

use jiff::Timestamp;
use prometheus::{
    GaugeVec, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, Opts, Registry,
    core::{Collector, Desc},
    proto::MetricFamily,
};

/// Why a record that came was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// The journal had failed or was stopping before the record was synced.
    JournalUnavailable,
    /// The sender asked for something that cannot be taken (a broken frame, a size above the limit).
    Invalid,
    /// The journal's queue, or what requests may hold, stayed full; the sender may come again.
    Busy,
    /// A request's body is above the limit.
    TooLarge,
    /// The sender showed no token that may hand in records.
    Unauthorized,
    /// The sender is not on the source's allow list. Only datagrams: of others the connection is refused.
    NotAllowed,
    /// The sender was above the rate that the source allows it. Only datagrams: others are read more slowly.
    Rate,
    /// The sender sent it again although it is journalled; it was acknowledged.
    Duplicate,
}

/// Why a connection was not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The source has as many connections as it may.
    TooMany,
    /// The sender has as many connections as it may.
    TooManyOfSender,
    /// The sender is not on the allow list.
    NotAllowed,
    /// The TLS handshake failed or took too long.
    Handshake,
    /// The sender showed no certificate, or one that no authority vouches for.
    Certificate,
    /// The sender's certificate is of nobody who is allowed.
    Subject,
}

/// Why a record was lost without its sender being told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// The kernel's socket buffer was full (`SO_RXQ_OVFL`).
    Kernel,
    /// The journal's queue was full for longer than a datagram can wait.
    QueueFull,
    /// The journal had failed or was stopping.
    JournalUnavailable,
    /// Parts of it did not come in time, or too many records were incomplete.
    Incomplete,
}

impl Rejected {
    const ALL: [(Rejected, &'static str); 8] = [
        (Rejected::JournalUnavailable, "journal_unavailable"),
        (Rejected::Invalid, "invalid"),
        (Rejected::Busy, "busy"),
        (Rejected::TooLarge, "too_large"),
        (Rejected::Unauthorized, "unauthorized"),
        (Rejected::NotAllowed, "not_allowed"),
        (Rejected::Rate, "rate"),
        (Rejected::Duplicate, "duplicate"),
    ];
}

impl Refused {
    /// All reasons with their metric labels, in the order of the enum.
    pub(crate) const ALL: [(Refused, &'static str); 6] = [
        (Refused::TooMany, "connections"),
        (Refused::TooManyOfSender, "connections_of_sender"),
        (Refused::NotAllowed, "not_allowed"),
        (Refused::Handshake, "tls_handshake"),
        (Refused::Certificate, "tls_certificate"),
        (Refused::Subject, "tls_subject"),
    ];

    /// The metric label.
    pub fn slug(self) -> &'static str {
        Refused::ALL[self as usize].1
    }

    /// Which setting decides.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Refused::TooMany => "the source is at its `max_connections`",
            Refused::TooManyOfSender => "this sender is at `senders.max_connections`",
            Refused::NotAllowed => "this sender is not in `senders.allow`",
            Refused::Handshake => "the TLS handshake failed",
            Refused::Certificate => "its certificate does not come from `tls.client_ca`",
            Refused::Subject => "its certificate is not in `tls.allowed_subjects`",
        }
    }
}

impl Dropped {
    const ALL: [(Dropped, &'static str); 4] = [
        (Dropped::Kernel, "kernel"),
        (Dropped::QueueFull, "queue_full"),
        (Dropped::JournalUnavailable, "journal_unavailable"),
        (Dropped::Incomplete, "incomplete"),
    ];
}

/// The counters of one configured source.
#[derive(Debug, Default)]
pub struct Source {
    journalled: AtomicU64,
    rejected: [AtomicU64; Rejected::ALL.len()],
    dropped: [AtomicU64; Dropped::ALL.len()],
    truncated: AtomicU64,
    refused: [AtomicU64; Refused::ALL.len()],
    last_seen: AtomicI64,
    /// One more than how many there are; 0 for a source that reads no files.
    unreadable: AtomicU64,
}

impl Source {
    /// Records that the journal's file holds.
    pub fn journalled(&self, records: u64) {
        self.journalled.fetch_add(records, Relaxed);
    }

    /// Records refused to their sender.
    pub fn rejected(&self, why: Rejected, records: u64) {
        self.rejected[why as usize].fetch_add(records, Relaxed);
    }

    /// Records lost.
    pub fn dropped(&self, why: Dropped, records: u64) {
        self.dropped[why as usize].fetch_add(records, Relaxed);
    }

    /// Records cut at the line limit; they are counted as journalled too.
    pub fn truncated(&self, records: u64) {
        self.truncated.fetch_add(records, Relaxed);
    }

    /// Connections that were not served.
    pub fn refused(&self, why: Refused, connections: u64) {
        self.refused[why as usize].fetch_add(connections, Relaxed);
    }

    /// The latest receive time of a record.
    pub fn seen(&self, at: Timestamp) {
        self.last_seen.fetch_max(at.as_nanosecond() as i64, Relaxed);
    }

    /// Files that this source follows and cannot read at present.
    pub fn unreadable(&self, files: u64) {
        self.unreadable.store(files + 1, Relaxed);
    }

    /// All counts at this moment.
    pub fn counts(&self) -> Counts {
        let read = |from: &AtomicU64| from.load(Relaxed);
        Counts {
            journalled: read(&self.journalled),
            rejected: self.rejected.each_ref().map(read),
            dropped: self.dropped.each_ref().map(read),
            truncated: read(&self.truncated),
            refused: self.refused.each_ref().map(read),
            unreadable: read(&self.unreadable).checked_sub(1),
            last_seen: match self.last_seen.load(Relaxed) {
                0 => None,
                at => Timestamp::from_nanosecond(at.into()).ok(),
            },
        }
    }
}

/// What a source counted, each counter read once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counts {
    /// Records in the journal.
    pub journalled: u64,
    /// Records refused, by [`Rejected`].
    pub rejected: [u64; Rejected::ALL.len()],
    /// Records lost, by [`Dropped`].
    pub dropped: [u64; Dropped::ALL.len()],
    /// Records cut at the line limit.
    pub truncated: u64,
    /// Connections refused, by [`Refused`].
    pub refused: [u64; Refused::ALL.len()],
    /// Files that cannot be read at present; absent for a source that reads none.
    pub unreadable: Option<u64>,
    /// When a record was last received.
    pub last_seen: Option<Timestamp>,
}

impl Counts {
    /// Records received: the sum of all fates.
    pub fn received(&self) -> u64 {
        self.journalled + self.rejected.iter().sum::<u64>() + self.dropped.iter().sum::<u64>()
    }
}

/// The metrics of this crate; cheap to clone. Registered once by [`Metrics::register`].
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    /// By label, so that a scrape lists sources in a fixed order. Written when a source starts, never per record.
    sources: RwLock<BTreeMap<Arc<str>, Arc<Source>>>,
    families: Families,
    journal_bytes: IntGauge,
    journal_sync_seconds: Histogram,
    journal_damaged_bytes: IntCounter,
    journal_unread_deleted_bytes: IntCounter,
}

impl Default for Metrics {
    fn default() -> Self {
        Metrics::new()
    }
}

impl Metrics {
    /// Metrics that are in no registry yet.
    pub fn new() -> Self {
        let well_formed = "names and labels are constants";
        let sync = HistogramOpts::new("roundsman_journal_sync_seconds", "Time of one fdatasync of the journal.")
            .buckets(prometheus::exponential_buckets(0.000_1, 2.0, 16).expect(well_formed));
        Metrics(Arc::new(Inner {
            sources: RwLock::default(),
            families: Families::new(),
            journal_bytes: IntGauge::new("roundsman_journal_bytes", "Size of all journal segments.")
                .expect(well_formed),
            journal_sync_seconds: Histogram::with_opts(sync).expect(well_formed),
            journal_damaged_bytes: IntCounter::new(
                "roundsman_journal_damaged_bytes_total",
                "Bytes of the journal that failed their checksum and were quarantined.",
            )
            .expect(well_formed),
            journal_unread_deleted_bytes: IntCounter::new(
                "roundsman_journal_unread_deleted_bytes_total",
                "Bytes that the size limit deleted before the pipeline had read them.",
            )
            .expect(well_formed),
        }))
    }

    /// New metrics in this registry.
    ///
    /// # Errors
    /// Where the registry already has metrics of these names.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let metrics = Metrics::new();
        registry.register(Box::new(metrics.clone()))?;
        Ok(metrics)
    }

    /// The counters of a configured source, made when first asked for.
    pub fn source(&self, label: &str) -> Arc<Source> {
        let poisoned = "no code panics while it holds this lock";
        if let Some(known) = self.0.sources.read().expect(poisoned).get(label) {
            return Arc::clone(known);
        }
        Arc::clone(self.0.sources.write().expect(poisoned).entry(label.into()).or_default())
    }

    /// All sources with what they counted, by label.
    pub fn sources(&self) -> Vec<(Arc<str>, Counts)> {
        let sources = self.0.sources.read().expect("no code panics while it holds this lock");
        sources.iter().map(|(label, source)| (Arc::clone(label), source.counts())).collect()
    }

    /// Size of all segments.
    pub fn journal_bytes(&self) -> &IntGauge {
        &self.0.journal_bytes
    }

    /// Time of each sync.
    pub fn journal_sync_seconds(&self) -> &Histogram {
        &self.0.journal_sync_seconds
    }

    /// Bytes that failed their checksum.
    pub fn journal_damaged_bytes(&self) -> &IntCounter {
        &self.0.journal_damaged_bytes
    }

    /// Bytes deleted before they were read.
    pub fn journal_unread_deleted_bytes(&self) -> &IntCounter {
        &self.0.journal_unread_deleted_bytes
    }
}

impl Collector for Metrics {
    fn desc(&self) -> Vec<&Desc> {
        let inner = &*self.0;
        let mut all = inner.families.desc();
        all.extend(inner.journal_bytes.desc());
        all.extend(inner.journal_sync_seconds.desc());
        all.extend(inner.journal_damaged_bytes.desc());
        all.extend(inner.journal_unread_deleted_bytes.desc());
        all
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let inner = &*self.0;
        let mut all = Families::new().filled(&self.sources());
        all.extend(inner.journal_bytes.collect());
        all.extend(inner.journal_sync_seconds.collect());
        all.extend(inner.journal_damaged_bytes.collect());
        all.extend(inner.journal_unread_deleted_bytes.collect());
        all
    }
}

/// The families with a `source` label. A fresh set is filled for each scrape, from one reading of the counters.
struct Families {
    received: IntCounterVec,
    journalled: IntCounterVec,
    rejected: IntCounterVec,
    dropped: IntCounterVec,
    truncated: IntCounterVec,
    refused: IntCounterVec,
    last_seen: GaugeVec,
    unreadable: GaugeVec,
}

impl Families {
    fn new() -> Self {
        let well_formed = "names and labels are constants";
        let counter = |name: &str, help: &str, labels: &[&str]| {
            IntCounterVec::new(Opts::new(name, help).namespace("roundsman"), labels).expect(well_formed)
        };
        let gauge = |name: &str, help: &str| {
            GaugeVec::new(Opts::new(name, help).namespace("roundsman"), &["source"]).expect(well_formed)
        };
        Families {
            received: counter("records_received_total", "Records received: the sum of their fates.", &["source"]),
            journalled: counter("records_journalled_total", "Records written to the journal.", &["source"]),
            rejected: counter("records_rejected_total", "Records refused to their sender.", &["source", "reason"]),
            dropped: counter("records_dropped_total", "Records lost.", &["source", "reason"]),
            truncated: counter("records_truncated_total", "Records cut at the line limit.", &["source"]),
            refused: counter("connections_refused_total", "Connections that were not served.", &["source", "reason"]),
            last_seen: gauge("source_last_seen_timestamp_seconds", "When a record was last received."),
            unreadable: gauge("source_unreadable_files", "Files that are to be followed and cannot be read now."),
        }
    }

    fn desc(&self) -> Vec<&Desc> {
        let counters =
            [&self.received, &self.journalled, &self.rejected, &self.dropped, &self.truncated, &self.refused];
        let gauges = [&self.last_seen, &self.unreadable];
        counters.iter().flat_map(|family| family.desc()).chain(gauges.iter().flat_map(|family| family.desc())).collect()
    }

    fn filled(self, sources: &[(Arc<str>, Counts)]) -> Vec<MetricFamily> {
        for (label, counts) in sources {
            let label = &**label;
            self.received.with_label_values(&[label]).inc_by(counts.received());
            self.journalled.with_label_values(&[label]).inc_by(counts.journalled);
            for (why, slug) in Rejected::ALL {
                self.rejected.with_label_values(&[label, slug]).inc_by(counts.rejected[why as usize]);
            }
            for (why, slug) in Dropped::ALL {
                self.dropped.with_label_values(&[label, slug]).inc_by(counts.dropped[why as usize]);
            }
            self.truncated.with_label_values(&[label]).inc_by(counts.truncated);
            for (why, slug) in Refused::ALL {
                self.refused.with_label_values(&[label, slug]).inc_by(counts.refused[why as usize]);
            }
            if let Some(files) = counts.unreadable {
                self.unreadable.with_label_values(&[label]).set(files as f64);
            }
            if let Some(at) = counts.last_seen {
                self.last_seen.with_label_values(&[label]).set(at.as_millisecond() as f64 / 1e3);
            }
        }
        let counters = [self.received, self.journalled, self.rejected, self.dropped, self.truncated, self.refused];
        counters
            .iter()
            .flat_map(Collector::collect)
            .chain(self.last_seen.collect())
            .chain(self.unreadable.collect())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(registry: &Registry, family: &str) -> u64 {
        let all = registry.gather();
        let found = all.iter().filter(|f| f.name() == format!("roundsman_{family}"));
        found.flat_map(|f| f.get_metric()).map(|m| m.get_counter().get_value() as u64).sum()
    }

    #[test]
    fn received_is_the_sum_of_all_fates_at_every_scrape_under_load() {
        let registry = Registry::new();
        let metrics = Metrics::register(&registry).unwrap();
        let source = metrics.source("tcp://[::1]:514");
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..20_000 {
                    source.journalled(3);
                    source.dropped(Dropped::Kernel, 2);
                    source.rejected(Rejected::Invalid, 1);
                }
            });
            for _ in 0..200 {
                let all = registry.gather();
                let sum = |name: &str| -> f64 {
                    let found = all.iter().filter(|f| f.name() == name);
                    found.flat_map(|f| f.get_metric()).map(|m| m.get_counter().get_value()).sum()
                };
                let fates = ["journalled", "rejected", "dropped"].map(|f| sum(&format!("roundsman_records_{f}_total")));
                assert_eq!(sum("roundsman_records_received_total"), fates.iter().sum::<f64>());
            }
        });
        assert_eq!(total(&registry, "records_received_total"), 120_000);
    }

    #[test]
    fn a_quiet_source_already_has_all_its_families() {
        let registry = Registry::new();
        Metrics::register(&registry).unwrap().source("udp://127.0.0.1:514");
        let names: Vec<_> = registry.gather().iter().map(|f| f.name().to_owned()).collect();
        for family in ["received", "journalled", "rejected", "dropped"] {
            assert!(names.contains(&format!("roundsman_records_{family}_total")), "{family} in {names:?}");
        }
    }

    #[test]
    fn last_seen_never_goes_back() {
        let source = Source::default();
        assert_eq!(source.counts().last_seen, None);
        let at = Timestamp::from_second(1_795_000_000).unwrap();
        source.seen(at);
        source.seen(Timestamp::from_second(5).unwrap());
        assert_eq!(source.counts().last_seen, Some(at));
    }
}
