//! Messages with holes, as a program's own source writes them: `Failed login for {user.name} from {source}`.
//!
//! A format whose messages are sentences is a table of [`Says`]. A hole in braces names the field that it fills:
//!
//! | hole | takes | sets |
//! | --- | --- | --- |
//! | `{user.name}` | any text up to what follows it | the field, unless empty |
//! | `{user.name:word}` | up to a blank | the field |
//! | `{event.reason:last}` | any text up to the last of what follows it | the field |
//! | `{event.code:number}` | digits; fields that are numbers in ECS always do | the field as integer |
//! | `{source}` `{destination}` | an address or a host name | address, and IP or domain |
//! | `{source.ip}` `{destination.ip}` | an IP address, nothing else | address and IP |
//! | `{source.peer}` `{destination.peer}` | a mail server's peer: `host[192.0.2.1]:25`, `host (helo) [192.0.2.1]` | address, IP, domain and port |
//! | `{email.local_id:id}` | letters, digits and `-`, six or more, a digit among them | the field |
//! | `{sender}` `{recipient}` | a mail address | `email.from.address`, `email.to.address`; its domain where no host is named |
//! | `{rest}` | any text | nothing; like `{message}` in a frame |
//! | `{url}` | any text | `url.original` and its parts |
//! | `{@timestamp}` | a time | the event's time |
//! | `{*}` `{_}` `{#}` | any text, one word, digits | nothing |
//! | `{network.protocol=smtp}` | nothing | the field, to this word, unless it is set |
//!
//! Two blanks stand for any number of them; `{?Info: }` stands for a text that may be missing.
//!
//! Text in a hole may be an outsider's, and hold whatever stands around holes: `x from 192.0.2.1`. Where a message can be
//! divided in two ways that put different addresses into it, neither is believed and the address is left out.

use memchr::memmem;

use crate::{
    Event, Field,
    envelope::{Stamp, bsd_stamp, iso_stamp, with_year},
    field,
    scan::{integer, ip, rsplit, set_destination, set_number, set_some, set_source},
    time,
    web::{clf_stamp, set_url},
};

/// Most places of a mark that are tried for the end of one hole.
const MAX_TRIES: usize = 32;
/// Most divisions of one message that are tried.
const MAX_STEPS: usize = 256;
/// Most holes of one message.
const MAX_HOLES: usize = 32;

/// What `event.category`, `type`, `action` and `outcome` are; empty where the message does not decide it.
pub type Class = [&'static str; 4];

/// One message: its text with holes, and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Says {
    /// The whole message, holes in braces.
    pub text: &'static str,
    /// What it means.
    pub class: Class,
}

/// Shorthand for a table's rows.
pub const fn says(text: &'static str, class: Class) -> Says {
    Says { text, class }
}

/// A login that succeeded.
pub const LOGGED_IN: Class = ["authentication", "start", "login", "success"];
/// A login that failed.
pub const LOGIN_FAILED: Class = ["authentication", "start", "login", "failure"];
/// The end of a session.
pub const LOGGED_OUT: Class = ["session", "end", "logout", ""];
/// A connection.
pub const CONNECTED: Class = ["network", "connection", "connection", ""];
/// Nothing that ECS has a word for.
pub const TOLD: Class = ["", "", "", ""];

/// A table of messages, prepared.
#[derive(Debug)]
pub struct Messages {
    list: Vec<Message>,
}

