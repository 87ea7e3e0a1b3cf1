//! Tests of the files source, on real folders.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;
use xxhash_rust::xxh3::xxh3_128;

use super::*;
use crate::consume::batch::Mode;

const LIMITS: BatchLimits = BatchLimits { events_max: 1000, bytes_max: 1 << 20, wait: Duration::from_secs(60) };
const EVENT_BYTES_MAX: usize = 40;

/// A delivery as tests compare it: file, line, content, mode.
type Seen = (String, u64, Vec<u8>, Mode);

#[derive(Default)]
struct Store {
    at: RefCell<HashMap<String, StoredPosition>>,
}

impl Store {
    fn source(&self, dir: &Path, drain: bool) -> FilesSource {
        let mappings = vec![("USER_*.txt".to_owned(), 4), ("*.dat*".to_owned(), 9)];
        let config = FilesConfig { dir: dir.to_owned(), mappings, event_bytes_max: EVENT_BYTES_MAX, drain };
        let at = self.at.borrow().clone();
        FilesSource::new(config, Box::new(move |name| at.get(name).copied()), StopSignal::new())
    }

    fn commit(&self, batch: &RawBatch) {
        for one in &batch.partitions {
            let position = StoredPosition { next_position: one.next_position, next_byte: one.next_byte, epoch: one.epoch };
            self.at.borrow_mut().insert(one.name.to_string(), position);
        }
    }
}

fn seen(batch: &RawBatch) -> Vec<Seen> {
    let seen = |one: &super::super::batch::Delivery| {
        let name = batch.partitions[usize::from(one.partition)].name.to_string();
        (name, one.position, batch.payload(one).to_vec(), one.mode.clone())
    };
    batch.deliveries.iter().map(seen).collect()
}

/// Reads until drained or idle, committing each batch.
fn read_all(source: &mut FilesSource, store: &Store, limits: BatchLimits) -> Result<Vec<Seen>, SourceError> {
    let mut all = Vec::new();
    loop {
        match source.next_batch(limits, Duration::ZERO)? {
            Polled::Batch(batch) => {
                assert!(batch.deliveries.len() <= limits.events_max);
                store.commit(&batch);
                all.extend(seen(&batch));
            }
            Polled::Idle | Polled::Drained => return Ok(all),
            Polled::Stopped => panic!("nobody stopped it"),
        }
    }
}

fn drain(dir: &Path, store: &Store) -> Vec<Seen> {
    read_all(&mut store.source(dir, true), store, LIMITS).unwrap()
}

fn texts(all: &[Seen]) -> Vec<(&str, u64, &str)> {
    all.iter().map(|(file, line, text, _)| (&**file, *line, std::str::from_utf8(text).unwrap())).collect()
}

fn append(dir: &TempDir, name: &str, bytes: &[u8]) {
    OpenOptions::new().create(true).append(true).open(dir.path().join(name)).unwrap().write_all(bytes).unwrap();
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn files_are_read_in_the_order_of_their_names_and_others_are_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "b.jsonl", b"{\"b\":1}\n");
    append(&dir, "a.jsonl.gz", &gzip(b"{\"a\":1}\n{\"a\":2}\n"));
    append(&dir, "c.jsonl.zst", &zstd::encode_all(&b"{\"c\":1}\n"[..], 1).unwrap());
    append(&dir, "USER_1.txt", b"1|2\n");
    for name in ["x.json", "b.jsonl.tmp", ".b.jsonl", "other.txt"] {
        append(&dir, name, b"no\n");
    }
    fs::create_dir(dir.path().join("d.jsonl")).unwrap();
    let all = drain(dir.path(), &Store::default());
    assert_eq!(
        texts(&all),
        [
            ("USER_1.txt", 1, "1|2"),
            ("a.jsonl.gz", 1, "{\"a\":1}"),
            ("a.jsonl.gz", 2, "{\"a\":2}"),
            ("b.jsonl", 1, "{\"b\":1}"),
            ("c.jsonl.zst", 1, "{\"c\":1}")
        ]
    );
    assert_eq!(all[0].3, Mode::Mapped(4));
    assert!(all[1..].iter().all(|one| one.3 == Mode::Structured));
}

