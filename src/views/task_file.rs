//! `tasks show`: a task with its alerts and all that happened to it.

use crate::domain::alert::Alert;
use crate::domain::locale::Locale;
use crate::domain::task::{Finish, Item, Task};
use crate::notify::words::{by_locale, checks, names_of_tasks, notes, spans, written};
use crate::report::{Cell, Column, ColumnKind, Document};

use super::codes;
use super::column::{
    ListColumn, at, column, count, int, listing, moment, short, some, text, texts, yes_or_no,
};
use super::lists::{TaskListContext, TaskRow, alerts, steps};

/// The fields for the assignee of a task; scenarios may expect them of tasks, too.
impl<'a> TaskRow<'a> {
    pub(crate) const DETAILS: &'a [ListColumn<Self>] = &[
        column(
            Column::code("scope", "范围", codes::scope).one_of(codes::scopes),
            |r| r.task.scope.name().into(),
        ),
        short(
            "id",
            column(Column::text("scope_id", "编号"), |r| {
                text(r.task.scope.id())
            }),
        ),
        column(
            Column::new("subscribers", "所列号码", ColumnKind::List).masking(),
            |r| texts(r.task.subscribers.iter().map(|one| one.as_str().to_owned())),
        ),
        column(
            Column::new("item_parts", "事项内容", ColumnKind::List).masking(),
            |r| match asked_of_lost(r) {
                Some(reason) => texts(reason),
                None => texts(parts_of(r)),
            },
        ),
        column(
            Column::new("checks", "先查", ColumnKind::List).masking(),
            |r| match asked_of_lost(r) {
                Some(_) => texts([""; 0]),
                None => texts(checks::checks(r.beside.locale(), r.task)),
            },
        ),
        column(
            Column::code("severity", "级别", codes::severity).one_of(codes::severities),
            |r| r.task.severity.name().into(),
        ),
        column(at("opened_at", "开始"), |r| r.task.opened_at.into()),
        column(at("accept_by", "接单期限"), accept_by),
        column(at("asked_at", "请示"), |r| r.task.asked_at.into()),
        column(at("gone_at", "已无可挽留"), |r| r.task.gone_at.into()),
        column(at("accepted_at", "接单"), |r| r.task.accepted_at.into()),
        column(at("started_at", "着手"), |r| r.task.started_at.into()),
        column(at("ended_at", "结束"), |r| r.task.ended_at.into()),
        column(Column::new("escalated", "督办", ColumnKind::List), |r| {
            texts(r.task.escalated.iter().map(|one| {
                let why = r.beside.word(
                    one.why.name(),
                    names_of_tasks::escalation(Locale::ZhCn, one.why),
                );
                format!("{why} → {}", one.to.name())
            }))
        }),
        column(
            Column::codes("withheld", "携转保护停用", codes::means_or_resource),
            |r| {
                let means = r.task.withheld_means.iter().map(|one| one.name());
                let resources = r.task.all_withheld_resources();
                texts(means.chain(resources.iter().map(|one| one.name())))
            },
        ),
        column(
            Column::codes("refused", "未批准", codes::means_or_resource),
            |r| {
                let means = r.task.refused_means.iter().map(|one| one.name());
                texts(means.chain(r.task.refused_resources.iter().map(|one| one.name())))
            },
        ),
        column(Column::text("remark", "备注").masking(), |r| {
            some(r.task.system_note, |note| {
                text(notes::system_note(r.beside.locale(), note))
            })
        }),
    ];
}

/// How a task ended, for a reader.
struct FinishRow<'a> {
    finish: &'a Finish,
    locale: Locale,
}

impl<'a> FinishRow<'a> {
    const COLUMNS: &'a [ListColumn<Self>] = &[
        column(Column::code("result", "结果", codes::result), |r| {
            r.finish.result.name().into()
        }),
        column(Column::text("summary", "小结").masking(), |r| {
            text(notes::summary(r.locale, r.finish))
        }),
        column(Column::text("note", "档案").masking(), |r| {
            text(notes::archive_note(r.locale, r.finish))
        }),
        column(Column::code("report_up", "上报", codes::report_up), |r| {
            r.finish.report.about.name().into()
        }),
        column(Column::text("report_text", "上报内容").masking(), |r| {
            text(&*r.finish.report.text)
        }),
        column(yes_or_no("urgent", "紧急"), |r| {
            r.finish.report.urgent.into()
        }),
        column(Column::new("cost_fen", "费用", ColumnKind::Fen), |r| {
            r.finish.cost_fen.into()
        }),
        column(yes_or_no("case", "案例"), |r| r.finish.is_case.into()),
        column(count("subscribers_named", "所列号码"), |r| {
            some(r.finish.subscribers, |gone| int(gone.named))
        }),
        column(count("subscribers_churned", "已离网"), |r| {
            some(r.finish.subscribers, |gone| int(gone.churned))
        }),
        column(count("subscribers_left", "已退出集团"), |r| {
            some(r.finish.subscribers, |gone| int(gone.left))
        }),
    ];
}

