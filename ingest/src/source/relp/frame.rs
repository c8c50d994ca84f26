//! RELP's frames (the specification that comes with librelp, `doc/relp.html`):
//! `TXNR SP COMMAND SP DATALEN [SP DATA] LF`, and what a sender offers when it opens a session.
//!
//! What is no frame cannot be passed over, because nothing says where the next one begins: the session ends. Data above
//! the limit is cut, and its rest passed over unseen.

/// Most digits of a transaction number and of a length.
const MAX_DIGITS: usize = 9;
/// Longest command.
const MAX_COMMAND: usize = 32;
/// Longest header: two numbers, a command, three blanks.
pub(super) const MAX_HEADER_BYTES: usize = 2 * MAX_DIGITS + MAX_COMMAND + 3;

/// One frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame<'b> {
    /// The number that the answer bears.
    pub number: u32,
    /// What to do.
    pub command: &'b [u8],
    /// With what.
    pub data: &'b [u8],
    /// The data was cut at the limit.
    pub truncated: bool,
}

/// Why bytes are no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct Broken(pub &'static str);

/// Cuts one stream. It holds no bytes: the caller keeps what has not been consumed and comes back with more behind it.
#[derive(Clone, Debug)]
pub(super) struct Framer {
    max_data: usize,
    /// What is left of data that was cut, with the LF behind it.
    rest: usize,
}

impl Framer {
    /// A framer that cuts data at so many bytes.
    pub fn new(max_data: usize) -> Self {
        Framer { max_data: max_data.max(1), rest: 0 }
    }

    /// The next frame in `input[*at..]`; moves `at` behind it. `None`: there is no whole one yet.
    pub fn next<'b>(&mut self, input: &'b [u8], at: &mut usize) -> Result<Option<Frame<'b>>, Broken> {
        if !self.skip_rest(input, at)? {
            return Ok(None);
        }
        let here = &input[*at..];
        let Some((number, used)) = number(here, "a frame does not begin with a number")? else { return Ok(None) };
        let Some((command, used)) = command(here, used)? else { return Ok(None) };
        let length = number_behind(here, used)?;
        let Some((length, used)) = length else { return Ok(None) };
        let data = &here[used..];
        if length == 0 {
            // Some write a blank although nothing follows it.
            let end = data.iter().take(2).position(|b| *b != b' ');
            return match end.map(|end| (end, data[end])) {
                Some((end, b'\n')) => {
                    *at += used + end + 1;
                    Ok(Some(Frame { number, command, data: b"", truncated: false }))
                }
                Some(_) => Err(Broken("a frame without data does not end after its length")),
                None if data.len() < 2 => Ok(None),
                None => Err(Broken("a frame without data does not end after its length")),
            };
        }
        match data.first() {
            Some(b' ') => self.data(&data[1..], length as usize, used + 1, at, |data, truncated| Frame {
                number,
                command,
                data,
                truncated,
            }),
            Some(_) => Err(Broken("no blank between a length and its data")),
            None => Ok(None),
        }
    }

    fn data<'b>(
        &mut self,
        data: &'b [u8],
        length: usize,
        header: usize,
        at: &mut usize,
        frame: impl Fn(&'b [u8], bool) -> Frame<'b>,
    ) -> Result<Option<Frame<'b>>, Broken> {
        if length > self.max_data {
            let Some(cut) = data.get(..self.max_data) else { return Ok(None) };
            *at += header + self.max_data;
            self.rest = length - self.max_data + 1;
            return Ok(Some(frame(cut, true)));
        }
        match data.get(length) {
            Some(b'\n') => {
                *at += header + length + 1;
                Ok(Some(frame(&data[..length], false)))
            }
            Some(_) => Err(Broken("no line end behind the data of a frame")),
            None => Ok(None),
        }
    }

    /// Passes over what is left of data that was cut; false where it goes on behind the input.
    fn skip_rest(&mut self, input: &[u8], at: &mut usize) -> Result<bool, Broken> {
        let skipped = self.rest.min(input.len() - *at);
        *at += skipped;
        self.rest -= skipped;
        if skipped > 0 && self.rest == 0 && input[*at - 1] != b'\n' {
            return Err(Broken("no line end behind the data of a frame"));
        }
        Ok(self.rest == 0)
    }
}

