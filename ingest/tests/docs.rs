//! `docs/formats.md` is what the formats say of themselves.
//!
//! After a change of a format: `UPDATE_DOCS=1 cargo test -p roundsman-ingest --test docs`.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use roundsman_ingest::formats::{Example, FORMATS, Format, LogSource, Structure};

const INTRO: &str = "\
What `roundsman` understands. This page is written from the formats themselves (`ingest/src/formats/`), by
`UPDATE_DOCS=1 cargo test -p roundsman-ingest --test docs`; the examples are those that `roundsman test` runs.

A record's format is found by the path of the file that it was read from, else by the program in its header, else by the
structure of its message; never by trying all in turn, and never by what else its sender sent. `roundsman explain` says
of a line what was understood and why, `roundsman parse --format NAME` reads all as one format.
";

#[test]
fn the_page_of_formats_says_what_the_formats_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/formats.md");
    let page = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).unwrap();
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let stale = kept.lines().zip(page.lines()).position(|(kept, new)| kept != new);
    assert!(kept == page, "docs/formats.md is not current (line {stale:?}): run this test with UPDATE_DOCS=1");
}

fn page() -> String {
    let mut page = format!("# The {} formats\n\n{INTRO}", FORMATS.len());
    let families: Vec<_> = FORMATS.chunk_by(|a, b| a.category() == b.category()).collect();
    page.push_str("\n| family | formats |\n| --- | --- |\n");
    for family in &families {
        let names: Vec<_> = family.iter().map(|format| format!("[{0}](#{0})", format.name())).collect();
        let category = family[0].category();
        writeln!(page, "| [{category}](#{category}) | {} |", names.join(" ")).unwrap();
    }
    for family in families {
        writeln!(page, "\n## {}", family[0].category()).unwrap();
        family.iter().for_each(|format| section(*format, &mut page));
    }
    page
}

fn section(format: &dyn Format, page: &mut String) {
    writeln!(page, "\n### {}\n\n**{}.** {}\n", format.name(), format.product(), sentence(format.about())).unwrap();
    let code =
        |words: &[&str]| words.iter().map(|word| format!("`{}`", word.escape_debug())).collect::<Vec<_>>().join(" ");
    let mut item = |name: &str, text: String| {
        if !text.is_empty() {
            writeln!(page, "- {name}: {text}").unwrap();
        }
    };
    item("programs", code(format.programs()));
    item("files that end in", code(format.paths()));
    item(
        "structure",
        match format.structure() {
            Structure::None => String::new(),
            Structure::Begins(texts) => format!("begins with {}", code(texts)),
            Structure::Holds(texts) => format!("holds {}", code(texts)),
            Structure::Keys(groups) => {
                let sets: Vec<_> = groups.iter().map(|set| code(set)).collect();
                format!("a JSON object with {}", sets.join(", or "))
            }
            Structure::Shape => "by its shape".into(),
        },
    );
    item("log source in Sigma", logsource(format.logsource()));
    let good: Vec<_> = format.examples().iter().filter(|example| !example.expect.is_empty()).collect();
    if let Some(example) = good.first() {
        shown(example, page);
    }
    let first: BTreeSet<_> = good.iter().take(1).flat_map(|example| example.expect).map(|(name, _)| *name).collect();
    let more: BTreeSet<_> = good.iter().skip(1).flat_map(|example| example.expect).map(|(name, _)| *name).collect();
    let more: Vec<_> = more.difference(&first).copied().collect();
    if !more.is_empty() {
        writeln!(page, "\nOther records also set {}.", code(&more)).unwrap();
    }
}

fn shown(example: &Example, page: &mut String) {
    writeln!(page, "\n```text\n{}\n```\n\n| field | value |\n| --- | --- |", example.raw.trim_end()).unwrap();
    for (name, value) in example.expect {
        let value = value.replace('|', "\\|").replace('\n', " ⏎ ").replace('`', "ʼ");
        writeln!(page, "| `{name}` | `{value}` |").unwrap();
    }
}

fn logsource(source: LogSource) -> String {
    let parts = [("category", source.category), ("product", source.product)];
    let named = parts.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name} `{value}`"));
    let services = source.services.iter().map(|service| format!("service `{service}`"));
    named.chain(services).collect::<Vec<_>>().join(", ")
}

/// With a full stop at its end.
fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}
