//! Single numbers that the worker stores.

use super::value::{get, params};
use super::{StoreError, Tx};
use crate::domain::names::names;

names! {
    pub enum Setting {
        /// The instant from which on jobs are due, in microseconds.
        BeganAt = "began_at_us",
        /// The greatest accepted event time, in microseconds.
        EventClock = "event_clock_us",
        /// The instant up to which figures have been evaluated, in microseconds.
        EvaluatedAt = "evaluated_at_us",
        /// The instant as of which absence was last judged, in microseconds: everything before it
        /// had been read.
        ReadUntil = "read_until_us",
        /// 1 when loading is done.
        Loaded = "loaded",
        /// The first instant that is not closed, in microseconds.
        ClosedBefore = "closed_before_us",
        /// When months were last closed, by the clock that is configured, in microseconds.
        ClosedAt = "closed_at_us",
        /// 1 when the operators have been notified that closing waits.
        ClosingWaits = "closing_waits",
        /// Since when there has been no checked backup, in microseconds: the last one's instant, or
        /// when one was first wanted.
        BackedUpAt = "backed_up_at_us",
        /// 1 when the operators have been notified that there is no backup.
        BackupMissed = "backup_missed",
        /// Raised whenever the lateness policy changes.
        LatenessPolicy = "lateness_policy",
        /// 1 when every mail waits for an operator: the store is a restored one.
        MailsHeld = "mails_held",
        /// Since when the mail relay takes nothing, in microseconds; 0 when it does.
        RelayDownSince = "relay_down_since_us",
        /// 1 when what piled up during a long outage of the relay is to go out as digests.
        DigestsWanted = "digests_wanted",
        /// When it was last tried whether the store can be written, in microseconds.
        ProbedAt = "probed_at_us",
        /// The digest of the ignored files in the folder of events of which the operators have been
        /// notified.
        IgnoredNotified = "ignored_notified",
        /// How many changes of alerts and tasks there were.
        Changes = "changes",
        /// The earliest local day whose figures changed since reports were last written.
        ChangedSince = "changed_since_day",
        /// The format of the report files that were written last: those in another are written
        /// again.
        ReportForm = "report_form",
        /// The due time of the last brief, in microseconds.
        BriefedAt = "briefed_at_us",
        /// The due time of the brief before that one, in microseconds.
        BriefedBefore = "briefed_before_us",
        /// The number of the last hint that the last brief covers.
        HintsBriefed = "hints_briefed",
        /// The number of the last hint that the brief before that one covers.
        HintsBriefedBefore = "hints_briefed_before",
        /// The first local day whose figures can be computed from what is kept; of the days before,
        /// only what was published is kept.
        FiguresFrom = "figures_from_day",
        /// The local day before which timelines and counters that are not needed any more have been
        /// removed.
        ForgottenBefore = "forgotten_before_day",
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
