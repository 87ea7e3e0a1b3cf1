//! What every store promises, whichever database is behind it: each promise is a test on both.

mod brief_hints;
mod commits;
mod copying;
mod counters;
mod named_members;
mod outbox;
mod promises;
mod references;
mod sources;
mod workers;
