//! The table of event types: name, known fields, decoder.
//!
//! Invariant: every type of the contract is here once, with every field that its decoder reads.

use super::fields::Fields;
use super::status_map::StatusMaps;
use super::{boss, crm, key_date};
use crate::domain::event::{EventData, EventType};
use crate::domain::reject::Rejection;

pub(super) struct TypeRule {
    pub event_type: EventType,
    /// Every known field of `data`; all others are ignored.
    pub fields: &'static [&'static str],
    pub read: fn(&Fields<'_>, &StatusMaps) -> Result<EventData, Rejection>,
}

/// The type of that name.
pub(super) fn find(name: &str) -> Option<&'static TypeRule> {
    let event_type = EventType::parse(name)?;
    TYPES.iter().find(|rule| rule.event_type == event_type)
}

/// The known fields of a type's data.
#[must_use]
pub(crate) fn known_fields(event_type: EventType) -> &'static [&'static str] {
    let mut rules = TYPES.iter();
    let rule = rules.find(|rule| rule.event_type == event_type);
    rule.map_or(&[], |rule| rule.fields)
}

macro_rules! types {
    ($($event_type:ident $read:path: $($field:literal)*;)*) => {
        /// All types, the most frequent first.
        pub(super) const TYPES: &[TypeRule] = &[$(TypeRule { event_type: EventType::$event_type, fields: &[$($field),*], read: $read }),*];
    };
}

types! {
    SubscriberStatus boss::subscriber_status: "subscriber_id" "status" "status_code" "code_set" "reason";
    Membership boss::membership: "subscriber_id" "group_id" "change" "role" "locked" "population";
    Bill boss::bill: "bill_id" "group_id" "subscriber_id" "period" "amount_fen" "due_on";
    Payment boss::payment: "payment_id" "bill_id" "amount_fen";
    PortOut boss::port_out: "subscriber_id" "stage";
    Contact crm::contact:
        "contact_id" "group_id" "manager_id" "channel" "note" "promised_on" "fulfils" "intent" "opinion" "effect";
    Survey crm::survey: "survey_id" "group_id" "score" "scale";
    Complaint crm::complaint: "complaint_id" "group_id" "subscriber_id" "state" "category" "severity";
    Group crm::group:
        "group_id" "name" "unit_id" "manager_id" "tier" "industry" "parent_group_id" "visit_mode" "closed";
    Manager crm::manager:
        "manager_id" "name" "email" "supervisor_id" "chief" "delegate_id" "away_until" "active" "locale";
    Unit crm::unit: "unit_id" "name" "head_manager_id" "service_head_id" "chief_id";
    Project crm::project: "project_id" "group_id" "title" "due_on" "closed";
    KeyDate key_date::key_date:
        "key_date_id" "group_id" "kind" "title" "contact" "calendar" "date" "every" "lead_days" "removed";
    Feed boss::feed: "feed" "date" "events";
    Retraction boss::retraction: "source" "id";
}
