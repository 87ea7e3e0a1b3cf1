//! How a run of a job ended, and how that reads.
//!
//! It may not know what jobs there are. Invariant: what an outcome is follows from what it is,
//! never from how it reads.

use serde::{Deserialize, Serialize};

use super::local_day::{LocalDay, Timestamp};
use super::locale::Locale;

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobOutcome {
    /// Days published for the first time, and once more.
    Published {
        /// For the first time.
        days: u64,
        /// Once more.
        restated: u64,
    },
    /// Briefs were asked for.
    Briefs {
        /// For so many managers.
        managers: u64,
        /// What came since then.
        since: Timestamp,
    },
    /// Later briefs were asked for.
    BriefsAskedLater,
    /// So many reminders were made.
    Reminders(u64),
    /// Open tasks were gone through.
    Swept {
        /// Tasks that it began.
        begun: u64,
        /// Tasks that it changed.
        changed: u64,
        /// What it has told.
        told: u64,
    },
    Closed {
        /// The last day that is closed.
        last: LocalDay,
        /// The first that is open.
        first_open: LocalDay,
        /// Identities that were forgotten.
        forgotten: u64,
    },
    /// No event has been accepted.
    NoEventYet,
    /// Something is being loaded.
    LoadingGoesOn,
    /// What lies before this day is closed.
    ClosedAlready(LocalDay),
    /// An event clock goes on until the input is drained.
    WaitsForInput,
    /// The clocks do not agree.
    WaitsForClocks,
    /// The store was read once through: the database and so many files.
    StoreChecked(u64),
    /// The database server has checks of its own.
    CheckedByServer,
    /// No folder for copies is set.
    BackupsOff,
    /// The database server has copies of its own.
    BackedUpByServer,
    /// A copy was made.
    BackedUp {
        name: String,
        bytes: u64,
        /// Older ones that were removed.
        removed: u64,
    },
    /// The disk does not go by the event clock.
    WallClockOnly,
    /// What has passed its time, and how much of each.
    Forgotten(Vec<(Forgettable, u64)>),
    /// It failed, with this error.
    Failed(String),
    /// As a program of before wrote it.
    Said(String),
}

