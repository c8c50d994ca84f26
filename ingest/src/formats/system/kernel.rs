//! The Linux kernel's own messages.

mod wireguard;

use memchr::memmem;
use nom::{
    Parser,
    bytes::complete::{tag, take_until},
    sequence::delimited,
};

use crate::formats::{Example, Format, LogSource, Reject};
use crate::{
    Event,
    envelope::Line,
    field,
    scan::{Scan, blanks, first_word, reject, rsplit, set_number, set_some, set_source, split},
};

/// The kernel: boots, killed processes, oopses, links, disks.
pub struct Kernel;

impl Format for Kernel {
    fn name(&self) -> &'static str {
        "kernel"
    }
    fn category(&self) -> &'static str {
        "system"
    }
    fn product(&self) -> &'static str {
        "Linux"
    }
    fn about(&self) -> &'static str {
        "Linux kernel messages (init/version.c, mm/oom_kill.c, kernel/panic.c, kernel/livepatch and drivers, WireGuard among them)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "", product: "linux", services: &["kernel", "syslog"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["kernel"]
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let text = without_uptime(line.message);
        if text.is_empty() {
            return Err(reject("kernel_message"));
        }
        if let Some(version) = text.strip_prefix(b"Linux version ") {
            return boot(version, event).ok_or(Reject { reason: "kernel_version", offset: 14 });
        }
        if !(killed(text, event) || livepatch(text, event) || wireguard::read(text, event) || network(text, event)) {
            let (action, kind, outcome) = fault(text);
            event.set(field::EVENT_REASON, text);
            event.classify("host", kind, action, outcome);
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Takes `[   12.345678] ` off (printk's time since boot).
pub(crate) fn without_uptime(message: &[u8]) -> &[u8] {
    fn uptime(input: &[u8]) -> Scan<'_> {
        delimited(tag("["), take_until("]"), tag("]")).parse(input)
    }
    match uptime(message) {
        Ok((rest, time)) if time.iter().all(|b| matches!(b, b'0'..=b'9' | b'.' | b' ')) => {
            blanks(rest).map_or(rest, |(rest, _)| rest)
        }
        _ => message,
    }
}

/// Arch's builder is called like the package, and its release has dashes where the package's version has a dot and no
/// flavour: `6.11.5-arch1-1 (linux@archlinux)` is `6.11.5.arch1-1`, `6.6.58-1-lts (linux-lts@archlinux)` is `6.6.58-1`.
fn arch_package(release: &[u8], rest: &[u8]) -> Option<(String, String)> {
    let (name, _) = split(rest.strip_prefix(b"(")?, b"@archlinux)")?;
    let flavour = name.strip_prefix(b"linux").and_then(|rest| rest.strip_prefix(b"-"));
    let plain = match flavour {
        Some(flavour) => release.strip_suffix(flavour)?.strip_suffix(b"-")?,
        None => release,
    };
    let parts: Vec<_> = plain.split(|b| *b == b'-').map(String::from_utf8_lossy).collect();
    let version = match &parts[..] {
        [version, patch, revision] => format!("{version}.{patch}-{revision}"),
        [version, revision] => format!("{version}-{revision}"),
        _ => return None,
    };
    Some((String::from_utf8_lossy(name).into_owned(), version))
}

/// Alpine's release names revision and flavour: `6.6.58-0-lts` is `linux-lts` `6.6.58-r0`.
fn alpine_package(release: &[u8], rest: &[u8]) -> Option<(String, String)> {
    memmem::find(rest, b"-Alpine ")?;
    let parts: Vec<_> = release.split(|b| *b == b'-').map(String::from_utf8_lossy).collect();
    let [version, revision, flavour] = &parts[..] else { return None };
    Some((format!("linux-{flavour}"), format!("{version}-r{revision}")))
}

/// SUSE's release is its package's without the last part, which counts rebuilds of the same source:
/// `6.4.0-150600.23.25-default` is `kernel-default` `6.4.0-150600.23.25.1`.
fn suse_package(release: &[u8], rest: &[u8]) -> Option<(String, String)> {
    let (version, flavour) = rsplit(release, b"-").filter(|_| rest.starts_with(b"(geeko@"))?;
    let text = |bytes| String::from_utf8_lossy(bytes);
    Some((format!("kernel-{}", text(flavour)), text(version).into_owned()))
}

/// `6.1.0-56-cloud-amd64 (…) … #1 SMP … Debian 6.1.192-2 (2026-11-10)`. The release names the interface of its modules
/// and can stay the same over fixes, so the package's version is read where the distribution writes it.
fn boot<'r>(text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
    let (release, rest) = first_word(text);
    if !release.first()?.is_ascii_digit() {
        return None;
    }
    event.set(field::HOST_OS_KERNEL, release);
    if let Some((_, debian)) = rsplit(rest, b" Debian ") {
        event.set_static(field::PACKAGE_NAME, "linux");
        event.set(field::PACKAGE_VERSION, first_word(debian).0);
    } else if let Some((_, ubuntu)) = rsplit(rest, b"(Ubuntu ") {
        let package = first_word(ubuntu).0;
        event.set_static(field::PACKAGE_NAME, "linux");
        // 5.15.0-88.98-generic: version and flavour
        event.set(field::PACKAGE_VERSION, rsplit(package, b"-").map_or(package, |(version, _)| version));
    } else if let Some((name, version)) =
        arch_package(release, rest).or_else(|| alpine_package(release, rest)).or_else(|| suse_package(release, rest))
    {
        event.set_text(field::PACKAGE_NAME, &name);
        event.set_text(field::PACKAGE_VERSION, &version);
    } else if [&b".el"[..], b".fc", b".amzn"].iter().any(|mark| memmem::find(release, mark).is_some()) {
        event.set_static(field::PACKAGE_NAME, "kernel");
        let (version, architecture) = rsplit(release, b".")?;
        event.set(field::PACKAGE_VERSION, version);
        event.set(field::PACKAGE_ARCHITECTURE, architecture);
    }
    event.classify("host", "start", "boot", "");
    Some(())
}

