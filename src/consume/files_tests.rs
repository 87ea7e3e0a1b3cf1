//! Tests of the files source, on real folders.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;
use tempfile::TempDir;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use super::*;
use crate::clock::{Ahead, Time};
use crate::consume::StoredPosition;
use crate::consume::batch::{Mode, Standing};

const LIMITS: BatchLimits = BatchLimits { events_max: 1000, bytes_max: 1 << 20, wait: Duration::from_secs(60) };
const EVENT_BYTES_MAX: usize = 40;

/// A delivery as tests compare it: file, line, content, mode.
type Seen = (String, u64, Vec<u8>, Mode);

#[derive(Default, Clone)]
struct Store {
    files: Arc<Mutex<HashMap<String, StoredFile>>>,
    /// How each file stands.
    standing: Arc<Mutex<BTreeMap<String, (Standing, u64)>>>,
    gaps: Arc<AtomicU64>,
    time: Arc<Ahead>,
}

impl StoredFiles for Store {
    fn all(&self) -> Result<HashMap<String, StoredFile>, Cause> {
        Ok(self.files.lock().unwrap().clone())
    }

    fn accepted(&self) -> Result<Vec<(String, u64)>, Cause> {
        let asks = |(name, file): (&String, &StoredFile)| (file.accepted.0 > file.accepted.1).then(|| (name.clone(), file.accepted.0));
        Ok(self.files.lock().unwrap().iter().filter_map(asks).collect())
    }
}

impl Store {
    fn source(&self, dir: &Path, drain: bool) -> FilesSource {
        let drop = |pattern: &str, mapping, skip_first, skip_last| DropFiles {
            pattern: pattern.to_owned(),
            mapping,
            skip_first,
            skip_last,
            byte_order_mark: b"\x84\x31\x95\x33",
        };
        let drops = vec![drop("USER_*.txt", 4, 0, 0), drop("*.dat*", 9, 0, 0), drop("*.csv", 5, 1, 2)];
        let clock = Clock::given(self.time.clone());
        let config = FilesConfig { dir: dir.to_owned(), drops, event_bytes_max: EVENT_BYTES_MAX, drain, clock };
        FilesSource::new(config, Box::new(self.clone()), StopSignal::new())
    }

    fn commit(&self, batch: &RawBatch) {
        let mut files = self.files.lock().unwrap();
        for one in &batch.partitions {
            let stored = files.entry(one.name.to_string()).or_default();
            let told = one.file.expect("of a file");
            stored.at = StoredPosition { next_position: one.next_position, next_byte: one.next_byte, epoch: one.epoch };
            (stored.read_digest, stored.first_digest, stored.stamp) = (Some(told.read_digest), told.first_digest, told.stamp);
            stored.accepted.1 = stored.accepted.1.max(told.begins_anew);
            stored.reason = if let Standing::Paused(reason) = &one.standing { Some(reason.clone()) } else { None };
            self.standing.lock().unwrap().insert(one.name.to_string(), (one.standing.clone(), one.lag));
            let before: u64 = batch.deliveries.iter().map(|delivery| delivery.gap_before).sum();
            assert!(batch.partitions.len() > 1 || one.gaps >= before);
            self.gaps.fetch_add(one.gaps, Ordering::SeqCst);
        }
        assert_eq!(batch.deliveries.len(), batch.read_digests.len());
    }

    fn at(&self, name: &str) -> StoredPosition {
        self.files.lock().unwrap()[name].at
    }

    fn accept(&self, name: &str) {
        self.files.lock().unwrap().get_mut(name).unwrap().accepted.0 += 1;
    }

    /// The code of what pauses a file; nothing if it is not paused.
    fn paused(&self, name: &str) -> String {
        let files = self.files.lock().unwrap();
        files
            .get(name)
            .and_then(|file| file.reason.as_ref())
            .map_or_else(String::new, |reason| reason.split(':').next().unwrap().to_owned())
    }

    fn state(&self, name: &str) -> (Standing, u64) {
        self.standing.lock().unwrap()[name].clone()
    }

