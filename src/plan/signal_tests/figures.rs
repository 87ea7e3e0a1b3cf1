//! Bursts of suspensions, overdue bills, revenue that drops, quarters without a contact.

use super::*;
use crate::domain::event::{Channel, Contact};
use crate::domain::ids::ContactId;
use crate::domain::indicator::Severity;

fn suspend(city: &mut TestCity, time: &str, subscribers: std::ops::Range<u32>) {
    for n in subscribers {
        city.status(time, n, Status::Suspended, Some(StopReason::Request));
    }
}

#[test]
fn three_of_twenty_suspended_are_a_burst_two_are_none() {
    for (suspended, fires) in [(2, false), (3, true)] {
        let mut city = TestCity::new();
        city.members("GC", 0..20);
        suspend(&mut city, "2026-08-03 10:00", 0..suspended);
        assert_eq!(
            city.evaluate("2026-08-03 10:30") == ["suspension_burst GC"],
            fires,
            "{suspended}"
        );
        assert_eq!(city.alerts.is_empty(), !fires);
    }
}

#[test]
fn as_many_are_none_in_a_large_group() {
    let mut city = TestCity::new();
    city.members("GC", 0..400);
    suspend(&mut city, "2026-08-03 10:00", 0..3);
    assert!(city.evaluate("2026-08-03 10:30").is_empty());
    suspend(&mut city, "2026-08-03 10:00", 3..5);
    assert_eq!(city.evaluate("2026-08-03 10:30"), ["suspension_burst GC"]);
    let why = city.last(Signal::SuspensionBurst).explanation;
    assert_eq!(
        (why.k, why.n, why.needed, why.limit),
        (5, 400, Some(5), Some(0.05))
    );
    assert!(why.p.is_some_and(|p| p <= 0.01 / 3.0));
}

#[test]
fn a_burst_ends_when_lines_are_back_and_not_with_its_window_and_is_restored_if_most_are() {
    for (back, because) in [
        (1, ResolvedBecause::Recovered),
        (2, ResolvedBecause::Restored),
    ] {
        let mut city = TestCity::new();
        city.members("GC", 0..20);
        suspend(&mut city, "2026-08-03 10:00", 0..3);
        city.evaluate("2026-08-03 10:30");
        assert_eq!(
            city.evaluate("2026-09-03 10:30"),
            ["suspension_burst GC"],
            "time alone undoes nothing that an open task answers"
        );
        for line in 0..back {
            city.status("2026-09-03 11:00", line, Status::Active, None);
        }
        assert!(city.evaluate("2026-09-03 11:00").is_empty());
        assert_eq!(city.because(Signal::SuspensionBurst), Some(because));
    }
}

#[test]
fn a_burst_whose_task_is_done_ends_with_its_window_and_does_not_come_again_each_day() {
    let mut city = TestCity::new();
    city.members("GC", 0..20);
    suspend(&mut city, "2026-08-03 10:00", 0..3);
    city.evaluate("2026-08-03 10:30");
    city.alerts[0].count_when_done = Some(3);
    for day in 4..=9 {
        city.evaluate(&format!("2026-08-{day:02} 10:30"));
        assert_eq!(city.alerts.len(), 1);
    }
    assert_eq!(city.firing().len(), 1);
    assert!(city.evaluate("2026-08-10 00:00").is_empty());
    assert_eq!(
        city.because(Signal::SuspensionBurst),
        Some(ResolvedBecause::TaskDone)
    );
}

#[test]
fn suspensions_that_are_read_days_later_are_no_news() {
    let mut city = TestCity::new();
    city.members("GC", 0..20);
    suspend(&mut city, "2026-08-03 10:00", 0..3);
    assert!(city.evaluate("2026-08-07 00:00").is_empty());
    assert_eq!(
        TestCity {
            alerts: Vec::new(),
            ..city
        }
        .evaluate("2026-08-06 23:59"),
        ["suspension_burst GC"]
    );
}

