//! Faults of the broker. Errors that a real one cannot be asked for come from the client library's
//! own simulated cluster.

use rdkafka::mocking::{MockCluster, MockCoordinator};
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};

use super::input::{Input, PARTITIONS};
use crate::many_workers::deployment_on;
use crate::running::{Running, wait_until};
use crate::services::{OwnBroker, TestDatabase, TestTopic, unique};

#[test]
fn a_broker_that_crashes_and_comes_back_loses_and_doubles_nothing() {
    let (mut broker, database) = (OwnBroker::start(), TestDatabase::create("broker"));
    let input = Input::on(&broker.address(), "broker", 30_000);
    let deployment = deployment_on(&input.topic, &database.url(), "200");
    input.is_taken_through(&deployment, 2, 2, |_| {
        broker.kill();
        broker.start_again();
    });
}

#[test]
fn what_the_broker_remembers_of_a_group_does_not_matter() {
    let (input, database) = (
        Input::with_events("forgotten", 2_000),
        TestDatabase::create("forgotten"),
    );
    let mut deployment = deployment_on(&input.topic, &database.url(), "200");
    deployment.run(&["migrate"]);
    let worker = Running::start(&deployment);
    wait_until(|| deployment.passed() > input.delivered / 4);
    worker.stop();
    // For the broker the group of a new name has read nothing.
    deployment.set("SOURCE__KAFKA__GROUP_ID", unique("forgotten"));
    input.assert_all_is_well(&deployment);
}

#[test]
fn a_broker_that_errs_and_leaders_that_move_lose_and_double_nothing() {
    use RDKafkaRespErr as Answer;
    let (cluster, database) = (
        MockCluster::new(3).expect("a cluster"),
        TestDatabase::create("moved"),
    );
    cluster
        .create_topic("moved", PARTITIONS, 3)
        .expect("a topic");
    let input = Input::into(TestTopic::at(&cluster.bootstrap_servers(), "moved"), 20_000);
    let deployment = deployment_on(&input.topic, &database.url(), "100");
    let group = deployment.variables()["SISAN__SOURCE__KAFKA__GROUP_ID"].clone();
    let faults: [&dyn Fn(); 5] = [
        &|| {
            for partition in 0..PARTITIONS {
                cluster
                    .partition_leader("moved", partition, Some(partition % 3 + 1))
                    .expect("another leader");
            }
        },
        &|| {
            cluster
                .coordinator(MockCoordinator::Group(group.clone()), 2)
                .expect("another coordinator")
        },
        &|| {
            let answers = [
                Answer::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                Answer::RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
                Answer::RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
                Answer::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
            ];
            cluster.request_errors(RDKafkaApiKey::Fetch, &answers);
        },
        &|| {
            let answers = [
                Answer::RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
                Answer::RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
            ];
            cluster.request_errors(RDKafkaApiKey::Heartbeat, &answers);
        },
        &|| {
            cluster.broker_down(3).expect("one broker less");
            cluster.broker_up(3).expect("it is back");
        },
    ];
    input.is_taken_through(&deployment, 2, faults.len() as u64, |time| {
        faults[time as usize - 1]()
    });
}
