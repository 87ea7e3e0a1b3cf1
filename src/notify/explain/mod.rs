//! Why an alert fires, as figures and as a sentence.
//!
//! It decides nothing: every figure is one that `evaluate` put into the alert's explanation; one
//! that is not there is left out, never made up. Invariant: pure, no phone number comes out.

mod cells;
mod figures;
mod headline;
mod of_kind;
mod sentence;

pub use cells::{LabelledFigure, cells};
pub use figures::{Bar, bar, count, probability, value, yuan};
pub use headline::{batch, headline};
pub use of_kind::{by_kind, days, headline_of_kind, line_state, states};
pub use sentence::sentence;

#[cfg(test)]
mod tests;
