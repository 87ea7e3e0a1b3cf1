//! The conformance cases: expected figures, alerts, counts and rejections, computed by brute force elsewhere.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::Value;
use sisan::consume::batch::{Delivery, Mode, PartitionProgress, RawBatch};
use sisan::decode::DecodeRules;
use sisan::domain::alert::Period;
use sisan::domain::indicator::{AlertKind, Indicator};
use sisan::domain::local_day::{LocalDay, Timestamp, Zone};
use sisan::evaluate::rules::{Base, LimitMicro, Limits, Rules, SignalRules};
use sisan::follow_up::calendar::WorkingCalendar;
use sisan::follow_up::playbook::Playbooks;
use sisan::follow_up::tasks::FollowUpRules;
use sisan::notify::address::FallbackAddress;
use sisan::notify::locale::Locale;
use sisan::notify::mime::Sender;
use sisan::pipeline::{ClockMode, Committed, MailSettings, Pipeline, Settings};
use sisan::plan::daily_rows;
use sisan::store::Store;

pub const CASES: [&str; 6] = ["bad-events", "corrections", "day-edges", "odd-shapes", "ordered-small", "shuffled-duplicates"];

pub fn case_dir(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance").join(case)
}

pub fn zone() -> Zone {
    Zone::parse("Asia/Shanghai").expect("a zone")
}

pub fn default_rules() -> Rules {
    Rules {
        company_name: "company".to_owned(),
        zone: zone(),
        limits: Limits {
            churn_rate: LimitMicro(30_000),
            member_loss_rate: LimitMicro(30_000),
            complaint_rate_10k: LimitMicro(40_000_000),
            satisfaction: LimitMicro(80_000_000),
        },
        tier_limits: BTreeMap::new(),
        unit_limits: BTreeMap::new(),
        base: Base::Opening,
        alpha: 0.01,
        min_answers: 5,
        clear_after: 1,
        signals: SignalRules::default(),
        required_feeds: Vec::new(),
        feed_grace: TimeDelta::hours(2),
    }
}

fn settings() -> Settings {
    Settings {
        clock: ClockMode::Event,
        decode: DecodeRules::default(),
        rules: default_rules(),
        follow_up: FollowUpRules::default(),
        playbooks: Playbooks::shipped(),
        calendar: WorkingCalendar::shipped(),
        company_head: None,
        mail: MailSettings {
            locale: Locale::ZhCn,
            fallback: FallbackAddress { id: "fallback".to_owned(), name: "值班".to_owned(), address: "fallback@localhost".to_owned() },
            ops: Vec::new(),
            from: Sender::new("四三", "sisan@localhost").expect("a sender"),
            per_person_per_hour_max: 10,
            hold_while_loading: false,
        },
        open_months: 3,
        storm_share: 0.5,
        storm_window: 1_000,
    }
}

fn batches(case: &str, size: usize) -> Vec<RawBatch> {
    let mut files: Vec<PathBuf> = fs::read_dir(case_dir(case).join("events")).expect("events").map(|f| f.expect("file").path()).collect();
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let name: Arc<str> = file.file_name().expect("name").to_str().expect("utf-8").into();
        let text = fs::read(&file).expect("file");
        let lines: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').collect();
        let mut line = 0;
        let mut byte = 0;
        for chunk in lines.chunks(size) {
            let mut batch = RawBatch::default();
            for raw in chunk {
                line += 1;
                byte += raw.len() as u64;
                let payload = raw.strip_suffix(b"\n").unwrap_or(raw);
                let from = batch.bytes.len();
                batch.bytes.extend_from_slice(payload);
                let bytes = from..batch.bytes.len();
                batch.deliveries.push(Delivery {
                    partition: 0,
                    position: line,
                    next_position: line,
                    next_byte: byte,
                    gap_before: 0,
                    bytes,
                    mode: Mode::Structured,
                });
            }
            batch.partitions.push(PartitionProgress {
                name: name.clone(),
                epoch: 0,
                next_position: line,
                next_byte: byte,
                gaps: 0,
                lag: 0,
            });
            all.push(batch);
        }
    }
    all
}

