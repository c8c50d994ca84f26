//! Syslog over a Unix socket, with the semantics of `/dev/log`: programs of this machine send datagrams or a stream of
//! messages that end with NUL or LF, mostly without a host in their header.
//!
//! While the journal's queue is full nothing is read, and the kernel makes senders wait: nothing is lost, as with any
//! other program behind `/dev/log`.

use std::{
    fs, io,
    os::unix::{
        fs::{FileTypeExt, MetadataExt, PermissionsExt},
        net as sync,
    },
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::{
    net::{UnixDatagram, UnixListener},
    task::JoinSet,
    time::sleep,
};

use super::{Framing, tcp::Records};
use crate::{
    Kind, Origin, Transport,
    frame::without_end,
    journal::{Batch, Error, OriginRef},
    metrics::Refused,
    source::{
        Intake, Phase, drained,
        stream::{ACCEPT_PAUSE, Protocol},
        this_host, told_to_stop,
    },
};

/// Who may write to the socket by default: every program of this machine, as with `/dev/log`.
pub const DEFAULT_MODE: u32 = 0o666;

/// A bound socket.
pub(super) enum Bound {
    Datagram(UnixDatagram),
    Stream(UnixListener),
}

/// The socket's file; it goes with this value, unless another one stands there by then.
pub(super) struct SocketFile {
    path: PathBuf,
    inode: u64,
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        if fs::symlink_metadata(&self.path).is_ok_and(|meta| meta.ino() == self.inode) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Binds a socket at this path: beside it at first, then moved there with its mode, so that no program ever finds none
/// or one that it may not use. A socket that nobody listens on is replaced; anything else that stands there is not.
pub(super) fn bind(path: &Path, stream: bool, mode: u32) -> io::Result<(Bound, SocketFile)> {
    if let Ok(meta) = fs::symlink_metadata(path) {
        if !meta.file_type().is_socket() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, "something else than a socket stands there"));
        }
        if is_served(path, stream) {
            return Err(io::Error::new(io::ErrorKind::ResourceBusy, "the socket is in use"));
        }
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    let beside = PathBuf::from(beside);
    let _ = fs::remove_file(&beside);
    let bound = if stream {
        let listener = sync::UnixListener::bind(&beside)?;
        listener.set_nonblocking(true)?;
        Bound::Stream(UnixListener::from_std(listener)?)
    } else {
        let socket = sync::UnixDatagram::bind(&beside)?;
        socket.set_nonblocking(true)?;
        Bound::Datagram(UnixDatagram::from_std(socket)?)
    };
    let placed = fs::set_permissions(&beside, fs::Permissions::from_mode(mode))
        .and_then(|()| fs::symlink_metadata(&beside))
        .and_then(|meta| fs::rename(&beside, path).map(|()| meta.ino()));
    match placed {
        Ok(inode) => Ok((bound, SocketFile { path: path.to_owned(), inode })),
        Err(error) => {
            let _ = fs::remove_file(&beside);
            Err(error)
        }
    }
}

/// Whether a process listens on this socket.
fn is_served(path: &Path, stream: bool) -> bool {
    let connected = match stream {
        true => sync::UnixStream::connect(path).map(drop),
        false => sync::UnixDatagram::unbound().and_then(|socket| socket.connect(path)),
    };
    match connected {
        Ok(()) => true,
        // A socket of the other type is somebody's too, if it can be told.
        Err(error) => !matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound),
    }
}

fn origin(intake: &Intake) -> OriginRef {
    intake.appender.origin(&Origin { peer: Some(this_host()), ..Origin::new(Transport::Unix, &intake.label) })
}

/// Receives datagrams until it is stopped and nothing is left.
pub(super) async fn receive(socket: UnixDatagram, file: SocketFile, max_line: usize, intake: Intake) {
    let (origin, mut phase) = (origin(&intake), intake.phase.clone());
    // One more and a line end show that a longer one was cut.
    let mut buffer = vec![0; max_line + 3];
    loop {
        tokio::select! {
            biased;
            ready = socket.readable() => {
                if let Err(error) = ready {
                    tracing::warn!(source = %intake.label, %error, "cannot receive");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
            () = drained(&mut phase) => break,
        }
        if take_all(&socket, &mut buffer, &origin, max_line, &intake).await.is_err() || *phase.borrow() == Phase::Ending
        {
            break;
        }
    }
    drop(file);
}

/// Takes what has arrived.
async fn take_all(
    socket: &UnixDatagram,
    buffer: &mut [u8],
    origin: &OriginRef,
    max_line: usize,
    intake: &Intake,
) -> Result<(), Error> {
    let mut batch: Batch = intake.appender.batch();
    loop {
        match socket.try_recv(buffer) {
            Ok(length) => {
                let message = without_end(&buffer[..length]);
                if !message.is_empty() {
                    let raw = &message[..message.len().min(max_line)];
                    batch.push(origin, intake.appender.now(), Kind::Line, message.len() > max_line, raw)?;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                if error.kind() != io::ErrorKind::WouldBlock {
                    tracing::warn!(source = %intake.label, %error, "cannot receive");
                }
                return if batch.is_empty() { Ok(()) } else { intake.appender.append(batch).await };
            }
        }
        if batch.is_full() {
            intake.appender.append(std::mem::replace(&mut batch, intake.appender.batch())).await?;
            if *intake.phase.borrow() == Phase::Ending {
                return Ok(());
            }
        }
    }
}

/// Accepts connections until it is stopped, then waits for those that are open.
pub(super) async fn listen(
    listener: UnixListener,
    file: SocketFile,
    max_connections: usize,
    max_line: usize,
    intake: Intake,
) {
    let (mut phase, peer) = (intake.phase.clone(), this_host());
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = told_to_stop(&mut phase) => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok(_) if connections.len() >= max_connections => intake.counters().refused(Refused::TooMany, 1),
                Ok((stream, _)) => {
                    let (records, peer) = (Records { transport: Transport::Unix, max_line, framing: Framing::Syslog }, Arc::clone(&peer));
                    connections.spawn(records.serve(stream, peer, intake.clone()));
                }
                Err(error) => {
                    tracing::warn!(source = %intake.label, %error, "a connection could not be accepted");
                    sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop((listener, file));
    while connections.join_next().await.is_some() {}
}
