//! Lines of BOSS drops, with mappings in the form of a configuration.

use proptest::prelude::*;

use super::*;
use crate::decode::DropMapping;
use crate::domain::event::{Bill, KeyDay, LunarDay, Status};
use crate::domain::identity::meaning_digest;

const STATUS: &str = r#"
name = "gz_status"
file_pattern = "s_*_21003_*.dat"
encoding = "gb18030"
layout = { separated = { by = "|", columns = 5 } }
event_type = "boss.subscriber.status.v1"
source = "/boss/gz/drop"
id = { digest = [1, 2, 4] }
time = { column = 4, format = "%Y%m%d%H%M%S" }
fields = [{ column = 1, to = "subscriber_id" }, { column = 2, to = "status_code" }, { column = 3, to = "reason" }]
constants = { code_set = "ngboss" }
"#;

const BILL: &str = r#"
name = "gz_bill"
file_pattern = "*.txt"
encoding = "utf8"
layout = { fixed = [[0, 8], [8, 6], [14, 6], [20, 10], [30, 8], [38, 14]] }
event_type = "boss.bill.v1"
source = "/boss/gz/bill"
id = { column = 1 }
time = { column = 6, format = "%Y%m%d%H%M%S" }
fields = [
  { column = 1, to = "bill_id" },
  { column = 2, to = "group_id" },
  { column = 3, to = "period", kind = "month" },
  { column = 4, to = "amount_fen", kind = "yuan" },
  { column = 5, to = "due_on", kind = "date" },
]
"#;

fn mapping(text: &str) -> DropMapping {
    toml::from_str(text).expect("a mapping")
}

fn read_line(mapping_text: &str, line: &[u8]) -> Result<Decoded, Rejection> {
    let mapping = mapping(mapping_text);
    assert_eq!(mapping.faults(), []);
    decode(
        line,
        Form::Mapped(0),
        &DecodeRules {
            mappings: vec![mapping],
            ..DecodeRules::default()
        },
        NOW,
    )
}

fn refused_line(mapping_text: &str, line: &[u8]) -> String {
    let rejection = read_line(mapping_text, line).expect_err("refused");
    format!("{} {}", rejection.class, rejection.reason)
}

#[test]
fn a_line_is_the_event_that_json_would_have_been() {
    let decoded = read_line(STATUS, b"13900000001|A | arrears|20260820100000|\r").expect("good");
    let id = &decoded.event.order.id;
    assert_eq!(
        (id.len(), &*decoded.event.order.source),
        (32, "/boss/gz/drop")
    );
    let json = format!(
        r#"{{"specversion":"1.0","id":"{id}","source":"/boss/gz/drop","type":"boss.subscriber.status.v1","time":"2026-08-20T10:00:00+08:00",
        "data":{{"subscriber_id":"13900000001","status_code":"A","code_set":"ngboss","reason":"arrears"}}}}"#
    );
    let structured = decode_payload(&json).expect("good");
    assert_eq!(
        meaning_digest(&structured.event),
        meaning_digest(&decoded.event)
    );
    assert_eq!(structured, decoded);
}

#[test]
fn the_digest_of_named_columns_is_the_identity() {
    let id = |line: &[u8]| read_line(STATUS, line).expect("good").event.order.id;
    let first = id(b"1|A|arrears|20260820100000|x");
    assert_eq!(id(b"1|A|lost|20260820100000|y"), first);
    assert_ne!(id(b"1|B|arrears|20260820100000|x"), first);
    assert_ne!(id(b"1|A|arrears|20260820100001|x"), first);
}

#[test]
fn fixed_columns_money_months_and_dates_are_read() {
    let line = |yuan: &str| format!("B0000001G00001202608{yuan:>10}2026092820260903020000");
    let bill = |yuan: &str| match read_line(BILL, line(yuan).as_bytes())
        .expect("good")
        .event
        .data
    {
        EventData::Bill(bill) => bill,
        other => panic!("{other:?}"),
    };
    let Bill {
        bill_id,
        group_id,
        period,
        amount_fen,
        due_on,
        ..
    } = bill("261.3");
    let texts = [
        bill_id.to_string(),
        group_id.to_string(),
        period.to_string(),
        due_on.to_string(),
    ];
    assert_eq!(
        (texts.join(" ").as_str(), amount_fen.get()),
        ("B0000001 G00001 2026-08 2026-09-28", 26_130)
    );
    assert_eq!(bill("-0.05").amount_fen.get(), -5);
    for odd in ["0.005", "12,50", "1e99", "1 2"] {
        assert!(
            refused_line(BILL, line(odd).as_bytes()).starts_with("invalid_field data."),
            "{odd}"
        );
    }
    assert!(
        refused_line(BILL, &line("1").as_bytes()[..40])
            .starts_with("invalid_field data.*: expected a line of at least 52 bytes, found 40")
    );
    let li = BILL.replace("\"yuan\"", "\"li\"");
    assert!(
        matches!(read_line(&li, line("0012340").as_bytes()).expect("good").event.data, EventData::Bill(bill) if bill.amount_fen.get() == 1234)
    );
    assert_eq!(
        refused_line(&li, line("12345").as_bytes()),
        "invalid_field data.amount_fen: expected an integer number of fen between -10^13 and 10^13, found a text"
    );
}

