//! Search in a sorted slice, from where the last search ended.

/// The first place from `from` on whose element does not lie before what is sought. Near places are
/// found fastest, so that many searches in order cost little more than one walk.
pub(super) fn gallop<T>(sorted: &[T], from: usize, lies_before: impl Fn(&T) -> bool) -> usize {
    let (mut at, mut step) = (from, 1);
    while sorted.get(at + step - 1).is_some_and(&lies_before) {
        at += step;
        step *= 2;
    }
    let end = sorted.len().min(at + step);
    at + sorted[at..end].partition_point(lies_before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_finds_what_a_binary_search_finds_from_wherever_it_begins() {
        for count in [0, 1, 2, 3, 7, 64, 100] {
            let sorted: Vec<u32> = (0..count).map(|n| n / 2 * 3).collect();
            for wanted in 0..count * 2 {
                let found = sorted.partition_point(|one| *one < wanted);
                assert!(
                    (0..=found).all(|from| gallop(&sorted, from, |one| *one < wanted) == found),
                    "{wanted} of {count}"
                );
            }
        }
    }
}
