//! The rows of the daily report: as of now, or exactly as a version was published.

use super::columns::DAILY;
use crate::domain::daily_row::{DailyRow, ShownRow};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::evaluate::rules::Rules;
use crate::pipeline::{load_read_model, sources_behind};
use crate::plan::{daily_rows, lagging, note_lagging};
use crate::report::{Column, as_they_stand};
use crate::store::{Setting, Store};

use crate::views::column::{ListColumn, count, group_of, text, unit_of, unlisted};
use crate::views::error::ViewError;

/// The names that scenarios may use of a row beside the report's columns.
pub(crate) const OF_SCENARIOS: &[ListColumn<DailyRow>] = &[
    unlisted(Column::text("id", "编号"), |r| text(r.scope.id())),
    unlisted(Column::text("group", "集团"), |r| group_of(&r.scope)),
    unlisted(Column::text("unit", "单位"), |r| unit_of(&r.scope)),
    unlisted(
        count("survey_score_thousandths", "测评总分（千分之一）"),
        |r| r.figures.survey_score_thousandths.into(),
    ),
];

/// The rows of a day: of now, or of a version.
///
/// # Errors
/// When the version was not published, the figures are no longer kept, or the store fails.
pub fn rows_of_day(
    store: &Store,
    rules: &Rules,
    day: LocalDay,
    version: Option<u32>,
    now: Timestamp,
) -> Result<Vec<ShownRow>, ViewError> {
    if let Some(version) = version {
        let publication = store.read_tx("read a published report", |tx| {
            tx.publication(day, Some(version))
        })?;
        let publication = publication.ok_or(ViewError::NotPublished { day, version })?;
        return Ok(publication.shown_rows());
    }
    if let Some(rows) = rows_of_old(store, day)? {
        return Ok(rows);
    }
    let (read_model, published, first, behind) = store.read_tx("read the figures", |tx| {
        Ok((
            load_read_model(tx)?,
            tx.publication(day, None)?,
            tx.first_published_churned(day)?,
            sources_behind(tx)?,
        ))
    })?;
    let mut rows = daily_rows(read_model.inputs(rules), day, now, false, &first);
    let over_at = rules.zone.start_of(day.plus(1)).min(now);
    note_lagging(&mut rows, &lagging(behind, over_at, rules.zone));
    let published = published
        .as_ref()
        .map(|publication| (publication.version, publication.rows.as_slice()));
    Ok(as_they_stand(DAILY, published, rows, now))
}

/// The rows of a day whose counters are no longer kept: as they were published last, since its
/// month is closed. None of any other.
fn rows_of_old(store: &Store, day: LocalDay) -> Result<Option<Vec<ShownRow>>, ViewError> {
    let (from, published) = store.read_tx("read a published report", |tx| {
        Ok((
            tx.setting(Setting::FiguresFrom)?,
            tx.publication(day, None)?,
        ))
    })?;
    if from.is_none_or(|from| from <= i64::from(day.number())) {
        return Ok(None);
    }
    let published = published.ok_or(ViewError::NotKept(day))?;
    Ok(Some(published.shown_rows()))
}
