//! The program `sisan`: reads the command line and ends with its exit code.

use std::io::{Write, stderr};
use std::process::ExitCode;

use clap::Parser;
use sisan::cli::{Cli, run};
use sisan::report::printable_lines;
use sisan::runtime::Exit;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(refused) if refused.use_stderr() => {
            // clap's message repeats what was typed, control characters included.
            drop(writeln!(
                stderr(),
                "{}",
                printable_lines(refused.to_string().trim_end())
            ));
            return Exit::Usage.into();
        }
        Err(asked_for) => {
            drop(asked_for.print());
            return ExitCode::SUCCESS;
        }
    };
    match run(cli) {
        Ok(exit) => exit.into(),
        // `| head` has read what it wants.
        Err(failed) if failed.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failed) => {
            // The error may quote text from outside.
            drop(writeln!(
                stderr(),
                "error: {}",
                printable_lines(&format!("{:#}", failed.error))
            ));
            failed.exit.into()
        }
    }
}
