//! Why an alert holds no more, what the system notes on a task, and how one ended, in both
//! languages, complete by `match`.
//!
//! Invariant: what a person wrote is quoted as it is, never worded here.

use super::names;
use crate::domain::alert::ResolvedBecause;
use crate::domain::indicator::{AlertKind, Signal};
use crate::domain::locale::Locale;
use crate::domain::task::{ContactOutcome, EndingContact, Finish, StepCause, SystemNote};

/// Why an alert was resolved.
#[must_use]
pub(crate) const fn resolved_because(locale: Locale, because: ResolvedBecause) -> &'static str {
    match (locale, because) {
        (Locale::ZhCn, ResolvedBecause::Recovered) => "已不再达到预警条件",
        (Locale::ZhCn, ResolvedBecause::Restored) => "号码已恢复",
        (Locale::ZhCn, ResolvedBecause::Lost) => "号码已离网或退出集团",
        (Locale::ZhCn, ResolvedBecause::Lapsed) => "后续未发生",
        (Locale::ZhCn, ResolvedBecause::Withdrawn) => "客户已撤回携转",
        (Locale::ZhCn, ResolvedBecause::Retracted) => "原事件已撤销",
        (Locale::ZhCn, ResolvedBecause::TaskDone) => "任务已结束",
        (Locale::ZhCn, ResolvedBecause::MonthEnded) => "统计期已结束",
        (Locale::En, ResolvedBecause::Recovered) => "what raises the alert no longer holds",
        (Locale::En, ResolvedBecause::Restored) => "the lines are back",
        (Locale::En, ResolvedBecause::Lost) => "what it was about has churned or left",
        (Locale::En, ResolvedBecause::Lapsed) => "nothing came of it",
        (Locale::En, ResolvedBecause::Withdrawn) => "the customer no longer wants to port out",
        (Locale::En, ResolvedBecause::Retracted) => "the event behind it was retracted",
        (Locale::En, ResolvedBecause::TaskDone) => "its task has ended",
        (Locale::En, ResolvedBecause::MonthEnded) => "its period has ended",
    }
}

/// Why an alert of this kind was resolved. One that counts subscribers may be resolved before all
/// of them are back: it says no more than that they are fewer.
#[must_use]
pub(crate) const fn kind_resolved_because(
    locale: Locale,
    kind: AlertKind,
    because: ResolvedBecause,
) -> &'static str {
    let AlertKind::Signal(signal) = kind else {
        return resolved_because(locale, because);
    };
    match (signal, because) {
        (Signal::BatchLeave, ResolvedBecause::Restored | ResolvedBecause::Recovered) => locale
            .pick(
                "离开集团的户数已减少，不再构成批量离开",
                "fewer are gone: it is no batch any more",
            ),
        (Signal::SuspensionBurst, ResolvedBecause::Restored | ResolvedBecause::Recovered) => locale
            .pick(
                "停机户数已减少，不再构成集中停机",
                "fewer are suspended: it is no burst any more",
            ),
        (Signal::GroupGone, ResolvedBecause::Restored | ResolvedBecause::Recovered) => {
            locale.pick("集团又有成员", "the customer has members again")
        }
        _ => resolved_because(locale, because),
    }
}

/// What the system notes on a task.
#[must_use]
pub(crate) fn system_note(locale: Locale, note: SystemNote) -> String {
    match (locale, note) {
        (Locale::ZhCn, SystemNote::OverCap(most)) => {
            format!("超出当日新任务上限（{most} 个），未单独发邮件，请在晨报清单中处理")
        }
        (_, SystemNote::Cancelled(because)) => cancelled(locale, resolved_because(locale, because)),
        (_, SystemNote::CancelledCount(kind, because)) => {
            cancelled(locale, kind_resolved_because(locale, kind, because))
        }
        (Locale::ZhCn, SystemNote::DayPassed) => "任务自动取消：计划日期已过".to_owned(),
        (_, SystemNote::CauseGone(because)) => {
            cause_gone(locale, resolved_because(locale, because))
        }
        (_, SystemNote::CauseGoneCount(kind, because)) => {
            cause_gone(locale, kind_resolved_because(locale, kind, because))
        }
        (Locale::En, SystemNote::OverCap(most)) => {
            format!(
                "more than the day's {most} new tasks: no mail of its own, it stands in the brief"
            )
        }
        (Locale::En, SystemNote::DayPassed) => {
            "cancelled by itself: the day that it was for has passed".to_owned()
        }
    }
}

