//! Remarks beside a list, for whoever reads it on a terminal.

use crate::domain::local_day::LocalDay;
use crate::domain::locale::Locale;

/// Only the last rows are shown, and there are more.
#[must_use]
pub(crate) fn cut(locale: Locale, rows: u32) -> String {
    match locale {
        Locale::ZhCn => format!("仅显示最后 {rows} 条，其余未列\n建议：用 --limit N 显示更多"),
        Locale::En => {
            format!("the last {rows} are shown, there are more\nhint: --limit N shows more")
        }
    }
}

/// Why there are no changes between the versions of a day: there are none or one.
#[must_use]
pub(crate) fn nothing_to_compare(locale: Locale, day: LocalDay, versions: usize) -> String {
    match (locale, versions) {
        (Locale::ZhCn, 0) => format!("{day} 的日报尚未发布"),
        (Locale::ZhCn, _) => format!("{day} 的日报只发布过一次"),
        (Locale::En, 0) => format!("{day} has not been published"),
        (Locale::En, _) => format!("{day} has been published once"),
    }
}
