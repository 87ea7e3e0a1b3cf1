//! The configuration of decisions.
//!
//! Values only. Invariant: with the same settings the same values give the same plan.

use std::collections::BTreeSet;

use crate::domain::ids::{ManagerId, UnitId};
use crate::domain::lead_days::LeadDays;
use crate::domain::local_day::Timestamp;
use crate::domain::reference::Reference;
use crate::domain::task::{Assignee, Task};
use crate::evaluate::rules::Rules;
use crate::follow_up::assignee::Staff;
use crate::follow_up::calendar::WorkingCalendar;
use crate::follow_up::key_dates::KeyDateContext;
use crate::follow_up::playbook::Playbooks;
use crate::follow_up::sweep::SweepRules;
use crate::follow_up::tasks::{FollowUpContext, FollowUpRules};

use super::compose::MailSettings;
use super::follow::Background;
use super::movements::GrowthRule;

/// How everything is decided.
#[derive(Debug)]
pub struct PlanSettings {
    /// How to judge figures.
    pub rules: Rules,
    /// How to follow alerts up.
    pub follow_up: FollowUpRules,
    /// By alert kind, tier and industry.
    pub playbooks: Playbooks,
    pub calendar: WorkingCalendar,
    /// Units whose alerts are recorded only.
    pub observed_units: BTreeSet<UnitId>,
    /// Numbers of the work that comes from no alert.
    pub sweep: SweepRules,
    /// When a group customer counts as grown.
    pub growth: GrowthRule,
    /// The source of the events about tasks that are done.
    pub closed_source: String,
    /// Who answers for the company.
    pub company_head: Option<ManagerId>,
    /// Days ahead at which key dates are reminded of.
    pub(crate) leads: LeadDays,
    /// How mails are composed.
    pub mail: MailSettings,
}

impl PlanSettings {
    /// Who was asked at an instant to approve a task.
    pub(crate) fn approver_of(
        &self,
        task: &Task,
        reference: &Reference,
        asked: Timestamp,
    ) -> Assignee {
        self.staff(reference, asked)
            .manager_of(&task.assignee, &task.scope)
    }

    /// Who works here on the local day of an instant.
    pub(crate) fn staff<'a>(&'a self, reference: &'a Reference, at: Timestamp) -> Staff<'a> {
        Staff {
            reference,
            company_head: self.company_head.as_ref(),
            today: self.rules.zone.day_of(at).date(),
        }
    }

    /// The input of reminding on the local day of an instant.
    pub(crate) fn key_date_context<'a>(
        &'a self,
        reference: &'a Reference,
        at: Timestamp,
    ) -> KeyDateContext<'a> {
        KeyDateContext {
            staff: self.staff(reference, at),
            calendar: &self.calendar,
            leads: &self.leads,
        }
    }

    /// Everything that following up depends on; a missing contact is judged as of `read_until`.
    pub(crate) fn follow_up_context<'a>(
        &'a self,
        reference: &'a Reference,
        background: &'a Background,
        (now, read_until): (Timestamp, Timestamp),
    ) -> FollowUpContext<'a> {
        FollowUpContext {
            zone: self.rules.zone,
            calendar: &self.calendar,
            playbooks: &self.playbooks,
            reference,
            company_head: self.company_head.as_ref(),
            rules: self.follow_up,
            resolved: &background.resolved,
            made_today: &background.made_today,
            silences: &background.silences,
            observed_units: &self.observed_units,
            subscribers: &background.subscribers,
            ended: &background.ended,
            now,
            read_until,
        }
    }
}
