//! Which layer wins, and the reported origin of a value.

use super::*;
use crate::config::*;
use crate::domain::clock_mode::ClockMode;
use crate::domain::limit_micro::LimitMicro;
use crate::domain::locale::Locale;

fn line_of(text: &str, what: &str) -> usize {
    text.lines()
        .position(|line| line.starts_with(what))
        .expect("the line")
        + 1
}

#[test]
fn a_variable_goes_over_the_last_file_and_that_over_the_first_and_that_over_the_default() {
    let files = Folder::new();
    let first = files.write_file(
        "first.toml",
        "[limits]\nchurn_rate = 0.01\nmember_loss_rate = 0.011\ncomplaint_rate_10k = 11\n",
    );
    let last = files.write_file(
        "last.toml",
        "# own\n[limits]\nmember_loss_rate = 0.02\ncomplaint_rate_10k = 22\n",
    );
    let env = variables(&[("SISAN__LIMITS__COMPLAINT_RATE_10K", "33.5")]);
    let config = load(&[first.clone(), last.clone()], env.into_iter()).expect("good");
    let limits = &config.limits;
    let micros = [
        limits.satisfaction,
        limits.churn_rate,
        limits.member_loss_rate,
        limits.complaint_rate_10k,
    ]
    .map(LimitMicro::micros);
    assert_eq!(micros, [80_000_000, 10_000, 20_000, 33_500_000]);
    assert_eq!(
        config.origin("limits.satisfaction"),
        ValueOrigin::Default {
            line: line_of(DEFAULT_TOML, "satisfaction =")
        }
    );
    assert_eq!(
        config.origin("limits.churn_rate"),
        ValueOrigin::File {
            path: first,
            line: 2
        }
    );
    assert_eq!(
        config.origin("limits.member_loss_rate"),
        ValueOrigin::File {
            path: last,
            line: 3
        }
    );
    assert_eq!(
        config.origin("limits.complaint_rate_10k"),
        ValueOrigin::Variable("SISAN__LIMITS__COMPLAINT_RATE_10K".into())
    );
    assert_eq!(config.origin("nowhere"), ValueOrigin::Unset);
}

#[test]
fn with_origins_every_value_says_where_it_came_from() {
    let files = Folder::new();
    let own = files.write_file(
        "own.toml",
        "timezone = \"UTC\"\n[feeds.x]\ntypes = [\"boss.bill.v1\"]\nsources = [\"/b\"]\n[source.kafka.settings]\n\"a.b\" = 1\n",
    );
    let config = load(
        std::slice::from_ref(&own),
        variables(&[("SISAN__HISTORY__OPEN_MONTHS", "6")]).into_iter(),
    )
    .expect("good");
    let printed = config.effective_with_origin();
    for line in [
        format!("timezone = \"UTC\"  # {}:1", own.display()),
        format!("types = [\"boss.bill.v1\"]  # {}:3", own.display()),
        format!("\"a.b\" = 1  # {}:6", own.display()),
        "open_months = 6  # SISAN__HISTORY__OPEN_MONTHS".to_owned(),
        format!(
            "locale = \"zh-CN\"  # default.toml:{}",
            line_of(DEFAULT_TOML, "locale =")
        ),
    ] {
        assert!(
            printed.lines().any(|printed| printed == line),
            "{line}\nnot in\n{printed}"
        );
    }
    let keys = printed.lines().filter(|line| line.contains(" = ")).count();
    assert_eq!(
        keys,
        printed.lines().filter(|line| line.contains("  # ")).count()
    );
}

#[test]
fn the_effective_configuration_loads_as_itself() {
    let own = "locale = \"en\"\n[limits.tier.A]\nchurn_rate = 0.025\n[limits.unit.\"U 1\"]\nsatisfaction = \"81.5\"\n[status_maps.gz]\n\"0\" = \"active\"\n\
               [[source.files.mappings]]\nname = \"x\"\nlayout = { separated = { by = \"|\", columns = 2 } }\n";
    let config = load_text(own, &[]).expect("good");
    let again = load_text(&config.effective(), &[]).expect("good again");
    assert_eq!(config.effective(), again.effective());
    assert_eq!(again.limits.tier, config.limits.tier);
    assert_eq!(again.source.files.mappings, config.source.files.mappings);
    assert_eq!(again.status_maps["gz"]["0"], "active");
}

/// Variables of every kind of value.
const VARIABLES: [(&str, &str); 19] = [
    ("SISAN__CLOCK__MODE", "event"),
    ("SISAN__SOURCE__KAFKA__BROKERS", "a:1, b:2"),
    ("SISAN__SOURCE__KAFKA__TOPICS", "[\"boss\", \"crm\"]"),
    ("SISAN__SIGNALS__BATCH_LEAVE__WINDOWS_DAYS", "1,2"),
    ("SISAN__SIGNALS__MAX_AGE", "5"),
    ("SISAN__FEEDS__REQUIRED", "Boss_1"),
    ("SISAN__FEEDS__GRACE", "1h"),
    ("SISAN__FEEDS__Boss_1__TYPES", "boss.bill.v1"),
    ("SISAN__FEEDS__Boss_1__SOURCES", "/b"),
    ("SISAN__LIMITS__UNIT__U01__CHURN_RATE", "0.5"),
    ("SISAN__LIMITS__TIER__B__SATISFACTION", "70"),
    ("SISAN__STATUS_MAPS__userstatus__7", "active"),
    ("SISAN__MAIL__INSECURE_PLAINTEXT", "true"),
    ("SISAN__MAIL__OPS", ""),
    ("SISAN__COMPANY__NAME", "42"),
    ("SISAN__SOURCE__KAFKA__SETTINGS__debug", "true"),
    ("SISAN__JOBS__DIR", "/etc/sisan/jobs"),
    ("SISAN_OTHER", "is not ours"),
    ("PATH", "/bin"),
];

