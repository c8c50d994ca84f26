//! Cloud platforms and hosted identity.

use super::Format;

pub mod aws_cloudtrail;
pub mod aws_guardduty;
pub mod azure;
pub mod box_events;
pub mod gcp_audit;
pub mod github_alerts;
pub mod github_audit;
pub mod google_alert;
pub mod google_workspace;
pub mod lacework;
pub mod lyve_cloud;
pub mod netskope;
pub mod o365;
pub mod sekoia_activity;
pub mod zoom;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &aws_guardduty::AWS_GUARDDUTY,
    &lacework::LACEWORK,
    &lyve_cloud::LYVE_CLOUD,
    &o365::O365,
    &google_workspace::GOOGLE_WORKSPACE,
    &google_alert::GOOGLE_ALERT,
    &aws_cloudtrail::AWS_CLOUDTRAIL,
    &azure::AZURE,
    &github_audit::GITHUB_AUDIT,
    &gcp_audit::GCP_AUDIT,
    &zoom::ZOOM,
    &box_events::BOX_EVENTS,
    &netskope::NETSKOPE,
    &github_alerts::GITHUB_ALERTS,
    &sekoia_activity::SEKOIA_ACTIVITY,
];
