//! A JSON log format that is described by data alone: the keys that tell it, the table of its keys, and one function
//! for what follows from them.

use crate::{
    Event, Field,
    envelope::Line,
    field,
    formats::{Example, Format, LogSource, Reject, Structure},
    json::table::Table,
};

/// A format whose records are JSON objects. What each part means is said at [`Format`].
pub struct JsonFormat {
    /// See [`Format::name`].
    pub name: &'static str,
    /// See [`Format::category`].
    pub category: &'static str,
    /// See [`Format::product`].
    pub product: &'static str,
    /// See [`Format::about`].
    pub about: &'static str,
    /// See [`Format::logsource`].
    pub logsource: LogSource,
    /// Sets of keys any of which tells the format ([`crate::json::keys`]); with no set, the format is found otherwise.
    pub keys: &'static [&'static [&'static str]],
    /// The name with its dot under which values stand that have no ECS field.
    pub own: &'static str,
    /// Fields that have the same value in every record: who observes.
    pub always: &'static [(&'static str, &'static str)],
    /// The keys.
    pub table: Table,
    /// What follows from the values once all are set: category, type, action, outcome.
    pub settle: fn(&mut Event<'_>),
    /// See [`Format::examples`].
    pub examples: &'static [Example],
}

impl Format for JsonFormat {
    fn name(&self) -> &'static str {
        self.name
    }

    fn category(&self) -> &'static str {
        self.category
    }

    fn product(&self) -> &'static str {
        self.product
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn logsource(&self) -> LogSource {
        self.logsource
    }

    fn structure(&self) -> Structure {
        if self.keys.is_empty() { Structure::None } else { Structure::Keys(self.keys) }
    }

    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        // an element of an array that was written line by line ends with its comma
        let record = line.message.trim_ascii_end();
        self.table.read(record.strip_suffix(b",").unwrap_or(record), self.own, event)?;
        for (name, value) in self.always {
            Field::intern(name).into_iter().for_each(|field| event.set_static(field, value));
        }
        (self.settle)(event);
        Ok(())
    }

    fn examples(&self) -> &'static [Example] {
        self.examples
    }
}

/// What an action means: the word, its category, its types, and its outcome where the word says it. Several words are
/// separated by blanks; a star at the end of the action stands for anything.
#[derive(Clone, Copy, Debug)]
pub struct Class(pub &'static str, pub &'static str, pub &'static str, pub &'static str);

/// Sets `event.category`, `event.type` and `event.outcome` by the first class that this action is of. Says whether there
/// is one. An outcome that is already set stays.
pub fn classify(event: &mut Event<'_>, action: &[u8], classes: &[Class]) -> bool {
    let is = |pattern: &str| match pattern.strip_suffix('*') {
        Some(start) => action.starts_with(start.as_bytes()),
        None => action == pattern.as_bytes(),
    };
    let Some(Class(_, categories, kinds, outcome)) = classes.iter().find(|class| is(class.0)) else { return false };
    for (field, words) in [(field::EVENT_CATEGORY, categories), (field::EVENT_TYPE, kinds)] {
        words.split_ascii_whitespace().for_each(|word| event.set_static(field, word));
    }
    if !outcome.is_empty() && event.get(field::EVENT_OUTCOME).is_none() {
        event.set_static(field::EVENT_OUTCOME, outcome);
    }
    true
}

/// Classifies by `event.action`.
pub fn classify_action(event: &mut Event<'_>, classes: &[Class]) -> bool {
    let action = event.bytes(field::EVENT_ACTION).map(|action| action.into_owned());
    action.is_some_and(|action| classify(event, &action, classes))
}

/// Sets several fields to words of our own, each unless it is set.
pub fn set_default(event: &mut Event<'_>, fields: &[(Field, &'static str)]) {
    for (field, word) in fields {
        if event.get(*field).is_none() {
            event.set_static(*field, word);
        }
    }
}

/// The first value of the field of this name as bytes of its own; for the functions that settle.
pub fn said(event: &Event<'_>, name: &str) -> Option<Vec<u8>> {
    event.bytes(Field::intern(name)?).map(|text| text.into_owned())
}
