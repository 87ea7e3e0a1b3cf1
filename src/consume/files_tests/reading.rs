//! Which lines are read from files, in which order, and which wait.

use std::fs;
use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;
use xxhash_rust::xxh3::xxh3_128;

use super::store::*;
use crate::consume::StoredPosition;
use crate::consume::batch::Mode;

#[test]
fn files_of_a_kind_are_read_in_the_order_of_their_names_and_others_are_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "b.jsonl", b"{\"b\":1}\n");
    append(&dir, "a.jsonl.gz", &gzip(b"{\"a\":1}\n{\"a\":2}\n"));
    append(
        &dir,
        "c.jsonl.zst",
        &zstd::encode_all(&b"{\"c\":1}\n"[..], 1).unwrap(),
    );
    append(&dir, "USER_1.txt", b"1|2\n");
    for name in ["x.json", "b.jsonl.tmp", ".b.jsonl", "other.txt"] {
        append(&dir, name, b"no\n");
    }
    fs::create_dir(dir.path().join("d.jsonl")).unwrap();
    std::os::unix::fs::symlink(dir.path().join("gone"), dir.path().join("e.jsonl")).unwrap();
    let store = FakeStore::default();
    let mut source = store.source(dir.path(), true);
    let all = read_all(&mut source, &store, LIMITS).unwrap();
    let ignored: Vec<String> = source.ignored().into_iter().map(|one| one.name).collect();
    assert_eq!(
        ignored,
        [
            ".b.jsonl",
            "b.jsonl.tmp",
            "d.jsonl",
            "e.jsonl",
            "other.txt",
            "x.json"
        ]
    );
    assert_eq!(
        texts(&all),
        [
            ("a.jsonl.gz", 1, "{\"a\":1}"),
            ("a.jsonl.gz", 2, "{\"a\":2}"),
            ("b.jsonl", 1, "{\"b\":1}"),
            ("c.jsonl.zst", 1, "{\"c\":1}"),
            ("USER_1.txt", 1, "1|2"),
        ]
    );
    assert_eq!(all[4].3, Mode::Mapped(4));
    assert!(all[..4].iter().all(|one| one.3 == Mode::Structured));
}

#[test]
fn blank_lines_are_no_deliveries_but_have_numbers_and_returns_are_cut() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "a.jsonl", b"\n{}\r\n  \t\r\n\r\n{\"x\":1}\n\n");
    let store = FakeStore::default();
    assert_eq!(
        texts(&drain(dir.path(), &store)),
        [("a.jsonl", 2, "{}"), ("a.jsonl", 5, "{\"x\":1}")]
    );
    assert_eq!(
        store.at("a.jsonl"),
        StoredPosition {
            next_position: 6,
            next_byte: 21,
            epoch: 0
        }
    );
    assert_eq!(drain(dir.path(), &store), []);
}

#[test]
fn a_growing_file_is_read_on_while_a_line_without_its_end_waits() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "a.jsonl", b"{\"a\":1}\n{\"a\":");
    let store = FakeStore::default();
    let mut source = store.source(dir.path(), false);
    assert_eq!(
        texts(&read_all(&mut source, &store, LIMITS).unwrap()),
        [("a.jsonl", 1, "{\"a\":1}")]
    );
    append(&dir, "b.jsonl", b"{\"b\":1}\n");
    assert_eq!(
        texts(&read_all(&mut source, &store, LIMITS).unwrap()),
        [("b.jsonl", 1, "{\"b\":1}")]
    );
    append(&dir, "a.jsonl", b"2}");
    assert_eq!(read_all(&mut source, &store, LIMITS).unwrap(), []);
    append(&dir, "a.jsonl", b"\r\n{\"a\":3}\n");
    assert_eq!(
        texts(&read_all(&mut source, &store, LIMITS).unwrap()),
        [("a.jsonl", 2, "{\"a\":2}"), ("a.jsonl", 3, "{\"a\":3}")]
    );
}

#[test]
fn a_drain_takes_a_last_line_without_its_end_if_it_is_whole() {
    for (rest, taken) in [
        ("{\"a\":2}", true),
        (" {\"a\":2} ", true),
        ("{\"a\":2", false),
        ("2", false),
        ("{} {}", false),
        ("  ", false),
    ] {
        let dir = tempfile::tempdir().unwrap();
        append(&dir, "a.jsonl", format!("{{}}\n{rest}").as_bytes());
        let store = FakeStore::default();
        let all = drain(dir.path(), &store);
        assert_eq!(all.len(), if taken { 2 } else { 1 }, "{rest}");
        assert_eq!(
            store.at("a.jsonl").next_byte,
            if taken { 3 + rest.len() as u64 } else { 3 }
        );
        // Its end comes later: it is no line of its own, and the numbering continues.
        append(&dir, "a.jsonl", b"\n{\"a\":3}\n");
        let all = drain(dir.path(), &store);
        assert_eq!(
            all.last().map(|one| (one.1, one.2.clone())),
            Some((3, b"{\"a\":3}".to_vec())),
            "{rest}"
        );
        assert_eq!(
            all.len(),
            if taken || rest.trim().is_empty() {
                1
            } else {
                2
            },
            "{rest}"
        );
    }
}