/// A task, what it asks for, how it ended, its alerts and its steps.
#[must_use]
pub(crate) fn task_file(
    task: &Task,
    of_it: &[Alert],
    beside: TaskListContext<'_>,
) -> Document<'static> {
    let instants = beside.instants;
    let row = TaskRow {
        task,
        beside,
        alert_kinds: &[],
    };
    let finish = task.finish.as_ref().map(|finish| FinishRow {
        finish,
        locale: beside.locale(),
    });
    Document::default()
        .with_one("task", "任务", listing(TaskRow::COLUMNS, [&row], instants))
        .with_one(
            "details",
            "要求",
            listing(TaskRow::DETAILS, [&row], instants),
        )
        .with_one(
            "finish",
            "三处理",
            listing(FinishRow::COLUMNS, &finish, instants),
        )
        .with_many("alerts", "预警", alerts(of_it, instants))
        .with_many("steps", "经过", steps(&task.steps, instants))
}

/// What its assignee is asked for where none of its subscribers is left to keep: the reason, and no plan
/// to keep them.
fn asked_of_lost(row: &TaskRow<'_>) -> Option<[&'static str; 2]> {
    let is_lost = row.task.state.is_open() && row.task.gone_at.is_some();
    let words = &by_locale(row.beside.locale()).alert_task;
    let how = match row.task.due() {
        Some(_) => words.lost_how_in_time,
        None => words.lost_how,
    };
    is_lost.then_some([words.lost, how])
}

