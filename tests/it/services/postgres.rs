//! A database of a test's own on the real PostgreSQL server, or a server of its own.

use std::ffi::OsStr;
use std::fs::{File, Permissions};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use super::{Proxy, unique, variable};
use crate::ports::free_port;
use crate::running::signal;

/// A database that nobody else uses; it is dropped with its connections.
pub struct TestDatabase {
    name: String,
}

impl TestDatabase {
    /// An empty one.
    pub fn create(stem: &str) -> Self {
        let database = Self {
            name: unique(stem).replace('-', "_"),
        };
        run(
            &url("postgres"),
            &format!("CREATE DATABASE {}", database.name),
        );
        database
    }

    /// Another one that holds the same; nobody may be connected to this one meanwhile.
    pub fn copy(&self) -> Self {
        let copy = Self {
            name: format!("{}_copy", self.name),
        };
        run(
            &url("postgres"),
            &format!("CREATE DATABASE {} TEMPLATE {}", copy.name, self.name),
        );
        copy
    }

    /// Its address, as `store.url`.
    pub fn url(&self) -> String {
        url(&self.name)
    }

    /// Its address over a proxy to the [server](TestDatabase::server).
    pub fn url_over(&self, proxy: &Proxy) -> String {
        format!("postgres://sisan@{}/{}", proxy.address(), self.name)
    }

    /// Where the server is.
    pub fn server() -> SocketAddr {
        variable("SISAN_TEST_POSTGRES")
            .parse()
            .expect("tests/run sets SISAN_TEST_POSTGRES to an address and a port")
    }

    /// Runs statements in it.
    pub fn run(&self, sql: &str) {
        run(&self.url(), sql);
    }

    /// The first column of the one row of an answer, as text.
    pub fn ask(&self, sql: &str) -> String {
        ask(&self.url(), sql)
    }

    /// How the server would run a statement whose parameters it does not know, as JSON.
    pub fn plan_of(&self, sql: &str) -> String {
        connected(&self.url(), async |client| {
            let parameters = client
                .prepare(sql)
                .await
                .unwrap_or_else(|e| panic!("{sql}: {e:?}"))
                .params()
                .len();
            let arguments = if parameters == 0 {
                String::new()
            } else {
                format!("({})", vec!["NULL"; parameters].join(", "))
            };
            let prepared =
                format!("SET plan_cache_mode = force_generic_plan; PREPARE planned AS {sql}");
            client
                .batch_execute(&prepared)
                .await
                .unwrap_or_else(|e| panic!("{sql}: {e:?}"));
            let rows = client
                .simple_query(&format!("EXPLAIN (FORMAT JSON) EXECUTE planned{arguments}"))
                .await
                .expect("a plan");
            let line = |row: &SimpleQueryMessage| match row {
                SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            };
            rows.iter().filter_map(line).collect()
        })
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        run(
            &url("postgres"),
            &format!("DROP DATABASE {} WITH (FORCE)", self.name),
        );
    }
}

fn url(database: &str) -> String {
    format!("postgres://sisan@{}/{database}", TestDatabase::server())
}

fn run(url: &str, sql: &str) {
    connected(url, async |client| {
        client
            .batch_execute(sql)
            .await
            .unwrap_or_else(|e| panic!("{sql}: {e:?}"))
    });
}

fn ask(url: &str, sql: &str) -> String {
    let sql = format!("SELECT ({sql})::text");
    connected(url, async |client| {
        client.query_one(&sql, &[]).await.expect("an answer").get(0)
    })
}

fn connected<R>(url: &str, work: impl AsyncFnOnce(Client) -> R) -> R {
    runtime().block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls)
            .await
            .expect("the database server");
        let (done, _) = tokio::join!(work(client), connection);
        done
    })
}

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// A server of a test's own, which it may stop and start again.
pub struct OwnServer {
    dir: TempDir,
    port: u16,
    running: Option<Child>,
    variables: Vec<(&'static str, String)>,
}

impl OwnServer {
    /// Starts one, with a database.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts one with further variables of its own, those of `postgres.sh` among them.
    pub fn start_with(variables: &[(&'static str, String)]) -> Self {
        let port = free_port();
        let dir = tempfile::tempdir().expect("a folder");
        // The server may be another user.
        std::fs::set_permissions(dir.path(), Permissions::from_mode(0o711)).expect("rights");
        let mut server = Self {
            dir,
            port,
            running: None,
            variables: variables.to_vec(),
        };
        server.start_again();
        server
    }

    /// Its address, as `store.url`, for one of its users.
    pub fn url(&self, user: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/postgres", self.port)
    }

    /// Runs statements in it.
    pub fn run(&self, sql: &str) {
        run(&self.url("sisan"), sql);
    }

    /// The first column of the one row of an answer, as text.
    pub fn ask(&self, sql: &str) -> String {
        ask(&self.url("sisan"), sql)
    }

    /// Stops it at once, as a crash does.
    pub fn stop(&mut self) {
        let mut running = self.running.take().expect("it runs");
        signal("QUIT", &running);
        running.wait().expect("its end");
    }

    /// Starts it with the data of before, and waits until it answers.
    pub fn start_again(&mut self) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/services/postgres.sh");
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.dir.path().join("log"))
            .expect("a log");
        let work = self.dir.path().join("server");
        let arguments = [
            OsStr::new("run"),
            work.as_os_str(),
            OsStr::new(&self.port.to_string()),
        ]
        .map(OsStr::to_owned);
        let mut command = Command::new(script);
        command
            .args(arguments)
            .envs(self.variables.clone())
            .stdout(Stdio::null())
            .stderr(log);
        self.running = Some(command.spawn().expect("a server"));
        let (begun, runtime) = (Instant::now(), runtime());
        while runtime
            .block_on(tokio_postgres::connect(&self.url("sisan"), NoTls))
            .is_err()
        {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "it starts: {:?}",
                std::fs::read_to_string(self.dir.path().join("log"))
            );
            std::thread::yield_now();
        }
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        if self.running.is_some() {
            self.stop();
        }
    }
}
