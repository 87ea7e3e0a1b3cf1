//! Every kind of alert has its text in both languages, and no phone number comes out.

use super::*;
use crate::domain::alert::{AlertState, AlertSubject, Explanation, ResolvedBecause};
use crate::domain::event::PortStage;
use crate::domain::indicator::{AlertKind, Indicator, Signal};
use crate::domain::local_day::LocalDay;
use crate::domain::locale::Locale;
use crate::domain::timeline::SubscriberTrouble;
use crate::notify::fixtures;

const WHOLE: Explanation = Explanation {
    churned: None,
    since: None,
    lapses_at: None,
    window: Some((LocalDay::from_number(20_604), LocalDay::from_number(20_608))),
    value: Some(0.25),
    k: 7,
    n: 90,
    expected: Some(1.5),
    p: None,
    needed: Some(4),
    limit: Some(0.2),
    fen: Some(123_456_789),
    trouble: Some(SubscriberTrouble::Porting(PortStage::Authorised)),
};

#[test]
fn every_kind_has_a_headline_and_a_sentence_with_and_without_figures_and_no_phone_number() {
    for kind in AlertKind::all() {
        for (why, locale) in [WHOLE, Explanation::default()]
            .into_iter()
            .zip([Locale::ZhCn, Locale::En])
        {
            let subject =
                AlertSubject::parse(kind, "13800008000").unwrap_or(AlertSubject::WholeScope);
            let alert = fixtures::alert(kind, subject, why);
            for text in [headline(locale, &alert), sentence(locale, &alert)] {
                assert!(!text.is_empty() && !text.contains("13800008000"), "{text}");
            }
            assert!(sentence(locale, &alert).ends_with(['。', '.']), "{kind:?}");
        }
    }
}

#[test]
fn signals_say_what_happened_in_figures() {
    let explained = |signal, subject: &str| {
        let kind = AlertKind::Signal(signal);
        let subject = AlertSubject::parse(kind, subject).expect("a subject of that kind");
        let alert = fixtures::alert(kind, subject, WHOLE);
        (
            headline(Locale::ZhCn, &alert),
            sentence(Locale::En, &alert),
            cells(Locale::ZhCn, &alert).len(),
        )
    };
    let (line, other, figures) = explained(Signal::Arrears, "");
    assert_eq!((line.as_str(), figures), ("集团欠费 1,234,567.89 元", 3));
    assert_eq!(
        other,
        "By 2026-07-14 the bills of 7 accounts are overdue, CNY 1,234,567.89 in all."
    );
    let (line, other, figures) = explained(Signal::RevenueDrop, "");
    assert_eq!((line.as_str(), figures), ("集团业务收入异动 下降 25.0%", 3));
    assert!(
        other.contains("CNY 1,234,567.89") && other.contains("25.0%"),
        "{other}"
    );
    let (line, other, _) = explained(Signal::PortOut, "13800008000");
    assert_eq!(line, "成员携转意向 138****8000（已申请携转授权码）");
    assert!(
        other.ends_with("since 2026-07-14; now: authorised for porting."),
        "{other}"
    );
    let (line, _, figures) = explained(Signal::ComplaintHotspot, "网络质量");
    assert_eq!((line.as_str(), figures), ("投诉集中 网络质量 7 件", 2));
    let (line, _, figures) = explained(Signal::SuspensionBurst, "");
    assert_eq!((line.as_str(), figures), ("成员集中停机 7 户", 4));
}

#[test]
fn what_is_over_is_told_as_past_with_what_came_of_it() {
    for (signal, subject, because) in [
        (Signal::KeyLine, "13800008000", ResolvedBecause::Withdrawn),
        (Signal::PortOut, "13800008000", ResolvedBecause::Withdrawn),
        (Signal::PreCancel, "13800008000", ResolvedBecause::Restored),
        (Signal::MajorComplaint, "C1", ResolvedBecause::Recovered),
        (Signal::ComplaintOpen, "C1", ResolvedBecause::Recovered),
        (Signal::ContactGap, "", ResolvedBecause::Recovered),
    ] {
        let kind = AlertKind::Signal(signal);
        let subject = AlertSubject::parse(kind, subject).expect("a subject of that kind");
        let holding = fixtures::alert(kind, subject, WHOLE);
        let mut over = holding.clone();
        (over.state, over.resolved_because) = (AlertState::Resolved, Some(because));
        let present = [
            (
                Locale::ZhCn,
                ["目前", "最后的挽留机会", "持续督办", "仍未", "还没有"],
            ),
            (
                Locale::En,
                ["now:", "last chance", "is watched", "has been", "is about"],
            ),
        ];
        for (locale, words) in present {
            let says = |alert| {
                words
                    .iter()
                    .any(|word| sentence(locale, alert).contains(word))
            };
            assert!(says(&holding), "{}", sentence(locale, &holding));
            assert!(!says(&over), "{}", sentence(locale, &over));
        }
    }
    let kind = AlertKind::Signal(Signal::KeyLine);
    let subject = AlertSubject::parse(kind, "13800008000").expect("a line");
    let mut over = fixtures::alert(kind, subject, WHOLE);
    (over.state, over.resolved_because) = (AlertState::Resolved, Some(ResolvedBecause::Withdrawn));
    assert_eq!(
        [Locale::ZhCn, Locale::En].map(|locale| sentence(locale, &over)),
        [
            "关键联系人或决策人的号码 138****8000 自 2026-07-14 起异动；结果：已撤回。",
            "The line 138****8000 of a key contact or decision maker was in trouble from \
             2026-07-14 on; outcome: withdrawn."
        ]
    );
}

