//! The ends of partitions, from the client's own statistics: they cost no request.
//!
//! It may not know the other statistics. Invariant: a partition without a known end is left out.

use std::collections::HashMap;

use serde::Deserialize;

use super::ownership::TopicPartition;

#[derive(Deserialize)]
struct Statistics {
    #[serde(default)]
    topics: HashMap<String, Topic>,
}

#[derive(Deserialize)]
struct Topic {
    #[serde(default)]
    partitions: HashMap<String, Partition>,
}

#[derive(Deserialize)]
struct Partition {
    partition: i32,
    ls_offset: i64,
}

/// The last stable offset of each partition.
pub(super) fn ends(statistics: &[u8]) -> serde_json::Result<Vec<(TopicPartition, u64)>> {
    let statistics: Statistics = serde_json::from_slice(statistics)?;
    Ok(statistics
        .topics
        .into_iter()
        .flat_map(|(topic, about)| {
            about.partitions.into_values().filter_map(move |one| {
                let end = u64::try_from(one.ls_offset).ok()?;
                Some((
                    TopicPartition {
                        topic: topic.clone(),
                        partition: one.partition,
                    },
                    end,
                ))
            })
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_found_and_unknown_ones_left_out() {
        let statistics = br#"{"name":"x","topics":{"boss":{"topic":"boss","age":1,"partitions":{
            "0":{"partition":0,"hi_offset":12,"ls_offset":11},"1":{"partition":1,"ls_offset":-1001},"-1":{"partition":-1,"ls_offset":-1001}}}}}"#;
        assert_eq!(
            ends(statistics).expect("it is JSON"),
            [(
                TopicPartition {
                    topic: "boss".into(),
                    partition: 0
                },
                11
            )]
        );
        assert_eq!(ends(b"{}").expect("it is JSON"), []);
    }
}
