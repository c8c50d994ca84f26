//! OpenVPN, server and client.

use std::sync::LazyLock;

use crate::{
    Event,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::{first_word, ip, reject, set_number, set_some, set_source, split},
    template::{CONNECTED, LOGGED_IN, LOGIN_FAILED, Messages, Says, TOLD, says, stamp},
    web::split_port,
};

/// OpenVPN: `[time ][name/]192.0.2.17:51515 message`.
pub struct OpenVpn;

impl Format for OpenVpn {
    fn name(&self) -> &'static str {
        "openvpn"
    }
    fn category(&self) -> &'static str {
        "network"
    }
    fn product(&self) -> &'static str {
        "OpenVPN"
    }
    fn about(&self) -> &'static str {
        "messages of openvpn (openvpn(8), --log, --verb; src/openvpn/ssl.c, multi.c)"
    }
    fn logsource(&self) -> LogSource {
        LogSource { category: "vpn", product: "openvpn", services: &["openvpn"] }
    }
    fn programs(&self) -> &'static [&'static str] {
        &["openvpn", "ovpn-server", "ovpn-client", "openvpn-server", "openvpnas"]
    }
    fn paths(&self) -> &'static [&'static str] {
        &["/openvpn.log", "/openvpn/server.log"]
    }
    fn structure(&self) -> Structure {
        Structure::Holds(&[
            "TLS Error: ",
            "TLS Auth Error: ",
            "TLS: ",
            "VERIFY ",
            "Peer Connection Initiated with [AF_INET",
            "MULTI: ",
            "peer info: IV_",
            "Data Channel: ",
            "Control Channel: ",
            "SIGUSR1[",
            "PUSH: ",
            "TCP connection established with [AF_INET",
            "AUTH: Received control message",
            "OpenVPN ",
            "SENT CONTROL [",
            "AUTH-PAM: ",
            "Inactivity timeout (--ping-restart)",
            "Socket Buffers: R=[",
            " link local (bound): [AF_",
            " link remote: [AF_",
            "IFCONFIG POOL IPv",
            "Diffie-Hellman initialized",
            "ROUTE_GATEWAY ",
            "Timers: ping ",
            "Authentication succeeded",
        ])
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let frame = Frame::read(message);
        (frame.address.is_some() || frame.time.is_some()) && (SAYS.fits(frame.text) || is_openvpn(frame.text))
            || is_openvpn(frame.text)
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let frame = Frame::read(line.message);
        let framed = frame.time.is_some() || frame.address.is_some() || line.pid.is_some() || line.stamp.is_some();
        if frame.text.is_empty() || !(framed || is_openvpn(frame.text) || SAYS.fits(frame.text)) {
            return Err(reject("openvpn_unknown_message"));
        }
        if let Some(stamp) = frame.time {
            event.set_stamp(field::TIMESTAMP, stamp);
        }
        if let Some(address) = frame.address {
            set_source(event, address);
            set_number(event, field::SOURCE_PORT, frame.port);
            event.set(field::CLIENT_ADDRESS, address);
            event.set(field::CLIENT_IP, address);
            set_number(event, field::CLIENT_PORT, frame.port);
        }
        set_some(event, field::USER_NAME, frame.name);
        event.replace(field::MESSAGE, frame.text);
        let had_peer = frame.address.is_some();
        if SAYS.read(frame.text, event).is_some() {
            event.keep_last(field::USER_NAME);
            if had_peer {
                // the message names the peer again
                for field in [field::SOURCE_ADDRESS, field::SOURCE_IP, field::SOURCE_PORT] {
                    event.keep_last(field);
                }
            }
        } else {
            event.classify("network", "info", "", "");
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        EXAMPLES
    }
}

/// Beginnings that nobody else writes, behind the peer.
fn is_openvpn(text: &[u8]) -> bool {
    const OURS: &[&[u8]] = &[
        b"TLS Error: ",
        b"TLS Auth Error: ",
        b"MULTI: ",
        b"MULTI_sva: ",
        b"peer info: IV_",
        b"VERIFY OK: depth=",
        b"VERIFY ERROR: depth=",
        b"VERIFY KU OK",
        b"VERIFY EKU OK",
        b"Data Channel: ",
        b"Control Channel: ",
        b"Outgoing Data Channel: ",
        b"Incoming Data Channel: ",
        b"Incoming Control Channel Authentication: ",
        b"Outgoing Control Channel Authentication: ",
        b"Data Channel MTU parms",
        b"Control Channel MTU parms",
        b"PUSH: ",
        b"SENT CONTROL [",
        b"AUTH-PAM: ",
        b"SIGUSR1[",
        b"SIGTERM[",
        b"TLS: soft reset",
        b"TLS: Initial packet from [AF_",
        b"TLS: Username/Password",
        b"TLS: new session incoming",
        b"Socket Buffers: R=[",
        b"IFCONFIG POOL IPv",
        b"ROUTE_GATEWAY ",
        b"Timers: ping ",
        b"Diffie-Hellman initialized",
        b"UDPv4 link ",
        b"TCPv4_SERVER link ",
        b"UDPv6 link ",
        b"[UNDEF] Peer Connection Initiated",
        b"Peer Connection Initiated with [AF_",
        b"Inactivity timeout (--ping-restart)",
        b"TCP connection established with [AF_INET",
    ];
    OURS.iter().any(|start| text.starts_with(start))
}

