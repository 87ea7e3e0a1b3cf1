//! `sisan tasks`: its arguments and its answers.

mod add;
mod answer;
mod commands;

pub(super) use answer::answer;
pub(super) use commands::TasksCommand;
