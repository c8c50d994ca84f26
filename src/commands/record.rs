//! `roundsman record`: writes down a human decision (interface section 5).

use clap::builder::{PossibleValue, PossibleValuesParser};
use serde_json::{Map, Value, json};

use crate::{
    cli::ConfigArg,
    console::record::{self, Holds, Kind},
    decision,
    exit::{Exit, Failure, OrUnusable, Outcome},
    setup,
    term::Term,
};

const EXAMPLES: &str = "\
Examples:
  roundsman record exception id=EX-12 asset=kiosk1 advisory=DSA-9001 reason='vendor image' \\
      approver='A. Lee' expires=2026-12-22
  roundsman record change object=fw1 by=j.doe why='new branch office' \\
      from=2026-11-22T20:00:00Z to=2026-11-22T22:00:00Z
  roundsman record restore_test job=nightly result=pass took=42m
  roundsman record action text='Rotate the VPN keys' owner=ops due=2026-12-01

`roundsman record KIND` without values says which that kind takes. The running instance journals and
applies the decision; without one, the next start does.";

/// Options of `roundsman record`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArg,
    /// What is decided
    #[arg(value_name = "KIND", value_parser = kinds())]
    pub kind: String,
    /// What it says
    #[arg(value_name = "KEY=VALUE")]
    pub pairs: Vec<String>,
}

fn kinds() -> PossibleValuesParser {
    record::KINDS.iter().map(|kind| PossibleValue::new(kind.name).help(kind.help)).into()
}

/// Runs the command.
pub fn run(args: Args, term: &Term) -> Outcome {
    let decision = read(&args.kind, &args.pairs).map_err(Failure::usage)?;
    let config = setup::config(&args.config, term)?;
    let path = decision::leave(&config.data, &decision).or_unusable("the decision was not recorded")?;
    println!("recorded: {}", decision);
    println!("{}", term.out.dim(format!("{} waits for the running instance", path.display())));
    Ok(Exit::Done)
}

/// The decision that these words make.
fn read(name: &str, pairs: &[String]) -> Result<Value, String> {
    let kind = record::kind(name).map_err(|fault| fault.to_string())?;
    let mut values: Vec<(String, String)> = Vec::new();
    for pair in pairs {
        let (key, text) = pair.split_once('=').ok_or_else(|| format!("`{pair}` is not KEY=VALUE"))?;
        if !kind.fields.iter().any(|field| field.name == key) {
            return Err(format!("a record of kind {name} has no `{key}`; it takes {}", takes(kind)));
        }
        if values.iter().any(|(known, _)| known == key) {
            return Err(format!("`{key}` is given twice"));
        }
        values.push((key.to_owned(), text.to_owned()));
    }
    record::from_form(kind, &values, &decision::who()).map_err(|fault| format!("{fault}; it takes {}", takes(kind)))
}

fn takes(kind: &Kind) -> String {
    let words = kind.fields.iter().map(|field| match field.required {
        true => format!("{}=…", field.name),
        false => format!("[{}=…]", field.name),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The JSON schema of a decision.
pub fn schema() -> Value {
    let kinds = record::KINDS.iter().map(|kind| {
        let mut properties = Map::from_iter([("kind".to_owned(), json!({ "const": kind.name }))]);
        for field in kind.fields {
            let mut value = match field.holds {
                Holds::Choice(words) => json!({ "enum": words }),
                Holds::Flag => json!({ "type": "boolean" }),
                Holds::Number => json!({ "type": "number" }),
                Holds::Text | Holds::Prose | Holds::Time | Holds::Day => json!({ "type": "string" }),
            };
            value["description"] = field.help.into();
            properties.insert(field.name.to_owned(), value);
        }
        let required = kind.fields.iter().filter(|field| field.required).map(|field| field.name);
        let required: Vec<_> = std::iter::once("kind").chain(required).collect();
        json!({ "title": kind.title, "description": kind.help, "properties": properties, "required": required })
    });
    json!({ "type": "object", "description": "A human decision", "oneOf": kinds.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(words: &str) -> Result<Value, String> {
        let mut words = words.split(' ').map(str::to_owned);
        let kind = words.next().unwrap();
        let mut decision = read(&kind, &words.collect::<Vec<_>>())?;
        decision.as_object_mut().unwrap().remove("recorded_by").expect("who recorded it");
        Ok(decision)
    }

    #[test]
    fn a_decision_is_what_the_words_say() {
        let training = json!({"kind": "training", "topic": "phishing", "held": "2026-11-02", "attended": 12, "of": 15});
        assert_eq!(told("training topic=phishing held=2026-11-02 attended=12 of=15").unwrap(), training);
        assert_eq!(told("watch advisory=A on=true").unwrap(), json!({"kind": "watch", "advisory": "A", "on": true}));
    }

    #[test]
    fn what_is_missing_unknown_or_said_twice_is_told() {
        for (words, part) in [
            ("excepton id=1", "`excepton` (available: exception, "),
            ("workaround case=a/b", "needs `text`"),
            ("workaround case=a/b", "it takes case=… text=…"),
            ("workaround case=a/b txt=c", "has no `txt`"),
            ("watch advisory=A on=maybe", "true or false"),
            ("waive case=a/b check=luck why=x", "one of health, function"),
            ("resource text=a text=b", "twice"),
            ("resource text", "KEY=VALUE"),
        ] {
            let error = told(words).unwrap_err();
            assert!(error.contains(part), "{words}: {error}");
        }
    }
}
