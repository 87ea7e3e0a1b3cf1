//! One connection to the server, and the wait for its answers.
//!
//! Invariant: no request is abandoned while it runs. The server ends it (`statement_timeout`), or
//! the connection is dropped with it; so a connection never carries the answer of one request into
//! the next.

use std::cell::RefCell;
use std::future::Future;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, Row, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::domain::fast_map::FastMap;
use crate::store::StoreError;
use crate::store::error::OperationContext;
use crate::store::value::Value;

/// How long an answer is waited for: longer than the server lets a statement run.
const ANSWER_MAX: Duration = Duration::from_secs(75);
/// How long opening a connection may take.
const CONNECT_MAX: Duration = Duration::from_secs(10);
/// How long sent bytes may go without a sign of life from the server's machine.
const SILENCE_MAX: Duration = Duration::from_secs(15);

/// What a statement is given.
pub(in crate::store) type Params<'p> = &'p [&'p (dyn ToSql + Sync)];

pub(in crate::store) struct Connection {
    client: Client,
    runtime: Handle,
    statements: RefCell<FastMap<&'static str, Statement>>,
}

impl Connection {
    pub(super) fn open(
        config: &Config,
        tls: &MakeRustlsConnect,
        runtime: &Handle,
    ) -> Result<Self, StoreError> {
        let mut config = config.clone();
        config
            .connect_timeout(CONNECT_MAX)
            .tcp_user_timeout(SILENCE_MAX)
            .keepalives_idle(SILENCE_MAX)
            .application_name("sisan");
        let (client, connection) = wait(
            runtime,
            "connect to the database server",
            CONNECT_MAX,
            config.connect(tls.clone()),
        )?;
        runtime.spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(%error, "A connection to the database server has ended");
            }
        });
        Ok(Self {
            client,
            runtime: runtime.clone(),
            statements: RefCell::default(),
        })
    }

    pub(super) fn is_open(&self) -> bool {
        !self.client.is_closed()
    }

    /// Runs statements without parameters, one after another.
    pub(super) fn run(&self, operation: &'static str, sql: &str) -> Result<(), StoreError> {
        self.wait(operation, self.client.batch_execute(sql))
    }

    pub(in crate::store) fn query(
        &self,
        operation: &'static str,
        sql: &'static str,
        params: Params<'_>,
    ) -> Result<Vec<Row>, StoreError> {
        let statement = self.statement(operation, sql)?;
        self.wait(operation, self.client.query(&statement, params))
    }

    pub(in crate::store) fn execute(
        &self,
        operation: &'static str,
        sql: &'static str,
        params: Params<'_>,
    ) -> Result<u64, StoreError> {
        let statement = self.statement(operation, sql)?;
        self.wait(operation, self.client.execute(&statement, params))
    }

    /// Runs a statement for each of many parameters; all are sent before the first answer is waited
    /// for.
    pub(super) fn execute_all(
        &self,
        operation: &'static str,
        sql: &'static str,
        all: &[Vec<Value<'_>>],
    ) -> Result<(), StoreError> {
        if all.is_empty() {
            return Ok(());
        }
        let statement = self.statement(operation, sql)?;
        let one = async |params: &[Value<'_>]| {
            self.client.execute_raw(&statement, params).await.map(drop)
        };
        self.wait(
            operation,
            futures_util::future::try_join_all(all.iter().map(|params| one(params))),
        )
        .map(drop)
    }

    fn statement(
        &self,
        operation: &'static str,
        sql: &'static str,
    ) -> Result<Statement, StoreError> {
        if let Some(statement) = self.statements.borrow().get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.wait(operation, self.client.prepare(sql))?;
        self.statements.borrow_mut().insert(sql, statement.clone());
        Ok(statement)
    }

    fn wait<T>(
        &self,
        operation: &'static str,
        answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, StoreError> {
        wait(&self.runtime, operation, ANSWER_MAX, answer)
    }
}

/// Waits on this thread, whether or not it belongs to a runtime: a thread of ours drives the
/// connection.
fn wait<T>(
    runtime: &Handle,
    operation: &'static str,
    within: Duration,
    answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, StoreError> {
    let _timers = runtime.enter();
    let answered = futures_executor::block_on(tokio::task::unconstrained(tokio::time::timeout(
        within, answer,
    )));
    answered
        .map_err(|_| StoreError::NoAnswer { operation, within })?
        .operation(operation)
}
