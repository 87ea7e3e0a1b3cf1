//! The dialogue against a scripted server on this machine: every phase, every way to go wrong.

mod open;
mod phases;
mod replies;
mod server;
