//! Work that the people of the demo's city plan for themselves: a gift for an anniversary, a
//! customers' evening, a demonstration.
//!
//! Invariant: it sets every part that `sisan tasks add` requires.

use chrono::TimeDelta;

use crate::domain::ids::GroupId;
use crate::domain::local_day::Timestamp;
use crate::domain::task::{Item, Means, Resource, TaskClass, TaskKind};
use crate::domain::zone::Zone;
use crate::follow_up::act::ByHand;
use crate::simulate::Rng;

/// Days until such work is done.
const DAYS: (i32, i32) = (7, 14);
/// The local hour at which it is due.
const DUE_HOUR: i64 = 17;

/// Invents a planned task for a group customer.
pub(super) fn by_hand(group_id: GroupId, dice: &mut Rng, zone: Zone, now: Timestamp) -> ByHand {
    let due_on = zone.day_of(now).plus(dice.between(DAYS.0, DAYS.1));
    let (kind, title, item, means, resource) = match dice.below(4) {
        0 => (
            TaskKind::Relationship,
            "周年庆送纪念品",
            Item::Service {
                what: "当天上门道贺，纪念品交集团联系人签收".to_owned(),
            },
            Means::Visit,
            Some(Resource::Gift),
        ),
        1 => (
            TaskKind::Relationship,
            "邀请信息中心主任参加客户沙龙",
            Item::Information {
                way: "电话邀请，随后送上请柬".to_owned(),
                what: "时间、地点、议题和同去的同行单位".to_owned(),
            },
            Means::SocialEvent,
            Some(Resource::Event),
        ),
        2 => (
            TaskKind::Expansion,
            "演示云视讯会议系统",
            Item::Visit {
                whom: "信息中心、行政部".to_owned(),
                purpose: "以实际会议室演示，问清采购计划".to_owned(),
                prepare: "演示账号、专线测速、同行业案例".to_owned(),
                steps: vec![
                    "前一天到场调试".to_owned(),
                    "演示一次跨地市会议".to_owned(),
                    "一周内回访意向".to_owned(),
                ],
            },
            Means::Demo,
            Some(Resource::Trial),
        ),
        _ => (
            TaskKind::Relationship,
            "核对成员清单与联系人",
            Item::Service {
                what: "与集团联系人逐项核对成员、联系人和统付账户，更新服务档案".to_owned(),
            },
            Means::Call,
            None,
        ),
    };
    ByHand {
        group_id,
        title: title.to_owned(),
        kind,
        item,
        means: vec![means],
        resources: resource.into_iter().collect(),
        class: TaskClass::Routine,
        due_at: zone.start_of(due_on).plus(TimeDelta::hours(DUE_HOUR)),
        assignee: None,
    }
}
