//! A commit goes on beside the next batch: what happens when it fails.

use std::collections::BTreeMap;
use std::sync::Arc;

use sisan::clock::wall_now;
use sisan::consume::batch::{Delivery, Mode, PartitionProgress, RawBatch};
use sisan::pipeline::{Pipeline, PipelineError, decode_batch};
use sisan::runtime::Setup;
use sisan::store::{Store, StoreError};

use crate::deployment::Deployment;
use crate::services::TestDatabase;

const PARTITION: &str = "boss-0";

fn progress(epoch: u64, next_position: u64) -> PartitionProgress {
    PartitionProgress {
        name: PARTITION.into(),
        epoch,
        next_position,
        ..PartitionProgress::default()
    }
}

/// The delivery at `position`, read under `epoch`: a subscriber joins its group.
fn batch(epoch: u64, position: u64) -> RawBatch {
    let text = format!(
        r#"{{"specversion":"1.0","id":"{position}","source":"/boss","type":"boss.membership.v1","time":"2026-08-01T00:00:00Z","data":{{"subscriber_id":"1380000000{position}","group_id":"G1","change":"joined"}}}}"#
    );
    let delivery = Delivery {
        partition: 0,
        position,
        next_position: position + 1,
        next_byte: 0,
        gap_before: 0,
        bytes: 0..text.len(),
        mode: Mode::Structured,
    };
    RawBatch {
        bytes: text.into_bytes(),
        deliveries: vec![delivery],
        partitions: vec![progress(epoch, position + 1)],
        ..RawBatch::default()
    }
}

/// Takes a batch as the worker does, and lets its commit go on.
fn take(pipeline: &mut Pipeline, epoch: u64, position: u64) -> Result<(), PipelineError> {
    pipeline.settle_before(&[progress(epoch, position + 1)])?;
    let decoded = decode_batch(
        batch(epoch, position),
        &pipeline.settings().decode,
        wall_now(),
    );
    let mut prepared = pipeline.prepare(decoded)?;
    pipeline.commit_until(&mut prepared, None).map(drop)
}

fn members(pipeline: &Pipeline) -> i64 {
    let days = pipeline
        .read_model()
        .series
        .values()
        .flat_map(|series| series.days_of(sisan::domain::counters::Counter::Members));
    days.map(|(_, change)| change).sum()
}

fn is_fenced(result: Result<(), PipelineError>) -> bool {
    matches!(result, Err(PipelineError::Store(StoreError::Fenced { .. })))
}

fn take_over(store: &Store) -> u64 {
    store
        .write_tx("take over", |tx| tx.take_over(PARTITION))
        .expect("a take-over")
        .epoch
}

#[test]
fn a_batch_that_cannot_be_committed_takes_with_it_only_what_goes_on_from_it() {
    let deployment = Deployment::new();
    let variables: BTreeMap<String, String> = deployment.variables().clone();
    let setup = Setup::from_config(
        sisan::config::load(&[], variables.into_iter()).expect("a configuration"),
    )
    .expect("a setup");
    let store = Arc::new(
        setup
            .migrate_store()
            .expect("a store")
            .lock()
            .expect("a lock"),
    );
    let mut pipeline = Pipeline::open(Arc::clone(&store), setup.pipeline()).expect("a pipeline");
    let first = take_over(&store);
    take(&mut pipeline, first, 0).expect("it is taken");
    take(&mut pipeline, first, 1).expect("it goes on beside the commit before it");
    pipeline.settle().expect("both are committed");
    assert_eq!(members(&pipeline), 2);

    let second = take_over(&store);
    take(&mut pipeline, first, 2).expect("its commit is only begun");
    assert_eq!(members(&pipeline), 3, "it is known before it is committed");
    assert!(
        is_fenced(take(&mut pipeline, first, 3)),
        "it goes on from what was not committed"
    );
    assert_eq!(members(&pipeline), 2, "neither ever came");

    take(&mut pipeline, first, 2).expect("its commit is only begun");
    assert!(
        is_fenced(pipeline.settle_before(&[progress(second, 3)])),
        "it is over before a batch of another epoch"
    );
    take(&mut pipeline, second, 2).expect("it is taken");
    take(&mut pipeline, second, 3).expect("it is taken");
    pipeline.settle().expect("both are committed");
    assert_eq!(members(&pipeline), 4);
    drop(pipeline);
    drop(store);
    let store = Arc::new(setup.open_store().expect("the store"));
    let again = Pipeline::open(store, setup.pipeline()).expect("a pipeline");
    assert_eq!(members(&again), 4, "what is known is what was committed");
}

/// Commits and the leader, with a worker for each.
#[test]
fn whoever_leads_counts_what_was_done_before_and_after_it_once() {
    let database = TestDatabase::create("leader");
    let mut deployment = Deployment::new();
    deployment.set("STORE__URL", database.url());
    let variables: BTreeMap<String, String> = deployment.variables().clone();
    let setup = Setup::from_config(
        sisan::config::load(&[], variables.into_iter()).expect("a configuration"),
    )
    .expect("a setup");
    let store = Arc::new(setup.migrate_store().expect("a store"));
    let mut stream = Pipeline::new(Arc::clone(&store), setup.pipeline());
    let epoch = take_over(&store);
    take(&mut stream, epoch, 0).expect("it is committed");
    take(&mut stream, epoch, 1).expect("it is committed");

    let mut leader =
        Pipeline::open(Arc::clone(&store), setup.pipeline()).expect("the lease is free");
    assert_eq!(members(&leader), 2, "what was queued");
    let other = Pipeline::open(Arc::clone(&store), setup.pipeline());
    assert!(
        matches!(
            other.map(drop),
            Err(PipelineError::Store(StoreError::NotLeader))
        ),
        "one at a time"
    );
    take(&mut stream, epoch, 2).expect("it is committed");
    leader.catch_up().expect("it is applied");
    assert_eq!(members(&leader), 3);
    leader.resign().expect("it is left");

    take(&mut stream, epoch, 3).expect("it is committed");
    let mut next = Pipeline::open(Arc::clone(&store), setup.pipeline()).expect("the lease is free");
    assert_eq!(
        members(&next),
        4,
        "what was applied before, and what is queued"
    );
    next.catch_up().expect("there is nothing more");
    assert_eq!(members(&next), 4);
    assert!(
        matches!(
            leader.catch_up(),
            Err(PipelineError::Store(StoreError::NotLeader))
        ),
        "the one before may do nothing"
    );
}
