//! Escalations: who is late, with what, by how much, and what the reader is to do.

use super::upward::{composed, escalation, kinds, with};
use crate::domain::task::{EscalationReason, Item, Origin, Resource, TaskTitle};
use crate::notify::compose::About;
use crate::notify::fixtures;

#[test]
fn what_is_told_to_the_minute_has_just_fallen_due() {
    let composition = composed(&[with(escalation(EscalationReason::Overdue), |task| {
        task.due_at = fixtures::now()
    })]);
    let text = &composition.mails[0].mail.text;
    assert!(
        text.contains("超时未办结，时限已到") && text.contains("超时未办结：时限已到"),
        "{text}"
    );
}

#[test]
fn a_task_that_is_late_twice_is_told_once_with_both_reasons() {
    let first = with(escalation(EscalationReason::NotAccepted), |task| {
        task.due_at = fixtures::at("2026-07-15 08:30")
    });
    let mut second = first.clone();
    second.notice.topic = crate::domain::mail::NoticeTopic::Escalation(
        fixtures::task(&[fixtures::churn_alert()], "M001").task_id,
        EscalationReason::Overdue,
    );
    let composition = composed(&[first, second]);
    let [one] = &composition.mails[..] else {
        panic!("{:?}", kinds(&composition))
    };
    assert_eq!((one.covered_ids.len(), one.notice_ids.len()), (2, 2));
    assert!(
        one.mail.text.contains("超时未接单：已超 55 分钟")
            && one.mail.text.contains("超时未办结：已超 35 分钟"),
        "{}",
        one.mail.text
    );
}

#[test]
fn of_an_approval_that_nobody_gave_whoever_was_asked_is_late_and_not_who_asks() {
    let mail = &composed(&[escalation(EscalationReason::Unanswered)]).mails[0].mail;
    let text = &mail.text;
    assert!(text.contains("陈静 (M010) 审批超时未答复"), "{text}");
    assert!(text.contains("申请人：王芳 (M001)"), "{text}");
    assert!(!text.contains("当前处理人"), "{text}");
}

#[test]
fn of_a_task_with_nothing_left_to_keep_the_reason_is_wanted_and_no_help_at_the_customer() {
    let mut pending = escalation(EscalationReason::Overdue);
    let About::Task { task, is_lost, .. } = &mut pending.about else {
        panic!("a task")
    };
    (task.due_while_gone, *is_lost) = (true, true);
    let text = &composed(&[pending]).mails[0].mail.text;
    assert!(text.contains("请督促尽快问清离开原因并补录"), "{text}");
    assert!(!text.contains("需要时陪同上门"), "{text}");
}

#[test]
fn an_offer_in_the_words_of_work_by_hand_is_not_shown_while_withheld_nor_once_refused() {
    let shown = |withheld: bool, refused: bool| {
        let pending = with(escalation(EscalationReason::Overdue), |task| {
            task.origin = Origin::ByHand(fixtures::manager_id("M010"), fixtures::now());
            task.title = TaskTitle::Written("赠送话费挽留".to_owned());
            let plan = "致电；同意留网的，月租打八折".to_owned();
            task.item = Item::Retention { plan };
            task.withheld_words = withheld;
            task.refused_resources = refused.then_some(Resource::Offer).into_iter().collect();
        });
        composed(&[pending]).mails[0].mail.clone()
    };
    let free = shown(false, false);
    assert!(free.text.contains("赠送话费挽留") && free.text.contains("打八折"));
    for (withheld, refused, why) in [
        (true, false, "原文提到优惠，携转保护期内不显示"),
        (true, true, "原文提到优惠，携转保护期内不显示"),
        (false, true, "原文提到未批准的优惠，不再显示"),
    ] {
        let mail = shown(withheld, refused);
        for part in [&mail.text, &mail.html, &mail.subject] {
            assert!(!part.contains("赠送") && !part.contains("打八折"), "{part}");
        }
        for part in [&mail.text, &mail.html] {
            assert!(part.contains(&format!("人工建单（{why}）")), "{part}");
        }
        assert_eq!(
            mail.text.contains("暂不得使用：优惠"),
            withheld,
            "{}",
            mail.text
        );
    }
}
