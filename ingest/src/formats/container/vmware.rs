//! VMware ESXi and vCenter.

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    layout,
    scan::{first_word, integer, ip, reject, set_number, set_source, split},
    table::split_account,
    web::split_port,
};

/// ESXi, vCenter: the daemons' lines with their originator, observations (VOBs), and vCenter's events.
pub struct Vmware;

impl Format for Vmware {
    fn name(&self) -> &'static str {
        "vmware"
    }
    fn category(&self) -> &'static str {
        "container"
    }
    fn product(&self) -> &'static str {
        "VMware ESXi, vCenter Server"
    }
    fn about(&self) -> &'static str {
        "hostd, vpxa, vpxd and other daemons' lines, VMkernel observations, vCenter events and service logs (Broadcom: vSphere, System Log Files)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "application", product: "vmware", services: &["esxi", "vcenter"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &[
            "hostd",
            "Hostd",
            "vpxa",
            "Vpxa",
            "vpxd",
            "vobd",
            "rhttpproxy",
            "Rhttpproxy",
            "vmkernel",
            "vmkwarning",
            "hostd-probe",
            "vmon",
            "applmgmt-audit",
            "applmgmt",
            "updatemgr",
            "vmcad",
            "vmdird",
            "vmafdd",
            "vsan-health",
            "eam",
            "sps",
            "vpxd-svcs",
            "ssoadminserver",
            "sso-tokenservice",
            "vstats",
            "healthd",
            "fdm",
            "Fdm",
        ]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            "[Originator@",
            "[vSAN@6876",
            "[vob.",
            "[vim.event.",
            "[esx.",
            " opId=",
            "] [OpId=",
            "com.vmware.",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        vcenter_event(message).is_some()
            || daemon(message).is_some()
            || vob(message).is_some()
            || service(message).is_some()
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        event.set_static(field::OBSERVER_VENDOR, "VMware");
        let text = line.message.trim_ascii();
        let of_vcenter = |name: &[u8]| name.starts_with(b"vpxd") || name == b"envoy" || name.starts_with(b"sso");
        if let Some(parts) = vcenter_event(text) {
            event.set_static(field::OBSERVER_PRODUCT, "vCenter");
            vcenter(&parts, event);
        } else if let Some((action, said)) = vob(text) {
            event.set_static(field::OBSERVER_PRODUCT, "ESXi");
            event.set(field::EVENT_ACTION, action);
            event.set(field::EVENT_REASON, said);
            who(said, event);
        } else if let Some(found) = daemon(text) {
            event.set_static(field::OBSERVER_PRODUCT, if of_vcenter(found.name) { "vCenter" } else { "ESXi" });
            found.describe(event);
        } else if let Some(header) = service(text).or_else(|| layout::time_and_level(text)) {
            header.describe(event);
            event.set(field::EVENT_REASON, header.message);
            who(header.message, event);
        } else if line.program.is_some() {
            who(text, event);
        } else {
            return Err(reject("vmware_line"));
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// A daemon's line: `2026-11-22T09:14:07.250Z info vpxd[4711] [Originator@6876 sub=Default opID=x] message`, where syslog
/// may have taken the time, the level and the name.
struct Daemon<'r> {
    header: layout::Header<'r>,
    name: &'r [u8],
    user: &'r [u8],
}

fn daemon(text: &[u8]) -> Option<Daemon<'_>> {
    let text = text.trim_ascii_start();
    let (rest, stamp) =
        layout::stamp(text).map_or((text, None), |(rest, stamp)| (rest.trim_ascii_start(), Some(stamp)));
    let open = originator(rest).filter(|at| *at < 160)?;
    let begin = rest[..open].iter().rposition(|b| *b == b'[')?;
    let end = layout::closing_bracket(&rest[begin..])? + begin;
    let head = rest[..begin].trim_ascii();
    let (level, process) = first_word(head);
    let (level, process) =
        if layout::is_level(level) || level == b"verbose" { (level, process) } else { (&b""[..], head) };
    let (name, pid) =
        split(process, b"[").map_or((process, &b""[..]), |(name, pid)| (name, pid.strip_suffix(b"]").unwrap_or(pid)));
    let context = &rest[begin + 1..end];
    let user = split(context, b" user=").map_or(&b""[..], |(_, user)| user);
    let message = rest[end + 1..].trim_ascii_start();
    let header = layout::Header { stamp, level, pid: integer(pid), message, ..layout::Header::default() };
    Some(Daemon { header, name: name.trim_ascii(), user })
}

