//! The scheduler: threads of which one goes on at a time, on a clock that only the scheduler moves.
//! Who goes next, and when, follows from the seed alone.
//!
//! A thread steps aside wherever it asks for a transaction, for input, for a pause or for the
//! relay; whoever wakes first goes on. A worker that crashes is unwound at its next step; what it
//! had not committed is gone.

use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::TimeDelta;
use sisan::clock::Time;
use sisan::domain::local_day::Timestamp;
use sisan::simulate::Rng;
use xxhash_rust::xxh3::Xxh3Default;

/// How many of the last steps are printed when a seed fails.
const LAST_STEPS: usize = 60;
/// A step takes up to so long.
const STEP_MAX_US: usize = 3_000;

thread_local! {
    static ACTOR: Cell<Option<usize>> = const { Cell::new(None) };
}

/// What a crashed worker's threads are unwound with.
struct Crashed;

struct Actor {
    /// None: the one that does things to the others.
    worker: Option<usize>,
    wakes_us: u64,
    called: Arc<Condvar>,
    has_ended: bool,
    is_crashed: bool,
}

struct State {
    now_us: u64,
    /// How far leaps moved the clock.
    leapt_us: u64,
    rng: Rng,
    actors: Vec<Actor>,
    current: usize,
    trace: Xxh3Default,
    steps: u64,
    last: VecDeque<String>,
    /// By worker: steps after which it crashes.
    dooms: Vec<Option<u64>>,
    crashes: usize,
    /// By worker: whether it is frozen.
    frozen: Vec<bool>,
    /// By worker: how far its clock is off.
    skews: Vec<TimeDelta>,
}

/// The scheduler. Its thread is the first actor.
pub struct Scheduler {
    begun: Timestamp,
    state: Mutex<State>,
}

/// A thread on the scheduler.
pub struct ScheduledThread {
    scheduler: Arc<Scheduler>,
    actor: usize,
    thread: JoinHandle<()>,
}

