//! Drupal: the messages of its syslog module.

use std::sync::LazyLock;

use crate::formats::{Example, LogSource, Structure, daemon::Daemon};
use crate::template::{LOGGED_IN, LOGGED_OUT, LOGIN_FAILED, Messages, Says, TOLD, says};

/// Drupal: see the module.
pub static DRUPAL: Daemon = Daemon {
    name: "drupal",
    category: "web",
    product: "Drupal",
    about: "syslog messages of Drupal's syslog module (base_url|timestamp|type|ip|request_uri|referer|uid|link|message)",
    logsource: LogSource { category: "application", product: "drupal", services: &["drupal"] },
    programs: &["drupal"],
    paths: &[],
    structure: Structure::Holds(&["|user|", "|page not found|", "|access denied|", "|php|", "|cron|", "|system|"]),
    frames: LazyLock::new(|| Messages::new(FRAMES)),
    says: LazyLock::new(|| Messages::new(SAYS)),
    examples: EXAMPLES,
};

const FRAMES: &[Says] = &[
    says(
        "{drupal.site:word}|{@timestamp}|{drupal.type}|{source.ip}|{url.original:word}|{http.request.referrer:word}|{user.id:number}||{message}",
        TOLD,
    ),
    says(
        "{drupal.site:word}|{@timestamp}|{drupal.type}|{source.ip}|{url.original:word}|{http.request.referrer:word}|{user.id:number}|{*}|{message}",
        TOLD,
    ),
    says(
        "{drupal.site:word}|{@timestamp}|{drupal.type}|{source.ip}|{url.original:word}||{user.id:number}|{*}|{message}",
        TOLD,
    ),
];

const SAYS: &[Says] = &[
    says("Login attempt failed for {user.name:word}.", LOGIN_FAILED),
    says("Login attempt failed from {_}.", LOGIN_FAILED),
    says("Session opened for {user.name:word}.", LOGGED_IN),
    says("Session closed for {user.name:word}.", LOGGED_OUT),
];

static EXAMPLES: &[Example] = &[
    Example {
        raw: "Nov 22 09:14:07 web1 drupal: https://example.com|1795338847|user|203.0.113.66|https://example.com/?q=user|https://example.com/?q=user|0||Login attempt failed for anna.",
        expect: &[
            ("drupal.site", "https://example.com"),
            ("drupal.type", "user"),
            ("event.action", "login"),
            ("event.category", "authentication"),
            ("event.outcome", "failure"),
            ("event.type", "start"),
            ("http.request.referrer", "https://example.com/?q=user"),
            ("message", "Login attempt failed for anna."),
            ("process.name", "drupal"),
            ("source.address", "203.0.113.66"),
            ("source.ip", "203.0.113.66"),
            ("url.original", "https://example.com/?q=user"),
            ("user.id", "0"),
            ("user.name", "anna"),
        ],
    },
    Example { raw: "Nov 22 09:14:07 web1 drupal: ", expect: &[] },
];
