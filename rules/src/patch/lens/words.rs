//! Error lines: which lines are some, and what is alike in them.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use roundsman_ingest::{Event, field};

/// Longest template of an error line.
const MAX_TEMPLATE: usize = 160;
/// Words that make a line an error where it names no level.
static COMPLAINTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build([" error", "failed", "failure", "fatal", "panic", "exception", "segfault", "[crit]", "[error]"])
        .expect("the words are fixed")
});

/// Whether a record is an error: by its level where it names one, else by its words.
pub fn complains(event: &Event) -> bool {
    if let Some(severity) = event.int(field::SYSLOG_SEVERITY_CODE) {
        return severity <= 3;
    }
    if let Some(level) = event.text(field::LOG_LEVEL) {
        let level = level.to_ascii_lowercase();
        return ["err", "crit", "fatal", "alert", "emerg", "panic"].iter().any(|l| level.starts_with(l));
    }
    COMPLAINTS.is_match(&*event.raw)
}

/// A line with what varies taken out: words that hold a digit, and what stands in quotes.
pub fn template(message: &str) -> String {
    let mut template = String::with_capacity(MAX_TEMPLATE);
    for word in message.split_whitespace() {
        if template.len() + word.len() + 1 > MAX_TEMPLATE {
            break;
        }
        let varies = word.bytes().any(|b| b.is_ascii_digit()) || word.contains(['"', '\'', '/', '@']);
        let word = if varies { "<*>" } else { word };
        if !template.is_empty() {
            template.push(' ');
        }
        template.push_str(word);
    }
    template
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_leaves_out_what_varies() {
        let a = template("worker 17 failed to open /srv/a/b: \"no such file\" from 192.0.2.7");
        assert_eq!(a, template("worker 4711 failed to open /srv/c: \"no such file\" from 198.51.100.9"));
        assert!(template(&"x ".repeat(500)).len() <= MAX_TEMPLATE);
    }
}
