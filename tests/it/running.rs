//! Workers that run beside a test: started, signalled, stopped; whatever becomes of the test, they
//! end with it.

use std::fs::File;
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::deployment::Deployment;

/// How long something may take to come to pass, on a machine that is busy with other tests.
pub const AT_MOST: Duration = Duration::from_secs(60);
/// Pause between two polls, so that polling does not slow down what is polled.
const LOOK_PAUSE: Duration = Duration::from_millis(10);

/// Waits until something has come to pass.
#[track_caller]
pub fn wait_until(done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(
            begun.elapsed() < AT_MOST,
            "it does not come to pass in {AT_MOST:?}"
        );
        std::thread::sleep(LOOK_PAUSE);
    }
}

/// A worker that runs; it is killed when it is dropped.
pub struct Running {
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts the program on a deployment; its output goes to the deployment's
    /// [log](Deployment::log).
    pub fn start_as(deployment: &Deployment, arguments: &[&str]) -> Self {
        Self::spawn(deployment, arguments, &[])
    }

    /// Starts a worker with further variables of its own.
    pub fn start_with(deployment: &Deployment, variables: &[(&str, &str)]) -> Self {
        Self::spawn(deployment, &["run"], variables)
    }

    /// Starts a worker that may have so many files open.
    pub fn start_with_files(deployment: &Deployment, most: u32) -> Self {
        let mut command = Command::new("sh");
        command.args([
            "-c",
            &format!("ulimit -n {most}; exec {} run", env!("CARGO_BIN_EXE_sisan")),
        ]);
        Self::spawn_command(deployment, command, &[])
    }

    fn spawn(deployment: &Deployment, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sisan"));
        command.args(arguments);
        Self::spawn_command(deployment, command, variables)
    }

    fn spawn_command(
        deployment: &Deployment,
        mut command: Command,
        variables: &[(&str, &str)],
    ) -> Self {
        let log = deployment.path(Deployment::LOG);
        let stderr = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .expect("a log");
        command
            .env_clear()
            .envs(deployment.variables())
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr);
        Self {
            child: command.spawn().expect("the worker starts"),
            log,
        }
    }

    /// Starts a worker.
    pub fn start(deployment: &Deployment) -> Self {
        Self::start_as(deployment, &["run"])
    }

    /// Starts so many workers.
    pub fn start_many(deployment: &Deployment, count: usize) -> Vec<Self> {
        (0..count).map(|_| Self::start(deployment)).collect()
    }

    /// Sends it a signal, e.g. `TERM`.
    pub fn signal(&self, name: &str) {
        signal(name, &self.child);
    }

    /// Whether a signal has stopped it.
    pub fn is_stopped(&self) -> bool {
        let status =
            std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        // Behind the name, which ends with the last parenthesis.
        status
            .rsplit_once(") ")
            .is_some_and(|(_, rest)| rest.starts_with('T'))
    }

    /// Kills it, as `kill -9` does, and waits for its end.
    pub fn kill_at_once(&mut self) {
        self.child
            .kill()
            .and_then(|()| self.child.wait())
            .expect("it is killed");
    }

    /// Asks it to stop, which it must do well.
    pub fn stop(mut self) {
        self.signal("TERM");
        let ended = self.child.wait().expect("its end");
        assert!(
            ended.success(),
            "asked to stop it ended with {ended}: {}",
            std::fs::read_to_string(&self.log).unwrap_or_default()
        );
    }
}

/// Stops them one after another.
pub fn stop_all(workers: impl IntoIterator<Item = Running>) {
    workers.into_iter().for_each(Running::stop);
}

/// Sends a signal by the shell's own `kill`: a bare Debian has no other.
pub fn signal(name: &str, process: &Child) {
    Command::new("sh")
        .args(["-c", &format!("kill -{name} {}", process.id())])
        .status()
        .expect("a signal");
}

impl Deref for Running {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.child
    }
}

impl DerefMut for Running {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.child
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended cannot be killed, which is as well.
        drop(self.child.kill().and_then(|()| self.child.wait()));
    }
}
