//! A database of its own for each run, on a server.

use sisan::clock::wall_now;
use tokio_postgres::{NoTls, SimpleQueryMessage};

use super::Done;

/// A database of the server, dropped at the end.
pub struct Database {
    server: String,
    name: String,
    pub url: String,
}

impl Database {
    pub fn create(server: &str) -> Done<Self> {
        let name = format!("city_{}", wall_now().micros());
        run_on(server, &format!("CREATE DATABASE {name}"))?;
        Ok(Self {
            server: server.to_owned(),
            url: format!("postgres://{server}/{name}"),
            name,
        })
    }

    pub fn bytes(&self) -> Done<u64> {
        Ok(run_on(
            &self.server,
            &format!("SELECT pg_database_size('{}')", self.name),
        )?
        .ok_or("no size")?
        .parse()?)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Err(error) = run_on(
            &self.server,
            &format!("DROP DATABASE {} WITH (FORCE)", self.name),
        ) {
            eprintln!("{} stays: {error}", self.name);
        }
    }
}

/// Runs a statement and returns the first column of its first row, if there is one.
fn run_on(server: &str, sql: &str) -> Done<Option<String>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let (client, connection) =
            tokio_postgres::connect(&format!("postgres://{server}/postgres"), NoTls).await?;
        let work = async move { client.simple_query(sql).await };
        let (done, _) = tokio::join!(work, connection);
        let first = |message| {
            if let SimpleQueryMessage::Row(row) = message {
                row.get(0).map(str::to_owned)
            } else {
                None
            }
        };
        Ok(done?.into_iter().find_map(first))
    })
}
