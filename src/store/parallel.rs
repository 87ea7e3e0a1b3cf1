//! Many small pieces of work that are independent of each other, on every core.

use rayon::prelude::*;

/// Below that many pieces a second thread does not pay.
const PARALLEL_MIN: usize = 1_000;
/// Pieces a part has at least: so many parts that a core that was busy elsewhere still finds some.
const PART_MIN: usize = 500;

/// Does the work part by part; returns what came of the parts, in order.
pub(super) fn parallel_map<T: Send, R: Send>(
    all: Vec<T>,
    work: impl Fn(Vec<T>) -> R + Send + Sync,
) -> Vec<R> {
    if all.len() < PARALLEL_MIN {
        return vec![work(all)];
    }
    split(all).into_par_iter().map(work).collect()
}

fn split<T>(mut all: Vec<T>) -> Vec<Vec<T>> {
    let parts_max = rayon::current_num_threads() * 4;
    let size = all.len().div_ceil(parts_max).max(PART_MIN);
    let mut parts = Vec::new();
    while all.len() > size {
        parts.push(all.split_off(all.len() - size));
    }
    parts.push(all);
    parts.reverse();
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_it_is_done_once_and_comes_back_in_order() {
        for count in [0, 1, PARALLEL_MIN - 1, PARALLEL_MIN, 10 * PARALLEL_MIN + 1] {
            let parts = parallel_map((0..count).collect(), |part: Vec<usize>| part);
            assert_eq!(parts.concat(), (0..count).collect::<Vec<_>>());
        }
    }
}
