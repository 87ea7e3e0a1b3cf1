//! The job `daily_report`: publishes the day before, and restates earlier open days whose figures
//! changed.

use crate::domain::job_outcome::JobOutcome;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::mail::Notice;
use crate::domain::ops_notice::OpsNotice;
use crate::evaluate::feeds;
use crate::pipeline::{Pipeline, fault_point, sources_behind};
use crate::plan::{
    PublishedDays, daily_rows, days_to_publish, first_open_day, lagging_by_clock, last_to_publish,
    note_lagging,
};
use crate::report::parquet::{self, ReportVersion};
use crate::report::{Instants, Reader, next_version};
use crate::store::{Publication, Setting};
use crate::views::daily::{DAILY, daily_table};

use crate::runtime::AppError;

use super::run::JobRun;

/// Publishes every day before `due_at` that was never published or has changed. A day further ahead
/// of the newest event than `history.close_ahead_max` is left out, since a published day cannot be
/// withdrawn.
pub(super) fn run(run: &mut JobRun<'_>) -> Result<JobOutcome, AppError> {
    let (zone, due_at) = (run.zone(), run.due_at);
    let ahead_max = run.pipeline.settings().close_ahead_max;
    let newest = run.pipeline.read_model().event_clock;
    let last = last_to_publish(due_at, newest, ahead_max, zone);
    let unread = lagging_sources(run.pipeline, due_at)?;
    let (mut days, mut restated) = (0, 0);
    for day in changed_days(run.pipeline, last)? {
        run.deadline.check()?;
        let written = publish(run.pipeline, day, due_at, &unread)?;
        days += u64::from(written == Some(1));
        restated += u64::from(written.is_some_and(|version| version > 1));
    }
    fault_point("reports_recorded");
    notify_missing_feeds(run.pipeline, last, due_at)?;
    run.pipeline
        .write_as_leader("note what was published", |tx| {
            tx.set(Setting::ChangedSince, i64::from(last.plus(1).number()))
        })?;
    write_files(run, last)?;
    Ok(JobOutcome::Published { days, restated })
}

/// Notifies the operators of each required feed of the day that is missing or incomplete after its
/// grace.
fn notify_missing_feeds(
    pipeline: &Pipeline,
    day: LocalDay,
    due_at: Timestamp,
) -> Result<(), AppError> {
    let settings = pipeline.settings();
    let rules = &settings.plan.rules;
    // If its grace ends after this report is written, the next report notifies.
    let missing: Vec<Notice> = feeds::incomplete(
        rules,
        &pipeline.read_model().feeds,
        day.plus(-1),
        day,
        due_at,
    )
    .map(|why| Notice::for_operators(OpsNotice::FeedMissing(why), pipeline.noticed_at(due_at)))
    .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Ok(pipeline.write_as_leader("notify of feeds", |tx| {
        missing
            .iter()
            .try_for_each(|notice| tx.insert_notice(notice))
    })?)
}

/// The days up to `last` that are to be published.
fn changed_days(pipeline: &Pipeline, last: LocalDay) -> Result<Vec<LocalDay>, AppError> {
    let (changed, published, policy) = pipeline.store().read_tx("find days to publish", |tx| {
        Ok((
            tx.setting(Setting::ChangedSince)?,
            tx.last_published_day()?,
            tx.lateness_policy()?,
        ))
    })?;
    let settings = pipeline.settings();
    let known = PublishedDays {
        changed_since: changed
            .map(|day| LocalDay::from_number(i32::try_from(day).unwrap_or(i32::MAX))),
        last: published,
        first_open: policy
            .closed_before
            .map(|closed| settings.plan.rules.zone.day_of(closed)),
    };
    Ok(days_to_publish(known, last, settings.open_months))
}

/// Publishes a day, if any cell changed; returns the new version.
fn publish(
    pipeline: &Pipeline,
    day: LocalDay,
    due_at: Timestamp,
    unread: &[String],
) -> Result<Option<u32>, AppError> {
    let rules = &pipeline.settings().plan.rules;
    let (before, first) = pipeline.store().read_tx("read published reports", |tx| {
        Ok((tx.publication(day, None)?, tx.first_published_churned(day)?))
    })?;
    let mut rows = daily_rows(
        pipeline.read_model().inputs(rules),
        day,
        due_at,
        true,
        &first,
    );
    note_lagging(&mut rows, unread);
    let known = before
        .as_ref()
        .map(|publication| (publication.version, publication.rows.as_slice()));
    let Some(version) = next_version(DAILY, known, &rows) else {
        return Ok(None);
    };
    let publication = Publication {
        version,
        as_of: due_at,
        rows,
    };
    pipeline.write_as_leader("publish a report", |tx| {
        tx.insert_publication(day, &publication)
    })?;
    Ok(Some(version))
}

/// Writes the missing files of published versions: after a publication, or after a crash behind
/// one. Rewrites all of them when the existing ones have other columns.
fn write_files(run: &JobRun<'_>, last: LocalDay) -> Result<(), AppError> {
    let Some(report_dir) = &run.settings.report_dir else {
        return Ok(());
    };
    let store = run.pipeline.store();
    let reader = Reader {
        locale: run.pipeline.settings().plan.mail.locale,
        instants: Instants::Utc,
    };
    let form = parquet::form(DAILY);
    let has_form = store.read_tx("read the form of the reports", |tx| {
        tx.setting(Setting::ReportForm)
    })? == Some(form);
    let oldest = first_open_day(last, run.pipeline.settings().open_months);
    let first = if has_form {
        oldest
    } else {
        LocalDay::from_number(0)
    };
    let versions = store.read_tx("list published versions", |tx| tx.published_versions(first))?;
    for (at, (day, version)) in versions.iter().copied().enumerate() {
        let is_newest = versions.get(at + 1).is_none_or(|(next, _)| *next != day);
        // The newest version is written to its current place first, then to its versioned one.
        let places = [ReportVersion::Current, ReportVersion::Version(version)]
            .into_iter()
            .skip(usize::from(!is_newest));
        if has_form
            && places
                .clone()
                .all(|place| place.path(report_dir, day).exists())
        {
            continue;
        }
        run.deadline.check()?;
        let Some(publication) = store.read_tx("read a published report", |tx| {
            tx.publication(day, Some(version))
        })?
        else {
            continue;
        };
        let rows = publication.shown_rows();
        for place in places {
            parquet::publish(
                report_dir,
                run.settings.report_access,
                (day, version),
                place,
                daily_table(&rows, reader),
            )?;
            fault_point("report_written");
        }
    }
    if !has_form {
        run.pipeline
            .write_as_leader("note the form of the reports", |tx| {
                tx.set(Setting::ReportForm, form)
            })?;
    }
    Ok(())
}

/// The sources that are not read past the midnight before a run that is due at an instant.
pub(crate) fn lagging_sources(
    pipeline: &Pipeline,
    due_at: Timestamp,
) -> Result<Vec<String>, AppError> {
    let (zone, clock) = (
        pipeline.settings().plan.rules.zone,
        pipeline.settings().clock,
    );
    let store = pipeline.store();
    let behind = store.read_tx("list sources that are behind", sources_behind)?;
    Ok(lagging_by_clock(behind, clock, due_at, zone))
}
