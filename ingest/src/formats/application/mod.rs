//! Applications and the layouts that they share: the more particular first, any object or pairs last.

use super::Format;

pub mod activemq;
pub mod asterisk;
pub mod atlassian_audit;
pub mod ejabberd;
pub mod filebrowser;
pub mod freeswitch;
pub mod gelf;
pub mod gitlab;
pub mod goldsrc;
pub mod health_app;
pub mod hestia;
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
pub mod murmur;
pub mod nats;
pub mod nestjs;
pub mod nextcloud;
pub mod openstack;
pub mod osquery;
pub mod qnap;
pub mod rabbitmq;
pub mod ruby_logger;
pub mod sabnzbd;
pub mod servarr;
pub mod teamspeak;
pub mod tine20;
pub mod weblogic;
pub mod znc;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &nextcloud::NEXTCLOUD,
    &teamspeak::TEAMSPEAK,
    &gitlab::GITLAB,
    &asterisk::Asterisk,
    &ejabberd::EJABBERD,
    &tine20::TINE20,
    &znc::ZNC,
    &goldsrc::GOLDSRC,
    &murmur::MURMUR,
    &sabnzbd::SABNZBD,
    &ruby_logger::RUBY_LOGGER,
    &hestia::HESTIA,
    &filebrowser::FILEBROWSER,
    &freeswitch::FREESWITCH,
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
