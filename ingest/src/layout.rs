//! Headers of application logs: what Log4j, Logback, Python's logging, Serilog and their like write before a message.
//!
//! The patterns are free, but their parts are known by their looks and their order is one of a few: a time, a level, a
//! thread or process, a logger, with blanks, bars, dashes or brackets between them. [`read`] takes the parts that are
//! surely there; without a time and a level it reads nothing.

use jiff::civil::DateTime;

use crate::{
    Event,
    envelope::{Stamp, iso_stamp, month},
    field,
    scan::{integer, set_some, split},
};

/// Most parts of a header; what follows is message.
const MAX_PARTS: usize = 10;
/// Longest name of a logger.
const MAX_LOGGER: usize = 160;
/// Longest text in brackets that is a part.
const MAX_BRACKET: usize = 256;

/// What a header says; absent parts are empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header<'r> {
    /// The time.
    pub stamp: Option<Stamp>,
    /// The level as it is written.
    pub level: &'r [u8],
    /// The thread's name.
    pub thread: &'r [u8],
    /// The logger, class or module.
    pub logger: &'r [u8],
    /// The process id.
    pub pid: Option<i64>,
    /// What follows the header.
    pub message: &'r [u8],
}

impl<'r> Header<'r> {
    /// Whether the level says that something failed.
    pub fn is_error(&self) -> bool {
        const ERRORS: [&[u8]; 9] =
            [b"error", b"err", b"severe", b"fatal", b"critical", b"crit", b"emerg", b"panic", b"ftl"];
        ERRORS.iter().any(|error| self.level.eq_ignore_ascii_case(error))
    }

    /// Sets what the header says, and the message in place of the envelope's.
    pub fn describe(&self, event: &mut Event<'r>) {
        if let Some(stamp) = self.stamp {
            event.set_stamp(field::TIMESTAMP, stamp);
        }
        set_some(event, field::LOG_LEVEL, self.level);
        set_some(event, field::LOG_LOGGER, self.logger);
        set_some(event, field::PROCESS_THREAD_NAME, self.thread);
        if let Some(pid) = self.pid {
            event.remove(field::PROCESS_PID);
            event.set_int(field::PROCESS_PID, pid);
        }
        event.replace(field::MESSAGE, self.message);
    }
}

/// Reads a header that has a time and a level.
pub fn read(text: &[u8]) -> Option<Header<'_>> {
    let mut header = Header { message: text, ..Header::default() };
    let mut rest = text;
    for _ in 0..MAX_PARTS {
        let Some(after) = part(rest, &mut header) else { break };
        rest = separators(after);
    }
    header.message = rest;
    (header.stamp.is_some() && !header.level.is_empty()).then_some(header)
}

/// Reads a time and a level, and nothing more.
pub fn time_and_level(text: &[u8]) -> Option<Header<'_>> {
    let (rest, stamp) = stamp_part(text)?;
    let (level, message) = level_part(separators(rest))?;
    Some(Header { stamp: Some(stamp), level, message: separators(message), ..Header::default() })
}

/// Reads the next part of a header and gives what follows; `None`: the message begins.
fn part<'r>(text: &'r [u8], header: &mut Header<'r>) -> Option<&'r [u8]> {
    if header.stamp.is_none()
        && let Some((rest, stamp)) = stamp_part(text)
    {
        header.stamp = Some(stamp);
        return Some(rest);
    }
    if header.level.is_empty()
        && let Some((level, rest)) = level_part(text)
    {
        header.level = level;
        return Some(rest);
    }
    header.stamp?;
    match text.first()? {
        b'[' if header.logger.is_empty() => bracket_part(text, header),
        b'(' if !header.level.is_empty() && header.thread.is_empty() => parenthesis_part(text, header),
        b'0'..=b'9' if header.pid.is_none() => {
            let end = text.iter().position(|b| !b.is_ascii_digit())?;
            // behind the level only Spring Boot's `4711 --- ` is one
            let separate = match header.level {
                b"" => matches!(text.get(end), Some(b' ' | b'|')),
                _ => text[end..].starts_with(b" --- "),
            };
            header.pid = Some(integer(&text[..end]).filter(|_| separate && end < 9)?);
            Some(&text[end..])
        }
        _ if header.logger.is_empty() => logger_part(text, header),
        _ => None,
    }
}

