//! Sign-ins, sessions and accounts.

use super::Format;

pub mod auth0;
pub mod authelia;
pub mod beyondtrust_pra;
pub mod bitwarden;
pub mod cas;
pub mod cimserver;
pub mod cyberark_audit;
pub mod cyberark_pas;
pub mod delinea_pra;
pub mod dirsrv;
pub mod dirsrv_json;
pub mod doas;
pub mod dropbear;
pub mod duo;
pub mod entra_graph;
pub mod forgerock;
pub mod freeipa;
pub mod ftpd;
pub mod guacamole;
pub mod hashicorp_vault;
pub mod jumpcloud;
pub mod keycloak;
pub mod krb5kdc;
pub mod lastpass;
pub mod logind;
pub mod meshcentral;
pub mod okta;
pub mod onelogin;
pub mod onepassword;
pub mod pam;
pub mod php_fpm;
pub mod ping_one;
pub mod pingfederate;
pub mod polkit;
pub mod proftpd;
pub mod proxmox;
pub mod pure_ftpd;
pub mod rlogind;
pub mod rsa_securid;
pub mod samba;
pub mod screensharingd;
pub mod shadow;
pub mod slapd;
pub mod sshd;
pub mod sshesame;
pub mod sssd;
pub mod su;
pub mod sudo;
pub mod vaultwarden;
pub mod vsftpd;
pub mod wallix;
pub mod webmin;
pub mod xinetd;
pub mod xrdp;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &dirsrv_json::DIRSRV_JSON,
    &rsa_securid::RsaSecurid,
    &cimserver::CIMSERVER,
    &hashicorp_vault::HASHICORP_VAULT,
    &forgerock::FORGEROCK,
    &beyondtrust_pra::BEYONDTRUST_PRA,
    &delinea_pra::DELINEA_PRA,
    &cyberark_audit::CYBERARK_AUDIT,
    &meshcentral::MESHCENTRAL,
    &pam::Pam,
    &sshd::Sshd,
    &su::Su,
    &sudo::Sudo,
    &shadow::Shadow,
    &logind::Logind,
    &okta::OKTA,
    &vsftpd::VSFTPD,
    &proftpd::PROFTPD,
    &pure_ftpd::PURE_FTPD,
    &ftpd::FTPD,
    &dropbear::DROPBEAR,
    &sshesame::SSHESAME,
    &proxmox::PROXMOX,
    &vaultwarden::VAULTWARDEN,
    &bitwarden::BITWARDEN,
    &rlogind::RLOGIND,
    &xinetd::XINETD,
    &doas::DOAS,
    &php_fpm::PHP_FPM,
    &xrdp::XRDP,
    &screensharingd::SCREENSHARINGD,
    &webmin::WEBMIN,
    &guacamole::GUACAMOLE,
    &krb5kdc::KRB5KDC,
    &slapd::SLAPD,
    &sssd::SSSD,
    &dirsrv::Dirsrv,
    &freeipa::FreeIpa,
    &authelia::Authelia,
    &samba::SAMBA,
    &ping_one::PING_ONE,
    &auth0::AUTH0,
    &entra_graph::ENTRA_GRAPH,
    &lastpass::LASTPASS,
    &cyberark_pas::CYBERARK_PAS,
    &duo::DUO,
    &onepassword::ONEPASSWORD,
    &onelogin::ONELOGIN,
    &jumpcloud::JUMPCLOUD,
    &keycloak::KEYCLOAK,
    &wallix::WALLIX,
    &pingfederate::Pingfederate,
    &polkit::POLKIT,
    &cas::CAS,
];
