//! Tests that cross the files of this folder.

mod brief;
mod calendar_part;
mod compose;
mod deliver;
mod digest;
mod escalation;
mod form;
mod hostile;
mod judged;
mod mail_folder;
mod mime;
mod outbox_in_memory;
mod readers;
mod relay_watch;
mod retry;
mod small;
mod snapshots;
mod upward;

pub(crate) use mime::bytes_of;
