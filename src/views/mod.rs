//! What people and programs see of the store: lists, files of a customer, a task or an alert.

pub(crate) mod alert_file;
pub(crate) mod codes;
pub(crate) mod column;
pub mod daily;
mod error;
pub(crate) mod group_file;
pub(crate) mod lists;
pub(crate) mod queries;
pub(crate) mod remarks;
pub(crate) mod task_file;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use error::ViewError;
