//! sisan (四三): the retention worker beside a telecom operator's BOSS.
//!
//! Follow one event through the folders, which sort in the order that it travels:
//! `consume` reads bytes, `decode` makes them an event, `evaluate` judges the figures that it changed,
//! `follow_up` turns alerts into tasks, `notify` mails them, `report` writes the day, `schedule` says when,
//! and `store` keeps it all in one transaction a batch.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod consume;
pub mod decode;
pub mod domain;
pub mod evaluate;
pub mod notify;
