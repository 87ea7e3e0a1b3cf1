//! What an assignee reads of what somebody above did to his task.

use super::compose::composed;
use crate::domain::alert::{AlertState, AlertSubject, Explanation, ResolvedBecause};
use crate::domain::ids::ContactId;
use crate::domain::indicator::{AlertKind, Signal};
use crate::domain::task::{
    Actor, Approval, Item, Origin, Resource, Step, StepKind, Task, TaskState, TaskTitle,
};
use crate::notify::compose::{About, PendingNotice};
use crate::notify::fixtures::{self, SampleCity};
use crate::notify::samples;

/// A task whose last step somebody above has made, with a note.
fn judged(what: StepKind, change: impl FnOnce(&mut Task)) -> PendingNotice {
    let mut task = fixtures::task(&[fixtures::churn_alert()], "M001");
    change(&mut task);
    let by = Actor {
        manager_id: Some(fixtures::manager_id("M002")),
        user: None,
    };
    let step = Step::new(fixtures::at("2026-07-15 09:00"), by, what);
    task.steps.push(Step {
        note: Some("预算已用完".into()),
        ..step
    });
    fixtures::about_task(task, vec![fixtures::churn_alert()])
}

#[test]
fn the_assignee_of_a_task_that_somebody_above_cancelled_is_told_who_and_why() {
    let cancelled = judged(StepKind::Cancel, |task| task.state = TaskState::Cancelled);
    let composition = composed(std::slice::from_ref(&cancelled), &SampleCity::new());
    let mail = &composition.mails[0].mail;
    assert!(mail.subject.contains("已取消"), "{}", mail.subject);
    for text in [&mail.text, &mail.html] {
        assert!(
            text.contains("预算已用完") && text.contains("不必再办"),
            "{text}"
        );
        assert!(
            !text.contains("办结时限") && !text.contains("工作手段") && !text.contains("怎样办结"),
            "nothing is left to do: {text}"
        );
    }
}

#[test]
fn what_was_done_to_a_task_before_is_not_told_again_with_changes_of_its_alerts() {
    let mut pending = judged(StepKind::Refuse, |_| {});
    let says_it = |pending: &PendingNotice| {
        let mail = &composed(std::slice::from_ref(pending), &SampleCity::new()).mails[0].mail;
        let says = |text: &String| text.contains("未批准】") || text.contains("预算已用完");
        says(&mail.subject) || says(&mail.text)
    };
    assert!(says_it(&pending));
    pending.notice.created_at = fixtures::at("2026-07-15 09:01");
    assert!(!says_it(&pending), "the notice is of what came after");
}

#[test]
fn the_mail_of_a_cancelled_task_does_not_say_that_anybody_dealt_with_its_alerts() {
    let kind = AlertKind::Signal(Signal::PreCancel);
    let subject = AlertSubject::parse(kind, "13800008000").expect("a line");
    let mut alert = fixtures::alert(kind, subject, Explanation::default());
    (alert.state, alert.resolved_because) = (AlertState::Resolved, Some(ResolvedBecause::TaskDone));
    let mut pending = judged(StepKind::Cancel, |task| task.state = TaskState::Cancelled);
    if let About::Task { alerts, .. } = &mut pending.about {
        *alerts = vec![alert];
    }
    let mail = &composed(&[pending], &SampleCity::new()).mails[0].mail;
    for text in [&mail.subject, &mail.text, &mail.html] {
        assert!(text.contains("取消"), "{text}");
        assert!(
            !text.contains("已处理") && !text.contains("已完成"),
            "{text}"
        );
    }
}

#[test]
fn a_task_of_which_a_part_was_refused_does_not_show_its_plan_as_the_one_to_follow() {
    let refused = |title: TaskTitle| {
        let pending = judged(StepKind::Refuse, |task| {
            task.title = title;
            task.approval = Approval::Refused;
            task.refused_resources = vec![Resource::Event];
            task.item = Item::Service {
                what: "请客户参加新品沙龙".into(),
            };
        });
        composed(&[pending], &SampleCity::new()).mails[0]
            .mail
            .clone()
    };
    let mail = refused(TaskTitle::Written("邀请参加新品沙龙".into()));
    for text in [&mail.text, &mail.html] {
        assert!(
            text.contains("原方案；未批准的部分不办")
                && text.contains("邀请参加新品沙龙（所请未批准）"),
            "{text}"
        );
    }
    let of_a_day = refused(TaskTitle::HandOver("李四".into()));
    assert!(
        !of_a_day.text.contains("所请未批准"),
        "a fact asks for nothing"
    );
}

#[test]
fn the_chief_is_told_with_whose_manager_he_goes_and_a_manager_is_not_sent_with_himself() {
    for (assignee, expected) in [
        ("M020", "与客户经理 王芳 (M001) 一同上门："),
        ("M001", "联合拜访：先约好时间"),
    ] {
        let contact = ContactId::parse("LX0714").expect("an id");
        let visit = samples::planned(Origin::StrongIntent(contact), "要换网", "G00001", assignee);
        let composition = composed(
            &[fixtures::about_task(visit, Vec::new())],
            &SampleCity::new(),
        );
        let mail = &composition.mails[0].mail;
        for text in [&mail.text, &mail.html] {
            assert!(
                text.contains(expected) && !text.contains("与首席客户经理"),
                "{text}"
            );
        }
    }
}
