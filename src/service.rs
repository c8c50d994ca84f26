//! The wiring of everything that runs: sources ─► journal ─► worker ─► store ─► outbox, and the console beside them.
//!
//! [`Service::start`] returns once all listeners are bound; [`Service::stop`] ends in the order in which data walks, so
//! that what was received is on disk, judged and stored before the last part goes.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, SystemTime},
};

use anyhow::{Context, anyhow, bail};
use jiff::{Timestamp, tz::TimeZone};
use prometheus::Registry;
use roundsman_config::{Config, Source};
use roundsman_ingest::{
    Kind, Origin, Transport,
    journal::{self, Appender, Clock, Journal, Opened, OriginRef, Positions},
    metrics::Metrics as IngestMetrics,
    parse::Parser,
    source::{
        self, gelf,
        http::{self, HttpConfig, Receiver},
        relp, syslog,
    },
};
use roundsman_rules::{
    Alert,
    sigma::{Rule, RuleSet, RuleSource},
};
use roundsman_sinks::{
    Store,
    channels::{Channel, Surroundings},
    digest::{Digest, Period},
    outbox::{Metrics as OutboxMetrics, Outbox},
};
use serde_json::Value;
use tokio::{
    net::TcpListener,
    sync::{oneshot, watch},
};

use crate::{
    assemble::{self, Assembly},
    console::{self, BoxFuture, Console, Digests, Health, Intake, RuleCard},
    door::{self, Door},
    exit::{Failure, OrUnusable},
    meetings::{self, Calendar},
    metrics::Metrics,
    pipeline::Reading,
    worker::{Order, Parts, Worker},
};

/// How often time is journalled while nothing else is: how late a timer fires on a quiet night, at most.
pub const TICK_EVERY: Duration = Duration::from_secs(10);
/// How often files and decisions are looked for.
pub const RESCAN_EVERY: Duration = Duration::from_secs(2);
/// How long sources may read what has arrived when they are told to stop.
const DRAIN: Duration = Duration::from_secs(5);
/// Most decisions taken from the folder at a time.
const MAX_DECISIONS: usize = 1_000;
/// What paths of a configuration are relative to: loading it has made them relative to the working directory.
const RESOLVED: &str = "";
/// Orders that may wait for the worker.
const ORDERS: usize = 16;

/// What a service is started with.
pub struct Settings {
    /// The configuration.
    pub config: Config,
    /// The time.
    pub clock: Clock,
    /// Told of every alert.
    pub watcher: Option<mpsc::SyncSender<Alert>>,
}

impl Settings {
    /// Real time, nobody watching.
    pub fn new(config: Config) -> Settings {
        Settings { config, clock: Arc::new(Timestamp::now), watcher: None }
    }
}

/// Everything that runs.
pub struct Service {
    config: Mutex<Arc<Config>>,
    desk: Arc<Desk>,
    journal: Arc<Journal>,
    store: Store,
    sources: Vec<source::Handle>,
    outbox: Arc<Outbox>,
    worker: Mutex<Option<JoinHandle<anyhow::Result<()>>>>,
    orders: mpsc::SyncSender<Order>,
    known: Known,
    cards: watch::Sender<Arc<Vec<RuleCard>>>,
    console: SocketAddr,
    served: Mutex<Option<Served>>,
    link: Option<String>,
    done: watch::Receiver<u64>,
}

/// What serves the console, until it is told to end.
type Served = (oneshot::Sender<()>, tokio::task::JoinHandle<()>);

/// When a file was last changed, and its length.
type Stamp = (Option<SystemTime>, u64);
/// The files about the organisation as they were last journalled.
type Known = Mutex<HashMap<PathBuf, Stamp>>;

/// The way of ticks, files and decisions into the journal.
struct Desk {
    appender: Appender,
    origin: OriginRef,
    clock: Clock,
}

impl Desk {
    /// Journals a record of ours; resolves when it is on disk.
    async fn journal(&self, kind: Kind, payload: &[u8]) -> anyhow::Result<u64> {
        let mut batch = self.appender.batch();
        batch.push(&self.origin, (self.clock)(), kind, false, payload)?;
        Ok(self.appender.append_synced(batch).await?)
    }
}

impl Intake for Desk {
    fn decide(&self, decision: Value) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async move {
            let payload = decision.to_string();
            self.journal(Kind::Decision, payload.as_bytes()).await.map(drop).map_err(|error| format!("{error:#}"))
        })
    }
}

