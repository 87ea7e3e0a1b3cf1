//! What is refused, and what is said of it: file, line and key, and what to do.

use super::*;
use crate::config::*;

/// (what stands in own.toml, the key that is named, its line, part of what is said of it)
const BAD: &[(&str, &str, usize, &str)] = &[
    // unknown keys
    ("colour = 1", "colour", 1, "is no key"),
    (
        "[limits]\nchurn_rat = 0.03",
        "limits.churn_rat",
        2,
        "did you mean `limits.churn_rate`?",
    ),
    (
        "[limts]\nchurn_rate = 0.03",
        "limts",
        1,
        "did you mean `limits`?",
    ),
    (
        "[mail]\ngroup_waits = \"1m\"",
        "mail.group_waits",
        2,
        "did you mean `mail.group_wait`?",
    ),
    (
        "[limits.tier.A]\nchurn = 0.1",
        "limits.tier.A.churn",
        2,
        "is no key",
    ),
    (
        "[feeds.x]\nsources = [\"/a\"]\ntypes = [\"boss.bill.v1\"]\nevery = 1",
        "feeds.x.every",
        4,
        "is no key",
    ),
    ("\"a b[9]\" = 1", "\"a b[9]\"", 1, "is no key"),
    (
        "\"limits.churn_rate\" = 0.1",
        "\"limits.churn_rate\"",
        1,
        "is no key",
    ),
    // wrong types
    ("locale = 2026-01-01", "locale", 1, "is a date"),
    ("[mail]\nops = [2026-01-01]", "mail.ops", 2, "is a date"),
    ("limits = 3", "limits", 1, "invalid type: integer `3`"),
    (
        "[limits]\nchurn_rate = true",
        "limits.churn_rate",
        2,
        "expected a decimal number",
    ),
    (
        "[batch]\nevents_max = \"many\"",
        "batch.events_max",
        2,
        "invalid type: string \"many\"",
    ),
    (
        "[batch]\nevents_max = 1.5",
        "batch.events_max",
        2,
        "invalid type: floating point",
    ),
    (
        "[batch]\nwait = 100",
        "batch.wait",
        2,
        "expected a duration",
    ),
    (
        "[mail]\ninsecure_plaintext = \"yes\"",
        "mail.insecure_plaintext",
        2,
        "expected a boolean",
    ),
    (
        "[feeds]\nrequired = 1",
        "feeds.required",
        2,
        "expected a list of texts",
    ),
    ("[mail]\nops = [1]", "mail.ops[0]", 2, "expected a string"),
    (
        "[signals.batch_leave]\nwindows_days = [1, \"3\"]",
        "signals.batch_leave.windows_days[1]",
        2,
        "invalid type",
    ),
    (
        "[source.files]\nmappings = 1",
        "source.files.mappings",
        2,
        "invalid type",
    ),
    ("[limits.unit]\nU1 = 3", "limits.unit.U1", 2, "invalid type"),
    // no such value
    (
        "locale = \"de\"",
        "locale",
        1,
        "unknown variant `de`, expected `zh-CN` or `en`",
    ),
    (
        "environment = \"staging\"",
        "environment",
        1,
        "unknown variant",
    ),
    (
        "[clock]\nmode = \"sun\"",
        "clock.mode",
        2,
        "expected `wall` or `event`",
    ),
    (
        "[source]\nkind = \"stdin\"",
        "source.kind",
        2,
        "expected `files` or `kafka`",
    ),
    ("[rate]\nbase = \"open\"", "rate.base", 2, "unknown variant"),
    (
        "timezone = \"Asia/Peking\"",
        "timezone",
        1,
        "`Asia/Peking` is no zone",
    ),
    ("timezone = \"+08:00\"", "timezone", 1, "is no zone"),
    // limits
    (
        "[limits]\nchurn_rate = 0",
        "limits.churn_rate",
        2,
        "`0` is not above 0",
    ),
    (
        "[limits]\nchurn_rate = -0.03",
        "limits.churn_rate",
        2,
        "`-0.03` is not above 0",
    ),
    (
        "[limits]\nmember_loss_rate = 0.0300001",
        "limits.member_loss_rate",
        2,
        "more than 6 decimals",
    ),
    (
        "[limits]\nmember_loss_rate = \"3%\"",
        "limits.member_loss_rate",
        2,
        "is no decimal number",
    ),
    (
        "[limits]\nmember_loss_rate = nan",
        "limits.member_loss_rate",
        2,
        "is no decimal number",
    ),
    (
        "[limits]\nchurn_rate = 3",
        "limits.churn_rate",
        2,
        "0.03 is 3 %",
    ),
    (
        "[limits]\nsatisfaction = 101",
        "limits.satisfaction",
        2,
        "is above 100",
    ),
    (
        "[limits.unit.U1]\ncomplaint_rate_10k = -1",
        "limits.unit.U1.complaint_rate_10k",
        2,
        "is not above 0",
    ),
    (
        "[limits.tier.E]\nchurn_rate = 0.1",
        "limits.tier",
        1,
        "`E` is no tier",
    ),
    (
        "[limits.tier.A]\nchurn_rate = 1.5",
        "limits.tier.A.churn_rate",
        2,
        "is above 1",
    ),
    // ranges
    (
        "[batch]\nevents_max = 0",
        "batch.events_max",
        2,
        "`0` is not within 1 to 1000000",
    ),
    (
        "[batch]\nevents_max = -1",
        "batch.events_max",
        2,
        "invalid value: integer `-1`",
    ),
    (
        "[batch]\nbytes_max = 1000",
        "batch.bytes_max",
        2,
        "is not within 262144",
    ),
    (
        "[batch]\nwait = \"0s\"",
        "batch.wait",
        2,
        "is not within 1ms to 60s",
    ),
    (
        "[batch]\nwait = \"fast\"",
        "batch.wait",
        2,
        "`fast` is no duration",
    ),
    (
        "[events]\nahead_max = \"5 m\"",
        "events.ahead_max",
        2,
        "is no duration",
    ),
    (
        "[events]\nbytes_max = 0",
        "events.bytes_max",
        2,
        "is not within",
    ),
    (
        "[significance]\nalpha = 0.0",
        "significance.alpha",
        2,
        "is not above 0",
    ),
    (
        "[significance]\nalpha = 5",
        "significance.alpha",
        2,
        "is not above 0 and below 0.5",
    ),
    (
        "[significance]\nalpha = 0.5",
        "significance.alpha",
        2,
        "is not above 0 and below 0.5",
    ),
    (
        "[significance]\nalpha = nan",
        "significance.alpha",
        2,
        "is not above 0",
    ),
    (
        "[significance]\nmin_answers = 0",
        "significance.min_answers",
        2,
        "is not within",
    ),
    ("[storm]\nshare = 1.5", "storm.share", 2, "at most 1"),
    ("[storm]\nwindow = 0", "storm.window", 2, "is not within"),
    (
        "[signals]\nmax_age = \"3h\"",
        "signals.max_age",
        2,
        "whole days",
    ),
    (
        "[signals]\nmax_age = 0",
        "signals.max_age",
        2,
        "is not within 1 to 366",
    ),
    (
        "[signals.batch_leave]\nwindows_days = [7, 3]",
        "signals.batch_leave.windows_days",
        2,
        "rising",
    ),
    (
        "[signals.batch_leave]\nwindows_days = []",
        "signals.batch_leave.windows_days",
        2,
        "rising",
    ),
    (
        "[signals.suspension_burst]\nwindows_days = []",
        "signals.suspension_burst.windows_days",
        2,
        "rising",
    ),
    (
        "[signals.suspension_burst]\nmonthly_share = 1.1",
        "signals.suspension_burst.monthly_share",
        2,
        "at most 1",
    ),
    (
        "[signals.arrears]\nmembers_share = 0",
        "signals.arrears.members_share",
        2,
        "is not above 0",
    ),
    (
        "[signals.arrears]\nafter_days = 0",
        "signals.arrears.after_days",
        2,
        "is not within",
    ),
    (
        "[signals.revenue_drop]\nshare = 2",
        "signals.revenue_drop.share",
        2,
        "at most 1",
    ),
    (
        "[signals.complaint_open]\nafter = \"30m\"",
        "signals.complaint_open.after",
        2,
        "is not within 1h to 31d",
    ),
    (
        "[signals.complaint_open]\ntier_a_after = \"99d\"",
        "signals.complaint_open.tier_a_after",
        2,
        "is not within 1h to 31d",
    ),
    (
        "[signals.complaint_hotspot]\nfactor = -1",
        "signals.complaint_hotspot.factor",
        2,
        "is not above 0",
    ),
    (
        "[signals.low_score]\nbelow = 101",
        "signals.low_score.below",
        2,
        "is not within",
    ),
    (
        "[signals.contact_gap]\ndays = 93",
        "signals.contact_gap.days",
        2,
        "is not within",
    ),
    (
        "[history]\nopen_months = 0",
        "history.open_months",
        2,
        "is not within 1 to 24",
    ),
    (
        "[tasks]\ndue_critical_hours = 0",
        "tasks.due_critical_hours",
        2,
        "is not within",
    ),
    (
        "[key_dates.lead_days]\nbirthday = [1, 7]",
        "key_dates.lead_days.birthday",
        2,
        "falling",
    ),
    (
        "[key_dates.lead_days]\ncustom = [-1]",
        "key_dates.lead_days.custom",
        2,
        "from 0 to 366",
    ),
    (
        "[retention]\nmail_bodies_days = 0",
        "retention.mail_bodies_days",
        2,
        "is not within",
    ),
    (
        "[rejects]\nraw_retention_days = 30",
        "rejects.raw_retention_days",
        2,
        "retention.reject_bytes_days",
    ),
    (
        "[mail]\nper_person_per_hour_max = 0",
        "mail.per_person_per_hour_max",
        2,
        "is not within",
    ),
    // names, addresses, URLs, paths
    (
        "[company]\nhead_manager_id = \"\"",
        "company.head_manager_id",
        2,
        "is empty",
    ),
    ("[company]\nname = \"a\\nb\"", "company.name", 2, "one line"),
    (
        "[mail]\nfrom = \"sisan\"",
        "mail.from",
        2,
        "is no mail address",
    ),
    (
        "[mail]\nops = [\"a@b\", \"b\\r\\nBcc: c@d\"]",
        "mail.ops",
        2,
        "is no mail address",
    ),
    (
        "[mail]\nlist_id = \"<a>\"",
        "mail.list_id",
        2,
        "is no list identifier",
    ),
    (
        "[mail]\nurl = \"http://relay\"",
        "mail.url",
        2,
        "is no relay",
    ),
    (
        "[store]\nurl = \"postgres://u:p@db/sisan\"",
        "store.url",
        2,
        "store.password_file",
    ),
    (
        "[store]\nurl = \"postgres://u@db/sisan?password=p\"",
        "store.url",
        2,
        "store.password_file",
    ),
    (
        "[store]\nurl = \"sqlite:\"",
        "store.url",
        2,
        "names no store",
    ),
    (
        "[store]\nurl = \"sqlite::memory:\"",
        "store.url",
        2,
        "in memory",
    ),
    (
        "[http]\nlisten = \"0.0.0.0:80\"",
        "http.listen",
        2,
        "open to the network",
    ),
    (
        "[http]\nlisten = \"localhost\"",
        "http.listen",
        2,
        "socket address",
    ),
    ("[jobs]\ndir = \"\"", "jobs.dir", 2, "is empty"),
    // across keys
    (
        "[feeds]\nrequired = [\"boss\"]",
        "feeds.required",
        2,
        "add [feeds.boss]",
    ),
    (
        "[feeds.boss]\ntypes = [\"boss.bill.v2\"]\nsources = [\"/b\"]",
        "feeds.boss.types",
        2,
        "`boss.bill.v2` is no event type",
    ),
    (
        "[feeds.boss]\ntypes = [\"boss.bill.v1\"]",
        "feeds.boss.sources",
        1,
        "is missing",
    ),
    (
        "[feeds.boss]\nsources = [\"\"]\ntypes = [\"boss.bill.v1\"]",
        "feeds.boss.sources",
        2,
        "is empty",
    ),
    (
        "[status_maps.gz]\nX = \"stopped\"",
        "status_maps.gz.X",
        2,
        "is no canonical status",
    ),
    (
        "[source]\nkind = \"kafka\"",
        "source.kafka.brokers",
        2,
        "is missing",
    ),
    (
        "[source]\nkind = \"kafka\"",
        "source.kafka.topics",
        2,
        "is missing",
    ),
    (
        "[source.kafka]\nbrokers = [\"kafka\"]",
        "source.kafka.brokers",
        2,
        "host:port",
    ),
    (
        "[source.kafka]\nuser = \"u\"",
        "source.kafka.password",
        2,
        "is missing",
    ),
    (
        "[source.kafka.settings]\ngroup.id = \"x\"",
        "source.kafka.settings.group.id",
        2,
        "must decide this itself",
    ),
    (
        "[source.kafka.settings]\n\"sasl.password\" = \"x\"",
        "source.kafka.settings.\"sasl.password\"",
        2,
        "source.kafka.password_file",
    ),
    ("[mail]\nkind = \"smtp\"", "mail.url", 2, "is missing"),
    ("[mail]\nkind = \"smtp\"", "fallback.id", 2, "is missing"),
    (
        "[mail]\nkind = \"smtp\"",
        "fallback.address",
        2,
        "is missing",
    ),
    (
        "[mail]\nkind = \"smtp\"\nurl = \"smtp://relay\"",
        "mail.url",
        3,
        "goes without TLS",
    ),
    (
        "[mail]\nuser = \"u\"\nkind = \"smtp\"",
        "mail.password",
        2,
        "is missing",
    ),
    (
        "[mail]\npassword = \"p\"\npassword_file = \"/p\"",
        "mail.password_file",
        3,
        "is given beside mail.password",
    ),
    ("[mail]\npassword = \"\"", "mail.password", 2, "is empty"),
    (
        "[mail]\npassword_file = \"/nowhere/p\"",
        "mail.password_file",
        2,
        "cannot be read",
    ),
    (
        "[mail]\nca_file = \"/nowhere/ca\"",
        "mail.ca_file",
        2,
        "cannot be read",
    ),
    (
        "environment = \"production\"",
        "mail.kind",
        0,
        "folder_in_production",
    ),
    // no TOML
    ("[limits", "", 1, "is no TOML"),
    (
        "[limits]\nchurn_rate = 0.1\nchurn_rate = 0.2",
        "",
        3,
        "is no TOML: duplicate key",
    ),
    ("a = 99999999999999999999", "", 1, "is no TOML"),
];

