//! A disk that fails.

use std::{
    io,
    sync::atomic::{AtomicUsize, Ordering},
};

use super::*;
use crate::journal::storage::{SegmentFile, Storage};

/// A disk on which writes or syncs fail from the nth on; it counts what was tried.
#[derive(Clone)]
struct Failing {
    writes_left: Arc<AtomicUsize>,
    syncs_left: Arc<AtomicUsize>,
    tried_after: Arc<AtomicUsize>,
    error: io::ErrorKind,
}

impl Failing {
    fn new(writes_left: usize, syncs_left: usize, error: io::ErrorKind) -> Self {
        let count = |n| Arc::new(AtomicUsize::new(n));
        Failing { writes_left: count(writes_left), syncs_left: count(syncs_left), tried_after: count(0), error }
    }

    fn spend(&self, left: &AtomicUsize) -> io::Result<()> {
        if left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok() {
            return Ok(());
        }
        self.tried_after.fetch_add(1, Ordering::SeqCst);
        Err(self.error.into())
    }
}

impl Storage for Failing {
    fn create(&self, _: &Path, _: u64) -> io::Result<Box<dyn SegmentFile>> {
        Ok(Box::new(self.clone()))
    }

    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
}

impl SegmentFile for Failing {
    fn append(&mut self, _: &[u8]) -> io::Result<()> {
        self.spend(&self.writes_left)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.spend(&self.syncs_left)
    }

    fn release(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_failed_sync_stops_the_writer_for_good_and_is_never_tried_again() {
    let data = Data::new();
    // The first sync is that of the segment's header.
    let disk = Failing::new(usize::MAX, 1, io::ErrorKind::Other);
    let (journal, _) =
        Journal::open_on(Box::new(disk.clone()), data.path(), Options::default(), Metrics::new()).unwrap();
    let appender = journal.appender();
    let durable = *journal.durable().borrow();
    let said = appender.append_synced(batch(&appender, "a", &["x"])).await.unwrap_err().to_string();
    assert!(said.starts_with("the journal has stopped: ") && said.contains("cannot sync the journal"), "{said}");
    assert!(matches!(journal.failed().await, Error::Failed(_)));
    for _ in 0..3 {
        assert!(matches!(appender.append_synced(batch(&appender, "a", &["y"])).await, Err(Error::Failed(_))));
        assert!(matches!(appender.append(batch(&appender, "a", &["z"])).await, Err(Error::Failed(_))));
    }
    assert!(journal.stop().await.is_err());
    assert_eq!(disk.tried_after.load(Ordering::SeqCst), 1);
    assert_eq!(*journal.durable().borrow(), durable, "nothing became durable");
}

#[tokio::test]
async fn a_full_disk_is_said_with_what_to_do_and_every_record_is_counted() {
    let data = Data::new();
    // Header, origin, first batch; then the disk is full.
    let disk = Failing::new(3, usize::MAX, io::ErrorKind::StorageFull);
    let (journal, _) = Journal::open_on(Box::new(disk), data.path(), Options::default(), Metrics::new()).unwrap();
    let appender = journal.appender();
    appender.append_synced(batch(&appender, "a", &["kept"])).await.unwrap();
    let said = appender.append_synced(batch(&appender, "a", &["lost", "lost"])).await.unwrap_err().to_string();
    assert!(said.contains("cannot write the journal"), "{said}");
    assert!(said.ends_with("free space there, or lower `data.retain` and `data.max_size`, then start again"), "{said}");
    let _ = appender.append(batch(&appender, "a", &["lost too"])).await;
    journal.stop().await.unwrap_err();
    let counts = appender.metrics().source(SOURCE).counts();
    assert_eq!((counts.journalled, counts.rejected[0], counts.received()), (1, 2, 4));
}
