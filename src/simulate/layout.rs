//! The fixed part of the city: units, managers, group customers, their sizes and tiers, their key
//! dates and projects.
//!
//! It knows nothing of what happens later. Invariant: the sizes are at least 6 and add up to the
//! members.

use chrono::{Datelike, NaiveDate};

use super::days::Days;
use super::log::EventLog;
use super::names::{self, NameGenerator};
use super::rng::Rng;
use crate::domain::event::{EventData, Group, Manager, Tier, Unit, VisitMode};
use crate::domain::ids::{GroupId, ManagerId, UnitId};
use crate::domain::local_day::LocalDay;

/// Fewest members of a group.
pub(super) const MEMBERS_MIN: usize = 6;

/// A group customer of the city.
#[derive(Debug)]
pub(super) struct Site {
    /// Its master data.
    pub(super) group: Group,
    /// Index of its unit.
    pub(super) unit: usize,
    /// Index of its account manager.
    pub(super) manager: usize,
    /// Members at the beginning.
    pub(super) size: usize,
}

/// The units, managers and group customers of the city.
#[derive(Debug)]
pub(super) struct CityLayout {
    pub(super) sites: Vec<Site>,
    /// Account managers, who are responsible for groups.
    pub(super) managers: Vec<Manager>,
    /// How many units there are.
    pub(super) units: usize,
}

/// Sizes with a heavy tail that add up to `members`, the largest first.
pub(super) fn sizes(groups: usize, members: usize) -> Vec<usize> {
    let mean = members as f64 / groups as f64;
    let (low, high) = ((mean / 10.0).max(MEMBERS_MIN as f64), mean * 15.0);
    let draw = |tail: f64| -> Vec<usize> {
        let size = |i: usize| low * ((i as f64 + 0.5) / groups as f64).powf(-tail);
        (0..groups).map(|i| size(i).min(high) as usize).collect()
    };
    let (mut thin, mut thick) = (0.0, 8.0);
    for _ in 0..60 {
        let tail = (thin + thick) / 2.0;
        if draw(tail).iter().sum::<usize>() > members {
            thick = tail
        } else {
            thin = tail
        }
    }
    let mut sizes = draw(thin);
    let missing = members - sizes.iter().sum::<usize>().min(members);
    // The remainder of rounding is given to the larger half, one each.
    let half = groups.div_ceil(2);
    for i in 0..missing {
        sizes[i % half] += 1;
    }
    sizes
}

fn manager_id(text: String) -> ManagerId {
    ManagerId::parse(&text).expect("a short text is an id")
}

impl CityLayout {
    /// Makes the layout of a city and its events of the load day.
    pub(super) fn new(
        groups: usize,
        members: usize,
        seed: u64,
        days: &Days,
        log: &mut EventLog,
    ) -> Self {
        let mut rng = Rng::new(seed, 1);
        let units = (groups / 32).clamp(2, 110).min(groups);
        let mut layout = Self {
            sites: Vec::new(),
            managers: Vec::new(),
            units,
        };
        layout.place_groups(groups, members, &mut rng);
        let supervisors: Vec<ManagerId> = (0..units)
            .map(|unit| open_unit(unit, days, log, &mut rng))
            .collect();
        layout.hire(&supervisors, days, log, &mut rng);
        for site in &layout.sites {
            log.say(
                days.within(days.load(), 10, 11, &mut rng),
                EventData::Group(site.group.clone()),
            );
        }
        layout
    }

    /// Gives every group its size, tier, unit and name.
    fn place_groups(&mut self, groups: usize, members: usize, rng: &mut Rng) {
        let (sizes, mut names) = (sizes(groups, members), NameGenerator::default());
        let mut load = vec![0; self.units];
        let mut placed = Vec::new();
        for (rank, size) in sizes.into_iter().enumerate() {
            let unit = (0..self.units).min_by_key(|unit| load[*unit]).unwrap_or(0);
            load[unit] += size;
            placed.push((rank, size, unit));
        }
        rng.shuffle(&mut placed);
        for (number, (rank, size, unit)) in placed.into_iter().enumerate() {
            let (name, industry) = names.enterprise(unit, rng);
            let tier = tier(rank as f64 / groups as f64 + rng.normal() * 0.04);
            let group = Group {
                group_id: GroupId::parse(&format!("G{:05}", number + 1))
                    .expect("a short text is an id"),
                name: name.into(),
                unit_id: unit_id(unit),
                manager_id: manager_id(String::from("AM000")),
                tier,
                industry: Some(industry.into()),
                parent_group_id: None,
                visit_mode: if tier == Tier::D && rng.chance(0.6) {
                    VisitMode::Call
                } else {
                    VisitMode::Visit
                },
                closed: false,
            };
            self.sites.push(Site {
                group,
                unit,
                manager: 0,
                size,
            });
        }
    }

