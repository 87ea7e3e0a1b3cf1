//! `groups show`: the file of a group customer (服务档案), all that is known of it on one page.

mod figures;
mod gather;
mod history;

pub use gather::group_file;
