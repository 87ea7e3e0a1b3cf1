//! All faults are reported in one go, and nothing that `run` refuses passes.

use super::*;

/// Checks a configuration given as variables, named without the prefix `SISAN__`.
fn check(variables: &[(&str, &str)]) -> Result<String, String> {
    let env = variables
        .iter()
        .map(|(name, text)| (format!("SISAN__{name}"), (*text).to_owned()));
    let mut out = Vec::new();
    let done = check_config(
        &[],
        env,
        CheckArgs {
            origin: false,
            connect: false,
        },
        &mut out,
    );
    done.map(|_| String::from_utf8(out).expect("text"))
        .map_err(|error| {
            assert_eq!(error.exit, Exit::Usage);
            format!("{:#}", error.error)
        })
}

#[test]
fn jobs_playbooks_and_calendars_are_looked_at_even_when_something_else_is_wrong() {
    let dir = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, text).expect("a file");
    };
    put(
        "jobs/odd.toml",
        "# Why.\nname = \"odd\"\nevery = \"1h\"\naction = \"daily_report\"\ncalendar = \"never\"\non_missed = \"skip\"\ntimeout = \"1m\"\n",
    );
    put(
        "jobs/report.toml",
        "# Why.\nname = \"report\"\nevery = \"1d\"\naction = \"daily_report\"\ncalendar = \"any\"\non_missed = \"skip\"\ntimeout = \"1m\"\n[parameters]\nwait = \"1h\"\n",
    );
    put("playbooks.toml", "no playbook");
    put("calendars/2026.json", "{");
    let at = |name: &str| dir.path().join(name).display().to_string();
    let message = check(&[
        ("SIGNIFICANCE__ALPHA", "0.5"),
        ("RATE__BASE", "half"),
        ("JOBS__DIR", &at("jobs")),
        ("PLAYBOOKS__FILE", &at("playbooks.toml")),
        ("CALENDAR__DIR", &at("calendars")),
    ])
    .expect_err("six things are wrong");
    for part in [
        "significance.alpha",
        "rate.base",
        "odd.toml",
        "report.toml: parameters: unknown field `wait`, expected `wait_max`",
        "playbooks.toml",
        "2026.json",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
}

#[test]
fn what_has_no_end_is_refused_at_once_whatever_names_it() {
    let message = check(&[("PLAYBOOKS__FILE", "/dev/zero")]).expect_err("a device");
    assert!(
        message.contains("/dev/zero") && message.contains("no regular file"),
        "{message}"
    );
    let dir = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink("/dev/zero", dir.path().join("a.toml")).expect("a link");
    let message = check(&[("JOBS__DIR", &dir.path().display().to_string())]).expect_err("a device");
    assert!(
        message.contains("a.toml") && message.contains("no regular file"),
        "{message}"
    );
}

#[test]
#[cfg(not(feature = "kafka-tls"))]
fn a_build_without_kafka_tls_says_so_before_it_runs() {
    let kafka = [
        ("SOURCE__KIND", "kafka"),
        ("SOURCE__KAFKA__BROKERS", "b:9092"),
        ("SOURCE__KAFKA__TOPICS", "boss"),
    ];
    check(&kafka).expect("it would run");
    let message = check(
        &[
            &kafka[..],
            &[("SOURCE__KAFKA__SETTINGS__security.protocol", "ssl")],
        ]
        .concat(),
    )
    .expect_err("no TLS is built in");
    assert!(
        message.contains("source.kafka") && message.contains("E_KAFKA_CONFIG"),
        "{message}"
    );
}

