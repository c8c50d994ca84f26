//! What web servers and proxies share: the access line, URLs, protocol numbers.

use std::net::IpAddr;

use jiff::civil::DateTime;
use memchr::{memchr, memchr_iter, memmem, memrchr};

use crate::{
    Event,
    envelope::{Stamp, month},
    field,
    formats::Reject,
    pairs::closing_quote,
    scan::{first_word, integer, set_number, set_some, set_source},
};

/// A line of Apache's `common`, `combined` or `vhost_combined` format, which nginx's default `combined` is too.
///
/// <https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#examples>
#[derive(Clone, Debug, PartialEq)]
pub struct Access<'r> {
    /// `%v:%p` before the line, in `vhost_combined`.
    pub virtual_host: Option<&'r [u8]>,
    /// `%h`, or the first of a list.
    pub client: &'r [u8],
    /// `%u`; `-` is none.
    pub user: &'r [u8],
    /// `%t`
    pub stamp: Stamp,
    /// `%r`, its escapes as they stand.
    pub request: &'r [u8],
    /// `%>s`
    pub status: &'r [u8],
    /// `%b`; `-` is none.
    pub bytes: &'r [u8],
    /// `%{Referer}i` and `%{User-Agent}i`, where they are there.
    pub headers: [Option<&'r [u8]>; 2],
    /// What stands behind the known parts.
    pub tail: &'r [u8],
}

/// Most words behind an access line that are looked at; ingress-nginx writes nine.
const MAX_TAIL_WORDS: usize = 16;

/// Whether a line may be an access line: a cheap look for the day behind a bracket and the quote behind it.
pub fn looks_like_access(message: &[u8]) -> bool {
    time_bracket(message).is_some_and(|at| message[at..].get(27..30) == Some(b"] \""))
}

/// Most bytes before the time in an access line.
const MAX_PREFIX: usize = 1_024;

/// Where `[22/Nov/2026:09:14:07 +0100]` begins.
fn time_bracket(message: &[u8]) -> Option<usize> {
    let head = &message[..message.len().min(MAX_PREFIX)];
    memchr_iter(b'[', head).find(|at| {
        let text = message.get(at + 1..at + 28).unwrap_or_default();
        matches!(text, [b'0'..=b'3', b'0'..=b'9', b'/', _, _, _, b'/', .., b']']) && text[11] == b':'
    })
}

impl<'r> Access<'r> {
    /// Reads an access line; what follows the known parts is left.
    pub fn read(line: &'r [u8]) -> Result<Access<'r>, Reject> {
        let reject = |reason, offset| Reject { reason, offset };
        let at = time_bracket(line).ok_or(reject("access_no_time", 0))?;
        let stamp = clf_stamp(&line[at + 1..at + 27]).ok_or(reject("access_bad_time", at + 1))?;
        let (virtual_host, client, user) = who(&line[..at]).ok_or(reject("access_no_client", 0))?;
        let at = at + 28;
        let rest = line[at..].strip_prefix(b" \"").ok_or(reject("access_no_request", at))?;
        let end = request_end(rest).ok_or(reject("access_no_status", at))?;
        let request = &rest[..end];
        let (status, rest) = first_word(&rest[end + 2..]);
        let (bytes, rest) = first_word(rest);
        let (first, rest) = quoted(rest);
        let (second, tail) = quoted(rest);
        Ok(Access { virtual_host, client, user, stamp, request, status, bytes, headers: [first, second], tail })
    }

    /// Sets everything that the line says.
    pub fn set(&self, event: &mut Event<'r>) {
        event.set_stamp(field::TIMESTAMP, self.stamp);
        if let Some(host) = self.virtual_host {
            let (name, port) = split_port(host);
            event.set(field::URL_DOMAIN, name);
            event.set(field::DESTINATION_DOMAIN, name);
            port.into_iter().for_each(|port| set_number(event, field::SERVER_PORT, port));
        }
        if self.client != b"-" {
            set_source(event, self.client);
        }
        if !matches!(self.user, b"-" | b"" | b"\"\"") {
            event.set(field::USER_NAME, self.user);
        }
        set_request(event, self.request);
        set_number(event, field::HTTP_STATUS, self.status);
        set_number(event, field::HTTP_BODY_BYTES, self.bytes);
        for (field, value) in [field::HTTP_REFERRER, field::USER_AGENT].into_iter().zip(self.headers) {
            if let Some(value) = value.filter(|value| !matches!(*value, b"-" | b"")) {
                event.set(field, value);
            }
        }
        self.set_ingress(event);
        event.classify("web", "access", "", if self.status >= &b"400"[..] { "failure" } else { "success" });
    }
}

impl Access<'_> {
    /// What ingress-nginx adds: the request's length, its time, the upstream in brackets, …, the request's id
    /// (kubernetes.github.io/ingress-nginx, log format).
    fn set_ingress(&self, event: &mut Event<'_>) {
        let mut words = self.tail.split(|b| *b == b' ').filter(|word| !word.is_empty()).take(MAX_TAIL_WORDS);
        let (Some(length), Some(_), Some(upstream)) = (words.next(), words.next(), words.next()) else { return };
        if !upstream.starts_with(b"[") {
            return;
        }
        set_number(event, field::HTTP_REQUEST_BYTES, length);
        if let Some(id) = words.last().filter(|id| id.len() == 32 && id.iter().all(u8::is_ascii_hexdigit)) {
            event.set(field::HTTP_REQUEST_ID, id);
        }
    }
}