#[derive(Debug)]
struct Message {
    pieces: Vec<Piece>,
    /// What the message means without saying it.
    always: Vec<(Field, &'static str)>,
    class: Class,
    /// An address stands behind text that may be an outsider's.
    doubtful: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece {
    Text(&'static str),
    /// One blank or more.
    Blanks,
    /// A text that may be missing.
    Maybe(&'static str),
    Hole(Sets, Takes),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Sets {
    Nothing,
    Field(Field),
    Source,
    Destination,
    SourcePeer,
    DestinationPeer,
    Sender,
    Recipient,
    Rest,
    Url,
    Time,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Takes {
    Text,
    Last,
    Word,
    Digits,
    Host,
    Peer,
    Id,
    Ip,
    Time,
}

/// Where the holes lie, in order.
type Holes<'r> = [&'r [u8]; MAX_HOLES];

impl Messages {
    /// Prepares a table. The first message that fits is taken, so the more particular stand first.
    pub fn new(table: &[Says]) -> Messages {
        Messages { list: table.iter().map(Message::new).collect() }
    }

    /// A table that nothing fits.
    pub fn none() -> Messages {
        Messages::new(&[])
    }

    /// Reads a text that is one of the messages from its first to its last byte, and sets what its holes hold.
    pub fn read<'r>(&self, text: &'r [u8], event: &mut Event<'r>) -> Option<()> {
        self.list.iter().find_map(|message| message.read(text, event)).map(|_| ())
    }

    /// The same for what stands around a message: returns what the hole `{message}` holds.
    pub fn frame<'r>(&self, text: &'r [u8], event: &mut Event<'r>) -> Option<&'r [u8]> {
        self.list.iter().find_map(|frame| frame.read(text, event).map(|holes| frame.message(&holes)))
    }

    /// What `{message}` holds, without setting anything.
    pub fn framed<'r>(&self, text: &'r [u8]) -> Option<&'r [u8]> {
        self.list.iter().find_map(|frame| frame.divide(text, false).map(|holes| frame.message(&holes)))
    }

    /// Whether a text is one of the messages.
    pub fn fits(&self, text: &[u8]) -> bool {
        self.list.iter().any(|message| message.divide(text, false).is_some())
    }
}

impl Message {
    fn new(says: &Says) -> Message {
        let (mut pieces, mut always) = (Vec::new(), Vec::new());
        let mut rest = says.text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            push_text(&mut pieces, before);
            rest = behind;
            if let Some(words) = name.strip_prefix('?') {
                pieces.push(Piece::Maybe(words));
            } else if let Some((name, word)) = name.split_once('=') {
                always.extend(Field::intern(name).map(|field| (field, word)));
            } else {
                pieces.push(hole(name));
            }
        }
        push_text(&mut pieces, rest);
        let open = pieces.iter().position(|piece| matches!(piece, Piece::Hole(_, Takes::Text)));
        let address = pieces.iter().rposition(|piece| piece.is_address());
        let doubtful = open.zip(address).is_some_and(|(open, at)| open < at);
        Message { doubtful, pieces, always, class: says.class }
    }

    fn divide<'r>(&self, text: &'r [u8], from_right: bool) -> Option<Holes<'r>> {
        let mut holes: Holes<'r> = [b""; MAX_HOLES];
        let mut search = Search { from_right, steps: 0 };
        search.divide(&self.pieces, text, &mut holes, 0).then_some(holes)
    }

    fn read<'r>(&self, text: &'r [u8], event: &mut Event<'r>) -> Option<Holes<'r>> {
        let holes = self.divide(text, false)?;
        let other = if self.doubtful { self.divide(text, true) } else { None };
        let places = || self.places();
        let sure = other.is_none_or(|other| {
            places().enumerate().all(|(at, piece)| !piece.is_address() || std::ptr::eq(holes[at], other[at]))
        });
        for (value, piece) in holes.into_iter().zip(places()) {
            if let Piece::Hole(sets, takes) = *piece
                && (sure || !piece.belongs_to_address())
            {
                set(event, sets, takes, value);
            }
        }
        for (field, word) in &self.always {
            if event.get(*field).is_none() {
                event.set_static(*field, word);
            }
        }
        for (piece, side) in self.places().zip(holes) {
            match piece {
                Piece::Hole(Sets::Sender, _) => set_mail_domain(event, field::SOURCE_ADDRESS, side, set_source),
                Piece::Hole(Sets::Recipient, _) => {
                    set_mail_domain(event, field::DESTINATION_ADDRESS, side, set_destination)
                }
                _ => {}
            }
        }
        let [category, kind, action, outcome] = self.class;
        event.classify(category, kind, action, outcome);
        Some(holes)
    }

    fn places(&self) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(|piece| matches!(piece, Piece::Hole(..)))
    }

    /// What the hole for the message holds.
    fn message<'r>(&self, holes: &Holes<'r>) -> &'r [u8] {
        let is_message = |piece: &Piece| matches!(piece, Piece::Hole(Sets::Field(field::MESSAGE) | Sets::Rest, _));
        self.places().position(is_message).map_or(b"", |at| holes[at])
    }
}