#[derive(Default)]
struct Frame<'r> {
    time: Option<crate::envelope::Stamp>,
    name: &'r [u8],
    address: Option<&'r [u8]>,
    port: &'r [u8],
    text: &'r [u8],
}

/// Longest common name before the peer's address.
const MAX_NAME: usize = 96;

impl<'r> Frame<'r> {
    fn read(message: &'r [u8]) -> Frame<'r> {
        let mut frame = Frame { text: message.trim_ascii(), ..Frame::default() };
        let start = frame.text.first().copied().unwrap_or_default();
        if (start.is_ascii_digit() || start.is_ascii_uppercase())
            && let Some((time, len)) = stamp(frame.text)
        {
            frame.time = Some(time);
            frame.text = frame.text[len..].trim_ascii_start();
        }
        // microseconds, at --verb 4 and above
        if frame.text.starts_with(b"us=") {
            frame.text = first_word(frame.text).1;
        }
        frame.peer();
        frame
    }

    /// `192.0.2.17:51515`, `b.jones/192.0.2.17:51515`, `Bob Jones/192.0.2.17:51515`, `192.0.2.17:51515/b.jones`
    fn peer(&mut self) {
        let text = self.text;
        let end = |word: &'r [u8]| {
            let (host, port) = split_port(word);
            let host = host.strip_prefix(b"[AF_INET]").or(host.strip_prefix(b"[AF_INET6]")).unwrap_or(host);
            ip(host).map(|(bare, _)| (bare, port.unwrap_or_default())).filter(|(_, port)| !port.is_empty())
        };
        let (first, rest) = first_word(text);
        if let Some((address, port)) = end(first) {
            (self.address, self.port, self.text) = (Some(address), port, rest);
            return;
        }
        if let Some((peer, name)) = split(first, b"/")
            && let Some((address, port)) = end(peer)
        {
            (self.name, self.address, self.port, self.text) = (name, Some(address), port, rest);
            return;
        }
        let near = &text[..text.len().min(MAX_NAME)];
        let Some(slash) = memchr::memchr(b'/', near) else { return };
        let (word, rest) = first_word(&text[slash + 1..]);
        if let Some((address, port)) = end(word) {
            (self.name, self.address, self.port, self.text) = (&text[..slash], Some(address), port, rest);
        }
    }
}

const FAILED: [&str; 4] = ["authentication", "start", "handshake", "failure"];
const STARTED: [&str; 4] = ["session", "start", "", ""];
const ENDED: [&str; 4] = ["session", "end", "", ""];

static SAYS: LazyLock<Messages> = LazyLock::new(|| Messages::new(TABLE));

