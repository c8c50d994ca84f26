//! Collectors: what no daemon logs, written to syslog by one-liners under these programs' names.
//!
//! All but three write `key=value` words, a value with blanks in double quotes. Each key has its field in a table; a key
//! that is in none becomes `roundsman.<collector>.<key>`.

use crate::formats::{Example, Format, LogSource, Reject};
use crate::{
    Event, Field,
    envelope::Line,
    field,
    scan::{first_word, integer, reject, rsplit, set_some, split},
};

/// One collector.
pub struct Collector {
    name: &'static str,
    programs: &'static [&'static str],
    about: &'static str,
    action: &'static str,
    read: fn(&Collector, &[u8], &mut Event<'_>) -> Result<(), Reject>,
    keys: &'static [(&'static str, Field)],
    examples: &'static [Example],
}

/// Most packages of one record that become fields.
pub const MAX_PACKAGES: usize = 800;
/// Fields that hold numbers; a name such as `job=7` stays text.
const NUMBERS: [Field; 7] = [
    field::PROBE_LATENCY_MS,
    field::DISK_USED_PERCENT,
    field::PROCESS_EXIT_CODE,
    field::JOB_SECONDS,
    field::JOB_BYTES,
    field::NEEDRESTART_KERNEL_STATUS,
    field::NEEDRESTART_MICROCODE_STATUS,
];
/// Longest field name made of a key that is in no table.
const MAX_NAME: usize = 64;

impl Format for Collector {
    fn name(&self) -> &'static str {
        self.name
    }
    fn category(&self) -> &'static str {
        "collector"
    }
    fn product(&self) -> &'static str {
        "Roundsman"
    }
    fn about(&self) -> &'static str {
        self.about
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "roundsman", services: &["collector"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        self.programs
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        (self.read)(self, line.message, event)?;
        event.classify("", "info", self.action, "");
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        self.examples
    }
}

/// `probe=web-login asset=web1 result=ok latency_ms=120`
pub static PROBE: Collector = Collector {
    name: "roundsman_probe",
    programs: &["roundsman-probe"],
    about: "A probe's result: `probe=web-login asset=web1 result=ok|fail latency_ms=120`",
    action: "probe_result",
    read: pairs,
    keys: &[
        ("probe", field::PROBE_NAME),
        ("asset", field::ASSET),
        ("result", field::PROBE_RESULT),
        ("latency_ms", field::PROBE_LATENCY_MS),
        ("why", field::EVENT_REASON),
    ],
    examples: PROBE_EXAMPLES,
};

/// `volume=/backup asset=nas1 used_percent=91`
pub static DISK: Collector = Collector {
    name: "roundsman_disk",
    programs: &["roundsman-disk"],
    about: "How full a volume is: `volume=/backup asset=nas1 used_percent=91`",
    action: "disk_usage",
    read: pairs,
    keys: &[("volume", field::DISK_VOLUME), ("asset", field::ASSET), ("used_percent", field::DISK_USED_PERCENT)],
    examples: DISK_EXAMPLES,
};

/// `job=nightly result=ok exit=0 seconds=431 bytes=…`
pub static JOB: Collector = Collector {
    name: "roundsman_job",
    programs: &["roundsman-job"],
    about: "How a job ended: `job=NAME result=ok|warning|fail exit=0 seconds=431 bytes=…`",
    action: "job_result",
    read: pairs,
    keys: &[
        ("job", field::JOB_NAME),
        ("asset", field::ASSET),
        ("result", field::JOB_RESULT),
        ("exit", field::PROCESS_EXIT_CODE),
        ("seconds", field::JOB_SECONDS),
        ("bytes", field::JOB_BYTES),
    ],
    examples: JOB_EXAMPLES,
};

/// `account=j.doe last=2026-11-01T08:00:00Z`
pub static LOGONS: Collector = Collector {
    name: "roundsman_logons",
    programs: &["roundsman-logons"],
    about: "An account's last logon on the reporting host: `account=j.doe last=2026-11-01T08:00:00Z`, or `last=never`",
    action: "last_logon",
    read: pairs,
    keys: &[("account", field::USER_NAME), ("last", field::LOGON_LAST)],
    examples: LOGONS_EXAMPLES,
};

/// `asset=k8s-api pod=api-7d9c image=sha256:… ready=true`
pub static PODS: Collector = Collector {
    name: "roundsman_pods",
    programs: &["roundsman-pods"],
    about: "A pod and the image it runs: `asset=k8s-api pod=api-7d9c image=sha256:… ready=true`",
    action: "pod_state",
    read: pairs,
    keys: &[
        ("asset", field::ASSET),
        ("pod", field::POD_NAME),
        ("image", field::CONTAINER_IMAGE_NAME),
        ("ready", field::POD_READY),
    ],
    examples: PODS_EXAMPLES,
};