impl Scheduler {
    pub fn new(seed: u64, begun: Timestamp, workers: usize) -> Arc<Self> {
        ACTOR.set(Some(0));
        let director = Actor {
            worker: None,
            wakes_us: 0,
            called: Arc::default(),
            has_ended: false,
            is_crashed: false,
        };
        Arc::new(Self {
            begun,
            state: Mutex::new(State {
                now_us: 0,
                leapt_us: 0,
                rng: Rng::new(seed, 77),
                actors: vec![director],
                current: 0,
                trace: Xxh3Default::new(),
                steps: 0,
                last: VecDeque::new(),
                dooms: vec![None; workers],
                crashes: 0,
                frozen: vec![false; workers],
                skews: vec![TimeDelta::zero(); workers],
            }),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number below `n`.
    pub fn below(&self, n: usize) -> usize {
        self.state().rng.below(n)
    }

    /// True with probability `p`.
    pub fn chance(&self, p: f64) -> bool {
        p > 0.0 && self.state().rng.chance(p)
    }

    /// The true time.
    pub fn true_now(&self) -> Timestamp {
        self.begun
            .plus(TimeDelta::microseconds(self.state().now_us.cast_signed()))
    }

    /// How long the scheduler has been awake: leaps left out.
    pub fn awake(&self) -> Duration {
        let state = self.state();
        Duration::from_micros(state.now_us - state.leapt_us)
    }

    /// Starts a thread of a worker.
    pub fn spawn(
        self: &Arc<Self>,
        worker: usize,
        act: impl FnOnce() + Send + 'static,
    ) -> ScheduledThread {
        let scheduler = Arc::clone(self);
        let actor = {
            let mut state = self.state();
            let wakes_us = state.now_us;
            state.actors.push(Actor {
                worker: Some(worker),
                wakes_us,
                called: Arc::default(),
                has_ended: false,
                is_crashed: false,
            });
            state.actors.len() - 1
        };
        let ours = Arc::clone(self);
        let thread = std::thread::spawn(move || {
            ACTOR.set(Some(actor));
            let state = scheduler.state();
            drop(wait_for_turn(state, actor));
            let done = catch_unwind(AssertUnwindSafe(act));
            scheduler.leave(actor);
            match done {
                Err(panic) if !panic.is::<Crashed>() => resume_unwind(panic),
                _ => {}
            }
        });
        ScheduledThread {
            scheduler: ours,
            actor,
            thread,
        }
    }

    /// Steps aside for a moment.
    pub fn step(&self, what: &str) {
        self.pause_for(what, Duration::ZERO);
    }

    /// Steps aside for so long.
    pub fn pause_for(&self, what: &str, how_long: Duration) {
        let Some(me) = ACTOR.get() else { return };
        if std::thread::panicking() {
            return;
        }
        let mut state = self.state();
        state.note(me, what);
        state.doom(me);
        let step = state.rng.below(STEP_MAX_US) as u64;
        state.actors[me].wakes_us = state.now_us + how_long.as_micros() as u64 + step;
        let state = wait_for_turn(pass_on(state), me);
        let is_crashed = state.actors[me].is_crashed;
        drop(state);
        if is_crashed {
            resume_unwind(Box::new(Crashed));
        }
    }

    fn leave(&self, me: usize) {
        let mut state = self.state();
        state.note(me, "leaves");
        state.actors[me].has_ended = true;
        drop(pass_on(state));
    }

    /// The worker of this thread crashes at its next step.
    pub fn crash_here(&self, worker: usize) {
        self.doom(worker, 0);
    }

    /// A worker crashes after so many more steps of its threads.
    pub fn doom(&self, worker: usize, steps: u64) {
        self.state().dooms[worker] = Some(steps);
    }

    /// Freezes a worker, whatever it is about to do, or lets it go on.
    pub fn freeze(&self, worker: usize, is_frozen: bool) {
        let mut state = self.state();
        let me = state.current;
        state.note(
            me,
            if is_frozen {
                "freezes a worker"
            } else {
                "thaws a worker"
            },
        );
        state.frozen[worker] = is_frozen;
    }

    /// The clock leaps; whoever was to wake meanwhile wakes late.
    pub fn leap(&self, how_far: Duration) {
        let mut state = self.state();
        state.now_us += how_far.as_micros() as u64;
        state.leapt_us += how_far.as_micros() as u64;
    }

    /// A worker's clock goes so much ahead.
    pub fn skew(&self, worker: usize, ahead: TimeDelta) {
        self.state().skews[worker] = ahead;
    }

    /// Notes what was decided, so that traces that differ in it differ.
    pub fn note(&self, what: &str) {
        let mut state = self.state();
        let me = state.current;
        state.note(me, what);
    }

    /// How many steps were taken, how often a worker crashed, and a digest of all steps.
    pub fn traced(&self) -> (u64, usize, u64) {
        let state = self.state();
        (state.steps, state.crashes, state.trace.digest())
    }

    /// The last steps, to be read.
    pub fn last_steps(&self) -> String {
        self.state()
            .last
            .iter()
            .map(|line| format!("{line}\n"))
            .collect()
    }
}

impl Time for Scheduler {
    fn now(&self) -> Timestamp {
        let state = self.state();
        let worker = ACTOR.get().and_then(|me| state.actors[me].worker);
        let skew = worker.map_or(TimeDelta::zero(), |worker| state.skews[worker]);
        self.begun
            .plus(TimeDelta::microseconds(state.now_us.cast_signed()) + skew)
    }

    fn elapsed(&self) -> Duration {
        Duration::from_micros(self.state().now_us)
    }

    fn pause(&self, how_long: Duration) {
        self.pause_for("pauses", how_long);
    }
}

impl ScheduledThread {
    pub fn has_ended(&self) -> bool {
        self.scheduler.state().actors[self.actor].has_ended
    }

    /// Waits for its end, which it must have reached; a panic goes on here.
    pub fn join(self) {
        if let Err(panic) = self.thread.join() {
            resume_unwind(panic);
        }
    }
}

impl State {
    fn note(&mut self, actor: usize, what: &str) {
        self.steps += 1;
        self.trace.update(&self.now_us.to_le_bytes());
        self.trace.update(&actor.to_le_bytes());
        self.trace.update(what.as_bytes());
        if self.last.len() == LAST_STEPS {
            self.last.pop_front();
        }
        let who = self.actors[actor].worker.map_or_else(
            || "director".to_owned(),
            |worker| format!("worker {worker} ({actor})"),
        );
        self.last
            .push_back(format!("{:>12.6} {who}: {what}", self.now_us as f64 / 1e6));
    }

    /// A step of a doomed worker: at the last one all its threads crash.
    fn doom(&mut self, me: usize) {
        let Some(worker) = self.actors[me].worker else {
            return;
        };
        match self.dooms[worker] {
            Some(0) => {
                self.dooms[worker] = None;
                self.crashes += 1;
                let now_us = self.now_us;
                for actor in self
                    .actors
                    .iter_mut()
                    .filter(|actor| actor.worker == Some(worker) && !actor.has_ended)
                {
                    (actor.is_crashed, actor.wakes_us) = (true, now_us);
                }
                self.note(me, "crashes");
            }
            Some(steps) => self.dooms[worker] = Some(steps - 1),
            None => {}
        }
    }
}

/// Calls whoever wakes first; of several, any.
fn pass_on(mut state: MutexGuard<'_, State>) -> MutexGuard<'_, State> {
    let may_act = |actor: &&Actor| {
        !actor.has_ended && !actor.worker.is_some_and(|worker| state.frozen[worker])
    };
    let Some(first) = state
        .actors
        .iter()
        .filter(may_act)
        .map(|actor| actor.wakes_us)
        .min()
    else {
        return state;
    };
    let wakes = |at: &usize| may_act(&&state.actors[*at]) && state.actors[*at].wakes_us <= first;
    let ready: Vec<usize> = (0..state.actors.len()).filter(wakes).collect();
    let next = *state.rng.pick(&ready);
    state.now_us = state.now_us.max(first);
    state.current = next;
    state.actors[next].called.notify_one();
    state
}

fn wait_for_turn(mut state: MutexGuard<'_, State>, me: usize) -> MutexGuard<'_, State> {
    let called = Arc::clone(&state.actors[me].called);
    while state.current != me {
        state = called.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
    state
}
