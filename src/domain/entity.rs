//! Keys and states of the timelines.

use serde::{Deserialize, Serialize};

use super::identity::digest_of_kind;
use super::ids::{BillId, ComplaintId, SubscriberId, SurveyId};
use super::local_day::{LocalDay, Timestamp};
use super::timeline::{
    BillTimeline, BilledSubscriber, BilledSubscriberKey, ComplaintTimeline, SubscriberTimeline,
    SurveyTimeline,
};

/// The timeline, or the set in memory, that an event belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum EntityKey {
    Subscriber(SubscriberId),
    Complaint(ComplaintId),
    Survey(SurveyId),
    /// A bill with its payments.
    Bill(BillId),
    /// Whether a subscriber has a bill of a period in a group.
    BilledSubscriber(Box<BilledSubscriberKey>),
    /// Reference events, contacts and feed closings.
    Reference,
    /// A retraction: it cannot be retracted itself.
    Retraction,
}

impl EntityKey {
    /// The digest of the key in the store.
    #[must_use]
    pub fn digest(&self) -> u128 {
        match self {
            Self::Subscriber(id) => digest_of_kind(1, id.as_str()),
            Self::Complaint(id) => digest_of_kind(2, id.as_str()),
            Self::Survey(id) => digest_of_kind(3, id.as_str()),
            Self::Bill(id) => digest_of_kind(4, id.as_str()),
            Self::BilledSubscriber(key) => {
                // The separator is a control character, which no id holds.
                digest_of_kind(
                    5,
                    &format!(
                        "{}\0{}\0{}",
                        key.group_id,
                        key.period.number(),
                        key.subscriber_id
                    ),
                )
            }
            Self::Reference => digest_of_kind(6, ""),
            Self::Retraction => digest_of_kind(7, ""),
        }
    }
}

/// The state of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entity {
    Subscriber(SubscriberTimeline),
    Complaint(ComplaintTimeline),
    Survey(SurveyTimeline),
    Bill(BillTimeline),
    BilledSubscriber(BilledSubscriber),
}

impl Entity {
    /// Whether no open object and no figure of `day` or later needs it; `t` is when that day
    /// begins. A subscriber is needed for ever: whether it is a member, and whether it ever was
    /// one, is asked however long ago it joined.
    #[must_use]
    pub fn is_over_before(&self, t: Timestamp, day: LocalDay) -> bool {
        match self {
            Self::Subscriber(_) => false,
            Self::Complaint(complaint) => complaint.is_over_before(t),
            Self::Survey(answer) => answer.is_before(t),
            Self::Bill(bill) => bill.is_over_before(t, day),
            Self::BilledSubscriber(subscriber) => subscriber.is_before(day),
        }
    }

    /// The empty timeline for a key; none for keys that have no timeline.
    #[must_use]
    pub fn empty(key: &EntityKey) -> Option<Self> {
        match key {
            EntityKey::Subscriber(_) => Some(Self::Subscriber(SubscriberTimeline::default())),
            EntityKey::Complaint(_) => Some(Self::Complaint(ComplaintTimeline::default())),
            EntityKey::Survey(_) => Some(Self::Survey(SurveyTimeline::default())),
            EntityKey::Bill(_) => Some(Self::Bill(BillTimeline::default())),
            EntityKey::BilledSubscriber(_) => {
                Some(Self::BilledSubscriber(BilledSubscriber::default()))
            }
            EntityKey::Reference | EntityKey::Retraction => None,
        }
    }
}
