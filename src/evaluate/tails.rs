//! Exact upper tails P(X ≥ k) of Poisson and binomial, summed in log space.
//!
//! Invariant: accurate to about 1e-12 relative, also far out, where a normal approximation is
//! wrong.

/// Terms below this share of the sum are not added.
const NEGLIGIBLE: f64 = 1e-18;

/// P(X ≥ k), X ~ Poisson(`mean`). 1 for `k ≤ 0`.
#[must_use]
pub(crate) fn poisson_upper(k: i64, mean: f64) -> f64 {
    if k <= 0 {
        return 1.0;
    }
    if mean <= 0.0 {
        return 0.0;
    }
    let ln_term = |x: i64| x as f64 * mean.ln() - mean - ln_factorial(x);
    upper(k, mean, i64::MAX, ln_term, |x| mean / (x + 1) as f64)
}

/// P(X ≥ k), X ~ Binomial(`n`, `p`). 1 for `k ≤ 0`, 0 for `k > n`.
#[must_use]
pub(crate) fn binomial_upper(k: i64, n: i64, p: f64) -> f64 {
    if k <= 0 {
        return 1.0;
    }
    if k > n || p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return 1.0;
    }
    let ln_term = |x: i64| {
        ln_factorial(n) - ln_factorial(x) - ln_factorial(n - x)
            + x as f64 * p.ln()
            + (n - x) as f64 * (-p).ln_1p()
    };
    let odds = p / (1.0 - p);
    upper(k, n as f64 * p, n, ln_term, |x| {
        (n - x) as f64 / (x + 1) as f64 * odds
    })
}

/// The smallest k whose upper tail is at most `alpha`; `tail` falls with k.
#[must_use]
pub(crate) fn smallest_significant(alpha: f64, tail: impl Fn(i64) -> f64) -> i64 {
    let mut high = 1;
    while tail(high) > alpha {
        high *= 2;
    }
    let mut low = high / 2;
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if tail(middle) > alpha {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Sums the side of the tail on which the terms decrease: upwards from k above the mean, otherwise
/// 1 − the sum below k.
fn upper(
    k: i64,
    mean: f64,
    last: i64,
    ln_term: impl Fn(i64) -> f64,
    ratio: impl Fn(i64) -> f64,
) -> f64 {
    if k as f64 > mean {
        let (mut sum, mut factor, mut x) = (1.0, 1.0, k);
        while x < last {
            factor *= ratio(x);
            sum += factor;
            x += 1;
            if factor < sum * NEGLIGIBLE {
                break;
            }
        }
        return (ln_term(k) + f64::ln(sum)).exp().min(1.0);
    }
    let (mut sum, mut factor, mut x) = (1.0, 1.0, k - 1);
    while x > 0 {
        x -= 1;
        factor /= ratio(x);
        sum += factor;
        if factor < sum * NEGLIGIBLE {
            break;
        }
    }
    (1.0 - (ln_term(k - 1) + f64::ln(sum)).exp()).clamp(0.0, 1.0)
}

/// ln(x!), exact sums below 256, Stirling's series above (error under 1e-16 relative there).
fn ln_factorial(x: i64) -> f64 {
    if x < 256 {
        return (2..=x).map(|i| (i as f64).ln()).sum();
    }
    let n = x as f64;
    let series = 1.0 / (12.0 * n) - 1.0 / (360.0 * n.powi(3)) + 1.0 / (1260.0 * n.powi(5));
    n * n.ln() - n + 0.5 * (std::f64::consts::TAU * n).ln() + series
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use statrs::distribution::{Binomial, DiscreteCDF, Poisson};

    fn close(ours: f64, theirs: f64) -> bool {
        (ours - theirs).abs() <= 1e-9 * theirs.abs().max(1e-12)
    }

    #[test]
    fn counts_needed_at_one_percent_are_those_of_the_table() {
        // Reference: exact Poisson tails at a limit of 40 per 10,000.
        for (n, needed) in [
            (20, 2),
            (50, 3),
            (100, 3),
            (200, 4),
            (500, 7),
            (1_000, 10),
            (10_000, 56),
        ] {
            let mean = n as f64 * 40.0 / 10_000.0;
            assert_eq!(
                smallest_significant(0.01, |k| poisson_upper(k, mean)),
                needed,
                "n = {n}"
            );
        }
    }

    #[test]
    fn the_far_tail_is_not_lost() {
        // 10 of 10 at 3 %: 0.03^10
        assert!(close(binomial_upper(10, 10, 0.03), 0.03f64.powi(10)));
        assert!(poisson_upper(150, 1.0) > 0.0);
        assert_eq!(binomial_upper(11, 10, 0.03), 0.0);
        assert_eq!(poisson_upper(0, 0.0), 1.0);
    }

    proptest! {
        #[test]
        fn tails_agree_with_an_independent_library(k in 1i64..60, n in 1i64..2_000, p in 0.001f64..0.2) {
            let mean = n as f64 * p;
            let judge = Poisson::new(mean).expect("mean").sf(k as u64 - 1);
            prop_assert!(judge < 1e-10 || close(poisson_upper(k, mean), judge), "poisson {} {}", poisson_upper(k, mean), judge);
            let judge = if k > n { 0.0 } else { Binomial::new(p, n as u64).expect("binomial").sf(k as u64 - 1) };
            prop_assert!(judge < 1e-10 || (binomial_upper(k, n, p) - judge).abs() <= 1e-8 * judge, "binomial {} {}", binomial_upper(k, n, p), judge);
        }
    }
}
