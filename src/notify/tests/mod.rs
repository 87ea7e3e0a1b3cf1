//! Tests that cross the files of this folder.

mod brief;
mod calendar_part;
mod compose;
mod deliver;
mod digest;
mod form;
mod hostile;
mod mime;
mod retry;
mod small;
mod snapshots;
mod upward;

pub use mime::bytes_of;
