//! The store on a server, and its transactions.

use std::cell::RefCell;
use std::error::Error;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Config, Row};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::connection::Connection;
use crate::domain::fast_map::FastSet;
use crate::store::value::Value;
use crate::store::{Durability, StoreError};

/// A store on a server.
pub struct PostgresStore {
    pub(super) config: Config,
    pub(super) tls: MakeRustlsConnect,
    /// Connections that are free.
    pub(super) idle: Mutex<Vec<Connection>>,
    pub(super) runtime: Runtime,
}

pub struct Tx<'a> {
    pub(in crate::store) connection: &'a Connection,
    /// Digests of timelines that it has locked: only these may it change.
    pub(in crate::store) locked: RefCell<FastSet<u128>>,
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Without the password, which is in the configuration.
        f.debug_struct("PostgresStore")
            .field("hosts", &self.config.get_hosts())
            .field("database", &self.config.get_dbname())
            .finish()
    }
}

/// The settings in a server's URL.
fn config_of(url: &str) -> Result<Config, StoreError> {
    let config: Config = url.parse().map_err(|e: tokio_postgres::Error| {
        let detail = e
            .source()
            .map_or_else(|| e.to_string(), |why| format!("{e}: {why}"));
        StoreError::Url {
            detail: format!("{detail}; hint: write postgres://USER@HOST/DATABASE"),
        }
    })?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(StoreError::Url {
            detail: "it names no host; hint: write postgres://USER@HOST/DATABASE".to_owned(),
        });
    }
    Ok(config)
}

/// Whether a URL has what the client needs; no connection is made.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check_server_url(url: &str) -> Result<(), StoreError> {
    config_of(url).map(drop)
}

impl PostgresStore {
    pub(super) fn connect(url: &str, password: Option<&str>) -> Result<Self, StoreError> {
        let mut config = config_of(url)?;
        if let Some(password) = password {
            config.password(password);
        }
        let loopback = |host: &Host| match host {
            Host::Tcp(name) => ["localhost", "127.0.0.1", "::1"].contains(&name.as_str()),
            Host::Unix(_) => true,
        };
        // Beyond this machine the connection is encrypted, unless the URL's sslmode decides
        // otherwise.
        if !url.contains("sslmode=") {
            let is_here = config.get_hosts().iter().all(loopback);
            config.ssl_mode(if is_here {
                SslMode::Disable
            } else {
                SslMode::Require
            });
        }
        let (tls, _) = MakeRustlsConnect::with_native_certs().map_err(|e| StoreError::Client {
            detail: format!("this machine has no root certificates: {e:?}"),
        })?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("postgres")
            .enable_all()
            .build();
        let runtime = runtime.map_err(|e| StoreError::Client {
            detail: format!("start a thread: {e}"),
        })?;
        Ok(Self {
            config,
            tls,
            idle: Mutex::default(),
            runtime,
        })
    }

    /// Runs `work` in a transaction beside those of others.
    pub(in crate::store) fn write_tx<R, E: From<StoreError>>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.write_as(Durability::Now, operation, work)
    }

    /// Runs `work` likewise, with a commit of that durability.
    pub(in crate::store) fn write_as<R, E: From<StoreError>>(
        &self,
        durability: Durability,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let begin = match durability {
            Durability::Now => concat!(
                include_str!("sql/begin_write.sql"),
                ";\nSET LOCAL synchronous_commit = on"
            ),
            Durability::WithNext => concat!(
                include_str!("sql/begin_write.sql"),
                ";\nSET LOCAL synchronous_commit = off"
            ),
        };
        self.transaction(operation, begin, work)
    }

    /// Runs `work` on one picture of the database.
    pub(in crate::store) fn read_tx<R>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        self.transaction(operation, include_str!("sql/begin_read.sql"), work)
    }

    fn transaction<R, E: From<StoreError>>(
        &self,
        operation: &'static str,
        begin: &str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let connection = self.begin(operation, begin)?;
        match work(&Tx {
            connection: &connection,
            locked: RefCell::default(),
        }) {
            Ok(done) => {
                connection.run(operation, "COMMIT")?;
                self.idle().push(connection);
                Ok(done)
            }
            Err(error) => {
                if connection.run(operation, "ROLLBACK").is_ok() {
                    self.idle().push(connection);
                }
                Err(error)
            }
        }
    }

    /// A connection with a transaction begun: one that has been idle may be dead, and then another
    /// is tried.
    fn begin(&self, operation: &'static str, begin: &str) -> Result<Connection, StoreError> {
        loop {
            let idle = self.idle().pop();
            let Some(connection) = idle else { break };
            if connection.is_open() && connection.run(operation, begin).is_ok() {
                return Ok(connection);
            }
        }
        let connection = Connection::open(&self.config, &self.tls, self.runtime.handle())?;
        connection.run(operation, begin)?;
        Ok(connection)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tx<'_> {
    pub(in crate::store) fn rows(
        &self,
        operation: &'static str,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        self.connection.query(operation, sql, &references(params))
    }

    pub(in crate::store) fn execute(
        &self,
        operation: &'static str,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        self.connection.execute(operation, sql, &references(params))
    }

    pub(in crate::store) fn execute_all<'p>(
        &self,
        operation: &'static str,
        sql: &'static str,
        all: impl Iterator<Item = Vec<Value<'p>>>,
    ) -> Result<(), StoreError> {
        self.connection
            .execute_all(operation, sql, &all.collect::<Vec<_>>())
    }
}

fn references<'p>(params: &'p [Value<'p>]) -> Vec<&'p (dyn ToSql + Sync)> {
    params
        .iter()
        .map(|param| -> &(dyn ToSql + Sync) { param })
        .collect()
}
