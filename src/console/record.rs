//! The kinds of records that people write (interface section 5): one table for forms, API and checks.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::{Map, Number, Value};

use super::fault::Fault;

/// What a field of a record holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Holds {
    /// One line.
    Text,
    /// Several lines.
    Prose,
    /// A moment, in UTC.
    Time,
    /// A day.
    Day,
    /// A number, zero or more.
    Number,
    /// True or false.
    Flag,
    /// One of these.
    Choice(&'static [&'static str]),
}

/// A field of a record.
pub(crate) struct Field {
    /// Its name in the record.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// The record says nothing without it.
    pub required: bool,
    /// What to write.
    pub help: &'static str,
}

/// A kind of record.
pub(crate) struct Kind {
    /// The value of `kind`.
    pub name: &'static str,
    /// In words.
    pub title: &'static str,
    /// What it does.
    pub help: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

const fn must(name: &'static str, holds: Holds, help: &'static str) -> Field {
    Field { name, holds, required: true, help }
}

const fn may(name: &'static str, holds: Holds, help: &'static str) -> Field {
    Field { name, holds, required: false, help }
}

use Holds::{Choice, Day, Flag, Number as Figure, Prose, Text, Time};

const CASE: Field = must("case", Text, "The case's id, such as web1/DSA-9001");
const WHY: Field = must("why", Prose, "One sentence");

/// Reasons for which an alert is closed.
pub(crate) const REASONS: &[&str] = &["true_positive", "benign", "false_positive", "duplicate", "to_meeting"];

/// All kinds.
pub(crate) const KINDS: &[Kind] = &[
    Kind {
        name: "exception",
        title: "Exception",
        help: "An asset stays without a fix for a while, with a control in its place.",
        fields: &[
            must("id", Text, "Such as EX-12; the same id with a later date renews it"),
            must("asset", Text, "An asset, group:NAME, or *"),
            must("advisory", Text, "An advisory, or product:NAME"),
            must("reason", Prose, "Why it cannot be fixed now"),
            may("control", Prose, "What protects it meanwhile"),
            must("approver", Text, "Who answers for it"),
            must("expires", Time, "When it ends, in UTC"),
        ],
    },
    Kind {
        name: "known_issue",
        title: "Known issue",
        help: "A line that this update is known to log, and that is no reason to fail the log review.",
        fields: &[
            must("advisory", Text, "Such as DSA-9001"),
            must("pattern", Text, "Text of the line, or /regex/"),
            may("workaround", Prose, "What helps"),
            may("owner", Text, "Who follows it up"),
        ],
    },
    Kind {
        name: "rollback_reason",
        title: "Reason for a rollback",
        help: "Why a fix was taken back. Wanted within 24 hours.",
        fields: &[CASE, must("reason", Prose, "One sentence")],
    },
    Kind {
        name: "workaround",
        title: "Workaround",
        help: "Something else keeps the flaw from being used; the case becomes mitigated.",
        fields: &[CASE, must("text", Prose, "What was done")],
    },
    Kind {
        name: "override",
        title: "Override",
        help: "A patch goes in outside its window, or before the test ring has soaked.",
        fields: &[CASE, must("what", Choice(&["window", "soak"]), "What is passed over"), WHY],
    },
    Kind {
        name: "waive",
        title: "Waiver of a check",
        help: "A check that cannot be made. It is shown as waived, never as passed.",
        fields: &[CASE, must("check", Choice(&["health", "function", "logs", "closure"]), "Which of the four"), WHY],
    },
    Kind {
        name: "watch",
        title: "Zero-day watch",
        help: "Anything suspicious on the assets that this advisory concerns is raised at once.",
        fields: &[must("advisory", Text, "Such as DSA-9001"), must("on", Flag, "On or off")],
    },
    Kind {
        name: "triage",
        title: "Triage step",
        help: "How far the search for a prior compromise has come.",
        fields: &[
            CASE,
            must("step", Choice(&["scoped", "preserved", "decided"]), "The step that is done"),
            may("outcome", Text, "For decided: none, suspected or confirmed"),
        ],
    },
    Kind {
        name: "test_result",
        title: "Test result",
        help: "What the test ring showed.",
        fields: &[
            must("advisory", Text, "Such as DSA-9001"),
            must("ring", Figure, "0 tests first"),
            must("criterion", Choice(&["compatibility", "performance", "integration", "workflow"]), "What was tested"),
            must("result", Choice(&["pass", "fail"]), "How it went"),
            may("note", Prose, "What was seen"),
        ],
    },
    Kind {
        name: "schedule",
        title: "Schedule",
        help: "When a case's patch goes in.",
        fields: &[CASE, must("window", Text, "Such as Sun 01:00-05:00, or FROM/TO")],
    },
    Kind {
        name: "change",
        title: "Change",
        help: "A planned change, so that what it causes is not taken for an attack.",
        fields: &[
            must("object", Text, "What changes: an account, a policy, an asset"),
            must("by", Text, "Who makes it"),
            WHY,
            must("from", Time, "In UTC"),
            must("to", Time, "In UTC"),
        ],
    },
    Kind {
        name: "decision",
        title: "Decision about a version",
        help: "Whether a version that was rolled back may come again.",
        fields: &[CASE, must("what", Choice(&["blocked", "allowed"]), "The decision"), WHY],
    },
    Kind {
        name: "restore_test",
        title: "Restore test",
        help: "A backup was restored to see that it can be.",
        fields: &[
            must("job", Text, "The backup job"),
            must("result", Choice(&["ok", "fail"]), "How it went"),
            may("took", Text, "Such as 45m"),
        ],
    },
    Kind {
        name: "resource",
        title: "Resource",
        help: "Time that the team needs, for the meeting.",
        fields: &[must("text", Prose, "What for"), may("hours", Figure, "How many")],
    },
    Kind {
        name: "action",
        title: "Action",
        help: "Something that somebody does until a day, for the meeting.",
        fields: &[must("text", Prose, "What"), must("owner", Text, "Who"), may("due", Day, "Until when")],
    },
    Kind {
        name: "training",
        title: "Training",
        help: "A training that was held.",
        fields: &[
            must("topic", Text, "As in training.csv"),
            must("held", Day, "When"),
            must("attended", Figure, "How many came"),
            must("of", Figure, "How many should have"),
        ],
    },
    Kind {
        name: "vendor",
        title: "Vendor assessment",
        help: "A vendor was looked at.",
        fields: &[
            must("vendor", Text, "As in vendors.csv"),
            must("assessed", Day, "When"),
            must("risk", Choice(&["low", "medium", "high"]), "What came out"),
            may("note", Prose, "What was seen"),
        ],
    },
    Kind {
        name: "review",
        title: "Review",
        help: "A list was gone through.",
        fields: &[
            must("of", Choice(&["accounts", "backups", "vendors", "process"]), "Which"),
            must("by", Text, "Who did it"),
            may("finding", Prose, "What was found; empty where all is well"),
        ],
    },
    Kind {
        name: "alert",
        title: "Alert",
        help: "What becomes of an alert, or a note on it.",
        fields: &[
            must("id", Text, "The alert's id"),
            may("to", Choice(&["acknowledged", "closed", "new"]), "Its new status; empty for a note"),
            may("reason", Choice(REASONS), "Wanted when it is closed"),
            may("expires", Time, "Until when this holds, in UTC"),
            may("note", Prose, "Your words"),
        ],
    },
];

/// A kind by name.
pub(crate) fn kind(name: &str) -> Result<&'static Kind, Fault> {
    KINDS.iter().find(|k| k.name == name).ok_or_else(|| {
        let known: Vec<_> = KINDS.iter().map(|k| k.name).collect();
        Fault::Input(format!("unknown kind of record `{name}` (available: {})", known.join(", ")))
    })
}

