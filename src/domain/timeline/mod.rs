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

pub use bill::{BillChange, BillTimeline};
pub use billed_subscriber::{BilledSubscriber, BilledSubscriberKey};
pub use changes::SubscriberChange;
pub use complaint::{ComplaintChange, ComplaintNow, ComplaintTimeline};
pub use differences::Differences;
pub use subscriber::{MemberOf, SubscriberFact, SubscriberTimeline, SubscriberTrouble};
pub use subscriber_now::{Departure, Departures, SubscriberNow};
pub use survey::{AnswerNow, SurveyTimeline};
pub use walk::Walk;
