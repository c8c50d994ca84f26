//! `roundsman demo`: two weeks of a small organisation through the real listeners of a real `run`, on a clock that goes
//! as fast as the pipeline.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{SignedDuration, Timestamp};
use roundsman_config::Config;
use roundsman_rules::{Alert, Severity, Status};
use roundsman_sinks::digest::Period;

use crate::{
    demo::{
        files,
        story::{self, Scene, What},
    },
    exit::{Exit, OrUnusable, Outcome},
    service::{Service, Settings},
    tell,
    term::{Paint, Style, Term},
};

/// How far the story's clock goes at a time; what happens in between arrives at the end of it.
const STEP: SignedDuration = SignedDuration::from_mins(5);
/// Longest wait for the pipeline to take in one step.
const PATIENCE: Duration = Duration::from_secs(30);
/// Alerts that may wait to be shown.
const TICKER_DEPTH: usize = 1024;

const EXAMPLES: &str = "\
Examples:
  roundsman demo                                 two weeks in under a minute, then the console stays up
  roundsman demo --exit                          end after the digest
  roundsman demo --seed 7 --dir /tmp/roundsman-demo

Everything lives in a temporary folder (or --dir) and on free loopback ports.";

/// Options of `roundsman demo`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Seed of the generated organisation: the same seed, the same two weeks
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// End after the digest instead of keeping the console up
    #[arg(long)]
    pub exit: bool,
    /// Keep everything in this folder instead of a temporary one
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: Args, term: &Term) -> Outcome {
    let temporary = tempfile_dir(&args)?;
    let folder = temporary.path();
    let start = story::first_monday(Timestamp::now());
    prepare(folder)?;
    let (config, _) = Config::load(Some(&folder.join("roundsman.toml"))).or_unusable("the demo's own configuration")?;
    let clock = Arc::new(AtomicI64::new(start.as_millisecond()));
    let (ticker, alerts) = mpsc::sync_channel(TICKER_DEPTH);
    let runtime = tokio::runtime::Runtime::new()?;
    let now = clock.clone();
    let settings = Settings {
        clock: Arc::new(move || Timestamp::from_millisecond(now.load(Ordering::Relaxed)).unwrap_or(Timestamp::MIN)),
        watcher: Some(ticker),
        ..Settings::new(config)
    };
    let service = runtime.block_on(Service::start(settings))?;
    let mut out = term.out;
    greet(start, out);
    let bar = progress(term);
    let shown = bar.clone();
    let paint = out;
    let show = thread::spawn(move || show(&alerts, &shown, paint));
    let began = Instant::now();
    let mut stage = Scenery { folder, service: &service, runtime: &runtime, clock: &clock, stream: None, sent: 0 };
    stage.play(story::write(start, args.seed), start, &bar)?;
    bar.finish_and_clear();
    finish(&service, &runtime, &mut out, start, stage.sent, began.elapsed())?;
    if !args.exit {
        runtime.block_on(wait_for_ctrl_c(&service, out))?;
    }
    runtime.block_on(service.stop())?;
    show.join().map_err(|_| anyhow::anyhow!("the ticker failed"))?;
    Ok(Exit::Done)
}

/// A folder that goes with the process, or the one that was asked for, which stays.
enum Folder {
    Temporary(PathBuf),
    Asked(PathBuf),
}

