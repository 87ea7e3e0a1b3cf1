//! What people and programs see of the store: lists, files of a customer, a task or an alert.

pub mod alert_file;
pub(crate) mod codes;
pub(crate) mod column;
pub mod daily;
mod error;
pub mod group_file;
pub mod lists;
pub mod remarks;
pub mod shown;
pub mod task_file;

pub use error::ViewError;
