//! The current state of a subscriber, as its group customer sees it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::event::Status;
use crate::domain::ids::{GroupId, SubscriberId};

/// How a subscriber left a group customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Departure {
    /// 销号: by the customer, or by the operator.
    Cancelled,
    /// 携出
    PortedOut,
    /// 退出集团, without joining another.
    Left,
    /// 转入其他集团
    Moved,
}

impl Departure {
    /// Whether the subscriber has left the operator; otherwise its group customer only.
    #[must_use]
    pub(crate) const fn is_churned(self) -> bool {
        matches!(self, Self::Cancelled | Self::PortedOut)
    }
}

/// The departures of named subscribers; one without an entry has not left.
pub(crate) type Departures = BTreeMap<SubscriberId, Departure>;

/// A subscriber at the end of its timeline.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SubscriberNow {
    /// The group that it is a member of.
    pub member_of: Option<GroupId>,
    pub status: Status,
    /// Whether the last port-out event is `ported` and nothing since shows it in use; its status
    /// may lag behind.
    pub is_ported: bool,
}

impl SubscriberNow {
    /// How it left a group that it was a member of; none if it is still a member, or invalid
    /// (无效修正).
    #[must_use]
    pub(crate) fn departure_from(&self, group: &GroupId) -> Option<Departure> {
        match self.status {
            Status::Invalid => None,
            Status::PortedOut => Some(Departure::PortedOut),
            _ if self.is_ported => Some(Departure::PortedOut),
            Status::CancelledVoluntary | Status::CancelledInvoluntary => Some(Departure::Cancelled),
            _ => match &self.member_of {
                Some(now) if now == group => None,
                Some(_) => Some(Departure::Moved),
                None => Some(Departure::Left),
            },
        }
    }

    /// Whether it has left the operator of its own will: it cancelled, or was ported out.
    #[must_use]
    pub(crate) const fn has_churned_of_own_will(&self) -> bool {
        self.is_ported || matches!(self.status, Status::CancelledVoluntary | Status::PortedOut)
    }

    /// Whether it is an active member of the group.
    #[must_use]
    pub(crate) fn is_in_service_at(&self, group: &GroupId) -> bool {
        self.status == Status::Active && self.departure_from(group).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_gone_by_its_status_its_port_out_or_its_membership() {
        let id = |text: &str| GroupId::parse(text).expect("an id");
        let (here, elsewhere) = (Some("G1"), Some("G2"));
        let cases = [
            (here, Status::Active, false, None),
            (here, Status::Suspended, false, None),
            (
                None,
                Status::CancelledInvoluntary,
                false,
                Some(Departure::Cancelled),
            ),
            (None, Status::PortedOut, false, Some(Departure::PortedOut)),
            (here, Status::Active, true, Some(Departure::PortedOut)),
            (None, Status::Active, false, Some(Departure::Left)),
            (elsewhere, Status::Active, false, Some(Departure::Moved)),
            (None, Status::Invalid, false, None),
        ];
        for (member_of, status, is_ported, departure) in cases {
            let subscriber = SubscriberNow {
                member_of: member_of.map(id),
                status,
                is_ported,
            };
            assert_eq!(
                subscriber.departure_from(&id("G1")),
                departure,
                "{subscriber:?}"
            );
        }
    }
}
