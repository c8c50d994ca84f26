//! Several batches that are taken or refused together: a request, whose sender gets one answer.

use std::{sync::Arc, time::Duration};

use tokio::{sync::oneshot, time::timeout};

use super::{Appender, Batch, Error, Position};
use crate::metrics::Rejected;

/// Why batches were not taken. Their records are counted as rejected.
#[derive(Debug, thiserror::Error)]
pub enum NotSynced {
    /// The journal's queue stayed full.
    #[error("the journal is busy")]
    Busy,
    /// The journal has failed or is closed. Some of the records may be on disk all the same.
    #[error(transparent)]
    Stopped(Error),
}

impl Appender {
    /// Hands these batches to the writer, all or none, and waits until they are synced; gives the position after them.
    /// Waits for room no longer than `patience`. What is more than the whole queue is taken as soon as that is free.
    ///
    /// # Errors
    /// [`NotSynced`] says whether coming again helps.
    pub async fn append_all_synced(&self, batches: Vec<Batch>, patience: Duration) -> Result<Position, NotSynced> {
        let wanted: usize = batches.iter().map(|batch| self.room_for(batch) as usize).sum();
        let wanted = wanted.min(self.queue_bytes) as u32;
        let mut room = match timeout(patience, Arc::clone(&self.room).acquire_many_owned(wanted)).await {
            Ok(Ok(room)) => room,
            Ok(Err(_)) => {
                batches.into_iter().for_each(|batch| batch.reject_all(Rejected::JournalUnavailable));
                return Err(NotSynced::Stopped(self.why()));
            }
            Err(_) => {
                batches.into_iter().for_each(|batch| batch.reject_all(Rejected::Busy));
                return Err(NotSynced::Busy);
            }
        };
        let mut waiting = Vec::with_capacity(batches.len());
        for batch in batches {
            // each gives its own part back when it is written
            let part = room.num_permits().min(self.room_for(&batch) as usize);
            let part = room.split(part).expect("no more is split off than there is");
            let (done, synced) = oneshot::channel();
            self.send(batch, part, Some(done)).map_err(NotSynced::Stopped)?;
            waiting.push(synced);
        }
        let mut end = 0;
        for synced in waiting {
            end = synced.await.unwrap_or_else(|_| Err(self.why())).map_err(NotSynced::Stopped)?;
        }
        Ok(end)
    }
}
