//! The subcommands, one file each: its options, and what it does.

use crate::{cli::Command, exit::Outcome, term::Term};

pub mod alerts;
pub mod check;
pub mod completions;
pub mod demo;
pub mod digest;
pub mod explain;
pub mod journal;
pub mod man;
pub mod parse;
pub mod patches;
pub mod record;
pub mod replay;
pub mod rules;
pub mod run;
pub mod schema;
pub mod sources;
pub mod tap;
pub mod test;
pub mod top;

/// Hands over to the command.
pub fn dispatch(command: Command, term: &Term) -> Outcome {
    match command {
        Command::Run(args) => run::run(args, term),
        Command::Demo(args) => demo::run(args, term),
        Command::Check(args) => check::run(args, term),
        Command::Parse(args) => parse::run(args, term),
        Command::Explain(args) => explain::run(args, term),
        Command::Replay(args) => replay::run(args, term),
        Command::Test(args) => test::run(args, term),
        Command::Rules(args) => rules::run(args, term),
        Command::Sources(args) => sources::run(args, term),
        Command::Tap(args) => tap::run(args, term),
        Command::Top(args) => top::run(args, term),
        Command::Alerts(args) => alerts::run(args, term),
        Command::Patches(args) => patches::run(args, term),
        Command::Record(args) => record::run(args, term),
        Command::Digest(args) => digest::run(args, term),
        Command::Journal(args) => journal::run(args, term),
        Command::Completions(args) => completions::run(args, term),
        Command::Man(args) => man::run(args, term),
        Command::Schema(args) => schema::run(args, term),
    }
}
