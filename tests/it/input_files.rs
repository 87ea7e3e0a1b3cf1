//! Files as input, end to end: known by what was read of them, and what is wrong with one stops
//! that one only.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde_json::Value;

use crate::deployment::Deployment;
use crate::input_text::mapping;
use crate::running::{Running, wait_until};

/// A subscriber that joins a group.
pub fn joined(n: usize) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"e-{n}","source":"/boss/test","type":"boss.membership.v1","time":"2026-09-01T09:00:00+08:00","data":{{"subscriber_id":"138{n:08}","group_id":"G1","change":"joined"}}}}"#
    ) + "\n"
}

pub fn lines(from: usize, to: usize) -> Vec<u8> {
    (from..to).map(joined).collect::<String>().into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

impl Deployment {
    pub fn put_file(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path("events").join(name), bytes).expect("a file of events");
    }

    /// Another file by rename, under a name that may be taken.
    pub fn replace(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path("new"), bytes).expect("a file");
        fs::rename(self.path("new"), self.path("events").join(name)).expect("a rename");
    }

    /// A drain's exit code and its standard error.
    pub fn drained(&self) -> (Option<i32>, String) {
        let output = self.run_with(&["run", "--drain"], &[]);
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    }

    /// The row of `sources list`; null if there is none.
    pub fn source(&self, name: &str) -> Value {
        let rows = self.json(&["sources", "list"]);
        rows.into_iter()
            .find(|row| row["source"] == name)
            .unwrap_or_default()
    }

    pub fn state(&self, name: &str) -> String {
        self.source(name)["state"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// How many mails to the operators name something.
    pub fn notices_about(&self, what: &str) -> usize {
        let mails = fs::read_dir(self.path("mails")).map_or_else(
            |_| Vec::new(),
            |all| all.map(|mail| mail.expect("a mail").path()).collect(),
        );
        mails.iter().filter(|mail| says(mail, what)).count()
    }
}

/// Whether the text of a mail, decoded, contains something.
fn says(mail: &Path, what: &str) -> bool {
    let raw = fs::read(mail).expect("a mail");
    let parsed = mail_parser::MessageParser::default()
        .parse(&raw)
        .expect("a mail");
    parsed.body_text(0).is_some_and(|text| text.contains(what))
}

fn is_paused_until_accepted(what: &str, name: &str, other: &[u8]) {
    let deployment = Deployment::new();
    let pack = |bytes: &[u8]| {
        if name == "day.jsonl" {
            bytes.to_vec()
        } else {
            gzip(bytes)
        }
    };
    deployment.put_file(name, &pack(&lines(0, 10)));
    deployment.drain();
    deployment.replace(name, &pack(other));
    for _ in 0..2 {
        let (exit, said) = deployment.drained();
        assert!(
            exit == Some(1) && said.contains("E_FILE_REPLACED") && said.contains(name),
            "{what} {name}: {said}"
        );
    }
    let row = deployment.source(name);
    assert!(
        row["state"] == "paused"
            && row["reason"]
                .as_str()
                .is_some_and(|why| why.contains("E_FILE_REPLACED")),
        "{row}"
    );
    assert_eq!(
        (row["applied"].as_u64(), row["rejected"].as_u64()),
        (Some(10), Some(0)),
        "{what}: nothing is read in its middle"
    );
    assert_eq!(
        deployment.notices_about("E_FILE_REPLACED"),
        1,
        "{what}: the operators are mailed once"
    );
    deployment.run(&["sources", "accept", name]);
    deployment.drain();
    let row = deployment.source(name);
    let count = |field: &str| row[field].as_u64().unwrap_or_default();
    let given = other.iter().filter(|b| **b == b'\n').count() as u64;
    assert_eq!(
        (count("applied") + count("duplicate"), count("position")),
        (given, given),
        "{what} {name}: {row}"
    );
    assert_eq!(
        (row["state"].as_str(), &row["reason"]),
        (Some("done"), &Value::Null),
        "{row}"
    );
}

#[test]
fn a_file_that_was_replaced_edited_or_cut_is_paused_until_an_operator_accepts_it() {
    let edited = [lines(0, 4), lines(90, 91), lines(5, 12)].concat();
    for (what, other) in [
        ("the same size", lines(10, 20)),
        ("longer", lines(10, 30)),
        ("cut", lines(0, 5)),
        ("emptied", Vec::new()),
        ("edited within", edited),
    ] {
        for name in ["day.jsonl", "day.jsonl.gz"] {
            is_paused_until_accepted(what, name, &other);
        }
    }
}

#[test]
fn the_former_file_put_back_is_read_on_and_a_growing_one_is_no_other() {
    let deployment = Deployment::new();
    deployment.put_file("day.jsonl", &lines(0, 10));
    deployment.drain();
    deployment.replace("day.jsonl", &lines(20, 30));
    assert_eq!(deployment.drained().0, Some(1));
    deployment.replace("day.jsonl", &lines(0, 12));
    deployment.drain();
    let row = deployment.source("day.jsonl");
    assert_eq!(
        (
            row["state"].as_str(),
            row["applied"].as_u64(),
            row["duplicate"].as_u64()
        ),
        (Some("done"), Some(12), Some(0)),
        "{row}"
    );
}

#[test]
fn a_damaged_file_put_right_under_its_name_is_read_whole_and_no_line_of_the_damaged_one_counts() {
    let good = gzip(&lines(0, 15));
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 0x10;
    for (what, bad) in [
        ("a flipped bit", flipped),
        ("cut", good[..good.len() - 20].to_vec()),
        ("no gzip", b"this is not gzip".to_vec()),
    ] {
        let deployment = Deployment::new();
        deployment.put_file("a.jsonl.gz", &bad);
        let (exit, said) = deployment.drained();
        assert!(
            exit == Some(1) && said.contains("E_FILE_READ") && said.contains("a.jsonl.gz"),
            "{what}: {said}"
        );
        assert_eq!(deployment.json(&["rejects", "list"]).len(), 0, "{what}");
        deployment.put_file("a.jsonl.gz", &good);
        deployment.drain();
        let row = deployment.source("a.jsonl.gz");
        assert_eq!(
            (
                row["applied"].as_u64(),
                row["rejected"].as_u64(),
                row["state"].as_str()
            ),
            (Some(15), Some(0), Some("done")),
            "{what}"
        );
    }
}

#[test]
fn one_bad_file_stops_that_file_only_in_a_drain_and_beside_a_running_worker() {
    let mut deployment = Deployment::new();
    deployment.set("CLOCK__MODE", "wall");
    deployment.put_file("a.jsonl", &lines(0, 10));
    deployment.run(&["migrate"]);
    let worker = Running::start(&deployment);
    wait_until(|| deployment.applied() == 10);
    deployment.put_file("b.jsonl.gz", b"this is not gzip");
    std::os::unix::fs::symlink("loop.jsonl", deployment.path("events/loop.jsonl"))
        .expect("a link to itself");
    deployment.put_file("c.jsonl", &lines(10, 12));
    wait_until(|| {
        deployment.applied() == 12
            && deployment.state("b.jsonl.gz") == "paused"
            && deployment.state("loop.jsonl") == "paused"
    });
    wait_until(|| deployment.notices_about("b.jsonl.gz") == 1);
    // Put right beside the worker it is read; so is one that an operator accepts.
    deployment.put_file("b.jsonl.gz", &gzip(&lines(12, 15)));
    wait_until(|| deployment.applied() == 15 && deployment.state("b.jsonl.gz") == "done");
    deployment.replace("a.jsonl", &lines(20, 31));
    wait_until(|| deployment.state("a.jsonl") == "paused");
    deployment.run(&["sources", "accept", "a.jsonl"]);
    wait_until(|| deployment.source("a.jsonl")["applied"].as_u64() == Some(11));
    worker.stop();
    let (exit, said) = deployment.drained();
    assert!(
        exit == Some(1) && said.contains("loop.jsonl") && !said.contains("b.jsonl.gz"),
        "{said}"
    );
    fs::remove_file(deployment.path("events/loop.jsonl")).expect("it is taken out");
    assert_eq!(
        deployment.drained().0,
        Some(0),
        "what was taken out is paused no longer"
    );
}

#[test]
fn what_is_not_read_is_said_with_the_reason() {
    let deployment = Deployment::new();
    deployment.put_file("A.JSONL", &lines(0, 1));
    deployment.put_file("b.jsonl.GZ", &[gzip(&lines(1, 2)), vec![0; 512]].concat());
    for name in ["x.json", "s_1.dat.gz", "~$x.csv"] {
        deployment.put_file(name, b"x\n");
    }
    fs::create_dir(deployment.path("events/old.jsonl")).expect("a folder");
    std::os::unix::fs::symlink("nowhere", deployment.path("events/link.jsonl")).expect("a link");
    let not_utf8 = <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"\xba\xc5.jsonl");
    fs::write(deployment.path("events").join(not_utf8), lines(2, 3)).expect("a file");
    fs::write(
        deployment.path("drops.toml"),
        mapping("s_*.dat", "utf8", "|"),
    )
    .expect("a configuration");
    let output = deployment.run_with(&["--config", "drops.toml", "run", "--drain"], &[]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let rows = deployment.json(&["--config", "drops.toml", "sources", "list"]);
    for (name, why) in [
        ("x.json", "no mapping"),
        ("s_1.dat.gz", "s_*.dat*"),
        ("~$x.csv", "no mapping"),
        ("old.jsonl", "folder"),
        ("link.jsonl", "nowhere"),
    ] {
        let row = rows
            .iter()
            .find(|row| row["source"] == name)
            .unwrap_or_else(|| panic!("no {name}"));
        assert!(
            row["state"] == "ignored"
                && row["reason"]
                    .as_str()
                    .is_some_and(|reason| reason.contains(why)),
            "{row}"
        );
        assert_eq!(
            (row["applied"].as_u64(), row["position"].as_u64()),
            (Some(0), Some(0))
        );
        assert!(said.contains(name), "{name}: {said}");
    }
    the_operators_are_told_of_each_once(&deployment);
    for name in ["A.JSONL", "b.jsonl.GZ", r"\xba\xc5.jsonl"] {
        let row = rows
            .iter()
            .find(|row| row["source"] == name)
            .unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(
            (row["state"].as_str(), row["applied"].as_u64()),
            (Some("done"), Some(1)),
            "{row}"
        );
    }
}

fn the_operators_are_told_of_each_once(deployment: &Deployment) {
    let notices = |subject: &str| {
        let mails = deployment.json(&["outbox", "list"]);
        mails
            .iter()
            .filter(|mail| {
                mail["subject"]
                    .as_str()
                    .is_some_and(|said| said.contains(subject))
            })
            .count()
    };
    assert_eq!(notices("有文件未被读取"), 1, "the operators are mailed");
    deployment.run(&["--config", "drops.toml", "run", "--drain"]);
    assert_eq!(notices("有文件未被读取"), 1, "once");
    deployment.put_file("another.json", b"x\n");
    deployment.run(&["--config", "drops.toml", "run", "--drain"]);
    assert_eq!(notices("有文件未被读取"), 2, "and of another that came");
    deployment.put_file("growing.jsonl", b"{\"specversion\":");
    deployment.run(&["--config", "drops.toml", "run", "--drain"]);
    assert_eq!(
        notices("有文件未被读取"),
        2,
        "a line that has no end yet is one that comes"
    );
}

#[test]
fn seek_is_for_partitions_and_accept_for_files() {
    let deployment = Deployment::new();
    deployment.put_file("a.jsonl", &lines(0, 3));
    deployment.drain();
    for name in ["a.jsonl", "b.jsonl"] {
        let output = deployment.run_with(&["sources", "seek", name, "--to", "0"], &[]);
        assert_eq!(output.status.code(), Some(2), "{name}");
    }
    assert_eq!(
        deployment
            .run_with(&["sources", "accept", "b.jsonl"], &[])
            .status
            .code(),
        Some(1),
        "nobody knows it"
    );
    assert_eq!(deployment.source("a.jsonl")["position"].as_u64(), Some(3));
    for (state, listed) in [("done", 1), ("paused", 0), ("ignored", 0)] {
        assert_eq!(
            deployment
                .json(&["sources", "list", "--state", state])
                .len(),
            listed,
            "{state}"
        );
    }
    // A file that is done is read again from its beginning too, if an operator asks for it.
    deployment.run(&["sources", "accept", "a.jsonl"]);
    deployment.drain();
    let row = deployment.source("a.jsonl");
    assert_eq!(
        (
            row["applied"].as_u64(),
            row["duplicate"].as_u64(),
            row["position"].as_u64()
        ),
        (Some(0), Some(3), Some(3)),
        "{row}"
    );
    for (is_there, said) in [
        (true, "a.jsonl is read anew from its beginning, by"),
        (false, "a.jsonl is not in "),
    ] {
        if !is_there {
            std::fs::remove_file(deployment.path("events/a.jsonl")).expect("it was there");
        }
        let output = deployment.run_with(&["sources", "accept", "a.jsonl"], &[]);
        assert!(
            String::from_utf8_lossy(&output.stderr).contains(said),
            "{output:?}"
        );
    }
}