/// Where the number stands that VMware has at IANA: `[Originator@6876`, `[vSAN@6876`.
fn originator(text: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, b"@6876").or_else(|| Some(memchr::memmem::find(text, b"[Originator@")? + 11))
}

impl<'r> Daemon<'r> {
    fn describe(&self, event: &mut Event<'r>) {
        self.header.describe(event);
        if !self.name.is_empty() {
            event.replace(field::PROCESS_NAME, self.name);
        }
        let message = self.header.message;
        event.set(field::EVENT_REASON, message);
        let user = split(self.user, b":").map_or((self.user, &b""[..]), |(name, domain)| (name, domain));
        if !user.0.is_empty() && !user.0.starts_with(b"<") {
            event.set(field::USER_NAME, user.0);
            if !user.1.is_empty() && !user.1.starts_with(b"<") {
                event.set(field::USER_DOMAIN, user.1);
            }
        }
        // an event that hostd passes on: `Event 975279 : User root@192.0.2.7 logged in as …`
        ends(message, event);
        let said = split(message, b" : ").filter(|_| message.starts_with(b"Event ")).map_or(message, |(_, said)| said);
        who(said, event);
    }
}

/// `… [GenericCorrelator] 3087878379676us: [vob.user.ssh.session.failed] SSH login has failed for 'root@192.0.2.7'.`
fn vob(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memmem::find(text, b"[vob.").or_else(|| memchr::memmem::find(text, b"[esx."))?;
    let (action, said) = split(&text[at + 1..], b"]")?;
    (at < 120).then(|| (action, said.trim_ascii()))
}

/// vCenter's own service logs: `time [thread [] INFO class opId=x] message`, `time INFO ssoAdminServer[697:thread] [OpId=x]
/// [class] message`.
fn service(text: &[u8]) -> Option<layout::Header<'_>> {
    let (rest, stamp) = layout::stamp(text)?;
    if let Some((head, message)) = split(rest, b"] [OpId=") {
        let (level, process) = first_word(head.trim_ascii_start());
        let (_, process) = split(process, b"[")?;
        let (pid, thread) = split(process, b":")?;
        let (_, message) = split(message, b"] ")?;
        let class = layout::closing_bracket(message).filter(|_| message.starts_with(b"["));
        let (logger, message) =
            class.map_or((&b""[..], message), |end| (&message[1..end], message[end + 1..].trim_ascii_start()));
        let pid = integer(pid);
        return layout::is_level(level).then_some(layout::Header {
            stamp: Some(stamp),
            level,
            thread,
            logger,
            pid,
            message,
        });
    }
    let inner = rest.trim_ascii_start().strip_prefix(b"[")?;
    let (thread, rest) = split(inner, b" [] ")?;
    let (level, rest) = first_word(rest);
    let (logger, rest) = first_word(rest);
    let (_, message) = split(rest, b"]")?;
    let known = layout::is_level(level) && rest.starts_with(b"opId=");
    let message = message.trim_ascii_start();
    known.then_some(layout::Header { stamp: Some(stamp), level, thread, logger, pid: None, message })
}

/// `Event [id] [1-1] [time] [vim.event.X] [level] [user] [datacenter] [chain] [text]`
fn vcenter_event(text: &[u8]) -> Option<[&[u8]; 9]> {
    let mut rest = text.trim_ascii_start().strip_prefix(b"Event ")?;
    let mut parts: [&[u8]; 9] = [b""; 9];
    for part in &mut parts {
        // a long text is cut off before its bracket
        let end = layout::closing_bracket(rest).or_else(|| rest.iter().rposition(|b| *b == b']')).unwrap_or(rest.len());
        *part = rest.strip_prefix(b"[")?.get(..end.saturating_sub(1))?;
        rest = rest.get(end + 1..).unwrap_or_default().trim_ascii_start();
    }
    parts[3].starts_with(b"vim.event.").then_some(parts)
}