#[test]
fn a_bad_line_has_the_class_of_a_bad_event() {
    for (line, reason) in [
        (
            &b"1|A|arrears|20260820100000"[..],
            "invalid_field data.*: expected a line of 5 columns, found 4",
        ),
        (
            b"",
            "invalid_field data.*: expected a line of 5 columns, found 1",
        ),
        (
            b"1|A||20260820|",
            "not_cloudevent time: expected a local time as %Y%m%d%H%M%S",
        ),
        (b"1|A||20260820235960|", "not_cloudevent time: "),
        (b"1|A||19991231235959|", "not_cloudevent time: "),
        (b"1|A||20261001080501|", "too_far_ahead "),
        (
            b"|A||20260820100000|",
            "invalid_field data.subscriber_id: expected a text of 1 to 64 characters without control characters, and without blanks at either end, found nothing",
        ),
        (b"1||||", "not_cloudevent time: "),
        (b"1||x|20260820100000|", "invalid_field data.status_code: "),
        (
            b"1|~||20260820100000|",
            "unknown_code data.status_code: `~` of code set `ngboss`",
        ),
        (
            b"1|A|\xff\xff\xff\xff|20260820100000|",
            "not_json column 3: is not Gb18030 text at its byte 0",
        ),
    ] {
        let found = refused_line(STATUS, line);
        assert!(
            found.starts_with(reason),
            "{}: {found}",
            String::from_utf8_lossy(line)
        );
    }
    let by_column = STATUS.replace("{ digest = [1, 2, 4] }", "{ column = 5 }");
    assert!(
        refused_line(&by_column, b"1|A||20260820100000| ")
            .starts_with("not_cloudevent id: expected a text of 1 to 128 characters without control characters, found a blank column")
    );
    let no_such = decode(b"1", Form::Mapped(7), &DecodeRules::default(), NOW).expect_err("refused");
    assert_eq!(no_such.reason, "line: there is no mapping 7");
}

#[test]
fn half_a_character_is_replaced_and_counted_and_the_event_counts() {
    let group = r#"
        name = "gz_group"
        file_pattern = "*"
        encoding = "gb18030"
        layout = { separated = { by = "|", columns = 3 } }
        event_type = "crm.group.v1"
        source = "/boss/gz/drop"
        id = { column = 1 }
        time = { column = 3, format = "%Y-%m-%d" }
        fields = [{ column = 1, to = "group_id" }, { column = 2, to = "name" }]
        constants = { unit_id = "U", manager_id = "M", tier = "A", closed = false }
    "#;
    let mut line = b"G1|".to_vec();
    line.extend_from_slice(&encoding_rs::GB18030.encode("广州公司").0[..7]);
    line.extend_from_slice(b"|2026-08-20");
    let decoded = read_line(group, &line).expect("good");
    assert_eq!(
        (
            decoded.replaced,
            decoded.event.order.time.to_string().as_str()
        ),
        (1, "2026-08-19T16:00:00Z")
    );
    assert!(
        matches!(decoded.event.data, EventData::Group(group) if &*group.name == "广州公\u{fffd}")
    );
}

