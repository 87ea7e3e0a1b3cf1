//! A topic of its own for each run, filled once.

use std::error::Error;
use std::time::Duration;

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use sisan::clock::wall_now;

pub struct Topic {
    name: String,
    producer: BaseProducer,
}

impl Topic {
    pub fn create(broker: &str, stem: &str, partitions: i32) -> Result<Self, Box<dyn Error>> {
        let name = format!("{stem}-{}", wall_now().micros());
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", broker);
        let admin: AdminClient<DefaultClientContext> = config.create()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(admin.create_topics(
            &[NewTopic::new(&name, partitions, TopicReplication::Fixed(1))],
            &AdminOptions::new(),
        ))?;
        let producer = config
            .set("linger.ms", "50")
            .set("queue.buffering.max.messages", "1000000")
            .create()?;
        Ok(Self { name, producer })
    }

    /// Sends a message, once the queue has room for it.
    pub fn send(&self, key: Option<&[u8]>, payload: &[u8]) {
        let record = BaseRecord::<[u8], [u8]>::to(&self.name).payload(payload);
        let mut record = match key {
            Some(key) => record.key(key),
            None => record,
        };
        while let Err((_, back)) = self.producer.send(record) {
            self.producer.poll(Duration::from_millis(10));
            record = back;
        }
    }

    /// The name of the topic, once the broker has every message.
    pub fn filled(self) -> Result<String, Box<dyn Error>> {
        self.producer.flush(Duration::from_secs(120))?;
        Ok(self.name)
    }
}
