use roundsman_ingest::{
    Event, Record,
    event::Value,
    field::Field,
    record::{Kind, Origin, Transport},
};
use roundsman_rules::sigma::*;
use std::{io::Write, path::Path, time::Instant};
fn walk(dir: &Path, out: &mut Vec<RuleFile>) {
    let mut v: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    v.sort();
    for p in v {
        if p.is_dir() {
            walk(&p, out)
        } else if p.extension().is_some_and(|e| e == "yml") {
            out.push(RuleFile { text: std::fs::read_to_string(&p).unwrap(), path: p })
        }
    }
}
fn flat(e: &mut Event, prefix: &str, v: &serde_json::Value) {
    use serde_json::Value as J;
    match v {
        J::Object(m) => {
            for (k, v) in m {
                let n = if prefix.is_empty() { k.clone() } else { format!("{prefix}.{k}") };
                flat(e, &n, v)
            }
        }
        J::Array(a) => {
            for v in a {
                flat(e, prefix, v)
            }
        }
        J::String(s) => e.set_text(Field::intern(prefix).unwrap(), s),
        J::Bool(b) => e.push(Field::intern(prefix).unwrap(), Value::Bool(*b)),
        J::Null => e.push(Field::intern(prefix).unwrap(), Value::Null),
        J::Number(n) => match n.as_i64() {
            Some(i) => e.set_int(Field::intern(prefix).unwrap(), i),
            None => e.push(Field::intern(prefix).unwrap(), Value::Float(n.as_f64().unwrap())),
        },
    }
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let mut files = Vec::new();
    for d in args[1].split(',') {
        walk(Path::new(d), &mut files);
    }
    let t = Instant::now();
    let (set, problems) = RuleSet::load(&files, &Options::default());
    eprintln!("{} files {} rules {} problems in {:?}", files.len(), set.rules().len(), problems.len(), t.elapsed());
    for p in &problems {
        eprintln!("{p}");
    }
    if args.len() < 3 {
        return;
    }
    let text = std::fs::read_to_string(&args[2]).unwrap();
    let origin = Origin::new(Transport::File, "x");
    let events: Vec<Event> = text
        .lines()
        .map(|l| {
            let r = Record {
                received: "2026-11-22T00:00:00Z".parse().unwrap(),
                origin: &origin,
                kind: Kind::Line,
                truncated: false,
                raw: l.as_bytes(),
            };
            let mut e = Event::new(&r);
            flat(&mut e, "", &serde_json::from_str(l).unwrap());
            e
        })
        .collect();
    let mut scratch = Scratch::default();
    let mut hits = Vec::new();
    let mut out = std::io::BufWriter::new(std::fs::File::create(&args[3]).unwrap());
    for pass in 0..2 {
        let t = Instant::now();
        let mut n = 0;
        for (i, e) in events.iter().enumerate() {
            hits.clear();
            set.matches(e, true, &mut scratch, &mut hits);
            n += hits.len();
            if pass == 0 {
                for h in &hits {
                    writeln!(out, "{i}\t{}", set.rule(*h).id).unwrap()
                }
            }
        }
        let el = t.elapsed();
        eprintln!("{n} hits, {:?}, {:.0} ns/event", el, el.as_nanos() as f64 / events.len() as f64);
    }
}
