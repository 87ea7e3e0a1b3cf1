//! Tests that cross the files of this folder.

mod calendar_part;
mod compose;
mod deliver;
mod digest;
mod hostile;
mod mime;
mod retry;
mod snapshots;

pub use mime::bytes_of;