fn cancelled(locale: Locale, because: &str) -> String {
    match locale {
        Locale::ZhCn => format!("任务自动取消：接单前{because}"),
        Locale::En => format!("cancelled by itself, before anybody accepted it: {because}"),
    }
}

fn cause_gone(locale: Locale, because: &str) -> String {
    match locale {
        Locale::ZhCn => format!("预警已解除：{because}，请按实际情况收尾"),
        Locale::En => format!("its cause is gone: {because}; bring it to an end as things stand"),
    }
}

/// What the worker took a step for by itself.
#[must_use]
pub(crate) fn step_cause(locale: Locale, cause: &StepCause) -> String {
    match (locale, cause) {
        (_, StepCause::Lead(_, kind)) => {
            let name = names::alert_kind(locale, *kind);
            match locale {
                Locale::ZhCn => format!("改由预警“{name}”主导，按其预案处理"),
                Locale::En => format!("the alert {name} leads now: its playbook is followed"),
            }
        }
        (_, StepCause::LeadResolved(_, kind)) => {
            let name = names::alert_kind(locale, *kind);
            match locale {
                Locale::ZhCn => format!("原主导预警已结束，改由预警“{name}”主导，按其预案处理"),
                Locale::En => format!(
                    "the alert that led is resolved: {name} leads now, and its playbook is followed"
                ),
            }
        }
        (Locale::ZhCn, StepCause::Contact(_)) => "按客户联系记录".to_owned(),
        (Locale::En, StepCause::Contact(_)) => "by a contact with the customer".to_owned(),
    }
}

/// 小结 of a task that is done: as somebody wrote it, or what the contact did that ended it.
#[must_use]
pub(crate) fn summary(locale: Locale, finish: &Finish) -> String {
    let Some(EndingContact { on, outcome, .. }) = &finish.by_contact else {
        return finish.summary.clone();
    };
    let outcome = match (locale, outcome) {
        (Locale::ZhCn, ContactOutcome::PromiseKept) => "已兑现承诺",
        (Locale::ZhCn, ContactOutcome::FirstMeeting) => "已与客户首次联系",
        (Locale::En, ContactOutcome::PromiseKept) => "the promise was kept",
        (Locale::En, ContactOutcome::FirstMeeting) => "the customer was met for the first time",
    };
    format!("{on} {outcome}")
}

