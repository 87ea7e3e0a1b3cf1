//! The limits that a count must reach to be no chance: exact binomial and Poisson tails, for
//! planning only.
//!
//! The worker's own tails are in `evaluate`; these are written apart, so that a demo compares two
//! independent results. Invariant: `needed` is the smallest count whose tail is at most α.

/// Limit of the churn and member loss rates, a month.
pub(super) const LOSS_LIMIT: f64 = 0.03;
/// Limit of complaints per member and month.
pub(super) const COMPLAINT_LIMIT: f64 = 0.004;
/// The significance at group level.
pub(super) const ALPHA: f64 = 0.01;
/// Local days of the windows in which leavers are counted together.
pub(super) const WINDOWS: [i32; 3] = [1, 3, 7];

/// The smallest k with P(X ≥ k) ≤ `alpha`, where `ratio(i)` = P(X = i + 1) / P(X = i).
fn needed(ln_p0: f64, alpha: f64, most: usize, ratio: impl Fn(usize) -> f64) -> usize {
    let (mut ln_p, mut tail, mut k) = (ln_p0, 1.0, 0);
    while tail > alpha && k <= most {
        tail -= ln_p.exp();
        ln_p += ratio(k).ln();
        k += 1;
    }
    k
}

/// Leavers of the month that are significant among `n` members; `n` + 1 where no count is.
pub(super) fn needed_losses(n: usize) -> usize {
    let odds = LOSS_LIMIT / (1.0 - LOSS_LIMIT);
    needed(n as f64 * (1.0 - LOSS_LIMIT).ln(), ALPHA, n, |i| {
        (n.saturating_sub(i)) as f64 / (i + 1) as f64 * odds
    })
}

/// Complaints of the month that are significant among `n` members.
pub(super) fn needed_complaints(n: usize) -> usize {
    let mean = n as f64 * COMPLAINT_LIMIT;
    needed(-mean, ALPHA, usize::MAX - 1, |i| mean / (i + 1) as f64)
}

/// Leavers within `days` that are a batch among `n` members: at least 3.
pub(super) fn needed_batch(n: usize, days: i32) -> usize {
    let mean = n as f64 * LOSS_LIMIT * f64::from(days) / 30.0;
    needed(-mean, ALPHA / 3.0, usize::MAX - 1, |i| {
        mean / (i + 1) as f64
    })
    .max(3)
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{Binomial, DiscreteCDF, Poisson};

    use super::*;

    #[test]
    fn the_lines_are_those_of_an_independent_library() {
        for n in [2usize, 3, 10, 37, 38, 50, 100, 999, 1500] {
            let binomial = Binomial::new(LOSS_LIMIT, n as u64).expect("valid");
            let k = needed_losses(n) as u64;
            assert!(
                binomial.sf(k - 1) <= ALPHA && (k == 1 || binomial.sf(k - 2) > ALPHA),
                "{n} {k}"
            );
            let check = |k: usize, mean: f64, alpha: f64, floor: usize| {
                let poisson = Poisson::new(mean).expect("valid");
                let tail = |k: usize| {
                    if k == 0 {
                        1.0
                    } else {
                        poisson.sf(k as u64 - 1)
                    }
                };
                assert!(
                    tail(k) <= alpha && (k == floor || tail(k - 1) > alpha),
                    "{n} {k}"
                );
            };
            check(needed_complaints(n), n as f64 * COMPLAINT_LIMIT, ALPHA, 0);
            for days in WINDOWS {
                check(
                    needed_batch(n, days),
                    n as f64 * LOSS_LIMIT * f64::from(days) / 30.0,
                    ALPHA / 3.0,
                    3,
                );
            }
        }
        assert_eq!(needed_losses(1), 2, "one of one is no significance at 3 %");
    }
}