    fn pass(&self, seconds: u64) {
        self.time.pause(Duration::from_secs(seconds));
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
    // The whole folder is looked at again by then.
    store.pass(2);
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
    std::os::unix::fs::symlink(dir.path().join("gone"), dir.path().join("e.jsonl")).unwrap();
    let store = Store::default();
    let mut source = store.source(dir.path(), true);
    let all = read_all(&mut source, &store, LIMITS).unwrap();
    let ignored: Vec<String> = source.ignored().into_iter().map(|one| one.name).collect();
    assert_eq!(ignored, [".b.jsonl", "b.jsonl.tmp", "d.jsonl", "e.jsonl", "other.txt", "x.json"]);
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
    assert_eq!(store.at("a.jsonl"), StoredPosition { next_position: 6, next_byte: 21, epoch: 0 });
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
        assert_eq!(store.at("a.jsonl").next_byte, if taken { 3 + rest.len() as u64 } else { 3 });
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

/// What may become of a file that was read: `{"a":1}\n{"a":2}\n`.
const OTHERS: [(&str, &[u8]); 5] = [
    ("another of the same size", b"{\"b\":1}\n{\"b\":2}\n"),
    ("another that is longer", b"{\"b\":1}\n{\"b\":2}\n{\"b\":3}\n"),
    ("cut", b"{\"a\":1}\n"),
    ("emptied", b""),
    ("edited within and longer", b"{\"a\":1}\n{\"a\":7}\n{\"a\":3}\n"),
];

#[test]
fn a_file_of_which_what_was_read_stands_no_more_is_paused_and_its_neighbours_are_read() {
    for (what, content) in OTHERS {
        for (name, watched) in [("a.jsonl", true), ("a.jsonl", false), ("a.jsonl.gz", true), ("a.jsonl.gz", false)] {
            let dir = tempfile::tempdir().unwrap();
            let store = Store::default();
            let pack = |content: &[u8]| if name == "a.jsonl" { content.to_vec() } else { gzip(content) };
            append(&dir, name, &pack(b"{\"a\":1}\n{\"a\":2}\n"));
            let mut source = store.source(dir.path(), false);
            assert_eq!(read_all(&mut source, &store, LIMITS).unwrap().len(), 2);
            fs::write(dir.path().join("new"), pack(content)).unwrap();
            fs::rename(dir.path().join("new"), dir.path().join(name)).unwrap();
            append(&dir, "b.jsonl", b"{\"c\":1}\n");
            let all = if watched { read_all(&mut source, &store, LIMITS).unwrap() } else { drain(dir.path(), &store) };
            assert_eq!(texts(&all), [("b.jsonl", 1, "{\"c\":1}")], "{what} {name} {watched}");
            assert_eq!(store.paused(name), "E_FILE_REPLACED", "{what} {name} {watched}");
            // Whoever looks at it again says so again; the former one is read on.
            assert_eq!((drain(dir.path(), &store), &*store.paused(name)), (vec![], "E_FILE_REPLACED"));
            fs::write(dir.path().join(name), pack(b"{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n")).unwrap();
            let all = if watched { read_all(&mut source, &store, LIMITS).unwrap() } else { drain(dir.path(), &store) };
            assert_eq!((texts(&all), &*store.paused(name)), (vec![(name, 3, "{\"a\":3}")], ""), "{what} {name} {watched}");
        }
    }
}

#[test]
fn a_large_file_that_is_edited_in_its_middle_is_paused_whatever_its_first_block_says() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::default();
    let mut content = b"{\"n\":1234567}\n".repeat(20_000);
    append(&dir, "a.jsonl", &content);
    assert_eq!(drain(dir.path(), &store).len(), 20_000);
    assert!(store.files.lock().unwrap()["a.jsonl"].first_digest.is_some());
    let middle = content.len() / 2;
    content[middle] ^= 1;
    content.extend_from_slice(b"{}\n");
    fs::write(dir.path().join("a.jsonl"), &content).unwrap();
    assert_eq!((drain(dir.path(), &store), &*store.paused("a.jsonl")), (vec![], "E_FILE_REPLACED"));
}

#[test]
fn a_file_that_was_accepted_is_read_anew_by_a_worker_that_runs_and_by_the_next_one() {
    for watched in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::default();
        append(&dir, "a.jsonl", b"{\"a\":1}\n");
        let mut source = store.source(dir.path(), false);
        assert_eq!(read_all(&mut source, &store, LIMITS).unwrap().len(), 1);
        fs::write(dir.path().join("a.jsonl"), b"{\"b\":1}\n").unwrap();
        assert_eq!((read_all(&mut source, &store, LIMITS).unwrap(), &*store.paused("a.jsonl")), (vec![], "E_FILE_REPLACED"));
        store.accept("a.jsonl");
        let all = if watched { read_all(&mut source, &store, LIMITS).unwrap() } else { drain(dir.path(), &store) };
        assert_eq!((texts(&all), &*store.paused("a.jsonl")), (vec![("a.jsonl", 1, "{\"b\":1}")], ""));
        assert_eq!(store.files.lock().unwrap()["a.jsonl"].accepted, (1, 1));
        assert_eq!((read_all(&mut source, &store, LIMITS).unwrap().len(), drain(dir.path(), &store).len()), (0, 0));
    }
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
        let store = Store::default();
        let all = drain(dir.path(), &store);
        assert_eq!(texts(&all), [("a.jsonl", 1, "{\"a\":1}"), ("c.jsonl", 1, "{\"c\":1}")], "{name}");
        assert_eq!(store.paused(name), "E_FILE_READ");
        let mut source = store.source(dir.path(), true);
        assert_eq!((read_all(&mut source, &store, LIMITS).unwrap(), source.paused().len()), (vec![], 1), "it is said again");
        fs::write(dir.path().join(name), good).unwrap();
        assert_eq!(drain(dir.path(), &store).len(), 2, "{name}");
        assert_eq!(store.state(name), (Standing::Done, 0));
    }
}

