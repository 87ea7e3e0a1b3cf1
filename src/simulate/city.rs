//! A believable city: its configuration and the events made by it.
//!
//! Pure: no clock, no files. Invariant: the same configuration gives the same events, byte for
//! byte.

use chrono::NaiveDate;

use super::city_state::CityState;
use super::days::Days;
use super::incident::{Expected, Incident, IncidentKind, NearMiss};
use super::judge::judge;
use super::layout::MEMBERS_MIN;
use super::plan::{GROUPS_MIN, Planned, Plot, plan};
use super::rng::Rng;
use super::service::Answers;
use crate::domain::event::{Event, EventData};
use crate::domain::ids::GroupId;
use crate::domain::indicator::Scope;
use crate::domain::local_day::LocalDay;
use crate::domain::zone::Zone;

/// Share of deliveries that come twice.
const DUPLICATES: f64 = 0.006;
/// Share of bills, payments and contacts that come late.
const LATE: f64 = 0.004;
/// Fewest days of a city.
const DAYS_MIN: u32 = 28;

/// What city is asked for. Values too small for every kind of incident are raised: at least 24
/// groups, 12 members a group, 28 days.
#[derive(Debug, Clone, Copy)]
pub struct CityConfig {
    /// Another seed is another city.
    pub seed: u64,
    pub groups: u32,
    /// Members of all groups on the first day.
    pub members: u32,
    /// Local days.
    pub days: u32,
    /// The last of them.
    pub last_day: NaiveDate,
    /// Where days begin and end.
    pub zone: Zone,
}

impl CityConfig {
    /// The city of the demo: 200 groups, 20,000 members, 90 days.
    #[must_use]
    pub const fn demo(seed: u64, last_day: NaiveDate, zone: Zone) -> Self {
        Self {
            seed,
            groups: 200,
            members: 20_000,
            days: 90,
            last_day,
            zone,
        }
    }

    fn raised(self) -> Self {
        let groups = self.groups.max(GROUPS_MIN as u32);
        Self {
            groups,
            members: self.members.max(groups * MEMBERS_MIN as u32 * 2),
            days: self.days.max(DAYS_MIN),
            ..self
        }
    }
}

/// A city with its events, in time order, and what is planted in them.
#[derive(Debug, Clone)]
pub struct City {
    /// As asked for, small values raised.
    pub config: CityConfig,
    /// All that was there before is loaded on this day, before the first month.
    pub load_day: LocalDay,
    /// The first day on which anything happens.
    pub first_day: LocalDay,
    /// What was planted, earliest first; every alert that the events call for belongs to one of
    /// them.
    pub incidents: Vec<Incident>,
    /// What must raise no alert of its kind at its group.
    pub near_misses: Vec<NearMiss>,
    /// Deliveries that come twice.
    pub duplicates: u64,
    /// Deliveries that come late.
    pub late: u64,
    /// Events that are taken back.
    pub retractions: u64,
    events: Vec<Event>,
    deliveries: Vec<u32>,
}

impl City {
    /// The events in their total order, each once.
    pub fn events(&self) -> impl ExactSizeIterator<Item = Event> {
        self.events.iter().cloned()
    }

    /// The events in the order in which they are delivered: some late, some twice.
    pub fn deliveries(&self) -> impl ExactSizeIterator<Item = &Event> {
        self.deliveries.iter().map(|at| &self.events[*at as usize])
    }
}

/// Makes a city; the demo's takes about half a second.
#[must_use]
pub fn build(config: CityConfig) -> City {
    let config = config.raised();
    let last = LocalDay::from_date(config.last_day);
    let days = Days {
        zone: config.zone,
        first: last.plus(1 - config.days as i32),
        last,
    };
    let mut world = CityState::load(
        config.groups as usize,
        config.members as usize,
        config.seed,
        days,
    );
    let planned = plan(&world.layout, &days, config.seed, &mut world.guard);
    world.load_key_dates();
    make_events(&mut world, &planned);
    world.close_feeds();
    let units: Vec<(GroupId, String)> = world
        .layout
        .sites
        .iter()
        .map(|site| {
            (
                site.group.group_id.clone(),
                site.group.unit_id.as_str().to_owned(),
            )
        })
        .collect();
    let group_id = |group: usize| units[group].0.clone();
    let events = world.log.finish(&days);
    let (incidents, near_misses) = attach(
        &planned,
        judge(&events, days.first, days.zone),
        &units,
        group_id,
    );
    let (deliveries, duplicates, late) = deliver(&events, config.seed, days.first, days.zone);
    let retractions = events
        .iter()
        .filter(|event| matches!(event.data, EventData::Retraction(_)))
        .count() as u64;
    let (load_day, first_day) = (days.load(), days.first);
    City {
        config,
        load_day,
        first_day,
        incidents,
        near_misses,
        duplicates,
        late,
        retractions,
        events,
        deliveries,
    }
}

