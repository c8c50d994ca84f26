//! Interned field names.
//!
//! A field is a small number; its name is looked up only when something is printed or a rule is compiled. The names
//! that formats set are constants here, in ECS 9 spelling; names that only data knows (JSON application logs,
//! `fortinet.policyid`) are interned on first sight, up to [`MAX_FIELDS`].

use std::{
    cell::RefCell,
    fmt,
    sync::{LazyLock, RwLock},
};

use foldhash::HashMap;

/// Most distinct field names the process keeps. Names beyond are not stored; their values stay in the raw record.
pub const MAX_FIELDS: usize = 16_384;

/// An interned field name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Field(u16);

struct Names {
    by_name: HashMap<&'static str, Field>,
    names: Vec<&'static str>,
}

static NAMES: LazyLock<RwLock<Names>> = LazyLock::new(|| {
    let mut by_name = HashMap::default();
    for (i, name) in KNOWN.iter().enumerate() {
        by_name.insert(*name, Field(i as u16));
    }
    RwLock::new(Names { by_name, names: KNOWN.to_vec() })
});

thread_local! {
    /// What this thread has already looked up, so that the hot path takes no lock.
    static SEEN: RefCell<HashMap<Box<str>, Option<Field>>> = RefCell::default();
}

impl Field {
    /// The field of this name, interned if it is new; `None` once [`MAX_FIELDS`] names are known.
    pub fn intern(name: &str) -> Option<Field> {
        SEEN.with_borrow_mut(|seen| {
            if let Some(found) = seen.get(name) {
                return *found;
            }
            let found = Self::intern_shared(name);
            if seen.len() < MAX_FIELDS {
                seen.insert(name.into(), found);
            }
            found
        })
    }

    /// The field of this name if it is one of the constants of this module.
    pub fn known(name: &str) -> Option<Field> {
        let names = NAMES.read().expect("field names");
        names.by_name.get(name).copied().filter(|field| field.index() < KNOWN.len())
    }

    fn intern_shared(name: &str) -> Option<Field> {
        if let Some(&known) = NAMES.read().expect("field names").by_name.get(name) {
            return Some(known);
        }
        let mut names = NAMES.write().expect("field names");
        if let Some(&known) = names.by_name.get(name) {
            return Some(known);
        }
        if names.names.len() >= MAX_FIELDS {
            return None;
        }
        let field = Field(names.names.len() as u16);
        let kept: &'static str = Box::leak(name.into());
        names.names.push(kept);
        names.by_name.insert(kept, field);
        Some(field)
    }

    /// The dotted ECS name.
    pub fn name(self) -> &'static str {
        match KNOWN.get(self.0 as usize) {
            Some(known) => known,
            None => NAMES.read().expect("field names").names[self.0 as usize],
        }
    }

    /// Index for tables that are addressed by field; below [`MAX_FIELDS`].
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// Every field known so far, in the order of their numbers.
    pub fn all() -> impl Iterator<Item = Field> {
        (0..NAMES.read().expect("field names").names.len() as u16).map(Field)
    }

    /// ECS declares this field as an array, so it is printed as one even when it holds a single value.
    pub fn is_array(self) -> bool {
        ARRAYS.contains(&self)
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

const ARRAYS: &[Field] = &[
    EVENT_CATEGORY,
    EVENT_TYPE,
    TAGS,
    RELATED_IP,
    RELATED_USER,
    RELATED_HOSTS,
    PROCESS_ARGS,
    DNS_HEADER_FLAGS,
    DNS_RESOLVED_IP,
];

macro_rules! fields {
    ($($constant:ident = $name:literal,)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u16)]
        enum Index { $($constant,)* }
        $(#[doc = concat!("`", $name, "`")] pub const $constant: Field = Field(Index::$constant as u16);)*
        const KNOWN: &[&str] = &[$($name,)*];
    };
}

