//! Signals that are evaluated on a later day than that of their events: after an outage, or behind
//! a backlog.

use std::collections::BTreeMap;

use sisan::domain::alert::Period;
use sisan::domain::complaints::ComplaintCounts;
use sisan::domain::counters::{Counter, Counts, SeriesByGroup, add_to_group};
use sisan::domain::feed::Feeds;
use sisan::domain::ids::GroupId;
use sisan::domain::local_day::LocalDay;
use sisan::domain::reference::Reference;
use sisan::plan::{FigureInputs, wanted_by_groups};
use sisan::runtime::Setup;

#[test]
fn a_batch_of_leavers_that_is_seen_after_midnight_stands_under_the_day_on_which_they_left() {
    let setup =
        Setup::from_config(sisan::config::load(&[], std::iter::empty()).expect("a configuration"))
            .expect("a setup");
    let (rules, group, left_on) = (
        setup.rules(),
        GroupId::parse("G1").expect("an id"),
        LocalDay::from_number(20_700),
    );
    let mut series = SeriesByGroup::default();
    let mut on = |day: LocalDay, members: i64, left: i64| {
        let mut counts = Counts::default();
        counts.add(Counter::Members, members);
        counts.add(Counter::LeftCompany, left);
        add_to_group(&mut series, &group, day, &counts);
    };
    // Four leavers are no chance on one day, and may be in three.
    on(left_on.plus(-60), 500, 0);
    on(left_on, -4, 4);
    let (reference, feeds) = (Reference::default(), Feeds::default());
    let complaints = ComplaintCounts::default();
    let inputs = FigureInputs {
        reference: &reference,
        feeds: &feeds,
        series: &series,
        complaints: &complaints,
        rules: &rules,
    };
    let at = |day: LocalDay| rules.zone.start_of(day).plus(chrono::TimeDelta::hours(9));
    let wanted = |hints_from: LocalDay, now: LocalDay| {
        let wanted = wanted_by_groups(
            inputs,
            &BTreeMap::from([(group.clone(), hints_from)]),
            &BTreeMap::new(),
            at(now),
        );
        wanted
            .into_iter()
            .map(|one| (one.period, one.explanation.k))
            .collect::<Vec<_>>()
    };
    let stands = vec![(Period::Day(left_on), 4)];
    assert_eq!(wanted(left_on, left_on), stands);
    assert_eq!(
        wanted(left_on, left_on.plus(1)),
        stands,
        "the worker was down over midnight"
    );
    assert_eq!(
        wanted(left_on.plus(1), left_on.plus(1)),
        [],
        "the events of the next day alone raise nothing"
    );
}
