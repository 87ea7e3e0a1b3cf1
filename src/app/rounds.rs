//! The job `escalate_tasks`: a round over the tasks, and the planned work that begins.

use crate::domain::local_day::Timestamp;
use crate::follow_up::round::Occasions;
use crate::pipeline::Rounded;

use super::error::AppError;
use super::worker::Worker;

impl Worker {
    /// Goes round at `due_at`.
    pub(super) fn escalate_tasks(&mut self, due_at: Timestamp) -> Result<String, AppError> {
        let Rounded { begun, changed, told } = self.pipeline.go_round(Occasions::default(), due_at)?;
        Ok(format!("{begun} tasks begun, {changed} changed, {told} told"))
    }
}
