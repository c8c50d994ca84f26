//! The settings as they stand in the file, composed of the stages' own. Defaults are what `run` does without a file.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use jiff::tz::TimeZone;
use roundsman_ingest::{
    source::{
        Error as SourceError,
        file::FileConfig,
        gelf::GelfConfig,
        http::HttpConfig,
        journald::JournaldConfig,
        relp::RelpConfig,
        senders::Senders,
        syslog::{Listen, Scheme, SyslogConfig},
        tls::TlsConfig,
    },
    units::{Size, address},
};
use roundsman_rules::{
    Problem, Severity,
    anomaly::DEFAULT_BYTES,
    duration::Duration,
    sigma::{ALLOWED_LATENESS, MAX_ALERTS_PER_RULE, MAX_STATE_BYTES},
};
use roundsman_sinks::{RouteConfig, Routes, archive::ArchiveKind, channels::ChannelKind};
use schemars::JsonSchema;
use serde::Deserialize;

/// The word in `packs` that stands for the rules built into the binary.
pub const SHIPPED: &str = "shipped";

/// The whole configuration.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where records are kept.
    pub data: Data,
    /// Where alerts, cases and state are kept.
    pub store: Store,
    /// Where records come from.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
    /// Console, API, metrics and health.
    pub http: Http,
    /// Which rules are loaded.
    pub rules: Rules,
    /// Files about the organisation; each is watched.
    pub inputs: Inputs,
    /// Whom alerts are told.
    #[serde(rename = "channel")]
    pub channels: Vec<Channel>,
    /// Where every event goes, normalised.
    #[serde(rename = "archive")]
    pub archives: Vec<ArchiveKind>,
    /// Which alerts go where at once; without one, high and critical go to all channels.
    #[serde(rename = "route")]
    pub routes: Vec<RouteConfig>,
    /// When the page for the meeting is written, and who gets it.
    pub digest: Digest,
    /// The file that was read; none where the defaults hold.
    #[serde(skip)]
    pub file: Option<PathBuf>,
    /// What `run` refuses to start over and other commands do not need: what comes with a later version, certificates
    /// that cannot be used.
    #[serde(skip)]
    pub later: Vec<Problem>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            data: Data::default(),
            store: Store::default(),
            sources: [Scheme::Udp, Scheme::Tcp].map(default_source).to_vec(),
            http: Http::default(),
            rules: Rules::default(),
            inputs: Inputs::default(),
            channels: Vec::new(),
            archives: Vec::new(),
            routes: Vec::new(),
            digest: Digest::default(),
            file: None,
            later: Vec::new(),
        }
    }
}

/// Syslog on this machine alone, on a port that needs no privilege.
fn default_source(scheme: Scheme) -> Source {
    let address = SocketAddr::from(([127, 0, 0, 1], 5514));
    Source::Syslog(SyslogConfig::new(Listen { scheme, address }.into()))
}

impl Config {
    /// The folder that relative paths are relative to: the file's, else the working directory.
    pub fn base(&self) -> &Path {
        match self.file.as_deref().and_then(Path::parent) {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// The embedded store's file: `store.url` relative to the data folder.
    pub fn store_file(&self) -> PathBuf {
        let path = self.store.url.strip_prefix("sqlite:").unwrap_or(&self.store.url);
        self.data.dir.join(path.strip_prefix("//").unwrap_or(path))
    }

    /// Which alerts go to which channels at once.
    pub fn routing(&self) -> Routes {
        let channels: Vec<_> = self.channels.iter().map(|channel| channel.name.clone()).collect();
        // a route to a channel that does not exist has been refused by `load`
        Routes::new(&self.routes, &channels).unwrap_or_default()
    }

    /// The time zone of days, weeks and months.
    pub fn timezone(&self) -> TimeZone {
        TimeZone::get(&self.digest.timezone).unwrap_or(TimeZone::UTC)
    }
}

/// `[data]`
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Data {
    /// Folder of the journal and the embedded store.
    pub dir: PathBuf,
    /// How long the journal keeps records.
    pub retain: Duration,
    /// Most bytes the journal keeps, whatever their age.
    pub max_size: Size,
}

impl Default for Data {
    fn default() -> Self {
        Data { dir: "roundsman-data".into(), retain: Duration::days(30), max_size: Size(20 << 30) }
    }
}

impl Data {
    /// Folder of the journal's segments.
    pub fn journal(&self) -> PathBuf {
        self.dir.join("journal")
    }

    /// Folder where commands leave human decisions for the running instance.
    pub fn decisions(&self) -> PathBuf {
        self.dir.join("decisions")
    }
}

/// `[store]`
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Store {
    /// `sqlite:FILE`, relative to the data folder.
    pub url: String,
}

impl Default for Store {
    fn default() -> Self {
        Store { url: "sqlite:roundsman.db".into() }
    }
}

/// `[[source]]`
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(tag = "type")]
pub enum Source {
    /// Syslog over UDP, TCP or TLS.
    Syslog(SyslogConfig),
    /// RELP, plain or over TLS.
    Relp(RelpConfig),
    /// Files that are followed.
    File(FileConfig),
    /// The systemd journal.
    Journald(JournaldConfig),
    /// HTTP `/ingest` on an address of its own.
    Http(HttpConfig),
    /// GELF over UDP, TCP or TLS.
    Gelf(GelfConfig),
    /// Kafka topics.
    Kafka(Kafka),
}

impl Source {
    /// The word after `type =`.
    pub fn kind(&self) -> &'static str {
        match self {
            Source::Syslog(_) => "syslog",
            Source::Relp(_) => "relp",
            Source::File(_) => "file",
            Source::Journald(_) => "journald",
            Source::Http(_) => "http",
            Source::Gelf(_) => "gelf",
            Source::Kafka(_) => "kafka",
        }
    }

