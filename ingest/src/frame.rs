//! Cutting a byte stream into records: syslog over TCP as RFC 6587 describes it and as it is really sent.
//!
//! Two framings, told apart for each frame anew, because senders behind one relay mix them:
//! * octet counting (§3.4.1): `LENGTH SP MESSAGE`, where the message begins with `<`. It may hold line breaks.
//! * non-transparent (§3.4.2): everything up to LF, CR LF or NUL. A line that begins with digits is such a line unless
//!   they are a length, a blank and `<`.
//!
//! A message above the limit is cut there and marked; the rest is passed over up to the frame's end. Empty lines are no
//! records. The same bytes give the same frames, however they were split into reads.
//!
//! ```
//! use roundsman_ingest::frame::Framer;
//!
//! let (mut framer, mut at) = (Framer::new(1_024), 0);
//! let input = b"<13>one\r\n8 <13>two\n<13>thr";
//! assert_eq!(framer.next(input, &mut at).unwrap().raw, b"<13>one");
//! assert_eq!(framer.next(input, &mut at).unwrap().raw, b"<13>two");
//! assert!(framer.next(input, &mut at).is_none(), "the third has not come to its end");
//! assert_eq!(framer.finish(input, &mut at).unwrap().raw, b"<13>thr");
//! ```

use memchr::{memchr, memchr2};

/// Most digits of a length: 99,999,999 bytes. What has more is text.
const MAX_LENGTH_DIGITS: usize = 8;

/// Longest prefix that tells the two framings apart: digits, blank, `<`.
pub const MAX_PREFIX_BYTES: usize = MAX_LENGTH_DIGITS + 2;

/// One message without its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'b> {
    /// Its bytes; a line break at the very end is taken for framing.
    pub raw: &'b [u8],
    /// It was cut: at the limit, or because the stream ended before its counted length.
    pub truncated: bool,
}

/// Cuts one stream. It holds no bytes: the caller keeps what has not been consumed and comes back with more behind it.
#[derive(Clone, Debug)]
pub struct Framer {
    max_line: usize,
    /// Every frame ends with NUL, as GELF's do over TCP; line breaks and counts mean nothing.
    nul: bool,
    rest: Rest,
    /// Bytes of the unfinished line that were searched for its end already.
    searched: usize,
}

/// What is left of a message that was cut.
#[derive(Clone, Copy, Debug)]
enum Rest {
    Nothing,
    /// All up to the end of the line.
    Line,
    /// So many bytes.
    Bytes(usize),
}

/// How a frame begins.
enum Start {
    Line,
    /// A counted message: bytes of the prefix, bytes of the message.
    Counted(usize, usize),
    /// It takes more bytes to tell.
    Unclear,
}

impl Framer {
    /// A framer that cuts messages at so many bytes.
    pub fn new(max_line: usize) -> Self {
        Framer { max_line: max_line.max(1), nul: false, rest: Rest::Nothing, searched: 0 }
    }

    /// A framer of messages that end with NUL and nothing else, as GELF has them over TCP.
    pub fn nul(max_line: usize) -> Self {
        Framer { nul: true, ..Framer::new(max_line) }
    }

