//! Every word that people read in mails, in both languages: one typed table each, so that a missing
//! text does not compile; sentences about an alert with its figures are in [`explain`].
//!
//! It decides nothing. Invariant: no text falls back to another language.

pub(crate) mod alerts_of_one;
mod brief;
pub(crate) mod brief_counts;
pub(crate) mod checks;
pub(crate) mod dates;
pub(crate) mod demo;
mod en;
pub(crate) mod explain;
pub(crate) mod figures;
pub(crate) mod ignored_files;
pub(crate) mod job_outcome;
pub(crate) mod mails;
pub(crate) mod names;
pub(crate) mod names_of_tasks;
pub(crate) mod notes;
pub(crate) mod ops;
pub(crate) mod pauses;
pub(crate) mod phrases;
pub(crate) mod replies;
pub(crate) mod spans;
mod tables;
pub(crate) mod titles;
pub(crate) mod trust;
pub(crate) mod upward;
pub(crate) mod written;
mod zh_cn;

pub(crate) use brief::BriefWords;
pub(crate) use tables::{
    AlertTaskWords, DigestWords, FrameWords, OpsNoticeWords, ReminderWords, Words, by_locale,
};
pub(crate) use upward::UpwardWords;