#[test]
fn a_relay_that_run_refuses_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let ca = dir.path().join("ca.pem");
    std::fs::write(&ca, "no certificate").expect("a file");
    let relay = [
        ("MAIL__KIND", "smtp"),
        ("MAIL__URL", "smtps://relay.example.com"),
        ("FALLBACK__ID", "M1"),
        ("FALLBACK__ADDRESS", "ops@example.com"),
    ];
    let message = check(&[&relay[..], &[("MAIL__CA_FILE", &ca.display().to_string())]].concat())
        .expect_err("no certificate");
    assert!(message.contains("mail"), "{message}");
    let far = [
        ("MAIL__URL", "smtp://relay.example.com"),
        ("MAIL__INSECURE_PLAINTEXT", "true"),
    ];
    let message = check(&[&relay[..1], &far[..], &relay[2..]].concat())
        .expect_err("in the clear over the network");
    assert!(message.contains("mail"), "{message}");
}

#[test]
fn significance_must_be_below_a_toss_of_a_coin() {
    for alpha in ["0.5", "0.9", "0", "-1", "nan"] {
        let message = check(&[("SIGNIFICANCE__ALPHA", alpha)]).expect_err(alpha);
        assert!(message.contains("significance.alpha"), "{alpha}: {message}");
    }
    check(&[("SIGNIFICANCE__ALPHA", "0.49")]).expect("below");
}

#[test]
fn what_run_refuses_is_refused_also_where_the_password_cannot_be_read() {
    let kafka = [
        ("SOURCE__KIND", "kafka"),
        ("SOURCE__KAFKA__BROKERS", "b:9092"),
        ("SOURCE__KAFKA__TOPICS", "boss"),
        ("SOURCE__KAFKA__USER", "u"),
        ("SOURCE__KAFKA__PASSWORD_FILE", "/nowhere"),
        (
            "SOURCE__KAFKA__SETTINGS__security.protocol",
            "sasl_plaintext",
        ),
        ("SOURCE__KAFKA__SETTINGS__sasl.mechanism", "PLAIN"),
    ];
    check(&kafka).expect("only its password is not here");
    let message = check(&[&kafka[..], &[("SOURCE__KAFKA__SETTINGS__foo.bar", "x")]].concat())
        .expect_err("no such setting");
    assert!(
        message.contains("source.kafka") && message.contains("foo.bar"),
        "{message}"
    );
    let relay = [
        ("MAIL__KIND", "smtp"),
        ("MAIL__USER", "u"),
        ("MAIL__PASSWORD_FILE", "/nowhere"),
        ("FALLBACK__ID", "M1"),
        ("FALLBACK__ADDRESS", "ops@example.com"),
    ];
    check(&[&relay[..], &[("MAIL__URL", "smtps://relay.example.com")]].concat())
        .expect("only its password is not here");
    let message = check(&[&relay[..], &[("MAIL__URL", "smtps://用户.cn")]].concat())
        .expect_err("a name that TLS does not take");
    assert!(message.contains("mail"), "{message}");
}

#[test]
fn a_secret_of_blanks_or_without_an_end_is_wrong_and_not_only_unread() {
    let dir = tempfile::tempdir().expect("a folder");
    let secret = dir.path().join("secret");
    for blank in ["", " \n", "\u{feff}", "\u{200b}\n"] {
        std::fs::write(&secret, blank).expect("a file");
        let message = check(&[("MAIL__PASSWORD_FILE", &secret.display().to_string())])
            .expect_err("nothing is in it");
        assert!(
            message.contains("mail.password_file") && message.contains("hint"),
            "{blank:?}: {message}"
        );
    }
    let message = check(&[("MAIL__PASSWORD_FILE", "/dev/zero")]).expect_err("a device");
    assert!(
        message.contains("mail.password_file") && message.contains("no regular file"),
        "{message}"
    );
}