#[test]
fn blank_lines_are_no_deliveries_but_have_numbers_and_returns_are_cut() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "a.jsonl", b"\n{}\r\n  \t\r\n\r\n{\"x\":1}\n\n");
    let store = Store::default();
    assert_eq!(texts(&drain(dir.path(), &store)), [("a.jsonl", 2, "{}"), ("a.jsonl", 5, "{\"x\":1}")]);
    assert_eq!(store.at.borrow()["a.jsonl"], StoredPosition { next_position: 6, next_byte: 21, epoch: 0 });
    assert_eq!(drain(dir.path(), &store), []);
}

#[test]
fn a_growing_file_is_read_on_while_a_line_without_its_end_waits() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "a.jsonl", b"{\"a\":1}\n{\"a\":");
    let store = Store::default();
    let mut source = store.source(dir.path(), false);
    assert_eq!(texts(&read_all(&mut source, &store, LIMITS).unwrap()), [("a.jsonl", 1, "{\"a\":1}")]);
    append(&dir, "b.jsonl", b"{\"b\":1}\n");
    assert_eq!(texts(&read_all(&mut source, &store, LIMITS).unwrap()), [("b.jsonl", 1, "{\"b\":1}")]);
    append(&dir, "a.jsonl", b"2}");
    assert_eq!(read_all(&mut source, &store, LIMITS).unwrap(), []);
    append(&dir, "a.jsonl", b"\r\n{\"a\":3}\n");
    assert_eq!(texts(&read_all(&mut source, &store, LIMITS).unwrap()), [("a.jsonl", 2, "{\"a\":2}"), ("a.jsonl", 3, "{\"a\":3}")]);
}

#[test]
fn a_drain_takes_a_last_line_without_its_end_if_it_is_whole() {
    for (rest, taken) in [("{\"a\":2}", true), (" {\"a\":2} ", true), ("{\"a\":2", false), ("2", false), ("{} {}", false), ("  ", false)] {
        let dir = tempfile::tempdir().unwrap();
        append(&dir, "a.jsonl", format!("{{}}\n{rest}").as_bytes());
        let store = Store::default();
        let all = drain(dir.path(), &store);
        assert_eq!(all.len(), if taken { 2 } else { 1 }, "{rest}");
        assert_eq!(store.at.borrow()["a.jsonl"].next_byte, if taken { 3 + rest.len() as u64 } else { 3 });
        // Its end comes later: no line of its own, and the numbers go on.
        append(&dir, "a.jsonl", b"\n{\"a\":3}\n");
        let all = drain(dir.path(), &store);
        assert_eq!(all.last().map(|one| (one.1, one.2.clone())), Some((3, b"{\"a\":3}".to_vec())), "{rest}");
        assert_eq!(all.len(), if taken || rest.trim().is_empty() { 1 } else { 2 }, "{rest}");
    }
}

#[test]
fn a_drain_takes_any_last_line_of_a_mapped_file() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "USER_1.txt", b"1|2\r\n3|4\r");
    assert_eq!(texts(&drain(dir.path(), &Store::default())), [("USER_1.txt", 1, "1|2"), ("USER_1.txt", 2, "3|4")]);
}

#[test]
fn an_overlong_line_is_told_by_its_length_and_digest_and_its_neighbours_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let long = vec![b'x'; 3 << 20];
    append(&dir, "a.jsonl", b"{}\n");
    append(&dir, "a.jsonl", &long);
    append(&dir, "a.jsonl", b"\r\n{\"a\":1}\n");
    append(&dir, "a.jsonl", &long);
    let all = drain(dir.path(), &Store::default());
    assert_eq!(texts(&all), [("a.jsonl", 1, "{}"), ("a.jsonl", 2, ""), ("a.jsonl", 3, "{\"a\":1}")]);
    assert_eq!(all[1].3, Mode::Oversized { bytes: long.len() as u64, digest: xxh3_128(&long) });
}