impl Piece {
    fn is_address(&self) -> bool {
        matches!(self, Piece::Hole(Sets::Source | Sets::Destination | Sets::SourcePeer | Sets::DestinationPeer, _))
    }

    fn belongs_to_address(&self) -> bool {
        self.is_address() || matches!(self, Piece::Hole(Sets::Field(field::SOURCE_PORT | field::DESTINATION_PORT), _))
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &'static str) {
    for (at, part) in text.split("  ").enumerate() {
        if at > 0 {
            pieces.push(Piece::Blanks);
        }
        if !part.is_empty() {
            pieces.push(Piece::Text(part));
        }
    }
}

fn hole(text: &'static str) -> Piece {
    let (name, shape) = text.split_once(':').unwrap_or((text, ""));
    let (sets, takes) = match name {
        "*" => (Sets::Nothing, Takes::Text),
        "_" => (Sets::Nothing, Takes::Word),
        "#" => (Sets::Nothing, Takes::Digits),
        "source" => (Sets::Source, Takes::Host),
        "source.ip" => (Sets::Source, Takes::Ip),
        "destination" => (Sets::Destination, Takes::Host),
        "destination.ip" => (Sets::Destination, Takes::Ip),
        "source.peer" => (Sets::SourcePeer, Takes::Peer),
        "destination.peer" => (Sets::DestinationPeer, Takes::Peer),
        "sender" => (Sets::Sender, Takes::Text),
        "recipient" => (Sets::Recipient, Takes::Text),
        "rest" => (Sets::Rest, Takes::Text),
        "url" => (Sets::Url, Takes::Text),
        "@timestamp" => (Sets::Time, Takes::Time),
        _ => {
            let sets = Field::intern(name).map_or(Sets::Nothing, Sets::Field);
            let number = [".port", ".pid", ".bytes", ".status_code", ".thread.id", ".line"];
            (sets, if number.iter().any(|end| name.ends_with(end)) { Takes::Digits } else { Takes::Text })
        }
    };
    let takes = match shape {
        "word" => Takes::Word,
        "id" => Takes::Id,
        "last" => Takes::Last,
        "number" => Takes::Digits,
        "ip" => Takes::Ip,
        "text" => Takes::Text,
        _ => takes,
    };
    Piece::Hole(sets, takes)
}

struct Search {
    from_right: bool,
    steps: usize,
}

impl Search {
    fn divide<'r>(&mut self, pieces: &[Piece], text: &'r [u8], holes: &mut Holes<'r>, filled: usize) -> bool {
        self.steps += 1;
        let Some((piece, behind)) = pieces.split_first() else { return text.is_empty() };
        if self.steps > MAX_STEPS || filled >= MAX_HOLES {
            return false;
        }
        let takes = match piece {
            Piece::Text(words) => {
                return text
                    .strip_prefix(words.as_bytes())
                    .is_some_and(|rest| self.divide(behind, rest, holes, filled));
            }
            Piece::Blanks => {
                let blanks = text.iter().take_while(|b| **b == b' ').count();
                return blanks > 0 && self.divide(behind, &text[blanks..], holes, filled);
            }
            Piece::Maybe(words) => {
                let with = text.strip_prefix(words.as_bytes());
                return with.is_some_and(|rest| self.divide(behind, rest, holes, filled))
                    || self.divide(behind, text, holes, filled);
            }
            Piece::Hole(_, takes) => takes,
        };
        let reach = match takes {
            Takes::Text | Takes::Last | Takes::Word => return self.divide_open(*takes, behind, text, holes, filled),
            Takes::Digits => Some(text.iter().take_while(|b| b.is_ascii_digit()).count()).filter(|len| *len > 0),
            Takes::Ip => ip_len(text),
            Takes::Host => host_len(text),
            Takes::Peer => Peer::read(text).map(|peer| peer.len),
            Takes::Id => id_len(text),
            Takes::Time => stamp(text).map(|(_, len)| len),
        };
        let Some(len) = reach else { return false };
        holes[filled] = &text[..len];
        self.divide(behind, &text[len..], holes, filled + 1)
    }