#[test]
fn a_url_of_a_server_that_its_client_does_not_understand_is_refused() {
    for url in [
        "postgres://u@h/d?sslmode=foo",
        "postgres://u@h:99999/d",
        "postgres://u@h/d?x=1",
        "postgres://",
        "postgres://u@/d",
    ] {
        let message = check(&[("STORE__URL", url)]).expect_err(url);
        assert!(
            message.contains("store.url") && message.contains("hint"),
            "{url}: {message}"
        );
    }
    for url in [
        "postgres://u@h/d",
        "postgresql://u@h:5433/d?sslmode=require",
        "postgres://u@%2Frun%2Fpostgresql/d",
    ] {
        check(&[("STORE__URL", url)]).expect(url);
    }
}

#[test]
fn sixteen_thousand_units_with_limits_of_their_own_are_read_in_a_moment() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("sisan.toml");
    let units: String = (0..16_000)
        .map(|n| format!("[limits.unit.U{n:05}]\nchurn_rate = 0.02\n"))
        .collect();
    std::fs::write(&file, units).expect("a file");
    let begun = std::time::Instant::now();
    let mut out = Vec::new();
    check_config(
        &[file],
        std::iter::empty(),
        CheckArgs {
            origin: false,
            connect: false,
        },
        &mut out,
    )
    .expect("it is right");
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}

#[test]
fn what_is_no_secret_and_cannot_be_read_is_wrong() {
    for file in ["/dev/zero", "/nowhere"] {
        let message = check(&[("MAIL__CA_FILE", file)]).expect_err(file);
        assert!(message.contains("mail.ca_file"), "{file}: {message}");
    }
}

#[test]
fn two_listeners_at_one_address_are_refused() {
    for (listen, other) in [
        ("127.0.0.1:18999", "127.0.0.1:18999"),
        ("127.0.0.1:18999", "0.0.0.0:18999"),
    ] {
        let message = check(&[
            ("HTTP__LISTEN", listen),
            ("HTTP__METRICS_LISTEN", other),
            ("HTTP__BEHIND_PROXY", "true"),
        ])
        .expect_err(other);
        assert!(message.contains("http.metrics_listen"), "{message}");
    }
    check(&[
        ("HTTP__LISTEN", "127.0.0.1:18999"),
        ("HTTP__METRICS_LISTEN", "127.0.0.1:18998"),
    ])
    .expect("another port");
    check(&[
        ("HTTP__LISTEN", "127.0.0.1:0"),
        ("HTTP__METRICS_LISTEN", "127.0.0.1:0"),
    ])
    .expect("any free ones");
}

#[test]
fn a_filter_that_says_nothing_is_refused() {
    for filter in ["foo=bar=baz", "sisan=9", "info,,x=y="] {
        let message = check(&[("LOG__FILTER", filter)]).expect_err(filter);
        assert!(message.contains("log.filter"), "{message}");
    }
    check(&[("LOG__FILTER", "warn,sisan::consume=debug")]).expect("it says what is wanted");
}

#[test]
fn names_with_white_space_or_invisible_characters_around_them_are_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("sisan.toml");
    for (text, key) in [
        ("[observe]\nunits = [\"U01 \"]", "observe.units"),
        ("[observe]\nunits = [\"\\ufeffU01\"]", "observe.units"),
        ("[observe]\nunits = [\"\"]", "observe.units"),
        (
            "[feeds.\"bss \"]\nsources = [\"/bss\"]\ntypes = [\"boss.bill.v1\"]",
            "feeds.",
        ),
        (
            "[feeds.bss]\nsources = [\"/bss\\u200b\"]\ntypes = [\"boss.bill.v1\"]",
            "feeds.bss",
        ),
        (
            "[status_maps.ours]\n\"A \" = \"active\"",
            "status_maps.ours",
        ),
    ] {
        std::fs::write(&file, text).expect("a file");
        let mut out = Vec::new();
        let args = CheckArgs {
            origin: false,
            connect: false,
        };
        let refused = check_config(
            std::slice::from_ref(&file),
            std::iter::empty(),
            args,
            &mut out,
        )
        .expect_err(text);
        assert!(
            format!("{:#}", refused.error).contains(key),
            "{text}: {:#}",
            refused.error
        );
    }
}