/// `required=yes packages="linux-image-…"`
pub static REBOOT_REQUIRED: Collector = Collector {
    name: "reboot_required",
    programs: &["reboot-required"],
    about: "Whether the host wants a reboot, and for which packages: `required=yes packages=\"…\"`",
    action: "reboot_required",
    read: reboot_required,
    keys: &[("required", field::REBOOT_REQUIRED)],
    examples: REBOOT_REQUIRED_EXAMPLES,
};

/// `NEEDRESTART-KSTA: 1`
pub static NEEDRESTART: Collector = Collector {
    name: "needrestart",
    programs: &["needrestart"],
    about: "What runs outdated code, in needrestart's batch lines (README.batch.md of liske/needrestart)",
    action: "needrestart",
    read: needrestart,
    keys: &[
        ("VER", field::NEEDRESTART_VERSION),
        ("KCUR", field::NEEDRESTART_KERNEL_CURRENT),
        ("KEXP", field::NEEDRESTART_KERNEL_EXPECTED),
        ("KSTA", field::NEEDRESTART_KERNEL_STATUS),
        ("UCSTA", field::NEEDRESTART_MICROCODE_STATUS),
        ("SVC", field::SERVICE_NAME),
    ],
    examples: NEEDRESTART_EXAMPLES,
};

/// `libssl3:amd64 3.0.22-1~deb12u2`
pub static PACKAGES: Collector = Collector {
    name: "roundsman_packages",
    programs: &["roundsman-packages"],
    about: "Installed packages, one per line: of `dpkg-query -W` or of `rpm -qa`",
    action: "package_present",
    read: packages,
    keys: &[],
    examples: PACKAGES_EXAMPLES,
};

/// Reads `key=value` words.
fn pairs(collector: &Collector, message: &[u8], event: &mut Event<'_>) -> Result<(), Reject> {
    let mut rest = message.trim_ascii();
    let mut known = 0;
    while !rest.is_empty() {
        let offset = message.len() - rest.len();
        let (key, value, after) = pair(rest).ok_or(Reject { reason: "collector_pair", offset })?;
        known += usize::from(set(collector, key, value, event));
        rest = after.trim_ascii_start();
    }
    if known == 0 { Err(reject("collector_keys")) } else { Ok(()) }
}

/// `key=value` or `key="value with blanks"`, and what follows.
fn pair(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (key, rest) = split(text, b"=")?;
    if key.is_empty() || !key.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')) {
        return None;
    }
    match rest.strip_prefix(b"\"") {
        Some(quoted) => split(quoted, b"\"").map(|(value, after)| (key, value, after)),
        None => {
            let (value, after) = first_word(rest);
            Some((key, value, after))
        }
    }
}

/// Sets a key's field; a result is the event's outcome, too. Whether the key is in the table.
fn set(collector: &Collector, key: &[u8], value: &[u8], event: &mut Event<'_>) -> bool {
    let known = collector.keys.iter().find(|(name, _)| name.as_bytes() == key).map(|(_, field)| *field);
    if let Some(field) = known.or_else(|| other_field(collector, key)) {
        match integer(value).filter(|_| NUMBERS.contains(&field)) {
            Some(number) => event.set_int(field, number),
            None => set_some(event, field, value),
        }
    }
    if key == b"result" {
        match value {
            b"ok" => event.set_static(field::EVENT_OUTCOME, "success"),
            b"fail" => event.set_static(field::EVENT_OUTCOME, "failure"),
            _ => {}
        }
    }
    known.is_some()
}

fn other_field(collector: &Collector, key: &[u8]) -> Option<Field> {
    let short = collector.name.strip_prefix("roundsman_").unwrap_or(collector.name);
    let key = std::str::from_utf8(key).ok()?;
    (key.len() + short.len() <= MAX_NAME).then(|| Field::intern(&format!("roundsman.{short}.{key}")))?
}

fn reboot_required(collector: &Collector, message: &[u8], event: &mut Event<'_>) -> Result<(), Reject> {
    if message.starts_with(b"***") {
        // what Ubuntu's motd says
        event.set_static(field::REBOOT_REQUIRED, "yes");
        return Ok(());
    }
    let mut rest = message.trim_ascii();
    let mut known = false;
    while let Some((key, value, after)) = pair(rest) {
        if key == b"packages" {
            for name in value.split(|b| matches!(b, b' ' | b',')).filter(|name| !name.is_empty()).take(MAX_PACKAGES) {
                event.set(field::PACKAGE_NAME, name);
            }
        } else {
            known |= set(collector, key, value, event);
        }
        rest = after.trim_ascii_start();
    }
    if known { Ok(()) } else { Err(reject("collector_keys")) }
}

