//! Small parsers that several formats share, in nom's shape: what is left first, then what was read.

use std::net::{IpAddr, Ipv4Addr};

use memchr::{memchr, memmem, memrchr};
use nom::{
    IResult, Parser,
    bytes::complete::{tag, take_until, take_while, take_while1},
    sequence::terminated,
};

use crate::{Event, Field, field, formats::Reject};

/// What a parser of message text gives back.
pub type Scan<'r, T = &'r [u8]> = IResult<&'r [u8], T>;

/// Up to `mark`, which is read too.
pub fn until<'r>(mark: &'static str) -> impl FnMut(&'r [u8]) -> Scan<'r> {
    move |input| terminated(take_until(mark), tag(mark)).parse(input)
}

/// Everything up to a blank or the end; at least one byte. The blank stays.
pub fn word(input: &[u8]) -> Scan<'_> {
    take_while1(|b: u8| b != b' ').parse(input)
}

/// Any number of blanks.
pub fn blanks(input: &[u8]) -> Scan<'_> {
    take_while(|b: u8| b == b' ').parse(input)
}

/// Digits; at least one.
pub fn digits(input: &[u8]) -> Scan<'_> {
    take_while1(|b: u8| b.is_ascii_digit()).parse(input)
}

/// A refusal at the start of the message.
pub const fn reject(reason: &'static str) -> Reject {
    Reject { reason, offset: 0 }
}

/// Splits at the first `mark`.
pub fn split<'r>(text: &'r [u8], mark: &[u8]) -> Option<(&'r [u8], &'r [u8])> {
    let at = memmem::find(text, mark)?;
    Some((&text[..at], &text[at + mark.len()..]))
}

/// Splits at the last `mark`: for text before which an outsider may have written anything.
pub fn rsplit<'r>(text: &'r [u8], mark: &[u8]) -> Option<(&'r [u8], &'r [u8])> {
    let at = memmem::rfind(text, mark)?;
    Some((&text[..at], &text[at + mark.len()..]))
}

/// Splits at the first blank; without one all is the first part.
pub fn first_word(text: &[u8]) -> (&[u8], &[u8]) {
    match memchr(b' ', text) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, b""),
    }
}

/// Splits at the last blank; without one all is the last part.
pub fn last_word(text: &[u8]) -> (&[u8], &[u8]) {
    match memrchr(b' ', text) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (b"", text),
    }
}

/// An IP address, IPv6 with or without brackets or zone. Returns the text of the address alone, too.
pub fn ip(text: &[u8]) -> Option<(&[u8], IpAddr)> {
    if text.len() > 64 || !matches!(text.first()?, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b':' | b'[') {
        return None;
    }
    if let Some(v4) = ipv4(text) {
        return Some((text, IpAddr::V4(v4)));
    }
    let bare = text.strip_prefix(b"[").and_then(|t| t.strip_suffix(b"]")).unwrap_or(text);
    let bare = memchr(b'%', bare).map_or(bare, |zone| &bare[..zone]);
    let ip = std::str::from_utf8(bare).ok()?.parse().ok()?;
    Some((bare, ip))
}

/// Four decimal numbers below 256 without leading zeros, and nothing else.
fn ipv4(text: &[u8]) -> Option<Ipv4Addr> {
    let (mut octets, mut at, mut digits) = ([0_u8; 4], 0, 0);
    for &byte in text {
        match byte {
            b'0'..=b'9' if digits == 0 || octets[at] > 0 => {
                octets[at] = octets[at].checked_mul(10)?.checked_add(byte - b'0')?;
                digits += 1;
            }
            b'.' if digits > 0 && at < 3 => (at, digits) = (at + 1, 0),
            _ => return None,
        }
    }
    (at == 3 && digits > 0).then(|| Ipv4Addr::from(octets))
}

/// Sets `source.address`, and `source.ip` or `source.domain` by what it is.
pub fn set_source(event: &mut Event<'_>, address: &[u8]) {
    set_peer(event, address, [field::SOURCE_ADDRESS, field::SOURCE_IP, field::SOURCE_DOMAIN]);
}

/// Sets `destination.address`, and `destination.ip` or `destination.domain` by what it is.
pub fn set_destination(event: &mut Event<'_>, address: &[u8]) {
    set_peer(event, address, [field::DESTINATION_ADDRESS, field::DESTINATION_IP, field::DESTINATION_DOMAIN]);
}

fn set_peer(event: &mut Event<'_>, address: &[u8], [whole, number, name]: [Field; 3]) {
    if address.is_empty() {
        return;
    }
    event.set(whole, address);
    match ip(address) {
        Some((bare, _)) => event.set(number, bare),
        None if address != b"UNKNOWN" => event.set(name, address),
        None => {}
    }
}

/// Sets a field to the integer that these digits are; text that is none is left out.
pub fn set_number(event: &mut Event<'_>, field: Field, digits: &[u8]) {
    if let Some(number) = integer(digits) {
        event.set_int(field, number);
    }
}

/// A whole text of digits, with a sign or not, that fits an `i64`.
pub fn integer(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let value = digits.iter().try_fold(0i64, |n, &b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))?;
    Some(if digits.len() < text.len() { -value } else { value })
}

/// Sets a field unless the text is empty.
pub fn set_some(event: &mut Event<'_>, field: Field, text: &[u8]) {
    if !text.is_empty() {
        event.set(field, text);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_ipv4_address_is_what_the_standard_library_takes_for_one(text in "[0-9.]{0,16}|[0-2]?[0-9]{1,2}(\\.[0-2]?[0-9]{1,2}){3}") {
            prop_assert_eq!(ipv4(text.as_bytes()), text.parse().ok());
        }
    }
}
