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
            ("comm", &["process.name"]),
            ("name", &["file.path"]),
            ("pid", &["process.pid"]),
            ("uid", &["user.id"]),
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
            ("outcome.reason", &["event.reason"]),
        ],
    },
    Names {
        category: "",
        product: "azure",
        service: "",
        fields: &[
            ("operationName", &["event.action"]),
            ("properties.message", &["event.action"]),
            ("ResultType", &["error.code"]),
            ("Userprincipalname", &["user.email", "user.name"]),
        ],
    },
    Names { category: "", product: "github", service: "", fields: &[("action", &["event.action"])] },
    Names {
        category: "",
        product: "gcp",
        service: "",
        fields: &[
            ("gcp.audit.method_name", &["event.action"]),
            ("data.protoPayload.methodName", &["event.action"]),
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
        ],
    },
    Names { category: "", product: "", service: "", fields: ANY },
];

/// Where the formats of a product keep what has no ECS field, under the product's own names.
const OWN: &[(&str, &[&str])] = &[
    ("windows", &["winlog.event_data."]),
    ("aws", &["aws.cloudtrail."]),
    ("azure", &["azure.", "azure.entra."]),
    ("gcp", &["gcp.audit.", "google_workspace."]),
    ("github", &["github."]),
    ("m365", &["o365."]),
    ("okta", &["okta."]),
    ("onelogin", &["onelogin."]),
];

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
    all.extend(known.into_iter().flat_map(|(_, ecs)| *ecs).map(|ecs| ecs.to_string()));
    let own = OWN.iter().filter(|(owner, _)| *owner == product && !(product == "windows" && name.contains('.')));
    all.extend(own.flat_map(|(_, prefixes)| *prefixes).map(|prefix| format!("{prefix}{name}")));
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
        assert_eq!(names, ["eventName", "event.action", "aws.cloudtrail.eventName"]);
        assert!(candidates("process_creation", "windows", "", "Image").contains(&"winlog.event_data.Image".into()));
    }
}
