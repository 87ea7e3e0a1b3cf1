//! The interval of time and of brief hints that a morning's briefs cover.
//!
//! Invariant: one morning's interval begins where the one before it ended, so that nothing is
//! covered twice or left out.

use chrono::TimeDelta;

use super::settings::Setting;
use super::{StoreError, Tx};
use crate::domain::local_day::Timestamp;

/// How far back the first briefs reach.
const FIRST: TimeDelta = TimeDelta::days(1);

/// The interval that a morning's briefs cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BriefSpan {
    /// After that instant: when the briefs before were due.
    pub since: Timestamp,
    /// Up to that instant: when they are due.
    pub until: Timestamp,
    /// After that number of the hints.
    pub after_hint: i64,
    /// Up to that number of the hints.
    pub last_brief_hint: i64,
}

impl Tx<'_> {
    /// The interval that the last briefs cover; none if there never were any.
    pub fn brief_span(&self) -> Result<Option<BriefSpan>, StoreError> {
        let settings = [
            Setting::BriefedBefore,
            Setting::BriefedAt,
            Setting::HintsBriefedBefore,
            Setting::HintsBriefed,
        ];
        let [since, until, after_hint, last_brief_hint] =
            settings.map(|setting| self.setting(setting));
        let (since, until) = (
            since?.map(Timestamp::from_micros),
            until?.map(Timestamp::from_micros),
        );
        let (after_hint, last_brief_hint) =
            (after_hint?.unwrap_or(0), last_brief_hint?.unwrap_or(0));
        Ok(since.zip(until).map(|(since, until)| BriefSpan {
            since,
            until,
            after_hint,
            last_brief_hint,
        }))
    }

    /// Begins the interval of the briefs that are due at `until`, with the hints up to now. The
    /// interval of briefs that were begun already stays as it is; none if later ones were.
    pub fn begin_briefs(&self, until: Timestamp) -> Result<Option<BriefSpan>, StoreError> {
        let last = self.brief_span()?;
        if let Some(last) = last.filter(|last| last.until >= until) {
            return Ok((last.until == until).then_some(last));
        }
        let span = BriefSpan {
            since: last.map_or_else(|| until.plus(-FIRST), |last| last.until),
            until,
            after_hint: last.map_or_else(
                || self.last_brief_hint_before(until.plus(-FIRST)),
                |last| Ok(last.last_brief_hint),
            )?,
            last_brief_hint: self.last_brief_hint_before(Timestamp::MAX)?,
        };
        self.set(Setting::BriefedBefore, span.since.micros())?;
        self.set(Setting::BriefedAt, span.until.micros())?;
        self.set(Setting::HintsBriefedBefore, span.after_hint)?;
        self.set(Setting::HintsBriefed, span.last_brief_hint)?;
        Ok(Some(span))
    }
}
