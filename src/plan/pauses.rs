//! Notices to operators about partitions and files that a batch pauses.

use crate::domain::ops_notice::OpsNotice;
use crate::domain::pause::Pause;

/// Most pauses that one notice names.
const PAUSES_LISTED_MAX: usize = 20;

/// One notice of all of them; the first are named.
pub(crate) fn input_paused(mut sources: Vec<(String, Pause)>) -> OpsNotice {
    let more = sources.len().saturating_sub(PAUSES_LISTED_MAX) as u64;
    sources.truncate(PAUSES_LISTED_MAX);
    OpsNotice::InputPaused { sources, more }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pause::PauseCause;

    #[test]
    fn twenty_pauses_are_named_and_the_others_counted() {
        let paused = |count: usize| {
            let pause = |at: usize| {
                let pause = Pause {
                    cause: PauseCause::FileUnreadable,
                    reason: "E_FILE_READ".to_owned(),
                };
                (format!("{at}.jsonl"), pause)
            };
            match input_paused((0..count).map(pause).collect()) {
                OpsNotice::InputPaused { sources, more } => (sources.len(), more),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(paused(20), (20, 0));
        assert_eq!(paused(23), (20, 3));
    }
}