macro_rules! forgettable {
    ($($(#[$doc:meta])* $name:ident = $zh:literal / $en:literal,)*) => {
        /// What is forgotten when its time has passed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Forgettable { $($(#[$doc])* $name,)* }

        impl Forgettable {
            /// As people read it.
            #[must_use]
            pub const fn text(self, locale: Locale) -> &'static str {
                match (locale, self) {
                    $((Locale::ZhCn, Self::$name) => $zh, (Locale::En, Self::$name) => $en,)*
                }
            }
        }
    };
}

forgettable! {
    /// The texts of mails.
    MailTexts = "邮件正文" / "mails' texts",
    /// Mails in the ledger.
    Mails = "邮件记录" / "mails",
    /// Tasks that have ended.
    Tasks = "任务" / "tasks",
    /// Members that alerts named.
    NamedMembers = "预警所列成员" / "named members",
    /// Alerts that are over.
    Alerts = "预警" / "alerts",
    /// Silences that are over.
    Silences = "静默" / "silences",
    JobRuns = "作业记录" / "runs of jobs",
    Reminders = "提醒" / "reminders",
    /// What BOSS and CRM were told of tasks.
    TaskEvents = "任务办结事件" / "events of tasks",
    RejectBytes = "拒收原文" / "bytes of rejections",
    Rejects = "拒收记录" / "rejections",
    /// Lines that have left.
    Leavers = "离网成员" / "lines that left",
    /// What briefs tell of batches.
    BriefHints = "变动记录" / "the news of batches",
    /// Reference events and contacts.
    References = "资料与联系记录" / "reference events and contacts",
    Timelines = "号码时间线" / "timelines",
}

impl JobOutcome {
    #[must_use]
    pub const fn is_failure(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    /// As people read it.
    #[must_use]
    pub fn text(&self, locale: Locale) -> String {
        match locale {
            Locale::ZhCn => self.zh(),
            Locale::En => self.en(),
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::Published { days, restated } => format!("发布 {days} 天，更正 {restated} 天"),
            Self::Briefs { managers, since } => format!("{managers} 位客户经理，内容自 {since} 起"),
            Self::BriefsAskedLater => "未做：已有更晚的晨报".to_owned(),
            Self::Reminders(made) => format!("{made} 条提醒"),
            Self::Swept {
                begun,
                changed,
                told,
            } => format!("新建任务 {begun}，变动 {changed}，通知 {told}"),
            Self::Closed {
                last,
                first_open,
                forgotten,
            } => {
                format!(
                    "已关账至 {last}：此后 {first_open} 以前的事件不再接收；清理事件标识 {forgotten} 个"
                )
            }
            Self::NoEventYet => "尚无已接收的事件，无账可关".to_owned(),
            Self::LoadingGoesOn => "仍在加载数据，不关账；`sisan load done` 结束加载".to_owned(),
            Self::ClosedAlready(first_open) => format!("{first_open} 以前已关账"),
            Self::WaitsForInput => "等待输入读完".to_owned(),
            Self::WaitsForClocks => "等待：各时钟不一致".to_owned(),
            Self::StoreChecked(files) => format!("数据库及 {files} 个数据文件与写入时一致"),
            Self::CheckedByServer => "由数据库服务器自行校验（data checksums、amcheck）".to_owned(),
            Self::BackupsOff => "未启用：没有设置 `backup.dir`".to_owned(),
            Self::BackedUpByServer => {
                "由 PostgreSQL 服务器自行备份（pg_dump、pg_basebackup）".to_owned()
            }
            Self::BackedUp {
                name,
                bytes,
                removed,
            } => format!("{name}，{bytes} 字节，全部校验；清理旧备份 {removed} 个"),
            Self::WallClockOnly => "只按实际时钟运行".to_owned(),
            Self::Forgotten(what) if what.is_empty() => "没有到期的数据".to_owned(),
            Self::Forgotten(what) => format!("已清理：{}", counts(what, Locale::ZhCn, "、")),
            Self::Failed(error) => format!("失败：{error}"),
            Self::Said(text) => text.clone(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::Published { days, restated } => {
                format!("{days} days published, {restated} restated")
            }
            Self::Briefs { managers, since } => {
                format!("{managers} managers, what came since {since}")
            }
            Self::BriefsAskedLater => "none: later briefs were asked for".to_owned(),
            Self::Reminders(made) => format!("{made} reminders"),
            Self::Swept {
                begun,
                changed,
                told,
            } => format!("{begun} tasks begun, {changed} changed, {told} told"),
            Self::Closed {
                last,
                first_open,
                forgotten,
            } => {
                format!(
                    "closed until {last}: what is of before {first_open} comes too late from now on; {forgotten} identities forgotten"
                )
            }
            Self::NoEventYet => {
                "no event has been accepted yet: there is nothing to close".to_owned()
            }
            Self::LoadingGoesOn => {
                "nothing is closed while anything is being loaded; `sisan load done` ends that"
                    .to_owned()
            }
            Self::ClosedAlready(first_open) => {
                format!("months before {first_open} are closed already")
            }
            Self::WaitsForInput => "waits until the input is drained".to_owned(),
            Self::WaitsForClocks => "waits: the clocks do not agree".to_owned(),
            Self::StoreChecked(files) => {
                format!("the database and {files} files beside it are what was written")
            }
            Self::CheckedByServer => {
                "the database server has its own checks (data checksums, amcheck)".to_owned()
            }
            Self::BackupsOff => "off: `backup.dir` is not set".to_owned(),
            Self::BackedUpByServer => {
                "the backups of a PostgreSQL server are its own (pg_dump, pg_basebackup)".to_owned()
            }
            Self::BackedUp {
                name,
                bytes,
                removed,
            } => {
                format!(
                    "{name} has {bytes} bytes, all of them checked; {removed} older ones removed"
                )
            }
            Self::WallClockOnly => "goes by the wall clock only".to_owned(),
            Self::Forgotten(what) if what.is_empty() => "nothing has passed its time".to_owned(),
            Self::Forgotten(what) => format!("forgotten: {}", counts(what, Locale::En, ", ")),
            Self::Failed(error) => format!("failed: {error}"),
            Self::Said(text) => text.clone(),
        }
    }
}

fn counts(what: &[(Forgettable, u64)], locale: Locale, by: &str) -> String {
    let separator = if locale == Locale::ZhCn { " " } else { ": " };
    what.iter()
        .map(|(what, count)| format!("{}{separator}{count}", what.text(locale)))
        .collect::<Vec<_>>()
        .join(by)
}

#[cfg(test)]
mod tests {
    use super::*;

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
                told: 3,
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
        ];
        let has_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for outcome in all {
            let [zh, en] = [Locale::ZhCn, Locale::En].map(|locale| outcome.text(locale));
            assert!(has_chinese(&zh) && !has_chinese(&en), "{zh} {en}");
            let stored = serde_json::to_string(&outcome).expect("JSON");
            assert_eq!(
                serde_json::from_str::<JobOutcome>(&stored).expect("the same"),
                outcome
            );
        }
        let forgotten =
            JobOutcome::Forgotten(vec![(Forgettable::Mails, 1), (Forgettable::Timelines, 2)]);
        assert_eq!(
            forgotten.text(Locale::En),
            "forgotten: mails: 1, timelines: 2"
        );
        assert_eq!(
            forgotten.text(Locale::ZhCn),
            "已清理：邮件记录 1、号码时间线 2"
        );
    }
}
