//! One session: a half that reads frames into batches, and a half that answers them once they are on disk.

use std::{future::ready, io::Write, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf},
    sync::{mpsc, watch},
    time::timeout,
};

use super::{
    frame::{Frame, Framer, MAX_HEADER_BYTES, offers_syslog},
    resends::{self, Memory},
};
use crate::{
    Kind, Origin, Transport,
    journal::{Appender, Batch, OriginRef, Pending},
    metrics::{self, Rejected},
    source::{
        Intake, LAST_GRACE, Phase, drained,
        stream::{Carrier, Ended, Protocol, ReadBuffer},
    },
};

/// Batches of a session that may be on their way to disk while the next is read.
const IN_FLIGHT: usize = 8;
/// Frames of one batch that may wait for their answers: bounds what many tiny records cost.
const MAX_ANSWERS: usize = 64 << 10;
/// The answer to a record.
const OK: &str = "200 OK";
/// What we say of ourselves when a session is opened.
const OFFERS: &str =
    concat!("200 OK\nrelp_version=0\nrelp_software=roundsman,", env!("CARGO_PKG_VERSION"), "\ncommands=syslog");

/// RELP sessions of one listener.
#[derive(Clone)]
pub(super) struct Sessions {
    pub max_line: usize,
    pub memory: Arc<Memory>,
}

/// What the answering half is given, in the order of the frames.
enum Answer {
    /// Acknowledge these once the batch is synced.
    Synced(Pending, Vec<u32>),
    /// Say this now.
    Now(u32, &'static str),
}

/// How the reading half ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// The sender closed the session.
    Closed,
    /// The sender has gone without a word.
    Gone,
    /// We stop.
    Stopped,
}

impl Protocol for Sessions {
    async fn serve(self, stream: impl Carrier, peer: Arc<str>, intake: Intake) -> Result<(), Ended> {
        let origin = Origin { peer: Some(Arc::clone(&peer)), ..Origin::new(Transport::Relp, &intake.label) };
        let (from, mut to) = tokio::io::split(stream);
        let (answers, waiting) = mpsc::channel(IN_FLIGHT);
        let reader = Reader {
            origin: intake.appender.origin(&origin),
            counters: intake.counters(),
            appender: intake.appender,
            framer: Framer::new(self.max_line),
            buffer: ReadBuffer::new(self.max_line + MAX_HEADER_BYTES + 1),
            batch: None,
            numbers: Vec::new(),
            resends: self.memory.begin(&peer),
            open: false,
            answers,
        };
        let ((read, session), answered) = tokio::join!(reader.read(from, intake.phase), answer(waiting, &mut to));
        if matches!((&read, &answered), (Ok(End::Closed), Ok(()))) {
            session.close();
        }
        let farewell = async {
            if read.as_ref().is_ok_and(|end| *end == End::Stopped) {
                to.write_all(b"0 serverclose 0\n").await?;
            }
            to.shutdown().await
        };
        // A sender that does not take our farewell is not waited for.
        let _ = timeout(LAST_GRACE, farewell).await;
        read.map(drop).and(answered)
    }
}

/// Answers in order, each record once it is on disk. What waits at the same time goes out together.
async fn answer(mut waiting: mpsc::Receiver<Answer>, to: &mut (impl AsyncWrite + Unpin)) -> Result<(), Ended> {
    let mut text = Vec::new();
    while let Some(answer) = waiting.recv().await {
        text.clear();
        match answer {
            Answer::Now(number, words) => say(&mut text, number, words),
            Answer::Synced(pending, numbers) => {
                pending.synced().await?;
                numbers.iter().for_each(|number| say(&mut text, *number, OK));
            }
        }
        to.write_all(&text).await?;
        to.flush().await?;
    }
    Ok(())
}

fn say(text: &mut Vec<u8>, number: u32, words: &str) {
    let blank = if words.is_empty() { "" } else { " " };
    writeln!(text, "{number} rsp {}{blank}{words}", words.len()).expect("memory takes what is written");
}

