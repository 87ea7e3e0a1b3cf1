//! The measured phases of the work at an instant.

use crate::domain::names::names;

names! {
    /// A piece of work at an instant.
    pub enum WorkPhase {
        Evaluation = "evaluation",
        /// Open tasks are gone over, and planned work begins.
        Sweep = "sweep",
        Composing = "composing",
    }
}