impl Service {
    /// Starts everything; listeners are bound when it returns.
    ///
    /// # Errors
    /// Rules or files cannot be used; a port is taken; the data folder is in use, full or read-only.
    pub async fn start(settings: Settings) -> Result<Service, Failure> {
        let Settings { config, clock, watcher } = settings;
        if let Some(problem) = config.later.first() {
            return Err(Failure::unusable(anyhow!("{problem}")));
        }
        let (rules, problems) = assemble::load_rules(&config, &[]);
        for problem in &problems {
            tracing::warn!("{problem}");
        }
        let rules = Arc::new(rules);
        let calendar = Calendar::new(&config.digest.weekly, config.timezone())
            .map_err(|error| anyhow!(error))
            .or_unusable("digest.weekly")?;
        let registry = Registry::new();
        let ingest = IngestMetrics::register(&registry)?;
        let metrics = Metrics::register(&registry)?;
        let (journal, opened) = Journal::open(&config.data.dir, journal_options(&config, clock.clone()), ingest)?;
        report(&opened);
        let journal = Arc::new(journal);
        let store = Store::open(&config.store.url, &config.data.dir).await?;
        let told = OutboxMetrics::register(&registry)?;
        let outbox = Arc::new(Outbox::start(&store, channels(&config)?, &told));
        let archives =
            config.archives.iter().map(|archive| archive.open(Path::new(RESOLVED))).collect::<Result<Vec<_>, _>>()?;
        let (orders, inbox) = mpsc::sync_channel(ORDERS);
        let (progress, done) = watch::channel(0);
        let parts = Parts {
            journal: journal.clone(),
            store: store.clone(),
            routes: config.routing(),
            outbox: outbox.clone(),
            archives,
            metrics,
            calendar,
            digest_channels: config.digest.channels.clone(),
            clock: clock.clone(),
            watcher,
            progress,
        };
        let appender = journal.appender();
        let origin = appender.origin(&Origin::new(Transport::File, "roundsman"));
        let desk = Arc::new(Desk { appender, origin, clock: clock.clone() });
        // Before the worker's first commit, so that what is stored and the position that it belongs to fit together.
        let positions = positions(&journal, &store).await?;
        let worker = spawn_worker(parts, rules.clone(), inbox).await?;
        let listener = TcpListener::bind(config.http.listen)
            .await
            .with_context(|| format!("http.listen: cannot listen on {}", config.http.listen))?;
        let console_at = listener.local_addr()?;
        // What the first records mean depends on the inventory and the feeds.
        let known = Known::default();
        learn(&config, &desk, &known).await?;
        let sources = listen(&config, &store, &positions, &journal)?;
        let beside = Receiver::new(&HttpConfig::new(console_at), console_at, journal.appender())?;
        let link = console::first_link(&store).await?;
        let (cards, cards_seen) = watch::channel(Arc::new(rule_cards(&rules)));
        let console = Console {
            store: store.clone(),
            intake: desk.clone(),
            health: Arc::new(Wellness { journal: journal.clone(), store: store.clone() }),
            digests: Arc::new(Pages { store: store.clone(), config: config.clone() }),
            metrics: registry,
            doors: Some(Door::new(store.clone(), beside)),
            rules: cards_seen,
        };
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(console::serve(listener, console, async move {
            let _ = stopped.await;
        }));
        let service = Service {
            config: Mutex::new(Arc::new(config)),
            desk,
            journal,
            store,
            sources,
            outbox,
            worker: Mutex::new(Some(worker)),
            orders,
            known,
            cards,
            console: console_at,
            served: Mutex::new(Some((stop, served))),
            link,
            done,
        };
        service.rescan().await?;
        Ok(service)
    }

    fn settings(&self) -> Arc<Config> {
        self.config.lock().expect("no code panics while it holds this lock").clone()
    }

    /// Journals that time passes.
    ///
    /// # Errors
    /// The journal has failed.
    pub async fn tick(&self) -> anyhow::Result<()> {
        self.desk.journal(Kind::Tick, b"").await.map(drop)
    }

    /// Journals a human decision.
    ///
    /// # Errors
    /// The journal has failed.
    pub async fn decide(&self, decision: Value) -> anyhow::Result<()> {
        self.desk.decide(decision).await.map_err(|error| anyhow!(error))
    }

