//! Single numbers that the worker remembers.

use super::value::{get, params};
use super::{StoreError, Tx};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The instant from which on jobs are due, in microseconds.
    BeganAt,
    /// The greatest accepted event time, in microseconds.
    EventClock,
    /// The instant up to which figures have been looked at, in microseconds.
    EvaluatedAt,
    /// The instant as of which it was last judged what is missing, in microseconds: all before it
    /// had been read.
    ReadUntil,
    /// 1 when loading is done.
    Loaded,
    /// The first instant that is not closed, in microseconds.
    ClosedBefore,
    /// When months were last closed, by the clock that is configured, in microseconds.
    ClosedAt,
    /// 1 when the operators have been told that closing waits.
    ClosingWaits,
    /// Since when there has been no checked backup, in microseconds: the last one's instant, or
    /// when one was first wanted.
    BackedUpAt,
    /// 1 when the operators have been told that there is no backup.
    BackupMissed,
    /// Raised whenever what an event may be too late for changes.
    LatenessPolicy,
    /// 1 when every mail waits for an operator: the store is a restored one.
    MailsHeld,
    /// Since when the mail relay takes nothing, in microseconds; 0 when it does.
    RelayDownSince,
    /// 1 when what piled up during a long outage of the relay is to go out as digests.
    DigestsWanted,
    /// When somebody last saw whether the store can be written, in microseconds.
    ProbedAt,
    /// The digest of what lies in the folder of events unread, of which the operators have been
    /// told.
    UnreadTold,
    /// How many changes of alerts and tasks there were.
    Changes,
    /// The earliest local day whose figures changed since reports were last written.
    ChangedSince,
    /// The form of the reports' files that were written last: those of another are written anew.
    ReportForm,
    /// The due time of the last brief, in microseconds.
    BriefedAt,
    /// The due time of the brief before that one, in microseconds.
    BriefedBefore,
    /// The number of the last hint that the last brief tells.
    HintsBriefed,
    /// The number of the last hint that the brief before that one told.
    HintsBriefedBefore,
    /// The first local day whose figures follow from what is kept; of those before, what was
    /// published is kept.
    FiguresFrom,
    /// The local day before which timelines and counters have been gone through for what is not
    /// needed any more.
    ForgottenBefore,
}

impl Setting {
    const fn name(self) -> &'static str {
        match self {
            Self::BeganAt => "began_at_us",
            Self::EventClock => "event_clock_us",
            Self::EvaluatedAt => "looked_at_us",
            Self::ReadUntil => "read_until_us",
            Self::Loaded => "loaded",
            Self::ClosedBefore => "closed_before_us",
            Self::ClosedAt => "closed_at_us",
            Self::ClosingWaits => "closing_waits",
            Self::BackedUpAt => "backed_up_at_us",
            Self::BackupMissed => "backup_missed",
            Self::LatenessPolicy => "bounds",
            Self::MailsHeld => "mails_held",
            Self::RelayDownSince => "relay_down_since_us",
            Self::DigestsWanted => "digests_wanted",
            Self::ProbedAt => "probed_at_us",
            Self::UnreadTold => "unread_told",
            Self::Changes => "changes",
            Self::ChangedSince => "changed_since_day",
            Self::ReportForm => "report_form",
            Self::BriefedAt => "briefed_at_us",
            Self::BriefedBefore => "briefed_before_us",
            Self::HintsBriefed => "hints_briefed",
            Self::HintsBriefedBefore => "hints_briefed_before",
            Self::FiguresFrom => "figures_from_day",
            Self::ForgottenBefore => "forgotten_before_day",
        }
    }
}

impl Tx<'_> {
    /// What a setting holds.
    ///
    /// # Errors
    /// When the database fails, or it is not what was written.
    pub fn setting(&self, setting: Setting) -> Result<Option<i64>, StoreError> {
        self.check_rows(
            "a setting",
            include_str!("sqlite/sql/check_setting.sql"),
            params![setting.name()],
        )?;
        self.row(
            "read a setting",
            include_str!("sql/get_setting.sql"),
            params![setting.name()],
            |row| get(row, 0),
        )
    }

    pub fn set(&self, setting: Setting, value: i64) -> Result<(), StoreError> {
        self.execute(
            "write a setting",
            include_str!("sql/set_setting.sql"),
            params![setting.name(), value],
        )
        .map(drop)
    }
}
