//! The arguments of `sisan mail`. It needs no store.

use clap::Subcommand;

use crate::runtime::{AppError, Exit, Setup};

use super::answer::{MailTestArgs, RenderArgs, render, test};

/// What may be written behind `sisan mail`.
#[derive(Debug, Subcommand)]
pub(crate) enum MailCommand {
    /// Show a mail of a kind, made of sample data: text, HTML or the whole message
    Render(RenderArgs),
    /// Send a marked test mail by the configured way, and show the dialogue without credentials and
    /// addresses
    Test(MailTestArgs),
}

/// Runs a subcommand.
pub(crate) fn run(setup: &Setup, command: &MailCommand) -> Result<Exit, AppError> {
    match command {
        MailCommand::Render(args) => render(setup, args).map(|()| Exit::Done),
        MailCommand::Test(args) => test(setup, args),
    }
}
