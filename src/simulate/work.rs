//! 四三 in one month of the demo: what was to be done, what was done, and how it ended, on a few
//! lines.
//!
//! Pure: it takes numbers and knows neither store nor worker. Invariant: a task is counted under
//! the month in which it began, and a result under the month in which its task was done.

use super::screen::{count, wide_row};
use crate::domain::local_day::Month;
use crate::domain::locale::Locale;
use crate::domain::mail::MailKind;
use crate::domain::task::TaskKind;
use crate::notify::words::demo::DemoWords;
use crate::notify::words::{mails, names};

/// Of the columns of tasks.
const WIDTHS: [usize; 6] = [8, 8, 10, 11, 11, 8];
/// Kinds of mail that fit in a line.
const MAILS_A_LINE: usize = 5;

/// The tasks of a kind that began in the month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct WorkTotals {
    pub tasks: u64,
    pub done: u64,
    /// Of those, by the time that was set.
    pub in_time: u64,
    /// Escalated for a delay.
    pub escalated: u64,
    /// Cancelled, since their cause went.
    pub cancelled: u64,
    pub open: u64,
}

/// A share, as the two numbers that it is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ShareOf {
    pub part: u64,
    pub whole: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MonthOfWork {
    pub month: Month,
    /// By kind of task, in their order.
    pub lines: Vec<(TaskKind, WorkTotals)>,
    /// 维系成功率 by the managers' own results: retained of all that were to be kept.
    pub kept_claimed: ShareOf,
    /// The same of those that somebody above has verified.
    pub kept_verified: ShareOf,
    /// Of the members whom alerts named, those who are members still after 30 days.
    pub kept_members: ShareOf,
    /// Questions answered with yes, and all that were answered.
    pub approved: ShareOf,
    /// Visits together with the chief account manager that began.
    pub joint_visits: u64,
    /// Done tasks that somebody above sent back.
    pub sent_back: u64,
    /// Mails by kind, those of which there are any.
    pub mails: Vec<(MailKind, u64)>,
}

impl MonthOfWork {
    /// The lines of the screen.
    pub(super) fn render(&self, locale: Locale) -> Vec<String> {
        let w = DemoWords::by_locale(locale);
        let title = format!("{} {}", w.work_of, self.month);
        let mut lines = vec![wide_row(&title, w.work_heads.map(String::from), WIDTHS)];
        lines.extend(self.lines.iter().map(|(kind, line)| {
            let label = names::task_kind(locale, *kind);
            let numbers = [
                line.tasks,
                line.done,
                line.in_time,
                line.escalated,
                line.cancelled,
                line.open,
            ];
            wide_row(&format!("  {label}"), numbers.map(count), WIDTHS)
        }));
        lines.extend(self.results(w));
        let mails: Vec<String> = self
            .mails
            .iter()
            .map(|(kind, number)| format!("{} {}", mails::kind(locale, *kind), count(*number)))
            .collect();
        lines.extend(
            mails
                .chunks(MAILS_A_LINE)
                .map(|some| format!("{}  {}", w.mails, some.join("  "))),
        );
        lines
    }

    fn results(&self, w: &DemoWords) -> [String; 2] {
        let kept = [
            (w.claimed, rate(self.kept_claimed)),
            (w.verified, rate(self.kept_verified)),
            (w.members_later, rate(self.kept_members)),
        ];
        let worked = [
            (w.approved, of_whole(self.approved)),
            (w.joint_visits, self.joint_visits.to_string()),
            (w.sent_back, self.sent_back.to_string()),
        ];
        let joined = |parts: [(&str, String); 3]| {
            parts
                .map(|(label, text)| format!("{label} {text}"))
                .join("  ")
        };
        [format!("{} {}", w.save_rate, joined(kept)), joined(worked)]
    }
}

fn of_whole(ShareOf { part, whole }: ShareOf) -> String {
    format!("{part}/{whole}")
}

fn rate(share: ShareOf) -> String {
    if share.whole == 0 {
        "–".to_owned()
    } else {
        format!(
            "{:.1}% ({})",
            share.part as f64 * 100.0 / share.whole as f64,
            of_whole(share)
        )
    }
}
