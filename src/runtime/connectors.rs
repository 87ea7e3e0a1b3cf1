//! The connectors of the worker, by the configuration: the source of events, and the mailer.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context;
use chrono::TimeDelta;

use crate::config::{Config, MailTo, SourceKind};
use crate::consume::error::Cause;
use crate::consume::{
    Alignment, DropFiles, EpochOf, FilesConfig, FilesSource, KafkaConfig, KafkaSource, Ownership,
    Source, StopSignal, StoredFile, StoredFiles, StoredPosition, TakeOver, is_partition_of,
};
use crate::decode::DropMapping;
use crate::domain::clock_mode::ClockMode;
use crate::notify::mailer::{Credentials, FolderMailer, Mailer, Relay, SmtpMailer};
use crate::small_file;
use crate::store::{FileMarks, FileRow, Store, StoreError, TakenOver};

use super::error::AppError;
use super::event_times::TimesOfDeliveries;
use super::setup::Setup;

impl Setup {
    ///
    /// # Errors
    /// When the relay's settings cannot be used.
    pub(crate) fn mailer(&self) -> Result<Mailer, AppError> {
        mailer_of(&self.config)
    }

    /// The input, from where the store left it.
    ///
    /// # Errors
    /// When the input's settings cannot be used.
    pub fn source(
        &self,
        store: &Arc<Store>,
        drain: bool,
        stop: StopSignal,
    ) -> Result<Source, AppError> {
        let source = &self.config.source;
        let settings = self.pipeline();
        let loading = store.read_tx("see what is being loaded", |tx| tx.loading())?;
        self.loaded.set(&loading.sources);
        let times = TimesOfDeliveries {
            rules: settings.decode,
            clock: self.clock.clone(),
            loaded: self.loaded.clone(),
        };
        let alignment = Alignment {
            times: Arc::new(times),
            ahead_max: match settings.clock {
                ClockMode::Wall => source.align,
                ClockMode::Event => TimeDelta::zero(),
            },
        };
        match source.kind {
            SourceKind::Files => {
                let files = FilesConfig {
                    dir: source.files.dir.clone(),
                    drops: self.drop_files(),
                    event_bytes_max: self.config.events.bytes_max,
                    drain,
                    clock: self.clock.clone(),
                    alignment,
                };
                Ok(Source::Files(FilesSource::new(
                    files,
                    Box::new(FilesInStore(Arc::clone(store))),
                    stop,
                )))
            }
            SourceKind::Kafka => {
                let config = kafka_config(&self.config, drain);
                Ok(Source::Kafka(
                    KafkaSource::join(config, alignment, (take_over(store), epoch_of(store)), stop)
                        .context("join the Kafka consumer group")?,
                ))
            }
        }
    }
}

/// The mailer of a configuration.
///
/// # Errors
/// When the relay's settings cannot be used.
pub(crate) fn mailer_of(config: &Config) -> Result<Mailer, AppError> {
    let mail = &config.mail;
    let (MailTo::Smtp, Some(url)) = (mail.kind, &mail.url) else {
        return Ok(Mailer::Folder(FolderMailer::new(
            &mail.folder,
            config.timezone,
        )));
    };
    let mut relay = Relay::new(&url.host, url.port, url.security, mail.insecure_plaintext)
        .map_err(AppError::usage)?;
    if let (Some(user), Some(password)) = (&mail.user, &mail.password) {
        relay.credentials = Some(Credentials {
            user: user.clone(),
            password: password.clone(),
        });
    }
    if let Some(file) = &mail.ca_file {
        let pem = small_file::read_small(file, small_file::TEXT_BYTES_MAX)
            .with_context(|| format!("mail.ca_file: read {}", file.display()));
        relay.ca_pem = Some(pem.map_err(AppError::usage)?);
    }
    Ok(Mailer::Smtp(Box::new(
        SmtpMailer::new(relay).map_err(AppError::usage)?,
    )))
}

/// The Kafka settings of a configuration.
pub(crate) fn kafka_config(config: &Config, drain: bool) -> KafkaConfig {
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
        start: kafka.start,
        event_bytes_max: config.events.bytes_max,
        drain,
        settings,
    }
}

impl Setup {
    /// Which files are BOSS drops, by the mappings in their order.
    #[must_use]
    pub(crate) fn drop_files(&self) -> Vec<DropFiles> {
        let of = |(mapping, at): (&DropMapping, u16)| DropFiles {
            pattern: mapping.file_pattern.to_string(),
            mapping: at,
            skip_first: mapping.skip_first,
            skip_last: mapping.skip_last,
            byte_order_mark: mapping.encoding.byte_order_mark(),
        };
        self.mappings.iter().zip(0..).map(of).collect()
    }
}

/// The positions of files in the store.
struct FilesInStore(Arc<Store>);

impl StoredFiles for FilesInStore {
    fn all(&self) -> Result<HashMap<String, StoredFile>, Cause> {
        let files = self.0.read_tx("list files", |tx| tx.files())?;
        let stored = |row: FileRow| {
            let FileMarks {
                first_digest,
                stamp,
                accept_asked,
                accept_done,
            } = row.marks;
            let file = StoredFile {
                at: StoredPosition {
                    next_position: row.next_position,
                    next_byte: row.next_byte,
                    epoch: row.epoch,
                },
                read_digest: row.read_digest,
                first_digest,
                stamp,
                paused: row.paused,
                accepted: (accept_asked, accept_done),
            };
            (row.name, file)
        };
        Ok(files.into_iter().map(stored).collect())
    }

    fn accepted(&self) -> Result<Vec<(String, u64)>, Cause> {
        Ok(self
            .0
            .read_tx("list files to be read anew", |tx| tx.files_accepted())?)
    }
}

/// The epoch under which the store has a partition.
fn epoch_of(store: &Arc<Store>) -> EpochOf {
    let store = Arc::clone(store);
    Box::new(move |one| {
        let known = store.read_tx("see under which epoch a partition is", |tx| {
            tx.source(&one.to_string())
        })?;
        Ok(known.map_or(0, |row| row.epoch))
    })
}

/// Taking partitions over raises their epochs in the store.
fn take_over(store: &Arc<Store>) -> TakeOver {
    let store = Arc::clone(store);
    Box::new(move |partitions| {
        let taken = store.write_batch("take partitions over", |tx| {
            let known = tx.sources()?;
            partitions
                .iter()
                .map(|(one, end)| {
                    let TakenOver {
                        epoch,
                        next_position,
                        last_digest,
                    } = tx.take_over(&one.to_string())?;
                    // The evaluation of absence sees the lag before anything of the partition has
                    // been read.
                    tx.set_lag(
                        &one.to_string(),
                        next_position.map_or(0, |next| end.saturating_sub(next)),
                    )?;
                    let topic_is_known = known
                        .iter()
                        .any(|row| row.next_position > 0 && is_partition_of(&row.name, &one.topic));
                    Ok(Ownership {
                        epoch,
                        next_position,
                        last_digest,
                        topic_is_known,
                    })
                })
                .collect::<Result<Vec<_>, StoreError>>()
        });
        taken.map_err(Into::into)
    })
}
