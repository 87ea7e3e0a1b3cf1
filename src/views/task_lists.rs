//! Tasks, silences: what the store holds of what people do, as lists and files.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, TaskId};
use crate::domain::ids::{GroupId, UnitId};
use crate::domain::indicator::Scope;
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::reference::Reference;
use crate::domain::silence::Silence;
use crate::domain::task::{Actor, Assignee, Item, Step, Task};
use crate::follow_up::verification::Results;
use crate::notify::words::{names_of_tasks, notes, titles};
use crate::report::{Cell, Column, Document, Instants, Kind, Listing, words};

use super::codes;
use super::lists::{alerts, at, some, text};

/// What is shown of tasks that is not theirs.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// Which of them somebody above must verify.
    pub to_verify: &'a BTreeSet<TaskId>,
    /// The units of their group customers, as now known.
    pub units: &'a BTreeMap<GroupId, UnitId>,
    pub now: Timestamp,
    /// How instants are shown.
    pub instants: Instants,
    /// In which language, to people; programs get texts as they were written, and codes.
    pub reader: Option<Locale>,
}

impl Beside<'_> {
    fn locale(&self) -> Locale {
        self.reader.unwrap_or_default()
    }

    /// A code as programs read it; a word to people.
    fn word(&self, code: &'static str, zh: &'static str) -> &'static str {
        if self.reader == Some(Locale::ZhCn) {
            zh
        } else {
            code
        }
    }

    /// The unit of a task: that of its group customer now; none of the company's.
    fn unit_of(&self, task: &Task) -> Option<String> {
        match &task.scope {
            Scope::Group(group) => self.units.get(group).map(ToString::to_string),
            Scope::Unit(_) => Some(task.scope.id().to_owned()),
            Scope::Company => None,
        }
    }
}

