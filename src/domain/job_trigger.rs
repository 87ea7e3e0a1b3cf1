//! What makes a job run.

/// How a run of a job was requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JobTrigger {
    BySchedule,
    ByHand,
    /// By hand with `--confirm`: the operator answers for what cannot be undone.
    Confirmed,
}