    /// This version has it.
    pub fn is_built(&self) -> bool {
        !matches!(self, Source::Kafka(_))
    }

    /// Where it listens, as its metrics call it; none where it does not listen.
    pub fn listens(&self) -> Option<String> {
        match self {
            Source::Syslog(syslog) => Some(syslog.listen.to_string()),
            Source::Http(http) => Some(http.label(http.listen)),
            Source::Gelf(gelf) => Some(gelf.listen.to_string()),
            Source::Relp(relp) => Some(relp.label()),
            _ => None,
        }
    }

    /// Its certificates.
    pub fn tls(&self) -> Option<&TlsConfig> {
        match self {
            Source::Syslog(syslog) => syslog.tls.as_ref(),
            Source::Http(http) => http.tls.as_ref(),
            Source::Gelf(gelf) => gelf.tls.as_ref(),
            Source::Relp(relp) => relp.tls.as_ref(),
            _ => None,
        }
    }

    /// Who may send to it.
    pub fn senders(&self) -> Option<&Senders> {
        match self {
            Source::Syslog(syslog) => Some(&syslog.senders),
            Source::Http(http) => Some(&http.senders),
            Source::Gelf(gelf) => Some(&gelf.senders),
            Source::Relp(relp) => Some(&relp.senders),
            _ => None,
        }
    }

    /// Whether its settings fit together, where there is more to tell than each alone.
    pub fn check(&self) -> Result<(), SourceError> {
        match self {
            Source::Syslog(syslog) => syslog.check(),
            Source::Http(http) => http.check(),
            Source::Gelf(gelf) => gelf.check(),
            Source::Relp(relp) => relp.check(),
            Source::File(files) => files.check(),
            _ => Ok(()),
        }
    }
}

/// A Kafka consumer group.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kafka {
    /// `HOST:PORT` of some brokers.
    pub brokers: Vec<String>,
    /// Topics to read.
    pub topics: Vec<String>,
    /// Name of the consumer group.
    pub group: String,
}

/// `[http]`
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Http {
    /// Address and port of console, API, metrics and health.
    #[serde(deserialize_with = "address")]
    pub listen: SocketAddr,
}

impl Default for Http {
    fn default() -> Self {
        Http { listen: SocketAddr::from(([127, 0, 0, 1], 9514)) }
    }
}

/// `[rules]`
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// `shipped`, and folders of Sigma rules.
    pub packs: Vec<PathBuf>,
    /// Sigma rules of one's own: files and folders.
    pub paths: Vec<PathBuf>,
    /// Ids of rules that shall not run.
    pub disable: Vec<String>,
    /// Other severities than the rules' own, by id or name: `ssh-guessing = "high"`.
    pub severity: BTreeMap<String, Severity>,
    /// What is known to be harmless here.
    #[serde(rename = "exception")]
    pub exceptions: Vec<Exception>,
    /// What rules may remember, and how much they may say.
    pub limits: RuleLimits,
    /// The values of `%placeholders%` in rules (Sigma's modifier `expand`): `Servers = ["srv*", "db1"]`.
    pub placeholders: BTreeMap<String, Vec<String>>,
}

