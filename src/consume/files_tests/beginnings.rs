//! Byte order marks, headers and trailers, and file names that are not UTF-8.

use std::fs;
use std::sync::atomic::Ordering;

use super::store::*;
use crate::domain::source_state::SourceState;

#[test]
fn a_byte_order_mark_is_no_part_of_a_line_in_files_of_either_kind_also_where_several_were_put_together()
 {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "a.jsonl", b"\xef\xbb\xbf{\"a\":1}\n\xef\xbb\xbf{}\n");
    append(
        &dir,
        "b.jsonl.gz",
        &[gzip(b"\xef\xbb\xbf{}\n"), gzip(b"\xef\xbb\xbf{}")].concat(),
    );
    append(&dir, "c.jsonl", b"\xef\xbb\xbf");
    append(
        &dir,
        "USER_1.txt",
        b"\x84\x31\x95\x331|2\n\x84\x31\x95\x333|4\n",
    );
    let store = FakeStore::default();
    let all = drain(dir.path(), &store);
    let of = |all: &[ReadDelivery]| {
        all.iter()
            .map(|one| (one.0.clone(), one.1, one.2.clone()))
            .collect::<Vec<_>>()
    };
    let expected: [(&str, u64, &[u8]); 6] = [
        ("a.jsonl", 1, b"{\"a\":1}"),
        ("a.jsonl", 2, b"{}"),
        ("b.jsonl.gz", 1, b"{}"),
        ("b.jsonl.gz", 2, b"{}"),
        ("USER_1.txt", 1, b"1|2"),
        ("USER_1.txt", 2, b"3|4"),
    ];
    assert_eq!(
        of(&all),
        expected.map(|(name, line, text)| (name.to_owned(), line, text.to_vec()))
    );
    append(&dir, "c.jsonl", b"{}\n");
    assert_eq!(texts(&drain(dir.path(), &store)), [("c.jsonl", 1, "{}")]);
}

#[test]
fn headers_and_trailers_are_left_out_and_counted_and_the_last_lines_wait_until_the_file_is_at_rest()
{
    for trailer in ["END|2\nSUM|7\n\n", "END|2\nSUM|7"] {
        let dir = tempfile::tempdir().unwrap();
        let store = FakeStore::default();
        append(
            &dir,
            "a.csv",
            format!("head\n1\n2\n\n3\n{trailer}").as_bytes(),
        );
        let mut source = store.source(dir.path(), false);
        let first = read_all(
            &mut source,
            &store,
            BatchLimits {
                events_max: 1,
                ..LIMITS
            },
        )
        .unwrap();
        let drained = drain(dir.path(), &store);
        store.files.lock().unwrap().clear();
        store.states.lock().unwrap().clear();
        store.gaps.store(0, Ordering::SeqCst);
        let mut source = store.source(dir.path(), false);
        let mut all = read_all(&mut source, &store, LIMITS).unwrap();
        assert_eq!(all, first, "{trailer:?}");
        assert!(store.state("a.csv").1 > 0, "it has more");
        store.pass(70);
        all.extend(read_all(&mut source, &store, LIMITS).unwrap());
        assert_eq!(
            texts(&all),
            [("a.csv", 2, "1"), ("a.csv", 3, "2"), ("a.csv", 5, "3")],
            "{trailer:?}"
        );
        assert_eq!(
            (store.state("a.csv"), store.gaps.load(Ordering::SeqCst)),
            ((SourceState::Done, 0), 3),
            "{trailer:?}"
        );
        assert_eq!(drained.len() + first.len(), 3, "a drain does not wait");
    }
}

#[test]
fn a_restart_within_held_lines_and_a_file_that_grows_behind_its_trailer_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = FakeStore::default();
    append(&dir, "a.csv", b"head\n1\n2\n3\n");
    let one = BatchLimits {
        events_max: 1,
        ..LIMITS
    };
    assert_eq!(
        read_all(&mut store.source(dir.path(), false), &store, one)
            .unwrap()
            .len(),
        1
    );
    append(&dir, "a.csv", b"4\n5\n");
    let all = read_all(&mut store.source(dir.path(), false), &store, one).unwrap();
    assert_eq!(texts(&all), [("a.csv", 3, "2"), ("a.csv", 4, "3")]);
    assert_eq!(drain(dir.path(), &store), []);
    assert_eq!(store.gaps.load(Ordering::SeqCst), 3);
}

#[test]
fn a_name_that_is_no_text_is_read_and_found_again() {
    use std::os::unix::ffi::OsStrExt;
    let dir = tempfile::tempdir().unwrap();
    let store = FakeStore::default();
    fs::write(
        dir.path()
            .join(std::ffi::OsStr::from_bytes(b"\xba\xc5.jsonl")),
        b"{}\n",
    )
    .unwrap();
    append(&dir, "A.JSONL", b"{}\n");
    assert_eq!(
        texts(&drain(dir.path(), &store)),
        [("A.JSONL", 1, "{}"), (r"\xba\xc5.jsonl", 1, "{}")]
    );
    assert_eq!(drain(dir.path(), &store), []);
}
