//! Writes the formats' examples as first inputs: `cargo run --example seeds` in this folder.

use std::{fs, io, path::Path};

use roundsman_ingest::formats::FORMATS;

fn main() -> io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for target in ["framing", "record", "format", "joining"] {
        fs::create_dir_all(corpus.join(target))?;
    }
    for (number, format) in (0_u16..).zip(FORMATS) {
        for (example, record) in format.examples().iter().enumerate() {
            let raw = record.raw.as_bytes();
            let write = |target: &str, before: &[u8]| {
                fs::write(corpus.join(target).join(format!("{}-{example}", format.name())), [before, raw].concat())
            };
            write("record", &[])?;
            write("format", &number.to_le_bytes())?;
            write("framing", b"\x07")?;
            write("joining", b"\x02")?;
        }
    }
    Ok(())
}
