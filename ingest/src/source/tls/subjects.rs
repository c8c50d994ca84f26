//! The list of allowed subjects: names, distinguished names and fingerprints, as rsyslog's `PermittedPeer` and
//! syslog-ng's `trusted-dn` and `trusted-keys` have them.
//!
//! A name is looked for among the certificate's dNSName and iPAddress entries, and in its common name only where it has
//! no dNSName (RFC 5425 section 5.2).

use std::{borrow::Cow, fmt, net::IpAddr, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};
use x509_cert::{
    Certificate,
    der::{self, Decode},
    ext::pkix::{SubjectAltName, name::GeneralName},
};

/// One entry of `allowed_subjects`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A host's name, with `*` for a whole first label, or its address.
    Name(String),
    /// Attributes that a subject must have, in any order: type in capitals, value with `*` for any part.
    Attributes(Vec<(String, String)>),
    /// SHA-256 of the certificate.
    Fingerprint([u8; 32]),
}

/// Why a text is no [`Subject`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    /// SHA-1 can be forged, and others are not usual.
    #[error("`{0}` is not a SHA-256 fingerprint; `openssl x509 -noout -fingerprint -sha256 -in CERT` prints one")]
    Fingerprint(String),
    /// Not `TYPE=VALUE,…`.
    #[error("`{0}` is not a subject; write attributes as CN=web1,O=Example")]
    Attributes(String),
    /// Neither a host nor an address.
    #[error("`{0}` is neither a name, a subject nor a fingerprint; write web1.example.net, CN=web1 or SHA256:AB:CD:…")]
    Name(String),
}

impl FromStr for Subject {
    type Err = SubjectError;

    fn from_str(text: &str) -> Result<Self, SubjectError> {
        if text.contains('=') {
            return attributes(text).map(Subject::Attributes).ok_or_else(|| SubjectError::Attributes(text.into()));
        }
        if text.parse::<IpAddr>().is_ok() {
            return Ok(Subject::Name(text.into()));
        }
        if let Some((algorithm, digits)) = text.split_once(':') {
            let known = algorithm.eq_ignore_ascii_case("sha256") || algorithm.eq_ignore_ascii_case("sha-256");
            let digest = hexadecimal(digits).filter(|_| known);
            return digest.map(Subject::Fingerprint).ok_or_else(|| SubjectError::Fingerprint(text.into()));
        }
        let rest = text.strip_prefix("*.").unwrap_or(text);
        let label = |label: &str| {
            !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        if rest.split('.').all(label) { Ok(Subject::Name(text.into())) } else { Err(SubjectError::Name(text.into())) }
    }
}

/// `CN=web1, O=Example`; a comma in a value is written `\,`.
fn attributes(text: &str) -> Option<Vec<(String, String)>> {
    let mut parts = vec![String::new()];
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => parts.last_mut()?.push(characters.next()?),
            ',' => parts.push(String::new()),
            other => parts.last_mut()?.push(other),
        }
    }
    let pair = |part: &String| {
        let (kind, value) = part.split_once('=')?;
        let (kind, value) = (kind.trim().to_ascii_uppercase(), value.trim());
        let kind = if matches!(&*kind, "E" | "EMAIL") { "EMAILADDRESS".into() } else { kind };
        let sound = kind.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
        (sound && !kind.is_empty() && !value.is_empty()).then(|| (kind, value.to_owned()))
    };
    parts.iter().map(pair).collect()
}

/// 32 bytes, with or without colons.
fn hexadecimal(digits: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = digits.bytes().filter(|b| *b != b':').collect();
    let mut bytes = [0; 32];
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
        let digit = |b: u8| char::from(b).to_digit(16);
        *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
    }
    Some(bytes)
}

impl Subject {
    /// The certificate is the one with this fingerprint.
    pub(super) fn is_fingerprint_of(&self, identity: &Identity) -> bool {
        matches!(self, Subject::Fingerprint(digest) if *digest == identity.digest)
    }

    /// The certificate bears this name.
    pub(super) fn names(&self, identity: &Identity) -> bool {
        match self {
            Subject::Fingerprint(_) => false,
            Subject::Name(name) => identity.names().any(|known| host(name, known)),
            Subject::Attributes(wanted) => {
                let has = |(kind, value): &(String, String)| {
                    identity.attributes.iter().any(|(known, text)| known == kind && glob(value, text))
                };
                wanted.iter().all(has)
            }
        }
    }
}

/// Names compare without case; `*.` stands for exactly one label.
fn host(pattern: &str, name: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(domain) => name
            .split_once('.')
            .is_some_and(|(first, rest)| !first.is_empty() && first != "*" && rest.eq_ignore_ascii_case(domain)),
        None => match (pattern.parse::<IpAddr>(), name.parse::<IpAddr>()) {
            (Ok(pattern), Ok(name)) => pattern == name,
            _ => name.eq_ignore_ascii_case(pattern),
        },
    }
}

/// `*` stands for any part. Each part is found at its first place, so this takes no more than pattern times text.
fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*') {
        let Some((_, behind)) = text.split_once(part) else { return false };
        text = behind;
    }
    text.ends_with(last)
}

/// Who a certificate says that it is of.
pub(super) struct Identity {
    digest: [u8; 32],
    attributes: Vec<(String, String)>,
    hosts: Vec<String>,
    addresses: Vec<String>,
}

