//! The schema of a store: how many migrations were applied, and a digest of their text.
//!
//! Until the first release 0001 may be edited. Invariant: a store that another version of the
//! program has made is refused by name, never read as if it were of this one.

use xxhash_rust::xxh3::Xxh3;

use super::StoreError;

/// How sorted runs, the write-ahead log and the values in columns are written; raised when that
/// changes.
const FORMAT: u32 = 7;

/// Every migration of a dialect in order, under the numbers that they have in the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Migrations<'a>(pub(super) &'a [&'a str]);

impl Migrations<'_> {
    /// The identity of a store to which the first `count` were applied: 31 bits.
    pub(super) fn digest(self, count: usize) -> i32 {
        let mut digest = Xxh3::new();
        digest.update(&FORMAT.to_le_bytes());
        for migration in self.0.iter().take(count) {
            digest.update(&(migration.len() as u64).to_le_bytes());
            digest.update(migration.as_bytes());
        }
        (digest.digest() >> 33) as i32
    }

    /// What is to be applied to a store that has this schema, each with its number; a store
    /// without one has 0.
    ///
    /// # Errors
    /// [`StoreError::Schema`] when the store is newer, or of another version of the program.
    pub(super) fn missing(
        &self,
        number: i64,
        digest: i32,
    ) -> Result<impl Iterator<Item = (i64, &str)>, StoreError> {
        let known = self.0.len() as i64;
        if number > known {
            let hint = "this program is older than the store; run the newer one";
            return Err(StoreError::Schema {
                found: number,
                known,
                hint,
            });
        }
        if number > 0 && self.digest(number as usize) != digest {
            return Err(StoreError::OtherSchema { number });
        }
        Ok((1..).zip(self.0.iter().copied()).skip(number as usize))
    }

    /// Refuses a store that has not every migration.
    ///
    /// # Errors
    /// Likewise, and when `sisan migrate` has work to do.
    pub(super) fn check(&self, number: i64, digest: i32) -> Result<(), StoreError> {
        match self.missing(number, digest)?.next() {
            None => Ok(()),
            Some(_) => Err(StoreError::Schema {
                found: number,
                known: self.0.len() as i64,
                hint: "run `sisan migrate` first",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: Migrations<'_> = Migrations(&["CREATE one", "CREATE two"]);

    #[test]
    fn what_is_missing_is_applied_and_a_store_of_another_program_is_refused() {
        let missing = |number, digest| -> Vec<i64> {
            let missing = TWO.missing(number, digest).expect("it may be brought up");
            missing.map(|(number, _)| number).collect()
        };
        assert_eq!(missing(0, 0), [1, 2]);
        assert_eq!(missing(1, TWO.digest(1)), [2]);
        assert_eq!(missing(2, TWO.digest(2)), [] as [i64; 0]);
        assert!(
            TWO.check(1, TWO.digest(1))
                .is_err_and(|e| e.to_string().contains("migrate"))
        );
        assert!(
            TWO.missing(3, 0)
                .is_err_and(|e| e.to_string().contains("older"))
        );
        let edited = Migrations(&["CREATE one, edited", "CREATE two"]);
        for number in [1, 2] {
            let refused = TWO.check(number, edited.digest(number as usize));
            assert!(
                matches!(refused, Err(StoreError::OtherSchema { .. })),
                "{refused:?}"
            );
        }
        let cut_elsewhere = Migrations(&["CREATE oneCREATE", " two"]);
        assert_ne!(cut_elsewhere.digest(2), TWO.digest(2));
    }
}
