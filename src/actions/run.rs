//! A run of a job: what it is for, and what it works on.

use std::path::PathBuf;

use crate::access::Access;
use crate::config::{Backup, Retention};
use crate::domain::clock_mode::ClockMode;
use crate::domain::local_day::Timestamp;
use crate::domain::zone::Zone;
use crate::follow_up::key_dates::Leads;
use crate::pipeline::Pipeline;
use crate::runtime::Setup;

use super::deadline::Deadline;

/// Who asks for a run of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    BySchedule,
    ByHand,
    /// Somebody who has looked, and takes upon himself what cannot be undone.
    Confirmed,
}

/// What actions are told by the configuration, beside what the pipeline is.
pub(crate) struct JobSettings {
    pub(crate) leads: Leads,
    /// Where daily reports are written as files; none: they are kept in the store only.
    pub(crate) report_dir: Option<PathBuf>,
    /// Who may read them.
    pub(crate) report_access: Access,
    /// Where copies of the store are made, and how many are kept.
    pub(crate) backup: Backup,
    pub(crate) retention: Retention,
}

impl JobSettings {
    pub(crate) fn new(setup: &Setup) -> Self {
        Self {
            leads: setup.leads(),
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
    pub(crate) asked: Asked,
    pub(crate) deadline: Deadline,
}

impl JobRun<'_> {
    pub(super) fn zone(&self) -> Zone {
        self.pipeline.settings().plan.rules.zone
    }

    /// Whether it is left out because the disk does not go by the event clock, of which a night
    /// lasts a second.
    pub(super) fn leaves_the_disk_alone(&self) -> bool {
        self.pipeline.settings().clock == ClockMode::Event && self.asked == Asked::BySchedule
    }
}