    /// The next message in `input[*at..]`; moves `at` behind it. `None`: there is no whole one; `input[*at..]` must be
    /// kept and given again with more bytes behind it.
    pub fn next<'b>(&mut self, input: &'b [u8], at: &mut usize) -> Option<Frame<'b>> {
        loop {
            if !self.skip_rest(input, at) {
                return None;
            }
            let here = &input[*at..];
            let frame = match if self.searched > 0 { Start::Line } else { self.start(here) } {
                Start::Line => self.line(here, at),
                Start::Counted(prefix, length) => self.counted(&here[prefix..], prefix, length, at),
                Start::Unclear => None,
            }?;
            if !frame.raw.is_empty() {
                return Some(frame);
            }
        }
    }

    /// The message that the stream ended in, once [`Framer::next`] has given all before it.
    pub fn finish<'b>(&mut self, input: &'b [u8], at: &mut usize) -> Option<Frame<'b>> {
        if !self.skip_rest(input, at) {
            return None;
        }
        let here = &input[*at..];
        *at = input.len();
        self.searched = 0;
        let frame = match self.start(here) {
            Start::Counted(prefix, _) => Frame { raw: &here[prefix..], truncated: true },
            Start::Line | Start::Unclear => self.cut(without_cr(here)),
        };
        (!frame.raw.is_empty()).then_some(frame)
    }

    /// Passes over what is left of a message that was cut; false where it goes on behind the input.
    fn skip_rest(&mut self, input: &[u8], at: &mut usize) -> bool {
        let here = &input[*at..];
        let (skipped, rest) = match self.rest {
            Rest::Nothing => return true,
            Rest::Line => match self.end(here) {
                Some(end) => (end + 1, Rest::Nothing),
                None => (here.len(), Rest::Line),
            },
            Rest::Bytes(bytes) if bytes <= here.len() => (bytes, Rest::Nothing),
            Rest::Bytes(bytes) => (here.len(), Rest::Bytes(bytes - here.len())),
        };
        *at += skipped;
        self.rest = rest;
        matches!(rest, Rest::Nothing)
    }

    fn start(&self, here: &[u8]) -> Start {
        if self.nul { Start::Line } else { start(here) }
    }

    /// Where a line ends.
    fn end(&self, here: &[u8]) -> Option<usize> {
        if self.nul { memchr(0, here) } else { memchr2(b'\n', 0, here) }
    }

    fn line<'b>(&mut self, here: &'b [u8], at: &mut usize) -> Option<Frame<'b>> {
        if let Some(end) = self.end(&here[self.searched..]) {
            let end = self.searched + end;
            self.searched = 0;
            *at += end + 1;
            return Some(self.cut(without_cr(&here[..end])));
        }
        // One byte more than the limit may still be the CR before an LF.
        if here.len() <= self.max_line + 1 {
            self.searched = here.len();
            return None;
        }
        self.searched = 0;
        self.rest = Rest::Line;
        *at += here.len();
        Some(Frame { raw: &here[..self.max_line], truncated: true })
    }

    fn counted<'b>(&mut self, message: &'b [u8], prefix: usize, length: usize, at: &mut usize) -> Option<Frame<'b>> {
        let taken = length.min(self.max_line);
        let raw = message.get(..taken)?;
        *at += prefix + taken;
        if taken < length {
            self.rest = Rest::Bytes(length - taken);
            return Some(Frame { raw, truncated: true });
        }
        Some(Frame { raw: without_end(raw), truncated: false })
    }

    fn cut<'b>(&self, line: &'b [u8]) -> Frame<'b> {
        match line.get(..self.max_line) {
            Some(raw) if raw.len() < line.len() => Frame { raw, truncated: true },
            _ => Frame { raw: line, truncated: false },
        }
    }
}

/// Tells how the frame at the beginning of these bytes is framed.
fn start(here: &[u8]) -> Start {
    if !matches!(here.first(), Some(b'1'..=b'9')) {
        return Start::Line;
    }
    let digits = here.iter().take(MAX_LENGTH_DIGITS + 1).take_while(|b| b.is_ascii_digit()).count();
    let length = here[..digits].iter().fold(0, |n, digit| n * 10 + usize::from(digit - b'0'));
    match (here.get(digits), here.get(digits + 1)) {
        _ if digits > MAX_LENGTH_DIGITS => Start::Line,
        (None, _) | (Some(b' '), None) => Start::Unclear,
        (Some(b' '), Some(b'<')) => Start::Counted(digits + 1, length),
        _ => Start::Line,
    }
}

/// A message without one line end at its end.
pub(crate) fn without_end(message: &[u8]) -> &[u8] {
    match message.strip_suffix(b"\n") {
        Some(line) => without_cr(line),
        None => message.strip_suffix(b"\0").unwrap_or(message),
    }
}

