//! Input and output of composing: pending notices with their subjects in, mails and dropped notices
//! out.
//!
//! Values only. Invariant: they hold everything that a mail shows, so that composing loads nothing.

use std::collections::BTreeMap;

use chrono::{Datelike, TimeDelta};
use serde::Serialize;

use super::address::FallbackAddress;
use super::room::Room;
use super::words::dates;
use crate::domain::alert::Alert;
use crate::domain::brief::Brief;
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::mail::{Mail, Notice};
use crate::domain::reference::Reference;
use crate::domain::reminder::Reminder;
use crate::domain::task::{Assignee, Task};
use crate::domain::timeline::Departures;
use crate::domain::zone::Zone;

/// The subject of a notice in its present state.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum About {
    /// A task with all its alerts.
    Task {
        task: Box<Task>,
        /// Every alert that it answers.
        alerts: Vec<Alert>,
        /// Mean bill of the last three billed periods of its group customer, in fen.
        at_stake_fen: Option<i64>,
        /// Without an answer until then it is escalated; for a task that waits for an answer.
        answer_by: Option<Timestamp>,
        /// Who was asked for it.
        approver: Option<Assignee>,
        /// Whether all the subscribers that it concerns have gone.
        is_lost: bool,
        /// How the subscribers that it names have gone.
        departures: Departures,
    },
    Brief(Box<Brief>),
    Reminder(Box<Reminder>),
    /// An ops notice carries its own content.
    Ops,
    /// Its subject is no longer there.
    Gone,
}

/// A notice that no mail has covered yet, with its subject.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PendingNotice {
    pub notice: Notice,
    pub about: About,
}

/// Up to how many mails a person gets in an hour.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HourlyCap<'a> {
    /// `mail.per_person_per_hour_max`: holds back tasks that are not critical; every other mail is
    /// counted, and sent.
    pub mails_max: u32,
    /// How many were queued for each address in the last hour.
    pub queued: &'a BTreeMap<String, u32>,
}

/// How long a mail of a kind is worth sending, from when it is queued.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UsefulFor {
    /// `alert_task`.
    pub alert_task: TimeDelta,
    /// `approval_request`, `escalation` and `report_up`.
    pub upward: TimeDelta,
    /// `ops_notice`.
    pub ops_notice: TimeDelta,
}

impl Default for UsefulFor {
    /// Five days for a task and what goes upwards, one for an ops notice. A brief is useful until
    /// its day is over, a reminder until its last date is.
    fn default() -> Self {
        Self {
            alert_task: TimeDelta::days(5),
            upward: TimeDelta::days(5),
            ops_notice: TimeDelta::days(1),
        }
    }
}

/// What composing needs to know beside the notices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ComposeContext<'a> {
    /// In which times and dates are written.
    pub zone: Zone,
    pub reference: &'a Reference,
    /// For readers without a language of their own.
    pub default_locale: Locale,
    /// The address of mails whose assignee has no usable address; must be usable itself.
    pub fallback: &'a FallbackAddress,
    /// `mail.ops`: addresses of the operators; with none, the fallback gets ops notices.
    pub ops: &'a [String],
    /// `http.base_url`, where tasks have pages.
    pub base_url: Option<&'a str>,
    /// Right-hand side of the ids of calendar entries, e.g. the domain of `mail.from`.
    pub id_domain: &'a str,
    /// How long mails are worth sending.
    pub useful_for: UsefulFor,
    /// None: no cap.
    pub cap: Option<HourlyCap<'a>>,
    /// How much is shown.
    pub room: Room,
    /// When they are queued.
    pub now: Timestamp,
    /// Up to when everything has been read, where some input has not: an absence is reported as of
    /// it.
    pub read_until: Option<Timestamp>,
}

impl ComposeContext<'_> {
    /// An instant as a reader reads it: in the zone that the foot of the mail names.
    #[must_use]
    pub(crate) fn instant(&self, at: Timestamp, locale: Locale) -> String {
        dates::instant(
            locale,
            self.zone.local(at),
            self.zone.local(self.now).year(),
        )
    }
}

/// A mail to queue, with the notices that it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Composed {
    pub mail: Mail,
    /// Ids of the notices that it covers, sorted.
    pub notice_ids: Vec<String>,
    /// Ids of the alerts, tasks, reminders or the topic that it covers, sorted; its subject key is
    /// their digest.
    pub covered_ids: Vec<String>,
}

/// Why a notice was taken without a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DropReason {
    /// Its task was done meanwhile.
    TaskDone,
    /// Its task was cancelled meanwhile.
    TaskCancelled,
    /// The request has been settled meanwhile: the task is answered or accepted, or has more time.
    Settled,
    /// Its subject is no longer there.
    Gone,
    /// It came too late to be of use.
    TooLate,
    /// Its reader has had his mails of this hour; the task is in his list.
    OverCap,
}

/// A notice that was taken without a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dropped {
    pub notice_id: String,
    pub reason: DropReason,
}

/// What became of the due notices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Composition {
    pub mails: Vec<Composed>,
    /// Notices without a mail.
    pub dropped: Vec<Dropped>,
}
