//! Who gets it.

use chrono::NaiveDate;

use super::{Fixture, day, group, manager_id, to, unit};
use crate::domain::indicator::Scope;
use crate::domain::task::Assignee;
use crate::follow_up::assignee::Staff;

fn who(fixture: &Fixture, scope: &Scope, today: NaiveDate) -> Assignee {
    Staff {
        reference: &fixture.reference,
        company_head: fixture.company_head.as_ref(),
        today,
    }
    .assignee(scope)
}

fn for_g1(change: impl FnOnce(&mut Fixture)) -> Assignee {
    let mut fixture = Fixture::new();
    change(&mut fixture);
    who(&fixture, &group("G1"), day("2026-08-03"))
}

#[test]
fn a_groups_task_goes_to_its_manager() {
    assert_eq!(for_g1(|_| {}), to("wang"));
}

#[test]
fn who_stands_in_gets_it_when_the_manager_is_inactive_away_or_without_address() {
    let li =
        |manager: &mut crate::domain::event::Manager| manager.delegate_id = Some(manager_id("li"));
    assert_eq!(
        for_g1(|w| w.manager("wang", |m| {
            li(m);
            m.active = false
        })),
        to("li")
    );
    assert_eq!(
        for_g1(|w| w.manager("wang", |m| {
            li(m);
            m.email = "none".into()
        })),
        to("li")
    );
    assert_eq!(
        for_g1(|w| w.manager("wang", |m| {
            li(m);
            m.away_until = Some(day("2026-08-03"))
        })),
        to("li"),
        "up to and including"
    );
    assert_eq!(
        for_g1(|w| w.manager("wang", |m| {
            li(m);
            m.away_until = Some(day("2026-08-02"))
        })),
        to("wang"),
        "back today"
    );
}

/// Who is above `wang` at once, and his chief.
fn chain(fixture: &Fixture, today: NaiveDate) -> (Assignee, Assignee) {
    let staff = Staff {
        reference: &fixture.reference,
        company_head: fixture.company_head.as_ref(),
        today,
    };
    (
        staff.manager_of(&to("wang"), &group("G1")),
        staff.chief(&to("wang"), &group("G1")),
    )
}

#[test]
fn whether_somebody_can_be_mailed_to_decides_for_managers_delegates_heads_chiefs_and_supervisors_alike()
 {
    let with = |email: &'static str, whose: &[&str]| {
        let mut fixture = Fixture::new();
        for one in whose {
            fixture.manager(one, |m| {
                (m.email, m.delegate_id) =
                    (email.into(), (*one == "wang").then(|| manager_id("li")))
            });
        }
        fixture
    };
    let today = day("2026-08-03");
    for bad in [
        "",
        " ",
        "a@x.cn;b@x.cn",
        "a@x.cn, b@x.cn",
        "@x.cn",
        "张@x.cn",
        "a@x_y.cn",
        "a b@x.cn",
    ] {
        assert_eq!(
            who(&with(bad, &["wang"]), &group("G1"), today),
            to("li"),
            "{bad:?}"
        );
        assert_eq!(
            who(&with(bad, &["wang", "li"]), &group("G1"), today),
            to("zhao"),
            "{bad:?}"
        );
        assert_eq!(
            who(&with(bad, &["wang", "li", "zhao"]), &group("G1"), today),
            Assignee::Fallback,
            "{bad:?}"
        );
        assert_eq!(
            who(&with(bad, &["zhao"]), &unit(), today),
            Assignee::Fallback,
            "{bad:?}"
        );
        let mut fixture = with("sun@x.cn", &[]);
        fixture.manager("wang", |m| m.supervisor_id = Some(manager_id("li")));
        fixture.manager("li", |m| m.chief = true);
        assert_eq!(chain(&fixture, today), (to("li"), to("li")));
        fixture.manager("li", |m| (m.chief, m.email) = (true, bad.into()));
        assert_eq!(chain(&fixture, today), (to("zhao"), to("zhao")), "{bad:?}");
    }
    for good in ["wang@x.cn ", "\u{feff}wang@x.cn", "wang@例子.cn"] {
        assert_eq!(
            who(&with(good, &["wang"]), &group("G1"), today),
            to("wang"),
            "{good:?}"
        );
    }
}

#[test]
fn the_units_head_gets_it_when_nobody_can_stand_in() {
    assert_eq!(
        for_g1(|w| w.manager("wang", |m| m.active = false)),
        to("zhao"),
        "no delegate"
    );
    let both_away = |w: &mut Fixture| {
        w.manager("wang", |m| {
            m.delegate_id = Some(manager_id("li"));
            m.active = false
        });
        w.manager("li", |m| m.away_until = Some(day("2026-12-31")));
    };
    assert_eq!(for_g1(both_away), to("zhao"));
    assert_eq!(
        for_g1(|w| w.group("G1", |g| g.manager_id = manager_id("nobody"))),
        to("zhao"),
        "an unknown manager"
    );
}

#[test]
fn the_fallback_gets_what_nobody_else_can() {
    assert_eq!(
        for_g1(|w| {
            w.manager("wang", |m| m.active = false);
            w.unit(None)
        }),
        Assignee::Fallback
    );
    assert_eq!(
        for_g1(|w| {
            w.manager("wang", |m| m.active = false);
            w.manager("zhao", |m| m.email = "".into())
        }),
        Assignee::Fallback
    );
    assert_eq!(
        who(&Fixture::new(), &group("unknown"), day("2026-08-03")),
        Assignee::Fallback
    );
}

#[test]
fn the_task_of_a_unit_goes_to_its_head_and_that_of_the_company_to_the_configured_manager() {
    let mut fixture = Fixture::new();
    let today = day("2026-08-03");
    assert_eq!(who(&fixture, &unit(), today), to("zhao"));
    assert_eq!(who(&fixture, &Scope::Company, today), to("chen"));
    assert_eq!(
        who(&fixture, &Scope::Unit(None), today),
        Assignee::Fallback,
        "groups without a unit have no head"
    );
    fixture.company_head = None;
    assert_eq!(who(&fixture, &Scope::Company, today), Assignee::Fallback);
    fixture.company_head = Some(manager_id("chen"));
    fixture.manager("chen", |m| m.away_until = Some(today));
    fixture.manager("zhao", |m| m.active = false);
    assert_eq!(who(&fixture, &Scope::Company, today), Assignee::Fallback);
    assert_eq!(who(&fixture, &unit(), today), Assignee::Fallback);
}
