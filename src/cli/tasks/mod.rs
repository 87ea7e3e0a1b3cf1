//! `sisan tasks`: what may be written, and what is done then.

mod add;
mod answer;
mod commands;

pub(super) use answer::answer;
pub(super) use commands::TasksCommand;
