//! Containers, orchestrators and hypervisors.

use super::Format;

pub mod compose;
pub mod cri;
pub mod harbor;
pub mod klog;
pub mod kubernetes_audit;
pub mod kubernetes_event;
pub mod vmware;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &kubernetes_event::KUBERNETES_EVENT,
    &kubernetes_audit::KUBERNETES_AUDIT,
    &vmware::Vmware,
    &cri::Cri,
    &klog::Klog,
    &harbor::HARBOR,
    &compose::Compose,
];
