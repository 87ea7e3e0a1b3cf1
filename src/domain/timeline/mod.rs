//! Timelines: all events of one subscriber, complaint, answer or bill, and their contribution to
//! the day counters.
//!
//! Each timeline is a set of events in their total order, and its contributions are a pure function
//! of it. Applying or retracting an event adds `contributions(after) − contributions(before)`.
//! Invariant: the sum of all contributions equals the definitions of the figures, whatever the
//! order of arrival.

mod bill;
mod billed_subscriber;
mod changes;
mod complaint;
mod differences;
mod subscriber;
mod subscriber_now;
mod survey;
mod troubles;
mod walk;

pub(crate) use bill::BillTimeline;
pub(crate) use billed_subscriber::{BilledSubscriber, BilledSubscriberKey};
pub(crate) use changes::SubscriberChange;
pub(crate) use complaint::ComplaintNow;
pub use complaint::ComplaintTimeline;
pub use differences::Differences;
pub use subscriber::SubscriberTimeline;
pub(crate) use subscriber::{SubscriberFact, SubscriberTrouble};
pub(crate) use subscriber_now::{Departure, Departures, SubscriberNow};
pub(crate) use survey::{AnswerNow, SurveyTimeline};
pub(crate) use walk::Walk;
