//! Files of several mappings are aligned by event time.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::store::*;
use crate::consume::{EventTimes, Mode};
use crate::domain::local_day::Timestamp;

/// A line is its event time in seconds; any other has none.
struct Seconds;

impl EventTimes for Seconds {
    fn time_of(&self, payload: &[u8], _: &Mode) -> Option<Timestamp> {
        Some(at(std::str::from_utf8(payload).ok()?.parse().ok()?))
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

fn ahead(seconds: i64) -> Alignment {
    Alignment {
        times: Arc::new(Seconds),
        ahead_max: TimeDelta::seconds(seconds),
    }
}

/// The names of the files of each source; the last source's lines have a header and a trailer.
const SETS: [[&str; 2]; 4] = [
    ["USER_1.txt", "USER_2.txt"],
    ["a.dat", "b.dat"],
    ["a.jsonl", "b.jsonl"],
    ["a.csv", "b.csv"],
];

fn set_of(file: &str) -> usize {
    SETS.iter()
        .position(|names| names.contains(&file))
        .expect("one of them")
}

fn times() -> impl Strategy<Value = Vec<Option<i64>>> {
    proptest::collection::vec(proptest::option::weighted(0.9, 0_i64..100), 0..30)
}

fn text(time: Option<i64>) -> String {
    time.map_or_else(|| "none".to_owned(), |time| time.to_string())
}

proptest! {
    #[test]
    fn no_source_runs_ahead_of_another_and_each_is_read_in_its_order(
        sets in proptest::array::uniform4(times()), ahead_max in 0_i64..20, events_max in 1_usize..40, drain in any::<bool>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        for (names, times) in SETS.iter().zip(&sets) {
            for (name, part) in names.iter().zip([&times[..times.len() / 2], &times[times.len() / 2..]]) {
                let lines: String = part.iter().map(|time| text(*time) + "\n").collect();
                let (header, trailer) = if name.ends_with("csv") { ("head\n", "1\n2\n") } else { ("", "") };
                append(&dir, name, (header.to_owned() + &lines + trailer).as_bytes());
            }
        }
        let store = FakeStore::default();
        store.pass(3600);
        let mut source = store.source_by(ahead(ahead_max), dir.path(), drain);
        let all = read_all(&mut source, &store, BatchLimits { events_max, ..LIMITS }).unwrap();
        let mut read = [0; 4];
        for (file, _, line, _) in &all {
            let set = set_of(file);
            let time = sets[set][read[set]];
            prop_assert_eq!(text(time).into_bytes(), line.clone());
            // The next event of each other source, except of those that nobody waits for.
            let others = (0..4).filter(|other| *other != set).filter_map(|other| sets[other][read[other]..].iter().flatten().next());
            prop_assert!(time.is_none_or(|time| others.clone().all(|other| time <= other + ahead_max)), "{} of {}", line.len(), file);
            read[set] += 1;
        }
        prop_assert_eq!(read, sets.map(|times| times.len()));
        prop_assert!(!source.has_more());
    }
}

#[test]
fn a_file_that_is_read_anew_and_one_that_is_paused_hold_nobody_up() {
    let dir = tempfile::tempdir().unwrap();
    append(&dir, "a.dat", b"1\n2\n");
    let store = FakeStore::default();
    read_all(&mut store.source(dir.path(), false), &store, LIMITS).unwrap();
    store.accept("a.dat");
    append(&dir, "a.jsonl", b"50\n90\n");
    append(&dir, "USER_1.txt", b"60\n");
    append(&dir, "b.dat.gz", b"no gzip");
    let all = read_all(
        &mut store.source_by(ahead(0), dir.path(), true),
        &store,
        LIMITS,
    )
    .unwrap();
    let all: Vec<(&str, &[u8])> = all
        .iter()
        .map(|(file, _, line, _)| (&**file, &line[..]))
        .collect();
    let of_anew: Vec<&(&str, &[u8])> = all.iter().filter(|(file, _)| *file == "a.dat").collect();
    let others: Vec<&[u8]> = all
        .iter()
        .filter(|(file, _)| *file != "a.dat")
        .map(|(_, line)| *line)
        .collect();
    assert_eq!((of_anew.len(), others), (2, vec![&b"50"[..], b"60", b"90"]));
    assert_eq!(store.paused("b.dat.gz"), "E_FILE_READ");
}