/// When it must be accepted; readers are shown where it still waits for that and is late.
fn accept_by(row: &TaskRow<'_>) -> Cell<'static> {
    let (task, now) = (row.task, row.beside.now);
    let is_late = task.waits_to_be_accepted() && task.gone_at.is_none() && now > task.accept_by;
    match moment(row.beside.instants, task.accept_by) {
        Cell::Text(shown) if is_late => text(spans::late(
            row.beside.locale(),
            &shown,
            now.since(task.accept_by),
        )),
        _ => task.accept_by.into(),
    }
}

/// The parts of an item, each by its name. Where a part of it was refused, readers are shown that
/// they are those of before.
fn parts_of(row: &TaskRow<'_>) -> Vec<String> {
    let locale = row.beside.instants.reader();
    let before = locale.filter(|_| row.task.is_partly_refused());
    let item = written::item(row.beside.locale(), row.task);
    before
        .map(|locale| by_locale(locale).alert_task.before_refusal.to_owned())
        .into_iter()
        .chain(parts(&item, row.beside))
        .collect()
}

/// The parts of an item, each by its name.
fn parts(item: &Item, beside: TaskListContext<'_>) -> Vec<String> {
    let part = |code, zh, text: &String| format!("{}: {text}", beside.word(code, zh));
    match item {
        Item::Information { way, what } => {
            vec![part("way", "方式", way), part("what", "内容", what)]
        }
        Item::Service { what } => vec![part("what", "内容", what)],
        Item::Visit {
            whom,
            purpose,
            prepare,
            steps,
        } => {
            let steps = steps.iter().map(|step| part("step", "步骤", step));
            [
                part("whom", "拜访对象", whom),
                part("purpose", "目的", purpose),
                part("prepare", "准备", prepare),
            ]
            .into_iter()
            .chain(steps)
            .collect()
        }
        Item::Retention { plan } => vec![part("plan", "方案", plan)],
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::alert::AlertId;
    use crate::domain::ids::ManagerId;
    use crate::domain::indicator::{AlertKind, Indicator, Scope, Severity};
    use crate::domain::local_day::Timestamp;
    use crate::domain::task::{
        Assignee, Finish, InEnglish, Lead, NewTask, Origin, Resource, SubscribersGone, TaskClass,
        TaskKind, TaskResult, TaskState, TaskTitle, UpwardReport,
    };
    use crate::domain::zone::Zone;
    use crate::report::Instants;

    const NOW: Timestamp = Timestamp::from_micros(1_784_080_800_000_000);

    /// One that an hour ago should have been accepted.
    fn unaccepted() -> Task {
        Task::from(NewTask {
            origin: Origin::Alert,
            title: TaskTitle::OfAlerts,
            alert_ids: Vec::new(),
            subscribers: Vec::new(),
            scope: Scope::Company,
            tier: None,
            assignee: Assignee::Fallback,
            kind: TaskKind::Retention,
            item: Item::Retention {
                plan: "赠送礼品".into(),
            },
            means: Vec::new(),
            resources: vec![Resource::Gift],
            checks: Vec::new(),
            english: InEnglish::default(),
            lead: None,
            class: TaskClass::Key,
            severity: Severity::Critical,
            opened_at: NOW.plus(TimeDelta::hours(-3)),
            accept_by: NOW.plus(TimeDelta::hours(-1)),
            due_at: NOW.plus(TimeDelta::hours(1)),
            escalation: Vec::new(),
        })
    }

    /// The cell of this column in `tasks show`, for readers of both languages and for a program.
    fn shown(task: &Task, name: &str) -> [String; 3] {
        let zone = Zone::parse("Asia/Shanghai").expect("a zone");
        let local = |locale| Instants::Local(zone, locale);
        [local(Locale::ZhCn), local(Locale::En), Instants::Utc].map(|instants| {
            let row = TaskRow {
                task,
                beside: TaskListContext {
                    to_verify: &Default::default(),
                    units: &Default::default(),
                    now: NOW,
                    instants,
                },
                alert_kinds: &[],
            };
            let mut columns = TaskRow::COLUMNS.iter().chain(TaskRow::DETAILS);
            let column = columns.find(|of| of.column.name == name);
            column.expect("a column").cell(&row).plain().into_owned()
        })
    }

    #[test]
    fn a_reader_is_told_that_a_task_is_accepted_too_late_while_it_waits_for_that() {
        let mut task = unaccepted();
        let [zh, en, program] = shown(&task, "accept_by");
        assert!(
            zh.ends_with("（已超时 1 小时）") && en.ends_with(" (late by 1 h)"),
            "{zh} {en}"
        );
        assert_eq!(program, "2026-07-15T01:00:00Z");
        task.state = TaskState::Accepted;
        let accepted = shown(&task, "accept_by").concat();
        assert!(
            !accepted.contains("超时") && !accepted.contains("late"),
            "{accepted}"
        );
    }

    #[test]
    fn a_reader_is_told_that_the_plan_is_that_of_before_a_refusal() {
        let mut task = unaccepted();
        let before = shown(&task, "item_parts");
        task.refused_resources = vec![Resource::Gift];
        let [zh, en, program] = shown(&task, "item_parts");
        assert_eq!(zh, format!("原方案；未批准的部分不办; {}", before[0]));
        assert!(en.starts_with("the plan as it was; "), "{en}");
        assert_eq!(program, before[2]);
    }

    #[test]
    fn a_part_that_proposes_a_refused_offer_is_not_shown() {
        let mut task = unaccepted();
        task.origin = Origin::ByHand(ManagerId::parse("M1").expect("an id"), NOW);
        task.item = Item::Service {
            what: "送200元话费".to_owned(),
        };
        task.refused_resources = vec![Resource::Offer];
        for shown in shown(&task, "item_parts") {
            assert!(!shown.contains("200"), "{shown}");
        }
    }

    #[test]
    fn a_reader_sees_what_a_task_from_an_alert_is_about() {
        let mut task = unaccepted();
        task.lead = Some(Lead {
            alert_id: AlertId::new("A1".to_owned()),
            kind: AlertKind::Indicator(Indicator::ChurnRate),
            severity: Severity::Warning,
            is_about_one: false,
            opened_at: NOW,
        });
        let [zh, en, program] = shown(&task, "title");
        assert_eq!((&*zh, &*en), ("用户离网率", "Churn rate"));
        assert_eq!(program, "", "programs read its alerts");
    }

    #[test]
    fn a_reader_is_told_how_many_had_gone_of_whom_part_was_kept_and_that_it_was_done_late() {
        let mut task = unaccepted();
        let of = |task: &Task| ["result", "overdue"].map(|name| shown(task, name));
        task.finish = Some(Finish {
            by_contact: None,
            note: "补偿话费".to_owned(),
            summary: "客户接受".to_owned(),
            report: UpwardReport::nothing(),
            result: TaskResult::Retained,
            cost_fen: None,
            is_case: false,
            subscribers: Some(SubscribersGone {
                named: 5,
                churned: 2,
                left: 0,
            }),
        });
        (task.state, task.ended_at) = (TaskState::Done, Some(task.due_at));
        let [_, in_time] = of(&task);
        assert!(!in_time.concat().contains("办结"), "{in_time:?}");
        task.ended_at = Some(task.due_at.plus(TimeDelta::seconds(1)));
        let [result, late] = of(&task);
        let churned = "2 of the 5 lines named have churned";
        assert_eq!(
            result,
            [
                "已挽留（所列 5 户中 2 户已离网）".to_owned(),
                format!("retained ({churned})"),
                "retained".to_owned()
            ]
        );
        assert_eq!(late, ["办结超时", "done late", "false"]);
        task.state = TaskState::Cancelled;
        let [_, cancelled] = of(&task);
        assert!(!cancelled.concat().contains("办结"), "{cancelled:?}");
    }
}
