//! Mail and file transfer servers.

use super::Format;

pub mod assp;
pub mod courier;
pub mod cyrus;
pub mod domino;
pub mod dovecot;
pub mod exchange_protocol;
pub mod exim;
pub mod harmony_email;
pub mod kerio;
pub mod mailu;
pub mod mimecast;
pub mod opensmtpd;
pub mod oracle_messaging;
pub mod policyd_spf;
pub mod postfix;
pub mod postgrey;
pub mod proofpoint_pod;
pub mod proofpoint_tap;
pub mod qmail;
pub mod retarus;
pub mod sendmail;
pub mod solid_pop3d;
pub mod spamassassin;
pub mod sympa;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &opensmtpd::OPENSMTPD,
    &retarus::RETARUS,
    &proofpoint_pod::PROOFPOINT_POD,
    &harmony_email::HARMONY_EMAIL,
    &exchange_protocol::ExchangeProtocol,
    &oracle_messaging::OracleMessaging,
    &sympa::SYMPA,
    &postfix::POSTFIX,
    &postgrey::POSTGREY,
    &policyd_spf::POLICYD_SPF,
    &spamassassin::SPAMASSASSIN,
    &dovecot::DOVECOT,
    &exim::EXIM,
    &sendmail::SENDMAIL,
    &courier::COURIER,
    &cyrus::CYRUS,
    &kerio::KERIO,
    &domino::DOMINO,
    &assp::ASSP,
    &mailu::MAILU,
    &qmail::QMAIL,
    &solid_pop3d::SOLID_POP3D,
    &mimecast::MIMECAST,
    &proofpoint_tap::PROOFPOINT_TAP,
];
