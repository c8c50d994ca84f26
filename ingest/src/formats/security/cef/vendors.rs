//! What vendors mean by keys of their own, and by the standard's where they use them in another sense.

use std::sync::LazyLock;

use crate::{
    Event, field,
    formats::firewall::{checkpoint, fortigate},
    scan::{integer, ip, split},
    table::{DESTINATION_USER, MILLISECOND, SECOND, SOURCE_USER, Table, To, USER, set_lower},
};

/// A vendor with a table of its own.
#[derive(Clone, Copy)]
pub(super) struct Vendor {
    table: &'static Table,
    /// What its keys begin with, to be cut off before they are looked up.
    prefixes: &'static [&'static str],
    finish: fn(&mut Event<'_>),
}

impl Vendor {
    /// Sets a key that the vendor has a meaning for; whether it has.
    pub(super) fn take(&self, key: &[u8], value: &[u8], event: &mut Event<'_>) -> bool {
        let bare = self.prefixes.iter().find_map(|prefix| key.strip_prefix(prefix.as_bytes()));
        // the standard's way reads that one, as a time
        if bare.is_none() && !self.table.lists(key) || key.ends_with(b"eventtime") {
            return false;
        }
        self.table.set(event, bare.unwrap_or(key), value);
        true
    }

    /// What follows from all values.
    pub(super) fn finish(&self, event: &mut Event<'_>) {
        (self.finish)(event);
    }
}

/// The vendor of a record's header.
pub(super) fn of(vendor: &[u8], product: &[u8]) -> Option<Vendor> {
    let found = |table: &'static Table, prefixes, finish| Some(Vendor { table, prefixes, finish });
    match vendor {
        b"Check Point" => found(&checkpoint::TABLE, &[], checkpoint::finish),
        _ if product == b"Check Point" => found(&checkpoint::TABLE, &[], checkpoint::finish),
        b"Fortinet" => found(&FORTINET, &["FTNTFGT", "FortinetFortiGate"], |_| {}),
        b"Palo Alto Networks" => found(&PANOS, &[], |_| {}),
        b"Cisco" if memchr::memmem::find(product, b"Email").is_some() => found(&CISCO_ESA, &["ESA"], |_| {}),
        b"Citrix" => found(&CITRIX, &[], |_| {}),
        b"SonicWall" => found(&SONICWALL, &[], |_| {}),
        b"Incapsula" | b"Imperva Inc." | b"Imperva" => found(&IMPERVA, &[], |_| {}),
        _ => None,
    }
}

/// Labels of `cs1` to `cs6`, `cn1` to `cn3` and the like that say the same with many vendors.
pub(super) fn set_labelled(label: &[u8], value: &[u8], event: &mut Event<'_>) {
    match label {
        b"Rule Name" | b"RuleName" | b"Rule" => event.replace(field::RULE_NAME, value),
        b"Rule Id" | b"Rule ID" => event.set(field::RULE_ID, value),
        b"FromZone" | b"Source Zone" | b"sourceZone" => event.set(field::OBSERVER_INGRESS_ZONE, value),
        b"ToZone" | b"Destination Zone" | b"destinationZone" => event.set(field::OBSERVER_EGRESS_ZONE, value),
        b"URL Category" | b"Matched Category" => event.set(field::RULE_CATEGORY, value),
        b"policy_name" => event.set(field::RULE_RULESET, value),
        b"response_code" => crate::scan::set_number(event, field::HTTP_STATUS, value),
        b"Application Name" => event.set(field::NETWORK_APPLICATION, value),
        _ => {}
    }
}

/// FortiOS's own table, but bytes in and out as the client sees them.
static FORTINET: LazyLock<Table> = LazyLock::new(|| {
    let own: &[(&str, To)] = &[
        ("in", To::Number(field::DESTINATION_BYTES)),
        ("out", To::Number(field::SOURCE_BYTES)),
        ("app", To::Text(field::NETWORK_PROTOCOL)),
        ("deviceExternalId", To::Text(field::OBSERVER_SERIAL_NUMBER)),
        ("dvchost", To::Text(field::OBSERVER_NAME)),
        ("cat", To::Own),
    ];
    let keys: Vec<_> = own.iter().chain(fortigate::KEYS).copied().collect();
    Table::new("fortinet.", &keys).without(&["N/A", "(null)"])
});