impl Folder {
    fn path(&self) -> &Path {
        match self {
            Folder::Temporary(path) | Folder::Asked(path) => path,
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Folder::Temporary(path) = self {
            let _ = fs::remove_dir_all(path);
        }
    }
}

fn tempfile_dir(args: &Args) -> anyhow::Result<Folder> {
    let folder = match &args.dir {
        Some(dir) => Folder::Asked(dir.clone()),
        None => Folder::Temporary(std::env::temp_dir().join(format!("roundsman-demo-{}", std::process::id()))),
    };
    if folder.path().join("data").exists() {
        anyhow::bail!(
            "{} holds the data of an earlier demo: remove it or name another folder",
            folder.path().display()
        );
    }
    fs::create_dir_all(folder.path()).with_context(|| folder.path().display().to_string())?;
    Ok(folder)
}

/// Writes the organisation's files and a configuration for them.
fn prepare(folder: &Path) -> anyhow::Result<()> {
    for name in ["advisories", "scans"] {
        fs::create_dir_all(folder.join(name))?;
    }
    fs::write(folder.join("inventory.csv"), files::INVENTORY)?;
    fs::write(folder.join("kev.json"), files::EMPTY_KEV)?;
    let config = "[data]\ndir = \"data\"\n\n[[source]]\ntype = \"syslog\"\nlisten = \"tcp://127.0.0.1:0\"\n\n\
                  [http]\nlisten = \"127.0.0.1:0\"\n\n[inputs]\ninventory = \"inventory.csv\"\n\
                  advisories = \"advisories/\"\nkev = \"kev.json\"\nscans = \"scans/\"\n";
    fs::write(folder.join("roundsman.toml"), config).with_context(|| folder.display().to_string())
}

fn greet(start: Timestamp, paint: Paint) {
    let end = start + SignedDuration::from_hours(24 * story::DAYS);
    println!(
        "{}  twelve hosts, two weeks ({} to {}), sent by syslog to this machine's own listeners\n",
        paint.bold("Roundsman demo"),
        start.strftime("%a %d %b"),
        end.strftime("%a %d %b %Y")
    );
}

fn progress(term: &Term) -> ProgressBar {
    let steps = (story::LENGTH.as_secs() / STEP.as_secs()) as u64;
    let bar = if term.progress { ProgressBar::new(steps) } else { ProgressBar::hidden() };
    let style = ProgressStyle::with_template("{prefix:>16}  {bar:40.cyan/black}  {percent:>3} %  {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("━━─"));
    bar
}

/// Plays the story to the listeners, step by step.
struct Scenery<'a> {
    folder: &'a Path,
    service: &'a Service,
    runtime: &'a tokio::runtime::Runtime,
    clock: &'a AtomicI64,
    stream: Option<TcpStream>,
    sent: u64,
}

impl Scenery<'_> {
    fn play(&mut self, scenes: Vec<Scene>, start: Timestamp, bar: &ProgressBar) -> anyhow::Result<()> {
        let mut scenes = scenes.into_iter().peekable();
        let end = start + story::LENGTH;
        let mut now = start;
        while now < end {
            now += STEP;
            self.clock.store(now.as_millisecond(), Ordering::Relaxed);
            let mut lines = Vec::new();
            while let Some(scene) = scenes.next_if(|scene| scene.at < now) {
                match scene.what {
                    What::Line(line) => {
                        lines.extend_from_slice(line.as_bytes());
                        lines.push(b'\n');
                        self.sent += 1;
                    }
                    What::File(path, text) => {
                        self.send(&std::mem::take(&mut lines))?;
                        fs::write(self.folder.join(&path), text).with_context(|| path.clone())?;
                        self.runtime.block_on(self.service.rescan())?;
                    }
                    What::Decision(decision) => self.runtime.block_on(self.service.decide(decision))?,
                }
            }
            self.send(&lines)?;
            self.runtime.block_on(self.service.tick())?;
            bar.set_prefix(now.strftime("%a %d %b %H:%M").to_string());
            bar.inc(1);
        }
        self.runtime.block_on(self.service.settle(PATIENCE))
    }

    fn send(&mut self, lines: &[u8]) -> anyhow::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        if self.stream.is_none() {
            let address: SocketAddr = self.service.syslog().context("the listener has no address")?;
            self.stream = Some(TcpStream::connect(address)?);
        }
        self.stream.as_mut().expect("connected above").write_all(lines)?;
        let began = Instant::now();
        while self.service.received() < self.sent {
            anyhow::ensure!(began.elapsed() < PATIENCE, "the listener does not take the demo's lines");
            thread::sleep(Duration::from_micros(100));
        }
        Ok(())
    }
}

/// Shows alerts as they come: each when it is raised, when it becomes more urgent and when it clears.
fn show(alerts: &mpsc::Receiver<Alert>, bar: &ProgressBar, paint: Paint) {
    let mut known: BTreeMap<String, (Severity, bool)> = BTreeMap::new();
    for alert in alerts {
        let now = (alert.severity, alert.cleared.is_some());
        if alert.status != Status::New || alert.severity < Severity::Medium || known.get(&alert.id) == Some(&now) {
            continue;
        }
        known.insert(alert.id.clone(), now);
        let text = format!("{}\n", tell::alert(&alert, paint));
        match bar.is_hidden() {
            true => println!("{text}"),
            false => bar.suspend(|| println!("{text}")),
        }
    }
}

/// The page for the meeting, and what happened in figures.
fn finish(
    service: &Service,
    runtime: &tokio::runtime::Runtime,
    out: &mut Paint,
    start: Timestamp,
    sent: u64,
    took: Duration,
) -> anyhow::Result<()> {
    let second_week = Period::week_of(start + SignedDuration::from_hours(24 * 10), &jiff::tz::TimeZone::UTC);
    let digest = runtime.block_on(service.digest(second_week))?;
    println!("{}", roundsman_sinks::digest::text::render(&digest, &jiff::tz::TimeZone::UTC, out.0));
    let rate = sent as f64 / took.as_secs_f64();
    println!(
        "{} {sent} records in {:.1} s ({rate:.0}/s), all of them on disk before anybody looked at them",
        out.paint(Style::Green, "Done."),
        took.as_secs_f64()
    );
    Ok(())
}

async fn wait_for_ctrl_c(service: &Service, paint: Paint) -> anyhow::Result<()> {
    println!("\n{}  {}", paint.bold("Console:"), service.sign_in_link().unwrap_or_else(|| service.console()));
    println!("{}  the link signs you in once; Ctrl-C ends the demo and removes its folder", paint.dim("        "));
    tokio::signal::ctrl_c().await.context("Ctrl-C")
}
