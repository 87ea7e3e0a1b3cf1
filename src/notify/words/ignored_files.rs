//! Why files are not read, in both languages, complete by `match`.

use super::ops::{and_more, joined};
use crate::domain::ignored_file::IgnoredBecause;
use crate::domain::locale::Locale;

#[must_use]
pub(crate) fn because(locale: Locale, why: &IgnoredBecause) -> String {
    match locale {
        Locale::ZhCn => zh(why),
        Locale::En => why.to_string(),
    }
}

/// Ignored files, each with the reason, and what to do.
#[must_use]
pub(crate) fn listed(files: &[(String, IgnoredBecause)], more: u64, locale: Locale) -> String {
    let (sentence, colon, hint) = match locale {
        Locale::ZhCn => (
            "上述文件位于事件目录，但没有任何规则读取",
            "：",
            "建议：为其配置 `source.files.mappings`，或移走；`sisan sources list` 列出全部",
        ),
        Locale::En => (
            "they lie in the folder of events, and nothing reads them",
            ": ",
            "hint: give them a mapping (`source.files.mappings`) or take them away; `sisan sources list` has them all",
        ),
    };
    let files = files
        .iter()
        .map(|(name, reason)| format!("{name}{colon}{}", because(locale, reason)));
    joined(
        files
            .chain(and_more(more, locale))
            .chain([sentence.to_owned(), hint.to_owned()]),
    )
}

fn zh(why: &IgnoredBecause) -> String {
    match why {
        IgnoredBecause::Folder => "是文件夹".to_owned(),
        IgnoredBecause::NotRegular => "不是普通文件".to_owned(),
        IgnoredBecause::DanglingLink => "是链接，所指的文件不存在".to_owned(),
        IgnoredBecause::HiddenName => "文件名以点开头".to_owned(),
        IgnoredBecause::LastEnding(pattern) => {
            format!("去掉最后一个扩展名才符合映射 {pattern}；建议：把映射改为 {pattern}*")
        }
        IgnoredBecause::OtherCapitals(pattern) => format!("与映射 {pattern} 大小写不同"),
        IgnoredBecause::NoMapping => {
            "没有映射符合其文件名，扩展名也不是 .jsonl、.jsonl.gz 或 .jsonl.zst".to_owned()
        }
        IgnoredBecause::OpenEnd => "最后一行尚未写完，写完后读取".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::fixtures;

    #[test]
    fn every_reason_reads_in_both_languages() {
        let pattern = || "s_*.dat".to_owned();
        for why in [
            IgnoredBecause::Folder,
            IgnoredBecause::NotRegular,
            IgnoredBecause::DanglingLink,
            IgnoredBecause::HiddenName,
            IgnoredBecause::LastEnding(pattern()),
            IgnoredBecause::OtherCapitals(pattern()),
            IgnoredBecause::NoMapping,
            IgnoredBecause::OpenEnd,
        ] {
            let (zh, en) = (because(Locale::ZhCn, &why), because(Locale::En, &why));
            assert!(fixtures::are_zh_and_en(&zh, &en), "{zh} {en}");
        }
    }
}