/// Batch lines, one or several in a record.
fn needrestart(collector: &Collector, message: &[u8], event: &mut Event<'_>) -> Result<(), Reject> {
    let mut known = 0;
    for text in message.split(|b| *b == b'\n') {
        let Some((key, value)) = text.trim_ascii().strip_prefix(b"NEEDRESTART-").and_then(|text| split(text, b":"))
        else {
            continue;
        };
        set(collector, key, value.trim_ascii(), event);
        known += 1;
    }
    if known == 0 { Err(reject("needrestart_keys")) } else { Ok(()) }
}

/// Package lines; for each package one name, one architecture and one version, an architecture that is not told empty.
fn packages(_: &Collector, message: &[u8], event: &mut Event<'_>) -> Result<(), Reject> {
    let mut count = 0;
    for text in message.split(|b| *b == b'\n').take(MAX_PACKAGES) {
        let Some((name, architecture, version)) = package(text.trim_ascii()) else { continue };
        event.set(field::PACKAGE_NAME, name);
        event.set(field::PACKAGE_ARCHITECTURE, architecture);
        event.set(field::PACKAGE_VERSION, version);
        count += 1;
    }
    if count == 0 { Err(reject("package_line")) } else { Ok(()) }
}

/// `name[:arch]<tab>version`, the tab perhaps as a blank or as rsyslog's `#011`; else `name-version-release.arch`.
fn package(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let pair = split(text, b"\t").or_else(|| split(text, b"#011")).or_else(|| split(text, b" "));
    if let Some((name, version)) = pair {
        let (name, architecture) = split(name, b":").unwrap_or((name, b""));
        let version = version.trim_ascii();
        let fits = !name.is_empty() && version.first()?.is_ascii_digit() && !version.contains(&b' ');
        return fits.then_some((name, architecture, version));
    }
    let (rest, architecture) = rsplit(text, b".")?;
    let (rest, release) = rsplit(rest, b"-")?;
    let (name, version) = rsplit(rest, b"-")?;
    let whole = &rest[name.len() + 1..];
    let end = whole.len() + 1 + release.len();
    (!name.is_empty() && version.first()?.is_ascii_digit())
        .then(|| (name, architecture, &text[name.len() + 1..][..end]))
}

const PROBE_EXAMPLES: &[Example] = &[
    Example {
        raw: "<13>Nov 22 02:05:00 web1 roundsman-probe: probe=web-login asset=web1 result=ok latency_ms=120",
        expect: &[
            ("roundsman.probe.name", "web-login"),
            ("roundsman.asset", "web1"),
            ("roundsman.probe.result", "ok"),
            ("event.outcome", "success"),
            ("roundsman.probe.latency_ms", "120"),
            ("event.type", "info"),
            ("event.action", "probe_result"),
        ],
    },
    Example {
        raw: r#"Nov 22 02:05:01 mon1 roundsman-probe[9]: probe=web-login asset=web1 result=fail why="no such page""#,
        expect: &[
            ("roundsman.probe.name", "web-login"),
            ("roundsman.asset", "web1"),
            ("roundsman.probe.result", "fail"),
            ("event.outcome", "failure"),
            ("event.reason", "no such page"),
            ("event.type", "info"),
            ("event.action", "probe_result"),
        ],
    },
    Example { raw: "Nov 22 02:05:02 mon1 roundsman-probe: hello", expect: &[] },
];

const DISK_EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 02:06:00 nas1 roundsman-disk: volume=/backup asset=nas1 used_percent=91",
        expect: &[
            ("roundsman.disk.volume", "/backup"),
            ("roundsman.asset", "nas1"),
            ("roundsman.disk.used_percent", "91"),
            ("event.type", "info"),
            ("event.action", "disk_usage"),
        ],
    },
    Example { raw: "Nov 22 02:06:01 nas1 roundsman-disk: volume", expect: &[] },
];

const JOB_EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 02:07:00 nas1 roundsman-job: job=nightly result=warning exit=1 seconds=431 bytes=1200300",
        expect: &[
            ("roundsman.job.name", "nightly"),
            ("roundsman.job.result", "warning"),
            ("process.exit_code", "1"),
            ("roundsman.job.seconds", "431"),
            ("roundsman.job.bytes", "1200300"),
            ("event.type", "info"),
            ("event.action", "job_result"),
        ],
    },
    Example { raw: "Nov 22 02:07:01 nas1 roundsman-job: result", expect: &[] },
];