/// A time, in brackets or not.
fn stamp_part(text: &[u8]) -> Option<(&[u8], Stamp)> {
    match text.strip_prefix(b"[") {
        Some(inner) => {
            let (rest, stamp) = stamp(inner)?;
            Some((rest.strip_prefix(b"]").or(rest.strip_prefix(b": ")).or(rest.strip_prefix(b" "))?, stamp))
        }
        None => stamp(text),
    }
}

/// A level: capitals, or any case where brackets, a bar or a colon set it off.
fn level_part(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (open, inner) = match text.first()? {
        b'[' | b'(' | b'<' => (true, text[1..].trim_ascii_start()),
        _ => (false, text),
    };
    let end = inner.iter().take(12).take_while(|b| b.is_ascii_alphabetic()).count();
    let (word, after) = inner.split_at(end);
    if !is_level(word) {
        return None;
    }
    if open {
        let close = after.trim_ascii_start();
        return matches!(close.first(), Some(b']' | b')' | b'>')).then(|| (word, &close[1..]));
    }
    let blanks = after.iter().take_while(|b| **b == b' ').count();
    let set_off = match after.get(blanks) {
        Some(b'|') => true,
        Some(b':') => !matches!(after.get(blanks + 1), Some(b':')),
        Some(b']' | b'/') => word.iter().all(u8::is_ascii_uppercase),
        _ => blanks > 0 && word.iter().all(u8::is_ascii_uppercase),
    };
    // celery writes `[STAMP: LEVEL/Process]`
    let after = match (after.first(), after.iter().take(64).position(|b| *b == b']')) {
        (Some(b'/'), Some(close)) => &after[close..],
        (Some(b'/'), None) => return None,
        _ => after,
    };
    set_off.then(|| (word, after.strip_prefix(b"]").unwrap_or(after)))
}

/// `[main]`, `[4711]`, `[QuorumPeer[myid=1]/…:Leader@85]`: a process, a thread, a logger with its line.
fn bracket_part<'r>(text: &'r [u8], header: &mut Header<'r>) -> Option<&'r [u8]> {
    let end = closing_bracket(text)?;
    let inner = text[1..end].trim_ascii();
    let rest = &text[end + 1..];
    // JBoss: `[logger] (thread)`; Home Assistant: `(thread) [logger]`
    let beside_thread = !header.thread.is_empty() || rest.starts_with(b" (");
    if let Some((thread, logger)) = thread_and_line(inner) {
        (header.thread, header.logger) = (thread, logger);
    } else if !header.level.is_empty() && beside_thread && inner.contains(&b'.') && is_name(inner) {
        header.logger = inner;
    } else if let Some(pid) = integer(inner).filter(|pid| *pid >= 0) {
        header.pid = header.pid.or(Some(pid));
    } else if header.level.is_empty() || header.thread.is_empty() {
        // a diagnostic context (`[myid:1]`, `[,,]`) is no thread
        let name =
            !inner.is_empty() && !inner.starts_with(b"myid:") && !inner.contains(&b',') && !inner.contains(&b'=');
        if !name {
            return Some(rest);
        }
        if !header.thread.is_empty() {
            return None;
        }
        header.thread = inner;
    } else {
        return None;
    }
    Some(rest)
}

/// `(executor-thread-1)` beside a logger in brackets.
fn parenthesis_part<'r>(text: &'r [u8], header: &mut Header<'r>) -> Option<&'r [u8]> {
    let end = text.iter().take(MAX_BRACKET).position(|b| *b == b')')?;
    let (inner, rest) = (&text[1..end], &text[end + 1..]);
    let beside = !header.logger.is_empty() || rest.starts_with(b" [");
    header.thread = Some(inner).filter(|inner| beside && !inner.is_empty())?;
    Some(rest)
}

