//! The words that stand in every table, in both languages.

use crate::domain::locale::Locale;
use crate::report::TableWords;

static ZH_CN: TableWords = TableWords {
    locale: Locale::ZhCn,
    yes: "是",
    no: "否",
    separator: "、",
    yuan: "(元)",
    per_10k: "/万",
    points: " 分",
    no_rows: "(无记录)",
    left_out: "终端较窄,未列",
    list: "列表",
};

static EN: TableWords = TableWords {
    locale: Locale::En,
    yes: "true",
    no: "false",
    separator: "; ",
    yuan: "yuan",
    per_10k: " per 10k",
    points: " points",
    no_rows: "(no rows)",
    left_out: "left out for want of room",
    list: "list",
};

#[must_use]
pub(crate) const fn table_words(locale: Locale) -> &'static TableWords {
    match locale {
        Locale::ZhCn => &ZH_CN,
        Locale::En => &EN,
    }
}
