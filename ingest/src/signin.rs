//! What applications say of a sign-in in their own words: whether it failed, who tried, from where.
//!
//! Only for applications without a format of their own. The phrases are the ones in common use; who and where count
//! only behind the words that announce them. A user name is the client's own text and may hold such words, too:
//! applications write the address behind it, so the last one that is announced counts.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem;

use crate::{
    Event, field,
    scan::{ip, set_source},
    web::split_port,
};

/// Phrases under which applications report a sign-in that failed; words joined by a blank, a dot or a line.
const FAILED: &[&[u8]] = &[
    b"login failed",
    b"login failure",
    b"failed login",
    b"login attempt failed",
    b"failed to login",
    b"failed to log in",
    b"logon failed",
    b"logon failure",
    b"signin failed",
    b"sign in failed",
    b"failed sign in",
    b"unsuccessful login",
    b"unsuccessful sign in",
    b"invalid login",
    b"bad login",
    b"login refused",
    b"authentication failed",
    b"authentication failure",
    b"authentication refused",
    b"failed to authenticate",
    b"failed authentication",
    b"invalid authentication",
    b"auth failed",
    b"auth failure",
    b"auth error",
    b"invalid password",
    b"wrong password",
    b"incorrect password",
    b"bad password",
    b"invalid credentials",
    b"bad credentials",
    b"invalid username or password",
    b"incorrect username or password",
    b"failed password",
    b"failed 2fa",
    b"invalid 2fa",
    b"failed mfa",
    b"mfa failure",
    b"incorrect login",
    b"user not found",
    b"unknown user",
    b"unauthorized access attempt",
    b"login denied",
    b"access denied for user",
];

static FAILURES: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(FAILED).expect("these few phrases"));

/// Most bytes of a message that are searched.
const MAX_TEXT: usize = 512;
/// Longest name of a user.
const MAX_USER: usize = 128;

/// Whether this text reports a sign-in that failed.
pub fn is_failed(text: &[u8]) -> bool {
    let mut plain = [0_u8; MAX_TEXT];
    let len = text.len().min(MAX_TEXT);
    for (to, from) in plain.iter_mut().zip(text) {
        *to = if matches!(from, b'_' | b'-' | b'.') { b' ' } else { from.to_ascii_lowercase() };
    }
    FAILURES.is_match(&plain[..len])
}

/// Where the message reports a failed sign-in: sets the address and the user where they are announced, and classifies
/// the event where at least one is known. Returns whether it is one.
pub fn describe(message: &[u8], event: &mut Event<'_>) -> bool {
    let text = &message[..message.len().min(MAX_TEXT)];
    if !is_failed(text) {
        return false;
    }
    if event.get(field::SOURCE_IP).is_none()
        && let Some((address, port)) = address(text)
    {
        set_source(event, address);
        port.into_iter().for_each(|port| crate::scan::set_number(event, field::SOURCE_PORT, port));
    }
    if event.get(field::USER_NAME).is_none()
        && let Some(user) = user(text)
    {
        event.set(field::USER_NAME, user);
    }
    let known = event.get(field::USER_NAME).is_some() || event.get(field::SOURCE_IP).is_some();
    if known {
        for classified in [field::EVENT_CATEGORY, field::EVENT_TYPE, field::EVENT_OUTCOME] {
            event.remove(classified);
        }
        event.classify("authentication", "start", "", "failure");
    }
    known
}

/// Words that announce an address, the surer first.
const FROM: &[&[u8]] = &[
    b"ip address ",
    b"IP: ",
    b"ip: ",
    b"IP=",
    b"ip=",
    b"Remote IP: ",
    b" ip ",
    b" IP ",
    b"AUTH-ERROR: ",
    b" from ",
    b"\"ip\":\"",
    b"(",
    b" by ",
];

/// The last address that is announced; behind a quoted user the first, since what follows may be the client's too.
fn address(text: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let agent = memmem::find(text, b"Mozilla/").unwrap_or(text.len());
    let text = &text[..agent];
    let quoted = quoted_user(text).map(|end| &text[end..]).and_then(|rest| announced(rest).min_by_key(|(at, ..)| *at));
    let (_, host, port) = quoted.or_else(|| announced(text).max_by_key(|(at, ..)| *at))?;
    Some((host, port))
}

