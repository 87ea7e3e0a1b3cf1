//! Years of the event clock, with people at work, a closed month each month and a relay that is out
//! of reach for a day: what the worker knows, holds and costs depends on what is open and kept,
//! never on how old the store is.

mod costs;
mod folder;
mod made;
mod months;
mod snapshot;

use sisan::simulate::City;

use self::costs::{assert_no_dearer, costs_in_turns};
use self::folder::Folder;
use self::made::Made;
use self::months::{Months, city};
use self::snapshot::{Snapshot, assert_bounded, assert_no_more_is_held, table};
use crate::services::times;

/// Days of a year.
const YEAR: u32 = 365;
/// Percent by which a later year may be above an earlier one.
const MORE_PERCENT_MAX: u64 = 10;

/// Everything for so short that a year shows it.
const SHORT: [(&str, i64); 11] = [
    ("mail_bodies_days", 40),
    ("mail_ledger_days", 90),
    ("alerts_days", 90),
    ("tasks_days", 90),
    ("job_runs_days", 90),
    ("reminders_days", 90),
    ("closed_task_events_days", 30),
    ("reject_bytes_days", 30),
    ("reject_rows_days", 90),
    ("references_days", 90),
    ("silences_days", 90),
];

/// The defaults, except for references: a year is longer than they are kept, so that its end is
/// like any other.
const USUAL: [(&str, i64); 11] = [
    ("mail_bodies_days", 180),
    ("mail_ledger_days", 1095),
    ("alerts_days", 1095),
    ("tasks_days", 1095),
    ("job_runs_days", 400),
    ("reminders_days", 400),
    ("closed_task_events_days", 90),
    ("reject_bytes_days", 30),
    ("reject_rows_days", 400),
    ("references_days", 200),
    ("silences_days", 1095),
];

/// Ingests months of a city, one after the other; `observe` is shown the folder at the end of each,
/// with what was made in it so far.
fn run(
    folder: &Folder,
    city: &City,
    months: &[Months<'_>],
    mut observe: impl FnMut(usize, &Folder, &Made),
) {
    let mut made = Made::default();
    for (at, (month, events)) in months.iter().enumerate() {
        folder.take_month(*month, events, city.config.zone, at);
        made.apply(folder, events);
        made.assert_nothing_is_kept_beyond_its_time(folder, city.config.zone);
        observe(at, folder, &made);
    }
}

#[test]
fn a_year_leaves_what_is_open_and_kept_and_its_pages_are_used_again() {
    let dir = tempfile::tempdir().expect("a folder");
    let folder = Folder::new(dir.path(), &SHORT);
    let city = city(20, 400, YEAR);
    let mut snapshots = Vec::new();
    run(
        &folder,
        &city,
        &months::months_of(&city),
        |_, folder, made| {
            snapshots.push((
                Snapshot::of_folder(folder, made.lines.len()),
                made.held(folder, city.config.zone),
            ))
        },
    );
    let (snapshots, held): (Vec<Snapshot>, Vec<_>) = snapshots.into_iter().unzip();
    println!("{}", table(&snapshots));
    let (earlier, later) = (
        &snapshots[snapshots.len() - 4],
        &snapshots[snapshots.len() - 1],
    );
    assert_bounded(earlier, later);
    assert_no_more_is_held(earlier, later);
    made::assert_as_predicted((earlier, later), &held[held.len() - 1]);
}

#[test]
fn what_many_months_needed_that_are_taken_in_at_once_is_forgotten_when_they_are_closed_at_the_end()
{
    let city = city(4, 60, 270);
    let months = months::months_of(&city);
    let at_once = [
        months[..1].to_vec(),
        vec![(
            months[8].0,
            months[1..]
                .iter()
                .flat_map(|(_, events)| events)
                .copied()
                .collect(),
        )],
    ]
    .concat();
    let known = [months, at_once].map(|months| {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(dir.path(), &SHORT);
        let mut snapshots = Vec::new();
        run(&folder, &city, &months, |_, folder, made| {
            snapshots.push(Snapshot::of_folder(folder, made.lines.len()))
        });
        println!("{}", table(&snapshots));
        snapshots.pop().expect("a month")
    });
    let [by_month, at_once] = &known;
    assert_bounded(by_month, at_once);
}

#[test]
fn three_years_leave_no_more_than_one_and_cost_no_more() {
    if times(0, 1) == 0 {
        return;
    }
    for (groups, members) in [(24, 800), (96, 3_200)] {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(&dir.path().join("worker"), &USUAL);
        // Three years until the end of August, and a month of which the first week is ingested to
        // see what it costs.
        let city = city(groups, members, 3 * YEAR + 62);
        let months = months::months_of(&city);
        let mut ends = Vec::new();
        run(&folder, &city, &months[..36], |at, folder, made| {
            if (at + 1) % 12 == 0 {
                let copy = folder.copy_to(&dir.path().join(format!("year {}", at / 12 + 1)));
                ends.push((
                    Snapshot::of_folder(folder, made.lines.len()),
                    made.held(folder, city.config.zone),
                    copy,
                    months::first_week(&months[at + 1]),
                ));
            }
        });
        let snapshots: Vec<Snapshot> = ends.iter().map(|(snapshot, ..)| snapshot.clone()).collect();
        println!("{groups} groups\n{}", table(&snapshots));
        let costs = costs_in_turns(
            ends.iter()
                .map(|(_, _, folder, days)| (folder, days.as_slice())),
            dir.path(),
        );
        println!("{}", costs::table(&costs));
        snapshots
            .windows(2)
            .for_each(|pair| assert_bounded(&pair[0], &pair[1]));
        made::assert_as_predicted((&snapshots[0], &snapshots[2]), &ends[2].1);
        for later in 1..3 {
            assert_no_dearer(
                (&snapshots[0], &costs[0]),
                (&snapshots[later], &costs[later]),
            );
        }
    }
}
