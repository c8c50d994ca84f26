//! How a command ends: the exit codes of the interface, and errors that carry one.

use std::{fmt::Display, io, process::ExitCode};

/// The exit codes that scripts hold on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// The check found something: a failing example, an error in `check`, an alert at or above `--fail-on`.
    Found = 1,
    /// Wrong usage.
    Usage = 2,
    /// Configuration, rules, feeds or input cannot be used.
    Unusable = 3,
    /// A failure while running: port, disk, broker.
    Failed = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// What a command gives back.
pub type Outcome = Result<Exit, Failure>;

/// An error and the exit code that it means. A plain error is a failure while running.
#[derive(Debug)]
pub struct Failure {
    /// With which code the process ends.
    pub exit: Exit,
    /// What to tell.
    pub error: anyhow::Error,
}

impl Failure {
    /// Something that was given to us cannot be used.
    pub fn unusable(error: impl Into<anyhow::Error>) -> Self {
        Failure { exit: Exit::Unusable, error: error.into() }
    }

    /// The command line asks for something that does not exist.
    pub fn usage(message: impl Display) -> Self {
        Failure { exit: Exit::Usage, error: anyhow::anyhow!("{message}") }
    }

    /// What to tell a person: the error and its causes, each said once.
    pub fn told(&self) -> String {
        self.error.chain().map(ToString::to_string).fold(String::new(), |told, cause| match told.as_str() {
            "" => cause,
            known if known.contains(&cause) => told,
            _ => format!("{told}: {cause}"),
        })
    }

    /// The reader of our output has gone (`| head`): no failure at all.
    pub fn is_closed_pipe(&self) -> bool {
        let closed = |e: &io::Error| e.kind() == io::ErrorKind::BrokenPipe;
        self.error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(closed))
    }
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure { exit: Exit::Failed, error: error.into() }
    }
}

/// Marks the error of a step as "cannot be used" (exit code 3) instead of "failed while running" (4).
pub trait OrUnusable<T> {
    /// Says that what was given cannot be used, and what it was.
    fn or_unusable(self, what: impl Display) -> Result<T, Failure>;
}

impl<T, E: Into<anyhow::Error>> OrUnusable<T> for Result<T, E> {
    fn or_unusable(self, what: impl Display) -> Result<T, Failure> {
        self.map_err(|error| Failure::unusable(error.into().context(what.to_string())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_error_is_a_failure_while_running() {
        let failure: Failure = io::Error::other("disk on fire").into();
        assert_eq!(failure.exit, Exit::Failed);
        assert!(!failure.is_closed_pipe());
    }

    #[test]
    fn a_closed_pipe_is_seen_through_its_context() {
        let error = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe)).context("writing events");
        assert!(Failure::from(error).is_closed_pipe());
    }

    #[test]
    fn a_cause_that_the_error_names_already_is_not_told_twice() {
        let error =
            anyhow::anyhow!("No space left").context("cannot write x: No space left; free some").context("stopped");
        assert_eq!(Failure::from(error).told(), "stopped: cannot write x: No space left; free some");
    }
}
