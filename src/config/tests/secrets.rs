//! Secrets appear in no output.

use super::*;
use crate::config::*;
use crate::domain::secret::Secret;

const SECRET: &str = "hunter2,\"#x";

#[test]
fn a_secret_is_given_in_the_environment_and_shown_nowhere() {
    let env = [
        ("SISAN__MAIL__PASSWORD", SECRET),
        ("SISAN__SOURCE__KAFKA__PASSWORD", "123456"),
    ];
    let config = load(&[], variables(&env).into_iter()).expect("good");
    assert_eq!(
        config.mail.password.as_ref().map(Secret::expose),
        Some(SECRET)
    );
    assert_eq!(
        config.source.kafka.password.as_ref().map(Secret::expose),
        Some("123456")
    );
    let shown = [
        config.effective(),
        config.effective_with_origin(),
        format!("{config:?}"),
        format!("{config:#?}"),
    ]
    .concat();
    assert!(
        !shown.contains("hunter2") && !shown.contains("123456"),
        "{shown}"
    );
    assert!(
        config
            .effective_with_origin()
            .contains("password = \"<secret>\"  # SISAN__MAIL__PASSWORD")
    );
}

#[test]
fn a_secret_is_the_text_of_its_file_without_a_byte_order_mark_and_line_ends() {
    let files = Folder::new();
    for (text, secret) in [
        ("s3cret\n", "s3cret"),
        ("s3cret\r\n", "s3cret"),
        ("\u{feff}s3cret\r\n\r\n", "s3cret"),
        (" s3 cret ", " s3 cret "),
        ("密码", "密码"),
    ] {
        let path = files.write_file("secret", text);
        let env = [("SISAN__MAIL__PASSWORD_FILE", path.to_str().expect("a path"))];
        let config = load(&[], variables(&env).into_iter()).expect("good");
        assert_eq!(
            config.mail.password.as_ref().map(Secret::expose),
            Some(secret)
        );
        let shown = format!("{}{config:?}", config.effective());
        assert!(!shown.contains("s3") && !shown.contains("密码"), "{shown}");
        assert!(shown.contains("password_file"));
    }
}

#[test]
fn no_fault_repeats_a_secret() {
    let files = Folder::new();
    let many = files.write_file("many", "hunter2\nhunter2\n");
    let password_file = format!(
        "[mail]\npassword_file = {:?}\n",
        many.to_str().expect("a path")
    );
    let bad = [
        "[mail]\npassword = \"hunter2\n",
        "[mail]\npassword = hunter2\n",
        "[mail]\npassword = \"hunter2\" \"x\"\n",
        "[mail]\npassword = [\"hunter2\"]\n",
        "[mail]\npassword = { a = \"hunter2\" }\n",
        "[mail]\npassword = 1979-05-27 # hunter2\n",
        "[source.kafka]\npasword = \"hunter2\"\n",
        "[source.kafka.settings]\n\"sasl.password\" = \"hunter2\"\n",
        "[source.kafka.settings]\nssl.key.pem = \"hunter2\"\n",
        "[source.kafka.settings]\n\"sasl.password\" = [\"hunter2\"]\n",
        "[store]\nurl = \"postgres://sisan:hunter2@db/sisan\"\n",
        "[mail]\nurl = \"smtps://sisan:hunter2@relay\"\n",
        &password_file,
    ];
    for text in bad {
        let message = load_text(text, &[]).expect_err("a fault");
        assert!(
            !format!("{message}{message:?}").contains("hunter2"),
            "{message}"
        );
        assert!(message.to_string().contains("own.toml"), "{message}");
    }
    for (text, shown) in [
        ("[mail]\npassword = 4711\n", "4711"),
        ("[mail]\npassword = 47.11\n", "47.11"),
    ] {
        let message = load_text(text, &[]).expect_err("a fault").to_string();
        assert!(
            !message.contains(shown) && message.contains("mail.password: a secret must be a text"),
            "{message}"
        );
    }
}

#[test]
fn only_a_check_lets_an_unreadable_secret_pass() {
    let env = || {
        variables(&[
            ("SISAN__MAIL__PASSWORD_FILE", "/nowhere/secret"),
            ("SISAN__MAIL__CA_FILE", "/nowhere/ca"),
        ])
        .into_iter()
    };
    let message = load(&[], env()).expect_err("unreadable").to_string();
    assert!(
        message.contains(
            "SISAN__MAIL__PASSWORD_FILE: mail.password_file: /nowhere/secret cannot be read"
        ),
        "{message}"
    );
    let (config, unreadable) = load_for_check(&[], env()).expect("a check");
    assert_eq!(
        unreadable
            .iter()
            .map(|problem| problem.key.as_str())
            .collect::<Vec<_>>(),
        ["mail.ca_file", "mail.password_file"]
    );
    assert_eq!(config.mail.password, None);
    let wrong = env().chain(variables(&[("SISAN__LOCALE", "de")]));
    assert_eq!(
        load_for_check(&[], wrong)
            .expect_err("wrong too")
            .problems
            .len(),
        3
    );
}
