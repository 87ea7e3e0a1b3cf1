//! Applying events batch by batch adds up to what the timeline as a whole contributes.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::counters::Counts;
use crate::domain::event::{
    MemberChangeKind as InOut, Membership, Order, Population, PortOut, PortStage, Role, Status,
    SubscriberStatus,
};
use crate::domain::ids::{GroupId, SubscriberId};

const HOUR_MICROS: i64 = 3_600_000_000;

/// One event of the subscriber: the hour, what, and a number for its details.
type RawEvent = (i64, u8, u8);

fn event(number: usize, (hour, kind, detail): RawEvent) -> Event {
    let subscriber_id = SubscriberId::parse("13800000001").expect("an id");
    let order = Order {
        time: Timestamp::from_micros(hour * HOUR_MICROS),
        id: number.to_string().into(),
        source: "/boss".into(),
    };
    let data = match kind {
        0 => EventData::Membership(Membership {
            subscriber_id,
            group_id: GroupId::parse(["G1", "G2"][usize::from(detail) % 2]).expect("an id"),
            change: if detail < 4 {
                InOut::Joined
            } else {
                InOut::Left
            },
            role: if detail % 3 == 0 {
                Role::KeyContact
            } else {
                Role::Member
            },
            locked: detail % 5 == 0,
            population: Population::Group,
        }),
        1 => EventData::PortOut(PortOut {
            subscriber_id,
            stage: if detail < 4 {
                PortStage::Queried
            } else {
                PortStage::Withdrawn
            },
        }),
        _ => {
            let status = [
                Status::Active,
                Status::Suspended,
                Status::PreCancelled,
                Status::CancelledVoluntary,
                Status::PortedOut,
                Status::Invalid,
            ];
            EventData::SubscriberStatus(SubscriberStatus {
                subscriber_id,
                status: status[usize::from(detail) % 6],
                code: None,
                reason: None,
            })
        }
    };
    Event { order, data }
}

fn by_day(differences: Differences) -> BTreeMap<(GroupId, LocalDay), Counts> {
    differences
        .into_sorted()
        .into_iter()
        .map(|(group, day, counts)| ((group, day), counts))
        .collect()
}

proptest! {
    #[test]
    fn batches_in_any_order_with_retractions_add_up_to_the_contributions_of_the_whole_line(
        events in proptest::collection::vec((0i64..24 * 70, 0u8..5, 0u8..8), 1..14),
        order in proptest::collection::vec(any::<u16>(), 14),
        cuts in proptest::collection::vec(any::<bool>(), 14),
        retracted in proptest::collection::vec(0usize..14, 0..4),
    ) {
        let zone = Zone::parse("Asia/Shanghai").expect("a zone");
        let rules = ApplyRules { zone, closed_before: None, folds: false, settle: TimeDelta::zero(), complaint_open: TimeDelta::hours(24), low_score_thousandths: 60_000, hints_since: Timestamp::MIN };
        let key = EntityKey::Subscriber(SubscriberId::parse("13800000001").expect("an id"));
        let mut places: Vec<usize> = (0..events.len()).collect();
        places.sort_by_key(|at| order[*at]);
        let puts = places.iter().map(|at| TimelineChange::Put(Box::new(event(*at, events[*at]))));
        let retracts = retracted.iter().map(|n| TimelineChange::Retract(Box::new(Target { source: "/boss".into(), id: n.to_string().into() })));
        let mut batches: Vec<TimelineChanges> = Vec::new();
        for (at, change) in puts.chain(retracts).enumerate() {
            match batches.last_mut().filter(|_| at > 0 && !cuts.get(at - 1).is_none_or(|cut| *cut)) {
                Some(batch) => batch.more.push(change),
                None => batches.push(TimelineChanges { first: change, more: Vec::new() }),
            }
        }

        let (mut entity, mut effects) = (Entity::empty(&key).expect("a line"), Effects::default());
        batches.into_iter().for_each(|batch| apply(&mut entity, &key, batch, rules, &mut effects));

        let Entity::Subscriber(subscriber) = &entity else { unreachable!("it is a line") };
        let mut whole = Differences::default();
        subscriber.walk().contribute(zone, None, 1, &mut whole);
        prop_assert_eq!(by_day(effects.differences), by_day(whole));
    }
}

proptest! {
    #[test]
    fn hints_name_the_group_of_every_change_of_a_line_whatever_the_order_and_the_batches(
        events in proptest::collection::vec((0i64..24 * 70, 0u8..5, 0u8..8), 1..12),
        order in proptest::collection::vec(any::<u16>(), 12),
        cuts in proptest::collection::vec(any::<bool>(), 12),
        oldest in 0i64..24 * 70,
    ) {
        let zone = Zone::parse("Asia/Shanghai").expect("a zone");
        let hints_since = Timestamp::from_micros(oldest * HOUR_MICROS);
        let rules = ApplyRules { zone, closed_before: None, folds: false, settle: TimeDelta::zero(), complaint_open: TimeDelta::hours(24), low_score_thousandths: 60_000, hints_since };
        let key = EntityKey::Subscriber(SubscriberId::parse("13800000001").expect("an id"));
        let mut places: Vec<usize> = (0..events.len()).collect();
        places.sort_by_key(|at| order[*at]);
        let (mut entity, mut hints) = (Entity::empty(&key).expect("a line"), Vec::new());
        let mut rest = &places[..];
        while !rest.is_empty() {
            let cut = (1..rest.len()).find(|at| cuts[*at]).unwrap_or(rest.len());
            let put = |at: &usize| TimelineChange::Put(Box::new(event(*at, events[*at])));
            let changes = TimelineChanges { first: put(&rest[0]), more: rest[1..cut].iter().map(put).collect() };
            let mut effects = Effects::default();
            apply(&mut entity, &key, changes, rules, &mut effects);
            let mut groups: Vec<&GroupId> = effects.hints.iter().map(|one| &one.group_id).collect();
            groups.sort_unstable();
            groups.dedup();
            prop_assert_eq!(groups.len(), effects.hints.len(), "each group once a batch");
            hints.extend(effects.hints);
            rest = &rest[cut..];
        }
        let Entity::Subscriber(subscriber) = &entity else { unreachable!("it is a line") };
        for change in subscriber.walk().changes(hints_since) {
            let named = hints.iter().any(|one| one.group_id == *change.group_id && one.from <= change.at);
            prop_assert!(named, "{:?} of {:?}", change.kind, change.group_id);
        }
        prop_assert!(hints.iter().all(|one| one.from >= hints_since));
    }
}

#[test]
fn closed_months_are_folded_while_nothing_is_loading_and_hints_go_back_a_week() {
    let now = Timestamp::from_micros(1_800_000_000_000_000);
    let rules = crate::plan::signal_evaluation::tests::rules();
    let of_batch = |is_loading| ApplyRules::new(&rules, (Some(now), is_loading), now);
    assert!(of_batch(false).folds && !of_batch(true).folds);
    let (hints_since, tier_a) = (now.plus(-TimeDelta::days(7)), TimeDelta::hours(24));
    assert_eq!(of_batch(false).hints_since, hints_since);
    assert_eq!(
        of_batch(false).complaint_open,
        tier_a,
        "the first limit that any tier has"
    );
}
