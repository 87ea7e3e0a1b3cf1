//! The job `escalate_tasks`: a round over the tasks, and the planned work that begins.

use crate::domain::event::KeyDateKind;
use crate::domain::job_outcome::JobOutcome;
use crate::domain::local_day::Timestamp;
use crate::follow_up::assignee::Staff;
use crate::follow_up::holidays::{planners, plans_due};
use crate::follow_up::key_dates::{KeyDateContext, upcoming};
use crate::follow_up::round::Occasions;
use crate::pipeline::Rounded;

use super::deadline::Deadline;
use crate::runtime::{AppError, Worker};

impl Worker {
    /// Goes round at `due_at`.
    pub(crate) fn escalate_tasks(
        &mut self,
        due_at: Timestamp,
        deadline: &Deadline,
    ) -> Result<JobOutcome, AppError> {
        let settings = self.pipeline.settings();
        let staff = Staff {
            reference: &self.pipeline.world().reference,
            company_head: settings.company_head.as_ref(),
            today: settings.rules.zone.day_of(due_at).date(),
        };
        let context = KeyDateContext {
            staff,
            calendar: &settings.calendar,
            leads: &self.leads,
        };
        let (contract_ends, ceremonies) = (
            upcoming(&context, KeyDateKind::ContractEnd),
            upcoming(&context, KeyDateKind::Ceremony),
        );
        let (festivals, planners) = (plans_due(&settings.calendar, staff.today), planners(&staff));
        let occasions = Occasions {
            contract_ends: &contract_ends,
            ceremonies: &ceremonies,
            festivals: &festivals,
            planners: Some(&planners),
            ..Occasions::default()
        };
        let Rounded {
            begun,
            changed,
            told,
        } = self
            .pipeline
            .go_round(occasions, due_at, || deadline.check())?;
        Ok(JobOutcome::Swept {
            begun: begun as u64,
            changed: changed as u64,
            told: told as u64,
        })
    }
}