#[test]
fn a_link_to_itself_and_a_file_that_the_system_does_not_give_out_are_paused_and_not_paused_once_they_are_gone() {
    let dir = tempfile::tempdir().unwrap();
    let link = |to: &Path, name: &str| std::os::unix::fs::symlink(to, dir.path().join(name)).unwrap();
    link(&dir.path().join("loop.jsonl"), "loop.jsonl");
    link(Path::new("/proc/self/mem"), "mem.jsonl");
    append(&dir, "z.jsonl", b"{}\n");
    let store = Store::default();
    assert_eq!(texts(&drain(dir.path(), &store)), [("z.jsonl", 1, "{}")]);
    for name in ["loop.jsonl", "mem.jsonl"] {
        assert_eq!(store.paused(name), "E_FILE_READ", "{name}");
        fs::remove_file(dir.path().join(name)).unwrap();
    }
    let mut source = store.source(dir.path(), true);
    assert_eq!((read_all(&mut source, &store, LIMITS).unwrap(), source.paused()), (vec![], vec![]));
    assert_eq!(store.state("mem.jsonl"), (Standing::Done, 0));
}

#[test]
fn the_members_before_a_damaged_one_count_and_none_of_its_lines_does() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::default();
    let (first, second) = (gzip(b"{\"a\":1}\n{\"a\":"), gzip(&b"2}\n{\"a\":3}\n".repeat(2)));
    let mut damaged = second.clone();
    let checksum = damaged.len() - 8;
    damaged[checksum] ^= 1;
    append(&dir, "a.jsonl.gz", &[&first[..], &damaged].concat());
    assert_eq!(texts(&drain(dir.path(), &store)), [("a.jsonl.gz", 1, "{\"a\":1}")]);
    assert_eq!(store.paused("a.jsonl.gz"), "E_FILE_READ");
    fs::write(dir.path().join("a.jsonl.gz"), [first, second].concat()).unwrap();
    let all = drain(dir.path(), &store);
    assert_eq!(texts(&all).iter().map(|(_, line, text)| (*line, *text)).take(2).collect::<Vec<_>>(), [(2, "{\"a\":2}"), (3, "{\"a\":3}")]);
}

#[test]
fn zeros_behind_a_gzip_member_are_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::default();
    append(&dir, "a.jsonl.gz", &[&gzip(b"{\"a\":1}\n")[..], &[0; 1000], &gzip(b"{\"a\":2}\n"), &[0; 512]].concat());
    assert_eq!(texts(&drain(dir.path(), &store)), [("a.jsonl.gz", 1, "{\"a\":1}"), ("a.jsonl.gz", 2, "{\"a\":2}")]);
    assert_eq!(store.state("a.jsonl.gz"), (Standing::Done, 0));
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
    let store = Store::default();
    append(&dir, "a.jsonl.zst", &pack(28));
    append(&dir, "b.jsonl.zst", &pack(27));
    assert_eq!(texts(&drain(dir.path(), &store)), [("b.jsonl.zst", 1, "{\"a\":1}")]);
    assert_eq!(store.paused("a.jsonl.zst"), "E_FILE_READ");
}