fn without_cr(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: usize = 16;

    /// The frames of a stream that arrives in these pieces, as a connection sees it.
    fn frames(pieces: &[&[u8]]) -> Vec<(String, bool)> {
        let (mut framer, mut buffer, mut seen) = (Framer::new(LIMIT), Vec::new(), Vec::new());
        let mut keep = |frame: Frame<'_>| seen.push((frame.raw.escape_ascii().to_string(), frame.truncated));
        for piece in pieces {
            buffer.extend_from_slice(piece);
            let mut at = 0;
            while let Some(frame) = framer.next(&buffer, &mut at) {
                keep(frame);
            }
            buffer.drain(..at);
            assert!(buffer.len() <= LIMIT + 1 + MAX_PREFIX_BYTES, "no unbounded rest: {}", buffer.len());
        }
        let mut at = 0;
        framer.finish(&buffer, &mut at).into_iter().for_each(&mut keep);
        assert_eq!(at, buffer.len());
        seen
    }

    fn texts(input: &[u8]) -> Vec<String> {
        frames(&[input]).into_iter().map(|(text, truncated)| text + if truncated { "…" } else { "" }).collect()
    }

    #[test]
    fn lines_end_with_lf_crlf_or_nul_and_the_last_with_the_stream() {
        assert_eq!(texts(b"<1>a\n<2>b\r\n<3>c\0<4>d"), ["<1>a", "<2>b", "<3>c", "<4>d"]);
    }

    #[test]
    fn empty_lines_are_no_records() {
        assert_eq!(texts(b"\n\r\n\0\0a\n\nb\n\n"), ["a", "b"]);
        assert_eq!(texts(b"\r"), [""; 0]);
    }

    #[test]
    fn counted_and_line_frames_mix_frame_by_frame() {
        assert_eq!(texts(b"4 <1>a<2>b\n5 <3>cd<4>e\n\n4 <5>f"), ["<1>a", "<2>b", "<3>cd", "<4>e", "<5>f"]);
    }

    #[test]
    fn a_counted_message_keeps_its_line_breaks_but_for_one_at_its_end() {
        assert_eq!(texts(b"9 <1>a\n\0\nb\n6 <1>a\r\n7 <1>a\n\n\n"), [r"<1>a\n\x00\nb", "<1>a", r"<1>a\n\n"]);
    }

    #[test]
    fn digits_that_are_no_length_begin_a_line() {
        assert_eq!(texts(b"123 x\n2026-11-22 <a>\n4<1>a\n"), ["123 x", "2026-11-22 <a>", "4<1>a"]);
        assert_eq!(texts(b"0 <1>a\n04 <1>a\n"), ["0 <1>a", "04 <1>a"]);
        assert_eq!(texts(b"123456789 <1>a\n"), ["123456789 <1>a"]);
    }

    #[test]
    fn a_line_at_the_limit_is_whole_and_one_byte_more_is_cut() {
        assert_eq!(texts(b"0123456789abcdef\r\nx\n"), ["0123456789abcdef", "x"]);
        assert_eq!(texts(b"0123456789abcdefg\r\nx\n"), ["0123456789abcdef…", "x"]);
        assert_eq!(texts(b"0123456789abcdef"), ["0123456789abcdef"]);
        assert_eq!(texts(b"0123456789abcdefg"), ["0123456789abcdef…"]);
        assert_eq!(texts(&[b"<1>".as_slice(), &[b'y'; 1_000], b"\nx\n"].concat()), ["<1>yyyyyyyyyyyyy…", "x"]);
    }

    #[test]
    fn a_counted_message_above_the_limit_is_cut_and_the_next_frame_is_found() {
        assert_eq!(texts(b"16 <1>456789abcdef\n4 <2>x"), ["<1>456789abcdef", "<2>x"]);
        assert_eq!(texts(b"20 <1>3456789abcdef\n\n\n\n<2>x"), ["<1>3456789abcdef…", "<2>x"]);
    }

    #[test]
    fn what_a_closed_connection_left_unfinished_is_still_a_record() {
        assert_eq!(texts(b"9 <1>a"), ["<1>a…"]);
        assert_eq!(texts(b"9 "), ["9 "]);
        assert_eq!(texts(b"12"), ["12"]);
        assert_eq!(texts(b"30 <1>3456789abcdef-and"), ["<1>3456789abcdef…"]);
    }

    /// Bytes that make frames of both kinds, long and broken ones among them.
    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop_oneof![
            "[<>0-9a-z \r]{0,24}".prop_map(String::into_bytes),
            Just(b"\n".to_vec()),
            Just(b"\r\n".to_vec()),
            Just(b"\0".to_vec()),
            (0..40usize, "<[a-z\n]{0,24}").prop_map(|(length, text)| format!("{length} {text}").into_bytes()),
            "<[a-z\n]{0,24}".prop_map(|text| format!("{} {text}", text.len()).into_bytes()),
            proptest::collection::vec(any::<u8>(), 0..8),
        ];
        proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_split_of_a_stream_gives_the_same_frames(
            input in stream(), cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..12),
        ) {
            let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(input.len() + 1)).collect();
            cuts.push(0);
            cuts.push(input.len());
            cuts.sort_unstable();
            let pieces: Vec<_> = cuts.windows(2).map(|pair| &input[pair[0]..pair[1]]).collect();
            prop_assert_eq!(frames(&pieces), frames(&[&input]));
            let bytes: Vec<_> = input.chunks(1).collect();
            prop_assert_eq!(frames(&bytes), frames(&[&input]));
        }

        #[test]
        fn no_frame_is_empty_or_above_the_limit(input in stream()) {
            let (mut framer, mut at) = (Framer::new(LIMIT), 0);
            while let Some(frame) = framer.next(&input, &mut at) {
                prop_assert!(!frame.raw.is_empty() && frame.raw.len() <= LIMIT);
            }
        }
    }
}
