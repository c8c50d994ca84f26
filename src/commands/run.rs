//! `roundsman run`: the whole pipeline until it is told to end.

use roundsman_config::Config;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    cli::ConfigArg,
    exit::{Exit, Failure, OrUnusable, Outcome},
    service::{RESCAN_EVERY, Service, Settings, TICK_EVERY},
    term::Term,
};

const EXAMPLES: &str = "\
Examples:
  roundsman run
  roundsman run --config /etc/roundsman/roundsman.toml
  kill -HUP $(pidof roundsman)                   reload; a broken configuration is refused, the old one stays

Without a configuration file: syslog on UDP and TCP 127.0.0.1:5514, HTTP on 127.0.0.1:9514, data in
./roundsman-data, the shipped rules, no channel but the store. The first start prints a one-time
sign-in link for the console.";

/// Options of `roundsman run`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
}

/// Run the whole pipeline until SIGTERM or Ctrl-C.
pub fn run(args: Args, term: &Term) -> Outcome {
    let (config, warnings) =
        Config::load(args.config.path.as_deref()).map_err(anyhow::Error::from).or_unusable("run")?;
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(serve(config, term))
}

async fn serve(config: Config, term: &Term) -> Outcome {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut hangup = signal(SignalKind::hangup())?;
    let service = Service::start(Settings::new(config)).await?;
    greet(&service, term);
    let mut ticks = tokio::time::interval(TICK_EVERY);
    let mut rescans = tokio::time::interval(RESCAN_EVERY);
    let ended = loop {
        let done = tokio::select! {
            _ = terminate.recv() => break Ok(()),
            _ = interrupt.recv() => break Ok(()),
            error = service.failed() => break Err(error),
            _ = ticks.tick() => service.tick().await,
            _ = rescans.tick() => service.rescan().await,
            _ = hangup.recv() => service.reload().await,
        };
        if let Err(error) = done {
            break Err(error);
        }
    };
    tracing::info!("stopping: what was received is written, judged and stored first");
    let stopped = service.stop().await;
    ended.map_err(Failure::from)?;
    stopped?;
    Ok(Exit::Done)
}

fn greet(service: &Service, term: &Term) {
    tracing::info!("console on {}", service.console());
    if let Some(link) = service.sign_in_link() {
        println!("{} {link}", term.out.bold("Sign in once:"));
        println!("  the link makes the first administrator; it works once");
    }
}