const LOGONS_EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 02:08:00 dc1 roundsman-logons: account=j.doe last=2026-11-01T08:00:00Z",
        expect: &[
            ("user.name", "j.doe"),
            ("roundsman.logon.last", "2026-11-01T08:00:00Z"),
            ("event.type", "info"),
            ("event.action", "last_logon"),
        ],
    },
    Example {
        raw: "Nov 22 02:08:00 dc1 roundsman-logons: account=svc.backup last=never",
        expect: &[
            ("user.name", "svc.backup"),
            ("roundsman.logon.last", "never"),
            ("event.type", "info"),
            ("event.action", "last_logon"),
        ],
    },
    Example { raw: "Nov 22 02:08:01 dc1 roundsman-logons: j.doe", expect: &[] },
];

const PODS_EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 02:09:00 k8s1 roundsman-pods: asset=k8s-api pod=api-7d9c image=sha256:0f0f ready=true",
        expect: &[
            ("roundsman.asset", "k8s-api"),
            ("roundsman.pod.name", "api-7d9c"),
            ("container.image.name", "sha256:0f0f"),
            ("roundsman.pod.ready", "true"),
            ("event.type", "info"),
            ("event.action", "pod_state"),
        ],
    },
    Example { raw: "Nov 22 02:09:01 k8s1 roundsman-pods: pod", expect: &[] },
];

const REBOOT_REQUIRED_EXAMPLES: &[Example] = &[
    Example {
        raw: r#"Nov 22 02:10:00 web1 reboot-required: required=yes packages="linux-image-6.1.0-56-cloud-amd64 libc6""#,
        expect: &[
            ("roundsman.reboot.required", "yes"),
            ("package.name", "linux-image-6.1.0-56-cloud-amd64"),
            ("package.name", "libc6"),
            ("event.type", "info"),
            ("event.action", "reboot_required"),
        ],
    },
    Example {
        raw: "Nov 22 02:10:00 web1 reboot-required: required=no",
        expect: &[("roundsman.reboot.required", "no"), ("event.type", "info"), ("event.action", "reboot_required")],
    },
    Example { raw: "Nov 22 02:10:01 web1 reboot-required: maybe", expect: &[] },
];

const NEEDRESTART_EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 02:11:00 web1 needrestart: NEEDRESTART-KSTA: 3",
        expect: &[("needrestart.kernel.status", "3"), ("event.type", "info"), ("event.action", "needrestart")],
    },
    Example {
        raw: "Nov 22 02:11:01 web1 needrestart: NEEDRESTART-SVC: nginx.service",
        expect: &[("service.name", "nginx.service"), ("event.type", "info"), ("event.action", "needrestart")],
    },
    Example {
        raw: "Nov 22 02:11:01 web1 needrestart: NEEDRESTART-KCUR: 6.1.0-50-cloud-amd64",
        expect: &[
            ("needrestart.kernel.current", "6.1.0-50-cloud-amd64"),
            ("event.type", "info"),
            ("event.action", "needrestart"),
        ],
    },
    Example { raw: "Nov 22 02:11:02 web1 needrestart: no news", expect: &[] },
];

const PACKAGES_EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 02:12:00 web1 roundsman-packages: libssl3:amd64\t3.0.22-1~deb12u2",
        expect: &[
            ("package.name", "libssl3"),
            ("package.architecture", "amd64"),
            ("package.version", "3.0.22-1~deb12u2"),
            ("event.type", "info"),
            ("event.action", "package_present"),
        ],
    },
    Example {
        raw: "Nov 22 02:12:00 web1 roundsman-packages: base-files#01112.4+deb12u15",
        expect: &[
            ("package.name", "base-files"),
            ("package.architecture", ""),
            ("package.version", "12.4+deb12u15"),
            ("event.type", "info"),
            ("event.action", "package_present"),
        ],
    },
    Example {
        raw: "Nov 22 02:12:01 db1 roundsman-packages: openssl-libs-3.0.7-27.el9.x86_64",
        expect: &[
            ("package.name", "openssl-libs"),
            ("package.architecture", "x86_64"),
            ("package.version", "3.0.7-27.el9"),
            ("event.type", "info"),
            ("event.action", "package_present"),
        ],
    },
    Example { raw: "Nov 22 02:12:02 db1 roundsman-packages: nothing installed here", expect: &[] },
];
