//! The calendar part of every reminder mail, read by a parser that has nothing in common with the
//! writer.

use calcard::common::IanaString;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarValue,
};
use calcard::{Entry, Parser};

use crate::domain::event::KeyDateKind;
use crate::domain::festival::Festival;
use crate::domain::reminder::{Occasion, Reminder};
use crate::notify::compose::{PendingNotice, compose};
use crate::notify::fixtures::{self, SampleCity};

/// An entry as the parser reads it.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    uid: String,
    stamp: String,
    /// First day, and the first day that is no longer of it.
    days: (String, String),
    summary: String,
    description: Option<String>,
    tentative: bool,
}

/// The calendar part of the one mail about `pending`.
fn part(pending: &[PendingNotice]) -> String {
    let composition = compose(pending, &SampleCity::new().ctx()).expect("rendered");
    assert_eq!(
        (composition.mails.len(), composition.dropped.len()),
        (1, 0),
        "one mail a manager and morning"
    );
    composition.mails[0]
        .mail
        .calendar
        .clone()
        .expect("a calendar part")
}

/// The entries of a part, with nothing before, after or between that is no property.
fn parse_part(part: &str) -> Vec<Read> {
    assert!(part.ends_with("END:VCALENDAR\r\n"), "{part}");
    for line in part.split_terminator("\r\n") {
        assert!(
            line.len() <= 75 && !line.is_empty() && !line.contains(['\r', '\n']),
            "{line:?}"
        );
    }
    let mut parser = Parser::new(part);
    let Entry::ICalendar(calendar) = parser.entry() else {
        panic!("no calendar: {part}")
    };
    assert!(matches!(parser.entry(), Entry::Eof), "and nothing else");
    let head = &calendar.components[0];
    assert_eq!(head.component_type, ICalendarComponentType::VCalendar);
    assert_eq!(
        value(head, &ICalendarProperty::Version),
        Some("2.0".to_owned())
    );
    assert!(value(head, &ICalendarProperty::Prodid).is_some());
    assert_eq!(
        head.component_ids.len(),
        calendar.components.len() - 1,
        "each entry stands in the calendar itself"
    );
    // The parser skips what it does not understand: so each unfolded line must be one that it did.
    let understood: usize = calendar
        .components
        .iter()
        .map(|one| one.entries.len() + 2)
        .sum();
    assert_eq!(
        part.replace("\r\n ", "").split_terminator("\r\n").count(),
        understood,
        "{part}"
    );
    calendar.components[1..].iter().map(read_entry).collect()
}

fn read_entry(entry: &ICalendarComponent) -> Read {
    assert_eq!(entry.component_type, ICalendarComponentType::VEvent);
    let must = |property: ICalendarProperty| {
        value(entry, &property).unwrap_or_else(|| panic!("no {property:?} in {entry:?}"))
    };
    Read {
        uid: must(ICalendarProperty::Uid),
        stamp: must(ICalendarProperty::Dtstamp),
        days: (
            must(ICalendarProperty::Dtstart),
            must(ICalendarProperty::Dtend),
        ),
        summary: must(ICalendarProperty::Summary),
        description: value(entry, &ICalendarProperty::Description),
        tentative: value(entry, &ICalendarProperty::Status)
            .is_some_and(|status| status == "TENTATIVE"),
    }
}

/// The one value of a property as text; a date has no time.
fn value(entry: &ICalendarComponent, property: &ICalendarProperty) -> Option<String> {
    let mut found = entry.entries.iter().filter(|one| one.name == *property);
    let one = found.next()?;
    assert!(
        found.next().is_none() && one.values.len() == 1,
        "one {property:?} with one value"
    );
    Some(match &one.values[0] {
        ICalendarValue::Text(text) => text.clone(),
        ICalendarValue::Status(status) => status.as_str().to_owned(),
        ICalendarValue::PartialDateTime(at) if at.has_time() => {
            at.to_rfc3339().expect("an instant")
        }
        ICalendarValue::PartialDateTime(at) => {
            format!(
                "{:04}-{:02}-{:02}",
                at.year.expect("a year"),
                at.month.expect("a month"),
                at.day.expect("a day")
            )
        }
        other => panic!("{property:?} is {other:?}"),
    })
}

fn of_days(read: &[Read]) -> Vec<(&str, &str)> {
    read.iter()
        .map(|one| (one.days.0.as_str(), one.days.1.as_str()))
        .collect()
}