#[test]
fn a_file_that_has_shrunk_is_named_and_so_is_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "a.jsonl", b"{\"a\":1}\n{\"a\":2}\n");
    append(&dir, "b.jsonl.gz", &gzip(b"{\"a\":1}\n{\"a\":2}\n"));
    let store = Store::default();
    assert_eq!(drain(dir.path(), &store).len(), 4);
    fs::write(dir.path().join("b.jsonl.gz"), gzip(b"{\"a\":1}\n")).unwrap();
    let error = read_all(&mut store.source(dir.path(), true), &store, LIMITS).unwrap_err();
    assert!(error.to_string().contains("b.jsonl.gz: 16 bytes of it were read before, now it has 8"), "{error}");
    fs::write(dir.path().join("a.jsonl"), b"{\"a\":1}\n").unwrap();
    for drains in [true, false] {
        let error = read_all(&mut store.source(dir.path(), drains), &store, LIMITS).unwrap_err();
        assert_eq!(error.code(), "E_FILE_SHRUNK");
        assert!(
            error.to_string().contains("a.jsonl: 16 bytes of it were read before, now it has 8") && error.to_string().contains("hint: ")
        );
    }
}

#[test]
fn a_file_that_shrinks_while_it_is_watched_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "a.jsonl", b"{\"a\":1}\n");
    let store = Store::default();
    let mut source = store.source(dir.path(), false);
    assert_eq!(read_all(&mut source, &store, LIMITS).unwrap().len(), 1);
    fs::write(dir.path().join("a.jsonl"), b"").unwrap();
    assert_eq!(read_all(&mut source, &store, LIMITS).unwrap_err().code(), "E_FILE_SHRUNK");
}

#[test]
fn a_file_that_goes_away_and_comes_back_is_read_on_from_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "a.jsonl", b"{\"a\":1}\n");
    let store = Store::default();
    let mut source = store.source(dir.path(), false);
    assert_eq!(read_all(&mut source, &store, LIMITS).unwrap().len(), 1);
    fs::rename(dir.path().join("a.jsonl"), dir.path().join("a.away")).unwrap();
    assert_eq!(read_all(&mut source, &store, LIMITS).unwrap(), []);
    append(&dir, "a.away", b"{\"a\":2}\n");
    fs::rename(dir.path().join("a.away"), dir.path().join("a.jsonl")).unwrap();
    assert_eq!(texts(&read_all(&mut source, &store, LIMITS).unwrap()), [("a.jsonl", 2, "{\"a\":2}")]);
}

#[test]
fn a_damaged_file_is_named_after_what_was_read_before_it_has_been_handed_out() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "a.jsonl", b"{\"a\":1}\n");
    append(&dir, "b.jsonl.gz", b"this is not gzip");
    let store = Store::default();
    let mut source = store.source(dir.path(), true);
    let Polled::Batch(batch) = source.next_batch(LIMITS, Duration::ZERO).unwrap() else { panic!("no batch") };
    assert_eq!(texts(&seen(&batch)), [("a.jsonl", 1, "{\"a\":1}")]);
    let error = source.next_batch(LIMITS, Duration::ZERO).unwrap_err();
    assert_eq!(error.code(), "E_FILE_READ");
    assert!(error.to_string().contains("b.jsonl.gz"), "{error}");
}

#[test]
fn a_missing_folder_is_named() {
    let error = Store::default().source(Path::new("/no/such/folder"), true).next_batch(LIMITS, Duration::ZERO).unwrap_err();
    assert!(error.code() == "E_FILES_DIR" && error.to_string().contains("/no/such/folder"), "{error}");
}

