//! Web servers and proxies.
//!
//! Apache and nginx write the same access lines: without a program or path they are Apache's.

use super::Format;

pub mod apache_access;
pub mod apache_error;
pub mod aws_elb;
pub mod caddy;
pub mod calibre_web;
pub mod cpanel;
pub mod directadmin;
pub mod drupal;
pub mod emby;
pub mod envoy;
pub mod envoy_json;
pub mod froxlor;
pub mod haproxy;
pub mod horde;
pub mod iis;
pub mod jellyfin;
pub mod lighttpd;
pub mod monit;
pub mod navidrome;
pub mod nginx_access;
pub mod nginx_error;
pub mod nginx_proxy_manager;
pub mod nrpe;
pub mod ombi;
pub mod openwebmail;
pub mod phpmyadmin;
pub mod roundcube;
pub mod sogo;
pub mod tomcat;
pub mod traefik;
pub mod uvicorn;

/// In the order in which structure is asked: the more particular first.
pub static FORMATS: &[&dyn Format] = &[
    &aws_elb::AwsElb,
    &emby::EMBY,
    &uvicorn::UVICORN,
    &apache_error::ApacheError,
    &nginx_error::NginxError,
    &apache_access::ApacheAccess,
    &nginx_access::NginxAccess,
    &haproxy::Haproxy,
    &iis::Iis,
    &lighttpd::LIGHTTPD,
    &calibre_web::CALIBRE_WEB,
    &roundcube::ROUNDCUBE,
    &sogo::SOGO,
    &horde::HORDE,
    &openwebmail::OPENWEBMAIL,
    &monit::MONIT,
    &directadmin::DIRECTADMIN,
    &drupal::DRUPAL,
    &phpmyadmin::PHPMYADMIN,
    &froxlor::FROXLOR,
    &jellyfin::JELLYFIN,
    &nginx_proxy_manager::NGINX_PROXY_MANAGER,
    &envoy::ENVOY,
    &cpanel::CPANEL,
    &caddy::CADDY,
    &traefik::TRAEFIK,
    &tomcat::Tomcat,
    &nrpe::NRPE,
    &ombi::OMBI,
    &navidrome::NAVIDROME,
    &envoy_json::ENVOY_JSON,
];