/// `[[rules.exception]]`
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Its name in lists and metrics.
    pub id: String,
    /// Ids or names of the rules that shall not count such records.
    pub rules: Vec<String>,
    /// Fields and the values of which each must hold one: text in which `*` stands for any, or a network.
    #[serde(rename = "where")]
    pub fields: BTreeMap<String, Vec<String>>,
    /// Whose word stands for it.
    pub owner: String,
    /// Why it is harmless.
    pub reason: String,
    /// The last day on which it holds, in the digest's time zone, or a time.
    pub expires: String,
}

/// `[rules.limits]`
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RuleLimits {
    /// Most memory of correlations and open alerts together.
    pub state: Size,
    /// Most memory of what anomalies are held against; keys beyond make room and are counted.
    pub baselines: Size,
    /// Most alerts of one rule that are open at a time; further groups are told together.
    pub alerts_per_rule: usize,
    /// How much later than its successors a record may arrive and still take its place.
    pub lateness: Duration,
}

impl Default for RuleLimits {
    fn default() -> Self {
        RuleLimits {
            state: Size(MAX_STATE_BYTES),
            baselines: Size(DEFAULT_BYTES as u64),
            alerts_per_rule: MAX_ALERTS_PER_RULE,
            lateness: Duration::seconds(ALLOWED_LATENESS.as_secs()),
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            packs: vec![SHIPPED.into()],
            paths: Vec::new(),
            disable: Vec::new(),
            severity: BTreeMap::new(),
            exceptions: Vec::new(),
            limits: RuleLimits::default(),
            placeholders: BTreeMap::new(),
        }
    }
}

impl Rules {
    /// The rules built into the binary are wanted.
    pub fn shipped(&self) -> bool {
        self.packs.iter().any(|pack| pack.as_os_str() == SHIPPED)
    }

    /// All files and folders of rules outside the binary.
    pub fn folders(&self) -> impl Iterator<Item = &Path> {
        self.packs.iter().filter(|pack| pack.as_os_str() != SHIPPED).chain(&self.paths).map(PathBuf::as_path)
    }
}

/// `[inputs]`: each a file or a folder of files.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Inputs {
    pub inventory: Option<PathBuf>,
    pub advisories: Option<PathBuf>,
    pub kev: Option<PathBuf>,
    pub epss: Option<PathBuf>,
    pub scans: Option<PathBuf>,
    pub policy: Option<PathBuf>,
    pub accounts: Option<PathBuf>,
    pub backups: Option<PathBuf>,
    pub vendors: Option<PathBuf>,
    pub training: Option<PathBuf>,
    pub exceptions: Option<PathBuf>,
    pub known_issues: Option<PathBuf>,
    pub platforms: Option<PathBuf>,
    pub ssvc: Option<PathBuf>,
}

impl Inputs {
    /// The keys and paths that are set, what others refer to first: policy, then the inventory, then the rest.
    pub fn list(&self) -> Vec<(&'static str, &Path)> {
        let all = [
            ("policy", &self.policy),
            ("platforms", &self.platforms),
            ("inventory", &self.inventory),
            ("accounts", &self.accounts),
            ("backups", &self.backups),
            ("vendors", &self.vendors),
            ("training", &self.training),
            ("kev", &self.kev),
            ("epss", &self.epss),
            ("ssvc", &self.ssvc),
            ("advisories", &self.advisories),
            ("exceptions", &self.exceptions),
            ("known_issues", &self.known_issues),
            ("scans", &self.scans),
        ];
        all.into_iter().filter_map(|(key, path)| path.as_deref().map(|path| (key, path))).collect()
    }
}

/// `[[channel]]`
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
pub struct Channel {
    /// Routes call it by this name.
    pub name: String,
    /// What it is.
    #[serde(rename = "$rest")]
    #[schemars(flatten)]
    pub kind: ChannelKind,
}

/// `[digest]`
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Digest {
    /// Day and time at which the week's page is written: `Mon 06:00`.
    pub weekly: String,
    /// The time zone of days, weeks and months.
    pub timezone: String,
    /// Names of the channels that get the page.
    pub channels: Vec<String>,
}

impl Default for Digest {
    fn default() -> Self {
        Digest { weekly: "Mon 06:00".into(), timezone: "UTC".into(), channels: Vec::new() }
    }
}