fn vcenter<'r>([_, _, time, code, level, user, _, _, said]: &[&'r [u8]; 9], event: &mut Event<'r>) {
    if let Some((_, stamp)) = layout::stamp(time) {
        event.set_stamp(field::TIMESTAMP, stamp);
    }
    event.set(field::EVENT_CODE, code);
    event.set(field::LOG_LEVEL, level);
    event.set(field::EVENT_REASON, said);
    who(said, event);
    if !user.is_empty() && event.get(field::USER_NAME).is_none() {
        let (name, domain) = split_account(user);
        event.set(field::USER_NAME, name);
        domain.into_iter().for_each(|domain| event.set(field::USER_DOMAIN, domain));
    }
    if code.ends_with(b"BadUsernameSessionEvent") && event.get(field::EVENT_OUTCOME).is_none() {
        event.classify("authentication", "start", "", "failure");
    }
}

/// The two ends of a stream: `SSL(<io_obj …, <TCP '192.0.2.1 : 443'>, <TCP '192.0.2.7 : 58293'>>)`.
fn ends<'r>(said: &'r [u8], event: &mut Event<'r>) {
    let end = |text: &'r [u8]| -> Option<(&'r [u8], &'r [u8], &'r [u8])> {
        let (_, rest) = split(text, b"<TCP '")?;
        let (end, rest) = split(rest, b"'")?;
        let (host, port) = split(end, b" : ").or_else(|| crate::scan::rsplit(end, b":"))?;
        ip(host).map(|_| (host, port, rest))
    };
    let Some((host, port, rest)) = end(said) else { return };
    set_source(event, host);
    set_number(event, field::SOURCE_PORT, port);
    if let Some((host, port, _)) = end(rest) {
        crate::scan::set_destination(event, host);
        set_number(event, field::DESTINATION_PORT, port);
    }
}

/// What a sentence says of a sign-in: who, from where, whether it went well.
fn who<'r>(said: &'r [u8], event: &mut Event<'r>) {
    let class = if let Some(rest) = said.strip_prefix(b"User ").filter(|rest| split(rest, b" logged in as ").is_some())
    {
        set_at(split(rest, b" logged in as ").map_or(rest, |(who, _)| who), event);
        ("start", "success")
    } else if let Some(rest) = said.strip_prefix(b"User ").filter(|rest| split(rest, b" logged out").is_some()) {
        set_at(split(rest, b" logged out").map_or(rest, |(who, _)| who), event);
        ("end", "success")
    } else if let Some((_, rest)) = split(said, b"Cannot login ") {
        set_at(rest.trim_ascii_end(), event);
        ("start", "failure")
    } else if let Some(rest) = said.strip_prefix(b"SSH login has failed for '") {
        set_at(rest.strip_suffix(b"'.").unwrap_or(rest), event);
        ("start", "failure")
    } else if let Some(rest) = said.strip_prefix(b"SSH session was opened for '") {
        set_at(rest.strip_suffix(b"'.").unwrap_or(rest), event);
        ("start", "success")
    } else if let Some(rest) = said.strip_prefix(b"SSH session was closed for '") {
        set_at(rest.strip_suffix(b"'.").unwrap_or(rest), event);
        ("end", "")
    } else if let Some(rest) = said.strip_prefix(b"Accepted password for user ") {
        from(rest, event);
        ("start", "success")
    } else if let Some(rest) = said.strip_prefix(b"Rejected password for user ") {
        from(rest, event);
        ("start", "failure")
    } else if let Some((name, rest)) = said.strip_prefix(b"User {Name: ").and_then(|rest| split(rest, b", Domain: ")) {
        set_user(name, event);
        split(rest, b"}").into_iter().for_each(|(domain, _)| event.set(field::USER_DOMAIN, domain));
        return;
    } else if let Some(user) = said.strip_prefix(b"[Auth]: User ") {
        set_user(first_word(user).0, event);
        return;
    } else if let Some(rest) = said.strip_prefix(b"Successful login ") {
        from(rest, event);
        ("start", "success")
    } else if let Some(rest) = said.strip_prefix(b"Failed login ") {
        from(rest, event);
        ("start", "failure")
    } else {
        return;
    };
    event.classify("authentication", class.0, "", class.1);
}

