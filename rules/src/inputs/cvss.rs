//! The base score of [CVSS 3](https://www.first.org/cvss/v3.1/specification-document), for feeds that give the vector only.

/// A vector's base score; `None` where it is none of version 3.
pub fn score(vector: &str) -> Option<f64> {
    let rest = vector.strip_prefix("CVSS:3.0/").or_else(|| vector.strip_prefix("CVSS:3.1/"))?;
    let metric = |name: &str| rest.split('/').find_map(|m| m.strip_prefix(name)?.strip_prefix(':'));
    let changed = metric("S")? == "C";
    let impact = |name: &str| {
        Some(match metric(name)? {
            "H" => 0.56,
            "L" => 0.22,
            "N" => 0.0,
            _ => return None,
        })
    };
    let lost = 1.0 - (1.0 - impact("C")?) * (1.0 - impact("I")?) * (1.0 - impact("A")?);
    let impact = match changed {
        true => 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02_f64).powi(15),
        false => 6.42 * lost,
    };
    let vector = match metric("AV")? {
        "N" => 0.85,
        "A" => 0.62,
        "L" => 0.55,
        "P" => 0.2,
        _ => return None,
    };
    let complexity = match metric("AC")? {
        "L" => 0.77,
        "H" => 0.44,
        _ => return None,
    };
    let privileges = match (metric("PR")?, changed) {
        ("N", _) => 0.85,
        ("L", false) => 0.62,
        ("L", true) => 0.68,
        ("H", false) => 0.27,
        ("H", true) => 0.5,
        _ => return None,
    };
    let interaction = if metric("UI")? == "N" { 0.85 } else { 0.62 };
    if impact <= 0.0 {
        return Some(0.0);
    }
    let both = impact + 8.22 * vector * complexity * privileges * interaction;
    let both = if changed { 1.08 * both } else { both };
    // Roundup of appendix A: to one decimal, upwards, without being led astray by floating point
    let whole = (both.min(10.0) * 100_000.0).round() as i64;
    Some(if whole % 10_000 == 0 { whole as f64 / 100_000.0 } else { (whole / 10_000 + 1) as f64 / 10.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_those_of_the_specifications_examples() {
        for (vector, expected) in [
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 8.8),
            ("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
            ("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N", 5.5),
            ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1),
            ("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        ] {
            assert_eq!(score(vector), Some(expected), "{vector}");
        }
        assert_eq!(score("CVSS:4.0/AV:N"), None);
        assert_eq!(score("CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"), None);
    }
}
