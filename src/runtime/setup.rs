//! Configuration → the settings of each stage.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::anyhow;

use crate::clock::Clock;
use crate::config::{Config, MailTo, StoreUrl};
use crate::consume::BatchLimits;
use crate::decode::{DecodeRules, DropMapping, StatusMaps};
use crate::domain::clock_mode::ClockMode;
use crate::domain::local_day::Timestamp;
use crate::follow_up::calendar::WorkingCalendar;
use crate::follow_up::playbook::Playbooks;
use crate::notify::address::FallbackAddress;
use crate::notify::mime::Sender;
use crate::pipeline::Settings;
use crate::plan::{GrowthRule, MailSettings, PlanSettings};
use crate::schedule::{JobSpec, load_jobs};
use crate::small_file;
use crate::store::sqlite::Restored;
use crate::store::{OnProgress, Setting, Store, StoreAt, StoreError};
use crate::telemetry::{self, Metrics};

use super::error::AppError;
use super::event_times::Loaded;

/// A checked configuration with everything that was read beside it.
pub struct Setup {
    pub config: Config,
    pub jobs: Vec<JobSpec>,
    pub playbooks: Playbooks,
    pub calendar: WorkingCalendar,
    pub status_maps: StatusMaps,
    pub mappings: Vec<DropMapping>,
    /// Sender of every mail.
    pub from: Sender,
    /// What time it is.
    pub clock: Clock,
    /// Counts what this process does.
    pub metrics: Arc<Metrics>,
    /// The sources whose events are being loaded, as far as this process knows.
    pub(crate) loaded: Loaded,
}

impl Setup {
    /// Reads everything that a configuration names.
    ///
    /// # Errors
    /// All that is wrong, one line each, as bad usage.
    pub fn from_config(config: Config) -> Result<Self, AppError> {
        match Self::examine(config) {
            (Some(setup), wrong) if wrong.is_empty() => Ok(setup),
            (_, wrong) => Err(AppError::usage(anyhow!("{}", wrong.join("\n")))),
        }
    }

    /// Reads everything that a configuration names, and lists all that is wrong with it, one line
    /// each. Nothing is handed out where a part is missing.
    pub(crate) fn examine(config: Config) -> (Option<Self>, Vec<String>) {
        let mut wrong: Vec<String> = telemetry::check_filter(&config.log.filter)
            .err()
            .into_iter()
            .collect();
        let jobs = keep(load_jobs(config.jobs.dir.as_deref()), &mut wrong);
        let playbooks = match &config.playbooks.file {
            None => Some(Playbooks::shipped()),
            Some(file) => playbooks_of(file, &mut wrong),
        };
        let calendar = match &config.calendar.dir {
            None => Some(WorkingCalendar::shipped()),
            Some(dir) => calendar_of(dir, &mut wrong),
        };
        let status_maps = keep(StatusMaps::shipped().with(&config.status_maps), &mut wrong);
        let mappings = mappings_of(&config, &mut wrong);
        let from = Sender::new(&config.mail.from_name, &config.mail.from)
            .map_err(|e| wrong.push(format!("mail.from: {e}")))
            .ok();
        let whole = (jobs, playbooks, calendar, status_maps, mappings, from);
        let (
            Some(jobs),
            Some(playbooks),
            Some(calendar),
            Some(status_maps),
            Some(mappings),
            Some(from),
        ) = whole
        else {
            return (None, wrong);
        };
        let (clock, metrics) = (Clock::default(), Arc::default());
        (
            Some(Self {
                config,
                jobs,
                playbooks,
                calendar,
                status_maps,
                mappings,
                from,
                clock,
                metrics,
                loaded: Loaded::default(),
            }),
            wrong,
        )
    }

    /// Where a store is.
    #[must_use]
    pub(crate) fn store_at(&self, url: &StoreUrl) -> StoreAt {
        let store = &self.config.store;
        match url {
            StoreUrl::Sqlite(path) => StoreAt::Sqlite {
                path: path.clone(),
                memtable_bytes_max: store.unwritten_mb << 20,
            },
            StoreUrl::Postgres(url) => StoreAt::Postgres {
                url: url.clone(),
                password: store
                    .password
                    .as_ref()
                    .map(|secret| secret.expose().to_owned()),
            },
        }
    }

