//! The text of the demo's screen, and its story.

use super::config;
use crate::domain::counters::Figures;
use crate::domain::indicator::{Scope, Verdict};
use crate::domain::local_day::{Month, Timestamp};
use crate::domain::locale::Locale;
use crate::domain::mail::MailKind;
use crate::domain::task::TaskKind;
use crate::simulate::{
    City, MonthOfWork, OpenedAlert, ReportLine, ShareOf, Story, Totals, WorkTotals, build,
};

/// What a perfect worker finds: each expected alert at noon of its day.
fn perfect(city: &City) -> Vec<OpenedAlert> {
    let expected = city
        .incidents
        .iter()
        .flat_map(|incident| &incident.expected);
    let noon =
        |day| Timestamp::from_micros(city.config.zone.start_of(day).micros() + 43_200_000_000);
    expected
        .map(|e| OpenedAlert {
            kind: e.kind,
            scope: e.scope.clone(),
            subject: e.subject.clone(),
            opened_at: noon(e.from_day),
        })
        .collect()
}

/// A month in which every kind of mail was written.
fn work() -> MonthOfWork {
    let line = WorkTotals {
        tasks: 1_204,
        done: 1_180,
        in_time: 1_100,
        escalated: 9,
        cancelled: 4,
        open: 100,
    };
    MonthOfWork {
        month: Month::from_year_month(2026, 10),
        lines: TaskKind::ALL.iter().map(|kind| (*kind, line)).collect(),
        kept_claimed: ShareOf {
            part: 28,
            whole: 48,
        },
        kept_verified: ShareOf::default(),
        kept_members: ShareOf { part: 3, whole: 12 },
        approved: ShareOf {
            part: 10,
            whole: 12,
        },
        joint_visits: 9,
        sent_back: 1,
        mails: MailKind::ALL.into_iter().map(|kind| (kind, 321)).collect(),
    }
}

fn is_all_found(story: &Story) -> bool {
    story.missed.is_empty() && story.unplanned.is_empty()
}

#[test]
fn the_story_counts_what_was_found_missed_and_unplanned() {
    let city = build(config(43));
    let mut found = perfect(&city);
    let story = Story::new(&city, &found, Totals::default(), work(), Vec::new());
    assert!(is_all_found(&story) && story.near_misses.1 == 0);
    assert!(
        story
            .incidents
            .iter()
            .all(|(_, planted, found)| planted == found)
    );
    let again = OpenedAlert {
        opened_at: Timestamp::from_micros(found[0].opened_at.micros() + 10 * 86_400_000_000),
        ..found[0].clone()
    };
    found.push(again);
    assert!(
        is_all_found(&Story::new(
            &city,
            &found,
            Totals::default(),
            work(),
            Vec::new()
        )),
        "an alert that opens again is not unplanned"
    );
    found.pop();
    let (lost, early) = (found.pop().expect("valid"), found.pop().expect("valid"));
    found.push(OpenedAlert {
        opened_at: Timestamp::from_micros(early.opened_at.micros() - 86_400_000_000),
        ..early.clone()
    });
    let near_miss = &city.near_misses[0];
    let wrong = OpenedAlert {
        kind: near_miss.kind.never(),
        scope: Scope::Group(near_miss.group_id.clone()),
        ..lost.clone()
    };
    found.push(OpenedAlert {
        subject: "".into(),
        ..wrong
    });
    let story = Story::new(&city, &found, Totals::default(), work(), Vec::new());
    assert_eq!(
        story.missed.len(),
        2,
        "one lost, one before its limit was crossed"
    );
    assert_eq!((story.unplanned.len(), story.near_misses.1), (2, 1));
    let sum = story.tallies.iter().fold((0, 0, 0), |sum, t| {
        (sum.0 + t.planned, sum.1 + t.found, sum.2 + t.unplanned)
    });
    assert_eq!(sum, (perfect(&city).len(), perfect(&city).len() - 2, 2));
    assert!(
        story
            .tallies
            .iter()
            .all(|t| t.planned == t.found + t.missed)
    );
}

fn story_of(city: &City) -> Story {
    let totals = Totals {
        events: 152_340,
        duplicates: 900,
        rejected: 0,
        alerts: 61,
        tasks: 50,
        mails: 1_234,
        mail_folder: "/tmp/demo/mails".into(),
    };
    let figures = Figures {
        opening: 200,
        closing: 180,
        lost: 20,
        churned_voluntary: 20,
        complaints: 1,
        ..Figures::default()
    };
    let verdicts = [
        Verdict::Breach,
        Verdict::Breach,
        Verdict::Watch,
        Verdict::InsufficientData,
    ];
    let line = |scope| ReportLine {
        scope,
        name: "郴州市华晟机械制造有限公司".into(),
        figures,
        verdicts,
    };
    let report = std::iter::repeat_with(|| line(Scope::Company))
        .take(6)
        .collect();
    Story::new(city, &perfect(city), totals, work(), report)
}

#[test]
fn the_screen_fits_and_tells_the_story() {
    let city = build(config(43));
    let story = story_of(&city);
    for (locale, words) in [
        (
            Locale::ZhCn,
            [
                "事件 152,340",
                "离网率",
                "批量离网",
                "10.00%!",
                "50.00?",
                "客户挽留",
                "58.3% (28/48)  核实 –",
            ],
        ),
        (
            Locale::En,
            [
                "events 152,340",
                "planted",
                "batch_leave",
                "10.00%!",
                "50.00?",
                "1,204",
                "ops_notice 321",
            ],
        ),
    ] {
        let text = story.render(100, locale);
        println!("{text}");
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
        assert!(
            text.lines().count() <= 45
                && text
                    .lines()
                    .all(|line| console::measure_text_width(line) <= 100),
            "{text}"
        );
        let narrow = story.render(10, locale);
        assert!(
            narrow
                .lines()
                .all(|line| console::measure_text_width(line) <= 60)
        );
        // Below the rule, which is as wide as half the screen.
        let words = |text: &str| -> Vec<String> {
            let lines = text.lines().skip(1);
            lines
                .flat_map(|line| line.split_whitespace().map(str::to_owned))
                .collect()
        };
        assert_eq!(words(&narrow), words(&text), "nothing is left out");
    }
}
