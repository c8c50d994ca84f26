//! A source with a journal of its own, for tests.

use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::net::TcpStream;

use super::{Error, Handle};
use crate::{
    Transport,
    journal::{Journal, Options},
    metrics::{Counts, Metrics},
};

/// Longest wait for what should happen at once.
pub const SOON: Duration = Duration::from_secs(10);

/// A source that runs.
pub struct Set {
    pub journal: Journal,
    pub handle: Handle,
    pub metrics: Metrics,
    _data: TempDir,
}

/// A record as it was read back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    pub peer: String,
    pub truncated: bool,
    pub text: String,
}

impl Set {
    pub fn of(spawn: impl FnOnce(&Journal) -> Result<Handle, Error>, options: Options) -> Self {
        Set::within(tempfile::tempdir().unwrap(), spawn, options)
    }

    fn within(data: TempDir, spawn: impl FnOnce(&Journal) -> Result<Handle, Error>, options: Options) -> Self {
        let metrics = Metrics::new();
        let (journal, _) = Journal::open(data.path(), options, metrics.clone()).unwrap();
        let handle = spawn(&journal).unwrap();
        Set { journal, handle, metrics, _data: data }
    }

    /// The next run over the same data, after this one was cut off.
    pub async fn again(self, spawn: impl FnOnce(&Journal) -> Result<Handle, Error>) -> Self {
        let Set { journal, handle, _data, .. } = self;
        handle.stop(Duration::ZERO).await;
        journal.stop().await.unwrap();
        drop(journal);
        Set::within(_data, spawn, Options::default())
    }

    pub fn counts(&self) -> Counts {
        self.metrics.source(self.handle.label()).counts()
    }

    pub async fn until(&self, what: &str, reached: impl Fn(&Counts) -> bool) {
        let begun = Instant::now();
        while !reached(&self.counts()) {
            assert!(begun.elapsed() < SOON, "{what}: {:?}", self.counts());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.handle.address().unwrap()).await.unwrap()
    }

    /// What the journal holds by now and is durable.
    pub fn durable(&self) -> Vec<Seen> {
        read(&self.journal, |_| ())
    }

    /// Stops source and journal; gives the counts and what the journal holds, all of it sent this way.
    pub async fn finish(self, transport: Transport) -> (Counts, Vec<Seen>) {
        let Set { journal, handle, metrics, _data } = self;
        let label = handle.label().clone();
        handle.stop(SOON).await;
        journal.stop().await.unwrap();
        let seen = read(&journal, |record| {
            assert_eq!((&record.origin.source, record.origin.transport), (&label, transport));
        });
        (metrics.source(&label).counts(), seen)
    }
}

fn read(journal: &Journal, check: impl Fn(&crate::Record<'_>)) -> Vec<Seen> {
    let (mut reader, mut seen) = (journal.reader(0).unwrap(), Vec::new());
    while let Some(chunk) = reader.next_chunk(1 << 20).unwrap() {
        for (_, record) in chunk.records() {
            check(&record);
            let peer = record.origin.peer.as_deref().unwrap().to_owned();
            let text = String::from_utf8_lossy(record.raw).into_owned();
            seen.push(Seen { peer, truncated: record.truncated, text });
        }
    }
    seen
}
