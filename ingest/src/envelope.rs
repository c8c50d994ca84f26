//! The envelope: what stands around a message. RFC 3164 as it is really sent, RFC 5424, or nothing.
//!
//! [`read`] goes over the header once and borrows everything. It never fails; what is no header is message. Whether a
//! time at the start is a header's time or the message's own is decided so:
//!
//! * After a PRI, any stamp belongs to the header.
//! * Without a PRI, a BSD stamp (`Nov 22 03:09:07`) belongs to the header, and an ISO stamp only where a host and a
//!   tag with its colon follow (`2026-11-22T03:09:07Z web1 sshd[7]: …`). So `2026-11-22 01:53:02 status installed …`
//!   of dpkg.log, PostgreSQL's and MySQL's own stamps stay with their messages.
//! * A word that is a log level is no host.

use memchr::{memchr, memchr2};

mod rfc5424;
mod stamp;

pub use rfc5424::each_param;
pub use stamp::{Stamp, bsd_stamp, iso_stamp, month};
pub(crate) use stamp::{with_year, zone_offset};

/// Longest tag (program name) that is taken for one.
pub const MAX_TAG: usize = 96;
/// Longest host name that is taken for one (RFC 5424 section 6).
pub const MAX_HOST: usize = 255;
/// Longest process id that is taken for one (RFC 5424 section 6).
pub const MAX_PID: usize = 128;
/// Longest name of an alert that a cluster's collector puts first.
const MAX_ALERT: usize = 16;

/// A record split into its header and its message, all of it borrowed from the raw bytes.
#[derive(Clone, Debug, Default)]
pub struct Line<'r> {
    /// Facility × 8 + severity, where the record has a PRI.
    pub priority: Option<u8>,
    /// The header's time.
    pub stamp: Option<Stamp>,
    /// The header's host.
    pub host: Option<&'r [u8]>,
    /// The program: the tag without path, pid and colon, or RFC 5424's APP-NAME.
    pub program: Option<&'r [u8]>,
    /// The process id or PROCID, where it is there.
    pub pid: Option<&'r [u8]>,
    /// RFC 5424's MSGID.
    pub msgid: Option<&'r [u8]>,
    /// RFC 5424's STRUCTURED-DATA as it stands, brackets included.
    pub structured: Option<&'r [u8]>,
    /// RFC 5424's VERSION.
    pub version: Option<u8>,
    /// The message: all that follows the header.
    pub message: &'r [u8],
}