    /// A hole that ends where the words behind it stand, or with the text.
    fn divide_open<'r>(
        &mut self,
        takes: Takes,
        behind: &[Piece],
        text: &'r [u8],
        holes: &mut Holes<'r>,
        filled: usize,
    ) -> bool {
        let (least, room) = match takes {
            Takes::Word => (1, memchr::memchr2(b' ', b'\t', text).unwrap_or(text.len())),
            _ => (0, text.len()),
        };
        let from_right = self.from_right || takes == Takes::Last;
        let mut at = |end: usize| {
            holes[filled] = &text[..end];
            end >= least && end <= room && self.divide(behind, &text[end..], holes, filled + 1)
        };
        let mark = match behind.first() {
            Some(Piece::Text(mark)) => mark.as_bytes(),
            Some(Piece::Blanks) => b" ",
            _ => return at(room),
        };
        let within = &text[..text.len().min(room + mark.len())];
        if from_right {
            return memmem::rfind_iter(within, mark).take(MAX_TRIES).any(&mut at);
        }
        memmem::find_iter(within, mark).take(MAX_TRIES).any(&mut at)
    }
}

/// Bytes of the IP address at the start of a text; what ends a sentence or begins a port is no part of it.
fn ip_len(text: &[u8]) -> Option<usize> {
    let run = text.iter().take(64).take_while(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.')).count();
    let mut candidate = &text[..run];
    for _ in 0..3 {
        if ip(candidate).is_some() {
            return Some(candidate.len());
        }
        let cut = candidate.iter().rposition(|b| matches!(b, b':' | b'.'))?;
        candidate = &candidate[..cut];
    }
    None
}

/// Bytes of the address or host name at the start of a text.
fn host_len(text: &[u8]) -> Option<usize> {
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.') || *b >= 0x80;
    if let Some(len) = ip_len(text).filter(|len| !text.get(*len).is_some_and(|b| is_part(b) && *b != b'.')) {
        return Some(len);
    }
    let run = text.iter().take(crate::envelope::MAX_HOST).take_while(|b| is_part(b)).count();
    let len = run - usize::from(run > 0 && text[run - 1] == b'.');
    (len > 0).then_some(len)
}

/// Bytes of an identifier: letters, digits and `-`, six or more, a digit among them.
fn id_len(text: &[u8]) -> Option<usize> {
    let run = text.iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    let has = |what: fn(&u8) -> bool| text[..run].iter().any(what);
    // digits with dashes are a date
    let is_id = has(u8::is_ascii_digit) && (has(u8::is_ascii_alphabetic) || !has(|b| *b == b'-'));
    (run >= 6 && is_id).then_some(run)
}

const SOURCE: [Field; 4] = [field::SOURCE_ADDRESS, field::SOURCE_IP, field::SOURCE_DOMAIN, field::SOURCE_PORT];
const DESTINATION: [Field; 4] =
    [field::DESTINATION_ADDRESS, field::DESTINATION_IP, field::DESTINATION_DOMAIN, field::DESTINATION_PORT];

/// The other side of a mail connection: the name that DNS gave and the address in brackets; between them some servers
/// put what the client called itself, in parentheses and without a blank.
struct Peer<'r> {
    name: &'r [u8],
    address: &'r [u8],
    port: &'r [u8],
    len: usize,
}

