//! The `list` commands: what the store holds, as table, JSON or CSV.

use std::collections::BTreeMap;

use crate::consume::Ignored;
use crate::domain::alert::Alert;
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::mail::Mail;
use crate::domain::reminder::{Occasion, Reminder};
use crate::notify::retry::NEVER;
use crate::notify::words::{job_outcome, names};
use crate::report::{Cell, Column, Document, Instants, Kind, Listing, words};
use crate::schedule::JobSpec;
use crate::store::{JobRun, MailEntry, SourceRow, StoredReject};

use super::codes;

pub(crate) fn count(name: &'static str, zh: &'static str) -> Column {
    Column::new(name, zh, Kind::Count)
}

pub(crate) fn number(name: &'static str, zh: &'static str) -> Column {
    Column::new(name, zh, Kind::Number)
}

pub(crate) fn at(name: &'static str, zh: &'static str) -> Column {
    Column::new(name, zh, Kind::Instant)
}

pub(crate) fn text(text: impl Into<String>) -> Cell<'static> {
    Cell::Text(std::borrow::Cow::Owned(text.into()))
}

pub(crate) fn some<T>(value: Option<T>, cell: impl Fn(T) -> Cell<'static>) -> Cell<'static> {
    value.map_or(Cell::Null, cell)
}

pub(crate) fn int(n: u64) -> Cell<'static> {
    Cell::Int(i64::try_from(n).unwrap_or(i64::MAX))
}

/// One of a closed set, by the name that events and the store have for it.
pub(crate) fn code(value: impl serde::Serialize) -> Cell<'static> {
    text(
        serde_json::to_value(value)
            .ok()
            .and_then(|name| name.as_str().map(str::to_owned))
            .unwrap_or_default(),
    )
}

/// `alerts list`
#[must_use]
pub fn alerts(alerts: &[Alert], instants: Instants) -> Listing<'static> {
    let mut list = Listing::new(vec![
        Column::text("alert_id", "预警").detail(),
        Column::code("scope", "范围", words::scope),
        Column::text("scope_id", "编号"),
        Column::code("kind", "类型", codes::alert_kind),
        Column::text("subject", "对象").masking(),
        Column::text("period", "期间").if_room(),
        count("occurrence", "次").detail(),
        Column::code("state", "状态", codes::alert_state),
        Column::code("severity", "级别", codes::severity),
        number("value", "值"),
        count("k", "k").if_room(),
        count("n", "n").if_room(),
        Column::new("p", "p", Kind::Number).detail(),
        number("expected", "期望").if_room(),
        count("needed", "需要").if_room(),
        number("limit", "限值").if_room(),
        count("fen", "金额（分）").detail(),
        at("opened_at", "触发"),
        at("resolved_at", "解除").if_room(),
        Column::code("resolved_because", "原因", codes::resolved).if_room(),
    ]);
    for alert in alerts {
        let (key, why) = (&alert.key, &alert.explanation);
        list.push(vec![
            text(alert.alert_id().as_str()),
            text(key.scope.name()),
            text(key.scope.id()),
            text(key.kind.name()),
            text(key.subject.as_str()),
            text(key.period.to_string()),
            int(u64::from(key.occurrence)),
            text(alert.state.name()),
            text(alert.severity.name()),
            some(why.value, Cell::Float),
            Cell::Int(why.k),
            Cell::Int(why.n),
            some(why.p, Cell::Float),
            some(why.expected, Cell::Float),
            some(why.needed, Cell::Int),
            some(why.limit, Cell::Float),
            some(why.fen, Cell::Int),
            instants.cell(alert.opened_at),
            some(alert.resolved_at, |t| instants.cell(t)),
            some(alert.resolved_because, |because| text(because.name())),
        ]);
    }
    list
}

