//! The words of ops notices, in both languages.
//!
//! Invariant: the first line of a text can be a subject by itself; what to do comes last; what a
//! program reported is quoted as it was, and in Chinese it is said that it is.

use super::dates::moment;
use super::{ignored_files, job_outcome, mails, names, pauses, replies, trust};
use crate::domain::indicator::{AlertKind, ScopeKind};
use crate::domain::last_reply::LastReply;
use crate::domain::locale::Locale;
use crate::domain::mail::MailState;
use crate::domain::ops_notice::{ClosingClock, OpsNotice, Unreachable, UnsentMail};
use crate::domain::pause::Pause;
use crate::domain::trust::TrustReason;
use crate::domain::zone::Zone;

/// The heading of a notice: its topic.
#[must_use]
pub(crate) fn heading(notice: &OpsNotice, locale: Locale) -> String {
    let fixed = |zh, en| locale.pick(zh, en).to_owned();
    match notice {
        OpsNotice::TestMail => fixed("邮件通道", "mail channel"),
        OpsNotice::NoPlaybook { scope, kind } => {
            let (scope, kind) = (scope_kind(locale, *scope), names::alert_kind(locale, *kind));
            match locale {
                Locale::ZhCn => format!("没有处置模板：{scope}{kind}"),
                Locale::En => format!("no playbook: {scope}, {kind}"),
            }
        }
        OpsNotice::RelayDown { .. } => fixed("邮件服务器不可用", "mail relay"),
        OpsNotice::MailsNotSent(mails) => match locale {
            Locale::ZhCn => format!("邮件未送达 {} 封", mails.len()),
            Locale::En => format!("mails not delivered: {}", mails.len()),
        },
        OpsNotice::JobFailed { job, .. } => match locale {
            Locale::ZhCn => format!("作业 {job} 失败"),
            Locale::En => format!("job {job}"),
        },
        OpsNotice::TaskEventsNotWritten { .. } => fixed("任务办结事件未写出", "closed tasks"),
        OpsNotice::FilesIgnored { .. } => fixed("有文件未被读取", "file not read"),
        OpsNotice::FeedMissing(_) => fixed("数据源数据缺失", "feed missing"),
        OpsNotice::ClosingWaits { .. } => fixed("暂缓关账", "closing waits"),
        OpsNotice::NoBackupSince(_) => fixed("缺少备份", "no backup"),
        OpsNotice::MailsHeld { .. } => fixed("邮件暂停发送", "mails held"),
        OpsNotice::InputPaused { sources, more } => paused_input(sources, *more, locale),
        OpsNotice::RowDamaged { error } => {
            let row = error.lines().next().unwrap_or_default();
            match locale {
                Locale::ZhCn => format!("存储记录损坏（{row}）"),
                Locale::En => row.to_owned(),
            }
        }
        OpsNotice::OffsetMoved { .. } => fixed("读取位置已改", "offset moved"),
        OpsNotice::FileAccepted { .. } => fixed("文件重新读取", "file accepted"),
        OpsNotice::NoUsableAddress(persons) => no_usable_address(persons, locale),
    }
}

fn no_usable_address(persons: &[Unreachable], locale: Locale) -> String {
    let first = persons.first().map(|person| person.manager_id.as_str());
    let topic = locale.pick("没有可用邮箱", "no usable address");
    let more = persons.len().saturating_sub(1) as u64;
    about_first(topic, first.unwrap_or_default(), (more, "人"), locale)
}

fn paused_input(sources: &[(String, Pause)], more: u64, locale: Locale) -> String {
    let topic = locale.pick("数据读取已暂停", "input paused");
    match sources.split_first() {
        None => topic.to_owned(),
        Some(((first, _), rest)) => {
            about_first(topic, first, (rest.len() as u64 + more, "项"), locale)
        }
    }
}

/// A topic with the first of those that it is about, and how many more there are, with the Chinese
/// measure word for them.
fn about_first(topic: &str, first: &str, (more, measure): (u64, &str), locale: Locale) -> String {
    match (locale, more) {
        (Locale::ZhCn, 0) => format!("{topic}：{first}"),
        (Locale::ZhCn, more) => format!("{topic}：{first} 等 {} {measure}", more + 1),
        (Locale::En, 0) => format!("{topic}: {first}"),
        (Locale::En, more) => format!("{topic}: {first} and {more} more"),
    }
}

