//! The command line from outside: exit codes, messages, pipes, and what each command prints.

mod data;
mod parse;
mod usage;

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

/// The program, in a folder, without anything of the caller's environment that changes what it prints.
fn roundsman(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roundsman"));
    command.args(args).current_dir(folder);
    for name in ["NO_COLOR", "RUST_LOG", "COLUMNS", "CREDENTIALS_DIRECTORY"] {
        command.env_remove(name);
    }
    command
}

/// Runs it to its end with this standard input.
fn run(folder: &Path, args: &[&str], input: &[u8]) -> Output {
    let mut command = roundsman(folder, args);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("its standard input");
    let input = input.to_vec();
    // a program that ends before it has read all closes the pipe; that is its right
    let feeder = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("the program ends");
    let _ = feeder.join().expect("the feeder does not panic");
    output
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("standard output is UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("standard error is UTF-8")
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("the folder");
        std::fs::write(path, text).expect("the file");
    }
    folder
}
