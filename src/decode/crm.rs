//! `data` of the `crm.*` types except key dates.
//!
//! It may not know the envelope. Invariant: each value obeys the contract's table, with defaults
//! filled in.

use super::fields::{Fields, FromField, Raw};
use super::number::thousandths;
use super::status_map::StatusMaps;
use crate::domain::event::{
    Complaint, Contact, EventData, Group, Manager, Project, Scale, Survey, Unit,
};
use crate::domain::reject::Rejection;

pub(super) fn complaint(f: &Fields<'_>, _: &StatusMaps) -> Result<EventData, Rejection> {
    Ok(EventData::Complaint(Complaint {
        complaint_id: f.need("complaint_id")?,
        group_id: f.need("group_id")?,
        subscriber_id: f.maybe("subscriber_id")?,
        state: f.need("state")?,
        category: f.maybe("category")?,
        severity: f.maybe("severity")?.unwrap_or_default(),
    }))
}

pub(super) fn survey(f: &Fields<'_>, _: &StatusMaps) -> Result<EventData, Rejection> {
    let (survey_id, group_id) = (f.need("survey_id")?, f.need("group_id")?);
    let (Thousandths(score_thousandths), scale) = (f.need("score")?, f.need("scale")?);
    let (range, expected) = match scale {
        Scale::Hundred => (0..=100_000, "a score from 0 to 100"),
        Scale::Ten => (0..=10_000, "a score from 0 to 10"),
        Scale::Five => (1_000..=5_000, "a score from 1 to 5"),
    };
    if !range.contains(&score_thousandths) {
        return Err(f.refuse("score", expected));
    }
    Ok(EventData::Survey(Survey {
        survey_id,
        group_id,
        score_thousandths,
        scale,
    }))
}

/// A number in thousandths.
struct Thousandths(i64);

impl FromField<'_> for Thousandths {
    const EXPECTED: &'static str = "a number within its scale with at most 3 decimals";

    fn from_field(raw: Raw<'_>) -> Option<Self> {
        thousandths(raw.0).map(Self)
    }
}

impl FromField<'_> for Scale {
    const EXPECTED: &'static str = "100, 10 or 5, as text or number";

    fn from_field(raw: Raw<'_>) -> Option<Self> {
        const ALL: [(&str, i64, Scale); 3] = [
            ("100", 100_000, Scale::Hundred),
            ("10", 10_000, Scale::Ten),
            ("5", 5_000, Scale::Five),
        ];
        let found = match raw.text() {
            Some(text) => ALL.iter().find(|(name, ..)| *name == text),
            None => thousandths(raw.0)
                .and_then(|value| ALL.iter().find(|(_, of_scale, _)| *of_scale == value)),
        };
        found.map(|(.., scale)| *scale)
    }
}

pub(super) fn contact(f: &Fields<'_>, _: &StatusMaps) -> Result<EventData, Rejection> {
    Ok(EventData::Contact(Contact {
        contact_id: f.need("contact_id")?,
        group_id: f.need("group_id")?,
        manager_id: f.need("manager_id")?,
        channel: f.need("channel")?,
        note: f.maybe("note")?,
        promised_on: f.maybe("promised_on")?,
        fulfils: f.maybe("fulfils")?,
        intent: f.maybe("intent")?,
        opinion: f.maybe("opinion")?,
        effect: f.maybe("effect")?,
    }))
}

pub(super) fn unit(f: &Fields<'_>, _: &StatusMaps) -> Result<EventData, Rejection> {
    Ok(EventData::Unit(Unit {
        unit_id: f.need("unit_id")?,
        name: f.need("name")?,
        head_manager_id: f.maybe("head_manager_id")?,
        service_head_id: f.maybe("service_head_id")?,
        chief_id: f.maybe("chief_id")?,
    }))
}

pub(super) fn group(f: &Fields<'_>, _: &StatusMaps) -> Result<EventData, Rejection> {
    Ok(EventData::Group(Group {
        group_id: f.need("group_id")?,
        name: f.need("name")?,
        unit_id: f.need("unit_id")?,
        manager_id: f.need("manager_id")?,
        tier: f.need("tier")?,
        industry: f.maybe("industry")?,
        parent_group_id: f.maybe("parent_group_id")?,
        visit_mode: f.maybe("visit_mode")?.unwrap_or_default(),
        closed: f.maybe("closed")?.unwrap_or(false),
    }))
}

pub(super) fn manager(f: &Fields<'_>, _: &StatusMaps) -> Result<EventData, Rejection> {
    Ok(EventData::Manager(Manager {
        manager_id: f.need("manager_id")?,
        name: f.need("name")?,
        email: f.need("email")?,
        supervisor_id: f.maybe("supervisor_id")?,
        chief: f.maybe("chief")?.unwrap_or(false),
        delegate_id: f.maybe("delegate_id")?,
        away_until: f.maybe("away_until")?,
        active: f.maybe("active")?.unwrap_or(true),
        locale: f.maybe("locale")?,
    }))
}

pub(super) fn project(f: &Fields<'_>, _: &StatusMaps) -> Result<EventData, Rejection> {
    Ok(EventData::Project(Project {
        project_id: f.need("project_id")?,
        group_id: f.need("group_id")?,
        title: f.need("title")?,
        due_on: f.maybe("due_on")?,
        closed: f.maybe("closed")?.unwrap_or(false),
    }))
}