#[test]
fn every_bad_configuration_is_refused_by_file_line_and_key() {
    for (text, key, line, said) in BAD {
        let error = load_text(text, &[]).expect_err(text);
        let problem = error
            .problems
            .iter()
            .find(|problem| problem.key == *key)
            .unwrap_or_else(|| panic!("{text}\nsays nothing of {key}: {error}"));
        match &problem.origin {
            Origin::File { path, line: at } => assert!(
                path.ends_with("own.toml") && at == line,
                "{text}\n{problem}"
            ),
            Origin::Default { .. } => assert_eq!(*line, 0, "{text}\n{problem}"),
            _ => panic!("{text}\n{problem}"),
        }
        let shown = problem.to_string();
        assert!(
            shown.contains(said) && shown.contains(key),
            "{text}\n{shown}\nlacks\n{said}"
        );
    }
}

#[test]
fn one_fault_is_told_once() {
    for (text, key, ..) in BAD {
        let error = load_text(text, &[]).expect_err(text);
        assert_eq!(
            error
                .problems
                .iter()
                .filter(|problem| problem.key == *key)
                .count(),
            1,
            "{text}\n{error}"
        );
        let more = error
            .problems
            .iter()
            .filter(|problem| problem.key != *key)
            .count();
        assert!(more <= 3, "{text}\n{error}");
        if !text.contains("smtp") && !text.contains("kafka\"") {
            assert_eq!(more, 0, "{text}\n{error}");
        }
    }
}

