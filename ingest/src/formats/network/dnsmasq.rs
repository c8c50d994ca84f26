//! dnsmasq, and Pi-hole's FTL, which is one.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{Messages, Says, TOLD, says};

/// dnsmasq: see the module.
pub static DNSMASQ: Daemon = Daemon {
    name: "dnsmasq",
    category: "network",
    product: "dnsmasq, Pi-hole",
    about: "messages of dnsmasq, its DHCP and TFTP servers (dnsmasq(8), --log-queries, --log-dhcp; src/cache.c)",
    logsource: LogSource { category: "dns", product: "", services: &["dnsmasq"] },
    programs: &["dnsmasq", "dnsmasq-dhcp", "dnsmasq-tftp", "pihole-FTL"],
    paths: &["/dnsmasq.log", "/pihole.log", "/pihole/pihole.log"],
    structure: Structure::None,
    frames: LazyLock::new(Messages::none),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const QUERY: [&str; 4] = ["network", "protocol", "query", ""];
const ANSWER: [&str; 4] = ["network", "protocol", "answer", ""];
const LEASE: [&str; 4] = ["network", "protocol", "", ""];

const SAYS: &[Says] = &[
    says("query[{dns.question.type}] {dns.question.name:word} from {source.ip}", QUERY),
    says("{#} {source.ip}/{source.port} query[{dns.question.type}] {dns.question.name:word} from {_}", QUERY),
    says("forwarded {dns.question.name:word} to {destination.ip}", ["network", "protocol", "forward", ""]),
    says("reply {dns.question.name:word} is {dns.resolved_ip:ip}", ANSWER),
    says("cached {dns.question.name:word} is {dns.resolved_ip:ip}", ANSWER),
    says("reply {dns.question.name:word} is {dns.answers.data}", ANSWER),
    says("cached {dns.question.name:word} is {dns.answers.data}", ANSWER),
    says("config {dns.question.name:word} is {dns.answers.data}", ANSWER),
    says("gravity blocked {dns.question.name:word} is {dns.answers.data}", ["network", "denied", "blocked", ""]),
    says("exactly blacklisted {dns.question.name:word} is {dns.answers.data}", ["network", "denied", "blocked", ""]),
    says("regex blacklisted {dns.question.name:word} is {dns.answers.data}", ["network", "denied", "blocked", ""]),
    says("{file.path:word} {dns.question.name:word} is {dns.answers.data}", ANSWER),
    says("possible DNS-rebind attack detected: {dns.question.name}", ["network", "denied", "dns-rebind", ""]),
    says("Maximum number of concurrent DNS queries reached (max: {#})", ["network", "error", "", "failure"]),
    says(
        "{event.action}({observer.ingress.interface.name}) {client.ip:ip} {client.mac:word} {client.domain:word}",
        LEASE,
    ),
    says("{event.action}({observer.ingress.interface.name}) {client.ip:ip} {client.mac:word}", LEASE),
    says(
        "{event.action}({observer.ingress.interface.name}) {client.mac:word} no address available",
        ["network", "protocol", "", "failure"],
    ),
    says("{event.action}({observer.ingress.interface.name}) {client.mac:word}", LEASE),
    says("{event.action}({observer.ingress.interface.name}) {client.ip:ip} {client.mac:word} {event.reason}", LEASE),
    says("sent {file.path} to {destination.ip}", ["network", "access", "tftp", "success"]),
    says("failed sending {file.path} to {destination.ip}", ["network", "access", "tftp", "failure"]),
    says("started, version {service.version:word} {*}", ["process", "start", "", ""]),
    says("read {file.path:word} - {#} addresses", TOLD),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 gw1 dnsmasq[4711]: query[A] www.example.com from 192.0.2.17",
        expect: &[
            ("process.name", "dnsmasq"),
            ("dns.question.type", "A"),
            ("dns.question.name", "www.example.com"),
            ("source.ip", "192.0.2.17"),
            ("source.address", "192.0.2.17"),
            ("event.category", "network"),
            ("event.type", "protocol"),
            ("event.action", "query"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:07 gw1 dnsmasq-dhcp[4711]: DHCPACK(br0) 192.0.2.17 00:00:5e:00:53:17 desk7",
        expect: &[
            ("process.name", "dnsmasq-dhcp"),
            ("event.action", "DHCPACK"),
            ("event.category", "network"),
            ("event.type", "protocol"),
            ("observer.ingress.interface.name", "br0"),
            ("client.ip", "192.0.2.17"),
            ("client.mac", "00:00:5e:00:53:17"),
            ("client.domain", "desk7"),
        ],
    },
    Example { raw: "dnsmasq", expect: &[] },
];