impl<'r> Line<'r> {
    /// A record without any header: all of it is message.
    pub fn bare(raw: &'r [u8]) -> Line<'r> {
        Line { message: trim_end(raw), ..Line::default() }
    }

    /// A record that begins with a tag and has no other header (`sshd[7]: …`). A tag without a process id, and one behind
    /// a host, count only where `known` says that it is a program.
    pub fn tagged(raw: &'r [u8], known: impl Fn(&[u8]) -> bool) -> Option<Line<'r>> {
        let line = without_stamp(trim_end(raw));
        let program = line.program?;
        let numbered = line.pid.is_some_and(|pid| pid.iter().all(u8::is_ascii_digit));
        (if line.host.is_some() { numbered && known(program) } else { numbered || known(program) }).then_some(line)
    }

    /// Whether anything but a message was found.
    pub fn has_header(&self) -> bool {
        self.priority.is_some() || self.stamp.is_some() || self.program.is_some()
    }

    /// Whether it is surely a header: it has a PRI, or a stamp, a host and a tag.
    pub fn is_whole(&self) -> bool {
        self.priority.is_some() || (self.stamp.is_some() && self.host.is_some() && self.program.is_some())
    }

    fn take(&mut self, tag: Tag<'r>) {
        self.program = Some(tag.program);
        self.pid = tag.pid;
        self.message = without_message_id(tag.message);
    }
}

/// Splits a record into its header and its message.
pub fn read(raw: &[u8]) -> Line<'_> {
    let text = without_octet_count(trim_end(raw));
    if let Some(line) = collected(text) {
        return line;
    }
    let (rest, priority) = match priority(text) {
        Some((rest, priority)) => (rest, Some(priority)),
        None => (text, None),
    };
    if (priority.is_some() || rest.starts_with(b"1 "))
        && let Some(line) = rfc5424::read(rest, priority.is_some())
    {
        return Line { priority, ..line };
    }
    match rfc3164(rest, priority.is_some()) {
        Some(line) => Line { priority, ..line },
        None => Line { priority, message: skip_blanks(rest), ..Line::default() },
    }
}

/// Files that were written straight from a TCP stream keep the count before each record (RFC 6587 section 3.4.1).
fn without_octet_count(text: &[u8]) -> &[u8] {
    let digits = text.iter().take(6).take_while(|b| b.is_ascii_digit()).count();
    match text[digits..].strip_prefix(b" ") {
        Some(rest) if digits > 0 && priority(rest).is_some() => rest,
        _ => text,
    }
}

/// What the collectors of clusters wrote before a BSD header: an alert's name or `-`, the time in seconds, the date, the
/// node (`- 1795338847 2026.11.22 node7 Nov 22 09:14:07 node7/node7 crond[7]: …`). The second host is the way it came.
fn collected(text: &[u8]) -> Option<Line<'_>> {
    let (_, rest) = token(text).filter(|(alert, _)| alert.len() <= MAX_ALERT)?;
    let (date, rest) = rest
        .get(1..)?
        .split_at_checked(11)
        .filter(|(epoch, _)| epoch[10] == b' ' && epoch[..10].iter().all(u8::is_ascii_digit))
        .and_then(|(_, rest)| rest.split_at_checked(11))?;
    if date[4] != b'.' || date[7] != b'.' || date[10] != b' ' {
        return None;
    }
    let year = number(&date[..4])?;
    let (node, rest) = token(rest).filter(|(node, _)| is_host(node))?;
    let (after, stamp) = bsd_stamp(skip_blanks(rest))?;
    let civil = with_year(stamp.civil, year as i16)?;
    let line = after_stamp(after, None, Colon::Any);
    Some(Line { stamp: Some(Stamp { civil, has_year: true, ..stamp }), host: Some(node), ..line })
}

/// `<PRI>` with 0 to 191 in it (RFC 3164 section 4.1.1).
fn priority(text: &[u8]) -> Option<(&[u8], u8)> {
    let digits = text.strip_prefix(b"<")?;
    let end = digits.iter().take(4).position(|&b| b == b'>')?;
    let value = number(&digits[..end])?;
    (value <= 191).then(|| (&digits[end + 1..], value as u8))
}

/// What follows the PRI of RFC 3164, or the whole line where it has none; `None`: all of it is message.
fn rfc3164(text: &[u8], has_priority: bool) -> Option<Line<'_>> {
    let mut rest = skip_blanks(text);
    if has_priority {
        rest = rest.strip_prefix(b":").unwrap_or(rest); // Cisco's EMBLEM format
    }
    let unnumbered = sequence_number(rest);
    let numbered = unnumbered.is_some();
    rest = unnumbered.unwrap_or(rest);
    let mut host = None;
    if let Some((before, after)) = origin_id(rest)
        && (has_priority || numbered)
    {
        (host, rest) = (Some(before), after);
    }
    match header_stamp(rest, has_priority) {
        Some((after, stamp, dated)) => {
            // a time that may be the message's own needs more to be believed
            let doubtful = dated && !has_priority;
            let line = after_stamp(after, host, if doubtful { Colon::ThenBlank } else { Colon::Any });
            // `UTC LOG: …` and `Logon  Error: …` are an application's own words
            let sure = !doubtful
                || (line.program.is_some_and(|program| !is_level(program) && program != b"LOG")
                    && line.host.is_some_and(|host| !is_level(host) && stamp::zone_offset(host).is_none()));
            sure.then_some(Line { stamp: Some(stamp), ..line })
        }
        None if has_priority => Some(without_stamp(rest)),
        None => None,
    }
}

/// Cisco's sequence number: `000123: ` (`service sequence-numbers`).
fn sequence_number(text: &[u8]) -> Option<&[u8]> {
    let digits = text.iter().take(11).take_while(|b| b.is_ascii_digit()).count();
    let rest = text[digits..].strip_prefix(b": ")?;
    (digits > 0).then(|| skip_blanks(rest))
}

