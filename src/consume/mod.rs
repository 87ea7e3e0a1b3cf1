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
pub(crate) mod error;
mod file_batch;
mod file_fault;
mod file_steps;
pub(crate) mod files;
mod folder;
mod handoff;
mod held_lines;
mod input_file;
pub mod kafka;
mod kafka_errors;
mod kafka_probe;
pub(crate) mod kafka_settings;
mod lines;
mod members;
mod naming;
pub(crate) mod ownership;
mod pacing;
mod pack;
mod poll_loop;
mod queues;
mod read_digest;
mod reading;
pub(crate) mod rebalance;
pub(crate) mod source;
mod stamp;
mod statistics;
mod watch;

pub use alignment::Alignment;
pub use alignment::EventTimes;
pub use batch::BatchLimits;
pub use batch::Delivery;
pub use batch::Mode;
pub use batch::PartitionProgress;
pub use batch::RawBatch;
pub use error::SourceError;
pub(crate) use files::{FilesConfig, FilesSource, StoredFiles};
pub(crate) use folder::{ignored_in, lies_in};
pub(crate) use input_file::StoredFile;
pub use kafka::KafkaConfig;
pub use kafka::KafkaSource;
pub use kafka::REASSIGNED_WITHIN;
pub(crate) use kafka_probe::{check_settings, probe};
pub(crate) use naming::DropFiles;
pub use ownership::EpochOf;
pub use ownership::Ownership;
pub use ownership::TakeOver;
pub(crate) use ownership::is_partition_of;
pub use source::Input;
pub use source::Polled;
pub use source::Source;
pub use source::StopSignal;
pub(crate) use source::StoredPosition;