/// Where the quote stands that a status follows: not every server escapes the quotes that a client sends.
fn request_end(text: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let end = from + closing_quote(&text[from..]);
        let status = text.get(end + 1..end + 5)?;
        if status[0] == b' '
            && status[1..].iter().all(u8::is_ascii_digit)
            && matches!(text.get(end + 5), None | Some(b' '))
        {
            return Some(end);
        }
        from = end + 1;
    }
}

type Who<'r> = (Option<&'r [u8]>, &'r [u8], &'r [u8]);

/// `[vhost:port ]client ident user `; the user may hold blanks, the client may be a list from a proxy.
fn who(prefix: &[u8]) -> Option<Who<'_>> {
    let prefix = prefix.strip_suffix(b" ")?;
    let (first, rest) = first_word(prefix);
    let (second, behind) = first_word(rest);
    let is_ip = |text: &[u8]| crate::scan::ip(text).is_some();
    if first.ends_with(b",") || second.ends_with(b",") {
        let (host, list) = if first.ends_with(b",") { (None, prefix) } else { (Some(first), rest) };
        return Some((host, first_public(list)?, memrchr(b' ', list).map_or(list, |at| &list[at + 1..])));
    }
    if is_ip(second) && !is_ip(first) && !behind.is_empty() {
        let (_ident, user) = first_word(behind);
        return Some((Some(first), second, user));
    }
    // a name is believed where identd's word is missing, as it always is: `Nov 22 …` begins no access line
    (is_ip(first) || second == b"-").then_some((None, first, behind))
}

/// The first address of a proxy's list that is no private one (RFC 1918, RFC 4193), else the first.
fn first_public(list: &[u8]) -> Option<&[u8]> {
    let addresses = || list.split(|b| matches!(b, b' ' | b',')).filter_map(crate::scan::ip);
    let is_public = |address: &IpAddr| match address {
        IpAddr::V4(v4) => !v4.is_private() && !v4.is_loopback(),
        IpAddr::V6(v6) => !v6.is_unique_local() && !v6.is_loopback(),
    };
    addresses().find(|(_, address)| is_public(address)).or_else(|| addresses().next()).map(|(text, _)| text)
}

/// The time in Apache's and nginx's default access logs: `22/Nov/2026:09:14:07 +0100`.
pub fn clf_stamp(text: &[u8]) -> Option<Stamp> {
    let number = |range| integer(text.get(range)?);
    let civil = DateTime::new(
        number(7..11)? as i16,
        month(text.get(3..6)?)?,
        number(0..2)? as i8,
        number(12..14)? as i8,
        number(15..17)? as i8,
        number(18..20)?.min(59) as i8,
        0,
    )
    .ok()?;
    let seconds = (number(22..24)? * 3_600 + number(24..26)? * 60) as i32;
    let offset = if text[21] == b'-' { -seconds } else { seconds };
    Some(Stamp { civil, has_year: true, offset: Some(offset) })
}

/// A quoted text behind a blank, and what follows; `None` where there is none.
fn quoted(text: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let text = text.strip_prefix(b" ").unwrap_or(text);
    let Some(inner) = text.strip_prefix(b"\"") else { return (None, text) };
    let end = closing_quote(inner);
    (Some(&inner[..end]), inner.get(end + 1..).unwrap_or_default())
}

/// `host:port`, the host alone, or an IPv6 address in brackets.
pub fn split_port(host: &[u8]) -> (&[u8], Option<&[u8]>) {
    match memrchr(b':', host) {
        Some(at) if at > 0 && !host.ends_with(b"]") && integer(&host[at + 1..]).is_some() => {
            (&host[..at], Some(&host[at + 1..]))
        }
        _ => (host, None),
    }
}

/// Sets a request line's method, target and version. What is no request line (TLS on a plain port, a scanner's bytes)
/// is kept whole as `url.original`, so that rules can look at it.
pub fn set_request(event: &mut Event<'_>, request: &[u8]) {
    if matches!(request, b"-" | b"") {
        return;
    }
    let (method, rest) = first_word(request);
    // RFC 9110 allows any token; those in use are short words of capitals
    if rest.is_empty()
        || method.len() > 20
        || !method.iter().all(|b| b.is_ascii_uppercase() || matches!(b, b'-' | b'_'))
    {
        return event.set(field::URL_ORIGINAL, request);
    }
    event.set(field::HTTP_METHOD, method);
    let mut target = rest;
    if let Some(at) = memmem::rfind(rest, b" HTTP/") {
        event.set(field::HTTP_VERSION, &rest[at + 6..]);
        target = &rest[..at];
    }
    match split_port(target) {
        // the target of CONNECT is an authority (RFC 9110 section 9.3.6)
        (host, Some(port)) if method == b"CONNECT" => {
            event.set(field::URL_ORIGINAL, target);
            event.set(field::URL_DOMAIN, host);
            set_number(event, field::URL_PORT, port);
        }
        _ => set_url(event, target),
    }
}