const fn scope_kind(locale: Locale, scope: ScopeKind) -> &'static str {
    match scope {
        ScopeKind::Group => locale.pick("集团", "group customer"),
        ScopeKind::Unit => locale.pick("单位", "unit"),
        ScopeKind::Company => locale.pick("公司", "company"),
    }
}

/// The text of a notice, over several lines; instants are shown in `zone`.
#[must_use]
pub(crate) fn text(notice: &OpsNotice, locale: Locale, zone: Zone) -> String {
    let zh = locale == Locale::ZhCn;
    match notice {
        OpsNotice::TestMail => test_mail(locale).to_owned(),
        OpsNotice::NoPlaybook { scope, kind } => no_playbook(*scope, *kind, locale),
        OpsNotice::RelayDown {
            refuses,
            since,
            reply,
        } => relay_down(*refuses, &moment(locale, *since, zone), reply, locale),
        OpsNotice::MailsNotSent(mails) => lines(
            locale.pick(
                "以下邮件未能确认送达，不再发送",
                "these mails are not known to be sent, and are not tried again",
            ),
            mails.iter().map(|mail| unsent(mail, locale)),
        ),
        OpsNotice::JobFailed { outcome, .. } => job_outcome::text(locale, Some(zone), outcome),
        OpsNotice::TaskEventsNotWritten {
            dir,
            error,
            disk_full,
        } => not_written(dir, error, *disk_full, locale),
        OpsNotice::FilesIgnored { files, more } => ignored_files::listed(files, *more, locale),
        OpsNotice::FeedMissing(why) => feed_missing(why, locale),
        OpsNotice::ClosingWaits {
            clock,
            says,
            newest,
            apart_days,
            allowed_days,
        } => closing_waits(
            *clock,
            &moment(locale, *says, zone),
            &moment(locale, *newest, zone),
            (*apart_days, *allowed_days),
            locale,
        ),
        OpsNotice::NoBackupSince(since) => no_backup(&moment(locale, *since, zone), locale),
        OpsNotice::MailsHeld { first_load } => mails_held(*first_load, locale),
        OpsNotice::InputPaused { sources, more } => input_paused(sources, *more, locale),
        OpsNotice::RowDamaged { error } => row_damaged(error, locale),
        OpsNotice::OffsetMoved { source, from, to } if zh => {
            format!("{source}：运维将读取位置由 {from} 改为 {to}")
        }
        OpsNotice::OffsetMoved { source, from, to } => {
            format!("{source}: an operator has moved it from offset {from} to {to}")
        }
        OpsNotice::FileAccepted { file } if zh => format!("{file}：运维要求从头重新读取"),
        OpsNotice::FileAccepted { file } => {
            format!("{file}: an operator has it read anew from its beginning")
        }
        OpsNotice::NoUsableAddress(persons) => cannot_be_mailed(persons, locale),
    }
}

fn feed_missing(why: &TrustReason, locale: Locale) -> String {
    let why = trust::reason(locale, why);
    match locale {
        Locale::ZhCn => format!(
            "{why}：当月指标暂停判定，不产生预警\n建议：检查报送方；补报 `boss.feed.v1` 后自动恢复"
        ),
        Locale::En => format!(
            "{why}: indicators of the month are frozen, no alert opens\nhint: look at what sends it; a late `boss.feed.v1` mends it"
        ),
    }
}

fn no_backup(since: &str, locale: Locale) -> String {
    match locale {
        Locale::ZhCn => format!(
            "自 {since} 以来没有经过校验的备份\n建议：用 `sisan job list` 查看作业 `backup` 的结果；检查 `backup.dir` 是否存在、可写、空间充足"
        ),
        Locale::En => format!(
            "there has been no checked backup since {since}\nhint: `sisan job list` says how the job `backup` ended; check that `backup.dir` is there, writable and has room"
        ),
    }
}