impl<'r> Peer<'r> {
    fn read(text: &'r [u8]) -> Option<Peer<'r>> {
        let part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.') || *b >= 0x80;
        let name = text.iter().take(crate::envelope::MAX_HOST).take_while(|b| part(b)).count();
        let mut rest = text[name..].strip_prefix(b" ").unwrap_or(&text[name..]);
        if let Some(inner) = rest.strip_prefix(b"(") {
            let end = memmem::find(&inner[..inner.len().min(crate::envelope::MAX_HOST)], b") ")?;
            rest = (!inner[..end].contains(&b' ')).then_some(&inner[end + 2..])?;
        }
        let inner = rest.strip_prefix(b"[")?;
        let inner = inner.strip_prefix(b"IPv6:").unwrap_or(inner);
        let address = &inner[..ip_len(inner)?];
        let mut rest = inner[address.len()..].strip_prefix(b"]")?;
        let mut port: &[u8] = b"";
        if let Some(after) = rest.strip_prefix(b":") {
            let digits = after.iter().take(5).take_while(|b| b.is_ascii_digit()).count();
            if digits > 0 {
                (port, rest) = after.split_at(digits);
            }
        }
        Some(Peer { name: &text[..name], address, port, len: text.len() - rest.len() })
    }

    fn set(&self, event: &mut Event<'r>, [address, number, domain, port]: [Field; 4]) {
        let named = !matches!(self.name, b"" | b"unknown" | b"NULL") && ip(self.name).is_none();
        // who comes is known by a name, where we went by the address that was tried
        event.set(address, if named && address == field::SOURCE_ADDRESS { self.name } else { self.address });
        event.set(number, self.address);
        if named {
            event.set(domain, self.name);
        }
        set_number(event, port, self.port);
    }
}

/// A mail goes to its recipient's domain and comes from its sender's, unless a host is named.
fn set_mail_domain(event: &mut Event<'_>, address: Field, mail: &[u8], set: fn(&mut Event<'_>, &[u8])) {
    if let Some((_, domain)) = rsplit(mail, b"@")
        && event.get(address).is_none()
        && host_len(domain) == Some(domain.len())
    {
        set(event, domain);
    }
}

fn set<'r>(event: &mut Event<'r>, sets: Sets, takes: Takes, value: &'r [u8]) {
    match sets {
        Sets::Nothing | Sets::Rest => {}
        Sets::SourcePeer | Sets::DestinationPeer => {
            let Some(peer) = Peer::read(value) else { return };
            peer.set(event, if sets == Sets::SourcePeer { SOURCE } else { DESTINATION });
        }
        Sets::Sender => set_some(event, field::EMAIL_FROM, value),
        Sets::Recipient => set_some(event, field::EMAIL_TO, value),
        Sets::Source => set_source(event, value),
        Sets::Destination => set_destination(event, value),
        Sets::Url => set_url(event, value),
        Sets::Time => {
            if let Some((stamp, _)) = stamp(value) {
                event.set_stamp(field::TIMESTAMP, stamp);
            }
        }
        Sets::Field(field::PROCESS_PID) => {
            event.remove(field::PROCESS_PID);
            set_number(event, field::PROCESS_PID, value);
        }
        Sets::Field(field) if takes == Takes::Digits => set_number(event, field, value),
        Sets::Field(one @ (field::MESSAGE | field::PROCESS_NAME | field::HOST_NAME)) => event.replace(one, value),
        Sets::Field(field) => set_some(event, field, value),
    }
}

/// A time as programs write them into their own files, and its length in bytes: ISO 8601 with any separators, Apache's
/// `22/Nov/2026:09:14:07 +0100`, C's `Sun Nov 22 09:14:07 2026`, BIND's `22-Nov-2026 09:14:07.250`, seconds since 1970.
pub fn stamp(text: &[u8]) -> Option<(Stamp, usize)> {
    if let Some((rest, stamp, _)) = iso_stamp(text) {
        return Some((stamp, text.len() - rest.len()));
    }
    if text.get(2) == Some(&b'/')
        && let Some(stamp) = text.get(..26).and_then(clf_stamp)
    {
        return Some((stamp, 26));
    }
    if text.get(8) == Some(&b'-') && text[..8].iter().all(u8::is_ascii_digit) {
        return compact(text);
    }
    if matches!(text.get(2), Some(b'-' | b'/' | b' ')) && text.first().is_some_and(u8::is_ascii_digit) {
        return day_first(text);
    }
    if let Some((rest, found)) = asctime(text) {
        return Some((found, text.len() - rest.len()));
    }
    let digits = text.iter().take(20).take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    let digits = digits - usize::from(digits > 0 && text[digits - 1] == b'.');
    (digits >= 10).then(|| time::read(&text[..digits])).flatten().map(|stamp| (stamp, digits))
}

