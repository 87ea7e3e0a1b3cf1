//! Which stretch of time and of news a morning's briefs tell.
//!
//! Invariant: where one morning's stretch ends the next one's begins, so that nothing is told twice
//! or left out.

use chrono::TimeDelta;

use super::settings::Setting;
use super::{StoreError, Tx};
use crate::domain::local_day::Timestamp;

/// How far back the first brief of all looks.
const FIRST: TimeDelta = TimeDelta::days(1);

/// What a morning's briefs tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BriefSpan {
    /// After that instant: when the briefs before were due.
    pub since: Timestamp,
    /// Up to that instant: when they are due.
    pub until: Timestamp,
    /// After that number of the news.
    pub after_news: i64,
    /// Up to that number of the news.
    pub last_news: i64,
}

impl Tx<'_> {
    /// The stretch that the last briefs tell; none if there never were any.
    ///
    /// # Errors
    /// When the database says no.
    pub fn brief_span(&self) -> Result<Option<BriefSpan>, StoreError> {
        let settings = [
            Setting::BriefedBefore,
            Setting::BriefedAt,
            Setting::NewsBriefedBefore,
            Setting::NewsBriefed,
        ];
        let [since, until, after_news, last_news] = settings.map(|setting| self.setting(setting));
        let (since, until) = (
            since?.map(Timestamp::from_micros),
            until?.map(Timestamp::from_micros),
        );
        let (after_news, last_news) = (after_news?.unwrap_or(0), last_news?.unwrap_or(0));
        Ok(since.zip(until).map(|(since, until)| BriefSpan {
            since,
            until,
            after_news,
            last_news,
        }))
    }

    /// Begins the stretch of the briefs that are due at `until`, which ends now. That of briefs
    /// that were begun already stays as it is; none if later ones were.
    ///
    /// # Errors
    /// When the database says no.
    pub fn begin_briefs(&self, until: Timestamp) -> Result<Option<BriefSpan>, StoreError> {
        let last = self.brief_span()?;
        if let Some(last) = last.filter(|last| last.until >= until) {
            return Ok((last.until == until).then_some(last));
        }
        let span = BriefSpan {
            since: last.map_or_else(|| until.plus(-FIRST), |last| last.until),
            until,
            after_news: last.map_or_else(
                || self.last_news_before(until.plus(-FIRST)),
                |last| Ok(last.last_news),
            )?,
            last_news: self.last_news_before(Timestamp::MAX)?,
        };
        self.set(Setting::BriefedBefore, span.since.micros())?;
        self.set(Setting::BriefedAt, span.until.micros())?;
        self.set(Setting::NewsBriefedBefore, span.after_news)?;
        self.set(Setting::NewsBriefed, span.last_news)?;
        Ok(Some(span))
    }
}
