//! Sigma's field names and ours: one table of data.
//!
//! A rule may name a field as Sigma's taxonomy does for its log source, or in ECS. The name itself is always looked for
//! first, so that an event that carries Sigma's own names is matched by them.
//!
//! Taxonomy: <https://github.com/SigmaHQ/sigma-specification/blob/main/appendix/sigma-appendix-taxonomy.md>

/// For rules of a log source (empty: any), Sigma's field names and the ECS names that may hold the value.
struct Names {
    category: &'static str,
    product: &'static str,
    service: &'static str,
    fields: &'static [(&'static str, &'static [&'static str])],
}

/// The first row that fits the rule's log source and knows the name decides.
const TABLE: &[Names] = &[
    Names {
        category: "webserver",
        product: "",
        service: "",
        fields: &[
            ("c-ip", &["source.ip", "client.ip", "source.address"]),
            // servers log path and query as one; rules for `cs-uri-query` expect just that
            ("cs-uri-query", &["url.original", "url.query"]),
        ],
    },
    Names {
        category: "",
        product: "",
        service: "sudo",
        fields: &[("USER", &["user.effective.name"]), ("COMMAND", &["process.command_line"])],
    },
    Names {
        category: "",
        product: "linux",
        service: "auditd",
        fields: &[
            ("exe", &["process.executable"]),
            ("comm", &["process.name", "process.title"]),
            ("name", &["file.path"]),
            ("pid", &["process.pid"]),
            ("uid", &["user.id"]),
            ("euid", &["user.effective.id"]),
            ("auid", &["user.id"]),
            ("unit", &["service.name"]),
        ],
    },
    Names {
        category: "firewall",
        product: "",
        service: "",
        fields: &[
            ("action", &["event.action"]),
            ("protocol", &["network.transport"]),
            ("in_interface", &["observer.ingress.interface.name"]),
            ("out_interface", &["observer.egress.interface.name"]),
        ],
    },
    Names {
        category: "dns",
        product: "",
        service: "",
        fields: &[("query", &["dns.question.name"]), ("record_type", &["dns.question.type"])],
    },
    Names {
        category: "antivirus",
        product: "",
        service: "",
        fields: &[("Signature", &["rule.name"]), ("Filename", &["file.path"])],
    },
    Names {
        category: "",
        product: "aws",
        service: "cloudtrail",
        fields: &[
            ("eventName", &["event.action"]),
            ("eventSource", &["event.provider"]),
            ("errorCode", &["error.code"]),
            ("errorMessage", &["error.message"]),
            ("sourceIPAddress", &["source.ip", "source.domain"]),
            ("userAgent", &["user_agent.original"]),
            ("userIdentity.userName", &["user.name"]),
            ("requestParameters.userName", &["user.target.name"]),
        ],
    },
    Names {
        category: "",
        product: "okta",
        service: "",
        fields: &[
            ("eventtype", &["event.action"]),
            ("eventType", &["event.action"]),
            ("displaymessage", &["message"]),
            ("displayMessage", &["message"]),
            ("actor.alternateid", &["user.name"]),
            ("actor.alternateId", &["user.email", "user.name"]),
            ("target.displayName", &["user.target.full_name", "user.target.name"]),
            ("outcome.reason", &["event.reason"]),
            ("outcome.result", &["event.outcome"]),
            ("debugContext.debugData.requestUri", &["url.path", "url.original"]),
        ],
    },
    Names {
        category: "",
        product: "azure",
        service: "",
        fields: &[
            ("operationName", &["event.action"]),
            ("OperationName", &["event.action"]),
            ("OperationNameValue", &["event.action"]),
            ("properties.message", &["event.action"]),
            ("ActivityDisplayName", &["event.action"]),
            ("ActivityType", &["event.action"]),
            ("activityType", &["event.action"]),
            ("Category", &["event.dataset", "azure.category"]),
            ("category", &["event.dataset"]),
            ("CategoryValue", &["event.dataset"]),
            ("LoggedByService", &["service.name"]),
            ("ResourceDisplayName", &["service.name"]),
            ("ResourceId", &["azure.resourceId"]),
            ("ResourceProviderValue", &["event.provider"]),
            ("ResultType", &["error.code"]),
            ("ResultDescription", &["error.message"]),
            ("Resultdescription", &["error.message"]),
            ("Status", &["event.outcome"]),
            ("ClientApp", &["azure.properties.clientAppUsed"]),
            ("RiskState", &["azure.properties.riskState"]),
            ("AuthenticationRequirement", &["azure.properties.authenticationRequirement"]),
            ("DeviceDetail.trusttype", &["azure.properties.deviceDetail.trustType"]),
            ("DeviceDetail.deviceId", &["azure.properties.deviceDetail.deviceId"]),
            ("DeviceDetail.isCompliant", &["azure.properties.deviceDetail.isCompliant"]),
            ("Username", &["user.email", "user.name"]),
            ("Userprincipalname", &["user.email", "user.name"]),
            ("userAgent", &["user_agent.original"]),
        ],
    },
    Names { category: "", product: "github", service: "", fields: &[("action", &["event.action"])] },
    Names {
        category: "",
        product: "bitbucket",
        service: "",
        fields: &[("auditType.action", &["event.action"]), ("auditType.category", &["event.dataset"])],
    },
    Names {
        category: "",
        product: "gcp",
        service: "",
        fields: &[
            ("gcp.audit.method_name", &["event.action"]),
            ("data.protoPayload.methodName", &["event.action"]),
            ("data.protoPayload.serviceName", &["service.name", "event.provider"]),
            ("data.protoPayload.resource.type", &["gcp.audit.resource.type"]),
            ("data.protoPayload.logName", &["gcp.audit.logName"]),
            (
                "data.protoPayload.authorizationInfo.permission",
                &["gcp.audit.protoPayload.authorizationInfo.permission"],
            ),
            ("data.protoPayload.authorizationInfo.granted", &["gcp.audit.protoPayload.authorizationInfo.granted"]),
            ("protoPayload.metadata.event.eventName", &["event.action"]),
            ("protoPayload.serviceName", &["service.name", "event.provider"]),
            ("protoPayload.Servicename", &["service.name", "event.provider"]),
            ("eventName", &["event.action"]),
            ("eventService", &["event.provider"]),
        ],
    },
    Names {
        category: "",
        product: "m365",
        service: "",
        fields: &[
            ("Operation", &["event.action"]),
            ("eventSource", &["event.provider"]),
            ("eventName", &["event.action"]),
            ("status", &["event.outcome"]),
            ("ResultStatus", &["event.outcome"]),
            ("Workload", &["event.provider"]),
        ],
    },
    Names { category: "", product: "onelogin", service: "", fields: &[("event_type_id", &["event.code"])] },
    Names {
        category: "",
        product: "cisco",
        service: "duo",
        fields: &[("event_type", &["event.action"]), ("reason", &["event.reason"])],
    },
    Names {
        category: "",
        product: "kubernetes",
        service: "",
        fields: &[
            ("verb", &["event.action"]),
            ("objectRef.resource", &["orchestrator.resource.type"]),
            ("objectRef.namespace", &["orchestrator.namespace"]),
            ("objectRef.name", &["orchestrator.resource.name"]),
            ("objectRef.apiGroup", &["kubernetes.audit.objectRef.apiGroup"]),
            ("apiGroup", &["kubernetes.audit.objectRef.apiGroup"]),
            ("responseStatus.code", &["http.response.status_code"]),
            ("requestURI", &["url.original"]),
            ("userAgent", &["user_agent.original"]),
            ("user.username", &["user.name"]),
        ],
    },
    Names {
        category: "",
        product: "zeek",
        service: "",
        fields: &[
            ("id.orig_h", &["source.ip"]),
            ("id.orig_p", &["source.port"]),
            ("id.resp_h", &["destination.ip"]),
            ("id.resp_p", &["destination.port"]),
            ("query", &["dns.question.name"]),
            ("qtype_name", &["dns.question.type"]),
            ("answers", &["dns.answers.data"]),
            ("uri", &["url.original", "url.path"]),
            ("c-uri", &["url.original", "url.path"]),
            ("host", &["url.domain"]),
            ("method", &["http.request.method"]),
            ("status_code", &["http.response.status_code"]),
            ("user_agent", &["user_agent.original"]),
            ("c-useragent", &["user_agent.original"]),
            ("request_body_len", &["http.request.body.bytes"]),
            ("resp_mime_types", &["http.response.mime_type"]),
            ("path", &["file.path"]),
            ("name", &["file.name"]),
            ("operation", &["event.action"]),
            ("request_type", &["event.action"]),
            ("cipher", &["tls.cipher"]),
            ("service", &["service.name"]),
            ("certificate.serial", &["file.x509.serial_number"]),
        ],
    },
    Names { category: "", product: "windows", service: "dns-server", fields: &[("QNAME", &["dns.question.name"])] },
    Names {
        category: "",
        product: "windows",
        service: "windefend",
        fields: &[
            ("ProcessName", &["winlog.event_data.Process Name", "process.executable"]),
            ("ThreatName", &["winlog.event_data.Threat Name"]),
            ("SourceName", &["winlog.event_data.Source Name"]),
            ("NewValue", &["winlog.event_data.New Value"]),
            ("OldValue", &["winlog.event_data.Old Value"]),
            ("Feature_Name", &["winlog.event_data.Feature Name"]),
        ],
    },
    Names { category: "", product: "", service: "", fields: ANY },
];

