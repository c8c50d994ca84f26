//! `roundsman record`: writes down a human decision (interface section 5).

use serde_json::{Map, Number, Value, json};

use crate::{
    cli::ConfigArg,
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
    /// What is decided: exception, known_issue, rollback_reason, workaround, override, waive, watch, triage,
    /// test_result, schedule, change, decision, restore_test, resource, action, training, vendor, review, alert
    #[arg(value_name = "KIND")]
    pub kind: String,
    /// What it says
    #[arg(value_name = "KEY=VALUE")]
    pub pairs: Vec<String>,
}

/// A kind of decision.
#[derive(Debug)]
pub struct Kind {
    /// Its word.
    pub name: &'static str,
    /// Keys that must be there.
    pub needs: &'static [&'static str],
    /// Keys that may be there.
    pub takes: &'static [&'static str],
}

const fn kind(name: &'static str, needs: &'static [&'static str], takes: &'static [&'static str]) -> Kind {
    Kind { name, needs, takes }
}

/// Every kind of decision.
pub const KINDS: [Kind; 19] = [
    kind("exception", &["id", "advisory", "reason", "approver", "expires"], &["asset", "control", "created"]),
    kind("known_issue", &["advisory", "pattern"], &["workaround", "owner"]),
    kind("rollback_reason", &["case", "reason"], &[]),
    kind("workaround", &["case", "text"], &[]),
    kind("override", &["case", "what", "why"], &[]),
    kind("waive", &["case", "check", "why"], &[]),
    kind("watch", &["advisory", "on"], &[]),
    kind("triage", &["case", "step"], &["outcome"]),
    kind("test_result", &["advisory", "ring", "criterion", "result"], &["note"]),
    kind("schedule", &["case", "window"], &[]),
    kind("change", &["object", "by", "why"], &["from", "to"]),
    kind("decision", &["case", "what", "why"], &[]),
    kind("restore_test", &["job", "result"], &["took"]),
    kind("resource", &["text", "hours"], &[]),
    kind("action", &["text"], &["owner", "due"]),
    kind("training", &["topic", "held"], &["attended", "of"]),
    kind("vendor", &["vendor"], &["assessed", "risk", "note"]),
    kind("review", &["of", "by"], &["finding"]),
    kind("alert", &["id"], &["to", "reason", "expires", "by", "note"]),
];

/// Values that are chosen from a list: kind, key, choices.
const CHOICES: [(&str, &str, &[&str]); 10] = [
    ("override", "what", &["window", "soak"]),
    ("waive", "check", &["health", "function", "logs", "closure"]),
    ("triage", "step", &["scoped", "preserved", "decided"]),
    ("test_result", "criterion", &["compatibility", "performance", "integration", "workflow"]),
    ("test_result", "result", &["pass", "fail"]),
    ("decision", "what", &["blocked", "allowed"]),
    ("review", "of", &["accounts", "backups", "vendors", "process"]),
    ("restore_test", "result", &["pass", "fail"]),
    ("alert", "to", &["acknowledged", "closed", "new"]),
    ("alert", "reason", &["true_positive", "benign", "false_positive", "duplicate", "to_meeting"]),
];

/// Keys whose values are numbers.
const NUMBERS: [&str; 4] = ["hours", "ring", "attended", "of"];

/// Runs the command.
pub fn run(args: Args, term: &Term) -> Outcome {
    let decision = read(&args.kind, &args.pairs).map_err(Failure::usage)?;
    let config = setup::config(&args.config, term)?;
    let path = decision::leave(&config.data, &decision).or_unusable("the decision was not recorded")?;
    println!("recorded: {}", Value::Object(decision));
    println!("{}", term.out.dim(format!("{} waits for the running instance", path.display())));
    Ok(Exit::Done)
}

/// The decision that these words make.
fn read(name: &str, pairs: &[String]) -> Result<Map<String, Value>, String> {
    let Some(kind) = KINDS.iter().find(|kind| kind.name == name) else {
        let names: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
        return Err(format!("unknown kind `{name}` (available: {})", names.join(", ")));
    };
    let mut decision = Map::from_iter([("kind".to_owned(), Value::from(name))]);
    for pair in pairs {
        let (key, text) = pair.split_once('=').ok_or_else(|| format!("`{pair}` is not KEY=VALUE"))?;
        if !kind.needs.contains(&key) && !kind.takes.contains(&key) {
            return Err(format!("`{name}` has no `{key}` ({})", takes(kind)));
        }
        if let Some(choices) = choices(name, key).filter(|choices| !choices.contains(&text)) {
            return Err(format!("unknown value for `{key}`: `{text}` (available: {})", choices.join(", ")));
        }
        if decision.insert(key.to_owned(), value(key, text)?).is_some() {
            return Err(format!("`{key}` is given twice"));
        }
    }
    let missing: Vec<_> = kind.needs.iter().copied().filter(|key| !decision.contains_key(*key)).collect();
    match &missing[..] {
        [] => {}
        ["by"] => _ = decision.insert("by".to_owned(), decision::who().into()),
        _ => return Err(format!("`{name}` needs {} ({})", missing.join(", "), takes(kind))),
    }
    if name == "alert" && !decision.contains_key("by") {
        decision.insert("by".to_owned(), decision::who().into());
    }
    Ok(decision)
}

/// The JSON schema of a decision.
pub fn schema() -> Value {
    let kinds = KINDS.iter().map(|kind| {
        let mut properties = Map::from_iter([("kind".to_owned(), json!({ "const": kind.name }))]);
        for key in kind.needs.iter().chain(kind.takes) {
            let value = match choices(kind.name, key) {
                Some(choices) => json!({ "enum": choices }),
                None if *key == "on" => json!({ "type": "boolean" }),
                None if NUMBERS.contains(key) => json!({ "type": ["number", "string"] }),
                None => json!({ "type": "string" }),
            };
            properties.insert((*key).to_owned(), value);
        }
        let needs: Vec<_> = ["kind"].iter().chain(kind.needs).collect();
        json!({ "title": kind.name, "properties": properties, "required": needs })
    });
    json!({ "type": "object", "description": "A human decision", "oneOf": kinds.collect::<Vec<_>>() })
}

/// The words from which this value is chosen.
fn choices(kind: &str, key: &str) -> Option<&'static [&'static str]> {
    CHOICES.iter().find(|(of, k, _)| *of == kind && *k == key).map(|(_, _, choices)| *choices)
}

fn takes(kind: &Kind) -> String {
    let needs = kind.needs.iter().map(|key| format!("{key}=…"));
    let takes = kind.takes.iter().map(|key| format!("[{key}=…]"));
    needs.chain(takes).collect::<Vec<_>>().join(" ")
}

fn value(key: &str, text: &str) -> Result<Value, String> {
    if text.is_empty() {
        return Err(format!("`{key}` is empty"));
    }
    if key == "on" {
        return text.parse::<bool>().map(Value::Bool).map_err(|_| format!("`on` is true or false, not `{text}`"));
    }
    let number = NUMBERS.contains(&key).then(|| text.parse::<Number>().ok()).flatten();
    Ok(number.map_or_else(|| Value::from(text), Value::Number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(words: &str) -> Result<String, String> {
        let mut words = words.split(' ').map(str::to_owned);
        let kind = words.next().unwrap();
        read(&kind, &words.collect::<Vec<_>>()).map(|decision| Value::Object(decision).to_string())
    }

    #[test]
    fn a_decision_is_what_the_words_say() {
        let restore = r#"{"kind":"restore_test","job":"nightly","result":"pass","took":"42m"}"#;
        assert_eq!(told("restore_test job=nightly result=pass took=42m").unwrap(), restore);
        let training = r#"{"kind":"training","topic":"phishing","held":"2026-11-02","attended":12,"of":15}"#;
        assert_eq!(told("training topic=phishing held=2026-11-02 attended=12 of=15").unwrap(), training);
        assert_eq!(told("watch advisory=A on=true").unwrap(), r#"{"kind":"watch","advisory":"A","on":true}"#);
        let alert = r#"{"kind":"alert","id":"1234567890123456","to":"new","by":"me"}"#;
        assert_eq!(told("alert id=1234567890123456 to=new by=me").unwrap(), alert);
    }

    #[test]
    fn what_is_missing_unknown_or_said_twice_is_told() {
        assert!(told("excepton id=1").unwrap_err().contains("unknown kind `excepton` (available: exception, "));
        assert!(told("workaround case=a/b").unwrap_err().contains("needs text (case=… text=…)"));
        assert!(told("workaround case=a/b txt=c").unwrap_err().contains("has no `txt`"));
        assert!(told("watch advisory=A on=maybe").unwrap_err().contains("true or false"));
        assert!(told("waive case=a/b check=luck why=x").unwrap_err().contains("available: health, function"));
        assert!(told("resource text=a text=b").unwrap_err().contains("twice"));
        assert!(told("resource text").unwrap_err().contains("KEY=VALUE"));
    }
}