#[test]
fn a_compressed_file_that_ends_within_a_member_waits_until_it_is_at_rest() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::default();
    let packed = gzip(b"{\"a\":1}\n");
    append(&dir, "a.jsonl.gz", &packed[..9]);
    let mut source = store.source(dir.path(), false);
    assert_eq!((read_all(&mut source, &store, LIMITS).unwrap(), store.paused("a.jsonl.gz")), (vec![], String::new()));
    store.pass(50);
    assert_eq!((read_all(&mut source, &store, LIMITS).unwrap(), store.paused("a.jsonl.gz")), (vec![], String::new()));
    store.pass(10);
    assert_eq!((read_all(&mut source, &store, LIMITS).unwrap(), &*store.paused("a.jsonl.gz")), (vec![], "E_FILE_READ"));
    append(&dir, "a.jsonl.gz", &packed[9..]);
    assert_eq!(texts(&read_all(&mut source, &store, LIMITS).unwrap()), [("a.jsonl.gz", 1, "{\"a\":1}")]);
    assert_eq!(store.paused("a.jsonl.gz"), "");
}

#[test]
fn a_byte_order_mark_begins_a_file_of_either_kind_and_is_no_part_of_its_first_line() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "a.jsonl", b"\xef\xbb\xbf{\"a\":1}\n\xef\xbb\xbf{}\n");
    append(&dir, "b.jsonl.gz", &gzip(b"\xef\xbb\xbf{}"));
    append(&dir, "c.jsonl", b"\xef\xbb\xbf");
    append(&dir, "USER_1.txt", b"\x84\x31\x95\x331|2\n");
    let store = Store::default();
    let all = drain(dir.path(), &store);
    let of = |all: &[Seen]| all.iter().map(|one| (one.0.clone(), one.1, one.2.clone())).collect::<Vec<_>>();
    let expected: [(&str, u64, &[u8]); 4] =
        [("USER_1.txt", 1, b"1|2"), ("a.jsonl", 1, b"{\"a\":1}"), ("a.jsonl", 2, b"\xef\xbb\xbf{}"), ("b.jsonl.gz", 1, b"{}")];
    assert_eq!(of(&all), expected.map(|(name, line, text)| (name.to_owned(), line, text.to_vec())));
    append(&dir, "c.jsonl", b"{}\n");
    assert_eq!(texts(&drain(dir.path(), &store)), [("c.jsonl", 1, "{}")]);
}

#[test]
fn headers_and_trailers_are_left_out_and_counted_and_the_last_lines_wait_until_the_file_is_at_rest() {
    for trailer in ["END|2\nSUM|7\n\n", "END|2\nSUM|7"] {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::default();
        append(&dir, "a.csv", format!("head\n1\n2\n\n3\n{trailer}").as_bytes());
        let mut source = store.source(dir.path(), false);
        let first = read_all(&mut source, &store, BatchLimits { events_max: 1, ..LIMITS }).unwrap();
        let drained = drain(dir.path(), &store);
        store.files.lock().unwrap().clear();
        store.standing.lock().unwrap().clear();
        store.gaps.store(0, Ordering::SeqCst);
        let mut source = store.source(dir.path(), false);
        let mut all = read_all(&mut source, &store, LIMITS).unwrap();
        assert_eq!(all, first, "{trailer:?}");
        assert!(store.state("a.csv").1 > 0, "it has more");
        store.pass(70);
        all.extend(read_all(&mut source, &store, LIMITS).unwrap());
        assert_eq!(texts(&all), [("a.csv", 2, "1"), ("a.csv", 3, "2"), ("a.csv", 5, "3")], "{trailer:?}");
        assert_eq!((store.state("a.csv"), store.gaps.load(Ordering::SeqCst)), ((Standing::Done, 0), 3), "{trailer:?}");
        assert_eq!(drained.len() + first.len(), 3, "a drain does not wait");
    }
}

