//! Any bytes as a record: envelope, the way to its format, the format, the printer.
#![no_main]

libfuzzer_sys::fuzz_target!(|raw: &[u8]| roundsman_fuzz::read(raw, None));