fn row_damaged(error: &str, locale: Locale) -> String {
    match locale {
        Locale::ZhCn => {
            let error = quoted(error);
            format!("存储中的一条记录与写入时不一致，已略过，其余照常\n{error}")
        }
        Locale::En => format!(
            "a row of the store is not what was written; it is left out, and all else goes on\n{error}"
        ),
    }
}

const fn test_mail(locale: Locale) -> &'static str {
    match locale {
        Locale::ZhCn => {
            "这是一封测试邮件：收到它，说明四三的邮件能送到这个邮箱。\n发件人、主题和正文里的汉字都应显示正常；请确认它没有进垃圾邮件。"
        }
        Locale::En => {
            "This is a test mail: if you read it, mails of sisan reach this mailbox.\nPlease check that it is not among the spam and that these characters are whole: 四三工作法."
        }
    }
}

fn no_playbook(scope: ScopeKind, kind: AlertKind, locale: Locale) -> String {
    match locale {
        Locale::ZhCn => format!(
            "{}级预警“{}”没有对应的处置模板，未生成任务\n建议：在 playbooks.toml 中补充",
            scope_kind(locale, scope),
            names::alert_kind(locale, kind)
        ),
        Locale::En => {
            format!(
                "no playbook for {} alerts of kind `{}`: no task was made\nhint: add one to playbooks.toml",
                scope.name(),
                kind.name()
            )
        }
    }
}

fn relay_down(refuses: bool, since: &str, reply: &LastReply, locale: Locale) -> String {
    let reply = replies::reply(locale, reply);
    match locale {
        Locale::ZhCn => format!(
            "邮件服务器{}，自 {since} 起\n答复或错误原文：{reply}\n建议：邮件会排队等待并自动重发；用 `sisan outbox list` 查看",
            if refuses {
                "拒收邮件"
            } else {
                "无法连接"
            }
        ),
        Locale::En => format!(
            "the relay {}, since {since}: {reply}\nhint: mails wait and are tried again by themselves; `sisan outbox list` shows them",
            if refuses {
                "refuses mail"
            } else {
                "cannot be reached"
            }
        ),
    }
}

fn not_written(dir: &str, error: &str, disk_full: bool, locale: Locale) -> String {
    let code = if disk_full { "E_DISK: " } else { "" };
    match locale {
        Locale::ZhCn => {
            format!(
                "{code}任务办结事件无法写入 {dir}，事件保留待写\n{}\n建议：检查 `tasks.closed_dir` 是否可写、磁盘是否已满",
                quoted(error)
            )
        }
        Locale::En => format!(
            "{code}events of tasks that are done cannot be written to {dir}: {error}; they wait\nhint: check that `tasks.closed_dir` is writable and not full"
        ),
    }
}

fn closing_waits(
    clock: ClosingClock,
    says: &str,
    newest: &str,
    (apart, allowed): (i64, i64),
    locale: Locale,
) -> String {
    match locale {
        Locale::ZhCn => {
            let clock = match clock {
                ClosingClock::Wall => "本机时钟为",
                ClosingClock::LastClosing => "上次关账时间为",
                ClosingClock::DueRun => "本次关账时间为",
            };
            format!(
                "E_CLOSING_WAITS: 未关账：{clock} {says}，最新已接收事件为 {newest}，相差 {apart} 天，`history.close_ahead_max` 为 {allowed} 天\n建议：关账不可撤销，此前的事件将不再接收；请核对本机时钟和来数的时间，一致后自动关账；确需现在关账，用 `sisan job run close_month --confirm`"
            )
        }
        Locale::En => {
            let clock = match clock {
                ClosingClock::Wall => "the clock says",
                ClosingClock::LastClosing => "months were last closed at",
                ClosingClock::DueRun => "the job is to run for",
            };
            format!(
                "E_CLOSING_WAITS: no month is closed: {clock} {says}, the newest accepted event is of {newest}: {apart} days apart, and `history.close_ahead_max` is {allowed}\nhint: what is closed stays closed, and events of before are too late; look at the clock of this machine and at the time of what comes in; then it goes on by itself, or `sisan job run close_month --confirm` closes all the same"
            )
        }
    }
}