/// 服务档案 of a task that is done: as somebody wrote it, or which contact ended it, with its note.
#[must_use]
pub(crate) fn archive_note(locale: Locale, finish: &Finish) -> String {
    let Some(EndingContact { contact_id, on, .. }) = &finish.by_contact else {
        return finish.note.clone();
    };
    let (contact, colon) = match locale {
        Locale::ZhCn => ("联系记录", "："),
        Locale::En => ("contact", ": "),
    };
    let note = finish.note.trim();
    let colon = if note.is_empty() { "" } else { colon };
    format!("{on} {contact} {contact_id}{colon}{note}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::alert::AlertId;
    use crate::domain::ids::ContactId;
    use crate::domain::indicator::{AlertKind, Signal};
    use crate::domain::local_day::LocalDay;
    use crate::domain::task::{TaskResult, UpwardReport};

    fn by_contact(outcome: ContactOutcome, note: &str) -> Finish {
        Finish {
            by_contact: Some(EndingContact {
                contact_id: ContactId::parse("C2").expect("an id"),
                on: LocalDay::from_date("2026-08-04".parse().expect("a day")),
                outcome,
            }),
            note: note.to_owned(),
            report: UpwardReport::nothing(),
            result: TaskResult::Done,
            summary: String::new(),
            cost_fen: None,
            is_case: false,
            subscribers: None,
        }
    }

    #[test]
    fn a_contact_that_ended_a_task_is_worded_in_the_readers_language_and_its_note_quoted() {
        let kept = by_contact(ContactOutcome::PromiseKept, "已寄送账单");
        let met = by_contact(ContactOutcome::FirstMeeting, "");
        let both =
            |locale| [&kept, &met].map(|one| (summary(locale, one), archive_note(locale, one)));
        let texts = |of: [(&str, &str); 2]| of.map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(
            both(Locale::ZhCn),
            texts([
                (
                    "2026-08-04 已兑现承诺",
                    "2026-08-04 联系记录 C2：已寄送账单"
                ),
                ("2026-08-04 已与客户首次联系", "2026-08-04 联系记录 C2"),
            ])
        );
        assert_eq!(
            both(Locale::En),
            texts([
                (
                    "2026-08-04 the promise was kept",
                    "2026-08-04 contact C2: 已寄送账单"
                ),
                (
                    "2026-08-04 the customer was met for the first time",
                    "2026-08-04 contact C2"
                ),
            ])
        );
    }

    #[test]
    fn a_step_that_the_worker_takes_tells_what_for_and_shows_no_id() {
        let causes = [
            StepCause::Lead(
                AlertId::new("A1".to_owned()),
                AlertKind::Signal(Signal::BatchLeave),
            ),
            StepCause::LeadResolved(
                AlertId::new("A1".to_owned()),
                AlertKind::Signal(Signal::BatchLeave),
            ),
            StepCause::Contact(ContactId::parse("C2").expect("an id")),
        ];
        assert_eq!(
            causes
                .each_ref()
                .map(|one| [Locale::ZhCn, Locale::En].map(|locale| step_cause(locale, one))),
            [
                [
                    "改由预警“成员批量离开集团”主导，按其预案处理",
                    "the alert Members leaving in a batch leads now: its playbook is followed"
                ],
                [
                    "原主导预警已结束，改由预警“成员批量离开集团”主导，按其预案处理",
                    "the alert that led is resolved: Members leaving in a batch leads now, and its playbook is followed"
                ],
                ["按客户联系记录", "by a contact with the customer"]
            ]
        );
    }

    #[test]
    fn an_alert_that_counts_lines_says_that_they_are_fewer_and_not_that_all_are_back() {
        for (signal, zh, en) in [
            (
                Signal::BatchLeave,
                "离开集团的户数已减少，不再构成批量离开",
                "fewer are gone: it is no batch any more",
            ),
            (
                Signal::SuspensionBurst,
                "停机户数已减少，不再构成集中停机",
                "fewer are suspended: it is no burst any more",
            ),
            (
                Signal::GroupGone,
                "集团又有成员",
                "the customer has members again",
            ),
        ] {
            let kind = AlertKind::Signal(signal);
            let note = SystemNote::cause_gone(kind, ResolvedBecause::Restored);
            assert_eq!(
                [Locale::ZhCn, Locale::En].map(|locale| system_note(locale, note)),
                [
                    format!("预警已解除：{zh}，请按实际情况收尾"),
                    format!("its cause is gone: {en}; bring it to an end as things stand")
                ]
            );
            let cancelled = SystemNote::cancelled(kind, ResolvedBecause::Restored);
            assert!(system_note(Locale::ZhCn, cancelled).ends_with(zh));
        }
        let line = SystemNote::cause_gone(
            AlertKind::Signal(Signal::PreCancel),
            ResolvedBecause::Restored,
        );
        assert_eq!(line, SystemNote::CauseGone(ResolvedBecause::Restored));
    }

    #[test]
    fn a_note_says_why_the_cause_of_its_task_is_gone() {
        let of = |locale| {
            [SystemNote::Cancelled, SystemNote::CauseGone]
                .map(|note| system_note(locale, note(ResolvedBecause::Restored)))
        };
        assert_eq!(
            of(Locale::ZhCn),
            [
                "任务自动取消：接单前号码已恢复",
                "预警已解除：号码已恢复，请按实际情况收尾"
            ]
        );
        assert_eq!(
            of(Locale::En),
            [
                "cancelled by itself, before anybody accepted it: the lines are back",
                "its cause is gone: the lines are back; bring it to an end as things stand"
            ]
        );
    }
}
