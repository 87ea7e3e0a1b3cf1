//! Files that were replaced, edited, removed, or that cannot be read.

use std::fs;
use std::path::Path;

use super::store::*;
use crate::domain::source_state::SourceState;

/// Ways in which a file that was read may change: `{"a":1}\n{"a":2}\n`.
const OTHERS: [(&str, &[u8]); 5] = [
    ("another of the same size", b"{\"b\":1}\n{\"b\":2}\n"),
    (
        "another that is longer",
        b"{\"b\":1}\n{\"b\":2}\n{\"b\":3}\n",
    ),
    ("cut", b"{\"a\":1}\n"),
    ("emptied", b""),
    (
        "edited within and longer",
        b"{\"a\":1}\n{\"a\":7}\n{\"a\":3}\n",
    ),
];

#[test]
fn a_file_of_which_what_was_read_stands_no_more_is_paused_and_its_neighbours_are_read() {
    for (what, content) in OTHERS {
        for (name, watched) in [
            ("a.jsonl", true),
            ("a.jsonl", false),
            ("a.jsonl.gz", true),
            ("a.jsonl.gz", false),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let store = FakeStore::default();
            let pack = |content: &[u8]| {
                if name == "a.jsonl" {
                    content.to_vec()
                } else {
                    gzip(content)
                }
            };
            append(&dir, name, &pack(b"{\"a\":1}\n{\"a\":2}\n"));
            let mut source = store.source(dir.path(), false);
            assert_eq!(read_all(&mut source, &store, LIMITS).unwrap().len(), 2);
            fs::write(dir.path().join("new"), pack(content)).unwrap();
            fs::rename(dir.path().join("new"), dir.path().join(name)).unwrap();
            append(&dir, "b.jsonl", b"{\"c\":1}\n");
            let all = if watched {
                read_all(&mut source, &store, LIMITS).unwrap()
            } else {
                drain(dir.path(), &store)
            };
            assert_eq!(
                texts(&all),
                [("b.jsonl", 1, "{\"c\":1}")],
                "{what} {name} {watched}"
            );
            assert_eq!(
                store.paused(name),
                "E_FILE_REPLACED",
                "{what} {name} {watched}"
            );
            // Another scan reports the same fault; the original file is read on.
            assert_eq!(
                (drain(dir.path(), &store), &*store.paused(name)),
                (vec![], "E_FILE_REPLACED")
            );
            fs::write(
                dir.path().join(name),
                pack(b"{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n"),
            )
            .unwrap();
            let all = if watched {
                read_all(&mut source, &store, LIMITS).unwrap()
            } else {
                drain(dir.path(), &store)
            };
            assert_eq!(
                (texts(&all), &*store.paused(name)),
                (vec![(name, 3, "{\"a\":3}")], ""),
                "{what} {name} {watched}"
            );
        }
    }
}

#[test]
fn a_large_file_that_is_edited_in_its_middle_is_paused_whatever_its_first_block_says() {
    let dir = tempfile::tempdir().unwrap();
    let store = FakeStore::default();
    let mut content = b"{\"n\":1234567}\n".repeat(20_000);
    append(&dir, "a.jsonl", &content);
    assert_eq!(drain(dir.path(), &store).len(), 20_000);
    assert!(
        store.files.lock().unwrap()["a.jsonl"]
            .first_digest
            .is_some()
    );
    let middle = content.len() / 2;
    content[middle] ^= 1;
    content.extend_from_slice(b"{}\n");
    fs::write(dir.path().join("a.jsonl"), &content).unwrap();
    assert_eq!(
        (drain(dir.path(), &store), &*store.paused("a.jsonl")),
        (vec![], "E_FILE_REPLACED")
    );
}

#[test]
fn a_file_that_was_accepted_is_read_anew_by_a_worker_that_runs_and_by_the_next_one() {
    for watched in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let store = FakeStore::default();
        append(&dir, "a.jsonl", b"{\"a\":1}\n");
        let mut source = store.source(dir.path(), false);
        assert_eq!(read_all(&mut source, &store, LIMITS).unwrap().len(), 1);
        fs::write(dir.path().join("a.jsonl"), b"{\"b\":1}\n").unwrap();
        assert_eq!(
            (
                read_all(&mut source, &store, LIMITS).unwrap(),
                &*store.paused("a.jsonl")
            ),
            (vec![], "E_FILE_REPLACED")
        );
        store.accept("a.jsonl");
        let all = if watched {
            read_all(&mut source, &store, LIMITS).unwrap()
        } else {
            drain(dir.path(), &store)
        };
        assert_eq!(
            (texts(&all), &*store.paused("a.jsonl")),
            (vec![("a.jsonl", 1, "{\"b\":1}")], "")
        );
        assert_eq!(store.files.lock().unwrap()["a.jsonl"].accepted, (1, 1));
        assert_eq!(
            (
                read_all(&mut source, &store, LIMITS).unwrap().len(),
                drain(dir.path(), &store).len()
            ),
            (0, 0)
        );
    }
}