/// A number at the beginning and where it ends; `None` where it may go on behind the input.
fn number(here: &[u8], otherwise: &'static str) -> Result<Option<(u32, usize)>, Broken> {
    let digits = here.iter().take(MAX_DIGITS + 1).take_while(|b| b.is_ascii_digit()).count();
    match here.get(digits) {
        None if digits <= MAX_DIGITS => Ok(None),
        _ if digits == 0 || digits > MAX_DIGITS => Err(Broken(otherwise)),
        _ => Ok(Some((here[..digits].iter().fold(0, |n, digit| n * 10 + u32::from(digit - b'0')), digits))),
    }
}

/// The length, whose blank before it was read.
fn number_behind(here: &[u8], used: usize) -> Result<Option<(u32, usize)>, Broken> {
    let found = number(&here[used..], "a command is not followed by a length")?;
    Ok(found.map(|(number, digits)| (number, used + digits)))
}

/// A blank, a command, a blank, and where they end.
fn command(here: &[u8], used: usize) -> Result<Option<(&[u8], usize)>, Broken> {
    match here.get(used) {
        Some(b' ') => {}
        Some(_) => return Err(Broken("no blank behind a transaction number")),
        None => return Ok(None),
    }
    let behind = &here[used + 1..];
    let letters = behind.iter().take(MAX_COMMAND + 1).take_while(|b| b.is_ascii_alphabetic()).count();
    match behind.get(letters) {
        Some(b' ') if (1..=MAX_COMMAND).contains(&letters) => Ok(Some((&behind[..letters], used + letters + 2))),
        None if letters <= MAX_COMMAND => Ok(None),
        _ => Err(Broken("no command behind a transaction number")),
    }
}

