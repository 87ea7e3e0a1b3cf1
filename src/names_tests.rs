//! The names of the closed lists, in order: stores, configuration and other readers hold both the
//! names and the order, so neither changes once it has been shipped.

use std::fmt::Write;

use crate::domain::alert::{AlertState, ResolvedBecause};
use crate::domain::event::{
    Channel, ComplaintSeverity, ComplaintState, Effect, Every, Intent, KeyDateKind,
    MemberChangeKind, Population, PortStage, Role, Status, StopReason, Tier, VisitMode,
};
use crate::domain::festival::Festival;
use crate::domain::indicator::{Indicator, ScopeKind, Severity, Signal, Verdict};
use crate::domain::job_action::JobAction;
use crate::domain::last_reply;
use crate::domain::locale::Locale;
use crate::domain::mail::{MailKind, MailState};
use crate::domain::pause::PauseCause;
use crate::domain::reject::RejectClass;
use crate::domain::reminder::OccasionKind;
use crate::domain::source_state::SourceStatus;
use crate::domain::task::{
    Approval, EscalationReason, EscalationStep, ItemKind, Means, OriginKind, PlanKind, ReportUp,
    Resource, StepKind, TaskClass, TaskKind, TaskResult, TaskState,
};
use crate::domain::trust::Trust;
use crate::follow_up::promises::PromiseState;
use crate::report::ReportFormat;
use crate::schedule::{CalendarRule, OnMissed};
use crate::simulate::IncidentKind;
use crate::store::Setting;
use crate::telemetry;

macro_rules! table {
    ($($list:ty),+ $(,)?) => {{
        let mut table = String::new();
        $(
            let names = <$list>::ALL.map(<$list>::name);
            writeln!(table, "{}: {}", stringify!($list), names.join(", ")).expect("a string");
            for (at, one) in <$list>::ALL.into_iter().enumerate() {
                assert_eq!(<$list>::parse(one.name()), Some(one));
                assert_eq!(serde_json::to_value(one).expect("JSON"), one.name());
                assert_eq!(postcard::to_allocvec(&one).expect("bytes"), [at as u8]);
            }
        )+
        table
    }};
}

#[test]
fn a_list_keeps_its_names_and_their_order() {
    insta::assert_snapshot!(table![
        StepKind,
        TaskKind,
        ItemKind,
        Means,
        Resource,
        TaskClass,
        Approval,
        TaskState,
        TaskResult,
        ReportUp,
        EscalationStep,
        OriginKind,
        PlanKind,
        EscalationReason,
        Indicator,
        Signal,
        Verdict,
        Severity,
        ScopeKind,
        AlertState,
        ResolvedBecause,
        Status,
        StopReason,
        PortStage,
        MemberChangeKind,
        Role,
        Population,
        ComplaintState,
        ComplaintSeverity,
        Channel,
        Intent,
        Effect,
        Tier,
        VisitMode,
        KeyDateKind,
        Every,
        Festival,
        MailKind,
        MailState,
        RejectClass,
        Locale,
        Trust,
        JobAction,
        CalendarRule,
        OnMissed,
        ReportFormat,
        last_reply::Phase,
        telemetry::WorkPhase,
        IncidentKind,
        PromiseState,
        SourceStatus,
        PauseCause,
        Setting,
        OccasionKind,
    ]);
}