/// PAN-OS and Strata Logging Service (CEF field mappings of the vendor).
static PANOS: LazyLock<Table> = LazyLock::new(|| {
    let keys: &[(&str, To)] = &[
        ("app", To::Text(field::NETWORK_APPLICATION)),
        ("suser", To::All(&[SOURCE_USER, USER])),
        ("duser", DESTINATION_USER),
        ("rt", To::Time(field::TIMESTAMP)),
        ("deviceExternalId", To::Text(field::OBSERVER_SERIAL_NUMBER)),
        ("PanOSDeviceSN", To::Text(field::OBSERVER_SERIAL_NUMBER)),
        ("PanOSRuleUUID", To::Text(field::RULE_UUID)),
        ("PanOSBytes", To::Number(field::NETWORK_BYTES)),
        ("PanOSPacketsSent", To::Number(field::SOURCE_PACKETS)),
        ("PanOSPacketsReceived", To::Number(field::DESTINATION_PACKETS)),
        ("PanOSSessionStartTime", To::Time(field::EVENT_START)),
        ("PanOSSessionDuration", To::Duration(SECOND)),
        ("PanOSSourceUserName", To::All(&[SOURCE_USER, USER])),
        ("PanOSDestinationUserName", DESTINATION_USER),
        ("PanOSAuthenticatedUserName", To::Text(field::USER_NAME)),
        ("PanOSAuthenticatedUserDomain", To::Text(field::USER_DOMAIN)),
        ("PanOSEndpointDeviceName", To::Text(field::SOURCE_DOMAIN)),
        ("PanOSPublicIPv4", To::Source),
        ("PanOSPrivateIPv4", To::Ip(field::HOST_IP)),
        ("PanOSLogSourceName", To::Text(field::OBSERVER_NAME)),
        ("PanOSEventIDValue", To::Text(field::EVENT_CODE)),
        ("PanOSURLDomain", To::Else(field::URL_DOMAIN)),
        ("PanOSReferer", To::Text(field::HTTP_REFERRER)),
        ("PanOSUserAgent", To::Text(field::USER_AGENT)),
        ("PanOSSenderEmail", To::Text(field::EMAIL_FROM)),
        ("PanOSRecipientEmail", To::Text(field::EMAIL_TO)),
        ("PanOSSubjectOfEmail", To::Text(field::EMAIL_SUBJECT)),
        ("PanOSSourceDeviceMac", To::Text(field::SOURCE_MAC)),
        ("PanOSDestinationDeviceMac", To::Text(field::DESTINATION_MAC)),
    ];
    Table::new("panw.panos.", keys).without(&["unknown"])
});

/// SonicOS (Log Events Reference Guide, ArcSight CEF).
static SONICWALL: LazyLock<Table> = LazyLock::new(|| {
    let keys: &[(&str, To)] = &[
        ("in", To::Number(field::DESTINATION_BYTES)),
        ("out", To::Number(field::SOURCE_BYTES)),
        ("snpt", To::Number(field::SOURCE_NAT_PORT)),
        ("dnpt", To::Number(field::DESTINATION_NAT_PORT)),
        ("susr", To::With(|event, value| USER.put(event, unquoted(value)))),
        ("appName", To::With(|event, value| event.set(field::NETWORK_APPLICATION, unquoted(value)))),
        ("app", To::Own),
        ("fw_action", To::With(|event, value| event.set(field::EVENT_ACTION, unquoted(value)))),
        ("cs1Label", To::With(|event, value| set_translated(event, field::SOURCE_NAT_IP, value))),
        ("cs2Label", To::With(|event, value| set_translated(event, field::DESTINATION_NAT_IP, value))),
        ("cs3Label", To::Text(field::OBSERVER_INGRESS_ZONE)),
        ("cs4Label", To::Text(field::OBSERVER_EGRESS_ZONE)),
        ("cs1", To::With(|event, value| event.replace(field::RULE_NAME, unquoted(value)))),
        ("msg", To::With(|event, value| event.set(field::MESSAGE, unquoted(value)))),
        ("proto", To::With(set_protocol)),
    ];
    Table::new("sonicwall.firewall.", keys).without(&["\"NA\"", "NA"])
});

