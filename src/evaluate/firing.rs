//! Hysteresis: whether an indicator alert of a month fires, from its verdicts at every midnight and
//! now.
//!
//! It fires at a breach at any midnight or now; it clears at the first midnight at which the value
//! was not over the limit then and at the `clear_after` midnights before. Watch and incomplete
//! feeds hold it.

use crate::domain::indicator::Verdict;

use super::indicators::Judgement;

/// Whether the alert fires after these judgements. `midnights` are those at the ends of the month's
/// past days, in order; `now` is the judgement of this instant, if it is still within the month.
#[must_use]
pub(crate) fn fires(midnights: &[Judgement], now: Option<Judgement>, clear_after: usize) -> bool {
    let mut firing = false;
    let mut right_side = 0usize;
    for midnight in midnights {
        if midnight.verdict == Verdict::FeedIncomplete {
            right_side = 0;
            continue;
        }
        right_side = if midnight.over { 0 } else { right_side + 1 };
        if midnight.verdict == Verdict::Breach {
            firing = true;
        } else if right_side > clear_after {
            firing = false;
        }
    }
    firing || now.is_some_and(|now| now.verdict == Verdict::Breach)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judgements(text: &str) -> Vec<Judgement> {
        text.chars()
            .map(|c| {
                let (over, verdict) = match c {
                    'b' => (true, Verdict::Breach),
                    'w' => (true, Verdict::Watch),
                    'f' => (true, Verdict::FeedIncomplete),
                    'i' => (false, Verdict::InsufficientData),
                    _ => (false, Verdict::Ok),
                };
                Judgement {
                    value: None,
                    over,
                    verdict,
                }
            })
            .collect()
    }

    #[test]
    fn a_value_that_swings_around_the_limit_gives_one_alert() {
        let swinging =
            |text, now: Option<&str>| fires(&judgements(text), now.map(|c| judgements(c)[0]), 1);
        assert!(swinging("ob", None));
        assert!(
            swinging("bo", None),
            "one midnight on the right side does not clear it"
        );
        assert!(!swinging("boo", None), "two do");
        assert!(swinging("bobobo", None));
        assert!(swinging("bow", None), "watch holds it");
        assert!(swinging("bwwww", None));
        assert!(!swinging("wwww", None), "watch alone never fires");
        assert!(swinging("bfff", None), "incomplete feeds hold it");
        assert!(!swinging("fff", None));
        assert!(!swinging("bii", None), "no value is not over the limit");
        assert!(swinging("oo", Some("b")), "a breach now fires");
        assert!(!swinging("boo", Some("o")));
        assert!(!swinging("oo", Some("w")));
    }

    #[test]
    fn clear_after_says_how_many_midnights_before_must_be_right() {
        assert!(!fires(&judgements("bo"), None, 0));
        assert!(fires(&judgements("boo"), None, 2));
        assert!(!fires(&judgements("booo"), None, 2));
    }
}
