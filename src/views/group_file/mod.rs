//! `groups show`: the file of a group customer (服务档案), all of its data on one page.

mod figures;
mod gather;
mod history;

pub(crate) use gather::group_file;