fn run(case: &str, size: usize) -> (tempfile::TempDir, Pipeline) {
    let dir = tempfile::tempdir().expect("a folder");
    let store = Arc::new(Store::migrate(&dir.path().join("store.db")).expect("a store"));
    let mut pipeline = Pipeline::open(store, settings()).expect("a pipeline");
    let wall = Timestamp::from(chrono::DateTime::parse_from_rfc3339("2026-11-23T00:00:00Z").expect("time").to_utc());
    let cut_after = |t: Timestamp| zone().end_of(zone().day_of(t));
    for batch in batches(case, size) {
        let mut prepared = pipeline.prepare(batch, wall).expect("prepared");
        while let Committed::Cut(at) = pipeline.commit_until(&mut prepared, &cut_after).expect("committed") {
            pipeline.look(at, true).expect("a look");
        }
    }
    let now = pipeline.world().event_clock.expect("events");
    pipeline.look(now, true).expect("a look");
    (dir, pipeline)
}

fn same_number(a: &Value, b: f64) -> bool {
    a.as_f64().is_some_and(|a| (a - b).abs() <= 1e-9 * a.abs().max(1.0))
}

fn check(case: &str, size: usize) -> Vec<String> {
    let (_dir, pipeline) = run(case, size);
    let mut wrong = Vec::new();
    let now = pipeline.world().event_clock.expect("events");
    let rules = &pipeline.settings().rules;
    for file in fs::read_dir(case_dir(case).join("expected")).expect("expected").map(|f| f.expect("file").path()) {
        let stem = file.file_stem().expect("stem").to_str().expect("utf-8").to_owned();
        let expected: Value = serde_json::from_str(&fs::read_to_string(&file).expect("file")).expect("json");
        if let Ok(date) = stem.parse::<chrono::NaiveDate>() {
            let rows = daily_rows(pipeline.world().picture(rules), LocalDay::from_date(date), now, false, &BTreeMap::new());
            for want in expected.as_array().expect("rows") {
                let (scope, id) = (want["scope"].as_str().expect("scope"), want["scope_id"].as_str().expect("id"));
                let Some(row) = rows.iter().find(|r| r.scope.name() == scope && r.scope.id() == id) else {
                    wrong.push(format!("{case} {stem} {scope} {id}: no row"));
                    continue;
                };
                let f = &row.figures;
                for (name, ours) in [
                    ("opening", f.opening),
                    ("closing", f.closing),
                    ("joined", f.joined),
                    ("lost", f.lost),
                    ("churned", f.churned()),
                    ("churned_voluntary", f.churned_voluntary),
                    ("churned_involuntary", f.churned_involuntary),
                    ("ported_out", f.ported_out),
                    ("suspended", f.suspended),
                    ("newly_suspended", f.newly_suspended),
                    ("complaints", f.complaints),
                    ("open_complaints", f.open_complaints),
                    ("survey_answers", f.survey_answers),
                    ("developed", f.developed),
                    ("billed", f.billed),
                    ("billed_fen", f.billed_fen),
                ] {
                    if want[name].as_i64() != Some(ours) {
                        wrong.push(format!("{case} {stem} {scope} {id} {name}: {ours}, expected {}", want[name]));
                    }
                }
                if !same_number(&want["survey_score_sum"], f.survey_score_thousandths as f64 / 1000.0) {
                    wrong.push(format!(
                        "{case} {stem} {scope} {id} survey_score_sum: {}, expected {}",
                        f.survey_score_thousandths, want["survey_score_sum"]
                    ));
                }
                for indicator in Indicator::ALL {
                    let (judged, name) = (row.judged(indicator), indicator.name());
                    let same = match judged.value {
                        None => want[name].is_null(),
                        Some(v) => same_number(&want[name], v),
                    };
                    if !same {
                        wrong.push(format!("{case} {stem} {scope} {id} {name}: {:?}, expected {}", judged.value, want[name]));
                    }
                    if want["verdicts"][name] != judged.verdict.name() {
                        wrong.push(format!(
                            "{case} {stem} {scope} {id} verdict {name}: {:?}, expected {}",
                            judged.verdict, want["verdicts"][name]
                        ));
                    }
                }
                let same = match row.balance_churn_rate {
                    None => want["balance_churn_rate"].is_null(),
                    Some(v) => same_number(&want["balance_churn_rate"], v),
                };
                if !same {
                    wrong.push(format!(
                        "{case} {stem} {scope} {id} balance: {:?}, expected {}",
                        row.balance_churn_rate, want["balance_churn_rate"]
                    ));
                }
                if want["unit_id"].as_str() != row.unit_id.as_deref() {
                    wrong.push(format!("{case} {stem} {scope} {id} unit {:?} expected {}", row.unit_id, want["unit_id"]));
                }
            }
            if rows.len() != expected.as_array().expect("rows").len() {
                wrong.push(format!("{case} {stem}: {} rows, expected {}", rows.len(), expected.as_array().expect("rows").len()));
            }
        } else if stem == "firing" {
            let period = zone().day_of(now).month();
            let mut ours: Vec<String> = pipeline
                .store()
                .read("alerts", |tx| tx.open_alerts())
                .expect("alerts")
                .into_iter()
                .filter(|a| matches!(a.key.kind, AlertKind::Indicator(_)) && a.key.period == Period::Month(period))
                .map(|a| format!("{} {} {}", a.key.scope, a.key.kind.name(), a.key.period))
                .collect();
            let mut theirs: Vec<String> = expected
                .as_array()
                .expect("alerts")
                .iter()
                .map(|a| {
                    format!(
                        "{} {} {} {}",
                        a["scope"].as_str().unwrap(),
                        a["scope_id"].as_str().unwrap(),
                        a["kind"].as_str().unwrap(),
                        a["period"].as_str().unwrap()
                    )
                })
                .collect();
            ours.sort();
            theirs.sort();
            for a in &ours {
                if !theirs.contains(a) {
                    wrong.push(format!("{case} firing too much: {a}"));
                }
            }
            for a in &theirs {
                if !ours.contains(a) {
                    wrong.push(format!("{case} not firing: {a}"));
                }
            }
        } else if stem == "sources" {
            for s in pipeline.store().read("sources", |tx| tx.sources()).expect("sources") {
                let want = &expected[&s.name];
                for (name, n) in [("applied", s.applied), ("duplicate", s.duplicate), ("conflict", s.conflict), ("rejected", s.rejected)] {
                    if want[name].as_u64() != Some(n) {
                        wrong.push(format!("{case} {} {name}: {n}, expected {}", s.name, want[name]));
                    }
                }
            }
        } else {
            let ours: Vec<(u64, String)> = pipeline
                .store()
                .read("rejects", |tx| tx.rejects())
                .expect("rejects")
                .into_iter()
                .filter(|r| r.class != "conflict")
                .map(|r| (r.position, r.class))
                .collect();
            let theirs: Vec<(u64, String)> = expected
                .as_array()
                .expect("rejects")
                .iter()
                .map(|r| (r["position"].as_u64().unwrap(), r["class"].as_str().unwrap().to_owned()))
                .collect();
            if ours != theirs {
                wrong.push(format!("{case} rejects {ours:?} expected {theirs:?}"));
            }
        }
    }
    wrong
}

#[test]
fn every_case_comes_out_as_expected_in_batches_of_any_size() {
    for case in CASES {
        for size in [50_000, 7, 1] {
            let wrong = check(case, size);
            assert!(wrong.is_empty(), "batches of {size}: {} wrong\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
        }
    }
}