/// Cisco's `logging origin-id`: a host with a colon before the stamp.
fn origin_id(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (word, rest) = token(text)?;
    let host = word.strip_suffix(b":").filter(|h| is_host(h))?;
    let rest = skip_blanks(rest);
    // the number may stand behind the host as well
    let rest = sequence_number(rest).unwrap_or(rest);
    let stamped = bsd_stamp(rest.strip_prefix(b"*").or(rest.strip_prefix(b".")).unwrap_or(rest)).is_some();
    stamped.then_some((host, rest))
}

/// The stamp at the start and what follows it. The flag: it is an ISO stamp, which may be the message's own.
fn header_stamp(text: &[u8], has_priority: bool) -> Option<(&[u8], Stamp, bool)> {
    match *text.first()? {
        b'*' | b'.' => bsd_stamp(&text[1..]).map(|(rest, stamp)| (rest, stamp, false)),
        b'0'..=b'9' if text.get(4) == Some(&b' ') => {
            let year = number(&text[..4])?;
            let (rest, stamp) = bsd_stamp(&text[5..]).filter(|(_, stamp)| !stamp.has_year)?;
            let civil = with_year(stamp.civil, year as i16)?;
            Some((rest, Stamp { civil, has_year: true, ..stamp }, false))
        }
        b'0'..=b'9' => {
            let (rest, stamp, comma) = iso_stamp(text)?;
            (has_priority || !comma).then_some((rest, stamp, true))
        }
        _ => bsd_stamp(text).map(|(rest, stamp)| (rest, stamp, false)),
    }
}

/// Host, tag and message after the stamp; each of the first two can be missing.
fn after_stamp<'r>(text: &'r [u8], known_host: Option<&'r [u8]>, colon: Colon) -> Line<'r> {
    let rest = without_facility(skip_blanks(text.strip_prefix(b":").unwrap_or(text)));
    let mut line = Line { host: known_host, ..Line::default() };
    if known_host.is_none()
        && let Some(tag) = tag_in_brackets(rest)
    {
        line.take(tag);
        return line;
    }
    if let Some(tag) = tag(rest, Colon::ThenBlank) {
        // `fw1: %ASA-6-…`: Cisco's host stands where others put the tag
        if tag.pid.is_none() && is_mnemonic(tag.message) {
            line.host = Some(tag.program);
            line.message = tag.message;
        } else {
            line.take(tag);
        }
        return line;
    }
    let mut message = rest;
    if known_host.is_none()
        && let Some((word, after)) = token(rest)
        && is_host(word)
    {
        line.host = (word != b"-").then_some(word);
        message = skip_blanks(after);
    }
    // F5 and others write the level between host and tag
    let leveled = token(message).filter(|(word, _)| is_level(word));
    let leveled =
        leveled.and_then(|(_, rest)| tag(skip_blanks(rest), Colon::ThenBlank)).filter(|tag| tag.pid.is_some());
    match leveled.or_else(|| tag(message, colon)).or_else(|| tag_of_words(message)) {
        Some(tag) => line.take(tag),
        None => line.message = skip_blanks(message.strip_prefix(b": ").unwrap_or(message)),
    }
    line
}

/// FreeBSD's syslogd with `-v` writes the priority in words behind the time: `<local0.info> `.
fn without_facility(text: &[u8]) -> &[u8] {
    let Some(inner) = text.strip_prefix(b"<") else { return text };
    let end = inner.iter().take(16).position(|b| *b == b'>');
    match end.filter(|end| {
        inner[..*end].contains(&b'.') && inner[..*end].iter().all(|b| b.is_ascii_alphanumeric() || *b == b'.')
    }) {
        Some(end) => skip_blanks(&inner[end + 1..]),
        None => text,
    }
}

