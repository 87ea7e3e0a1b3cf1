//! Kafka or files → batches of raw messages.
//!
//! It may not know what a payload means, indicators, or SQL; where to begin comes from whoever starts it.
//! Invariant: the deliveries of one partition come in the order of their positions, none left out but counted gaps.
//!
//! ```text
//!  folder ──► folder ──► lines ──► files ─┐
//!                                         ├─► source::next_batch ──► worker ──► store
//!  broker ──► poll_loop ─► pack ─► handoff ┘                               │
//!               ▲  rebalance asks for positions, raises the epoch ◄────────┘
//! ```

pub mod batch;
pub mod error;
pub mod files;
mod folder;
pub mod glob;
mod handoff;
pub mod kafka;
mod kafka_errors;
mod kafka_probe;
pub mod kafka_settings;
mod lines;
mod pacing;
mod pack;
mod poll_loop;
mod reading;
pub mod rebalance;
pub mod source;
mod statistics;
mod unpack;

pub use batch::{BatchLimits, BinaryAttributes, Delivery, Mode, PartitionProgress, RawBatch};
pub use error::SourceError;
pub use files::{FilesConfig, FilesSource};
pub use kafka::REASSIGNED_WITHIN;
pub use kafka::{KafkaConfig, KafkaSource, StartPolicy};
pub use kafka_probe::{check_settings, probe};
pub use rebalance::{Ownership, TakeOver, TopicPartition, is_partition_of};
pub use source::{Input, Polled, Source, StopSignal, StoredPosition};
