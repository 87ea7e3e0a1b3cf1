//! How a run of a job ended, in both languages.

use super::dates;
use crate::domain::job_outcome::{ClockAhead, Forgettable, JobOutcome};
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::zone::Zone;

/// With its instants in a zone for people, in UTC for logs and programs.
#[must_use]
pub(crate) fn text(locale: Locale, zone: Option<Zone>, outcome: &JobOutcome) -> String {
    match locale {
        Locale::ZhCn => zh(zone, outcome),
        Locale::En => en(zone, outcome),
    }
}

fn instant(locale: Locale, zone: Option<Zone>, at: Timestamp) -> String {
    zone.map_or_else(|| at.to_string(), |zone| dates::moment(locale, at, zone))
}

fn zh(zone: Option<Zone>, outcome: &JobOutcome) -> String {
    match outcome {
        JobOutcome::Published { days, restated } => format!("发布 {days} 天，更正 {restated} 天"),
        JobOutcome::Briefs { managers, since } => {
            let since = instant(Locale::ZhCn, zone, *since);
            format!("{managers} 人，内容自 {since} 起")
        }
        JobOutcome::BriefsAskedLater => "未做：已有更晚的晨报".to_owned(),
        JobOutcome::Reminders(made) => format!("{made} 条提醒"),
        JobOutcome::Swept {
            begun,
            changed,
            notices,
        } => format!("新建任务 {begun}，变动 {changed}，通知 {notices}"),
        JobOutcome::Closed {
            last,
            first_open,
            forgotten,
        } => {
            format!(
                "已关账至 {last}：此后 {first_open} 以前的事件不再接收；清理事件标识 {forgotten} 个"
            )
        }
        JobOutcome::NoEventYet => "尚无已接收的事件，无账可关".to_owned(),
        JobOutcome::LoadingGoesOn => "仍在加载数据，不关账；`sisan load done` 结束加载".to_owned(),
        JobOutcome::ClosedAlready(first_open) => format!("{first_open} 以前已关账"),
        JobOutcome::WaitsForInput => "等待输入读完".to_owned(),
        JobOutcome::WaitsForClocks => "等待：各时钟不一致".to_owned(),
        JobOutcome::StoreChecked(files) => format!("数据库及 {files} 个数据文件与写入时一致"),
        JobOutcome::CheckedByServer => {
            "由数据库服务器自行校验（data checksums、amcheck）".to_owned()
        }
        JobOutcome::BackupsOff => "未启用：没有设置 `backup.dir`".to_owned(),
        JobOutcome::BackedUpByServer => {
            "由 PostgreSQL 服务器自行备份（pg_dump、pg_basebackup）".to_owned()
        }
        JobOutcome::BackedUp {
            name,
            bytes,
            removed,
        } => format!("{name}，{bytes} 字节，全部校验；清理旧备份 {removed} 个"),
        JobOutcome::WallClockOnly => "只按实际时钟运行".to_owned(),
        JobOutcome::Forgotten(what) if what.is_empty() => "没有到期的数据".to_owned(),
        JobOutcome::Forgotten(what) => format!("已清理：{}", counts(Locale::ZhCn, what)),
        JobOutcome::Failed(error) => format!("失败，错误原文：{error}"),
        JobOutcome::ClockAhead(ahead) => clock_ahead(Locale::ZhCn, zone, *ahead),
    }
}