/// Whether a sender that opens a session can be served: it offers to send syslog, or says nothing of commands.
pub(super) fn offers_syslog(offers: &[u8]) -> bool {
    let mut commands = offers.split(|b| *b == b'\n').filter_map(|line| line.strip_prefix(b"commands="));
    commands.next().is_none_or(|list| list.split(|b| *b == b',').any(|command| command.trim_ascii() == b"syslog"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: usize = 16;

    /// The frames of a stream that arrives in these pieces, and what broke it.
    fn frames(pieces: &[&[u8]]) -> (Vec<String>, Option<Broken>) {
        let (mut framer, mut buffer, mut seen) = (Framer::new(LIMIT), Vec::new(), Vec::new());
        for piece in pieces {
            buffer.extend_from_slice(piece);
            let mut at = 0;
            loop {
                match framer.next(&buffer, &mut at) {
                    Ok(Some(Frame { number, command, data, truncated })) => {
                        assert!(data.len() <= LIMIT);
                        let (command, data) = (command.escape_ascii(), data.escape_ascii());
                        seen.push(format!("{number} {command} {data}{}", if truncated { "…" } else { "" }));
                    }
                    Ok(None) => break,
                    Err(broken) => return (seen, Some(broken)),
                }
            }
            buffer.drain(..at);
            assert!(buffer.len() <= LIMIT + MAX_HEADER_BYTES + 1, "no unbounded rest: {}", buffer.len());
        }
        (seen, None)
    }

    fn broken(input: &[u8]) -> &'static str {
        frames(&[input]).1.unwrap_or_else(|| panic!("{} is taken", input.escape_ascii())).0
    }

    #[test]
    fn frames_are_cut_where_their_lengths_say() {
        let input = b"1 open 14 relp_version=0\n2 syslog 6 <1>a\nb\n3 close 0\n0 serverclose 0 \n";
        let (seen, broken) = frames(&[input]);
        assert_eq!(seen, ["1 open relp_version=0", r"2 syslog <1>a\nb", "3 close ", "0 serverclose "]);
        assert_eq!(broken, None);
    }

    #[test]
    fn data_above_the_limit_is_cut_and_the_next_frame_is_found() {
        let (seen, _) = frames(&[b"1 syslog 20 0123456789abcdefghij\n2 syslog 16 0123456789abcdef\n"]);
        assert_eq!(seen, ["1 syslog 0123456789abcdef…", "2 syslog 0123456789abcdef"]);
    }

    #[test]
    fn data_without_end_is_passed_over_and_not_kept() {
        let mut pieces = vec![&b"1 syslog 999999999 "[..]];
        let piece = [b'x'; 64 << 10];
        pieces.extend(std::iter::repeat_n(&piece[..], 160));
        assert_eq!(frames(&pieces), (vec!["1 syslog xxxxxxxxxxxxxxxx…".to_owned()], None));
    }

    #[test]
    fn what_is_no_frame_ends_the_stream() {
        assert_eq!(broken(b"<13>hello\n"), "a frame does not begin with a number");
        assert_eq!(broken(b"-1 syslog 1 a\n"), "a frame does not begin with a number");
        assert_eq!(broken(b"1234567890 syslog 1 a\n"), "a frame does not begin with a number");
        assert_eq!(broken(&[b'7'; 10 << 20]), "a frame does not begin with a number");
        assert_eq!(broken(b"1  syslog 1 a\n"), "no command behind a transaction number");
        assert_eq!(broken(b"1\n"), "no blank behind a transaction number");
        assert_eq!(broken(&[b"1 ".as_slice(), &[b'a'; 33]].concat()), "no command behind a transaction number");
        assert_eq!(broken(b"1 syslog -5 hello\n"), "a command is not followed by a length");
        assert_eq!(broken(b"1 syslog 99999999999999999999 a\n"), "a command is not followed by a length");
        assert_eq!(broken(b"1 syslog 5hello\n"), "no blank between a length and its data");
        assert_eq!(broken(b"1 syslog 5 hello2 syslog"), "no line end behind the data of a frame");
        assert_eq!(broken(b"1 syslog 20 0123456789abcdefghij2"), "no line end behind the data of a frame");
        assert_eq!(broken(b"1 close 0 x\n"), "a frame without data does not end after its length");
        assert_eq!(broken(b"1 close 0  \n"), "a frame without data does not end after its length");
    }

    #[test]
    fn a_sender_that_cannot_send_syslog_is_known_by_its_offers() {
        assert!(offers_syslog(b"relp_version=0\nrelp_software=librelp,1.11.0\ncommands=syslog"));
        assert!(offers_syslog(b"commands=eventlog, syslog"));
        assert!(offers_syslog(b""));
        assert!(!offers_syslog(b"relp_version=0\ncommands=eventlog"));
    }

    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            (0..2_000_000_000u32, "[a-z]{1,9}", "[ -~\n]{0,40}").prop_map(|(number, command, data)| format!(
                "{number} {command} {} {data}\n",
                data.len()
            )
            .into_bytes()),
            (0..9u32, 0..40usize).prop_map(|(number, length)| format!("{number} close {length}\n").into_bytes()),
            proptest::collection::vec(any::<u8>(), 0..8),
        ];
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_split_of_a_stream_gives_the_same_frames(
            input in stream(), cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..12),
        ) {
            let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(input.len() + 1)).collect();
            cuts.extend([0, input.len()]);
            cuts.sort_unstable();
            let pieces: Vec<_> = cuts.windows(2).map(|pair| &input[pair[0]..pair[1]]).collect();
            prop_assert_eq!(frames(&pieces), frames(&[&input]));
            let bytes: Vec<_> = input.chunks(1).collect();
            prop_assert_eq!(frames(&bytes), frames(&[&input]));
        }
    }
}
