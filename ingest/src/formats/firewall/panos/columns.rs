//! The columns of each log type, in PAN-OS 11's order. Older versions write fewer of them.
//!
//! <https://docs.paloaltonetworks.com/ngfw/administration/monitoring/use-syslog-for-monitoring/syslog-field-descriptions>

use std::sync::LazyLock;

use crate::{
    field,
    table::{DESTINATION_USER, SECOND, SOURCE_USER, Table, To, USER},
};

type Column = (&'static str, To);

const PREFIX: &str = "panw.panos.";
/// Kept for future use, or read by the format itself.
const UNUSED: Column = ("", To::Nothing);
const VSYS: Column = ("vsys", To::Own);
const ACTION_FLAGS: Column = ("action_flags", To::Own);
const SEQUENCE: Column = ("sequence_number", To::All(&[To::Text(field::EVENT_SEQUENCE)]));
const SEVERITY: Column = ("severity", To::All(&[To::Text(field::LOG_LEVEL), To::With(super::set_severity)]));
const ACTION: Column = ("action", To::Text(field::EVENT_ACTION));
const RULE_UUID: Column = ("rule_uuid", To::Text(field::RULE_UUID));
const DEVICE: Column = ("device_name", To::Text(field::OBSERVER_HOSTNAME));
const HIGH_RESOLUTION: Column = ("high_resolution_timestamp", To::Nothing);
const APPLICATION: Column = ("app", To::Text(field::NETWORK_APPLICATION));
const START: Column = ("start", To::Nothing);
const ELAPSED: Column = ("elapsed", To::Duration(SECOND));

/// The first columns of every record.
const HEAD: &[Column] = &[
    UNUSED,
    ("receive_time", To::Nothing),
    ("serial", To::Text(field::OBSERVER_SERIAL_NUMBER)),
    ("type", To::Own),
    ("subtype", To::Own),
    UNUSED,
    ("generated_time", To::Nothing),
];

const ENDS: &[Column] = &[("src", To::Source), ("dst", To::Destination)];

const NAT: &[Column] = &[
    ("natsrc", To::Nothing),
    ("natdst", To::Nothing),
    ("rule", To::Text(field::RULE_NAME)),
    ("srcuser", To::All(&[SOURCE_USER, USER])),
    ("dstuser", DESTINATION_USER),
];

const ZONES: &[Column] = &[
    APPLICATION,
    VSYS,
    ("from", To::Text(field::OBSERVER_INGRESS_ZONE)),
    ("to", To::Text(field::OBSERVER_EGRESS_ZONE)),
    ("inbound_if", To::Text(field::OBSERVER_INGRESS_INTERFACE_NAME)),
    ("outbound_if", To::Text(field::OBSERVER_EGRESS_INTERFACE_NAME)),
    ("log_profile", To::Own),
    UNUSED,
];

const SESSION: &[Column] = &[
    ("flow_id", To::Own),
    ("repeat_count", To::Own),
    ("sport", To::Number(field::SOURCE_PORT)),
    ("dport", To::Number(field::DESTINATION_PORT)),
    ("natsport", To::Nothing),
    ("natdport", To::Nothing),
    ("flags", To::Own),
    ("proto", To::Transport),
    ACTION,
];

const GROUPS: &[Column] = &[
    ("device_group_hierarchy1", To::Own),
    ("device_group_hierarchy2", To::Own),
    ("device_group_hierarchy3", To::Own),
    ("device_group_hierarchy4", To::Own),
    ("vsys_name", To::Own),
    DEVICE,
];

const PLACES: &[Column] = &[("srcloc", To::Own), ("dstloc", To::Own)];

const BYTES: &[Column] = &[
    ("bytes", To::Number(field::NETWORK_BYTES)),
    ("bytes_sent", To::Number(field::SOURCE_BYTES)),
    ("bytes_received", To::Number(field::DESTINATION_BYTES)),
    ("packets", To::Number(field::NETWORK_PACKETS)),
];

const PACKETS: &[Column] =
    &[("pkts_sent", To::Number(field::SOURCE_PACKETS)), ("pkts_received", To::Number(field::DESTINATION_PACKETS))];

const DEVICES: &[Column] = &[
    ("src.category", To::Own),
    ("src.profile", To::Own),
    ("src.model", To::Own),
    ("src.vendor", To::Own),
    ("src.os.family", To::Own),
    ("src.os.version", To::Own),
    ("src.host", To::Text(field::SOURCE_DOMAIN)),
    ("src.mac", To::Text(field::SOURCE_MAC)),
    ("dst.category", To::Own),
    ("dst.profile", To::Own),
    ("dst.model", To::Own),
    ("dst.vendor", To::Own),
    ("dst.os.family", To::Own),
    ("dst.os.version", To::Own),
    ("dst.host", To::Text(field::DESTINATION_DOMAIN)),
    ("dst.mac", To::Text(field::DESTINATION_MAC)),
];

const PODS: &[Column] = &[
    ("container.id", To::Own),
    ("pod.namespace", To::Own),
    ("pod.name", To::Own),
    ("src.external_dynamic_list", To::Own),
    ("dst.external_dynamic_list", To::Own),
];

const APPLICATIONS: &[Column] = &[
    ("application.sub_category", To::Own),
    ("application.category", To::Own),
    ("application.technology", To::Own),
    ("application.risk_level", To::Own),
    ("application.characteristics", To::Own),
    ("application.container", To::Own),
    ("application.tunneled", To::Own),
    ("application.is_saas", To::Own),
    ("application.is_sanctioned", To::Own),
];

const TRAFFIC: &[Column] = &[START, ELAPSED, ("url.category", To::Own), UNUSED, SEQUENCE, ACTION_FLAGS];

const TRAFFIC_MORE: &[Column] = &[
    ("action_source", To::Own),
    ("source_vm_uuid", To::Own),
    ("destination_vm_uuid", To::Own),
    ("imsi", To::Own),
    ("imei", To::Own),
    ("parent_session.id", To::Own),
    ("parent_session.start_time", To::Own),
    ("tunnel_type", To::Own),
    ("sctp.assoc_id", To::Own),
    ("sctp.chunks", To::Own),
    ("sctp.chunks_sent", To::Own),
    ("sctp.chunks_received", To::Own),
    RULE_UUID,
    ("http2_connection", To::Own),
    ("link_change_count", To::Own),
    ("policy_id", To::Own),
    ("link_switches", To::Own),
    ("sdwan.cluster", To::Own),
    ("sdwan.device_type", To::Own),
    ("sdwan.cluster_type", To::Own),
    ("sdwan.site", To::Own),
    ("dynamic_user_group_name", To::Own),
    ("xff.ip", To::Own),
];

const TRAFFIC_END: &[Column] = &[
    ("host.id", To::Own),
    ("endpoint_serial_number", To::Own),
    ("src.dynamic_address_group", To::Own),
    ("dst.dynamic_address_group", To::Own),
    ("session_owner", To::Own),
    HIGH_RESOLUTION,
    ("nssai_sst", To::Own),
    ("nssai_sd", To::Own),
];

const THREAT: &[Column] = &[
    ("misc", To::Nothing),
    ("threat_id", To::Nothing),
    ("url.category", To::Text(field::RULE_CATEGORY)),
    SEVERITY,
    ("direction", To::Own),
    SEQUENCE,
    ACTION_FLAGS,
    ("srcloc", To::Own),
    ("dstloc", To::Own),
    UNUSED,
    ("http_content_type", To::Own),
    ("pcap_id", To::Own),
    ("file_digest", To::With(super::set_digest)),
    ("wildfire.name", To::Own),
    ("url_idx", To::Own),
    ("user_agent", To::Text(field::USER_AGENT)),
    ("file_type", To::Text(field::FILE_TYPE)),
    ("xff", To::With(super::set_forwarded)),
    ("referer", To::Text(field::HTTP_REFERRER)),
    ("sender", To::Text(field::EMAIL_FROM)),
    ("subject", To::Text(field::EMAIL_SUBJECT)),
    ("recipient", To::Text(field::EMAIL_TO)),
    ("wildfire.report_id", To::Own),
];

const THREAT_MORE: &[Column] = &[
    UNUSED,
    ("source_vm_uuid", To::Own),
    ("destination_vm_uuid", To::Own),
    ("http_method", To::Text(field::HTTP_METHOD)),
    ("imsi", To::Own),
    ("imei", To::Own),
    ("parent_session.id", To::Own),
    ("parent_session.start_time", To::Own),
    ("tunnel_type", To::Own),
    ("threat_category", To::Own),
    ("content_version", To::Own),
    UNUSED,
    ("sctp.assoc_id", To::Own),
    ("payload_protocol_id", To::Own),
    ("http_headers", To::Own),
    ("url_category_list", To::Own),
    RULE_UUID,
    ("http2_connection", To::Own),
    ("dynamic_user_group_name", To::Own),
    ("xff.ip", To::Own),
];

const THREAT_END: &[Column] = &[
    ("host.id", To::Own),
    ("endpoint_serial_number", To::Own),
    ("domain_edl", To::Own),
    ("src.dynamic_address_group", To::Own),
    ("dst.dynamic_address_group", To::Own),
    ("partial_hash", To::Own),
    HIGH_RESOLUTION,
    ("reason", To::Text(field::EVENT_REASON)),
    ("justification", To::Own),
    ("nssai_sst", To::Own),
];

const SYSTEM: &[Column] = &[
    VSYS,
    ("event_id", To::Text(field::EVENT_CODE)),
    ("object", To::Own),
    UNUSED,
    UNUSED,
    ("module", To::Own),
    SEVERITY,
    ("description", To::Nothing),
    SEQUENCE,
    ACTION_FLAGS,
];

const CONFIG: &[Column] = &[
    ("host", To::Source),
    VSYS,
    ("command", To::Text(field::EVENT_ACTION)),
    ("admin", USER),
    ("client", To::Own),
    ("result", To::Own),
    ("path", To::Own),
];

/// What a firewall adds where its format is set so.
const CONFIG_DETAILS: &[Column] = &[("before_change_detail", To::Own), ("after_change_detail", To::Own)];

const GLOBALPROTECT: &[Column] = &[
    VSYS,
    ("event_id", To::Text(field::EVENT_CODE)),
    ("stage", To::Own),
    ("auth_method", To::Own),
    ("tunnel_type", To::Own),
    ("srcuser", To::All(&[SOURCE_USER, USER])),
    ("srcregion", To::Own),
    ("machine_name", To::Own),
    ("public_ip", To::Nothing),
    ("public_ipv6", To::Nothing),
    ("private_ip", To::Ip(field::HOST_IP)),
    ("private_ipv6", To::Ip(field::HOST_IP)),
    ("host.id", To::Own),
    ("endpoint_serial_number", To::Own),
    ("client_version", To::Own),
    ("client_os", To::Own),
    ("client_os_version", To::Own),
    ("repeat_count", To::Own),
    ("reason", To::Text(field::EVENT_REASON)),
    ("error", To::Text(field::ERROR_MESSAGE)),
    ("description", To::Text(field::MESSAGE)),
    ("status", To::Own),
    ("location", To::Own),
    ("login_duration", To::Duration(SECOND)),
    ("connect_method", To::Own),
    ("error_code", To::Text(field::ERROR_CODE)),
    ("portal", To::Own),
    SEQUENCE,
    ACTION_FLAGS,
    HIGH_RESOLUTION,
    ("selection_type", To::Own),
    ("response_time", To::Own),
    ("priority", To::Own),
    ("attempted_gateways", To::Own),
    ("gateway", To::Own),
];

const HIPMATCH: &[Column] = &[
    ("srcuser", To::All(&[SOURCE_USER, USER])),
    VSYS,
    ("machine_name", To::Own),
    ("os", To::Own),
    ("src", To::Source),
    ("match_name", To::Text(field::RULE_NAME)),
    ("repeat_count", To::Own),
    ("match_type", To::Own),
    UNUSED,
    UNUSED,
    SEQUENCE,
    ACTION_FLAGS,
];

const HIPMATCH_MORE: &[Column] = &[
    ("vsys_id", To::Own),
    ("srcipv6", To::Own),
    ("host.id", To::Own),
    ("endpoint_serial_number", To::Own),
    ("mac", To::Text(field::SOURCE_MAC)),
    HIGH_RESOLUTION,
];

const USERID: &[Column] = &[
    VSYS,
    ("ip", To::Source),
    ("user", To::All(&[SOURCE_USER, USER])),
    ("datasource.name", To::Own),
    ("event_id", To::Text(field::EVENT_CODE)),
    ("repeat_count", To::Own),
    ("timeout", To::Own),
    ("begin_port", To::Number(field::SOURCE_PORT)),
    ("end_port", To::Own),
    ("datasource.id", To::Own),
    ("datasource.type", To::Own),
    SEQUENCE,
    ACTION_FLAGS,
];

const USERID_MORE: &[Column] = &[
    ("vsys_id", To::Own),
    ("factor.type", To::Own),
    ("factor.completion_time", To::Own),
    ("factor.number", To::Own),
    ("user_group_flags", To::Own),
    ("user_by_source", To::Own),
    ("tag_name", To::Own),
    HIGH_RESOLUTION,
    ("datasource.origin", To::Own),
];

const AUTHENTICATION: &[Column] = &[
    VSYS,
    ("ip", To::Source),
    ("user", USER),
    ("normalized_user", To::Own),
    ("object", To::Own),
    ("auth_policy", To::Text(field::RULE_NAME)),
    ("repeat_count", To::Own),
    ("auth_id", To::Own),
    ("vendor", To::Own),
    ("log_profile", To::Own),
    ("server_profile", To::Own),
    ("description", To::All(&[To::Text(field::MESSAGE), To::Text(field::EVENT_REASON)])),
    ("client_type", To::Own),
    ("event", To::Text(field::EVENT_ACTION)),
    ("factor.number", To::Own),
    SEQUENCE,
    ACTION_FLAGS,
];

const AUTHENTICATION_MORE: &[Column] = &[
    ("vsys_id", To::Own),
    ("auth_protocol", To::Own),
    RULE_UUID,
    HIGH_RESOLUTION,
    ("src.category", To::Own),
    ("src.profile", To::Own),
    ("src.model", To::Own),
    ("src.vendor", To::Own),
    ("src.os.family", To::Own),
    ("src.os.version", To::Own),
    ("src.host", To::Text(field::SOURCE_DOMAIN)),
    ("src.mac", To::Text(field::SOURCE_MAC)),
    ("srcloc", To::Own),
    UNUSED,
    ("user_agent", To::Text(field::USER_AGENT)),
    ("session_id", To::Own),
];

const CORRELATION: &[Column] =
    &[("src", To::Source), ("srcuser", To::All(&[SOURCE_USER, USER])), VSYS, ("category", To::Own), SEVERITY];

const CORRELATION_MORE: &[Column] = &[
    ("vsys_id", To::Own),
    ("object_name", To::Text(field::RULE_NAME)),
    ("object_id", To::Text(field::RULE_ID)),
    ("evidence", To::Text(field::MESSAGE)),
];

const DECRYPTION: &[Column] = &[
    ("tunnel_type", To::Own),
    UNUSED,
    UNUSED,
    ("source_vm_uuid", To::Own),
    ("destination_vm_uuid", To::Own),
    RULE_UUID,
    ("handshake.client_to_firewall", To::Own),
    ("handshake.firewall_to_server", To::Own),
    ("tls_version", To::Own),
    ("tls_key_exchange", To::Own),
    ("tls_encryption", To::Text(field::TLS_CIPHER)),
    ("tls_auth", To::Own),
    ("policy_name", To::Own),
    ("elliptic_curve", To::Own),
    ("error_index", To::Own),
    ("root_status", To::Own),
    ("chain_status", To::Own),
    ("proxy_type", To::Own),
    ("certificate.serial", To::Own),
    ("certificate.fingerprint", To::Own),
    ("certificate.not_before", To::Own),
    ("certificate.not_after", To::Own),
    ("certificate.version", To::Own),
    ("certificate.size", To::Own),
    ("cn_length", To::Own),
    ("issuer_length", To::Own),
    ("root_cn_length", To::Own),
    ("sni_length", To::Own),
    ("certificate.flags", To::Own),
    ("certificate.common_name", To::Own),
    ("certificate.issuer", To::Own),
    ("certificate.root", To::Own),
    ("sni", To::Text(field::TLS_SERVER_NAME)),
    ("error", To::Text(field::ERROR_MESSAGE)),
];

const DECRYPTION_MORE: &[Column] =
    &[("src.dynamic_address_group", To::Own), ("dst.dynamic_address_group", To::Own), HIGH_RESOLUTION];

const GTP: &[Column] = &[UNUSED, UNUSED, ("rule", To::Text(field::RULE_NAME)), UNUSED, UNUSED];

const GTP_MORE: &[Column] = &[
    ("flow_id", To::Own),
    UNUSED,
    ("sport", To::Number(field::SOURCE_PORT)),
    ("dport", To::Number(field::DESTINATION_PORT)),
    UNUSED,
    UNUSED,
    UNUSED,
    ("proto", To::Transport),
    ACTION,
    ("gtp.event_type", To::Own),
    ("gtp.msisdn", To::Own),
    ("gtp.apn", To::Own),
    ("gtp.rat", To::Own),
    ("gtp.message_type", To::Own),
    ("gtp.end_user_ip", To::Own),
    ("gtp.teid1", To::Own),
    ("gtp.teid2", To::Own),
    ("gtp.interface", To::Own),
    ("gtp.cause", To::Own),
    SEVERITY,
    ("gtp.mcc", To::Own),
    ("gtp.mnc", To::Own),
    ("gtp.area", To::Own),
    ("gtp.cell", To::Own),
    ("gtp.event_code", To::Own),
    UNUSED,
    UNUSED,
    ("srcloc", To::Own),
    ("dstloc", To::Own),
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    ("imsi", To::Own),
    ("imei", To::Own),
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    START,
    ELAPSED,
    ("tunnel_inspection_rule", To::Own),
    ("remote_user_ip", To::Own),
    ("remote_user_id", To::Own),
    RULE_UUID,
    ("pcap_id", To::Own),
];

const SCTP: &[Column] = &[
    UNUSED,
    UNUSED,
    ("rule", To::Text(field::RULE_NAME)),
    UNUSED,
    UNUSED,
    UNUSED,
    VSYS,
    ("from", To::Text(field::OBSERVER_INGRESS_ZONE)),
    ("to", To::Text(field::OBSERVER_EGRESS_ZONE)),
    ("inbound_if", To::Text(field::OBSERVER_INGRESS_INTERFACE_NAME)),
    ("outbound_if", To::Text(field::OBSERVER_EGRESS_INTERFACE_NAME)),
    ("log_profile", To::Own),
    UNUSED,
    ("flow_id", To::Own),
    ("repeat_count", To::Own),
    ("sport", To::Number(field::SOURCE_PORT)),
    ("dport", To::Number(field::DESTINATION_PORT)),
    UNUSED,
    UNUSED,
    UNUSED,
    UNUSED,
    ("proto", To::Transport),
    ACTION,
];

const SCTP_MORE: &[Column] = &[
    SEQUENCE,
    UNUSED,
    ("sctp.assoc_id", To::Own),
    ("payload_protocol_id", To::Own),
    SEVERITY,
    ("sctp.chunk_type", To::Own),
    UNUSED,
    ("sctp.verification_tag1", To::Own),
    ("sctp.verification_tag2", To::Own),
    ("sctp.cause_code", To::Own),
    ("diameter.app_id", To::Own),
    ("diameter.command_code", To::Own),
    ("diameter.avp_code", To::Own),
    ("sctp.stream_id", To::Own),
    ("sctp.end_reason", To::Own),
    ("op_code", To::Own),
    ("sccp.calling_ssn", To::Own),
    ("sccp.calling_gt", To::Own),
    ("sctp.filter", To::Own),
    ("sctp.chunks", To::Own),
    ("sctp.chunks_sent", To::Own),
    ("sctp.chunks_received", To::Own),
    ("packets", To::Number(field::NETWORK_PACKETS)),
];

const TUNNEL: &[Column] = &[SEVERITY, SEQUENCE, ACTION_FLAGS];

const TUNNEL_MORE: &[Column] = &[
    ("tunnel_id", To::Own),
    ("monitor_tag", To::Own),
    ("parent_session.id", To::Own),
    ("parent_session.start_time", To::Own),
    ("tunnel_type", To::Own),
];

const TUNNEL_END: &[Column] = &[
    ("max_encapsulation", To::Own),
    ("unknown_protocol", To::Own),
    ("strict_checking", To::Own),
    ("tunnel_fragment", To::Own),
    ("sessions_created", To::Own),
    ("sessions_closed", To::Own),
    ("end_reason", To::Text(field::EVENT_REASON)),
    ("action_source", To::Own),
    START,
    ELAPSED,
    ("tunnel_inspection_rule", To::Own),
    ("remote_user_ip", To::Own),
    ("remote_user_id", To::Own),
    RULE_UUID,
    ("pcap_id", To::Own),
    ("dynamic_user_group_name", To::Own),
    ("src.external_dynamic_list", To::Own),
    ("dst.external_dynamic_list", To::Own),
    HIGH_RESOLUTION,
];

const IPTAG: &[Column] = &[
    VSYS,
    ("ip", To::Source),
    ("tag_name", To::Own),
    ("event_id", To::Text(field::EVENT_CODE)),
    ("repeat_count", To::Own),
    ("timeout", To::Own),
    ("datasource.name", To::Own),
    ("datasource.type", To::Own),
    ("datasource.subtype", To::Own),
    SEQUENCE,
    ACTION_FLAGS,
];

const END_REASON: &[Column] = &[("end_reason", To::Text(field::EVENT_REASON))];
const VSYS_ID: &[Column] = &[("vsys_id", To::Own), HIGH_RESOLUTION];
const TIMED: &[Column] = &[UNUSED, UNUSED, HIGH_RESOLUTION];
const DETAILED: &[Column] = &[UNUSED, ("comment", To::Own), HIGH_RESOLUTION];

/// The tables by the word in the type column.
pub(super) struct Tables {
    traffic: Table,
    threat: Table,
    system: Table,
    config: Table,
    config_detailed: Table,
    globalprotect: Table,
    hipmatch: Table,
    userid: Table,
    authentication: Table,
    correlation: Table,
    decryption: Table,
    gtp: Table,
    sctp: Table,
    tunnel: Table,
    iptag: Table,
    other: Table,
}

impl Tables {
    /// The table of a type; `detailed`: a configuration record that shows the text before and after the change.
    pub(super) fn of(&self, kind: &[u8], detailed: bool) -> &Table {
        match kind {
            b"TRAFFIC" => &self.traffic,
            b"THREAT" | b"URL" | b"DATA" | b"WILDFIRE" => &self.threat,
            b"SYSTEM" => &self.system,
            b"CONFIG" if detailed => &self.config_detailed,
            b"CONFIG" => &self.config,
            b"GLOBALPROTECT" => &self.globalprotect,
            b"HIPMATCH" | b"HIP-MATCH" => &self.hipmatch,
            b"USERID" => &self.userid,
            b"AUTHENTICATION" | b"AUTH" => &self.authentication,
            b"CORRELATION" => &self.correlation,
            b"DECRYPTION" => &self.decryption,
            b"GTP" => &self.gtp,
            b"SCTP" => &self.sctp,
            b"START" | b"END" => &self.tunnel,
            b"IPTAG" => &self.iptag,
            _ => &self.other,
        }
    }
}

/// Built once: each type's parts put together.
pub(super) static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let table = |parts: &[&[Column]]| {
        let parts: Vec<Column> = [&[HEAD], parts].concat().concat();
        Table::new(PREFIX, &parts).without(&["N/A", "n/a", "(null)"])
    };
    let flow: &[&[Column]] = &[ENDS, NAT, ZONES, SESSION];
    let with_flow = |parts: &[&[Column]]| table(&[flow, parts].concat());
    Tables {
        traffic: with_flow(&[
            BYTES,
            TRAFFIC,
            PLACES,
            &[UNUSED],
            PACKETS,
            END_REASON,
            GROUPS,
            TRAFFIC_MORE,
            DEVICES,
            PODS,
            TRAFFIC_END,
            APPLICATIONS,
        ]),
        threat: with_flow(&[THREAT, GROUPS, THREAT_MORE, DEVICES, PODS, THREAT_END, APPLICATIONS]),
        system: table(&[SYSTEM, GROUPS, TIMED]),
        config: table(&[CONFIG, &[SEQUENCE, ACTION_FLAGS], GROUPS, DETAILED]),
        config_detailed: table(&[CONFIG, CONFIG_DETAILS, &[SEQUENCE, ACTION_FLAGS], GROUPS, DETAILED]),
        globalprotect: table(&[GLOBALPROTECT, GROUPS, VSYS_ID]),
        hipmatch: table(&[HIPMATCH, GROUPS, HIPMATCH_MORE]),
        userid: table(&[USERID, GROUPS, USERID_MORE]),
        authentication: table(&[AUTHENTICATION, GROUPS, AUTHENTICATION_MORE]),
        correlation: table(&[CORRELATION, GROUPS, CORRELATION_MORE]),
        decryption: with_flow(&[
            DECRYPTION,
            PODS,
            DECRYPTION_MORE,
            DEVICES,
            &[SEQUENCE, ACTION_FLAGS],
            GROUPS,
            &[("vsys_id", To::Own)],
            APPLICATIONS,
        ]),
        gtp: table(&[ENDS, GTP, ZONES, GTP_MORE]),
        sctp: table(&[ENDS, SCTP, GROUPS, SCTP_MORE, PACKETS, &[RULE_UUID, HIGH_RESOLUTION]]),
        tunnel: with_flow(&[TUNNEL, PLACES, GROUPS, TUNNEL_MORE, BYTES, PACKETS, TUNNEL_END]),
        iptag: table(&[IPTAG, GROUPS, VSYS_ID]),
        other: table(&[]),
    }
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_where_the_vendor_counts_them() {
        let place = |kind: &str, column: &str| TABLES.of(kind.as_bytes(), false).column(column);
        assert_eq!(place("TRAFFIC", "rule_uuid"), Some(65));
        assert_eq!(place("TRAFFIC", "high_resolution_timestamp"), Some(102));
        assert_eq!(place("THREAT", "rule_uuid"), Some(76));
        assert_eq!(place("THREAT", "high_resolution_timestamp"), Some(107));
        assert_eq!(place("SYSTEM", "high_resolution_timestamp"), Some(25));
        assert_eq!(place("GLOBALPROTECT", "gateway"), Some(41));
        assert_eq!(place("USERID", "user_by_source"), Some(31));
        assert_eq!(place("AUTH", "rule_uuid"), Some(32));
        assert_eq!(place("DECRYPTION", "high_resolution_timestamp"), Some(72));
        assert_eq!(place("SCTP", "rule_uuid"), Some(63));
        assert_eq!(place("GTP", "rule_uuid"), Some(81));
        assert_eq!(place("END", "high_resolution_timestamp"), Some(71));
    }
}
