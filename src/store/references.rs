//! Reference events, contacts, feed closings; counts of accepted events by day.

use super::codec::unpack_sealed;
use super::value::{Row, get, params};
use super::{StoreError, Tx};
use crate::domain::event::{Event, EventData};
use crate::domain::ids::{GroupId, ManagerId, UnitId};
use crate::domain::local_day::LocalDay;
use crate::domain::phones::mask_phones_in;

impl Tx<'_> {
    /// Every reference event, contact and feed closing.
    ///
    /// # Errors
    /// When the database fails, or one cannot be read back.
    pub fn reference_events(&self) -> Result<Vec<Event>, StoreError> {
        self.rows(
            "read the reference events",
            include_str!("sql/list_reference_events.sql"),
            &[],
            read_event,
        )
    }

    /// Every reference event about a group customer, and about its contacts, key dates and
    /// projects, those included that have gone to another one since.
    ///
    /// # Errors
    /// When the database fails, or one cannot be read back.
    pub fn reference_events_of_group(&self, group: &GroupId) -> Result<Vec<Event>, StoreError> {
        // One query for each: a database without statistics joins by reading the whole table.
        let things = self.rows(
            "read what is known of a group customer",
            include_str!("sql/list_things_of_group.sql"),
            params![group.as_str()],
            |row| get::<String>(row, 0),
        )?;
        let events = things
            .iter()
            .map(|thing| self.reference_events_of_things(thing, thing))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(events.into_iter().flatten().collect())
    }

    /// Every reference event about units and managers: far fewer than about group customers.
    ///
    /// # Errors
    /// When the database fails, or one cannot be read back.
    pub fn reference_events_of_people(&self) -> Result<Vec<Event>, StoreError> {
        let mut people = self.reference_events_of_things(UNIT, &behind(UNIT))?;
        people.extend(self.reference_events_of_things(MANAGER, &behind(MANAGER))?);
        Ok(people)
    }

    /// Every reference event about a unit.
    ///
    /// # Errors
    /// When the database fails, or one cannot be read back.
    pub fn reference_events_of_unit(&self, unit: &UnitId) -> Result<Vec<Event>, StoreError> {
        let unit = of_unit(unit);
        self.reference_events_of_things(&unit, &unit)
    }

    /// Every reference event about a manager.
    ///
    /// # Errors
    /// When the database fails, or one cannot be read back.
    pub(crate) fn reference_events_of_manager(
        &self,
        manager: &ManagerId,
    ) -> Result<Vec<Event>, StoreError> {
        let manager = of_manager(manager);
        self.reference_events_of_things(&manager, &manager)
    }

    /// The closings of feeds of the days from `first` to `last`.
    ///
    /// # Errors
    /// When the database fails, or one cannot be read back.
    pub fn feed_closings(&self, first: LocalDay, last: LocalDay) -> Result<Vec<Event>, StoreError> {
        self.reference_events_of_things(&of_feeds(first), &of_feeds(last))
    }

    fn reference_events_of_things(
        &self,
        first: &str,
        last: &str,
    ) -> Result<Vec<Event>, StoreError> {
        self.rows(
            "read what was said of something",
            include_str!("sql/list_reference_events_of_things.sql"),
            params![first, last],
            read_event,
        )
    }

    /// Accepted events by local day, source and type.
    pub(crate) fn feed_counts(&self) -> Result<Vec<(LocalDay, String, String, u64)>, StoreError> {
        self.rows(
            "read the feed counts",
            include_str!("sql/list_feed_counts.sql"),
            &[],
            read_count,
        )
    }

    /// The same of the days from `first` to `last`.
    pub(crate) fn feed_counts_of(
        &self,
        first: LocalDay,
        last: LocalDay,
    ) -> Result<Vec<(LocalDay, String, String, u64)>, StoreError> {
        let params = params![first.number(), last.number()];
        self.rows(
            "read the feed counts",
            include_str!("sql/list_feed_counts_of_days.sql"),
            params,
            read_count,
        )
    }
}

/// The subject of an event, by kind and id, and the group customer that it names.
pub(super) fn about(event: &Event) -> (String, Option<&str>) {
    match &event.data {
        EventData::Group(group) => (
            format!("group {}", group.group_id),
            Some(group.group_id.as_str()),
        ),
        EventData::KeyDate(key_date) => (
            format!("key date {}", key_date.key_date_id),
            Some(key_date.group_id.as_str()),
        ),
        EventData::Contact(contact) => (
            format!("contact {}", contact.contact_id),
            Some(contact.group_id.as_str()),
        ),
        EventData::Project(project) => (
            format!("project {}", project.project_id),
            Some(project.group_id.as_str()),
        ),
        EventData::Unit(unit) => (of_unit(&unit.unit_id), None),
        EventData::Manager(manager) => (of_manager(&manager.manager_id), None),
        EventData::Feed(feed) => (of_feeds(LocalDay::from_date(feed.date)), None),
        other => (other.type_name().to_owned(), None),
    }
}

/// The prefixes of the names of units and of managers.
const UNIT: &str = "unit ";
const MANAGER: &str = "manager ";

fn of_unit(unit: &UnitId) -> String {
    format!("{UNIT}{unit}")
}

fn of_manager(manager: &ManagerId) -> String {
    format!("{MANAGER}{manager}")
}

/// An upper bound of the names with a prefix: `!` comes right after the blank that ends the prefix.
fn behind(beginning: &str) -> String {
    beginning.replace(' ', "!")
}

/// Days are written so that their text order is their order.
fn of_feeds(day: LocalDay) -> String {
    format!("feeds {day}")
}

fn read_event(row: &Row<'_>) -> Result<Event, StoreError> {
    let (source, id): (String, String) = (get(row, 0)?, get(row, 1)?);
    let event = get::<Vec<u8>>(row, 2).and_then(|body| unpack_sealed("a reference event", &body));
    event.map_err(|error| error.of_row(&mask_phones_in(&format!("{source} {id}"))))
}

fn read_count(row: &Row<'_>) -> Result<(LocalDay, String, String, u64), StoreError> {
    Ok((
        LocalDay::from_number(get(row, 0)?),
        get(row, 1)?,
        get(row, 2)?,
        get(row, 3)?,
    ))
}
