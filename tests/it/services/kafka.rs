//! A fresh topic on the real broker, and messages written to it with their delivery confirmed.

use std::fs::File;
use std::process::{Child, Command};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, NewPartitions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext};
use rdkafka::{ClientContext, Message, Offset, TopicPartitionList};
use tempfile::TempDir;

use super::{kafka_brokers, unique};
use crate::ports::free_port;

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
        Self {
            partition: Some(partition),
            key: None,
            payload: payload.into(),
        }
    }

    /// A message whose key decides its partition.
    pub fn keyed(key: impl Into<Vec<u8>>, payload: impl Into<Vec<u8>>) -> Self {
        Self {
            partition: None,
            key: Some(key.into()),
            payload: payload.into(),
        }
    }
}

/// A topic that only the test which created it knows.
#[derive(Debug)]
pub struct TestTopic {
    name: String,
    brokers: String,
}

impl TestTopic {
    /// Creates the topic `stem-…` with that many partitions, and returns when the broker has made
    /// it.
    pub fn create(stem: &str, partitions: i32) -> Self {
        Self::create_on(&kafka_brokers(), stem, partitions)
    }

    /// Likewise on a broker of the test's own.
    pub fn create_on(brokers: &str, stem: &str, partitions: i32) -> Self {
        let name = unique(stem);
        let answers = thread::scope(|scope| {
            scope
                .spawn(|| create_topic(brokers, &name, partitions))
                .join()
        });
        let answers = answers.expect("the thread that creates the topic");
        assert_eq!(
            answers.expect("the broker answers"),
            [Ok(name.clone())],
            "creating the topic {name}"
        );
        Self {
            name,
            brokers: brokers.to_owned(),
        }
    }

    /// One that is there already.
    pub fn at(brokers: &str, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            brokers: brokers.to_owned(),
        }
    }

    /// Where it is.
    pub fn brokers(&self) -> &str {
        &self.brokers
    }

    /// The topic's name, for `source.kafka.topics`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Deletes the records before an offset of a partition, as retention does.
    pub fn delete_before(&self, partition: i32, offset: i64) {
        let mut before = TopicPartitionList::new();
        before
            .add_partition_offset(&self.name, partition, Offset::Offset(offset))
            .expect("an offset");
        let (admin, runtime) = admin(&self.brokers).expect("the broker's address");
        runtime
            .block_on(admin.delete_records(&before, &AdminOptions::new()))
            .expect("the broker deletes");
    }

    /// Has so many partitions from now on.
    pub fn grow_to(&self, partitions: usize) {
        let (admin, runtime) = admin(&self.brokers).expect("the broker's address");
        let grown = runtime.block_on(admin.create_partitions(
            [&NewPartitions::new(&self.name, partitions)],
            &AdminOptions::new(),
        ));
        assert_eq!(grown.expect("the broker answers"), [Ok(self.name.clone())]);
    }

    /// Is no more.
    pub fn delete(&self) {
        let (admin, runtime) = admin(&self.brokers).expect("the broker's address");
        let deleted = runtime.block_on(admin.delete_topics(&[&self.name], &AdminOptions::new()));
        assert_eq!(
            deleted.expect("the broker answers"),
            [Ok(self.name.clone())]
        );
    }

    /// Is made anew, once the broker has deleted it.
    pub fn make_again(&self, partitions: i32) {
        let begun = Instant::now();
        while create_topic(&self.brokers, &self.name, partitions).expect("the broker answers")
            != [Ok(self.name.clone())]
        {
            assert!(begun.elapsed() < DEADLINE, "{} is not deleted", self.name);
        }
    }

    /// Writes the messages in their order and waits until the broker has confirmed every one;
    /// returns where each went, in the same order.
    pub fn produce(&self, messages: &[TestMessage]) -> Vec<Place> {
        let producer: BaseProducer<Deliveries> = ClientConfig::new()
            .set("bootstrap.servers", &self.brokers)
            .set("enable.idempotence", "true")
            .set("linger.ms", "1")
            .create_with_context(Deliveries {
                outcomes: Mutex::new(vec![None; messages.len()]),
            })
            .expect("the producer's settings are valid");
        for (index, message) in messages.iter().enumerate() {
            let mut record =
                BaseRecord::with_opaque_to(&self.name, Box::new(index)).payload(&message.payload);
            record.partition = message.partition;
            record.key = message.key.as_ref();
            while let Err((error, unsent)) = producer.send(record) {
                assert_eq!(
                    error,
                    KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull),
                    "writing to the topic {}",
                    self.name
                );
                producer.poll(Duration::from_millis(10));
                record = unsent;
            }
        }
        producer
            .flush(DEADLINE)
            .expect("the broker confirms every message before the deadline");
        let outcomes = producer
            .context()
            .outcomes
            .lock()
            .expect("no callback panicked");
        outcomes
            .iter()
            .map(|outcome| outcome.clone().expect("flushed").expect("delivered"))
            .collect()
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
fn create_topic(
    brokers: &str,
    name: &str,
    partitions: i32,
) -> Result<Vec<rdkafka::admin::TopicResult>, KafkaError> {
    let (admin, runtime) = admin(brokers)?;
    let options = AdminOptions::new()
        .request_timeout(Some(DEADLINE))
        .operation_timeout(Some(DEADLINE));
    runtime.block_on(admin.create_topics(
        &[NewTopic::new(name, partitions, TopicReplication::Fixed(1))],
        &options,
    ))
}

fn admin(
    brokers: &str,
) -> Result<(AdminClient<DefaultClientContext>, tokio::runtime::Runtime), KafkaError> {
    let admin = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .create()?;
    Ok((
        admin,
        tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime without drivers"),
    ))
}

/// A broker of a test's own, to be killed and started again with its data.
pub struct OwnBroker {
    dir: TempDir,
    ports: [u16; 2],
    running: Option<Child>,
}

impl OwnBroker {
    /// Starts one.
    pub fn start() -> Self {
        let mut broker = Self {
            dir: tempfile::tempdir().expect("a folder"),
            ports: [free_port(), free_port()],
            running: None,
        };
        broker.start_again();
        broker
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.ports[0])
    }

    /// Kills it, as a crash does.
    pub fn kill(&mut self) {
        let mut running = self.running.take().expect("it runs");
        running
            .kill()
            .and_then(|()| running.wait())
            .expect("its end");
    }

    /// Starts it with the data of before, and waits until it answers.
    pub fn start_again(&mut self) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/services/kafka.sh");
        let log = || {
            File::options()
                .create(true)
                .append(true)
                .open(self.dir.path().join("log"))
                .expect("a log")
        };
        let mut command = Command::new(script);
        command
            .args(["run", &super::variable("SISAN_TEST_KAFKA_CACHE")])
            .arg(self.dir.path())
            .args(self.ports.map(|port| port.to_string()));
        self.running = Some(
            command
                .stdout(log())
                .stderr(log())
                .spawn()
                .expect("a broker"),
        );
        let begun = Instant::now();
        let consumer: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", self.address())
            .create()
            .expect("a client");
        while consumer
            .fetch_metadata(None, Duration::from_secs(1))
            .is_err()
        {
            assert!(
                begun.elapsed() < 2 * DEADLINE,
                "it starts: {:?}",
                std::fs::read_to_string(self.dir.path().join("log"))
            );
        }
    }
}

impl Drop for OwnBroker {
    fn drop(&mut self) {
        if self.running.is_some() {
            self.kill();
        }
    }
}