fn en(zone: Option<Zone>, outcome: &JobOutcome) -> String {
    match outcome {
        JobOutcome::Published { days, restated } => {
            format!("{days} days published, {restated} restated")
        }
        JobOutcome::Briefs { managers, since } => {
            let since = instant(Locale::En, zone, *since);
            format!("{managers} people, what came since {since}")
        }
        JobOutcome::BriefsAskedLater => "none: later briefs were asked for".to_owned(),
        JobOutcome::Reminders(made) => format!("{made} reminders"),
        JobOutcome::Swept {
            begun,
            changed,
            notices,
        } => format!("{begun} tasks begun, {changed} changed, {notices} notices"),
        JobOutcome::Closed {
            last,
            first_open,
            forgotten,
        } => {
            format!(
                "closed until {last}: what is of before {first_open} comes too late from now on; {forgotten} identities forgotten"
            )
        }
        JobOutcome::NoEventYet => {
            "no event has been accepted yet: there is nothing to close".to_owned()
        }
        JobOutcome::LoadingGoesOn => {
            "nothing is closed while anything is being loaded; `sisan load done` ends that"
                .to_owned()
        }
        JobOutcome::ClosedAlready(first_open) => {
            format!("months before {first_open} are closed already")
        }
        JobOutcome::WaitsForInput => "waits until the input is drained".to_owned(),
        JobOutcome::WaitsForClocks => "waits: the clocks do not agree".to_owned(),
        JobOutcome::StoreChecked(files) => {
            format!("the database and {files} files beside it are what was written")
        }
        JobOutcome::CheckedByServer => {
            "the database server has its own checks (data checksums, amcheck)".to_owned()
        }
        JobOutcome::BackupsOff => "off: `backup.dir` is not set".to_owned(),
        JobOutcome::BackedUpByServer => {
            "the backups of a PostgreSQL server are its own (pg_dump, pg_basebackup)".to_owned()
        }
        JobOutcome::BackedUp {
            name,
            bytes,
            removed,
        } => {
            format!("{name} has {bytes} bytes, all of them checked; {removed} older ones removed")
        }
        JobOutcome::WallClockOnly => "goes by the wall clock only".to_owned(),
        JobOutcome::Forgotten(what) if what.is_empty() => "nothing has passed its time".to_owned(),
        JobOutcome::Forgotten(what) => format!("forgotten: {}", counts(Locale::En, what)),
        JobOutcome::Failed(error) => format!("failed: {error}"),
        JobOutcome::ClockAhead(ahead) => clock_ahead(Locale::En, zone, *ahead),
    }
}

fn clock_ahead(locale: Locale, zone: Option<Zone>, ahead: ClockAhead) -> String {
    let allowed_days = ahead.allowed_days;
    let [clock, newest] = [ahead.clock, ahead.newest].map(|at| instant(locale, zone, at));
    match locale {
        Locale::ZhCn => format!(
            "失败，E_CLOCK_AHEAD: 未清理任何数据：本机时钟为 {clock}，最新已接收事件为 {newest}，相差超过 `history.close_ahead_max` 的 {allowed_days} 天\n建议：清理不可撤销；请核对本机时钟，并查看是否仍有事件送来，一致后自动继续"
        ),
        Locale::En => format!(
            "failed: E_CLOCK_AHEAD: nothing is forgotten: the clock says {clock}, the newest accepted event is of {newest}: more than the {allowed_days} days of `history.close_ahead_max` apart\nhint: what is forgotten is gone; look at the clock of this machine and at whether events come in; then it goes on by itself"
        ),
    }
}

fn counts(locale: Locale, what: &[(Forgettable, u64)]) -> String {
    let (separator, by) = match locale {
        Locale::ZhCn => (" ", "、"),
        Locale::En => (": ", ", "),
    };
    what.iter()
        .map(|(what, count)| format!("{}{separator}{count}", forgettable(locale, *what)))
        .collect::<Vec<_>>()
        .join(by)
}

