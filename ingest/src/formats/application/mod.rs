//! Applications and the layouts that they share: the more particular first, any object or pairs last.

use super::Format;

pub mod activemq;
pub mod atlassian_audit;
pub mod gelf;
pub mod health_app;
pub mod ibm_mq;
pub mod json;
pub mod json_bunyan;
pub mod json_ecs;
pub mod kafka;
pub mod log4j;
pub mod logcat;
pub mod logfmt;
pub mod mattermost;
pub mod monolog;
pub mod nats;
pub mod nestjs;
pub mod openstack;
pub mod osquery;
pub mod qnap;
pub mod rabbitmq;
pub mod servarr;
pub mod weblogic;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &health_app::HealthApp,
    &qnap::Qnap,
    &mattermost::MATTERMOST,
    &osquery::OSQUERY,
    &atlassian_audit::ATLASSIAN,
    &nestjs::Nestjs,
    &monolog::Monolog,
    &servarr::Servarr,
    &ibm_mq::IbmMq,
    &weblogic::Weblogic,
    &logcat::Logcat,
    &nats::Nats,
    &rabbitmq::Rabbitmq,
    &activemq::Activemq,
    &openstack::Openstack,
    &kafka::Kafka,
    &log4j::Log4j,
    &gelf::Gelf,
    &json_ecs::JsonEcs,
    &json_bunyan::JsonBunyan,
    &json::Json,
    &logfmt::Logfmt,
];
