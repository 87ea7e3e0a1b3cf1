//! Any folder yields the content of its files, however often reading is interrupted.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tempfile::TempDir;

use super::store::*;

/// Content of a few files with every kind of line.
fn contents() -> impl Strategy<Value = BTreeMap<String, Vec<u8>>> {
    let line = prop_oneof![
        Just(&b"{\"a\":1}"[..]),
        Just(&b"1|2|3"[..]),
        Just(&b""[..]),
        Just(&b"  "[..]),
        Just(&b"0123456789012345678901234567890123456789x"[..]),
    ];
    let end = prop_oneof![4 => Just(&b"\n"[..]), 1 => Just(&b"\r\n"[..])];
    let content = (
        proptest::collection::vec(
            (line, end).prop_map(|(line, end)| [line, end].concat()),
            0..12,
        ),
        any::<bool>(),
    )
        .prop_map(|(lines, unended)| {
            let mut content = lines.concat();
            if unended {
                content.extend_from_slice(b"{\"last\":1}");
            }
            content
        });
    let name = prop_oneof![
        Just("a.jsonl"),
        Just("b.jsonl"),
        Just("USER_7.txt"),
        Just("c.jsonl.gz"),
        Just("d.dat.zst"),
        Just("e.csv")
    ];
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
        let whole = drain(dir.path(), &FakeStore::default());
        for events_max in [1, 7, 50_000] {
            let store = FakeStore::default();
            let limits = BatchLimits { events_max, ..LIMITS };
            prop_assert_eq!(&read_all(&mut store.source(dir.path(), true), &store, limits).unwrap(), &whole);
        }
        let by_bytes = BatchLimits { bytes_max: 9, ..LIMITS };
        let store = FakeStore::default();
        prop_assert_eq!(&read_all(&mut store.source(dir.path(), true), &store, by_bytes).unwrap(), &whole);
    }

    #[test]
    fn a_restart_after_any_batch_gives_the_same_deliveries(contents in contents(), events_max in 1_usize..4) {
        let dir = write_folder(&contents);
        let whole = drain(dir.path(), &FakeStore::default());
        let (store, mut all) = (FakeStore::default(), Vec::new());
        // Only progress may come last, without deliveries.
        while let Polled::Batch(batch) =
            store.source(dir.path(), true).next_batch(BatchLimits { events_max, ..LIMITS }, Duration::ZERO).unwrap()
        {
            store.commit(&batch);
            all.extend(deliveries_of(&batch));
        }
        prop_assert_eq!(all, whole);
    }

    #[test]
    fn a_file_cut_at_any_byte_and_read_on_after_it_has_grown_gives_the_same_deliveries(contents in contents(), cut in 0.0..1.0_f64, watched in any::<bool>()) {
        let mut whole = drain(write_folder(&contents).path(), &FakeStore::default());
        whole.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        let dir = tempfile::tempdir().unwrap();
        let (store, mut all) = (FakeStore::default(), Vec::new());
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
