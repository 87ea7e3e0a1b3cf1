//! What is read for a list, of all that is kept.

use crate::domain::alert::AlertState;
use crate::domain::ids::{GroupId, ManagerId};
use crate::domain::task::Assignee;
use crate::views::queries::{AlertsOf, TasksOf};

#[test]
fn of_a_list_of_a_group_customer_its_rows_are_read_and_else_the_open_ones_if_they_will_do() {
    let group = GroupId::parse("G1").expect("an id");
    let (of, open) = (AlertsOf::Group(&group), Some(AlertState::Acknowledged));
    assert_eq!(AlertsOf::fewest(Some(&group), open), of);
    assert_eq!(AlertsOf::fewest(None, open), AlertsOf::Open);
    let resolved = Some(AlertState::Resolved);
    assert_eq!(AlertsOf::fewest(None, resolved), AlertsOf::All);
    assert_eq!(AlertsOf::fewest(None, None), AlertsOf::All);

    let who = Assignee::Manager(ManagerId::parse("M1").expect("an id"));
    let of = TasksOf::Group(&group);
    assert_eq!(TasksOf::fewest(Some(&group), Some(&who), true), of);
    assert_eq!(TasksOf::fewest(None, Some(&who), true), TasksOf::Open);
    let of = TasksOf::Assignee(&who);
    assert_eq!(TasksOf::fewest(None, Some(&who), false), of);
    assert_eq!(TasksOf::fewest(None, None, false), TasksOf::All);
}
