//! All that is wrong is said in one go, and nothing that `run` refuses passes.

use super::*;

/// Checks a configuration of variables, as `SISAN__…` without their beginning.
fn check(variables: &[(&str, &str)]) -> Result<String, String> {
    let env = variables.iter().map(|(name, text)| (format!("SISAN__{name}"), (*text).to_owned()));
    let mut out = Vec::new();
    let done = check_config(&[], env, CheckArgs { origin: false, connect: false }, &mut out);
    done.map(|_| String::from_utf8(out).expect("text")).map_err(|error| {
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
    put("playbooks.toml", "no playbook");
    put("calendars/2026.json", "{");
    let at = |name: &str| dir.path().join(name).display().to_string();
    let said = check(&[
        ("SIGNIFICANCE__ALPHA", "0.5"),
        ("RATE__BASE", "half"),
        ("JOBS__DIR", &at("jobs")),
        ("PLAYBOOKS__FILE", &at("playbooks.toml")),
        ("CALENDAR__DIR", &at("calendars")),
    ])
    .expect_err("five things are wrong");
    for part in ["significance.alpha", "rate.base", "odd.toml", "playbooks.toml", "2026.json"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn what_has_no_end_is_refused_at_once_whatever_names_it() {
    let said = check(&[("PLAYBOOKS__FILE", "/dev/zero")]).expect_err("a device");
    assert!(said.contains("/dev/zero") && said.contains("no regular file"), "{said}");
    let dir = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink("/dev/zero", dir.path().join("a.toml")).expect("a link");
    let said = check(&[("JOBS__DIR", &dir.path().display().to_string())]).expect_err("a device");
    assert!(said.contains("a.toml") && said.contains("no regular file"), "{said}");
}

#[test]
#[cfg(not(feature = "kafka-tls"))]
fn a_build_without_kafka_tls_says_so_before_it_runs() {
    let kafka = [("SOURCE__KIND", "kafka"), ("SOURCE__KAFKA__BROKERS", "b:9092"), ("SOURCE__KAFKA__TOPICS", "boss")];
    check(&kafka).expect("it would run");
    let said = check(&[&kafka[..], &[("SOURCE__KAFKA__SETTINGS__security.protocol", "ssl")]].concat()).expect_err("no TLS is built in");
    assert!(said.contains("source.kafka") && said.contains("E_KAFKA_CONFIG"), "{said}");
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
    let said = check(&[&relay[..], &[("MAIL__CA_FILE", &ca.display().to_string())]].concat()).expect_err("no certificate");
    assert!(said.contains("mail"), "{said}");
    let far = [("MAIL__URL", "smtp://relay.example.com"), ("MAIL__INSECURE_PLAINTEXT", "true")];
    let said = check(&[&relay[..1], &far[..], &relay[2..]].concat()).expect_err("in the clear over the network");
    assert!(said.contains("mail"), "{said}");
}

#[test]
fn significance_must_be_below_a_toss_of_a_coin() {
    for alpha in ["0.5", "0.9", "0", "-1", "nan"] {
        let said = check(&[("SIGNIFICANCE__ALPHA", alpha)]).expect_err(alpha);
        assert!(said.contains("significance.alpha"), "{alpha}: {said}");
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
        ("SOURCE__KAFKA__SETTINGS__security.protocol", "sasl_plaintext"),
        ("SOURCE__KAFKA__SETTINGS__sasl.mechanism", "PLAIN"),
    ];
    check(&kafka).expect("only its password is not here");
    let said = check(&[&kafka[..], &[("SOURCE__KAFKA__SETTINGS__foo.bar", "x")]].concat()).expect_err("no such setting");
    assert!(said.contains("source.kafka") && said.contains("foo.bar"), "{said}");
    let relay = [
        ("MAIL__KIND", "smtp"),
        ("MAIL__USER", "u"),
        ("MAIL__PASSWORD_FILE", "/nowhere"),
        ("FALLBACK__ID", "M1"),
        ("FALLBACK__ADDRESS", "ops@example.com"),
    ];
    check(&[&relay[..], &[("MAIL__URL", "smtps://relay.example.com")]].concat()).expect("only its password is not here");
    let said = check(&[&relay[..], &[("MAIL__URL", "smtps://用户.cn")]].concat()).expect_err("a name that TLS does not take");
    assert!(said.contains("mail"), "{said}");
}

#[test]
fn a_secret_of_blanks_or_without_an_end_is_wrong_and_not_only_unread() {
    let dir = tempfile::tempdir().expect("a folder");
    let secret = dir.path().join("secret");
    for blank in ["", " \n", "\u{feff}", "\u{200b}\n"] {
        std::fs::write(&secret, blank).expect("a file");
        let said = check(&[("MAIL__PASSWORD_FILE", &secret.display().to_string())]).expect_err("nothing is in it");
        assert!(said.contains("mail.password_file") && said.contains("hint"), "{blank:?}: {said}");
    }
    let said = check(&[("MAIL__PASSWORD_FILE", "/dev/zero")]).expect_err("a device");
    assert!(said.contains("mail.password_file") && said.contains("no regular file"), "{said}");
}

#[test]
fn a_url_of_a_server_that_its_client_does_not_understand_is_refused() {
    for url in ["postgres://u@h/d?sslmode=foo", "postgres://u@h:99999/d", "postgres://u@h/d?x=1", "postgres://", "postgres://u@/d"] {
        let said = check(&[("STORE__URL", url)]).expect_err(url);
        assert!(said.contains("store.url") && said.contains("hint"), "{url}: {said}");
    }
    for url in ["postgres://u@h/d", "postgresql://u@h:5433/d?sslmode=require", "postgres://u@%2Frun%2Fpostgresql/d"] {
        check(&[("STORE__URL", url)]).expect(url);
    }
}
