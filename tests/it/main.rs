//! The one integration binary: the built program and the library against real services.
//!
//! `tests/run` starts the services and sets the variables that [`services`] reads; without it these tests fail with a
//! sentence that says so. A new scenario is one more module here, named after what it is about.

mod services;

mod conformance;
mod service_round_trips;
