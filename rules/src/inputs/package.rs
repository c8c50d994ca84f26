//! A package's name as all inputs share it: plain for packages of an operating system (`libssl3`), with the ecosystem
//! before it for those of a language (`npm:lodash`, `maven:org.example:core`), since the same word is another thing there.

use std::borrow::Cow;

/// Ecosystems of languages as package URLs call them, with the names that OSV and scanners have for them.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("npm", &["npm", "yarn", "pnpm", "node-pkg", "bun"]),
    ("pypi", &["pypi", "pip", "pipenv", "poetry", "python-pkg", "python", "uv", "egg", "wheel"]),
    ("golang", &["go", "golang", "gobinary", "gomod", "go-module"]),
    ("cargo", &["crates.io", "cargo", "rustbinary", "rust-crate"]),
    ("maven", &["maven", "jar", "pom", "gradle", "gradle-lockfile", "sbt", "java-archive"]),
    ("gem", &["rubygems", "gem", "bundler", "gemspec"]),
    ("nuget", &["nuget", "dotnet-core", "packages-props", "dotnet"]),
    ("composer", &["packagist", "composer", "composer-vendor", "php-composer"]),
    ("hex", &["hex", "mix-lock"]),
    ("pub", &["pub", "dart-pub"]),
    ("conda", &["conda", "conda-pkg"]),
];

/// The ecosystem of a language behind a scanner's or OSV's word for it; `None` for packages of an operating system.
pub fn language(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    LANGUAGES.iter().find(|(_, names)| names.contains(&word.as_str())).map(|(name, _)| *name)
}

/// The shared name of a package of this kind.
pub fn name(kind: &str, name: &str) -> String {
    match language(kind) {
        // PEP 503: case and separators do not matter
        Some("pypi") => format!("pypi:{}", name.to_ascii_lowercase().replace(['_', '.'], "-")),
        Some("maven") => format!("maven:{}", name.replace('/', ":")),
        Some(language) => format!("{language}:{name}"),
        None => name.to_owned(),
    }
}

/// A [package URL](https://github.com/package-url/purl-spec).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Purl<'a> {
    /// `deb`, `npm`, …
    pub kind: &'a str,
    /// Namespace and name.
    path: Cow<'a, str>,
    version: Cow<'a, str>,
    qualifiers: &'a str,
}

impl<'a> Purl<'a> {
    /// `None` where it is none.
    pub fn read(text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix("pkg:")?.trim_start_matches('/');
        let (rest, _) = rest.split_once('#').unwrap_or((rest, ""));
        let (rest, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
        let (kind, rest) = rest.split_once('/')?;
        let (path, version) = match rest.rfind('@') {
            Some(at) if at > 0 => (&rest[..at], &rest[at + 1..]),
            _ => (rest, ""),
        };
        (!path.is_empty()).then(|| Purl { kind, path: decoded(path), version: decoded(version), qualifiers })
    }

    /// A qualifier's value.
    pub fn qualifier(&self, name: &str) -> Option<Cow<'a, str>> {
        let value = self.qualifiers.split('&').find_map(|q| q.strip_prefix(name)?.strip_prefix('='))?;
        Some(decoded(value))
    }

    /// The package's shared name. The namespace of an operating system's package is its distribution.
    pub fn name(&self) -> String {
        match language(self.kind) {
            Some(_) => name(self.kind, &self.path),
            None => self.path.rsplit('/').next().unwrap_or_default().to_owned(),
        }
    }

    /// Its version with its epoch; empty: any.
    pub fn version(&self) -> String {
        match self.qualifier("epoch").filter(|e| e != "0" && !self.version.contains(':')) {
            Some(epoch) => format!("{epoch}:{}", self.version),
            None => self.version.clone().into_owned(),
        }
    }

    /// The source package that it was built from, as [Syft](https://github.com/anchore/syft) notes it.
    pub fn source(&self) -> Option<String> {
        let upstream = self.qualifier("upstream").filter(|u| !u.is_empty())?;
        Some(match upstream.strip_suffix(".src.rpm") {
            Some(file) => file.rsplitn(3, '-').last().unwrap_or(file).to_owned(),
            None => upstream.split('@').next().unwrap_or_default().to_owned(),
        })
    }
}

/// Percent escapes undone; what is none stays.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let (bytes, mut out, mut i) = (text.as_bytes(), Vec::new(), 0);
    while i < bytes.len() {
        let escaped = text.get(i + 1..i + 3).filter(|_| bytes[i] == b'%');
        match escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                i += 3;
            }
            None => {
                out.push(bytes[i]);
                i += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_url_gives_the_name_that_logs_and_advisories_use() {
        let of = |text: &str| {
            let purl = Purl::read(text).unwrap();
            (purl.name(), purl.version(), purl.source())
        };
        let deb = "pkg:deb/debian/libssl3@3.0.20-1~deb12u2?arch=amd64&upstream=openssl&distro=debian-12";
        assert_eq!(of(deb), ("libssl3".into(), "3.0.20-1~deb12u2".into(), Some("openssl".into())));
        let rpm = "pkg:rpm/redhat/openssl-libs@3.0.7-28.el9_4?epoch=1&upstream=openssl-3.0.7-28.el9_4.src.rpm";
        assert_eq!(of(rpm), ("openssl-libs".into(), "1:3.0.7-28.el9_4".into(), Some("openssl".into())));
        assert_eq!(of("pkg:npm/%40scope/tool@1.2.3"), ("npm:@scope/tool".into(), "1.2.3".into(), None));
        assert_eq!(of("pkg:npm/@scope/tool").0, "npm:@scope/tool");
        assert_eq!(of("pkg:maven/org.example/core@2.0").0, "maven:org.example:core");
        assert_eq!(of("pkg:pypi/Some_Tool@1.0").0, "pypi:some-tool");
        assert_eq!(of("pkg:golang/example.net/mod/v2@v2.1.0").0, "golang:example.net/mod/v2");
        assert!(Purl::read("openssl 3.0").is_none() && Purl::read("pkg:deb/").is_none());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "(pkg:)?.{0,40}") {
            if let Some(purl) = Purl::read(&text) {
                let _ = (purl.name(), purl.version(), purl.source());
            }
        }
    }
}
