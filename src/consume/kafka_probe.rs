//! Tests the settings of the Kafka client, and the broker, without joining the group.
//!
//! It may not know positions. Invariant: nothing is read, and no group is joined.

use std::sync::Mutex;
use std::time::Duration;

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::error::SourceError;
use super::kafka::{KafkaConfig, not_created};
use super::kafka_settings::client_config;
use super::rebalance::locked;

/// How long to wait for the client's reason of a failure.
const REASON_WITHIN: Duration = Duration::from_millis(500);
/// How long a broker may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Keeps the client's last reason of a failed connection.
#[derive(Default)]
struct Listening(Mutex<String>);

impl ClientContext for Listening {
    fn log(&self, _level: RDKafkaLogLevel, _facility: &str, message: &str) {
        tracing::debug!("The Kafka client says: {message}");
    }

    fn error(&self, error: KafkaError, reason: &str) {
        // The error "all brokers are down" hides the reason of a single one.
        let says_little = matches!(error, KafkaError::Global(RDKafkaErrorCode::AllBrokersDown));
        let mut last = locked(&self.0);
        if !says_little || last.is_empty() {
            reason.clone_into(&mut last);
        }
    }
}

impl ConsumerContext for Listening {}

/// Checks that the client accepts the settings: those of TLS only where it is built in.
///
/// # Errors
/// [`SourceError::Setting`] names the setting that is refused or malformed.
pub(crate) fn check_settings(config: &KafkaConfig) -> Result<(), SourceError> {
    let mut client = client_config(
        &config.brokers,
        &config.group_id,
        config.drain,
        &config.settings,
    )?;
    // Without a broker address the client connects to none.
    client.remove("bootstrap.servers");
    client
        .create::<BaseConsumer>()
        .map(drop)
        .map_err(not_created)
}

/// Asks the broker for the number of partitions of each topic.
///
/// # Errors
/// When no broker answers, or a topic does not exist.
pub(crate) fn probe(config: &KafkaConfig) -> Result<Vec<(String, usize)>, SourceError> {
    let client = client_config(
        &config.brokers,
        &config.group_id,
        config.drain,
        &config.settings,
    )?;
    let consumer: BaseConsumer<Listening> = client
        .create_with_context(Listening::default())
        .map_err(not_created)?;
    config
        .topics
        .iter()
        .map(|topic| Ok((topic.clone(), partitions_of(&consumer, topic)?)))
        .collect()
}

fn partitions_of(consumer: &BaseConsumer<Listening>, topic: &str) -> Result<usize, SourceError> {
    let unreachable = |error: String| {
        // The client reports connection failures only while it is polled.
        drop(consumer.poll(REASON_WITHIN));
        let client_error = locked(&consumer.context().0).clone();
        let reason = if client_error.is_empty() {
            error
        } else {
            client_error
        };
        SourceError::Unreachable {
            operation: format!("ask the broker for the topic {topic}"),
            reason,
        }
    };
    let answer = consumer
        .fetch_metadata(Some(topic), ANSWER_WITHIN)
        .map_err(|error| unreachable(error.to_string()))?;
    let unknown = |reason: String| SourceError::TopicUnknown {
        topics: topic.to_owned(),
        reason,
    };
    let found = answer
        .topics()
        .iter()
        .find(|one| one.name() == topic)
        .ok_or_else(|| unknown("the broker does not name it".into()))?;
    match found.error() {
        Some(error) => Err(unknown(RDKafkaErrorCode::from(error).to_string())),
        None => Ok(found.partitions().len()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::start_policy::StartPolicy;

    fn with(settings: &[(&str, &str)]) -> KafkaConfig {
        KafkaConfig {
            brokers: "127.0.0.1:1".into(),
            topics: vec!["boss".into()],
            group_id: "g".into(),
            start: StartPolicy::Beginning,
            settings: settings
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect::<BTreeMap<_, _>>(),
            event_bytes_max: 1_000,
            drain: false,
        }
    }

    #[test]
    fn settings_are_tried_without_a_broker() {
        check_settings(&with(&[])).expect("they are right");
        let error = check_settings(&with(&[("no.such.setting", "x")])).expect_err("it is refused");
        assert!(error.to_string().contains("no.such.setting"), "{error}");
    }

    #[test]
    #[cfg(not(feature = "kafka-tls"))]
    fn a_build_without_tls_refuses_its_settings() {
        for settings in [
            [("security.protocol", "ssl")],
            [("security.protocol", "sasl_ssl")],
            [("ssl.ca.location", "/etc/ca.pem")],
        ] {
            let error = check_settings(&with(&settings)).expect_err("no TLS is built in");
            assert_eq!(error.code(), "E_KAFKA_CONFIG", "{error}");
        }
    }

    #[test]
    fn a_broker_that_does_not_answer_is_told_with_what_the_client_said() {
        let error = probe(&with(&[])).expect_err("nobody is there");
        assert_eq!(error.code(), "E_KAFKA_UNREACHABLE", "{error}");
        assert!(error.to_string().contains("127.0.0.1:1"), "{error}");
    }
}
