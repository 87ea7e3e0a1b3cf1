//! An event as a whole: its place in the order of all, and its data by type.

use serde::{Deserialize, Serialize};

use super::{
    Bill, Complaint, Contact, Feed, Group, KeyDate, Manager, Membership, Payment, PortOut, Project,
    Retraction, SubscriberStatus, Survey, Unit,
};
use crate::domain::local_day::Timestamp;
use crate::domain::names::names;
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

names! {
    pub(crate) enum EventType {
        SubscriberStatus = "boss.subscriber.status.v1",
        PortOut = "boss.port_out.v1",
        Membership = "boss.membership.v1",
        Bill = "boss.bill.v1",
        Payment = "boss.payment.v1",
        Complaint = "crm.complaint.v1",
        Survey = "crm.survey.v1",
        Contact = "crm.contact.v1",
        Unit = "crm.unit.v1",
        Group = "crm.group.v1",
        Manager = "crm.manager.v1",
        Project = "crm.project.v1",
        KeyDate = "crm.key_date.v1",
        Feed = "boss.feed.v1",
        Retraction = "boss.retraction.v1",
    }
}

/// The data of an event, by type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventData {
    SubscriberStatus(SubscriberStatus),
    PortOut(PortOut),
    Membership(Membership),
    Bill(Bill),
    Payment(Payment),
    Complaint(Complaint),
    Survey(Survey),
    Contact(Contact),
    Unit(Unit),
    Group(Group),
    Manager(Manager),
    Project(Project),
    KeyDate(KeyDate),
    Feed(Feed),
    Retraction(Retraction),
}

impl EventData {
    #[must_use]
    pub(crate) const fn event_type(&self) -> EventType {
        match self {
            Self::SubscriberStatus(_) => EventType::SubscriberStatus,
            Self::PortOut(_) => EventType::PortOut,
            Self::Membership(_) => EventType::Membership,
            Self::Bill(_) => EventType::Bill,
            Self::Payment(_) => EventType::Payment,
            Self::Complaint(_) => EventType::Complaint,
            Self::Survey(_) => EventType::Survey,
            Self::Contact(_) => EventType::Contact,
            Self::Unit(_) => EventType::Unit,
            Self::Group(_) => EventType::Group,
            Self::Manager(_) => EventType::Manager,
            Self::Project(_) => EventType::Project,
            Self::KeyDate(_) => EventType::KeyDate,
            Self::Feed(_) => EventType::Feed,
            Self::Retraction(_) => EventType::Retraction,
        }
    }

    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.event_type().name()
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
