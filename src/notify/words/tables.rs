//! The words of one language, as one table for each kind of mail.

use serde::Serialize;

use super::{BriefWords, UpwardWords, en, zh_cn};
use crate::domain::locale::Locale;

/// The words of one language.
#[derive(Debug, Serialize)]
pub(crate) struct Words {
    /// For the HTML `lang` attribute.
    pub lang: &'static str,
    /// Before a mark such as the severity.
    pub open: &'static str,
    /// After a mark.
    pub close: &'static str,
    /// Between a label and what it labels.
    pub colon: &'static str,
    /// Between items of a list in a line.
    pub comma: &'static str,
    /// Between two sentences in a line.
    pub semicolon: &'static str,
    pub paren: &'static str,
    pub paren_end: &'static str,
    /// Frame of every mail.
    pub frame: FrameWords,
    /// Of `alert_task`.
    pub alert_task: AlertTaskWords,
    /// Of `digest`.
    pub digest: DigestWords,
    /// Of `daily_brief`.
    pub brief: BriefWords,
    /// Of `approval_request`, `escalation` and `report_up`.
    pub upward: UpwardWords,
    /// Of `reminder`.
    pub reminder: ReminderWords,
    /// Of `ops_notice`.
    pub ops_notice: OpsNoticeWords,
}

/// The words around every mail.
#[derive(Debug, Serialize)]
pub(crate) struct FrameWords {
    pub from: &'static str,
    /// That nobody reads replies.
    pub automatic: &'static str,
    /// Before the zone in which all times are.
    pub times: &'static str,
    pub stop: &'static str,
    /// That numbers are masked.
    pub masked: &'static str,
    /// That links change nothing.
    pub links: &'static str,
    /// Before the name of whom the mail was for.
    pub instead_of: &'static str,
    /// Mark of a mail that is only a test.
    pub test: &'static str,
}

/// Words of `alert_task`.
#[derive(Debug, Serialize)]
pub(crate) struct AlertTaskWords {
    /// Heading of the reasons.
    pub why: &'static str,
    /// Heading of the customer.
    pub who: &'static str,
    /// Heading of the work.
    pub what: &'static str,
    /// Heading of the time limits.
    pub by_when: &'static str,
    /// Label of the value.
    pub value: &'static str,
    /// Label of the limit.
    pub limit: &'static str,
    pub fired: &'static str,
    pub customer: &'static str,
    /// A unit or the company, where the subject of a mail is no group customer.
    pub scope: &'static str,
    pub head: &'static str,
    pub tier: &'static str,
    pub unit: &'static str,
    pub manager: &'static str,
    pub accept_by: &'static str,
    pub due: &'static str,
    /// Beside the due time of a task that waits for an answer.
    pub clock_stopped: &'static str,
    /// Mark of a mail about nothing but subscribers that have gone.
    pub lost_mark: &'static str,
    /// The request to the assignee of a task of which nothing is left to keep.
    pub lost: &'static str,
    /// Before what somebody did not agree to.
    pub refused: &'static str,
    pub lost_how: &'static str,
    /// The same where its due clock runs on.
    pub lost_how_in_time: &'static str,
    /// Instead of what is to be done, for a task that somebody above has cancelled.
    pub cancelled: &'static str,
    /// The parts of an item.
    pub item_way: &'static str,
    pub item_what: &'static str,
    pub item_whom: &'static str,
    pub item_purpose: &'static str,
    pub item_prepare: &'static str,
    pub item_plan: &'static str,
    /// Beside an item of which a part was refused.
    pub before_refusal: &'static str,
    pub class: &'static str,
    /// 三落实
    pub kind: &'static str,
    /// State of the task.
    pub state: &'static str,
    /// 三查
    pub check: &'static str,
    /// 三定
    pub decide: &'static str,
    /// 定工作事项
    pub item: &'static str,
    /// 定工作手段
    pub means: &'static str,
    /// 定所需资源
    pub resources: &'static str,
    pub no_resources: &'static str,
    /// Ask first.
    pub approval: &'static str,
    /// 三处理
    pub finish: &'static str,
    /// 更新服务档案
    pub finish_note: &'static str,
    /// 重要信息上报
    pub finish_report: &'static str,
    /// 工作成果小结
    pub finish_result: &'static str,
    /// What the port-out guard withholds.
    pub withheld: &'static str,
    pub withheld_why: &'static str,
    /// What is at stake.
    pub stake: &'static str,
    /// To whom and when it was escalated.
    pub escalated: &'static str,
    /// Heading of a task that no alert began.
    pub origin: &'static str,
    /// What the system notes on the task.
    pub remark: &'static str,
    pub task: &'static str,
    pub open_task: &'static str,
    /// Asks whether the mail was useful.
    pub useful: &'static str,
}

/// Words of `digest`.
#[derive(Debug, Serialize)]
pub(crate) struct DigestWords {
    /// Mark in the subject.
    pub mark: &'static str,
    pub why: &'static str,
}

/// Words of `reminder`.
#[derive(Debug, Serialize)]
pub(crate) struct ReminderWords {
    /// Title of the mail.
    pub title: &'static str,
    pub contact: &'static str,
    pub customer: &'static str,
    /// It is sent later than planned.
    pub late: &'static str,
    pub greeting: &'static str,
    /// Days off of a festival.
    pub days_off: &'static str,
    /// Weekend days that are worked for it.
    pub make_up: &'static str,
    /// Its days off are not known yet.
    pub provisional: &'static str,
    /// That another mail comes once they are.
    pub not_published: &'static str,
    /// They have become known since the last plan.
    pub replanned: &'static str,
    /// What to do now for a festival.
    pub plan: &'static str,
    /// What the calendar part is.
    pub calendar: &'static str,
}

/// Words of `ops_notice`.
#[derive(Debug, Serialize)]
pub(crate) struct OpsNoticeWords {
    /// Mark in the subject.
    pub mark: &'static str,
    /// Label of the topic.
    pub topic: &'static str,
    /// Label of the time.
    pub since: &'static str,
    pub what: &'static str,
    pub hint: &'static str,
}

/// The table of a language.
#[must_use]
pub(crate) const fn by_locale(locale: Locale) -> &'static Words {
    match locale {
        Locale::ZhCn => &zh_cn::WORDS,
        Locale::En => &en::WORDS,
    }
}
