//! What people and programs see of the store: lists, the daily report, files of a customer, a task
//! or an alert. The headings and words of all that `report` writes stand here.

pub(crate) mod alert_file;
pub(crate) mod codes;
pub(crate) mod column;
pub(crate) mod command_results;
pub mod daily;
mod error;
pub(crate) mod group_file;
pub(crate) mod lists;
pub(crate) mod queries;
pub(crate) mod remarks;
pub(crate) mod table_words;
pub(crate) mod task_file;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use error::ViewError;
