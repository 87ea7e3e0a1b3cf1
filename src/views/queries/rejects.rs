//! The rejections of a list.

use super::last::{Last, Limit, last};
use crate::domain::reject::RejectClass;
use crate::store::{StoreError, StoredReject, Tx};

/// Which rejections are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct RejectFilter {
    /// Without a class: conflicts alone, or all but these.
    pub conflicts: bool,
    pub class: Option<RejectClass>,
    /// Only those of this partition or file.
    pub source: Option<String>,
}

impl RejectFilter {
    fn matches(&self, reject: &StoredReject) -> bool {
        let is_of_class = match self.class {
            Some(class) => reject.class == class,
            None => (reject.class == RejectClass::Conflict) == self.conflicts,
        };
        let is_of_source = |name: &String| *name == reject.source;
        is_of_class && self.source.as_ref().is_none_or(is_of_source)
    }
}

/// The last rejections that are wanted, by source and position, without their bytes.
pub(crate) fn rejects(
    tx: &Tx<'_>,
    filter: &RejectFilter,
    limit: Limit,
) -> Result<Last<StoredReject>, StoreError> {
    let page = |after: Option<&StoredReject>, rows| {
        tx.rejects_before(after.map(|reject| reject.reject_id), rows)
    };
    let mut shown = last(limit, page, |reject| Ok(filter.matches(reject)))?;
    shown
        .rows
        .sort_by(|a, b| (&a.source, a.position).cmp(&(&b.source, b.position)));
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::local_day::Timestamp;

    #[test]
    fn conflicts_are_listed_apart_unless_a_class_is_given() {
        let reject = |class| StoredReject {
            reject_id: 1,
            source: "boss-0".to_owned(),
            position: 7,
            class,
            reason: String::new(),
            rejected_at: Timestamp::from_micros(0),
            payload: None,
            mode: Vec::new(),
        };
        let (conflict, other) = (
            reject(RejectClass::Conflict),
            reject(RejectClass::InvalidField),
        );
        let listed = |filter: &RejectFilter| [filter.matches(&conflict), filter.matches(&other)];
        assert_eq!(listed(&RejectFilter::default()), [false, true]);
        let conflicts = RejectFilter {
            conflicts: true,
            ..RejectFilter::default()
        };
        assert_eq!(listed(&conflicts), [true, false]);
        let of_class = RejectFilter {
            class: Some(RejectClass::Conflict),
            ..RejectFilter::default()
        };
        assert_eq!(listed(&of_class), [true, false]);
        let of_another_source = RejectFilter {
            source: Some("boss-1".to_owned()),
            ..RejectFilter::default()
        };
        assert_eq!(listed(&of_another_source), [false, false]);
    }
}
