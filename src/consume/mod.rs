//! Kafka or files → batches of raw messages.
//!
//! It may not know what a payload means, indicators, or SQL; where to begin comes from whoever starts it.
//! Invariant: the deliveries of one partition come in the order of their positions, none left out but counted gaps.

pub mod batch;
