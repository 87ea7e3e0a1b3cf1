//! A run of a job: its due time, its settings, and the pipeline that it works on.

use std::path::PathBuf;

use crate::access::Access;
use crate::config::Backup;
use crate::domain::clock_mode::ClockMode;
use crate::domain::job_trigger::JobTrigger;
use crate::domain::local_day::Timestamp;
use crate::domain::retention::Retention;
use crate::domain::zone::Zone;
use crate::pipeline::Pipeline;
use crate::runtime::Setup;

use super::deadline::RunDeadline;

/// Settings of actions that the pipeline does not have.
pub(crate) struct JobSettings {
    /// The folder of daily report files; none: reports are kept in the store only.
    pub(crate) report_dir: Option<PathBuf>,
    /// The mode of those files.
    pub(crate) report_access: Access,
    /// The folder of the store's copies, and how many are kept.
    pub(crate) backup: Backup,
    pub(crate) retention: Retention,
}

impl JobSettings {
    pub(crate) fn new(setup: &Setup) -> Self {
        Self {
            report_dir: Some(setup.config.report.dir.clone()),
            report_access: setup.config.report.mode,
            backup: setup.config.backup.clone(),
            retention: setup.config.retention,
        }
    }
}

/// A run of a job.
pub(crate) struct JobRun<'a> {
    pub(crate) pipeline: &'a mut Pipeline,
    pub(crate) settings: &'a JobSettings,
    pub(crate) due_at: Timestamp,
    pub(crate) asked: JobTrigger,
    pub(crate) deadline: RunDeadline,
}

impl JobRun<'_> {
    pub(super) fn zone(&self) -> Zone {
        self.pipeline.settings().plan.rules.zone
    }

    /// Whether to skip disk work: a scheduled run by the event clock, whose night lasts a second.
    pub(super) fn leaves_the_disk_alone(&self) -> bool {
        self.pipeline.settings().clock == ClockMode::Event && self.asked == JobTrigger::BySchedule
    }
}
