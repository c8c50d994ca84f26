//! From bytes on a wire to an [`Event`].
//!
//! The road of a record: a [`source`] receives bytes, [`frame`] cuts them into records, the [`journal`] puts them on
//! disk, the [`parse::Parser`] reads the [`envelope`] and lets one [`formats`] entry name the fields. Everything after
//! the journal reads it at its own pace; nothing here knows a rule or an alert.
//!
//! * [`Record`]: raw bytes and how they arrived. The unit of the journal.
//! * [`Event`]: a record understood: interned ECS [`Field`]s whose values are spans into the raw bytes.
//! * [`formats::Format`]: one file per log format, listed in [`formats::FORMATS`].

mod dn;
pub mod ecs;
pub mod envelope;
pub mod event;
pub mod field;
pub mod formats;
pub mod frame;
pub mod join;
pub mod journal;
pub mod journald;
pub mod json;
pub mod layout;
pub mod metrics;
pub mod pairs;
pub mod parse;
pub mod paths;
pub mod print;
pub mod record;
pub mod scan;
pub mod shape;
pub mod signin;
pub mod source;
pub mod synonyms;
pub mod table;
pub mod template;
pub mod time;
pub mod units;
pub mod unpack;
pub mod web;
pub mod winlog;
pub mod wrapped;

pub use event::{Event, Value};
pub use field::Field;
pub use record::{Kind, Origin, Record, Transport};