    /// Looks for files about the organisation that are new or have changed, and for decisions left by commands.
    ///
    /// # Errors
    /// The journal has failed; a file that cannot be read is only told.
    pub async fn rescan(&self) -> anyhow::Result<()> {
        let config = self.settings();
        learn(&config, &self.desk, &self.known).await?;
        self.take_decisions(&config.data.decisions()).await
    }

    /// Journals what commands left in the folder; a file goes once its decision is on disk.
    async fn take_decisions(&self, folder: &Path) -> anyhow::Result<()> {
        let mut files = files_below(folder);
        files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
        for file in files.into_iter().take(MAX_DECISIONS) {
            match fs::read(&file).map_err(anyhow::Error::from).and_then(|text| Ok(serde_json::from_slice(&text)?)) {
                Ok(decision) => {
                    self.decide(decision).await?;
                    fs::remove_file(&file).with_context(|| file.display().to_string())?;
                }
                Err(error) => {
                    tracing::warn!("{}: not a decision: {error}", file.display());
                    fs::rename(&file, file.with_extension("refused")).with_context(|| file.display().to_string())?;
                }
            }
        }
        Ok(())
    }

    /// Reads configuration and rules again. What cannot change while it runs stays as it is; a broken configuration
    /// or rule is refused and the old ones stay.
    ///
    /// # Errors
    /// The worker has ended.
    pub async fn reload(&self) -> anyhow::Result<()> {
        let file = self.settings().file.clone();
        let assembly = match Assembly::load(file.as_deref(), &[]) {
            Ok(assembly) if !assembly.is_broken() && assembly.config.later.is_empty() => assembly,
            Ok(assembly) => {
                assembly.problems.iter().chain(&assembly.config.later).for_each(|problem| tracing::error!("{problem}"));
                tracing::error!("the new configuration is broken; the old one stays");
                return Ok(());
            }
            Err(failure) => {
                tracing::error!("{}; the old configuration stays", failure.told());
                return Ok(());
            }
        };
        self.change_doors(&assembly.config);
        self.cards.send_replace(Arc::new(rule_cards(&assembly.rules)));
        self.orders.send(Order::Rules(assembly.rules)).map_err(|_| anyhow!("the pipeline has ended"))?;
        *self.config.lock().expect("no code panics while it holds this lock") = Arc::new(assembly.config);
        self.rescan().await?;
        tracing::info!("certificates, allowed senders, rules and the organisation's files are reloaded");
        Ok(())
    }

    /// Certificates and allowed senders of the listeners that stay; open connections are not touched.
    fn change_doors(&self, config: &Config) {
        for source in &config.sources {
            let Some((listens, senders)) = source.listens().zip(source.senders()) else { continue };
            for handle in self.sources.iter().filter(|handle| handle.configured() == listens) {
                if let Err(error) = handle.change(senders, source.tls()) {
                    tracing::error!("{listens}: {error}; the old certificates stay");
                }
            }
        }
    }

    /// Resolves when something that cannot be mended has happened, and says what.
    pub async fn failed(&self) -> anyhow::Error {
        tokio::select! {
            error = self.journal.failed() => anyhow::Error::from(error).context("the journal stopped"),
            error = self.worker_ended() => error,
        }
    }