/// `root@192.0.2.7`, `EXAMPLE\b.jones@192.0.2.7`: who and from where.
fn set_at<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let at = text.iter().rposition(|b| *b == b'@');
    let (user, host) = at.map_or((text, &b""[..]), |at| (&text[..at], &text[at + 1..]));
    set_user(user, event);
    let host = first_word(host).0;
    if ip(host).is_some() {
        set_source(event, host);
    }
}

/// `b.jones@example.com from 192.0.2.7 at …`
fn from<'r>(text: &'r [u8], event: &mut Event<'r>) {
    let (user, rest) = split(text, b" from ").unwrap_or((text, b""));
    set_user(user, event);
    let (host, port) = split_port(first_word(rest).0);
    if ip(host).is_some() {
        set_source(event, host);
        port.into_iter().for_each(|port| set_number(event, field::SOURCE_PORT, port));
    }
}

fn set_user<'r>(user: &'r [u8], event: &mut Event<'r>) {
    event.remove(field::USER_NAME);
    event.remove(field::USER_DOMAIN);
    let (name, domain) = split_account(user);
    if !name.is_empty() {
        event.set(field::USER_NAME, name);
    }
    domain.into_iter().for_each(|domain| event.set(field::USER_DOMAIN, domain));
}

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22T09:14:07.250Z info hostd[4711] [Originator@6876 sub=Vimsvc.ha-eventmgr opID=esxcli-76-ecbf] Event 975279 : User root@203.0.113.66 logged in as pyvmomi Python/3.11 (VMkernel; 8.0.3; x86_64)",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.category", "authentication"),
            ("event.outcome", "success"),
            (
                "event.reason",
                "Event 975279 : User root@203.0.113.66 logged in as pyvmomi Python/3.11 (VMkernel; 8.0.3; x86_64)",
            ),
            ("event.type", "start"),
            ("log.level", "info"),
            (
                "message",
                "Event 975279 : User root@203.0.113.66 logged in as pyvmomi Python/3.11 (VMkernel; 8.0.3; x86_64)",
            ),
            ("observer.product", "ESXi"),
            ("observer.vendor", "VMware"),
            ("process.name", "hostd"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "vobd: [GenericCorrelator] 2216526905us: [vob.user.ssh.session.failed] SSH login has failed for 'root@203.0.113.66'.",
        expect: &[
            ("event.action", "vob.user.ssh.session.failed"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.reason", "SSH login has failed for 'root@203.0.113.66'."),
            ("event.type", "start"),
            ("observer.product", "ESXi"),
            ("observer.vendor", "VMware"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: r#"<14>1 2026-11-22T09:14:07.250000+00:00 vcenter vpxd 4711 - -  Event [575792] [1-1] [2026-11-22T09:14:07.25009Z] [vim.event.UserLoginSessionEvent] [info] [VSPHERE.LOCAL\Administrator] [] [575792] [User VSPHERE.LOCAL\Administrator@203.0.113.66 logged in as Go-http-client/1.1]"#,
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25009Z"),
            ("event.category", "authentication"),
            ("event.code", "vim.event.UserLoginSessionEvent"),
            ("event.outcome", "success"),
            ("event.reason", r#"User VSPHERE.LOCAL\Administrator@203.0.113.66 logged in as Go-http-client/1.1"#),
            ("event.type", "start"),
            ("host.name", "vcenter"),
            ("log.level", "info"),
            (
                "message",
                r#"Event [575792] [1-1] [2026-11-22T09:14:07.25009Z] [vim.event.UserLoginSessionEvent] [info] [VSPHERE.LOCAL\Administrator] [] [575792] [User VSPHERE.LOCAL\Administrator@203.0.113.66 logged in as Go-http-client/1.1]"#,
            ),
            ("observer.product", "vCenter"),
            ("observer.vendor", "VMware"),
            ("process.name", "vpxd"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.domain", "VSPHERE.LOCAL"),
            ("user.name", "Administrator"),
        ],
    },
    Example {
        raw: "<14>1 2026-11-22T09:14:07.250000+00:00 vcenter vpxd 4711 - -  Event [575793] [1-1] [2026-11-22T09:14:07.25009Z] [vim.event.BadUsernameSessionEvent] [error] [root] [] [575793] [Cannot login root@203.0.113.66]",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25009Z"),
            ("event.category", "authentication"),
            ("event.code", "vim.event.BadUsernameSessionEvent"),
            ("event.outcome", "failure"),
            ("event.reason", "Cannot login root@203.0.113.66"),
            ("event.type", "start"),
            ("host.name", "vcenter"),
            ("log.level", "error"),
            (
                "message",
                "Event [575793] [1-1] [2026-11-22T09:14:07.25009Z] [vim.event.BadUsernameSessionEvent] [error] [root] [] [575793] [Cannot login root@203.0.113.66]",
            ),
            ("observer.product", "vCenter"),
            ("observer.vendor", "VMware"),
            ("process.name", "vpxd"),
            ("process.pid", "4711"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("user.name", "root"),
        ],
    },
    Example {
        raw: "[Originator@6876 sub=Libs opID=4c3d8875 sid=5290a04a user=b.jones:EXAMPLE] Task finished",
        expect: &[
            ("event.reason", "Task finished"),
            ("message", "Task finished"),
            ("observer.product", "ESXi"),
            ("observer.vendor", "VMware"),
            ("user.domain", "EXAMPLE"),
            ("user.name", "b.jones"),
        ],
    },
    Example {
        raw: "2026-11-22T09:14:07.379Z [tomcat-exec-25 [] INFO com.vmware.cis.authorization.impl.AuthorizationManagerImpl opId=51c3051a] Session count for user is 3",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.379Z"),
            ("event.reason", "Session count for user is 3"),
            ("log.level", "INFO"),
            ("log.logger", "com.vmware.cis.authorization.impl.AuthorizationManagerImpl"),
            ("message", "Session count for user is 3"),
            ("observer.vendor", "VMware"),
            ("process.thread.name", "tomcat-exec-25"),
        ],
    },
    Example {
        raw: "Event [4711] [1-1] [2026-11-22T09:14:07.250Z] [vim.event.GeneralUserEvent] [user] [EXAMPLE\\anna] [dc1] [4711] [User logged event: Source: backup of",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07.25Z"),
            ("event.code", "vim.event.GeneralUserEvent"),
            ("event.reason", "User logged event: Source: backup of"),
            ("log.level", "user"),
            ("observer.product", "vCenter"),
            ("observer.vendor", "VMware"),
            ("user.domain", "EXAMPLE"),
            ("user.name", "anna"),
        ],
    },
    Example {
        raw: "2026-11-22T09:14:09.250Z warning rhttpproxy[4711] [Originator@6876 sub=IO.Connection] Failed to read buffer from stream; SSL(<io_obj p:0x000000cbb90980e8, h:23, <TCP '192.0.2.5 : 443'>, <TCP '203.0.113.66 : 58293'>>) e: 104(Connection reset by peer), async: true, duration: 1882msec",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:09.25Z"),
            ("destination.address", "203.0.113.66"),
            ("destination.ip", "203.0.113.66"),
            ("destination.port", "58293"),
            (
                "event.reason",
                "Failed to read buffer from stream; SSL(<io_obj p:0x000000cbb90980e8, h:23, <TCP '192.0.2.5 : 443'>, <TCP '203.0.113.66 : 58293'>>) e: 104(Connection reset by peer), async: true, duration: 1882msec",
            ),
            ("log.level", "warning"),
            ("observer.product", "ESXi"),
            ("observer.vendor", "VMware"),
            ("process.name", "rhttpproxy"),
            ("process.pid", "4711"),
            ("source.address", "192.0.2.5"),
            ("source.ip", "192.0.2.5"),
            ("source.port", "443"),
        ],
    },
    Example { raw: "Event [575792] [1-1] [yesterday]", expect: &[] },
];