/// The half that reads.
struct Reader {
    origin: OriginRef,
    counters: Arc<metrics::Source>,
    appender: Appender,
    framer: Framer,
    buffer: ReadBuffer,
    batch: Option<Batch>,
    /// The frames that the batch answers.
    numbers: Vec<u32>,
    resends: resends::Session,
    open: bool,
    answers: mpsc::Sender<Answer>,
}

impl Reader {
    /// Reads until the session ends. A frame that has not come wholly is not a record: it is not answered, so its
    /// sender sends it again.
    async fn read<S: Carrier>(
        mut self,
        mut stream: ReadHalf<S>,
        mut phase: watch::Receiver<Phase>,
    ) -> (Result<End, Ended>, resends::Session) {
        let mut end = self.read_all(&mut stream, &mut phase).await;
        if !matches!(end, Err(Ended::Journal(_)))
            && let Err(error) = self.hand_over().await
        {
            end = Err(error);
        }
        (end, self.resends)
    }

    async fn read_all<S: Carrier>(
        &mut self,
        stream: &mut ReadHalf<S>,
        phase: &mut watch::Receiver<Phase>,
    ) -> Result<End, Ended> {
        loop {
            if *phase.borrow() == Phase::Ending {
                return Ok(End::Stopped);
            }
            let read = tokio::select! {
                biased;
                read = stream.read(self.buffer.room()) => read?,
                // Nothing more has arrived: what there is goes to the journal before this waits.
                () = ready(()), if self.batch.is_some() => {
                    self.hand_over().await?;
                    continue;
                }
                () = drained(phase) => return Ok(End::Stopped),
                () = self.answers.closed() => return Ok(End::Gone),
            };
            if read == 0 {
                return Ok(End::Gone);
            }
            self.buffer.read(read);
            if self.take_frames().await? == Some(End::Closed) {
                return Ok(End::Closed);
            }
        }
    }

    /// Takes all whole frames.
    async fn take_frames(&mut self) -> Result<Option<End>, Ended> {
        let (mut at, received) = (0, self.appender.now());
        loop {
            let frame = match self.framer.next(self.buffer.filled(), &mut at) {
                Ok(Some(frame)) => frame,
                Ok(None) => break,
                Err(broken) => {
                    self.counters.rejected(Rejected::Invalid, 1);
                    return Err(Ended::Protocol(broken.0));
                }
            };
            let Frame { number, command, data, truncated } = frame;
            if command != b"syslog" {
                let words = match command {
                    b"open" if offers_syslog(data) => OFFERS,
                    b"open" => "500 this server takes syslog",
                    b"close" => "",
                    _ => "500 unknown command",
                };
                self.open |= words == OFFERS;
                let closed = command == b"close";
                self.hand_over().await?;
                self.tell(Answer::Now(number, words)).await;
                if closed {
                    return Ok(Some(End::Closed));
                }
                continue;
            }
            if !self.open {
                self.counters.rejected(Rejected::Invalid, 1);
                return Err(Ended::Protocol("records before the session was opened"));
            }
            let batch = self.batch.get_or_insert_with(|| self.appender.batch());
            if self.resends.has_seen(data) {
                self.counters.rejected(Rejected::Duplicate, 1);
            } else {
                batch.push(&self.origin, received, Kind::Line, truncated, data)?;
            }
            self.numbers.push(number);
            if batch.is_full() || self.numbers.len() >= MAX_ANSWERS {
                self.hand_over().await?;
            }
        }
        self.buffer.consume(at);
        Ok(None)
    }

    /// The batch goes to the journal, and its frames are answered when it is there. One that holds nothing but records
    /// that were sent again goes too: their first sending may be on its way still.
    async fn hand_over(&mut self) -> Result<(), Ended> {
        let Some(batch) = self.batch.take() else { return Ok(()) };
        let numbers = std::mem::take(&mut self.numbers);
        let pending = self.appender.submit(batch).await?;
        self.tell(Answer::Synced(pending, numbers)).await;
        Ok(())
    }

    /// Where the answering half has ended, nobody is there to be told: the sender will send again.
    async fn tell(&mut self, answer: Answer) {
        let _ = self.answers.send(answer).await;
    }
}
