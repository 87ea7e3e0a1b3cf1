//! Scenarios as people write them.