#[test]
fn a_restart_within_held_lines_and_a_file_that_grows_behind_its_trailer_lose_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::default();
    append(&dir, "a.csv", b"head\n1\n2\n3\n");
    let one = BatchLimits { events_max: 1, ..LIMITS };
    assert_eq!(read_all(&mut store.source(dir.path(), false), &store, one).unwrap().len(), 1);
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
    let store = Store::default();
    fs::write(dir.path().join(std::ffi::OsStr::from_bytes(b"\xba\xc5.jsonl")), b"{}\n").unwrap();
    append(&dir, "A.JSONL", b"{}\n");
    assert_eq!(texts(&drain(dir.path(), &store)), [("A.JSONL", 1, "{}"), (r"\xba\xc5.jsonl", 1, "{}")]);
    assert_eq!(drain(dir.path(), &store), []);
}

#[test]
fn each_position_has_the_digest_of_what_was_read_up_to_it() {
    let dir = tempfile::tempdir().unwrap();
    let content = b"\xef\xbb\xbf{\"a\":1}\r\n\n{\"a\":2}\n{\"a\":3}";
    append(&dir, "a.jsonl", content);
    let Polled::Batch(batch) = Store::default().source(dir.path(), true).next_batch(LIMITS, Duration::ZERO).unwrap() else { panic!() };
    for (delivery, digest) in batch.deliveries.iter().zip(&batch.read_digests) {
        assert_eq!(*digest, xxh3_64(&content[..delivery.next_byte as usize]));
    }
    assert_eq!(batch.partitions[0].file.unwrap().read_digest, xxh3_64(content));
}

#[test]
fn files_that_lie_still_are_not_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::default();
    append(&dir, "a.jsonl", b"{}\n");
    let mut source = store.source(dir.path(), false);
    assert_eq!(read_all(&mut source, &store, LIMITS).unwrap().len(), 1);
    store.pass(100);
    assert_eq!(source.next_batch(LIMITS, Duration::ZERO).unwrap(), Polled::Idle);
    assert_eq!(store.source(dir.path(), true).next_batch(LIMITS, Duration::ZERO).unwrap(), Polled::Drained);
}

#[test]
fn a_missing_folder_is_named() {
    let error = Store::default().source(Path::new("/no/such/folder"), true).next_batch(LIMITS, Duration::ZERO).unwrap_err();
    assert!(error.code() == "E_FILES_DIR" && error.to_string().contains("/no/such/folder"), "{error}");
}

#[test]
fn a_compressed_file_still_being_written_is_read_member_by_member() {
    let text: Vec<u8> = (0..20_000).flat_map(|n| format!("{{\"n\":{}}}\n", n * 7919 % 100_003).into_bytes()).collect();
    let members = |pack: &dyn Fn(&[u8]) -> Vec<u8>| text.chunks(70_000).map(pack).collect::<Vec<_>>().concat();
    for (name, packed) in
        [("a.jsonl.gz", members(&|part| gzip(part))), ("a.jsonl.zst", members(&|part| zstd::encode_all(part, 1).unwrap()))]
    {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::default();
        let mut source = store.source(dir.path(), false);
        let limits = BatchLimits { events_max: 50_000, ..LIMITS };
        let (mut all, mut parts) = (Vec::new(), 0);
        for part in packed.chunks(packed.len().div_ceil(4)) {
            append(&dir, name, part);
            let more = read_all(&mut source, &store, limits).unwrap();
            parts += usize::from(!more.is_empty());
            all.extend(more);
        }
        let lines: Vec<&[u8]> = text.split(|b| *b == b'\n').filter(|line| !line.is_empty()).collect();
        assert_eq!(all.iter().map(|one| &*one.2).collect::<Vec<_>>(), lines, "{name}");
        assert_eq!(all.iter().map(|one| one.1).collect::<Vec<_>>(), (1..=20_000).collect::<Vec<_>>());
        assert!(parts > 1, "{name} was read while it was written");
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
    let config = FilesConfig { dir: dir.path().to_owned(), drops: Vec::new(), event_bytes_max: 10, drain: false, clock: Clock::default() };
    let mut source = FilesSource::new(config, Box::new(Store::default()), stop.clone());
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
    append(&dir, ".a", b"{}\n");
    fs::rename(dir.path().join(".a"), dir.path().join("a.jsonl")).unwrap();
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
    let name = prop_oneof![Just("a.jsonl"), Just("b.jsonl"), Just("USER_7.txt"), Just("c.jsonl.gz"), Just("d.dat.zst"), Just("e.csv")];
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
        // Only progress may come last: how a file stands.
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
