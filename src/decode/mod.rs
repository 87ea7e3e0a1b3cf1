//! Bytes → [`Event`](crate::domain::event::Event) or [`Rejection`](crate::domain::reject::Rejection).
//!
//! Pure: no clock, no store, no async. It may not know where the bytes came from.
//! Invariant: decoding is total; every input ends as one event or one rejection with its class and reason.
