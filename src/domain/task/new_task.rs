//! How a task begins: what is decided of it, and what follows from that.
//!
//! It does not know why a task begins, nor by when it must be done. Invariant: nothing has happened
//! yet to a task that begins, and what needs an answer is asked for at once.

use super::{
    Approval, Assignee, Check, EscalationStep, InEnglish, Item, Lead, Means, Origin, Resource,
    Task, TaskClass, TaskKind, TaskState, TaskTitle,
};
use crate::domain::alert::AlertId;
use crate::domain::event::Tier;
use crate::domain::ids::SubscriberId;
use crate::domain::indicator::{Scope, Severity};
use crate::domain::local_day::Timestamp;

/// What is decided of a task when it begins: the fields of [`Task`] that do not follow from others.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTask {
    /// Where it comes from.
    pub origin: Origin,
    /// What it is about, where its alerts do not say it.
    pub title: TaskTitle,
    /// The alerts that it answers, the first one first; none unless it comes from alerts.
    pub alert_ids: Vec<AlertId>,
    /// The subscribers that its words name, where it is made by hand.
    pub subscribers: Vec<SubscriberId>,
    /// What it is about.
    pub scope: Scope,
    /// The group customer's tier.
    pub tier: Option<Tier>,
    pub assignee: Assignee,
    /// 三落实
    pub kind: TaskKind,
    /// 定工作事项
    pub item: Item,
    /// 定工作手段
    pub means: Vec<Means>,
    /// 定所需资源
    pub resources: Vec<Resource>,
    /// 三查
    pub checks: Vec<Check>,
    /// The same in English.
    pub english: InEnglish,
    /// The alert by whose playbook it goes, where it comes from one.
    pub lead: Option<Lead>,
    /// Order of the work list.
    pub class: TaskClass,
    /// How urgent it is.
    pub severity: Severity,
    pub opened_at: Timestamp,
    pub accept_by: Timestamp,
    pub due_at: Timestamp,
    /// Who hears of delays, in turn.
    pub escalation: Vec<EscalationStep>,
}

impl From<NewTask> for Task {
    /// The task as nobody has seen it yet: open, at version 0.
    fn from(begun: NewTask) -> Self {
        let approval = Approval::needed_for(&begun.means, &begun.resources);
        Self {
            task_id: begun
                .alert_ids
                .first()
                .map_or_else(|| Self::id_from(&begun.origin), Self::id_of),
            origin: begun.origin,
            title: begun.title,
            alert_ids: begun.alert_ids,
            subscribers: begun.subscribers,
            scope: begun.scope,
            tier: begun.tier,
            assignee: begun.assignee,
            kind: begun.kind,
            item: begun.item,
            means: begun.means,
            resources: begun.resources,
            checks: begun.checks,
            english: begun.english,
            lead: begun.lead,
            class: begun.class,
            severity: begun.severity,
            approval,
            state: TaskState::Open,
            opened_at: begun.opened_at,
            accept_by: begun.accept_by,
            due_at: begun.due_at,
            asked_at: (approval == Approval::Requested).then_some(begun.opened_at),
            gone_at: None,
            accepted_at: None,
            started_at: None,
            ended_at: None,
            finish: None,
            verified: false,
            stalled: false,
            escalation: begun.escalation,
            escalated: Vec::new(),
            withheld_means: Vec::new(),
            withheld_resources: Vec::new(),
            refused_means: Vec::new(),
            refused_resources: Vec::new(),
            system_note: None,
            steps: Vec::new(),
            version: 0,
        }
    }
}