/// Where the formats of a product keep what they know under the product's own names; `{}` is the rule's service. A rule for
/// the product means just these values, so they are looked for before ECS.
const OWN: &[(&str, &[&str])] = &[
    ("windows", &["winlog.event_data.", "winlog.user_data."]),
    ("linux", &["auditd.", "winlog.event_data."]),
    ("aws", &["aws.cloudtrail."]),
    ("azure", &["azure.", "azure.properties.", "azure.entra."]),
    ("gcp", &["gcp.audit.", "google_workspace.", "google_workspace.events.parameters."]),
    ("github", &["github."]),
    ("m365", &["o365."]),
    ("okta", &["okta."]),
    ("onelogin", &["onelogin."]),
    ("cisco", &["duo."]),
    ("kubernetes", &["kubernetes.audit."]),
    ("opencanary", &["opencanary."]),
    ("bitbucket", &["atlassian.", "bitbucket."]),
    ("zeek", &["zeek.{}.", "zeek."]),
    ("fortigate", &["fortinet."]),
];

/// Categories of rules that look at the events of other categories, too: one kind of Sysmon event has several of Sigma's.
const WIDER: &[(&str, &[&str])] = &[
    ("registry_event", &["registry_add", "registry_delete", "registry_set", "registry_rename"]),
    ("registry_add", &["registry_event"]),
    ("registry_delete", &["registry_event"]),
    ("file_delete", &["file_delete_detected"]),
];

