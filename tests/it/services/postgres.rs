//! A database of a test's own on the real PostgreSQL server.

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls};

use super::{unique, variable};

/// A database that nobody else uses; it is dropped with its connections.
pub struct TestDatabase {
    name: String,
    runtime: Runtime,
}

impl TestDatabase {
    /// An empty one.
    pub fn create(stem: &str) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let database = Self { name: unique(stem).replace('-', "_"), runtime };
        database.run_in("postgres", &format!("CREATE DATABASE {}", database.name));
        database
    }

    /// Its address, as `store.url`.
    pub fn url(&self) -> String {
        url(&self.name)
    }

    /// Runs statements in it.
    pub fn run(&self, sql: &str) {
        self.run_in(&self.name, sql);
    }

    /// The first column of the one row of an answer, as text.
    pub fn ask(&self, sql: &str) -> String {
        let sql = format!("SELECT ({sql})::text");
        self.connected(&self.name, async |client| client.query_one(&sql, &[]).await.expect("an answer").get(0))
    }

    fn run_in(&self, database: &str, sql: &str) {
        self.connected(database, async |client| client.batch_execute(sql).await.unwrap_or_else(|e| panic!("{sql}: {e:?}")));
    }

    fn connected<R>(&self, database: &str, work: impl AsyncFnOnce(Client) -> R) -> R {
        self.runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&url(database), NoTls).await.expect("the database server");
            let (done, _) = tokio::join!(work(client), connection);
            done
        })
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        self.run_in("postgres", &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

fn url(database: &str) -> String {
    format!("postgres://sisan@{}/{database}", variable("SISAN_TEST_POSTGRES"))
}