const TABLE: &[Says] = &[
    says("Incoming Data Channel: {event.reason}", TOLD),
    says("Outgoing Data Channel: {event.reason}", TOLD),
    says("TLS Auth Error: Auth Username/Password verification failed for peer", LOGIN_FAILED),
    says("TLS Auth Error: {event.reason}", LOGIN_FAILED),
    says("TLS Error: {event.reason} from [AF_INET]{source.ip}:{source.port}{*}", FAILED),
    says("TLS Error: {event.reason} from [AF_INET6]{source.ip}:{source.port}{*}", FAILED),
    says("TLS Error: {event.reason}", FAILED),
    says("TLS_ERROR: {event.reason}", FAILED),
    says("VERIFY ERROR: depth={#}, error={event.reason}: {tls.client.subject}", FAILED),
    says("OpenSSL: error:{event.reason}", FAILED),
    says("VERIFY OK: depth={#}, {tls.client.subject}", TOLD),
    says("TLS: Username/Password authentication succeeded for username '{user.name}' [CN SET]", LOGGED_IN),
    says("TLS: Username/Password authentication succeeded for username '{user.name}' {*}", LOGGED_IN),
    says("TLS: Username/Password authentication succeeded for username '{user.name}'", LOGGED_IN),
    says(
        "TLS: Username/Password authentication deferred for username '{user.name}' {*}",
        ["authentication", "info", "", ""],
    ),
    says(
        "TLS: Username/Password authentication deferred for username '{user.name}'",
        ["authentication", "info", "", ""],
    ),
    says("AUTH: Received control message: AUTH_FAILED{*}", LOGIN_FAILED),
    says("AUTH-PAM: BACKGROUND: user '{user.name}' failed to authenticate: {event.reason}", LOGIN_FAILED),
    says("Incorrect password supplied for LDAP DN \"{user.distinguished_name}\".", LOGIN_FAILED),
    says("Authentication succeeded", ["authentication", "start", "", "success"]),
    says("[{user.name}] Peer Connection Initiated with [AF_INET]{source.ip}:{source.port}{*}", STARTED),
    says("[{user.name}] Peer Connection Initiated with [AF_INET6]{source.ip}:{source.port}{*}", STARTED),
    says("Peer Connection Initiated with [AF_INET]{source.ip}:{source.port}{*}", STARTED),
    says("TCP connection established with [AF_INET]{source.ip}:{source.port}{*}", CONNECTED),
    says("TLS: Initial packet from [AF_INET]{source.ip}:{source.port}{*}", CONNECTED),
    says("TLS: Initial packet from [AF_INET6]{source.ip}:{source.port}{*}", CONNECTED),
    says("MULTI: Learn: {client.nat.ip:ip} -> {user.name}/{source.ip}:{source.port}", STARTED),
    says("MULTI: Learn: {client.nat.ip:ip} -> {source.ip}:{source.port}", STARTED),
    says("MULTI: primary virtual IP for {user.name}/{source.ip}:{source.port}: {client.nat.ip:ip}", STARTED),
    says("SIGUSR1[soft,{event.reason}] received, client-instance restarting", ENDED),
    says("SIGTERM[soft,{event.reason}] received, client-instance exiting", ENDED),
    says("[{user.name}] Inactivity timeout (--ping-restart), restarting", ENDED),
    says("ROUTE_GATEWAY {_} IFACE={observer.egress.interface.name:word} HWADDR={observer.mac:word}", TOLD),
    says("{_} Data Channel: Cipher '{tls.cipher}' initialized with {*}", TOLD),
    says("Control Channel: {openvpn.tls_version}, cipher {_} {tls.cipher}, {*}", TOLD),
    says("OpenVPN {service.version:word} {*}", ["process", "start", "", ""]),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "2026-11-22 09:14:07 203.0.113.66:51515 TLS Auth Error: Auth Username/Password verification failed for peer",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("source.ip", "203.0.113.66"),
            ("source.address", "203.0.113.66"),
            ("source.port", "51515"),
            ("client.ip", "203.0.113.66"),
            ("client.address", "203.0.113.66"),
            ("client.port", "51515"),
            ("message", "TLS Auth Error: Auth Username/Password verification failed for peer"),
            ("event.category", "authentication"),
            ("event.type", "start"),
            ("event.action", "login"),
            ("event.outcome", "failure"),
        ],
    },
    Example {
        raw: "Nov 22 09:14:07 gw1 ovpn-server[4711]: b.jones/198.51.100.7:51515 MULTI: Learn: 10.8.0.6 -> b.jones/198.51.100.7:51515",
        expect: &[
            ("process.name", "ovpn-server"),
            ("user.name", "b.jones"),
            ("source.ip", "198.51.100.7"),
            ("source.address", "198.51.100.7"),
            ("source.port", "51515"),
            ("client.ip", "198.51.100.7"),
            ("client.address", "198.51.100.7"),
            ("client.port", "51515"),
            ("client.nat.ip", "10.8.0.6"),
            ("event.category", "session"),
            ("event.type", "start"),
        ],
    },
    Example {
        raw: "Sun Nov 22 09:14:07 2026 us=340080 192.0.2.17:65244 Incoming Data Channel: Cipher 'AES-256-GCM' initialized with 256 bit key",
        expect: &[
            ("@timestamp", "2026-11-22T09:14:07Z"),
            ("client.address", "192.0.2.17"),
            ("client.ip", "192.0.2.17"),
            ("client.port", "65244"),
            ("event.reason", "Cipher 'AES-256-GCM' initialized with 256 bit key"),
            ("source.address", "192.0.2.17"),
            ("source.ip", "192.0.2.17"),
            ("source.port", "65244"),
        ],
    },
    Example { raw: "TLS: fine", expect: &[] },
];
