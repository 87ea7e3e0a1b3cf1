//! Tests of job files and of due times.

mod catch_up;
mod due;
mod files;