/// Whether a rule of this category looks at events of that one.
pub(super) fn covers(rule: &str, event: &str) -> bool {
    rule == event || WIDER.iter().any(|(wide, narrow)| *wide == rule && narrow.contains(&event))
}

/// The beginnings of the names under which formats of this product keep values by the product's own names.
pub(super) fn own_prefixes(product: &str, service: &str) -> impl Iterator<Item = String> {
    let own = OWN.iter().filter(move |(owner, _)| *owner == product);
    own.flat_map(|(_, prefixes)| *prefixes)
        .map(move |prefix| prefix.replace("{}", service))
        .collect::<Vec<_>>()
        .into_iter()
}

/// Names that mean the same for every log source.
const ANY: &[(&str, &[&str])] = &[
    // W3C extended log format: web servers and proxies
    ("c-ip", &["source.ip", "client.ip"]),
    ("c-uri", &["url.original", "url.full"]),
    ("c-uri-extension", &["url.extension"]),
    ("c-uri-query", &["url.query"]),
    ("c-uri-stem", &["url.path"]),
    ("c-useragent", &["user_agent.original"]),
    ("cs-bytes", &["http.request.bytes"]),
    ("cs-host", &["url.domain"]),
    ("cs-method", &["http.request.method"]),
    ("cs-referer", &["http.request.referrer"]),
    ("cs-referrer", &["http.request.referrer"]),
    ("cs-uri", &["url.original", "url.full"]),
    ("cs-uri-query", &["url.query"]),
    ("cs-uri-stem", &["url.path"]),
    ("cs-user-agent", &["user_agent.original"]),
    ("cs-username", &["user.name"]),
    ("cs-version", &["http.version"]),
    ("r-dns", &["url.domain", "destination.domain"]),
    ("s-ip", &["destination.ip", "server.ip"]),
    ("s-port", &["destination.port", "server.port"]),
    ("sc-bytes", &["http.response.body.bytes", "http.response.bytes"]),
    ("sc-status", &["http.response.status_code"]),
    // network
    ("dst_ip", &["destination.ip"]),
    ("dst_port", &["destination.port"]),
    ("src_ip", &["source.ip"]),
    ("src_port", &["source.port"]),
    ("DestinationHostname", &["destination.domain"]),
    ("DestinationIp", &["destination.ip"]),
    ("DestinationPort", &["destination.port"]),
    ("Protocol", &["network.transport"]),
    ("SourceHostname", &["source.domain"]),
    ("SourceIp", &["source.ip"]),
    ("SourcePort", &["source.port"]),
    ("QueryName", &["dns.question.name"]),
    // processes, files, people, hosts
    ("CommandLine", &["process.command_line"]),
    ("Computer", &["host.name"]),
    ("ComputerName", &["host.name"]),
    ("CurrentDirectory", &["process.working_directory"]),
    ("Image", &["process.executable"]),
    ("ParentCommandLine", &["process.parent.command_line"]),
    ("ParentImage", &["process.parent.executable"]),
    ("ProcessId", &["process.pid"]),
    ("TargetFilename", &["file.path"]),
    ("User", &["user.name"]),
    // Windows event logs
    ("Channel", &["winlog.channel"]),
    ("EventID", &["event.code", "winlog.event_id"]),
    ("IpAddress", &["source.ip"]),
    ("IpPort", &["source.port"]),
    ("Provider_Name", &["winlog.provider_name", "event.provider"]),
    ("ServiceName", &["service.name"]),
];

