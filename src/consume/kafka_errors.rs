//! Classifies errors of the Kafka client.
//!
//! It decides by code, never by text. Invariant: an error after which the client would skip
//! messages stops the source.

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use super::error::SourceError;

/// How to handle an error.
#[derive(Debug)]
pub(super) enum Meaning {
    /// The end of a partition was reached.
    End,
    /// An offset is out of its partition's range.
    OffsetReset,
    /// The client retries by itself.
    Passing,
    Stop(SourceError),
}

/// Classifies an error that `poll` returned.
pub(super) fn meaning_of(
    error: &KafkaError,
    reason: &str,
    topics: &[String],
    assigned: bool,
) -> Meaning {
    let reason = || {
        if reason.is_empty() {
            error.to_string()
        } else {
            reason.to_owned()
        }
    };
    let code = match error {
        KafkaError::PartitionEOF(_) => return Meaning::End,
        KafkaError::MessageConsumptionFatal(_) => {
            return Meaning::Stop(SourceError::Fatal { reason: reason() });
        }
        KafkaError::MessageConsumption(code) | KafkaError::Global(code) => *code,
        _ => {
            return Meaning::Stop(SourceError::Fatal {
                reason: error.to_string(),
            });
        }
    };
    match code {
        Code::AutoOffsetReset | Code::OffsetOutOfRange => Meaning::OffsetReset,
        Code::UnknownTopicOrPartition
        | Code::UnknownTopic
        | Code::UnknownPartition
        | Code::InvalidTopic => Meaning::Stop(SourceError::TopicUnknown {
            topics: topics.join(", "),
            reason: reason(),
        }),
        Code::Authentication
        | Code::SaslAuthenticationFailed
        | Code::UnsupportedSASLMechanism
        | Code::IllegalSASLState
        | Code::TopicAuthorizationFailed
        | Code::GroupAuthorizationFailed
        | Code::ClusterAuthorizationFailed => Meaning::Stop(SourceError::Auth { reason: reason() }),
        // After the first assignment the client re-establishes a broken TLS connection by itself.
        Code::SSL if !assigned => Meaning::Stop(SourceError::Auth { reason: reason() }),
        // The client skips what it could not decode: that would be loss.
        Code::BadMessage
        | Code::BadCompression
        | Code::NotImplemented
        | Code::InvalidMessage
        | Code::InvalidMessageSize
        | Code::MessageSizeTooLarge
        | Code::Underflow
        | Code::LogTruncation => Meaning::Stop(SourceError::Fatal {
            reason: format!("a message cannot be taken apart: {}", reason()),
        }),
        Code::Fatal
        | Code::Fenced
        | Code::FencedInstanceId
        | Code::UnreleasedInstanceId
        | Code::InvalidGroupId
        | Code::InconsistentGroupProtocol
        | Code::InvalidSessionTimeout
        | Code::GroupMaxSizeReached
        | Code::CriticalSystemResource => Meaning::Stop(SourceError::Fatal { reason: reason() }),
        _ => Meaning::Passing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(error: &KafkaError, assigned: bool) -> &'static str {
        match meaning_of(error, "why", &["boss".into()], assigned) {
            Meaning::End => "end",
            Meaning::OffsetReset => "reset",
            Meaning::Passing => "passing",
            Meaning::Stop(error) => error.code(),
        }
    }

    #[test]
    fn errors_are_told_apart_by_their_code() {
        let of = |code| KafkaError::MessageConsumption(code);
        for (error, expected) in [
            (KafkaError::PartitionEOF(3), "end"),
            (of(Code::AutoOffsetReset), "reset"),
            (of(Code::UnknownTopicOrPartition), "E_KAFKA_TOPIC"),
            (of(Code::Authentication), "E_KAFKA_AUTH"),
            (of(Code::TopicAuthorizationFailed), "E_KAFKA_AUTH"),
            (of(Code::BadMessage), "E_KAFKA_FATAL"),
            (
                KafkaError::MessageConsumptionFatal(Code::Fenced),
                "E_KAFKA_FATAL",
            ),
            (of(Code::AllBrokersDown), "passing"),
            (of(Code::BrokerTransportFailure), "passing"),
            (of(Code::PollExceeded), "passing"),
            (of(Code::SSL), "passing"),
        ] {
            assert_eq!(code_of(&error, true), expected, "{error}");
        }
        assert_eq!(code_of(&of(Code::SSL), false), "E_KAFKA_AUTH");
    }
}
