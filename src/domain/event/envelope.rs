//! An event as a whole: its place in the order of all, and its data by type.

use serde::{Deserialize, Serialize};

use super::{
    Bill, Complaint, Contact, Feed, Group, KeyDate, Manager, Membership, Payment, PortOut, Project,
    Retraction, SubscriberStatus, Survey, Unit,
};
use crate::domain::local_day::Timestamp;
use crate::domain::short_text::ShortText;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its place in the total order of events.
    pub order: Order,
    pub data: EventData,
}

/// The total order of events: time, then id, then source, texts compared as bytes.
/// (`source`, `id`) is the event's identity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Order {
    pub time: Timestamp,
    /// The producer's id, unique within the source.
    pub id: ShortText,
    /// The producer, e.g. `/boss/gz/crm`.
    pub source: ShortText,
}

/// The data of an event, by type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventData {
    /// `boss.subscriber.status.v1`
    SubscriberStatus(SubscriberStatus),
    /// `boss.port_out.v1`
    PortOut(PortOut),
    /// `boss.membership.v1`
    Membership(Membership),
    /// `boss.bill.v1`
    Bill(Bill),
    /// `boss.payment.v1`
    Payment(Payment),
    /// `crm.complaint.v1`
    Complaint(Complaint),
    /// `crm.survey.v1`
    Survey(Survey),
    /// `crm.contact.v1`
    Contact(Contact),
    /// `crm.unit.v1`
    Unit(Unit),
    /// `crm.group.v1`
    Group(Group),
    /// `crm.manager.v1`
    Manager(Manager),
    /// `crm.project.v1`
    Project(Project),
    /// `crm.key_date.v1`
    KeyDate(KeyDate),
    /// `boss.feed.v1`
    Feed(Feed),
    /// `boss.retraction.v1`
    Retraction(Retraction),
}

impl EventData {
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::SubscriberStatus(_) => "boss.subscriber.status.v1",
            Self::PortOut(_) => "boss.port_out.v1",
            Self::Membership(_) => "boss.membership.v1",
            Self::Bill(_) => "boss.bill.v1",
            Self::Payment(_) => "boss.payment.v1",
            Self::Complaint(_) => "crm.complaint.v1",
            Self::Survey(_) => "crm.survey.v1",
            Self::Contact(_) => "crm.contact.v1",
            Self::Unit(_) => "crm.unit.v1",
            Self::Group(_) => "crm.group.v1",
            Self::Manager(_) => "crm.manager.v1",
            Self::Project(_) => "crm.project.v1",
            Self::KeyDate(_) => "crm.key_date.v1",
            Self::Feed(_) => "boss.feed.v1",
            Self::Retraction(_) => "boss.retraction.v1",
        }
    }

    pub(crate) fn type_names() -> impl Iterator<Item = &'static str> {
        [
            "boss.subscriber.status.v1",
            "boss.port_out.v1",
            "boss.membership.v1",
            "boss.bill.v1",
            "boss.payment.v1",
            "crm.complaint.v1",
            "crm.survey.v1",
            "crm.contact.v1",
            "crm.unit.v1",
            "crm.group.v1",
            "crm.manager.v1",
            "crm.project.v1",
            "crm.key_date.v1",
            "boss.feed.v1",
            "boss.retraction.v1",
        ]
        .into_iter()
    }

    /// Whether it is a reference event: the latest one per id applies, and none is ever too late.
    #[must_use]
    pub(crate) fn is_reference(&self) -> bool {
        matches!(
            self,
            Self::Unit(_) | Self::Group(_) | Self::Manager(_) | Self::Project(_) | Self::KeyDate(_)
        )
    }
}
