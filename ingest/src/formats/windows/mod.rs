//! Windows event logs, however they were shipped.

use super::Format;

pub mod agents;
pub mod eventchannel;
pub mod evtx;
pub mod flat;
pub mod snare;
pub mod winlogbeat;
pub mod xml;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &agents::Agents,
    &winlogbeat::Winlogbeat,
    &evtx::Evtx,
    &flat::Flat,
    &eventchannel::EventChannel,
    &xml::Xml,
    &snare::Snare,
];
