//! Bits that flip, and files that are gone, are found.

use sisan::store::StoreError;

use super::worked_store::{forget_log, is_found, open, rows, worked};
use crate::deployment::Deployment;

/// Pseudo-random numbers, the same in every run.
fn chance(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as usize) % below
    }
}

#[test]
fn a_flipped_bit_of_the_database_is_found_or_changes_nothing_that_is_stored() {
    let deployment = worked();
    let dir = deployment.path("");
    let (path, whole, stored) = (
        dir.join("sisan.db"),
        std::fs::read(dir.join("sisan.db")).expect("a store"),
        rows(&dir).expect("rows"),
    );
    assert!(!is_found(&dir) && stored["outbox"].len() > 3 && stored["reference_event"].len() > 3);
    let (mut at, mut found) = (chance(16), 0);
    for _ in 0..200 {
        let bit = at(whole.len() * 8);
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&path, bytes).expect("a flipped bit");
        if is_found(&dir) {
            found += 1;
        } else {
            assert_eq!(rows(&dir).as_ref(), Ok(&stored), "bit {bit} was not found");
        }
        forget_log(&dir);
    }
    assert!(found > 60, "{found} of 200 bits were found");
    std::fs::write(&path, whole).expect("the store as it was");
    assert!(!is_found(&dir));
}

/// So many places of an address are damaged, one after another.
const PLACES_MAX: usize = 8;

/// The offsets at which a text occurs in a file.
fn places(bytes: &[u8], text: &str) -> Vec<usize> {
    bytes
        .windows(text.len())
        .enumerate()
        .filter(|(_, window)| *window == text.as_bytes())
        .map(|(at, _)| at)
        .collect()
}

/// The worker does not start, and repeats nothing of what was stored.
fn refuses_to_run(deployment: &Deployment, recipient: &str) {
    let output = deployment.run_with(&["run", "--drain"], &[]);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        output.status.code() == Some(1)
            && said.contains("E_STORE_DAMAGED")
            && said.contains("sisan restore"),
        "{said}"
    );
    assert!(
        !said.contains(&recipient[..recipient.len() - 1]),
        "what was stored is not repeated: {said}"
    );
}

#[test]
fn a_flipped_bit_of_a_stored_address_is_found_and_no_mail_goes_there() {
    let deployment = worked();
    let dir = deployment.path("");
    let recipient = deployment.json(&["outbox", "list"])[0]["recipient"]
        .as_str()
        .expect("an address")
        .to_owned();
    let (path, whole, stored) = (
        dir.join("sisan.db"),
        std::fs::read(dir.join("sisan.db")).expect("a store"),
        rows(&dir).expect("rows"),
    );
    let mut wrong = recipient.clone().into_bytes();
    *wrong.last_mut().expect("a letter") ^= 1;
    let wrong = String::from_utf8(wrong).expect("a letter");
    let (mut found, mut refused_on_use) = (0, 0);
    let places = places(&whole, &recipient);
    for place in places.iter().step_by(places.len().div_ceil(PLACES_MAX)) {
        let mut bytes = whole.clone();
        bytes[place + recipient.len() - 1] ^= 1;
        std::fs::write(&path, bytes).expect("a flipped bit");
        // What is read without a check before.
        let read = open(&dir).and_then(|store| {
            store.read_tx("read", |tx| Ok((tx.mails()?, tx.reference_events()?)))
        });
        match read {
            Err(error) => {
                assert!(
                    matches!(error, StoreError::Damaged { .. }) && !error.to_string().contains('@'),
                    "{error}"
                );
                refused_on_use += 1;
            }
            Ok((mails, _)) => assert!(
                mails.iter().all(|queued| queued.mail.recipient != wrong),
                "byte {place}"
            ),
        }
        if is_found(&dir) {
            refuses_to_run(&deployment, &recipient);
            found += 1;
        } else {
            assert_eq!(
                rows(&dir).as_ref(),
                Ok(&stored),
                "byte {place} was not found"
            );
        }
        forget_log(&dir);
    }
    assert!(
        found > 0 && refused_on_use > 0,
        "{found} found, {refused_on_use} refused on use"
    );
}

#[test]
fn files_of_the_store_that_are_gone_are_damage_with_a_way_back() {
    for (gone, named) in [
        ("sisan.runs", "E_STORE_DAMAGED: a file of the store"),
        ("sisan.db", "E_STORE_GONE"),
    ] {
        let deployment = worked();
        let path = deployment.path(gone);
        if path.is_dir() {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::write(&path, b"")
        }
        .expect("it was there");
        for arguments in [&["run", "--drain"][..], &["tasks", "list"]] {
            let output = deployment.run_with(arguments, &[]);
            let said = String::from_utf8_lossy(&output.stderr);
            // A command that reads no run may succeed without the runs.
            if gone == "sisan.db" || arguments[0] == "run" {
                assert!(
                    output.status.code() == Some(1)
                        && said.contains(named)
                        && said.contains("sisan restore"),
                    "{arguments:?}: {said}"
                );
            }
        }
    }
}