/// Checks a record that a program sent and says who recorded it.
///
/// Fields that the kind does not know are kept: the contract may grow.
pub(crate) fn checked(record: Value, recorded_by: &str) -> Result<Value, Fault> {
    let Value::Object(mut record) = record else {
        return Err(Fault::Input("a record is a JSON object".into()));
    };
    let name = record.get("kind").and_then(Value::as_str);
    let kind = kind(name.ok_or_else(|| Fault::Input("a record says its `kind`".into()))?)?;
    for field in kind.fields {
        match record.get(field.name) {
            None | Some(Value::Null) if field.required => return Err(missing(kind, field)),
            None | Some(Value::Null) => {}
            Some(value) => field.check(value)?,
        }
    }
    stamp(&mut record, kind, recorded_by)?;
    Ok(Value::Object(record))
}

/// The record that a form describes: empty fields are left out.
pub(crate) fn from_form(kind: &Kind, values: &[(String, String)], recorded_by: &str) -> Result<Value, Fault> {
    let mut record = Map::new();
    record.insert("kind".into(), kind.name.into());
    for field in kind.fields {
        let text = values.iter().find(|(name, _)| name == field.name).map_or("", |(_, text)| text.trim());
        if !text.is_empty() {
            record.insert(field.name.into(), field.read(text)?);
        } else if field.required {
            return Err(missing(kind, field));
        }
    }
    stamp(&mut record, kind, recorded_by)?;
    Ok(Value::Object(record))
}

fn missing(kind: &Kind, field: &Field) -> Fault {
    Fault::Input(format!("a record of kind {} needs `{}`: {}", kind.name, field.name, field.help))
}

/// Nobody decides in another's name; an alert is closed for a reason.
fn stamp(record: &mut Map<String, Value>, kind: &Kind, recorded_by: &str) -> Result<(), Fault> {
    record.insert("recorded_by".into(), recorded_by.into());
    if kind.name == "alert" {
        record.insert("by".into(), recorded_by.into());
        let closes = record.get("to").is_some_and(|to| to == "closed");
        if closes && !record.contains_key("reason") {
            return Err(Fault::Input(format!("an alert is closed for a `reason`: {}", REASONS.join(", "))));
        }
        if !record.contains_key("to") && !record.contains_key("note") {
            return Err(Fault::Input("a record of kind alert says `to` or `note`".into()));
        }
    }
    Ok(())
}

