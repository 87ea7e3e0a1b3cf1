//! The two ends of the worker by the configuration: where events come from, and who takes mails.

use std::sync::Arc;

use anyhow::Context;

use crate::config::{self, Config, MailTo, RelaySecurity, SourceKind};
use crate::consume::{
    FilesConfig, FilesSource, KafkaConfig, KafkaSource, Ownership, Source, StartPolicy, StopSignal, StoredPosition, TakeOver,
    is_partition_of,
};
use crate::notify::mailer::{Credentials, Encryption, FolderMailer, Mailer, Relay, Secret, SmtpMailer};
use crate::small_file;
use crate::store::{Store, StoreError, TakenOver};

use super::error::AppError;
use super::settings::Setup;

impl Setup {
    /// Who carries mails away.
    ///
    /// # Errors
    /// When the relay's settings cannot be used.
    pub fn mailer(&self) -> Result<Mailer, AppError> {
        mailer_of(&self.config)
    }

    /// The input, from where the store left it.
    ///
    /// # Errors
    /// When the input's settings cannot be used.
    pub fn source(&self, store: &Arc<Store>, drain: bool, stop: StopSignal) -> Result<Source, AppError> {
        let source = &self.config.source;
        match source.kind {
            SourceKind::Files => {
                let files = FilesConfig {
                    dir: source.files.dir.clone(),
                    mappings: self.mappings.iter().zip(0u16..).map(|(mapping, at)| (mapping.file_pattern.to_string(), at)).collect(),
                    event_bytes_max: self.config.events.bytes_max,
                    drain,
                };
                let known = store.read("list sources", |tx| tx.sources()).map_err(AppError::from)?;
                let position_of = move |name: &str| {
                    known.iter().find(|row| row.name == name).map(|row| StoredPosition {
                        next_position: row.next_position,
                        next_byte: row.next_byte,
                        epoch: row.epoch,
                    })
                };
                Ok(Source::Files(FilesSource::new(files, Box::new(position_of), stop)))
            }
            SourceKind::Kafka => {
                let config = kafka_config(&self.config, drain);
                Ok(Source::Kafka(KafkaSource::join(config, take_over(store), stop).context("join the Kafka consumer group")?))
            }
        }
    }
}

/// Who carries mails away by a configuration.
///
/// # Errors
/// When the relay's settings cannot be used.
pub(super) fn mailer_of(config: &Config) -> Result<Mailer, AppError> {
    let mail = &config.mail;
    let (MailTo::Smtp, Some(url)) = (mail.kind, &mail.url) else {
        return Ok(Mailer::Folder(FolderMailer::new(&mail.folder, config.timezone)));
    };
    let encryption = match url.security {
        RelaySecurity::Tls => Encryption::Implicit,
        RelaySecurity::StartTls => Encryption::StartTls,
        RelaySecurity::Plaintext => Encryption::Plaintext,
    };
    let mut relay = Relay::new(&url.host, url.port, encryption, mail.insecure_plaintext).map_err(AppError::usage)?;
    if let (Some(user), Some(password)) = (&mail.user, &mail.password) {
        relay.credentials = Some(Credentials { user: user.clone(), password: Secret::new(password.expose()) });
    }
    if let Some(file) = &mail.ca_file {
        let pem = small_file::read(file, small_file::TEXT_BYTES_MAX).with_context(|| format!("mail.ca_file: read {}", file.display()));
        relay.ca_pem = Some(pem.map_err(AppError::usage)?);
    }
    Ok(Mailer::Smtp(Box::new(SmtpMailer::new(relay).map_err(AppError::usage)?)))
}

/// What is read from Kafka by a configuration.
pub(super) fn kafka_config(config: &Config, drain: bool) -> KafkaConfig {
    let kafka = &config.source.kafka;
    let mut settings = kafka.settings.clone();
    if let (Some(user), Some(password)) = (&kafka.user, &kafka.password) {
        settings.insert("sasl.username".into(), user.clone());
        settings.insert("sasl.password".into(), password.expose().to_owned());
    }
    if let Some(id) = &kafka.instance_id {
        settings.insert("group.instance.id".into(), id.clone());
    }
    KafkaConfig {
        brokers: kafka.brokers.join(","),
        topics: kafka.topics.clone(),
        group_id: kafka.group_id.clone(),
        start: match kafka.start {
            config::KafkaStart::Earliest => StartPolicy::Beginning,
            config::KafkaStart::Latest => StartPolicy::End,
        },
        event_bytes_max: config.events.bytes_max,
        drain,
        settings,
    }
}

/// Taking partitions over raises their epochs in the store.
fn take_over(store: &Arc<Store>) -> TakeOver {
    let store = Arc::clone(store);
    Box::new(move |partitions| {
        let taken = store.write_batch("take partitions over", |tx| {
            let known = tx.sources()?;
            partitions
                .iter()
                .map(|one| {
                    let TakenOver { epoch, next_position, last_digest } = tx.take_over(&one.to_string())?;
                    let topic_is_known = known.iter().any(|row| row.next_position > 0 && is_partition_of(&row.name, &one.topic));
                    Ok(Ownership { epoch, next_position, last_digest, topic_is_known })
                })
                .collect::<Result<Vec<_>, StoreError>>()
        });
        taken.map_err(Into::into)
    })
}
