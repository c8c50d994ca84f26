//! Applications and the layouts that they share: the more particular first, any object or pairs last.

use super::Format;

pub mod json;
pub mod json_bunyan;
pub mod json_ecs;
pub mod logfmt;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[&json_ecs::JsonEcs, &json_bunyan::JsonBunyan, &json::Json, &logfmt::Logfmt];