impl Field {
    /// Checks a value of a program's record.
    fn check(&self, value: &Value) -> Result<(), Fault> {
        let right = match (self.holds, value) {
            (Holds::Text | Holds::Prose, Value::String(text)) => !self.required || !text.trim().is_empty(),
            (Holds::Time, Value::String(text)) => text.parse::<Timestamp>().is_ok() || is_day(text),
            (Holds::Day, Value::String(text)) => is_day(text) || text.parse::<Timestamp>().is_ok(),
            (Holds::Number, Value::Number(_)) | (Holds::Flag, Value::Bool(_)) => true,
            (Holds::Choice(words), Value::String(text)) => words.contains(&text.as_str()),
            _ => false,
        };
        if right { Ok(()) } else { Err(self.wrong(&value.to_string())) }
    }

    /// Reads what somebody typed.
    fn read(&self, text: &str) -> Result<Value, Fault> {
        let value = match self.holds {
            Holds::Text | Holds::Prose => Some(text.into()),
            Holds::Choice(words) => words.contains(&text).then(|| text.into()),
            Holds::Day => is_day(text).then(|| text.into()),
            Holds::Time => moment(text).map(|at| at.to_string().into()),
            Holds::Flag => match text {
                "true" => Some(true.into()),
                "false" => Some(false.into()),
                _ => None,
            },
            Holds::Number => text
                .parse::<u64>()
                .map(Number::from)
                .ok()
                .or_else(|| text.parse().ok().and_then(Number::from_f64))
                .map(Value::Number),
        };
        value.ok_or_else(|| self.wrong(text))
    }

    fn wrong(&self, found: &str) -> Fault {
        let wanted = match self.holds {
            Holds::Text | Holds::Prose => "a text".to_owned(),
            Holds::Time => "a time such as 2026-11-22T08:00:00Z".to_owned(),
            Holds::Day => "a day such as 2026-11-22".to_owned(),
            Holds::Number => "a number".to_owned(),
            Holds::Flag => "true or false".to_owned(),
            Holds::Choice(words) => format!("one of {}", words.join(", ")),
        };
        Fault::Input(format!("`{}` is {wanted}, not {found}", self.name))
    }
}

fn is_day(text: &str) -> bool {
    text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10
}

/// A browser's `datetime-local`, taken as UTC, or RFC 3339.
fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let civil: DateTime = text.parse().ok()?;
    civil.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(kind_name: &str, fields: &[(&str, &str)]) -> Result<Value, Fault> {
        let values: Vec<_> = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        from_form(kind(kind_name).unwrap(), &values, "anna")
    }

    #[test]
    fn a_form_becomes_the_record_of_the_contract() {
        let record =
            form("waive", &[("case", "web1/DSA-9001"), ("check", "function"), ("why", " no probe "), ("x", "y")]);
        let expected =
            json!({"kind":"waive","case":"web1/DSA-9001","check":"function","why":"no probe","recorded_by":"anna"});
        assert_eq!(record.unwrap(), expected);
    }

    #[test]
    fn times_typed_into_a_form_are_utc() {
        let fields =
            [("object", "edge"), ("by", "ops"), ("why", "x"), ("from", "2026-11-22T08:00"), ("to", "2026-11-22T10:30")];
        let record = form("change", &fields).unwrap();
        assert_eq!(record["from"], "2026-11-22T08:00:00Z");
        assert_eq!(record["to"], "2026-11-22T10:30:00Z");
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        let cases = [
            (json!({"kind":"waive","case":"a/b","check":"luck","why":"x"}), "one of health"),
            (json!({"kind":"waive","case":"a/b","why":"x"}), "needs `check`"),
            (json!({"kind":"wave"}), "available: exception"),
            (json!({"case":"a/b"}), "`kind`"),
            (json!([1]), "JSON object"),
            (json!({"kind":"watch","advisory":"DSA-1","on":"yes"}), "true or false"),
            (json!({"kind":"alert","id":"x","to":"closed"}), "reason"),
            (json!({"kind":"alert","id":"x"}), "`to` or `note`"),
        ];
        for (record, part) in cases {
            let error = checked(record.clone(), "anna").unwrap_err().to_string();
            assert!(error.contains(part), "{record}: {error}");
        }
    }

    #[test]
    fn nobody_decides_in_the_name_of_another() {
        let record =
            checked(json!({"kind":"alert","id":"x","to":"acknowledged","by":"eve","recorded_by":"eve"}), "anna")
                .unwrap();
        assert_eq!((&record["by"], &record["recorded_by"]), (&json!("anna"), &json!("anna")));
    }

    #[test]
    fn a_record_may_carry_fields_that_are_not_known_yet() {
        let record = checked(json!({"kind":"action","text":"x","owner":"y","colour":"red"}), "anna").unwrap();
        assert_eq!(record["colour"], "red");
    }
}
