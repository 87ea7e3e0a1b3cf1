//! Tests of job files and of due times.

mod due;
mod files;
