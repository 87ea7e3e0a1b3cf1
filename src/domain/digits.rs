//! How many digits of a figure people see beside what it is compared with.
//!
//! It does not know units or words. Invariant: two figures that differ are never spelled alike.

/// Most decimals: a figure that is nearer to its limit than that differs from it by a float's error
/// only.
const DECIMALS_MAX: usize = 12;

/// How many decimals people see of a figure, times `scale`: the fewest, from `least` on, that tell
/// it from what it is compared with, if they differ. It is the same for both.
#[must_use]
pub(crate) fn telling_decimals(
    figure: f64,
    beside: Option<f64>,
    scale: f64,
    least: usize,
) -> usize {
    let Some(beside) = beside.filter(|beside| *beside != figure) else {
        return least;
    };
    let spelled = |figure: f64, decimals: usize| format!("{:.decimals$}", figure * scale);
    let tells = |decimals: &usize| spelled(figure, *decimals) != spelled(beside, *decimals);
    (least..DECIMALS_MAX).find(tells).unwrap_or(DECIMALS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_as_many_digits_as_tell_it_from_its_limit() {
        for (figure, limit, scale, least, expected) in [
            (0.031, Some(0.03), 100.0, 2, 2),
            (606.0 / 20_199.0, Some(0.03), 100.0, 2, 4),
            (0.03, Some(0.03), 100.0, 2, 2),
            (0.03, None, 100.0, 2, 2),
            (79.96, Some(80.0), 1.0, 1, 2),
            (606.0, Some(605.97), 1.0, 1, 2),
            (0.1 + 0.2, Some(0.3), 1.0, 2, DECIMALS_MAX),
        ] {
            assert_eq!(
                telling_decimals(figure, limit, scale, least),
                expected,
                "{figure}"
            );
        }
    }
}
