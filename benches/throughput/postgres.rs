//! The same from Kafka to PostgreSQL, with one worker and two, beside a bare loop that only writes
//! the rows: per batch an identity and a timeline for each event by `UNNEST`, and one offset.

use std::path::Path;
use std::time::{Duration, Instant};

use sisan::domain::local_day::Timestamp;
use sisan::simulate::{bench_events, bench_members, bench_reference};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

use super::{Bench, Done, Run, Sizes, fill_topic, rate, write_back, write_lines};

/// Events of a batch, in both loops.
const BATCH: usize = 10_000;
/// Bytes of a row's value, as large as the worker's on average.
const IDENTITY_BYTES: usize = 40;
const TIMELINE_BYTES: usize = 120;

pub fn measure(dir: &Path, broker: &str, server: &str, sizes: &Sizes, end: Timestamp) -> Done<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let url = |database: &str| format!("postgres://{server}/{database}");
    let admin = connect(&runtime, &url("postgres"))?;
    let database = format!("bench_{}", std::process::id());
    runtime.block_on(admin.batch_execute(&format!("CREATE DATABASE {database}")))?;
    let store = url(&database);
    load(dir, &store, sizes, end)?;
    let client = connect(&runtime, &store)?;
    runtime.block_on(client.batch_execute(&bare_tables(sizes.members)))?;
    for run in 0..sizes.runs {
        write_back()?;
        let bare = runtime.block_on(bare_loop(&client, sizes, run))?;
        println!("unnest  {:>9.0} events/s", rate(sizes.events, bare));
        for workers in [1, 2] {
            let seed = 2_000 + run * 10 + workers;
            let topic = fill_topic(broker, bench_events(sizes.events, sizes.members, seed, end))?;
            write_back()?;
            let Run { took, peak_mb } = drain_with(dir, broker, &store, &topic, workers)?;
            println!(
                "postgres {:>8.0} events/s  {workers} workers  ratio to the loop {:.3}  peak {peak_mb} MB",
                rate(sizes.events, took),
                bare.as_secs_f64() / took.as_secs_f64()
            );
        }
    }
    drop(client);
    runtime.block_on(admin.batch_execute(&format!("DROP DATABASE {database} WITH (FORCE)")))?;
    Ok(())
}

fn load(dir: &Path, store: &str, sizes: &Sizes, end: Timestamp) -> Done<()> {
    let bench = Bench {
        dir: dir.join("postgres-load"),
    };
    let load = bench_reference(sizes.members, end)
        .into_iter()
        .chain(bench_members(sizes.members, end));
    write_lines(&bench.dir.join("load"), load.map(|(_, bytes)| bytes))?;
    let Run { took, peak_mb } = bench.drain(&[
        ("SOURCE__FILES__DIR", "load"),
        ("STORE__URL", store),
        ("BATCH__EVENTS_MAX", &BATCH.to_string()),
    ])?;
    println!(
        "load    {:>9.0} members/s to PostgreSQL, {} members  peak {peak_mb} MB",
        rate(sizes.members.into(), took),
        sizes.members
    );
    bench.remove()
}

fn drain_with(dir: &Path, broker: &str, store: &str, topic: &str, workers: u64) -> Done<Run> {
    let benches: Vec<Bench> = (0..workers)
        .map(|n| Bench {
            dir: dir.join(format!("{topic}-{n}")),
        })
        .collect();
    let begun = Instant::now();
    let mut started = Vec::new();
    for bench in &benches {
        std::fs::create_dir_all(&bench.dir)?;
        started.push(bench.start(&[
            ("STORE__URL", store),
            ("SOURCE__KIND", "kafka"),
            ("SOURCE__KAFKA__BROKERS", broker),
            ("SOURCE__KAFKA__TOPICS", topic),
            ("SOURCE__KAFKA__GROUP_ID", topic),
            ("BATCH__EVENTS_MAX", &BATCH.to_string()),
        ])?);
    }
    let mut all = Run {
        took: Duration::ZERO,
        peak_mb: 0,
    };
    for (bench, worker) in benches.iter().zip(started) {
        let Run { took, peak_mb } = bench.watch(begun, worker)?;
        all = Run {
            took: all.took.max(took),
            peak_mb: all.peak_mb.max(peak_mb),
        };
    }
    benches.into_iter().try_for_each(Bench::remove)?;
    Ok(all)
}

fn connect(runtime: &Runtime, url: &str) -> Done<Client> {
    let (client, connection) = runtime.block_on(tokio_postgres::connect(url, NoTls))?;
    runtime.spawn(connection);
    Ok(client)
}

fn bare_tables(members: u32) -> String {
    let fill = format!(
        "SELECT md5(n::text)::uuid, decode(repeat('ab', {TIMELINE_BYTES}), 'hex') FROM generate_series(1, {members}) AS n"
    );
    format!(
        "CREATE TABLE bare_identity (digest UUID PRIMARY KEY, value BYTEA NOT NULL);
         CREATE TABLE bare_timeline (digest UUID PRIMARY KEY, state BYTEA NOT NULL) WITH (fillfactor = 80);
         CREATE TABLE bare_offset (name TEXT PRIMARY KEY, next BIGINT NOT NULL);
         INSERT INTO bare_timeline {fill};"
    )
}

async fn bare_loop(client: &Client, sizes: &Sizes, run: u64) -> Done<Duration> {
    let members = i64::from(sizes.members);
    // The server makes digests and values: the cost of the rows is measured, not of sending them.
    let identities = client
        .prepare(&format!(
            "INSERT INTO bare_identity SELECT digest, decode(repeat('ab', {IDENTITY_BYTES}), 'hex') \
             FROM (SELECT md5(n::text)::uuid AS digest FROM unnest($1::text[]) AS n) AS entry ORDER BY digest ON CONFLICT DO NOTHING"
        ))
        .await?;
    let lock = client
        .prepare("SELECT digest, state FROM bare_timeline WHERE digest = ANY ($1::text[]::uuid[]) ORDER BY digest FOR UPDATE")
        .await?;
    let timelines = client
        .prepare(&format!(
            "UPDATE bare_timeline SET state = decode(repeat('cd', {TIMELINE_BYTES}), 'hex') \
             FROM unnest($1::text[]::uuid[]) AS entry (digest) WHERE bare_timeline.digest = entry.digest"
        ))
        .await?;
    let begun = Instant::now();
    for first in (0..sizes.events).step_by(BATCH) {
        let last = sizes.events.min(first + BATCH as u64);
        let ids: Vec<String> = (first..last).map(|n| format!("{run} {n}")).collect();
        let mut lines: Vec<i64> = (first..last)
            .map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20).cast_signed() % members + 1)
            .collect();
        lines.sort_unstable();
        lines.dedup();
        let rows = client
            .query(
                "SELECT md5(n::text)::uuid::text FROM unnest($1::bigint[]) AS n",
                &[&lines],
            )
            .await?;
        let digests: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        client.batch_execute("BEGIN").await?;
        client.execute(&identities, &[&ids]).await?;
        client.query(&lock, &[&digests]).await?;
        client.execute(&timelines, &[&digests]).await?;
        client
            .batch_execute(&format!("INSERT INTO bare_offset VALUES ('bench', {last}) ON CONFLICT (name) DO UPDATE SET next = {last}"))
            .await?;
        client.batch_execute("COMMIT").await?;
    }
    Ok(begun.elapsed())
}