#[test]
fn a_variable_becomes_what_the_default_has_there() {
    let config = load(&[], variables(&VARIABLES).into_iter()).expect("good");
    assert_eq!(config.clock.mode, ClockMode::Event);
    assert_eq!(
        (config.source.kafka.brokers, config.source.kafka.topics),
        (
            vec!["a:1".to_owned(), "b:2".into()],
            vec!["boss".to_owned(), "crm".into()]
        )
    );
    assert_eq!(
        (
            config.signals.batch_leave.windows_days,
            config.signals.max_age
        ),
        (vec![1, 2], 5)
    );
    assert_eq!(config.feeds.required, ["Boss_1"]);
    assert_eq!(
        config.feeds.feeds["Boss_1"],
        Feed {
            sources: vec!["/b".into()],
            types: vec!["boss.bill.v1".into()]
        }
    );
    let unit = crate::domain::ids::UnitId::parse("U01").expect("an id");
    assert_eq!(
        config.limits.unit[&unit].churn_rate.map(LimitMicro::micros),
        Some(500_000)
    );
    assert_eq!(
        config.limits.tier[&crate::domain::event::Tier::B]
            .satisfaction
            .map(LimitMicro::micros),
        Some(70_000_000)
    );
    assert_eq!(config.status_maps["userstatus"]["7"], "active");
    assert!(config.mail.insecure_plaintext && config.mail.ops.is_empty());
    assert_eq!(
        (
            config.company.name.as_str(),
            config.source.kafka.settings["debug"].as_str()
        ),
        ("42", "true")
    );
    assert_eq!(config.jobs.dir, Some("/etc/sisan/jobs".into()));
}

#[test]
fn a_list_is_replaced_as_a_whole_and_a_table_key_by_key() {
    let files = Folder::new();
    let first = files.write_file(
        "first.toml",
        "[mail]\nops = [\"a@x\", \"b@x\"]\n[status_maps.gz]\n0 = \"active\"\n1 = \"suspended\"\n",
    );
    let last = files.write_file(
        "last.toml",
        "[mail]\nops = [\"c@x\"]\n[status_maps.gz]\n1 = \"reserved\"\n",
    );
    let config = load(&[first, last.clone()], std::iter::empty()).expect("good");
    assert_eq!(config.mail.ops, ["c@x"]);
    assert_eq!(
        config.origin("mail.ops[1]"),
        ValueOrigin::File {
            path: last,
            line: 2
        }
    );
    let map: Vec<(&str, &str)> = config.status_maps["gz"]
        .iter()
        .map(|(code, status)| (code.as_str(), status.as_str()))
        .collect();
    assert_eq!(map, [("0", "active"), ("1", "reserved")]);
}

#[test]
fn settings_of_librdkafka_are_spelled_with_or_without_quotes() {
    let config =
        load_text("[source.kafka.settings]\nsecurity.protocol = \"ssl\"\n\"fetch.queue.backoff.ms\" = 10\nssl.endpoint.x = false\n", &[])
            .expect("good");
    let settings: Vec<(&str, &str)> = config
        .source
        .kafka
        .settings
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    assert_eq!(
        settings,
        [
            ("fetch.queue.backoff.ms", "10"),
            ("security.protocol", "ssl"),
            ("ssl.endpoint.x", "false")
        ]
    );
}

#[test]
fn a_file_may_begin_with_a_byte_order_mark_and_have_windows_line_ends() {
    let config = load_text(
        "\u{feff}locale = \"en\"\r\n[history]\r\nopen_months = 2\r\n",
        &[],
    )
    .expect("good");
    assert_eq!((config.locale, config.history.open_months), (Locale::En, 2));
}

#[test]
fn mappings_are_read_as_whoever_decodes_them_spells_them() {
    #[derive(Debug, serde::Deserialize)]
    struct Mapping {
        name: String,
        columns: usize,
    }
    let good =
        load_text("[[source.files.mappings]]\nname = \"a\"\ncolumns = 2\n[[source.files.mappings]]\nname = \"b\"\ncolumns = 3\n", &[])
            .expect("good");
    let read = good.mappings::<Mapping>().expect("mappings");
    assert_eq!(
        read.iter()
            .map(|m| (m.name.as_str(), m.columns))
            .collect::<Vec<_>>(),
        [("a", 2), ("b", 3)]
    );
    let bad = load_text(
        "[[source.files.mappings]]\nname = \"a\"\ncolumns = \"two\"\n[[source.files.mappings]]\nname = \"b\"\ncolumns = 3\nother = 1\n",
        &[],
    );
    let message = bad
        .expect("readable")
        .mappings::<Mapping>()
        .expect_err("faults")
        .to_string();
    assert!(
        message.contains("own.toml:3: source.files.mappings[0].columns: invalid type"),
        "{message}"
    );
    assert!(
        message.contains("own.toml:7: source.files.mappings[1].other: is no key"),
        "{message}"
    );
}
