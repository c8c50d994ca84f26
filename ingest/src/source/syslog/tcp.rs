//! Syslog over a stream, TCP or TLS: a task per connection reads, frames in place, and encodes into a batch.

use std::{future::ready, sync::Arc};

use jiff::Timestamp;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::watch,
    time::timeout,
};

use super::Framing;
use crate::{
    Kind, Origin, Transport,
    frame::{Frame, Framer, MAX_PREFIX_BYTES},
    journal::{Appender, Batch, Error, OriginRef},
    source::{
        Intake, LAST_GRACE, Phase, drained,
        stream::{Carrier, Ended, Protocol, ReadBuffer},
    },
};

/// Records that follow each other on a stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Records {
    pub transport: Transport,
    pub max_line: usize,
    pub framing: Framing,
}

impl Protocol for Records {
    async fn serve(self, mut stream: impl Carrier, peer: Arc<str>, intake: Intake) -> Result<(), Ended> {
        let origin = Origin { peer: Some(peer), ..Origin::new(self.transport, &intake.label) };
        let mut connection = Connection {
            origin: intake.appender.origin(&origin),
            batch: None,
            framer: match self.framing {
                Framing::Syslog => Framer::new(self.max_line),
                Framing::Gelf => Framer::nul(self.max_line),
            },
            appender: intake.appender,
            buffer: ReadBuffer::new(self.max_line + MAX_PREFIX_BYTES),
        };
        let mut phase = intake.phase;
        let outcome = connection.read_all(&mut stream, &mut phase).await;
        if !matches!(outcome, Err(Ended::Journal(_))) {
            connection.finish().await?;
        }
        // TLS says farewell (RFC 5425 section 4.4); a sender that does not take it is not waited for.
        let _ = timeout(LAST_GRACE, stream.shutdown()).await;
        outcome
    }
}

/// One stream of frames.
struct Connection {
    origin: OriginRef,
    appender: Appender,
    framer: Framer,
    batch: Option<Batch>,
    buffer: ReadBuffer,
}

impl Connection {
    /// Reads until the sender closes, the journal stops, or the source has drained. While the journal's queue is full
    /// nothing is read, and the sender's window closes.
    async fn read_all(&mut self, stream: &mut impl Carrier, phase: &mut watch::Receiver<Phase>) -> Result<(), Ended> {
        loop {
            if *phase.borrow() == Phase::Ending {
                return Ok(());
            }
            let read = tokio::select! {
                biased;
                read = stream.read(self.buffer.room()) => read?,
                // Nothing more has arrived: what there is goes to the journal before this waits.
                () = ready(()), if self.batch.is_some() => {
                    self.append().await?;
                    continue;
                }
                () = drained(phase) => return Ok(()),
            };
            if read == 0 {
                return Ok(());
            }
            self.buffer.read(read);
            self.frame().await?;
        }
    }

    /// Moves all whole frames into the batch.
    async fn frame(&mut self) -> Result<(), Ended> {
        let (mut at, received) = (0, self.appender.now());
        while let Some(frame) = self.framer.next(self.buffer.filled(), &mut at) {
            let batch = self.batch.get_or_insert_with(|| self.appender.batch());
            push(batch, &self.origin, received, frame)?;
            if batch.is_full() {
                self.append().await?;
            }
        }
        self.buffer.consume(at);
        Ok(())
    }

    /// The stream has ended: an unfinished frame is a record too.
    async fn finish(&mut self) -> Result<(), Ended> {
        let mut at = 0;
        if let Some(frame) = self.framer.finish(self.buffer.filled(), &mut at) {
            let batch = self.batch.get_or_insert_with(|| self.appender.batch());
            push(batch, &self.origin, self.appender.now(), frame)?;
        }
        self.append().await
    }

    async fn append(&mut self) -> Result<(), Ended> {
        match self.batch.take() {
            Some(batch) => Ok(self.appender.append(batch).await?),
            None => Ok(()),
        }
    }
}

fn push(batch: &mut Batch, origin: &OriginRef, received: Timestamp, frame: Frame<'_>) -> Result<(), Error> {
    batch.push(origin, received, Kind::Line, frame.truncated, frame.raw)
}