/// Sets `url.original` and its parts. Nothing is decoded: rules see what was sent.
pub fn set_url(event: &mut Event<'_>, url: &[u8]) {
    event.set(field::URL_ORIGINAL, url);
    let mut rest = url;
    if let Some(at) = memmem::find(url, b"://").filter(|at| (1..=8).contains(at) && url[..*at].is_ascii()) {
        let authority = &url[at + 3..];
        let end = authority.iter().position(|b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(authority.len());
        let (host, port) = split_port(&authority[..end]);
        event.set(field::URL_SCHEME, &url[..at]);
        set_some(event, field::URL_DOMAIN, host);
        port.into_iter().for_each(|port| set_number(event, field::URL_PORT, port));
        rest = &authority[end..];
    }
    set_path(event, rest);
}

/// Sets path, query and extension of what follows a URL's host.
pub fn set_path(event: &mut Event<'_>, rest: &[u8]) {
    let rest = memchr(b'#', rest).map_or(rest, |at| &rest[..at]);
    let (path, query) = match memchr(b'?', rest) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    set_some(event, field::URL_PATH, path);
    query.into_iter().for_each(|query| set_some(event, field::URL_QUERY, query));
    let name = memrchr(b'/', path).map_or(path, |at| &path[at + 1..]);
    if let Some(at) = memrchr(b'.', name).filter(|at| (2..=9).contains(&(name.len() - at))) {
        event.set(field::URL_EXTENSION, &name[at + 1..]);
    }
}

/// Sets `network.iana_number`, and `network.transport` for the numbers that firewalls see.
///
/// <https://www.iana.org/assignments/protocol-numbers>
pub fn set_protocol_number(event: &mut Event<'_>, number: &[u8]) {
    let Some(value) = integer(number) else { return };
    event.set(field::NETWORK_IANA_NUMBER, number);
    if let Some((_, name)) = PROTOCOLS.iter().find(|(known, _)| *known == value) {
        event.set_static(field::NETWORK_TRANSPORT, name);
    }
}

/// Sets `network.transport` and its number.
pub fn set_protocol_name(event: &mut Event<'_>, name: &'static str) {
    event.set_static(field::NETWORK_TRANSPORT, name);
    if let Some((number, _)) = PROTOCOLS.iter().find(|(_, known)| *known == name) {
        event.set_int(field::NETWORK_IANA_NUMBER, *number);
    }
}

/// IANA's numbers and ECS's spelling of their names.
const PROTOCOLS: &[(i64, &str)] = &[
    (1, "icmp"),
    (2, "igmp"),
    (6, "tcp"),
    (17, "udp"),
    (47, "gre"),
    (50, "esp"),
    (51, "ah"),
    (58, "ipv6-icmp"),
    (89, "ospf"),
    (103, "pim"),
    (112, "vrrp"),
    (132, "sctp"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_lists_and_virtual_hosts_stand_before_the_time() {
        let who = |text: &'static str| {
            let (host, client, user) = who(text.as_bytes()).unwrap();
            let text = |b: &'static [u8]| std::str::from_utf8(b).unwrap();
            (host.map(text).unwrap_or_default(), text(client), text(user))
        };
        assert_eq!(who("192.0.2.1 - - "), ("", "192.0.2.1", "-"));
        assert_eq!(who("192.0.2.1 - a b "), ("", "192.0.2.1", "a b"));
        assert_eq!(who("web.example:443 2001:db8::1 - bob "), ("web.example:443", "2001:db8::1", "bob"));
        assert_eq!(who("192.0.2.1, 192.0.2.2 - bob "), ("", "192.0.2.1", "bob"));
        assert_eq!(who("web.example 192.168.0.1, 203.0.113.2 - - "), ("web.example", "203.0.113.2", "-"));
        assert_eq!(who("host.example - - "), ("", "host.example", "-"));
    }

    #[test]
    fn a_request_ends_where_a_status_follows() {
        let line = br#"192.0.2.1 - - [22/Nov/2026:09:14:07 +0100] "GET /?q=<a href="x"> HTTP/1.1" 404 12"#;
        let access = Access::read(line).unwrap();
        assert_eq!((access.request, access.status), (&br#"GET /?q=<a href="x"> HTTP/1.1"#[..], &b"404"[..]));
        let hostile = [&line[..42], &b" \"".repeat(50_000)].concat();
        assert_eq!(Access::read(&hostile).unwrap_err().reason, "access_no_status");
    }

    #[test]
    fn ports_are_split_off_hosts() {
        assert_eq!(split_port(b"a.example:80"), (&b"a.example"[..], Some(&b"80"[..])));
        assert_eq!(split_port(b"[2001:db8::1]"), (&b"[2001:db8::1]"[..], None));
        assert_eq!(split_port(b"a.example"), (&b"a.example"[..], None));
    }
}
