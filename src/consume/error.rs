//! Errors that stop a source. Each kind has a code that operators can look up.
//!
//! It may not know clients' types: their reasons come as text. Invariant: no message holds a
//! payload, a password or the value of a setting.

use std::error::Error;
use std::path::PathBuf;

use crate::domain::pause::{Pause, PauseCause};

/// An error of another module, kept as the source.
pub(crate) type Cause = Box<dyn Error + Send + Sync>;

/// Why a source stopped. Nothing is lost: positions are where the last commit left them.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The folder cannot be listed.
    #[error("E_FILES_DIR: list the folder {dir} (source.files.dir); hint: check that it exists and that this user may read it", dir = .dir.display())]
    Folder {
        dir: PathBuf,
        source: std::io::Error,
    },
    /// The stored positions cannot be read.
    #[error("E_POSITIONS: take over {partitions} from the store")]
    Positions {
        partitions: String,
        /// The store's error.
        source: Cause,
    },
    /// A Kafka setting is refused or malformed.
    #[error("E_KAFKA_CONFIG: use the setting {key} (source.kafka): {reason}")]
    Setting { key: String, reason: String },
    /// A stored offset is no longer (or not yet) in its partition.
    #[error(
        "E_OFFSET_GONE: go on with the partition {partition} at offset {stored}: the broker holds {low} to {high}; \
         hint: messages were deleted before they were read; say where to go on with `sisan sources seek {partition} --to OFFSET`"
    )]
    OffsetGone {
        /// `topic-partition`.
        partition: String,
        /// The first offset that the broker holds.
        low: u64,
        /// The offset that was to be read next.
        stored: u64,
        /// The offset after the last one that the broker holds.
        high: u64,
    },
    /// A stored offset is beyond the end of its partition: the topic is not the one that was read
    /// before.
    #[error(
        "E_TOPIC_REPLACED: go on with the partition {partition} at offset {stored}: it ends at {high} (low {low}); \
         hint: the topic was deleted and made anew, or the broker lost data; say where to begin with `sisan sources seek {partition} --to OFFSET`"
    )]
    TopicReplaced {
        /// `topic-partition`.
        partition: String,
        /// The first offset that the broker holds.
        low: u64,
        /// The offset that was to be read next.
        stored: u64,
        /// The offset after the last one that the broker holds.
        high: u64,
    },
    /// The last message that was read from a partition has been replaced.
    #[error(
        "E_TOPIC_REPLACED: go on with the partition {partition}: the message at offset {offset} is not the one that was read there; \
         hint: the topic was deleted and made anew; see where to begin, then `sisan sources seek {partition} --to OFFSET`"
    )]
    MessageReplaced {
        /// `topic-partition`.
        partition: String,
        /// The offset of that message.
        offset: i64,
    },
    /// The client delivers nothing, though the partition holds more.
    #[error(
        "E_KAFKA_SILENT: read the partition {partition} from offset {stored}: it holds up to {high}, and the client has given nothing for \
         {within:?}; hint: start the worker again, nothing is lost"
    )]
    Silent {
        /// `topic-partition`.
        partition: String,
        /// The offset that is to be read next.
        stored: u64,
        /// The offset after the last one that the broker holds.
        high: u64,
        within: std::time::Duration,
    },
    /// A batch of a partition was refused, and the partition was not assigned again since: the
    /// worker that took it over does not own it.
    #[error(
        "E_DISPLACED: read on from the partition {partition}: another worker took it over out of turn, and has it no more; \
         hint: nothing is lost; the worker joins the group anew"
    )]
    Displaced {
        /// `topic-partition`.
        partition: String,
    },
    /// A topic does not exist.
    #[error(
        "E_KAFKA_TOPIC: read the topics {topics} (source.kafka.topics): {reason}; hint: check the names, or create the topic first"
    )]
    TopicUnknown {
        /// All requested topics.
        topics: String,
        /// The broker's answer.
        reason: String,
    },
    /// The broker refuses this client.
    #[error(
        "E_KAFKA_AUTH: be admitted by the broker: {reason}; hint: check credentials, TLS settings and ACLs (READ on topic and group)"
    )]
    Auth {
        /// The broker's answer.
        reason: String,
    },
    /// No broker answered in time.
    #[error(
        "E_KAFKA_UNREACHABLE: {operation}: {reason}; hint: check source.kafka.brokers and the network, then start again"
    )]
    Unreachable {
        /// The operation that failed.
        operation: String,
        /// The client's last message.
        reason: String,
    },
    /// The client cannot continue.
    #[error("E_KAFKA_FATAL: go on reading from Kafka: {reason}; hint: start again")]
    Fatal {
        /// The client's message.
        reason: String,
    },
}

impl SourceError {
    /// The code that begins the message.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "E_FILES_DIR",
            Self::Positions { .. } => "E_POSITIONS",
            Self::Setting { .. } => "E_KAFKA_CONFIG",
            Self::OffsetGone { .. } => "E_OFFSET_GONE",
            Self::Silent { .. } => "E_KAFKA_SILENT",
            Self::Displaced { .. } => "E_DISPLACED",
            Self::TopicReplaced { .. } | Self::MessageReplaced { .. } => "E_TOPIC_REPLACED",
            Self::TopicUnknown { .. } => "E_KAFKA_TOPIC",
            Self::Auth { .. } => "E_KAFKA_AUTH",
            Self::Unreachable { .. } => "E_KAFKA_UNREACHABLE",
            Self::Fatal { .. } => "E_KAFKA_FATAL",
        }
    }

    /// The pause of one partition until an operator moves it, while the others continue.
    ///
    /// # Errors
    /// Itself, if it stops the source.
    pub(super) fn into_pause(self) -> Result<Pause, Self> {
        let cause = match self {
            Self::OffsetGone { .. } => PauseCause::OffsetGone,
            Self::TopicReplaced { .. } | Self::MessageReplaced { .. } => PauseCause::TopicReplaced,
            stops => return Err(stops),
        };
        Ok(Pause {
            cause,
            reason: self.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_begins_with_its_code() {
        let io = || std::io::Error::other("x");
        let errors = [
            SourceError::Folder {
                dir: "d".into(),
                source: io(),
            },
            SourceError::Positions {
                partitions: "t-0".into(),
                source: "x".into(),
            },
            SourceError::Setting {
                key: "k".into(),
                reason: "r".into(),
            },
            SourceError::OffsetGone {
                partition: "t-0".into(),
                low: 5,
                stored: 1,
                high: 9,
            },
            SourceError::TopicReplaced {
                partition: "t-0".into(),
                low: 0,
                stored: 10,
                high: 9,
            },
            SourceError::MessageReplaced {
                partition: "t-0".into(),
                offset: 9,
            },
            SourceError::Silent {
                partition: "t-0".into(),
                stored: 5,
                high: 9,
                within: std::time::Duration::from_secs(300),
            },
            SourceError::Displaced {
                partition: "t-0".into(),
            },
            SourceError::TopicUnknown {
                topics: "t".into(),
                reason: "r".into(),
            },
            SourceError::Auth { reason: "r".into() },
            SourceError::Unreachable {
                operation: "d".into(),
                reason: "r".into(),
            },
            SourceError::Fatal { reason: "r".into() },
        ];
        for error in errors {
            assert!(
                error
                    .to_string()
                    .starts_with(&format!("{}: ", error.code())),
                "{error}"
            );
        }
    }
}