/// Where the bracket that opens the text closes, brackets inside counted. A text that no bracket opens has none.
pub fn closing_bracket(text: &[u8]) -> Option<usize> {
    text.strip_prefix(b"[")?;
    let mut depth = 0_usize;
    text.iter().take(MAX_BRACKET).position(|byte| {
        match byte {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

/// Log4j's `%t:%C{1}@%L`.
fn thread_and_line(inner: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memrchr(b'@', inner)?;
    let colon = memchr::memrchr(b':', &inner[..at])?;
    let digits = &inner[at + 1..];
    let line = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let class = &inner[colon + 1..at];
    (line && is_name(class)).then(|| (&inner[..colon], class))
}

/// A logger: a name that a colon or a dash ends, or in parentheses or brackets of its own (`(main)`).
fn logger_part<'r>(text: &'r [u8], header: &mut Header<'r>) -> Option<&'r [u8]> {
    let end = text.iter().take(MAX_LOGGER).position(|b| !is_name_byte(*b))?;
    let (name, rest) = text.split_at(end);
    if !is_name(name) {
        return None;
    }
    let blanks = rest.iter().take_while(|b| **b == b' ').count();
    let ends = match (blanks, &rest[blanks..]) {
        (0, [b':', b' ', ..] | [b':'] | [b'|', ..]) => true,
        (1.., [b':', b' ', ..] | [b'-', b' ', ..] | [b'-', b'-', b' ', ..] | [b'|', ..]) => true,
        // before its level a logger stands alone (`STAMP logger LEVEL message`), else only a dotted one is sure
        (1.., [b'[', ..]) => name.contains(&b'.'),
        (1.., next) => header.level.is_empty() && level_part(next).is_some(),
        _ => false,
    };
    if !ends {
        return None;
    }
    header.logger = name;
    Some(rest)
}

/// A class, module or component: a word that begins with a letter.
fn is_name(text: &[u8]) -> bool {
    text.len() > 1 && text[0].is_ascii_alphabetic() && text.iter().all(|b| is_name_byte(*b))
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'$' | b'-' | b'/' | b'@' | b'#')
}

/// Blanks, bars, dashes and colons between parts.
fn separators(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii_start();
    for mark in [&b"--- "[..], b"-- ", b"- ", b"| ", b": ", b"|", b":"] {
        if let Some(rest) = text.strip_prefix(mark) {
            return rest.trim_ascii_start();
        }
    }
    text
}

/// Names of levels: syslog's, Log4j's, Python's, java.util.logging's and Serilog's three letters.
pub fn is_level(word: &[u8]) -> bool {
    let mut lower = [0_u8; 11];
    let Some(lower) = lower.get_mut(..word.len()) else { return false };
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    LEVELS.contains(&&*lower)
}

const LEVELS: &[&[u8]] = &[
    b"trace",
    b"verbose",
    b"debug",
    b"info",
    b"information",
    b"notice",
    b"warn",
    b"warning",
    b"err",
    b"error",
    b"severe",
    b"crit",
    b"critical",
    b"fatal",
    b"alert",
    b"emerg",
    b"emergency",
    b"panic",
    b"audit",
    b"config",
    b"fine",
    b"finer",
    b"finest",
    b"inf",
    b"wrn",
    b"dbg",
    b"ftl",
    b"trc",
    b"vrb",
    b"eror",
];

/// A time in the notations of application logs, and what follows it: ISO 8601 in all spellings, `22 Nov 2026 09:14:07,250`,
/// `22-Nov-2026 09:14:07.250`, `22.11.2026 09:14:07`, `26/11/22 09:14:07`, `261122 091407`, `261122  9:14:07`,
/// `20261122-9:14:07:250`.
pub fn stamp(text: &[u8]) -> Option<(&[u8], Stamp)> {
    if !text.first()?.is_ascii_digit() {
        return None;
    }
    if let Some((rest, stamp, _)) = iso_stamp(text) {
        return Some((rest, stamp));
    }
    let digits = text.iter().take(9).take_while(|b| b.is_ascii_digit()).count();
    let (first, rest) = text.split_at(digits);
    let number = |text: &[u8]| integer(text).and_then(|n| i16::try_from(n).ok());
    let (year, month, day, rest) = match (digits, rest) {
        (6, [b' ', ..]) => (2000 + number(&first[..2])?, number(&first[2..4])?, number(&first[4..])?, rest),
        (8, [b' ' | b'-' | b'T', ..]) => (number(&first[..4])?, number(&first[4..6])?, number(&first[6..])?, rest),
        (1 | 2, [mark @ (b' ' | b'-' | b'/'), a, b, c, second, tail @ ..]) if second == mark => {
            let named = i16::from(month(&[*a, *b, *c])?);
            let year = number(tail.get(..4)?)?;
            (year, named, number(first)?, &tail[4..])
        }
        (2, [b'/', a, b, b'/', c, d, tail @ ..]) if matches!(tail.first(), Some(b' ')) => {
            (2000 + number(first)?, number(&[*a, *b])?, number(&[*c, *d])?, tail)
        }
        (2, [b'.', a, b, b'.', tail @ ..]) => (number(tail.get(..4)?)?, number(&[*a, *b])?, number(first)?, &tail[4..]),
        _ => return None,
    };
    let (rest, [hour, minute, second], nano) = clock(rest.get(1..)?.trim_ascii_start())?;
    let civil = DateTime::new(year, month as i8, day as i8, hour, minute, second, nano).ok()?;
    Some((rest, Stamp { civil, has_year: true, offset: None }))
}

/// `9:14:07`, `09:14:07.250`, `09:14:07,250`, `9:14:7:250` or `091407`.
fn clock(text: &[u8]) -> Option<(&[u8], [i8; 3], i32)> {
    let number = |text: &[u8]| integer(text).and_then(|n| i8::try_from(n).ok());
    if text.get(..6)?.iter().all(u8::is_ascii_digit) {
        let parts = [number(&text[..2])?, number(&text[2..4])?, number(&text[4..6])?];
        return Some((&text[6..], parts, 0));
    }
    let mut rest = text;
    let mut parts = [0; 3];
    for (at, part) in parts.iter_mut().enumerate() {
        if at > 0 {
            rest = rest.strip_prefix(b":")?;
        }
        let digits = rest.iter().take(3).take_while(|b| b.is_ascii_digit()).count();
        *part = number(rest.get(..digits).filter(|_| (1..=2).contains(&digits))?)?;
        rest = &rest[digits..];
    }
    let mut nano = 0;
    if let [b'.' | b',' | b':', fraction @ ..] = rest {
        let digits = fraction.iter().take(9).take_while(|b| b.is_ascii_digit()).count();
        if digits > 0 {
            nano = (0..9).fold(0, |n, at| n * 10 + if at < digits { i32::from(fraction[at] - b'0') } else { 0 });
            rest = &fraction[digits..];
        }
    }
    parts[2] = parts[2].min(59);
    Some((rest, parts, nano))
}

/// `11/02/2026, 7:32:47 PM`: who writes AM and PM writes the month first.
pub fn american(text: &[u8]) -> Option<(&[u8], Stamp)> {
    if !(text.ends_with(b" AM") || text.ends_with(b" PM")) {
        return None;
    }
    slashed_in(text, |month, day| Some((day, month)))
}

/// `22/11/2026 09:14:07` or `11/22/26 09:14:07 AM`: read only where one of the two orders is no date, or both are one.
pub fn slashed(text: &[u8]) -> Option<(&[u8], Stamp)> {
    slashed_in(text, |first, second| match (first, second) {
        (13.., 1..=12) => Some((first, second)),
        (1..=12, 13..) => Some((second, first)),
        _ => (first == second).then_some((first, second)),
    })
}

/// A date with slashes; `order` says which number is the day and which the month.
fn slashed_in(text: &[u8], order: impl Fn(i16, i16) -> Option<(i16, i16)>) -> Option<(&[u8], Stamp)> {
    let number = |text: &[u8]| integer(text).and_then(|n| i16::try_from(n).ok());
    let (first, rest) = split(text.get(..text.len().min(40))?, b"/").filter(|(first, _)| first.len() <= 2)?;
    let (second, rest) = split(rest, b"/").filter(|(second, _)| second.len() <= 2)?;
    let digits = rest.iter().take(5).take_while(|b| b.is_ascii_digit()).count();
    let year = match digits {
        2 => 2000 + number(&rest[..2])?,
        4 => number(&rest[..4])?,
        _ => return None,
    };
    let (day, month) = order(number(first)?, number(second)?)?;
    let rest = rest[digits..].strip_prefix(b", ").or(rest[digits..].strip_prefix(b" "))?;
    let (rest, [hour, minute, second], nano) = clock(rest)?;
    let hour = match rest {
        [b' ', b'A', b'M', ..] => hour % 12,
        [b' ', b'P', b'M', ..] => hour % 12 + 12,
        _ => hour,
    };
    let civil = DateTime::new(year, month as i8, day as i8, hour, minute, second, nano).ok()?;
    Some((rest, Stamp { civil, has_year: true, offset: None }))
}

/// Kafka's and Solr's way: the logger stands in parentheses behind the message.
pub fn trailing_logger(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let inner = message.strip_suffix(b")")?;
    let open = inner.iter().rposition(|b| *b == b'(')?;
    let (before, logger) = (&inner[..open], &inner[open + 1..]);
    let named = logger.contains(&b'.') && !logger.contains(&b'/') && is_name(logger);
    (before.ends_with(b" ") && named).then(|| (before.trim_ascii_end(), logger))
}

/// The words between single quotes that follow `mark`.
pub fn quoted_after<'r>(text: &'r [u8], mark: &[u8]) -> Option<&'r [u8]> {
    let (_, rest) = split(text, mark)?;
    let rest = rest.strip_prefix(b"'")?;
    Some(&rest[..rest.iter().position(|b| *b == b'\'')?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<[String; 5]> {
        let header = read(text.as_bytes())?;
        let pid = header.pid.map(|pid| pid.to_string()).unwrap_or_default();
        let word = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
        Some([word(header.level), word(header.thread), word(header.logger), pid, word(header.message)])
    }

    #[test]
    fn the_usual_layouts_give_their_parts() {
        for (text, expected) in [
            (
                "2026-11-22 09:14:07,250 INFO [main] com.example.Shop: ready",
                ["INFO", "main", "com.example.Shop", "", "ready"],
            ),
            ("2026-11-22 09:14:07.250 [main] WARN  c.e.Shop - slow", ["WARN", "main", "c.e.Shop", "", "slow"]),
            (
                "2026-11-22 09:14:07,250 [myid:1] - INFO  [Peer[myid=1](plain=/0.0.0.0:1):Leader@85] - x = 5",
                ["INFO", "Peer[myid=1](plain=/0.0.0.0:1)", "Leader", "", "x = 5"],
            ),
            (
                "26/11/22 09:14:07 INFO executor.Executor: Running task",
                ["INFO", "", "executor.Executor", "", "Running task"],
            ),
            ("261122 091407 19 INFO dfs.DataNode: Served", ["INFO", "", "dfs.DataNode", "19", "Served"]),
            (
                "2026-11-22T09:14:07.250+01:00  INFO 4711 --- [main] o.e.Shop : Started: yes",
                ["INFO", "main", "o.e.Shop", "4711", "Started: yes"],
            ),
            ("2026-11-22 09:14:07,250 - shop.cart - ERROR - no disk", ["ERROR", "", "shop.cart", "", "no disk"]),
            ("[2026-11-22 09:14:07 +0000] [4711] [INFO] Booting worker", ["INFO", "", "", "4711", "Booting worker"]),
            ("[2026-11-22 09:14:07,250: WARNING/MainProcess] lost", ["WARNING", "", "", "", "lost"]),
            ("2026-11-22 09:14:07.2|Info|Bootstrap|Starting", ["Info", "", "Bootstrap", "", "Starting"]),
            (
                "22-Nov-2026 09:14:07.250 SEVERE [main] org.a.Server.start failed",
                ["SEVERE", "main", "", "", "org.a.Server.start failed"],
            ),
            ("2026-11-22 09:14:07,250 INFO  [io.quarkus] (main) ready", ["INFO", "main", "io.quarkus", "", "ready"]),
            ("22.11.2026 09:14:07 [ERR] no way", ["ERR", "", "", "", "no way"]),
        ] {
            assert_eq!(parts(text).as_ref().map(|p| p.each_ref().map(String::as_str)), Some(expected), "{text}");
        }
    }

    #[test]
    fn prose_behind_a_time_is_no_level() {
        for text in [
            "2026-11-22 09:14:07 error opening the door",
            "2026-11-22 09:14:07 status installed libssl3:amd64 3.0.22",
            "INFO only a level",
            "2026-11-22 09:14:07",
            "",
            "[",
            "99/99/99 99:99:99 INFO x",
        ] {
            assert_eq!(parts(text), None, "{text}");
        }
    }

    #[test]
    fn a_logger_may_stand_behind_the_message() {
        assert_eq!(trailing_logger(b"Loading (kafka.log.Log)"), Some((&b"Loading"[..], &b"kafka.log.Log"[..])));
        assert_eq!(trailing_logger(b"Loading (3 of 4)"), None);
    }
}
