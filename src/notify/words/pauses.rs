//! Why input is paused, and what to do, in both languages, complete by `match`.

use super::ops::quoted;
use crate::domain::locale::Locale;
use crate::domain::pause::{Pause, PauseCause};

/// What has happened, and the reason that the program gave.
#[must_use]
pub(super) fn pause(pause: &Pause, locale: Locale) -> String {
    said(pause, locale, "\n")
}

/// The same in a line of a list.
#[must_use]
pub(crate) fn in_a_line(locale: Locale, pause: &Pause) -> String {
    said(pause, locale, locale.pick("；", "; "))
}

fn said(Pause { cause, reason }: &Pause, locale: Locale, between: &str) -> String {
    let happened = happened(locale, *cause);
    match locale {
        Locale::ZhCn => format!("{happened}{between}{}", quoted(reason)),
        Locale::En => format!("{happened}{between}detail: {reason}"),
    }
}

/// What has happened to the input, and what to do.
const fn happened(locale: Locale, cause: PauseCause) -> &'static str {
    let (zh, en) = match cause {
        PauseCause::OffsetGone => (
            "待读的消息在消息服务中已不存在，该分区暂停读取；建议：用 `sisan sources seek` 指定继续读取的位置",
            "the broker does not hold the messages that come next; hint: say where to go on with `sisan sources seek`",
        ),
        PauseCause::TopicReplaced => (
            "消息主题已重建或丢失数据，与已读内容不符，该分区暂停读取；建议：用 `sisan sources seek` 指定起读位置",
            "the topic is not the one that was read before; hint: say where to begin with `sisan sources seek`",
        ),
        PauseCause::FileUnreadable => (
            "文件无法读取或已损坏；建议：换上完好的同名文件，或移出事件目录，变动后自动重读",
            "a file cannot be read or is damaged; hint: put a whole one in its place, or take it out of the folder",
        ),
        PauseCause::FileReplaced => (
            "文件中已读过的部分被替换、修改或截断；建议：用 `sisan sources accept` 从头重读，或换回原文件",
            "what was read of a file has changed; hint: read it anew with `sisan sources accept`, or put the former one back",
        ),
        PauseCause::SchemaStorm => (
            "送来的数据大多被拒收；建议：用 `sisan rejects list` 查看原因，报送方改正后重新启动",
            "most of what comes is rejected; hint: `sisan rejects list` says why; mend the producer, then start again",
        ),
    };
    locale.pick(zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::fixtures;

    #[test]
    fn the_cause_of_a_pause_is_said_in_words_before_what_the_program_reported() {
        for cause in PauseCause::ALL {
            let reason = "go on with it".to_owned();
            let paused = Pause { cause, reason };
            let [zh, en] = Locale::ALL.map(|locale| pause(&paused, locale));
            let (zh_said, zh_detail) = zh.split_once('\n').expect("two lines");
            let (en_said, en_detail) = en.split_once('\n').expect("two lines");
            assert!(
                fixtures::are_zh_and_en(zh_said, en_said),
                "{zh_said} {en_said}"
            );
            assert_eq!(zh_detail, "技术信息，错误原文：go on with it");
            assert_eq!(en_detail, "detail: go on with it");
            assert_eq!(in_a_line(Locale::ZhCn, &paused), zh.replace('\n', "；"));
            assert_eq!(in_a_line(Locale::En, &paused), en.replace('\n', "; "));
        }
    }
}
