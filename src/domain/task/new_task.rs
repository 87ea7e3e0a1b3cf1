//! The beginning of a task: the given fields, and those derived from them.
//!
//! It may not know why a task begins, nor its deadline rule. Invariant: a new task has no history,
//! and a needed approval is requested at once.

use super::{
    Approval, Assignee, Check, EscalationStep, InEnglish, Item, Lead, Means, Origin, Resource,
    Task, TaskClass, TaskKind, TaskState, TaskTitle,
};
use crate::domain::alert::AlertId;
use crate::domain::event::Tier;
use crate::domain::ids::SubscriberId;
use crate::domain::indicator::{Scope, Severity};
use crate::domain::local_day::Timestamp;

/// The given fields of a new task: those of [`Task`] that do not follow from others.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NewTask {
    pub origin: Origin,
    /// Its title, where its alerts do not give it.
    pub title: TaskTitle,
    /// The alerts that it answers, the first one first; empty unless it comes from alerts.
    pub alert_ids: Vec<AlertId>,
    /// The subscribers that its text names, where it is made by hand.
    pub subscribers: Vec<SubscriberId>,
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
    /// The alert whose playbook applies, where it comes from one.
    pub lead: Option<Lead>,
    /// Its class in the work list.
    pub class: TaskClass,
    pub severity: Severity,
    pub opened_at: Timestamp,
    pub accept_by: Timestamp,
    pub due_at: Timestamp,
    /// The escalation levels, in order.
    pub escalation: Vec<EscalationStep>,
}

impl From<NewTask> for Task {
    /// The initial task: open, at version 0.
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
            visit_causes: Vec::new(),
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
            due_while_gone: false,
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
            withheld_words: false,
            refused_means: Vec::new(),
            refused_resources: Vec::new(),
            system_note: None,
            steps: Vec::new(),
            version: 0,
        }
    }
}
