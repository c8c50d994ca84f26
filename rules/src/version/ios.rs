//! Cisco IOS (`15.2(7)E8`), IOS-XE (`17.9.5a`, `03.16.05.S`) and NX-OS (`9.3(10)`, `7.0(3)I7(9)`).
//!
//! Capital letters name a release train. Trains run beside each other: what is fixed in one says nothing about another,
//! so versions of different trains have no order
//! ([Cisco IOS reference guide](https://sec.cloudapps.cisco.com/security/center/resources/ios_nx_os_reference_guide)).

use std::cmp::Ordering;

use super::digits;

#[derive(Debug, PartialEq)]
enum Part<'a> {
    /// A number, and the letter of its rebuild (0: none).
    Number(u64, u8),
    Train(&'a str),
}

/// The order of two versions; `None` between trains.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (read(a)?, read(b)?);
    for i in 0..a.len().max(b.len()) {
        let order = match (a.get(i).unwrap_or(&Part::Number(0, 0)), b.get(i).unwrap_or(&Part::Number(0, 0))) {
            (Part::Number(n, letter), Part::Number(m, other)) => (n, letter).cmp(&(m, other)),
            (Part::Train(x), Part::Train(y)) if x == y => Ordering::Equal,
            _ => return None,
        };
        if order != Ordering::Equal {
            return same_train(&a, &b).then_some(order);
        }
    }
    Some(Ordering::Equal)
}

fn same_train(a: &[Part], b: &[Part]) -> bool {
    let trains = |parts: &[Part]| {
        parts.iter().filter_map(|p| if let Part::Train(t) = p { Some(t.to_string()) } else { None }).collect::<Vec<_>>()
    };
    trains(a) == trains(b)
}

fn read(text: &str) -> Option<Vec<Part<'_>>> {
    let text = text.split_once(',').map_or(text, |(version, _)| version);
    let mut rest = text.trim().trim_start_matches(['v', 'V']);
    let mut parts = Vec::new();
    while let Some(c) = rest.bytes().next() {
        match c {
            b'0'..=b'9' => {
                let (number, after) = digits(rest);
                let letter = after.bytes().next().filter(u8::is_ascii_lowercase);
                parts.push(Part::Number(number.parse().ok()?, letter.unwrap_or(0)));
                rest = &after[letter.is_some() as usize..];
            }
            b'A'..=b'Z' => {
                let (train, after) = rest.split_at(rest.bytes().take_while(u8::is_ascii_uppercase).count());
                parts.push(Part::Train(train));
                rest = after;
            }
            b'.' | b'(' | b')' => rest = &rest[1..],
            _ => return None,
        }
    }
    matches!(parts.first(), Some(Part::Number(..))).then_some(parts)
}

#[cfg(test)]
mod tests {
    use crate::version::{
        Scheme,
        tests::{apart, ascends, same},
    };

    #[test]
    fn rebuilds_of_a_train_follow_each_other() {
        ascends(Scheme::Ios, &["12.1(19)EA1", "12.1(22)EA1", "12.1(22)EA14"]);
        ascends(Scheme::Ios, &["12.2(55)SE", "12.2(55)SE3", "12.2(55)SE12", "12.2(58)SE2", "15.0(2)SE11"]);
        ascends(Scheme::Ios, &["15.2(4)E", "15.2(4)E10", "15.2(7)E", "15.2(7)E0a", "15.2(7)E8", "15.2(8)E1"]);
        ascends(Scheme::Ios, &["12.4(25)", "12.4(25a)", "12.4(25g)"]);
        ascends(Scheme::Ios, &["15.1(4)M12", "15.1(4)M12a"]);
        ascends(Scheme::Ios, &["9.3(9)", "9.3(10)", "9.3(13)"]);
        ascends(Scheme::Ios, &["7.0(3)I7(8)", "7.0(3)I7(9)", "7.0(3)I7(10)"]);
    }

    #[test]
    fn ios_xe_counts_in_dots_with_letters_for_rebuilds() {
        ascends(Scheme::Ios, &["16.12.10", "16.12.10a", "17.3.4", "17.3.4a", "17.6.5", "17.9.4a", "17.9.5", "17.12.1"]);
        ascends(Scheme::Ios, &["03.16.05.S", "03.16.10.S"]);
        same(
            Scheme::Ios,
            &[("17.03.04a", "17.3.4a"), ("3.16.5S", "03.16.05.S"), ("17.9.5, RELEASE SOFTWARE (fc1)", "17.9.5")],
        );
    }

    #[test]
    fn trains_have_no_order_between_them() {
        apart(
            Scheme::Ios,
            &[
                ("15.2(7)E8", "15.2(4)M11"),
                ("15.5(3)S10", "15.5(3)M10"),
                ("12.4(25)", "12.4(24)T8"),
                ("10.2(3)F", "10.2(5)M"),
                ("15.0(2)SE11", "15.2(7)E8"),
            ],
        );
    }
}
