//! Feeds as they are downloaded: plain, gzipped, or a zip of very many documents.
//!
//! A zip is read document by document, and of each only what is ever read of it is kept, so a hundred thousand
//! advisories cost what they say and not what they weigh.

use std::{
    fs::File,
    io::{self, Read, Seek},
    path::Path,
};

use roundsman_ingest::units::Size;
use roundsman_rules::inputs::{exploited, feed};

/// Largest document of an archive, in bytes.
pub const MAX_DOCUMENT_BYTES: u64 = 16 << 20;
/// Most documents of one archive.
pub const MAX_DOCUMENTS: usize = 1_000_000;
/// Most text that one archive may leave after all that is never read was dropped, in bytes.
pub const MAX_ARCHIVE_BYTES: usize = 512 << 20;
/// From this size on, in bytes, a part of an archive is full. A part is journalled whole, as JSON.
pub const PART_BYTES: usize = 16 << 20;

/// The text of a file of this input, in one part or, for an archive, in several.
///
/// # Errors
/// It cannot be read, is broken, or is larger than `most` bytes when unpacked.
pub fn texts(input: &str, path: &Path, most: u64) -> io::Result<Vec<String>> {
    let mut file = File::open(path)?;
    let mut magic = [0; 4];
    let read = file.read(&mut magic)?;
    file.rewind()?;
    match &magic[..read] {
        [0x1f, 0x8b, ..] => Ok(vec![whole(flate2::read::MultiGzDecoder::new(file), most)?]),
        b"PK\x03\x04" | b"PK\x05\x06" => documents(input, file),
        _ => Ok(vec![whole(file, most)?]),
    }
}

/// All of it; bytes that are no UTF-8 are replaced.
fn whole(reader: impl Read, most: u64) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::other(format!("it is larger than {}", Size(most))));
    }
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

fn documents(input: &str, file: File) -> io::Result<Vec<String>> {
    if !["advisories", "ssvc"].contains(&input) {
        return Err(io::Error::other("it is a zip, which is read as advisories or SSVC records only: unpack it"));
    }
    let mut archive = zip::ZipArchive::new(io::BufReader::new(file)).map_err(io::Error::other)?;
    if archive.len() > MAX_DOCUMENTS {
        return Err(io::Error::other(format!("it holds {} files, more than {MAX_DOCUMENTS}", archive.len())));
    }
    let (mut parts, mut total) = (vec![String::new()], 0);
    for number in 0..archive.len() {
        let document = archive.by_index(number).map_err(io::Error::other)?;
        let name = document.name().map_err(io::Error::other)?.into_owned();
        if !document.is_file() || !name.ends_with(".json") {
            continue;
        }
        let text = whole(document, MAX_DOCUMENT_BYTES).map_err(|error| io::Error::other(format!("{name}: {error}")))?;
        let slim = match input {
            // most CVEs have no decision: those records say nothing to us
            "ssvc" => exploited::slim_ssvc(&text).unwrap_or_default(),
            _ => feed::slim(&text).unwrap_or(text),
        };
        total += slim.len();
        if total > MAX_ARCHIVE_BYTES {
            return Err(io::Error::other(format!("what it says is larger than {}", Size(MAX_ARCHIVE_BYTES as u64))));
        }
        let part = parts.last_mut().expect("there is always a part");
        part.push_str(&slim);
        part.push('\n');
        if part.len() >= PART_BYTES {
            parts.push(String::new());
        }
    }
    if parts.len() > 1 && parts.last().is_some_and(String::is_empty) {
        parts.pop();
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn zipped(documents: &[(&str, &str)]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut archive = zip::ZipWriter::new(file.reopen().unwrap());
        for (name, text) in documents {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap();
        file
    }

    const RECORD: &str = r#"{"id":"DSA-1","modified":"2026-11-20T10:00:00Z","details":"long","affected":[{"package":{"ecosystem":"Debian:12","name":"tool"},"versions":["1","2","3"]}]}"#;

    #[test]
    fn of_a_zip_s_documents_only_what_is_read_is_kept() {
        let file = zipped(&[
            ("DSA-1.json", RECORD),
            ("README.md", "no"),
            ("folder/DSA-2.json", &RECORD.replace("DSA-1", "DSA-2")),
        ]);
        let parts = texts("advisories", file.path(), 1 << 20).unwrap();
        assert_eq!(parts.len(), 1);
        assert!(parts[0].contains("DSA-1") && parts[0].contains("DSA-2"));
        assert!(!parts[0].contains("details") && !parts[0].contains("versions"));
        let read = feed::read(Path::new("all.zip"), &parts[0]);
        assert_eq!((read.advisories.len(), read.problems.len()), (2, 0));
    }

    #[test]
    fn a_zip_of_other_inputs_is_refused_with_a_word() {
        let file = zipped(&[("a.json", "{}")]);
        let error = texts("scans", file.path(), 1 << 20).unwrap_err();
        assert!(error.to_string().contains("unpack it"), "{error}");
    }

    #[test]
    fn gzip_is_undone_and_bounded() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(&vec![b'a'; 100_000]).unwrap();
        file.write_all(&packed.finish().unwrap()).unwrap();
        assert_eq!(texts("epss", file.path(), 100_000).unwrap()[0].len(), 100_000);
        assert!(texts("epss", file.path(), 99_999).is_err());
    }

    #[test]
    fn a_large_archive_comes_in_parts() {
        let filler = "x".repeat(1 << 20);
        let large = RECORD.replace("tool", &filler);
        let documents: Vec<(String, &str)> = (0..20).map(|n| (format!("{n}.json"), large.as_str())).collect();
        let documents: Vec<(&str, &str)> = documents.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        let parts = texts("advisories", zipped(&documents).path(), 1 << 20).unwrap();
        assert_eq!(parts.len(), 2);
        assert!(parts.iter().all(|part| part.len() < PART_BYTES + (2 << 20)));
    }
}
