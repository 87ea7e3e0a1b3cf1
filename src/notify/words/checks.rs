//! What is to be checked first, as its reader reads it.
//!
//! Invariant: phone numbers are masked.

use super::{alerts_of_one, names, titles};
use crate::domain::ids::{SubscriberId, mask_phone};
use crate::domain::local_day::LocalDay;
use crate::domain::locale::Locale;
use crate::domain::money::Fen;
use crate::domain::task::{Check, CheckPart, Task};

/// What to check first; in Chinese throughout where nobody wrote it in English.
#[must_use]
pub(crate) fn checks(locale: Locale, task: &Task) -> Vec<String> {
    let (written_in, checks) = match locale {
        Locale::En if !task.english.checks.is_empty() => (Locale::En, &task.english.checks),
        Locale::En | Locale::ZhCn => (Locale::ZhCn, &task.checks),
    };
    let title = titles::title(written_in, &task.title).unwrap_or_default();
    checks
        .iter()
        .map(|check| text(written_in, check, &title))
        .collect()
}

/// One line of a task with this title.
fn text(locale: Locale, check: &Check, title: &str) -> String {
    let part = |part: &CheckPart| match part {
        CheckPart::Text(text) => text.clone(),
        CheckPart::Title => title.to_owned(),
        CheckPart::Trouble(trouble) => names::trouble(locale, *trouble).to_owned(),
        CheckPart::Over(because) => {
            alerts_of_one::because_of_subscriber(locale, *because).to_owned()
        }
        CheckPart::Leavers { churned, left } => leavers(locale, *churned, *left),
        CheckPart::Subscribers { first, more } => subscribers(locale, first, *more),
        CheckPart::Days { first, last } => days(locale, *first, *last),
        CheckPart::Fen(fen) => match locale {
            Locale::ZhCn => format!("{} 元", Fen::of_sum(*fen)),
            Locale::En => format!("CNY {}", Fen::of_sum(*fen)),
        },
    };
    check.parts().iter().map(part).collect()
}

/// The days from the first to the last.
pub(crate) fn days(locale: Locale, first: LocalDay, last: LocalDay) -> String {
    if first == last {
        return first.to_string();
    }
    let to = locale.pick("至", "to");
    format!("{first} {to} {last}")
}

/// How members left in a batch.
pub(super) fn leavers(locale: Locale, churned: i64, left: i64) -> String {
    match (locale, churned, left) {
        (Locale::ZhCn, churned, 0) => format!("离网 {churned} 户"),
        (Locale::ZhCn, 0, left) => format!("退出集团 {left} 户"),
        (Locale::ZhCn, churned, left) => format!("离网 {churned} 户、退出集团 {left} 户"),
        (Locale::En, churned, 0) => format!("{churned} left the network"),
        (Locale::En, 0, left) => format!("{left} left the group"),
        (Locale::En, churned, left) => {
            format!("{churned} left the network, {left} left the group")
        }
    }
}

fn subscribers(locale: Locale, first: &[SubscriberId], more: u64) -> String {
    let named: Vec<_> = first
        .iter()
        .map(|subscriber| mask_phone(subscriber.as_str()))
        .collect();
    let all = named.len() as u64 + more;
    match (locale, more) {
        (Locale::ZhCn, 0) => named.join("、"),
        (Locale::ZhCn, _) => format!("{} 等 {all} 户", named.join("、")),
        (Locale::En, 0) => named.join(", "),
        (Locale::En, more) => format!("{} and {more} more", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::alert::ResolvedBecause;
    use crate::domain::event::PortStage;
    use crate::domain::task::{InEnglish, TaskTitle};
    use crate::domain::timeline::SubscriberTrouble;
    use crate::notify::fixtures;

    /// In both languages.
    fn in_both_languages(part: CheckPart) -> [String; 2] {
        let check: Check = [part].into_iter().collect();
        [Locale::ZhCn, Locale::En].map(|locale| text(locale, &check, ""))
    }

    fn first_subscribers(count: usize) -> Vec<SubscriberId> {
        let id = |n| SubscriberId::parse(&format!("1380000800{n}")).expect("an id");
        (0..count).map(id).collect()
    }

    #[test]
    fn subscribers_are_masked_and_those_that_are_not_named_are_counted() {
        let text = |count, more| {
            let first = first_subscribers(count);
            in_both_languages(CheckPart::Subscribers { first, more })
        };
        assert_eq!(text(1, 0), ["138****8000", "138****8000"]);
        assert_eq!(
            text(2, 5),
            [
                "138****8000、138****8001 等 7 户",
                "138****8000, 138****8001 and 5 more"
            ]
        );
    }

    #[test]
    fn troubles_leavers_and_money_read_in_both_languages() {
        let authorised = SubscriberTrouble::Porting(PortStage::Authorised);
        assert_eq!(
            in_both_languages(CheckPart::Trouble(authorised)),
            ["已申请携转授权码", "authorised for porting"]
        );
        assert_eq!(
            in_both_languages(CheckPart::Over(ResolvedBecause::Withdrawn)),
            ["已撤回", "withdrawn"]
        );
        for (churned, left, expected) in [
            (3, 0, ["离网 3 户", "3 left the network"]),
            (0, 2, ["退出集团 2 户", "2 left the group"]),
            (
                3,
                2,
                [
                    "离网 3 户、退出集团 2 户",
                    "3 left the network, 2 left the group",
                ],
            ),
        ] {
            assert_eq!(
                in_both_languages(CheckPart::Leavers { churned, left }),
                expected
            );
        }
        assert_eq!(
            in_both_languages(CheckPart::Fen(-123_456)),
            ["-1234.56 元", "CNY -1234.56"]
        );
    }

    #[test]
    fn a_check_names_what_its_task_is_about_in_the_language_that_it_is_written_in() {
        let before_title = |text: &str| {
            [CheckPart::Text(text.to_owned()), CheckPart::Title]
                .into_iter()
                .collect::<Check>()
        };
        let mut task = fixtures::task(&[fixtures::churn_alert()], "M001");
        task.title = TaskTitle::Left(3);
        task.checks = vec![before_title("赢回 {title}：")];
        task.english = InEnglish::default();
        assert_eq!(
            checks(Locale::En, &task),
            ["赢回 {title}：主动离网或携出 3 户"],
            "nobody wrote it in English"
        );
        task.english = InEnglish {
            checks: vec![before_title("Win back, ")],
            item: None,
        };
        assert_eq!(
            checks(Locale::En, &task),
            ["Win back, members who left of their own will or ported out: 3"]
        );
    }
}