#[test]
fn every_reminder_mail_has_an_icalendar_entry_of_whole_days_for_every_date_in_it() {
    let pending = fixtures::three_reminders("M001");
    let read = parse_part(&part(&pending));
    assert_eq!(
        of_days(&read),
        [
            ("2026-07-16", "2026-07-17"),
            ("2026-07-22", "2026-07-23"),
            ("2026-10-13", "2026-10-14")
        ]
    );
    let birthday = fixtures::reminder("K1", KeyDateKind::Birthday, "刘总生日", "2026-07-16", 1);
    let expected = Read {
        uid: format!("{}@gz.example.cn", birthday.date_id()),
        stamp: "2026-07-15T01:05:00Z".into(),
        days: ("2026-07-16".into(), "2026-07-17".into()),
        summary: "生日：刘总生日（贵阳星辰精密机械有限公司）".into(),
        description: Some("刘总".into()),
        tentative: false,
    };
    assert_eq!(read[0], expected);
    let mut uids: Vec<&str> = read.iter().map(|one| one.uid.as_str()).collect();
    uids.dedup();
    assert_eq!(uids.len(), 3);
    let text = part(&pending);
    assert_eq!(text.matches("DTSTART;VALUE=DATE:").count(), 3);
    assert_eq!(text.matches("DTEND;VALUE=DATE:").count(), 3);
}

#[test]
fn a_lunar_date_says_so_and_a_festival_is_as_long_as_its_days_off() {
    let read = parse_part(&part(&fixtures::holiday_reminders("M001")));
    let days = [
        ("2026-07-20", "2026-07-21"),
        ("2026-10-01", "2026-10-08"),
        ("2027-01-01", "2027-01-02"),
        ("2027-04-05", "2027-04-06"),
    ];
    assert_eq!(of_days(&read), days);
    assert_eq!(
        read[0].description.as_deref(),
        Some("刘总；农历闰六月初七（今年按六月初七）")
    );
    assert_eq!(read[1].summary, "重点节日：国庆节");
    let expected = "放假：10 月 1 日（星期四）至 10 月 7 日（星期三），共 7 天；调休上班：9 月 20 日（星期日）、10 月 10 日（星期六）";
    assert_eq!(read[1].description.as_deref(), Some(expected));
    assert_eq!(
        read.iter().map(|one| one.tentative).collect::<Vec<_>>(),
        [false, false, true, false],
        "only what is provisional"
    );
}

#[test]
fn titles_from_outside_are_escaped() {
    for title in [
        "贺;典,第\\n十:届\"x\"",
        "a\r\nATTACH:https://evil.example\r\nEND:VEVENT",
        "BEGIN:VALARM",
        "{\\,;}",
    ] {
        let mut birthday = fixtures::key_date("K1", KeyDateKind::Birthday, title);
        birthday.contact = Some(title.to_owned());
        let reminder = fixtures::reminder_of(Occasion::KeyDate(birthday), "2026-07-16", 1);
        let read = parse_part(&part(&[fixtures::about_reminder(reminder, "M001")]));
        let shown = title.replace("\r\n", " ");
        assert_eq!(read.len(), 1, "{title:?}");
        assert_eq!(
            read[0].summary,
            format!("生日：{shown}（贵阳星辰精密机械有限公司）")
        );
        assert_eq!(read[0].description.as_deref(), Some(shown.as_str()));
    }
    let long = fixtures::reminder(
        "K1",
        KeyDateKind::Custom,
        &"星辰\u{1f96e}x".repeat(80),
        "2026-07-16",
        1,
    );
    let read = parse_part(&part(&[fixtures::about_reminder(long, "M001")]));
    assert!(
        read[0].summary.contains(&"星辰\u{1f96e}x".repeat(20)),
        "a folded line is whole again: {}",
        read[0].summary
    );
}

#[test]
fn one_date_is_one_entry_whatever_the_leads_and_whether_its_days_off_were_known() {
    let birthday =
        |lead| fixtures::reminder("K1", KeyDateKind::Birthday, "刘总生日", "2026-07-20", lead);
    let festival =
        |known| fixtures::festival_reminder(Festival::NewYear, "2027-01-01", known, false);
    let known = crate::domain::reminder::DaysOff {
        first: fixtures::date("2027-01-01"),
        last: fixtures::date("2027-01-03"),
        make_up: Vec::new(),
    };
    let all = [
        birthday(3),
        birthday(2),
        festival(None),
        festival(Some(known)),
    ];
    let ids: std::collections::BTreeSet<_> = all.iter().map(Reminder::reminder_id).collect();
    assert_eq!(ids.len(), 4, "four reminders");
    let pending: Vec<_> = all
        .into_iter()
        .map(|one| fixtures::about_reminder(one, "M001"))
        .collect();
    assert_eq!(
        of_days(&parse_part(&part(&pending))),
        [("2026-07-20", "2026-07-21"), ("2027-01-01", "2027-01-04")]
    );
    let composition = compose(&pending, &SampleCity::new().ctx()).expect("rendered");
    let mail = &composition.mails[0];
    assert_eq!(
        (mail.covered_ids.len(), mail.notice_ids.len()),
        (4, 4),
        "all four are in it"
    );
    assert_eq!(mail.mail.text.matches("刘总生日").count(), 1);
    assert!(!mail.mail.text.contains("暂定"), "{}", mail.mail.text);
}

#[test]
fn the_parser_does_find_what_is_wrong() {
    let good = part(&fixtures::three_reminders("M001"));
    let broken = good.replacen("END:VEVENT\r\n", "", 1);
    assert!(
        !matches!(ICalendar::parse(&broken), Ok(calendar) if calendar.components[0].component_ids.len() == 3)
    );
}
