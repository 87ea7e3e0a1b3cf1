//! The notices that ask for the briefs of a morning.

use crate::domain::indicator::Severity;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::{Notice, NoticeTopic};
use crate::domain::task::Assignee;
use crate::domain::zone::Zone;
use crate::follow_up::assignee::Staff;

/// One for every active manager, of use until the end of the day.
pub(crate) fn brief_notices(staff: &Staff<'_>, zone: Zone, due_at: Timestamp) -> Vec<Notice> {
    let day = zone.day_of(due_at);
    let managers = staff.reference.managers.keys();
    managers
        .filter(|manager| !staff.is_inactive(manager))
        .map(|manager| Notice {
            topic: NoticeTopic::Brief(manager.clone(), day),
            assignee: Assignee::Manager(manager.clone()),
            group_id: None,
            severity: Severity::Notice,
            created_at: due_at,
            due_at,
            useful_until: Some(zone.end_of(day)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notify::samples::{at, reference, zone};

    #[test]
    fn everybody_who_works_here_and_can_be_mailed_to_is_asked_a_brief_for_that_day() {
        let (reference, due_at) = (reference(), at("2026-07-16 08:30"));
        let staff = Staff {
            reference: &reference,
            company_head: None,
            today: zone().day_of(due_at).date(),
        };
        let notices = brief_notices(&staff, zone(), due_at);
        let who: Vec<&str> = notices
            .iter()
            .filter_map(|notice| Some(notice.assignee.manager()?.as_str()))
            .collect();
        assert_eq!(
            who,
            ["M001", "M002", "M010", "M020"],
            "M003 has no usable address"
        );
        let midnight = Some(at("2026-07-17 00:00"));
        let is_of_the_day =
            |notice: &Notice| notice.due_at == due_at && notice.useful_until == midnight;
        assert!(notices.iter().all(is_of_the_day));
    }
}