    async fn worker_ended(&self) -> anyhow::Error {
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let ended = {
                let mut worker = self.worker.lock().expect("no code panics while it holds this lock");
                worker.take_if(|worker| worker.is_finished())
            };
            match ended.map(JoinHandle::join) {
                Some(Ok(Err(error))) => return error,
                Some(_) => return anyhow!("the pipeline ended unexpectedly"),
                None => {}
            }
        }
    }

    /// Waits until all that is journalled has gone through the pipeline and is stored.
    ///
    /// # Errors
    /// It takes longer than `patience`.
    pub async fn settle(&self, patience: Duration) -> anyhow::Result<()> {
        let goal = self.desk.journal(Kind::Tick, b"").await?;
        let mut done = self.done.clone();
        let reached = done.wait_for(|position| *position >= goal);
        tokio::time::timeout(patience, reached).await.context("the pipeline lags behind")??;
        Ok(())
    }

    /// The digest of a period, from the store.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn digest(&self, period: Period) -> anyhow::Result<Digest> {
        Ok(meetings::digest(&self.store, &self.settings(), period).await?)
    }

    /// Where the first syslog listener for TCP can be reached.
    pub fn syslog(&self) -> Option<SocketAddr> {
        self.sources.iter().find(|source| source.label().starts_with("tcp")).and_then(source::Handle::address)
    }

    /// How many log records have been received and are journalled.
    pub fn received(&self) -> u64 {
        self.desk.appender.metrics().sources().iter().map(|(_, counts)| counts.received()).sum()
    }

    /// The console's address.
    pub fn console(&self) -> String {
        format!("http://{}/", self.console)
    }

    /// The one-time link of a first start.
    pub fn sign_in_link(&self) -> Option<String> {
        self.link.as_ref().map(|path| format!("http://{}{path}", self.console))
    }

    /// Stops listening, drains, syncs, judges and stores what came, and ends.
    ///
    /// # Errors
    /// Something could not be written.
    pub async fn stop(self) -> anyhow::Result<()> {
        let mut stopping = tokio::task::JoinSet::new();
        for source in self.sources {
            stopping.spawn(source.stop(DRAIN));
        }
        stopping.join_all().await;
        let drained = self.journal.stop().await;
        let _ = self.orders.send(Order::Stop);
        let worker = self.worker.lock().expect("no code panics while it holds this lock").take();
        let judged = tokio::task::spawn_blocking(move || worker.map(JoinHandle::join)).await?;
        let served = self.served.lock().expect("no code panics while it holds this lock").take();
        if let Some((stop, served)) = served {
            let _ = stop.send(());
            let _ = served.await;
        }
        if let Some(outbox) = Arc::into_inner(self.outbox) {
            outbox.stop().await;
        }
        self.store.close().await;
        drained?;
        match judged {
            Some(Ok(result)) => result,
            Some(Err(_)) => bail!("the pipeline panicked"),
            None => Ok(()),
        }
    }
}

