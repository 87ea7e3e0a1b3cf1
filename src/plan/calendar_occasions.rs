//! The occasions of planned work that come from key dates and festivals.

use std::collections::BTreeSet;

use crate::domain::event::KeyDateKind;
use crate::domain::ids::ManagerId;
use crate::follow_up::holidays::{HolidayPlan, planners, plans_due};
use crate::follow_up::key_dates::{KeyDateContext, Upcoming, upcoming};

use super::sweep::Occasions;

/// Those of a day.
pub(crate) struct CalendarOccasions<'a> {
    contract_ends: Vec<Upcoming<'a>>,
    ceremonies: Vec<Upcoming<'a>>,
    festivals: Vec<HolidayPlan>,
    planners: BTreeSet<ManagerId>,
}

impl<'a> CalendarOccasions<'a> {
    pub(crate) fn new(context: &KeyDateContext<'a>) -> Self {
        Self {
            contract_ends: upcoming(context, KeyDateKind::ContractEnd),
            ceremonies: upcoming(context, KeyDateKind::Ceremony),
            festivals: plans_due(context.calendar, context.staff.today),
            planners: planners(&context.staff),
        }
    }

    pub(crate) fn occasions(&self) -> Occasions<'_> {
        Occasions {
            contract_ends: &self.contract_ends,
            ceremonies: &self.ceremonies,
            festivals: &self.festivals,
            planners: Some(&self.planners),
            ..Occasions::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{EventData, Every, KeyDate, KeyDay};
    use crate::domain::festival::Festival;
    use crate::domain::ids::KeyDateId;
    use crate::domain::lead_days::LeadDays;
    use crate::follow_up::assignee::Staff;
    use crate::follow_up::calendar::WorkingCalendar;
    use crate::notify::samples::{date, group_id, put_event, reference};

    #[test]
    fn contract_ends_ceremonies_and_festivals_of_a_day_are_planned_for_by_who_has_customers() {
        let mut reference = reference();
        let kinds = [
            ("K1", KeyDateKind::ContractEnd),
            ("K2", KeyDateKind::Ceremony),
            ("K3", KeyDateKind::Birthday),
        ];
        for (id, kind) in kinds {
            let key_date = KeyDate {
                key_date_id: KeyDateId::parse(id).expect("an id"),
                group_id: group_id("G00001"),
                kind,
                title: "要事".into(),
                contact: None,
                day: KeyDay::Solar(date("2026-09-04")),
                every: Every::Once,
                lead_days: None,
                removed: false,
            };
            put_event(&mut reference, id, EventData::KeyDate(key_date));
        }
        let calendar = WorkingCalendar::shipped();
        let [birthday, anniversary, contract_end, ceremony, custom] =
            std::array::from_fn(|_| vec![7]);
        let leads = LeadDays {
            birthday,
            anniversary,
            contract_end,
            ceremony,
            custom,
        };
        let context = KeyDateContext {
            staff: Staff {
                reference: &reference,
                company_head: None,
                today: date("2026-09-01"),
            },
            calendar: &calendar,
            leads: &leads,
        };
        let of_day = CalendarOccasions::new(&context);
        let occasions = of_day.occasions();
        let ids = |all: &[Upcoming<'_>]| -> Vec<String> {
            let ids = all.iter().map(|one| one.key_date.key_date_id.to_string());
            ids.collect()
        };
        assert_eq!(ids(occasions.contract_ends), ["K1"]);
        assert_eq!(ids(occasions.ceremonies), ["K2"]);
        let festivals = occasions.festivals.iter().map(|plan| plan.festival);
        assert_eq!(
            festivals.collect::<Vec<_>>(),
            [Festival::MidAutumn, Festival::NationalDay]
        );
        let planners: Vec<&str> = of_day.planners.iter().map(ManagerId::as_str).collect();
        assert_eq!(planners, ["M001", "M002"]);
    }
}