/// Cisco Secure Email Gateway (User Guide for AsyncOS, "Consolidated Event Logs"); it puts texts into apostrophes.
static CISCO_ESA: LazyLock<Table> = LazyLock::new(|| {
    let keys: &[(&str, To)] = &[
        ("MID", To::Text(field::EMAIL_LOCAL_ID)),
        ("deviceExternalId", To::Text(field::OBSERVER_SERIAL_NUMBER)),
        ("dvc", To::Ip(field::OBSERVER_IP)),
        ("shost", To::Text(field::SOURCE_DOMAIN)),
        ("sourceHostName", To::Text(field::SOURCE_DOMAIN)),
        ("sourceAddress", To::Source),
        ("suser", To::Text(field::EMAIL_FROM)),
        ("duser", To::Text(field::EMAIL_TO)),
        ("FriendlyFrom", To::Own),
        ("cs1", To::Text(field::RULE_RULESET)),
        ("cs4", To::With(|event, value| event.set(field::EMAIL_MESSAGE_ID, inner(value)))),
        ("msg", To::With(|event, value| event.set(field::EMAIL_SUBJECT, inner(value)))),
        ("startTime", To::All(&[To::Time(field::TIMESTAMP), To::Time(field::EVENT_START)])),
        ("start", To::All(&[To::Time(field::TIMESTAMP), To::Time(field::EVENT_START)])),
        ("endTime", To::Time(field::EVENT_END)),
        ("end", To::Time(field::EVENT_END)),
    ];
    Table::new("cisco.esa.", keys)
});

/// Text without apostrophes, and without the angle brackets of a message's identifier.
fn inner(value: &[u8]) -> &[u8] {
    let bare = value.strip_prefix(b"'").and_then(|rest| rest.strip_suffix(b"'")).unwrap_or(value);
    bare.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">")).unwrap_or(bare)
}

/// Citrix Web App Firewall (its CEF log format).
static CITRIX: LazyLock<Table> = LazyLock::new(|| {
    let keys: &[(&str, To)] = &[
        ("method", To::Text(field::HTTP_METHOD)),
        ("cn2", To::Text(field::HTTP_REQUEST_ID)),
        ("cs1", To::Text(field::RULE_RULESET)),
    ];
    Table::new("citrix_adc.", keys)
});

/// Imperva Cloud WAF and SecureSphere.
static IMPERVA: LazyLock<Table> = LazyLock::new(|| {
    let keys: &[(&str, To)] = &[
        ("sourceServiceName", To::All(&[To::Else(field::URL_DOMAIN), To::Destination])),
        ("cpt", To::Number(field::SOURCE_PORT)),
        ("qstr", To::Text(field::URL_QUERY)),
        ("ref", To::Text(field::HTTP_REFERRER)),
        ("start", To::All(&[To::Time(field::TIMESTAMP), To::Time(field::EVENT_START)])),
        ("deviceExternalId", To::Text(field::HTTP_REQUEST_ID)),
        ("cn1", To::Number(field::HTTP_STATUS)),
        ("ver", To::With(set_tls)),
        ("filePermission", To::Own),
        ("rt", To::Time(field::TIMESTAMP)),
        ("duration", To::Duration(MILLISECOND)),
    ];
    Table::new("imperva.", keys)
});

fn unquoted(value: &[u8]) -> &[u8] {
    value.strip_prefix(b"\"").map_or(value, |value| value.strip_suffix(b"\"").unwrap_or(value))
}

fn set_translated(event: &mut Event<'_>, field: crate::Field, value: &[u8]) {
    if ip(value).is_some() {
        event.set(field, value);
    }
}

/// `tcp/https`
fn set_protocol(event: &mut Event<'_>, value: &[u8]) {
    let (transport, service) = split(value, b"/").unwrap_or((value, b""));
    crate::table::set_transport(event, transport);
    if !service.is_empty() && integer(service).is_none() {
        set_lower(event, field::NETWORK_PROTOCOL, service);
    }
}

/// `TLSv1.3 TLS_AES_128_GCM_SHA256`
fn set_tls(event: &mut Event<'_>, value: &[u8]) {
    let (version, cipher) = crate::scan::first_word(value);
    if let Some(number) = version.strip_prefix(b"TLSv") {
        event.set(field::TLS_VERSION, number);
        event.set_static(field::TLS_VERSION_PROTOCOL, "tls");
    }
    crate::scan::set_some(event, field::TLS_CIPHER, cipher);
}
