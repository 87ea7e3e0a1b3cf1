//! A fresh topic on the real broker, and messages written to it with their delivery confirmed.

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext};
use rdkafka::{ClientContext, Message, Offset, TopicPartitionList};

use super::{kafka_brokers, unique};

/// Where a message went: partition and offset.
pub type Place = (i32, i64);

const DEADLINE: Duration = Duration::from_secs(30);

/// A message as a producer of the operator's would write it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestMessage {
    /// None leaves the choice to the key, as producers do.
    pub partition: Option<i32>,
    /// None writes a message without a key.
    pub key: Option<Vec<u8>>,
    /// The event's bytes, sent as they are.
    pub payload: Vec<u8>,
}

impl TestMessage {
    /// A message without a key for one partition.
    pub fn to_partition(partition: i32, payload: impl Into<Vec<u8>>) -> Self {
        Self { partition: Some(partition), key: None, payload: payload.into() }
    }

    /// A message whose key decides its partition.
    pub fn keyed(key: impl Into<Vec<u8>>, payload: impl Into<Vec<u8>>) -> Self {
        Self { partition: None, key: Some(key.into()), payload: payload.into() }
    }
}

/// A topic that only the test which created it knows.
#[derive(Debug)]
pub struct TestTopic {
    name: String,
}

impl TestTopic {
    /// Creates the topic `stem-…` with that many partitions, and returns when the broker has made it.
    pub fn create(stem: &str, partitions: i32) -> Self {
        let name = unique(stem);
        let answers =
            thread::scope(|scope| scope.spawn(|| create_topic(&name, partitions)).join()).expect("the thread that creates the topic");
        assert_eq!(answers.expect("the broker answers"), [Ok(name.clone())], "creating the topic {name}");
        Self { name }
    }

    /// The topic's name, for `source.kafka.topics`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Deletes what stands before an offset of a partition, as retention does.
    pub fn delete_before(&self, partition: i32, offset: i64) {
        let mut before = TopicPartitionList::new();
        before.add_partition_offset(&self.name, partition, Offset::Offset(offset)).expect("an offset");
        let (admin, runtime) = admin().expect("the broker's address");
        runtime.block_on(admin.delete_records(&before, &AdminOptions::new())).expect("the broker deletes");
    }

    /// Writes the messages in their order and waits until the broker has confirmed every one; returns where each
    /// went, in the same order.
    pub fn produce(&self, messages: &[TestMessage]) -> Vec<Place> {
        let producer: BaseProducer<Deliveries> = ClientConfig::new()
            .set("bootstrap.servers", kafka_brokers())
            .set("enable.idempotence", "true")
            .set("linger.ms", "1")
            .create_with_context(Deliveries { outcomes: Mutex::new(vec![None; messages.len()]) })
            .expect("the producer's settings are valid");
        for (index, message) in messages.iter().enumerate() {
            let mut record = BaseRecord::with_opaque_to(&self.name, Box::new(index)).payload(&message.payload);
            record.partition = message.partition;
            record.key = message.key.as_ref();
            while let Err((error, unsent)) = producer.send(record) {
                assert_eq!(error, KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), "writing to the topic {}", self.name);
                producer.poll(Duration::from_millis(10));
                record = unsent;
            }
        }
        producer.flush(DEADLINE).expect("the broker confirms every message before the deadline");
        let outcomes = producer.context().outcomes.lock().expect("no callback panicked");
        outcomes.iter().map(|outcome| outcome.clone().expect("flushed").expect("delivered")).collect()
    }
}

/// Where each message went, by its index; filled by the delivery callbacks.
struct Deliveries {
    outcomes: Mutex<Vec<Option<Outcome>>>,
}

type Outcome = Result<Place, KafkaError>;

impl ClientContext for Deliveries {}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = Box<usize>;

    fn delivery(&self, result: &DeliveryResult<'_>, index: Box<usize>) {
        let outcome = match result {
            Ok(message) => Ok((message.partition(), message.offset())),
            Err((error, _)) => Err(error.clone()),
        };
        self.outcomes.lock().expect("no callback panicked")[*index] = Some(outcome);
    }
}

/// On a thread and a runtime of its own, so that tests which are async themselves may call it.
fn create_topic(name: &str, partitions: i32) -> Result<Vec<rdkafka::admin::TopicResult>, KafkaError> {
    let (admin, runtime) = admin()?;
    let options = AdminOptions::new().request_timeout(Some(DEADLINE)).operation_timeout(Some(DEADLINE));
    runtime.block_on(admin.create_topics(&[NewTopic::new(name, partitions, TopicReplication::Fixed(1))], &options))
}

fn admin() -> Result<(AdminClient<DefaultClientContext>, tokio::runtime::Runtime), KafkaError> {
    let admin = ClientConfig::new().set("bootstrap.servers", kafka_brokers()).create()?;
    Ok((admin, tokio::runtime::Builder::new_current_thread().build().expect("a runtime without drivers")))
}