impl Identity {
    /// What a certificate says (DER).
    pub fn of(certificate: &[u8]) -> der::Result<Self> {
        let digest = Sha256::digest(certificate).into();
        let parsed = Certificate::from_der(certificate)?;
        let parsed = parsed.tbs_certificate();
        let attributes = parsed.subject().iter().map(|attribute| {
            // "CN=web1", or a dotted number where the type has no short name
            let kind = attribute.to_string().split('=').next().unwrap_or_default().to_ascii_uppercase();
            (kind, String::from_utf8_lossy(attribute.value.value()).into_owned())
        });
        let mut identity =
            Identity { digest, attributes: attributes.collect(), hosts: Vec::new(), addresses: Vec::new() };
        if let Some((_, names)) = parsed.get_extension::<SubjectAltName>()? {
            for name in names.0 {
                match name {
                    GeneralName::DnsName(host) => identity.hosts.push(host.to_string()),
                    GeneralName::IpAddress(bytes) => identity.addresses.extend(address(bytes.as_bytes())),
                    _ => {}
                }
            }
        }
        Ok(identity)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let common = self.attributes.iter().filter(|(kind, _)| kind == "CN" && self.hosts.is_empty());
        let common = common.map(|(_, value)| value);
        self.hosts.iter().chain(&self.addresses).chain(common).map(String::as_str)
    }
}

fn address(bytes: &[u8]) -> Option<String> {
    let address = match bytes.len() {
        4 => IpAddr::from(<[u8; 4]>::try_from(bytes).ok()?),
        16 => IpAddr::from(<[u8; 16]>::try_from(bytes).ok()?),
        _ => return None,
    };
    Some(address.to_string())
}

/// For the log: the subject, its names, its fingerprint.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject: Vec<_> = self.attributes.iter().map(|(kind, value)| format!("{kind}={value}")).collect();
        let names: Vec<_> = self.hosts.iter().chain(&self.addresses).map(String::as_str).collect();
        let fingerprint = Subject::Fingerprint(self.digest);
        write!(f, "{:?} ({}) {fingerprint}", subject.join(","), names.join(" "))
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Name(name) => f.write_str(name),
            Subject::Attributes(pairs) => {
                let escaped = |(kind, value): &(String, String)| {
                    format!("{kind}={}", value.replace('\\', "\\\\").replace(',', "\\,"))
                };
                f.write_str(&pairs.iter().map(escaped).collect::<Vec<_>>().join(","))
            }
            Subject::Fingerprint(digest) => {
                f.write_str("SHA256")?;
                digest.iter().try_for_each(|byte| write!(f, ":{byte:02X}"))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl JsonSchema for Subject {
    fn schema_name() -> Cow<'static, str> {
        "Subject".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "description": "web1.example.net, *.example.net, 192.0.2.7, CN=web*,O=Example, SHA256:AB:CD:…"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(hosts: &[&str], subject: &[(&str, &str)]) -> Identity {
        Identity {
            digest: [7; 32],
            attributes: subject.iter().map(|(kind, value)| ((*kind).into(), (*value).into())).collect(),
            hosts: hosts.iter().map(|host| (*host).into()).collect(),
            addresses: vec!["192.0.2.7".into(), "2001:db8::7".into()],
        }
    }

    fn names(pattern: &str, identity: &Identity) -> bool {
        pattern.parse::<Subject>().unwrap().names(identity)
    }

    #[test]
    fn a_name_is_looked_for_where_rfc_5425_says() {
        let modern = identity(&["web1.example.net"], &[("CN", "elsewhere.example.net")]);
        for (pattern, taken) in [
            ("web1.example.net", true),
            ("WEB1.Example.NET", true),
            ("*.example.net", true),
            ("*.net", false),
            ("example.net", false),
            ("192.0.2.7", true),
            ("2001:DB8:0::7", true),
            ("192.0.2.8", false),
            ("elsewhere.example.net", false),
        ] {
            assert_eq!(names(pattern, &modern), taken, "{pattern}");
        }
        let old = identity(&[], &[("CN", "old.example.net")]);
        assert!(names("old.example.net", &old), "the common name counts where there is no dNSName");
        assert!(!names("*.example.net", &identity(&["*.example.net"], &[])), "a wildcard is nobody's name");
    }

    #[test]
    fn a_subject_has_all_attributes_that_are_asked_for() {
        let subject = identity(&[], &[("C", "DE"), ("O", "Example, Inc"), ("CN", "web1")]);
        for (pattern, taken) in [
            ("CN=web1", true),
            ("cn=WEB*, O=Example\\, Inc", true),
            ("CN=w*b*1", true),
            ("CN=web1*1", false),
            ("CN=web1,OU=Servers", false),
            ("O=Example", false),
        ] {
            assert_eq!(names(pattern, &subject), taken, "{pattern}");
        }
    }

    #[test]
    fn a_fingerprint_is_read_as_openssl_prints_it() {
        let printed = ["07"; 32].join(":");
        let subject: Subject = format!("sha256:{printed}").parse().unwrap();
        assert!(subject.is_fingerprint_of(&identity(&[], &[])));
        assert_eq!(subject.to_string(), format!("SHA256:{printed}"));
        assert_eq!(subject, format!("SHA-256:{}", "07".repeat(32)).parse().unwrap());
    }

    #[test]
    fn what_is_no_subject_is_told_with_what_to_write() {
        for (text, word) in [
            ("SHA1:AB:CD", "is not a SHA-256 fingerprint; `openssl x509"),
            ("sha256:AB", "is not a SHA-256 fingerprint"),
            ("sha256 Fingerprint=AB", "write attributes as"),
            ("CN=", "write attributes as CN=web1,O=Example"),
            ("web 1", "is neither a name, a subject nor a fingerprint"),
            ("*", "is neither a name"),
            ("", "is neither a name"),
        ] {
            let said = text.parse::<Subject>().unwrap_err().to_string();
            assert!(said.contains(word), "{said}");
        }
    }

    #[test]
    fn bytes_that_are_no_certificate_have_no_identity() {
        assert!(Identity::of(b"\x30\x80").is_err());
        assert!(Identity::of(b"").is_err());
    }
}
