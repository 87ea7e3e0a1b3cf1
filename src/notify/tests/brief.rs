//! What the brief counts, cuts and leaves out.

use crate::domain::brief::Brief;
use crate::domain::indicator::Severity;
use crate::domain::mail::Mail;
use crate::domain::task::{Approval, Origin, TaskState};
use crate::notify::compose::{ComposeContext, compose};
use crate::notify::fixtures::{self, SampleCity};

fn mailed(brief: Brief) -> Mail {
    let city = SampleCity::new();
    let ctx = ComposeContext {
        now: fixtures::at("2026-07-15 08:00"),
        ..city.ctx()
    };
    let composition = compose(&[fixtures::about_brief(brief)], &ctx).expect("rendered");
    composition.mails.into_iter().next().expect("one mail").mail
}

#[test]
fn the_subject_says_how_much_there_is_to_do_and_what_first() {
    let mail = mailed(fixtures::brief("M001"));
    assert_eq!(
        mail.subject,
        "【四三晨报】7 月 15 日 待办 6 项（紧急 2、超时 1）；待审批 1、待核实 1、上报 1：贵州黔灵文旅集团 寄送 6 月账单明细给信息中心"
    );
}

#[test]
fn a_morning_without_tasks_says_what_there_is_to_see() {
    let mut brief = fixtures::brief("M001");
    (brief.work, brief.to_approve, brief.to_verify, brief.reports) = Default::default();
    assert_eq!(
        mailed(brief).subject,
        "【四三晨报】7 月 15 日 无待办；有变动的集团 2、关注 1、关键时刻 3"
    );
}

#[test]
fn a_superior_without_customers_reads_what_waits_for_him_and_no_empty_section() {
    let mut brief = fixtures::brief("M010");
    (brief.work, brief.dates, brief.groups) = Default::default();
    (brief.notices, brief.handed_over, brief.yesterday) = Default::default();
    let mail = mailed(brief);
    for part in [&mail.text, &mail.html] {
        assert!(
            part.contains("待您审批") || part.contains("待审批"),
            "{part}"
        );
        for empty in [
            "今天没有要提醒的日子",
            "没有待办任务",
            "查关键时刻",
            "查工作计划",
        ] {
            assert!(!part.contains(empty), "{empty}: {part}");
        }
    }
}

#[test]
fn while_an_answer_is_awaited_a_task_is_not_overdue() {
    let mut brief = fixtures::brief("M001");
    for item in &mut brief.work {
        // Asked while there was time.
        (item.task.approval, item.task.asked_at) = (Approval::Requested, Some(item.task.due_at));
    }
    let mail = mailed(brief);
    assert!(
        !mail.subject.contains("超时")
            && mail.text.contains("【待审批】")
            && mail.text.contains("审批期间不计时"),
        "{}",
        mail.text
    );
}

#[test]
fn a_time_limit_that_has_passed_says_so_wherever_it_stands() {
    let mut brief = fixtures::brief("M001");
    brief.work.truncate(1);
    let task = &mut brief.work[0].task;
    (task.state, task.origin) = (TaskState::Open, Origin::Alert);
    task.accept_by = fixtures::at("2026-07-14 17:00");
    task.due_at = fixtures::at("2026-07-14 18:00");
    let mail = mailed(brief);
    for passed in [
        "（办结时限 昨天 18:00，超时 14 小时）",
        "接单时限 昨天 17:00，超时 15 小时",
    ] {
        assert!(mail.text.contains(passed), "{passed}: {}", mail.text);
    }
}

#[test]
fn a_long_work_list_is_cut_and_the_rest_counted() {
    let mut brief = fixtures::brief("M001");
    let (first, rest) = (brief.work[0].clone(), brief.work[1].clone());
    brief.work = std::iter::once(first)
        .chain(std::iter::repeat_n(rest, 44))
        .collect();
    let critical = brief
        .work
        .iter()
        .filter(|item| item.task.severity == Severity::Critical)
        .count();
    let mail = mailed(brief);
    assert!(
        mail.subject
            .contains(&format!("待办 45 项（紧急 {critical}）")),
        "{}",
        mail.subject
    );
    assert!(mail.text.contains("另有 15 项未列出") && mail.html.contains("另有 15 项未列出"));
    assert!(
        mail.text.contains("\n30. ") && !mail.text.contains("\n31. "),
        "{}",
        mail.text
    );
}

#[test]
fn more_changes_than_a_group_may_show_are_counted_with_those_that_were_cut_before() {
    let mut brief = fixtures::brief("M001");
    let one = brief.groups[0].changes[0].clone();
    brief.groups[0].changes = vec![one; 23];
    let mail = mailed(brief);
    assert!(
        mail.text.contains("已携出 20：") && mail.text.contains("另有 15 项未列出"),
        "{}",
        mail.text
    );
}

#[test]
fn every_time_of_a_brief_is_of_the_zone_that_it_names() {
    let mail = mailed(fixtures::brief("M001"));
    assert!(
        [&mail.text, &mail.html]
            .iter()
            .all(|part| part.contains("时间均为北京时间。"))
    );
    assert!(
        mail.text.contains("办结时限 今天 18:00") && mail.text.contains("07-12 10:00"),
        "{}",
        mail.text
    );
}

#[test]
fn a_brief_is_useful_until_its_day_is_over() {
    assert_eq!(
        mailed(fixtures::brief("M001")).useful_until,
        Some(fixtures::at("2026-07-16 00:00"))
    );
}

#[test]
fn only_somebody_with_group_customers_reads_that_nothing_changed_at_them() {
    for (manager, has_customers) in [("M001", true), ("M010", false)] {
        let mut brief = fixtures::brief(manager);
        (brief.groups, brief.notices, brief.handed_over) = Default::default();
        let mail = mailed(brief);
        for part in [&mail.text, &mail.html] {
            assert_eq!(
                part.contains("没有变动"),
                has_customers,
                "{manager}: {part}"
            );
            assert_eq!(
                part.contains("查客户信息"),
                has_customers,
                "{manager}: {part}"
            );
            let number = if has_customers { "二" } else { "一" };
            assert!(
                part.contains(&format!("{number} · 查关键时刻")),
                "{manager}: {part}"
            );
        }
    }
    let mail = mailed(fixtures::brief("M010"));
    assert!(mail.text.contains("查客户信息"), "{}", mail.text);
}
