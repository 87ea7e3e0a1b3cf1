//! Whatever order the events come in, and whatever was retracted on the way, the same fires at the
//! end.

use proptest::prelude::*;

use super::*;

/// An event of a story of three days: kind, subscriber, a detail, the minute.
type RawEvent = (u8, u32, u8, i64);

const STATUSES: [Status; 4] = [
    Status::Suspended,
    Status::Active,
    Status::PreCancelled,
    Status::CancelledVoluntary,
];
const STAGES: [PortStage; 3] = [
    PortStage::Queried,
    PortStage::Authorised,
    PortStage::Withdrawn,
];
const STATES: [ComplaintState; 4] = [
    ComplaintState::Filed,
    ComplaintState::Filed,
    ComplaintState::Resolved,
    ComplaintState::Withdrawn,
];

/// In minutes: what happens before has settled when it is evaluated, a minute before three days
/// are over.
const SETTLED: i64 = 3 * 1_440 - 10;

fn event(number: usize, (what, whose, detail, minute): RawEvent) -> Event {
    let order = Order {
        time: at("2026-08-01 00:00").plus(TimeDelta::minutes(minute)),
        id: format!("X{number}").into(),
        source: "/boss".into(),
    };
    let group = ["GA", "GB", "GC"][whose as usize % 3];
    let group_id = GroupId::parse(group).expect("id");
    let data = match what {
        0 => EventData::SubscriberStatus(SubscriberStatus {
            subscriber_id: subscriber(whose),
            status: STATUSES[detail as usize % 4],
            code: None,
            reason: (detail % 8 == 2).then_some(StopReason::Arrears),
        }),
        1 => EventData::PortOut(PortOut {
            subscriber_id: subscriber(whose),
            stage: STAGES[detail as usize % 3],
        }),
        2 => EventData::Complaint(complaint(&format!("C{whose}"), |complaint| {
            complaint.group_id = group_id;
            complaint.state = STATES[detail as usize % 4];
            complaint.severity = if detail % 3 == 0 {
                ComplaintSeverity::Major
            } else {
                ComplaintSeverity::Normal
            };
            complaint.category = Some("网络".into());
        })),
        3 => EventData::Survey(Survey {
            survey_id: SurveyId::parse(&format!("S{whose}")).expect("id"),
            group_id,
            score_thousandths: i64::from(detail) * 12_000,
            scale: Scale::Hundred,
        }),
        // The group with a unified-pay account has no members: a burst that is open when its group
        // falls into arrears stays.
        4 if detail % 2 == 0 => EventData::Bill(bill_of(
            &format!("B{whose}"),
            "GD",
            None,
            "2026-06",
            1_000,
            "2026-07-28",
        )),
        4 => EventData::Bill(bill_of(
            &format!("B{whose}"),
            group,
            Some(whose),
            "2026-06",
            1_000,
            "2026-07-28",
        )),
        _ => EventData::Payment(pay(
            &format!("P{}", detail % 2),
            &format!("B{whose}"),
            i64::from(detail) * 200,
        )),
    };
    Event { order, data }
}

fn city() -> TestCity {
    let mut city = TestCity::new();
    for n in 0..9 {
        city.join(
            ["GA", "GB", "GC"][n as usize % 3],
            n,
            if n == 8 {
                Role::KeyContact
            } else {
                Role::Member
            },
        );
    }
    city
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]
    #[test]
    fn what_fires_is_a_function_of_the_set_of_events(
        events in proptest::collection::vec((0u8..6, 0u32..9, 0u8..8, 0i64..SETTLED), 1..40),
        order in proptest::collection::vec(any::<u16>(), 40),
        retracted in proptest::collection::vec(0usize..40, 0..6),
        evaluated in proptest::collection::vec(any::<bool>(), 40),
    ) {
        let retracted: BTreeSet<usize> = retracted.into_iter().filter(|n| *n < events.len()).collect();
        let mut plain = city();
        for (number, one) in events.iter().enumerate().filter(|(number, _)| !retracted.contains(number)) {
            plain.put_event(event(number, *one));
        }
        let expected = plain.evaluate("2026-08-03 23:59");

        let mut shuffled = city();
        let mut places: Vec<usize> = (0..events.len()).collect();
        places.sort_by_key(|place| order[*place]);
        for place in places {
            shuffled.put_event(event(place, events[place]));
            // What is seen on the way is undone by what comes later.
            if evaluated[place] {
                shuffled.evaluate("2026-08-03 23:59");
            }
        }
        for number in &retracted {
            shuffled.retract(&format!("X{number}"));
        }
        prop_assert_eq!(shuffled.evaluate("2026-08-03 23:59"), expected);
        // A group whose counters have all come to nothing has no entry in the other one.
        for city in [&mut shuffled, &mut plain] {
            city.series.retain(|_, series| !series.counts().is_empty());
        }
        prop_assert_eq!(&shuffled.series, &plain.series);
        prop_assert_eq!(&shuffled.complaints, &plain.complaints);
    }
}
