//! Kafka or files → batches of raw messages.
//!
//! It may not know payloads, indicators, or SQL; the start positions are passed in. Invariant: the
//! deliveries of one partition come in the order of their positions, and every skipped position is
//! counted as a gap.
//!
//! ```text
//!  folder ─► watch, folder ─► checking ─► lines ─► files ─┐  whose turn it is: alignment
//!                                                 ├─► source::next_batch ──► worker ──► store
//!  broker ──► queues ─► poll_loop ─► pack ─► handoff ┘                            │
//!               ▲  rebalance asks for positions, raises the epoch ◄───────────────┘
//! ```

mod alignment;
mod assigning;
pub mod batch;
mod checking;
pub mod error;
mod file_batch;
mod file_fault;
mod file_steps;
pub mod files;
mod folder;
mod handoff;
mod held_lines;
mod input_file;
pub mod kafka;
mod kafka_errors;
mod kafka_probe;
pub mod kafka_settings;
mod lines;
mod members;
mod naming;
pub mod ownership;
mod pacing;
mod pack;
mod poll_loop;
mod queues;
mod read_digest;
mod reading;
pub mod rebalance;
pub mod source;
mod stamp;
mod statistics;
mod watch;

pub use alignment::{Alignment, EventTimes};
pub use batch::{
    BatchLimits, BinaryAttributes, Delivery, FileProgress, Mode, PartitionProgress, RawBatch,
    ReadState,
};
pub use error::SourceError;
pub use files::{FilesConfig, FilesSource, StoredFiles};
pub use folder::{Ignored, ignored_in, lies_in};
pub use input_file::StoredFile;
pub use kafka::REASSIGNED_WITHIN;
pub use kafka::{KafkaConfig, KafkaSource, StartPolicy};
pub use kafka_probe::{check_settings, probe};
pub use naming::{DropFiles, UTF_8_MARK};
pub use ownership::{EpochOf, Ownership, TakeOver, TopicPartition, is_partition_of};
pub use source::{Input, Polled, Source, StopSignal, StoredPosition};
