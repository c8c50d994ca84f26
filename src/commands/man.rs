//! `roundsman man`: the manual, made from the command line's own description.

use std::{fs, io::Write, path::PathBuf};

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::{
    cli::Cli,
    exit::{Exit, Failure, Outcome},
    term::{self, Term},
};

const EXAMPLES: &str = "\
Examples:
  roundsman man | man -l -                       the whole manual, a page per command
  roundsman man replay | man -l -                one command's page
  roundsman man --dir /usr/local/share/man/man1  a file per page, for packages";

/// Options of `roundsman man`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Only this command's page
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
    /// Write one file per page into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub dir: Option<PathBuf>,
}

/// Prints the manual.
pub fn run(args: Args, _term: &Term) -> Outcome {
    let mut root = Cli::command();
    root.build();
    let mut pages = Vec::new();
    collect(&root, &mut pages);
    if let Some(name) = &args.command {
        let wanted = format!("roundsman-{name}");
        pages.retain(|page| page.get_name() == wanted || page.get_name().starts_with(&format!("{wanted}-")));
        if pages.is_empty() {
            return Err(Failure::usage(format!("there is no command `{name}`; `roundsman --help` lists them")));
        }
    }
    let mut out = term::stdout();
    for page in pages {
        let file = format!("{}.1", page.get_name());
        let mut text = Vec::new();
        Man::new(page).render(&mut text)?;
        match &args.dir {
            Some(dir) => {
                fs::create_dir_all(dir)?;
                fs::write(dir.join(file), text)?;
            }
            None => out.write_all(&text)?,
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

/// This command and those below it, named as their pages are: `roundsman-journal-cat`.
fn collect(command: &Command, pages: &mut Vec<Command>) {
    let name = command.get_bin_name().unwrap_or(command.get_name()).replace(' ', "-");
    let page = command.clone().name(String::leak(name) as &'static str).disable_help_subcommand(true);
    pages.push(page);
    for child in command.get_subcommands().filter(|c| c.get_name() != "help") {
        collect(child, pages);
    }
}