/// A record with a PRI but no stamp: a tag, or a host and a tag with its process id, or only a message.
fn without_stamp(text: &[u8]) -> Line<'_> {
    let mut line = Line { message: text, ..Line::default() };
    if let Some(tag) = tag(text, Colon::ThenBlank) {
        line.take(tag);
    } else if let Some((host, rest)) = token(text)
        && is_host(host)
        && let Some(tag) = tag(skip_blanks(rest), Colon::ThenBlank)
        && tag.pid.is_some()
    {
        line.host = Some(host);
        line.take(tag);
    }
    line
}

/// Solaris puts a number and its own priority before the message: `[ID 800047 auth.notice] …`.
fn without_message_id(message: &[u8]) -> &[u8] {
    if !message.starts_with(b"[ID ") {
        return message;
    }
    match memchr(b']', &message[..message.len().min(48)]) {
        Some(end) => skip_blanks(&message[end + 1..]),
        None => message,
    }
}

struct Tag<'r> {
    program: &'r [u8],
    pid: Option<&'r [u8]>,
    message: &'r [u8],
}

/// What may follow the colon of a tag without a process id.
#[derive(Clone, Copy, PartialEq)]
enum Colon {
    /// A blank or the end.
    ThenBlank,
    /// Anything that does not make the word look like `CEF:0`, a URL, a path or a time.
    Any,
}

/// `/usr/sbin/cron[7]: message`, `kernel: message`, `name[7] message`. A word that begins with `%` is Cisco's message.
fn tag(text: &[u8], colon: Colon) -> Option<Tag<'_>> {
    let end = text.iter().take(MAX_TAG).position(|&b| matches!(b, b':' | b'[' | b' '))?;
    let (name, rest) = text.split_at(end);
    if name.is_empty() || name[0] == b'%' || !name.iter().all(|&b| is_tag_byte(b)) {
        return None;
    }
    let program = match memchr::memrchr(b'/', name) {
        Some(slash) if name[0] == b'/' => &name[slash + 1..],
        _ => name,
    };
    match rest[0] {
        b':' => {
            let fits = match rest.get(1) {
                None | Some(b' ') => true,
                Some(b'0'..=b'9' | b'/' | b'\\' | b':' | b'=') => false,
                Some(_) => colon == Colon::Any,
            };
            fits.then(|| Tag { program, pid: None, message: skip_blanks(&rest[1..]) })
        }
        b'[' => {
            let close = memchr2(b']', b' ', &rest[..rest.len().min(MAX_PID + 2)])?;
            let (pid, after) = (&rest[1..close], &rest[close..]);
            let after = without_level(after.strip_prefix(b"]").filter(|_| !pid.is_empty())?);
            let message = match after {
                [b':', message @ ..] => message,
                [] | [b' ', ..] if pid.iter().all(u8::is_ascii_digit) => after,
                _ => return None,
            };
            Some(Tag { program, pid: Some(pid), message: skip_blanks(message) })
        }
        _ => None,
    }
}

/// MIT Kerberos puts the level behind the process id: `krb5kdc[7](info): …`.
fn without_level(after: &[u8]) -> &[u8] {
    let close = after.strip_prefix(b"(").and_then(|rest| memchr(b')', &rest[..rest.len().min(16)]));
    match close {
        Some(close) if after[1..=close].iter().all(u8::is_ascii_lowercase) => &after[close + 2..],
        _ => after,
    }
}

/// Metalog writes no host, and the program in brackets: `[sshd] …` (metalog's source, `spawn_recvlogs`).
fn tag_in_brackets(text: &[u8]) -> Option<Tag<'_>> {
    let inner = text.strip_prefix(b"[")?;
    let end = inner.iter().take(MAX_TAG).position(|b| *b == b']')?;
    let (program, rest) = (&inner[..end], &inner[end + 1..]);
    let message = rest.strip_prefix(b": ").or(rest.strip_prefix(b" "))?;
    let is_program = program.first().is_some_and(u8::is_ascii_lowercase) && program.iter().all(|b| is_tag_byte(*b));
    (is_program && !is_level(program)).then(|| Tag { program, pid: None, message: skip_blanks(message) })
}