#[test]
fn a_compressed_file_still_being_written_is_read_as_far_as_it_goes() {
    let text: Vec<u8> = (0..20_000).flat_map(|n| format!("{{\"n\":{}}}\n", n * 7919 % 100_003).into_bytes()).collect();
    for (name, packed) in [("a.jsonl.gz", gzip(&text)), ("a.jsonl.zst", zstd::encode_all(&text[..], 1).unwrap())] {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::default();
        let mut source = store.source(dir.path(), false);
        let limits = BatchLimits { events_max: 50_000, ..LIMITS };
        let mut all = Vec::new();
        for part in packed.chunks(packed.len().div_ceil(4)) {
            append(&dir, name, part);
            all.extend(read_all(&mut source, &store, limits).unwrap());
        }
        let lines: Vec<&[u8]> = text.split(|b| *b == b'\n').filter(|line| !line.is_empty()).collect();
        assert_eq!(all.iter().map(|one| &*one.2).collect::<Vec<_>>(), lines, "{name}");
        assert_eq!(all.iter().map(|one| one.1).collect::<Vec<_>>(), (1..=20_000).collect::<Vec<_>>());
    }
}

#[test]
fn another_member_appended_to_a_compressed_file_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::default();
    append(&dir, "a.jsonl.gz", &gzip(b"{\"a\":1}\n"));
    append(&dir, "b.jsonl.zst", &zstd::encode_all(&b"{\"b\":1}\n"[..], 1).unwrap());
    assert_eq!(drain(dir.path(), &store).len(), 2);
    append(&dir, "a.jsonl.gz", &gzip(b"{\"a\":2}\n"));
    append(&dir, "b.jsonl.zst", &zstd::encode_all(&b"{\"b\":2}\n"[..], 1).unwrap());
    assert_eq!(texts(&drain(dir.path(), &store)), [("a.jsonl.gz", 2, "{\"a\":2}"), ("b.jsonl.zst", 2, "{\"b\":2}")]);
}

#[test]
fn lag_is_what_is_left_of_the_file() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "a.jsonl", b"{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
    let mut source = Store::default().source(dir.path(), false);
    for left in [16, 8, 0] {
        let Polled::Batch(batch) = source.next_batch(BatchLimits { events_max: 1, ..LIMITS }, Duration::ZERO).unwrap() else { panic!() };
        assert_eq!(batch.partitions[0].lag, left);
    }
}

#[test]
fn a_stop_signal_ends_the_waiting() {
    let dir = tempfile::tempdir().unwrap();
    let stop = StopSignal::new();
    let config = FilesConfig { dir: dir.path().to_owned(), mappings: Vec::new(), event_bytes_max: 10, drain: false };
    let mut source = FilesSource::new(config, Box::new(|_| None), stop.clone());
    let reader = std::thread::spawn(move || source.next_batch(LIMITS, Duration::from_secs(600)));
    stop.stop();
    assert_eq!(reader.join().unwrap().unwrap(), Polled::Stopped);
}

#[test]
fn what_comes_into_the_folder_while_waiting_is_handed_out() {
    let dir = tempfile::tempdir().unwrap();
    let mut source = Store::default().source(dir.path(), false);
    assert_eq!(source.next_batch(LIMITS, Duration::ZERO).unwrap(), Polled::Idle);
    let reader = std::thread::spawn(move || source.next_batch(LIMITS, Duration::from_secs(600)));
    append(&dir, "a.jsonl", b"{}\n");
    let Polled::Batch(batch) = reader.join().unwrap().unwrap() else { panic!("no batch") };
    assert_eq!(seen(&batch).len(), 1);
}