/// Processes that the kernel ended: out of memory, or by their own fault.
fn killed<'r>(text: &'r [u8], event: &mut Event<'r>) -> bool {
    let victim = split(text, b"Killed process ").or_else(|| split(text, b"Kill process "));
    let (action, pid, name) = if let Some((before, rest)) = victim
        && memmem::find(before, b"ut of memory").is_some()
    {
        let (pid, rest) = first_word(rest);
        let name = rest.strip_prefix(b"(").and_then(|rest| split(rest, b")"));
        ("oom_kill", pid.strip_suffix(b",").unwrap_or(pid), name.map_or(&b""[..], |(name, _)| name))
    } else if let Some((name, _)) = split(text, b" invoked oom-killer: ") {
        ("oom_invoked", &b""[..], name)
    } else if let Some((process, _)) = split(text, b"]: segfault at ") {
        let (name, pid) = rsplit(process, b"[").unwrap_or((process, b""));
        ("segfault", pid, name)
    } else {
        return false;
    };
    set_some(event, field::KERNEL_VICTIM_NAME, name);
    set_number(event, field::KERNEL_VICTIM_PID, pid);
    event.set(field::EVENT_REASON, text);
    event.classify("process", "end", action, "failure");
    true
}

/// `livepatch: enabling patch 'kpatch_…'`, `livepatch: 'kpatch_…': patching complete`
fn livepatch<'r>(text: &'r [u8], event: &mut Event<'r>) -> bool {
    let Some(text) = text.strip_prefix(b"livepatch: ") else { return false };
    if let Some((_, patch)) = split(text, b"'") {
        event.set(field::PACKAGE_NAME, split(patch, b"'").map_or(patch, |(name, _)| name));
    }
    let action = match text {
        _ if text.ends_with(b": patching complete") => "livepatch_complete",
        _ if text.starts_with(b"enabling patch ") => "livepatch_enabling",
        _ if text.ends_with(b": unpatching complete") => "livepatch_removed",
        _ => "livepatch_message",
    };
    event.classify("host", "change", action, "");
    true
}

