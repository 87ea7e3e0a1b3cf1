//! The table of event types: name, known fields, decoder.
//!
//! Invariant: every type of the contract is here once, with every field that its decoder reads.

use super::fields::Fields;
use super::status_map::StatusMaps;
use super::{boss, crm, key_date};
use crate::domain::event::EventData;
use crate::domain::reject::Rejection;

pub(super) struct TypeRule {
    pub name: &'static str,
    /// Every known field of `data`; all others are ignored.
    pub fields: &'static [&'static str],
    pub read: fn(&Fields<'_>, &StatusMaps) -> Result<EventData, Rejection>,
}

/// The type of that name.
pub(super) fn find(name: &str) -> Option<&'static TypeRule> {
    TYPES.iter().find(|rule| rule.name == name)
}

/// The known fields of a type's data; none for an unknown type.
#[must_use]
pub(crate) fn known_fields(type_name: &str) -> Option<&'static [&'static str]> {
    find(type_name).map(|rule| rule.fields)
}

macro_rules! types {
    ($($name:literal $read:path: $($field:literal)*;)*) => {
        /// All types, the most frequent first.
        pub(super) const TYPES: &[TypeRule] = &[$(TypeRule { name: $name, fields: &[$($field),*], read: $read }),*];
    };
}

types! {
    "boss.subscriber.status.v1" boss::subscriber_status: "subscriber_id" "status" "status_code" "code_set" "reason";
    "boss.membership.v1" boss::membership: "subscriber_id" "group_id" "change" "role" "locked" "population";
    "boss.bill.v1" boss::bill: "bill_id" "group_id" "subscriber_id" "period" "amount_fen" "due_on";
    "boss.payment.v1" boss::payment: "payment_id" "bill_id" "amount_fen";
    "boss.port_out.v1" boss::port_out: "subscriber_id" "stage";
    "crm.contact.v1" crm::contact:
        "contact_id" "group_id" "manager_id" "channel" "note" "promised_on" "fulfils" "intent" "opinion" "effect";
    "crm.survey.v1" crm::survey: "survey_id" "group_id" "score" "scale";
    "crm.complaint.v1" crm::complaint: "complaint_id" "group_id" "subscriber_id" "state" "category" "severity";
    "crm.group.v1" crm::group:
        "group_id" "name" "unit_id" "manager_id" "tier" "industry" "parent_group_id" "visit_mode" "closed";
    "crm.manager.v1" crm::manager:
        "manager_id" "name" "email" "supervisor_id" "chief" "delegate_id" "away_until" "active" "locale";
    "crm.unit.v1" crm::unit: "unit_id" "name" "head_manager_id" "service_head_id" "chief_id";
    "crm.project.v1" crm::project: "project_id" "group_id" "title" "due_on" "closed";
    "crm.key_date.v1" key_date::key_date:
        "key_date_id" "group_id" "kind" "title" "contact" "calendar" "date" "every" "lead_days" "removed";
    "boss.feed.v1" boss::feed: "feed" "date" "events";
    "boss.retraction.v1" boss::retraction: "source" "id";
}