/// The names under which an event may carry this field of a rule of this log source, the preferred one first.
pub(super) fn candidates(category: &str, product: &str, service: &str, name: &str) -> Vec<String> {
    let given = |wanted: &str, given: &str| wanted.is_empty() || wanted == given;
    let fitting =
        TABLE.iter().filter(|n| given(n.category, category) && given(n.product, product) && given(n.service, service));
    let known = fitting.flat_map(|names| names.fields).find(|(known, _)| *known == name);
    let mut all = vec![name.to_owned()];
    // a name with dots is no name of a Windows event's data, nor of an audit record's
    let dotted = matches!(product, "windows" | "linux") && name.contains('.');
    all.extend(own_prefixes(product, service).filter(|_| !dotted).map(|prefix| format!("{prefix}{name}")));
    all.extend(known.into_iter().flat_map(|(_, ecs)| *ecs).map(|ecs| ecs.to_string()));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_source_decides_what_a_name_means() {
        assert_eq!(candidates("webserver", "", "", "cs-uri-query"), ["cs-uri-query", "url.original", "url.query"]);
        assert_eq!(candidates("proxy", "", "", "cs-uri-query"), ["cs-uri-query", "url.query"]);
        assert_eq!(candidates("", "linux", "sshd", "source.ip"), ["source.ip"]);
        let names = candidates("", "aws", "cloudtrail", "eventName");
        assert_eq!(names, ["eventName", "aws.cloudtrail.eventName", "event.action"]);
        assert!(candidates("process_creation", "windows", "", "Image").contains(&"winlog.event_data.Image".into()));
    }
}
