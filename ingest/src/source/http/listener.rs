//! The listener of `[[source]]` with `type = "http"`: who is let in stands here, HTTP itself is spoken by the binary,
//! which has the server and the tokens.

use std::{future::Future, io, net::IpAddr, sync::Arc};

use tokio::sync::watch;

use super::{HttpConfig, Receiver};
use crate::{
    journal::Appender,
    source::{
        Error, Handle, Intake, Phase,
        stream::{self, Carrier, Door, Ended, Protocol},
        told_to_stop,
    },
};

/// Speaks HTTP on a connection.
///
/// Called once per connection, with what carries it and whose it is. It serves until the sender closes; once `stopping`
/// is done it takes no new request and ends after the one that runs. An error is only told.
pub trait Speaker: Clone + Send + Sync + 'static {
    /// Serves one connection.
    fn speak(
        self,
        stream: impl Carrier,
        peer: IpAddr,
        stopping: impl Future<Output = ()> + Send,
    ) -> impl Future<Output = io::Result<()>> + Send;
}

/// Listens until the handle is stopped. `speaker` makes the one who speaks from where records go. Must be called within
/// a tokio runtime.
///
/// # Errors
/// [`Error`] says why the address cannot be listened on or a setting not be used, and what to do.
pub fn spawn<S: Speaker>(
    config: &HttpConfig,
    appender: Appender,
    speaker: impl FnOnce(Receiver) -> S,
) -> Result<Handle, Error> {
    config.check()?;
    let bind_error = |source| Error::Bind { label: config.label(config.listen), source };
    let door = Door::new(&config.senders, config.tls.as_ref());
    let door = Arc::new(door.map_err(|source| Error::Tls { label: config.label(config.listen), source })?);
    let listener = stream::bind(config.listen).map_err(bind_error)?;
    let address = listener.local_addr().map_err(bind_error)?;
    let label: Arc<str> = config.label(address).into();
    let speaker = speaker(Receiver::new(config, address, appender.clone())?);
    let (phase, receiver) = watch::channel(Phase::Running);
    let intake = Intake { label: Arc::clone(&label), appender, phase: receiver };
    let serving = stream::listen(listener, Arc::clone(&door), config.max_connections, Spoken(speaker), intake);
    let task = tokio::spawn(serving);
    tracing::info!(source = %label, "listening");
    let configured = config.label(config.listen);
    Ok(Handle { label, configured, address: Some(address), door: Some(door), phase, task })
}

#[derive(Clone)]
struct Spoken<S>(S);

impl<S: Speaker> Protocol for Spoken<S> {
    async fn serve(self, stream: impl Carrier, peer: Arc<str>, intake: Intake) -> Result<(), Ended> {
        let peer = peer.parse().map_err(|_| Ended::Protocol("the sender has no address"))?;
        let mut phase = intake.phase;
        Ok(self.0.speak(stream, peer, async move { told_to_stop(&mut phase).await }).await?)
    }
}
