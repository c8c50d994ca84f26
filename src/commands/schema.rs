//! `roundsman schema`: JSON schemas of what people and programs hold on to.
//!
//! Where a type exists, its schema is made from it; the event and the lines of a replay are described as data in
//! `schemas/`, because they have no one type.

use std::io::Write;

use clap::ValueEnum;
use roundsman_config::Config;
use roundsman_rules::{Alert, PatchCase, inputs::Policy};
use roundsman_sinks::digest::Digest;
use schemars::{JsonSchema, Schema, generate::SchemaSettings, transform::RecursiveTransform};
use serde_json::{Value, json};

use crate::{
    exit::{Exit, Outcome},
    term::{self, Term},
};

const EXAMPLES: &str = "\
Examples:
  roundsman schema config > roundsman.schema.json
  roundsman schema alert | jq .properties.severity";

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Name {
    /// The configuration file
    Config,
    /// policy.toml
    Policy,
    /// What `parse` and `tap` print
    Event,
    /// An alert
    Alert,
    /// A patch case
    Case,
    /// The digest
    Digest,
    /// One line of `replay --input jsonl`
    Replay,
}

/// Options of `roundsman schema`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Of what
    #[arg(value_enum, value_name = "NAME")]
    pub name: Name,
}

/// Prints the schema.
pub fn run(args: Args, _term: &Term) -> Outcome {
    let mut out = term::stdout();
    serde_json::to_writer_pretty(&mut out, &schema(args.name)).map_err(std::io::Error::from)?;
    writeln!(out)?;
    out.flush()?;
    Ok(Exit::Done)
}

fn schema(name: Name) -> Value {
    match name {
        Name::Config => {
            let mut schema = of::<Config>();
            let mut transform = RecursiveTransform(allow_indirection);
            schemars::transform::Transform::transform(&mut transform, &mut schema);
            schema.into()
        }
        Name::Policy => of::<Policy>().into(),
        Name::Alert => of::<Alert>().into(),
        Name::Case => of::<PatchCase>().into(),
        Name::Digest => of::<Digest>().into(),
        Name::Event => data(include_str!("../schemas/event.json")),
        Name::Replay => {
            let mut schema = data(include_str!("../schemas/replay.json"));
            schema["$defs"]["decision"] = super::record::schema();
            schema
        }
    }
}

fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}

fn data(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// Any string of the configuration may be fetched instead of written.
fn allow_indirection(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    let Some(Value::Object(properties)) = object.get_mut("properties") else { return };
    for (_, property) in properties.iter_mut().filter(|(name, _)| *name != "type") {
        let kinds = property.get("type").cloned().unwrap_or_default();
        let text = kinds == "string" || kinds.as_array().is_some_and(|kinds| kinds.contains(&json!("string")));
        if text {
            *property = json!({ "anyOf": [property.take(), { "$ref": "#/$defs/Fetched" }] });
        }
    }
    if object.contains_key("$schema") {
        let text = json!({ "type": "string" });
        let one = |key: &str| json!({ "type": "object", "properties": { key: text }, "required": [key], "additionalProperties": false });
        let fetched = json!({
            "description": "A value fetched from the environment, a file, or systemd's credentials",
            "oneOf": [one("env"), one("file"), one("credential")],
        });
        object.entry("$defs").or_insert_with(|| json!({}))["Fetched"] = fetched;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_says_which_dialect_it_is_and_what_it_describes() {
        for name in Name::value_variants() {
            let schema = schema(*name);
            assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name:?}");
            assert!(schema["title"].is_string(), "{name:?} has no title");
            assert!(schema["properties"].is_object() || schema["oneOf"].is_array(), "{name:?} describes nothing");
        }
    }

    #[test]
    fn every_reference_of_a_schema_leads_somewhere() {
        fn check(root: &Value, value: &Value) {
            match value {
                Value::Object(object) => {
                    if let Some(Value::String(to)) = object.get("$ref") {
                        let pointer = to.strip_prefix('#').expect("a local reference");
                        assert!(root.pointer(pointer).is_some(), "{to} leads nowhere");
                    }
                    object.values().for_each(|value| check(root, value));
                }
                Value::Array(items) => items.iter().for_each(|value| check(root, value)),
                _ => {}
            }
        }
        for name in Name::value_variants() {
            let schema = schema(*name);
            check(&schema, &schema);
        }
    }

    #[test]
    fn a_text_of_the_configuration_may_be_fetched() {
        let schema = schema(Name::Config);
        let text = serde_json::to_string(&schema["$defs"]["Store"]).unwrap();
        assert!(text.contains("#/$defs/Fetched"), "{text}");
    }
}