#[test]
fn a_group_whose_own_account_is_in_arrears_has_one_signal_for_all_and_its_key_lines_are_never_muted()
 {
    let mut city = TestCity::new();
    city.members("GC", 0..20);
    city.join("GC", 30, Role::KeyContact);
    city.bill(
        "2026-07-05 10:00",
        bill_of("B1", "GC", None, "2026-06", 50_000, "2026-07-28"),
    );
    suspend(&mut city, "2026-08-03 10:00", 0..5);
    suspend(&mut city, "2026-08-03 10:00", 30..31);
    city.port("2026-08-03 10:00", 1, PortStage::Queried);
    city.complain("2026-08-03 10:00", "C1", |complaint| {
        complaint.severity = ComplaintSeverity::Major;
        complaint.group_id = GroupId::parse("GC").expect("id");
    });
    let muted = [
        "arrears GC",
        "key_line GC 13800000030",
        "major_complaint GC C1",
        "port_out GC 13800000001",
    ];
    assert_eq!(city.evaluate("2026-08-03 10:30"), muted);
    city.pay("2026-08-03 11:00", "P1", "B1", 50_000);
    assert!(
        city.evaluate("2026-08-03 11:00")
            .contains(&"suspension_burst GC".to_owned()),
        "once it is paid they raise an alert"
    );
}

#[test]
fn a_burst_that_is_open_when_its_group_falls_into_arrears_stays() {
    let mut city = TestCity::new();
    city.members("GC", 0..20);
    city.bill(
        "2026-07-05 10:00",
        bill_of("B1", "GC", None, "2026-06", 50_000, "2026-07-30"),
    );
    suspend(&mut city, "2026-08-04 10:00", 0..3);
    assert_eq!(city.evaluate("2026-08-04 23:00"), ["suspension_burst GC"]);
    assert_eq!(
        city.evaluate("2026-08-05 00:00"),
        ["arrears GC", "suspension_burst GC"]
    );
}

#[test]
fn a_unified_pay_bill_is_in_arrears_from_the_sixth_day_after_it_was_due() {
    let mut city = TestCity::new();
    city.bill(
        "2026-08-05 10:00",
        bill_of("B1", "GA", None, "2026-07", 50_000, "2026-08-25"),
    );
    city.pay("2026-08-20 10:00", "P1", "B1", 49_000);
    assert!(city.evaluate("2026-08-30 23:59").is_empty());
    assert_eq!(city.evaluate("2026-08-31 00:00"), ["arrears GA"]);
    let alert = city.last(Signal::Arrears);
    assert_eq!(
        (alert.severity, alert.key.period.to_string().as_str()),
        (Severity::Warning, "2026-08-31")
    );
    assert_eq!(
        (alert.explanation.k, alert.explanation.fen),
        (1, Some(1_000))
    );
    let bounced = city.pay("2026-08-31 10:00", "P2", "B1", 1_000);
    assert!(city.evaluate("2026-08-31 10:00").is_empty());
    assert_eq!(
        city.because(Signal::Arrears),
        Some(ResolvedBecause::Recovered)
    );
    city.retract(&bounced);
    assert_eq!(city.evaluate("2026-08-31 12:00"), ["arrears GA"]);
}

#[test]
fn bills_of_members_are_in_arrears_when_they_are_three_and_a_tenth() {
    for (unpaid, billed, fires) in [
        (2, 10, false),
        (3, 31, false),
        (3, 30, true),
        (4, 41, false),
    ] {
        let mut city = TestCity::new();
        for n in 0..billed {
            let id = format!("B{n}");
            city.bill(
                "2026-07-05 10:00",
                bill_of(&id, "GB", Some(n), "2026-06", 1_000, "2026-07-25"),
            );
            if n >= unpaid {
                city.pay("2026-07-10 10:00", &format!("P{n}"), &id, 1_000);
            }
        }
        assert_eq!(
            city.evaluate("2026-07-31 00:00") == ["arrears GB"],
            fires,
            "{unpaid} of {billed}"
        );
        if fires {
            let why = city.last(Signal::Arrears).explanation;
            assert_eq!((why.k, why.n, why.fen), (3, 30, Some(3_000)));
        }
    }
}

/// Bills of a group's account, from one month on.
fn months(city: &mut TestCity, amounts: &[i64]) {
    for (n, fen) in (0..).zip(amounts) {
        let period = Month::from_year_month(2026, 4).plus(n);
        let on = format!("{}-05 10:00", period.plus(1));
        let due = period.plus(1).first_day().plus(24).to_string();
        city.bill(
            &on,
            bill_of(
                &format!("B{n}"),
                "GA",
                None,
                &period.to_string(),
                *fen,
                &due,
            ),
        );
        city.pay(&on, &format!("P{n}"), &format!("B{n}"), *fen);
    }
}

