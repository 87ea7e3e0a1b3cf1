//! `sisan mail`: what a mail looks like, and whether one gets through. It needs no store.

use clap::Subcommand;

use crate::app::mail::{self, RenderArgs, TestArgs};
use crate::app::{AppError, Exit, Setup};

#[derive(Debug, Subcommand)]
pub(super) enum MailCommand {
    /// Show a mail of a kind, made of sample data: text, HTML or the whole message
    Render(RenderArgs),
    /// Send a marked test mail by the configured way, and show the dialogue without credentials and
    /// addresses
    Test(TestArgs),
}

/// Does what is asked.
pub(super) fn answer(setup: &Setup, command: &MailCommand) -> Result<Exit, AppError> {
    match command {
        MailCommand::Render(args) => mail::render(setup, args).map(|()| Exit::Done),
        MailCommand::Test(args) => mail::test(setup, args),
    }
}