    /// Hires an account manager for about 12 groups of a unit each.
    fn hire(&mut self, supervisors: &[ManagerId], days: &Days, log: &mut EventLog, rng: &mut Rng) {
        for (unit, above) in supervisors.iter().enumerate() {
            let of_unit: Vec<usize> = (0..self.sites.len())
                .filter(|site| self.sites[*site].unit == unit)
                .collect();
            let first = self.managers.len();
            let hired = of_unit.len().div_ceil(12).max(1);
            for _ in 0..hired {
                let id = manager_id(format!("AM{:03}", self.managers.len() + 1));
                let supervisor = Some(above.clone());
                let mut manager = person(id, supervisor, rng);
                if self.managers.len() % 23 == 7 {
                    manager.locale = Some("en".into());
                }
                log.say(
                    days.within(days.load(), 9, 10, rng),
                    EventData::Manager(manager.clone()),
                );
                self.managers.push(manager);
            }
            for (turn, site) in of_unit.into_iter().enumerate() {
                let site = &mut self.sites[site];
                site.manager = first + turn % hired;
                site.group.manager_id = self.managers[site.manager].manager_id.clone();
            }
        }
    }
}

fn tier(rank: f64) -> Tier {
    match rank {
        r if r < 0.05 => Tier::A,
        r if r < 0.20 => Tier::B,
        r if r < 0.55 => Tier::C,
        _ => Tier::D,
    }
}

fn unit_id(unit: usize) -> UnitId {
    UnitId::parse(&format!("U{:02}", unit + 1)).expect("a short text is an id")
}

fn person(manager_id: ManagerId, supervisor_id: Option<ManagerId>, rng: &mut Rng) -> Manager {
    let (name, pinyin) = names::person(rng);
    let email = format!(
        "{pinyin}.{}@cz.example.com",
        manager_id.as_str().to_ascii_lowercase()
    )
    .into();
    let (name, chief) = (name.into(), false);
    Manager {
        manager_id,
        name,
        email,
        supervisor_id,
        chief,
        delegate_id: None,
        away_until: None,
        active: true,
        locale: None,
    }
}

/// Writes the events of a unit, its head, service head, chief account manager and supervisor;
/// returns the supervisor.
fn open_unit(unit: usize, days: &Days, log: &mut EventLog, rng: &mut Rng) -> ManagerId {
    let id = |role: &str| manager_id(format!("{role}{:02}", unit + 1));
    let (head, service_head, chief, supervisor) = (id("HD"), id("SH"), id("CH"), id("SV"));
    let people = [
        (&head, None, false),
        (&service_head, Some(&head), false),
        (&chief, Some(&head), true),
        (&supervisor, Some(&head), false),
    ];
    for (who, above, chief) in people {
        let manager = Manager {
            chief,
            ..person(who.clone(), above.cloned(), rng)
        };
        log.say(
            days.within(days.load(), 8, 9, rng),
            EventData::Manager(manager),
        );
    }
    let name = names::unit(unit).into();
    let roles = (Some(head.clone()), Some(service_head), Some(chief));
    let payload = Unit {
        unit_id: unit_id(unit),
        name,
        head_manager_id: roles.0,
        service_head_id: roles.1,
        chief_id: roles.2,
    };
    log.say(
        days.within(days.load(), 9, 10, rng),
        EventData::Unit(payload),
    );
    supervisor
}

/// Some date `years` years before the city begins.
pub(super) fn born(days: &Days, years: i32, rng: &mut Rng) -> NaiveDate {
    let year = days.first.date().year() - years;
    let first = NaiveDate::from_ymd_opt(year, 1, 1).map_or(days.first, LocalDay::from_date);
    first.plus(rng.between(0, 364)).date()
}
