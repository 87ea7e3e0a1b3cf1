//! When a commit must have reached the disk.
//!
//! Invariant: whatever its durability, no commit is ever kept without those before it.

/// When a commit must have reached the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Before its transaction is over.
    Now,
    /// With the next one that must: if the machine fails before, it is as if the process had ended
    /// before the commit.
    WithNext,
}
