//! A program whose messages are sentences: all that its format needs is a table.

use std::sync::LazyLock;

use crate::{
    Event,
    envelope::Line,
    formats::{Example, Format, LogSource, Reject, Structure},
    scan::reject,
    template::Messages,
};

/// A format made of tables. Its fields are what [`Format`]'s methods give back.
///
/// A message of the program that no table lists is the program's all the same: it is known, and stays text.
pub struct Daemon {
    /// See [`Format::name`].
    pub name: &'static str,
    /// See [`Format::category`].
    pub category: &'static str,
    /// See [`Format::product`].
    pub product: &'static str,
    /// See [`Format::about`].
    pub about: &'static str,
    /// See [`Format::logsource`].
    pub logsource: LogSource,
    /// See [`Format::programs`].
    pub programs: &'static [&'static str],
    /// See [`Format::paths`].
    pub paths: &'static [&'static str],
    /// See [`Format::structure`]. What holds a telling text is confirmed by a frame; what merely begins in some way, by
    /// one of the messages, framed or not.
    pub structure: Structure,
    /// What stands around each message in a file of the program's own; `{message}` is where the messages stand.
    /// [`Messages::none`] where it writes to syslog alone.
    pub frames: LazyLock<Messages>,
    /// The messages.
    pub says: LazyLock<Messages>,
    /// See [`Format::examples`].
    pub examples: &'static [Example],
}

impl Format for Daemon {
    fn name(&self) -> &'static str {
        self.name
    }
    fn category(&self) -> &'static str {
        self.category
    }
    fn product(&self) -> &'static str {
        self.product
    }
    fn about(&self) -> &'static str {
        self.about
    }
    fn logsource(&self) -> LogSource {
        self.logsource
    }
    fn programs(&self) -> &'static [&'static str] {
        self.programs
    }
    fn paths(&self) -> &'static [&'static str] {
        self.paths
    }
    fn structure(&self) -> Structure {
        self.structure
    }
    fn recognises(&self, message: &[u8]) -> bool {
        let framed = self.frames.framed(message);
        let sure = framed.is_some() && matches!(self.structure, Structure::Holds(_));
        sure || self.says.fits(framed.unwrap_or(message).trim_ascii_end())
    }
    fn parse<'r>(&self, line: &Line<'r>, event: &mut Event<'r>) -> Result<(), Reject> {
        let framed = self.frames.frame(line.message, event);
        let text = framed.unwrap_or(line.message).trim_ascii_end();
        let listed = self.says.read(text, event).is_some();
        // a program that only the path told has no tag
        let has_tag = line.priority.is_some() || line.stamp.is_some() || line.pid.is_some();
        let tagged = has_tag && line.program.is_some_and(|program| self.is_program(program));
        if text.is_empty() || !(listed || framed.is_some() || tagged) {
            return Err(reject("no_message_of_the_program"));
        }
        Ok(())
    }
    fn examples(&self) -> &'static [Example] {
        self.examples
    }
}

impl Daemon {
    /// Whether a tag is one of the program's, with a suffix or not (`smtpd/submission`).
    fn is_program(&self, tag: &[u8]) -> bool {
        self.programs
            .iter()
            .any(|name| tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes())))
    }
}