    /// The store; made, and its schema brought up, if need be.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn migrate_store(&self) -> Result<Store, StoreError> {
        Store::migrate(&self.store_at(&self.config.store.url))
    }

    /// The store that is there already.
    ///
    /// # Errors
    /// When there is none, or it cannot be used.
    pub fn open_store(&self) -> Result<Store, StoreError> {
        Store::open(&self.store_at(&self.config.store.url))
    }

    /// Makes the store of a backup.
    ///
    /// # Errors
    /// When there is a store already, or the backup is damaged.
    pub(crate) fn restore_store(
        &self,
        backup: &Path,
        on_progress: OnProgress<'_>,
    ) -> Result<Restored, StoreError> {
        Store::restore(backup, &self.store_at(&self.config.store.url), on_progress)
    }

    /// Now, by the clock that is configured.
    pub fn now(&self, store: &Store) -> Result<Timestamp, StoreError> {
        let newest = store.read_tx("read the event clock", |tx| tx.setting(Setting::EventClock))?;
        Ok(match (self.config.clock.mode, newest) {
            (ClockMode::Event, Some(micros)) => Timestamp::from_micros(micros),
            _ => self.clock.now(),
        })
    }

    /// The settings of the pipeline.
    #[must_use]
    pub fn pipeline(&self) -> Settings {
        let config = &self.config;
        Settings {
            wall: self.clock.clone(),
            metrics: Arc::clone(&self.metrics),
            clock: config.clock.mode,
            decode: Arc::new(DecodeRules {
                event_bytes_max: config.events.bytes_max,
                ahead_max: config.events.ahead_max,
                zone: config.timezone,
                status_maps: self.status_maps.clone(),
                mappings: self.mappings.clone(),
            }),
            plan: self.plan_settings(),
            open_months: i32::try_from(config.history.open_months).unwrap_or(i32::MAX),
            close_ahead_max: config.history.close_ahead_max,
            worker: worker_name(),
            pause_share: config.rejects.pause_share,
            pause_window: config.rejects.pause_window,
        }
    }

    /// How everything is decided.
    #[must_use]
    pub fn plan_settings(&self) -> PlanSettings {
        let config = &self.config;
        PlanSettings {
            rules: self.rules(),
            follow_up: self.follow_up_rules(),
            playbooks: self.playbooks.clone(),
            calendar: self.calendar.clone(),
            closed_source: config.tasks.closed_source.clone(),
            observed_units: config.observe.units.iter().cloned().collect(),
            sweep: self.sweep_rules(),
            growth: GrowthRule {
                percent: i64::from(config.tasks.growth_percent),
                joined_min: i64::from(config.tasks.growth_joined_min),
            },
            company_head: config.company.head_manager_id.clone(),
            leads: self.config.key_dates.lead_days.clone(),
            mail: self.mail_settings(),
        }
    }

    /// How mails are composed.
    pub(crate) fn mail_settings(&self) -> MailSettings {
        let config = &self.config;
        MailSettings {
            locale: self.config.locale,
            fallback: FallbackAddress {
                id: config.fallback.id().to_owned(),
                name: config.fallback.name.clone(),
                address: config.fallback.address().to_owned(),
            },
            ops: config.mail.ops.clone(),
            from: self.from.clone(),
            per_person_per_hour_max: config.mail.per_person_per_hour_max,
            hold_while_loading: config.mail.kind == MailTo::Smtp,
        }
    }

    /// When a batch is full or old enough.
    #[must_use]
    pub(crate) const fn batch_limits(&self) -> BatchLimits {
        BatchLimits {
            events_max: self.config.batch.events_max,
            bytes_max: self.config.batch.bytes_max,
            wait: self.config.batch.wait,
        }
    }
}

/// The process and machine of this worker, as a name.
fn worker_name() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{} process {}", host.trim(), std::process::id())
}

fn keep<T, E: std::fmt::Display>(read: Result<T, Vec<E>>, wrong: &mut Vec<String>) -> Option<T> {
    read.map_err(|faults| wrong.extend(faults.iter().map(ToString::to_string)))
        .ok()
}

fn read_text(file: &std::path::Path, wrong: &mut Vec<String>) -> Option<String> {
    let text = small_file::read_text(file)
        .map_err(|e| wrong.push(format!("read {}: {e}", file.display())))
        .ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
}

fn playbooks_of(file: &Path, wrong: &mut Vec<String>) -> Option<Playbooks> {
    let text = read_text(file, wrong)?;
    keep(Playbooks::parse(&file.display().to_string(), &text), wrong)
}

/// The mappings of drops in other formats; all faults of all of them are listed.
fn mappings_of(config: &Config, wrong: &mut Vec<String>) -> Option<Vec<DropMapping>> {
    let mappings = config
        .mappings::<DropMapping>()
        .map_err(|e| wrong.push(e.to_string()))
        .ok()?;
    for (at, mapping) in mappings.iter().enumerate() {
        wrong.extend(
            mapping
                .faults()
                .into_iter()
                .map(|fault| format!("source.files.mappings[{at}]: {fault}")),
        );
    }
    Some(mappings)
}

fn calendar_of(dir: &std::path::Path, wrong: &mut Vec<String>) -> Option<WorkingCalendar> {
    let entries = std::fs::read_dir(dir)
        .map_err(|e| wrong.push(format!("calendar.dir: read {}: {e}", dir.display())))
        .ok()?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    let texts: Vec<(String, String)> = files
        .iter()
        .filter_map(|file| {
            Some((
                file.file_name()?.to_string_lossy().into_owned(),
                read_text(file, wrong)?,
            ))
        })
        .collect();
    let texts: Vec<(&str, &str)> = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    keep(WorkingCalendar::parse(&texts), wrong)
}
