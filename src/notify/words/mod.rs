//! Every word of the mails, in both languages: one typed table each, so that a missing text does
//! not compile.
//!
//! It knows no figures: sentences with figures in them are in [`super::explain`]. Invariant: no
//! text falls back to another language.

mod brief;
pub mod checks;
pub mod dates;
mod en;
pub mod ignored_files;
pub mod job_outcome;
pub mod mails;
pub mod names;
pub mod names_of_tasks;
pub mod notes;
pub mod ops;
pub mod replies;
mod tables;
pub mod titles;
pub mod trust;
mod upward;
mod zh_cn;

pub use brief::BriefWords;
pub use tables::{
    AlertTaskWords, DigestWords, FrameWords, OpsNoticeWords, ReminderWords, Words, by_locale,
};
pub use upward::UpwardWords;
