//! Kubernetes: which image each pod runs, and pods that do not come up. The identity of a patch is the image's digest.

use super::*;

/// The collector's and Kubernetes' own records.
pub const READERS: &[Reader] = &[
    Reader { formats: &["roundsman_pods"], read: pod },
    Reader { formats: &["kubernetes_event"], read: event_of },
    Reader { formats: &["klog"], read: kubelet },
];

/// A pod as the collector lists it; the line is about the asset that it names.
fn pod(event: &Event, notes: &mut Notes) {
    let (Some(pod), Some(image)) = (text(event, field::POD_NAME), text(event, field::CONTAINER_IMAGE_NAME)) else {
        return;
    };
    if let Some(asset) = text(event, field::ASSET) {
        notes.about = asset;
    }
    let ready = text(event, field::POD_READY).is_some_and(|ready| ready == "true");
    notes.add(Fact::Pod { pod, image, ready });
}

/// Reasons under which a pod's container is not coming up.
const FAILURES: &[&str] =
    &["BackOff", "CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "Failed", "Unhealthy", "FailedMount"];

fn event_of(event: &Event, notes: &mut Notes) {
    let of_a_pod = named(event, "orchestrator.resource.type").is_none_or(|kind| kind == "Pod");
    if of_a_pod && FAILURES.contains(&action(event).as_str()) {
        let pod = named(event, "orchestrator.resource.name").unwrap_or_default();
        notes.add(Fact::PodFails { pod });
    } else if message(event).contains("exceeded its progress deadline") {
        notes.add(Fact::PodFails { pod: String::new() });
    }
}

/// kubelet's own log: `… CrashLoopBackOff: "back-off 10s restarting failed container=shop …" pod="shop/shop-7d9c"`
fn kubelet(event: &Event, notes: &mut Notes) {
    let message = message(event);
    if message.contains("CrashLoopBackOff") || message.contains("ImagePullBackOff") {
        let named = message.split_once("pod=\"").and_then(|(_, rest)| rest.split('"').next());
        let pod = named.map_or("", |name| name.rsplit('/').next().unwrap_or(name));
        notes.add(Fact::PodFails { pod: pod.to_owned() });
    }
}
