//! Receives syslog into a journal and does nothing else: what receiving and keeping costs.
//!
//! ```text
//! cargo run --release -p roundsman-ingest --example receive -- /tmp/data tcp://127.0.0.1:25514
//! ```

use std::{path::Path, time::Duration};

use roundsman_ingest::{
    journal::{Journal, Options},
    metrics::Metrics,
    source::syslog::{self, SyslogConfig},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(data), Some(listen)) = (arguments.next(), arguments.next()) else {
        return Err("usage: receive DATA_FOLDER udp://ADDRESS:PORT|tcp://ADDRESS:PORT".into());
    };
    let metrics = Metrics::new();
    let (journal, opened) = Journal::open(Path::new(&data), Options::default(), metrics.clone())?;
    eprintln!("{opened:?}");
    let source = syslog::spawn(&SyslogConfig::new(listen.parse()?), journal.appender())?;
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminated.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
        error = journal.failed() => return Err(error.into()),
    }
    source.stop(Duration::from_secs(5)).await;
    journal.stop().await?;
    eprintln!("{:#?}", metrics.sources());
    Ok(())
}
