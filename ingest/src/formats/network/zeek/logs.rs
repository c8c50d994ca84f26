//! What Zeek's logs hold: for each log its columns as TSV writes them, and which of them ECS has a name for.
//!
//! <https://docs.zeek.org/en/master/script-reference/log-files.html>

/// One of Zeek's logs.
pub struct Log {
    /// The path, which is the file's name: `conn`.
    pub name: &'static str,
    /// `zeek.conn`: the data set, and with a dot the prefix of the columns that ECS has no name for.
    pub dataset: &'static str,
    /// The protocol that the log is about and its transport, where it has one.
    pub protocol: [&'static str; 2],
    /// The columns behind the time, one text per version; [`CONNECTION`] is written `*`. A column is `name:kind`, see
    /// [`super::columns::Kind`]. A `+` at the end: scripts add columns, and what comes before tells the log.
    pub columns: &'static [&'static str],
    /// Columns and their ECS names, in addition to [`COMMON`].
    pub fields: &'static [(&'static str, &'static str)],
    /// Keys by which a JSON record without `_path` is told: all joined by `+` must be there, one of those joined by `|`.
    pub marks: &'static str,
}

/// What `*` stands for in [`Log::columns`].
pub const CONNECTION: &str = "uid:u id.orig_h:a id.orig_p:p id.resp_h:a id.resp_p:p";

/// Columns that mean the same in every log.
pub const COMMON: &[(&str, &str)] = &[
    ("ts", "@timestamp"),
    ("uid", "zeek.uid"),
    ("id.orig_h", "source.ip"),
    ("id.orig_p", "source.port"),
    ("id.resp_h", "destination.ip"),
    ("id.resp_p", "destination.port"),
    ("proto", "network.transport"),
    ("community_id", "network.community_id"),
    ("vlan", "network.vlan.id"),
    ("inner_vlan", "network.inner.vlan.id"),
    ("orig_l2_addr", "source.mac"),
    ("resp_l2_addr", "destination.mac"),
    ("orig_cc", "source.geo.country_iso_code"),
    ("resp_cc", "destination.geo.country_iso_code"),
    ("_system_name", "observer.name"),
    ("_write_ts", "event.created"),
    ("duration", "event.duration"),
];

const fn log(
    name: &'static str,
    dataset: &'static str,
    protocol: [&'static str; 2],
    columns: &'static [&'static str],
    fields: &'static [(&'static str, &'static str)],
    marks: &'static str,
) -> Log {
    Log { name, dataset, protocol, columns, fields, marks }
}

const NONE: [&str; 2] = ["", ""];
const PLACE: &str = "remote_location.country_code";

