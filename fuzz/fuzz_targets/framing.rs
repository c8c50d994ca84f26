//! A stream, cut where the first byte says: the frames are the same however it arrived.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roundsman_ingest::frame::Framer;

/// A limit that fuzzed streams reach.
const MAX_LINE: usize = 64;

fuzz_target!(|input: &[u8]| {
    let Some((&step, stream)) = input.split_first() else { return };
    assert_eq!(frames(stream, stream.len().max(1)), frames(stream, usize::from(step) + 1));
});

/// The frames of a stream that arrives in pieces of this size.
fn frames(stream: &[u8], step: usize) -> Vec<(Vec<u8>, bool)> {
    let mut framer = Framer::new(MAX_LINE);
    let (mut frames, mut kept) = (Vec::new(), Vec::new());
    for piece in stream.chunks(step) {
        kept.extend_from_slice(piece);
        let mut at = 0;
        while let Some(frame) = framer.next(&kept, &mut at) {
            assert!(frame.raw.len() <= MAX_LINE);
            frames.push((frame.raw.to_vec(), frame.truncated));
        }
        kept.drain(..at);
    }
    let mut at = 0;
    frames.extend(framer.finish(&kept, &mut at).map(|frame| (frame.raw.to_vec(), frame.truncated)));
    frames
}
