//! Completeness of the feeds that figures depend on.

use crate::domain::feed::Feeds;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::trust::TrustReason;

use super::rules::{FeedRule, Rules};

/// Of each required feed the first day from `first` to `last` for which it is not closed, or closed
/// with another count, though its grace has passed at `now`.
pub(crate) fn incomplete(
    rules: &Rules,
    feeds: &Feeds,
    first: LocalDay,
    last: LocalDay,
    now: Timestamp,
) -> impl Iterator<Item = TrustReason> {
    rules.required_feeds.iter().filter_map(move |rule| {
        first
            .to(last)
            .filter(|day| rules.zone.end_of(*day).plus(rules.feed_grace) <= now)
            .find_map(|day| fault(rule, feeds, day))
    })
}

fn fault(rule: &FeedRule, feeds: &Feeds, day: LocalDay) -> Option<TrustReason> {
    let Some(sent) = feeds.closed_with(&rule.name, day) else {
        return Some(TrustReason::FeedOpen {
            feed: rule.name.clone(),
            day,
        });
    };
    let accepted = feeds.accepted(day, &rule.sources, &rule.types);
    (sent != accepted).then(|| TrustReason::FeedCount {
        feed: rule.name.clone(),
        day,
        sent,
        accepted,
    })
}