#[test]
fn a_folder_that_goes_away_and_comes_back_is_waited_for_and_read_on() {
    let dir = tempfile::tempdir().unwrap();
    let (events, aside) = (dir.path().join("events"), dir.path().join("aside"));
    fs::create_dir(&events).unwrap();
    fs::write(events.join("a.jsonl"), b"{\"a\":1}\n").unwrap();
    let store = FakeStore::default();
    let mut source = store.source(&events, false);
    assert_eq!(read_all(&mut source, &store, LIMITS).unwrap().len(), 1);
    fs::rename(&events, &aside).unwrap();
    assert_eq!(read_all(&mut source, &store, LIMITS).unwrap(), vec![]);
    assert!(
        store
            .source(&events, false)
            .next_batch(LIMITS, Duration::ZERO)
            .is_err(),
        "nobody begins without it"
    );
    assert!(
        store
            .source(&events, true)
            .next_batch(LIMITS, Duration::ZERO)
            .is_err(),
        "and no drain ends well"
    );
    fs::write(aside.join("b.jsonl"), b"{\"b\":1}\n").unwrap();
    fs::rename(&aside, &events).unwrap();
    let all = read_all(&mut source, &store, LIMITS).unwrap();
    assert_eq!(texts(&all), [("b.jsonl", 1, "{\"b\":1}")]);
}

#[test]
fn a_file_that_goes_away_and_comes_back_is_read_on_from_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "a.jsonl", b"{\"a\":1}\n");
    let store = FakeStore::default();
    let mut source = store.source(dir.path(), false);
    assert_eq!(read_all(&mut source, &store, LIMITS).unwrap().len(), 1);
    fs::rename(dir.path().join("a.jsonl"), dir.path().join("a.away")).unwrap();
    assert_eq!(read_all(&mut source, &store, LIMITS).unwrap(), []);
    append(&dir, "a.away", b"{\"a\":2}\n");
    fs::rename(dir.path().join("a.away"), dir.path().join("a.jsonl")).unwrap();
    assert_eq!(
        texts(&read_all(&mut source, &store, LIMITS).unwrap()),
        [("a.jsonl", 2, "{\"a\":2}")]
    );
}

#[test]
fn a_file_that_cannot_be_read_is_paused_and_read_once_it_is_put_right() {
    let good = b"{\"a\":1}\n{\"a\":2}\n";
    let packed = gzip(good);
    let mut damaged = packed.clone();
    let checksum = damaged.len() - 8;
    damaged[checksum] ^= 1;
    let frame = zstd::encode_all(&good[..], 1).unwrap();
    let cases: [(&str, &[u8], &[u8]); 6] = [
        ("b.jsonl.gz", b"this is not gzip", &packed),
        ("b.jsonl.gz", &damaged, &packed),
        ("b.jsonl.gz", &packed[..packed.len() - 9], &packed),
        ("b.jsonl.gz", &[0; 64], &packed),
        ("b.jsonl.zst", b"this is not zstd", &frame),
        ("b.dat.zst", &frame[..frame.len() - 1], &frame),
    ];
    for (name, bad, good) in cases {
        let dir = tempfile::tempdir().unwrap();
        append(&dir, "a.jsonl", b"{\"a\":1}\n");
        append(&dir, name, bad);
        append(&dir, "c.jsonl", b"{\"c\":1}\n");
        let store = FakeStore::default();
        let all = drain(dir.path(), &store);
        assert_eq!(
            texts(&all),
            [("a.jsonl", 1, "{\"a\":1}"), ("c.jsonl", 1, "{\"c\":1}")],
            "{name}"
        );
        assert_eq!(store.paused(name), "E_FILE_READ");
        let mut source = store.source(dir.path(), true);
        assert_eq!(
            (
                read_all(&mut source, &store, LIMITS).unwrap(),
                source.paused().len()
            ),
            (vec![], 1),
            "it is said again"
        );
        fs::write(dir.path().join(name), good).unwrap();
        assert_eq!(drain(dir.path(), &store).len(), 2, "{name}");
        assert_eq!(store.state(name), (SourceState::Done, 0));
    }
}

#[test]
fn a_link_to_itself_and_a_file_that_the_system_does_not_give_out_are_paused_and_not_paused_once_they_are_gone()
 {
    let dir = tempfile::tempdir().unwrap();
    let link =
        |to: &Path, name: &str| std::os::unix::fs::symlink(to, dir.path().join(name)).unwrap();
    link(&dir.path().join("loop.jsonl"), "loop.jsonl");
    link(Path::new("/proc/self/mem"), "mem.jsonl");
    append(&dir, "z.jsonl", b"{}\n");
    let store = FakeStore::default();
    assert_eq!(texts(&drain(dir.path(), &store)), [("z.jsonl", 1, "{}")]);
    for name in ["loop.jsonl", "mem.jsonl"] {
        assert_eq!(store.paused(name), "E_FILE_READ", "{name}");
        fs::remove_file(dir.path().join(name)).unwrap();
    }
    let mut source = store.source(dir.path(), true);
    assert_eq!(
        (
            read_all(&mut source, &store, LIMITS).unwrap(),
            source.paused()
        ),
        (vec![], vec![])
    );
    assert_eq!(store.state("mem.jsonl"), (SourceState::Done, 0));
}