/// Content of a few files with everything that lines can be.
fn contents() -> impl Strategy<Value = BTreeMap<String, Vec<u8>>> {
    let line = prop_oneof![
        Just(&b"{\"a\":1}"[..]),
        Just(&b"1|2|3"[..]),
        Just(&b""[..]),
        Just(&b"  "[..]),
        Just(&b"0123456789012345678901234567890123456789x"[..]),
    ];
    let end = prop_oneof![4 => Just(&b"\n"[..]), 1 => Just(&b"\r\n"[..])];
    let content = (proptest::collection::vec((line, end).prop_map(|(line, end)| [line, end].concat()), 0..12), any::<bool>()).prop_map(
        |(lines, unended)| {
            let mut content = lines.concat();
            if unended {
                content.extend_from_slice(b"{\"last\":1}");
            }
            content
        },
    );
    let name = prop_oneof![Just("a.jsonl"), Just("b.jsonl"), Just("USER_7.txt"), Just("c.jsonl.gz"), Just("d.dat.zst")];
    proptest::collection::btree_map(name.prop_map(str::to_owned), content, 1..5)
}

fn write_folder(contents: &BTreeMap<String, Vec<u8>>) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, content) in contents {
        let packed = match name.rsplit('.').next() {
            Some("gz") => gzip(content),
            Some("zst") => zstd::encode_all(&content[..], 1).unwrap(),
            _ => content.clone(),
        };
        append(&dir, name, &packed);
    }
    dir
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn batches_of_any_size_give_the_same_deliveries(contents in contents()) {
        let dir = write_folder(&contents);
        let whole = drain(dir.path(), &Store::default());
        for events_max in [1, 7, 50_000] {
            let store = Store::default();
            let limits = BatchLimits { events_max, ..LIMITS };
            prop_assert_eq!(&read_all(&mut store.source(dir.path(), true), &store, limits).unwrap(), &whole);
        }
        let by_bytes = BatchLimits { bytes_max: 9, ..LIMITS };
        let store = Store::default();
        prop_assert_eq!(&read_all(&mut store.source(dir.path(), true), &store, by_bytes).unwrap(), &whole);
    }

    #[test]
    fn a_restart_after_any_batch_gives_the_same_deliveries(contents in contents(), events_max in 1_usize..4) {
        let dir = write_folder(&contents);
        let whole = drain(dir.path(), &Store::default());
        let (store, mut all) = (Store::default(), Vec::new());
        while let Polled::Batch(batch) =
            store.source(dir.path(), true).next_batch(BatchLimits { events_max, ..LIMITS }, Duration::ZERO).unwrap()
        {
            store.commit(&batch);
            all.extend(seen(&batch));
        }
        prop_assert_eq!(all, whole);
    }

    #[test]
    fn a_file_cut_at_any_byte_and_read_on_after_it_has_grown_gives_the_same_deliveries(contents in contents(), cut in 0.0..1.0_f64, watched in any::<bool>()) {
        let whole = drain(write_folder(&contents).path(), &Store::default());
        let dir = tempfile::tempdir().unwrap();
        let (store, mut all) = (Store::default(), Vec::new());
        let mut watching = store.source(dir.path(), false);
        let plain: BTreeMap<_, _> = contents.iter().map(|(name, content)| (name.clone(), content.clone())).collect();
        for half in [false, true] {
            for (name, content) in &plain {
                let packed = match name.rsplit('.').next() {
                    Some("gz") => gzip(content),
                    Some("zst") => zstd::encode_all(&content[..], 1).unwrap(),
                    _ => content.clone(),
                };
                let at = (packed.len() as f64 * cut) as usize;
                append(&dir, name, if half { &packed[at..] } else { &packed[..at] });
            }
            if watched {
                all.extend(read_all(&mut watching, &store, LIMITS).unwrap());
            } else {
                all.extend(read_all(&mut store.source(dir.path(), false), &store, LIMITS).unwrap());
            }
        }
        all.extend(drain(dir.path(), &store));
        all.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        prop_assert_eq!(all, whole);
    }
}