fn mails_held(first_load: bool, locale: Locale) -> String {
    let text = match (locale, first_load) {
        (Locale::ZhCn, true) => {
            "邮件暂停发送，客户经理收不到任何邮件：系统正在首次加载数据\n建议：历史数据读完后，先运行 `sisan load done`，再运行 `sisan outbox release`"
        }
        (Locale::ZhCn, false) => {
            "邮件暂停发送，客户经理收不到任何邮件：运维已暂停，或数据库刚从备份恢复\n建议：用 `sisan outbox release` 恢复发送"
        }
        (Locale::En, true) => {
            "mails are held, and managers are told nothing: the store is being loaded for the first time\nhint: when the last file of history is read, `sisan load done`, then `sisan outbox release`"
        }
        (Locale::En, false) => {
            "mails are held, and managers are told nothing: an operator has held them, or the store was restored from a backup\nhint: `sisan outbox release` lets them go"
        }
    };
    text.to_owned()
}

fn input_paused(sources: &[(String, Pause)], more: u64, locale: Locale) -> String {
    let hint = locale.pick(
        "建议：用 `sisan sources list` 查看全部",
        "hint: `sisan sources list` shows all of them",
    );
    let rest = and_more(more, locale)
        .into_iter()
        .flat_map(|more| [more, hint.to_owned()]);
    let all = match locale {
        Locale::ZhCn => format!(
            "{} 项数据暂停读取，其余照常读取",
            sources.len() as u64 + more
        ),
        Locale::En => "all other input is read on".to_owned(),
    };
    let paused = sources
        .iter()
        .map(|(_, pause)| pauses::pause(pause, locale));
    joined(paused.chain(rest).chain([all]))
}

fn cannot_be_mailed(persons: &[Unreachable], locale: Locale) -> String {
    let (sentence, hint) = match locale {
        Locale::ZhCn => (
            "以下人员无法接收邮件，视同不在岗：其任务和邮件转给代理人、单位负责人或兜底联系人",
            "建议：更正 `crm.manager.v1` 中的 `email`：每人一个地址，如 name@example.com",
        ),
        Locale::En => (
            "these persons cannot be mailed to and count as inactive: tasks and mails go to the delegate, the unit's head or the fallback",
            "hint: correct `email` in their `crm.manager.v1`; one address each, like name@example.com",
        ),
    };
    let persons = persons.iter().map(|person| {
        format!(
            "{} {}: `{}`",
            person.manager_id,
            person.name,
            person.email.escape_debug()
        )
    });
    lines(sentence, persons.chain([hint.to_owned()]))
}

/// An error of the program's own, which is worded for operators in English.
pub(super) fn quoted(error: &str) -> String {
    format!("技术信息，错误原文：{error}")
}

/// A sentence, and the objects that it names on the lines below.
fn lines(sentence: &str, below: impl Iterator<Item = String>) -> String {
    joined([sentence.to_owned()].into_iter().chain(below))
}

pub(super) fn joined(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

pub(super) fn and_more(more: u64, locale: Locale) -> Option<String> {
    (more > 0).then(|| match locale {
        Locale::ZhCn => format!("另有 {more} 个"),
        Locale::En => format!("and {more} more"),
    })
}

fn unsent(mail: &UnsentMail, locale: Locale) -> String {
    let UnsentMail {
        mail_id,
        kind,
        state,
        last_reply,
    } = mail;
    let state = match state {
        MailState::Uncertain => locale.pick(
            "待确认（可能已送达）",
            "uncertain (it may have been delivered)",
        ),
        other => mails::state(locale, *other),
    };
    let kind = mails::kind(locale, *kind);
    let reply = last_reply
        .as_ref()
        .map(|reply| replies::reply(locale, reply));
    match (locale, reply) {
        (_, None) => format!("{mail_id} {kind} {state}"),
        (Locale::ZhCn, Some(reply)) => {
            format!("{mail_id} {kind} {state}，答复或错误原文：{reply}")
        }
        (Locale::En, Some(reply)) => format!("{mail_id} {kind} {state}: {reply}"),
    }
}