/// `tasks list`
#[must_use]
pub fn tasks(tasks: &[Task], beside: Beside<'_>) -> Listing<'static> {
    let mut list = Listing::new(vec![
        Column::text("task_id", "任务"),
        Column::code("origin", "来源", codes::origin).if_room(),
        Column::new("alert_ids", "预警", Kind::List).detail(),
        Column::text("group_id", "集团"),
        Column::text("assignee", "负责人"),
        Column::code("kind", "落实", codes::task_kind).if_room(),
        Column::code("item", "事项", codes::item).if_room(),
        Column::codes("means", "手段", codes::means).if_room(),
        Column::codes("resources", "资源", codes::resource).detail(),
        Column::code("class", "优先", codes::class).if_room(),
        Column::code("approval", "审批", codes::approval).if_room(),
        Column::code("state", "状态", codes::task_state),
        at("opened_at", "开始").detail(),
        at("accepted_at", "接单").detail(),
        at("due_at", "期限"),
        at("ended_at", "结束").detail(),
        Column::text("unit_id", "单位").detail(),
        Column::new("overdue", "逾期", Kind::Bool),
        Column::code("result", "结果", codes::result).if_room(),
        Column::new("verified", "核实", Kind::Bool).detail(),
        Column::new("must_verify", "须核实", Kind::Bool).detail(),
        Column::text("title", "事由").masking(),
        Column::text("mark", "计划内外").if_room(),
        Column::new("stalled", "停滞", Kind::Bool).detail(),
        Column::new("version", "版本", Kind::Count).detail(),
    ]);
    for task in tasks {
        list.push(cells(task, beside));
    }
    list
}

fn cells(task: &Task, beside: Beside<'_>) -> Vec<Cell<'static>> {
    let (now, instants) = (beside.now, beside.instants);
    vec![
        text(task.task_id.as_str()),
        text(
            task.origin
                .parts()
                .into_iter()
                .next()
                .unwrap_or_else(|| "alert".to_owned()),
        ),
        Cell::List(
            task.alert_ids
                .iter()
                .map(|id| id.to_string().into())
                .collect(),
        ),
        some(task.group_id(), |group| text(group.as_str())),
        text(task.assignee.name()),
        text(task.kind.name()),
        text(task.item.kind().name()),
        Cell::List(task.means.iter().map(|means| means.name().into()).collect()),
        Cell::List(
            task.resources
                .iter()
                .map(|resource| resource.name().into())
                .collect(),
        ),
        text(task.class.name()),
        text(task.approval.name()),
        text(task.state.name()),
        instants.cell(task.opened_at),
        some(task.accepted_at, |at| instants.cell(at)),
        some(task.due(), |due| instants.cell(due)),
        some(task.ended_at, |at| instants.cell(at)),
        some(beside.unit_of(task), text),
        Cell::Bool(task.is_overdue(now)),
        some(task.result(), |result| text(result.name())),
        Cell::Bool(task.verified),
        Cell::Bool(beside.to_verify.contains(&task.task_id)),
        some(titles::title(beside.locale(), &task.title), text),
        some(task.mark(), text),
        Cell::Bool(task.stalled),
        Cell::Int(task.version),
    ]
}

/// `tasks results`
#[must_use]
pub fn results(results: &[Results], reference: &Reference) -> Listing<'static> {
    let mut list = Listing::new(vec![
        Column::text("manager_id", "客户经理"),
        Column::text("name", "姓名"),
        Column::new("done", "完成", Kind::Count),
        Column::new("retained", "已挽留", Kind::Count),
        Column::new("partly_retained", "部分挽留", Kind::Count),
        Column::new("lost", "已流失", Kind::Count),
        Column::new("unreachable", "联系不上", Kind::Count),
        Column::new("save_rate", "维系成功率", Kind::Percent),
        Column::new("must_verify", "须核实", Kind::Count),
        Column::new("verified", "已核实", Kind::Count),
        Column::new("verified_retained", "核实已挽留", Kind::Count),
        Column::new("verified_save_rate", "核实成功率", Kind::Percent),
        Column::new("named_members", "预警点名成员", Kind::Count),
        Column::new("kept_members", "30 天后仍为成员", Kind::Count),
        Column::new("member_save_rate", "成员维系成功率", Kind::Percent),
    ]);
    for Results {
        assignee,
        done,
        must_verify,
        verified,
        save_rate,
        members,
    } in results
    {
        let name = assignee
            .manager()
            .and_then(|manager| reference.manager(manager))
            .map(|known| known.name.to_string());
        let (kept, of_verified) = (save_rate.claimed, save_rate.verified);
        let count = |n: u32| Cell::Int(n.into());
        list.push(vec![
            text(assignee.name()),
            some(name, text),
            Cell::Int(*done as i64),
            count(kept.retained),
            count(kept.partly_retained),
            count(kept.lost),
            count(kept.unreachable),
            some(kept.rate(), Cell::Float),
            Cell::Int(*must_verify as i64),
            Cell::Int(*verified as i64),
            count(of_verified.retained),
            some(of_verified.rate(), Cell::Float),
            count(members.named),
            count(members.kept),
            some(members.rate(), Cell::Float),
        ]);
    }
    list
}

/// `tasks show`: a task with its alerts and all that happened to it.
#[must_use]
pub fn task_file(task: &Task, of_it: &[Alert], beside: Beside<'_>) -> Document<'static> {
    let (all, instants) = (tasks(std::slice::from_ref(task), beside), beside.instants);
    Document::default()
        .with_one("task", "任务", all)
        .with_one("details", "要求", details(task, beside))
        .with_one("finish", "三处理", finish(task))
        .with_many("alerts", "预警", alerts(of_it, instants))
        .with_many("steps", "经过", steps(&task.steps, instants))
}

fn details(task: &Task, beside: Beside<'_>) -> Listing<'static> {
    let mut list = Listing::new(vec![
        Column::code("scope", "范围", words::scope),
        Column::text("scope_id", "编号"),
        Column::new("item_parts", "事项内容", Kind::List).masking(),
        Column::new("checks", "先查", Kind::List).masking(),
        Column::code("severity", "级别", codes::severity),
        at("opened_at", "开始"),
        at("accept_by", "接单期限"),
        at("asked_at", "请示"),
        at("gone_at", "全部流失"),
        at("accepted_at", "接单"),
        at("started_at", "着手"),
        at("ended_at", "结束"),
        Column::new("escalated", "上报", Kind::List),
        Column::codes("withheld", "携转保护停用", codes::means_or_resource),
        Column::codes("refused", "未批准", codes::means_or_resource),
        Column::text("remark", "备注").masking(),
    ]);
    let (instants, locale) = (beside.instants, beside.locale());
    let withheld = task
        .withheld_means
        .iter()
        .map(|means| means.name())
        .chain(task.withheld_resources.iter().map(|one| one.name()));
    let refused = task
        .refused_means
        .iter()
        .map(|means| means.name())
        .chain(task.refused_resources.iter().map(|one| one.name()));
    let optional = |t: Option<Timestamp>| some(t, |t| instants.cell(t));
    list.push(vec![
        text(task.scope.name()),
        text(task.scope.id()),
        Cell::List(
            parts(task.item_in(locale), beside)
                .into_iter()
                .map(Into::into)
                .collect(),
        ),
        Cell::List(
            titles::checks(locale, task)
                .into_iter()
                .map(Into::into)
                .collect(),
        ),
        text(task.severity.name()),
        instants.cell(task.opened_at),
        instants.cell(task.accept_by),
        optional(task.asked_at),
        optional(task.gone_at),
        optional(task.accepted_at),
        optional(task.started_at),
        optional(task.ended_at),
        Cell::List(
            task.escalated
                .iter()
                .map(|one| {
                    format!(
                        "{} → {}",
                        beside.word(
                            one.why.name(),
                            names_of_tasks::escalation(Locale::ZhCn, one.why)
                        ),
                        one.to.name()
                    )
                    .into()
                })
                .collect(),
        ),
        Cell::List(withheld.map(Into::into).collect()),
        Cell::List(refused.map(Into::into).collect()),
        some(
            task.system_note
                .map(|note| notes::system_note(locale, note)),
            text,
        ),
    ]);
    list
}

/// The parts of an item, each by its name.
fn parts(item: &Item, beside: Beside<'_>) -> Vec<String> {
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

fn finish(task: &Task) -> Listing<'static> {
    let mut list = Listing::new(vec![
        Column::code("result", "结果", codes::result),
        Column::text("summary", "小结").masking(),
        Column::text("note", "档案").masking(),
        Column::code("report_up", "上报", codes::report_up),
        Column::text("report_text", "上报内容").masking(),
        Column::new("urgent", "紧急", Kind::Bool),
        Column::new("cost_fen", "费用", Kind::Fen),
        Column::new("case", "案例", Kind::Bool),
        Column::new("lines_named", "所列号码", Kind::Count),
        Column::new("lines_churned", "已离网", Kind::Count),
        Column::new("lines_left", "已退出集团", Kind::Count),
    ]);
    if let Some(finish) = &task.finish {
        list.push(vec![
            text(finish.result.name()),
            text(finish.summary.clone()),
            text(finish.note.clone()),
            text(finish.report.about.name()),
            text(finish.report.text.clone()),
            Cell::Bool(finish.report.urgent),
            some(finish.cost_fen, Cell::Int),
            Cell::Bool(finish.is_case),
            some(finish.subscribers, |lines| Cell::Int(lines.named as i64)),
            some(finish.subscribers, |lines| Cell::Int(lines.churned as i64)),
            some(finish.subscribers, |lines| Cell::Int(lines.left as i64)),
        ]);
    }
    list
}

/// What was done to a task or an alert, and by whom.
pub(crate) fn steps(steps: &[Step], instants: Instants) -> Listing<'static> {
    let mut list = Listing::new(vec![
        at("at", "时间"),
        Column::code("what", "动作", codes::step),
        Column::text("manager_id", "名义"),
        Column::text("user", "系统用户"),
        Column::text("from", "原负责人"),
        Column::text("to", "现负责人"),
        Column::code("taken_back", "退回的结果", codes::result),
        Column::text("note", "说明").masking(),
    ]);
    for step in steps {
        let (manager, user) = actor(&step.by);
        let (from, to) = (
            step.moved.as_ref().map(|moved| &moved.from),
            step.moved.as_ref().map(|moved| &moved.to),
        );
        let of = |assignee: Option<&Assignee>| some(assignee, |assignee| text(assignee.name()));
        let taken_back = some(step.finish.as_ref(), |finish| text(finish.result.name()));
        list.push(vec![
            instants.cell(step.at),
            text(step.what.name()),
            manager,
            user,
            of(from),
            of(to),
            taken_back,
            some(step.note.clone(), text),
        ]);
    }
    list
}

fn actor(actor: &Actor) -> (Cell<'static>, Cell<'static>) {
    (
        some(actor.manager_id.as_ref(), |manager| text(manager.as_str())),
        some(actor.user.clone(), text),
    )
}

/// `alerts silences`
#[must_use]
pub fn silences(silences: &[Silence], instants: Instants) -> Listing<'static> {
    let mut list = Listing::new(vec![
        Column::text("silence_id", "静默"),
        Column::code("scope", "范围", words::scope),
        Column::text("scope_id", "编号"),
        Column::code("kind", "类型", codes::alert_kind),
        Column::text("until", "截止"),
        Column::text("reason", "原因").masking(),
        Column::text("manager_id", "名义"),
        Column::text("user", "系统用户"),
        at("made_at", "设置"),
    ]);
    for silence in silences {
        let (manager, user) = actor(&silence.by);
        list.push(vec![
            text(silence.silence_id.as_str()),
            text(silence.scope.name()),
            text(silence.scope.id()),
            some(silence.kind, |kind| text(kind.name())),
            text(silence.until.to_string()),
            text(silence.reason.clone()),
            manager,
            user,
            instants.cell(silence.made_at),
        ]);
    }
    list
}