/// Files of a folder, or the file itself; in name order, hidden ones left out, none where it does not exist.
fn files_below(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut files: Vec<PathBuf> =
        fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.retain(|file| !file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')));
    files.sort();
    files.iter().flat_map(|file| files_below(file)).collect()
}

/// Tells what the journal found when it was opened.
fn report(opened: &Opened) {
    if opened.torn_bytes > 0 {
        tracing::warn!(bytes = opened.torn_bytes, "the journal's torn tail was cut: the last run ended without a stop");
    }
    for damage in &opened.damage {
        tracing::error!(?damage, "a part of the journal fails its checksum; it was copied to the quarantine folder");
    }
}

/// Sets up the channels; nothing is sent yet.
fn channels(config: &Config) -> anyhow::Result<BTreeMap<String, Arc<dyn Channel>>> {
    let around = Surroundings { base: RESOLVED.into(), console: Some(format!("http://{}", config.http.listen)) };
    let open =
        |channel: &roundsman_config::Channel| Ok((channel.name.clone(), channel.kind.open(&channel.name, &around)?));
    config.channels.iter().map(open).collect()
}

/// Journals the files about the organisation that are new or have changed; one that cannot be read is only told.
async fn learn(config: &Config, desk: &Desk, known: &Known) -> anyhow::Result<()> {
    for (input, path) in config.inputs.list() {
        for file in files_below(path) {
            if !has_changed(known, &file) {
                continue;
            }
            match config.feed(input, &file) {
                Ok(feeds) => {
                    for feed in feeds {
                        tracing::debug!(path = feed.path, "a file became known");
                        desk.journal(Kind::Feed, &serde_json::to_vec(&feed)?).await?;
                    }
                }
                Err(error) => tracing::warn!("{}: cannot be read: {error}", file.display()),
            }
        }
    }
    Ok(())
}

fn has_changed(known: &Known, file: &Path) -> bool {
    let Ok(meta) = fs::metadata(file) else { return false };
    let stamp = (meta.modified().ok(), meta.len());
    let mut known = known.lock().expect("no code panics while it holds this lock");
    known.insert(file.to_owned(), stamp) != Some(stamp)
}

/// Binds all listeners and goes on with what is read.
fn listen(
    config: &Config,
    store: &Store,
    positions: &Positions,
    journal: &Journal,
) -> anyhow::Result<Vec<source::Handle>> {
    let (mut handles, mut files) = (Vec::new(), Vec::new());
    for source in &config.sources {
        let appender = journal.appender();
        match source {
            Source::Syslog(settings) => handles.push(syslog::spawn(settings, appender)?),
            Source::Gelf(settings) => handles.push(gelf::spawn(settings, appender)?),
            Source::Http(settings) => {
                let doors = |receiver| door::Alone::new(Door::new(store.clone(), receiver));
                handles.push(http::spawn(settings, appender, doors)?);
            }
            Source::Relp(settings) => handles.push(relp::spawn(settings, journal)?),
            Source::File(settings) => files.push(settings.clone()),
            Source::Journald(settings) => handles.push(source::journald::spawn(settings, positions, appender)?),
            _ => {}
        }
    }
    if !files.is_empty() {
        handles.push(source::file::spawn(&files, positions, journal.appender())?);
    }
    Ok(handles)
}

/// How far sources that can be read again have been read: what was stored, and what the journal holds beyond it.
async fn positions(journal: &Arc<Journal>, store: &Store) -> anyhow::Result<Positions> {
    let resume = store.resume().await.context("the store cannot say where it ended")?;
    let position = resume.position.as_deref().and_then(|text| text.parse().ok()).unwrap_or(0);
    let journal = journal.clone();
    let found = tokio::task::spawn_blocking(move || journal.positions(&resume.state, position)).await?;
    found.context("the journal cannot be read")
}

fn journal_options(config: &Config, clock: Clock) -> journal::Options {
    journal::Options {
        clock,
        retain: config.data.retain.into(),
        max_bytes: config.data.max_size.0,
        ..Default::default()
    }
}

async fn spawn_worker(
    parts: Parts,
    rules: Arc<RuleSet>,
    inbox: mpsc::Receiver<Order>,
) -> anyhow::Result<JoinHandle<anyhow::Result<()>>> {
    let runtime = tokio::runtime::Handle::current();
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (ready, started) = oneshot::channel();
    let run = move || {
        let reading = Reading::Log(Parser::default());
        match Worker::resume(parts, reading, rules, threads, runtime) {
            Ok(worker) => {
                let _ = ready.send(Ok(()));
                worker.run(&inbox)
            }
            Err(error) => {
                let _ = ready.send(Err(error));
                Ok(())
            }
        }
    };
    let worker = thread::Builder::new().name("pipeline".into()).spawn(run)?;
    started.await??;
    Ok(worker)
}

fn words(source: &RuleSource) -> String {
    let parts = [&source.product, &source.category, &source.service];
    parts.into_iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("/")
}

fn rule_cards(rules: &RuleSet) -> Vec<RuleCard> {
    let card = |rule: &Rule| RuleCard {
        id: rule.id.clone(),
        title: rule.title.clone(),
        level: rule.level.map(|level| level.as_str().to_owned()),
        logsource: words(&rule.logsource),
        tags: rule.tags.clone(),
        why: Some(rule.roundsman.why.clone()).filter(|why| !why.is_empty()),
        next: Some(rule.roundsman.next.clone()).filter(|next| !next.is_empty()),
        fired: 0,
    };
    rules.rules().iter().map(card).collect()
}

/// Whether journal and store are usable.
struct Wellness {
    journal: Arc<Journal>,
    store: Store,
}

impl Health for Wellness {
    fn ready(&self) -> BoxFuture<'_, Result<(), Vec<String>>> {
        Box::pin(async move {
            let journal = self.journal.failure().map(|error| format!("journal: {error}"));
            let store = self.store.ready().await.err().map(|error| format!("store: {error}"));
            let wrong: Vec<String> = [journal, store].into_iter().flatten().collect();
            if wrong.is_empty() { Ok(()) } else { Err(wrong) }
        })
    }
}

/// Digests that were not sent yet.
struct Pages {
    store: Store,
    config: Config,
}

impl Digests for Pages {
    fn digest(&self, period: String) -> BoxFuture<'_, Result<Option<String>, String>> {
        Box::pin(async move {
            let Ok(period) = Period::parse(&period, &self.config.timezone()) else { return Ok(None) };
            let digest =
                meetings::digest(&self.store, &self.config, period).await.map_err(|error| error.to_string())?;
            serde_json::to_string(&digest).map(Some).map_err(|error| error.to_string())
        })
    }

    fn zone(&self) -> TimeZone {
        self.config.timezone()
    }
}
