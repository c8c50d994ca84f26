//! What follows from paths and command lines once a record has been read: names of files and programs, their words.

use crate::{Event, Field, field};

/// Most words of a command line that become fields.
const MAX_ARGS: usize = 128;

/// Sets `process.name`, `file.name`, `file.directory`, `file.extension` and `process.args` from the paths and command
/// lines that the event has, each unless it is set.
pub fn settle(event: &mut Event<'_>) {
    for (path, name) in [
        (field::PROCESS_EXECUTABLE, field::PROCESS_NAME),
        (field::PROCESS_PARENT_EXECUTABLE, field::PROCESS_PARENT_NAME),
    ] {
        if let (Some(text), None) = (event.bytes(path).map(|text| text.into_owned()), event.get(name)) {
            event.set(name, split(&text).1);
        }
    }
    if let Some(path) = event.bytes(field::FILE_PATH).map(|path| path.into_owned()) {
        set_file_parts(event, &path);
    }
    set_words(event, "process.command_line", "process.args");
    set_words(event, "process.parent.command_line", "process.parent.args");
}

/// A path's directory and file name, on Windows or elsewhere.
pub fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|b| matches!(b, b'\\' | b'/')) {
        Some(at) => (&path[..at], &path[at + 1..]),
        None => (b"", path),
    }
}

fn set_file_parts(event: &mut Event<'_>, path: &[u8]) {
    let (directory, name) = split(path);
    for (field, part) in [(field::FILE_DIRECTORY, directory), (field::FILE_NAME, name)] {
        if !part.is_empty() && event.get(field).is_none() {
            event.set(field, part);
        }
    }
    // the name of an alternate stream is no extension
    let name = name.split(|b| *b == b':').next().unwrap_or_default();
    if let Some(at) = name.iter().rposition(|b| *b == b'.').filter(|at| *at > 0 && at + 1 < name.len())
        && event.get(field::FILE_EXTENSION).is_none()
    {
        event.set(field::FILE_EXTENSION, &name[at + 1..]);
    }
}

/// The words of a command line: at blanks, but not in quotes, which stay.
fn set_words(event: &mut Event<'_>, line: &str, words: &str) {
    let (Some(line), Some(args)) = (Field::intern(line), Field::intern(words)) else { return };
    let Some(text) = event.bytes(line).filter(|_| event.get(args).is_none()).map(|text| text.into_owned()) else {
        return;
    };
    let mut quoted = false;
    let mut count = 0;
    for word in text.split(|byte| {
        quoted ^= *byte == b'"';
        !quoted && matches!(byte, b' ' | b'\t')
    }) {
        if !word.is_empty() {
            count += 1;
            if count <= MAX_ARGS {
                event.set(args, word);
            }
        }
    }
    if let Some(field) = Field::intern(&format!("{words}_count")) {
        event.set_int(field, count as i64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_both_worlds_are_split() {
        assert_eq!(split(br"C:\Temp\a.exe"), (&br"C:\Temp"[..], &b"a.exe"[..]));
        assert_eq!(split(b"/usr/bin/curl"), (&b"/usr/bin"[..], &b"curl"[..]));
        assert_eq!(split(b"curl"), (&b""[..], &b"curl"[..]));
    }
}
