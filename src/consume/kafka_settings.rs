//! The settings of the Kafka client: those that our guarantees need are fixed, the rest has our
//! defaults and may be set.
//!
//! It may not know where settings come from. Invariant: no value is ever put into an error, it may
//! be a password.

use std::collections::BTreeMap;

use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;

use super::error::SourceError;

/// How long fetching rests when the local queue is full, in ms. At librdkafka's own 1000 any
/// consumer slower than the fetcher stops for whole seconds: a quarter of the speed, with nothing
/// in the log. 0 spins.
pub(crate) const FETCH_QUEUE_BACKOFF_MS: &str = "20";

/// Interval of the client's statistics, which hold the partitions' ends, in ms.
const STATISTICS_INTERVAL_MS: &str = "1000";

/// Settings that our guarantees need, each with its reason.
const FIXED: [(&str, &str, &str); 9] = [
    (
        "enable.auto.commit",
        "false",
        "offsets are committed with the figures, in the store",
    ),
    (
        "enable.auto.offset.store",
        "false",
        "offsets are committed with the figures, in the store",
    ),
    (
        "auto.offset.reset",
        "error",
        "an offset that is gone must stop the partition, not skip messages",
    ),
    (
        "isolation.level",
        "read_committed",
        "messages of aborted transactions must not count",
    ),
    (
        "partition.assignment.strategy",
        "range",
        "the take-over of partitions is built for it",
    ),
    (
        "group.protocol",
        "classic",
        "the take-over of partitions is built for it",
    ),
    (
        "check.crcs",
        "true",
        "a message damaged on the way must not count",
    ),
    (
        "allow.auto.create.topics",
        "false",
        "a misspelt topic must not come into being",
    ),
    (
        "statistics.interval.ms",
        STATISTICS_INTERVAL_MS,
        "lag is taken from them",
    ),
];

/// Settings that other keys, or the source itself, decide.
const ELSEWHERE: [(&str, &str); 11] = [
    ("bootstrap.servers", "set source.kafka.brokers"),
    ("metadata.broker.list", "set source.kafka.brokers"),
    ("group.id", "set source.kafka.group_id"),
    (
        "enable.partition.eof",
        "it is on in a drain and off otherwise",
    ),
    (
        "auto.commit.enable",
        "offsets are committed with the figures, in the store",
    ),
    (
        "auto.commit.interval.ms",
        "offsets are committed with the figures, in the store",
    ),
    (
        "offset.store.method",
        "offsets are committed with the figures, in the store",
    ),
    (
        "offset.store.path",
        "offsets are committed with the figures, in the store",
    ),
    (
        "group.remote.assignor",
        "the take-over of partitions is built for the classic protocol",
    ),
    ("plugin.library.paths", "no foreign code is loaded"),
    ("log.queue", "the client's log is ours"),
];

/// Our defaults, which an operator may change.
const DEFAULTS: [(&str, &str); 8] = [
    ("fetch.queue.backoff.ms", FETCH_QUEUE_BACKOFF_MS),
    ("queued.min.messages", "10000"),
    // Each partition has a queue of its own, and the client keeps the whole of an answer of the
    // broker as long as one of its messages is queued.
    ("queued.max.messages.kbytes", "256"),
    ("fetch.message.max.bytes", "262144"),
    ("topic.metadata.refresh.interval.ms", "60000"),
    // After this time the partitions of a dead worker are reassigned.
    ("session.timeout.ms", "6000"),
    ("heartbeat.interval.ms", "1500"),
    ("client.id", "sisan"),
];

/// Merges our settings and the operator's.
///
/// # Errors
/// [`SourceError::Setting`] names a key that may not be set.
pub(crate) fn client_config(
    brokers: &str,
    group_id: &str,
    drain: bool,
    extra: &BTreeMap<String, String>,
) -> Result<ClientConfig, SourceError> {
    for (required, value) in [("brokers", brokers), ("group_id", group_id)] {
        if value.trim().is_empty() {
            return Err(refusal(required, "it is empty"));
        }
    }
    let logs_in = extra
        .get("security.protocol")
        .is_some_and(|protocol| protocol.to_ascii_lowercase().starts_with("sasl"));
    if extra.contains_key("sasl.username") && !logs_in {
        return Err(refusal(
            "user",
            "nobody logs in without a security.protocol; hint: set \"security.protocol\" in source.kafka.settings to sasl_ssl or sasl_plaintext, or take user and password out",
        ));
    }
    let mut config = ClientConfig::new();
    for (key, value) in DEFAULTS {
        config.set(key, value);
    }
    for (key, value) in extra {
        if let Some((_, fixed, why)) = FIXED.iter().find(|(fixed, ..)| fixed == key) {
            return Err(refusal(
                key,
                &format!("it is always {fixed}: {why}; hint: take it out"),
            ));
        }
        if let Some((_, why)) = ELSEWHERE.iter().find(|(elsewhere, _)| elsewhere == key) {
            return Err(refusal(key, &format!("it cannot be set here: {why}")));
        }
        config.set(key, value);
    }
    for (key, value, _) in FIXED {
        config.set(key, value);
    }
    // The client would read the level of another log facade than ours, and drop its warnings.
    config.set_log_level(if extra.contains_key("debug") {
        RDKafkaLogLevel::Debug
    } else {
        RDKafkaLogLevel::Info
    });
    config
        .set("bootstrap.servers", brokers)
        .set("group.id", group_id)
        .set("enable.partition.eof", drain.to_string());
    Ok(config)
}

fn refusal(key: &str, reason: &str) -> SourceError {
    SourceError::Setting {
        key: key.to_owned(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(key: &str, value: &str) -> Result<ClientConfig, SourceError> {
        client_config(
            "localhost:9092",
            "g",
            false,
            &BTreeMap::from([(key.to_owned(), value.to_owned())]),
        )
    }

    #[test]
    fn settings_that_would_break_a_promise_are_refused_by_name() {
        for key in FIXED
            .iter()
            .map(|(key, ..)| key)
            .chain(ELSEWHERE.iter().map(|(key, _)| key))
        {
            let error = with(key, "geheim").expect_err(key).to_string();
            assert!(error.contains(key) && !error.contains("geheim"), "{error}");
        }
    }

    #[test]
    fn other_settings_are_passed_on_over_our_defaults() {
        let config = with("queued.min.messages", "77").expect("it may be set");
        assert_eq!(config.get("queued.min.messages"), Some("77"));
        assert_eq!(
            config.get("fetch.queue.backoff.ms"),
            Some(FETCH_QUEUE_BACKOFF_MS)
        );
        assert_eq!(config.get("auto.offset.reset"), Some("error"));
    }

    #[test]
    fn a_user_that_would_never_log_in_is_refused() {
        let with_user = |protocol: Option<&str>| {
            let user = [("sasl.username".to_owned(), "u".to_owned())];
            let protocol =
                protocol.map(|protocol| ("security.protocol".to_owned(), protocol.to_owned()));
            client_config(
                "localhost:9092",
                "g",
                false,
                &user.into_iter().chain(protocol).collect(),
            )
            .is_ok()
        };
        assert_eq!(
            [None, Some("plaintext"), Some("ssl"), Some("SASL_SSL")].map(with_user),
            [false, false, false, true]
        );
    }

    #[test]
    fn brokers_and_group_must_be_given() {
        assert!(client_config(" ", "g", false, &BTreeMap::new()).is_err());
        assert!(client_config("b", "", false, &BTreeMap::new()).is_err());
    }
}
