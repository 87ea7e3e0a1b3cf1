//! `sisan demo`: a city, 90 days of events, the whole worker over them, and a comparison of what it
//! found with what was planted.

mod by_hand;
mod finishing;
mod intentions;
mod month;
mod people;
mod story;

pub use intentions::Intentions;
pub use people::People;
pub(crate) use story::DemoArgs;
pub use story::demo;