#[test]
fn a_fifth_less_than_the_mean_of_three_months_is_a_drop_once_it_is_known() {
    for (last, fires) in [(800, true), (801, false)] {
        let mut city = TestCity::new();
        months(&mut city, &[900, 1_000, 1_100, last]);
        assert!(
            city.evaluate("2026-08-10 23:59").is_empty(),
            "the month is not known yet"
        );
        assert_eq!(
            city.evaluate("2026-08-11 00:00") == ["revenue_drop GA"],
            fires,
            "{last}"
        );
        if fires {
            let alert = city.last(Signal::RevenueDrop);
            let why = alert.explanation;
            assert_eq!(
                (why.value.map(|v| (v * 1e6).round()), why.limit, why.fen),
                (Some(200_000.0), Some(0.2), Some(200))
            );
            assert_eq!(
                (alert.severity, alert.key.period.to_string().as_str()),
                (Severity::Warning, "2026-08-11")
            );
            assert_eq!(
                city.evaluate("2026-09-10 23:59").len(),
                1,
                "until the next month is known"
            );
            months(&mut city, &[900, 1_000, 1_100, last, 1_000]);
            assert!(city.evaluate("2026-09-11 00:00").is_empty());
            assert_eq!(
                city.because(Signal::RevenueDrop),
                Some(ResolvedBecause::Recovered)
            );
        }
    }
}

#[test]
fn a_drop_needs_three_months_before_and_bills_of_the_month_itself_from_somebody() {
    let mut young = TestCity::new();
    months(&mut young, &[0, 1_000, 1_000, 100]);
    assert!(young.evaluate("2026-08-11 00:00").is_empty());
    let mut late = TestCity::new();
    months(&mut late, &[1_000, 1_000, 1_000]);
    assert!(
        late.evaluate("2026-08-11 00:00").is_empty(),
        "nobody's bills of July are there"
    );
    late.bill(
        "2026-08-05 10:00",
        bill_of("BX", "GD", None, "2026-07", 1, "2026-08-25"),
    );
    assert_eq!(
        late.evaluate("2026-08-11 00:00"),
        ["revenue_drop GA"],
        "only this group's are not"
    );
}

fn contact(city: &mut TestCity, time: &str, group: &str, channel: Channel) -> String {
    let (contact_id, group_id) = (
        ContactId::parse(&format!("K{time}{group}")).expect("id"),
        GroupId::parse(group).expect("id"),
    );
    let manager_id = ManagerId::parse("M1").expect("id");
    let (note, opinion, promised_on, fulfils, intent, effect) = Default::default();
    let contact = Contact {
        contact_id,
        group_id,
        manager_id,
        channel,
        note,
        promised_on,
        fulfils,
        intent,
        opinion,
        effect,
    };
    city.append(time, EventData::Contact(contact))
}

#[test]
fn a_valuable_customer_whom_nobody_saw_in_the_quarter_is_a_notice_from_14_days_before_its_end() {
    let mut city = TestCity::new();
    contact(&mut city, "2026-06-30 23:59", "GA", Channel::Visit);
    contact(&mut city, "2026-08-03 10:00", "GA", Channel::Mail);
    contact(&mut city, "2026-07-01 00:00", "GB", Channel::Call);
    city.group("GX", |group| (group.tier, group.closed) = (Tier::A, true));
    assert!(city.evaluate("2026-09-16 23:59").is_empty());
    assert_eq!(city.evaluate("2026-09-17 00:00"), ["contact_gap GA"]);
    assert_eq!(city.alerts[0].severity, Severity::Notice);
    assert_eq!(city.evaluate("2026-09-30 23:59").len(), 1);
    assert!(
        TestCity {
            alerts: city.alerts.clone(),
            ..TestCity::new()
        }
        .evaluate("2026-10-01 00:00")
        .is_empty()
    );
    let wrong = contact(&mut city, "2026-09-20 10:00", "GA", Channel::Visit);
    assert!(city.evaluate("2026-09-20 11:00").is_empty());
    assert_eq!(
        city.because(Signal::ContactGap),
        Some(ResolvedBecause::Recovered)
    );
    city.retract(&wrong);
    assert_eq!(city.evaluate("2026-09-20 12:00"), ["contact_gap GA"]);
    assert!(city.evaluate("2026-10-01 00:00").is_empty());
    assert_eq!(
        city.because(Signal::ContactGap),
        Some(ResolvedBecause::MonthEnded)
    );
}
