//! The early signals: of subscribers, complaints and answers, of the figures of a group, and of
//! units.
//!
//! ```text
//! one subscriber, complaint or answer that changed ─→ subscribers, complaints, answers
//! day counters of a group ─→ windows (leavers, suspensions, nobody left), money (arrears, revenue)
//! contacts of a group ─→ contacts          complaints of a unit ─→ hotspots
//! ```
//! It may not know which of them are judged when: `plan` decides that. The four-threes manual names
//! 锁定号码流失, 集团个人客户批量离网 and 重大投诉督办; the thresholds are ours and assumptions. Invariant: a signal is
//! judged by the current facts, so a late event or a retraction undoes it.

mod answers;
mod complaints;
mod contacts;
mod hotspots;
mod money;
mod recency;
mod subscribers;
mod windows;

pub(crate) use answers::{is_low, wanted_by_answer};
pub(crate) use complaints::{complaint_signals, judged_next, wanted_by_complaint};
pub(crate) use contacts::ContactGaps;
pub(crate) use hotspots::{Hotspot, Piles, SPANS_BEFORE};
pub(crate) use money::{last_billed_period, overdue, revenue_drop};
pub(crate) use recency::{is_settled_and_recent, recent_from, wanted_by_group};
pub(crate) use subscribers::{is_judged, left_company, of_subscriber, wanted_by_subscriber};
pub(crate) use windows::{batch_leave, gone_since, suspended_on, suspension_burst};
