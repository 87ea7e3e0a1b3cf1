//! Hotspots of complaints.

use super::*;
use crate::domain::indicator::Severity;

/// So many complaints of a category on a day, of groups in turn.
fn pile(city: &mut TestCity, day: &str, category: &str, count: usize) -> Vec<String> {
    let groups = ["GA", "GB", "GC"];
    (0..count)
        .map(|n| {
            city.complain(
                &format!("{day} 10:00"),
                &format!("C{day}{category}{n}"),
                |complaint| {
                    complaint.group_id = GroupId::parse(groups[n % 3]).expect("id");
                    complaint.category = Some(category.into());
                },
            )
        })
        .collect()
}

fn hotspots(firing: Vec<String>) -> Vec<String> {
    firing
        .into_iter()
        .filter(|one| one.starts_with("complaint_hotspot"))
        .collect()
}

#[test]
fn five_complaints_of_one_category_in_a_unit_are_a_hotspot_four_are_none() {
    for (count, fires) in [(4, false), (5, true)] {
        let mut city = TestCity::new();
        pile(&mut city, "2026-08-03", "网络", count);
        pile(&mut city, "2026-08-03", "资费", 2);
        assert_eq!(
            hotspots(city.evaluate("2026-08-03 12:00")) == ["complaint_hotspot U1 网络"],
            fires,
            "{count}"
        );
        if fires {
            let alert = city.last(Signal::ComplaintHotspot);
            assert_eq!(
                (
                    alert.severity,
                    alert.explanation.k,
                    alert.explanation.expected
                ),
                (Severity::Warning, 5, Some(0.0))
            );
        }
    }
}

#[test]
fn it_must_be_twice_as_many_as_the_mean_of_the_three_months_before() {
    for (before, fires) in [(9, true), (10, false)] {
        let mut city = TestCity::new();
        // 30 days end on 3 August, the 90 before them begin on 6 April.
        pile(&mut city, "2026-04-06", "网络", before);
        pile(&mut city, "2026-04-05", "网络", 50);
        pile(&mut city, "2026-08-03", "网络", 6);
        assert_eq!(
            !hotspots(city.evaluate("2026-08-03 12:00")).is_empty(),
            fires,
            "{before}"
        );
    }
}

#[test]
fn those_of_another_unit_or_without_a_category_do_not_count() {
    let mut city = TestCity::new();
    pile(&mut city, "2026-08-03", "网络", 5);
    city.group("GA", |group| {
        group.unit_id = UnitId::parse("U2").expect("id")
    });
    for n in 0..9 {
        city.complain("2026-08-03 10:00", &format!("N{n}"), |_| {});
    }
    assert!(hotspots(city.evaluate("2026-08-03 12:00")).is_empty());
}

#[test]
fn a_withdrawn_or_retracted_complaint_undoes_it() {
    let mut city = TestCity::new();
    let subscribers = pile(&mut city, "2026-08-03", "网络", 6);
    assert_eq!(hotspots(city.evaluate("2026-08-03 12:00")).len(), 1);
    city.complain("2026-08-03 13:00", "C2026-08-03网络0", |complaint| {
        (complaint.group_id, complaint.state) =
            (GroupId::parse("GA").expect("id"), ComplaintState::Withdrawn);
    });
    assert_eq!(hotspots(city.evaluate("2026-08-03 13:00")).len(), 1);
    city.retract(&subscribers[1]);
    assert!(hotspots(city.evaluate("2026-08-03 14:00")).is_empty());
    assert_eq!(
        city.because(Signal::ComplaintHotspot),
        Some(ResolvedBecause::Recovered)
    );
}

#[test]
fn one_that_passes_with_time_has_not_recovered() {
    let mut city = TestCity::new();
    pile(&mut city, "2026-08-03", "网络", 5);
    city.evaluate("2026-08-03 12:00");
    assert_eq!(hotspots(city.evaluate("2026-09-01 23:59")).len(), 1);
    assert!(hotspots(city.evaluate("2026-09-02 00:00")).is_empty());
    assert_eq!(
        city.because(Signal::ComplaintHotspot),
        Some(ResolvedBecause::MonthEnded)
    );
}

#[test]
fn complaints_that_are_read_days_later_are_no_news_and_stand_under_the_day_on_which_they_became_a_hotspot()
 {
    let mut city = TestCity::new();
    pile(&mut city, "2026-08-02", "网络", 2);
    pile(&mut city, "2026-08-03", "网络", 3);
    assert!(hotspots(city.evaluate("2026-08-07 00:00")).is_empty());
    assert_eq!(hotspots(city.evaluate("2026-08-06 23:59")).len(), 1);
    assert_eq!(
        city.last(Signal::ComplaintHotspot).key.period.to_string(),
        "2026-08-03"
    );
}