#[test]
fn all_faults_of_all_layers_are_told_in_one_run() {
    let files = Folder::new();
    let first = files.put(
        "first.toml",
        "[limits]\nchurn_rate = 0\nsatisfaction = 101\n[batch]\nwait = \"x\"\nevents_max = \"y\"\n",
    );
    let second = files.put("second.toml", "[broken\n");
    let third = files.put(
        "third.toml",
        "timezone = \"Mars\"\n[mail]\nops = [\"a\"]\nkind = \"smtp\"\ncolour = 1\n",
    );
    let env = variables(&[
        ("SISAN__HISTORY__OPEN_MONTHS", "never"),
        ("SISAN__COLOUR", "1"),
        ("SISAN__LIMITS____X", "1"),
    ]);
    let error = load(
        &[first, second, third, "/nowhere/fourth.toml".into()],
        env.into_iter(),
    )
    .expect_err("faults");
    let mut keys: Vec<&str> = error
        .problems
        .iter()
        .map(|problem| problem.key.as_str())
        .collect();
    keys.retain(|key| !key.is_empty());
    assert_eq!(
        keys,
        [
            "batch.events_max",
            "batch.wait",
            "colour",
            "fallback.address",
            "fallback.id",
            "history.open_months",
            "limits.churn_rate",
            "limits.satisfaction",
            "mail.colour",
            "mail.ops",
            "mail.url",
            "timezone"
        ]
    );
    let said = error.to_string();
    assert!(
        said.starts_with("read the configuration: 15 problems found\n  "),
        "{said}"
    );
    for part in [
        "second.toml:1: is no TOML",
        "/nowhere/fourth.toml: cannot be read",
        "SISAN__LIMITS____X: names no key",
        "SISAN__HISTORY__OPEN_MONTHS: history.open_months",
    ] {
        assert!(said.contains(part), "{part}\nnot in\n{said}");
    }
    assert!(said.contains("\n    hint: "), "{said}");
}

