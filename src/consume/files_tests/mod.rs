//! Tests of the files source, on real folders.

mod any_folder;
mod beginnings;
mod changed;
mod evenly;
mod packed;
mod reading;
mod store;
