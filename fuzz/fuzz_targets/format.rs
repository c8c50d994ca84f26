//! Any bytes as a record of one format, which the first two bytes choose.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roundsman_ingest::formats::FORMATS;

fuzz_target!(|input: &[u8]| {
    let Some((number, raw)) = input.split_first_chunk() else { return };
    let format = FORMATS[usize::from(u16::from_le_bytes(*number)) % FORMATS.len()];
    roundsman_fuzz::read(raw, Some(format));
});
