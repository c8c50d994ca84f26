//! A record with its fields marked under the parts that they are.

use std::io::{self, Write};

use crate::term::{Paint, Style, clean};

/// Shortest row of a record, in columns.
const MIN_WIDTH: usize = 40;

/// A record in rows, and the marks under it.
#[derive(Debug)]
pub struct Ruler {
    /// What is shown of the record, one entry per column.
    columns: Vec<char>,
    /// The column at which each byte of the record is shown, and the one after the last.
    column_of: Vec<usize>,
    marks: Vec<Mark>,
    width: usize,
}

#[derive(Debug)]
struct Mark {
    start: usize,
    end: usize,
    names: Vec<&'static str>,
}

impl Ruler {
    /// A record to be shown in rows of this width. Control characters and bytes that are no UTF-8 are made visible.
    pub fn new(raw: &[u8], width: usize) -> Self {
        let mut ruler =
            Ruler { columns: Vec::new(), column_of: Vec::new(), marks: Vec::new(), width: width.max(MIN_WIDTH) };
        for chunk in raw.utf8_chunks() {
            for c in chunk.valid().chars() {
                let shown = c.to_string();
                ruler.push(c.len_utf8(), &clean(&shown));
            }
            for byte in chunk.invalid() {
                ruler.push(1, &format!("\\x{byte:02x}"));
            }
        }
        ruler.column_of.push(ruler.columns.len());
        ruler
    }

    fn push(&mut self, bytes: usize, shown: &str) {
        self.column_of.extend(std::iter::repeat_n(self.columns.len(), bytes));
        self.columns.extend(shown.chars());
    }

    /// Marks the bytes from `start` to before `end`.
    pub fn mark(&mut self, start: usize, end: usize, name: &'static str) {
        if let (Some(&start), Some(&end)) = (self.column_of.get(start), self.column_of.get(end)) {
            match self.marks.iter_mut().find(|mark| (mark.start, mark.end) == (start, end)) {
                Some(mark) => mark.names.push(name),
                None => self.marks.push(Mark { start, end, names: vec![name] }),
            }
        }
    }

    /// Prints each row of the record, and under it the marks that begin in it.
    pub fn print(&mut self, out: &mut impl Write, paint: Paint) -> io::Result<()> {
        self.marks.sort_by_key(|mark| (mark.start, mark.end));
        for (number, row) in self.columns.chunks(self.width).enumerate() {
            let first = number * self.width;
            writeln!(out, "  {}", paint.bold(row.iter().collect::<String>()))?;
            let here = self.marks.iter().filter(|mark| (first..first + row.len()).contains(&mark.start));
            for mark in here {
                let (start, end) = (mark.start - first, (mark.end - first).min(row.len()));
                writeln!(out, "  {}", self.label(start, end.max(start + 1), &mark.names.join(", "), paint))?;
            }
        }
        Ok(())
    }

    /// The mark, with the name behind it, or before it where there is no room behind.
    fn label(&self, start: usize, end: usize, name: &str, paint: Paint) -> String {
        let bar = paint.paint(Style::Green, "▔".repeat(end - start)).to_string();
        let painted = paint.paint(Style::Cyan, name);
        if end + 1 + name.len() > self.width && start > name.len() {
            let blank = " ".repeat(start - name.len() - 1);
            format!("{blank}{painted} {bar}")
        } else {
            format!("{}{bar} {painted}", " ".repeat(start))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(raw: &[u8], marks: &[(usize, usize, &'static str)]) -> String {
        let mut ruler = Ruler::new(raw, MIN_WIDTH);
        marks.iter().for_each(|(start, end, name)| ruler.mark(*start, *end, name));
        let mut out = Vec::new();
        ruler.print(&mut out, Paint(false)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_mark_stands_under_its_bytes_with_its_name_beside_it() {
        let shown = printed(b"login of root", &[(9, 13, "user.name"), (0, 5, "event.action"), (9, 13, "user.id")]);
        assert_eq!(shown, "  login of root\n  ▔▔▔▔▔ event.action\n           ▔▔▔▔ user.name, user.id\n");
    }

    #[test]
    fn a_name_without_room_behind_its_mark_stands_before_it() {
        let raw = [b'x'; 40];
        let shown = printed(&raw, &[(36, 40, "user.name")]);
        assert_eq!(shown.lines().nth(1).unwrap(), format!("  {}user.name ▔▔▔▔", " ".repeat(26)));
    }

    #[test]
    fn long_records_go_on_in_rows_and_strange_bytes_keep_marks_in_place() {
        let mut raw = b"\x01\xff".to_vec();
        raw.extend("ü".as_bytes());
        raw.extend([b'a'; 60]);
        let shown = printed(&raw, &[(4, 6, "one"), (50, 52, "two"), (0, 900, "outside")]);
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[0].starts_with("  \\u{1}\\xffüaaa"), "{}", lines[0]);
        assert_eq!(lines[1], format!("  {}▔▔ one", " ".repeat(10)));
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[3], format!("  {}▔▔ two", " ".repeat(56 - MIN_WIDTH)));
    }
}
