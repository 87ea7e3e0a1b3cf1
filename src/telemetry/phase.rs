//! Pieces of work at an instant whose time is measured.

use crate::domain::names::names;

names! {
    /// A piece of work at an instant.
    pub enum Phase {
        Evaluation = "evaluation",
        /// Open tasks are gone over, and planned work begins.
        Sweep = "sweep",
        Composing = "composing",
    }
}
