//! Juniper: `21.4R3-S5.4` is the fourth spin of the fifth service release of 21.4R3; `15.1X49-D170` an X train with its
//! drop; `-EVO` another system.

use std::cmp::Ordering;

use super::digits;

#[derive(PartialEq)]
struct Version<'a> {
    /// `R`, `X49`, … and whether it is Evolved: these run beside each other.
    train: (&'a str, Option<u64>, bool),
    /// Year, quarter, release, service release or drop, spin.
    numbers: [u64; 5],
}

/// The order of two versions; `None` between trains, or where one is not of this form.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (read(a)?, read(b)?);
    (a.train == b.train).then(|| a.numbers.cmp(&b.numbers))
}

fn read(text: &str) -> Option<Version<'_>> {
    let (text, evolved) = text.strip_suffix("-EVO").map_or((text, false), |text| (text, true));
    let (year, rest) = digits(text);
    let (quarter, rest) = digits(rest.strip_prefix('.')?);
    let letter = rest.get(..1).filter(|l| matches!(*l, "R" | "X" | "B" | "I" | "F"))?;
    let (release, rest) = digits(&rest[1..]);
    let release: u64 = release.parse().ok()?;
    let (service, rest) = match rest.strip_prefix("-S").or_else(|| rest.strip_prefix("-D")) {
        Some(rest) => {
            let (number, rest) = digits(rest);
            (number.parse().ok()?, rest)
        }
        None => (0, rest),
    };
    let spin = match rest.strip_prefix('.') {
        Some(spin) => spin.parse().ok()?,
        None if rest.is_empty() => 0,
        None => return None,
    };
    let (branch, release) = if letter == "X" { (Some(release), 0) } else { (None, release) };
    let numbers = [year.parse().ok()?, quarter.parse().ok()?, release, service, spin];
    Some(Version { train: (letter, branch, evolved), numbers })
}

#[cfg(test)]
mod tests {
    use crate::version::{
        Scheme,
        tests::{apart, ascends},
    };

    #[test]
    fn service_releases_come_after_their_release() {
        ascends(
            Scheme::Junos,
            &[
                "20.4R3-S7",
                "21.2R3-S7",
                "21.4R1.12",
                "21.4R3",
                "21.4R3.15",
                "21.4R3-S5",
                "21.4R3-S5.4",
                "21.4R3-S10",
                "22.2R1",
            ],
        );
        ascends(Scheme::Junos, &["15.1X49-D90", "15.1X49-D170.4", "15.1X49-D180"]);
        apart(
            Scheme::Junos,
            &[
                ("21.4R3-S5", "21.4R3-S6-EVO"),
                ("15.1X49-D170", "15.1X53-D50"),
                ("15.1R7", "15.1X49-D170"),
                ("junos", "21.4R3"),
            ],
        );
    }
}
