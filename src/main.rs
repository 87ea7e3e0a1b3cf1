//! The program `sisan`: reads the command line and ends with its exit code.

use std::process::ExitCode;

use clap::Parser;
use sisan::cli::{Cli, run};
use sisan::report::printable_lines;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(exit) => exit.into(),
        Err(failed) => {
            // It may name what came from elsewhere.
            eprintln!("error: {}", printable_lines(&format!("{:#}", failed.error)));
            failed.exit.into()
        }
    }
}
