//! Why an alert fires, as figures and as a sentence.
//!
//! It decides nothing: every figure is one that `evaluate` put into the alert's explanation; one
//! that is not there is left out, never made up. Invariant: pure, no phone number comes out.

mod cells;
mod figures;
mod headline;
mod of_kind;
mod over;
mod sentence;
mod task_line;

pub(crate) use cells::{LabelledFigure, cells};
#[cfg(test)]
pub(crate) use figures::yuan;
pub(crate) use figures::{Bar, bar, count, value};
pub(crate) use headline::batch;
pub(crate) use headline::headline;
pub(crate) use of_kind::{by_kind, days, headline_of_kind, states, subject_state};
pub(crate) use sentence::sentence;
pub(crate) use task_line::task_line;

#[cfg(test)]
mod tests;
