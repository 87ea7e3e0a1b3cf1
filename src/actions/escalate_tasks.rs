//! The job `escalate_tasks`: sweeps the open tasks, and begins planned work.

use crate::domain::event::KeyDateKind;
use crate::domain::job_outcome::JobOutcome;
use crate::follow_up::assignee::Staff;
use crate::follow_up::holidays::{planners, plans_due};
use crate::follow_up::key_dates::{KeyDateContext, upcoming};
use crate::follow_up::sweep::Occasions;
use crate::plan::SweepSummary;

use crate::runtime::AppError;

use super::run::JobRun;

pub(super) fn run(run: &mut JobRun<'_>) -> Result<JobOutcome, AppError> {
    let (due_at, deadline) = (run.due_at, &run.deadline);
    let settings = run.pipeline.settings();
    let staff = Staff {
        reference: &run.pipeline.read_model().reference,
        company_head: settings.plan.company_head.as_ref(),
        today: settings.plan.rules.zone.day_of(due_at).date(),
    };
    let context = KeyDateContext {
        staff,
        calendar: &settings.plan.calendar,
        leads: &run.settings.leads,
    };
    let (contract_ends, ceremonies) = (
        upcoming(&context, KeyDateKind::ContractEnd),
        upcoming(&context, KeyDateKind::Ceremony),
    );
    let (festivals, planners) = (
        plans_due(&settings.plan.calendar, staff.today),
        planners(&staff),
    );
    let occasions = Occasions {
        contract_ends: &contract_ends,
        ceremonies: &ceremonies,
        festivals: &festivals,
        planners: Some(&planners),
        ..Occasions::default()
    };
    let SweepSummary {
        begun,
        changed,
        notices,
    } = run.pipeline.sweep(occasions, due_at, || deadline.check())?;
    Ok(JobOutcome::Swept {
        begun: begun as u64,
        changed: changed as u64,
        notices: notices as u64,
    })
}