/// Makes the events of all days.
fn make_events(world: &mut CityState, planned: &[Planned]) {
    let mut answers = Answers::default();
    let mut month = world.days.load().month();
    for day in world.days.all() {
        if day.month() != month {
            month = day.month();
            world.guard.begin_month(&world.roster);
            answers.begin_month(world.layout.sites.len(), world.layout.units);
        }
        let mut today = Vec::new();
        for one in planned {
            world.plant(one, day, &mut today);
        }
        world.subscribers_background(day);
        world.bill(day);
        world.complaints_background(day);
        world.surveys(day, &mut answers, today);
        world.contacts(day);
        world.staff_changes(day);
    }
}

/// What was planned: incidents, of which no alerts are expected yet, and near misses.
fn by_plot(
    planned: &[Planned],
    group_id: impl Fn(usize) -> GroupId,
) -> (Vec<Incident>, Vec<NearMiss>) {
    let (mut incidents, mut near_misses) = (Vec::new(), Vec::new());
    for one in planned {
        match one.plot {
            Plot::Incident(kind) => {
                let group_id = Some(group_id(one.group));
                incidents.push(Incident {
                    kind,
                    group_id,
                    starts_on: one.start,
                    ends_on: one.end(),
                    expected: Vec::new(),
                });
            }
            Plot::NearMiss(kind) => near_misses.push(NearMiss {
                kind,
                group_id: group_id(one.group),
                day: one.start,
            }),
        }
    }
    (incidents, near_misses)
}

/// Assigns every alert that the events call for to the incident that it comes from.
fn attach(
    planned: &[Planned],
    found: Vec<Expected>,
    units: &[(GroupId, String)],
    group_id: impl Fn(usize) -> GroupId,
) -> (Vec<Incident>, Vec<NearMiss>) {
    let (mut incidents, mut near_misses) = by_plot(planned, group_id);
    let unit_of = |group: &GroupId| {
        units
            .iter()
            .find(|(id, _)| id == group)
            .map(|(_, unit)| unit.as_str())
    };
    for expected in found {
        let (day, month) = (expected.from_day, expected.from_day.month());
        let causes = |incident: &&mut Incident| {
            let Some(at) = incident
                .group_id
                .as_ref()
                .filter(|_| incident.starts_on.month() == month && incident.starts_on <= day)
            else {
                return false;
            };
            match &expected.scope {
                // Complaints and answers that follow a run of them come a little later.
                Scope::Group(group) => group == at && day <= incident.ends_on.plus(3),
                Scope::Unit(_) => {
                    incident.kind.burdens(expected.kind) && unit_of(at) == Some(expected.scope.id())
                }
                Scope::Company => incident.kind.burdens(expected.kind),
            }
        };
        if let Some(incident) = incidents.iter_mut().find(causes) {
            incident.expected.push(expected);
        } else {
            let (kind, group_id) = (IncidentKind::Chance, expected.scope.group().cloned());
            incidents.push(Incident {
                kind,
                group_id,
                starts_on: day,
                ends_on: day,
                expected: vec![expected],
            });
        }
    }
    incidents.sort_by_key(|incident| (incident.starts_on, incident.kind));
    near_misses.sort_by_key(|near_miss| near_miss.day);
    (incidents, near_misses)
}

/// The order of deliveries: that of the events, but some bills, payments and contacts come up to
/// two days late, and some events come twice.
fn deliver(events: &[Event], seed: u64, first: LocalDay, zone: Zone) -> (Vec<u32>, u64, u64) {
    let (mut rng, begin) = (Rng::new(seed, 4), zone.start_of(first));
    let (mut duplicates, mut late) = (0, 0);
    let mut arrivals = Vec::with_capacity(events.len() + events.len() / 64);
    for (at, event) in events.iter().enumerate() {
        let mut time = event.order.time.micros();
        let some_hours = |rng: &mut Rng| i64::from(rng.between(600, 48 * 3600)) * 1_000_000;
        let may_be_late = matches!(
            event.data,
            EventData::Bill(_) | EventData::Payment(_) | EventData::Contact(_)
        );
        if may_be_late && event.order.time >= begin && rng.chance(LATE) {
            time += some_hours(&mut rng);
            late += 1;
        }
        arrivals.push((time, at as u32));
        if rng.chance(DUPLICATES) {
            arrivals.push((time + some_hours(&mut rng) / 24, at as u32));
            duplicates += 1;
        }
    }
    arrivals.sort_by_key(|(time, _)| *time);
    (
        arrivals.into_iter().map(|(_, at)| at).collect(),
        duplicates,
        late,
    )
}
