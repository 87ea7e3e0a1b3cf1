//! The reminders of a list.

use super::last::{Last, Limit, last};
use crate::domain::ids::{GroupId, ManagerId};
use crate::domain::reminder::Reminder;
use crate::store::{StoreError, Tx};

/// Which reminders are wanted: those that meet all that is given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ReminderFilter {
    pub group: Option<GroupId>,
    pub assignee: Option<ManagerId>,
}

impl ReminderFilter {
    fn matches(&self, reminder: &Reminder) -> bool {
        let of_group = |id: &GroupId| reminder.group_id() == Some(id);
        let of_assignee = |id: &ManagerId| reminder.assignee.manager() == Some(id);
        self.group.as_ref().is_none_or(of_group) && self.assignee.as_ref().is_none_or(of_assignee)
    }
}

/// The last reminders that are wanted, in the order in which they go out.
pub(crate) fn reminders(
    tx: &Tx<'_>,
    filter: &ReminderFilter,
    limit: Limit,
) -> Result<Last<Reminder>, StoreError> {
    last(
        limit,
        |after, rows| tx.reminders_before(after, rows),
        |reminder| Ok(filter.matches(reminder)),
    )
    .map(Last::reversed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::tests::stored::birthday;

    #[test]
    fn a_reminder_is_listed_if_it_is_of_the_group_customer_and_of_the_manager_that_are_given() {
        let reminder = birthday();
        let its_own = ReminderFilter {
            group: reminder.group_id().cloned(),
            assignee: reminder.assignee.manager().cloned(),
        };
        assert!(its_own.group.is_some() && its_own.assignee.is_some());
        assert!(ReminderFilter::default().matches(&reminder) && its_own.matches(&reminder));
        let of_another_group = ReminderFilter {
            group: Some(GroupId::parse("G9").expect("an id")),
            ..its_own.clone()
        };
        let of_another_manager = ReminderFilter {
            assignee: Some(ManagerId::parse("M9").expect("an id")),
            ..its_own
        };
        assert!(!of_another_group.matches(&reminder) && !of_another_manager.matches(&reminder));
    }
}