/// `[Sun ]Nov 22 09:14:07[.250][ 2026]`
fn asctime(text: &[u8]) -> Option<(&[u8], Stamp)> {
    let text = match text {
        [b'A'..=b'Z', b'a'..=b'z', b'a'..=b'z', b' ', b'A'..=b'Z', ..] => &text[4..],
        _ => text,
    };
    let (rest, found) = bsd_stamp(text)?;
    let year = rest.strip_prefix(b" ").and_then(|r| r.get(..4)).filter(|y| matches!(y, [b'1' | b'2', ..]));
    match year.and_then(integer).and_then(|year| with_year(found.civil, year as i16)) {
        Some(civil) if !found.has_year => Some((&rest[5..], Stamp { civil, has_year: true, ..found })),
        _ => Some((rest, found)),
    }
}

/// `22-Nov-2026 09:14:07[.250]` and `22 Nov 2026 09:14:07[,250]`
fn day_first(text: &[u8]) -> Option<(Stamp, usize)> {
    let number = |range| integer(text.get(range)?);
    let month = crate::envelope::month(text.get(3..6)?)?;
    if !matches!(text.get(11), Some(b' ' | b'T' | b':')) {
        return None;
    }
    let civil = jiff::civil::DateTime::new(
        number(7..11)? as i16,
        month,
        number(0..2)? as i8,
        number(12..14)? as i8,
        number(15..17)? as i8,
        number(18..20)?.min(59) as i8,
        0,
    )
    .ok()?;
    let mut len = 20;
    let mut nanos = 0;
    if matches!(text.get(20), Some(b'.' | b',')) {
        let digits = text[21..].iter().take(9).take_while(|b| b.is_ascii_digit()).count();
        let padded = text[21..21 + digits].iter().chain(std::iter::repeat(&b'0')).take(9);
        nanos = padded.fold(0, |n, digit| n * 10 + i32::from(digit - b'0'));
        len += 1 + digits;
    }
    let civil = civil.with().subsec_nanosecond(nanos).build().ok()?;
    let mut offset = None;
    if let [b' ', sign @ (b'+' | b'-'), zone @ ..] = &text[len..]
        && let Some(zone) = zone.get(..4).filter(|zone| zone.iter().all(u8::is_ascii_digit)).and_then(integer)
    {
        let seconds = (zone / 100 * 3_600 + zone % 100 * 60) as i32;
        offset = Some(if *sign == b'-' { -seconds } else { seconds });
        len += 6;
    }
    Some((Stamp { civil, has_year: true, offset }, len))
}