#[test]
fn a_variable_is_refused_by_its_name() {
    let bad = [
        (
            "SISAN__LIMITS__CHURN_RATE",
            "0",
            "limits.churn_rate: `0` is not above 0",
        ),
        ("SISAN__LIMITS__CHURN", "0.1", "limits.churn: is no key"),
        ("SISAN__LIMITS", "0.1", "limits: invalid type"),
        ("SISAN__LOCALE__X", "en", "locale: "),
        (
            "SISAN__BATCH__EVENTS_MAX",
            "5\nx = 1",
            "batch.events_max: invalid type",
        ),
        ("SISAN__", "x", "names no key"),
        ("SISAN__MAIL____FROM", "x", "names no key"),
    ];
    for (name, text, said) in bad {
        let error = load(&[], variables(&[(name, text)]).into_iter())
            .expect_err(name)
            .to_string();
        assert!(
            error.contains(&format!("{name}: ")) && error.contains(said),
            "{name}\n{error}\nlacks\n{said}"
        );
    }
}

#[test]
fn a_key_in_two_variables_is_refused() {
    for pair in [
        ["SISAN__LIMITS__CHURN_RATE", "SISAN__limits__churn_rate"],
        ["SISAN__FEEDS__REQUIRED", "SISAN__FEEDS__REQUIRED__X"],
    ] {
        let said = load(
            &[],
            variables(&[(pair[0], "0.1"), (pair[1], "0.2")]).into_iter(),
        )
        .expect_err("twice")
        .to_string();
        assert!(said.contains("is set twice"), "{said}");
    }
}

#[test]
fn production_writes_to_a_folder_only_when_told() {
    let told = "environment = \"production\"\n[mail]\nfolder_in_production = true\n";
    assert_eq!(
        load_text(told, &[]).map(|config| config.mail.kind),
        Ok(MailTo::Folder)
    );
}

#[test]
fn there_are_at_least_forty_bad_configurations() {
    assert!(BAD.len() >= 40, "{}", BAD.len());
}