/// A tag of two or three words, which only its process id tells from a message: `Google Chrome[7]: …`.
fn tag_of_words(text: &[u8]) -> Option<Tag<'_>> {
    let open = memchr2(b'[', b':', &text[..text.len().min(MAX_TAG)]).filter(|at| text[*at] == b'[')?;
    let (program, rest) = (&text[..open], &text[open + 1..]);
    let words = program.split(|b| *b == b' ');
    if !words.clone().all(|word| !word.is_empty() && word.iter().all(|&b| is_tag_byte(b))) || words.count() > 3 {
        return None;
    }
    let digits = rest.iter().take(10).take_while(|b| b.is_ascii_digit()).count();
    let message = rest[digits..].strip_prefix(b"]: ").filter(|_| digits > 0)?;
    Some(Tag { program, pid: Some(&rest[..digits]), message: skip_blanks(message) })
}

/// What real tags are made of: `sshd(pam_unix)`, `postfix/smtpd`, `com.apple.xpc.launchd`, `php-fpm8.2`.
fn is_tag_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b'(' | b')' | b'@' | b'+' | b'#' | b'~')
}

fn is_host(word: &[u8]) -> bool {
    word.len() <= MAX_HOST
        && word.first().is_some_and(|first| *first != b'%')
        // only an IPv6 address stands in brackets; `[error]` is the message's own
        && (word[0] != b'[' || word.contains(&b':'))
        && word.iter().all(|&b| {
            b.is_ascii_alphanumeric()
                || matches!(b, b'-' | b'_' | b'.' | b':' | b'[' | b']' | b'%' | b'/' | b'@')
                || b >= 0x80
        })
        && !word.ends_with(b":")
        // a VPN's client and its address, `b.jones/192.0.2.17:51515`
        && !(word.contains(&b'/') && word.contains(&b':'))
}

/// Cisco's `%FACILITY-SEVERITY-MNEMONIC`.
fn is_mnemonic(message: &[u8]) -> bool {
    matches!(message, [b'%', b'A'..=b'Z', ..])
}

fn is_level(word: &[u8]) -> bool {
    const LEVELS: [&[u8]; 14] = [
        b"trace",
        b"debug",
        b"subdebug",
        b"ddebug",
        b"info",
        b"notice",
        b"warn",
        b"warning",
        b"err",
        b"error",
        b"critical",
        b"crit",
        b"fatal",
        b"alert",
    ];
    LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word))
}

/// A word up to a blank or the end, and what follows the word; `None` at the end.
fn token(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = skip_blanks(text);
    if text.is_empty() {
        return None;
    }
    Some(text.split_at(memchr(b' ', text).unwrap_or(text.len())))
}

fn skip_blanks(text: &[u8]) -> &[u8] {
    let blanks = text.iter().take_while(|b| **b == b' ').count();
    &text[blanks..]
}

/// Line ends and the NUL that some senders append are no part of a message.
fn trim_end(raw: &[u8]) -> &[u8] {
    let end = raw.iter().rposition(|b| !matches!(b, b'\n' | b'\r' | 0)).map_or(0, |last| last + 1);
    &raw[..end]
}

/// A whole word of digits that fits; `None` for anything else.
fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    digits.iter().try_fold(0, |n, &b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
}