/// `reminders list`: key dates, and public holidays, which are of no group customer.
#[must_use]
pub fn reminders(reminders: &[Reminder]) -> Listing<'static> {
    let mut list = Listing::new(vec![
        Column::text("reminder_id", "提醒").detail(),
        Column::text("key_date_id", "关键时刻").if_room(),
        Column::text("group_id", "集团"),
        Column::code("kind", "类型", codes::key_date),
        Column::text("title", "事由"),
        Column::text("lunar", "农历").if_room(),
        Column::text("occurs_on", "日期"),
        count("lead_days", "提前天数").if_room(),
        Column::text("send_on", "发送"),
        Column::new("late", "迟", Kind::Bool).if_room(),
        Column::new("provisional", "暂定", Kind::Bool).if_room(),
        Column::text("assignee", "负责人"),
    ]);
    for reminder in reminders {
        let mut cells = vec![text(reminder.reminder_id().as_str())];
        cells.extend(match &reminder.occasion {
            Occasion::KeyDate(of) => [
                text(of.key_date_id.as_str()),
                text(of.group_id.as_str()),
                code(of.kind),
                text(of.title.clone()),
                some(of.lunar, |lunar| text(lunar.kept.to_string())),
            ],
            Occasion::Festival(of) => [
                Cell::Null,
                Cell::Null,
                text("festival"),
                text(names::festival(Locale::ZhCn, of.festival)),
                Cell::Null,
            ],
        });
        cells.extend([
            text(reminder.occurs_on.to_string()),
            Cell::Int(i64::from(reminder.lead_days)),
            text(reminder.send_on.to_string()),
            Cell::Bool(reminder.late),
            Cell::Bool(reminder.is_provisional()),
            text(reminder.assignee.name()),
        ]);
        list.push(cells);
    }
    list
}

/// `outbox list`
#[must_use]
pub fn outbox(mails: &[MailEntry], instants: Instants) -> Listing<'static> {
    let mut list = Listing::new(vec![
        Column::text("mail_id", "邮件"),
        Column::text("message_id", "Message-ID").detail(),
        Column::code("kind", "类型", codes::mail_kind),
        Column::text("recipient", "收件人"),
        Column::text("subject", "主题").masking(),
        Column::code("state", "状态", codes::mail_state),
        count("attempts", "次数").if_room(),
        at("queued_at", "入队").if_room(),
        at("sent_at", "发出"),
        Column::text("last_reply", "回复").masking().detail(),
    ]);
    for mail in mails {
        let delivery = &mail.delivery;
        list.push(vec![
            text(mail.mail_id.as_str()),
            text(mail.message_id.clone()),
            text(mail.kind.name()),
            text(mail.recipient.clone()),
            text(mail.subject.clone()),
            text(delivery.state.name()),
            int(u64::from(delivery.attempts)),
            instants.cell(mail.queued_at),
            some(delivery.sent_at, |t| instants.cell(t)),
            some(delivery.last_reply.clone(), text),
        ]);
    }
    list
}

/// `outbox show`: a mail's delivery, and what it says; nothing of that once it is forgotten.
#[must_use]
pub fn mail_file(entry: &MailEntry, mail: Option<&Mail>, instants: Instants) -> Document<'static> {
    let mut delivery = Listing::new(vec![
        at("next_attempt_at", "下次"),
        count("lost_replies", "未得回复"),
        Column::text("last_reply", "回复").masking(),
        at("useful_until", "有效至"),
    ]);
    let delivered = &entry.delivery;
    delivery.push(vec![
        some(
            (delivered.next_attempt_at != NEVER).then_some(delivered.next_attempt_at),
            |t| instants.cell(t),
        ),
        int(u64::from(delivered.lost_replies)),
        some(delivered.last_reply.clone(), text),
        some(mail.and_then(|mail| mail.useful_until), |t| {
            instants.cell(t)
        }),
    ]);
    let mut says = Listing::new(vec![Column::text("line", "正文").masking()]);
    mail.iter()
        .flat_map(|mail| mail.text.lines())
        .for_each(|line| says.push(vec![text(line)]));
    Document::default()
        .with_one(
            "mail",
            "邮件",
            outbox(std::slice::from_ref(entry), instants),
        )
        .with_one("delivery", "投递", delivery)
        .with_many("text", "正文", says)
}