/// `20261122-09:14:07`
fn compact(text: &[u8]) -> Option<(Stamp, usize)> {
    let number = |range| integer(text.get(range)?);
    let clock = text.get(9..17).filter(|clock| clock[2] == b':' && clock[5] == b':')?;
    let part = |at: usize| integer(&clock[at..at + 2]);
    let (year, month, day) = (number(0..4)? as i16, number(4..6)? as i8, number(6..8)? as i8);
    let (hour, minute, second) = (part(0)? as i8, part(3)? as i8, part(6)?.min(59) as i8);
    let civil = jiff::civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    Some((Stamp { civil, has_year: true, offset: None }, 17))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Origin, Record, Transport};

    fn read(text: &'static str, says_: &[Says]) -> Option<Vec<(String, String)>> {
        let origin = Origin::new(Transport::File, "test");
        let received = "2026-11-22T12:00:00Z".parse().unwrap();
        let record = Record { received, origin: &origin, kind: Kind::Line, truncated: false, raw: text.as_bytes() };
        let mut event = Event::new(&record);
        Messages::new(says_).read(text.as_bytes(), &mut event)?;
        let value = |v| event.value_text(v).unwrap_or_default().into_owned();
        Some(event.fields().iter().map(|(f, v)| (f.name().to_owned(), value(*v))).collect())
    }

    fn pairs(list: &[(&str, &str)]) -> Option<Vec<(String, String)>> {
        Some(list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect())
    }

    const FAILED: &[Says] = &[says("login failed for {user.name} from {source.ip}:{source.port}{*}", [""; 4])];

    #[test]
    fn holes_fill_their_fields() {
        let found = read("login failed for a b from 192.0.2.1:22, bye", FAILED);
        let expected =
            [("user.name", "a b"), ("source.address", "192.0.2.1"), ("source.ip", "192.0.2.1"), ("source.port", "22")];
        assert_eq!(found, pairs(&expected));
        assert_eq!(read("login failed for a from nowhere:22", FAILED), None);
    }

    /// The texts of each table in a source file.
    fn tables(source: &str) -> impl Iterator<Item = Vec<&str>> {
        let tables = source.split(": &[Says] =").skip(1).filter_map(|rest| rest.split("];").next());
        tables.map(|table| table.split("says(").skip(1).filter_map(literal).collect())
    }

    /// The string literal that a text begins with, as it is written.
    fn literal(text: &str) -> Option<&str> {
        let text = text.trim_start();
        if let Some(raw) = text.strip_prefix("r#\"") {
            return raw.split("\"#").next();
        }
        let inner = text.strip_prefix('"')?;
        let (end, _) = inner.match_indices('"').find(|(at, _)| !inner[..*at].ends_with('\\'))?;
        Some(&inner[..end])
    }

    fn each_source(folder: &std::path::Path, look: &mut impl FnMut(&std::path::Path, &str)) {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match path.is_dir() {
                true => each_source(&path, look),
                false => look(&path, &std::fs::read_to_string(&path).unwrap()),
            }
        }
    }

    #[test]
    fn no_table_says_the_same_twice() {
        let formats = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/formats");
        let mut rows = 0;
        each_source(&formats, &mut |path, source| {
            for mut table in tables(source) {
                rows += table.len();
                table.sort_unstable();
                let twice = table.windows(2).find(|pair| pair[0] == pair[1]);
                assert_eq!(twice, None, "the second row can never be reached: {}", path.display());
            }
        });
        assert!(rows > 1_000, "only {rows} rows were found");
    }

    #[test]
    fn what_a_message_means_without_saying_it_is_set_too() {
        let table = &[says("helo {source.ip}{network.protocol=smtp}", [""; 4])];
        let expected = [("source.address", "192.0.2.1"), ("source.ip", "192.0.2.1"), ("network.protocol", "smtp")];
        assert_eq!(read("helo 192.0.2.1", table), pairs(&expected));
    }

    #[test]
    fn an_address_that_may_be_forged_is_left_out() {
        let found = read("login failed for x from 192.0.2.1:22 from 203.0.113.5:22", FAILED).unwrap();
        assert!(found.iter().all(|(name, _)| !name.starts_with("source.")), "{found:?}");
        let ended = &[says("no {user.name} from {source.ip}", [""; 4])];
        let found = read("no x from 192.0.2.1 from 203.0.113.5", ended);
        let expected =
            [("user.name", "x from 192.0.2.1"), ("source.address", "203.0.113.5"), ("source.ip", "203.0.113.5")];
        assert_eq!(found, pairs(&expected));
    }

    #[test]
    fn hostile_text_ends_soon() {
        let text: &'static str = " from 192.0.2.1:".repeat(20_000).leak();
        let many = &[says("{*} from {*} from {*} from {*}!", [""; 4])];
        assert_eq!(read(text, many), None);
    }

    #[test]
    fn programs_write_times_in_many_ways() {
        for text in [
            "2026-11-22T09:14:07Z",
            "2026/11/22 09:14:07",
            "22/Nov/2026:09:14:07 +0000",
            "Sun Nov 22 09:14:07 2026",
            "22-Nov-2026 09:14:07.000",
            "1795338847.5",
        ] {
            let (stamp, len) = stamp(text.as_bytes()).unwrap();
            assert_eq!(len, text.len(), "{text}");
            assert_eq!(stamp.civil.date().to_string(), "2026-11-22", "{text}");
            assert_eq!(stamp.civil.minute(), 14, "{text}");
        }
    }
}
