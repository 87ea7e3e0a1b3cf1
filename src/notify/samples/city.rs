//! The city: a unit, its managers and their group customers.

use chrono::NaiveDate;

use crate::domain::event::{Event, EventData, Group, Manager, Order, Tier, Unit, VisitMode};
use crate::domain::ids::{GroupId, ManagerId, UnitId};
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::reference::Reference;
use crate::domain::zone::Zone;
use crate::notify::address::FallbackAddress;
use crate::notify::compose::{ComposeContext, UsefulFor};
use crate::notify::room::Room;

/// The zone of the samples.
#[must_use]
pub fn zone() -> Zone {
    Zone::parse("Asia/Shanghai").expect("known zone")
}

/// A date, `YYYY-MM-DD`.
#[must_use]
pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Local time of Shanghai, `YYYY-MM-DD HH:MM`.
#[must_use]
pub(crate) fn at(local: &str) -> Timestamp {
    zone().at(chrono::NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").expect("a time"))
}

/// When their mails are written.
#[must_use]
pub(crate) fn now() -> Timestamp {
    at("2026-07-15 09:05")
}

#[must_use]
pub(crate) fn manager_id(text: &str) -> ManagerId {
    ManagerId::parse(text).expect("an id")
}

#[must_use]
pub(crate) fn group_id(text: &str) -> GroupId {
    GroupId::parse(text).expect("an id")
}

fn manager(id: &str, name: &str, email: &str, locale: Option<&str>) -> EventData {
    EventData::Manager(Manager {
        manager_id: manager_id(id),
        name: name.into(),
        email: email.into(),
        supervisor_id: None,
        chief: false,
        delegate_id: None,
        away_until: None,
        active: true,
        locale: locale.map(Into::into),
    })
}

/// The CRM's record of a group customer.
#[must_use]
pub(crate) fn group(id: &str, name: &str, manager: &str, tier: Tier) -> EventData {
    EventData::Group(Group {
        group_id: group_id(id),
        name: name.into(),
        unit_id: UnitId::parse("U01").expect("an id"),
        manager_id: manager_id(manager),
        tier,
        industry: Some("装备制造".into()),
        parent_group_id: None,
        visit_mode: VisitMode::Visit,
        closed: false,
    })
}

/// Puts a reference event in its place.
pub(crate) fn put_event(reference: &mut Reference, id: &str, data: EventData) {
    reference.put_event(Event {
        order: Order {
            time: at("2026-01-01 00:00"),
            id: id.into(),
            source: "/crm".into(),
        },
        data,
    });
}

/// G00001 to G00004 of unit U01; M001 reads Chinese, M002 English, M003 has no usable address; M010
/// is a supervisor, M020 the chief.
#[must_use]
pub fn reference() -> Reference {
    let mut reference = Reference::default();
    let unit = Unit {
        unit_id: UnitId::parse("U01").expect("an id"),
        name: "云岩分公司".into(),
        head_manager_id: Some(manager_id("M001")),
        service_head_id: None,
        chief_id: None,
    };
    put_event(&mut reference, "u1", EventData::Unit(unit));
    put_event(
        &mut reference,
        "m1",
        manager("M001", "王芳", "wang.fang@gz.example.cn", None),
    );
    put_event(
        &mut reference,
        "m2",
        manager("M002", "Li Wei", "li.wei@gz.example.cn", Some("en")),
    );
    put_event(&mut reference, "m3", manager("M003", "赵强", "无", None));
    put_event(
        &mut reference,
        "m10",
        manager("M010", "陈静", "chen.jing@gz.example.cn", None),
    );
    put_event(
        &mut reference,
        "m20",
        manager("M020", "周建国", "zhou.jianguo@gz.example.cn", None),
    );
    put_event(
        &mut reference,
        "g1",
        group("G00001", "贵阳星辰精密机械有限公司", "M001", Tier::A),
    );
    put_event(
        &mut reference,
        "g2",
        group("G00002", "Guiyang Huaxi Logistics", "M002", Tier::C),
    );
    put_event(
        &mut reference,
        "g3",
        group("G00003", "贵州黔灵文旅集团", "M001", Tier::B),
    );
    put_event(
        &mut reference,
        "g4",
        group("G00004", "云岩区春天小学", "M001", Tier::C),
    );
    reference
}

/// Owns what a [`ComposeContext`] borrows.
pub(crate) struct SampleCity {
    pub reference: Reference,
    /// Who gets what nobody else can.
    pub fallback: FallbackAddress,
    pub ops: Vec<String>,
}

impl Default for SampleCity {
    fn default() -> Self {
        Self::new()
    }
}

impl SampleCity {
    #[must_use]
    pub(crate) fn new() -> Self {
        Self {
            reference: reference(),
            fallback: FallbackAddress {
                id: "M000".into(),
                name: "值班主管".into(),
                address: "duty@gz.example.cn".into(),
            },
            ops: vec!["ops@gz.example.cn".into()],
        }
    }

    /// What composing needs to know.
    #[must_use]
    pub(crate) fn ctx(&self) -> ComposeContext<'_> {
        ComposeContext {
            zone: zone(),
            reference: &self.reference,
            default_locale: Locale::ZhCn,
            fallback: &self.fallback,
            ops: &self.ops,
            base_url: Some("https://sisan.gz.example.cn"),
            id_domain: "gz.example.cn",
            useful_for: UsefulFor::default(),
            cap: None,
            room: Room::default(),
            now: now(),
            read_until: None,
        }
    }
}