#[test]
fn money_is_written_for_people() {
    for (fen, zh) in [
        (0, "0.00 元"),
        (5, "0.05 元"),
        (-5, "-0.05 元"),
        (123_456, "1,234.56 元"),
        (-123_456_700, "-1,234,567.00 元"),
    ] {
        assert_eq!(yuan(Locale::ZhCn, fen), zh);
    }
}

#[test]
fn a_value_just_over_its_limit_is_told_from_it_wherever_both_stand() {
    let why = Explanation {
        value: Some(606.0 / 20_199.0),
        k: 606,
        n: 20_199,
        expected: Some(605.97),
        limit: Some(0.03),
        ..Explanation::default()
    };
    let kind = AlertKind::Indicator(Indicator::MemberLossRate);
    let alert = fixtures::alert(kind, AlertSubject::WholeScope, why);
    assert_eq!(
        headline(Locale::ZhCn, &alert),
        "成员流失率 3.0001%（限值 3.0000%）"
    );
    assert!(
        headline(Locale::En, &alert).ends_with(" 3.0001% (limit 3.0000%)"),
        "{}",
        headline(Locale::En, &alert)
    );
    for locale in [Locale::ZhCn, Locale::En] {
        let values: Vec<_> = cells(locale, &alert)
            .into_iter()
            .map(|cell| cell.value)
            .collect();
        assert_eq!(values, ["606", "20,199", "605.97"]);
    }
    let tested = Explanation {
        p: Some(0.004),
        ..why
    };
    let alert = fixtures::alert(kind, AlertSubject::WholeScope, tested);
    for locale in [Locale::ZhCn, Locale::En] {
        let said = sentence(locale, &alert);
        assert!(said.contains("605.97") && !said.contains("606.0"), "{said}");
    }
    let low = Explanation {
        value: Some(59.96),
        limit: Some(60.0),
        ..Explanation::default()
    };
    let kind = AlertKind::Signal(Signal::LowScore);
    let subject = AlertSubject::parse(kind, "V1").expect("a survey");
    let low = fixtures::alert(kind, subject, low);
    assert!(headline(Locale::ZhCn, &low).ends_with("59.96 分"));
    assert!(headline(Locale::En, &low).ends_with("59.96"));
}

#[test]
fn complaints_and_answers_of_one_kind_share_a_line_in_words_of_their_own() {
    let of = |signal, subject: &str, why: Explanation| {
        let kind = AlertKind::Signal(signal);
        let subject = AlertSubject::parse(kind, subject).expect("a subject of that kind");
        fixtures::alert(kind, subject, why)
    };
    let scored = |value| Explanation {
        value: Some(value),
        limit: Some(60.0),
        ..Explanation::default()
    };
    let mut over = of(Signal::MajorComplaint, "C2", Explanation::default());
    over.state = AlertState::Resolved;
    over.resolved_because = Some(ResolvedBecause::Recovered);
    let alerts = [
        of(Signal::MajorComplaint, "C1", Explanation::default()),
        of(Signal::LowScore, "V1", scored(51.0)),
        over,
        of(Signal::LowScore, "V2", scored(43.0)),
    ];
    let kinds = by_kind(&alerts.iter().collect::<Vec<_>>());
    let lines = |locale| {
        let lines = kinds.iter().map(|alerts| headline_of_kind(locale, alerts));
        lines.collect::<Vec<_>>().join("\n")
    };
    let zh = lines(Locale::ZhCn);
    assert!(
        zh.contains("2 件") && zh.contains("1 件未办结、1 件已办结或撤诉"),
        "{zh}"
    );
    assert!(zh.contains("2 份") && zh.contains("2 份待处理"), "{zh}");
    let en = lines(Locale::En);
    assert!(en.contains("1 open, 1 resolved or withdrawn"), "{en}");
    assert!(en.contains("2 not yet answered"), "{en}");
    assert!(subject_state(Locale::ZhCn, &alerts[1]).contains("V1 51 分（待处理）"));
}

#[test]
fn an_alert_that_has_ended_is_told_with_its_figures_as_those_of_before() {
    let kind = AlertKind::Signal(Signal::BatchLeave);
    let mut alert = fixtures::alert(kind, AlertSubject::WholeScope, WHOLE);
    let open = [
        headline(Locale::ZhCn, &alert),
        sentence(Locale::ZhCn, &alert),
    ];
    alert.state = AlertState::Resolved;
    alert.resolved_because = Some(ResolvedBecause::Restored);
    let ended = [
        headline(Locale::ZhCn, &alert),
        sentence(Locale::ZhCn, &alert),
    ];
    assert_eq!(ended[0], format!("{}（已结束）", open[0]));
    assert!(
        ended[1].starts_with("预警已结束：离开集团的户数已减少"),
        "{ended:?}"
    );
    assert!(!ended[1].contains("现为"), "{ended:?}");
    let en = sentence(Locale::En, &alert);
    assert!(en.starts_with("The alert is over: fewer are gone"), "{en}");
}

#[test]
fn what_is_expected_is_said_to_be_at_the_limit_or_with_suspensions_what_is_normal() {
    let why = Explanation {
        p: Some(0.000_2),
        ..WHOLE
    };
    for (kind, zh, en) in [
        (Signal::SuspensionBurst, "同期正常约", "normal"),
        (Signal::BatchLeave, "按限值应有", "at the limit"),
    ] {
        let kind = AlertKind::Signal(kind);
        let alert = fixtures::alert(kind, AlertSubject::WholeScope, why);
        let said = sentence(Locale::ZhCn, &alert);
        assert!(said.contains(&format!("{zh} 1.5，现为 7")), "{said}");
        let said = sentence(Locale::En, &alert).to_ascii_lowercase();
        assert!(said.contains(en), "{said}");
        let cells = cells(Locale::ZhCn, &alert);
        assert!(cells.iter().any(|cell| cell.label == zh), "{cells:?}");
    }
}