/// Where a user in quotes ends.
fn quoted_user(text: &[u8]) -> Option<usize> {
    let at = WHO.iter().find_map(|mark| Some(memmem::find(text, mark)? + mark.len()))?;
    let quote = *text.get(at).filter(|b| matches!(b, b'"' | b'\''))?;
    Some(at + 1 + text[at + 1..].iter().position(|b| *b == quote)?)
}

/// Every address that is announced, with its place and port.
fn announced(text: &[u8]) -> impl Iterator<Item = (usize, &[u8], Option<&[u8]>)> {
    let places = FROM.iter().flat_map(move |mark| memmem::find_iter(text, *mark).map(|at| at + mark.len()));
    places.filter_map(move |at| {
        let rest = &text[at..];
        let end = rest.iter().position(|b| matches!(b, b' ' | b',' | b')' | b'"' | b'\'' | b';')).unwrap_or(rest.len());
        let word = rest[..end].strip_suffix(b".").unwrap_or(&rest[..end]);
        let bare = word.strip_prefix(b"[").and_then(|word| word.strip_suffix(b"]")).unwrap_or(word);
        if ip(bare).is_some() {
            return Some((at, bare, None));
        }
        let (host, port) = split_port(word);
        ip(host).map(|_| (at, host, port))
    })
}

/// Words that announce a user.
const WHO: &[&[u8]] = &[
    b"for username ",
    b"for user ",
    b"for account ",
    b"username: ",
    b"username=",
    b"username ",
    b"with account ",
    b"login:",
    b"user: ",
    b"user=",
    b"\"email\":\"",
    b" user ",
    b"failed for ",
    b"Login failed: ",
    b"Failed login for ",
];

fn user(text: &[u8]) -> Option<&[u8]> {
    let (mark, at) = WHO.iter().find_map(|mark| Some((mark, memmem::find(text, mark)?)))?;
    let rest = &text[at + mark.len()..];
    let (rest, end) = match rest.first()? {
        quote @ (b'"' | b'\'') => (&rest[1..], rest[1..].iter().position(|b| b == quote)?),
        _ if mark.ends_with(b"\"") => (rest, rest.iter().position(|b| *b == b'"')?),
        _ => (rest, rest.iter().position(|b| matches!(b, b' ' | b',' | b';')).unwrap_or(rest.len())),
    };
    let name = rest[..end].trim_ascii();
    let name = name.strip_suffix(b".").or(name.strip_suffix(b":")).unwrap_or(name);
    // `user or password`, `user from`: words of the sentence
    let sentence: [&[u8]; 9] = [b"or", b"and", b"from", b"with", b"by", b"is", b"was", b"not", b"has"];
    (!name.is_empty() && name.len() <= MAX_USER && !sentence.contains(&name)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(text: &str) -> (Option<String>, Option<String>) {
        let word = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
        (user(text.as_bytes()).map(word), address(text.as_bytes()).map(|(address, _)| word(address)))
    }

    #[test]
    fn failed_sign_ins_are_said_in_phrases() {
        assert!(is_failed(b"Login failed for user x"));
        assert!(is_failed(b"user.login.failed"));
        assert!(is_failed(b"Auth-Failure ip 192.0.2.1"));
        assert!(!is_failed(b"password reset mail failed to send"));
        assert!(!is_failed(b"login succeeded"));
    }

    #[test]
    fn user_and_address_count_where_they_are_announced() {
        for (text, user, address) in [
            ("Failed login attempt for user b.jones from ip address 192.0.2.7", Some("b.jones"), Some("192.0.2.7")),
            ("Auth-Failure ip 192.0.2.7 username 'b jones'", Some("b jones"), Some("192.0.2.7")),
            ("Login failed for db:shop login:b@example.com from 192.0.2.7", Some("b@example.com"), Some("192.0.2.7")),
            (
                "Login failed for user \"x from 198.51.100.1\". (192.0.2.7 -> POST)",
                Some("x from 198.51.100.1"),
                Some("192.0.2.7"),
            ),
            ("Incorrect username or password for user ada. IP=2001:db8::7", Some("ada"), Some("2001:db8::7")),
            ("Failed login attempt from IP: [::1]", None, Some("::1")),
            ("Invalid authentication from localhost (127.0.0.1). (curl)", None, Some("127.0.0.1")),
            ("authentication failed", None, None),
        ] {
            assert_eq!(who(text), (user.map(Into::into), address.map(Into::into)), "{text}");
        }
    }
}