/// One to `most` digits at the start.
fn short_number(text: &[u8], most: usize) -> Option<(u32, &[u8])> {
    let digits = text.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
    Some((number(&text[..digits])?, &text[digits..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_where_a_host_should_stand_is_no_host() {
        assert_eq!(read(b"<13>: Nov 22 03:09:07 x").host, None);
    }

    #[test]
    fn a_level_in_brackets_is_no_host() {
        let line = b"2026/11/22 09:14:07 [error] 54053#0: *3 open() failed";
        assert_eq!(read(line).message, line);
    }

    fn words(raw: &str) -> (String, String, String, String) {
        let line = read(raw.as_bytes());
        let text = |part: Option<&[u8]>| part.map_or("-".into(), |p| String::from_utf8_lossy(p).into_owned());
        (text(line.host), text(line.program), text(line.pid), text(Some(line.message)))
    }

    fn expect(raw: &str, host: &str, program: &str, pid: &str, message: &str) {
        let wanted = (host.into(), program.into(), pid.into(), message.into());
        assert_eq!(words(raw), wanted, "{raw}");
    }

    #[test]
    fn bsd_headers_are_read_as_they_are_really_sent() {
        expect("<38>Nov 22 03:09:07 web1 sshd[7]: hello", "web1", "sshd", "7", "hello");
        expect("Nov  2 03:09:07 web1  sshd[7]:  hello\n", "web1", "sshd", "7", "hello");
        expect("<38>Nov 22 2026 03:09:07 web1 sshd[7]: hello", "web1", "sshd", "7", "hello");
        expect("<38>Nov 22 03:09:07 2026 web1 sshd[7]: hello", "web1", "sshd", "7", "hello");
        expect("<38>2026 Nov 22 03:09:07 web1 sshd[7]: hello", "web1", "sshd", "7", "hello");
        expect("<38>2026-11-22T03:09:07.123+01:00 web1 sshd[7]: hello", "web1", "sshd", "7", "hello");
        expect("<38>2026-11-22 03:09:07 web1 sshd[7]: hello", "web1", "sshd", "7", "hello");
        expect("2026-11-22T03:09:07.123+01:00 web1 sshd[7]: hello", "web1", "sshd", "7", "hello");
        expect("<38>Nov 22 03:09:07 2001:db8::7 sshd[7]: hello", "2001:db8::7", "sshd", "7", "hello");
    }

    #[test]
    fn a_missing_part_is_missing_and_nothing_else() {
        expect("<38>Nov 22 03:09:07 sshd[7]: hello", "-", "sshd", "7", "hello");
        expect("<4>Nov 22 03:09:07 kernel: hello", "-", "kernel", "-", "hello");
        expect(
            "<38>Nov 22 03:09:07 fw1 date=2026-11-22 time=03:09:07",
            "fw1",
            "-",
            "-",
            "date=2026-11-22 time=03:09:07",
        );
        expect("<189>date=2026-11-22 time=03:09:07", "-", "-", "-", "date=2026-11-22 time=03:09:07");
        expect("<38>sshd[7]: hello", "-", "sshd", "7", "hello");
        expect("<38>web1 sshd[7]: hello", "web1", "sshd", "7", "hello");
        expect("<38>hello", "-", "-", "-", "hello");
        expect("hello: world", "-", "-", "-", "hello: world");
        expect("", "-", "-", "-", "");
        expect("<13>", "-", "-", "-", "");
    }

    #[test]
    fn tags_are_read_as_programs_write_them() {
        expect("Nov 22 03:09:07 web1 /usr/sbin/cron[7]: hello", "web1", "cron", "7", "hello");
        expect("Nov 22 03:09:07 web1 sshd(pam_unix)[7]: hello", "web1", "sshd(pam_unix)", "7", "hello");
        expect("Nov 22 03:09:07 web1 postfix/smtpd[7]: hello", "web1", "postfix/smtpd", "7", "hello");
        expect(
            "Nov 22 03:09:07 mac1 com.apple.launchd[1] (x.y): hello",
            "mac1",
            "com.apple.launchd",
            "1",
            "(x.y): hello",
        );
        expect("Nov 22 03:09:07 web1 php-fpm8.2[7]: hello", "web1", "php-fpm8.2", "7", "hello");
        expect("Nov 22 03:09:07 web1 CEF:0|a|b|1|2|c|3|", "web1", "-", "-", "CEF:0|a|b|1|2|c|3|");
        expect("Nov 22 03:09:07 web1 last message repeated 2 times", "web1", "-", "-", "last message repeated 2 times");
    }

    #[test]
    fn cisco_puts_the_host_before_the_stamp_or_none_and_numbers_in_front() {
        expect(
            "<189>123: router1: *Nov 22 03:09:07.123 UTC: %SYS-5-CONFIG_I: hello",
            "router1",
            "-",
            "-",
            "%SYS-5-CONFIG_I: hello",
        );
        expect(
            "<189>router1: 123: Nov 22 03:09:07.123: %SYS-5-CONFIG_I: hello",
            "router1",
            "-",
            "-",
            "%SYS-5-CONFIG_I: hello",
        );
        expect("<166>Nov 22 2026 03:09:07: %ASA-6-302013: hello", "-", "-", "-", "%ASA-6-302013: hello");
        expect("<166>Nov 22 2026 03:09:07 fw1 : %ASA-6-302013: hello", "fw1", "-", "-", "%ASA-6-302013: hello");
        expect("<166>Nov 22 03:09:07 fw1: %ASA-6-302013: hello", "fw1", "-", "-", "%ASA-6-302013: hello");
        expect("<166>:Nov 22 03:09:07 EST: %ASA-session-6-1: hello", "-", "-", "-", "%ASA-session-6-1: hello");
        expect("<190>45: %LINK-3-UPDOWN: hello", "-", "-", "-", "%LINK-3-UPDOWN: hello");
        let line = read(b"<189>123: *Nov 22 03:09:07.123 CET: %SYS-5-CONFIG_I: hello");
        assert_eq!(line.stamp.unwrap().offset, Some(3_600));
    }

    #[test]
    fn a_message_s_own_stamp_is_no_header() {
        for own in [
            "2026-11-22 01:53:02 status installed libssl3:amd64 3.0.22-1~deb12u2",
            "2026-11-22 01:53:02 configure libssl3:amd64 3.0.22-1~deb12u2 <none>",
            "2026-11-22 03:09:07.123 UTC [7] app@db LOG:  duration: 3 ms",
            "2026-11-22 01:52:42,316 INFO Package libssl3: held",
            "2026-11-22T02:03:40+0000 SUBDEBUG Upgrade: foo-1.0-2.noarch",
            "2026-11-22T03:09:07.123456Z 0 [Note] hello",
        ] {
            expect(own, "-", "-", "-", own);
        }
    }

    #[test]
    fn rfc5424_is_read_with_its_structured_data_and_without() {
        let line = read(b"<165>1 2026-11-22T03:09:07.003Z web1 app 8710 ID47 [x@1 a=\"]\"][y] \xef\xbb\xbfhello");
        assert_eq!((line.version, line.priority), (Some(1), Some(165)));
        assert_eq!((line.host, line.program, line.pid), (Some(&b"web1"[..]), Some(&b"app"[..]), Some(&b"8710"[..])));
        assert_eq!((line.msgid, line.structured), (Some(&b"ID47"[..]), Some(&b"[x@1 a=\"]\"][y]"[..])));
        assert_eq!(line.message, b"hello");
        expect("<165>1 - - - - - - hello", "-", "-", "-", "hello");
        expect("<165>1 2026-11-22T03:09:07Z web1 app - - hello world", "web1", "app", "-", "hello world");
        expect("<165>1 2026-11-22T03:09:07Z web1", "web1", "-", "-", "");
    }

    #[test]
    fn rarer_headers_are_read_too() {
        expect("1 2026-11-22T03:09:07Z web1 app 7 - - hello", "web1", "app", "7", "hello");
        expect("1 apple a day", "-", "-", "-", "1 apple a day");
        expect("<38>NOV 22 03:09:07 web1 sshd[7]: hello", "web1", "sshd", "7", "hello");
        expect("Nov 22 03:09:07 mac1 Google Chrome[7]: hello", "mac1", "Google Chrome", "7", "hello");
        expect("Nov 22 03:09:07 web1 see item [7]: hello", "web1", "-", "-", "see item [7]: hello");
        expect("Nov 22 03:09:07 sun1 sshd[7]: [ID 800047 auth.notice] hello", "sun1", "sshd", "7", "hello");
        let tagged = Line::tagged(b"web1 sshd[7]: hello", |program| program == b"sshd").unwrap();
        assert_eq!((tagged.host, tagged.message), (Some(&b"web1"[..]), &b"hello"[..]));
        assert!(Line::tagged(b"see item[7]: hello", |program| program == b"sshd").is_none());
    }

    #[test]
    fn a_wrong_priority_is_message() {
        expect("<999>Nov 22 03:09:07 web1 x: y", "-", "-", "-", "<999>Nov 22 03:09:07 web1 x: y");
        expect("<>hello", "-", "-", "-", "<>hello");
        expect("<192>hello", "-", "-", "-", "<192>hello");
    }
}
