//! Master data is found by what it is about.

use sisan::domain::event::{Event, EventData, Feed, Manager, Order, Project, Unit};
use sisan::domain::ids::{GroupId, ManagerId, ProjectId, UnitId};
use sisan::domain::local_day::{LocalDay, Timestamp};
use sisan::store::{Staged, StoreError, Tx};

use super::promises::promises;
use crate::store_fixture::{StoreFixture, apply_staged};

promises! {
    [
        what_was_said_of_a_group_is_found_with_all_that_was_said_of_its_things;
    ]
}

/// An event about a reference object, at time `n`.
fn event(n: i64, data: EventData) -> Event {
    Event {
        order: Order {
            time: Timestamp::from_micros(n),
            id: format!("e{n}").as_str().into(),
            source: "/crm".into(),
        },
        data,
    }
}

fn project(n: i64, id: &str, group: &str) -> Event {
    let project = Project {
        project_id: ProjectId::parse(id).expect("an id"),
        group_id: GroupId::parse(group).expect("an id"),
        title: "a project".into(),
        due_on: None,
        closed: false,
    };
    event(n, EventData::Project(project))
}

fn unit(n: i64, id: &str) -> Event {
    let unit = Unit {
        unit_id: UnitId::parse(id).expect("an id"),
        name: "a unit".into(),
        head_manager_id: None,
        service_head_id: None,
        chief_id: None,
    };
    event(n, EventData::Unit(unit))
}

fn manager(n: i64, id: &str) -> Event {
    let manager = Manager {
        manager_id: ManagerId::parse(id).expect("an id"),
        name: "a name".into(),
        email: "m@example.com".into(),
        supervisor_id: None,
        chief: false,
        delegate_id: None,
        away_until: None,
        active: true,
        locale: None,
    };
    event(n, EventData::Manager(manager))
}

fn feed(n: i64, date: &str) -> Event {
    let feed = Feed {
        feed: "boss".into(),
        date: date.parse().expect("a day"),
        events: 1,
    };
    event(n, EventData::Feed(feed))
}

fn what_was_said_of_a_group_is_found_with_all_that_was_said_of_its_things(fixture: &StoreFixture) {
    let store = fixture.open();
    let all = [
        project(1, "P1", "G1"),
        project(2, "P2", "G1"),
        // It has gone to another group customer.
        project(3, "P1", "G2"),
        project(4, "P3", "G2"),
        unit(5, "U1"),
        unit(6, "U2"),
        feed(7, "2026-08-31"),
        feed(8, "2026-09-01"),
        feed(9, "2026-09-30"),
        feed(10, "2026-10-01"),
        manager(11, "M1"),
    ];
    let mut staged = Staged::default();
    staged.delta.references = all.to_vec();
    apply_staged(&store, &staged);
    let found = |read: &dyn Fn(&Tx<'_>) -> Result<Vec<Event>, StoreError>| {
        let mut found: Vec<i64> = store
            .read_tx("read", |tx| read(tx))
            .expect("events")
            .iter()
            .map(|event| event.order.time.micros())
            .collect();
        found.sort_unstable();
        found
    };
    let group = |id: &str| GroupId::parse(id).expect("an id");
    assert_eq!(
        found(&|tx| tx.reference_events_of_group(&group("G1"))),
        [1, 2, 3]
    );
    assert_eq!(
        found(&|tx| tx.reference_events_of_group(&group("G2"))),
        [1, 3, 4]
    );
    assert_eq!(
        found(&|tx| tx.reference_events_of_group(&group("G3"))),
        [] as [i64; 0]
    );
    assert_eq!(
        found(&|tx| tx.reference_events_of_unit(&UnitId::parse("U2").expect("an id"))),
        [6]
    );
    assert_eq!(found(&|tx| tx.reference_events_of_people()), [5, 6, 11]);
    let on = |date: &str| LocalDay::from_date(date.parse().expect("a day"));
    assert_eq!(
        found(&|tx| tx.feed_closings(on("2026-09-01"), on("2026-09-30"))),
        [8, 9]
    );
}
