//! A disk that returns other bytes than were written: what the database holds is checked, not only
//! how it holds together.

mod flipped_bits;
mod skipped;
mod worked_store;

pub use worked_store::change;