fields! {
    // set for every event by the printer, never by a format
    TIMESTAMP = "@timestamp",
    EVENT_ORIGINAL = "event.original",
    ROUNDSMAN_FORMAT = "roundsman.format",
    ROUNDSMAN_REASON = "roundsman.reason",
    ROUNDSMAN_RECEIVED = "roundsman.received",
    ROUNDSMAN_TRUNCATED = "roundsman.truncated",
    // the envelope
    MESSAGE = "message",
    HOST_NAME = "host.name",
    PROCESS_NAME = "process.name",
    PROCESS_PID = "process.pid",
    SYSLOG_PRIORITY = "log.syslog.priority",
    SYSLOG_FACILITY_CODE = "log.syslog.facility.code",
    SYSLOG_FACILITY_NAME = "log.syslog.facility.name",
    SYSLOG_SEVERITY_CODE = "log.syslog.severity.code",
    SYSLOG_SEVERITY_NAME = "log.syslog.severity.name",
    SYSLOG_VERSION = "log.syslog.version",
    SYSLOG_APPNAME = "log.syslog.appname",
    SYSLOG_PROCID = "log.syslog.procid",
    SYSLOG_MSGID = "log.syslog.msgid",
    SYSLOG_HOSTNAME = "log.syslog.hostname",
    LOG_LEVEL = "log.level",
    LOG_LOGGER = "log.logger",
    LOG_FILE_PATH = "log.file.path",
    LOG_ORIGIN_FUNCTION = "log.origin.function",
    LOG_ORIGIN_FILE_NAME = "log.origin.file.name",
    LOG_ORIGIN_FILE_LINE = "log.origin.file.line",
    // what happened
    EVENT_KIND = "event.kind",
    EVENT_CATEGORY = "event.category",
    EVENT_TYPE = "event.type",
    EVENT_ACTION = "event.action",
    EVENT_OUTCOME = "event.outcome",
    EVENT_REASON = "event.reason",
    EVENT_CODE = "event.code",
    EVENT_ID = "event.id",
    EVENT_DATASET = "event.dataset",
    EVENT_MODULE = "event.module",
    EVENT_PROVIDER = "event.provider",
    EVENT_SEVERITY = "event.severity",
    EVENT_DURATION = "event.duration",
    EVENT_START = "event.start",
    EVENT_END = "event.end",
    EVENT_SEQUENCE = "event.sequence",
    EVENT_REPEATED = "roundsman.event.repeated",
    EVENT_TIMEZONE = "event.timezone",
    TAGS = "tags",
    RELATED_IP = "related.ip",
    RELATED_USER = "related.user",
    RELATED_HOSTS = "related.hosts",
    // from where, to where
    SOURCE_ADDRESS = "source.address",
    SOURCE_IP = "source.ip",
    SOURCE_PORT = "source.port",
    SOURCE_MAC = "source.mac",
    SOURCE_DOMAIN = "source.domain",
    SOURCE_BYTES = "source.bytes",
    SOURCE_PACKETS = "source.packets",
    SOURCE_NAT_IP = "source.nat.ip",
    SOURCE_NAT_PORT = "source.nat.port",
    SOURCE_USER_NAME = "source.user.name",
    SOURCE_USER_EMAIL = "source.user.email",
    SOURCE_USER_ID = "source.user.id",
    SOURCE_USER_DOMAIN = "source.user.domain",
    SOURCE_USER_GROUP_NAME = "source.user.group.name",
    SOURCE_GEO_COUNTRY_NAME = "source.geo.country_name",
    DESTINATION_ADDRESS = "destination.address",
    DESTINATION_IP = "destination.ip",
    DESTINATION_PORT = "destination.port",
    DESTINATION_MAC = "destination.mac",
    DESTINATION_DOMAIN = "destination.domain",
    DESTINATION_BYTES = "destination.bytes",
    DESTINATION_PACKETS = "destination.packets",
    DESTINATION_NAT_IP = "destination.nat.ip",
    DESTINATION_NAT_PORT = "destination.nat.port",
    DESTINATION_USER_NAME = "destination.user.name",
    DESTINATION_USER_EMAIL = "destination.user.email",
    DESTINATION_USER_GROUP_NAME = "destination.user.group.name",
    DESTINATION_USER_ID = "destination.user.id",
    DESTINATION_USER_DOMAIN = "destination.user.domain",
    DESTINATION_GEO_COUNTRY_NAME = "destination.geo.country_name",
    CLIENT_ADDRESS = "client.address",
    CLIENT_USER_NAME = "client.user.name",
    CLIENT_USER_ID = "client.user.id",
    CLIENT_IP = "client.ip",
    CLIENT_PORT = "client.port",
    SERVER_ADDRESS = "server.address",
    SERVER_DOMAIN = "server.domain",
    SERVER_USER_NAME = "server.user.name",
    SERVER_IP = "server.ip",
    SERVER_PORT = "server.port",
    NETWORK_TRANSPORT = "network.transport",
    NETWORK_PROTOCOL = "network.protocol",
    NETWORK_APPLICATION = "network.application",
    NETWORK_TYPE = "network.type",
    NETWORK_IANA_NUMBER = "network.iana_number",
    NETWORK_DIRECTION = "network.direction",
    NETWORK_BYTES = "network.bytes",
    NETWORK_PACKETS = "network.packets",
    NETWORK_FORWARDED_IP = "network.forwarded_ip",
    NETWORK_NAME = "network.name",
    NETWORK_VLAN_ID = "network.vlan.id",
    NETFILTER_TCP_FLAGS = "netfilter.tcp_flags",
    NETFILTER_ICMP_TYPE = "netfilter.icmp_type",
    OBSERVER_VENDOR = "observer.vendor",
    OBSERVER_PRODUCT = "observer.product",
    OBSERVER_TYPE = "observer.type",
    OBSERVER_NAME = "observer.name",
    OBSERVER_HOSTNAME = "observer.hostname",
    OBSERVER_MAC = "observer.mac",
    OBSERVER_IP = "observer.ip",
    OBSERVER_SERIAL_NUMBER = "observer.serial_number",
    OBSERVER_VERSION = "observer.version",
    OBSERVER_INGRESS_INTERFACE_NAME = "observer.ingress.interface.name",
    OBSERVER_INGRESS_INTERFACE_ALIAS = "observer.ingress.interface.alias",
    OBSERVER_EGRESS_INTERFACE_ALIAS = "observer.egress.interface.alias",
    OBSERVER_EGRESS_INTERFACE_NAME = "observer.egress.interface.name",
    OBSERVER_INGRESS_ZONE = "observer.ingress.zone",
    OBSERVER_INGRESS_VLAN_ID = "observer.ingress.vlan.id",
    OBSERVER_EGRESS_ZONE = "observer.egress.zone",
    RULE_ID = "rule.id",
    RULE_NAME = "rule.name",
    RULE_UUID = "rule.uuid",
    RULE_RULESET = "rule.ruleset",
    RULE_CATEGORY = "rule.category",
    RULE_DESCRIPTION = "rule.description",
    // who
    USER_NAME = "user.name",
    USER_ID = "user.id",
    USER_GROUP_ID = "user.group.id",
    USER_DOMAIN = "user.domain",
    USER_EMAIL = "user.email",
    USER_ROLES = "user.roles",
    USER_FULL_NAME = "user.full_name",
    USER_EFFECTIVE_NAME = "user.effective.name",
    USER_EFFECTIVE_ID = "user.effective.id",
    USER_EFFECTIVE_GROUP_ID = "user.effective.group.id",
    USER_TARGET_NAME = "user.target.name",
    USER_TARGET_ID = "user.target.id",
    USER_CHANGES_NAME = "user.changes.name",
    USER_TARGET_GROUP_NAME = "user.target.group.name",
    GROUP_NAME = "group.name",
    GROUP_ID = "group.id",
    // with what
    PROCESS_EXECUTABLE = "process.executable",
    PROCESS_COMMAND_LINE = "process.command_line",
    PROCESS_ARGS = "process.args",
    PROCESS_ARGS_COUNT = "process.args_count",
    PROCESS_WORKING_DIRECTORY = "process.working_directory",
    PROCESS_EXIT_CODE = "process.exit_code",
    PROCESS_THREAD_ID = "process.thread.id",
    PROCESS_THREAD_NAME = "process.thread.name",
    PROCESS_TTY = "process.tty.name",
    PROCESS_CHILD_PID = "process.child.pid",
    PROCESS_TITLE = "process.title",
    PROCESS_HASH_SHA256 = "process.hash.sha256",
    PROCESS_ENTITY_ID = "process.entity_id",
    PROCESS_PARENT_NAME = "process.parent.name",
    PROCESS_PARENT_PID = "process.parent.pid",
    PROCESS_PARENT_EXECUTABLE = "process.parent.executable",
    PROCESS_PARENT_COMMAND_LINE = "process.parent.command_line",
    FILE_PATH = "file.path",
    FILE_TARGET_PATH = "file.target_path",
    FILE_NAME = "file.name",
    FILE_SIZE = "file.size",
    FILE_HASH_SHA256 = "file.hash.sha256",
    FILE_HASH_SHA1 = "file.hash.sha1",
    FILE_HASH_MD5 = "file.hash.md5",
    FILE_DIRECTORY = "file.directory",
    FILE_TYPE = "file.type",
    FILE_EXTENSION = "file.extension",
    FILE_MIME_TYPE = "file.mime_type",
    SERVICE_NAME = "service.name",
    SERVICE_TYPE = "service.type",
    SERVICE_STATE = "service.state",
    SERVICE_VERSION = "service.version",
    SSHD_METHOD = "sshd.method",
    SSHD_KEY_TYPE = "sshd.key.type",
    SSHD_KEY_FINGERPRINT = "sshd.key.fingerprint",
    SYSTEMD_UNIT = "systemd.unit.name",
    SYSTEMD_DESCRIPTION = "systemd.unit.description",
    SYSTEMD_RESULT = "systemd.result",
    SYSTEMD_RESTARTS = "systemd.restart_counter",
    SYSTEMD_SESSION = "systemd.session",
    SHADOW_HOME = "shadow.home",
    SHADOW_SHELL = "shadow.shell",
    SHADOW_BEFORE = "shadow.before",
    SHADOW_AFTER = "shadow.after",
    KERNEL_VICTIM_NAME = "kernel.victim.name",
    KERNEL_VICTIM_PID = "kernel.victim.pid",
    PAM_MODULE = "pam.module",
    PAM_SERVICE = "pam.service",
    // the web
    URL_ORIGINAL = "url.original",
    URL_FULL = "url.full",
    URL_PATH = "url.path",
    URL_QUERY = "url.query",
    URL_DOMAIN = "url.domain",
    URL_PORT = "url.port",
    URL_SCHEME = "url.scheme",
    URL_EXTENSION = "url.extension",
    HTTP_METHOD = "http.request.method",
    HTTP_REQUEST_ID = "http.request.id",
    HTTP_REFERRER = "http.request.referrer",
    HTTP_REQUEST_BYTES = "http.request.bytes",
    HTTP_STATUS = "http.response.status_code",
    HTTP_RESPONSE_BYTES = "http.response.bytes",
    HTTP_BODY_BYTES = "http.response.body.bytes",
    HTTP_VERSION = "http.version",
    USER_AGENT = "user_agent.original",
    APACHE_ERROR_MODULE = "apache.error.module",
    NGINX_ERROR_CONNECTION_ID = "nginx.error.connection_id",
    NGINX_ERROR_UPSTREAM = "nginx.error.upstream",
    // mail
    EMAIL_FROM = "email.from.address",
    EMAIL_TO = "email.to.address",
    EMAIL_SUBJECT = "email.subject",
    EMAIL_LOCAL_ID = "email.local_id",
    EMAIL_MESSAGE_ID = "email.message_id",
    // databases and applications
    ERROR_MESSAGE = "error.message",
    ERROR_CODE = "error.code",
    ERROR_TYPE = "error.type",
    ERROR_STACK_TRACE = "error.stack_trace",
    DB_NAME = "postgresql.log.database",
    DB_STATEMENT = "postgresql.log.query",
    POSTGRESQL_APPLICATION = "postgresql.log.application_name",
    POSTGRESQL_SESSION_ID = "postgresql.log.session_id",
    POSTGRESQL_SQL_STATE = "postgresql.log.sql_state_code",
    IBM_MQ_PROCESS = "ibm_mq.errorlog.process",
    CLOUD_PROJECT_ID = "cloud.project.id",
    MYSQL_QUERY = "mysql.query",
    RESTIC_SNAPSHOT = "restic.snapshot",
    BORG_ARCHIVE = "borg.archive",
    BAREOS_JOB_ID = "bareos.job_id",
    ANSIBLE_PLAY = "ansible.play",
    ANSIBLE_TASK = "ansible.task",
    CONTAINER_STREAM = "cri.stream",
    TRACE_ID = "trace.id",
    SPAN_ID = "span.id",
    TRANSACTION_ID = "transaction.id",
    // systems and packages
    HOST_IP = "host.ip",
    HOST_OS_KERNEL = "host.os.kernel",
    HOST_OS_VERSION = "host.os.version",
    PACKAGE_NAME = "package.name",
    PACKAGE_VERSION = "package.version",
    PACKAGE_ARCHITECTURE = "package.architecture",
    PACKAGE_PREVIOUS_VERSION = "roundsman.package.previous_version",
    PACKAGE_STATE = "roundsman.package.state",
    PACKAGE_PREVIOUS_STATE = "roundsman.package.previous_state",
    APT_OPERATION = "apt.operation",
    // what the collectors bring
    ASSET = "roundsman.asset",
    PROBE_NAME = "roundsman.probe.name",
    PROBE_RESULT = "roundsman.probe.result",
    PROBE_LATENCY_MS = "roundsman.probe.latency_ms",
    DISK_VOLUME = "roundsman.disk.volume",
    DISK_USED_PERCENT = "roundsman.disk.used_percent",
    JOB_NAME = "roundsman.job.name",
    JOB_RESULT = "roundsman.job.result",
    JOB_SECONDS = "roundsman.job.seconds",
    JOB_BYTES = "roundsman.job.bytes",
    LOGON_LAST = "roundsman.logon.last",
    POD_NAME = "roundsman.pod.name",
    POD_READY = "roundsman.pod.ready",
    CONTAINER_ID = "container.id",
    CONTAINER_NAME = "container.name",
    CONTAINER_IMAGE_NAME = "container.image.name",
    REBOOT_REQUIRED = "roundsman.reboot.required",
    NEEDRESTART_VERSION = "needrestart.version",
    NEEDRESTART_KERNEL_CURRENT = "needrestart.kernel.current",
    NEEDRESTART_KERNEL_EXPECTED = "needrestart.kernel.expected",
    NEEDRESTART_KERNEL_STATUS = "needrestart.kernel.status",
    NEEDRESTART_MICROCODE_STATUS = "needrestart.microcode.status",
    DNS_QUESTION_NAME = "dns.question.name",
    DNS_QUESTION_TYPE = "dns.question.type",
    TLS_VERSION = "tls.version",
    TLS_CIPHER = "tls.cipher",
    TLS_VERSION_PROTOCOL = "tls.version_protocol",
    DNS_ID = "dns.id",
    DNS_TYPE = "dns.type",
    DNS_QUESTION_CLASS = "dns.question.class",
    DNS_RESPONSE_CODE = "dns.response_code",
    DNS_HEADER_FLAGS = "dns.header_flags",
    DNS_ANSWERS_DATA = "dns.answers.data",
    DNS_RESOLVED_IP = "dns.resolved_ip",
    CLIENT_MAC = "client.mac",
    SERVER_MAC = "server.mac",
    HTTP_RESPONSE_MIME_TYPE = "http.response.mime_type",
    HOST_HOSTNAME = "host.hostname",
    CLOUD_ACCOUNT_ID = "cloud.account.id",
    CLOUD_REGION = "cloud.region",
    CLOUD_INSTANCE_ID = "cloud.instance.id",
    RULE_VERSION = "rule.version",
    ZEEK_UID = "zeek.uid",
    TLS_SERVER_NAME = "tls.client.server_name",
    HTTP_REQUEST_BODY_BYTES = "http.request.body.bytes",
    INTERFACE_NAME = "interface.name",
    // Windows event logs, in Winlogbeat's names
    WINLOG_PROVIDER_NAME = "winlog.provider_name",
    WINLOG_CHANNEL = "winlog.channel",
    WINLOG_EVENT_ID = "winlog.event_id",
    WINLOG_RECORD_ID = "winlog.record_id",
    WINLOG_COMPUTER_NAME = "winlog.computer_name",
    WINLOG_TIME_CREATED = "winlog.time_created",
    WINLOG_LEVEL = "winlog.level",
    WINLOG_TASK = "winlog.task",
    WINLOG_OPCODE = "winlog.opcode",
    WINLOG_KEYWORDS = "winlog.keywords",
    WINLOG_OUTCOME = "winlog.outcome",
    WINLOG_VERSION = "winlog.version",
    WINLOG_PROVIDER_GUID = "winlog.provider_guid",
    WINLOG_ACTIVITY_ID = "winlog.activity_id",
    WINLOG_PROCESS_PID = "winlog.process.pid",
    WINLOG_THREAD_ID = "winlog.process.thread.id",
    WINLOG_USER_ID = "winlog.user.identifier",
    WINLOG_USER_NAME = "winlog.user.name",
    WINLOG_USER_DOMAIN = "winlog.user.domain",
    WINLOG_USER_TYPE = "winlog.user.type",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_interned_once_and_found_again() {
        assert_eq!(Field::intern("source.ip"), Some(SOURCE_IP));
        let field = Field::intern("fortinet.policyid").unwrap();
        assert_eq!(field.name(), "fortinet.policyid");
        assert_eq!(Field::intern("fortinet.policyid"), Some(field));
        assert_eq!(std::thread::spawn(|| Field::intern("fortinet.policyid")).join().unwrap(), Some(field));
    }

    #[test]
    fn no_known_name_is_a_value_and_an_object_at_once() {
        for name in KNOWN {
            let inside = format!("{name}.");
            let below = KNOWN.iter().find(|other| other.starts_with(&inside));
            assert_eq!(below, None, "{name} would be text and an object in printed JSON");
        }
    }

    #[test]
    fn no_known_name_stands_twice() {
        let mut names = KNOWN.to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), KNOWN.len());
    }
}