const fn forgettable(locale: Locale, what: Forgettable) -> &'static str {
    let (zh, en) = match what {
        Forgettable::MailTexts => ("邮件正文", "mails' texts"),
        Forgettable::Mails => ("邮件记录", "mails"),
        Forgettable::Tasks => ("任务", "tasks"),
        Forgettable::NamedMembers => ("预警所列成员", "named members"),
        Forgettable::Alerts => ("预警", "alerts"),
        Forgettable::Silences => ("静默", "silences"),
        Forgettable::JobRuns => ("作业记录", "runs of jobs"),
        Forgettable::Reminders => ("提醒", "reminders"),
        Forgettable::TaskEvents => ("任务办结事件", "events of tasks"),
        Forgettable::RejectBytes => ("拒收原文", "bytes of rejections"),
        Forgettable::Rejects => ("拒收记录", "rejections"),
        Forgettable::Leavers => ("离网成员", "lines that left"),
        Forgettable::BriefHints => ("变动记录", "brief hints"),
        Forgettable::References => ("资料与联系记录", "reference events and contacts"),
        Forgettable::Timelines => ("号码时间线", "timelines"),
    };
    locale.pick(zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::local_day::{LocalDay, Timestamp};
    use crate::notify::fixtures;

    #[test]
    fn every_outcome_reads_in_both_languages_and_comes_back_from_the_store() {
        let day = LocalDay::from_number(20_700);
        let all = [
            JobOutcome::Published {
                days: 1,
                restated: 2,
            },
            JobOutcome::Briefs {
                managers: 3,
                since: Timestamp::from_micros(0),
            },
            JobOutcome::BriefsAskedLater,
            JobOutcome::Reminders(4),
            JobOutcome::Swept {
                begun: 1,
                changed: 2,
                notices: 3,
            },
            JobOutcome::Closed {
                last: day.plus(-1),
                first_open: day,
                forgotten: 5,
            },
            JobOutcome::NoEventYet,
            JobOutcome::LoadingGoesOn,
            JobOutcome::ClosedAlready(day),
            JobOutcome::WaitsForInput,
            JobOutcome::WaitsForClocks,
            JobOutcome::StoreChecked(6),
            JobOutcome::CheckedByServer,
            JobOutcome::BackupsOff,
            JobOutcome::BackedUpByServer,
            JobOutcome::BackedUp {
                name: "sisan.backup".to_owned(),
                bytes: 7,
                removed: 8,
            },
            JobOutcome::WallClockOnly,
            JobOutcome::Forgotten(Vec::new()),
            JobOutcome::Forgotten(vec![(Forgettable::Mails, 1), (Forgettable::Timelines, 2)]),
            JobOutcome::Failed("no disk".to_owned()),
            JobOutcome::ClockAhead(ClockAhead {
                clock: Timestamp::from_micros(1),
                newest: Timestamp::from_micros(0),
                allowed_days: 45,
            }),
        ];
        for outcome in all {
            let [zh, en] = [Locale::ZhCn, Locale::En].map(|locale| text(locale, None, &outcome));
            assert!(fixtures::are_zh_and_en(&zh, &en), "{zh} {en}");
            let stored = serde_json::to_string(&outcome).expect("JSON");
            assert_eq!(
                serde_json::from_str::<JobOutcome>(&stored).expect("the same"),
                outcome
            );
        }
    }

    #[test]
    fn briefs_are_counted_in_people_since_heads_and_supervisors_get_them_too() {
        let briefs = JobOutcome::Briefs {
            managers: 42,
            since: Timestamp::from_micros(0),
        };
        assert_eq!(
            text(Locale::ZhCn, None, &briefs),
            "42 人，内容自 1970-01-01T00:00:00Z 起"
        );
        assert_eq!(
            text(Locale::En, None, &briefs),
            "42 people, what came since 1970-01-01T00:00:00Z"
        );
    }

    #[test]
    fn what_was_forgotten_is_counted_by_kind() {
        let forgotten =
            JobOutcome::Forgotten(vec![(Forgettable::Mails, 1), (Forgettable::Timelines, 2)]);
        assert_eq!(
            text(Locale::En, None, &forgotten),
            "forgotten: mails: 1, timelines: 2"
        );
        assert_eq!(
            text(Locale::ZhCn, None, &forgotten),
            "已清理：邮件记录 1、号码时间线 2"
        );
    }
}