/// Links, promiscuous interfaces, impossible sources, floods.
fn network<'r>(text: &'r [u8], event: &mut Event<'r>) -> bool {
    let action = if let Some((_, rest)) = split(text, b"martian source ") {
        if let Some((target, rest)) = split(rest, b" from ") {
            crate::scan::set_destination(event, target);
            let (source, device) = split(rest, b", on dev ").unwrap_or((rest, b""));
            set_source(event, source);
            set_some(event, field::OBSERVER_INGRESS_INTERFACE_NAME, device);
        }
        "martian_source"
    } else if memmem::find(text, b"Possible SYN flooding").is_some() {
        "syn_flood"
    } else if memmem::find(text, b"entered promiscuous mode").is_some() {
        "promiscuous_mode_entered"
    } else if memmem::find(text, b"left promiscuous mode").is_some() {
        "promiscuous_mode_left"
    } else if memmem::find(text, b"nf_conntrack: table full").is_some() {
        "conntrack_full"
    } else if memmem::find(text, b"ink is Down").or_else(|| memmem::find(text, b"ink is down")).is_some() {
        "link_down"
    } else if memmem::find(text, b"ink is Up").or_else(|| memmem::find(text, b"ink becomes ready")).is_some() {
        "link_up"
    } else {
        return false;
    };
    event.set(field::EVENT_REASON, text);
    event.classify("network", "info", action, "");
    true
}

/// What went wrong in the kernel itself or below it; anything else is a message.
fn fault(text: &[u8]) -> (&'static str, &'static str, &'static str) {
    const FAULTS: [(&[u8], &str); 15] = [
        (b"Kernel panic", "kernel_panic"),
        (b"Oops: ", "kernel_oops"),
        (b"BUG: soft lockup", "kernel_lockup"),
        (b"hard LOCKUP", "kernel_lockup"),
        (b"blocked for more than", "task_hung"),
        (b"BUG: ", "kernel_oops"),
        (b"general protection", "kernel_oops"),
        (b"kernel BUG at", "kernel_oops"),
        (b"I/O error", "io_error"),
        (b"EXT4-fs error", "filesystem_error"),
        (b"Remounting filesystem read-only", "filesystem_error"),
        (b"metadata I/O error", "filesystem_error"),
        (b"Hardware Error", "hardware_error"),
        (b"taints kernel", "kernel_tainted"),
        (b"module verification failed", "kernel_tainted"),
    ];
    match FAULTS.iter().find(|(words, _)| memmem::find(text, words).is_some()) {
        Some((_, "kernel_tainted")) => ("kernel_tainted", "change", ""),
        Some((_, action)) => (action, "error", "failure"),
        None => ("kernel_message", "info", ""),
    }
}

const EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 03:12:07 web1 kernel: [    0.000000] Linux version 6.1.0-56-cloud-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-10)",
        expect: &[
            ("host.os.kernel", "6.1.0-56-cloud-amd64"),
            ("package.name", "linux"),
            ("package.version", "6.1.192-2"),
            ("event.category", "host"),
            ("event.type", "start"),
            ("event.action", "boot"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:08 app2 kernel: Linux version 5.15.0-88-generic (buildd@lcy02-amd64-058) (gcc (Ubuntu 11.4.0-1ubuntu1) 11.4.0) #98-Ubuntu SMP Mon Oct 2 15:18:56 UTC 2023 (Ubuntu 5.15.0-88.98-generic 5.15.126)",
        expect: &[
            ("host.os.kernel", "5.15.0-88-generic"),
            ("package.name", "linux"),
            ("package.version", "5.15.0-88.98"),
            ("event.category", "host"),
            ("event.type", "start"),
            ("event.action", "boot"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:09 db1 kernel: Linux version 5.14.0-427.31.1.el9_4.x86_64 (mockbuild@builder.example.org) (gcc (GCC) 11.4.1) #1 SMP PREEMPT_DYNAMIC Thu Aug 15 12:00:00 EDT 2024",
        expect: &[
            ("host.os.kernel", "5.14.0-427.31.1.el9_4.x86_64"),
            ("package.name", "kernel"),
            ("package.version", "5.14.0-427.31.1.el9_4"),
            ("package.architecture", "x86_64"),
            ("event.category", "host"),
            ("event.type", "start"),
            ("event.action", "boot"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:09 arch1 kernel: Linux version 6.11.5-arch1-1 (linux@archlinux) (gcc (GCC) 14.2.1, GNU ld (GNU Binutils) 2.43.0) #1 SMP PREEMPT_DYNAMIC Tue, 22 Oct 2024 18:31:38 +0000",
        expect: &[
            ("host.os.kernel", "6.11.5-arch1-1"),
            ("package.name", "linux"),
            ("package.version", "6.11.5.arch1-1"),
            ("event.category", "host"),
            ("event.type", "start"),
            ("event.action", "boot"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:09 alpine1 kernel: Linux version 6.6.58-0-lts (buildozer@build-3-20-x86_64) (gcc (Alpine 13.2.1) 13.2.1, GNU ld (GNU Binutils) 2.42) #1-Alpine SMP PREEMPT_DYNAMIC 2024-10-22 18:01:22",
        expect: &[
            ("host.os.kernel", "6.6.58-0-lts"),
            ("package.name", "linux-lts"),
            ("package.version", "6.6.58-r0"),
            ("event.category", "host"),
            ("event.type", "start"),
            ("event.action", "boot"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:09 app1 kernel: Linux version 6.4.0-150600.23.25-default (geeko@buildhost) (gcc (SUSE Linux) 7.5.0, GNU ld (GNU Binutils; SUSE Linux Enterprise 15) 2.41.0) #1 SMP PREEMPT_DYNAMIC Tue Oct 1 10:54:01 UTC 2024 (ea7c56d)",
        expect: &[
            ("host.os.kernel", "6.4.0-150600.23.25-default"),
            ("package.name", "kernel-default"),
            ("package.version", "6.4.0-150600.23.25"),
            ("event.category", "host"),
            ("event.type", "start"),
            ("event.action", "boot"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:10 web1 kernel: [ 8123.456789] Out of memory: Killed process 2211 (java) total-vm:8123456kB, anon-rss:4000000kB, file-rss:0kB, shmem-rss:0kB, UID:998 pgtables:9000kB oom_score_adj:0",
        expect: &[
            ("kernel.victim.name", "java"),
            ("kernel.victim.pid", "2211"),
            (
                "event.reason",
                "Out of memory: Killed process 2211 (java) total-vm:8123456kB, anon-rss:4000000kB, file-rss:0kB, shmem-rss:0kB, UID:998 pgtables:9000kB oom_score_adj:0",
            ),
            ("event.category", "process"),
            ("event.type", "end"),
            ("event.action", "oom_kill"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:11 web1 kernel: java invoked oom-killer: gfp_mask=0x1100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0",
        expect: &[
            ("kernel.victim.name", "java"),
            (
                "event.reason",
                "java invoked oom-killer: gfp_mask=0x1100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0",
            ),
            ("event.category", "process"),
            ("event.type", "end"),
            ("event.action", "oom_invoked"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:12 web1 kernel: worker[3312]: segfault at 10 ip 00007f3a sp 00007ffd error 4 in libfoo.so[7f3a+1000]",
        expect: &[
            ("kernel.victim.name", "worker"),
            ("kernel.victim.pid", "3312"),
            ("event.reason", "worker[3312]: segfault at 10 ip 00007f3a sp 00007ffd error 4 in libfoo.so[7f3a+1000]"),
            ("event.category", "process"),
            ("event.type", "end"),
            ("event.action", "segfault"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:13 web1 kernel: [ 9000.000001] BUG: unable to handle page fault for address: ffffb0a1c0000000",
        expect: &[
            ("event.reason", "BUG: unable to handle page fault for address: ffffb0a1c0000000"),
            ("event.category", "host"),
            ("event.type", "error"),
            ("event.action", "kernel_oops"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:14 web1 kernel: Kernel panic - not syncing: Fatal exception in interrupt",
        expect: &[
            ("event.reason", "Kernel panic - not syncing: Fatal exception in interrupt"),
            ("event.category", "host"),
            ("event.type", "error"),
            ("event.action", "kernel_panic"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:15 db1 kernel: livepatch: enabling patch 'kpatch_5_14_0_427_1_1'",
        expect: &[
            ("package.name", "kpatch_5_14_0_427_1_1"),
            ("event.category", "host"),
            ("event.type", "change"),
            ("event.action", "livepatch_enabling"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:16 db1 kernel: livepatch: 'kpatch_5_14_0_427_1_1': patching complete",
        expect: &[
            ("package.name", "kpatch_5_14_0_427_1_1"),
            ("event.category", "host"),
            ("event.type", "change"),
            ("event.action", "livepatch_complete"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:17 web1 kernel: IPv4: martian source 192.0.2.80 from 10.9.8.7, on dev eth0",
        expect: &[
            ("destination.address", "192.0.2.80"),
            ("destination.ip", "192.0.2.80"),
            ("source.address", "10.9.8.7"),
            ("source.ip", "10.9.8.7"),
            ("observer.ingress.interface.name", "eth0"),
            ("event.reason", "IPv4: martian source 192.0.2.80 from 10.9.8.7, on dev eth0"),
            ("event.category", "network"),
            ("event.type", "info"),
            ("event.action", "martian_source"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:18 web1 kernel: TCP: request_sock_TCP: Possible SYN flooding on port 443. Sending cookies.",
        expect: &[
            ("event.reason", "TCP: request_sock_TCP: Possible SYN flooding on port 443. Sending cookies."),
            ("event.category", "network"),
            ("event.type", "info"),
            ("event.action", "syn_flood"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:19 web1 kernel: device eth0 entered promiscuous mode",
        expect: &[
            ("event.reason", "device eth0 entered promiscuous mode"),
            ("event.category", "network"),
            ("event.type", "info"),
            ("event.action", "promiscuous_mode_entered"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:20 web1 kernel: sd 0:0:0:0: [sda] tag#0 blk_update_request: I/O error, dev sda, sector 2048",
        expect: &[
            ("event.reason", "sd 0:0:0:0: [sda] tag#0 blk_update_request: I/O error, dev sda, sector 2048"),
            ("event.category", "host"),
            ("event.type", "error"),
            ("event.action", "io_error"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:21 web1 kernel: usb 1-1: new high-speed USB device number 3 using xhci_hcd",
        expect: &[
            ("event.reason", "usb 1-1: new high-speed USB device number 3 using xhci_hcd"),
            ("event.category", "host"),
            ("event.type", "info"),
            ("event.action", "kernel_message"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:23 gw1 kernel: [ 9001.000001] wireguard: wg0: Handshake for peer 7 (203.0.113.66:51820) did not complete after 5 seconds, retrying (try 2)",
        expect: &[
            ("destination.address", "203.0.113.66"),
            ("destination.ip", "203.0.113.66"),
            ("destination.port", "51820"),
            ("event.action", "handshake"),
            ("event.category", "network"),
            ("event.outcome", "failure"),
            (
                "event.reason",
                "Handshake for peer 7 (203.0.113.66:51820) did not complete after 5 seconds, retrying (try 2)",
            ),
            ("event.type", "connection"),
            ("wireguard.interface", "wg0"),
            ("wireguard.peer", "7"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:24 gw1 kernel: wireguard: wg0: Invalid handshake initiation from [2001:db8::66]:51820",
        expect: &[
            ("event.action", "handshake"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "Invalid handshake initiation from [2001:db8::66]:51820"),
            ("event.type", "start"),
            ("source.address", "2001:db8::66"),
            ("source.ip", "2001:db8::66"),
            ("source.port", "51820"),
            ("wireguard.interface", "wg0"),
        ],
    },
    Example {
        raw: "Nov 22 03:12:25 gw1 kernel: wireguard: wg0: Packet has unallowed src IP (10.0.0.9) from peer 2 (203.0.113.67:40001)",
        expect: &[
            ("event.action", "packet_dropped"),
            ("event.category", "network"),
            ("event.outcome", "failure"),
            ("event.reason", "Packet has unallowed src IP (10.0.0.9) from peer 2 (203.0.113.67:40001)"),
            ("event.type", "denied"),
            ("source.address", "203.0.113.67"),
            ("source.ip", "203.0.113.67"),
            ("source.port", "40001"),
            ("wireguard.interface", "wg0"),
            ("wireguard.peer", "2"),
        ],
    },
    Example { raw: "Nov 22 03:12:22 web1 kernel: Linux version unknown", expect: &[] },
];