#[test]
fn nested_fields_bools_and_numbers_are_read() {
    let key_date = r#"
        name = "k"
        file_pattern = "*"
        encoding = "utf8"
        layout = { separated = { by = ",", columns = 5 } }
        event_type = "crm.key_date.v1"
        source = "/crm/drop"
        id = { column = 1 }
        time = { column = 5, format = "%Y-%m-%d %H:%M:%S %z" }
        fields = [
            { column = 1, to = "key_date_id" }, { column = 2, to = "date.month", kind = "int" },
            { column = 3, to = "date.day", kind = "int" }, { column = 4, to = "date.leap", kind = "bool" },
        ]
        constants = { group_id = "G", kind = "birthday", title = "t", calendar = "lunar", every = "year" }
    "#;
    let decoded = read_line(key_date, b"k1,08,015,N,2026-08-20 10:00:00 +0900").expect("good");
    assert_eq!(decoded.event.order.time.to_string(), "2026-08-20T01:00:00Z");
    assert!(
        matches!(decoded.event.data, EventData::KeyDate(k) if k.day == KeyDay::Lunar(LunarDay { month: 8, day: 15, leap: false }))
    );
    assert!(
        refused_line(key_date, b"k1,8,15,?,2026-08-20 10:00:00 +0900")
            .starts_with("invalid_field data.date.leap: expected true or false, found a text")
    );
    let survey = STATUS
        .replace("boss.subscriber.status.v1", "crm.survey.v1")
        .replace("\"subscriber_id\"", "\"survey_id\"")
        .replace("to = \"status_code\"", "to = \"score\", kind = \"number\"")
        .replace("\"reason\"", "\"group_id\"")
        .replace("code_set = \"ngboss\"", "scale = 10");
    let decoded = read_line(&survey, b"S|08.50|G|20260820100000|").expect("good");
    assert!(
        matches!(decoded.event.data, EventData::Survey(survey) if survey.score_thousandths == 8500)
    );
}

#[test]
fn a_mapping_says_all_that_is_wrong_with_it() {
    let bad = STATUS
        .replace("s_*_21003_*.dat", "")
        .replace("/boss/gz/drop", "boss gz")
        .replace("by = \"|\"", "by = \"7\"")
        .replace("[1, 2, 4]", "[]")
        .replace("column = 4", "column = 6")
        .replace("%S", "%Q")
        .replace("\"reason\"", "\"cause\"")
        .replace("code_set =", "status_code =");
    let faults: Vec<String> = mapping(&bad)
        .faults()
        .iter()
        .map(ToString::to_string)
        .collect();
    let expected = [
        "file_pattern is empty, so that no file is one; hint: * is any text",
        "source is not a URI reference of 1 to 256 characters",
        "the separator '7' cannot separate; hint: use an ASCII sign such as |",
        "there is no column 6; hint: columns are 1 to 5",
        "id.digest names no columns, so that all lines would be one event",
        "`%Y%m%d%H%M%Q` is no time format",
        "boss.subscriber.status.v1 has no field `cause`; hint: it has subscriber_id, status, status_code, code_set, reason",
        "the field `status_code` is given twice",
    ];
    assert_eq!(
        faults,
        expected.map(|what| format!("use mapping `gz_status` of source.files.mappings: {what}"))
    );
    let marked = mapping(&STATUS.replace("\"ngboss\"", "\"ngboss\\ufeff\"")).faults();
    assert!(
        marked[..].iter().any(|fault| fault
            .to_string()
            .contains("the constant of `code_set` begins or ends with white space")),
        "{marked:?}"
    );
    assert!(toml::from_str::<DropMapping>(&format!("{STATUS}\ncolour = 1")).is_err());
    assert!(
        crate::domain::glob::matches(
            &mapping(STATUS).file_pattern,
            "s_13100_201105_21003_00_001.dat"
        ) && !crate::domain::glob::matches(&mapping(STATUS).file_pattern, "a_13100_21003_1.dat")
    );
}

#[test]
fn code_statuses_are_mapped_in_drops_too() {
    for (code, status) in [
        ("0", Status::Active),
        ("5", Status::Suspended),
        ("6", Status::CancelledVoluntary),
        ("F", Status::PreCancelled),
    ] {
        let decoded =
            read_line(STATUS, format!("1|{code}||20260820100000|").as_bytes()).expect("good");
        assert!(
            matches!(decoded.event.data, EventData::SubscriberStatus(s) if s.status == status),
            "{code}"
        );
    }
}

proptest! {
    #[test]
    fn any_line_is_decoded_without_panic(line in prop::collection::vec(any::<u8>(), 0..80), bars in prop::collection::vec(0usize..80, 4), bill: bool) {
        let mut line = line;
        for at in bars {
            if let Some(byte) = line.get_mut(at) {
                *byte = b'|';
            }
        }
        let decoded = read_line(if bill { BILL } else { STATUS }, &line);
        prop_assert!(decoded.is_err());
    }
}
