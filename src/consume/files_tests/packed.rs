//! Compressed files: damaged, cut, growing.

use std::fs;
use std::io::Write;

use super::store::*;
use crate::domain::source_state::SourceState;

#[test]
fn the_members_before_a_damaged_one_count_and_none_of_its_lines_does() {
    let dir = tempfile::tempdir().unwrap();
    let store = FakeStore::default();
    let (first, second) = (
        gzip(b"{\"a\":1}\n{\"a\":"),
        gzip(&b"2}\n{\"a\":3}\n".repeat(2)),
    );
    let mut damaged = second.clone();
    let checksum = damaged.len() - 8;
    damaged[checksum] ^= 1;
    append(&dir, "a.jsonl.gz", &[&first[..], &damaged].concat());
    assert_eq!(
        texts(&drain(dir.path(), &store)),
        [("a.jsonl.gz", 1, "{\"a\":1}")]
    );
    assert_eq!(store.paused("a.jsonl.gz"), "E_FILE_READ");
    fs::write(dir.path().join("a.jsonl.gz"), [first, second].concat()).unwrap();
    let all = drain(dir.path(), &store);
    assert_eq!(
        texts(&all)
            .iter()
            .map(|(_, line, text)| (*line, *text))
            .take(2)
            .collect::<Vec<_>>(),
        [(2, "{\"a\":2}"), (3, "{\"a\":3}")]
    );
}

#[test]
fn zeros_behind_a_gzip_member_are_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let store = FakeStore::default();
    append(
        &dir,
        "a.jsonl.gz",
        &[
            &gzip(b"{\"a\":1}\n")[..],
            &[0; 1000],
            &gzip(b"{\"a\":2}\n"),
            &[0; 512],
        ]
        .concat(),
    );
    assert_eq!(
        texts(&drain(dir.path(), &store)),
        [
            ("a.jsonl.gz", 1, "{\"a\":1}"),
            ("a.jsonl.gz", 2, "{\"a\":2}")
        ]
    );
    assert_eq!(store.state("a.jsonl.gz"), (SourceState::Done, 0));
}

#[test]
fn a_frame_with_a_window_beyond_the_limit_is_paused_and_stops_nobody() {
    let pack = |window_log| {
        let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
        encoder.include_contentsize(false).unwrap();
        encoder.window_log(window_log).unwrap();
        encoder.write_all(b"{\"a\":1}\n").unwrap();
        encoder.finish().unwrap()
    };
    let dir = tempfile::tempdir().unwrap();
    let store = FakeStore::default();
    append(&dir, "a.jsonl.zst", &pack(28));
    append(&dir, "b.jsonl.zst", &pack(27));
    assert_eq!(
        texts(&drain(dir.path(), &store)),
        [("b.jsonl.zst", 1, "{\"a\":1}")]
    );
    assert_eq!(store.paused("a.jsonl.zst"), "E_FILE_READ");
}

#[test]
fn a_compressed_file_that_ends_within_a_member_waits_until_it_is_at_rest() {
    let dir = tempfile::tempdir().unwrap();
    let store = FakeStore::default();
    let packed = gzip(b"{\"a\":1}\n");
    append(&dir, "a.jsonl.gz", &packed[..9]);
    let mut source = store.source(dir.path(), false);
    assert_eq!(
        (
            read_all(&mut source, &store, LIMITS).unwrap(),
            store.paused("a.jsonl.gz")
        ),
        (vec![], String::new())
    );
    store.pass(50);
    assert_eq!(
        (
            read_all(&mut source, &store, LIMITS).unwrap(),
            store.paused("a.jsonl.gz")
        ),
        (vec![], String::new())
    );
    store.pass(10);
    assert_eq!(
        (
            read_all(&mut source, &store, LIMITS).unwrap(),
            &*store.paused("a.jsonl.gz")
        ),
        (vec![], "E_FILE_READ")
    );
    append(&dir, "a.jsonl.gz", &packed[9..]);
    assert_eq!(
        texts(&read_all(&mut source, &store, LIMITS).unwrap()),
        [("a.jsonl.gz", 1, "{\"a\":1}")]
    );
    assert_eq!(store.paused("a.jsonl.gz"), "");
}

#[test]
fn a_compressed_file_still_being_written_is_read_member_by_member() {
    let text: Vec<u8> = (0..20_000)
        .flat_map(|n| format!("{{\"n\":{}}}\n", n * 7919 % 100_003).into_bytes())
        .collect();
    let members = |pack: &dyn Fn(&[u8]) -> Vec<u8>| {
        text.chunks(70_000).map(pack).collect::<Vec<_>>().concat()
    };
    for (name, packed) in [
        ("a.jsonl.gz", members(&|part| gzip(part))),
        (
            "a.jsonl.zst",
            members(&|part| zstd::encode_all(part, 1).unwrap()),
        ),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let store = FakeStore::default();
        let mut source = store.source(dir.path(), false);
        let limits = BatchLimits {
            events_max: 50_000,
            ..LIMITS
        };
        let (mut all, mut parts) = (Vec::new(), 0);
        for part in packed.chunks(packed.len().div_ceil(4)) {
            append(&dir, name, part);
            let more = read_all(&mut source, &store, limits).unwrap();
            parts += usize::from(!more.is_empty());
            all.extend(more);
        }
        let lines: Vec<&[u8]> = text
            .split(|b| *b == b'\n')
            .filter(|line| !line.is_empty())
            .collect();
        assert_eq!(
            all.iter().map(|one| &*one.2).collect::<Vec<_>>(),
            lines,
            "{name}"
        );
        assert_eq!(
            all.iter().map(|one| one.1).collect::<Vec<_>>(),
            (1..=20_000).collect::<Vec<_>>()
        );
        assert!(parts > 1, "{name} was read while it was written");
    }
}

#[test]
fn another_member_appended_to_a_compressed_file_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let store = FakeStore::default();
    append(&dir, "a.jsonl.gz", &gzip(b"{\"a\":1}\n"));
    append(
        &dir,
        "b.jsonl.zst",
        &zstd::encode_all(&b"{\"b\":1}\n"[..], 1).unwrap(),
    );
    assert_eq!(drain(dir.path(), &store).len(), 2);
    append(&dir, "a.jsonl.gz", &gzip(b"{\"a\":2}\n"));
    append(
        &dir,
        "b.jsonl.zst",
        &zstd::encode_all(&b"{\"b\":2}\n"[..], 1).unwrap(),
    );
    assert_eq!(
        texts(&drain(dir.path(), &store)),
        [
            ("a.jsonl.gz", 2, "{\"a\":2}"),
            ("b.jsonl.zst", 2, "{\"b\":2}")
        ]
    );
}