/// `rejects list`
#[must_use]
pub fn rejects(rejects: &[StoredReject], instants: Instants) -> Listing<'static> {
    let mut list = Listing::new(vec![
        count("reject_id", "编号"),
        Column::text("source", "来源"),
        count("position", "位置"),
        Column::code("class", "类别", codes::reject_class),
        Column::text("reason", "原因").masking(),
        at("at", "时间"),
    ]);
    for reject in rejects {
        list.push(vec![
            Cell::Int(reject.reject_id),
            text(reject.source.clone()),
            int(reject.position),
            text(reject.class.name()),
            text(reject.reason.clone()),
            instants.cell(reject.rejected_at),
        ]);
    }
    list
}

/// A file that is to be read anew counts anew, from the request on.
fn as_asked(row: &SourceRow) -> SourceRow {
    match row
        .file
        .filter(|marks| marks.accept_asked > marks.accept_done)
    {
        Some(_) => SourceRow {
            name: row.name.clone(),
            epoch: row.epoch,
            ..SourceRow::default()
        },
        None => row.clone(),
    }
}

/// `sources list`: what is known, and what lies beside it and is not read.
#[must_use]
pub fn sources(sources: &[SourceRow], ignored: &[Ignored], instants: Instants) -> Listing<'static> {
    let mut list = Listing::new(vec![
        Column::text("source", "来源"),
        Column::code("state", "状态", codes::source_state),
        count("position", "位置"),
        count("applied", "采用"),
        count("duplicate", "重复"),
        count("conflict", "冲突").if_room(),
        count("rejected", "拒收"),
        count("gaps", "空缺").if_room(),
        count("lag", "积压"),
        count("unknown_reason", "原因不明").if_room(),
        count("replaced_characters", "替换字符").if_room(),
        at("complete_until", "已读至").if_room(),
        Column::text("reason", "说明"),
        count("epoch", "任期").detail(),
    ]);
    let why: BTreeMap<&str, &str> = ignored
        .iter()
        .map(|one| (&*one.name, &*one.reason))
        .collect();
    let mut rows: BTreeMap<&str, SourceRow> = ignored
        .iter()
        .map(|one| {
            (
                &*one.name,
                SourceRow {
                    name: one.name.clone(),
                    ..SourceRow::default()
                },
            )
        })
        .collect();
    rows.extend(sources.iter().map(|row| (&*row.name, as_asked(row))));
    for (name, row) in rows {
        // What was a file once may be something else now.
        let (state, reason) = match why.get(name) {
            Some(reason) => ("ignored", Some(*reason)),
            None => (row.state.name(), row.state.reason()),
        };
        let mut cells = vec![text(row.name.clone()), text(state)];
        let counts = [
            row.next_position,
            row.applied,
            row.duplicate,
            row.conflict,
            row.rejected,
            row.gaps,
            row.lag,
        ];
        cells.extend(
            counts
                .into_iter()
                .chain([row.unknown_reason, row.replaced_characters])
                .map(int),
        );
        cells.push(some(row.complete_until, |t| instants.cell(t)));
        cells.push(some(reason, text));
        cells.push(int(row.epoch));
        list.push(cells);
    }
    list
}

/// `job list`: each job with its last runs and the next.
#[must_use]
pub fn jobs(
    jobs: &[(JobSpec, Option<JobRun>, Option<Timestamp>)],
    instants: Instants,
    reader: Option<Locale>,
) -> Listing<'static> {
    // Programs get what people read in English.
    let locale = reader.unwrap_or(Locale::En);
    let not_ended = if locale == Locale::ZhCn {
        "未结束"
    } else {
        "not ended"
    };
    let mut list = Listing::new(vec![
        Column::text("name", "作业"),
        Column::text("action", "动作").if_room(),
        Column::text("last_due_at", "上次应运行"),
        Column::text("outcome", "结果"),
        Column::text("next_due_at", "下次"),
    ]);
    for (job, last, next) in jobs {
        list.push(vec![
            text(job.name.as_str()),
            text(job.action.clone()),
            some(last.as_ref().map(|run| run.due_at), |t| instants.cell(t)),
            some(
                last.as_ref().map(|run| {
                    run.outcome.as_ref().map_or_else(
                        || not_ended.to_owned(),
                        |outcome| job_outcome::text(locale, outcome),
                    )
                }),
                text,
            ),
            some(*next, |t| instants.cell(t)),
        ]);
    }
    list
}