#[test]
fn a_drain_takes_any_last_line_of_a_mapped_file() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "USER_1.txt", b"1|2\r\n3|4\r");
    assert_eq!(
        texts(&drain(dir.path(), &FakeStore::default())),
        [("USER_1.txt", 1, "1|2"), ("USER_1.txt", 2, "3|4")]
    );
}

#[test]
fn an_overlong_line_is_told_by_its_length_and_digest_and_its_neighbours_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let long = vec![b'x'; 3 << 20];
    append(&dir, "a.jsonl", b"{}\n");
    append(&dir, "a.jsonl", &long);
    append(&dir, "a.jsonl", b"\r\n{\"a\":1}\n");
    append(&dir, "a.jsonl", &long);
    let all = drain(dir.path(), &FakeStore::default());
    assert_eq!(
        texts(&all),
        [
            ("a.jsonl", 1, "{}"),
            ("a.jsonl", 2, ""),
            ("a.jsonl", 3, "{\"a\":1}")
        ]
    );
    assert_eq!(
        all[1].3,
        Mode::Oversized {
            bytes: long.len() as u64,
            digest: xxh3_128(&long)
        }
    );
}

#[test]
fn each_position_has_the_digest_of_what_was_read_up_to_it() {
    let dir = tempfile::tempdir().unwrap();
    let content = b"\xef\xbb\xbf{\"a\":1}\r\n\n{\"a\":2}\n{\"a\":3}";
    append(&dir, "a.jsonl", content);
    let Polled::Batch(batch) = FakeStore::default()
        .source(dir.path(), true)
        .next_batch(LIMITS, Duration::ZERO)
        .unwrap()
    else {
        panic!()
    };
    for (delivery, digest) in batch.deliveries.iter().zip(&batch.read_digests) {
        assert_eq!(*digest, xxh3_64(&content[..delivery.next_byte as usize]));
    }
    assert_eq!(
        batch.partitions[0].file.unwrap().read_digest,
        xxh3_64(content)
    );
}

#[test]
fn files_that_lie_still_are_not_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = FakeStore::default();
    append(&dir, "a.jsonl", b"{}\n");
    let mut source = store.source(dir.path(), false);
    assert_eq!(read_all(&mut source, &store, LIMITS).unwrap().len(), 1);
    store.pass(100);
    assert_eq!(
        source.next_batch(LIMITS, Duration::ZERO).unwrap(),
        Polled::Idle
    );
    assert_eq!(
        store
            .source(dir.path(), true)
            .next_batch(LIMITS, Duration::ZERO)
            .unwrap(),
        Polled::Drained
    );
}

#[test]
fn a_missing_folder_is_named() {
    let error = FakeStore::default()
        .source(Path::new("/no/such/folder"), true)
        .next_batch(LIMITS, Duration::ZERO)
        .unwrap_err();
    assert!(
        error.code() == "E_FILES_DIR" && error.to_string().contains("/no/such/folder"),
        "{error}"
    );
}

#[test]
fn lag_is_what_is_left_of_the_file() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "a.jsonl", b"{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
    let mut source = FakeStore::default().source(dir.path(), false);
    for left in [16, 8, 0] {
        let Polled::Batch(batch) = source
            .next_batch(
                BatchLimits {
                    events_max: 1,
                    ..LIMITS
                },
                Duration::ZERO,
            )
            .unwrap()
        else {
            panic!()
        };
        assert_eq!(batch.partitions[0].lag, left);
    }
}

#[test]
fn a_stop_signal_ends_the_waiting() {
    let dir = tempfile::tempdir().unwrap();
    let stop = StopSignal::new();
    let config = FilesConfig {
        dir: dir.path().to_owned(),
        drops: Vec::new(),
        event_bytes_max: 10,
        drain: false,
        clock: Clock::default(),
        alignment: Alignment::none(),
    };
    let mut source = FilesSource::new(config, Box::new(FakeStore::default()), stop.clone());
    let reader = std::thread::spawn(move || source.next_batch(LIMITS, Duration::from_secs(600)));
    stop.stop();
    assert_eq!(reader.join().unwrap().unwrap(), Polled::Stopped);
}

#[test]
fn what_comes_into_the_folder_while_waiting_is_handed_out() {
    let dir = tempfile::tempdir().unwrap();
    let mut source = FakeStore::default().source(dir.path(), false);
    assert_eq!(
        source.next_batch(LIMITS, Duration::ZERO).unwrap(),
        Polled::Idle
    );
    let reader = std::thread::spawn(move || source.next_batch(LIMITS, Duration::from_secs(600)));
    append(&dir, ".a", b"{}\n");
    fs::rename(dir.path().join(".a"), dir.path().join("a.jsonl")).unwrap();
    let Polled::Batch(batch) = reader.join().unwrap().unwrap() else {
        panic!("no batch")
    };
    assert_eq!(deliveries_of(&batch).len(), 1);
}