/// The logs; those whose marks are particular come before those whose marks others have too.
#[rustfmt::skip]
pub static LOGS: &[Log] = &[
    log("conn", "zeek.conn", NONE, &[
        "* proto:P service:s duration:i orig_bytes:c resp_bytes:c conn_state:S local_orig:b local_resp:b missed_bytes:c history:s orig_pkts:c orig_ip_bytes:c resp_pkts:c resp_ip_bytes:c tunnel_parents:v orig_l2_addr:m resp_l2_addr:m +",
        "* proto:P service:s duration:i orig_bytes:c resp_bytes:c conn_state:S local_orig:b local_resp:b missed_bytes:c history:s orig_pkts:c orig_ip_bytes:c resp_pkts:c resp_ip_bytes:c tunnel_parents:v +",
        "* proto:P service:s duration:i orig_bytes:c resp_bytes:c conn_state:S local_orig:b missed_bytes:c history:s orig_pkts:c orig_ip_bytes:c resp_pkts:c resp_ip_bytes:c tunnel_parents:v +",
    ], &[("service", "network.protocol"), ("orig_ip_bytes", "source.bytes"), ("resp_ip_bytes", "destination.bytes"),
        ("orig_pkts", "source.packets"), ("resp_pkts", "destination.packets")], "conn_state"),
    log("dns", "zeek.dns", ["dns", ""], &[
        "* proto:P trans_id:c rtt:i query:s qclass:c qclass_name:s qtype:c qtype_name:s rcode:c rcode_name:s AA:b TC:b RD:b RA:b Z:c answers:v TTLs:v rejected:b +",
        "* proto:P trans_id:c query:s qclass:c qclass_name:s qtype:c qtype_name:s rcode:c rcode_name:s AA:b TC:b RD:b RA:b Z:c answers:v TTLs:v rejected:b +",
        "* proto:P trans_id:c query:s qclass:c qclass_name:s qtype:c qtype_name:s rcode:c rcode_name:s QR:b AA:b TC:b RD:b RA:b Z:c answers:v TTLs:v",
        "* proto:P trans_id:c query:s qclass:c qclass_name:s qtype:c qtype_name:s rcode:c rcode_name:s AA:b TC:b RD:b RA:b Z:c answers:v TTLs:v",
    ], &[("trans_id", "dns.id"), ("rtt", "event.duration"), ("query", "dns.question.name"), ("qtype_name", "dns.question.type"),
        ("rcode_name", "dns.response_code"), ("answers", "dns.answers.data"), ("TTLs", "dns.answers.ttl")], "trans_id+rejected|trans_id+qtype"),
    log("sip", "zeek.sip", ["sip", "udp"], &[
        "* trans_depth:c method:s uri:s date:s request_from:s request_to:s response_from:s response_to:s reply_to:s call_id:s seq:s subject:s request_path:v response_path:v user_agent:s status_code:c status_msg:s warning:s request_body_len:c response_body_len:c content_type:s",
    ], &[("method", "event.action"), ("uri", "url.full"), ("user_agent", "user_agent.original")], "request_path|call_id+seq"),
    log("http", "zeek.http", ["http", "tcp"], &[
        "* trans_depth:c method:s host:s uri:s referrer:s version:s user_agent:s origin:s request_body_len:c response_body_len:c status_code:c status_msg:s info_code:c info_msg:s tags:v username:s password:s proxied:v orig_fuids:v orig_filenames:v orig_mime_types:v resp_fuids:v resp_filenames:v resp_mime_types:v +",
        "* trans_depth:c method:s host:s uri:s referrer:s version:s user_agent:s request_body_len:c response_body_len:c status_code:c status_msg:s info_code:c info_msg:s tags:v username:s password:s proxied:v orig_fuids:v orig_filenames:v orig_mime_types:v resp_fuids:v resp_filenames:v resp_mime_types:v +",
        "* trans_depth:c method:s host:s uri:s referrer:s version:s user_agent:s request_body_len:c response_body_len:c status_code:c status_msg:s info_code:c info_msg:s tags:v username:s password:s proxied:v orig_fuids:v orig_mime_types:v resp_fuids:v resp_mime_types:v",
        "* trans_depth:c method:s host:s uri:s referrer:s user_agent:s request_body_len:c response_body_len:c status_code:c status_msg:s info_code:c info_msg:s filename:s tags:v username:s password:s proxied:v orig_fuids:v orig_mime_types:v resp_fuids:v resp_mime_types:v",
    ], &[("method", "http.request.method"), ("host", "url.domain"), ("uri", "url.original"), ("referrer", "http.request.referrer"),
        ("version", "http.version"), ("user_agent", "user_agent.original"), ("request_body_len", "http.request.body.bytes"),
        ("response_body_len", "http.response.body.bytes"), ("status_code", "http.response.status_code"), ("username", "user.name"),
        ("orig_mime_types", "http.request.mime_type"), ("resp_mime_types", "http.response.mime_type")], "trans_depth+request_body_len|trans_depth+response_body_len"),
    log("ssl", "zeek.ssl", ["", "tcp"], &[
        "* version:V cipher:s curve:s server_name:s resumed:b last_alert:s next_protocol:s established:b ssl_history:s cert_chain_fps:v client_cert_chain_fps:v sni_matches_cert:b validation_status:s +",
        "* version:V cipher:s curve:s server_name:s resumed:b last_alert:s next_protocol:s established:b ssl_history:s cert_chain_fps:v client_cert_chain_fps:v sni_matches_cert:b",
        "* version:V cipher:s curve:s server_name:s resumed:b last_alert:s next_protocol:s established:b ssl_history:s cert_chain_fps:v client_cert_chain_fps:v subject:s issuer:s client_subject:s client_issuer:s sni_matches_cert:b ja3:h ja3s:h",
        "* version:V cipher:s curve:s server_name:s resumed:b last_alert:s next_protocol:s established:b cert_chain_fuids:v client_cert_chain_fuids:v subject:s issuer:s client_subject:s client_issuer:s validation_status:s ja3:h ja3s:h",
        "* version:V cipher:s curve:s server_name:s resumed:b last_alert:s next_protocol:s established:b cert_chain_fuids:v client_cert_chain_fuids:v subject:s issuer:s client_subject:s client_issuer:s ja3:h ja3s:h",
        "* version:V cipher:s curve:s server_name:s resumed:b last_alert:s next_protocol:s established:b cert_chain_fuids:v client_cert_chain_fuids:v subject:s issuer:s client_subject:s client_issuer:s validation_status:s",
        "* version:V cipher:s curve:s server_name:s resumed:b last_alert:s next_protocol:s established:b cert_chain_fuids:v client_cert_chain_fuids:v subject:s issuer:s client_subject:s client_issuer:s",
    ], &[("cipher", "tls.cipher"), ("curve", "tls.curve"), ("server_name", "tls.client.server_name"), ("resumed", "tls.resumed"),
        ("next_protocol", "tls.next_protocol"), ("established", "tls.established"), ("subject", "tls.server.subject"),
        ("issuer", "tls.server.issuer"), ("client_subject", "tls.client.subject"), ("client_issuer", "tls.client.issuer"),
        ("ja3", "tls.client.ja3"), ("ja3s", "tls.server.ja3s")], "resumed+established|cert_chain_fuids|cert_chain_fps"),
    log("files", "zeek.files", NONE, &[
        "fuid:f tx_hosts:A rx_hosts:A conn_uids:v source:s depth:c analyzers:v mime_type:s filename:s duration:i local_orig:b is_orig:b seen_bytes:c total_bytes:c missing_bytes:c overflow_bytes:c timedout:b parent_fuid:s md5:h sha1:h sha256:h extracted:s +",
        "fuid:f * source:s depth:c analyzers:v mime_type:s filename:s duration:i local_orig:b is_orig:b seen_bytes:c total_bytes:c missing_bytes:c overflow_bytes:c timedout:b parent_fuid:s md5:h sha1:h sha256:h extracted:s +",
    ], &[("tx_hosts", "server.ip"), ("rx_hosts", "client.ip"), ("mime_type", "file.mime_type"), ("filename", "file.name"),
        ("total_bytes", "file.size"), ("md5", "file.hash.md5"), ("sha1", "file.hash.sha1"), ("sha256", "file.hash.sha256")], "seen_bytes+fuid"),
    log("x509", "zeek.x509", NONE, &[
        "fingerprint:h certificate.version:c certificate.serial:s certificate.subject:s certificate.issuer:s certificate.not_valid_before:t certificate.not_valid_after:t certificate.key_alg:s certificate.sig_alg:s certificate.key_type:s certificate.key_length:c certificate.exponent:s certificate.curve:s san.dns:v san.uri:v san.email:v san.ip:v basic_constraints.ca:b basic_constraints.path_len:c host_cert:b client_cert:b",
        "id:f certificate.version:c certificate.serial:s certificate.subject:s certificate.issuer:s certificate.not_valid_before:t certificate.not_valid_after:t certificate.key_alg:s certificate.sig_alg:s certificate.key_type:s certificate.key_length:c certificate.exponent:s certificate.curve:s san.dns:v san.uri:v san.email:v san.ip:v basic_constraints.ca:b basic_constraints.path_len:c",
    ], &[("certificate.version", "file.x509.version_number"), ("certificate.serial", "file.x509.serial_number"),
        ("certificate.subject", "file.x509.subject.distinguished_name"), ("certificate.issuer", "file.x509.issuer.distinguished_name"),
        ("certificate.not_valid_before", "file.x509.not_before"), ("certificate.not_valid_after", "file.x509.not_after"),
        ("certificate.key_alg", "file.x509.public_key_algorithm"), ("certificate.sig_alg", "file.x509.signature_algorithm"),
        ("certificate.key_length", "file.x509.public_key_size"), ("certificate.exponent", "file.x509.public_key_exponent"),
        ("certificate.curve", "file.x509.public_key_curve"), ("san.dns", "file.x509.alternative_names"),
        ("fingerprint", "file.hash.sha256")], "certificate.serial"),
    log("ftp", "zeek.ftp", ["ftp", "tcp"], &[
        "* user:s password:s command:s arg:s mime_type:s file_size:c reply_code:c reply_msg:s data_channel.passive:b data_channel.orig_h:a data_channel.resp_h:a data_channel.resp_p:p fuid:f",
    ], &[("user", "user.name"), ("command", "event.action"), ("file_size", "file.size"), ("mime_type", "file.mime_type")], "reply_code|data_channel.passive"),
    log("smtp", "zeek.smtp", ["smtp", "tcp"], &[
        "* trans_depth:c helo:s mailfrom:s rcptto:v date:s from:s to:v cc:v reply_to:s msg_id:s in_reply_to:s subject:s x_originating_ip:a first_received:s second_received:s last_reply:s path:v user_agent:s tls:b fuids:v is_webmail:b",
        "* trans_depth:c helo:s mailfrom:s rcptto:v date:s from:s to:v cc:v reply_to:s msg_id:s in_reply_to:s subject:s x_originating_ip:a first_received:s second_received:s last_reply:s path:v user_agent:s tls:b fuids:v",
    ], &[("mailfrom", "email.sender.address"), ("rcptto", "email.to.address"), ("from", "email.from.address"), ("cc", "email.cc.address"),
        ("reply_to", "email.reply_to.address"), ("msg_id", "email.message_id"), ("subject", "email.subject"), ("tls", "tls.established"),
        ("user_agent", "email.x_mailer")], "helo+last_reply|mailfrom+rcptto|trans_depth+fuids"),
    log("ssh", "zeek.ssh", ["ssh", "tcp"], &[
        "* version:c auth_success:b auth_attempts:c direction:s client:s server:s cipher_alg:s mac_alg:s compression_alg:s kex_alg:s host_key_alg:s host_key:s remote_location.country_code:s remote_location.region:s remote_location.city:s remote_location.latitude:d remote_location.longitude:d",
        "* version:c auth_success:b auth_attempts:c direction:s client:s server:s cipher_alg:s mac_alg:s compression_alg:s kex_alg:s host_key_alg:s host_key:s +",
    ], &[(PLACE, "source.geo.country_iso_code")], "host_key_alg|auth_attempts|kex_alg+mac_alg"),
    log("dhcp", "zeek.dhcp", ["dhcp", "udp"], &[
        "uids:v client_addr:a server_addr:a mac:m host_name:s client_fqdn:s domain:s requested_addr:a assigned_addr:a lease_time:i client_message:s server_message:s msg_types:v duration:i +",
        "* mac:m assigned_ip:a lease_time:i trans_id:c",
    ], &[("uids", "zeek.uid"), ("client_addr", "source.ip"), ("server_addr", "destination.ip"), ("mac", "source.mac"),
        ("host_name", "source.domain"), ("domain", "network.name")], "msg_types|uids+mac|assigned_ip+lease_time"),
    log("kerberos", "zeek.kerberos", ["kerberos", "tcp"], &[
        "* request_type:{AS,TGS} client:s service:s success:b error_msg:s from:t till:t cipher:s forwardable:b renewable:b client_cert_subject:s client_cert_fuid:s server_cert_subject:s server_cert_fuid:s",
        "* request_type:{AS,TGS} client:s service:s success:b error_code:c error_msg:s from:t till:t cipher:s forwardable:b renewable:b client_cert_subject:s client_cert_fuid:s server_cert_subject:s server_cert_fuid:s",
        "* request_type:{AS,TGS} client:s service:s success:b error_msg:s from:t till:t cipher:s forwardable:b renewable:b",
    ], &[("request_type", "event.action"), ("error_msg", "event.reason")], "request_type|forwardable"),
    log("ntlm", "zeek.ntlm", ["ntlm", "tcp"], &[
        "* username:s hostname:s domainname:s server_nb_computer_name:s server_dns_computer_name:s server_tree_name:s success:b",
        "* username:s hostname:s domainname:s success:b status:s",
    ], &[("username", "user.name"), ("domainname", "user.domain"), ("hostname", "source.domain")], "server_nb_computer_name|server_tree_name|domainname+username"),
    log("rdp", "zeek.rdp", ["rdp", "tcp"], &[
        "* cookie:s result:s security_protocol:s client_channels:v keyboard_layout:s client_build:s client_name:s client_dig_product_id:s desktop_width:c desktop_height:c requested_color_depth:s cert_type:s cert_count:c cert_permanent:b encryption_level:s encryption_method:s +",
        "* cookie:s result:s security_protocol:s keyboard_layout:s client_build:s client_name:s client_dig_product_id:s desktop_width:c desktop_height:c requested_color_depth:s cert_type:s cert_count:c cert_permanent:b encryption_level:s encryption_method:s",
    ], &[("cookie", "user.name"), ("ssl", "tls.established"), ("client_name", "source.domain")], "security_protocol|cert_count+result|cookie+keyboard_layout"),
    log("rfb", "zeek.rfb", ["rfb", "tcp"], &[
        "* client_major_version:s client_minor_version:s server_major_version:s server_minor_version:s authentication_method:s auth:b share_flag:b desktop_name:s width:c height:c",
    ], &[], "client_major_version|authentication_method+share_flag"),
    log("smb_files", "zeek.smb_files", ["smb", "tcp"], &[
        "* fuid:s action:e path:s name:s size:c prev_name:s times.modified:t times.accessed:t times.created:t times.changed:t +",
    ], &[("action", "event.action"), ("name", "file.name"), ("size", "file.size"), ("times.modified", "file.mtime"),
        ("times.accessed", "file.accessed"), ("times.created", "file.created"), ("times.changed", "file.ctime")], "times.modified|prev_name"),
    log("smb_mapping", "zeek.smb_mapping", ["smb", "tcp"], &[
        "* path:s service:s native_file_system:s share_type:{DISK,PIPE,PRINT,UNKNOWN}",
    ], &[("path", "file.path")], "share_type"),
    log("dce_rpc", "zeek.dce_rpc", ["dce_rpc", "tcp"], &["* rtt:i named_pipe:s endpoint:s operation:s"],
        &[("rtt", "event.duration"), ("operation", "event.action")], "endpoint+operation|named_pipe"),
    log("smb_cmd", "zeek.smb_cmd", ["smb", "tcp"], &[], &[("command", "event.action"), ("username", "user.name"), ("rtt", "event.duration")],
        "sub_command|tree_service|command+argument+status"),
    log("snmp", "zeek.snmp", ["snmp", "udp"], &[
        "* duration:i version:s community:s get_requests:c get_bulk_requests:c get_responses:c set_requests:c display_string:s up_since:t",
    ], &[], "get_bulk_requests|get_requests"),
    log("socks", "zeek.socks", ["socks", "tcp"], &[
        "* version:c user:s password:s status:s request.host:a request.name:s request_p:p bound.host:a bound.name:s bound_p:p",
        "* version:c user:s status:s request.host:a request.name:s request_p:p bound.host:a bound.name:s bound_p:p",
    ], &[("user", "user.name")], "request_p|bound_p|bound.host"),
    log("radius", "zeek.radius", ["radius", "udp"], &[
        "* username:s mac:s framed_addr:a tunnel_client:s connect_info:s reply_msg:s result:s ttl:i",
        "* username:s mac:s framed_addr:a remote_ip:a connect_info:s reply_msg:s result:s ttl:i",
    ], &[("username", "user.name"), ("mac", "source.mac"), ("reply_msg", "event.reason")], "framed_addr|connect_info+result"),
    log("postgresql", "zeek.postgresql", ["postgresql", "tcp"], &[
        "* user:s database:s application_name:s frontend:s frontend_arg:s success:b rows:c backend:s backend_arg:s",
    ], &[("user", "user.name")], "frontend+backend|frontend_arg"),
    log("mysql", "zeek.mysql", ["mysql", "tcp"], &["* cmd:s arg:s success:b rows:c response:s"], &[("cmd", "event.action")], "cmd+arg|cmd+rows"),
    log("modbus", "zeek.modbus", ["modbus", "tcp"], &["* tid:c unit:c func:s pdu_type:{REQ,RESP} exception:s", "* func:s exception:s"],
        &[("func", "event.action")], "func+unit|func+pdu_type|func+exception|func"),
    log("dnp3", "zeek.dnp3", ["dnp3", "tcp"], &["* fc_request:s fc_reply:s iin:c"], &[("fc_request", "event.action")], "fc_request|fc_reply"),
    log("irc", "zeek.irc", ["irc", "tcp"], &["* nick:s user:s command:s value:s addl:s dcc_file_name:s dcc_file_size:c dcc_mime_type:s fuid:f"],
        &[("user", "user.name"), ("command", "event.action"), ("dcc_file_name", "file.name"), ("dcc_file_size", "file.size"), ("dcc_mime_type", "file.mime_type")], "dcc_file_name|nick"),
    log("ldap", "zeek.ldap", ["ldap", "tcp"], &["* message_id:c version:c opcode:v result:v diagnostic_message:v object:v argument:v"],
        &[("opcode", "event.action")], "message_id+opcode"),
    log("ldap_search", "zeek.ldap_search", ["ldap", "tcp"], &[
        "* message_id:c scope:v deref_aliases:v base_object:v result_count:c result:v diagnostic_message:v filter:s attributes:v",
    ], &[], "message_id+base_object|deref_aliases"),
    log("quic", "zeek.quic", ["quic", "udp"], &["* version:s client_initial_dcid:h client_scid:h server_scid:h server_name:s client_protocol:s history:s"],
        &[("server_name", "tls.client.server_name"), ("client_protocol", "tls.next_protocol")], "client_initial_dcid|client_scid"),
    log("syslog", "zeek.syslog", ["syslog", ""], &["* proto:P facility:{KERN,USER,MAIL,DAEMON,AUTH,SYSLOG,LPR,NEWS,UUCP,CRON,AUTHPRIV,FTP,NTP,AUDIT,ALERT,CLOCK,LOCAL0,LOCAL1,LOCAL2,LOCAL3,LOCAL4,LOCAL5,LOCAL6,LOCAL7,UNSPECIFIED} severity:{EMERG,ALERT,CRIT,ERR,WARNING,NOTICE,INFO,DEBUG,UNSPECIFIED} message:s"],
        &[("facility", "log.syslog.facility.name"), ("severity", "log.syslog.severity.name"), ("message", "message")], "facility+severity"),
    log("tunnel", "zeek.tunnel", NONE, &["* tunnel_type:e action:e"], &[("action", "event.action")], "tunnel_type"),
    log("notice", "zeek.notice", NONE, &[
        "* fuid:s file_mime_type:s file_desc:s proto:P note:e msg:s sub:s src:a dst:a p:p n:c peer_descr:s actions:v email_dest:v suppress_for:i remote_location.country_code:s remote_location.region:s remote_location.city:s remote_location.latitude:d remote_location.longitude:d +",
        "* fuid:s file_mime_type:s file_desc:s proto:P note:e msg:s sub:s src:a dst:a p:p n:c peer_descr:s actions:v suppress_for:i dropped:b remote_location.country_code:s remote_location.region:s remote_location.city:s remote_location.latitude:d remote_location.longitude:d +",
        "* fuid:s file_mime_type:s file_desc:s proto:P note:e msg:s sub:s src:a dst:a p:p n:c peer_descr:s actions:v suppress_for:i +",
    ], &[("note", "rule.name"), ("msg", "rule.description"), ("file_mime_type", "file.mime_type"), ("peer_descr", "observer.name"),
        (PLACE, "source.geo.country_iso_code")], "note+msg|note+suppress_for"),
    log("signatures", "zeek.signatures", NONE, &[
        "uid:u src_addr:a src_port:p dst_addr:a dst_port:p note:e sig_id:s event_msg:s sub_msg:s sig_count:c host_count:c",
    ], &[("src_addr", "source.ip"), ("src_port", "source.port"), ("dst_addr", "destination.ip"), ("dst_port", "destination.port"),
        ("note", "rule.name"), ("sig_id", "rule.id"), ("event_msg", "rule.description")], "sig_id|note+src_addr"),
    log("intel", "zeek.intel", NONE, &[
        "* seen.indicator:s seen.indicator_type:e seen.where:e seen.node:s matched:v sources:v fuid:s file_mime_type:s file_desc:s +",
        "* fuid:s file_mime_type:s file_desc:s seen.indicator:s seen.indicator_type:e seen.where:e seen.node:s matched:v sources:v +",
    ], &[("file_mime_type", "file.mime_type"), ("seen.node", "observer.name")], "seen.indicator"),
    log("weird", "zeek.weird", NONE, &["* name:s addl:s notice:b peer:s source:s", "* name:s addl:s notice:b peer:s"],
        &[("name", "rule.name"), ("peer", "observer.name")], "name+notice+peer"),
    log("analyzer", "zeek.analyzer", NONE, &[
        "cause:{violation,disabled} analyzer_kind:s analyzer_name:s uid:u fuid:s id.orig_h:a id.orig_p:p id.resp_h:a id.resp_p:p failure_reason:s failure_data:s +",
        "* proto:P analyzer_kind:s analyzer_name:s failure_reason:s failure_data:s",
    ], &[("failure_reason", "error.message")], "analyzer_kind|analyzer_name"),
    log("dpd", "zeek.dpd", NONE, &["* proto:P analyzer:s failure_reason:s packet_segment:s", "* proto:P analyzer:s failure_reason:s"],
        &[("failure_reason", "error.message")], "analyzer+failure_reason"),
    log("pe", "zeek.pe", NONE, &[
        "id:f machine:s compile_ts:t os:s subsystem:s is_exe:b is_64bit:b uses_aslr:b uses_dep:b uses_code_integrity:b uses_seh:b has_import_table:b has_export_table:b has_cert_table:b has_debug_data:b section_names:v",
    ], &[("machine", "file.pe.architecture")], "section_names|is_64bit"),
    log("ocsp", "zeek.ocsp", NONE, &[
        "id:f hashAlgorithm:s issuerNameHash:h issuerKeyHash:h serialNumber:s certStatus:{good,revoked,unknown} revoketime:t revokereason:s thisUpdate:t nextUpdate:t",
    ], &[("serialNumber", "file.x509.serial_number")], "certStatus"),
    log("software", "zeek.software", NONE, &[
        "host:a host_p:p software_type:e name:s version.major:c version.minor:c version.minor2:c version.minor3:c version.addl:s unparsed_version:s +",
    ], &[("host", "host.ip"), ("name", "package.name"), ("unparsed_version", "package.version")], "software_type"),
    log("known_certs", "zeek.known_certs", NONE, &["host:a port_num:p subject:s issuer_subject:s serial:s"],
        &[("host", "server.ip"), ("port_num", "server.port"), ("subject", "tls.server.subject"), ("issuer_subject", "tls.server.issuer"),
        ("serial", "tls.server.x509.serial_number")], "issuer_subject"),
    log("known_services", "zeek.known_services", NONE, &["host:a port_num:p port_proto:P service:v"],
        &[("host", "server.ip"), ("port_num", "server.port"), ("port_proto", "network.transport"), ("service", "network.protocol")], "port_proto"),
    log("known_modbus", "zeek.known_modbus", NONE, &["host:a device_type:e"], &[("host", "host.ip")], "device_type"),
    log("known_hosts", "zeek.known_hosts", NONE, &["host:a"], &[("host", "host.ip")], ""),
    log("traceroute", "zeek.traceroute", NONE, &["src:a dst:a proto:P"], &[("src", "source.ip"), ("dst", "destination.ip")], ""),
    log("ntp", "zeek.ntp", ["ntp", "udp"], &[
        "* version:c mode:c stratum:c poll:i precision:i root_delay:i root_disp:i ref_id:s ref_time:t org_time:t rec_time:t xmt_time:t num_exts:c",
    ], &[], "stratum|xmt_time"),
    log("capture_loss", "zeek.capture_loss", NONE, &["ts_delta:i peer:s gaps:c acks:c percent_lost:d"], &[("peer", "observer.name")], "percent_lost"),
    log("stats", "zeek.stats", NONE, &[], &[("peer", "observer.name"), ("mem", "zeek.stats.mem")], "pkts_proc|events_proc"),
    log("packet_filter", "zeek.packet_filter", NONE, &["node:s filter:s init:b success:b +"], &[("node", "observer.name")], "filter+init"),
    log("reporter", "zeek.reporter", NONE, &["level:e message:s location:s"], &[("level", "log.level"), ("message", "message")], "level+location"),
    log("cluster", "zeek.cluster", NONE, &["node:s message:s"], &[("node", "observer.name"), ("message", "message")], ""),
    log("broker", "zeek.broker", NONE, &["ty:e ev:s peer.address:s peer.bound_port:p message:s"], &[("message", "message")], "ty+ev"),
];
